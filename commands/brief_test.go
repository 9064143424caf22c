package commands

import (
	"strings"
	"testing"

	"golang.org/x/text/width"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// briefed is pastCity with things that wait for a decision.
func briefed(t testing.TB) (*App, *ledger, *clerk) {
	t.Helper()
	a, l := pastCity(t)
	k := &clerk{}
	a.cfg.Exchange = k
	l.stoodOn[reporting.Date{Year: 2018, Month: 7, Day: 24}] = map[string]int{reporting.City: 248, "lvyuan": 14}
	on := func(d int) reporting.Date { return reporting.Date{Year: 2018, Month: 7, Day: d} }
	for i, p := range []reporting.Project{
		{ID: "CC-2018-0037", Name: "轨道客车转向架", ReporterBody: "kuancheng", InvestTotal: 50000, Status: reporting.Verified},
		{ID: "CC-2018-0041", Name: "智能轴承产业园", ReporterBody: "jingyue", InvestTotal: 320000, Status: reporting.Verified},
		{ID: "CC-2018-0052", Name: "净月中央商务区", ReporterBody: "jingyue", InvestTotal: 180000, Status: reporting.Submitted, Guards: reporting.Guards{HeldBy: "CC-2018-0011"}, SubmittedOn: on(12)},
	} {
		l.projects[p.ID] = p
		if p.HeldBy == "" {
			l.problems = append(l.problems, reporting.Problem{ProjectID: p.ID, No: i + 1, BodyID: p.ReporterBody, Text: "用地指标尚未落实，需市里协调国土部门尽快研究解决", DueOn: on(10 + i), Version: 1})
		}
	}
	l.books = map[string]reporting.QuotaBook{yearKey("gxj", 2018): {
		Versions: []reporting.Quota{l.quotas[yearKey("gxj", 2018)]},
		Requests: []reporting.QuotaRequest{{ID: "gxj/1", BodyID: "gxj", Year: 2018, Wanted: 30, Reason: "两个项目转入明年", AskedAt: filingNow.AddDate(0, 0, -9).UnixMilli(), Status: reporting.RequestOpen}},
	}}
	return a, l, k
}

func TestBriefTexts(t *testing.T) {
	for name, s := range map[string]typed{
		"brief_city":       {user: "ULE", command: "report", text: "简报"},
		"brief_city_en":    {user: "ULE", command: "report", text: "brief city", locale: reporting.En},
		"brief_city_tw":    {user: "URE", command: "report", text: "簡報", locale: reporting.ZhTW},
		"brief_city_month": {user: "ULE", command: "report", text: "简报 6月"},
		"brief_group":      {user: "ULE", command: "report", text: "简报 开发区"},
		"brief_own":        {user: "UJY", command: "report", text: "brief"},
	} {
		t.Run(name, func(t *testing.T) {
			a, l, _ := briefed(t)
			r, err := l.ask(t, a, s)
			if err != nil {
				t.Fatal(err)
			}
			text := plainText(r.Reply)
			golden(t, name, text)
			if n := screenLines(text); n > 36 {
				t.Errorf("%d lines of a telephone:\n%s", n, text)
			}
		})
	}
}

// screenLines is how many lines of a telephone a text takes: 22 Chinese characters
// or twice as many Latin ones in each.
func screenLines(text string) int {
	lines := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "[") {
			continue // buttons stand beside each other, and are counted below
		}
		n := 0
		for _, r := range line {
			n++
			if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
				n++
			}
		}
		lines += (n + 43) / 44
	}
	return lines + 2
}

func TestBriefFiles(t *testing.T) {
	a, l, k := briefed(t)
	brief := said(t, a, "ULE", "report", "brief")
	buttons := brief.Reply.Parts[len(brief.Reply.Parts)-1].(Buttons)
	for i, b := range buttons {
		done, err := performed(t, pressed(t, a, "ULE", b.Action, b.Value), nil)
		if err != nil {
			t.Fatal(err)
		}
		want := "全市重大项目简报 2018-07-31." + []string{"docx", "xlsx"}[i]
		if len(done.Files) != 1 || done.Files[0].Name != want {
			t.Errorf("files %+v, want %s", done.Files, want)
		}
	}
	p := k.papers[0]
	if first := p.Sections[0].Paragraphs[0]; first != brief.Reply.Text {
		t.Errorf("the paper begins %q, the screen %q", first, brief.Reply.Text)
	}
	for _, s := range p.Sections {
		if s.Table != nil && s.Table.Name == "开发区" {
			if row := s.Table.Rows[0]; row[1].Text != "莲花山" || row[3].Number != 20 || row[5].Number != 1 {
				t.Errorf("first row %+v", row)
			}
		}
	}
	past, err := l.ask(t, a, typed{user: "ULE", command: "report", text: "简报 净月 2018-06-30 word"})
	done, err := performed(t, past, err)
	if err != nil || done.Files[0].Name != "净月高新区重大项目简报 2018-06-30.docx" || !strings.Contains(k.papers[2].Sections[0].Paragraphs[0], "24") {
		t.Errorf("%v %+v %+v", err, done.Files, k.papers[2])
	}
}

