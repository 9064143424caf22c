package storage

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// quotaed is seeded with a quota for jingyue.
func quotaed(t *testing.T, at string) (*DB, *clock) {
	t.Helper()
	db, c := seeded(t, at)
	must(t)(db.ImportQuotas(t.Context(), []reporting.Quota{{BodyID: "jingyue", Year: 2018, Count: 60, EffectiveFrom: date("2018-01-01")}}, "test", false))
	return db, c
}

// nudgedAt opens a week of jingyue as its posted nudge does.
func nudgedAt(t *testing.T, db *DB, w reporting.NudgeWeek) {
	t.Helper()
	key := reporting.NudgeKey(w.BodyID, w.Week)
	plan(t, db, reporting.Message{Key: key, Kind: reporting.NudgeMessage, BodyID: w.BodyID})
	for _, m := range claim(t, db, start, 50) {
		if m.Key == key {
			check(t, db.Settle(t.Context(), m, reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: key, Week: &w}))
		}
	}
}

func week31(need int) reporting.NudgeWeek {
	return reporting.NudgeWeek{
		BodyID: "jingyue", Week: reporting.Week{Year: 2018, Week: 31}, Year: 2018, PostedAt: start.UnixMilli(), Need: need,
		Colour: reporting.Red, Level: reporting.Red,
	}
}

// edits are the keys of a body's edits, the first first, less what is the same in all.
func edits(t *testing.T, db *DB) []string {
	t.Helper()
	return query(t, db, `SELECT SUBSTR(key, 29) FROM outbox WHERE kind = 'nudge_edit' AND body_id = 'jingyue' ORDER BY due_at`)
}

func newest(t *testing.T, db *DB) reporting.NudgeWeek {
	t.Helper()
	weeks, err := db.WeeksOf(t.Context(), "jingyue", 1)
	check(t, err)
	return weeks[0]
}

// testNudgeEdits owes one edit a minute, for whatever happens in it.
func testNudgeEdits(t *testing.T, at string) {
	db, clock := quotaed(t, at)
	file(t, db, nil)
	same(t, "without a nudge", len(edits(t, db)), 0)
	w := week31(2)
	w.Base = 1
	nudgedAt(t, db, w)
	same(t, "of the nudge itself", len(edits(t, db)), 0)

	first := file(t, db, nil)
	clock.add(20 * time.Second)
	second := file(t, db, nil)
	same(t, "filed twice within a minute", edits(t, db), []string{"201807310605"})
	same(t, "met", newest(t, db).MetAt, clock.now().UnixMilli())
	due := query(t, db, `SELECT due_at FROM outbox WHERE kind = 'nudge_edit'`)
	same(t, "due at the end of the minute", due, []string{strconv.FormatInt(start.Add(time.Minute).UnixMilli(), 10)})

	clock.add(2 * time.Minute)
	must(t)(db.ChangeProject(t.Context(), "", second.ID, func(p reporting.Project) (reporting.Change, error) {
		return reporting.Return(reviewer, p, 0, "请补充", date("2018-07-31"), clock.now().UnixMilli())
	}))
	same(t, "no longer met", newest(t, db).MetAt, int64(0))
	must(t)(db.ChangeProject(t.Context(), "", first.ID, func(p reporting.Project) (reporting.Change, error) {
		return reporting.Approve(reviewer, p, 0, date("2018-07-31"), clock.now().UnixMilli())
	}))
	same(t, "of two minutes", edits(t, db), []string{"201807310605", "201807310607"})

	clock.add(time.Minute)
	d, err := db.SaveDraft(t.Context(), reporting.Draft{UserID: "U1", BodyID: "jingyue", Values: map[string]string{"name": "x"}})
	check(t, err)
	same(t, "of a draft", len(edits(t, db)), 3)
	clock.add(time.Minute)
	d.Values["name"], d.Stamp = "y", 1
	must(t)(db.SaveDraft(t.Context(), d))
	same(t, "of what is typed in it", len(edits(t, db)), 3)
	check(t, db.DropDraft(t.Context(), d.ID))
	same(t, "of a draft dropped", len(edits(t, db)), 4)
	clock.add(time.Minute)
	quota := reporting.Quota{BodyID: "jingyue", Year: 2018, Version: 2, Count: 0, EffectiveFrom: date("2018-01-01"), Reason: "不再下达"}
	must(t)(db.ChangeQuota(t.Context(), "", "jingyue", 2018, func(reporting.QuotaBook) (reporting.QuotaChange, error) {
		return reporting.QuotaChange{Quota: &quota, Events: []reporting.Event{{Actor: "UAD", Action: "quota.set"}}}, nil
	}))
	same(t, "of a quota", len(edits(t, db)), 5)
	same(t, "met by a quota", newest(t, db).MetAt, clock.now().UnixMilli())

	next := week31(2)
	next.Week.Week = 32
	next.Base = 2
	nudgedAt(t, db, next)
	clock.add(time.Minute)
	file(t, db, nil)
	same(t, "of the next week", query(t, db, `SELECT SUBSTR(key, 1, 27) FROM outbox WHERE kind = 'nudge_edit' ORDER BY due_at DESC LIMIT 1`), []string{"nudge-edit/jingyue/2018-W32"})
	clock.add(longestWeek)
	file(t, db, nil)
	same(t, "of a nudge long ago", len(edits(t, db)), 6)
}

