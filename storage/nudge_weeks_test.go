package storage

import (
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// testOpenWeek opens a week with the nudge that was sent, once.
func testOpenWeek(t *testing.T, at string) {
	db, _ := seeded(t, at)
	w30, w31 := reporting.Week{Year: 2018, Week: 30}, reporting.Week{Year: 2018, Week: 31}
	send := func(key string, w reporting.NudgeWeek) {
		t.Helper()
		plan(t, db, reporting.Message{Key: key, Kind: reporting.NudgeMessage, BodyID: w.BodyID})
		check(t, db.Settle(t.Context(), claim(t, db, start, 1)[0], reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: key, Week: &w}))
	}
	first := reporting.NudgeWeek{BodyID: "jingyue", Week: w30, Year: 2018, PostedAt: 7, Need: 2, Base: 30, Colour: reporting.Yellow, Level: reporting.Yellow}
	second := first
	second.Week, second.Need = w31, 1
	again := second
	again.Need = 9
	send("n30", first)
	send("n31", second)
	send("now", again)
	first.Version, second.Version = 1, 1
	got, err := db.WeeksOf(t.Context(), "jingyue", 5)
	check(t, err)
	same(t, "of the body", got, []reporting.NudgeWeek{second, first})
	got, err = db.NudgeWeeks(t.Context(), w31)
	check(t, err)
	same(t, "from a week on", got, []reporting.NudgeWeek{second})
	seen, err := db.SeenIn(t.Context(), w31)
	check(t, err)
	same(t, "seen", len(seen), 0)
}
