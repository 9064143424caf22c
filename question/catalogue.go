package question

import (
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// lists are the lists of the catalogue whose entries narrow what is asked for.
var lists = []struct {
	list string
	slot Slot
}{{reporting.ListIndustry, Industry}, {reporting.ListExhibition, Exhibit}, {reporting.ListPartner, Partner}}

// findCatalogue adds the names of the entries of the lists; the value is the
// Chinese name, by which projects have it.
func (s *sentence) findCatalogue(add func(span)) {
	for _, l := range lists {
		for _, e := range s.Catalogue.Of(l.list) {
			means := []meaning{{string(l.slot), e.Name.ZhCN}}
			for _, name := range append([]string{e.Name.ZhCN, e.Name.En}, e.Aliases...) {
				s.findName(fold(name).s, means, add)
			}
		}
	}
}

// findName adds a folded name wherever it stands.
func (s *sentence) findName(name string, means []meaning, add func(span)) {
	if name == "" {
		return
	}
	for at := 0; ; {
		i := strings.Index(s.s[at:], name)
		if i < 0 {
			return
		}
		from, to := s.rune(at+i), s.rune(at+i+len(name))
		if (han(s.runes[from]) || s.edge(from)) && (han(s.runes[to-1]) || s.edge(to)) {
			for _, tail := range []string{"产业", "行业", "领域", "类"} {
				if strings.HasPrefix(s.s[s.at[to]:], tail) {
					to += len([]rune(tail))
					break
				}
			}
			add(span{from: from, to: to, means: means, name: true})
		}
		at += i + len(name)
	}
}
