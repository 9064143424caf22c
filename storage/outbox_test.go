package storage

import (
	"strconv"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const lease = 2 * time.Minute

func claim(t *testing.T, db *DB, now time.Time, limit int) []reporting.Message {
	t.Helper()
	m, err := db.Claim(t.Context(), "worker", now.UnixMilli(), now.UnixMilli(), lease, limit)
	check(t, err)
	return m
}

func keysOf(messages []reporting.Message) []string {
	var out []string
	for _, m := range messages {
		out = append(out, m.Key)
	}
	return out
}

func plan(t *testing.T, db *DB, m ...reporting.Message) {
	t.Helper()
	must(t)(db.PlanMessages(t.Context(), m, nil))
}

func testPlan(t *testing.T, at string) {
	db, clock := seeded(t, at)
	nudge := func(week string) reporting.Message {
		return reporting.Message{Key: "nudge/jingyue/" + week, Kind: reporting.NudgeMessage, BodyID: "jingyue", Args: map[string]string{"week": week}, DueAt: 7}
	}
	events := []reporting.Event{{Action: "nudge.now", Kind: "nudge"}}
	first, err := db.PlanMessages(t.Context(), []reporting.Message{nudge("2018-W30"), nudge("2018-W31")}, events)
	check(t, err)
	same(t, "new", first, []reporting.Message{nudge("2018-W30"), nudge("2018-W31")})
	clock.add(time.Minute)
	again, err := db.PlanMessages(t.Context(), []reporting.Message{nudge("2018-W31"), nudge("2018-W32"), nudge("2018-W32")}, nil)
	check(t, err)
	same(t, "new of the second plan", again, []reporting.Message{nudge("2018-W32")})
	none, err := db.PlanMessages(t.Context(), []reporting.Message{nudge("2018-W30")}, events)
	check(t, err)
	same(t, "third plan", len(none), 0)
	same(t, "events", len(query(t, db, `SELECT action FROM audit WHERE kind = 'nudge'`)), 1)

	keys, err := db.PlannedKeys(t.Context(), []string{nudge("2018-W30").Key, "nudge/gxj/2018-W30"})
	check(t, err)
	same(t, "planned keys", keys, map[string]bool{"nudge/jingyue/2018-W30": true})
	keys, err = db.PlannedKeys(t.Context(), nil)
	check(t, err)
	same(t, "no keys", keys, map[string]bool{})
	last, err := db.LastDeliveries(t.Context(), reporting.NudgeMessage, "jingyue", 2)
	check(t, err)
	same(t, "last deliveries", last, []reporting.Delivery{{Message: nudge("2018-W32"), State: "pending"}, {Message: nudge("2018-W31"), State: "pending"}})
	last, err = db.LastDeliveries(t.Context(), reporting.ReviewCard, "jingyue", 2)
	check(t, err)
	same(t, "of another kind", len(last), 0)
}

// testSkip keeps a decision that nothing is owed: it is there under its key,
// nobody is handed it, and nothing owed later takes its place.
func testSkip(t *testing.T, at string) {
	db, _ := seeded(t, at)
	m := reporting.Message{Key: "nudge/jingyue/2018-W31", Kind: reporting.NudgeMessage, BodyID: "jingyue", Skip: "no_task"}
	plan(t, db, m)
	owed := m
	owed.Skip = ""
	fresh, err := db.PlanMessages(t.Context(), []reporting.Message{owed}, nil)
	check(t, err)
	same(t, "owed later in the week", len(fresh), 0)
	same(t, "handed out", keysOf(claim(t, db, start, 10)), []string(nil))
	last, err := db.LastDeliveries(t.Context(), reporting.NudgeMessage, "jingyue", 1)
	check(t, err)
	same(t, "shown", last, []reporting.Delivery{{Message: owed, State: "skipped", Receipt: reporting.Receipt{Outcome: reporting.Skipped, Reason: "no_task"}}})
}

// testTwoClocks claims for a time that was asked for: leases and retries stay
// on the real one.
func testTwoClocks(t *testing.T, at string) {
	db, _ := seeded(t, at)
	asked := start.AddDate(0, 0, 7)
	plan(t, db, reporting.Message{Key: "next week", DueAt: asked.UnixMilli()})
	same(t, "for the real time", keysOf(claim(t, db, start, 10)), []string(nil))
	hand := func(now time.Time) []reporting.Message {
		t.Helper()
		m, err := db.Claim(t.Context(), "asked", asked.UnixMilli(), now.UnixMilli(), lease, 10)
		check(t, err)
		return m
	}
	first := hand(start)
	same(t, "for the asked time", keysOf(first), []string{"next week"})
	same(t, "real times", []int64{first[0].TriedAt, first[0].LeaseUntil}, []int64{start.UnixMilli(), start.Add(lease).UnixMilli()})
	same(t, "leased", keysOf(hand(start.Add(lease-1))), []string(nil))
	check(t, db.Settle(t.Context(), first[0], reporting.Receipt{Outcome: reporting.Retry, RetryAt: start.Add(time.Minute).UnixMilli()}))
	same(t, "before its retry", keysOf(hand(start.Add(time.Minute-1))), []string(nil))
	again := hand(start.Add(time.Minute))
	same(t, "its retry", keysOf(again), []string{"next week"})
	check(t, db.Settle(t.Context(), again[0], reporting.Receipt{Outcome: reporting.Retry, RetryAt: start.Add(time.Minute).UnixMilli()}))
	same(t, "still not for the real time", keysOf(claim(t, db, start.Add(time.Hour), 10)), []string(nil))
}

// testFairClaims hands out a few of a long queue, and beside them the first of
// the others; what is handed back untried was never tried.
func testFairClaims(t *testing.T, at string) {
	db, _ := seeded(t, at)
	for i := range 30 {
		plan(t, db, reporting.Message{Key: "card" + strconv.Itoa(10+i), Kind: reporting.ReviewCard, BodyID: strconv.Itoa(i)})
	}
	plan(t, db, reporting.Message{Key: "nudge", Kind: reporting.NudgeMessage, BodyID: "jingyue", DueAt: 1},
		reporting.Message{Key: "person", Kind: reporting.Approved, To: "U1", DueAt: 1})
	first := claim(t, db, start, 20)
	same(t, "first", keysOf(first), []string{"card10", "card11", "card12", "card13", "card14", "nudge", "person"})
	check(t, db.Settle(t.Context(), first[0], reporting.Receipt{Outcome: reporting.Retry, Untried: true, RetryAt: start.UnixMilli()}))
	again := claim(t, db, start, 20)
	same(t, "then", keysOf(again), []string{"card10", "card15", "card16", "card17", "card18"})
	same(t, "its attempts", again[0].Attempts, 1)
	stale := again[1]
	stale.LeaseUntil--
	check(t, db.Settle(t.Context(), stale, reporting.Receipt{Outcome: reporting.Retry}))
	same(t, "a retry of another lease", query(t, db, `SELECT lease_owner FROM outbox WHERE key = 'card15'`), []string{"worker"})
}

// testMovedChannel lets a post die in the channel that the body had when it was
// claimed: the one it has now stays fine.
func testMovedChannel(t *testing.T, at string) {
	db, _ := seeded(t, at)
	check(t, db.SetChannel(t.Context(), "", "jingyue", "C1", 1, reporting.Event{}))
	plan(t, db, reporting.Message{Key: "n1", Kind: reporting.NudgeMessage, BodyID: "jingyue"})
	m := claim(t, db, start, 1)
	check(t, db.SetChannel(t.Context(), "", "jingyue", "C2", 2, reporting.Event{}))
	check(t, db.Settle(t.Context(), m[0], reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "is_archived", Channel: "C1"}))
	list, err := db.Bodies(t.Context())
	check(t, err)
	b, _ := list.Find("jingyue")
	same(t, "the new channel", []any{b.ChannelID, b.UndeliverableSince}, []any{"C2", int64(0)})
}

