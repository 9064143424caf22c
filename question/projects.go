package question

import "strings"

// findProjects adds the names of projects: "project" with the id of one, "named"
// with the ids of those of whose names it is a part.
func (s *sentence) findProjects(add func(span)) {
	if s.Projects == nil {
		return
	}
	for _, f := range s.Projects.find(s.runes) {
		for f.from < f.to && !f.whole && !isWord(s.runes[f.from]) {
			f.from++
		}
		for f.from < f.to && !f.whole && !isWord(s.runes[f.to-1]) {
			f.to--
		}
		if !s.edge(f.from) && !han(s.runes[f.from]) || !s.edge(f.to) && !han(s.runes[f.to-1]) || len(words().means(s.part(f.from, f.to))) > 0 {
			continue
		}
		x := span{from: f.from, to: f.to, means: []meaning{{"named", strings.Join(f.ids, "|")}}}
		if f.whole && len(f.ids) == 1 {
			x.means, x.name = []meaning{{string(Project), f.ids[0]}}, true
		}
		add(x)
	}
}
