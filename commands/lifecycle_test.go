package commands

import (
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

func handedIn(t *testing.T, a *App, user string, f *Form, once string, v map[string]string) SubmitResult {
	t.Helper()
	r, err := a.Submit(t.Context(), input(user, f, once, v))
	if err != nil {
		t.Fatalf("submit %s: %v", f.ID, err)
	}
	return r
}

var stageForms = map[reporting.Stage]map[string]string{
	reporting.S2: {"owner": "示例·汽车集团", "leader": "陈副市长", "origin": "abroad", "invest_year": "5000万", "proof": "study", "proof_text": "委托书〔2018〕3号"},
	reporting.S3: {"contract": "投资合同 2018-06-01", "proof": "land", "proof_text": "土地成交确认书"},
	reporting.S4: {"completed_on": "2018-05-01", "capacity_on": "2018-06-01", "benefit_on": "2018-07-01", "proof": "output", "proof_text": "完税证明"},
}

// A project goes through its stages: S2 at once, S3 and S4 confirmed on a card
// and by command, one of them first returned.
func TestStages(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	r := handedIn(t, a, "UJY", said(t, a, "UJY", "project", "推进 0002").Form, "s2", stageForms[reporting.S2])
	wants(t, "S2", drawn(r.Tell), "已进入 S2 重点推进")
	p := s.projects["CC-2018-0002"]
	if p.Stage != reporting.S2 || p.Leader != "陈副市长" || p.InvestYear != 5000 || p.Proof.Kind != "study" || len(s.sent) != 0 {
		t.Fatalf("after S2: %+v", p)
	}
	f := said(t, a, "UJY", "project", "advance 2").Form
	wants(t, "S3 form", spans(f.Fields[1].Text), "正式合同", "办公室确认")
	r = handedIn(t, a, "UJY", f, "s3", stageForms[reporting.S3])
	wants(t, "S3", drawn(r.Tell), "送办公室确认")
	again := handedIn(t, a, "UJY", f, "s3", stageForms[reporting.S3])
	wants(t, "S3 delivered again", drawn(again.Tell), "送办公室确认")
	card, err := a.Compose(t.Context(), s.sent[0])
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "card", drawn(card.Reply), "申请进入 S3 落地转化", "投资合同", "土地成交确认书", "[通过→review.approve CC-2018-0002@3]")
	wants(t, "queue", drawn(said(t, a, "URE", "review", "queue").Reply), "等待确认的申请：1", "review.return CC-2018-0002@3")
	wants(t, "returned", drawn(said(t, a, "URE", "review", "return 0002 合同未盖章").Reply), "合同未盖章", "保持原状")
	if p = s.projects["CC-2018-0002"]; p.Stage != reporting.S2 || p.AskedVersion != 0 {
		t.Fatalf("after the refusal: %+v", p)
	}
	for _, m := range s.sent[1:] {
		out, err := a.Compose(t.Context(), m)
		if err != nil || out.Skip != "" {
			t.Fatalf("%s: %q, %v", m.Key, out.Skip, err)
		}
		wants(t, m.Key, drawn(out.Reply), "合同未盖章", "申请进入 S3")
	}
	f = said(t, a, "UJY", "project", "advance 0002 ").Form
	if got := field(t, f, "proof_text").Value; got != "土地成交确认书" {
		t.Errorf("the evidence of the first try is gone: %q", got)
	}
	handedIn(t, a, "UJY", f, "s3b", stageForms[reporting.S3])
	wants(t, "granted", drawn(pressed(t, a, "URE", "review.approve", "CC-2018-0002@5").Reply), "已同意", "S3 落地转化")
	if _, err := a.Press(t.Context(), Press{User: "UR2", Action: "review.approve", Value: "CC-2018-0002@5", Locale: reporting.ZhCN}); key(err) != "err.request.decided_by" {
		t.Errorf("the second reviewer: %v", err)
	}
	handedIn(t, a, "UJY", said(t, a, "UJY", "project", "advance CC-2018-0002").Form, "s4", stageForms[reporting.S4])
	said(t, a, "UR2", "review", "approve 0002")
	wants(t, "shown", drawn(said(t, a, "UJY", "project", "show 0002").Reply), "S4 达产达效", "2018年6月1日", "陈副市长", "完税证明")
	if p = s.projects["CC-2018-0002"]; len(reporting.CreditsFor(p, reporting.Rules{Threshold: reporting.Yi})) != 3 {
		t.Errorf("a credit was lost on the way: %+v", p)
	}
}

