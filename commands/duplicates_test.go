package commands

import (
	"slices"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// looksLike fills in both pages of what looks like CC-2018-0001 of another
// body and returns the page that says so.
func looksLike(t *testing.T, a *App, s *shelf) (*Form, map[string]string) {
	t.Helper()
	for i := range s.bodies.All {
		s.bodies.All[i].ChannelID = "C" + s.bodies.All[i].ID
	}
	page1 := with(goodPage1, "name", "净月智能制造产业园", "owner", "示例·制造集团", "invest", "1.02亿")
	put(s, 1, func(p *reporting.Project) {
		verified(p)
		p.Name, p.ReporterBody, p.TerritoryBody, p.InvestTotal = "淨月智能制造产业园 项目", "kuancheng", "kuancheng", 10200
	})
	r := file(t, a, "UJY", said(t, a, "UJY", "project", "register").Form, "f", page1, goodPage2)
	if r.Next == nil || r.Tell != nil || len(s.projects) != 1 {
		t.Fatalf("filed without asking: %+v", r)
	}
	var text string
	for _, f := range r.Next.Fields {
		text += spans(f.Text)
	}
	wants(t, "shown before", text, "CC-2018-0001", "宽城区", "淨月智能制造产业园 项目", "1.02 亿元")
	return r.Next, page1
}

func TestTwoBodiesFileTheSame(t *testing.T) {
	a, s := office(t)
	f, _ := looksLike(t, a, s)
	r := handedIn(t, a, "UJY", f, "anyway/0", map[string]string{})
	wants(t, "no reason", r.Errors["anyway"], "请写明")
	for range 2 {
		r = handedIn(t, a, "UJY", f, "anyway/1", map[string]string{"anyway": "地点不同"})
		wants(t, "filed", drawn(r.Tell), "CC-2018-0001", "裁定前不计入")
	}
	if len(s.projects) != 2 || len(s.drafts) != 0 || len(s.sent) != 4 {
		t.Fatalf("%d projects, %d drafts, sent %+v", len(s.projects), len(s.drafts), s.sent)
	}
	id := s.sent[0].Args["project"]
	said(t, a, "URE", "review", "approve "+id)
	if p := s.projects[id]; reporting.CreditsFor(p, reporting.Rules{Threshold: reporting.Yi}) != nil || p.AlikeWhy != "地点不同" {
		t.Fatalf("counted twice: %+v", p)
	}
	to := []string{"COFFICE", "COFFICE", "Cjingyue", "Ckuancheng"}
	for i, m := range s.sent[:4] {
		out, err := a.Compose(t.Context(), m)
		if err != nil || out.Channel != to[i] {
			t.Fatalf("%s went to %q (%s), %v", m.Key, out.Channel, out.Skip, err)
		}
		if i > 0 {
			wants(t, m.Key, drawn(out.Reply), "CC-2018-0001", id, "地点不同")
		}
	}
	wants(t, "queue", drawn(said(t, a, "URE", "review", "queue").Reply), "等待裁定的相似项目：1", "review.keep "+id, "project.merge CC-2018-0001 "+id)

	press := Press{User: "URE", Action: "review.keep", Value: id + "@2", Locale: reporting.ZhCN}
	form, err := a.Press(t.Context(), press)
	if err != nil {
		t.Fatal(err)
	}
	r = handedIn(t, a, "URE", form.Form, "keep/0", map[string]string{})
	wants(t, "no reason", r.Errors["reason"], "请写明")
	handedIn(t, a, "URE", form.Form, "keep/1", map[string]string{"reason": "确为两个项目"})
	if got := len(reporting.CreditsFor(s.projects[id], reporting.Rules{Threshold: reporting.Yi})); got != 3 {
		t.Errorf("%d credits after both were kept", got)
	}
	press.User = "UR2"
	_, err = a.Press(t.Context(), press)
	if key(err) != "err.arbitration.decided_by" {
		t.Errorf("the second reviewer: %v", err)
	}
	text, _ := a.words.Explain(reporting.ZhCN, err, "")
	wants(t, "told", text, "李审核", "都保留")
	for _, m := range s.sent[len(s.sent)-3:] {
		out, err := a.Compose(t.Context(), m)
		if err != nil || out.Skip != "" {
			t.Fatalf("%s: %q, %v", m.Key, out.Skip, err)
		}
		wants(t, m.Key, drawn(out.Reply), "确为两个项目", "都保留")
	}
}

func TestPairIsMerged(t *testing.T) {
	a, s := office(t)
	f, _ := looksLike(t, a, s)
	handedIn(t, a, "UJY", f, "anyway", map[string]string{"anyway": "地点不同"})
	id := s.sent[0].Args["project"]
	form := pressed(t, a, "URE", "project.merge", "CC-2018-0001 "+id).Form
	handedIn(t, a, "URE", form, "m", map[string]string{"other": field(t, form, "other").Value, "reason": "同一项目"})
	if p := s.projects[id]; p.Status != reporting.Merged || p.HeldBy != "" || p.MergedInto != "CC-2018-0001" {
		t.Fatalf("after the merge: %+v", p)
	}
	told := slices.DeleteFunc(slices.Clone(s.sent), func(m reporting.Message) bool { return m.Args["outcome"] != "merge" })
	if len(told) != 3 {
		t.Errorf("told %+v", told)
	}
	if _, err := say(t, a, "UR2", "review", "keep "+id+" 不同"); key(err) != "err.arbitration.decided_by" {
		t.Errorf("the second reviewer: %v", err)
	}
}

func TestPairRefusals(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	for _, tt := range []struct{ user, command, text, want string }{
		{"UJY", "review", "keep 0002 不同", "err.forbidden"}, {"ULE", "review", "keep 0002 不同", "err.forbidden"},
		{"URE", "review", "keep", "err.project.id.needed"}, {"URE", "review", "keep 9999", "err.project.unknown"},
		{"URE", "review", "keep 0002", "err.arbitration.decided"}, {"URE", "review", "keep 0002 不同", "err.arbitration.decided"},
		{"UKC", "project", "code 0002 2018-220102-36-03-000001", "err.forbidden"}, {"ULE", "project", "code 0002", "err.forbidden"},
		{"UJY", "project", "code", "err.project.id.needed"}, {"UJY", "project", "code 0002 2019-220102-36-03-000001", "err.code.year"},
		{"UJY", "project", "code 0002 abc", "err.code.form"},
	} {
		if _, err := say(t, a, tt.user, tt.command, tt.text); key(err) != tt.want {
			t.Errorf("%s %s: %v, want %s", tt.user, tt.text, err, tt.want)
		}
	}
	if len(s.events) != 0 {
		t.Errorf("a refusal left %d events", len(s.events))
	}
}

// A returned project comes back with a total across the threshold: the office
// sees from what, and whose quota it moves.
func TestRevisedAcrossTheThreshold(t *testing.T) {
	a, s := office(t)
	put(s, 2, func(p *reporting.Project) {
		p.Status, p.ReturnReason, p.InvestTotal = reporting.Returned, "请核对总投资", 9000
	})
	file(t, a, "UJY", said(t, a, "UJY", "project", "edit 0002").Form, "e", with(goodPage1, "invest", "1.05亿"), goodPage2)
	card, err := a.Compose(t.Context(), s.sent[0])
	if err != nil {
		t.Fatal(err)
	}
	for what, r := range map[string]*Reply{"card": card.Reply, "queue": said(t, a, "URE", "review", "queue").Reply} {
		wants(t, what, drawn(r), "0.90 亿元", "跨过了计入标准", "相差不到 5%", "全市", "净月高新区", "市工信局", "各 +1")
	}
	wants(t, "mark", drawn(said(t, a, "URE", "review", "queue").Reply), "⚠ CC-2018-0002")
	said(t, a, "URE", "review", "approve 0002")
	lacks(t, "once decided", drawn(said(t, a, "URE", "project", "show 0002").Reply), "跨过了计入标准")
}

func TestProjectCode(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	f := said(t, a, "UJY", "project", "代码 0002").Form
	r := handedIn(t, a, "UJY", f, "c", map[string]string{"code": "2018-110102-36-03-000001"})
	wants(t, "another region", drawn(r.Tell), "2018-110102-36-03-000001", "不属于长春市")
	lacks(t, "the city's", drawn(said(t, a, "URE", "project", "code 2 2018-220102-36-03-000001").Reply), "不属于长春市")
	wants(t, "shown", drawn(said(t, a, "UJY", "project", "show 0002").Reply), "项目代码=2018-220102-36-03-000001")
}
