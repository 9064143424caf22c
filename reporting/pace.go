package reporting

import (
	"cmp"
	"slices"
)

// Colour is the traffic light of a body's pace.
type Colour string

// The colours. TooEarly: before 31 January or while less than one project is
// expected. NoTask: no quota.
const (
	Green    Colour = "green"
	Blue     Colour = "blue"
	Yellow   Colour = "yellow"
	Red      Colour = "red"
	TooEarly Colour = "too_early"
	NoTask   Colour = "no_task"
)

// Thresholds are the lowest pace (share done over share of the year gone) of
// each colour; below Yellow it is red. Thousandths, so that a colour can be
// recomputed by hand: 1000, 800, 600 by default.
type Thresholds struct{ Green, Blue, Yellow int }

// DefaultThresholds follow Wuhan's 80% and 60% lines.
var DefaultThresholds = Thresholds{1000, 800, 600}

// Standing is how a body (or the city) stands on a day. All rules work on
// whole numbers; the floats are for showing only.
type Standing struct {
	BodyID     string
	Year       int
	AsOf       Date
	Quota      Quota // the version in force on AsOf; for the city Count is the target
	HasQuota   bool
	HasTargets bool // indicators were set for it, see IndicatorLine
	Tally      Tally
	Curve      Curve // how the year's quota is spread over it; zero = evenly
	Carried    int   // of Tally.Credited those carried into the year, there from its first day
}

// elapsed returns t (days gone, AsOf included) and D (days of the year).
func (s Standing) elapsed() (t, d int) {
	d = DaysIn(s.Year)
	switch {
	case s.AsOf.Year < s.Year:
		return 0, d
	case s.AsOf.Year > s.Year:
		return d, d
	}
	return s.AsOf.YearDay(), d
}

// Owes returns the quota, 0 when there is none.
func (s Standing) Owes() int {
	if !s.HasQuota {
		return 0
	}
	return s.Quota.Count
}

// share returns the time progress P as a fraction: t/D, or what the curve
// gives for that day.
func (s Standing) share() (n, of int) {
	t, _ := s.elapsed()
	return s.Curve.At(s.Year, t)
}

// TimeProgress returns P, 0…1.
func (s Standing) TimeProgress() float64 {
	n, of := s.share()
	return float64(n) / float64(of)
}

// Done returns C/Q; 0 without a quota.
func (s Standing) Done() float64 {
	if s.Owes() == 0 {
		return 0
	}
	return float64(s.Tally.Credited) / float64(s.Owes())
}

// Expected returns E = Q×P in projects.
func (s Standing) Expected() float64 { return float64(s.Owes()) * s.TimeProgress() }

// Ahead returns C−E in projects, negative when behind.
func (s Standing) Ahead() float64 { return float64(s.Tally.Credited) - s.Expected() }

// Gap returns (done − P) in percentage points, negative when behind.
func (s Standing) Gap() float64 { return 100 * (s.Done() - s.TimeProgress()) }

// Pace returns r = done/P; 0 without a quota or before the year.
func (s Standing) Pace() float64 {
	if s.Expected() == 0 {
		return 0
	}
	return float64(s.Tally.Credited) / s.Expected()
}

// Remaining returns max(0, Q−C).
func (s Standing) Remaining() int { return max(0, s.Owes()-s.Tally.Credited) }

// Over returns max(0, C−Q), 0 without a quota.
func (s Standing) Over() int {
	if s.Owes() == 0 {
		return 0
	}
	return max(0, s.Tally.Credited-s.Owes())
}

// WeeksLeft returns (D−t)/7, at least 1.
func (s Standing) WeeksLeft() float64 {
	t, d := s.elapsed()
	return max(1, float64(d-t)/7)
}

// PerWeek returns ⌈remaining / weeks left⌉, the projects a week that are
// needed to meet the quota.
func (s Standing) PerWeek() int {
	t, d := s.elapsed()
	days := max(7, d-t)
	return (s.Remaining()*7 + days - 1) / days
}

// PerMonth returns ⌈remaining / months left⌉ of a twelfth of the year each, at
// least one.
func (s Standing) PerMonth() int {
	t, d := s.elapsed()
	days := max(d, 12*(d-t)) // twelfths of a day
	return (s.Remaining()*d + days - 1) / days
}

// ForecastLinear returns ⌊C/P⌋, the year-end number at the year's pace; 0
// before the year begins.
func (s Standing) ForecastLinear() int {
	n, of := s.share()
	if n == 0 {
		return 0
	}
	return s.Carried + (s.Tally.Credited-s.Carried)*of/n
}

// ForecastRecent returns C + (rate of the last eight weeks) × weeks left.
func (s Standing) ForecastRecent() int {
	t, d := s.elapsed()
	return s.Tally.Credited + s.Tally.Recent*(d-t)/56
}

// Colour returns the traffic light for the pace.
func (s Standing) Colour(th Thresholds) Colour {
	q, c := s.Owes(), s.Tally.Credited
	t, d := s.share()
	switch {
	case q == 0:
		return NoTask
	case q*t < d, !s.past31January():
		return TooEarly
	case c*d*1000 >= th.Green*q*t:
		return Green
	case c*d*1000 >= th.Blue*q*t:
		return Blue
	case c*d*1000 >= th.Yellow*q*t:
		return Yellow
	}
	return Red
}

func (s Standing) past31January() bool {
	t, _ := s.elapsed()
	return t >= 31
}

// Ranked is a standing with its place in its group.
type Ranked struct {
	Standing
	Rank int // from 1; equal standings share a rank
	Of   int // how many are ranked
}

// Rank orders standings by share done, then credited, then investment;
// equals share a rank. Those without a quota are left out.
func Rank(all []Standing) []Ranked {
	var in []Standing
	for _, s := range all {
		if s.Owes() > 0 {
			in = append(in, s)
		}
	}
	slices.SortStableFunc(in, func(a, b Standing) int { return order(b, a) })
	out := make([]Ranked, len(in))
	for i, s := range in {
		out[i] = Ranked{Standing: s, Rank: i + 1, Of: len(in)}
		if i > 0 && order(s, in[i-1]) == 0 {
			out[i].Rank = out[i-1].Rank
		}
	}
	return out
}

// Place returns where s stands in its group, as Rank would put it: its rank
// and how many are ranked. What group holds of the same body is passed over
// for s; ok is false when s has no quota.
func Place(s Standing, group []Standing) (rank, of int, ok bool) {
	if s.Owes() == 0 {
		return 0, 0, false
	}
	rank, of = 1, 1
	for i := range group {
		if group[i].Owes() == 0 || group[i].BodyID == s.BodyID {
			continue
		}
		of++
		if order(group[i], s) > 0 {
			rank++
		}
	}
	return rank, of, true
}

// order compares by done (without division), credited, investment.
func order(a, b Standing) int {
	return cmp.Or(
		cmp.Compare(a.Tally.Credited*b.Owes(), b.Tally.Credited*a.Owes()),
		cmp.Compare(a.Tally.Credited, b.Tally.Credited),
		cmp.Compare(a.Tally.Invest, b.Tally.Invest),
	)
}
