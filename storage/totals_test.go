package storage

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/mouhua/mouhua/reporting"
)

// TestBands holds that every total lies between the ends of its band, and that
// bands follow one another without a gap.
func TestBands(t *testing.T) {
	last := band(maxAmount)
	if low, _ := bandEnds(0); low != noAmount {
		t.Errorf("the first band begins at %d", low)
	}
	if _, high := bandEnds(last); high != maxAmount {
		t.Errorf("the last band ends at %d", high)
	}
	for n := range last {
		low, high := bandEnds(n)
		next, _ := bandEnds(n + 1)
		if band(low) != n || band(high) != n || next != high+1 {
			t.Errorf("band %d: %d–%d lie in %d and %d, the next begins at %d", n, low, high, band(low), band(high), next)
		}
	}
}

func TestWholeBands(t *testing.T) {
	type ends = [][2]reporting.Wan
	tests := []struct {
		name      string
		low, high reporting.Wan
		whole     bool
		ends      ends
	}{
		{"whole 亿", 20000, 80000, true, nil},
		{"no bound above", 100000, 0, true, nil},
		{"no bound below", 0, 50000, true, nil},
		{"more than", 50001, 0, true, nil},
		{"one edge", 20000, 20000, true, nil},
		{"odd below", 15000, 20000, true, ends{{15000, 19999}}},
		{"odd above", 20000, 23450, true, ends{{20001, 23450}}},
		{"both odd", 15000, 25000, true, ends{{15000, 19999}, {20001, 25000}}},
		{"inside a band", 23450, 26780, false, ends{{23450, 26780}}},
		{"neighbours", 15000, 20500, true, ends{{15000, 19999}, {20001, 20500}}},
		{"nothing", 30000, 20000, false, nil},
	}
	for _, tt := range tests {
		first, last, rest := wholeBands(tt.low, tt.high)
		same(t, tt.name, rest, tt.ends)
		same(t, tt.name+": has whole bands", first <= last, tt.whole)
	}
}

// testTotals changes projects at random and holds that lists of any filters
// show and count what a plain look at all projects finds.
func testTotals(t *testing.T, at string) {
	db, clock := seeded(t, at)
	ids := []string{file(t, db, nil).ID}
	rapid.Check(t, func(r *rapid.T) {
		clock.set(start.Add(time.Duration(rapid.IntRange(0, 90).Draw(r, "hours")) * 7 * time.Hour))
		edit := drawProject(r, clock.now().UnixMilli())
		var err error
		if rapid.Bool().Draw(r, "new") {
			p := sample()
			edit(&p)
			p, err = db.FileProject(t.Context(), "", 2018, filing(p))
			ids = append(ids, p.ID)
		} else {
			_, err = db.ChangeProject(t.Context(), "", rapid.SampledFrom(ids).Draw(r, "project"), editing("random", edit))
		}
		if err != nil {
			r.Fatal(err)
		}
		projects, err := all(t.Context(), db.pool, projectFields, `SELECT `+projectColumns+` FROM projects`)
		if err != nil {
			r.Fatal(err)
		}
		yearsIn(r, db, projects)
		for range 3 {
			f := drawFilter(r)
			want := plainly(projects, f)
			got, err := db.ListProjects(t.Context(), f)
			if err != nil {
				r.Fatalf("%+v: %v", f, err)
			}
			if shown, should := shownIDs(got.Projects), shownIDs(want.Projects); got.Total != want.Total || got.Invest != want.Invest || shown != should {
				r.Fatalf("%+v: %d projects for %d 万元, %s; want %d for %d, %s", f, got.Total, got.Invest, shown, want.Total, want.Invest, should)
			}
		}
	})
	none(t, db)
}

// yearsOf holds that what is to be confirmed, and what is carried over, is what
// a plain look finds.
func yearsIn(r *rapid.T, db *DB, projects []reporting.Project) {
	open, pool := 0, reporting.Tally{}
	for _, p := range projects {
		if p.ReporterBody == "jingyue" && p.Status == reporting.Verified && p.Stage != reporting.S4 && p.PlanYear < 2018 && p.ConfirmedFor < 2018 {
			open++
		}
		if p.Status == reporting.Verified && p.PlanYear < 2018 && p.ConfirmedFor >= 2018 && p.InvestTotal >= reporting.Yi {
			pool.Credited, pool.Invest = pool.Credited+1, pool.Invest+p.InvestTotal
		}
	}
	page, err := db.Unconfirmed(r.Context(), "jingyue", 2018, 1)
	if err != nil || page.Total != open {
		r.Fatalf("%d to be confirmed, want %d, %v", page.Total, open, err)
	}
	pools, err := db.Pools(r.Context(), 2018)
	got := reporting.Frozen{Pools: pools}.Pool(reporting.City)
	if err != nil || got.Credited != pool.Credited || got.Invest != pool.Invest {
		r.Fatalf("pool of %d for %d, want %d for %d, %v", got.Credited, got.Invest, pool.Credited, pool.Invest, err)
	}
}

