package storage

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// testShares tells a list apart by every dimension, from cells and from
// listings, as a count of the list itself would.
func testShares(t *testing.T, at string) {
	db, _ := seeded(t, at)
	add := func(edit func(p *reporting.Project)) {
		file(t, db, func(p *reporting.Project) {
			p.Industry, p.Path, p.UpdatedAt = "auto", "R1.1", start.UnixMilli()
			edit(p)
		})
	}
	add(func(p *reporting.Project) {})
	add(func(p *reporting.Project) { p.Industry, p.Programme, p.Path = "rail", "P1", "R1.2" })
	add(func(p *reporting.Project) {
		p.Path, p.InvestTotal, p.Stage, p.Status = "R2.1", 100000, reporting.S2, reporting.Verified
	})
	add(func(p *reporting.Project) {
		p.ReporterBody, p.TerritoryBody, p.LeadDept, p.InvestTotal = "gxj", "kuancheng", "", 9999
	})
	type F = reporting.ProjectFilter
	for _, test := range []struct {
		name   string
		filter F
		by     reporting.Dimension
		want   string
	}{
		{"routes", F{}, reporting.ByRoute, "R1 3 73999; R2 1 100000"},
		{"paths of a body", F{Body: "jingyue"}, reporting.ByPath, "R1.1 1 32000; R1.2 1 32000; R2.1 1 100000"},
		{"industries from a total on", F{MinInvest: 30000}, reporting.ByIndustry, "auto 2 132000; rail 1 32000"},
		{"routes up to a total", F{MaxInvest: 32000}, reporting.ByRoute, "R1 3 73999"},
		{"stages of a year", F{Year: 2018}, reporting.ByStage, "S1 3 73999; S2 1 100000"},
		{"statuses of an industry", F{Industry: "auto"}, reporting.ByStatus, "submitted 2 41999; verified 1 100000"},
		{"programmes", F{}, reporting.ByProgramme, " 3 141999; P1 1 32000"},
		{"bodies", F{}, reporting.ByBody, "gxj 4 173999; jingyue 3 164000; kuancheng 1 9999"},
		{"bodies from a total on", F{MinInvest: 31999}, reporting.ByBody, "gxj 3 164000; jingyue 3 164000"},
		{"stages that a department leads", F{Lead: "gxj"}, reporting.ByStage, "S1 2 64000; S2 1 100000"},
		{"routes that a department leads", F{Lead: "gxj"}, reporting.ByRoute, "R1 2 64000; R2 1 100000"},
		{"stages of what somebody filed", F{FiledBy: "U1"}, reporting.ByStage, "S1 3 73999; S2 1 100000"},
		{"nothing", F{Year: 1999}, reporting.ByStage, ""},
	} {
		var got []string
		for _, s := range must2(db.ShareProjects(t.Context(), test.filter, test.by)) {
			got = append(got, fmt.Sprintf("%s %d %d", s.Of, s.N, s.Invest))
		}
		same(t, test.name, strings.Join(got, "; "), test.want)
	}
	for _, f := range []F{{Body: "jingyue"}, {Lead: "gxj"}, {FiledBy: "U1"}} {
		if _, err := db.ShareProjects(t.Context(), f, reporting.ByBody); err == nil {
			t.Errorf("the bodies of %+v are told apart", f)
		}
	}
	if _, err := db.ShareProjects(t.Context(), F{}, "weather"); err == nil {
		t.Error("a dimension that is none")
	}
}

// testDetails finds projects by what their sub-path's detail has in it, and by
// when they were credited.
func testDetails(t *testing.T, at string) {
	db, _ := seeded(t, at)
	for i, d := range []string{"天津·津长双创示范基地", "杭州·浙江吉林净月服务业示范区", "100%_天津"} {
		file(t, db, func(p *reporting.Project) {
			p.Path, p.PathDetail, p.Status = "R1.2", d, reporting.Verified
			p.VerifiedOn = reporting.Date{Year: 2018, Month: 3, Day: 1 + i}
		})
	}
	on := func(d int) reporting.Date { return reporting.Date{Year: 2018, Month: 3, Day: d} }
	type F = reporting.ProjectFilter
	for _, test := range []struct {
		name   string
		filter F
		want   int
	}{
		{"partner", F{Detail: "天津"}, 2}, {"of a body", F{Body: "jingyue", Detail: "杭州", Path: "R1.2"}, 1}, {"signs of LIKE", F{Detail: "0%_"}, 1}, {"none", F{Detail: "_"}, 1},
		{"credited", F{Credited: reporting.Days{From: on(1), To: on(2)}}, 2}, {"credited to a body", F{Body: "jingyue", Credited: reporting.Days{From: on(3), To: on(9)}}, 1},
		{"not yet", F{Credited: reporting.Days{From: on(4), To: on(9)}}, 0},
	} {
		page := must2(db.ListProjects(t.Context(), test.filter))
		same(t, test.name, []int{page.Total, len(page.Projects)}, []int{test.want, test.want})
	}
	alter(t, db, "CC-2018-0001", "project.withdraw", func(p *reporting.Project) { p.Status = reporting.Withdrawn })
	same(t, "revoked", must2(db.ListProjects(t.Context(), F{Credited: reporting.Days{From: on(1), To: on(2)}})).Total, 1)
}

// testProjectNames reads names, all and those that were written since.
func testProjectNames(t *testing.T, at string) {
	db, _ := seeded(t, at)
	for i := range 3 {
		file(t, db, func(p *reporting.Project) {
			p.Name, p.UpdatedAt = "项目"+string(rune('甲'+i)), start.UnixMilli()+int64(i)
		})
	}
	same(t, "all", len(must2(db.ProjectNames(t.Context(), 0, 10))), 3)
	same(t, "the last", must2(db.ProjectNames(t.Context(), 0, 1)), []reporting.ProjectName{{ID: "CC-2018-0003", Name: "项目" + string(rune('甲'+2)), UpdatedAt: start.UnixMilli() + 2}})
	alter(t, db, "CC-2018-0001", "project.edit", func(p *reporting.Project) { p.Name, p.UpdatedAt = "改名", start.UnixMilli()+9 })
	same(t, "since", must2(db.ProjectNames(t.Context(), start.UnixMilli()+5, 10)), []reporting.ProjectName{{ID: "CC-2018-0001", Name: "改名", UpdatedAt: start.UnixMilli() + 9}})
}
