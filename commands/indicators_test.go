package commands

import (
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

func TestIndicators(t *testing.T) {
	a, s := office(t)
	s.bodies.All[1].ChannelID = "CJY"
	s.targets.tally, s.targets.funds = reporting.Tally{Promoted: 60000, ByStage: [4]int{5, 4, 3, 2}}, 3000
	wants(t, "none", drawn(said(t, a, "UJY", "quota", "指标").Reply), "没有设定指标目标")
	wants(t, "none at all", drawn(said(t, a, "URE", "quota", "indicators").Reply), "没有给任何单位")
	lacks(t, "quota without a target", drawn(said(t, a, "UJY", "quota", "").Reply), "其他指标")

	r := said(t, a, "URE", "quota", "target 净月 landed 20 年度考核办法")
	wants(t, "set", drawn(r.Reply), "项目落地目标为 20 个", "年度考核办法")
	out, err := a.Compose(t.Context(), s.sent[0])
	if err != nil || out.Channel != "CJY" {
		t.Fatalf("told %q, %v", out.Channel, err)
	}
	wants(t, "told", drawn(out.Reply), "2018年项目落地目标为 20 个", "年度考核办法")
	f := said(t, a, "URE", "quota", "目标 净月 2018 招商引资 12亿").Form
	wants(t, "form", infos(f), "项目落地现为 20 个")
	if field(t, f, "target").Value != "12亿" || field(t, f, "indicator").Value != "investment" {
		t.Errorf("what was typed is not in the form: %+v", f.Fields)
	}
	for what, tt := range map[string]struct {
		v    map[string]string
		want string
	}{
		"no reason":    {map[string]string{"indicator": "investment", "target": "12亿"}, "reason"},
		"no indicator": {map[string]string{"target": "12", "reason": "x"}, "indicator"},
		"no number":    {map[string]string{"indicator": "landed", "target": "很多", "reason": "x"}, "target"},
		"no money":     {map[string]string{"indicator": "funds", "target": "很多", "reason": "x"}, "target"},
		"the same":     {map[string]string{"indicator": "landed", "target": "20", "reason": "x"}, "target"},
	} {
		if r := handedIn(t, a, "URE", f, what, tt.v); r.Errors[tt.want] == "" {
			t.Errorf("%s: %+v", what, r)
		}
	}
	handedIn(t, a, "URE", f, "ok", map[string]string{"indicator": "investment", "target": "12亿", "reason": "考核办法", "doc_no": "长府办发〔2018〕1号"})
	if r := handedIn(t, a, "URE", f, "late", map[string]string{"indicator": "funds", "target": "1亿", "reason": "考核办法"}); r.Errors["target"] == "" {
		t.Errorf("set over somebody else's change: %+v", r)
	}
	for what, text := range map[string]string{
		"of the body": drawn(said(t, a, "UJY", "quota", "指标").Reply), "of all": drawn(said(t, a, "ULE", "quota", "indicators").Reply),
		"in the quota": drawn(said(t, a, "UJY", "quota", "").Reply),
	} {
		wants(t, what, text, "招商引资=", "6.00 亿元（60,000 万元），目标 12.00 亿元（120,000 万元），完成 50.0%", "5 个，目标 20 个，完成 25.0%")
	}
	said(t, a, "URE", "quota", "target 净月 landed 0 不再考核")
	lacks(t, "taken away", drawn(said(t, a, "UJY", "quota", "").Reply), "项目落地")
	wants(t, "note", drawn(said(t, a, "UJY", "quota", "indicators").Reply), "数据截至 2018年", "R1")
}

func TestIndicatorRefusals(t *testing.T) {
	a, s := office(t)
	s.frozen = frozen2017(reporting.CountNew)
	for _, tt := range []struct{ user, text, want string }{
		{"UJY", "target 净月 landed 20 x", "err.forbidden"}, {"ULE", "target 净月 landed 20 x", "err.forbidden"},
		{"UJY", "indicators 宽城", "err.forbidden"}, {"UNO", "indicators", "err.body.needed"},
		{"URE", "target", "err.body.needed"}, {"URE", "target 某地 landed 20 x", "err.body.unknown"},
		{"URE", "target 净月 2017 landed 20 x", "err.indicator.frozen"}, {"URE", "target 净月 2017", "err.indicator.frozen"},
		{"URE", "target 净月 landed 很多 x", "err.quota.number"}, {"URE", "target 净月 funds 很多 x", "err.money.form"},
		{"URE", "target 净月 landed 99999 x", "err.indicator.target"}, {"URE", "indicators 净月 1990", "err.year"},
	} {
		_, err := say(t, a, tt.user, "quota", tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.want) && key(err) != "err.body.near" {
			t.Errorf("%s %s: %v, want %s", tt.user, tt.text, err, tt.want)
		}
	}
	if len(s.events) != 0 {
		t.Errorf("a refusal left %d events", len(s.events))
	}
	f := s.frozen[2017]
	f.Indicators = []reporting.IndicatorLine{{BodyID: "jingyue", Year: 2017, Indicator: reporting.Funds, Target: 1000, Actual: 500}}
	s.frozen[2017] = f
	wants(t, "frozen", drawn(said(t, a, "UJY", "quota", "indicators 2017").Reply), "资金到位=", "50.0%", "2017年12月31日")
}
