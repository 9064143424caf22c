package commands

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// noticing returns the city of the tests with notices set up, at a time of 2018.
func noticing(t *testing.T, at string) (*App, *ledger) {
	t.Helper()
	_, l := city(t)
	zone := time.FixedZone("CST", 8*3600)
	now, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
	if err != nil {
		t.Fatal(err)
	}
	a := l.app(t, now)
	a.cfg.LeadersChannel = "CLEAD"
	a.cfg.Deadlines = reporting.DeadlineRule{DayOff: reporting.DayOffPrevious, Announce: []int{10, 3, 1}}
	a.cfg.Escalation = reporting.EscalationRule{Contact: 1, Leader: 2, Office: 4, OfficeColour: reporting.Red, OfficeChannel: "COFFICE"}
	a.cfg.LocaleOf = func(_ context.Context, user string) reporting.Locale {
		return cmp.Or(map[string]reporting.Locale{"UTW": reporting.ZhTW, "UEN": reporting.En}[user], reporting.ZhCN)
	}
	return a, l
}

// told composes m and returns what is said, and where.
func told(t *testing.T, a *App, m reporting.Message) string {
	t.Helper()
	out, err := a.Compose(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if out.Skip != "" {
		return "skip " + out.Skip
	}
	return "to " + out.Channel + " in " + string(out.Locale) + "\n" + out.Reply.Text + "\n\n" + plainText(out.Reply)
}

func deadlineOf(body string, kind reporting.DeadlineKind, set string, ahead int) reporting.Message {
	return reporting.Message{
		Key: fmt.Sprintf("deadline/%s/%s/%s/%d", body, kind, set, ahead), Kind: reporting.DeadlineMessage, BodyID: body,
		Args: map[string]string{"deadline": string(kind), "set": set, "ahead": fmt.Sprint(ahead)},
	}
}

var deadlineSteps = []struct {
	name, at, set string
	kind          reporting.DeadlineKind
	ahead         int
}{
	{"progress", "2018-04-20 09:00", "2018-04-25", reporting.ByProgress, 3},
	{"reconfirm", "2018-01-17 09:00", "2018-01-31", reporting.ByReconfirm, 10},
	{"half_year", "2018-06-28 09:00", "2018-06-30", reporting.ByHalfYear, 1},
	{"year_end", "2018-12-28 09:00", "2018-12-31", reporting.ByYearEnd, 1},
	{"grace_before", "2018-12-31 09:00", "2019-01-15", reporting.ByGrace, 10},
	{"grace", "2019-01-14 09:00", "2019-01-15", reporting.ByGrace, 1},
}

// owing sets that jingyue owes something of each kind.
func owing(l *ledger) {
	l.owed = map[reporting.DeadlineKind]map[string]int{}
	for _, k := range reporting.DeadlineKinds {
		l.owed[k] = map[string]int{"jingyue": 3}
	}
}

// What a body is told of each deadline, word by word.
func TestDeadlineTexts(t *testing.T) {
	for _, locale := range reporting.Locales {
		for _, d := range deadlineSteps {
			t.Run(d.name+" "+string(locale), func(t *testing.T) {
				a, l := noticing(t, d.at)
				owing(l)
				l.bodies.Nudges = map[string]reporting.NudgeSetting{"jingyue": {Locale: locale}}
				golden(t, "deadline_"+d.name+"_"+string(locale), told(t, a, deadlineOf("jingyue", d.kind, d.set, d.ahead)))
			})
		}
	}
}

// TestDeadlineSkips: what is no longer owed when it is sent is not told.
func TestDeadlineSkips(t *testing.T) {
	for _, tt := range []struct {
		name, at string
		m        reporting.Message
		edit     func(l *ledger)
		want     string
	}{
		{"done meanwhile", "2018-04-20 09:00", deadlineOf("jingyue", reporting.ByProgress, "2018-04-25", 3), func(l *ledger) { l.owed = nil }, "nothing_owed"},
		{"a later step has come", "2018-04-24 09:00", deadlineOf("jingyue", reporting.ByProgress, "2018-04-25", 3), nil, "later_step"},
		{"the day is over", "2018-04-26 00:00", deadlineOf("jingyue", reporting.ByProgress, "2018-04-25", 1), nil, "deadline_over"},
		{"no such deadline", "2018-04-20 09:00", deadlineOf("jingyue", reporting.ByProgress, "2018-04-24", 3), nil, "no_deadline"},
		{"no such body", "2018-04-20 09:00", deadlineOf("nowhere", reporting.ByProgress, "2018-04-25", 3), nil, "no_body"},
		{"its channel was taken away", "2018-04-20 09:00", deadlineOf("jingyue", reporting.ByProgress, "2018-04-25", 3), func(l *ledger) { l.body("jingyue").ChannelID = "" }, "no_channel"},
		{"it has ended", "2018-04-20 09:00", deadlineOf("jingyue", reporting.ByProgress, "2018-04-25", 3), func(l *ledger) { l.body("jingyue").EndsOn = reporting.Date{Year: 2018, Month: 3, Day: 1} }, "ended"},
		{"the quota is met", "2018-12-28 09:00", deadlineOf("lianhuashan", reporting.ByYearEnd, "2018-12-31", 1), func(l *ledger) { l.body("lianhuashan").ChannelID = "CLH" }, "nothing_owed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, l := noticing(t, tt.at)
			owing(l)
			if tt.edit != nil {
				tt.edit(l)
			}
			if got := told(t, a, tt.m); got != "skip "+tt.want {
				t.Errorf("got %s, want skip %s", got, tt.want)
			}
		})
	}
	a, _ := noticing(t, "2018-04-20 09:00")
	if _, err := a.Compose(t.Context(), reporting.Message{Kind: reporting.DeadlineMessage, Args: map[string]string{"set": "tomorrow"}}); err == nil {
		t.Error("a day that is none was composed")
	}
}

