package storage

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// testConversations goes on at one place, once and at once, beside others, and
// is forgotten after a month.
func testConversations(t *testing.T, at string) {
	db, clock := seeded(t, at)
	ours := reporting.ConversationKey{Channel: "C1", Thread: "1.1"}
	mine := reporting.ConversationKey{Channel: "C1", Thread: "1.1", UserID: "U1"}
	add := func(what string) func(reporting.Conversation) (string, error) {
		return func(c reporting.Conversation) (string, error) { return c.State + what, nil }
	}
	same(t, "nothing yet", must2(db.Conversation(t.Context(), ours)), reporting.Conversation{Key: ours})
	same(t, "begun", must2(db.Converse(t.Context(), "e1", ours, add("a"))), reporting.Conversation{Key: ours, State: "a", At: clock.now().UnixMilli()})
	if c, err := db.Converse(t.Context(), "e1", ours, add("b")); !errors.Is(err, reporting.ErrRepeated) || c.State != "a" {
		t.Errorf("delivered again: %v %v", c, err)
	}
	refused := reporting.Fail(reporting.Conflict, "err.command.word")
	if _, err := db.Converse(t.Context(), "e2", mine, func(reporting.Conversation) (string, error) { return "x", refused }); !errors.Is(err, refused) {
		t.Errorf("refused: %v", err)
	}
	same(t, "kept as it was", must2(db.Conversation(t.Context(), mine)).State, "")
	must(t)(db.Converse(t.Context(), "e2", mine, add("m")))

	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { must(t)(db.Converse(t.Context(), "", ours, add("+"))) })
	}
	all.Wait()
	same(t, "one after another", must2(db.Conversation(t.Context(), ours)).State, "a++++++++")
	in := must2(db.ConversationsIn(t.Context(), "C1", "1.1"))
	same(t, "in the thread", []string{in[0].State, in[1].State}, []string{"a++++++++", "m"})

	clock.add(32 * 24 * time.Hour)
	must(t)(db.Converse(t.Context(), "", mine, add("n")))
	must(t)(db.Forget(t.Context(), clock.now().Add(-25*time.Hour).UnixMilli()))
	same(t, "forgotten", query(t, db, `SELECT user_id FROM conversations`), []string{"U1"})
}

// testInflow reads what came in, by body and day.
func testInflow(t *testing.T, at string) {
	db, _ := seeded(t, at)
	for _, d := range []int{1, 1, 9} {
		file(t, db, func(p *reporting.Project) {
			p.Status, p.PlanYear, p.VerifiedOn = reporting.Verified, 2018, reporting.Date{Year: 2018, Month: 3, Day: d}
		})
	}
	p := sample()
	on := func(d int) reporting.Date { return reporting.Date{Year: 2018, Month: 3, Day: d} }
	same(t, "of a body", must2(db.Inflow(t.Context(), 2018, reporting.Days{From: on(1), To: on(8)}, p.TerritoryBody)), []reporting.Inflow{{BodyID: p.TerritoryBody, Day: on(1), Credited: 2}})
	whole := reporting.Days{From: on(1), To: on(31)}
	same(t, "of the city", must2(db.Inflow(t.Context(), 2018, whole, reporting.City)), []reporting.Inflow{{Day: on(1), Credited: 2}, {Day: on(9), Credited: 1}})
	same(t, "of all", len(must2(db.Inflow(t.Context(), 2018, whole))), 6)
	same(t, "of another year", len(must2(db.Inflow(t.Context(), 2017, whole))), 0)
}