func TestStageFaults(t *testing.T) {
	a, s := office(t)
	for i, stage := range reporting.Stages[:3] {
		put(s, i+1, func(p *reporting.Project) { verified(p); p.Stage = stage })
	}
	tests := []struct {
		number, field, value, want string
	}{
		{"0001", "owner", "拟引进", "拟引进"}, {"0001", "leader", "", "请填写"}, {"0001", "origin", "火星", "重新选择"},
		{"0001", "invest_year", "3.3亿", "不能多于"}, {"0001", "proof", "land", "重新选择"}, {"0002", "contract", "", "请填写"},
		{"0003", "capacity_on", "2018-04-01", "不能早于"}, {"0003", "benefit_on", "2018-08-01", "还没有到"}, {"0003", "completed_on", "五月", "五月"},
	}
	for _, tt := range tests {
		t.Run(tt.number+tt.field+tt.value, func(t *testing.T) {
			f := said(t, a, "UJY", "project", "advance "+tt.number).Form
			to := map[string]reporting.Stage{"0001": reporting.S2, "0002": reporting.S3, "0003": reporting.S4}[tt.number]
			r := handedIn(t, a, "UJY", f, "", with(stageForms[to], tt.field, tt.value))
			wants(t, tt.field, r.Errors[tt.field], tt.want)
		})
	}
	if len(s.events) != 0 {
		t.Errorf("a fault left %d events", len(s.events))
	}
}

func TestLifeRefusals(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	put(s, 2, verified)
	put(s, 3, func(p *reporting.Project) { verified(p); p.Stage = reporting.S4 })
	put(s, 4, func(p *reporting.Project) { verified(p); p.Version, p.AskedVersion, p.StageWanted = 3, 3, reporting.S3 })
	put(s, 5, func(p *reporting.Project) { p.Status = reporting.Withdrawn })
	tests := []struct{ user, text, want string }{
		{"UKC", "advance 0002", "err.forbidden"}, {"UGX", "advance 0002", "err.forbidden"}, {"ULE", "advance 0002", "err.forbidden"}, {"URE", "advance 0002", "err.forbidden"},
		{"UJY", "advance", "err.project.id.needed"}, {"UJY", "advance 9999", "err.project.unknown"},
		{"UJY", "advance 0001", "err.project.not_verified"}, {"UJY", "advance 0003", "err.stage.last"}, {"UJY", "advance 0004", "err.request.open"},
		{"UJY", "stage 0002 S3 跳过", "err.forbidden"}, {"URE", "stage 0002 S1 不变", "err.stage.same"}, {"URE", "stage 0004 S2 等", "err.request.open"},
		{"UKC", "suspend 0002 停", "err.forbidden"}, {"ULE", "suspend 0002 停", "err.forbidden"}, {"UJY", "suspend 0003 停", "err.suspend.s4"},
		{"UJY", "suspend 0001 停", "err.project.status"}, {"UJY", "resume 0002 复", "err.project.status"}, {"UJY", "resume", "err.project.id.needed"},
		{"UJY", "suspend 0002 " + strings.Repeat("长", 501), "err.too_long"},
		{"UKC", "withdraw 0002", "err.forbidden"}, {"UJY", "withdraw 0001", "err.project.status"}, {"UJY", "withdraw 0005", "err.project.status"},
		{"UJY", "merge 0002 0003 重复", "err.forbidden"},
		{"UJY", "edit 0004", "err.request.open"}, {"UKC", "update 0002", "err.forbidden"}, {"UJY", "update 0001", "err.project.not_verified"},
	}
	for _, tt := range tests {
		t.Run(tt.user+" "+clip(tt.text), func(t *testing.T) {
			_, err := say(t, a, tt.user, "project", tt.text)
			if key(err) != tt.want {
				t.Fatalf("got %v, want %s", err, tt.want)
			}
			for _, l := range reporting.Locales {
				if text, ok := a.words.Explain(l, err, "ref"); !ok || strings.Contains(text, "<no value>") || text == tt.want {
					t.Errorf("%s: told %q", l, text)
				}
			}
		})
	}
	if len(s.sent) != 0 || len(s.events) != 0 {
		t.Errorf("a refusal left %d messages, %d events", len(s.sent), len(s.events))
	}
}

