package storage

import (
	"errors"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

func merging(day string) func(p []reporting.Project) ([]reporting.Change, error) {
	return func(p []reporting.Project) ([]reporting.Change, error) {
		return reporting.Merge(reviewer, p[0], p[1], "重复申报", date(day), start.UnixMilli())
	}
}

// testMerge changes two projects at once, or neither.
func testMerge(t *testing.T, at string) {
	db, _ := seeded(t, at)
	older, newer := file(t, db, verify("2018-07-02")), file(t, db, verify("2018-07-20"))
	_, err := db.ChangeProjects(t.Context(), "press/0", []string{newer.ID, "CC-2018-0099"}, merging("2018-07-31"))
	failsWith(t, err, reporting.NotFound)
	_, err = db.ChangeProjects(t.Context(), "press/1", []string{newer.ID, older.ID}, func(p []reporting.Project) ([]reporting.Change, error) {
		same(t, "read in the order asked for", []string{p[0].ID, p[1].ID}, []string{newer.ID, older.ID})
		changes, err := merging("2018-07-31")(p)
		changes[1].Project.Version += 7
		return changes, err
	})
	failsWith(t, err, reporting.Conflict)
	same(t, "nothing written", query(t, db, `SELECT DISTINCT status FROM projects`), []string{"verified"})
	same(t, "credits stand", tally(t, db, "jingyue", "2018-07-31"), [3]int{2, 0, 2})

	out, err := db.ChangeProjects(t.Context(), "press/2", []string{newer.ID, older.ID}, merging("2018-07-31"))
	check(t, err)
	same(t, "stays", out[0].ID, older.ID)
	same(t, "is merged", []any{out[1].ID, out[1].Status, out[1].MergedInto}, []any{newer.ID, reporting.Merged, older.ID})
	same(t, "credits", tally(t, db, "jingyue", "2018-07-31"), [3]int{1, 0, 1})
	_, err = db.ChangeProjects(t.Context(), "press/2", []string{newer.ID, older.ID}, merging("2018-07-31"))
	if !errors.Is(err, reporting.ErrRepeated) {
		t.Errorf("again: %v, want ErrRepeated", err)
	}
	same(t, "events", query(t, db, `SELECT action FROM audit WHERE action IN ('project.absorb', 'project.merge') ORDER BY id`),
		[]string{"project.absorb", "project.merge"})
	none(t, db)
}

// testConcurrentMerges merges pairs named in either order at once.
func testConcurrentMerges(t *testing.T, at string) {
	db, _ := seeded(t, at)
	other, _ := open(t, at)
	x, y := file(t, db, verify("2018-07-02")), file(t, db, verify("2018-07-20"))
	refused := 0
	for _, err := range together(6, func(i int) error {
		ids := []string{x.ID, y.ID}
		if i%2 == 0 {
			ids = []string{y.ID, x.ID}
		}
		_, err := []*DB{db, other}[i/3].ChangeProjects(t.Context(), "", ids, merging("2018-07-31"))
		return err
	}) {
		if err != nil {
			failsWith(t, err, reporting.Conflict)
			refused++
		}
	}
	same(t, "refused", refused, 5)
	none(t, db)
}

func none(t *testing.T, db *DB) {
	t.Helper()
	wrong, err := db.Recount(t.Context())
	check(t, err)
	same(t, "recount", wrong, []Difference(nil))
}

// testAsking finds what verified projects ask for, the longest waiting first.
func testAsking(t *testing.T, at string) {
	db, _ := seeded(t, at)
	for i, on := range []string{"2018-07-30", "", "2018-07-28"} {
		p := file(t, db, verify("2018-07-02"))
		if on == "" {
			continue
		}
		alter(t, db, p.ID, "ask", func(p *reporting.Project) {
			p.AskedVersion, p.AskedOn, p.AskedBy = p.Version+1, date(on), "UA"
			p.Proposal = reporting.Proposal{Name: "新名称", InvestTotal: reporting.Wan(20000 + i)}
			p.Proof = reporting.Proof{Kind: "study", Text: "委托书"}
		})
	}
	page, err := db.Asking(t.Context(), 0, 5)
	check(t, err)
	same(t, "all", page.Total, 2)
	same(t, "order", []string{page.Projects[0].ID, page.Projects[1].ID}, []string{"CC-2018-0003", "CC-2018-0001"})
	same(t, "proposal", page.Projects[0].Proposal, reporting.Proposal{Name: "新名称", InvestTotal: 20002})
	page, err = db.Asking(t.Context(), 1, 5)
	check(t, err)
	same(t, "from the second", len(page.Projects), 1)
	own, err := db.AskingOf(t.Context(), "jingyue", 1)
	check(t, err)
	same(t, "the first of a body", []any{len(own), own[0].ID}, []any{1, "CC-2018-0003"})
	own, err = db.AskingOf(t.Context(), "gxj", 5)
	check(t, err)
	same(t, "of one that asks nothing", len(own), 0)
}

// testNotes keeps notes, and lists what nobody has written to.
func testNotes(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := file(t, db, verify("2018-07-02"))
	quiet := file(t, db, func(p *reporting.Project) { verify("2018-07-02")(p); p.UpdatedAt = start.AddDate(0, -2, 0).UnixMilli() })
	for i, text := range []string{"平整场地", "基础完工"} {
		_, err := db.ChangeProject(t.Context(), "", p.ID, func(p reporting.Project) (reporting.Change, error) {
			return reporting.Update(official, p, map[string]string{"note": text, "invested": "1200万"}, start.Add(time.Duration(i)*time.Hour).UnixMilli())
		})
		check(t, err)
	}
	notes, err := db.Notes(t.Context(), p.ID, 1)
	check(t, err)
	same(t, "last", notes, []reporting.Note{{ProjectID: p.ID, At: start.Add(time.Hour).UnixMilli(), By: "UA", Text: "基础完工", Invested: 1200}})
	page, err := db.ListProjects(t.Context(), reporting.ProjectFilter{
		Body: "jingyue", Status: []reporting.Status{reporting.Verified}, StaleSince: start.AddDate(0, 0, -30).UnixMilli(),
	})
	check(t, err)
	same(t, "stale", []any{page.Total, page.Projects[0].ID}, []any{1, quiet.ID})
}

// testLifeMigration brings a database from before this migration up to date.
func testLifeMigration(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := file(t, db, func(p *reporting.Project) { verify("2018-07-02")(p); p.UpdatedAt = 1234 })
	m, err := db.migrator()
	check(t, err)
	must(t)(m.DownTo(t.Context(), 1))
	must(t)(db.Migrate(t.Context()))
	kept, err := db.Project(t.Context(), p.ID)
	check(t, err)
	same(t, "project", kept, p)
	same(t, "last written", query(t, db, `SELECT DISTINCT CAST(updated_at AS TEXT) FROM listings`), []string{"1234"})
	none(t, db)
}
