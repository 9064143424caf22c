package storage

import (
	"fmt"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/scheduler"
)

// turn is a database with schedulers of two replicas on a clock of its own.
type turn struct {
	*testing.T
	db    *DB
	clock *clock
	both  []*scheduler.Scheduler
}

func turning(t *testing.T, at string) turn {
	db, c := seeded(t, at)
	w := turn{T: t, db: db, clock: c}
	for range 2 {
		w.both = append(w.both, scheduler.New(db, nil, scheduler.Config{
			Rule: reporting.NudgeRule{Location: shanghai()}, CityTarget: 1000, Now: c.now,
		}))
	}
	return w
}

// on moves the clock to a minute past midnight and has both replicas do what
// the day calls for, twice.
func (w turn) on(day string) {
	w.Helper()
	w.clock.set(date(day).In(shanghai()).Add(time.Minute))
	for _, s := range append(w.both, w.both...) {
		check(w.T, s.Year(w.Context(), w.clock.now()))
	}
}

// change makes a change on the present day.
func (w turn) change(id string, decide func(p reporting.Project, day reporting.Date, at int64) (reporting.Change, error)) reporting.Project {
	w.Helper()
	now := w.clock.now()
	p, err := w.db.ChangeProject(w.Context(), "", id, func(p reporting.Project) (reporting.Change, error) {
		return decide(p, reporting.DateOf(now), now.UnixMilli())
	})
	check(w.T, err)
	return p
}

func approving(p reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
	return reporting.Approve(reviewer, p, 0, day, at)
}

func withdrawing(p reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
	return reporting.Withdraw(official, p, 0, "投资方放弃", day, at)
}

func confirming(p reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
	return reporting.Reconfirm(official, p, 0, map[string]string{"note": "已开工", "evidence": "开工令"}, day, at)
}

// frozenNow is credited, pending and S1 of the frozen 2018.
func (w turn) frozenNow(body string) [3]int {
	w.Helper()
	f, ok, err := w.db.FrozenYear(w.Context(), 2018)
	check(w.T, err)
	if !ok {
		w.Fatal("2018 is not frozen")
	}
	s := f.Of(body)
	return [3]int{s.Tally.Credited, s.Owes(), s.Tally.ByStage[0]}
}

// statuses are status and year confirmed for of the projects, by number.
func (w turn) statuses() []string {
	return query(w.T, w.db, `SELECT status || ' ' || CAST(confirmed_for AS TEXT) FROM projects ORDER BY id`)
}