// weeks30 gives bodies weeks up to week 31: letters as their levels, the newest first.
func weeks30(l *ledger, body, letters string) {
	l.weeks[body] = nil
	for i, letter := range letters {
		level := map[rune]reporting.Colour{'r': reporting.Red, 'y': reporting.Yellow, 'b': reporting.Blue, 'g': reporting.Green}[letter]
		w := reporting.NudgeWeek{BodyID: body, Week: reporting.Week{Year: 2018, Week: 31 - i}, Year: 2018, Need: 2, Colour: level, Level: level}
		if letter == 'g' || letter == 'b' {
			w.MetAt = 5
		}
		l.weeks[body] = append(l.weeks[body], w)
	}
}

func weekMessage(kind reporting.MessageKind, key string) reporting.Message {
	return reporting.Message{Key: key, Kind: kind, Args: map[string]string{"week": "2018-W31"}}
}

// busyWeek is week 31 with something of everything.
func busyWeek(l *ledger) {
	monday := func(hour, minute int) int64 {
		return time.Date(2018, 7, 30, hour, minute, 0, 0, time.FixedZone("CST", 8*3600)).UnixMilli()
	}
	row := func(state string, r reporting.Receipt, tries int, at int64) reporting.Delivery {
		return reporting.Delivery{State: state, Receipt: r, SentAt: at, Message: reporting.Message{DueAt: monday(9, 0), Attempts: tries}}
	}
	for _, b := range l.bodies.All {
		l.body(b.ID).ChannelID = "C" + b.ID
	}
	l.body("gxj").UndeliverableSince, l.body("gxj").UndeliverableWhy = 1, "not_in_channel"
	l.body("lyj").ChannelID = ""
	l.bodies.Nudges = map[string]reporting.NudgeSetting{"qikai": {Weekday: "Thursday"}, "jingkai": {PausedUntil: reporting.Date{Year: 2018, Month: 9, Day: 1}}}
	key := func(body string) string { return "nudge/" + body + "/2018-W31" }
	l.receipts = map[string]reporting.Delivery{
		key("kuancheng"):   row("sent", reporting.Receipt{}, 1, monday(9, 0)),
		key("chaoyang"):    row("sent", reporting.Receipt{Found: true}, 2, monday(9, 1)),
		key("lvyuan"):      row("dead", reporting.Receipt{Reason: "is_archived", Class: reporting.DestinationDead}, 1, 0),
		key("xinqu"):       row("sent", reporting.Receipt{}, 5, monday(11, 30)),
		key("jingyue"):     row("sent", reporting.Receipt{}, 1, monday(9, 0)),
		key("lianhuashan"): row("failed", reporting.Receipt{Reason: "invalid_blocks", Class: reporting.OurBug}, 1, 0),
		key("lvyou"):       row("skipped", reporting.Receipt{Reason: "no_task"}, 0, 0),
	}
	w := reporting.Week{Year: 2018, Week: 31}
	l.saw = []reporting.Seen{{BodyID: "jingyue", Week: w, UserID: "UJY", At: monday(9, 12)}, {BodyID: "jingyue", Week: w, UserID: "UXX", At: monday(10, 0)}}
	l.waited = reporting.RateWaits{Times: 2, Total: 31 * time.Second}
	l.weeks = map[string][]reporting.NudgeWeek{}
	weeks30(l, "jingyue", "yyrb")
	weeks30(l, "xinqu", "gg")
	weeks30(l, "kuancheng", "rrrrrg")
	l.weeks["kuancheng"][0].NothingWhy, l.weeks["kuancheng"][0].NothingBy = "土地指标未批下来\n无法报送", "UJY"
	l.weeks["kuancheng"][1].NothingWhy = "同上"
	l.came = map[reporting.Date]reporting.CityChange{{Year: 2018, Month: 7, Day: 23}: {Filed: 12, Credited: 5}, {Year: 2018, Month: 7, Day: 16}: {Filed: 9, Credited: -1}}
}

