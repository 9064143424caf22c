package commands

import (
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

func ticking(edit ...string) map[string]string {
	return with(map[string]string{reporting.FieldApprovalItem: "record", reporting.FieldApprovalDone: "2018-07-20", reporting.FieldApprovalDoc: "长发改备〔2018〕12号"}, edit...)
}

// A checklist is chosen, ticked item by item, corrected, and changed to another
// kind, which keeps what both have.
func TestChecklist(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	wants(t, "a leader's, before", drawn(said(t, a, "ULE", "project", "审批 0002").Reply), "还没有选择")
	f := said(t, a, "UJY", "project", "审批 0002").Form
	if kinds := field(t, f, "approval_kind"); len(kinds.Options) != 3 || kinds.Value != "" {
		t.Fatalf("kinds: %+v", kinds)
	}
	r := handedIn(t, a, "UJY", f, "k", map[string]string{"approval_kind": "record"})
	wants(t, "chosen", drawn(r.Tell), "已定为备案", "已办结 0/10 项，下一项：项目备案，自2018年7月31日起办理", "[登记办结→approval.tick CC-2018-0002]", "project.code CC-2018-0002")

	f = pressed(t, a, "UJY", "approval.tick", "CC-2018-0002").Form
	if item, done := field(t, f, "approval_item"), field(t, f, "approval_done"); item.Value != "record" || len(item.Options) != 10 || done.Value != "2018-07-31" || done.Kind != DateField {
		t.Fatalf("the form: %+v, %+v", item, done)
	}
	r = handedIn(t, a, "UJY", f, "t1", ticking())
	wants(t, "ticked", drawn(r.Tell), "“项目备案”已登记办结", "✓ 项目备案 · 2018年7月20日 长发改备〔2018〕12号", "已办结 1/10 项，下一项：建设用地批准", "○ 建设用地批准（自2018年7月31日起办理）")
	again := handedIn(t, a, "UJY", f, "t1", ticking())
	if drawn(again.Tell) != drawn(r.Tell) || len(s.ticks) != 1 {
		t.Errorf("delivered again: %s", drawn(again.Tell))
	}
	handedIn(t, a, "URE", pressed(t, a, "URE", "approval.tick", "0002").Form, "t2", ticking("approval_item", "eia", "approval_doc", ""))
	if p := s.projects["CC-2018-0002"]; p.ApprovalNext != "land" || p.Version != 4 {
		t.Errorf("after an item out of order: %+v", p.Checklist)
	}
	wants(t, "project", drawn(said(t, a, "ULE", "project", "show 0002").Reply), "办理方式=备案 · 已办结 2/10 项，下一项：建设用地批准")

	f = pressed(t, a, "UJY", "approval.untick", "0002").Form
	if got := len(field(t, f, "approval_item").Options); got != 2 {
		t.Errorf("%d to take back", got)
	}
	r = handedIn(t, a, "UJY", f, "u", map[string]string{"approval_item": "record", "approval_why": ""})
	wants(t, "no reason", r.Errors["approval_why"], "请写明")
	r = handedIn(t, a, "UJY", f, "u", map[string]string{"approval_item": "record", "approval_why": "文号有误"})
	wants(t, "taken back", drawn(r.Tell), "已撤销登记", "○ 项目备案", "✓ 环境影响评价批复")
	handedIn(t, a, "UJY", pressed(t, a, "UJY", "approval.tick", "0002").Form, "t3", ticking())

	f = pressed(t, a, "UJY", "approval.kind", "0002").Form
	r = handedIn(t, a, "UJY", f, "k2", map[string]string{"approval_kind": "verify"})
	wants(t, "another kind", drawn(r.Tell), "已定为核准", "已办结 1/13 项，下一项：用地预审与选址意见书", "✓ 环境影响评价批复")
	lacks(t, "another kind", drawn(r.Tell), "项目备案")
	var audit []string
	for _, e := range s.events {
		if e.Kind == "approval" {
			audit = append(audit, e.Action)
		}
	}
	if got, want := strings.Join(audit, " "), "approval.kind approval.tick approval.tick approval.untick approval.tick approval.kind"; got != want {
		t.Errorf("audit %s, want %s", got, want)
	}
	if got := len(s.sent); got != 0 {
		t.Errorf("%d messages", got)
	}
}

func TestChecklistRefusals(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	put(s, 2, verified)
	put(s, 3, func(p *reporting.Project) {
		verified(p)
		p.Status, p.ApprovalKind, p.ApprovalNext = reporting.Withdrawn, "record", "record"
	})
	put(s, 4, func(p *reporting.Project) { verified(p); p.ApprovalKind, p.ApprovalNext = "record", "record" })
	tests := []struct{ user, action, value, want string }{
		{"UKC", "approval.of", "0002", "err.forbidden"}, {"UKC", "approval.kind", "0002", "err.forbidden"}, {"ULE", "approval.kind", "0002", "err.forbidden"},
		{"UGX", "approval.tick", "0004", "err.forbidden"}, {"ULE", "approval.tick", "0004", "err.forbidden"}, {"UKC", "approval.untick", "0004", "err.forbidden"},
		{"UJY", "approval.kind", "0001", "err.project.not_verified"}, {"UJY", "approval.tick", "0003", "err.project.not_verified"},
		{"UJY", "approval.tick", "0002", "err.approval.kind"}, {"UJY", "approval.untick", "0004", "err.approval.not_ticked"},
		{"UJY", "approval.of", "0099", "err.project.unknown"}, {"UJY", "approval.of", "", "err.project.id.needed"}, {"UXX", "approval.of", "0002", "err.stranger"},
	}
	for _, tt := range tests {
		t.Run(tt.user+" "+tt.action+" "+tt.value, func(t *testing.T) {
			refuses(t, a, Press{User: tt.user, Action: tt.action, Value: tt.value}, tt.want)
		})
	}
	_, err := a.Submit(t.Context(), Input{User: "UJY", FormID: "approval", State: `{"d":"burn","p":"CC-2018-0002","v":1}`, Locale: reporting.ZhCN})
	if key(err) != "err.form.unknown" {
		t.Errorf("a form of nothing: %v", err)
	}
	if len(s.events) != 0 {
		t.Errorf("a refusal left %d events", len(s.events))
	}
}

func TestChecklistFaults(t *testing.T) {
	a, s := office(t)
	put(s, 4, func(p *reporting.Project) { verified(p); p.ApprovalKind, p.ApprovalNext = "record", "land" })
	s.ticks = []reporting.Tick{{ProjectID: "CC-2018-0004", Item: "record"}}
	tests := []struct {
		action string
		v      map[string]string
		field  string
		want   string
	}{
		{"kind", map[string]string{"approval_kind": ""}, "approval_kind", "请填写"},
		{"kind", map[string]string{"approval_kind": "record"}, "approval_kind", "已经是这种办理方式"},
		{"kind", map[string]string{"approval_kind": "law"}, "approval_kind", "重新选择"},
		{"tick", ticking("approval_item", ""), "approval_item", "请填写"},
		{"tick", ticking("approval_item", "bidding"), "approval_item", "重新选择"}, // of another kind
		{"tick", ticking(), "approval_item", "已经登记办结"},
		{"tick", ticking("approval_item", "land", "approval_done", ""), "approval_done", "请填写"},
		{"tick", ticking("approval_item", "land", "approval_done", "2018-08-01"), "approval_done", "还没有到"},
		{"tick", ticking("approval_item", "land", "approval_doc", strings.Repeat("长", 61)), "approval_doc", "60"},
		{"untick", map[string]string{"approval_item": "land", "approval_why": "误"}, "approval_item", "还没有登记"},
		{"untick", map[string]string{"approval_item": "record", "approval_why": strings.Repeat("长", 501)}, "approval_why", "500"},
	}
	for _, tt := range tests {
		t.Run(tt.action+" "+tt.field+" "+clip(tt.want), func(t *testing.T) {
			r := handedIn(t, a, "UJY", pressed(t, a, "UJY", "approval."+tt.action, "0004").Form, "", tt.v)
			wants(t, tt.field, r.Errors[tt.field], tt.want)
		})
	}
	first, second := pressed(t, a, "UJY", "approval.tick", "0004").Form, pressed(t, a, "URE", "approval.kind", "0004").Form
	handedIn(t, a, "URE", second, "", map[string]string{"approval_kind": "verify"})
	r := handedIn(t, a, "UJY", first, "", ticking("approval_item", "land"))
	wants(t, "overtaken", r.Errors["approval_item"], "CC-2018-0004")
}

// What waits for too long is in lists, in App Home and in the nudge.
func TestStuck(t *testing.T) {
	a, s := office(t)
	day := reporting.DateOf(a.cfg.Now())
	for n := range 12 {
		put(s, n+1, func(p *reporting.Project) {
			verified(p)
			p.UpdatedAt = a.cfg.Now().UnixMilli()
			p.Checklist = reporting.Checklist{ApprovalKind: "record", ApprovalNext: "eia", ApprovalSince: day.AddDays(-61 - n)}
			switch n {
			case 9:
				p.ApprovalSince = day.AddDays(-60)
			case 10:
				p.Stage = reporting.S4
			case 11:
				p.ApprovalNext = ""
			}
		})
	}
	list := drawn(said(t, a, "UJY", "project", "list 卡住").Reply)
	wants(t, "list", list, "审批卡住 60 天以上", "共 9 个", "卡在“环境影响评价批复”61 天")
	for _, word := range []string{"stuck", "受阻", "净月 stuck=1", "stuck S1 2018"} {
		wants(t, word, drawn(said(t, a, "URE", "project", "list "+word).Reply), "共 9 个")
	}
	wants(t, "nothing", drawn(said(t, a, "URE", "project", "list stuck S2").Reply), "去掉“重点推进”，有 9 个项目")
	wants(t, "project", drawn(said(t, a, "ULE", "project", "show 0001").Reply), "已卡住 61 天")
	lacks(t, "sixty days", drawn(said(t, a, "ULE", "project", "show 0010").Reply), "卡住")
	own := homeText(t, a, "UJY")
	wants(t, "home of an official", own, "审批事项 60 天以上没有进展的项目 9 个", "approval.tick CC-2018-0001", "project.list body=jingyue year=0 stuck=1 page=1")
	lead := homeText(t, a, "ULE")
	wants(t, "home of a leader", lead, "没有进展的项目 9 个", "approval.of CC-2018-0001")
	lacks(t, "home of a leader", lead, "approval.tick")
	wants(t, "home of the office", homeText(t, a, "URE"), "没有进展的项目 9 个")

	wants(t, "nudge", nudgeText(t, a, s), "没有进展的项目 9 个", "卡在“环境影响评价批复”", "另有 4 项", "approval.stuck body=jingyue year=0 stuck=1 page=1")
	wants(t, "from the nudge", drawn(pressed(t, a, "UJY", "approval.stuck", "body=jingyue year=0 stuck=1 page=1").Reply), "共 9 个")

	a.cfg.StuckDays = 65
	wants(t, "configured", drawn(said(t, a, "UJY", "project", "list stuck").Reply), "审批卡住 65 天以上", "共 4 个")
}