// testNudgeLog tells in the thread what led to an edit, once.
func testNudgeLog(t *testing.T, at string) {
	db, clock := quotaed(t, at)
	nudgedAt(t, db, week31(9))
	p := file(t, db, nil)
	sent := func(r reporting.Receipt) (m reporting.Message) {
		t.Helper()
		for _, c := range claim(t, db, clock.now(), 50) {
			if c.Kind == reporting.NudgeEdit {
				m = c
				check(t, db.Settle(t.Context(), m, r))
			}
		}
		if m.Key == "" {
			t.Fatal("no edit was due")
		}
		return m
	}
	logs := func() []string {
		t.Helper()
		return query(t, db, `SELECT key FROM outbox WHERE kind = 'nudge_log' ORDER BY due_at`)
	}
	clock.add(time.Minute)
	sent(reporting.Receipt{Outcome: reporting.Skipped, Reason: "message_not_found"})
	same(t, "of an edit that was not made", len(logs()), 0)

	// What the first edit did not tell, the second does.
	must(t)(db.ChangeProject(t.Context(), "", p.ID, func(p reporting.Project) (reporting.Change, error) {
		return reporting.Return(reviewer, p, 0, "请补充", date("2018-07-31"), clock.now().UnixMilli())
	}))
	clock.add(time.Minute)
	edit := sent(reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "1"})
	same(t, "log", logs(), []string{"nudge-log/jingyue/2018-W31/201807310606"})
	notes, err := db.NudgeNotes(t.Context(), "jingyue", edit2week(t, edit), edit.Args["minute"])
	check(t, err)
	same(t, "notes", notes, []reporting.NudgeNote{
		{At: start.UnixMilli(), Actor: "U1", Action: "project.submit", Subject: p.ID, Name: p.Name},
		{At: start.Add(time.Minute).UnixMilli(), Actor: reviewer.UserID, Action: "project.return", Subject: p.ID, Name: p.Name, Why: "请补充"},
	})
	answer := claim(t, db, clock.now(), 50)
	same(t, "thread", [2]string{answer[len(answer)-1].ThreadChannel, answer[len(answer)-1].ThreadTS}, [2]string{"C1", "nudge/jingyue/2018-W31"})

	// An edit without anything to tell.
	must(t)(db.SaveDraft(t.Context(), reporting.Draft{UserID: "U1", BodyID: "jingyue"}))
	clock.add(time.Minute)
	sent(reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "1"})
	same(t, "no more logs", len(logs()), 1)
}

func edit2week(t *testing.T, m reporting.Message) reporting.Week {
	t.Helper()
	w, err := m.Week()
	check(t, err)
	return w
}

