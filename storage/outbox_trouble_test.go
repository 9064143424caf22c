package storage

import (
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// testTrouble shows what did not go out, and has it tried again.
func testTrouble(t *testing.T, at string) {
	db, clock := seeded(t, at)
	now := start.UnixMilli()
	became := map[string]reporting.Receipt{
		"a sent":      {Outcome: reporting.Sent, Channel: "C1", TS: "1"},
		"b failed":    {Outcome: reporting.Failed, Class: reporting.OurBug, Reason: "invalid_blocks"},
		"c dead":      {Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "user_not_found"},
		"d retried":   {Outcome: reporting.Retry, Class: reporting.Temporary, Reason: "internal_error", RetryAt: now + 60000},
		"e asked":     {Outcome: reporting.Retry, Class: reporting.RateLimited, Reason: "ratelimited", RetryAt: now + 60000},
		"f dead here": {Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "is_archived"},
	}
	for key := range became {
		m := reporting.Message{Key: key, Kind: reporting.SentBack, To: key, DueAt: now}
		if key == "f dead here" {
			m.Kind, m.BodyID = reporting.NudgeMessage, "jingyue"
		}
		plan(t, db, m)
	}
	for _, m := range claim(t, db, start, 10) {
		check(t, db.Settle(t.Context(), m, became[m.Key]))
	}
	plan(t, db, reporting.Message{Key: "g next week", DueAt: now + 7*24*3600*1000}, reporting.Message{Key: "h at once"})
	keys := func(at time.Time, limit int) []string {
		got, err := db.Trouble(t.Context(), at.UnixMilli(), now, limit)
		check(t, err)
		var out []string
		for _, d := range got.Messages {
			out = append(out, d.Key)
		}
		if limit > 5 {
			same(t, "total", got.Total, len(out))
		}
		return out
	}
	same(t, "now", keys(start, 9), []string{"b failed", "c dead", "d retried"})
	same(t, "the first", keys(start, 1), []string{"b failed"})
	same(t, "long due", keys(start.Add(longDue), 9), []string{"h at once", "b failed", "c dead", "d retried", "e asked"})
	got, err := db.Trouble(t.Context(), now, now+1, 9)
	check(t, err)
	same(t, "of later", got.Total, 1)

	e := reporting.Event{Action: "message.resend", Kind: "message"}
	clock.add(time.Second)
	check(t, db.Resend(t.Context(), "once", "b failed", e))
	for name, key := range map[string]string{"sent": "a sent", "unknown": "z"} {
		if err := db.Resend(t.Context(), "", key, e); reporting.CodeOf(err) != reporting.Conflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	again := claim(t, db, start.Add(time.Second), 10)
	same(t, "tried again", keysOf(again), []string{"h at once", "b failed"})
	same(t, "tries", again[1].Attempts, 2)
	if err := db.Resend(t.Context(), "", "b failed", e); reporting.CodeOf(err) != reporting.Conflict {
		t.Errorf("under way: %v", err)
	}
}
