package storage

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// testRehearsal: what is rehearsed to be said around the turn of a year is what
// is planned, and rehearsing writes nothing.
func testRehearsal(t *testing.T, at string) {
	w := turning(t, at)
	must(t)(w.db.ImportQuotas(t.Context(), []reporting.Quota{{BodyID: "jingyue", Year: 2018, Version: 1, Count: 65, EffectiveFrom: date("2018-01-01")}}, "test", false))
	file(t, w.db, verify("2018-07-02"))
	held := file(t, w.db, verify("2018-07-02"))
	w.clock.set(date("2018-11-20").In(shanghai()))
	w.change(held.ID, func(p reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		return reporting.Suspend(official, p, 0, "资金未到位", day, at)
	})
	total := 0
	for _, day := range []string{"2018-12-31", "2019-01-01", "2019-01-16", "2019-02-01", "2019-02-19", "2019-05-03"} {
		w.clock.set(date(day).In(shanghai()))
		before := query(t, w.db, `SELECT key FROM outbox`)
		rehearsed, err := w.both[0].Rehearse(t.Context(), w.clock.now())
		check(t, err)
		same(t, "written by the rehearsal of "+day, query(t, w.db, `SELECT key FROM outbox`), before)
		for _, s := range w.both {
			_, err := s.Plan(t.Context(), w.clock.now())
			check(t, errors.Join(err, s.Year(t.Context(), w.clock.now()), s.Bulletins(t.Context(), w.clock.now())))
		}
		var want, got []string
		for _, key := range query(t, w.db, `SELECT key FROM outbox`) {
			if !slices.Contains(before, key) {
				want = append(want, key)
			}
		}
		for _, m := range rehearsed {
			got = append(got, m.Key)
		}
		slices.Sort(want)
		slices.Sort(got)
		same(t, day, got, want)
		total += len(got)
	}
	if total < 5 {
		t.Errorf("only %d messages in all", total)
	}
}

// testPending: what waits is shown as it would be claimed, and stays unclaimed.
func testPending(t *testing.T, at string) {
	db, _ := seeded(t, at)
	plan(t, db,
		reporting.Message{Key: "later", DueAt: start.Add(time.Hour).UnixMilli()},
		reporting.Message{Key: "card", Kind: reporting.ReviewCard, DueAt: 1},
		reporting.Message{Key: "edit", Kind: reporting.CardUpdate, EditOf: "card", DueAt: 2},
		reporting.Message{Key: "tried", DueAt: 3},
		reporting.Message{Key: "nothing", Skip: "no_task"},
	)
	for _, m := range claim(t, db, start, 2) {
		r := reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "1.5"}
		if m.Key == "tried" {
			r = reporting.Receipt{Outcome: reporting.Retry, Class: reporting.Temporary, Reason: "internal_error", RetryAt: 9}
		}
		check(t, db.Settle(t.Context(), m, r))
	}
	got, err := db.Pending(t.Context(), start.UnixMilli())
	check(t, err)
	same(t, "pending", got, []reporting.Delivery{
		{State: "pending", Message: reporting.Message{Key: "edit", Kind: reporting.CardUpdate, EditOf: "card", EditChannel: "C1", EditTS: "1.5", DueAt: 2}},
		{State: "pending", Message: reporting.Message{Key: "tried", DueAt: 3, Attempts: 1, TriedAt: start.UnixMilli()},
			Receipt: reporting.Receipt{Outcome: reporting.Retry, Class: reporting.Temporary, Reason: "internal_error", RetryAt: 9}},
	})
}