// testYearEnd lives through the end of 2018 and the beginning of 2019.
func testYearEnd(t *testing.T, at string) {
	w := turning(t, at)
	must(t)(w.db.ImportQuotas(t.Context(), []reporting.Quota{
		{BodyID: "jingyue", Year: 2018, Version: 1, Count: 65, EffectiveFrom: date("2018-01-01")},
		{BodyID: "jingyue", Year: 2018, Version: 2, Count: 60, EffectiveFrom: date("2018-09-01")},
	}, "test", false))
	stays, lapses, goes := file(t, w.db, verify("2018-07-02")), file(t, w.db, verify("2018-07-02")), file(t, w.db, verify("2018-07-02"))
	done := file(t, w.db, func(p *reporting.Project) { verify("2018-07-02")(p); p.Stage = reporting.S4 })
	grace := file(t, w.db, func(p *reporting.Project) { p.SubmittedOn = date("2018-12-31") })

	w.on("2019-01-01")
	ask, _, err := w.db.YearAsk(t.Context(), 2019)
	check(t, err)
	same(t, "due", ask.DueOn, date("2019-01-31"))
	same(t, "asked", query(t, w.db, `SELECT key || args FROM outbox WHERE kind = 'year_ask'`),
		[]string{`confirm/jingyue/2019{"due":"2019-01-31","n":"3","year":"2019"}`})
	w.on("2019-01-10")
	same(t, "verified within the grace", w.change(grace.ID, approving).PlanYear, 2018)
	w.on("2019-01-15")
	if _, ok, err := w.db.FrozenYear(t.Context(), 2018); ok || err != nil {
		t.Errorf("frozen on the last day of grace: %v, %v", ok, err)
	}
	w.on("2019-01-16")
	same(t, "frozen", w.frozenNow("jingyue"), [3]int{5, 60, 4})
	same(t, "frozen city", w.frozenNow(reporting.City), [3]int{5, 1000, 4})
	same(t, "nothing of a body", w.frozenNow("fgw"), [3]int{0, 0, 0})
	same(t, "lines", query(t, w.db, `SELECT CAST(COUNT(*) AS TEXT) FROM frozen_lines`), []string{"15"})
	once := func() {
		t.Helper()
		same(t, "told and audited once", query(t, w.db, `SELECT key FROM outbox WHERE kind = 'year_frozen' UNION ALL
			SELECT action FROM audit WHERE action = 'year.freeze'`), []string{"frozen/2018", "year.freeze"})
	}
	once()

	w.on("2019-01-20")
	same(t, "confirmed", w.change(stays.ID, confirming).CarriedFor(2019), true)
	w.change(goes.ID, withdrawing)
	corrections, n, err := w.db.Corrections(t.Context(), 2018, "jingyue", 5)
	check(t, err)
	same(t, "correction", corrections, []reporting.Correction{{
		Year: 2018, Line: reporting.Line{ProjectID: goes.ID, BodyID: "jingyue", Role: reporting.TerritoryCredit},
		Delta: -1, Why: "project.withdraw", At: w.clock.now().UnixMilli(),
	}})
	same(t, "corrections", n, 1)
	pools, err := w.db.Pools(t.Context(), 2019)
	check(t, err)
	same(t, "pool of the city", pools[0], reporting.Tally{Year: 2019, Credited: 1, Invest: 32000, ByStage: [4]int{1}})
	open, err := w.db.Unconfirmed(t.Context(), "jingyue", 2019, 5)
	check(t, err)
	same(t, "open", []any{open.Total, open.Projects[0].ID}, []any{2, lapses.ID})
	w.change(grace.ID, confirming)

	w.on("2019-01-31")
	same(t, "the last day", w.statuses(), []string{"verified 2019", "verified 0", "withdrawn 0", "verified 0", "verified 2019"})
	w.on("2019-02-01")
	same(t, "not confirmed", w.statuses(), []string{"verified 2019", "suspended 0", "withdrawn 0", "verified 0", "verified 2019"})
	w.on("2019-05-02")
	same(t, "held 90 days", w.statuses()[1], "suspended 0")
	w.on("2019-05-03")
	same(t, "withdrawn", w.statuses()[1], "withdrawn 0")
	w.on("2019-05-04")
	same(t, "each step once", query(t, w.db, `SELECT action || ' ' || actor FROM audit WHERE action LIKE 'year.%' ORDER BY id`),
		[]string{"year.ask mouhua", "year.freeze mouhua", "year.lapse mouhua", "year.withdraw mouhua"})
	same(t, "body told", query(t, w.db, `SELECT key FROM outbox WHERE kind = 'year_step' ORDER BY key`),
		[]string{"year/lapse/jingyue/2019-02-01/" + lapses.ID, "year/withdraw/jingyue/2019-05-03/" + lapses.ID})
	same(t, "still frozen", w.frozenNow("jingyue"), [3]int{5, 60, 4})
	same(t, "credited once", query(t, w.db, `SELECT CAST(COUNT(*) AS TEXT) FROM credits WHERE year <> 2018`), []string{"0"})
	same(t, "finished", must2(w.db.Project(t.Context(), done.ID)).Status, reporting.Verified)
	once()
	none(t, w.db)
}

