package reporting

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	livingWeek = Week{Year: 2018, Week: 31}
	livingZone = time.FixedZone("CST", 8*3600)
	livingNow  = time.Date(2018, 7, 31, 14, 5, 0, 0, livingZone) // a Tuesday
	wangOfJY   = Actor{UserID: "UWANG", Role: Official, BodyID: "jingyue"}
	livingRule = NudgeRule{Weekday: time.Monday, Hour: 9, Location: livingZone, Calendar: NewCalendar(nil)}
)

func openLiving() NudgeWeek {
	return NudgeWeek{BodyID: "jingyue", Week: livingWeek, Year: 2018, Need: 2, Version: 1}
}

func TestAcknowledge(t *testing.T) {
	c, err := Acknowledge(wangOfJY, openLiving(), livingWeek, 7)
	if err != nil {
		t.Fatal(err)
	}
	seen := Seen{BodyID: "jingyue", Week: livingWeek, UserID: "UWANG", At: 7}
	want := WeekChange{
		Week: openLiving(), Seen: &seen,
		Event: Event{At: 7, Actor: "UWANG", Action: "nudge.seen", Kind: "nudge", Subject: "jingyue/2018-W31", After: seen},
		Note:  NudgeNote{At: 7, Actor: "UWANG", Action: "nudge.seen"},
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

func TestSnooze(t *testing.T) {
	calendar := NewCalendar([]CalendarYear{{Year: 2018, Version: 1, Days: []Holiday{{Day: Date{Year: 2018, Month: 8, Day: 1}}}}})
	for _, tt := range []struct {
		name string
		days int
		rule func(r *NudgeRule)
		want string
	}{
		{"tomorrow", 1, func(*NudgeRule) {}, "2018-08-01 09:00"},
		{"in three days", 3, func(*NudgeRule) {}, "2018-08-03 09:00"},
		{"a holiday", 1, func(r *NudgeRule) { r.Calendar = calendar }, "2018-08-02 09:00"},
		{"the body's hour", 1, func(r *NudgeRule) { r.Hour, r.Minute = 15, 30 }, "2018-08-01 15:30"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rule := livingRule
			tt.rule(&rule)
			c, err := Snooze(wangOfJY, openLiving(), livingWeek, tt.days, " 等会议 ", rule, livingNow)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.ParseInLocation("2006-01-02 15:04", tt.want, livingZone)
			if err != nil {
				t.Fatal(err)
			}
			day := DateOf(at)
			want := openLiving()
			want.SnoozedTo, want.SnoozedBy, want.SnoozedWhy = day, "UWANG", "等会议"
			if diff := cmp.Diff(want, c.Week); diff != "" {
				t.Error(diff)
			}
			again := []Message{{
				Key: "nudge-again/jingyue/2018-W31/" + day.String(), Kind: NudgeAgain, BodyID: "jingyue", ThreadOf: "nudge/jingyue/2018-W31",
				DueAt: at.UnixMilli(), Args: map[string]string{"week": "2018-W31", "day": day.String()},
			}}
			if diff := cmp.Diff(again, c.Messages); diff != "" {
				t.Error(diff)
			}
			if c.Note != (NudgeNote{At: livingNow.UnixMilli(), Actor: "UWANG", Action: "nudge.snooze", Why: "等会议", Until: day}) {
				t.Errorf("note %+v", c.Note)
			}
		})
	}
}

func TestNothingThisWeek(t *testing.T) {
	c, err := NothingThisWeek(wangOfJY, openLiving(), livingWeek, "项目尚在洽谈", 7)
	want := openLiving()
	want.NothingWhy, want.NothingBy, want.NothingAt = "项目尚在洽谈", "UWANG", 7
	if diff := cmp.Diff(want, c.Week); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestStillSnoozed(t *testing.T) {
	day := Date{Year: 2018, Month: 8, Day: 1}
	for _, tt := range []struct {
		name string
		week NudgeWeek
		want bool
	}{
		{"to this day", NudgeWeek{SnoozedTo: day}, true},
		{"to another since", NudgeWeek{SnoozedTo: day.AddDays(2)}, false},
		{"met since", NudgeWeek{SnoozedTo: day, MetAt: 1}, false},
		{"nothing to come", NudgeWeek{SnoozedTo: day, NothingWhy: "?"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.week.StillSnoozed(day); got != tt.want {
				t.Errorf("still snoozed: %v", got)
			}
		})
	}
}

func TestWeekRefusals(t *testing.T) {
	met, nothing := openLiving(), openLiving()
	met.MetAt, nothing.NothingWhy = 1, "?"
	friday := time.Date(2018, 8, 3, 14, 5, 0, 0, livingZone)
	long := make([]rune, MaxWhy+1)
	for i := range long {
		long[i] = '长'
	}
	ack := func(a Actor, w NudgeWeek, asked Week) error {
		_, err := Acknowledge(a, w, asked, 1)
		return err
	}
	snooze := func(w NudgeWeek, days int, why string, now time.Time) error {
		_, err := Snooze(wangOfJY, w, livingWeek, days, why, livingRule, now)
		return err
	}
	none := func(w NudgeWeek, why string) error {
		_, err := NothingThisWeek(wangOfJY, w, livingWeek, why, 1)
		return err
	}
	for _, tt := range []struct {
		name string
		err  error
		code Code
		key  string
	}{
		{"another body's official", ack(Actor{UserID: "UKC", Role: Official, BodyID: "kuancheng"}, openLiving(), livingWeek), Forbidden, "err.forbidden"},
		{"a leader", ack(Actor{UserID: "ULE", Role: Leader}, openLiving(), livingWeek), Forbidden, "err.forbidden"},
		{"last week's", ack(wangOfJY, openLiving(), Week{Year: 2018, Week: 30}), Conflict, "err.nudge.old"},
		{"posted just now", ack(wangOfJY, openLiving(), Week{Year: 2018, Week: 32}), Conflict, "err.nudge.fresh"},
		{"snoozed when met", snooze(met, 1, "?", livingNow), Conflict, "err.nudge.met"},
		{"snoozed when nothing is to come", snooze(nothing, 1, "?", livingNow), Conflict, "err.nudge.nothing_said"},
		{"snoozed by two days", snooze(openLiving(), 2, "?", livingNow), Invalid, "err.nudge.days"},
		{"snoozed past the next nudge", snooze(openLiving(), 1, "?", friday), Conflict, "err.nudge.late"},
		{"snoozed without a reason", snooze(openLiving(), 1, " ", livingNow), Invalid, "err.nudge.why"},
		{"snoozed for too long a reason", snooze(openLiving(), 1, string(long), livingNow), Invalid, "err.too_long"},
		{"nothing when met", none(met, "?"), Conflict, "err.nudge.met"},
		{"nothing without a reason", none(openLiving(), ""), Invalid, "err.nudge.why"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var e *Error
			if !errors.As(tt.err, &e) || e.Code != tt.code || e.Key != tt.key {
				t.Errorf("refused with %v, want %s %s", tt.err, tt.code, tt.key)
			}
		})
	}
}

func TestEditNudge(t *testing.T) {
	at := time.Date(2018, 7, 31, 6, 5, 0, 0, time.UTC)
	want := Message{
		Key: "nudge-edit/jingyue/2018-W31/201807310605", Kind: NudgeEdit, BodyID: "jingyue", EditOf: "nudge/jingyue/2018-W31",
		DueAt: at.Add(time.Minute).UnixMilli(), Args: map[string]string{"week": "2018-W31", "minute": "201807310605"},
	}
	for _, moment := range []time.Duration{0, time.Second, time.Minute - time.Millisecond} {
		if diff := cmp.Diff(want, EditNudge(openLiving(), at.Add(moment).UnixMilli())); diff != "" {
			t.Errorf("after %s: %s", moment, diff)
		}
	}
	log := LogNudge(want)
	if log.Key != "nudge-log/jingyue/2018-W31/201807310605" || log.ThreadOf != "nudge/jingyue/2018-W31" || log.EditOf != "" {
		t.Errorf("log %+v", log)
	}
}
