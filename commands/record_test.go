package commands

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// shownValues are what a form holds when it is submitted as it is drawn.
func shownValues(f *Form) map[string]string {
	v := map[string]string{}
	for _, x := range f.Fields {
		if x.Kind != InfoField && x.Value != "" {
			v[x.ID] = x.Value
		}
	}
	return v
}

func TestRecordStory(t *testing.T) {
	a, s := office(t)
	put(s, 7, verified)
	card := drawn(said(t, a, "UJY", "project", "补全 7").Reply)
	wants(t, "card", card, "档案已填 6/22", "[基本情况→project.complete CC-2018-0007 identity]", "[资金构成→project.complete CC-2018-0007 money]", "[效益和支持→project.complete CC-2018-0007 effect]")

	f := pressed(t, a, "UJY", "project.complete", "CC-2018-0007 identity").Form
	if len(f.Fields)-2 > 9 {
		t.Errorf("%d fields do not fit a telephone", len(f.Fields)-2)
	}
	bad := submitted(t, a, "UJY", f, "k1", map[string]string{"location_code": "2201", "owner_code": "91350100M000100Y44", "gb4754": "D36", "planning_mode": "brains"})
	for id, text := range map[string]string{"location_code": "六位数字", "owner_code": "校验位不对", "gb4754": "应为 C36", "outside_brain": "请填写"} {
		if !strings.Contains(bad.Errors[id], text) {
			t.Errorf("%s: %q, want %q", id, bad.Errors[id], text)
		}
	}
	good := map[string]string{"location_code": "220381", "owner_code": "91350100M000100Y43", "gb4754": "36", "introducer": "<!channel> 吉商联合会", "drive": "new"}
	r := submitted(t, a, "UJY", f, "k2", good)
	wants(t, "saved", drawn(r.Tell), "“基本情况”已保存，档案已填 11/22", "建设地点代码 220381 不在本市", "<!channel> 吉商联合会")
	if again := submitted(t, a, "UJY", f, "k2", good); again.Tell == nil || s.projects["CC-2018-0007"].Version != 2 {
		t.Errorf("delivered again: version %d", s.projects["CC-2018-0007"].Version)
	}

	f = said(t, a, "UJY", "project", "complete 7 资金").Form
	r = submitted(t, a, "UJY", f, "k3", map[string]string{"fund_government": "1亿", "fund_enterprise": "2亿", "fund_loan": "2000万", "fx_currency": "USD", "fx_amount": "1000", "fx_rate": "6.8125", "fx_on": "2018-07-01"})
	wants(t, "money", drawn(r.Tell), "政府资金 1.00 亿元（10,000 万元）", "美元 1,000 万，汇率 6.8125（2018年7月1日），折合 0.68 亿元（6,813 万元）")

	f = pressed(t, a, "UJY", "project.complete", "CC-2018-0007 effect").Form
	if x := field(t, f, "support_tools"); x.Kind != ManyField || len(x.Options) != 13 {
		t.Errorf("support tools: %+v", x)
	}
	r = submitted(t, a, "UJY", f, "k4", map[string]string{
		"library_level": "nation|city", "funds_applied": "500万", "output": "3亿", "tax": "2000万", "jobs": "1200", "tags": "local|double_ten", "support_tools": "interest|equity",
	})
	wants(t, "effect", drawn(r.Tell), "市级、国家级 · 申请资金", "就业 1,200 人", "双十工程、成果本地转化", "股权投资基金、贷款贴息")

	show := drawn(said(t, a, "UJY", "project", "show 7").Reply)
	wants(t, "shown", show, "档案完整度=18/23", "统一社会信用代码 91350100M000100Y43", "国民经济行业代码 C36", "股权投资基金、贷款贴息", "[补全档案→project.complete CC-2018-0007]")
	lacks(t, "shown to a leader", drawn(said(t, a, "ULE", "project", "show 7").Reply), "project.complete")
	if got := s.events[len(s.events)-1]; got.Action != "project.complete" || got.Actor != "UJY" || len(s.sent) != 0 {
		t.Errorf("event %+v, messages %v", got, s.sent)
	}
	put(s, 8, verified)
	lacks(t, "what is empty", drawn(said(t, a, "UJY", "project", "show 8").Reply), "资金构成", "支持工具", "预期效益")
}