// testEditUnderWay changes what a nudge says while somebody posts the edit of
// the minute.
func testEditUnderWay(t *testing.T, at string) {
	db, clock := quotaed(t, at)
	nudgedAt(t, db, week31(9))
	file(t, db, nil)
	clock.add(30 * time.Second)
	taken := claim(t, db, start.Add(time.Minute), 50) // by a replica whose clock is ahead
	file(t, db, nil)
	same(t, "beside the one that may have read before", edits(t, db), []string{"201807310605", "201807310606"})
	for _, m := range taken {
		check(t, db.Settle(t.Context(), m, reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "1"}))
	}
	file(t, db, nil)
	same(t, "beside the one that was posted", edits(t, db), []string{"201807310605", "201807310606"})
}

// testFiledWhilePosting files a project between the composing of a nudge and
// its receipt.
func testFiledWhilePosting(t *testing.T, at string) {
	db, _ := quotaed(t, at)
	w := week31(1)
	file(t, db, nil)
	nudgedAt(t, db, w)
	same(t, "edit", len(edits(t, db)), 1)
	same(t, "met", newest(t, db).MetAt, start.UnixMilli())
}

// testFiledAtOnce files many projects of one body at once.
func testFiledAtOnce(t *testing.T, at string) {
	db, _ := quotaed(t, at)
	nudgedAt(t, db, week31(8))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { file(t, db, nil) })
	}
	all.Wait()
	same(t, "edits", edits(t, db), []string{"201807310605"})
	same(t, "met", newest(t, db).MetAt, start.UnixMilli())
	same(t, "lines", len(query(t, db, `SELECT at FROM nudge_notes WHERE body_id = 'jingyue'`)), 8)
}

// testChangeWeek acknowledges, puts off and explains, each once.
func testChangeWeek(t *testing.T, at string) {
	db, clock := quotaed(t, at)
	wang := reporting.Actor{UserID: "UWANG", Role: reporting.Official, BodyID: "jingyue"}
	w31 := week31(2).Week
	ack := func(once string) error {
		return db.ChangeWeek(t.Context(), once, "jingyue", func(w reporting.NudgeWeek) (reporting.WeekChange, error) {
			return reporting.Acknowledge(wang, w, w31, clock.now().UnixMilli())
		})
	}
	failsWith(t, ack("none"), reporting.Conflict)
	nudgedAt(t, db, week31(2))
	check(t, ack("a"))
	for _, once := range []string{"a", "b"} {
		if err := ack(once); !errors.Is(err, reporting.ErrRepeated) {
			t.Errorf("acknowledged again: %v", err)
		}
	}
	seen, err := db.SeenOf(t.Context(), "jingyue", w31)
	check(t, err)
	same(t, "seen", seen, []reporting.Seen{{BodyID: "jingyue", Week: w31, UserID: "UWANG", At: start.UnixMilli()}})
	same(t, "audit", query(t, db, `SELECT subject FROM audit WHERE action = 'nudge.seen'`), []string{"jingyue/2018-W31"})
	same(t, "edit", len(edits(t, db)), 1)

	rule := reporting.NudgeRule{Weekday: time.Monday, Hour: 9, Location: shanghai(), Calendar: reporting.NewCalendar(nil)}
	snooze := func(once, why string) error {
		return db.ChangeWeek(t.Context(), once, "jingyue", func(w reporting.NudgeWeek) (reporting.WeekChange, error) {
			return reporting.Snooze(wang, w, w31, 1, why, rule, clock.now())
		})
	}
	check(t, snooze("s1", "等会议"))
	check(t, snooze("s2", "等批复"))
	same(t, "reminders", query(t, db, `SELECT key FROM outbox WHERE kind = 'nudge_again'`), []string{"nudge-again/jingyue/2018-W31/2018-08-01"})
	got := newest(t, db)
	same(t, "snoozed", []string{got.SnoozedTo.String(), got.SnoozedBy, got.SnoozedWhy}, []string{"2018-08-01", "UWANG", "等批复"})
	check(t, db.ChangeWeek(t.Context(), "n", "jingyue", func(w reporting.NudgeWeek) (reporting.WeekChange, error) {
		return reporting.NothingThisWeek(wang, w, w31, "项目尚在洽谈", clock.now().UnixMilli())
	}))
	got = newest(t, db)
	same(t, "nothing", []string{got.NothingWhy, got.NothingBy}, []string{"项目尚在洽谈", "UWANG"})
	same(t, "in the week", got.StillSnoozed(date("2018-08-01")), false)
}

