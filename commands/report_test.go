package commands

import (
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// pastCity is city with days of the past and paths.
func pastCity(t testing.TB) (*App, *ledger) {
	a, l := city(t)
	june, july := reporting.Date{Year: 2018, Month: 6, Day: 30}, reporting.Date{Year: 2018, Month: 5, Day: 31}
	l.stoodOn = map[reporting.Date]map[string]int{
		june: {reporting.City: 210, "jingyue": 24, "kuancheng": 20, "chaoyang": 30, "lvyuan": 9, "xinqu": 70, "jingkai": 35, "qikai": 28, "lianhuashan": 12},
		july: {reporting.City: 150, "jingyue": 20},
	}
	l.brought = []reporting.CameIn{
		{BodyID: reporting.City, Credited: 62, Invest: 1200000, Reached: [4]int{0, 9, 4, 1}},
		{BodyID: "jingyue", Credited: 5, Invest: 150000, Reached: [4]int{0, 2, 0, 0}}, {BodyID: "xinqu", Credited: 11, Invest: 400000},
	}
	l.pathsOf = map[string][]reporting.PathTally{
		reporting.City: {{Path: "R1.1", Credited: 90, Invest: 2500000}, {Path: "R1.3", Credited: 30, Invest: 700000}, {Path: "R2.1", Credited: 60, Invest: 2000000},
			{Path: "R3.1", Credited: 50, Invest: 1000000}, {Path: "R4.1", Credited: 20, Invest: 400000}, {Path: "R5.2", Credited: 10, Invest: 200000}},
		"jingyue": {{Path: "", Credited: 1, Invest: 20000}, {Path: "R1.2", Credited: 29, Invest: 940000}},
	}
	return a, l
}

// TestReportTexts is what leaders and officials are told of days, routes and of
// several beside each other, word by word.
func TestReportTexts(t *testing.T) {
	for name, s := range map[string]typed{
		"report_city_day":     {user: "ULE", command: "report", text: "city 2018-06-30"},
		"report_city_month":   {user: "ULE", command: "report", text: "全市 6月"},
		"report_body_month":   {user: "UJY", command: "report", text: "單位 2018-06", locale: reporting.ZhTW},
		"report_group_month":  {user: "ULE", command: "report", text: "分组 开发区 上月"},
		"report_route":        {user: "ULE", command: "report", text: "路径"},
		"report_route_own":    {user: "UJY", command: "report", text: "route", locale: reporting.En},
		"report_compare":      {user: "ULE", command: "report", text: "对比 净月、宽城和经开 2018-06"},
		"report_compare_en":   {user: "ULE", command: "report", text: "compare districts vs zones", locale: reporting.En},
		"report_compare_none": {user: "ULE", command: "report", text: "compare lvyou jingyue"},
	} {
		t.Run(name, func(t *testing.T) {
			a, l := pastCity(t)
			r, err := l.ask(t, a, s)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, plainText(r.Reply))
		})
	}
}

func TestReportRefusals(t *testing.T) {
	for text, tt := range map[string]struct{ user, want string }{
		"city 2018-08-01":               {"ULE", "invalid err.when.future"},
		"city 2017-06-30":               {"ULE", "invalid err.when.before"},
		"city 2018-02-30":               {"ULE", "invalid err.date"},
		"city":                          {"UJY", "forbidden err.forbidden"},
		"group 开发区 6月":                  {"UJY", "forbidden err.forbidden"},
		"route 宽城":                      {"UJY", "forbidden err.forbidden"},
		"compare 净月 宽城":                 {"UJY", "forbidden err.forbidden"},
		"compare 区 开发区":                 {"UJY", "forbidden err.forbidden"},
		"compare 净月":                    {"ULE", "invalid err.compare.count"},
		"compare 净月 净月":                 {"ULE", "invalid err.compare.count"},
		"compare 净月 LY":                 {"ULE", "invalid err.body.several"},
		"compare 净月 火星":                 {"ULE", "not_found err.body.unknown"},
		"compare KC CY LHS XQ JK JY QK": {"ULE", "invalid err.compare.count"},
	} {
		a, l := pastCity(t)
		if _, err := l.ask(t, a, typed{user: tt.user, command: "report", text: text}); refusal(err) != tt.want {
			t.Errorf("%s by %s: %s, want %s", text, tt.user, refusal(err), tt.want)
		}
	}
}

// TestOpenFigures: where the office has opened them, officials see the figures of
// all in private, and no list of others' projects.
func TestOpenFigures(t *testing.T) {
	a, l := pastCity(t)
	a.cfg.Openness = reporting.Open
	for _, text := range []string{"city", "group 开发区", "route", "compare 净月 宽城", "programme"} {
		r, err := l.ask(t, a, typed{user: "UJY", channel: "CJY", command: "report", text: text})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if r.Reply.InChannel || strings.Contains(plainText(r.Reply), "quota.list") {
			t.Errorf("%s: in the channel %v\n%s", text, r.Reply.InChannel, plainText(r.Reply))
		}
	}
	for _, s := range []typed{{user: "UJY", command: "project", text: "list 宽城"}, {user: "UJY", command: "project", text: "problems 宽城"}} {
		if _, err := l.ask(t, a, s); refusal(err) != "forbidden err.forbidden" {
			t.Errorf("%s %s: %s", s.command, s.text, refusal(err))
		}
	}
}
