package lexicon

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// Search returns at most limit bodies for a list that narrows while somebody
// types: those that Find would return first, then those with a name that
// begins with text, that contains it, that is like it. Empty text lists all.
func (x *Index) Search(text string, limit int) []reporting.Body {
	s := Fold(text)
	if s == "" && strings.TrimSpace(text) != "" {
		return nil // nothing that a name could have
	}
	if s == "" {
		return slices.Clone(x.bodies[:min(limit, len(x.bodies))])
	}
	best := map[string]bool{}
	for _, m := range x.Find(text) {
		best[m.Body.ID] = true
	}
	return x.rank(limit, func(i int) float64 {
		if best[x.bodies[i].ID] {
			return 3
		}
		return x.names[i].appeal(s)
	})
}

// Near returns at most limit bodies whose names are most like text, for
// "did you mean"; none when nothing is like it.
func (x *Index) Near(text string, limit int) []reporting.Body {
	typed := clip(Fold(text))
	return x.rank(limit, func(i int) float64 {
		return likeness(typed, x.names[i])
	})
}

// rank returns the bodies with the highest scores above zero, table order
// within equal ones.
func (x *Index) rank(limit int, score func(int) float64) []reporting.Body {
	type scored struct {
		body  reporting.Body
		score float64
	}
	var all []scored
	for i, b := range x.bodies {
		if v := score(i); v > 0 {
			all = append(all, scored{b, v})
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	out := make([]reporting.Body, 0, min(limit, len(all)))
	for _, s := range all[:min(limit, len(all))] {
		out = append(out, s.body)
	}
	return out
}

// appeal is 2 for a name that begins with s, 1 for one that contains it,
// 0 otherwise: a single letter is enough in a list.
func (n names) appeal(s string) float64 {
	best := 0.0
	for _, list := range [][]string{n.sure, n.initials, n.latin} {
		for _, name := range list {
			switch {
			case strings.HasPrefix(name, s):
				return 2
			case strings.Contains(name, s):
				best = 1
			}
		}
	}
	return best
}

// likeness is the best share of runes that the typed text and a name have in
// common, in order; below a third it is nothing.
func likeness(typed []rune, n names) float64 {
	best := 0.0
	for _, list := range [][]string{n.text, n.latin} {
		for _, name := range list {
			r := clip(name)
			if share := 2 * float64(common(typed, r)) / float64(max(1, len(typed)+len(r))); share > best {
				best = share
			}
		}
	}
	if best < 1.0/3 {
		return 0
	}
	return best
}

// common returns the length of the longest common subsequence.
func common(a, b []rune) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			keep := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			diagonal = keep
		}
	}
	return row[len(b)]
}

func clip(s string) []rune {
	r := []rune(s)
	return r[:min(len(r), maxTyped)]
}
