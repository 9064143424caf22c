package commands

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

var (
	week31 = reporting.Week{Year: 2018, Week: 31}
	week30 = reporting.Week{Year: 2018, Week: 30}
)

// living is a city in which jingyue has had its nudge of the week, after two
// that were missed.
func livingCity(t *testing.T) (*App, *ledger) {
	t.Helper()
	a, l := city(t)
	l.waiting["jingyue"] = busy
	open := reporting.NudgeWeek{BodyID: "jingyue", Week: week31, Year: 2018, PostedAt: filingNow.Add(-29 * time.Hour).UnixMilli(), Need: 2, Base: 33, Version: 1}
	missed, explained := reporting.NudgeWeek{BodyID: "jingyue", Week: week30, Need: 2}, reporting.NudgeWeek{BodyID: "jingyue", Need: 2, NothingWhy: "?"}
	l.weeks = map[string][]reporting.NudgeWeek{"jingyue": {open, missed, explained}}
	return a, l
}

func editOf31() reporting.Message {
	return reporting.EditNudge(reporting.NudgeWeek{BodyID: "jingyue", Week: week31}, filingNow.UnixMilli())
}

func TestComposeEdit(t *testing.T) {
	filed := func(l *ledger, n int) {
		tally := l.tallies[yearKey("jingyue", 2018)]
		tally.Pending += n
		l.tallies[yearKey("jingyue", 2018)] = tally
	}
	tomorrow := reporting.Date{Year: 2018, Month: 8, Day: 1}
	for name, setup := range map[string]func(l *ledger, w *reporting.NudgeWeek){
		"open": func(l *ledger, w *reporting.NudgeWeek) {
			filed(l, 1)
			l.saw = []reporting.Seen{{BodyID: "jingyue", Week: week31, UserID: "UJY1"}, {BodyID: "jingyue", Week: week31, UserID: "UJY2"}, {BodyID: "kuancheng", Week: week31, UserID: "UKC"}}
			w.SnoozedTo, w.SnoozedBy, w.SnoozedWhy = tomorrow, "UJY1", "等候 <!channel> 批复"
		},
		"met": func(l *ledger, w *reporting.NudgeWeek) {
			filed(l, 3)
			w.MetAt = filingNow.UnixMilli()
		},
		"nothing": func(_ *ledger, w *reporting.NudgeWeek) {
			w.NothingWhy, w.NothingBy, w.NothingAt = "项目尚在洽谈", "UJY1", 1
			w.SnoozedTo = tomorrow
		},
	} {
		for _, locale := range reporting.Locales {
			t.Run(name+" "+string(locale), func(t *testing.T) {
				a, l := livingCity(t)
				setup(l, &l.weeks["jingyue"][0])
				a.cfg.Locale = locale
				out, err := a.Compose(t.Context(), editOf31())
				if err != nil || out.Skip != "" {
					t.Fatal(err, out.Skip)
				}
				golden(t, fmt.Sprintf("living_%s.%s", name, locale), plainText(out.Reply))
			})
		}
	}
}

func TestComposeEditSkips(t *testing.T) {
	for name, tt := range map[string]struct {
		setup func(l *ledger)
		want  string
	}{
		"the next nudge is out": {func(l *ledger) {
			next := l.weeks["jingyue"][0]
			next.Week.Week++
			l.weeks["jingyue"] = append([]reporting.NudgeWeek{next}, l.weeks["jingyue"]...)
		}, "week_over"},
		"no nudge":       {func(l *ledger) { l.weeks = nil }, "week_over"},
		"the body ended": {func(l *ledger) { l.body("jingyue").EndsOn = reporting.Date{Year: 2018, Month: 7, Day: 30} }, "ended"},
	} {
		t.Run(name, func(t *testing.T) {
			a, l := livingCity(t)
			tt.setup(l)
			if out, err := a.Compose(t.Context(), editOf31()); err != nil || out.Skip != tt.want || out.Reply != nil {
				t.Errorf("composed %+v, %v, want to skip it as %s", out, err, tt.want)
			}
		})
	}
}

