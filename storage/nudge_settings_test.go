package storage

import (
	"errors"
	"strconv"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// testNudgeSettings: what is set is read by all replicas at once, by version,
// and told in the channel once.
func testNudgeSettings(t *testing.T, at string) {
	db, _ := seeded(t, at)
	other, _ := open(t, at)
	s := reporting.NudgeSetting{
		BodyID: "jingyue", Weekday: "Friday", Time: "16:30", Zone: "Europe/Berlin", Locale: reporting.En,
		PausedUntil: date("2018-08-20"), PausedBy: "U1", PauseReason: "装修", Since: reporting.Week{Year: 2018, Week: 31}, SinceAt: 7,
	}
	to := func(s reporting.NudgeSetting, key string) func(reporting.NudgeSetting) (reporting.NudgeChange, error) {
		return func(old reporting.NudgeSetting) (reporting.NudgeChange, error) {
			s.Version = old.Version
			return reporting.NudgeChange{
				Setting: s, Event: reporting.Event{At: 1, Actor: "U1", Action: "nudge.set", Kind: "nudge", Subject: s.BodyID, After: s},
				Message: reporting.Message{Key: key, Kind: reporting.NudgeChanged, BodyID: s.BodyID},
			}, nil
		}
	}
	before, err := db.Bodies(t.Context())
	check(t, err)
	got, err := db.ChangeNudge(t.Context(), "once", "jingyue", to(s, "1"))
	check(t, err)
	s.Version = 1
	same(t, "first", got, s)
	got, err = db.ChangeNudge(t.Context(), "once", "jingyue", to(reporting.NudgeSetting{BodyID: "jingyue"}, "again"))
	if !errors.Is(err, reporting.ErrRepeated) {
		t.Errorf("delivered again: %v", err)
	}
	same(t, "delivered again", got, s)
	list, err := db.Bodies(t.Context())
	check(t, err)
	same(t, "set", list.Nudges, map[string]reporting.NudgeSetting{"jingyue": s})
	same(t, "a new revision", list.Revision > before.Revision, true)

	refused := reporting.Fail(reporting.Conflict, "err.nudge.same")
	_, err = db.ChangeNudge(t.Context(), "", "jingyue", func(old reporting.NudgeSetting) (reporting.NudgeChange, error) {
		same(t, "read", old, s)
		return reporting.NudgeChange{}, refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("refused: %v", err)
	}
	if _, err := db.ChangeNudge(t.Context(), "", "mars", to(s, "mars")); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("no such body: %v", err)
	}
	plain := reporting.NudgeSetting{BodyID: "jingyue", Version: 2}
	_, err = other.ChangeNudge(t.Context(), "", "jingyue", to(plain, "2"))
	check(t, err)
	list, err = other.Bodies(t.Context())
	check(t, err)
	same(t, "nothing set", list.Nudges["jingyue"], plain)
	same(t, "told and audited", query(t, db, `SELECT key FROM outbox UNION ALL SELECT action FROM audit WHERE kind = 'nudge' ORDER BY 1`),
		[]string{"1", "2", "nudge.set", "nudge.set"})
}

// testTwoNudgeSetters: of two who saw the same, one is told.
func testTwoNudgeSetters(t *testing.T, at string) {
	db, _ := seeded(t, at)
	errs := make(chan error, 2)
	for i := range 2 {
		go func() {
			_, err := db.ChangeNudge(t.Context(), "", "jingyue", func(old reporting.NudgeSetting) (reporting.NudgeChange, error) {
				if old.Version != 0 {
					return reporting.NudgeChange{}, reporting.Fail(reporting.Conflict, "err.nudge.changed")
				}
				old.Time = "10:0" + strconv.Itoa(i)
				return reporting.NudgeChange{Setting: old, Message: reporting.Message{Key: "told", BodyID: "jingyue"}}, nil
			})
			errs <- err
		}()
	}
	var refused int
	for range 2 {
		if err := <-errs; reporting.CodeOf(err) == reporting.Conflict {
			refused++
		} else {
			check(t, err)
		}
	}
	same(t, "refused", refused, 1)
}
