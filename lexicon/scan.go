package lexicon

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mouhua/mouhua/reporting"
)

// Simplified returns the simplified character of a traditional or variant one;
// ok is false for a character that has no other.
func Simplified(r rune) (to rune, ok bool) {
	to, ok = simplified[r]
	return to, ok
}

// Called returns the bodies with exactly this folded name: its id, a name in
// any script, an alias, its pinyin, agreed initials; or a stem that several
// bear (高新). They are in table order. It allocates nothing for what is no
// name, so that every part of a sentence may be asked about.
func (x *Index) Called(folded string) []reporting.Body {
	if i, ok := x.ids[folded]; ok {
		return x.bodies[i : i+1]
	}
	found := x.sure[folded]
	if len(found) == 0 {
		found = x.stems[folded]
	}
	if len(found) == 0 {
		return nil
	}
	out := make([]reporting.Body, len(found))
	for i, n := range found {
		out[i] = x.bodies[n]
	}
	return out
}

// Longest returns how many bytes the longest folded name has.
func (x *Index) Longest() int { return x.longest }

// commonStems are stems that are words of the language and no names.
var commonStems = []string{"经济", "汽车"}

// stemsOf returns the stems that several territories bear, as 高新 is said of
// 高新区 and of 净月高新区: a name without its 区, 县 or 市 that is not a name.
func (x *Index) stemsOf() map[string][]int {
	out := map[string][]int{}
	for _, b := range x.bodies {
		if !b.Territorial() {
			continue
		}
		for _, s := range slices.Concat([]string{b.Short.ZhCN}, b.Aliases) {
			stem := stemOf(Fold(s))
			if utf8.RuneCountInString(stem) < 2 || !han(stem) || len(x.sure[stem]) > 0 || slices.Contains(commonStems, stem) {
				continue
			}
			var bear []int
			for i, n := range x.names {
				if slices.ContainsFunc(n.text, func(name string) bool { return strings.Contains(name, stem) }) {
					bear = append(bear, i)
				}
			}
			if len(bear) > 1 {
				out[stem] = bear
			}
		}
	}
	return out
}

func stemOf(name string) string {
	last, n := utf8.DecodeLastRuneInString(name)
	if strings.ContainsRune("区县市", last) {
		return name[:len(name)-n]
	}
	return ""
}

// OwnZone reports whether a name by which b is called is that of a zone of its
// own inside b, as 北湖 is of 长春新区: it has a character that b's official
// name has not, in their order, and does not begin with a part of that name.
func OwnZone(name string, b reporting.Body) bool {
	name = Fold(name)
	if !han(name) || !b.Territorial() {
		return false
	}
	if stem := stemOf(name); stem != "" {
		name = stem
	}
	official := []rune(Fold(b.Name.ZhCN))
	if first := []rune(name); len(first) > 2 && strings.Contains(string(official), string(first[:2])) {
		return false // 汽车城 begins as the official name does
	}
	for _, r := range name {
		i := slices.Index(official, r)
		if i < 0 {
			return true
		}
		official = official[i+1:]
	}
	return false
}

// spelling is a name in characters, for slips of the finger.
type spelling struct {
	runes []rune
	body  int
}

// kinds end the names of territories and departments.
const kinds = "区县市局委办"

// slipsOf returns the names of three characters and more by their last one when
// that says the kind and so must be right, by their first one otherwise.
func (x *Index) slipsOf() (tails, heads map[rune][]spelling) {
	tails, heads = map[rune][]spelling{}, map[rune][]spelling{}
	for i, n := range x.names {
		for _, name := range n.text {
			r := []rune(name)
			switch last := r[len(r)-1]; {
			case len(r) < 3 || !han(name):
			case strings.ContainsRune(kinds, last):
				tails[last] = append(tails[last], spelling{r, i})
			default:
				heads[r[0]] = append(heads[r[0]], spelling{r, i})
			}
		}
	}
	return tails, heads
}

// Slipped returns the bodies with a name in characters of which the folded
// typed is one slip of the finger, in table order.
func (x *Index) Slipped(typed []rune) []reporting.Body {
	if len(typed) < 3 {
		return nil
	}
	var found []int
	for _, list := range [][]spelling{x.tails[typed[len(typed)-1]], x.heads[typed[0]]} {
		for _, t := range list {
			if d := len(t.runes) - len(typed); d >= -1 && d <= 1 && !slices.Contains(found, t.body) && oneSlip(typed, t.runes) {
				found = append(found, t.body)
			}
		}
	}
	slices.Sort(found)
	var out []reporting.Body
	for _, i := range found {
		out = append(out, x.bodies[i])
	}
	return out
}