func TestWeekTexts(t *testing.T) {
	for _, locale := range reporting.Locales {
		for name, m := range map[string]reporting.Message{
			"digest":          weekMessage(reporting.DigestMessage, "digest/2018-W31"),
			"delivery_report": weekMessage(reporting.DeliveryReport, "delivery-report/2018-W31"),
		} {
			t.Run(name+" "+string(locale), func(t *testing.T) {
				a, l := noticing(t, "2018-07-30 13:00")
				busyWeek(l)
				l.projects["CC-2018-0007"] = reporting.Project{ID: "CC-2018-0007", Name: "净月光电产业园", ReporterBody: "jingyue", Stage: reporting.S2, Status: reporting.Verified}
				l.problems = append(l.problems, reporting.Problem{ProjectID: "CC-2018-0007", No: 1, BodyID: "jingyue", Text: "土地指标未落实", Owner: "UJY", DueOn: reporting.Date{Year: 2018, Month: 7, Day: 20}})
				a.cfg.Locale = locale
				golden(t, name+"_"+string(locale), told(t, a, m))
			})
		}
	}
}

// TestManyBodies: of thousands the numbers are said, and the first twenty named.
func TestManyBodies(t *testing.T) {
	a, l := noticing(t, "2018-07-30 13:00")
	l.bodies.All, l.receipts = nil, map[string]reporting.Delivery{}
	for i := range 4000 {
		id := fmt.Sprintf("b%04d", i)
		l.bodies.All = append(l.bodies.All, reporting.Body{ID: id, Kind: reporting.District, ChannelID: "C" + id, Short: reporting.Names{ZhCN: fmt.Sprintf("第%d单位", i)}})
		d := reporting.Delivery{State: "sent", Message: reporting.Message{Attempts: 1}}
		if i%100 == 0 {
			d = reporting.Delivery{State: "dead", Receipt: reporting.Receipt{Reason: "is_archived"}, Message: reporting.Message{Attempts: 1}}
		}
		l.receipts["nudge/"+id+"/2018-W31"] = d
		l.saw = append(l.saw, reporting.Seen{BodyID: id, Week: reporting.Week{Year: 2018, Week: 31}, UserID: "UJY", At: 1})
	}
	got := told(t, a, weekMessage(reporting.DeliveryReport, "delivery-report/2018-W31"))
	for _, want := range []string{"应送达 4,000 个单位，已送达 3,960 个，失败 40 个", "另有 20 项", "等，另有 3,940 个"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not said:\n%s", want, got)
		}
	}
	if n := len([]rune(got)); n > 6000 {
		t.Errorf("the report has %d characters", n)
	}
}

