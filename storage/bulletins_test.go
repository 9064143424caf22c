package storage

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/scheduler"
)

var (
	terms  = reporting.BulletinTerms{Basis: reporting.CountNew, Target: 1000, Pace: reporting.DefaultThresholds, Rule: reporting.DefaultBulletinRule}
	august = reporting.Date{Year: 2018, Month: time.August, Day: 1}
	july   = reporting.Period{Kind: reporting.Monthly, Year: 2018, N: 7}
	second = reporting.Actor{UserID: "U0SECOND", Role: reporting.Reviewer}
)

// owing is seeded with quotas of 2018.
func owing(t *testing.T, at string) (*DB, *clock) {
	t.Helper()
	db, c := seeded(t, at)
	must(t)(db.ImportQuotas(t.Context(), []reporting.Quota{
		{BodyID: "jingyue", Year: 2018, Version: 1, Count: 65, EffectiveFrom: date("2018-01-01")},
		{BodyID: "jingyue", Year: 2018, Version: 2, Count: 60, EffectiveFrom: date("2018-08-01")},
		{BodyID: "kuancheng", Year: 2018, Version: 1, Count: 30, EffectiveFrom: date("2018-01-01")},
	}, "test", false))
	return db, c
}

func snapshotAt(t *testing.T, db *DB, p reporting.Period) reporting.BulletinSnapshot {
	t.Helper()
	s, err := db.BulletinSnapshot(t.Context(), p, terms)
	check(t, err)
	return s
}

// lineOf is body, quota, credited, added, investment and S1 of a line.
func lineOf(t *testing.T, s reporting.BulletinSnapshot, body string) string {
	t.Helper()
	l, ok := s.Line(body)
	if !ok {
		return "none"
	}
	return fmt.Sprint(l.Owes(), " ", l.Tally.Credited, " ", l.Added, " ", int64(l.Tally.Invest), " ", l.Tally.ByStage[0])
}

// testBulletinSnapshot reads figures of a day on that day and later.
func testBulletinSnapshot(t *testing.T, at string) {
	db, c := owing(t, at)
	early := file(t, db, verify("2018-06-20"))
	moves := file(t, db, verify("2018-07-02"))
	file(t, db, func(p *reporting.Project) { p.SubmittedOn = date("2018-07-30") }) // waits
	s := snapshotAt(t, db, july)
	same(t, "as of", s.AsOf, date("2018-07-31"))
	same(t, "first line", s.Lines[0].BodyID, reporting.City)
	same(t, "city", lineOf(t, s, reporting.City), "1000 2 1 64000 2")
	same(t, "body", lineOf(t, s, "jingyue"), "65 2 1 64000 2")
	same(t, "one without a credit", lineOf(t, s, "kuancheng"), "30 0 0 0 0")
	same(t, "one that owes nothing", lineOf(t, s, "gxj"), "0 2 1 64000 2")
	same(t, "nothing of it", lineOf(t, s, "fgw"), "none")
	line, _ := s.Line("jingyue")
	same(t, "label", line.Label.ZhCN, "净月区")
	same(t, "not of the day", line.Tally.Pending, 0)

	// Days later: the quota of the day, and no project verified since.
	c.set(date("2018-08-20").In(shanghai()))
	file(t, db, verify("2018-08-01"))
	later := snapshotAt(t, db, july)
	same(t, "city, later", lineOf(t, later, reporting.City), "1000 2 1 64000 2")
	same(t, "body, later", lineOf(t, later, "jingyue"), "65 2 1 64000 2")
	same(t, "late", later.Late(shanghai()), true)
	same(t, "nothing changed since", []int{later.Lost, later.Moved}, []int{0, 0})
	same(t, "the quarter's", lineOf(t, snapshotAt(t, db, reporting.Period{Kind: reporting.Quarterly, Year: 2018, N: 2}), "jingyue"), "65 1 1 32000 1")
	// What changed since is told by its number.
	alter(t, db, early.ID, "project.withdraw", func(p *reporting.Project) { p.Status = reporting.Withdrawn })
	alter(t, db, moves.ID, "project.grant_change", func(p *reporting.Project) { p.TerritoryBody = "kuancheng" })
	changed := snapshotAt(t, db, july)
	same(t, "withdrawn and moved since", []string{lineOf(t, changed, "jingyue"), lineOf(t, changed, "kuancheng")}, []string{"65 0 0 0 0", "30 1 1 32000 1"})
	same(t, "and said", []int{changed.Lost, changed.Moved}, []int{1, 1})
}