// TestComposeNudgeOpensItsWeek says what was missed before, and opens the week
// with its level.
func TestComposeNudgeOpensItsWeek(t *testing.T) {
	a, l := livingCity(t)
	l.weeks["jingyue"] = l.weeks["jingyue"][1:]
	l.weeks["jingyue"][0].Level, l.weeks["jingyue"][0].Year = reporting.Red, 2018
	out, err := a.Compose(t.Context(), nudgeOf("jingyue", "2018-W31"))
	if err != nil {
		t.Fatal(err)
	}
	want := &reporting.NudgeWeek{
		BodyID: "jingyue", Week: week31, Year: 2018, PostedAt: filingNow.UnixMilli(), Need: 2, Base: 33, Colour: reporting.Yellow, Level: reporting.Yellow,
	}
	if text := plainText(out.Reply); !strings.Contains(text, "连续 2 周未完成（其中 1 周已说明原因）") {
		t.Errorf("the nudge is silent about the weeks before:\n%s", text)
	}
	if diff := cmp.Diff(want, out.Week); diff != "" {
		t.Error(diff)
	}
	byHand, err := a.Compose(t.Context(), nudgeOf("jingyue", "2018-W31", "now", "1"))
	if err != nil || byHand.Week != nil || strings.Contains(plainText(byHand.Reply), "nudge.seen") {
		t.Errorf("by hand: week %+v, %v\n%s", byHand.Week, err, plainText(byHand.Reply))
	}
}

func TestComposeLog(t *testing.T) {
	for _, locale := range reporting.Locales {
		t.Run(string(locale), func(t *testing.T) {
			a, l := livingCity(t)
			a.cfg.Locale = locale
			for i, action := range reporting.Notable {
				n := reporting.NudgeNote{At: filingNow.UnixMilli() + int64(i)*1000, Actor: "UWANG", Action: action, Subject: "CC-2018-0001", Name: "产业园", N: 3}
				if strings.HasPrefix(action, "nudge.") {
					n.Subject, n.Name, n.Why, n.Until = "", "", "等\n批复", reporting.Date{Year: 2018, Month: 8, Day: 1}
				}
				if strings.HasPrefix(action, "year.") {
					n.Actor = reporting.System.UserID
				}
				l.history = append(l.history, n)
			}
			l.history = append(l.history, l.history[0])
			out, err := a.Compose(t.Context(), reporting.LogNudge(editOf31()))
			if err != nil || out.Skip != "" {
				t.Fatal(err, out.Skip)
			}
			golden(t, "living_log."+string(locale), out.Reply.Text+"\n"+plainText(out.Reply))
		})
	}
	a, _ := livingCity(t)
	if out, err := a.Compose(t.Context(), reporting.LogNudge(editOf31())); err != nil || out.Skip != "nothing" {
		t.Errorf("nothing to tell: %+v, %v", out, err)
	}
}

