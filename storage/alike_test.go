package storage

import (
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// testAlike finds like projects by key, owner and total, and no others.
func testAlike(t *testing.T, at string) {
	db, _ := seeded(t, at)
	there := file(t, db, func(p *reporting.Project) { p.OwnerUnit = "示例·制造集团" })
	file(t, db, func(p *reporting.Project) { p.Name = "宽城轨道客车配套基地" })
	gone := file(t, db, func(p *reporting.Project) { verify("2018-07-02")(p); p.OwnerUnit = "示例·制造集团" })
	alter(t, db, gone.ID, "project.withdraw", func(p *reporting.Project) { p.Status, p.EndedOn = reporting.Withdrawn, date("2018-07-20") })
	find := func(edit func(p *reporting.Project)) []string {
		p := sample()
		edit(&p)
		like, err := db.Alike(t.Context(), p)
		check(t, err)
		ids := []string{}
		for _, q := range like {
			ids = append(ids, q.ID)
		}
		return ids
	}
	same(t, "by total", find(func(p *reporting.Project) { p.Name = "净月智能制造产业园项目" }), []string{there.ID})
	same(t, "by owner", find(func(p *reporting.Project) { p.OwnerUnit, p.InvestTotal = "示例·制造 集团", 99000 }), []string{there.ID})
	same(t, "not itself", find(func(p *reporting.Project) { p.ID = there.ID }), []string{})
	same(t, "another total", find(func(p *reporting.Project) { p.InvestTotal = 99000 }), []string{})
	alter(t, db, there.ID, "project.rename", func(p *reporting.Project) { p.Name = "双阳梅花鹿产业基地" })
	same(t, "not by the old name", find(func(*reporting.Project) {}), []string{})
	same(t, "by the new name", find(func(p *reporting.Project) { p.Name = "双阳梅花鹿产业基地" }), []string{there.ID})
}

// testHeld holds a project's credits back until the office has decided.
func testHeld(t *testing.T, at string) {
	db, _ := seeded(t, at)
	older := file(t, db, func(p *reporting.Project) {
		verify("2018-07-02")(p)
		p.ReporterBody, p.TerritoryBody = "kuancheng", "kuancheng"
	})
	p := sample()
	held, err := db.FileProject(t.Context(), "view/1", 2018, func(id string) (reporting.Change, error) {
		c, err := filing(p)(id)
		check(t, err)
		return reporting.FileAnyway(c, older, "地点不同")
	})
	check(t, err)
	same(t, "pending while held", tally(t, db, "jingyue", "2018-07-31")[1], 0)
	alter(t, db, held.ID, "project.approve", verify("2018-07-03"))
	same(t, "credits while held", tally(t, db, "jingyue", "2018-07-31")[0], 0)
	none(t, db)
	page, err := db.Held(t.Context(), 0, 5)
	check(t, err)
	same(t, "held", []any{page.Total, page.Projects[0].ID, page.Projects[0].HeldBy, page.Projects[0].AlikeWhy}, []any{1, held.ID, older.ID, "地点不同"})
	same(t, "messages", query(t, db, `SELECT key FROM outbox WHERE key LIKE 'arbitration/%' ORDER BY LENGTH(key), key`), []string{
		"arbitration/CC-2018-0001/CC-2018-0002", "arbitration/CC-2018-0001/CC-2018-0002/filed/1/jingyue", "arbitration/CC-2018-0001/CC-2018-0002/filed/1/kuancheng"})
	keep := func(p reporting.Project) (reporting.Change, error) {
		return reporting.KeepBoth(reviewer, p, older, 0, "是两个项目", start.UnixMilli())
	}
	must(t)(db.ChangeProject(t.Context(), "press/1", held.ID, keep))
	same(t, "credits", tally(t, db, "jingyue", "2018-07-31")[0], 1)
	_, err = db.ChangeProject(t.Context(), "press/2", held.ID, keep)
	failsWith(t, err, reporting.Conflict)
	none(t, db)
}

// testCodes gives a project code to one project at a time.
func testCodes(t *testing.T, at string) {
	db, _ := seeded(t, at)
	one, other := file(t, db, verify("2018-07-02")), file(t, db, verify("2018-07-02"))
	give := func(id string) error {
		_, err := db.ChangeProject(t.Context(), "", id, func(p reporting.Project) (reporting.Change, error) {
			return reporting.SetCode(reviewer, p, "2018-220102-36-03-000001", date("2018-07-31"), start.UnixMilli())
		})
		return err
	}
	check(t, give(one.ID))
	check(t, give(one.ID))
	failsWith(t, give(other.ID), reporting.Conflict)
	alter(t, db, one.ID, "project.withdraw", func(p *reporting.Project) { p.Status, p.EndedOn = reporting.Withdrawn, date("2018-07-31") })
	check(t, give(other.ID))
}

// testGuardsOfBefore finds projects that were there before the migration.
func testGuardsOfBefore(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := file(t, db, nil)
	m, err := db.migrator()
	check(t, err)
	must(t)(m.DownTo(t.Context(), 5))
	must(t)(db.Migrate(t.Context()))
	kept, err := db.Project(t.Context(), p.ID)
	check(t, err)
	same(t, "project", kept, p)
	like, err := db.Alike(t.Context(), sample())
	check(t, err)
	same(t, "found", len(like), 1)
	none(t, db)
}
