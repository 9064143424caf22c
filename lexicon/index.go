package lexicon

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mouhua/mouhua/reporting"
)

// How says by what a body was found.
type How string

// The ways, the best first; Find returns the matches of the first that has any.
const (
	Exact    How = "exact"    // a name, alias, id, pinyin or agreed initials
	Initials How = "initials" // the first letters of its pinyin
	Part     How = "part"     // a part of a name
	Slip     How = "slip"     // a name with one letter too many, too few, wrong or swapped
	Sound    How = "sound"    // other characters that sound the same
)

// Match is a body that fits.
type Match struct {
	Body reporting.Body
	How  How
	// Shared says that things outside the plan bear this name too (经开区 is also
	// the name of zones of some districts), so the answer says which one it is.
	Shared bool
}

// Index finds bodies. It does not change and is safe for concurrent use.
type Index struct {
	bodies []reporting.Body
	names  []names
	sure   map[string][]int // body numbers by exact name, rising
	ids    map[string]int
	stems  map[string][]int    // body numbers by a stem that several bear
	tails  map[rune][]spelling // names by their last character, which is the kind
	heads  map[rune][]spelling // other names by their first
	// longest is the length of the longest name in bytes.
	longest int
}

// New returns the index of a list of bodies.
func New(list *reporting.BodyList) *Index {
	x := &Index{bodies: list.All, sure: map[string][]int{}, ids: map[string]int{}}
	for i, b := range list.All {
		n := namesOf(b)
		x.names = append(x.names, n)
		x.ids[n.id] = i
		for _, s := range n.sure {
			x.sure[s] = append(x.sure[s], i)
			x.longest = max(x.longest, len(s))
		}
		x.longest = max(x.longest, len(n.id))
	}
	x.stems = x.stemsOf()
	x.tails, x.heads = x.slipsOf()
	return x
}

// shared are the names of ours that others bear too.
var shared = []string{"经开", "经开区", "jingkai", "jingkaiqu"}

// polite are words around a name that say nothing about which body it is.
var polite = struct{ before, after []string }{
	before: []string{"吉林省长春市", "长春市", "长春"},
	after:  []string{"人民政府", "管委会", "政府"},
}

// maxTyped bounds what is searched for: longer texts are no names.
const maxTyped = 100

// Find returns the bodies that fit text best: none, one, or several that fit
// equally well, in table order. An id always means its body.
func (x *Index) Find(text string) []Match {
	s := Fold(text)
	if s == "" || utf8.RuneCountInString(s) > maxTyped {
		return nil
	}
	if m := x.find(s); m != nil {
		return m
	}
	short := s
	for _, p := range polite.before {
		if rest, ok := strings.CutPrefix(short, p); ok {
			short = rest
			break
		}
	}
	for _, p := range polite.after {
		short = strings.TrimSuffix(short, p)
	}
	if short == s || short == "" {
		return nil
	}
	return x.find(short)
}

func (x *Index) find(s string) []Match {
	if i, ok := x.ids[s]; ok {
		return x.matches(s, Exact, []int{i})
	}
	if found := x.sure[s]; len(found) > 0 {
		return x.matches(s, Exact, found)
	}
	for _, way := range []struct {
		how  How
		fits func(names) bool
	}{
		{Initials, func(n names) bool { return slices.Contains(n.initials, s) }},
		{Part, partOf(s)},
		{Slip, slipOf(s)},
		{Sound, soundOf(s)},
	} {
		var found []int
		for i, n := range x.names {
			if way.fits(n) {
				found = append(found, i)
			}
		}
		if len(found) > 0 {
			return x.matches(s, way.how, found)
		}
	}
	return nil
}

func (x *Index) matches(s string, how How, found []int) []Match {
	out := make([]Match, len(found))
	for i, n := range found {
		out[i] = Match{Body: x.bodies[n], How: how, Shared: len(found) == 1 && slices.Contains(shared, s)}
	}
	return out
}

// partOf wants two characters, or three letters.
func partOf(s string) func(names) bool {
	letters := plain(s)
	if n := utf8.RuneCountInString(s); n < 2 || letters && n < 3 {
		return func(names) bool { return false }
	}
	has := func(name string) bool { return strings.Contains(name, s) }
	return func(n names) bool {
		return slices.ContainsFunc(n.text, has) || letters && slices.ContainsFunc(n.latin, has)
	}
}

// slipOf wants three letters or characters. In characters the last one must
// be right: it is the kind, and 朝阳市 is another place than 朝阳区.
func slipOf(s string) func(names) bool {
	typed := []rune(s)
	if len(typed) < 3 {
		return func(names) bool { return false }
	}
	letters := plain(s)
	last := typed[len(typed)-1]
	fits := func(name string) bool {
		if d := len(name) - len(s); d < -3 || d > 3 || len(name) < 3 {
			return false
		}
		r := []rune(name)
		if !letters && r[len(r)-1] != last {
			return false
		}
		return len(r) >= 3 && oneSlip(typed, r)
	}
	return func(n names) bool {
		if letters {
			return slices.ContainsFunc(n.latin, fits)
		}
		return slices.ContainsFunc(n.text, fits)
	}
}

// OneSlip reports whether typed is word with one slip of the finger: a letter
// too many, too few, wrong, or two swapped. Short words need to be exact.
func OneSlip(typed, word string) bool {
	a, b := []rune(typed), []rune(word)
	return len(b) >= 3 && oneSlip(a, b)
}

// oneSlip reports whether b is a with one rune added, dropped, replaced or
// swapped with its neighbour.
func oneSlip(a, b []rune) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch {
	case len(a) <= 1 && len(b) <= 1:
		return true
	case len(a) == 2 && len(b) == 2:
		return a[0] == b[1] && a[1] == b[0]
	}
	return false
}

// maxSound is the longest name that is compared by sound: every character may
// have several readings.
const maxSound = 12

// soundOf compares the readings of characters: 净悦 for 净月.
func soundOf(s string) func(names) bool {
	if n := utf8.RuneCountInString(s); n < 2 || n > maxSound || !han(s) {
		return func(names) bool { return false }
	}
	var sounds []string
	for _, syllables := range readings(s) {
		sounds = append(sounds, strings.Join(syllables, ""))
	}
	return func(n names) bool {
		return slices.ContainsFunc(sounds, func(y string) bool { return slices.Contains(n.latin, y) })
	}
}