func TestComposeAgain(t *testing.T) {
	tomorrow := reporting.Date{Year: 2018, Month: 8, Day: 1}
	again := reporting.Message{
		Key: "a", Kind: reporting.NudgeAgain, BodyID: "jingyue", ThreadOf: "nudge/jingyue/2018-W31",
		Args: map[string]string{"week": "2018-W31", "day": "2018-08-01"},
	}
	for _, locale := range reporting.Locales {
		a, l := livingCity(t)
		a.cfg.Locale = locale
		w := &l.weeks["jingyue"][0]
		w.SnoozedTo, w.SnoozedBy, w.SnoozedWhy = tomorrow, "UWANG", "等批复"
		out, err := a.Compose(t.Context(), again)
		if err != nil || !out.Broadcast {
			t.Fatal(err, out)
		}
		golden(t, "living_again."+string(locale), plainText(out.Reply))
	}
	for name, setup := range map[string]func(w *reporting.NudgeWeek){
		"met": func(w *reporting.NudgeWeek) { w.MetAt = 1 }, "put off again": func(w *reporting.NudgeWeek) { w.SnoozedTo = tomorrow.AddDays(2) },
		"nothing to come": func(w *reporting.NudgeWeek) { w.NothingWhy = "?" },
	} {
		a, l := livingCity(t)
		l.weeks["jingyue"][0].SnoozedTo = tomorrow
		setup(&l.weeks["jingyue"][0])
		if out, err := a.Compose(t.Context(), again); err != nil || out.Skip != "overtaken" {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
}

func press(t *testing.T, a *App, user, channel, action, value, once string) (Response, error) {
	t.Helper()
	return a.Press(context.Background(), Press{User: user, Channel: channel, Action: action, Value: value, Locale: reporting.ZhCN, Once: once})
}

// TestWeekButtons acts on the body in the button, in whatever channel it is.
func TestWeekButtons(t *testing.T) {
	a, l := livingCity(t)
	r, err := press(t, a, "UJY", "CKC", "nudge.seen", "jingyue|2018-W31", "1")
	if err != nil || r.Reply.InChannel || !strings.Contains(r.Reply.Text, "净月高新区") {
		t.Fatal(r.Reply, err)
	}
	for _, once := range []string{"1", "2"} {
		if _, err := press(t, a, "UJY", "CKC", "nudge.seen", "jingyue|2018-W31", once); err != nil {
			t.Error("seen again:", err)
		}
	}
	if len(l.saw) != 1 || l.saw[0].BodyID != "jingyue" || l.saw[0].UserID != "UJY" {
		t.Errorf("seen: %+v", l.saw)
	}

	r, err = press(t, a, "UJY", "CJY", "nudge.snooze", "jingyue|2018-W31|3", "3")
	if err != nil || r.Form == nil || r.Form.Fields[1].Value != "3" {
		t.Fatal(r, err)
	}
	in := Input{User: "UJY", FormID: r.Form.ID, State: r.Form.State, Locale: reporting.ZhCN, Values: map[string]string{"days": "1"}, Once: "4"}
	done, err := a.Submit(t.Context(), in)
	if err != nil || done.Errors["reason"] == "" {
		t.Errorf("put off without a reason: %+v, %v", done, err)
	}
	in.Values["reason"] = "等批复"
	for range 2 {
		done, err = a.Submit(t.Context(), in)
		if err != nil || done.TellIn != "CJY" || !strings.Contains(done.Tell.Text, "2018年8月1日") {
			t.Fatalf("%+v, %v", done, err)
		}
	}
	if w := l.weeks["jingyue"][0]; w.SnoozedBy != "UJY" || w.SnoozedWhy != "等批复" {
		t.Errorf("week %+v", w)
	}

	r, err = press(t, a, "UJY", "CJY", "nudge.nothing", "jingyue|2018-W31", "5")
	if err != nil || r.Form == nil {
		t.Fatal(r, err)
	}
	in = Input{User: "UJY", FormID: r.Form.ID, State: r.Form.State, Locale: reporting.ZhCN, Values: map[string]string{}, Once: "6"}
	if done, err = a.Submit(t.Context(), in); err != nil || done.Errors["reason"] == "" {
		t.Errorf("nothing without a reason: %+v, %v", done, err)
	}
	in.Values["reason"] = "项目尚在洽谈"
	if done, err = a.Submit(t.Context(), in); err != nil || !strings.Contains(done.Tell.Text, "已记录") {
		t.Errorf("%+v, %v", done, err)
	}
	if len(l.changes) != 3 {
		t.Errorf("%d changes, want 3", len(l.changes))
	}
}

func TestWeekButtonRefusals(t *testing.T) {
	for _, tt := range []struct {
		name, user, action, value, want string
	}{
		{"another body's official", "UKC", "nudge.seen", "jingyue|2018-W31", "没有办理或查看此事项的权限"},
		{"another body's official puts off", "UKC", "nudge.snooze", "jingyue|2018-W31|1", "没有办理或查看此事项的权限"},
		{"another body's official explains", "UKC", "nudge.nothing", "jingyue|2018-W31", "没有办理或查看此事项的权限"},
		{"another body's official looks at drafts", "UKC", "nudge.drafts", "jingyue", "没有办理或查看此事项的权限"},
		{"an old nudge", "UJY", "nudge.seen", "jingyue|2018-W30", "第31周"},
		{"an old nudge put off", "UJY", "nudge.snooze", "jingyue|2018-W30|1", "最新的一条"},
		{"an old nudge explained", "UJY", "nudge.nothing", "jingyue|2018-W30", "最新的一条"},
		{"no such body", "UJY", "nudge.seen", "mars|2018-W31", ""},
		{"no such week", "UJY", "nudge.seen", "jingyue|yesterday", ""},
		{"no days", "UJY", "nudge.snooze", "jingyue|2018-W31|x", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, _ := livingCity(t)
			r, err := press(t, a, tt.user, "CJY", tt.action, tt.value, "")
			if err == nil {
				t.Fatalf("answered %+v", r)
			}
			text, ok := a.Words().Explain(reporting.ZhCN, err, "")
			if !ok || !strings.Contains(text, tt.want) {
				t.Errorf("told %q", text)
			}
		})
	}
}

func TestNudgeSnoozeCommand(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		form       bool
		want       string
	}{
		{"own body", "snooze tomorrow 等批复", false, "2018年8月1日"},
		{"named, in Chinese", "推迟 净月 三天后 等 批复", false, "2018年8月3日"},
		{"without a reason", "snooze 净月 3d", true, "3"},
		{"without days", "snooze", true, "1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, l := livingCity(t)
			r, err := a.Command(t.Context(), Request{User: "UJY", Channel: "CJY", Command: "nudge", Text: tt.text, Locale: reporting.ZhCN})
			if err != nil {
				t.Fatal(err)
			}
			if tt.form {
				if r.Form == nil || r.Form.Fields[1].Value != tt.want {
					t.Errorf("%+v", r.Form)
				}
				return
			}
			if !strings.Contains(r.Reply.Text, tt.want) || len(l.changes) != 1 || !strings.HasSuffix(l.changes[0].Week.SnoozedWhy, "批复") {
				t.Errorf("%q, %+v", r.Reply.Text, l.changes)
			}
		})
	}
	a, l := livingCity(t)
	l.weeks = nil
	_, err := a.Command(t.Context(), Request{User: "UJY", Channel: "CJY", Command: "nudge", Text: "snooze tomorrow x", Locale: reporting.ZhCN})
	if text, _ := a.Words().Explain(reporting.ZhCN, err, ""); refusal(err) != "conflict err.nudge.none" || !strings.Contains(text, "2018年8月6日 09:00") {
		t.Errorf("before any nudge: %q %v", text, err)
	}
}

