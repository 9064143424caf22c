package question

import (
	"cmp"
	"slices"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// Subject is something that can be explained: the value of the slot, what it is
// called in the three languages, and what else people call it. Its texts are
// locale keys that end in the ID; of a term the ID is its simplified name.
type Subject struct {
	ID    string
	Name  reporting.Names
	Words []string
}

// names are all by which a subject is called.
func (s Subject) names() []string {
	return append([]string{s.ID, s.Name.ZhCN, s.Name.ZhTW, s.Name.En}, s.Words...)
}

// Find returns the subject of a table that a text names.
func Find(table []Subject, text string) (Subject, bool) {
	folded := lexicon.Fold(text)
	i := slices.IndexFunc(table, func(s Subject) bool {
		return folded != "" && slices.ContainsFunc(s.names(), func(n string) bool { return lexicon.Fold(n) == folded })
	})
	if i < 0 {
		return Subject{}, false
	}
	return table[i], true
}

// Nearest returns the n subjects of a table whose names are most like a text,
// the likeliest first.
func Nearest(table []Subject, text string, n int) []Subject {
	type scored struct {
		Subject
		like float64
	}
	var all []scored
	for _, s := range table {
		best := 0.0
		for _, name := range s.names() {
			best = max(best, lexicon.Likeness(name, text))
		}
		all = append(all, scored{s, best})
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.like, a.like) })
	var out []Subject
	for _, s := range all[:min(n, len(all))] {
		out = append(out, s.Subject)
	}
	return out
}
