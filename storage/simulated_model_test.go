package storage

import (
	"fmt"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// simulated is what the model of a simulated year knows of a project. Nothing
// of the code under test counts with it.
type simulated struct {
	id, by, terr, dept, status, pair string
	wan, stage, year                 int
	submitted, verified              reporting.Date
	suspended, heldEnded, ended      reporting.Date
	confirmed, lapsed                int
}

// simFigure is what a body has in a year.
type simFigure struct {
	Credited, Pending, Wan int
	Stages                 [4]int
}

func (p *simulated) bodies() []string {
	out := []string{""}
	for _, b := range []string{p.terr, p.dept} {
		if b != "" {
			out = append(out, b)
		}
	}
	return out
}

// counted is the rule of the plan: verified, 10,000 万元 or more, not taken out
// in its own year, not suspended beyond 90 days in it, not held in a pair.
func (p *simulated) counted() bool {
	if p.verified.IsZero() || p.wan < 10000 || p.pair != "" {
		return false
	}
	switch p.status {
	case "verified":
		return true
	case "suspended":
		return p.heldEnded.IsZero() || p.heldEnded.Year > p.year
	case "withdrawn", "merged":
		return p.ended.Year > p.year
	}
	return false
}

// countedNow is counted as things are today, whatever the year was told.
func (p *simulated) countedNow() bool {
	return p.counted() && (p.status == "verified" || p.status == "suspended" && p.heldEnded.IsZero())
}

func (p *simulated) carried(year int) bool {
	return p.year < year && p.confirmed >= year && p.wan >= 10000 && p.heldEnded.IsZero() &&
		(p.status == "verified" || p.status == "suspended")
}

func (p *simulated) unconfirmed(year int) bool {
	return p.status == "verified" && p.stage < 4 && p.year < year && p.confirmed < year
}

// swept does to p what a day does of its own accord.
func (p *simulated) swept(day, due reporting.Date) {
	switch {
	case p.unconfirmed(day.Year) && due.Before(day):
		p.status, p.suspended, p.lapsed = "suspended", day, day.Year
	case p.status != "suspended" || !p.suspended.AddDays(90).Before(day):
	case p.lapsed != 0:
		p.status, p.ended, p.suspended, p.pair = "withdrawn", day, reporting.Date{}, ""
	case p.heldEnded.IsZero():
		p.heldEnded = day
	}
}

// again is what taking up or confirming does.
func (p *simulated) again(day reporting.Date) {
	p.status, p.suspended, p.heldEnded, p.lapsed = "verified", reporting.Date{}, reporting.Date{}, 0
	if p.year < day.Year {
		p.confirmed = day.Year
	}
}

func (p *simulated) over(status string, day reporting.Date) {
	p.status, p.ended, p.suspended, p.pair = status, day, reporting.Date{}, ""
}

// figures counts a year by body, "" the city.
func (s *simulation) figures(year int) map[string]simFigure {
	out := map[string]simFigure{}
	for _, p := range s.all {
		if p.year != year {
			continue
		}
		for _, b := range p.bodies() {
			f := out[b]
			if p.counted() {
				f.Credited, f.Wan = f.Credited+1, f.Wan+p.wan
				f.Stages[p.stage-1]++
			}
			if p.status == "submitted" && p.wan >= 10000 && p.pair == "" {
				f.Pending++
			}
			out[b] = f
		}
	}
	return out
}

// pool counts what is carried into a year by body.
func (s *simulation) pool(year int) map[string]simFigure {
	out := map[string]simFigure{}
	for _, p := range s.all {
		if !p.carried(year) {
			continue
		}
		for _, b := range p.bodies() {
			f := out[b]
			f.Credited, f.Wan = f.Credited+1, f.Wan+p.wan
			f.Stages[p.stage-1]++
			out[b] = f
		}
	}
	return out
}

// owes is a body's quota in force on a day: the last version of the last day.
func (s *simulation) owes(body string, day reporting.Date) int {
	n, last := 0, reporting.Date{}
	for _, q := range s.quotas[body] {
		if !day.Before(q.from) && !q.from.Before(last) {
			n, last = q.n, q.from
		}
	}
	return n
}

// simQuota is a version of a quota.
type simQuota struct {
	n    int
	from reporting.Date
}

func figureOf(t reporting.Tally) simFigure {
	return simFigure{t.Credited, t.Pending, int(t.Invest), t.ByStage}
}

// compares the standings of all bodies and of the city with the model.
func (s *simulation) compares(year int, day reporting.Date) {
	s.Helper()
	want := s.figures(year)
	got, err := s.db.Standings(s.Context(), year, day)
	check(s.T, err)
	city, err := s.db.Standing(s.Context(), reporting.City, year, day)
	check(s.T, err)
	s.matches(fmt.Sprintf("%d as of %s", year, day), append(got, city), want, year)
	pools, err := s.db.Pools(s.Context(), year)
	check(s.T, err)
	pool := map[string]simFigure{}
	for _, t := range pools {
		pool[t.BodyID] = figureOf(t)
	}
	same(s.T, fmt.Sprintf("pool of %d on %s", year, day), pool, s.pool(year))
}

// matches compares standings with figures: every body there is, and its quota
// on the day of the standing.
func (s *simulation) matches(what string, got []reporting.Standing, want map[string]simFigure, year int) {
	s.Helper()
	seen := map[string]bool{}
	for _, g := range got {
		seen[g.BodyID] = true
		if f := figureOf(g.Tally); f != want[g.BodyID] {
			s.Errorf("%s: %q has %+v, want %+v", what, g.BodyID, f, want[g.BodyID])
		}
		if year == 2018 && g.BodyID != reporting.City && g.Owes() != s.owes(g.BodyID, g.AsOf) {
			s.Errorf("%s: %q owes %d, want %d", what, g.BodyID, g.Owes(), s.owes(g.BodyID, g.AsOf))
		}
	}
	for b, f := range want {
		if !seen[b] && f != (simFigure{}) {
			s.Errorf("%s: %q is missing, want %+v", what, b, f)
		}
	}
	if s.Failed() {
		s.FailNow()
	}
}

// those returns the projects that fit.
func (s *simulation) those(fits func(p *simulated) bool) []*simulated {
	var out []*simulated
	for _, p := range s.all {
		if fits(p) {
			out = append(out, p)
		}
	}
	return out
}

// some returns up to n of the projects that fit, each once.
func (s *simulation) some(n int, fits func(p *simulated) bool) []*simulated {
	all := s.those(fits)
	s.rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return slices.Clone(all[:min(n, len(all))])
}
