package storage

import (
	"slices"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// testListFilters narrows a list by each thing, and by several at once.
func testListFilters(t *testing.T, at string) {
	db, _ := seeded(t, at)
	add := func(edit func(p *reporting.Project)) {
		file(t, db, func(p *reporting.Project) {
			p.Industry, p.Path, p.UpdatedAt = "auto", "R1.1", start.UnixMilli()
			edit(p)
		})
	}
	add(func(p *reporting.Project) {})                                                                            // 1
	add(func(p *reporting.Project) { p.Industry, p.Programme = "rail", "P1" })                                    // 2
	add(func(p *reporting.Project) { p.Path, p.InvestTotal = "R1.3", 100000 })                                    // 3
	add(func(p *reporting.Project) { p.Path, p.LeadDept, p.InvestTotal = "R2.1", "fgw", 10000 })                  // 4
	add(func(p *reporting.Project) { p.LeadDept, p.Path, p.Programme = "", "", "P2" })                            // 5
	add(func(p *reporting.Project) { p.ReporterBody, p.TerritoryBody, p.InvestTotal = "gxj", "kuancheng", 9999 }) // 6
	add(func(p *reporting.Project) { p.UpdatedAt = start.AddDate(0, -2, 0).UnixMilli() })                         // 7
	type F = reporting.ProjectFilter
	tests := []struct {
		name   string
		filter F
		want   string // last digits, ascending
	}{
		{"industry", F{Industry: "rail"}, "2"},
		{"route", F{Route: "R1"}, "12367"},
		{"route that nobody knows", F{Route: "R9"}, ""},
		{"path", F{Path: "R1.3"}, "3"},
		{"programme", F{Programme: "P2"}, "5"},
		{"lead department", F{Lead: "gxj"}, "12367"},
		{"lead department of a body's", F{Lead: "gxj", Body: "jingyue"}, "1237"},
		{"a department's own, led by another", F{Lead: "fgw", Body: "gxj"}, ""},
		{"from, inclusive", F{MinInvest: 32000}, "12357"},
		{"to, inclusive", F{MaxInvest: 10000}, "46"},
		{"between", F{MinInvest: 10000, MaxInvest: 32000}, "12457"},
		{"not written for a month", F{StaleSince: start.AddDate(0, -1, 0).UnixMilli()}, "7"},
		{"several", F{Body: "jingyue", Industry: "auto", Route: "R1", Lead: "gxj", MaxInvest: 50000, Year: 2018, Stage: reporting.S1,
			Status: []reporting.Status{reporting.Submitted}}, "17"},
	}
	for _, test := range tests {
		page, err := db.ListProjects(t.Context(), test.filter)
		check(t, err)
		var ids []string
		var sum reporting.Wan
		for _, p := range page.Projects {
			ids, sum = append(ids, p.ShortID()[3:]), sum+p.InvestTotal
		}
		slices.Sort(ids)
		same(t, test.name, strings.Join(ids, ""), test.want)
		same(t, test.name+": totals", []any{page.Total, page.Invest}, []any{len(test.want), sum})
	}
	alter(t, db, "CC-2018-0001", "project.edit", func(p *reporting.Project) { p.Industry, p.LeadDept = "rail", "fgw" })
	page, err := db.ListProjects(t.Context(), F{Industry: "rail", Lead: "fgw"})
	check(t, err)
	same(t, "after an edit", page.Total, 1)
}

// testListsOfBefore brings a database from before lists had filters up to date.
func testListsOfBefore(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := file(t, db, func(p *reporting.Project) { p.Industry, p.Path, p.Programme = "auto", "R1.1", "P1" })
	m, err := db.migrator()
	check(t, err)
	must(t)(m.DownTo(t.Context(), 6))
	must(t)(db.Migrate(t.Context()))
	page, err := db.ListProjects(t.Context(), reporting.ProjectFilter{Lead: "gxj", Industry: "auto", Path: "R1.1", Programme: "P1"})
	check(t, err)
	same(t, "found", page.Projects, []reporting.Project{p})
	none(t, db)
}
