package storage

import (
	"errors"
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
	change := func(s reporting.NudgeSetting, key string) reporting.NudgeChange {
		return reporting.NudgeChange{
			Setting: s, Event: reporting.Event{At: 1, Actor: "U1", Action: "nudge.set", Kind: "nudge", Subject: s.BodyID, After: s},
			Message: reporting.Message{Key: key, Kind: reporting.NudgeChanged, BodyID: s.BodyID},
		}
	}
	before, err := db.Bodies(t.Context())
	check(t, err)
	check(t, db.SaveNudgeSetting(t.Context(), "once", change(s, "1")))
	if err := db.SaveNudgeSetting(t.Context(), "once", change(s, "1")); !errors.Is(err, reporting.ErrRepeated) {
		t.Errorf("delivered again: %v", err)
	}
	s.Version = 1
	list, err := db.Bodies(t.Context())
	check(t, err)
	same(t, "set", list.Nudges, map[string]reporting.NudgeSetting{"jingyue": s})
	same(t, "a new revision", list.Revision > before.Revision, true)
	first := s
	first.Version = 0
	for name, late := range map[string]reporting.NudgeSetting{"a first one": first, "an older one": {BodyID: "jingyue", Version: 4}} {
		if err := db.SaveNudgeSetting(t.Context(), "", change(late, "late")); reporting.CodeOf(err) != reporting.Conflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	plain := reporting.NudgeSetting{BodyID: "jingyue", Version: 1}
	check(t, other.SaveNudgeSetting(t.Context(), "", change(plain, "2")))
	plain.Version = 2
	list, err = other.Bodies(t.Context())
	check(t, err)
	same(t, "nothing set", list.Nudges["jingyue"], plain)
	same(t, "told and audited", query(t, db, `SELECT key FROM outbox UNION ALL SELECT action FROM audit WHERE kind = 'nudge' ORDER BY 1`),
		[]string{"1", "2", "nudge.set", "nudge.set"})
}
