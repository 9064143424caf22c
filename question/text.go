package question

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// maxRunes bounds what is read: a longer text is no question, and its end is
// not looked at.
const maxRunes = 600

// text is a sentence in the form in which it is read: compatibility forms
// resolved, lower case, simplified characters, no accents and no apostrophes,
// one space for several. Every rune knows where it stood.
type text struct {
	raw   string // after lexicon.Width
	runes []rune
	from  []int // byte offsets in raw
	to    []int
	s     string // the runes
	at    []int  // byte offset in s of every rune, and its length at the end
}

// fold brings a sentence into the form in which it is read.
func fold(said string) *text {
	t := &text{raw: lexicon.Width(said)}
	for i, r := range t.raw {
		if len(t.runes) >= maxRunes {
			break
		}
		t.add(i, r)
	}
	t.possessives()
	t.hyphens()
	t.markup()
	var b strings.Builder
	for _, r := range t.runes {
		t.at = append(t.at, b.Len())
		b.WriteRune(r)
	}
	t.s, t.at = b.String(), append(t.at, b.Len())
	return t
}

// add appends what one rune of the raw text is read as.
func (t *text) add(i int, r rune) {
	end := i + len(string(r))
	if r == unicode.ReplacementChar {
		end = i + 1 // a byte that is no character
	}
	put := func(r rune) { t.runes, t.from, t.to = append(t.runes, r), append(t.from, i), append(t.to, end) }
	switch {
	case strings.ContainsRune("'’`´", r):
		return
	case r <= ' ' || unicode.IsSpace(r):
		if n := len(t.runes); n > 0 && t.runes[n-1] != ' ' {
			put(' ')
		}
	case r < unicode.MaxASCII:
		put(unicode.ToLower(r))
	default:
		for _, c := range norm.NFKD.String(string(r)) {
			c = unicode.ToLower(c)
			if to, ok := lexicon.Simplified(c); ok {
				c = to
			}
			if !unicode.Is(unicode.Mn, c) && !unicode.IsControl(c) {
				put(c)
			}
		}
	}
}

// possessives drops the s of jingyue's, of which the apostrophe is gone.
func (t *text) possessives() {
	keep := 0
	for i, r := range t.runes {
		from := t.from[i]
		if r == 's' && i > 0 && from > t.to[i-1] && (i+1 == len(t.runes) || !latin(t.runes[i+1])) && latin(t.runes[i-1]) {
			continue
		}
		t.runes[keep], t.from[keep], t.to[keep] = r, from, t.to[i]
		keep++
	}
	t.runes, t.from, t.to = t.runes[:keep], t.from[:keep], t.to[:keep]
}

// hyphens reads year-end as two words.
func (t *text) hyphens() {
	for i := 1; i+1 < len(t.runes); i++ {
		if t.runes[i] == '-' && latin(t.runes[i-1]) && latin(t.runes[i+1]) {
			t.runes[i] = ' '
		}
	}
}

// markup drops the signs that make text bold, slanted or struck out, which stand
// within a word: 净*月*. Between letters or digits they are a space.
func (t *text) markup() {
	sign := func(i int) bool { return strings.ContainsRune("*_~`\\", t.runes[i]) }
	keep := 0
	for i, r := range t.runes {
		if sign(i) {
			next := i + 1
			for next < len(t.runes) && sign(next) {
				next++
			}
			before, after := keep > 0 && ascii(t.runes[keep-1]), next < len(t.runes) && ascii(t.runes[next])
			switch {
			case r == '~' && keep > 0 && strings.ContainsRune("0123456789亿万月日号", t.runes[keep-1]):
			case before && after:
				r = ' '
			default:
				continue
			}
		}
		t.runes[keep], t.from[keep], t.to[keep] = r, t.from[i], t.to[i]
		keep++
	}
	t.runes, t.from, t.to = t.runes[:keep], t.from[:keep], t.to[:keep]
}

func ascii(r rune) bool { return latin(r) || digit(r) }

// part returns the runes from i to j as they are read.
func (t *text) part(i, j int) string { return t.s[t.at[i]:t.at[j]] }

// said returns the runes from i to j as they were typed.
func (t *text) said(i, j int) string {
	if i >= j {
		return ""
	}
	return t.raw[t.from[i]:t.to[j-1]]
}

// rune returns the number of the rune at a byte offset of s.
func (t *text) rune(offset int) int {
	lo, hi := 0, len(t.at)-1
	for lo < hi {
		if mid := (lo + hi) / 2; t.at[mid] < offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// edge reports whether a word in letters or digits may end before rune i: it is
// not in the middle of letters, nor in the middle of digits.
func (t *text) edge(i int) bool {
	if i <= 0 || i >= len(t.runes) {
		return true
	}
	a, b := t.runes[i-1], t.runes[i]
	return !(latin(a) || digit(a)) || !(latin(b) || digit(b))
}

func latin(r rune) bool { return r >= 'a' && r <= 'z' }
func digit(r rune) bool { return r >= '0' && r <= '9' }
func han(r rune) bool   { return unicode.Is(unicode.Han, r) }

// bothScripts are traditional forms that are good simplified characters too.
const bothScripts = "著乾藉瞭徵覆夥剋鍾"

// language returns the language of a sentence, and whether it says so by
// itself: letters without a Chinese character are English, unless they are
// nothing but the initials or the pinyin of bodies; a character that only the
// traditional script has is traditional. Other Chinese is in the script of who
// asks.
func (s *sentence) language() (l reporting.Locale, said bool) {
	chinese, plain := false, false
	english := s.english()
	for _, r := range s.raw {
		if !han(r) || english && strings.ContainsRune("亿億万萬元", r) {
			continue
		}
		chinese = true
		to, other := lexicon.Simplified(r)
		if other && to != r && !strings.ContainsRune(bothScripts, r) {
			return reporting.ZhTW, true
		}
		plain = plain || simple(r)
	}
	switch {
	case chinese && !plain && (s.Locale == reporting.ZhTW || s.Before != nil && s.Before.Locale == reporting.ZhTW):
		return reporting.ZhTW, false
	case chinese:
		return reporting.ZhCN, false
	case s.english():
		return reporting.En, true
	case s.Before != nil && s.Before.Locale != "":
		return s.Before.Locale, false
	}
	return s.Locale, false
}

// english reports whether letters are more than the short names of bodies and
// numbers.
func (s *sentence) english() bool {
	covered := make([]bool, len(s.runes))
	for _, x := range s.spans {
		name := x.has(meansBody, "") || x.has(meansEither, "")
		if (name && !strings.Contains(s.part(x.from, x.to), " ")) || x.name && strings.ContainsAny(s.part(x.from, x.to), "0123456789") {
			for i := x.from; i < x.to; i++ {
				covered[i] = true
			}
		}
	}
	for i, r := range s.runes {
		if !covered[i] && unicode.IsLetter(r) {
			return true
		}
	}
	return false
}

// onlySimple are frequent characters that the traditional script does not have.
const onlySimple = "么个们这区县还没达时进开发报单项务业产厂号后园绿净双农树汽车经济长东话说请谁让动态处关门问间对应该总资亿数据过来书记录审备导传给组织统计规划"

// simple reports whether only the simplified script has r.
func simple(r rune) bool {
	to, other := lexicon.Simplified(r)
	return (!other || to == r) && strings.ContainsRune(onlySimple, r)
}
