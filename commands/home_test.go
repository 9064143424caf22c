package commands

import (
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

func TestHomeSaysWhatWaits(t *testing.T) {
	a, s := office(t)
	fresh := a.cfg.Now().UnixMilli()
	for n := range 7 {
		put(s, n+1, func(p *reporting.Project) { verified(p); p.UpdatedAt = a.cfg.Now().AddDate(0, 0, -40).UnixMilli() })
	}
	put(s, 8, func(p *reporting.Project) {
		verified(p)
		p.UpdatedAt, p.AskedVersion, p.AskedOn, p.AskedBy, p.StageWanted = fresh, 4, reporting.DateOf(a.cfg.Now()).AddDays(-3), "UJY", reporting.S3
		p.WantedProof = reporting.Proof{Kind: "land", Text: "土地证"}
	})
	put(s, 9, func(p *reporting.Project) {
		p.Status, p.ReturnReason, p.ReturnedOn = reporting.Returned, "缺少佐证", reporting.DateOf(a.cfg.Now()).AddDays(-2)
	})
	own := homeText(t, a, "UJY")
	wants(t, "official", own, "缺少佐证", "2 天前", "等待办公室确认", "申请进入 S3 落地转化 · 3 天前",
		"30 天以上未更新的项目 7 个", "40 天前更新", "project.update CC-2018-0001]", "project.list body=jingyue year=0 stale=30 page=1]")
	if strings.Contains(own, "project.update CC-2018-0006]") {
		t.Errorf("more than five quiet projects:\n%s", own)
	}
	other := homeText(t, a, "UKC")
	if strings.Contains(other, "CC-2018") {
		t.Errorf("another body sees:\n%s", other)
	}
	wants(t, "office", homeText(t, a, "URE"), "申请进入 S3 落地转化")
	put(s, 10, func(p *reporting.Project) {
		p.Status, p.SubmittedOn = reporting.Submitted, reporting.DateOf(a.cfg.Now()).AddDays(-9)
	})
	lead := homeText(t, a, "ULE")
	wants(t, "leader", lead, "已核实", "总投资", "待审核", "申请待确认=1 个", "等待审核最久：CC-2018-0010", "9 天前提交", "30 天以上未更新的项目 7 个", "home.standings")
	if strings.Contains(lead, "project.update") {
		t.Errorf("a leader is offered to update:\n%s", lead)
	}
	r, err := a.Press(t.Context(), Press{User: "ULE", Action: "home.standings", Locale: reporting.ZhCN})
	if err != nil || r.Reply == nil {
		t.Errorf("all bodies: %+v, %v", r, err)
	}
}

// nudgeText draws the nudge that Jingyue would get now.
func nudgeText(t *testing.T, a *App, s *shelf) string {
	t.Helper()
	a.cfg.Nudge.Location = a.cfg.Location
	week, _ := a.cfg.Nudge.Current(a.cfg.Now())
	s.bodies.All[1].ChannelID = "CJY"
	out, err := a.Compose(t.Context(), reporting.Message{Key: "n", Kind: reporting.NudgeMessage, BodyID: "jingyue", Args: map[string]string{"week": week.String(), "now": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	return drawn(out.Reply)
}
