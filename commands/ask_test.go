package commands

import (
	"cmp"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// readSlots reads "body=jingyue year=2018".
func readSlots(text string) question.Slots {
	out := question.Slots{}
	for _, w := range strings.Fields(text) {
		k, v, _ := strings.Cut(w, "=")
		out[question.Slot(k)] = v
	}
	return out
}

// understood is what somebody asks and how it was read.
type understood struct {
	user, channel, thread string
	direct                bool
	intent                question.Intent
	slots                 string
	locale                reporting.Locale
}

// understand answers a reading.
func understand(t testing.TB, a *App, s understood) (Response, error) {
	t.Helper()
	l := cmp.Or(s.locale, reporting.ZhCN)
	c, err := a.call(context.Background(), s.user, cmp.Or(s.channel, "CX"), reporting.ZhCN, "ask/1")
	if err != nil {
		t.Fatal(err)
	}
	c.thread, c.direct = s.thread, s.direct
	out, err := a.answer(c, question.Reading{Intent: s.intent, Slots: readSlots(s.slots), Confidence: 1, Locale: l})
	return out, a.spoken(c, err)
}

// What is answered, word by word.
func TestAnswers(t *testing.T) {
	for name, s := range map[string]understood{
		"target":            {user: "UJY", intent: question.QuotaTarget, slots: "body=jingyue"},
		"target_changed":    {user: "ULE", intent: question.QuotaTarget, slots: "body=jingyue year=2017"},
		"progress_own":      {user: "UJY", intent: question.QuotaProgress},
		"progress_rate_tw":  {user: "ULE", intent: question.QuotaProgress, slots: "body=jingyue metric=rate", locale: reporting.ZhTW},
		"progress_over":     {user: "ULE", intent: question.QuotaProgress, slots: "body=kuancheng year=2017"},
		"remaining_en":      {user: "ULE", intent: question.QuotaRemaining, slots: "body=jingyue", locale: reporting.En},
		"remaining_met":     {user: "ULE", intent: question.QuotaRemaining, slots: "body=chaoyang"},
		"remaining_none":    {user: "ULE", intent: question.QuotaRemaining, slots: "body=lvyou"},
		"pace_pp":           {user: "ULE", intent: question.QuotaPace, slots: "body=qikai unit=pp"},
		"forecast":          {user: "ULE", intent: question.QuotaForecast, slots: "body=qikai"},
		"forecast_over":     {user: "ULE", intent: question.QuotaForecast, slots: "body=jingyue year=2017"},
		"rate_week":         {user: "ULE", intent: question.QuotaRequiredRate, slots: "body=qikai period=week"},
		"rate_month_en":     {user: "ULE", intent: question.QuotaRequiredRate, slots: "body=qikai period=month", locale: reporting.En},
		"city":              {user: "ULE", intent: question.CityProgress},
		"city_invest":       {user: "ULE", intent: question.CityProgress, slots: "metrics=count|invest"},
		"delta_today_en":    {user: "ULE", intent: question.CityDelta, slots: "period=today", locale: reporting.En},
		"city_en":           {user: "URE", intent: question.CityProgress, slots: "year=2018", locale: reporting.En},
		"lagging":           {user: "ULE", intent: question.QuotaLagging, slots: "basis=pace"},
		"lagging_zones_en":  {user: "ULE", intent: question.QuotaLagging, slots: "basis=pace body_kind=devzone", locale: reporting.En},
		"lagging_own":       {user: "UJY", intent: question.QuotaLagging, slots: "basis=pace"},
		"ranking_worst":     {user: "ULE", intent: question.QuotaRanking, slots: "body_kind=devzone order=worst n=3"},
		"ranking_count":     {user: "ULE", intent: question.QuotaRanking, slots: "metric=count order=best n=2"},
		"ranking_invest_en": {user: "ULE", intent: question.QuotaRanking, slots: "metric=invest body_kind=devzone", locale: reporting.En},
		"ranking_place":     {user: "ULE", intent: question.QuotaRanking, slots: "body=jingyue order=best n=3"},
		"ranking_place_en":  {user: "ULE", intent: question.QuotaRanking, slots: "body=jingyue metric=invest", locale: reporting.En},
		"ranking_own_tw":    {user: "UJY", intent: question.QuotaRanking, slots: "body_kind=devzone order=best n=3", locale: reporting.ZhTW},
		"compare":           {user: "ULE", intent: question.QuotaCompare, slots: "bodies=jingyue|jingkai"},
		"compare_three_en":  {user: "ULE", intent: question.QuotaCompare, slots: "bodies=jingyue|jingkai|lvyou", locale: reporting.En},
		"delta_body":        {user: "UJY", intent: question.QuotaDelta, slots: "body=jingyue period=this_week"},
		"delta_progress":    {user: "UJY", intent: question.QuotaProgress, slots: "period=last_week"},
		"delta_city":        {user: "ULE", intent: question.QuotaDelta, slots: "period=this_month by=body"},
		"delta_city_en":     {user: "ULE", intent: question.CityDelta, slots: "period=last_month", locale: reporting.En},
		"programme":         {user: "ULE", intent: question.ProgrammeProgress, slots: "programme=P1"},
		"programmes_tw":     {user: "ULE", intent: question.ProgrammeProgress, locale: reporting.ZhTW},
	} {
		t.Run(name, func(t *testing.T) {
			a, l := askedCity(t)
			out, err := understand(t, a, s)
			if err != nil {
				t.Fatal(err)
			}
			if p, ok := out.Reply.Parts[0].(Paragraph); ok && p[0].Text != out.Reply.Text {
				t.Errorf("the first line is %q, the plain one %q", p[0].Text, out.Reply.Text)
			}
			golden(t, "answer_"+name, plainText(out.Reply))
			_ = l
		})
	}
}

// askedCity is a city of which much can be asked.
func askedCity(t testing.TB) (*App, *ledger) {
	t.Helper()
	a, l := city(t)
	l.quotas[yearKey("jingyue", 2017)] = reporting.Quota{BodyID: "jingyue", Year: 2017, Version: 2, Count: 50, EffectiveFrom: reporting.Date{Year: 2017, Month: 7, Day: 1}, DocNo: "长府办函〔2017〕9号", Reason: "区划调整"}
	l.tallies[yearKey("jingyue", 2017)] = reporting.Tally{BodyID: "jingyue", Year: 2017, Credited: 45, Invest: 800000}
	l.quotas[yearKey("kuancheng", 2017)] = reporting.Quota{BodyID: "kuancheng", Year: 2017, Version: 1, Count: 30, EffectiveFrom: reporting.Date{Year: 2017, Month: 1, Day: 1}}
	l.tallies[yearKey("kuancheng", 2017)] = reporting.Tally{BodyID: "kuancheng", Year: 2017, Credited: 33, Invest: 500000}
	l.programmes = []reporting.ProgrammeTally{{Programme: "P1", Verified: 12, Invest: 260000}}
	on := func(m time.Month, d int) reporting.Date { return reporting.Date{Year: 2018, Month: m, Day: d} }
	l.inflow = []reporting.Inflow{
		{BodyID: "jingyue", Day: on(7, 24), Credited: 2}, {BodyID: "jingyue", Day: on(7, 31), Credited: 1}, {BodyID: "xinqu", Day: on(7, 9), Credited: 5},
		{BodyID: "xinqu", Day: on(6, 9), Credited: 4}, {Day: on(6, 9), Credited: 4}, {Day: on(7, 9), Credited: 5}, {Day: on(7, 24), Credited: 2}, {Day: on(7, 31), Credited: 1},
	}
	return a, l
}

// The numbers of an answer, by their names.
func TestFigures(t *testing.T) {
	a, _ := askedCity(t)
	out, err := understand(t, a, understood{user: "ULE", intent: question.QuotaRemaining, slots: "body=jingyue"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{"quota": 65, "credited": 30, "pending": 3, "remaining": 35, "per_week": 2, "forecast": 51} {
		if got := out.Figures[name]; got != want {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	out, err = understand(t, a, understood{user: "ULE", intent: question.CityProgress})
	if err != nil || out.Figures["city_target"] != 1000 || out.Figures["city_credited"] != 260 {
		t.Errorf("of the city: %v %v", out.Figures, err)
	}
}

// Answering leaves what was read as it was read.
func TestReadingStays(t *testing.T) {
	a, _ := stocked(t)
	for _, text := range []string{"全市完成多少了？", "净月和宽城比谁快", "净月还差几个", "净月的项目清单", "0001转到重点推进"} {
		before, err := a.call(context.Background(), "UAD", "CX", reporting.ZhCN, "")
		if err != nil {
			t.Fatal(err)
		}
		before.text = text
		want, err := a.read(before, nil)
		if err != nil {
			t.Fatal(err)
		}
		out, err := a.Ask(context.Background(), Request{User: "UAD", Channel: "CX", Text: text, Locale: reporting.ZhCN})
		if err != nil || out.Read.Slots.String() != want.Slots.String() {
			t.Errorf("%s: %v, read %s, then %s", text, err, want.Slots, out.Read.Slots)
		}
	}
}

// Numbers of others are refused without the number, and the refusal names who could see them.
func TestAnswersRefused(t *testing.T) {
	a, _ := askedCity(t)
	for _, s := range []understood{
		{user: "UJY", intent: question.QuotaProgress, slots: "body=kuancheng"},
		{user: "UJY", intent: question.QuotaTarget, slots: "body=kuancheng", locale: reporting.En},
		{user: "UJY", intent: question.QuotaCompare, slots: "bodies=jingyue|kuancheng"},
		{user: "UJY", intent: question.QuotaDelta, slots: "body=kuancheng period=this_week"},
		{user: "UJY", intent: question.CityProgress},
		{user: "UJY", intent: question.CityDelta},
		{user: "UJY", intent: question.ProgrammeProgress, slots: "programme=P1"},
	} {
		_, err := understand(t, a, s)
		if refusal(err) != "forbidden err.forbidden" {
			t.Errorf("%s %s: %v", s.intent, s.slots, err)
			continue
		}
		// In the language of the question, whatever the person's own is.
		text, _ := a.words.Explain(reporting.ZhTW, err, "")
		if want := a.words.Say(cmp.Or(s.locale, reporting.ZhCN), "who.leader"); !strings.Contains(text, want) || strings.Contains(text, "21") || strings.Contains(text, "35") {
			t.Errorf("%s %s is refused with %q", s.intent, s.slots, text)
		}
	}
	for _, s := range []understood{
		{user: "ULE", intent: question.QuotaProgress, slots: "body=nowhere"}, {user: "ULE", intent: question.QuotaCompare, slots: "bodies=jingyue|nowhere"},
		{user: "ULE", intent: question.QuotaDelta, slots: "body=nowhere"},
	} {
		if _, err := understand(t, a, s); refusal(err) != "not_found err.body.unknown" {
			t.Errorf("%s %s: %v", s.intent, s.slots, err)
		}
	}
	if _, err := understand(t, a, understood{user: "ULE", intent: question.QuotaProgress, slots: "body=jingyue year=1066"}); refusal(err) != "invalid err.year" {
		t.Errorf("a year without a plan: %v", err)
	}
	if _, err := understand(t, a, understood{user: "ULE", intent: question.QuotaDelta, slots: "period=eternity"}); refusal(err) != "invalid err.period" {
		t.Errorf("a period that is none: %v", err)
	}
}

// Leaders and the office are answered where they asked, an official in its
// body's channel, everybody else alone.
func TestWhoIsAnswered(t *testing.T) {
	a, _ := askedCity(t)
	for _, s := range []struct {
		user, channel, slots string
		intent               question.Intent
		all                  bool
	}{
		{"ULE", "CLEAD", "body=jingyue", question.QuotaProgress, true},
		{"URE", "CX", "body=jingyue", question.QuotaProgress, true},
		{"UJY", "CJY", "body=jingyue", question.QuotaProgress, true},
		{"UJY", "CJY", "", question.QuotaRanking, true},
		{"UJY", "CX", "body=jingyue", question.QuotaProgress, false},
		{"UJY", "CKC", "body=jingyue", question.QuotaProgress, false},
	} {
		out, err := understand(t, a, understood{user: s.user, channel: s.channel, intent: s.intent, slots: s.slots})
		if err != nil || out.Reply.InChannel != s.all {
			t.Errorf("%s asks %s in %s: for all %v, %v", s.user, s.intent, s.channel, out.Reply.InChannel, err)
		}
	}
}

// Two bodies fit: whoever presses is answered by their own rights.
func TestWhichBody(t *testing.T) {
	a, l := askedCity(t)
	c, err := a.call(context.Background(), "ULE", "CX", reporting.ZhCN, "")
	if err != nil {
		t.Fatal(err)
	}
	c.thread = "1.1"
	out, err := a.answer(c, question.Reading{
		Intent: question.BodyExplain, Slots: readSlots("body=LY candidates=lvyuan|lyj|lvyou"), Locale: reporting.En, Confidence: 1,
		Then: &question.Reading{Intent: question.QuotaRemaining, Slots: readSlots("year=2018"), Locale: reporting.En, Confidence: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	buttons := out.Reply.Parts[1].(Buttons)
	if out.Reply.InChannel || len(buttons) != 3 || buttons[0].Action != "ask.then" {
		t.Fatalf("asked which: %+v", out.Reply)
	}
	if kept := l.states[reporting.ConversationKey{Channel: "CX", Thread: "1.1"}]; !strings.Contains(kept.State, "quota.remaining") {
		t.Errorf("kept %q", kept.State)
	}
	press := func(user, value string) (Response, error) {
		return a.Press(context.Background(), Press{User: user, Channel: "CX", Action: "ask.then", Value: value, Locale: reporting.ZhCN})
	}
	out, err = press("ULE", buttons[0].Value)
	if err != nil || !strings.HasPrefix(out.Reply.Text, "As of 31 July 2018, lvyuan") && !strings.Contains(out.Reply.Text, "still owes 30") {
		t.Errorf("chosen: %v %v", out.Reply, err)
	}
	if _, err := press("UJY", buttons[0].Value); refusal(err) != "forbidden err.forbidden" {
		t.Errorf("chosen by another: %v", err)
	}
	for _, v := range []string{"", "{}", "x", `{"i":"no.such","s":{}}`} {
		if _, err := press("ULE", v); refusal(err) != "not_found err.action.unknown" {
			t.Errorf("%q: %v", v, err)
		}
	}
	long := question.Reading{Intent: question.SetStage, Slots: question.Slots{question.Reason: strings.Repeat("长", 3000), question.Name: strings.Repeat("名", 3000)}, Locale: reporting.ZhCN}
	if v := carry(long); len([]rune(v)) > 2000 {
		t.Errorf("a button carries %d", len([]rune(v)))
	}
}

// What was not understood offers three things that the asker can ask, and a
// button asks them.
func TestNotUnderstood(t *testing.T) {
	a, _ := askedCity(t)
	for user, want := range map[string]string{"UJY": "净月高新区今年还差多少个项目？", "ULE": "全市完成多少了？", "URE": "全市完成多少了？"} {
		out, err := understand(t, a, understood{user: user, intent: question.Unknown})
		if err != nil {
			t.Fatal(err)
		}
		buttons := out.Reply.Parts[2].(Buttons)
		if out.Reply.InChannel || len(buttons) != 3 || buttons[0].Value != want {
			t.Errorf("%s: %+v", user, buttons)
		}
	}
	c, err := a.call(context.Background(), "UJY", "CX", reporting.En, "")
	if err != nil {
		t.Fatal(err)
	}
	out, err := a.answer(c, question.Reading{Intent: question.Unknown, Locale: reporting.En, Nearest: []question.Intent{question.ReviewApprove, question.QuotaPace, question.ProjectStale}})
	if err != nil {
		t.Fatal(err)
	}
	if got := plainText(out.Reply); strings.Contains(got, "Approve") || !strings.Contains(got, "How far behind") || !strings.Contains(got, "not updated for 30 days") {
		t.Errorf("nearest for an official:\n%s", got)
	}
	r, err := a.Press(context.Background(), Press{User: "ULE", Channel: "CX", Action: "ask.say", Value: "全市", Locale: reporting.ZhCN})
	if err != nil || !strings.Contains(r.Reply.Text, "全市2018年已核实 260 个") {
		t.Errorf("asked by button: %v %v", r.Reply, err)
	}
}

// Every example is there in every language, and says no key instead.
func TestExamples(t *testing.T) {
	a, _ := askedCity(t)
	for _, o := range offered {
		for _, l := range reporting.Locales {
			if s := a.words.Say(l, "ask.example."+string(o.intent), "body", "净月"); strings.HasPrefix(s, "ask.") || strings.Contains(s, "<no value>") {
				t.Errorf("%s in %s: %q", o.intent, l, s)
			}
		}
	}
}

// pressOne presses a button.
func pressOne(t testing.TB, a *App, user string, b Button) (Response, error) {
	t.Helper()
	return a.Press(context.Background(), Press{User: user, Channel: "CX", Action: b.Action, Value: b.Value, Locale: reporting.ZhCN})
}

// Where the office has opened the figures of all bodies, an official is shown
// them, and no projects of others.
func TestAnswersOpened(t *testing.T) {
	a, _ := askedCity(t)
	a.cfg.Openness = reporting.Open
	for _, s := range []understood{
		{user: "UJY", channel: "CJY", intent: question.QuotaProgress, slots: "body=kuancheng"},
		{user: "UJY", channel: "CJY", intent: question.QuotaCompare, slots: "bodies=chaoyang|kuancheng"},
		{user: "UJY", intent: question.QuotaLagging}, {user: "UJY", intent: question.CityProgress}, {user: "UJY", intent: question.CityDelta},
	} {
		out, err := understand(t, a, s)
		if err != nil {
			t.Errorf("%s %s: %v", s.intent, s.slots, err)
			continue
		}
		if got := plainText(out.Reply); strings.Contains(got, "quota.list") {
			t.Errorf("%s %s opens others' projects:\n%s", s.intent, s.slots, got)
		}
	}
	if out, err := understand(t, a, understood{user: "UJY", channel: "CJY", intent: question.QuotaProgress, slots: "body=kuancheng"}); err != nil || out.Reply.InChannel {
		t.Errorf("another body's figures in one's own channel: %v", err)
	}
	if _, err := understand(t, a, understood{user: "UJY", intent: question.ProjectList, slots: "body=kuancheng"}); refusal(err) != "forbidden err.forbidden" {
		t.Errorf("another body's projects: %v", err)
	}
}

// Of more bodies than are read on a telephone the furthest behind are shown, with
// a button to all.
func TestLaggingIsShort(t *testing.T) {
	a, l := askedCity(t)
	for i := range 12 {
		id := "far" + string(rune('a'+i))
		l.bodies.All = append(l.bodies.All, reporting.Body{ID: id, Kind: reporting.County, Short: reporting.Names{ZhCN: id}})
		l.quotas[yearKey(id, 2018)] = reporting.Quota{BodyID: id, Year: 2018, Version: 1, Count: 20 + i, EffectiveFrom: reporting.Date{Year: 2018, Month: 1, Day: 1}}
	}
	for _, period := range []string{"", " period=2018-06-30"} {
		out, err := understand(t, a, understood{user: "ULE", intent: question.QuotaLagging, slots: "basis=pace" + period})
		if err != nil {
			t.Fatal(err)
		}
		table, ok := out.Reply.Parts[1].(Table)
		if text := plainText(out.Reply); !ok || len(table.Rows) != 10 || !strings.Contains(text, "另有 ") {
			t.Fatalf("%d rows:\n%s", len(table.Rows), text)
		}
		all, err := pressOne(t, a, "ULE", buttonOf(t, out.Reply, "quota.all"))
		if err != nil || !strings.Contains(plainText(all.Reply), "fara") || period != "" && !strings.Contains(plainText(all.Reply), "6月30日") {
			t.Errorf("%q: all: %v %s", period, err, plainText(all.Reply))
		}
	}
}