// TestRecordConflict has a colleague write while the form is open.
func TestRecordConflict(t *testing.T) {
	a, s := office(t)
	put(s, 7, func(p *reporting.Project) { verified(p); p.Sector, p.Introducer = "C36", "旧" })
	mine := pressed(t, a, "UJY", "project.complete", "CC-2018-0007 identity").Form
	theirs := pressed(t, a, "UAD", "project.complete", "CC-2018-0007 identity").Form
	v := shownValues(theirs)
	v["gb4754"], v["introducer"] = "C37", "他们"
	submitted(t, a, "UAD", theirs, "k1", v)

	v = shownValues(mine)
	v["introducer"], v["location_code"] = "我们", "220102"
	r := submitted(t, a, "UJY", mine, "k2", v)
	if r.Next == nil {
		t.Fatalf("who comes second: %+v", r)
	}
	wants(t, "told", spans(r.Next.Fields[0].Text), "别人已改过这个项目", "引荐人：现在是“他们”，您填的是“我们”")
	lacks(t, "told", spans(r.Next.Fields[0].Text), "C37")
	if diff := cmp.Diff(map[string]string{"gb4754": "C37", "introducer": "我们", "location_code": "220102"}, shownValues(r.Next)); diff != "" {
		t.Error(diff)
	}
	submitted(t, a, "UJY", r.Next, "k3", shownValues(r.Next))
	if p := s.projects["CC-2018-0007"]; p.Sector != "C37" || p.Introducer != "我们" || p.LocationCode != "220102" || p.Version != 3 {
		t.Errorf("in the end: %+v", p.Record)
	}
}

