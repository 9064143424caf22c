package commands

import "testing"

func TestPlanYear(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	r := said(t, a, "URE", "project", "年度 0002 2017 核实晚于年底")
	wants(t, "done", drawn(r.Reply), "现计入2017年", "核实晚于年底")
	if p := s.projects["CC-2018-0002"]; p.PlanYear != 2017 || len(s.sent) != 1 {
		t.Fatalf("%+v, sent %+v", p, s.sent)
	}
	out, err := a.Compose(t.Context(), s.sent[0])
	if err != nil || out.Channel != "UJY" {
		t.Fatalf("told %q, %v", out.Channel, err)
	}
	wants(t, "told", drawn(out.Reply), "计划年度已改为2017年", "核实晚于年底")

	f := pressed(t, a, "URE", "project.year", "CC-2018-0002").Form
	wants(t, "note", infos(f), "已封存的年度数据不变")
	for values, want := range map[[2]string]string{{"2030", "x"}: "year", {"2018", " "}: "reason", {"2017", "x"}: "year", {"", "x"}: "year"} {
		if r := handedIn(t, a, "URE", f, "y"+values[0]+values[1], map[string]string{"year": values[0], "reason": values[1]}); r.Errors[want] == "" {
			t.Errorf("%v: %+v", values, r)
		}
	}
	handedIn(t, a, "URE", f, "ok", map[string]string{"year": "2018", "reason": "更正"})
	if p := s.projects["CC-2018-0002"]; p.PlanYear != 2018 {
		t.Errorf("by form: %d", p.PlanYear)
	}
}

func TestPlanYearRefusals(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	put(s, 3, nil)
	for _, tt := range []struct{ user, text, want string }{
		{"UJY", "year 0002 2017 核实晚", "err.forbidden"}, {"ULE", "year 0002 2017 核实晚", "err.forbidden"}, {"UJY", "year 0002", "err.forbidden"},
		{"URE", "year", "err.project.id.needed"}, {"URE", "year 9999 2017 x", "err.project.unknown"},
		{"URE", "year 0003 2017 x", "err.project.not_verified"}, {"URE", "year 0002 2019 x", "err.plan_year"}, {"URE", "year 0002 2018 x", "err.plan_year.same"},
	} {
		if _, err := say(t, a, tt.user, "project", tt.text); key(err) != tt.want {
			t.Errorf("%s %s: %v, want %s", tt.user, tt.text, err, tt.want)
		}
	}
	if f := said(t, a, "URE", "project", "year 0002 2017").Form; f == nil || field(t, f, "year").Value != "2017" {
		t.Error("what was typed is not in the form")
	}
	buttons := drawn(said(t, a, "UJY", "project", "show 0002").Reply)
	lacks(t, "official", buttons, "project.year")
	wants(t, "office", drawn(said(t, a, "URE", "project", "show 0002").Reply), "project.year")
	if len(s.events) != 0 {
		t.Errorf("a refusal left %d events", len(s.events))
	}
}
