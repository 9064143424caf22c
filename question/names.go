package question

import (
	"slices"
	"strings"
	"sync"
)

// Names finds projects by their names, or by a part that only one of them has.
// It is safe for concurrent use; its zero value is not ready, see NewNames.
type Names struct {
	mu    sync.RWMutex
	names map[string][]rune   // folded name by project
	grams map[string][]string // projects by four neighbouring runes of their names
}

// gram is how many neighbouring runes are looked up; a part that is shorter
// names no project.
const gram = 4

// maxShared is in how many names a gram may be to tell of one.
const maxShared = 64

// NewNames returns an index without projects.
func NewNames() *Names {
	return &Names{names: map[string][]rune{}, grams: map[string][]string{}}
}

// Put adds a project, or gives it another name. What stands in 【】 before a
// name is no part of it.
func (n *Names) Put(id, name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.drop(id)
	runes := bare(name)
	if len(runes) < gram {
		return
	}
	n.names[id] = runes
	for _, g := range gramsOf(runes) {
		n.grams[g] = append(n.grams[g], id)
	}
}

// Drop takes a project out.
func (n *Names) Drop(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.drop(id)
}

func (n *Names) drop(id string) {
	for _, g := range gramsOf(n.names[id]) {
		n.grams[g] = slices.DeleteFunc(n.grams[g], func(other string) bool { return other == id })
		if len(n.grams[g]) == 0 {
			delete(n.grams, g)
		}
	}
	delete(n.names, id)
}

// Len returns how many projects it knows.
func (n *Names) Len() int {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return len(n.names)
}

// bare folds a name without what stands in brackets before it.
func bare(name string) []rune {
	name = strings.TrimSpace(name)
	for _, b := range []struct{ open, shut string }{{"【", "】"}, {"[", "]"}} {
		if rest, ok := strings.CutPrefix(name, b.open); ok {
			if _, after, ok := strings.Cut(rest, b.shut); ok {
				name = after
			}
		}
	}
	return []rune(strings.TrimSpace(fold(name).s))
}

func gramsOf(runes []rune) []string {
	var out []string
	for i := 0; i+gram <= len(runes); i++ {
		out = append(out, string(runes[i:i+gram]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// found is a part of a text that is in the names of projects.
type found struct {
	from, to int
	ids      []string // rising
	whole    bool     // it is the whole name of each
}

// find returns the parts of runes that are in names: whole names, and the
// longest parts.
func (n *Names) find(runes []rune) []found {
	n.mu.RLock()
	defer n.mu.RUnlock()
	var out []found
	for i := 0; i+gram <= len(runes); i++ {
		ids := n.grams[string(runes[i:i+gram])]
		if len(ids) == 0 || len(ids) > maxShared {
			continue
		}
		best := found{from: i}
		for _, id := range ids {
			to, whole := n.reach(n.names[id], runes, i)
			switch {
			case to > best.to || to == best.to && whole && !best.whole:
				best = found{i, to, []string{id}, whole}
			case to == best.to && whole == best.whole:
				best.ids = append(best.ids, id)
			}
		}
		slices.Sort(best.ids)
		out = append(out, best)
		i = max(i, best.to-gram)
	}
	return out
}

// reach returns how far runes are part of name from i on, and whether that is
// the whole name.
func (n *Names) reach(name, runes []rune, i int) (to int, whole bool) {
	for at := range name {
		k := 0
		for at+k < len(name) && i+k < len(runes) && name[at+k] == runes[i+k] {
			k++
		}
		if k >= gram && i+k >= to {
			to, whole = i+k, at == 0 && k == len(name)
		}
	}
	return to, whole
}
