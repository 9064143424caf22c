package commands

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

var updateFigures = flag.Bool("update.figures", false, "write the golden texts of figures")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "figures", name+".txt")
	if *updateFigures {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// What everybody is told, word by word.
func TestTexts(t *testing.T) {
	for name, s := range map[string]typed{
		"quota_own":          {user: "UJY", command: "quota"},
		"quota_channel":      {user: "URE", channel: "CJY", command: "quota"},
		"quota_named_tw":     {user: "ULE", command: "quota", text: "淨月", locale: reporting.ZhTW},
		"quota_named_en":     {user: "ULE", command: "quota", text: "jingyue 2018", locale: reporting.En},
		"quota_met":          {user: "ULE", command: "quota", text: "莲花山"},
		"quota_none":         {user: "ULE", command: "quota", text: "lvyou"},
		"quota_shared":       {user: "ULE", command: "quota", text: "经开"},
		"quota_past":         {user: "ULE", command: "quota", text: "净月 2017"},
		"quota_city":         {user: "ULE", command: "quota"},
		"quota_all":          {user: "ULE", command: "quota", text: "全部"},
		"quota_ambiguous":    {user: "ULE", command: "quota", text: "LY"},
		"report_city":        {user: "ULE", channel: "CLEAD", command: "report"},
		"report_city_en":     {user: "ULE", channel: "CLEAD", command: "report", text: "city", locale: reporting.En},
		"report_own":         {user: "UJY", command: "report"},
		"report_group":       {user: "ULE", command: "report", text: "分组 开发区"},
		"nudge_show":         {user: "UJY", command: "nudge", text: "show"},
		"nudge_now":          {user: "UJY", command: "nudge", text: "now"},
		"body_list":          {user: "URE", command: "body", text: "list"},
		"help_official":      {user: "UJY", command: "mouhua", text: "help"},
		"help_office_en":     {user: "URE", command: "mouhua", text: "help", locale: reporting.En},
		"help_leader_tw":     {user: "ULE", command: "mouhua", text: "幫助", locale: reporting.ZhTW},
		"help_stranger":      {user: "UXX", command: "quota", text: "help"},
		"help_not_yours":     {user: "UJY", command: "body", text: "help"},
		"question_unknown":   {user: "UJY", command: "mouhua", text: "今天天气怎么样"},
		"question_body_year": {user: "UJY", command: "mouhua", text: "净月 2018"},
	} {
		t.Run(name, func(t *testing.T) {
			a, l := city(t)
			l.quotas[yearKey("jingyue", 2017)] = reporting.Quota{BodyID: "jingyue", Year: 2017, Version: 2, Count: 50, EffectiveFrom: reporting.Date{Year: 2017, Month: 7, Day: 1}, DocNo: "长府办函〔2017〕9号", Reason: "区划调整"}
			l.tallies[yearKey("jingyue", 2017)] = reporting.Tally{BodyID: "jingyue", Year: 2017, Credited: 45, Invest: 800000}
			l.waiting["jingyue"] = busy
			r, err := l.ask(t, a, s)
			if err != nil {
				t.Fatal(err)
			}
			if r.Reply.Text == "" {
				t.Error("the reply has no plain line")
			}
			golden(t, name, plainText(r.Reply))
		})
	}
}

// busy is what waits for a body: more drafts than a nudge names, and a
// returned project whose name tries to be more than text.
var busy = reporting.Waiting{
	Returned: []reporting.Project{{ID: "CC-2018-0031", Name: "<!channel> *x* =1+1", ReturnReason: "请补充可研报告", ReturnedOn: reporting.Date{Year: 2018, Month: 7, Day: 20}}},
	Drafts: []reporting.Draft{
		{ID: "d1", Values: map[string]string{reporting.FieldName: "光电产业园"}, UpdatedAt: filingNow.AddDate(0, 0, -3).UnixMilli()},
		{ID: "d2", UpdatedAt: filingNow.UnixMilli()}, {ID: "d3", UpdatedAt: filingNow.UnixMilli()}, {ID: "d4", UpdatedAt: filingNow.UnixMilli()},
		{ID: "d5", UpdatedAt: filingNow.UnixMilli()}, {ID: "d6", UpdatedAt: filingNow.UnixMilli()}, {ID: "d7", UpdatedAt: filingNow.UnixMilli()},
	},
}

var bareKey = regexp.MustCompile(`\b(?:ask|button|choose|colour|column|dead|delivery|figure|gap|headline|help|kind|nudge|quota|report|role|stage|who|word|month|chart)\.[a-z_0-9.]+|<no value>|\{\{`)

// Every command of this area, for every role and in every language, says no
// key instead of a text.
func TestNoTextIsMissing(t *testing.T) {
	asked := []typed{
		{command: "quota"}, {command: "quota", text: "jingyue"}, {command: "quota", text: "all"}, {command: "quota", text: "LY"},
		{command: "quota", text: "chaoyang"}, {command: "quota", text: "lvyou"}, {command: "report"}, {command: "report", text: "group zones"},
		{command: "report", text: "body jingyue"}, {command: "nudge", text: "show jingyue"}, {command: "nudge", text: "show gxj"},
		{command: "nudge", text: "now jingyue"}, {command: "body", text: "list"}, {command: "mouhua", text: "help"}, {command: "mouhua", text: "?!"},
	}
	for _, day := range []time.Time{filingNow, filingNow.AddDate(0, -7, -20)} {
		for _, user := range []string{"UJY", "URE", "ULE", "UAD", "UXX"} {
			for _, locale := range reporting.Locales {
				_, l := city(t)
				a := l.app(t, day)
				l.waiting["jingyue"] = busy
				for _, s := range asked {
					s.user, s.locale = user, locale
					r, err := l.ask(t, a, s)
					text, _ := a.words.Explain(locale, err, "")
					if err == nil {
						text = plainText(r.Reply) + r.Reply.Text
					}
					// Buttons name actions, which look like keys.
					text = regexp.MustCompile(`(?m)^\[.*$`).ReplaceAllString(text, "")
					if found := bareKey.FindAllString(text, -1); len(found) > 0 {
						t.Errorf("%s /%s %s in %s says %v", user, s.command, s.text, locale, found)
					}
				}
			}
		}
	}
}

func TestUserTextIsOnlyText(t *testing.T) {
	a, l := city(t)
	l.waiting["jingyue"] = busy
	r, err := l.ask(t, a, typed{user: "UJY", command: "nudge", text: "now"})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, p := range r.Reply.Parts {
		lines, ok := p.(Bullets)
		for i := 0; ok && i < len(lines); i++ {
			for _, s := range lines[i] {
				found = found || s.Text == "<!channel> *x* =1+1" && s.User == "" && s.Channel == "" && s.URL == ""
			}
		}
	}
	if !found {
		t.Errorf("the project's name is not a span of its own:\n%s", plainText(r.Reply))
	}
	if strings.Contains(r.Reply.Text, "<!channel>") {
		t.Error("the plain line repeats user text")
	}
}