// TestNudgeDrafts lists a body's drafts; only one's own can be continued.
func TestNudgeDrafts(t *testing.T) {
	a, l := livingCity(t)
	l.waiting["jingyue"] = reporting.Waiting{Drafts: []reporting.Draft{
		{ID: "d1", UserID: "UJY", BodyID: "jingyue", Values: map[string]string{"name": "甲"}},
		{ID: "d2", UserID: "UOTHER", BodyID: "jingyue", Values: map[string]string{"name": "乙"}},
	}}
	r, err := press(t, a, "UJY", "CKC", "nudge.drafts", "jingyue", "")
	if err != nil || r.Replace {
		t.Fatal(r, err)
	}
	text := plainText(r.Reply)
	if !strings.Contains(text, "project.continue d1") || strings.Contains(text, "project.continue d2") || !strings.Contains(text, "@UOTHER") {
		t.Error(text)
	}
}

// TestNudgeWithTenOfEverything stays within the fifty blocks of a message, a
// part each.
func TestNudgeWithTenOfEverything(t *testing.T) {
	a, l := livingCity(t)
	w := reporting.Waiting{Problems: reporting.ProblemPage{Total: 10, Overdue: 3}}
	l.projects = map[string]reporting.Project{}
	for i := range 10 {
		id := reporting.NewProjectID(2018, i+1)
		p := reporting.Project{ID: id, Name: strings.Repeat("长", 100), ReporterBody: "jingyue", Status: reporting.Verified, UpdatedAt: 1}
		p.ApprovalKind, p.ApprovalNext, p.ApprovalSince = "record", "record", reporting.Date{Year: 2018, Month: 1, Day: 1}
		l.projects[id] = p
		p.ReturnReason = strings.Repeat("因", 500)
		w.Returned = append(w.Returned, p)
		w.Drafts = append(w.Drafts, reporting.Draft{ID: id, BodyID: "jingyue", Values: map[string]string{"name": p.Name}})
		w.Problems.Problems = append(w.Problems.Problems, reporting.ListedProblem{Problem: reporting.Problem{ProjectID: id, BodyID: "jingyue", Text: p.ReturnReason, Owner: "UJY"}, ProjectName: p.Name})
		l.saw = append(l.saw, reporting.Seen{BodyID: "jingyue", Week: week31, UserID: fmt.Sprintf("UJY%d", i)}, reporting.Seen{BodyID: "jingyue", Week: week31, UserID: fmt.Sprintf("UKC%d", i)})
	}
	l.waiting["jingyue"] = w
	out, err := a.Compose(t.Context(), editOf31())
	if err != nil {
		t.Fatal(err)
	}
	text := plainText(out.Reply)
	for _, action := range []string{"nudge.drafts", "status=returned", "problem.due", "stale=30", "approval.stuck", "nudge.seen", "nudge.nothing"} {
		if !strings.Contains(text, action) {
			t.Errorf("no button %s:\n%s", action, text)
		}
	}
	if n := len(out.Reply.Parts); n > 35 {
		t.Errorf("%d parts", n)
	}
	if !strings.Contains(text, "另有 10 人") {
		t.Error("those who saw it are all named")
	}
}