func TestBriefRefusals(t *testing.T) {
	a, l, _ := briefed(t)
	for text, tt := range map[string]struct{ user, want string }{
		"brief city":         {"UJY", "forbidden err.forbidden"},
		"brief 开发区":          {"UJY", "forbidden err.forbidden"},
		"brief 宽城 xlsx":      {"UJY", "forbidden err.forbidden"},
		"brief 2018-12-01":   {"ULE", "invalid err.when.future"},
		"brief 火星":           {"ULE", "not_found err.body.unknown"},
		"brief 2017-03 docx": {"ULE", "invalid err.when.before"},
	} {
		if _, err := l.ask(t, a, typed{user: tt.user, command: "report", text: text}); refusal(err) != tt.want {
			t.Errorf("%s by %s: %s, want %s", text, tt.user, refusal(err), tt.want)
		}
	}
	for _, value := range []string{"", "city", "city x - - -", "city 2018 x - -", "body:mars 2018 - - -"} {
		_, err := a.Press(t.Context(), Press{User: "ULE", Channel: "C1", Action: "brief.docx", Value: value, Locale: reporting.ZhCN})
		if !strings.HasPrefix(refusal(err), "not_found") {
			t.Errorf("%q: %v", value, err)
		}
	}
	if _, err := a.Press(t.Context(), Press{User: "UJY", Channel: "C1", Action: "brief.xlsx", Value: "city 2018 - - -", Locale: reporting.ZhCN}); refusal(err) != "forbidden err.forbidden" {
		t.Errorf("an official has the city's file: %v", err)
	}
}

func TestAskReports(t *testing.T) {
	a, _, k := briefed(t)
	ask := func(user string, intent question.Intent, slots question.Slots) (Response, error) {
		t.Helper()
		c, err := a.call(t.Context(), user, "C1", reporting.ZhCN, "")
		if err != nil {
			t.Fatal(err)
		}
		return a.answers[intent](c, question.Reading{Intent: intent, Slots: slots})
	}
	r, err := ask("ULE", question.ReportBrief, question.Slots{question.Scope: "city"})
	if err != nil || r.Reply.Text != said(t, a, "ULE", "report", "brief").Reply.Text {
		t.Errorf("%v %+v", err, r.Reply)
	}
	r, err = ask("ULE", question.ReportBrief, question.Slots{question.Scope: "body", question.Body: "jingyue", question.Period: "last_month"})
	if err != nil || !strings.HasPrefix(r.Reply.Text, "截至2018年6月30日，净月高新区2018年任务 65 个，已核实 24 个") {
		t.Errorf("%v %+v", err, r.Reply)
	}
	done, err := performed(t, mustAnswer(t, ask, "ULE", question.ReportExport, question.Slots{question.Scope: "group", question.BodyKind: "devzone", question.Format: "docx"}), nil)
	if err != nil || done.Files[0].Name != "开发区重大项目进度 2018-07-31.docx" || string(done.Files[0].Data) != "docx" || len(k.papers) != 1 {
		t.Errorf("%v %+v", err, done.Files)
	}
	for slots, want := range map[string]string{
		"format=xlsx body=jingyue":          "[项目清单] project.export body=jingyue year=2018 page=1 export\n[进度表] brief.xlsx body:jingyue 2018 - - -\n[Word] brief.docx body:jingyue 2018 - - -\n",
		"body=jingyue stage=S2 format=docx": "[项目清单] project.export body=jingyue stage=S2 year=2018 page=1 export\n",
		"body_kind=devzone":                 "[进度表] brief.xlsx group:devzone 2018 - - -\n[Word] brief.docx group:devzone 2018 - - -\n",
		"scope=city format=csv year=2017":   "[项目清单] project.export year=2017 page=1 export\n[进度表] brief.xlsx city 2017 - - -\n[Word] brief.docx city 2017 - - -\n",
	} {
		of := question.Slots{}
		for _, kv := range strings.Fields(slots) {
			k, v, _ := strings.Cut(kv, "=")
			of[question.Slot(k)] = v
		}
		r := mustAnswer(t, ask, "ULE", question.ReportExport, of)
		if got := plainText(r.Reply); !strings.HasSuffix(got, "请选择。\n"+want) {
			t.Errorf("%s: %s", slots, got)
		}
	}
	for _, tt := range []struct {
		user   string
		intent question.Intent
		slots  question.Slots
		want   string
	}{
		{"UJY", question.ReportBrief, question.Slots{question.Scope: "city"}, "forbidden err.forbidden"},
		{"UJY", question.ReportExport, question.Slots{question.Body: "kuancheng"}, "forbidden err.forbidden"},
		{"ULE", question.ReportExport, question.Slots{question.Scope: "city", question.Format: "pdf"}, "invalid err.brief.format"},
		{"ULE", question.ReportBrief, question.Slots{question.Body: "mars"}, "not_found err.body.unknown"},
	} {
		if _, err := ask(tt.user, tt.intent, tt.slots); refusal(err) != tt.want {
			t.Errorf("%s %s %v: %s, want %s", tt.user, tt.intent, tt.slots, refusal(err), tt.want)
		}
	}
}

func mustAnswer(t *testing.T, ask func(string, question.Intent, question.Slots) (Response, error), user string, intent question.Intent, slots question.Slots) Response {
	t.Helper()
	r, err := ask(user, intent, slots)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestBriefSentences: what leaders and officials type comes to the brief they mean.
func TestBriefSentences(t *testing.T) {
	for text, want := range map[string]string{
		"出一份给市领导的全市进度汇报": "# 全市重大项目简报：2018年7月31日\n",
		"出一份净月的汇报":       "# 净月高新区重大项目简报：2018年7月31日\n",
	} {
		a, _, _ := briefed(t)
		r, err := a.Ask(t.Context(), Request{User: "ULE", Channel: "DM1", Direct: true, Text: text, Locale: reporting.ZhCN, Once: "say/1"})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := plainText(r.Reply); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", text, got)
		}
	}
}
