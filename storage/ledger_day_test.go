package storage

import (
	"fmt"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// onTheDay is quota, credited, pending, investment and the stages of a body.
func onTheDay(t *testing.T, db *DB, body, day string) string {
	t.Helper()
	all, err := db.StandingsOn(t.Context(), date(day).Year, date(day))
	check(t, err)
	for _, s := range all {
		if s.BodyID == body {
			return fmt.Sprint(s.Owes(), " ", s.Tally.Credited, " ", s.Tally.Pending, " ", int64(s.Tally.Invest), " ", s.Tally.ByStage)
		}
	}
	return "none"
}

// later is an edit that the trail has at the clock's time.
func later(c *clock, edit func(p *reporting.Project)) func(p *reporting.Project) {
	return func(p *reporting.Project) {
		edit(p)
		p.UpdatedAt = c.now().UnixMilli()
	}
}

// testStandingsOn reads days that are over after nearly everything has changed.
func testStandingsOn(t *testing.T, at string) {
	db, c := owing(t, at)
	on := func(day string) { c.set(date(day).In(shanghai()).Add(9 * time.Hour)) }
	change := func(day, id, action string, edit func(p *reporting.Project)) {
		t.Helper()
		on(day)
		alter(t, db, id, action, later(c, edit))
	}
	filed := func(day string) string {
		t.Helper()
		on(day)
		return file(t, db, later(c, func(p *reporting.Project) { p.SubmittedOn = date(day) })).ID
	}
	approve := func(day, id string) {
		t.Helper()
		change(day, id, "project.approve", verify(day))
	}
	withdrawn, moved, grown, waits := filed("2018-06-01"), filed("2018-06-02"), filed("2018-06-03"), filed("2018-06-04")
	approve("2018-06-11", withdrawn)
	approve("2018-06-12", moved)
	approve("2018-06-13", grown)
	change("2018-07-02", withdrawn, "project.withdraw", func(p *reporting.Project) { p.Status = reporting.Withdrawn })
	change("2018-07-03", moved, "project.grant_change", func(p *reporting.Project) { p.TerritoryBody = "kuancheng" })
	change("2018-07-04", grown, "project.advance", func(p *reporting.Project) {
		p.Stage, p.StageSince, p.InvestTotal = reporting.S2, date("2018-07-04"), 60000
	})
	change("2018-07-05", grown, "project.grant_change", func(p *reporting.Project) { p.InvestTotal = 8000 }) // below the line
	change("2018-07-09", grown, "project.grant_change", func(p *reporting.Project) { p.InvestTotal = 70000 })
	approve("2018-07-20", waits)
	on("2018-08-10")

	for _, tt := range []struct{ day, body, want string }{
		{"2018-05-31", "jingyue", "65 0 0 0 [0 0 0 0]"},
		{"2018-06-10", "jingyue", "65 0 4 0 [0 0 0 0]"},
		{"2018-06-10", reporting.City, "0 0 4 0 [0 0 0 0]"},
		{"2018-06-30", "jingyue", "65 3 1 96000 [3 0 0 0]"},
		{"2018-06-30", "kuancheng", "30 0 0 0 [0 0 0 0]"},
		{"2018-06-30", reporting.City, "0 3 1 96000 [3 0 0 0]"},
		{"2018-07-02", "jingyue", "65 2 1 64000 [2 0 0 0]"},
		{"2018-07-03", "jingyue", "65 1 1 32000 [1 0 0 0]"},
		{"2018-07-03", "kuancheng", "30 1 0 32000 [1 0 0 0]"},
		{"2018-07-04", "jingyue", "65 1 1 60000 [0 1 0 0]"},
		{"2018-07-06", "jingyue", "65 0 1 0 [0 0 0 0]"},
		{"2018-07-09", "jingyue", "65 1 1 70000 [0 1 0 0]"},
		{"2018-07-20", "gxj", "0 3 0 134000 [2 1 0 0]"},
		{"2018-08-10", "jingyue", "60 2 0 102000 [1 1 0 0]"},
		{"2018-08-10", "fgw", "none"},
	} {
		same(t, tt.body+" on "+tt.day, onTheDay(t, db, tt.body, tt.day), tt.want)
	}
	now, err := db.Standing(t.Context(), "jingyue", 2018, date("2018-08-10"))
	check(t, err)
	all, err := db.StandingsOn(t.Context(), 2018, date("2018-08-10"))
	check(t, err)
	same(t, "today as it is counted anew", all[2], now)
	testFolds(t, db)
	testFrozenDay(t, db, c, waits)
}

// testFolds reads the same days by sub-path and by stage reached.
func testFolds(t *testing.T, db *DB) {
	t.Helper()
	paths := func(body, day string) []reporting.PathTally {
		t.Helper()
		on := reporting.Date{}
		if day != "" {
			on = date(day)
		}
		out, err := db.Paths(t.Context(), body, 2018, on)
		check(t, err)
		return out
	}
	same(t, "paths of now", paths("jingyue", ""), []reporting.PathTally{{Credited: 2, Invest: 102000}})
	same(t, "paths of a day", paths("jingyue", "2018-06-30"), []reporting.PathTally{{Credited: 3, Invest: 96000}})
	same(t, "paths of the city", paths(reporting.City, "2018-07-03"), []reporting.PathTally{{Credited: 2, Invest: 64000}})
	came := func(from, to string) []reporting.CameIn {
		t.Helper()
		out, err := db.CameIn(t.Context(), 2018, reporting.Days{From: date(from), To: date(to)})
		check(t, err)
		return out
	}
	same(t, "June", came("2018-06-01", "2018-06-30")[0], reporting.CameIn{Credited: 3, Invest: 96000})
	same(t, "July", came("2018-07-01", "2018-07-31"), []reporting.CameIn{
		{Credited: 1, Invest: 32000, Reached: [4]int{0, 1}}, {BodyID: "gxj", Credited: 1, Invest: 32000, Reached: [4]int{0, 1}},
		{BodyID: "jingyue", Credited: 1, Invest: 32000, Reached: [4]int{0, 1}},
	})
	same(t, "May", len(came("2018-05-01", "2018-05-31")), 0)
}

// testFrozenDay reads a day of a year that is frozen: what came to light later
// changes neither the year nor its days.
func testFrozenDay(t *testing.T, db *DB, c *clock, gone string) {
	t.Helper()
	c.set(date("2019-01-16").In(shanghai()).Add(time.Hour))
	must(t)(db.Freeze(t.Context(), 2018, reporting.CountNew, 1000, c.now().UnixMilli()))
	alter(t, db, gone, "project.withdraw", later(c, func(p *reporting.Project) { p.Status, p.EndedOn = reporting.Withdrawn, date("2019-01-16") }))
	same(t, "a day of a frozen year", onTheDay(t, db, "jingyue", "2018-07-31"), "65 2 0 102000 [1 1 0 0]")
	out, err := db.Paths(t.Context(), "jingyue", 2018, reporting.Date{})
	check(t, err)
	same(t, "paths of a frozen year", out, []reporting.PathTally{{Credited: 2, Invest: 102000}})
}