func TestWeekSkips(t *testing.T) {
	for _, tt := range []struct {
		name, at string
		kind     reporting.MessageKind
		edit     func(a *App)
		want     string
	}{
		{"digest of last week", "2018-08-06 09:00", reporting.DigestMessage, nil, "week_over"},
		{"report of last week", "2018-08-06 09:00", reporting.DeliveryReport, nil, "week_over"},
		{"no leaders' channel", "2018-07-30 13:00", reporting.DigestMessage, func(a *App) { a.cfg.LeadersChannel = "" }, "no_leaders_channel"},
		{"no office channel", "2018-07-30 13:00", reporting.DeliveryReport, func(a *App) { a.cfg.OfficeChannel = "" }, "no_office_channel"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, _ := noticing(t, tt.at)
			if tt.edit != nil {
				tt.edit(a)
			}
			if got := told(t, a, weekMessage(tt.kind, "k")); got != "skip "+tt.want {
				t.Errorf("got %s, want skip %s", got, tt.want)
			}
		})
	}
}

func escalationOf(step, first, to, missing string) reporting.Message {
	return reporting.Message{Key: "escalate/jingyue/" + first + "/" + step + "/" + to, Kind: reporting.EscalationMessage, BodyID: "jingyue", To: to,
		Args: map[string]string{"step": step, "first": first, "week": "2018-W31", "missing": missing}}
}

func TestEscalationTexts(t *testing.T) {
	for _, tt := range []struct {
		name, weeks string
		m           reporting.Message
	}{
		{"contact", "yb", escalationOf("contact", "2018-W31", "UJY", "")},
		{"contact_tw", "yb", escalationOf("contact", "2018-W31", "UTW", "")},
		{"leader_en", "ryb", escalationOf("leader", "2018-W30", "UEN", "contact")},
		{"leader", "ryb", escalationOf("leader", "2018-W30", "ULE", "")},
		{"office", "rrrryyyyyb", escalationOf("office", "2018-W23", "COFFICE", "")},
		{"ended", "byyr", escalationOf("ended", "2018-W28", "UJY", "")},
		{"ended_tw", "byyr", escalationOf("ended", "2018-W28", "UTW", "")},
		{"ended_en", "byyr", escalationOf("ended", "2018-W28", "UEN", "")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, l := noticing(t, "2018-07-30 13:00")
			l.weeks = map[string][]reporting.NudgeWeek{}
			weeks30(l, "jingyue", tt.weeks)
			golden(t, "escalation_"+tt.name, told(t, a, tt.m))
		})
	}
}

// TestEscalationSkips: what has changed since is not told.
func TestEscalationSkips(t *testing.T) {
	for _, tt := range []struct {
		name, weeks string
		m           reporting.Message
		edit        func(l *ledger)
		want        string
	}{
		{"it has ended since", "by", escalationOf("contact", "2018-W30", "UJY", ""), nil, "changed_since"},
		{"another streak", "yby", escalationOf("contact", "2018-W29", "UJY", ""), nil, "changed_since"},
		{"it began anew", "yby", escalationOf("ended", "2018-W29", "UJY", ""), nil, "changed_since"},
		{"nothing is known", "", escalationOf("contact", "2018-W30", "UJY", ""), nil, "changed_since"},
		{"the body is gone", "y", escalationOf("contact", "2018-W31", "UJY", ""), func(l *ledger) {
			l.bodies.All = slices.DeleteFunc(l.bodies.All, func(b reporting.Body) bool { return b.ID == "jingyue" })
		}, "no_body"},
		{"the body has ended", "y", escalationOf("contact", "2018-W31", "UJY", ""), func(l *ledger) { l.body("jingyue").EndsOn = reporting.Date{Year: 2018, Month: 3, Day: 1} }, "ended"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, l := noticing(t, "2018-07-30 13:00")
			l.weeks = map[string][]reporting.NudgeWeek{}
			weeks30(l, "jingyue", tt.weeks)
			if tt.edit != nil {
				tt.edit(l)
			}
			if got := told(t, a, tt.m); got != "skip "+tt.want {
				t.Errorf("got %s, want skip %s", got, tt.want)
			}
		})
	}
}
