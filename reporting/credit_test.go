package reporting

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCreditPolicies(t *testing.T) {
	p := Project{ID: "CC-2018-0001", ReporterBody: "kejiju", TerritoryBody: "jingyue", LeadDept: "gxj", InvestTotal: Yi, Status: Verified, VerifiedOn: Date{2018, 3, 1}, PlanYear: 2018}
	open := p
	open.TerritoryBody, open.LeadDept = "", ""
	tests := []struct {
		policy CreditPolicy
		p      Project
		want   []string
	}{
		{"", p, []string{"/city", "jingyue/territory", "gxj/department"}}, {BothFull, p, []string{"/city", "jingyue/territory", "gxj/department"}},
		{TerritoryOnly, p, []string{"/city", "jingyue/territory"}}, {ReporterOnly, p, []string{"/city", "kejiju/reporter"}},
		{BothFull, open, []string{"/city"}}, {TerritoryOnly, open, []string{"/city"}}, {ReporterOnly, open, []string{"/city", "kejiju/reporter"}},
	}
	for _, tt := range tests {
		var got []string
		for _, c := range CreditsFor(tt.p, Rules{Yi, tt.policy}) {
			got = append(got, c.BodyID+"/"+string(c.Role))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.policy, got, tt.want)
		}
		tt.p.Status, tt.p.VerifiedOn = Submitted, Date{}
		var pending []string
		for i, body := range PendingFor(tt.p, Rules{Yi, tt.policy}) {
			pending = append(pending, body+tt.want[i][len(body):])
		}
		if !slices.Equal(pending, tt.want) {
			t.Errorf("%s: pending %v, want %v", tt.policy, pending, tt.want)
		}
	}
}

// Under every policy the city counts each project once, and a body at most
// once; what waits is credited to the same bodies once it is verified.
func TestCreditProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SampledFrom([]string{"", "jingyue", "kuancheng"})
		p := Project{
			ID: "CC-2018-0001", ReporterBody: rapid.SampledFrom([]string{"jingyue", "kuancheng", "gxj"}).Draw(t, "reporter"), TerritoryBody: body.Draw(t, "territory"),
			LeadDept: rapid.SampledFrom([]string{"", "gxj", "fgw"}).Draw(t, "department"), InvestTotal: Wan(rapid.IntRange(9000, 11000).Draw(t, "total")),
			Status: Submitted, PlanYear: 2018, SubmittedOn: Date{2018, 3, 1},
		}
		r := Rules{Yi, rapid.SampledFrom(CreditPolicies).Draw(t, "policy")}
		pending := PendingFor(p, r)
		credits := CreditsFor(p.IfApproved(Date{2018, 3, 2}), r)
		seen := map[string]bool{}
		for i, c := range credits {
			if seen[c.BodyID] || c.BodyID != pending[i] {
				t.Fatalf("credits %v, pending %v", credits, pending)
			}
			seen[c.BodyID] = true
		}
		if counts := p.InvestTotal >= Yi; len(credits) != len(pending) || counts != seen[City] {
			t.Fatalf("%d: credits %v, pending %v", p.InvestTotal, credits, pending)
		}
	})
}
