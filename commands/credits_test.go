package commands

import (
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// What is said of counting follows the policy, and of a frozen year that of
// its own time.
func TestCreditPolicyTexts(t *testing.T) {
	for _, tt := range []struct {
		policy      reporting.CreditPolicy
		to          []string
		not         string
		note, sum   string
		under, held string
	}{
		{reporting.BothFull, []string{"净月高新区（属地）", "市工信局（行业主管部门）"}, "申报单位）", "之和不小于全市数", "之和不小于全市数", "各计一次", "全市、净月高新区、市工信局"},
		{reporting.TerritoryOnly, []string{"净月高新区（属地）"}, "市工信局", "每个项目只计入属地", "之和不大于全市数", "只计入属地", "全市、净月高新区"},
		{reporting.ReporterOnly, []string{"净月高新区（申报单位）"}, "市工信局", "只计入申报单位", "之和等于全市数", "只计入申报单位", "全市、净月高新区"},
	} {
		a, s := office(t)
		a.cfg.Credit = tt.policy
		put(s, 2, func(p *reporting.Project) { p.InvestTotal = 10100 })
		wants(t, "effect", drawn(said(t, a, "URE", "review", "queue").Reply), tt.held+" 各 +1")
		text := drawn(said(t, a, "URE", "review", "approve 0002").Reply)
		wants(t, string(tt.policy), text, append(tt.to, tt.note)...)
		lacks(t, string(tt.policy), text, tt.not)
		wants(t, "city", drawn(said(t, a, "URE", "quota", "all").Reply), tt.sum)
		wants(t, "body", drawn(said(t, a, "UJY", "quota", "").Reply), tt.under)

		frozen := frozen2017(reporting.CountNew)
		f := frozen[2017]
		f.Rules = reporting.Rules{Threshold: 20000, Credit: reporting.TerritoryOnly}
		frozen[2017] = f
		s.frozen = frozen
		wants(t, "frozen city", drawn(said(t, a, "URE", "quota", "all 2017").Reply), "之和不大于全市数")
		wants(t, "frozen body", drawn(said(t, a, "UJY", "quota", "净月高新区 2017").Reply), "2.00 亿元（20,000 万元）的已核实项目，只计入属地")
	}
}