// testImportNews tells the nudge of a body once of an import.
func testImportNews(t *testing.T, at string) {
	db, _ := quotaed(t, at)
	nudgedAt(t, db, week31(2))
	var rows []reporting.Project
	for i := range 3 {
		p := sample()
		p.ID, p.Status, p.VerifiedOn, p.SubmittedOn = reporting.NewProjectID(2018, 100+i), reporting.Verified, date("2018-07-30"), date("2018-07-30")
		rows = append(rows, p)
	}
	must(t)(db.ImportProjects(t.Context(), rows, "UAD", false))
	same(t, "edits", edits(t, db), []string{"201807310605"})
	same(t, "lines", query(t, db, `SELECT action FROM nudge_notes WHERE body_id = 'jingyue'`), []string{"project.import"})
	same(t, "projects", query(t, db, `SELECT n FROM nudge_notes WHERE body_id = 'jingyue' AND n = 3`), []string{"3"})
	same(t, "met", newest(t, db).MetAt, start.UnixMilli())
}

// testPressesAtOnce has one person acknowledge on several devices, and two
// people put off, at once.
func testPressesAtOnce(t *testing.T, at string) {
	db, _ := quotaed(t, at)
	nudgedAt(t, db, week31(2))
	w31 := week31(2).Week
	act := func(once string, do func(w reporting.NudgeWeek) (reporting.WeekChange, error)) error {
		return db.ChangeWeek(t.Context(), once, "jingyue", do)
	}
	fresh := 0
	for _, err := range together(6, func(i int) error {
		return act("ack"+strconv.Itoa(i), func(w reporting.NudgeWeek) (reporting.WeekChange, error) {
			return reporting.Acknowledge(reporting.Actor{UserID: "UWANG", Role: reporting.Official, BodyID: "jingyue"}, w, w31, start.UnixMilli())
		})
	}) {
		if err == nil {
			fresh++
		} else if !errors.Is(err, reporting.ErrRepeated) {
			t.Error(err)
		}
	}
	same(t, "acknowledged", []int{fresh, len(query(t, db, `SELECT user_id FROM nudge_seen`)), len(query(t, db, `SELECT id FROM audit WHERE action = 'nudge.seen'`))}, []int{1, 1, 1})

	rule := reporting.NudgeRule{Weekday: time.Monday, Hour: 9, Location: shanghai(), Calendar: reporting.NewCalendar(nil)}
	for _, err := range together(2, func(i int) error {
		return act("snooze"+strconv.Itoa(i), func(w reporting.NudgeWeek) (reporting.WeekChange, error) {
			return reporting.Snooze(reporting.Actor{UserID: "U" + strconv.Itoa(i), Role: reporting.Official, BodyID: "jingyue"}, w, w31, 1+2*i, "?", rule, start)
		})
	}) {
		check(t, err)
	}
	got := newest(t, db)
	same(t, "version", got.Version, 4)
	day := map[string]string{"U0": "2018-08-01", "U1": "2018-08-03"}[got.SnoozedBy]
	same(t, "who put it off last, and to when", got.SnoozedTo.String(), day)
	same(t, "reminders", len(query(t, db, `SELECT key FROM outbox WHERE kind = 'nudge_again'`)), 2)
	same(t, "edits", edits(t, db), []string{"201807310605"})
	same(t, "lines", len(query(t, db, `SELECT at FROM nudge_notes`)), 3)
}