// drawProject changes what lists filter by.
func drawProject(r *rapid.T, now int64) func(p *reporting.Project) {
	return func(p *reporting.Project) {
		p.Status = rapid.SampledFrom([]reporting.Status{reporting.Submitted, reporting.Verified, reporting.Returned}).Draw(r, "status")
		p.Stage = rapid.SampledFrom(reporting.Stages).Draw(r, "stage")
		p.InvestTotal = drawMoney(r)
		p.TerritoryBody = rapid.SampledFrom([]string{"", "jingyue", "kuancheng"}).Draw(r, "territory")
		p.LeadDept = rapid.SampledFrom([]string{"", "gxj", "fgw"}).Draw(r, "department")
		p.ReporterBody = rapid.SampledFrom([]string{"jingyue", "gxj"}).Draw(r, "reporter")
		p.PlanYear = rapid.SampledFrom([]int{2017, 2018}).Draw(r, "year")
		p.Industry = rapid.SampledFrom([]string{"", "auto", "rail"}).Draw(r, "industry")
		p.Path = rapid.SampledFrom([]reporting.Path{"R1.1", "R1.2", "R3.1"}).Draw(r, "path")
		p.Programme = rapid.SampledFrom([]string{"", "P1"}).Draw(r, "programme")
		p.FiledBy = rapid.SampledFrom([]string{"", "U1", "U2"}).Draw(r, "user")
		p.SubmittedOn = rapid.SampledFrom([]reporting.Date{{}, date("2018-05-01"), date("2018-07-01")}).Draw(r, "submitted")
		p.ConfirmedFor = rapid.SampledFrom([]int{0, 2018, 2019}).Draw(r, "confirmed")
		p.UpdatedAt = now
	}
}

func drawMoney(r *rapid.T) reporting.Wan {
	return rapid.SampledFrom([]reporting.Wan{900, 9999, 10000, 15000, 20000, 20001, 32000, 80000, 2000000}).Draw(r, "money")
}

func drawFilter(r *rapid.T) reporting.ProjectFilter {
	some := func(name string) bool { return rapid.IntRange(0, 3).Draw(r, name) == 0 }
	f := reporting.ProjectFilter{OldestFirst: some("oldest"), Limit: rapid.IntRange(1, 4).Draw(r, "limit"), Offset: rapid.IntRange(0, 6).Draw(r, "offset")}
	if some("by body") {
		f.Body = rapid.SampledFrom([]string{"jingyue", "kuancheng", "gxj"}).Draw(r, "body")
	}
	if some("by lead") {
		f.Lead = rapid.SampledFrom([]string{"gxj", "fgw"}).Draw(r, "lead")
	}
	if some("by user") {
		f.FiledBy = "U1"
	}
	if some("by status") {
		f.Status = rapid.SliceOfNDistinct(rapid.SampledFrom([]reporting.Status{reporting.Submitted, reporting.Verified, reporting.Returned}),
			1, 2, rapid.ID[reporting.Status]).Draw(r, "statuses")
	}
	if some("by stage") {
		f.Stage = reporting.S2
	}
	if some("by year") {
		f.Year = 2018
	}
	if some("by industry") {
		f.Industry = "auto"
	}
	if some("by route") {
		f.Route = "R1"
	}
	if some("by path") {
		f.Path = "R1.2"
	}
	if some("by programme") {
		f.Programme = "P1"
	}
	if some("from") {
		f.MinInvest = drawMoney(r)
	}
	if some("to") {
		f.MaxInvest = drawMoney(r)
	}
	if some("stale") {
		f.StaleSince = start.Add(time.Duration(rapid.IntRange(0, 600).Draw(r, "since")) * time.Hour).UnixMilli()
	}
	return f
}

