package storage

import (
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// testDeadlineCounts counts what each body owes for each deadline, for all at
// once and for one.
func testDeadlineCounts(t *testing.T, at string) {
	db, _ := seeded(t, at)
	of := func(body string, s reporting.Status, edit func(p *reporting.Project)) {
		file(t, db, func(p *reporting.Project) {
			p.ReporterBody, p.Status, p.Stage, p.PlanYear, p.UpdatedAt = body, s, reporting.S1, 2018, 2000
			p.VerifiedOn = reporting.Date{Year: 2018, Month: 3, Day: 1}
			edit(p)
		})
	}
	stale := func(p *reporting.Project) { p.UpdatedAt = 999 }
	of("gxj", reporting.Verified, stale)
	of("gxj", reporting.Carried, stale)
	of("gxj", reporting.Verified, func(*reporting.Project) {})
	of("gxj", reporting.Verified, func(p *reporting.Project) { stale(p); p.Stage = reporting.S4 })
	of("gxj", reporting.Suspended, stale)
	of("fgw", reporting.Verified, stale)
	of("jingyue", reporting.Verified, func(p *reporting.Project) { p.PlanYear = 2017 })
	of("jingyue", reporting.Carried, func(p *reporting.Project) { p.PlanYear, p.ConfirmedFor = 2017, 2018 })
	waits := func(p *reporting.Project) { p.VerifiedOn = reporting.Date{} }
	of("kuancheng", reporting.Submitted, waits)
	of("kuancheng", reporting.Returned, waits)
	of("kuancheng", reporting.Submitted, func(*reporting.Project) {}) // a change of a verified one keeps its year
	must(t)(db.SaveDraft(t.Context(), reporting.Draft{UserID: "U1", BodyID: "jingyue", Values: map[string]string{}}))

	old, young := reporting.Date{Year: 2018, Month: 12, Day: 28}, reporting.Date{Year: 2019, Month: 1, Day: 2}
	for _, c := range []struct {
		name string
		d    reporting.Deadline
		on   reporting.Date
		want map[string]int
	}{
		{"progress", reporting.Deadline{Kind: reporting.ByProgress, Year: 2018}, old, map[string]int{"gxj": 2, "fgw": 1}},
		{"reconfirm", reporting.Deadline{Kind: reporting.ByReconfirm, Year: 2018}, old, map[string]int{"jingyue": 1}},
		{"grace, before the year is over", reporting.Deadline{Kind: reporting.ByGrace, Year: 2018}, old, map[string]int{"kuancheng": 2, "jingyue": 1}},
		{"grace", reporting.Deadline{Kind: reporting.ByGrace, Year: 2018}, young, map[string]int{"kuancheng": 1}},
		{"by standing", reporting.Deadline{Kind: reporting.ByYearEnd, Year: 2018}, old, map[string]int{}},
	} {
		got, err := db.DeadlineCounts(t.Context(), c.d, "", c.on, 1000)
		check(t, err)
		same(t, c.name, got, c.want)
		for _, body := range []string{"gxj", "jingyue", "kuancheng"} {
			one, err := db.DeadlineCounts(t.Context(), c.d, body, c.on, 1000)
			check(t, err)
			same(t, c.name+" of "+body, one[body], c.want[body])
			if len(one) > 1 {
				t.Errorf("%s of %s counts others: %v", c.name, body, one)
			}
		}
	}
}

// testDeliveries reads the messages of many keys with what became of them.
func testDeliveries(t *testing.T, at string) {
	db, _ := seeded(t, at)
	w := reporting.Week{Year: 2018, Week: 31}
	keys := []string{"nudge/none/2018-W31"}
	for _, b := range bodies() {
		keys = append(keys, reporting.NudgeKey(b.ID, w))
		m := reporting.Message{Key: reporting.NudgeKey(b.ID, w), Kind: reporting.NudgeMessage, BodyID: b.ID}
		if b.ID == "fgw" {
			m.Skip = "no_task"
		}
		plan(t, db, m)
	}
	for _, m := range claim(t, db, start, 2) {
		check(t, db.Settle(t.Context(), m, reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: m.Key, Found: m.BodyID == "gxj"}))
	}
	got, err := db.Deliveries(t.Context(), keys)
	check(t, err)
	states := map[string]string{}
	for key, d := range got {
		states[d.BodyID] = d.State
		if key != d.Key {
			t.Errorf("%s under %s", d.Key, key)
		}
		if (d.State == "sent") != (d.SentAt > 0) {
			t.Errorf("%s: %s at %d", key, d.State, d.SentAt)
		}
	}
	same(t, "states", states, map[string]string{"gxj": "sent", "jingyue": "sent", "kuancheng": "pending", "fgw": "skipped"})
	same(t, "reason", got[reporting.NudgeKey("fgw", w)].Receipt.Reason, "no_task")
	same(t, "found", got[reporting.NudgeKey("gxj", w)].Receipt.Found, true)
	none, err := db.Deliveries(t.Context(), nil)
	check(t, err)
	same(t, "of no keys", len(none), 0)
}

