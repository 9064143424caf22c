package reporting

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whoever loses a credit is told why, once; the city is nobody to tell.
func TestLossTold(t *testing.T) {
	rules := Rules{Threshold: Yi}
	before := Project{
		ID: "CC-2018-0001", ReporterBody: "jingyue", TerritoryBody: "jingyue", LeadDept: "gxj", InvestTotal: 30000, Status: Verified,
		PlanYear: 2018, VerifiedOn: Date{2018, 3, 1}, Version: 4,
	}
	tests := []struct {
		name, action string
		change       func(*Project)
		want         map[string]string // body: why
	}{
		{"below the threshold", "project.grant_change", func(p *Project) { p.InvestTotal = 9999 }, map[string]string{"jingyue": "below", "gxj": "below"}},
		{"exactly at it", "project.grant_change", func(p *Project) { p.InvestTotal = 10000 }, map[string]string{}},
		{"another territory", "project.grant_change", func(p *Project) { p.TerritoryBody = "kuancheng" }, map[string]string{"jingyue": "moved"}},
		{"withdrawn", "project.withdraw", func(p *Project) { p.Status, p.EndedOn = Withdrawn, Date{2018, 5, 1} }, map[string]string{"jingyue": "withdrawn", "gxj": "withdrawn"}},
		{"merged", "project.merge", func(p *Project) { p.Status, p.EndedOn = Merged, Date{2018, 5, 1} }, map[string]string{"jingyue": "merged", "gxj": "merged"}},
		{"held", "project.hold", func(p *Project) { p.HeldBy = "CC-2018-0002" }, map[string]string{"jingyue": "held", "gxj": "held"}},
		{"another year", "project.year", func(p *Project) { p.PlanYear = 2019 }, map[string]string{"jingyue": "year", "gxj": "year"}},
		{"suspended too long, of which the reporter is told anyway", "year.hold", func(p *Project) { p.Status, p.HoldEndedOn = Suspended, Date{2018, 8, 1} }, map[string]string{"gxj": "hold"}},
		{"suspended", "project.suspend", func(p *Project) { p.Status = Suspended }, map[string]string{}},
		{"another stage", "project.stage", func(p *Project) { p.Stage = S2 }, map[string]string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := before
			tt.change(&p)
			won, lost := Effect(before, p, rules)
			got := map[string]string{}
			for _, m := range LossTold(p, lost, won, rules, Event{Actor: "U1", Action: tt.action}) {
				if m.Kind != CreditLost || m.Args["project"] != p.ID || m.Args["year"] != "2018" || m.Args["by"] != "U1" {
					t.Errorf("message %+v", m)
				}
				got[m.BodyID] = m.Args["why"]
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
