package scheduler

import (
	"testing"
	"testing/synctest"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// setNudge makes a change of b00's nudge as the office does, and returns when the
// next one is said to come.
func (f *fakeStore) setNudge(t *testing.T, decide func(reporting.NudgeState, int64) (reporting.NudgeChange, error), at string) string {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	now := shanghai(at)
	st := reporting.NudgeState{City: rule, Setting: f.notices.settings["b00"], Limits: reporting.DefaultNudgeLimits}
	st.Setting.BodyID = "b00"
	week, _ := st.Rule().Current(now)
	st.Decided = f.rows[reporting.NudgeKey("b00", week)] != nil
	c, err := decide(st, now.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	c.Setting.Version++
	f.notices.settings = map[string]reporting.NudgeSetting{"b00": c.Setting}
	f.revision++
	st.Setting = c.Setting
	_, next := st.Rule().NextOwed(now)
	return next.In(rule.Location).Format("2006-01-02 15:04")
}

// TestSettingsChangeUnderWay: a running scheduler follows what a body sets at
// its next tick, and the next nudge comes when the change says.
func TestSettingsChangeUnderWay(t *testing.T) {
	office := reporting.Actor{UserID: "U1", Role: reporting.Reviewer}
	day := func(weekday string) func(reporting.NudgeState, int64) (reporting.NudgeChange, error) {
		return func(st reporting.NudgeState, at int64) (reporting.NudgeChange, error) {
			return reporting.SetNudge(office, map[string]string{reporting.FieldNudgeWeekday: weekday}, st, st.Setting.Version, at)
		}
	}
	pause := func(st reporting.NudgeState, at int64) (reporting.NudgeChange, error) {
		return reporting.PauseNudge(office, "2018-04-05", "搬迁", st, at)
	}
	resume := func(st reporting.NudgeState, at int64) (reporting.NudgeChange, error) {
		return reporting.ResumeNudge(office, st, at)
	}
	synctest.Test(t, func(t *testing.T) {
		until(shanghai("2018-03-02 12:00"))
		store, courier := newStore(bodies(2, shanghai("2018-03-01 00:00"))...), &fakeCourier{}
		s := New(store, courier, Config{Rule: rule})
		var said []string
		for _, act := range []struct {
			at string
			do func(reporting.NudgeState, int64) (reporting.NudgeChange, error)
		}{
			{"2018-03-06 10:00", day("Friday")}, // after Monday's
			{"2018-03-14 10:00", day("Monday")}, // before Friday's
			{"2018-03-20 10:00", pause},         // over the 26th and the 2nd
			{"2018-04-03 10:00", resume},        // after the 2nd
		} {
			run(t, s, shanghai(act.at))
			said = append(said, store.setNudge(t, act.do, act.at))
		}
		run(t, s, shanghai("2018-04-10 00:00"))
		if diff := gocmp.Diff([]string{"2018-03-16 09:00", "2018-03-16 09:00", "2018-04-09 09:00", "2018-04-09 09:00"}, said); diff != "" {
			t.Errorf("said:\n%s", diff)
		}
		came := map[string][]string{}
		for _, p := range courier.posts {
			body := p.Key[len("nudge/"):][:3]
			came[body] = append(came[body], p.At.In(rule.Location).Format("01-02 15:04"))
		}
		want := map[string][]string{
			"b00": {"03-05 09:00", "03-16 09:00", "03-19 09:00", "04-09 09:00"},
			"b01": {"03-05 09:00", "03-12 09:00", "03-19 09:00", "03-26 09:00", "04-02 09:00", "04-09 09:00"},
		}
		if diff := gocmp.Diff(want, came); diff != "" {
			t.Errorf("came (-want +got):\n%s", diff)
		}
		if r := store.rows["nudge/b00/2018-W13"]; r == nil || r.state != "skipped" || r.Skip != string(reporting.NudgePaused) {
			t.Errorf("the paused week is %+v", r)
		}
	})
}
