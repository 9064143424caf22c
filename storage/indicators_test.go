package storage

import (
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

func setTarget(db *DB, t *testing.T, once string, i reporting.Indicator, n int64) error {
	_, err := db.ChangeIndicator(t.Context(), once, "jingyue", 2018, func(book reporting.IndicatorBook) (reporting.IndicatorChange, error) {
		return reporting.SetIndicator(reviewer, book, reporting.IndicatorTarget{Indicator: i, Target: n, Reason: "考核办法"}, -1, start.UnixMilli())
	})
	return err
}

// testIndicators computes what a body has reached from register, tallies and
// notes, where it has a target, and keeps it with a frozen year.
func testIndicators(t *testing.T, at string) {
	db, c := seeded(t, at)
	note := func(id, on string, invested reporting.Wan) {
		t.Helper()
		day := date(on)
		at := time.Date(day.Year, day.Month, day.Day, 0, 30, 0, 0, shanghai()).UnixMilli()
		must(t)(db.ChangeProject(t.Context(), "", id, func(p reporting.Project) (reporting.Change, error) {
			p.UpdatedAt = at
			return reporting.Change{Project: p, Event: reporting.Event{At: at, Action: "project.update", Kind: "project", Subject: id}, Note: &reporting.Note{ProjectID: id, At: at, Invested: invested}}, nil
		}))
	}
	one := file(t, db, func(p *reporting.Project) { verify("2018-07-02")(p); p.Path, p.Stage = "R1.3", reporting.S3 })
	two := file(t, db, func(p *reporting.Project) { verify("2018-07-02")(p); p.Path, p.Stage = "R3.1", reporting.S2 })
	file(t, db, func(p *reporting.Project) { verify("2018-07-02")(p); p.Path, p.InvestTotal = "R1.1", 9000 })
	note(one.ID, "2018-01-01", 700)
	note(one.ID, "2018-06-01", 500)
	note(one.ID, "2018-07-01", 0) // says nothing of money
	note(one.ID, "2019-01-01", 9999)
	note(two.ID, "2018-03-01", 100)
	note(two.ID, "2017-12-31", 8888)
	lines := func() []reporting.IndicatorLine {
		t.Helper()
		out, err := db.IndicatorLines(t.Context(), "jingyue", 2018)
		check(t, err)
		return out
	}
	same(t, "without a target", lines(), []reporting.IndicatorLine(nil))
	for range 2 {
		if err := setTarget(db, t, "view/1", reporting.Landed, 20); err != nil && err != reporting.ErrRepeated { //nolint:errorlint // as it comes
			t.Fatal(err)
		}
	}
	check(t, setTarget(db, t, "", reporting.Landed, 4))
	check(t, setTarget(db, t, "", reporting.Promotion, 64000))
	check(t, setTarget(db, t, "", reporting.Funds, 1000))
	want := []reporting.IndicatorLine{
		{BodyID: "jingyue", Year: 2018, Indicator: reporting.Promotion, Target: 64000, Actual: 32000},
		{BodyID: "jingyue", Year: 2018, Indicator: reporting.Landed, Target: 4, Actual: 1},
		{BodyID: "jingyue", Year: 2018, Indicator: reporting.Funds, Target: 1000, Actual: 600},
	}
	same(t, "lines", lines(), want)
	everybody, err := db.IndicatorLines(t.Context(), reporting.City, 2018)
	check(t, err)
	same(t, "of every body", everybody, want)
	other, err := db.IndicatorLines(t.Context(), "kuancheng", 2018)
	check(t, err)
	same(t, "of another", other, []reporting.IndicatorLine(nil))

	c.set(time.Date(2019, 1, 20, 9, 0, 0, 0, shanghai()))
	must(t)(db.Freeze(t.Context(), 2018, reporting.CountNew, 1000, db.now()))
	f, _, err := db.FrozenYear(t.Context(), 2018)
	check(t, err)
	same(t, "frozen", f.Lines("jingyue"), want)
	s, err := db.Standing(t.Context(), "jingyue", 2018, date("2018-12-31"))
	check(t, err)
	same(t, "has targets", s.HasTargets, true)
	check(t, setTarget(db, t, "", reporting.Funds, 0))
	same(t, "taken away", len(lines()), 2)
	book, err := db.IndicatorBook(t.Context(), "jingyue", 2018)
	check(t, err)
	same(t, "versions", []any{len(book.Targets), book.Last(reporting.Landed).Target, book.Last(reporting.Funds).Version}, []any{5, int64(4), 2})
	same(t, "events and messages", []int{
		len(query(t, db, `SELECT action FROM audit WHERE action = 'indicator.set'`)), len(query(t, db, `SELECT key FROM outbox WHERE kind = 'indicator_set'`)),
	}, []int{5, 5})
	_, err = db.IndicatorBook(t.Context(), "nowhere", 2018)
	failsWith(t, err, reporting.NotFound)
	none(t, db)
}

// testTalliesOfBefore gives the tallies that were there their new figures.
func testTalliesOfBefore(t *testing.T, at string) {
	db, _ := seeded(t, at)
	file(t, db, func(p *reporting.Project) {
		verify("2018-07-02")(p)
		p.Path, p.InvestTotal, p.Evidence = "R1.3", 60000, "批复"
	})
	m, err := db.migrator()
	check(t, err)
	must(t)(m.DownTo(t.Context(), 14))
	must(t)(m.Up(t.Context()))
	none(t, db)
	s, err := db.Standing(t.Context(), "jingyue", 2018, date("2018-07-31"))
	check(t, err)
	same(t, "figures", []any{s.Tally.Promoted, s.Tally.Large, s.Tally.Complete}, []any{reporting.Wan(60000), 1, 1})
}