func testClaim(t *testing.T, at string) {
	db, _ := seeded(t, at)
	for i, due := range []time.Duration{2, 1, 0, 60} {
		plan(t, db, reporting.Message{Key: "m" + strconv.Itoa(i), DueAt: start.Add(due * time.Minute).UnixMilli()})
	}
	now := start.Add(5 * time.Minute)
	first := claim(t, db, now, 2)
	same(t, "longest due first", keysOf(first), []string{"m2", "m1"})
	same(t, "attempt", []int64{int64(first[0].Attempts), first[0].TriedAt}, []int64{1, now.UnixMilli()})
	same(t, "the others", keysOf(claim(t, db, now, 10)), []string{"m0"})
	same(t, "all leased", keysOf(claim(t, db, now.Add(lease-1), 10)), []string(nil))
	second := claim(t, db, now.Add(lease), 1)
	same(t, "lease run out", keysOf(second), []string{"m2"})
	same(t, "second attempt", []int64{int64(second[0].Attempts), second[0].TriedAt}, []int64{2, now.UnixMilli()})
}

func testSettle(t *testing.T, at string) {
	db, clock := seeded(t, at)
	retryAt := start.Add(time.Hour).UnixMilli()
	tests := []struct {
		receipt reporting.Receipt
		state   string
		sentAt  int64
	}{
		{reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "1.2", Found: true}, "sent", start.Add(time.Second).UnixMilli()},
		{reporting.Receipt{Outcome: reporting.Skipped, Reason: "no longer owed"}, "skipped", 0},
		{reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "is_archived", Channel: "C1"}, "dead", 0},
		{reporting.Receipt{Outcome: reporting.Failed, Class: reporting.OurBug, Reason: "invalid_blocks"}, "failed", 0},
		{reporting.Receipt{Outcome: reporting.Retry, Class: reporting.RateLimited, Reason: "ratelimited", RetryAt: retryAt}, "pending", 0},
	}
	for i, test := range tests {
		plan(t, db, reporting.Message{Key: string(test.receipt.Outcome), Kind: reporting.Approved, BodyID: strconv.Itoa(i)})
	}
	clock.add(time.Second)
	for _, m := range claim(t, db, start, 10) {
		for _, test := range tests {
			if string(test.receipt.Outcome) == m.Key {
				check(t, db.Settle(t.Context(), m, test.receipt, reporting.Message{Key: "after " + m.Key, DueAt: retryAt + 1}))
			}
		}
	}
	for i, test := range tests {
		got, err := db.LastDeliveries(t.Context(), reporting.Approved, strconv.Itoa(i), 1)
		check(t, err)
		if len(got) != 1 {
			t.Fatalf("%s: %d deliveries", test.state, len(got))
		}
		same(t, test.state, []any{got[0].State, got[0].Receipt, got[0].SentAt}, []any{test.state, test.receipt, test.sentAt})
	}
	counts, err := db.OutboxCounts(t.Context())
	check(t, err)
	same(t, "counts, with what follows", counts, map[string]int{"sent": 1, "skipped": 1, "dead": 1, "failed": 1, "pending": 6})

	same(t, "before the retry", keysOf(claim(t, db, start.Add(time.Hour-1), 10)), []string(nil))
	again := claim(t, db, start.Add(time.Hour), 10)
	same(t, "retry", keysOf(again), []string{"retry"})
	stale := again[0]
	stale.Attempts--
	check(t, db.Settle(t.Context(), stale, reporting.Receipt{Outcome: reporting.Retry, RetryAt: 1}))
	same(t, "a retry of an older claim", keysOf(claim(t, db, start.Add(time.Hour), 10)), []string(nil))
	check(t, db.Settle(t.Context(), stale, reporting.Receipt{Outcome: reporting.Sent}))
	check(t, db.Settle(t.Context(), again[0], reporting.Receipt{Outcome: reporting.Failed}, reporting.Message{Key: "too late"}))
	same(t, "settled once", query(t, db, `SELECT state FROM outbox WHERE key IN ('retry', 'too late')`), []string{"sent"})
}

