package reporting

import (
	"cmp"
	"slices"
)

// DecisionKind is what kind of thing waits for somebody to decide.
type DecisionKind string

// The kinds, in the order in which a brief names them: a problem whose day is
// over, a project that may be one with another body's, a quota that a body asks
// to have changed.
const (
	DecideProblem   DecisionKind = "problem"
	DecideDuplicate DecisionKind = "duplicate"
	DecideQuota     DecisionKind = "quota"
)

// DecisionKinds lists the kinds in their order.
var DecisionKinds = []DecisionKind{DecideProblem, DecideDuplicate, DecideQuota}

// Decision is something that needs a decision.
type Decision struct {
	Kind    DecisionKind
	BodyID  string
	Since   Date // the day on which it was due, or since which it waits
	Invest  Wan  // of the project that it holds up; 0 = none
	Subject string
	Text    string
	Wanted  int // of a quota
}

// BriefDecisions is how many a brief has room for.
const BriefDecisions = 3

// Decide chooses what a brief names: of each kind the one that holds up the largest
// total, of equals the one that waits longest, so that no kind hides another; what
// places are left go to the rest by the same order. They come back by kind, the
// largest first.
func Decide(all []Decision) []Decision {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Decision) int {
		return cmp.Or(cmp.Compare(b.Invest, a.Invest), cmp.Compare(a.Since.String(), b.Since.String()), cmp.Compare(a.Subject, b.Subject))
	})
	var first, rest []Decision
	named := map[DecisionKind]bool{}
	for _, d := range sorted {
		if named[d.Kind] {
			rest = append(rest, d)
			continue
		}
		named[d.Kind] = true
		first = append(first, d)
	}
	chosen := append(first, rest...)
	chosen = chosen[:min(len(chosen), BriefDecisions)]
	slices.SortStableFunc(chosen, func(a, b Decision) int {
		return cmp.Compare(slices.Index(DecisionKinds, a.Kind), slices.Index(DecisionKinds, b.Kind))
	})
	return chosen
}

// BriefSince is how many days before its own a brief looks back.
const BriefSince = 7

// NewlyRed returns the bodies of all that are red now and were not then, in their
// order.
func NewlyRed(now, then []Standing, th Thresholds) []Standing {
	was := map[string]Colour{}
	for _, s := range then {
		was[s.BodyID] = s.Colour(th)
	}
	return slices.DeleteFunc(slices.Clone(now), func(s Standing) bool {
		return s.Colour(th) != Red || was[s.BodyID] == Red
	})
}
