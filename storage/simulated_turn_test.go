package storage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// newYear lives through January 2019: grace, freeze, confirming, the first of
// February. It returns the figures of 2018 as they were frozen.
func (s *simulation) newYear() map[string]simFigure {
	s.on("2019-01-01")
	s.files(20)
	s.on("2019-01-09")
	s.reviews(60) // of December for 2018, of January for 2019
	s.on("2019-01-15")
	s.reviews(15)
	frozen := s.figures(2018)
	s.on("2019-01-16")
	s.isFrozen("just frozen", frozen)
	s.reviews(30) // whatever is of 2018, it counts for 2019 now
	s.isFrozen("verified too late", frozen)
	s.compares(2019, date("2019-01-16"))

	s.on("2019-01-22")
	for _, p := range s.some(9, func(p *simulated) bool { return p.status == "verified" && p.year == 2018 }) {
		s.withdraws(p)
	}
	s.lives()
	for _, p := range s.some(simulatedProjects/10, func(p *simulated) bool { return p.unconfirmed(2019) }) {
		s.confirms(p)
	}
	s.on("2019-01-31")
	s.compares(2019, date("2019-01-31"))
	s.corrects(frozen)
	s.on("2019-02-01")
	s.compares(2019, date("2019-02-01"))
	return frozen
}

func (s *simulation) confirms(p *simulated) {
	s.Helper()
	s.change(p, func(q reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		v := map[string]string{reporting.FieldNote: "已开工", reporting.FieldEvidence: "开工令"}
		return reporting.Reconfirm(p.official(), q, 0, v, day, at)
	})
	p.again(s.day())
}

// after is the spring of 2019: some who forgot confirm late, the rest is
// withdrawn after 90 days, and what happens to projects of 2018 corrects them.
func (s *simulation) after(frozen map[string]simFigure) {
	for _, day := range []string{"2019-02-20", "2019-03-18", "2019-04-15"} {
		s.on(day)
		for _, p := range s.some(8, func(p *simulated) bool { return p.status == "suspended" && p.lapsed != 0 }) {
			s.confirms(p)
		}
		s.lives()
		s.compares(2019, date(day))
		s.isFrozen(day, frozen)
		s.corrects(frozen)
	}
	s.on("2019-05-02")
	s.compares(2019, date("2019-05-02"))
	s.on("2019-05-03")
	if left := s.those(func(p *simulated) bool { return p.lapsed != 0 && p.status == "suspended" }); len(left) > 0 {
		s.Errorf("%d projects wait to be confirmed after 90 days", len(left))
	}
	s.compares(2019, date("2019-05-03"))
	s.isFrozen("at the end", frozen)
	s.corrects(frozen)
	s.statuses()
}

// isFrozen compares the snapshot of 2018 with the figures of the last day of
// grace.
func (s *simulation) isFrozen(what string, frozen map[string]simFigure) {
	s.Helper()
	f, ok, err := s.db.FrozenYear(s.Context(), 2018)
	check(s.T, err)
	if !ok {
		s.Fatal("2018 is not frozen")
	}
	s.matches(what, f.Standings, frozen, 2018)
}

// corrects checks that the snapshot with its corrections is what counts now.
func (s *simulation) corrects(frozen map[string]simFigure) {
	s.Helper()
	corrections, _, err := s.db.Corrections(s.Context(), 2018, reporting.City, 100_000)
	check(s.T, err)
	got := map[string]int{}
	for b, f := range frozen {
		got[b] = f.Credited
	}
	for _, c := range corrections {
		got[c.BodyID] += c.Delta
	}
	want := map[string]int{}
	for b := range got {
		want[b] = 0
	}
	for _, p := range s.those(func(p *simulated) bool { return p.year == 2018 && p.countedNow() }) {
		for _, b := range p.bodies() {
			want[b]++
		}
	}
	same(s.T, "corrected "+s.day().String(), got, want)
}

// statuses compares status, stage and year of every project.
func (s *simulation) statuses() {
	s.Helper()
	want := make([]string, len(s.all))
	for i, p := range s.all {
		want[i] = fmt.Sprintf("%s %s S%d %d %d", p.id, p.status, p.stage, p.year, p.confirmed)
	}
	slices.Sort(want)
	same(s.T, "projects", query(s.T, s.db, `SELECT id || ' ' || status || ' ' || stage || ' ' || CAST(plan_year AS TEXT) || ' ' ||
		CAST(confirmed_for AS TEXT) FROM projects ORDER BY id`), want)
}

// sums compares what came out with what is written here.
func (s *simulation) sums(frozen map[string]simFigure) {
	s.Helper()
	bodies := 0
	for b, f := range frozen {
		if b != reporting.City {
			bodies += f.Credited
		}
	}
	statuses := map[string]int{}
	for _, p := range s.all {
		statuses[p.status]++
	}
	_, corrections, err := s.db.Corrections(s.Context(), 2018, reporting.City, 1)
	check(s.T, err)
	got := strings.Join([]string{
		fmt.Sprintf("%d projects: %v", len(s.all), statuses),
		fmt.Sprintf("2018: %+v, bodies %d, corrections %d", frozen[reporting.City], bodies, corrections),
		fmt.Sprintf("2019: %+v", s.figures(2019)[reporting.City]),
		fmt.Sprintf("carried: %+v", s.pool(2019)[reporting.City]),
	}, "\n")
	s.Log(got)
	if simulatedProjects == fullYear {
		same(s.T, "the year", got, yearOf3000)
	}
}

// fullYear is the number of projects of which the sums are written down.
const fullYear = 3000

const yearOf3000 = `3020 projects: map[merged:82 returned:14 submitted:244 suspended:106 verified:343 withdrawn:2231]
2018: {Credited:2247 Pending:228 Wan:236817411 Stages:[2091 143 13 0]}, bodies 4050, corrections 5462
2019: {Credited:22 Pending:13 Wan:2709493 Stages:[22 0 0 0]}
carried: {Credited:299 Pending:0 Wan:30447888 Stages:[259 37 3 0]}`
