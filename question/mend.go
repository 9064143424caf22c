package question

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// mend reads what was not read as a name or a word with a slip of the finger,
// and as the name of a place that is none of ours.
func (s *sentence) mend() {
	s.districtOffices()
	for _, x := range s.unread() {
		if slices.ContainsFunc(s.spans, func(y span) bool { return y.from < x.to && x.from < y.to }) {
			continue // read with the word before
		}
		switch class(s.runes[x.from]) {
		case 1, 4:
			s.mendLatin(x)
		case 3:
			s.mendChinese(x)
		}
	}
}

// districtOffices reads 南关区商务局 as the office of a district, which is no body
// of ours; 市商务局 would be one.
func (s *sentence) districtOffices() {
	for i := 1; i < len(s.spans); i++ {
		x, y := s.spans[i-1], s.spans[i]
		a, ok := s.bodyNamed(x.value(meansBody))
		b, ok2 := s.bodyNamed(y.value(meansBody))
		if !ok || !ok2 || x.to != y.from || !a.Territorial() || b.Kind != reporting.Department || s.runes[y.from] == '市' {
			continue
		}
		s.spans[i-1] = span{from: x.from, to: y.to, name: true, means: []meaning{{meansPlace, s.said(x.from, y.to)}, {string(Parent), a.ID}}}
		s.spans = slices.Delete(s.spans, i, i+1)
	}
}

// mendLatin reads a word in letters.
func (s *sentence) mendLatin(x span) {
	word := s.part(x.from, x.to)
	if s.Bodies != nil && len(word) >= 2 {
		if m := s.Bodies.Find(word); len(m) > 0 && m[0].How != lexicon.Part {
			s.putBody(x, m)
			return
		}
		for _, longer := range s.phrases(x) {
			if m := s.Bodies.Find(s.part(longer.from, longer.to)); len(m) == 1 && m[0].How == lexicon.Part {
				longer.typo = slipped(word, m[0].Body)
				s.replace(longer, bodyMeans([]reporting.Body{m[0].Body}))
				return
			}
		}
	}
	if len(word) >= minSlip-1 {
		for n := len(word) - 1; n <= len(word)+1; n++ {
			for _, form := range words().english[n] {
				if lexicon.OneSlip(word, form) {
					means := words().means(form)
					s.put(span{from: x.from, to: x.to, means: means, typo: !inflected(word, form) && (len(means) > 1 || means[0].name != "filler")})
					return
				}
			}
		}
	}
	if s.Bodies != nil && len(word) >= 4 {
		if m := s.Bodies.Find(word); len(m) > 0 && len(m) <= 2 {
			s.putBody(x, m)
			return
		}
	}
	s.foreign(x)
}

// inflected reports whether two words are forms of one: file and filed.
func inflected(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return b == a+"d" || b == a+"s" && !strings.HasSuffix(b, "ss")
}

// slipped reports whether a word is a short name of a body but for a letter.
func slipped(word string, b reporting.Body) bool {
	return slices.ContainsFunc(append([]string{b.ID}, b.Aliases...), func(name string) bool {
		name = strings.ToLower(name)
		return len(word) >= minSlip && oneWord(name) && lexicon.OneSlip(word, name)
	})
}

// phrases returns the runs of up to four words that begin with x or with the word
// before, the longest first.
func (s *sentence) phrases(x span) []span {
	var out []span
	if i := x.from - 1; i > 0 && s.runes[i] == ' ' && latin(s.runes[i-1]) {
		for i > 0 && latin(s.runes[i-1]) || i == x.from-1 {
			i--
		}
		out = append(out, span{from: i, to: x.to})
	}
	for j, n := x.to, 1; n <= 4; n++ {
		out = append(out, span{from: x.from, to: j})
		for j < len(s.runes) && strings.ContainsRune(" &,", s.runes[j]) {
			j++
		}
		if j >= len(s.runes) || !latin(s.runes[j]) {
			break
		}
		for j < len(s.runes) && latin(s.runes[j]) {
			j++
		}
	}
	slices.SortStableFunc(out, func(a, b span) int { return (b.to - b.from) - (a.to - a.from) })
	return slices.DeleteFunc(out, func(y span) bool { return y.to-y.from < 5 })
}

// foreign reads Foobar District as a place.
func (s *sentence) foreign(x span) {
	if first := []rune(s.said(x.from, x.to))[0]; !unicode.IsUpper(first) {
		return
	}
	for i, y := range s.spans {
		if y.from == x.to+1 && y.has(string(BodyKind), "") && !y.has("who", "") && latin(s.runes[y.from]) {
			s.spans = slices.Delete(s.spans, i, i+1)
			s.put(span{from: x.from, to: y.to, means: []meaning{{meansPlace, s.said(x.from, y.to)}}})
			return
		}
	}
}

// replace puts a span in the place of what it covers.
func (s *sentence) replace(x span, means []meaning) {
	s.spans = slices.DeleteFunc(s.spans, func(y span) bool { return y.from < x.to && x.from < y.to })
	x.means = means
	s.put(x)
}

// bareKinds are the kinds of bodies in one character, which is one only after
// the best or the worst or who is behind: 最慢的三个区.
var bareKinds = map[string]string{"区": "district", "县": "county", "局": "department"}

// mendChinese reads characters that sound like a name or look like one.
func (s *sentence) mendChinese(x span) {
	n := x.to - x.from
	if kind, ok := bareKinds[s.part(x.from, x.to)]; ok {
		if slices.ContainsFunc(s.spans, func(y span) bool {
			return y.to == x.from && (y.has(string(Order), "") || y.has("best", "") || y.has("worst", "") || y.has(string(Count), "") || y.has("filler", "") || y.has("lag", "") || y.has("behind", "") || y.has("who", ""))
		}) && (s.has(string(Order)) || s.has("best") || s.has("worst") || s.has("lag") || s.has("behind") || s.has("rank")) {
			s.put(span{from: x.from, to: x.to, means: []meaning{{string(BodyKind), kind}}})
		}
		return
	}
	if n < 2 || n > 8 {
		return
	}
	word := s.part(x.from, x.to)
	if s.Bodies != nil && !s.has(meansBody) && !s.has(meansEither) {
		m := s.Bodies.Find(word)
		if len(m) == 1 && m[0].How == lexicon.Part && strings.HasPrefix(lexicon.Fold(m[0].Body.Short.ZhCN), word) {
			m[0].How = lexicon.Exact // how a name begins is what people shorten it to
		}
		if len(m) > 0 && m[0].How != lexicon.Part && m[0].How != lexicon.Initials {
			s.putBody(x, m)
			return
		}
	}
	if n >= 3 && strings.ContainsRune("区县市局委", s.runes[x.to-1]) {
		s.put(span{from: x.from, to: x.to, means: []meaning{{meansPlace, s.said(x.from, x.to)}}})
	}
}

func (s *sentence) putBody(x span, found []lexicon.Match) {
	bodies := make([]reporting.Body, len(found))
	for i, m := range found {
		bodies[i] = m.Body
	}
	x.means, x.typo = bodyMeans(bodies), found[0].How == lexicon.Slip || found[0].How == lexicon.Sound
	s.put(x)
}
