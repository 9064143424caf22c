package reporting

import "slices"

// Series is one of the two in which a bulletin names the best and the worst: a
// district is not measured against a bureau.
type Series string

// The series.
const (
	Territories Series = "territories" // districts, counties, development zones
	Departments Series = "departments" // departments and enterprises
)

// BulletinSeries lists the series.
var BulletinSeries = []Series{Territories, Departments}

// SeriesOf returns the series of a kind of bodies, "" for none.
func SeriesOf(k Kind) Series {
	switch k {
	case District, County, DevZone:
		return Territories
	case Department, Enterprise:
		return Departments
	}
	return ""
}

// RankedLine is a line with its place.
type RankedLine struct {
	BulletinLine
	Rank int // from 1; equals share it
}

// Ranked returns the lines that are ranked among those that in selects, the best
// first: those with a quota of bodies that go on.
func (s BulletinSnapshot) Ranked(in func(BulletinLine) bool) []RankedLine {
	var standings []Standing
	lines := map[string]BulletinLine{}
	for _, l := range s.Lines {
		if l.BodyID != City && !l.Ended && in(l) {
			standings, lines[l.BodyID] = append(standings, l.Standing), l
		}
	}
	var out []RankedLine
	for _, r := range Rank(standings) {
		out = append(out, RankedLine{lines[r.BodyID], r.Rank})
	}
	return out
}

// Met reports whether a line is not to be named among the worst whatever its
// place: its quota is met, it is not behind the time that has passed, or so
// little is due yet that nothing can be said.
func (s BulletinSnapshot) Met(l BulletinLine) bool {
	n, of := l.share()
	return l.Remaining() == 0 || l.Tally.Credited*of >= l.Owes()*n || s.Colour(l) == TooEarly
}

// Extremes are the best and the worst of a series by the rule of the office.
type Extremes struct{ Best, Worst []RankedLine }

// Extremes returns those of a series. Equals are named together, so that a list
// may be longer than the rule says; who has nothing is not among the best, and
// who is among the best, has met what was due (Met), or is exempt not among the
// worst.
func (s BulletinSnapshot) Extremes(of Series, exempt []string) Extremes {
	ranked := s.Ranked(func(l BulletinLine) bool { return SeriesOf(l.Kind) == of })
	most := min(s.Rule.Best, (len(ranked)+1)/2)
	var e Extremes
	for _, r := range ranked {
		if r.Rank > most || r.Tally.Credited == 0 {
			break
		}
		e.Best = append(e.Best, r)
	}
	var behind []RankedLine
	for _, r := range slices.Backward(ranked[len(e.Best):]) {
		if !s.Met(r.BulletinLine) && !slices.Contains(exempt, r.BodyID) {
			behind = append(behind, r)
		}
	}
	for i, r := range behind {
		if i >= s.Rule.Worst && (s.Rule.Worst == 0 || r.Rank != behind[i-1].Rank) {
			break
		}
		e.Worst = append(e.Worst, r)
	}
	slices.Reverse(e.Worst)
	return e
}

// BulletinDiff is what a correction changes of a line.
type BulletinDiff struct{ Was, Is BulletinLine }

// Corrected returns the lines that differ from those of the bulletin that is
// corrected, City first; one that was not there before is of zeros.
func (s BulletinSnapshot) Corrected(was BulletinSnapshot) []BulletinDiff {
	var out []BulletinDiff
	differ := func(a, b BulletinLine) bool {
		return a.Owes() != b.Owes() || a.Tally.Credited != b.Tally.Credited || a.Tally.Invest != b.Tally.Invest || a.Added != b.Added
	}
	for _, l := range s.Lines {
		old, ok := was.Line(l.BodyID)
		if !ok {
			old = BulletinLine{Label: l.Label}
		}
		if differ(old, l) {
			out = append(out, BulletinDiff{old, l})
		}
	}
	for _, l := range was.Lines {
		if _, ok := s.Line(l.BodyID); !ok && differ(l, BulletinLine{}) {
			gone := l
			gone.Tally, gone.HasQuota, gone.Added = Tally{}, false, 0
			out = append(out, BulletinDiff{l, gone})
		}
	}
	return out
}