func testDeadNudge(t *testing.T, at string) {
	db, _ := seeded(t, at)
	check(t, db.SetChannel(t.Context(), "", "jingyue", "C1", 1, reporting.Event{}))
	mark := func() [2]any {
		t.Helper()
		list, err := db.Bodies(t.Context())
		check(t, err)
		b, _ := list.Find("jingyue")
		return [2]any{b.UndeliverableSince, b.UndeliverableWhy}
	}
	die := func(key string, kind reporting.MessageKind, channel string) {
		t.Helper()
		plan(t, db, reporting.Message{Key: key, Kind: kind, BodyID: "jingyue"})
		for _, m := range claim(t, db, start, 1) {
			check(t, db.Settle(t.Context(), m, reporting.Receipt{Outcome: reporting.Dead, Reason: "is_archived", Channel: channel},
				reporting.Message{Key: "undeliverable/" + key, DueAt: start.Add(time.Hour).UnixMilli()}))
		}
	}
	die("card", reporting.ReviewCard, "C1")
	same(t, "another kind", mark(), [2]any{int64(0), ""})
	die("n1", reporting.NudgeMessage, "C0")
	same(t, "a channel it had before", mark(), [2]any{int64(0), ""})
	die("n2", reporting.NudgeMessage, "C1")
	same(t, "its channel", mark(), [2]any{start.UnixMilli(), "is_archived"})
	same(t, "follow-up", len(query(t, db, `SELECT key FROM outbox WHERE key = 'undeliverable/n2'`)), 1)
	check(t, db.SetChannel(t.Context(), "", "jingyue", "C1", 2, reporting.Event{}))
	same(t, "repaired", mark(), [2]any{int64(0), ""})
	same(t, "events", len(query(t, db, `SELECT id FROM audit WHERE action = 'body.undeliverable'`)), 1)
}

