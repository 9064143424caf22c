package storage

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// testPlanMany plans more than a statement takes, some of it again: the new
// ones come back in the order given.
func testPlanMany(t *testing.T, at string) {
	db, _ := seeded(t, at)
	var all []reporting.Message
	for i := range 1500 {
		all = append(all, reporting.Message{Key: "m" + strconv.Itoa(1500-i), Kind: reporting.Approved, To: "U1", Args: map[string]string{"n": strconv.Itoa(i)}})
	}
	plan(t, db, all[100], all[700])
	fresh, err := db.PlanMessages(t.Context(), append(all, all[3]), nil)
	check(t, err)
	want := append(append(append([]reporting.Message{}, all[:100]...), all[101:700]...), all[701:]...)
	same(t, "new", fresh, want)
	same(t, "kept", query(t, db, `SELECT args FROM outbox WHERE key = 'm1500'`), []string{`{"n":"0"}`})
	counts, err := db.OutboxCounts(t.Context())
	check(t, err)
	same(t, "rows", counts, map[string]int{"pending": 1500})
}

// testCollapse leaves the newest of what supersedes the rest.
func testCollapse(t *testing.T, at string) {
	db, _ := seeded(t, at)
	weekly := func(body string, week int) reporting.Message {
		return reporting.Message{
			Key: fmt.Sprintf("nudge/%s/2018-W%d", body, week), Kind: reporting.NudgeMessage, BodyID: body,
			DueAt: start.AddDate(0, 0, 7*(week-31)).UnixMilli(), Args: map[string]string{"week": fmt.Sprintf("2018-W%d", week)},
		}
	}
	byHand := weekly("jingyue", 30)
	byHand.Key, byHand.Args = "nudge/jingyue/now", map[string]string{"week": "2018-W30", "now": "1"}
	plan(t, db, weekly("jingyue", 29), weekly("jingyue", 30), weekly("jingyue", 31), weekly("jingyue", 32), byHand,
		weekly("gxj", 30), weekly("erdao", 29),
		reporting.Message{Key: "card"}, reporting.Message{Key: "e1", Kind: reporting.CardUpdate, EditOf: "card"},
		reporting.Message{Key: "e2", Kind: reporting.CardUpdate, EditOf: "card", DueAt: 5}, reporting.Message{Key: "e3", Kind: reporting.QuotaDecided, EditOf: "card"})
	// One of them may have been posted: its look-up decides.
	tried := claim(t, db, start.AddDate(0, 0, -8), 10)
	for _, m := range tried {
		r := reporting.Receipt{Outcome: reporting.Retry, Class: reporting.Unknown}
		if m.Key == "card" {
			r = reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "1.2"}
		}
		check(t, db.Settle(t.Context(), m, r))
	}
	now := start.UnixMilli()
	n, err := db.Collapse(t.Context(), now, now)
	check(t, err)
	same(t, "collapsed", n, 2)
	same(t, "which", query(t, db, `SELECT key FROM outbox WHERE state = 'skipped' AND reason = 'stale' ORDER BY key`), []string{"e1", "nudge/jingyue/2018-W30"})
	n, err = db.Collapse(t.Context(), now, now)
	check(t, err)
	same(t, "again", n, 0)
	for _, m := range claim(t, db, start, 20) {
		check(t, db.Settle(t.Context(), m, reporting.Receipt{Outcome: reporting.Sent}))
	}
	plan(t, db, reporting.Message{Key: "e0", Kind: reporting.CardUpdate, EditOf: "card", DueAt: 4})
	n, err = db.Collapse(t.Context(), now, now)
	check(t, err)
	same(t, "older than what was sent", n, 1)
}

