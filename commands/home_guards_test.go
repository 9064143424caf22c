package commands

import (
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// The office sees pairs and flagged submissions without looking for them,
// leaders how many there are, officials neither.
func TestHomeShowsGuards(t *testing.T) {
	a, s := office(t)
	for n := range 7 {
		put(s, n+1, func(p *reporting.Project) { p.SubmittedOn = reporting.DateOf(a.cfg.Now()).AddDays(n - 20) })
	}
	lacks(t, "nothing flagged", homeText(t, a, "URE"), "特别核对", "等待裁定")
	lacks(t, "nothing flagged", homeText(t, a, "ULE"), "特别核对", "裁定")
	put(s, 2, func(p *reporting.Project) {
		p.InvestTotal, p.SubmittedOn = 10100, reporting.DateOf(a.cfg.Now()).AddDays(-19)
	})
	wants(t, "shown in the queue", homeText(t, a, "URE"), "需要特别核对的待审核项目：1 个", "均已列在上面")
	put(s, 8, func(p *reporting.Project) {
		p.RevisedFrom, p.InvestTotal = 9000, 40000
		p.SubmittedOn = reporting.DateOf(a.cfg.Now())
	})
	put(s, 10, func(p *reporting.Project) { verified(p); p.ReporterBody = "kuancheng" })
	put(s, 11, func(p *reporting.Project) {
		verified(p)
		p.HeldBy, p.AlikeTo, p.AlikeWhy = "CC-2018-0010", "CC-2018-0010", "二期"
	})
	home := homeText(t, a, "URE")
	wants(t, "office", home, "等待裁定的相似项目：1 组", "二期", "review.keep CC-2018-0011@", "project.merge CC-2018-0010 CC-2018-0011",
		"需要特别核对的待审核项目：2 个", "跨过了计入标准", "review.approve CC-2018-0008@1")
	if n := strings.Count(home, "review.approve CC-2018-0002@"); n != 1 {
		t.Errorf("CC-2018-0002 is shown %d times", n)
	}
	wants(t, "leader", homeText(t, a, "ULE"), "相似项目待裁定=1 个", "需要特别核对=2 个")
	lacks(t, "official", homeText(t, a, "UJY"), "特别核对", "等待裁定")
	s.away = errAway
	if _, err := a.Home(t.Context(), "URE", reporting.ZhCN); reporting.CodeOf(err) != reporting.Unavailable {
		t.Errorf("without a database: %v", err)
	}
}