// testWeekNews says when something of a week was last written.
func testWeekNews(t *testing.T, at string) {
	db, _ := seeded(t, at)
	w := reporting.Week{Year: 2018, Week: 31}
	news := func() reporting.WeekNews {
		t.Helper()
		n, err := db.WeekNews(t.Context(), w)
		check(t, err)
		return n
	}
	same(t, "nothing", news(), reporting.WeekNews{})
	for i, b := range []string{"gxj", "jingyue"} {
		plan(t, db, reporting.Message{Key: b, Kind: reporting.NudgeMessage, BodyID: b})
		k := reporting.NudgeWeek{BodyID: b, Week: w, Year: 2018, PostedAt: int64(70 + i), Colour: reporting.Red, Level: reporting.Red}
		check(t, db.Settle(t.Context(), claim(t, db, start, 1)[0], reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: b, Week: &k}))
	}
	same(t, "posted", news(), reporting.WeekNews{Posted: 71})
	run(t, db, `UPDATE nudge_weeks SET nothing_at = 80, met_at = 75 WHERE body_id = 'gxj'`, `UPDATE nudge_weeks SET met_at = 78 WHERE body_id = 'jingyue'`)
	same(t, "said", news(), reporting.WeekNews{Posted: 71, Said: 80})
	run(t, db, `INSERT INTO nudge_seen (body_id, week, user_id, at) VALUES ('gxj', '2018-W31', 'U1', 90), ('gxj', '2018-W30', 'U1', 99)`)
	same(t, "seen", news(), reporting.WeekNews{Posted: 71, Said: 90})
}

// testCityChange counts what came within some days.
func testCityChange(t *testing.T, at string) {
	db, _ := seeded(t, at)
	for day := 1; day <= 3; day++ {
		on := reporting.Date{Year: 2018, Month: 7, Day: day}
		p := file(t, db, func(p *reporting.Project) { p.SubmittedOn = on })
		if day > 1 {
			alter(t, db, p.ID, "project.approve", verify(on.String()))
		}
	}
	d := func(day int) reporting.Date { return reporting.Date{Year: 2018, Month: 7, Day: day} }
	got, err := db.CityChange(t.Context(), 2018, d(1), d(2))
	check(t, err)
	same(t, "two days", got, reporting.CityChange{Filed: 2, Credited: 1})
	got, err = db.CityChange(t.Context(), 2018, d(4), d(9))
	check(t, err)
	same(t, "nothing came", got, reporting.CityChange{})
}

// run writes past the store.
func run(t *testing.T, db *DB, statements ...string) {
	t.Helper()
	for _, text := range statements {
		must(t)(db.pool.ExecContext(t.Context(), text))
	}
}
