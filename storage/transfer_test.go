package storage

import (
	"errors"
	"fmt"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// testImportOnce: of two imports of one key the second writes nothing, and a
// dry run takes no note of the key.
func testImportOnce(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := sample()
	p.ID = reporting.NewProjectID(2018, 1)
	rows := []reporting.Project{p}
	for _, dry := range []bool{true, true, false} {
		sum, err := db.ImportProjects(t.Context(), rows, "U1", dry, Once("import/F1/abc"))
		check(t, err)
		same(t, "counted", sum, Summary{New: 1})
	}
	rows[0].Name = "changed"
	sum, err := db.ImportProjects(t.Context(), rows, "U1", false, Once("import/F1/abc"))
	if !errors.Is(err, reporting.ErrRepeated) || sum != (Summary{}) {
		t.Errorf("the second import gave %+v, %v", sum, err)
	}
	same(t, "names", query(t, db, `SELECT name FROM projects`), []string{p.Name})
	// One that fails is not taken note of.
	bad := p
	bad.ReporterBody = "atlantis"
	_, err = db.ImportProjects(t.Context(), []reporting.Project{bad}, "U1", false, Once("import/F2/abc"))
	failsWith(t, err, reporting.Invalid)
	sum, err = db.ImportProjects(t.Context(), rows, "U1", false, Once("import/F2/abc"))
	check(t, err)
	same(t, "counted", sum, Summary{Changed: 1})
}

// testImportMasked: a telephone number that an export hid is not taken for
// another one.
func testImportMasked(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := sample()
	p.ID, p.Contact = reporting.NewProjectID(2018, 1), "张工 13900001111"
	must(t)(db.ImportProjects(t.Context(), []reporting.Project{p}, "test", false))
	hidden, other := p, p
	hidden.Contact, other.Contact = p.MaskedContact(), "李工 13900002222"
	for _, tt := range []struct {
		row  reporting.Project
		want Summary
	}{{hidden, Summary{Unchanged: 1}}, {other, Summary{Changed: 1}}} {
		sum, err := db.ImportProjects(t.Context(), []reporting.Project{tt.row}, "test", true)
		check(t, err)
		same(t, tt.row.Contact, sum, tt.want)
	}
}

// testExportListed gives what a list's filters select, all of it, by number.
func testExportListed(t *testing.T, at string) {
	db, _ := seeded(t, at)
	var rows []reporting.Project
	for i := range exportPage + 20 {
		p := sample()
		p.ID, p.InvestTotal = reporting.NewProjectID(2018, i+1), reporting.Wan(10000+i)
		rows = append(rows, p)
	}
	must(t)(db.ImportProjects(t.Context(), rows, "test", false))
	tests := []struct {
		name string
		f    reporting.ProjectFilter
		want int
	}{
		{"all", reporting.ProjectFilter{}, len(rows)},
		{"a body's", reporting.ProjectFilter{Body: rows[0].ReporterBody, Year: 2018}, len(rows)},
		{"by money", reporting.ProjectFilter{MinInvest: 10500, Limit: 1, Offset: 5}, 20},
		{"none", reporting.ProjectFilter{Year: 2017}, 0},
	}
	for _, tt := range tests {
		var ids []string
		check(t, db.ExportListed(t.Context(), tt.f, func(p reporting.Project) error {
			ids = append(ids, p.ID)
			return nil
		}))
		if len(ids) != tt.want || len(ids) > 0 && ids[len(ids)-1] != rows[len(rows)-1].ID {
			t.Errorf("%s: %d projects, want %d", tt.name, len(ids), tt.want)
		}
	}
	stop := errors.New("stop")
	if err := db.ExportListed(t.Context(), reporting.ProjectFilter{}, func(reporting.Project) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want the caller's error", err)
	}
}

// testProjectFiles keeps the files of a filing apart from those of a stage,
// puts new ones in the place of the old, and says so in the audit.
// testEvidenceOfBefore counts files that were kept before they were counted.
func testEvidenceOfBefore(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := file(t, db, func(p *reporting.Project) { verify("2018-07-02")(p); p.Evidence = "" })
	for what, n := range map[string]int{reporting.ForFiling: 2, string(p.Stage): 1} {
		set := reporting.FileSet{For: what}
		for i := range n {
			set.Files = append(set.Files, reporting.ProjectFile{ProjectID: p.ID, For: what, ID: fmt.Sprint("F", what, i), Name: "a.pdf"})
		}
		_, err := db.ChangeProject(t.Context(), "", p.ID, func(p reporting.Project) (reporting.Change, error) {
			return reporting.Change{Project: p, Files: &set, Event: reporting.Event{Actor: "U1", Action: "project.edit", Kind: "project", Subject: p.ID}}, nil
		})
		check(t, err)
	}
	m, err := db.migrator()
	check(t, err)
	must(t)(m.DownTo(t.Context(), 14))
	must(t)(db.Migrate(t.Context()))
	p = must2(db.Project(t.Context(), p.ID))
	same(t, "files", []int{p.EvidenceFiles, p.Proof.Files, p.WantedProof.Files}, []int{2, 1, 0})
	none(t, db)
}

func testProjectFiles(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := file(t, db, verify("2018-07-02"))
	set := func(what string, ids ...string) {
		t.Helper()
		s := reporting.FileSet{For: what}
		for i, id := range ids {
			s.Files = append(s.Files, reporting.ProjectFile{
				ProjectID: p.ID, For: what, ID: id, Name: "<!channel> " + id + ".pdf", Size: 1 << 20, Type: "pdf", Link: "https://x/" + id, By: "U1", At: int64(i + 1),
			})
		}
		_, err := db.ChangeProject(t.Context(), "", p.ID, func(p reporting.Project) (reporting.Change, error) {
			return reporting.Change{Project: p, Files: &s, Event: reporting.Event{Actor: "U1", Action: "project.edit", Kind: "project", Subject: p.ID}}, nil
		})
		check(t, err)
	}
	now := func() []string {
		t.Helper()
		files, err := db.ProjectFiles(t.Context(), p.ID)
		check(t, err)
		var out []string
		for _, f := range files {
			out = append(out, f.For+"/"+f.ID)
		}
		return out
	}
	same(t, "none", now(), []string(nil))
	set(reporting.ForFiling, "F2", "F1")
	set("S2", "F1")
	same(t, "two sets", now(), []string{"S2/F1", "filing/F2", "filing/F1"})
	files, err := db.ProjectFiles(t.Context(), p.ID)
	check(t, err)
	same(t, "a file", files[1], reporting.ProjectFile{
		ProjectID: p.ID, For: "filing", ID: "F2", Name: "<!channel> F2.pdf", Size: 1 << 20, Type: "pdf", Link: "https://x/F2", By: "U1", At: 1,
	})
	set(reporting.ForFiling, "F2", "F1") // as it is
	set(reporting.ForFiling, "F3")
	same(t, "replaced", now(), []string{"S2/F1", "filing/F3"})
	set(reporting.ForFiling)
	same(t, "let go", now(), []string{"S2/F1"})
	same(t, "audit", query(t, db, `SELECT CAST(COUNT(*) AS TEXT) FROM audit WHERE action = 'project.files'`), []string{"4"})
}
