package reporting

import "testing"

func TestSetPlanYear(t *testing.T) {
	office, day := Actor{UserID: "URE", Role: Reviewer}, Date{2018, 1, 20}
	p := coded("CC-2017-0003", "jingyue", Verified, "")
	p.PlanYear, p.FiledBy = 2018, "UJY"
	change := func(f func(p *Project)) Project { q := p; f(&q); return q }
	tests := []struct {
		what         string
		a            Actor
		p            Project
		seen         int
		year, reason string
		want         string
	}{
		{"official", Actor{UserID: "UJY", Role: Official, BodyID: "jingyue"}, p, 0, "2017", "核实晚", "err.forbidden"},
		{"leader", Actor{Role: Leader}, p, 0, "2017", "核实晚", "err.forbidden"},
		{"never verified", office, coded("CC-2018-0003", "jingyue", Submitted, ""), 0, "2017", "核实晚", "err.project.not_verified"},
		{"over", office, change(func(p *Project) { p.Status = Withdrawn }), 0, "2017", "核实晚", "err.project.not_verified"},
		{"asks for something", office, change(func(p *Project) { p.AskedVersion = 3 }), 0, "2017", "核实晚", "err.request.open"},
		{"changed since", office, p, 2, "2017", "核实晚", "err.project.changed"},
		{"no year", office, p, 0, "去年", "核实晚", "err.plan_year"}, {"empty", office, p, 0, "", "核实晚", "err.plan_year"},
		{"still to come", office, p, 0, "2019", "核实晚", "err.plan_year"}, {"long ago", office, p, 0, "1989", "核实晚", "err.plan_year"},
		{"the same", office, p, 0, "2018", "核实晚", "err.plan_year.same"}, {"no reason", office, p, 0, "2017", " ", "err.reason.required"},
		{"taken", office, p, 3, " ２０１７年 ", "核实晚", ""},
	}
	for _, tt := range tests {
		c, err := SetPlanYear(tt.a, tt.p, tt.seen, tt.year, tt.reason, day, 5)
		if keyOf(err) != tt.want {
			t.Errorf("%s: %v, want %q", tt.what, err, tt.want)
			continue
		}
		if err != nil {
			continue
		}
		if q := c.Project; q.PlanYear != 2017 || q.ConfirmedFor != 2018 || q.StatusReason != "核实晚" || c.Event.Action != "project.year" {
			t.Errorf("%s: %+v", tt.what, c)
		}
		if len(c.Messages) != 1 || c.Messages[0].To != "UJY" || c.Messages[0].Kind != LifeTold {
			t.Errorf("%s: told %+v", tt.what, c.Messages)
		}
		if won, lost := Effect(tt.p, c.Project, Rules{Threshold: Yi}); len(won) != 2 || len(lost) != 2 || won[0].Year != 2017 || lost[0].Year != 2018 {
			t.Errorf("%s: won %v, lost %v", tt.what, won, lost)
		}
	}
}