// testBulletinFrozen takes figures of a frozen year.
func testBulletinFrozen(t *testing.T, at string) {
	db, c := owing(t, at)
	file(t, db, verify("2018-07-02"))
	gone := file(t, db, verify("2018-07-03"))
	c.set(date("2019-01-16").In(shanghai()).Add(time.Hour))
	must(t)(db.Freeze(t.Context(), 2018, reporting.CountNew, 900, c.now().UnixMilli()))
	alter(t, db, gone.ID, "project.withdraw", func(p *reporting.Project) { p.Status = reporting.Withdrawn })
	s := snapshotAt(t, db, reporting.Period{Kind: reporting.Quarterly, Year: 2018, N: 4})
	same(t, "frozen", s.Frozen, true)
	same(t, "city", lineOf(t, s, reporting.City), "900 2 0 64000 2")
	same(t, "body", lineOf(t, s, "jingyue"), "60 2 0 64000 2")
	_, err := db.BulletinSnapshot(t.Context(), july, terms)
	failsWith(t, err, reporting.Conflict)
}

// drafting drafts July's bulletin by Mouhua.
func drafting(t *testing.T, db *DB) reporting.Bulletin {
	t.Helper()
	c, err := reporting.NewBulletin(reporting.System, july, snapshotAt(t, db, july), august, 1)
	check(t, err)
	b, made, err := db.DraftBulletin(t.Context(), "", c)
	check(t, err)
	same(t, "made", made, true)
	return b
}

// testBulletins goes from a draft to a released bulletin and its correction.
func testBulletins(t *testing.T, at string) {
	db, c := owing(t, at)
	file(t, db, verify("2018-07-02"))
	c.set(august.In(shanghai()).Add(time.Minute))
	b := drafting(t, db)
	kept, err := db.Bulletin(t.Context(), "2018-07")
	check(t, err)
	same(t, "round trip", kept, b)

	again, err := reporting.NewBulletin(reviewer, july, b.Snapshot, august, 2)
	check(t, err)
	stands, made, err := db.DraftBulletin(t.Context(), "once", again)
	check(t, err)
	same(t, "drafted again", made, false)
	same(t, "the first stands", stands, b)

	edit := func(b reporting.Bulletin, _ int) (reporting.BulletinChange, error) {
		return reporting.EditBulletin(reviewer, b, 0, map[string]string{
			reporting.FieldBulletinTitle: "七月通报", reporting.FieldBulletinExempt: "kuancheng", reporting.FieldExemptReason: "受灾",
		}, 3)
	}
	edited, err := db.ChangeBulletin(t.Context(), "e", "2018-07", edit)
	check(t, err)
	same(t, "edited", []string{edited.Title, edited.Exempt[0], edited.EditedBy}, []string{"七月通报", "kuancheng", reviewer.UserID})
	repeated, err := db.ChangeBulletin(t.Context(), "e", "2018-07", edit)
	if !errors.Is(err, reporting.ErrRepeated) {
		t.Errorf("delivered again: %v", err)
	}
	same(t, "as it is", repeated, edited)
	_, err = db.ChangeBulletin(t.Context(), "x", "2018-07", edit)
	failsWith(t, err, reporting.Invalid) // nothing changes
	_, err = db.ChangeBulletin(t.Context(), "", "2018-09", edit)
	failsWith(t, err, reporting.NotFound)

	released := release(t, db, "2018-07")
	same(t, "number", released.No, 1)
	same(t, "told once each", query(t, db, `SELECT key FROM outbox WHERE kind LIKE 'bulletin%' ORDER BY key`), []string{
		"bulletin/1/2018/jingyue", "bulletin/1/2018/leaders", "bulletin_card/2018-07", "bulletin_card/2018-07/2", "bulletin_card/2018-07/3", "bulletin_card/2018-07/4",
	})
	same(t, "audited", query(t, db, `SELECT action FROM audit WHERE kind = 'bulletin' ORDER BY id`),
		[]string{"bulletin.draft", "bulletin.edit", "bulletin.check", "bulletin.release"})
	_, err = db.pool.Exec(bulletinUpdate, append(bulletinFields(&released), released.Version)...)
	check(t, err)
	unchanged, err := db.NumberedBulletin(t.Context(), 2018, 1)
	check(t, err)
	same(t, "released never changes", unchanged, released)
	_, err = db.NumberedBulletin(t.Context(), 2018, 2)
	failsWith(t, err, reporting.NotFound)

	fix, err := reporting.CorrectBulletin(reviewer, released, snapshotAt(t, db, july), "漏报", 5)
	check(t, err)
	must(t)(first3(db.DraftBulletin(t.Context(), "", fix)))
	same(t, "the next number", release(t, db, "2018-07~1").No, 2)
	all, err := db.Bulletins(t.Context(), 10)
	check(t, err)
	same(t, "listed", []string{all[0].ID, all[1].ID}, []string{"2018-07~1", "2018-07"})
}