func testEdits(t *testing.T, at string) {
	db, _ := seeded(t, at)
	plan(t, db, reporting.Message{Key: "card"}, reporting.Message{Key: "update", EditOf: "card"}, reporting.Message{Key: "orphan", EditOf: "gone"})
	first := claim(t, db, start, 10)
	same(t, "an edit waits", keysOf(first), []string{"card", "orphan"})
	same(t, "an edit of nothing", []string{first[1].EditChannel, first[1].EditTS}, []string{"", ""})
	check(t, db.Settle(t.Context(), first[0], reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "1530.7"}))
	edits := claim(t, db, start, 10)
	same(t, "then it comes", keysOf(edits), []string{"update"})
	same(t, "with its place", []string{edits[0].EditOf, edits[0].EditChannel, edits[0].EditTS}, []string{"card", "C1", "1530.7"})
}

// testThreads holds an answer back until the message in whose thread it goes is
// settled.
func testThreads(t *testing.T, at string) {
	db, _ := seeded(t, at)
	plan(t, db, reporting.Message{Key: "nudge"}, reporting.Message{Key: "answer", ThreadOf: "nudge"})
	first := claim(t, db, start, 10)
	same(t, "an answer waits", keysOf(first), []string{"nudge"})
	check(t, db.Settle(t.Context(), first[0], reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "1530.7"}))
	answers := claim(t, db, start, 10)
	same(t, "then it comes", keysOf(answers), []string{"answer"})
	same(t, "with its place", []string{answers[0].ThreadOf, answers[0].ThreadChannel, answers[0].ThreadTS}, []string{"nudge", "C1", "1530.7"})
}