// TestRecordSums shows what amounts add up to while they are typed.
func TestRecordSums(t *testing.T) {
	a, s := office(t)
	put(s, 7, verified)
	f := pressed(t, a, "UJY", "project.complete", "CC-2018-0007 money").Form
	if x := field(t, f, "fund_other"); !x.Live || x.Hint != "总投资 3.20 亿元（32,000 万元）" {
		t.Errorf("at first: %+v", x)
	}
	change := func(f *Form, v map[string]string) *Form {
		in := input("UJY", f, "", v)
		in.Field = "fund_loan"
		g, err := a.Changed(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	v := map[string]string{"fund_government": "1亿", "fund_loan": "2亿", "fx_currency": "USD", "fx_amount": "1000", "fx_rate": "6.8"}
	g := change(f, v)
	if g == nil {
		t.Fatal("not redrawn")
	}
	if got := field(t, g, "fund_other").Hint; got != "各项合计 3.00 亿元（30,000 万元），总投资 3.20 亿元（32,000 万元）" {
		t.Errorf("sum: %q", got)
	}
	if got := field(t, g, "fx_rate").Hint; got != "折合 0.68 亿元（6,800 万元）" {
		t.Errorf("converted: %q", got)
	}
	if diff := cmp.Diff(v, shownValues(g)); diff != "" {
		t.Errorf("typed: %s", diff)
	}
	if h := change(g, v); h != nil {
		t.Error("redrawn though nothing shows")
	}
	r := submitted(t, a, "UJY", g, "k", v)
	if !strings.Contains(r.Errors["fund_other"], "相差超过 1%") || r.Errors["fx_on"] == "" {
		t.Errorf("faults: %v", r.Errors)
	}
	v["fund_loan"], v["fx_on"] = "2.2亿", "2018-07-01"
	if r = submitted(t, a, "UJY", g, "k2", v); len(r.Errors) > 0 || s.projects["CC-2018-0007"].FundLoan != 22000 {
		t.Errorf("put right: %v", r.Errors)
	}
}

func TestRecordRefusals(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	put(s, 2, verified)
	put(s, 3, func(p *reporting.Project) { p.Status = reporting.Withdrawn })
	form := pressed(t, a, "UJY", "project.complete", "CC-2018-0002 identity").Form
	for _, tt := range []struct{ user, text, want string }{
		{"UJY", "complete", "err.project.id.needed"}, {"UJY", "complete 99", "err.project.unknown"}, {"UJY", "complete 2 全部", "err.record.section"},
		{"UJY", "complete 1", "err.record.status"}, {"UJY", "complete 3", "err.record.status"},
		{"UKC", "complete 2", "err.forbidden"}, {"URE", "complete 2", "err.forbidden"}, {"ULE", "complete 2 money", "err.forbidden"}, {"UXX", "complete 2", "err.stranger"},
	} {
		if _, err := say(t, a, tt.user, "project", tt.text); key(err) != tt.want {
			t.Errorf("%s: %s: %v, want %s", tt.user, tt.text, err, tt.want)
		}
	}
	// What was opened before is refused at a field, with what was typed in its place.
	v := map[string]string{"gb4754": "36"}
	if r := submitted(t, a, "UKC", form, "k1", v); !strings.Contains(r.Errors["location_code"], "经办人") {
		t.Errorf("another body: %+v", r)
	}
	p := s.projects["CC-2018-0002"]
	p.Status, p.Version = reporting.Withdrawn, 2
	s.projects[p.ID] = p
	if r := submitted(t, a, "UJY", form, "k2", v); !strings.Contains(r.Errors["location_code"], "已退库") {
		t.Errorf("withdrawn meanwhile: %+v", r)
	}
	if _, err := a.Submit(t.Context(), Input{User: "UJY", FormID: "project.complete", State: `{"p":"CC-2018-0002","s":"rest"}`, Locale: reporting.ZhCN}); key(err) != "err.form.unknown" {
		t.Errorf("a form of ours it is not: %v", err)
	}
	if len(s.events) > 0 {
		t.Errorf("written all the same: %+v", s.events)
	}
}

func TestUpdateOffersTheMilestone(t *testing.T) {
	a, s := office(t)
	put(s, 7, func(p *reporting.Project) { verified(p); p.Milestone = "permit" })
	f := said(t, a, "UJY", "project", "update 7").Form
	if x := field(t, f, "milestone"); x.Value != "permit" || len(x.Options) != len(reporting.Milestones) || !x.Optional {
		t.Errorf("milestone: %+v", x)
	}
	r := submitted(t, a, "UJY", f, "k1", map[string]string{"note": "证照退件重办", "invested": "0", "milestone": "eia"})
	wants(t, "stepped back", drawn(r.Tell), "由“施工许可”退到“环评”")
	f = said(t, a, "UJY", "project", "update 7").Form
	r = submitted(t, a, "UJY", f, "k2", map[string]string{"note": "已开工", "invested": "1亿", "milestone": "begun"})
	wants(t, "moved on", drawn(r.Tell), "环评 → 开工")
	if p := s.projects["CC-2018-0007"]; p.Milestone != "begun" || len(s.notes) != 2 {
		t.Errorf("kept %s with %d notes", p.Milestone, len(s.notes))
	}
}

// TestRecordKeys holds every field and choice of the record to a text.
func TestRecordKeys(t *testing.T) {
	all, _ := texts(t)
	var keys []string
	for _, s := range reporting.Sections {
		keys = append(keys, "record.section."+string(s), "record.note."+string(s))
		for _, id := range reporting.RecordFields[s] {
			keys = append(keys, "field."+id+".label", "field."+id+".hint")
		}
	}
	for field, choices := range recordChoices {
		for _, c := range choices {
			keys = append(keys, field+"."+c)
		}
	}
	for _, k := range keys {
		if _, ok := all[reporting.En][k]; !ok {
			t.Errorf("%s has no text", k)
		}
	}
	for word, s := range sectionWords {
		if !slices.Contains(reporting.Sections, s) {
			t.Errorf("%s means %s", word, s)
		}
	}
}