func must2[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// testHold takes the credit of what is suspended too long, and gives it back.
func testHold(t *testing.T, at string) {
	w := turning(t, at)
	p := file(t, w.db, verify("2018-03-02"))
	w.change(p.ID, func(p reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		return reporting.Suspend(official, p, 0, "资金未到位", day, at)
	})
	w.on("2018-10-29")
	same(t, "held 90 days", tally(t, w.db, "jingyue", "2018-10-29")[0], 1)
	w.on("2018-10-30")
	same(t, "revoked", tally(t, w.db, "jingyue", "2018-10-30")[0], 0)
	same(t, "why", query(t, w.db, `SELECT DISTINCT why || revoked_on FROM credits`), []string{"year.hold2018-10-30"})
	same(t, "suspended still", w.statuses(), []string{"suspended 0"})
	same(t, "told", query(t, w.db, `SELECT key FROM outbox WHERE kind = 'year_step'`), []string{"year/hold/jingyue/2018-10-30/" + p.ID})
	w.change(p.ID, func(p reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		return reporting.Resume(official, p, 0, "资金到位", day, at)
	})
	same(t, "counts again", tally(t, w.db, "jingyue", "2018-10-30")[0], 1)
	none(t, w.db)
}

// testGrace ends projects between the year's last day and its freeze: they
// counted on that day, and are corrected from the start.
func testGrace(t *testing.T, at string) {
	w := turning(t, at)
	withdrawn, held, stays := file(t, w.db, verify("2018-07-02")), file(t, w.db, verify("2018-07-02")), file(t, w.db, verify("2018-07-02"))
	w.on("2018-10-10")
	w.change(held.ID, func(p reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		return reporting.Suspend(official, p, 0, "资金未到位", day, at)
	})
	w.on("2019-01-10")
	w.change(withdrawn.ID, withdrawing)
	w.on("2019-01-16")
	same(t, "frozen", w.frozenNow("jingyue"), [3]int{3, 0, 3})
	same(t, "corrected", query(t, w.db, `SELECT project_id || ' ' || why || ' ' || CAST(delta AS TEXT) FROM corrections WHERE body_id = 'jingyue' ORDER BY project_id`),
		[]string{withdrawn.ID + " project.withdraw -1", held.ID + " year.hold -1"})
	w.on("2019-01-20")
	w.change(stays.ID, withdrawing)
	_, n, err := w.db.Corrections(t.Context(), 2018, "jingyue", 1)
	check(t, err)
	same(t, "corrections", n, 3)
	none(t, w.db)
}

// testOutage catches up after months: the year is frozen, and nobody loses a
// project of which nobody had asked.
func testOutage(t *testing.T, at string) {
	w := turning(t, at)
	file(t, w.db, verify("2018-07-02"))
	w.on("2019-03-10")
	same(t, "frozen late", w.frozenNow("jingyue"), [3]int{1, 0, 1})
	w.on("2019-03-24")
	same(t, "a fortnight to confirm", w.statuses(), []string{"verified 0"})
	w.on("2019-03-25")
	same(t, "suspended", w.statuses(), []string{"suspended 0"})
	p := must2(w.db.Project(t.Context(), "CC-2018-0001"))
	same(t, "taken up again", fmt.Sprint(w.change(p.ID, confirming).Status, w.statuses()), "verified[verified 2019]")
	w.on("2019-03-26")
	same(t, "and left alone", w.statuses(), []string{"verified 2019"})
}

// testCorrectionsNet follows a project of a frozen year through changes.
func testCorrectionsNet(t *testing.T, at string) {
	w := turning(t, at)
	p := file(t, w.db, verify("2018-07-02"))
	w.on("2019-01-16")
	alter(t, w.db, p.ID, "project.grant_change", func(p *reporting.Project) { p.TerritoryBody = "kuancheng" })
	alter(t, w.db, p.ID, "project.grant_change", func(p *reporting.Project) { p.InvestTotal = 9999 })
	alter(t, w.db, p.ID, "project.grant_change", func(p *reporting.Project) { p.InvestTotal = 20000 })
	same(t, "by body", query(t, w.db, `SELECT body_id || ' ' || CAST(SUM(delta) AS TEXT) FROM corrections GROUP BY body_id ORDER BY body_id`),
		[]string{" 0", "gxj 0", "jingyue -1", "kuancheng 1"})
	same(t, "frozen", w.frozenNow("jingyue"), [3]int{1, 0, 1})
	none(t, w.db)
}

// testYearsOfBefore brings a database from before these columns up to date.
func testYearsOfBefore(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := file(t, db, verify("2018-07-02"))
	m, err := db.migrator()
	check(t, err)
	must(t)(m.DownTo(t.Context(), 4))
	must(t)(db.Migrate(t.Context()))
	same(t, "project", must2(db.Project(t.Context(), p.ID)), p)
	none(t, db)
}

// testYearOfBefore freezes a year before Mouhua came: it holds a project that
// was carried over, no body owed anything, and the office is told nothing.
func testYearOfBefore(t *testing.T, at string) {
	w := turning(t, at)
	file(t, w.db, verify("2018-07-02"))
	w.on("2019-01-16")
	same(t, "frozen", w.frozenNow("jingyue"), [3]int{1, 0, 1})
	same(t, "audited, not told", query(t, w.db, `SELECT key FROM outbox WHERE kind = 'year_frozen' UNION ALL
		SELECT action FROM audit WHERE action = 'year.freeze'`), []string{"year.freeze"})
}