func first3[T, U any](v T, _ U, err error) (T, error) { return v, err }

// release checks and releases a bulletin, each by another.
func release(t *testing.T, db *DB, id string) reporting.Bulletin {
	t.Helper()
	must(t)(db.ChangeBulletin(t.Context(), "", id, func(b reporting.Bulletin, _ int) (reporting.BulletinChange, error) {
		return reporting.CheckBulletin(reviewer, b, 0, 4)
	}))
	b, err := db.ChangeBulletin(t.Context(), "", id, releasing(second))
	check(t, err)
	return b
}

func releasing(a reporting.Actor) func(b reporting.Bulletin, next int) (reporting.BulletinChange, error) {
	return func(b reporting.Bulletin, next int) (reporting.BulletinChange, error) {
		bodies := []reporting.Body{{ID: "jingyue", ChannelID: "C1"}, {ID: "kuancheng"}}
		return reporting.ReleaseBulletin(a, b, 0, next, reporting.BulletinTexts{Title: "通报", Opening: "一", Measures: "二"}, bodies, august, 6)
	}
}

// testBulletinsAtOnce drafts on several replicas and releases twice at once.
func testBulletinsAtOnce(t *testing.T, at string) {
	db, c := owing(t, at)
	c.set(august.In(shanghai()).Add(time.Second))
	var wg sync.WaitGroup
	for range 4 {
		s := scheduler.New(db, nil, scheduler.Config{Rule: reporting.NudgeRule{Location: shanghai()}, Bulletin: terms, Now: c.now})
		wg.Go(func() { check(t, s.Bulletins(t.Context(), c.now())) })
	}
	wg.Wait()
	same(t, "drafted once each", query(t, db, `SELECT key FROM outbox ORDER BY key`), []string{"bulletin_card/2018-07", "bulletin_card/2018-Q2"})
	same(t, "audited once each", query(t, db, `SELECT subject FROM audit WHERE kind = 'bulletin' ORDER BY subject`), []string{"2018-07", "2018-Q2"})

	for _, id := range []string{"2018-07", "2018-Q2"} {
		must(t)(db.ChangeBulletin(t.Context(), "", id, func(b reporting.Bulletin, _ int) (reporting.BulletinChange, error) {
			return reporting.CheckBulletin(reviewer, b, 0, 4)
		}))
	}
	var mu sync.Mutex
	won := map[string]int{}
	for _, id := range []string{"2018-07", "2018-Q2", "2018-07", "2018-Q2"} {
		wg.Go(func() {
			b, err := db.ChangeBulletin(t.Context(), "", id, releasing(second))
			if err != nil {
				failsWith(t, err, reporting.Conflict)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			won[id] += b.No
		})
	}
	wg.Wait()
	if len(won) != 2 || won["2018-07"]+won["2018-Q2"] != 3 {
		t.Errorf("released %v, want each once, under 1 and 2", won)
	}
	same(t, "told once each", query(t, db, `SELECT key FROM outbox WHERE kind = 'bulletin' ORDER BY key`),
		[]string{"bulletin/1/2018/jingyue", "bulletin/1/2018/leaders", "bulletin/2/2018/jingyue", "bulletin/2/2018/leaders"})
}
