package question

import (
	"slices"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// What a name of bodies means: "body" with an id, "either" with the ids of
// several that fit equally well, "place" with a name that is no body's, "other"
// is a place under the name as it was typed.
const (
	meansBody   = "body"
	meansEither = "either"
	meansPlace  = "place"
	meansOther  = "other"
)

// findBodies adds the names of bodies: characters wherever they stand, letters
// from the edge of a word.
func (s *sentence) findBodies(add func(span)) {
	if s.Bodies == nil {
		return
	}
	for i, r := range s.runes {
		switch {
		case han(r):
			s.chineseBody(i, add)
		case latin(r) && s.edge(i):
			s.latinBody(i, add)
		}
	}
}

// maxSlip is how long a name is in which a slip of the finger is looked for.
const maxSlip = 9

func (s *sentence) chineseBody(i int, add func(span)) {
	for j := i + 1; j <= len(s.runes) && han(s.runes[j-1]) && s.at[j]-s.at[i] <= s.Bodies.Longest(); j++ {
		if j < i+2 {
			continue
		}
		name := s.part(i, j)
		if found := s.Bodies.Called(name); len(found) > 0 {
			s.addBody(span{from: i, to: j, name: true}, found, add)
			continue
		}
		if j <= i+maxSlip && !s.ordinary(i, j) {
			if found := s.Bodies.Slipped(s.runes[i:j]); len(found) > 0 {
				add(span{from: i, to: j, typo: true, means: bodyMeans(found)})
			}
		}
	}
}

// ordinary reports whether the runes from i to j are a word for a kind of body
// after other words, as 几个城区 is, which only looks like a slip in 宽城区.
func (s *sentence) ordinary(i, j int) bool {
	for k := i; k < j-1; k++ {
		kind := slices.ContainsFunc(words().means(s.part(k, j)), func(m meaning) bool {
			return m.name == string(BodyKind) || m.name == "who" || m.name == "we" || m.name == "city" || m.name == "it"
		})
		if kind && (k == i || len(words().means(s.part(i, k))) > 0) {
			return true
		}
	}
	return false
}

// addBody adds a name, with what belongs to it around: 长春市 before, and 区 or
// 管委会 after. A name that goes on to be another place's is that place.
func (s *sentence) addBody(x span, found []reporting.Body, add func(span)) {
	x.means = bodyMeans(found)
	for _, before := range []string{"吉林省长春市", "长春市", "长春", "市"} {
		n := len([]rune(before))
		if x.from >= n && s.part(x.from-n, x.from) == before && (x.from == n || !strings.ContainsRune("全本城县级", s.runes[x.from-n-1])) {
			x.from -= n
			break
		}
	}
	territory := len(found) == 1 && (found[0].Kind == reporting.District || found[0].Kind == reporting.County)
	rest := s.s[s.at[x.to]:]
	for _, zone := range []string{"国际物流经开区", "经济技术开发区", "经济开发区", "经开区", "开发区", "经开", "工业集中区"} {
		if territory && strings.HasPrefix(rest, zone) {
			to := x.to + len([]rune(zone))
			add(span{from: x.from, to: to, name: true, means: []meaning{{meansPlace, s.said(x.from, to)}, {string(Parent), found[0].ID}}})
			return
		}
	}
	if x.to < len(s.runes) && s.runes[x.to-1] != s.runes[x.to] && !strings.ContainsRune("区县市", s.runes[x.to-1]) {
		next := s.runes[x.to]
		switch {
		case territory && (next == '市' || next == '县' || next == '区') && !s.within(x.to):
			if len(s.Bodies.Called(s.part(x.from, x.to+1))) == 0 {
				add(span{from: x.from, to: x.to + 1, name: true, means: []meaning{{meansPlace, s.said(x.from, x.to+1)}}})
			}
			return
		case !territory && len(found) == 1 && found[0].Kind == reporting.DevZone && next == '区' && !s.within(x.to):
			x.to++
		}
	}
	add(x)
}

// within reports whether the 区, 县 or 市 at i begins a word of its own: 区里,
// 市里, 县委.
func (s *sentence) within(i int) bool {
	return i+1 < len(s.runes) && strings.ContainsRune("里内委政直级长", s.runes[i+1])
}

// latinBody adds names in letters, which may have several words.
func (s *sentence) latinBody(i int, add func(span)) {
	var name strings.Builder
	for j, n := i, 0; j < len(s.runes) && n < 10; {
		if !latin(s.runes[j]) {
			if !strings.ContainsRune(" &-", s.runes[j]) {
				return
			}
			j++
			continue
		}
		for j < len(s.runes) && latin(s.runes[j]) {
			name.WriteRune(s.runes[j])
			j++
		}
		if !s.edge(j) {
			return
		}
		if n++; name.Len() > 1 && !words().teaches(name.String(), "filler") {
			if found := s.Bodies.Called(name.String()); len(found) > 0 {
				add(span{from: i, to: j, name: true, means: bodyMeans(found)})
			}
		}
	}
}

// bodyMeans returns the meaning of a name that these bodies have.
func bodyMeans(found []reporting.Body) []meaning {
	if len(found) == 1 {
		return []meaning{{meansBody, found[0].ID}}
	}
	return []meaning{{meansEither, strings.Join(ids(found), "|")}}
}

func ids(bodies []reporting.Body) []string {
	out := make([]string, len(bodies))
	for i, b := range bodies {
		out[i] = b.ID
	}
	return out
}

// bodyNamed returns the body with an id.
func (s *sentence) bodyNamed(id string) (reporting.Body, bool) {
	if s.Bodies == nil {
		return reporting.Body{}, false
	}
	for _, m := range s.Bodies.Called(lexicon.Fold(id)) {
		if m.ID == id {
			return m, true
		}
	}
	return reporting.Body{}, false
}
