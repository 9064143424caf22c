package commands

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

func (s *shelf) ChangeNudge(_ context.Context, once, body string, decide func(reporting.NudgeSetting) (reporting.NudgeChange, error)) (reporting.NudgeSetting, error) {
	old := s.bodies.Nudges[body]
	old.BodyID = body
	if _, ok := s.seen[once]; ok && once != "" {
		return old, reporting.ErrRepeated
	}
	c, err := decide(old)
	if err != nil {
		return old, err
	}
	if s.bodies.Nudges == nil {
		s.bodies.Nudges = map[string]reporting.NudgeSetting{}
	}
	c.Setting.Version++
	s.bodies.Nudges[body], s.seen[once] = c.Setting, body
	s.sent, s.events = append(s.sent, c.Message), append(s.events, c.Event)
	return c.Setting, s.away
}

func TestNudgeSetRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		said typed
		want string
	}{
		"another body's":        {typed{user: "UKC", text: "set 净月"}, "forbidden err.forbidden"},
		"a leader":              {typed{user: "ULE", text: "设置 净月"}, "forbidden err.forbidden"},
		"pause another body's":  {typed{user: "UKC", text: "pause 净月 until 2018-08-20 x"}, "forbidden err.forbidden"},
		"resume another body's": {typed{user: "UKC", text: "resume 净月"}, "forbidden err.forbidden"},
		"nobody's":              {typed{user: "URE", text: "set"}, "invalid err.body.needed"},
		"unknown":               {typed{user: "URE", text: "pause 火星 until 2018-08-20 x"}, "not_found err.body.unknown"},
		"not paused":            {typed{user: "UJY", text: "恢复"}, "conflict err.nudge.not_paused"},
		"ended":                 {typed{user: "URE", text: "set 绿园"}, "conflict err.body.ended"},
	} {
		a, l := city(t)
		l.body("lvyuan").EndsOn = reporting.Date{Year: 2018, Month: 6, Day: 30}
		c.said.command = "nudge"
		if _, err := l.ask(t, a, c.said); refusal(err) != c.want {
			t.Errorf("%s: got %s, want %s", name, refusal(err), c.want)
		}
	}
	a, l := city(t)
	_, err := l.ask(t, a, typed{user: "UJY", command: "nudge", text: "pause until 2018-12-20 搬迁"})
	if text, _ := a.words.Explain(reporting.ZhCN, err, ""); !strings.Contains(text, "2018-08-28") || !strings.Contains(text, "办公室") {
		t.Errorf("too long a pause: %v %s", err, text)
	}
}

