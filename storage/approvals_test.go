package storage

import (
	"errors"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// checklist does something with a project's checklist on a day.
func checklist(t *testing.T, db *DB, once, project string, do func(p reporting.Project, ticks []reporting.Tick, c *reporting.Catalogue) (reporting.Change, error)) (reporting.Project, error) {
	t.Helper()
	c, err := db.Catalogue(t.Context())
	check(t, err)
	return db.ChangeApprovals(t.Context(), once, project, func(p reporting.Project, ticks []reporting.Tick) (reporting.Change, error) {
		return do(p, ticks, c)
	})
}

func choosing(kind, day string) func(reporting.Project, []reporting.Tick, *reporting.Catalogue) (reporting.Change, error) {
	return func(p reporting.Project, ticks []reporting.Tick, c *reporting.Catalogue) (reporting.Change, error) {
		return reporting.ChooseApproval(reviewer, p, ticks, 0, kind, c, date(day), start.UnixMilli())
	}
}

func ticking(item, day string) func(reporting.Project, []reporting.Tick, *reporting.Catalogue) (reporting.Change, error) {
	return func(p reporting.Project, ticks []reporting.Tick, c *reporting.Catalogue) (reporting.Change, error) {
		v := map[string]string{reporting.FieldApprovalItem: item, reporting.FieldApprovalDone: day, reporting.FieldApprovalDoc: "12号"}
		return reporting.TickApproval(reviewer, p, ticks, p.Version, v, c, date(day), start.UnixMilli())
	}
}

// testApprovals keeps ticks beside the project, and what comes next in it.
func testApprovals(t *testing.T, at string) {
	db, _ := seeded(t, at)
	x := file(t, db, verify("2018-07-02"))
	_, err := checklist(t, db, "k0", "CC-2018-0099", choosing("record", "2018-05-01"))
	failsWith(t, err, reporting.NotFound)
	_, err = checklist(t, db, "k0", x.ID, ticking("record", "2018-05-01"))
	failsWith(t, err, reporting.Conflict)
	p, err := checklist(t, db, "k0", x.ID, choosing("record", "2018-05-01"))
	check(t, err)
	same(t, "chosen", p.Checklist, reporting.Checklist{ApprovalKind: "record", ApprovalOn: date("2018-05-01"), ApprovalNext: "record", ApprovalSince: date("2018-05-01")})
	p, err = checklist(t, db, "k1", x.ID, ticking("record", "2018-05-20"))
	check(t, err)
	read, err := db.Project(t.Context(), x.ID)
	check(t, err)
	same(t, "written with the project", read, p)
	same(t, "next", []any{p.ApprovalNext, p.ApprovalSince, p.Version}, []any{"land", date("2018-05-20"), x.Version + 2})
	if _, err = checklist(t, db, "k1", x.ID, ticking("record", "2018-05-20")); !errors.Is(err, reporting.ErrRepeated) {
		t.Errorf("delivered again: %v", err)
	}
	_, err = checklist(t, db, "", x.ID, ticking("eia", "2018-05-10"))
	check(t, err)
	ticks, err := db.Ticks(t.Context(), x.ID)
	check(t, err)
	same(t, "ticks", ticks, []reporting.Tick{
		{ProjectID: x.ID, Item: "eia", DoneOn: date("2018-05-10"), DocNo: "12号", By: "UR", At: start.UnixMilli(), On: date("2018-05-10")},
		{ProjectID: x.ID, Item: "record", DoneOn: date("2018-05-20"), DocNo: "12号", By: "UR", At: start.UnixMilli(), On: date("2018-05-20")},
	})
	p, err = checklist(t, db, "", x.ID, choosing("verify", "2018-06-01"))
	check(t, err)
	same(t, "another kind", p.Checklist, reporting.Checklist{ApprovalKind: "verify", ApprovalOn: date("2018-06-01"), ApprovalNext: "site", ApprovalSince: date("2018-06-01")})
	same(t, "what both have", query(t, db, `SELECT item FROM approvals`), []string{"eia"})
	_, err = checklist(t, db, "", x.ID, func(p reporting.Project, ticks []reporting.Tick, c *reporting.Catalogue) (reporting.Change, error) {
		return reporting.UntickApproval(reviewer, p, ticks, 0, "eia", "文号有误", c, start.UnixMilli())
	})
	check(t, err)
	same(t, "taken back", query(t, db, `SELECT item FROM approvals`), []string(nil))
	same(t, "audit", query(t, db, `SELECT action FROM audit WHERE kind = 'approval' ORDER BY id`),
		[]string{"approval.kind", "approval.tick", "approval.tick", "approval.kind", "approval.untick"})
	row := read
	row.Name, row.Checklist = "新名称", reporting.Checklist{}
	must(t)(db.ImportProjects(t.Context(), []reporting.Project{row}, "UI", false))
	read, err = db.Project(t.Context(), x.ID)
	check(t, err)
	same(t, "a file leaves it", []any{read.Name, read.ApprovalKind}, []any{"新名称", "verify"})
	none(t, db)
}

// testStuck lists what has waited for too long, the longest first.
func testStuck(t *testing.T, at string) {
	db, _ := seeded(t, at)
	for i, since := range []string{"2018-05-02", "2018-04-01", "2018-07-01", "2018-03-01", "2018-02-01", ""} {
		p := file(t, db, func(p *reporting.Project) {
			verify("2018-02-01")(p)
			if i == 1 {
				p.ReporterBody, p.TerritoryBody, p.Industry = "kuancheng", "kuancheng", "auto"
			}
		})
		if since != "" {
			_, err := checklist(t, db, "", p.ID, choosing("record", since))
			check(t, err)
		}
		switch i {
		case 3:
			alter(t, db, p.ID, "x", func(p *reporting.Project) { p.Status = reporting.Suspended })
		case 4:
			alter(t, db, p.ID, "x", func(p *reporting.Project) { p.Stage = reporting.S4 })
		}
	}
	before := reporting.StuckBefore(60, date("2018-07-31"))
	list := func(f reporting.ProjectFilter) (ids []string, total int) {
		f.StuckBefore = before
		page, err := db.ListProjects(t.Context(), f)
		check(t, err)
		for _, p := range page.Projects {
			ids = append(ids, p.ID)
		}
		return ids, page.Total
	}
	ids, total := list(reporting.ProjectFilter{})
	same(t, "of the city", []any{ids, total}, []any{[]string{"CC-2018-0002", "CC-2018-0001"}, 2})
	ids, total = list(reporting.ProjectFilter{Body: "jingyue"})
	same(t, "of a body", []any{ids, total}, []any{[]string{"CC-2018-0001"}, 1})
	ids, total = list(reporting.ProjectFilter{Industry: "auto", Year: 2018, Stage: reporting.S1})
	same(t, "with other filters", []any{ids, total}, []any{[]string{"CC-2018-0002"}, 1})
	ids, total = list(reporting.ProjectFilter{Offset: 1, Limit: 1})
	same(t, "a page", []any{ids, total}, []any{[]string{"CC-2018-0001"}, 2})

	var listed []string
	check(t, db.ExportListed(t.Context(), reporting.ProjectFilter{StuckBefore: before}, func(p reporting.Project) error {
		listed = append(listed, p.ID)
		return nil
	}))
	same(t, "as a file", listed, []string{"CC-2018-0001", "CC-2018-0002"})

	// All ticked but the last, which the office then takes off the list.
	c, err := db.Catalogue(t.Context())
	check(t, err)
	items := c.Of(reporting.ApprovalList("record"))
	last := items[len(items)-1]
	for _, e := range items[:len(items)-1] {
		_, err := checklist(t, db, "", "CC-2018-0002", ticking(e.ID, "2018-04-02"))
		check(t, err)
	}
	ids, _ = list(reporting.ProjectFilter{Body: "kuancheng"})
	same(t, "waits for the last", ids, []string{"CC-2018-0002"})
	last.Retired = true
	check(t, db.SaveEntry(t.Context(), "", last, reporting.Event{Actor: "UR", Action: "catalogue.retire", Kind: "catalogue", Subject: last.Subject()}))
	ids, _ = list(reporting.ProjectFilter{Body: "kuancheng"})
	same(t, "waits for nothing", ids, []string(nil))
	same(t, "next", query(t, db, `SELECT approval_next FROM projects WHERE approval_kind <> '' ORDER BY id`), []string{"record", "", "record", "record", "record"})
	last.Retired, last.Version = false, last.Version+1
	check(t, db.SaveEntry(t.Context(), "", last, reporting.Event{Actor: "UR", Action: "catalogue.restore", Kind: "catalogue", Subject: last.Subject()}))
	ids, _ = list(reporting.ProjectFilter{Body: "kuancheng"})
	same(t, "waits again", ids, []string{"CC-2018-0002"})
}
