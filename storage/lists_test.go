package storage

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

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

// TestListRows has PostgreSQL count what it reads for every pair and triple of
// filters at 100,000 projects: rows only of the projects shown, and few entries
// of indexes, unless no cells tell apart what is asked for.
func TestListRows(t *testing.T) {
	db, _ := seeded(t, postgres(t)(t))
	spread(t, db, 100_000)
	parts := []func(f *reporting.ProjectFilter){
		func(f *reporting.ProjectFilter) { f.Body = "jingyue" },
		func(f *reporting.ProjectFilter) { f.Lead = "gxj" },
		func(f *reporting.ProjectFilter) { f.Status = []reporting.Status{reporting.Verified} },
		func(f *reporting.ProjectFilter) { f.Stage = reporting.S2 },
		func(f *reporting.ProjectFilter) { f.Industry = "auto" },
		func(f *reporting.ProjectFilter) { f.Route = "R2" },
		func(f *reporting.ProjectFilter) { f.Path = "R4.1" },
		func(f *reporting.ProjectFilter) { f.Programme = "P1" },
		func(f *reporting.ProjectFilter) { f.MinInvest, f.MaxInvest = 50000, 60000 },
		func(f *reporting.ProjectFilter) { f.Year = 2018 },
		func(f *reporting.ProjectFilter) { f.StaleSince = 500*dayLong - dayShift },
	}
	for i := range parts {
		for j := i; j < len(parts); j++ {
			for k := j; k < len(parts); k++ {
				var f reporting.ProjectFilter
				parts[i](&f)
				parts[j](&f)
				parts[k](&f)
				checkRows(t, db, f)
			}
		}
	}
	// What somebody filed is asked for by status and year.
	for _, f := range []reporting.ProjectFilter{
		{FiledBy: "U3"}, {FiledBy: "U3", Status: []reporting.Status{reporting.Submitted}},
		{FiledBy: "U3", Status: []reporting.Status{reporting.Verified}, Year: 2018},
		{FiledBy: "U3", Body: "jingyue", Status: []reporting.Status{reporting.Submitted, reporting.Returned}},
	} {
		checkRows(t, db, f)
	}
}

func checkRows(t *testing.T, db *DB, f reporting.ProjectFilter) {
	t.Helper()
	var before, after reads
	most := 3 * fewListings
	err := db.read(t.Context(), "list", func(tx *sqlx.Tx) (err error) {
		if before, err = readSoFar(t.Context(), tx); err != nil {
			return err
		}
		if _, err := listProjects(t.Context(), tx, f); err != nil {
			return err
		}
		after, err = readSoFar(t.Context(), tx)
		if err != nil || told(f) {
			return err
		}
		n, err := countWhere(t.Context(), tx, "SUM(k.n)", "SUM(k.invest)", "list_totals k", kinds(f))
		most += n.n
		return err
	})
	check(t, err)
	scanned, entries := after.scanned-before.scanned, after.entries-before.entries
	if scanned > 0 || entries > most {
		t.Errorf("%+v: %d rows scanned, %d entries read, at most %d may be", f, scanned, entries, most)
	}
}

// reads is how many rows were read from end to end, and how many entries of
// indexes, beside the cells that count lists.
type reads struct{ scanned, entries int }

func (r *reads) fields() []any { return []any{&r.scanned, &r.entries} }

func readSoFar(ctx context.Context, tx *sqlx.Tx) (reads, error) {
	return one(ctx, tx, (*reads).fields, `SELECT
		COALESCE(SUM(pg_stat_get_xact_tuples_returned(oid)) FILTER (WHERE relkind = 'r' AND relname <> 'list_totals'), 0)::bigint,
		COALESCE(SUM(pg_stat_get_xact_tuples_returned(oid)) FILTER (WHERE relkind = 'i' AND relname <> 'list_totals_pkey'), 0)::bigint
		FROM pg_class WHERE relnamespace = current_schema()::regnamespace`)
}

// told reports whether cells count all that f asks for.
func told(f reporting.ProjectFilter) bool {
	scope, ok := scopeOf(f)
	return ok && slices.ContainsFunc(breakdowns, func(b breakdown) bool { return b.tells(scope, f) })
}

// spread fills the register with n projects, spread over what lists filter by.
func spread(t *testing.T, db *DB, n int) {
	t.Helper()
	for _, q := range []string{
		`INSERT INTO projects (id, name, content, nature, reporter_body, territory_body, lead_dept, location, owner_unit, subpath,
			path_detail, programme, industry, invest_total, invest_year, start_month, finish_month, milestone, evidence, contact, stage,
			stage_since, status, plan_year, verified_on, submitted_on, return_reason, returned_on, filed_by, updated_at, version)
		 SELECT 'CC-2018-' || lpad(i::text, 6, '0'), 'p', '', 'new', b, b, d, '', '', 'R' || (1 + i % 5) || '.' || (1 + i / 5 % 3), '',
			CASE WHEN i % 30 = 0 THEN 'P' || (1 + i / 30 % 3) ELSE '' END, (ARRAY['auto','rail','nev','opto','ecology'])[1 + i / 11 % 5],
			10000 + i % 90000, 0, '2018-01', '2019-12', 'lead', '', '', 'S' || (1 + i / 3 % 4), '2018-01-01',
			CASE WHEN i % 50 = 0 THEN 'submitted' ELSE 'verified' END, 2016 + i / 7 % 3, '2018-01-01',
			(DATE '2018-01-01' + i % 300)::text, '', '', 'U' || i % 5, i % 1000 * 86400000::bigint, 1
		 FROM (SELECT i, CASE WHEN i % 2 = 0 THEN 'jingyue' ELSE 'kuancheng' END AS b, CASE WHEN i / 2 % 2 = 0 THEN 'gxj' ELSE 'fgw' END AS d
			FROM generate_series(1, $1::int) AS i) AS g`,
		`INSERT INTO listings (` + listingColumns + `)
		 SELECT b, id, plan_year, status, stage, submitted_on, filed_by, invest_total, updated_at, lead_dept, industry, subpath, programme, ''
		 FROM projects, unnest(ARRAY['', territory_body, lead_dept]) AS b`,
	} {
		args := []any{n}
		if !strings.Contains(q, "$1") {
			args = nil
		}
		must(t)(db.pool.ExecContext(t.Context(), q, args...))
	}
	check(t, db.Rebuild(t.Context()))
	must(t)(db.pool.ExecContext(t.Context(), `VACUUM ANALYZE projects, listings, list_totals`))
}
