package question

import (
	"cmp"
	"slices"
	"unicode"
)

// span is a part of a sentence with what it means.
type span struct {
	from, to int // runes
	means    []meaning
	typo     bool // read in spite of a slip of the finger
	name     bool // a name or a number, which weighs more than words of its length
}

// has reports whether the span means name, with value unless that is "".
func (s span) has(name, value string) bool {
	return slices.ContainsFunc(s.means, func(m meaning) bool { return m.name == name && (value == "" || m.value == value) })
}

// value returns the value of a name.
func (s span) value(name string) string {
	for _, m := range s.means {
		if m.name == name {
			return m.value
		}
	}
	return ""
}

// sentence is a text of which the words are known.
type sentence struct {
	*text
	Context
	spans []span // in their order, without overlaps
}

// parse reads the words of a text.
func parse(t *text, c Context) *sentence {
	s := &sentence{text: t, Context: c}
	var all []span
	add := func(x span) { all = append(all, x) }
	words().find(t, add)
	s.findBodies(add)
	s.findCatalogue(add)
	s.findProjects(add)
	s.findNumbers(add)
	s.spans = choose(len(t.runes), all)
	s.mend()
	s.deny()
	return s
}

// choose takes of overlapping spans those that read most of n runes in the
// longest parts: the sum of the squares of the lengths is highest. Spans of the
// same runes become one.
func choose(n int, all []span) []span {
	slices.SortStableFunc(all, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var merged []span
	for _, x := range all {
		if last := len(merged) - 1; last >= 0 && merged[last].from == x.from && merged[last].to == x.to {
			merged[last] = merged[last].merge(x)
			continue
		}
		merged = append(merged, x)
	}
	best, with := make([]int, n+1), make([]int, n+1)
	k := len(merged)
	for i := n - 1; i >= 0; i-- {
		best[i], with[i] = best[i+1], -1
		for ; k > 0 && merged[k-1].from >= i; k-- {
			x := merged[k-1]
			if v := x.weight() + best[x.to]; v > best[i] {
				best[i], with[i] = v, k-1
			}
		}
	}
	var out []span
	for i := 0; i < n; {
		if with[i] < 0 {
			i++
			continue
		}
		out = append(out, merged[with[i]])
		i = merged[with[i]].to
	}
	return out
}

// weight is the square of the length in half runes: a name weighs half a rune
// more than a word, and what is only read in spite of a slip half a rune less.
func (s span) weight() int {
	n := 2 * (s.to - s.from)
	switch {
	case s.typo:
		n--
	case s.name:
		n++
	}
	return n * n
}

// merge returns what two readings of the same runes mean: both, unless one of
// them needs a slip of the finger.
func (s span) merge(x span) span {
	switch {
	case s.typo && !x.typo:
		return x
	case x.typo && !s.typo:
		return s
	}
	s.means, s.name = slices.Concat(s.means, x.means), s.name || x.name
	return s
}

// unread returns the runs of letters, digits and characters that no span reads.
func (s *sentence) unread() []span {
	var out []span
	at := 0
	gap := func(to int) {
		for i := at; i < to; {
			if !isWord(s.runes[i]) {
				i++
				continue
			}
			j := i + 1
			for j < to && isWord(s.runes[j]) && class(s.runes[j]) == class(s.runes[i]) {
				j++
			}
			out = append(out, span{from: i, to: j})
			i = j
		}
	}
	for _, x := range s.spans {
		gap(x.from)
		at = x.to
	}
	gap(len(s.runes))
	return out
}

// class parts letters from digits from characters.
func class(r rune) int {
	switch {
	case latin(r):
		return 1
	case digit(r):
		return 2
	case unicode.Is(unicode.Han, r):
		return 3
	}
	return 4
}

// put adds spans to the sentence in their places.
func (s *sentence) put(x ...span) {
	s.spans = append(s.spans, x...)
	slices.SortStableFunc(s.spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
}

// all returns the values of a name in their order, each once.
func (s *sentence) all(name string) []string {
	var out []string
	for _, x := range s.spans {
		for _, m := range x.means {
			if m.name == name && !slices.Contains(out, m.value) {
				out = append(out, m.value)
			}
		}
	}
	return out
}

// first returns the first value of a name, "" if nothing means it.
func (s *sentence) first(name string) string {
	if all := s.all(name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// has reports whether anything means name.
func (s *sentence) has(name string) bool {
	return slices.ContainsFunc(s.spans, func(x span) bool { return x.has(name, "") })
}