func testDueLoad(t *testing.T, at string) {
	db, clock := seeded(t, at)
	load := func() reporting.DueLoad {
		t.Helper()
		l, err := db.DueLoad(t.Context(), start.UnixMilli(), start.UnixMilli())
		check(t, err)
		return l
	}
	same(t, "nothing", load(), reporting.DueLoad{})
	minute := start.Add(-time.Minute).UnixMilli()
	plan(t, db, reporting.Message{Key: "c1", Kind: reporting.ReviewCard}, reporting.Message{Key: "c2", Kind: reporting.QuotaCard},
		reporting.Message{Key: "n", Kind: reporting.NudgeMessage, BodyID: "jingyue", DueAt: minute},
		reporting.Message{Key: "later", To: "U1", DueAt: start.Add(time.Second).UnixMilli()},
		reporting.Message{Key: "run/1", Kind: reporting.RunProgress})
	clock.add(time.Hour)
	same(t, "due", load(), reporting.DueLoad{Messages: 3, Busiest: 2, Oldest: start.UnixMilli()})

	check(t, db.NoteRateWait(t.Context(), "a", minute, 3*time.Second))
	check(t, db.NoteRateWait(t.Context(), "b", start.UnixMilli(), 30*time.Second))
	waits, err := db.RateWaits(t.Context(), minute, start.UnixMilli()+1)
	check(t, err)
	same(t, "waits", waits, reporting.RateWaits{Times: 2, Total: 33 * time.Second})
	waits, err = db.RateWaits(t.Context(), minute, start.UnixMilli())
	check(t, err)
	same(t, "before the second", waits, reporting.RateWaits{Times: 1, Total: 3 * time.Second})
}

// testRepair has a channel repaired by two at once: what died and what waits
// there goes out, and the office is told once.
func testRepair(t *testing.T, at string) {
	db, _ := seeded(t, at)
	check(t, db.SetChannel(t.Context(), "", "jingyue", "C1", 1, reporting.Event{}))
	plan(t, db, reporting.Message{Key: "n31", Kind: reporting.NudgeMessage, BodyID: "jingyue"},
		reporting.Message{Key: "n30", Kind: reporting.NudgeMessage, BodyID: "jingyue"},
		reporting.Message{Key: "quota", Kind: reporting.QuotaSet, BodyID: "jingyue"}, reporting.Message{Key: "other", Kind: reporting.QuotaSet, BodyID: "gxj"})
	hour := start.Add(time.Hour).UnixMilli()
	for _, m := range claim(t, db, start, 10) {
		r := reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "is_archived", Channel: "C1"}
		switch m.Key {
		case "quota":
			r.Outcome, r.RetryAt = reporting.Retry, hour
		case "other":
			r = reporting.Receipt{Outcome: reporting.Retry, Class: reporting.DestinationDead, Channel: "C2", RetryAt: hour}
		}
		check(t, db.Settle(t.Context(), m, r))
	}
	dead, err := db.DeadChannels(t.Context())
	check(t, err)
	same(t, "dead", dead, []string{"C1", "C2"})
	repair := reporting.Repair{Channel: "C1", BodyID: "jingyue", NudgeKey: "n31", Tell: reporting.Message{Key: "repaired/jingyue/1", Kind: reporting.Repaired, BodyID: "jingyue"}}
	done, err := db.Repair(t.Context(), reporting.Repair{Channel: "C9", BodyID: "jingyue"})
	check(t, err)
	same(t, "another channel", done, false)
	for i, want := range []bool{true, false} {
		done, err := db.Repair(t.Context(), repair)
		check(t, err)
		same(t, "repaired, try "+strconv.Itoa(i), done, want)
	}
	list, err := db.Bodies(t.Context())
	check(t, err)
	b, _ := list.Find("jingyue")
	same(t, "deliverable", []any{b.UndeliverableSince, b.UndeliverableWhy}, []any{int64(0), ""})
	again := claim(t, db, start, 10)
	same(t, "goes out", keysOf(again), []string{"n31", "quota", "repaired/jingyue/1"})
	same(t, "looked up first", []int64{int64(again[0].Attempts), again[0].TriedAt}, []int64{2, start.UnixMilli()})
	same(t, "events", len(query(t, db, `SELECT id FROM audit WHERE action = 'body.deliverable'`)), 1)
	dead, err = db.DeadChannels(t.Context())
	check(t, err)
	same(t, "still dead", dead, []string{"C1", "C2"}) // until the waiting one is settled
	check(t, db.Settle(t.Context(), again[1], reporting.Receipt{Outcome: reporting.Sent}))
	dead, err = db.DeadChannels(t.Context())
	check(t, err)
	same(t, "repaired", dead, []string{"C2"})
}