// TestNudgeSet opens the form, is refused at its fields, saves, and says when
// the next one comes, to the person and to the channel.
func TestNudgeSet(t *testing.T) {
	a, l := city(t)
	a.cfg.NudgeLimits.Zones = []string{"Europe/Berlin"}
	woken := 0
	a.cfg.Wake = func() { woken++ }
	l.planned = []reporting.Delivery{{Message: nudgeOf("jingyue", "2018-W31"), State: "sent"}}
	r, err := l.ask(t, a, typed{user: "UJY", channel: "CJY", command: "nudge", text: "设置"})
	if err != nil {
		t.Fatal(err)
	}
	f := r.Form
	if days, zones := field(t, f, reporting.FieldNudgeWeekday).Options, field(t, f, reporting.FieldNudgeZone).Options; len(days) != 6 || len(zones) != 2 {
		t.Errorf("days %v, zones %v", days, zones)
	}
	wrong := submitted(t, a, "UJY", f, "s/1", map[string]string{
		reporting.FieldNudgeWeekday: "Sunday", reporting.FieldNudgeTime: "06:00", reporting.FieldNudgeZone: "America/New_York",
	})
	for id, want := range map[string]string{
		reporting.FieldNudgeWeekday: "每周一、每周二", reporting.FieldNudgeTime: "08:00 至 18:00", reporting.FieldNudgeZone: "CST、Europe/Berlin",
	} {
		if !strings.Contains(wrong.Errors[id], want) {
			t.Errorf("%s: %q lacks %q", id, wrong.Errors[id], want)
		}
	}
	v := map[string]string{
		reporting.FieldNudgeWeekday: "Friday", reporting.FieldNudgeTime: "16:30", reporting.FieldNudgeZone: "city", reporting.FieldNudgeLocale: "en",
	}
	for range 2 { // delivered twice
		got := submitted(t, a, "UJY", f, "s/2", v)
		if got.Tell == nil || got.TellIn != "CJY" {
			t.Fatalf("got %+v", got)
		}
		// This week's is out: the next is that of the next week.
		for _, want := range []string{"净月高新区的每周提醒现为每周五 16:30，频道语言为英文", "下次提醒：2018年8月10日 16:30，第32周", "nudge.show jingyue"} {
			if text := plainText(got.Tell); !strings.Contains(text, want) {
				t.Errorf("want %q in\n%s", want, text)
			}
		}
	}
	if woken != 1 || len(l.events) != 1 || l.events[0].Action != "nudge.set" || len(l.sent) != 1 {
		t.Fatalf("woken %d, events %v, messages %v", woken, l.events, l.sent)
	}
	if got := submitted(t, a, "UJY", f, "s/3", v); got.Errors[reporting.FieldNudgeWeekday] == "" {
		t.Errorf("saved a form that was overtaken: %+v", got)
	}
	out, err := a.Compose(context.Background(), l.sent[0])
	if err != nil || out.Channel != "CJY" || out.Locale != reporting.En {
		t.Fatalf("%+v, %v", out, err)
	}
	for _, want := range []string{"# The weekly nudge has changed", "is now nudged on Fridays at 16:30, in English", "The next nudge comes 10 August 2018, 16:30", "Set by @UJY"} {
		if text := plainText(out.Reply); !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	l.bodies.Nudges["jingyue"] = reporting.NudgeSetting{BodyID: "jingyue", Version: 2}
	if out, err := a.Compose(context.Background(), l.sent[0]); err != nil || out.Skip != "overtaken" {
		t.Errorf("an older change is told: %+v, %v", out, err)
	}
}

// TestOfficeNamesAnyZone: the office is not bound.
func TestOfficeNamesAnyZone(t *testing.T) {
	a, l := city(t)
	r, err := l.ask(t, a, typed{user: "URE", command: "nudge", text: "set 净月", locale: reporting.En})
	if err != nil {
		t.Fatal(err)
	}
	v := map[string]string{reporting.FieldNudgeWeekday: "Saturday", reporting.FieldNudgeTime: "20:00", reporting.FieldNudgeZone: "America/New_York", reporting.FieldNudgeLocale: "city"}
	got := submitted(t, a, "URE", r.Form, "s/1", v)
	if got.Tell == nil || !strings.Contains(plainText(got.Tell), "Saturdays at 20:00 (America/New_York)") {
		t.Errorf("%+v", got)
	}
	shown, err := l.ask(t, a, typed{user: "UJY", command: "nudge", text: "show"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"提醒时间: 每周六 20:00（America/New_York 时间）（本单位设置）", "频道语言: 简体中文", "20:00（America/New_York 时间）"} {
		if text := plainText(shown.Reply); !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
}

func TestNudgePauseAndResume(t *testing.T) {
	for _, words := range []string{
		"pause 净月 until 2018-08-20 机构  调整", "暂停 净月 至 8月20日 机构 调整", "暫停 至2018年8月20日 机构 调整", "pause jingyue 8/20 机构 调整",
	} {
		a, l := city(t)
		l.planned = []reporting.Delivery{{Message: nudgeOf("jingyue", "2018-W31"), State: "sent"}}
		r, err := l.ask(t, a, typed{user: "UJY", command: "nudge", text: words})
		if err != nil {
			t.Fatalf("%s: %v", words, err)
		}
		for _, want := range []string{"净月高新区的每周提醒暂停，到2018年8月20日恢复", "机构 调整", "下次提醒：2018年8月20日 09:00，第34周"} {
			if text := plainText(r.Reply); !strings.Contains(text, want) {
				t.Errorf("%s: want %q in\n%s", words, want, text)
			}
		}
		s := l.bodies.Nudges["jingyue"]
		if d := cmp.Diff(reporting.NudgeSetting{BodyID: "jingyue", PausedUntil: reporting.Date{Year: 2018, Month: 8, Day: 20}, PausedBy: "UJY", PauseReason: "机构 调整", Version: 1}, s); d != "" {
			t.Errorf("%s: %s", words, d)
		}
	}
	a, l := city(t)
	l.bodies.Nudges = map[string]reporting.NudgeSetting{"jingyue": {
		BodyID: "jingyue", PausedUntil: reporting.Date{Year: 2018, Month: 8, Day: 20}, PausedBy: "UJY", PauseReason: "机构调整", Version: 3,
	}}
	if out, err := a.Compose(context.Background(), nudgeOf("jingyue", "2018-W31")); err != nil || out.Skip != "paused" {
		t.Errorf("posted in the pause: %+v, %v", out, err)
	}
	shown, err := l.ask(t, a, typed{user: "UJY", command: "nudge", text: "show"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2018年8月20日 09:00（第34周", "目前暂停", "暂停: 到2018年8月20日恢复，设置人：@UJY，原因：机构调整", "nudge.resume jingyue"} {
		if text := plainText(shown.Reply); !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	// This week's hour lay in the pause.
	r, err := l.ask(t, a, typed{user: "UJY", command: "nudge", text: "resume"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"已恢复", "下次提醒：2018年8月6日 09:00，第32周", "不再补发"} {
		if text := plainText(r.Reply); !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	if out, err := a.Compose(context.Background(), l.sent[0]); err != nil || !strings.Contains(plainText(out.Reply), "已恢复") {
		t.Errorf("%+v, %v", out, err)
	}
}

// TestPauseAsks: what words leave out is asked for, with what they have.
func TestPauseAsks(t *testing.T) {
	for words, until := range map[string]string{"pause": "", "pause 净月": "", "pause until 8月20日": "2018-08-20"} {
		a, l := city(t)
		r, err := l.ask(t, a, typed{user: "UJY", channel: "CJY", command: "nudge", text: words})
		if err != nil || r.Form == nil {
			t.Fatalf("%s: %+v, %v", words, r, err)
		}
		if got := field(t, r.Form, reporting.FieldNudgeUntil).Value; got != until {
			t.Errorf("%s: the day is %q, want %q", words, got, until)
		}
		wrong := submitted(t, a, "UJY", r.Form, "p/1", map[string]string{reporting.FieldNudgeUntil: "2018-07-31"})
		if !strings.Contains(wrong.Errors[reporting.FieldNudgeUntil], "2018-08-01") || wrong.Errors[reporting.FieldReason] == "" {
			t.Errorf("%s: %+v", words, wrong)
		}
		got := submitted(t, a, "UJY", r.Form, "p/2", map[string]string{reporting.FieldNudgeUntil: "2018-08-20", reporting.FieldReason: "机构调整"})
		if got.Tell == nil || !strings.Contains(plainText(got.Tell), "2018年8月20日") {
			t.Errorf("%s: %+v", words, got)
		}
	}
}

func TestReadDay(t *testing.T) {
	today := reporting.Date{Year: 2018, Month: 7, Day: 31}
	for text, want := range map[string]string{
		"2018-08-20": "2018-08-20", "2018/8/20": "2018-08-20", "2018年8月20日": "2018-08-20", "8月20日": "2018-08-20", "8-20": "2018-08-20",
		"1月5日": "2019-01-05", "7月31日": "2018-07-31", "2月30日": "", "13-1": "", "0-1": "", "soon": "", "净月": "", "2018": "",
	} {
		d, ok := readDay(text, today)
		if got := d.String(); ok && got != want || !ok && want != "" {
			t.Errorf("%s: %s %v, want %q", text, got, ok, want)
		}
	}
}

// TestChannelsSpeak: what goes to a body's channel is in that channel's
// language, and nothing else is.
func TestChannelsSpeak(t *testing.T) {
	a, l := city(t)
	l.bodies.Nudges = map[string]reporting.NudgeSetting{"jingyue": {BodyID: "jingyue", Locale: reporting.En}}
	for _, tt := range []struct {
		m    reporting.Message
		want reporting.Locale
	}{
		{nudgeOf("jingyue", "2018-W31"), reporting.En},
		{nudgeOf("kuancheng", "2018-W31"), ""},
		{reporting.Message{Kind: reporting.Undeliverable, BodyID: "jingyue"}, ""},
		{reporting.Message{Kind: reporting.QuotaSet, BodyID: "jingyue"}, reporting.En},
		{reporting.Message{Kind: reporting.QuotaAnswer, BodyID: "jingyue", To: "UJY"}, ""},
		{reporting.Message{Kind: reporting.PairTold, BodyID: "jingyue"}, reporting.En},
		{reporting.Message{Kind: reporting.Arbitration, BodyID: "jingyue"}, ""},
		{reporting.Message{Kind: reporting.LifeTold, BodyID: "jingyue"}, reporting.En},
		{reporting.Message{Kind: reporting.LifeTold, BodyID: "jingyue", Args: map[string]string{"office": "1"}}, ""},
		{reporting.Message{Kind: reporting.YearStep, BodyID: "jingyue"}, reporting.En},
		{reporting.Message{Kind: reporting.YearFrozen}, ""},
	} {
		if got := a.channelLocale(context.Background(), tt.m); got != tt.want {
			t.Errorf("%s of %q to %q: %q, want %q", tt.m.Kind, tt.m.BodyID, tt.m.To, got, tt.want)
		}
	}
	out, err := a.Compose(context.Background(), nudgeOf("jingyue", "2018-W31"))
	if err != nil || out.Locale != reporting.En || !strings.Contains(plainText(out.Reply), "Changchun Jingyue") {
		t.Errorf("%+v, %v", out, err)
	}
}

// TestHolidayIsNamed: what moves a nudge is said.
func TestHolidayIsNamed(t *testing.T) {
	_, l := city(t)
	l.bodies.Calendar = reporting.NewCalendar([]reporting.CalendarYear{{Year: 2018, Version: 1, Days: []reporting.Holiday{
		{Day: reporting.Date{Year: 2018, Month: 8, Day: 6}, Name: "立秋节"}, {Day: reporting.Date{Year: 2018, Month: 8, Day: 7}, Name: "立秋节"},
	}}})
	a := l.app(t, filingNow)
	a.cfg.Nudge.DayOff = reporting.DayOffNext
	for l2, want := range map[reporting.Locale]string{
		reporting.ZhCN: "2018年8月8日 09:00（第32周（8月6日—8月12日））。", reporting.En: "Monday 6 Aug is a day off (立秋节), so it moves.",
	} {
		r, err := l.ask(t, a, typed{user: "UJY", command: "nudge", text: "show", locale: l2})
		if err != nil || !strings.Contains(plainText(r.Reply), want) {
			t.Errorf("want %q in\n%s%v", want, plainText(r.Reply), err)
		}
	}
}

// TestSeenIsShown: an acknowledgement stands at its week's nudge.
func TestSeenIsShown(t *testing.T) {
	a, l := city(t)
	l.planned = []reporting.Delivery{
		{Message: nudgeOf("jingyue", "2018-W30"), State: "sent", SentAt: filingNow.Add(-7 * 24 * time.Hour).UnixMilli()},
		{Message: nudgeOf("jingyue", "2018-W31"), State: "sent", SentAt: filingNow.UnixMilli()},
	}
	week := reporting.Week{Year: 2018, Week: 31}
	l.saw = []reporting.Seen{{BodyID: "jingyue", Week: week, UserID: "UJY", At: 1}, {BodyID: "gxj", Week: week, UserID: "UGX", At: 1}}
	r, err := l.ask(t, a, typed{user: "UJY", command: "nudge", text: "show"})
	if err != nil {
		t.Fatal(err)
	}
	if text := plainText(r.Reply); strings.Count(text, "已阅： @UJY") != 1 || strings.Contains(text, "UGX") {
		t.Errorf("%s", text)
	}
}