// plainly is ListProjects without a database.
func plainly(projects []reporting.Project, f reporting.ProjectFilter) reporting.ProjectPage {
	var page reporting.ProjectPage
	fit := slices.DeleteFunc(slices.Clone(projects), func(p reporting.Project) bool {
		return f.Body != "" && f.Body != p.ReporterBody && f.Body != p.TerritoryBody && f.Body != p.LeadDept ||
			f.Lead != "" && f.Lead != p.LeadDept || f.FiledBy != "" && f.FiledBy != p.FiledBy ||
			len(f.Status) > 0 && !slices.Contains(f.Status, p.Status) || f.Stage != "" && f.Stage != p.Stage || f.Year != 0 && f.Year != p.PlanYear ||
			f.Industry != "" && f.Industry != p.Industry || f.Route != "" && p.Path.Route() != f.Route || f.Path != "" && f.Path != p.Path ||
			f.Programme != "" && f.Programme != p.Programme || f.MinInvest != 0 && p.InvestTotal < f.MinInvest ||
			f.MaxInvest != 0 && p.InvestTotal > f.MaxInvest || f.StaleSince != 0 && p.UpdatedAt >= f.StaleSince
	})
	slices.SortFunc(fit, func(a, b reporting.Project) int {
		if !f.OldestFirst {
			a, b = b, a
		}
		return cmp.Or(cmp.Compare(a.SubmittedOn.String(), b.SubmittedOn.String()), cmp.Compare(a.ID, b.ID))
	})
	page.Total = len(fit)
	for _, p := range fit {
		page.Invest += p.InvestTotal
	}
	page.Projects = fit[min(f.Offset, len(fit)):min(f.Offset+f.Limit, len(fit))]
	return page
}

func shownIDs(projects []reporting.Project) string {
	var out []string
	for _, p := range projects {
		out = append(out, p.ID)
	}
	return strings.Join(out, " ")
}

// testPages turns the pages of lists forth and back by marks, while the list
// grows before them.
func testPages(t *testing.T, at string) {
	db, _ := seeded(t, at)
	for i := range 7 {
		file(t, db, func(p *reporting.Project) { p.SubmittedOn = date("2018-07-01").AddDays(i / 2) })
	}
	page := func(f reporting.ProjectFilter) string {
		f.Limit = 3
		got, err := db.ListProjects(t.Context(), f)
		check(t, err)
		var out []string
		for _, p := range got.Projects {
			out = append(out, p.ShortID()[3:])
		}
		return strings.Join(out, "")
	}
	mark := func(n string) reporting.Mark {
		p, err := db.Project(t.Context(), "CC-2018-000"+n)
		check(t, err)
		return p.Mark()
	}
	type F = reporting.ProjectFilter
	same(t, "first", page(F{}), "765")
	same(t, "last, by its number", page(F{Offset: 6}), "1")
	file(t, db, func(p *reporting.Project) { p.SubmittedOn = date("2018-07-30") }) // 8
	tests := []struct {
		name   string
		filter F
		want   string
	}{
		{"after", F{After: mark("5"), Offset: 3}, "432"},
		{"after, the last", F{After: mark("2"), Offset: 6}, "1"},
		{"before", F{Before: mark("4"), Offset: 0}, "765"},
		{"before, fewer than a page", F{Before: mark("7")}, "8"},
		{"nothing after: by number", F{After: mark("1"), Offset: 3}, "543"},
		{"nothing before: by number", F{Before: mark("8"), Offset: 6}, "21"},
		{"oldest first, after", F{OldestFirst: true, After: mark("3")}, "456"},
		{"oldest first, before", F{OldestFirst: true, Before: mark("4")}, "123"},
		{"oldest first, nothing before", F{OldestFirst: true, Before: mark("1"), Offset: 0}, "123"},
		{"of a body", F{Body: "gxj", After: mark("5")}, "432"},
	}
	for _, test := range tests {
		same(t, test.name, page(test.filter), test.want)
	}
}

// testWrongTotals spoils cells and has them counted anew.
func testWrongTotals(t *testing.T, at string) {
	db, _ := seeded(t, at)
	file(t, db, nil)
	none(t, db)
	for _, spoil := range []string{
		`UPDATE list_totals SET n = 7 WHERE scope = '' AND breakdown = 'stages'`,
		`UPDATE list_totals SET invest = 8 WHERE scope = 'gxj' AND breakdown = 'amounts'`,
		`DELETE FROM list_totals WHERE scope = '>gxj' AND breakdown = 'kinds'`,
		`INSERT INTO list_totals VALUES ('fgw', 'updates', 2017, 'verified', 'S2', '', '', '', 3, 1, 5)`,
	} {
		must(t)(db.pool.ExecContext(t.Context(), spoil))
	}
	got, err := db.Recount(t.Context())
	check(t, err)
	same(t, "differences", got, []Difference{
		{2018, "", "list stages submitted S1 0", 7, 1}, {2018, ">gxj", "list kinds submitted S1 0", 0, 1},
		{2018, "gxj", "list amounts submitted S1 10 万元", 8, 32000}, {2017, "fgw", "list updates verified S2 3", 1, 0},
	})
	check(t, db.Rebuild(t.Context()))
	none(t, db)
}
