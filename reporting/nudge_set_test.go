package reporting

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
)

// nudgeBody is one whose nudges are decided as the scheduler does, tick by tick.
type nudgeBody struct {
	t       *testing.T
	now     time.Time
	state   NudgeState
	body    Body
	planned map[string]bool
	got     []string // "2018-W10 Mon 03-05 09:00"
	promise time.Time
}

const nudgeTick = 15 * time.Minute

func mustLoad(t *testing.T, zone string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func nudging(t *testing.T, from string) *nudgeBody {
	t.Helper()
	zone := mustLoad(t, "Asia/Shanghai")
	now, err := time.ParseInLocation("2006-01-02 15:04", from, zone)
	if err != nil {
		t.Fatal(err)
	}
	return &nudgeBody{
		t: t, now: now, planned: map[string]bool{}, body: Body{ID: "jingyue", ChannelID: "C1", ChannelSince: now.UnixMilli()},
		state: NudgeState{
			City:    NudgeRule{Weekday: time.Monday, Hour: 9, Location: zone, DayOff: DayOffNext},
			Setting: NudgeSetting{BodyID: "jingyue"}, Limits: DefaultNudgeLimits,
		},
	}
}

func (n *nudgeBody) clock() string { return n.now.Format("2006-01-02 15:04") }

// until ticks up to a moment.
func (n *nudgeBody) until(at string) {
	n.t.Helper()
	for n.clock() < at {
		n.tick()
		n.now = n.now.Add(nudgeTick)
	}
}

func (n *nudgeBody) tick() {
	n.t.Helper()
	rule := n.state.Rule()
	w, _ := rule.Current(n.now)
	key := w.String()
	_, reason := DecideNudge(n.body, rule, n.now, n.planned[key], true)
	if !reason.Decides() {
		return
	}
	n.planned[key] = true
	if !reason.Owed() {
		return
	}
	if !n.promise.IsZero() && n.now.Sub(n.promise).Abs() >= nudgeTick {
		n.t.Errorf("promised %s, came %s", n.promise.In(n.now.Location()), n.now)
	}
	n.got = append(n.got, key+" "+n.now.In(rule.Location).Format("Mon 01-02 15:04"))
	_, n.promise = rule.NextOwed(n.now)
}

// change makes a change and remembers when the next nudge is said to come.
func (n *nudgeBody) change(decide func(NudgeState, int64) (NudgeChange, error)) {
	n.t.Helper()
	w, _ := n.state.Rule().Current(n.now)
	n.state.Decided = n.planned[w.String()]
	c, err := decide(n.state, n.now.UnixMilli())
	if err != nil {
		n.t.Fatal(err)
	}
	n.state.Setting = c.Setting
	n.state.Setting.Version++
	_, n.promise = n.state.Rule().NextOwed(n.now)
}

var nudgeOffice = Actor{UserID: "UOFFICE", Role: Reviewer}

func setTo(weekday, clock, zone string) func(NudgeState, int64) (NudgeChange, error) {
	return func(old NudgeState, at int64) (NudgeChange, error) {
		v := map[string]string{FieldNudgeWeekday: weekday, FieldNudgeTime: clock, FieldNudgeZone: zone}
		return SetNudge(nudgeOffice, v, old, old.Setting.Version, at)
	}
}

func pauseTo(day string) func(NudgeState, int64) (NudgeChange, error) {
	return func(old NudgeState, at int64) (NudgeChange, error) {
		return PauseNudge(nudgeOffice, day, "装修", old, at)
	}
}

func resumed(old NudgeState, at int64) (NudgeChange, error) { return ResumeNudge(nudgeOffice, old, at) }

type nudgeAct struct {
	at string
	do func(NudgeState, int64) (NudgeChange, error)
}

// TestChangedNudges: no week gets two nudges by a change and none is left out
// but by a pause, and the next comes when the change says.
func TestChangedNudges(t *testing.T) {
	for _, tt := range []struct {
		name string
		acts []nudgeAct
		want []string

		weekends bool // a nudge stays on a day off
	}{
		{"nothing", nil, []string{"2018-W10 Mon 03-05 09:00", "2018-W11 Mon 03-12 09:00", "2018-W12 Mon 03-19 09:00"}, false},
		{"later in a week that was nudged", []nudgeAct{{"2018-03-06 10:00", setTo("Friday", "", "")}},
			[]string{"2018-W10 Mon 03-05 09:00", "2018-W11 Fri 03-16 09:00", "2018-W12 Fri 03-23 09:00"}, false},
		{"later before the hour", []nudgeAct{{"2018-03-05 08:00", setTo("Friday", "", "")}},
			[]string{"2018-W10 Fri 03-09 09:00", "2018-W11 Fri 03-16 09:00", "2018-W12 Fri 03-23 09:00"}, false},
		{"earlier in a week that waits for its nudge", []nudgeAct{
			{"2018-03-04 10:00", setTo("Friday", "", "")}, {"2018-03-07 10:00", setTo("Monday", "", "")},
		}, []string{"2018-W10 Fri 03-09 09:00", "2018-W11 Mon 03-12 09:00", "2018-W12 Mon 03-19 09:00"}, false},
		{"and back again", []nudgeAct{
			{"2018-03-04 10:00", setTo("Friday", "", "")}, {"2018-03-07 10:00", setTo("Monday", "", "")}, {"2018-03-07 11:00", setTo("Friday", "", "")},
		}, []string{"2018-W10 Fri 03-09 09:00", "2018-W11 Fri 03-16 09:00", "2018-W12 Fri 03-23 09:00"}, false},
		{"an hour that is over today", []nudgeAct{{"2018-03-05 08:30", setTo("", "08:00", "")}},
			[]string{"2018-W10 Mon 03-05 09:00", "2018-W11 Mon 03-12 08:00", "2018-W12 Mon 03-19 08:00"}, false},
		{"later today", []nudgeAct{{"2018-03-05 08:30", setTo("", "16:30", "")}},
			[]string{"2018-W10 Mon 03-05 16:30", "2018-W11 Mon 03-12 16:30", "2018-W12 Mon 03-19 16:30"}, false},
		{"later today, after this week's", []nudgeAct{{"2018-03-05 10:00", setTo("", "16:30", "")}},
			[]string{"2018-W10 Mon 03-05 09:00", "2018-W11 Mon 03-12 16:30", "2018-W12 Mon 03-19 16:30"}, false},
		{"a zone in which it is still to come", []nudgeAct{{"2018-03-05 10:00", setTo("", "", "Europe/Berlin")}},
			[]string{"2018-W10 Mon 03-05 09:00", "2018-W11 Mon 03-12 09:00", "2018-W12 Mon 03-19 09:00"}, false},
		{"paused over one", []nudgeAct{{"2018-03-06 10:00", pauseTo("2018-03-14")}},
			[]string{"2018-W10 Mon 03-05 09:00", "2018-W12 Mon 03-19 09:00"}, false},
		{"paused until its day", []nudgeAct{{"2018-03-06 10:00", pauseTo("2018-03-12")}},
			[]string{"2018-W10 Mon 03-05 09:00", "2018-W11 Mon 03-12 09:00", "2018-W12 Mon 03-19 09:00"}, false},
		{"resumed in a week whose hour was in the pause", []nudgeAct{{"2018-03-06 10:00", pauseTo("2018-03-20")}, {"2018-03-13 10:00", resumed}},
			[]string{"2018-W10 Mon 03-05 09:00", "2018-W12 Mon 03-19 09:00"}, false},
		{"resumed before the hour", []nudgeAct{{"2018-03-06 10:00", pauseTo("2018-03-20")}, {"2018-03-11 10:00", resumed}},
			[]string{"2018-W10 Mon 03-05 09:00", "2018-W11 Mon 03-12 09:00", "2018-W12 Mon 03-19 09:00"}, false},
		{"changed in a pause", []nudgeAct{{"2018-03-06 10:00", pauseTo("2018-03-14")}, {"2018-03-13 10:00", setTo("Thursday", "", "")}},
			[]string{"2018-W10 Mon 03-05 09:00", "2018-W12 Thu 03-22 09:00"}, false},
		{"changed in a pause, and once more after it", []nudgeAct{
			{"2018-03-06 10:00", pauseTo("2018-03-20")}, {"2018-03-13 10:00", setTo("Friday", "", "")},
			{"2018-03-13 11:00", resumed}, {"2018-03-14 10:00", setTo("Thursday", "", "")},
		}, []string{"2018-W10 Mon 03-05 09:00", "2018-W12 Thu 03-22 09:00"}, false},
		{"Friday elsewhere, which is a day off here", []nudgeAct{
			{"2018-03-04 10:00", setTo("Friday", "18:00", "Europe/Berlin")}, {"2018-03-10 10:00", setTo("Friday", "18:00", "")},
		}, []string{"2018-W10 Fri 03-09 18:00", "2018-W11 Fri 03-16 18:00", "2018-W12 Fri 03-23 18:00"}, false},
		{"the next week's hour, before this week's in a zone further west", []nudgeAct{
			{"2018-03-06 10:00", setTo("Sunday", "23:45", "Europe/Berlin")}, {"2018-03-19 02:30", setTo("Monday", "00:15", "")},
		}, []string{"2018-W10 Mon 03-05 09:00", "2018-W11 Mon 03-19 06:45", "2018-W12 Tue 03-20 00:15"}, true},
		{"an hour that is over, and the next before the old one", []nudgeAct{
			{"2018-03-06 10:00", setTo("Sunday", "23:45", "Europe/Berlin")}, {"2018-03-13 10:00", setTo("Monday", "00:15", "")},
		}, []string{"2018-W10 Mon 03-05 09:00", "2018-W11 Mon 03-19 06:45", "2018-W12 Tue 03-20 00:15"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := nudging(t, "2018-02-28 00:00")
			if tt.weekends {
				n.state.City.DayOff = DayOffKeep
			}
			for _, act := range tt.acts {
				n.until(act.at)
				n.change(act.do)
			}
			n.until("2018-03-25 00:00")
			if d := cmp.Diff(tt.want, n.got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestDownWhileResumed: a week of a pause that nobody decided gets no nudge
// once the pause has ended, by itself or by hand.
func TestDownWhileResumed(t *testing.T) {
	for name, up := range map[string]string{"by hand": "2018-03-13 10:00", "by itself": "2018-03-15 10:00"} {
		n := nudging(t, "2018-02-28 00:00")
		n.until("2018-03-06 10:00")
		n.change(pauseTo("2018-03-14"))
		for n.clock() < up { // nobody decides
			n.now = n.now.Add(nudgeTick)
		}
		if name == "by hand" {
			n.change(resumed)
		}
		n.until("2018-03-20 00:00")
		if d := cmp.Diff([]string{"2018-W10 Mon 03-05 09:00", "2018-W12 Mon 03-19 09:00"}, n.got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// TestRandomNudgeChanges: whatever is changed and how often, every week has one
// nudge, at the moment that was said.
func TestRandomNudgeChanges(t *testing.T) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	zones := []string{"", "Europe/Berlin", "Pacific/Honolulu", "Pacific/Kiritimati"} // the last two are a day apart
	for range 15 {
		n := nudging(t, "2018-02-26 00:00")
		n.state.City.DayOff = DayOffKeep // a Saturday's would move behind the next Monday's
		n.until("2018-02-26 09:15")
		var acts []string
		for n.clock() < "2018-05-01" {
			n.until(n.now.Add(time.Duration(1+random.IntN(500)) * nudgeTick).Format("2006-01-02 15:04"))
			n.tick()
			day, clock, zone := pick(weekdays), pick([]string{"", "00:15", "08:00", "12:30", "23:45"}), pick(zones)
			if s := n.state.Setting; s.Weekday == day && s.Time == clock && s.Zone == zone {
				continue
			}
			acts = append(acts, fmt.Sprintf("%s: %s %s %s", n.clock(), day, clock, zone))
			n.change(setTo(day, clock, zone))
		}
		n.until("2018-06-01 00:00")
		var weeks []string
		for _, s := range n.got {
			weeks = append(weeks, strings.Fields(s)[0])
		}
		var want []string
		for w := (Week{2018, 9}); len(want) < len(weeks); w = w.Add(1) {
			want = append(want, w.String())
		}
		if !slices.Equal(weeks, want) || len(weeks) < 12 || t.Failed() {
			t.Fatalf("seed %d: changes\n%s\ngave\n%s", seed, strings.Join(acts, "\n"), strings.Join(n.got, "\n"))
		}
	}
}

// nudgeFaults returns the keys of an error, with their fields.
func nudgeFaults(err error) string {
	var faults FieldErrors
	var one *Error
	var out []string
	switch {
	case errors.As(err, &faults):
		for _, e := range faults {
			out = append(out, e.Field+" "+e.Key)
		}
	case errors.As(err, &one):
		out = append(out, one.Key)
	}
	return strings.Join(out, ", ")
}

func TestSetNudgeWithinLimits(t *testing.T) {
	own, other := Actor{UserID: "UO", Role: Official, BodyID: "jingyue"}, Actor{UserID: "UX", Role: Official, BodyID: "gxj"}
	limits := DefaultNudgeLimits
	limits.Zones = []string{"Europe/Berlin"}
	form := func(weekday, clock, zone, locale string) map[string]string {
		return map[string]string{FieldNudgeWeekday: weekday, FieldNudgeTime: clock, FieldNudgeZone: zone, FieldNudgeLocale: locale}
	}
	saturday := NudgeSetting{Weekday: "Saturday", Time: "20:00", Zone: "America/New_York", Version: 3}
	for _, tt := range []struct {
		name  string
		actor Actor
		old   NudgeSetting
		v     map[string]string
		seen  int
		want  string
	}{
		{"allowed", own, NudgeSetting{}, form("Friday", "9:30", "Europe/Berlin", "en"), 0, ""},
		{"full width", own, NudgeSetting{}, form("Friday", "１６：３０", "", ""), 0, ""},
		{"the city's zone by name", own, NudgeSetting{}, form("city", "city", "Asia/Shanghai", "city"), 0, ""},
		{"another body's", other, NudgeSetting{}, form("Friday", "", "", ""), 0, "err.forbidden"},
		{"a leader", Actor{Role: Leader}, NudgeSetting{}, form("Friday", "", "", ""), 0, "err.forbidden"},
		{"a weekend, too early, elsewhere", own, NudgeSetting{}, form("Sunday", "07:59", "America/New_York", ""), 0,
			"nudge_weekday err.nudge.weekday, nudge_time err.nudge.time.range, nudge_zone err.nudge.zone.range"},
		{"too late", own, NudgeSetting{}, form("", "18:01", "", ""), 0, "nudge_time err.nudge.time.range"},
		{"the office may", nudgeOffice, NudgeSetting{}, form("Sunday", "07:59", "America/New_York", ""), 0, ""},
		{"what the office set stays", own, saturday, form("Saturday", "20:00", "America/New_York", "en"), 3, ""},
		{"nonsense", nudgeOffice, NudgeSetting{}, form("Funday", "25:00", "Mars/Base", "de"), 0,
			"nudge_weekday err.choice, nudge_time err.nudge.time, nudge_zone err.nudge.zone, nudge_locale err.choice"},
		{"the zone of the machine", nudgeOffice, NudgeSetting{}, form("", "", "Local", ""), 0, "nudge_zone err.nudge.zone"},
		{"changed meanwhile", own, saturday, form("Friday", "", "", ""), 2, "err.nudge.changed"},
		{"nothing changed", own, saturday, form("Saturday", "20:00", "America/New_York", ""), 3, "err.nudge.same"},
	} {
		tt.old.BodyID = "jingyue"
		state := NudgeState{City: NudgeRule{Weekday: time.Monday, Hour: 9, Location: mustLoad(t, "Asia/Shanghai")}, Setting: tt.old, Limits: limits}
		c, err := SetNudge(tt.actor, tt.v, state, tt.seen, 1520000000000)
		if got := nudgeFaults(err); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if err == nil && (c.Event.Action != "nudge.set" || c.Message.Kind != NudgeChanged || c.Setting.Version != tt.old.Version) {
			t.Errorf("%s: %+v", tt.name, c)
		}
	}
}

func TestPauseWithinLimits(t *testing.T) {
	own := Actor{UserID: "UO", Role: Official, BodyID: "jingyue"}
	zone := mustLoad(t, "Asia/Shanghai")
	at := time.Date(2018, 3, 6, 10, 0, 0, 0, zone).UnixMilli()
	paused := NudgeSetting{PausedUntil: Date{2018, 3, 10}}
	for _, tt := range []struct {
		name               string
		actor              Actor
		old                NudgeSetting
		until, reason, err string
	}{
		{"allowed", own, NudgeSetting{}, "2018-04-03", "装修", ""},
		{"tomorrow", own, NudgeSetting{}, "2018-03-07", "装修", ""},
		{"longer than it may", own, NudgeSetting{}, "2018-04-04", "装修", "nudge_until err.nudge.until.far"},
		{"the office may", nudgeOffice, NudgeSetting{}, "2018-06-30", "装修", ""},
		{"not for years", nudgeOffice, NudgeSetting{}, "2028-06-30", "装修", "nudge_until err.nudge.until.year"},
		{"today", own, NudgeSetting{}, "2018-03-06", "装修", "nudge_until err.nudge.until.past"},
		{"no day, no reason", own, NudgeSetting{}, "soon", " ", "nudge_until err.date, reason err.reason.required"},
		{"another length", own, paused, "2018-03-20", "装修", ""},
		{"another body's", Actor{Role: Official, BodyID: "gxj"}, NudgeSetting{}, "2018-03-20", "装修", "err.forbidden"},
	} {
		tt.old.BodyID = "jingyue"
		state := NudgeState{City: NudgeRule{Weekday: time.Monday, Hour: 9, Location: zone}, Setting: tt.old, Limits: DefaultNudgeLimits}
		if _, err := PauseNudge(tt.actor, tt.until, tt.reason, state, at); nudgeFaults(err) != tt.err {
			t.Errorf("%s: got %q, want %q", tt.name, nudgeFaults(err), tt.err)
		}
	}
	state := NudgeState{City: NudgeRule{Weekday: time.Monday, Hour: 9, Location: zone}, Setting: NudgeSetting{BodyID: "jingyue"}, Limits: DefaultNudgeLimits}
	if _, err := ResumeNudge(own, state, at); nudgeFaults(err) != "err.nudge.not_paused" {
		t.Errorf("resumed what was not paused: %v", err)
	}
	state.Setting.PausedUntil = Date{2018, 3, 6} // over by itself
	if _, err := ResumeNudge(own, state, at); nudgeFaults(err) != "err.nudge.not_paused" {
		t.Errorf("resumed what is over: %v", err)
	}
	state.Setting.PausedUntil = Date{2018, 3, 7}
	if _, err := ResumeNudge(Actor{Role: Leader}, state, at); nudgeFaults(err) != "err.forbidden" {
		t.Errorf("a leader resumed: %v", err)
	}
	if c, err := ResumeNudge(own, state, at); err != nil || !c.Setting.PausedUntil.IsZero() || c.Setting.PauseReason != "" {
		t.Errorf("not resumed: %+v, %v", c, err)
	}
}

func TestNudgeLimitsValid(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*NudgeLimits)
		want   bool
	}{
		"default":       {func(*NudgeLimits) {}, true},
		"a zone":        {func(l *NudgeLimits) { l.Zones = []string{"Europe/Berlin"} }, true},
		"no such zone":  {func(l *NudgeLimits) { l.Zones = []string{"Mars/Base"} }, false},
		"no weekday":    {func(l *NudgeLimits) { l.Weekdays = nil }, false},
		"wrong weekday": {func(l *NudgeLimits) { l.Weekdays = []string{"monday"} }, false},
		"wrong time":    {func(l *NudgeLimits) { l.Earliest = "8:00" }, false},
		"wrong order":   {func(l *NudgeLimits) { l.Earliest = "19:00" }, false},
		"no pause":      {func(l *NudgeLimits) { l.PauseWeeks = 0 }, false},
	} {
		l := DefaultNudgeLimits
		tt.change(&l)
		if got := l.Valid(); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