// What a body does is told to the office, what the office does to who filed.
func TestSuspendResumeWithdraw(t *testing.T) {
	a, s := office(t)
	put(s, 2, func(p *reporting.Project) { verified(p); p.Stage = reporting.S2 })
	wants(t, "suspended", drawn(said(t, a, "UJY", "project", "暂停 0002 投资方调整").Reply), "已暂停", "2018年10月29日")
	wants(t, "shown", drawn(said(t, a, "UJY", "project", "show 0002").Reply), "2018年10月29日前保留计入", "project.resume CC-2018-0002")
	wants(t, "resumed", drawn(said(t, a, "URE", "project", "resume 0002 资金到位").Reply), "S2 重点推进")
	f := said(t, a, "UJY", "project", "withdraw 0002 投资方放弃").Form
	if field(t, f, "reason").Value != "投资方放弃" || s.projects["CC-2018-0002"].Status != reporting.Verified {
		t.Fatalf("withdrawing did not ask first: %+v", f)
	}
	r := handedIn(t, a, "UJY", f, "w", map[string]string{"reason": ""})
	wants(t, "no reason", r.Errors["reason"], "请写明")
	handedIn(t, a, "UJY", f, "w", map[string]string{"reason": "投资方放弃"})
	if p := s.projects["CC-2018-0002"]; p.Status != reporting.Withdrawn || len(reporting.CreditsFor(p, reporting.Rules{Threshold: reporting.Yi})) != 0 {
		t.Errorf("after the withdrawal: %+v", p)
	}
	to := []string{"COFFICE", "UJY", "COFFICE"}
	if len(s.sent) != len(to) {
		t.Fatalf("sent %+v", s.sent)
	}
	for i, m := range s.sent {
		out, err := a.Compose(t.Context(), m)
		if err != nil || out.Channel != to[i] {
			t.Fatalf("%s went to %s, %v", m.Key, out.Channel, err)
		}
		wants(t, m.Key, drawn(out.Reply), []string{"投资方调整", "资金到位", "投资方放弃"}[i], "CC-2018-0002")
	}
}

func TestMergeKeepsTheOlder(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	put(s, 7, nil)
	f := said(t, a, "URE", "project", "merge 0007").Form
	r := handedIn(t, a, "URE", f, "m", map[string]string{"other": "0007", "reason": "重复"})
	wants(t, "itself", r.Errors["other"], "不能与自己")
	r = handedIn(t, a, "URE", f, "m", map[string]string{"other": "0002", "reason": "重复申报"})
	wants(t, "merged", drawn(r.Tell), "保留 CC-2018-0002")
	again := handedIn(t, a, "URE", f, "m", map[string]string{"other": "0002", "reason": "重复申报"})
	wants(t, "delivered again", drawn(again.Tell), "保留 CC-2018-0002")
	wants(t, "shown", drawn(said(t, a, "UJY", "project", "show 0007").Reply), "→ CC-2018-0002", "重复申报")
}

