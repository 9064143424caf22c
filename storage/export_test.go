package storage

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// collect is what an export gives.
func collect[T any](t *testing.T, export func(each func(T) error) error) []T {
	t.Helper()
	var out []T
	check(t, export(func(v T) error {
		out = append(out, v)
		return nil
	}))
	return out
}

func testExport(t *testing.T, at string) {
	db, _ := seeded(t, at)
	ctx := t.Context()
	n := exportPage + 3 // more than a page
	var rows []reporting.Project
	var people []reporting.Person
	var quotas []reporting.Quota
	for i := range n {
		p := sample()
		p.ID, p.PlanYear = fmt.Sprintf("CC-2018-%04d", n-i), 2018+i%2
		rows = append(rows, p)
		people = append(people, reporting.Person{UserID: fmt.Sprintf("U%04d", n-i), Name: "王", Role: reporting.Leader})
		quotas = append(quotas, reporting.Quota{BodyID: "gxj", Year: 2018 + i%2, Version: i/2 + 1, Count: i, EffectiveFrom: date("2018-01-01")})
	}
	must(t)(db.ImportProjects(ctx, rows, "test", false))
	must(t)(db.ImportPeople(ctx, people, "test", false))
	must(t)(db.ImportQuotas(ctx, quotas, "test", false))

	list, err := db.Bodies(ctx)
	check(t, err)
	var ids []string
	for _, b := range collect(t, func(each func(reporting.Body) error) error { return db.ExportBodies(ctx, each) }) {
		ids = append(ids, b.ID)
		known, _ := list.Find(b.ID)
		same(t, "body", b, known)
	}
	same(t, "bodies as they were imported", ids, []string{"gxj", "jingyue", "kuancheng", "fgw"})

	for year, want := range map[int]int{0: n, 2018: n/2 + n%2, 2019: n / 2, 2020: 0} {
		ps := collect(t, func(each func(reporting.Project) error) error { return db.ExportProjects(ctx, year, each) })
		qs := collect(t, func(each func(reporting.Quota) error) error { return db.ExportQuotas(ctx, year, each) })
		same(t, fmt.Sprintf("rows of %d", year), [2]int{len(ps), len(qs)}, [2]int{want, want})
		same(t, "projects by number", slices.IsSortedFunc(ps, func(a, b reporting.Project) int {
			return cmp.Compare(a.ID, b.ID)
		}), true)
		same(t, "quotas by version", slices.IsSortedFunc(qs, func(a, b reporting.Quota) int {
			return cmp.Compare(fmt.Sprintf("%d %06d", a.Year, a.Version), fmt.Sprintf("%d %06d", b.Year, b.Version))
		}), true)
	}
	all := collect(t, func(each func(reporting.Person) error) error { return db.ExportPeople(ctx, each) })
	same(t, "people", [2]any{len(all), all[0].UserID}, [2]any{n, "U0001"})

	stop := errors.New("stop")
	if err := db.ExportPeople(ctx, func(reporting.Person) error { return stop }); !errors.Is(err, stop) || reporting.CodeOf(err) != "" {
		t.Errorf("got %v, want what each gave", err)
	}
}

// testImportVersions writes the whole history of a quota, and again.
func testImportVersions(t *testing.T, at string) {
	db, _ := seeded(t, at)
	history := func() []reporting.Quota {
		row := func(version, count int, from string) reporting.Quota {
			return reporting.Quota{BodyID: "jingyue", Year: 2018, Version: version, Count: count, EffectiveFrom: date(from)}
		}
		return []reporting.Quota{row(1, 30, "2018-01-01"), row(2, 36, "2018-01-01"), row(3, 36, "2018-07-01"), row(4, 36, "2018-07-01")}
	}
	for _, s := range []struct {
		name string
		edit func(rows []reporting.Quota) []reporting.Quota
		want Summary
	}{
		{"into an empty database", func(rows []reporting.Quota) []reporting.Quota { return rows }, Summary{New: 1, Changed: 3}},
		{"again", func(rows []reporting.Quota) []reporting.Quota { return rows }, Summary{Unchanged: 4}},
		{"a corrected row", func(rows []reporting.Quota) []reporting.Quota { rows[3].Count = 40; return rows }, Summary{Changed: 1, Unchanged: 3}},
		{"without a version", func(rows []reporting.Quota) []reporting.Quota {
			rows[3].Version, rows[3].Count = 0, 40
			return rows[3:]
		}, Summary{Unchanged: 1}},
	} {
		got, err := db.ImportQuotas(t.Context(), s.edit(history()), "admin", false)
		check(t, err)
		same(t, s.name, got, s.want)
	}
	same(t, "versions", query(t, db, `SELECT CAST(version AS TEXT) || ' ' || CAST(owed AS TEXT) FROM quotas ORDER BY version`), []string{"1 30", "2 36", "3 36", "4 36", "5 40"})
}

func testImportRefused(t *testing.T, at string) {
	db, _ := seeded(t, at)
	row := func(n int, edit func(p *reporting.Project)) reporting.Project {
		p := sample()
		p.ID = reporting.NewProjectID(2018, n)
		edit(&p)
		return p
	}
	rows := []reporting.Project{
		row(1, func(p *reporting.Project) { p.TerritoryBody, p.LeadDept = "atlantis", "lemuria" }),
		row(2, func(*reporting.Project) {}),
		row(3, func(p *reporting.Project) { p.ReporterBody, p.TerritoryBody = "mu", "mu" }),
	}
	for range maxRefused {
		rows = append(rows, row(len(rows)+1, func(p *reporting.Project) { p.ReporterBody = "mu" }))
	}
	rows = append(rows, row(len(rows)+1, func(p *reporting.Project) { p.LeadDept = "avalon" }))
	for _, dry := range []bool{true, false} {
		sum, err := db.ImportProjects(t.Context(), rows, "admin", dry)
		same(t, "sound rows", sum, Summary{New: 1})
		failsWith(t, err, reporting.Invalid)
		var joined interface{ Unwrap() []error }
		if !errors.As(err, &joined) {
			t.Fatalf("got %v, want what is wrong joined", err)
		}
		all := joined.Unwrap()
		same(t, "refused", len(all), maxRefused+1)
		rowFault(t, all[0], "err.import.body", 0, "atlantis")
		rowFault(t, all[1], "err.import.body", 0, "lemuria")
		rowFault(t, all[2], "err.import.body", 2, "mu")
		rowFault(t, all[maxRefused], "err.import.body", len(rows)-1, "avalon")
	}
	same(t, "nothing written", query(t, db, `SELECT id FROM projects`), []string(nil))
}

func testImportProgress(t *testing.T, at string) {
	db, _ := seeded(t, at)
	var told [][2]int
	tell := Telling(func(done, total int) { told = append(told, [2]int{done, total}) })
	var rows []reporting.Project
	for i := range importPart + 7 {
		p := sample()
		p.ID = reporting.NewProjectID(2018, i+1)
		rows = append(rows, p)
	}
	must(t)(db.ImportProjects(t.Context(), rows[:5], "test", false, tell))
	must(t)(db.ImportProjects(t.Context(), rows, "test", false, tell))
	same(t, "progress", told, [][2]int{{5, 5}, {importPart + 5, importPart + 7}, {importPart + 7, importPart + 7}})
}