func TestOfficeSetsStage(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	wants(t, "skipped", drawn(said(t, a, "URE", "project", "stage 0002 S3 已开工").Reply), "S3 落地转化", "已开工")
	f := said(t, a, "URE", "project", "stage 0002").Form
	handedIn(t, a, "URE", f, "b", map[string]string{"stage": "S1", "reason": "协议终止"})
	if p := s.projects["CC-2018-0002"]; p.Stage != reporting.S1 || p.StatusReason != "协议终止" {
		t.Errorf("stepped back: %+v", p)
	}
	r := handedIn(t, a, "URE", f, "c", map[string]string{"stage": "S2", "reason": "旧表单"})
	wants(t, "an old form", r.Errors["reason"], "CC-2018-0002")
}

// An edit of a verified project: progress at once, the rest by the office, and
// a total that falls below the threshold takes the credit back.
func TestEditVerified(t *testing.T) {
	a, s := office(t)
	p := put(s, 2, verified)
	f := said(t, a, "UJY", "project", "edit 0002").Form
	var notes string
	for _, x := range f.Fields {
		notes += spans(x.Text)
	}
	wants(t, "told before", notes, "要经办公室审核")
	page1 := with(goodPage1, "name", p.Name, "invest", "8000万", "location", "生态大街6号")
	r, err := a.Submit(t.Context(), input("UJY", f, "e/1", page1))
	if err != nil || r.Next == nil {
		t.Fatalf("page 1: %+v, %v", r.Errors, err)
	}
	wants(t, "told on page 2", spans(r.Next.Fields[2].Text)+spans(r.Next.Fields[1].Text)+spans(r.Next.Fields[len(r.Next.Fields)-10].Text), "总投资", "将撤销")
	done := handedIn(t, a, "UJY", r.Next, "e/2", goodPage2)
	wants(t, "answer", drawn(done.Tell), "已保存", "送办公室审核", "0.80 亿元")
	q := s.projects[p.ID]
	if q.InvestTotal != 32000 || q.Location != "生态大街6号" || q.Status != reporting.Verified || q.Proposal.InvestTotal != 8000 {
		t.Fatalf("in force now: %+v", q)
	}
	card, err := a.Compose(t.Context(), s.sent[0])
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "card", drawn(card.Reply), "申请变更", "3.20 亿元", "0.80 亿元", "将撤销")
	said(t, a, "URE", "review", "approve 0002")
	if q = s.projects[p.ID]; q.InvestTotal != 8000 || len(reporting.CreditsFor(q, reporting.Rules{Threshold: reporting.Yi})) != 0 || q.AskedVersion != 0 {
		t.Fatalf("after the approval: %+v", q)
	}
	told, err := a.Compose(t.Context(), s.sent[len(s.sent)-1])
	if err != nil || told.Channel != "UJY" {
		t.Fatalf("told %s, %v", told.Channel, err)
	}
	wants(t, "told", drawn(told.Reply), "已同意", "不计入")
}

func TestUpdate(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	f := said(t, a, "UJY", "project", "update 0002 基础完工").Form
	if field(t, f, "note").Value != "基础完工" {
		t.Errorf("the note typed is gone: %+v", f)
	}
	r := handedIn(t, a, "UJY", f, "u", map[string]string{"note": "", "invested": "很多"})
	if r.Errors["note"] == "" || r.Errors["invested"] == "" {
		t.Errorf("faults: %+v", r.Errors)
	}
	for range 2 {
		handedIn(t, a, "UJY", f, "u", map[string]string{"note": "基础完工", "invested": "1200万"})
	}
	if len(s.notes) != 1 {
		t.Errorf("notes: %+v", s.notes)
	}
	wants(t, "shown", drawn(said(t, a, "UJY", "project", "show 0002").Reply), "最近进展", "基础完工", "0.12 亿元")
	wants(t, "stale", said(t, a, "UJY", "project", "list stale 45").Reply.Text, "45 天未更新")
	wants(t, "stale in another order", said(t, a, "UJY", "project", "list 未更新 2018").Reply.Text, "30 天未更新")
}
