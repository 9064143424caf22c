package storage

import (
	"fmt"
	"testing"
	"time"

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

const sharedCode = "2018-220102-36-03-000001"

func giveCode(t *testing.T, db *DB, id string) error {
	_, err := db.ChangeProject(t.Context(), "", id, func(p reporting.Project) (reporting.Change, error) {
		return reporting.SetCode(reviewer, p, sharedCode, date("2018-07-31"), start.UnixMilli())
	})
	return err
}

func shareCode(t *testing.T, db *DB, id, other string) error {
	_, err := db.ChangeProjects(t.Context(), "", []string{id, other}, func(p []reporting.Project) ([]reporting.Change, error) {
		return reporting.ShareCode(reviewer, p[0], p[1], sharedCode, "二期", reporting.Rules{Threshold: reporting.Yi}, date("2018-07-31"), start.UnixMilli())
	})
	return err
}

// testCodes gives a project code to one project at a time, unless somebody
// says why.
func testCodes(t *testing.T, at string) {
	db, _ := seeded(t, at)
	one, other := file(t, db, verify("2018-07-02")), file(t, db, func(p *reporting.Project) {
		verify("2018-07-02")(p)
		p.Name, p.ReporterBody, p.TerritoryBody = "宽城轨道客车配套基地", "kuancheng", "kuancheng"
	})
	check(t, giveCode(t, db, one.ID))
	check(t, giveCode(t, db, one.ID))
	failsWith(t, giveCode(t, db, other.ID), reporting.Conflict)
	like, err := db.Alike(t.Context(), reporting.Project{ID: other.ID, Guards: reporting.Guards{Code: sharedCode}})
	check(t, err)
	same(t, "found by code", []any{len(like), like[0].ID}, []any{1, one.ID})
	filed := sample()
	filed.Name, filed.Code = "双阳梅花鹿产业基地", sharedCode
	_, err = db.FileProject(t.Context(), "", 2018, filing(filed))
	failsWith(t, err, reporting.Conflict)

	check(t, shareCode(t, db, other.ID, one.ID))
	same(t, "city counts once", tally(t, db, reporting.City, "2018-07-31")[0], 1)
	same(t, "revoked", query(t, db, `SELECT why FROM credits WHERE project_id = $1 AND revoked_on = '2018-07-31'`, other.ID), []string{"project.code", "project.code", "project.code"})
	none(t, db)
	held, err := db.Held(t.Context(), 0, 5)
	check(t, err)
	same(t, "held", []any{held.Total, held.Projects[0].ID, held.Projects[0].HeldBy}, []any{1, other.ID, one.ID})
	must(t)(db.ChangeProject(t.Context(), "", other.ID, func(p reporting.Project) (reporting.Change, error) {
		return reporting.KeepBoth(reviewer, p, one, 0, "是两个项目", start.UnixMilli())
	}))
	same(t, "both count", tally(t, db, reporting.City, "2018-07-31")[0], 2)
	none(t, db)

	third := file(t, db, verify("2018-07-02"))
	alter(t, db, one.ID, "project.withdraw", func(p *reporting.Project) { p.Status, p.EndedOn = reporting.Withdrawn, date("2018-07-31") })
	alter(t, db, other.ID, "project.withdraw", func(p *reporting.Project) { p.Status, p.EndedOn = reporting.Withdrawn, date("2018-07-31") })
	check(t, giveCode(t, db, third.ID))
}

// testHeldCredited holds one that is credited already and gives its credits
// back; the frozen year of both is corrected, and corrected again.
func testHeldCredited(t *testing.T, at string) {
	db, c := seeded(t, at)
	older, younger := file(t, db, verify("2018-07-02")), file(t, db, func(p *reporting.Project) {
		verify("2018-07-03")(p)
		p.ReporterBody, p.TerritoryBody = "kuancheng", "kuancheng"
	})
	c.set(time.Date(2019, 1, 20, 9, 0, 0, 0, shanghai()))
	must(t)(db.Freeze(t.Context(), 2018, reporting.CountNew, 1000, db.now()))
	check(t, giveCode(t, db, younger.ID))
	check(t, shareCode(t, db, older.ID, younger.ID))
	p, err := db.Project(t.Context(), younger.ID)
	check(t, err)
	same(t, "the younger is held", p.HeldBy, older.ID)
	frozen, _, err := db.FrozenYear(t.Context(), 2018)
	check(t, err)
	same(t, "frozen figures", frozen.Of(reporting.City).Tally.Credited, 2)
	net := func() []string {
		return query(t, db, `SELECT body_id || ' ' || CAST(SUM(delta) AS TEXT) FROM corrections WHERE project_id = $1 GROUP BY body_id ORDER BY body_id`, younger.ID)
	}
	same(t, "corrected", net(), []string{" -1", "gxj -1", "kuancheng -1"})
	must(t)(db.ChangeProject(t.Context(), "", younger.ID, func(p reporting.Project) (reporting.Change, error) {
		return reporting.KeepBoth(reviewer, p, older, 0, "是两个项目", db.now())
	}))
	same(t, "corrected again", net(), []string{" 0", "gxj 0", "kuancheng 0"})
	none(t, db)
}

// testCodesAtOnce gives one code to projects of two bodies from two replicas
// at the same moment: one of the two is held in the end.
func testCodesAtOnce(t *testing.T, at string) {
	db, _ := seeded(t, at)
	replica, _ := open(t, at)
	for round := range 6 {
		code := fmt.Sprintf("2018-220102-36-03-%06d", round+100)
		ids := [2]string{}
		for i, body := range []string{"jingyue", "kuancheng"} {
			ids[i] = file(t, db, func(p *reporting.Project) {
				verify("2018-07-02")(p)
				p.ReporterBody, p.TerritoryBody = body, body
			}).ID
		}
		refused := [2]bool{}
		for _, err := range together(2, func(i int) error {
			h := []*DB{db, replica}[i]
			for {
				_, err := h.ChangeProject(t.Context(), "", ids[i], func(p reporting.Project) (reporting.Change, error) {
					return reporting.SetCode(reviewer, p, code, date("2018-07-31"), start.UnixMilli())
				})
				switch reporting.CodeOf(err) {
				case reporting.Unavailable:
					continue // two processes on one SQLite file may starve each other
				case reporting.Conflict:
					refused[i] = true
					_, err = h.ChangeProjects(t.Context(), "", []string{ids[i], ids[1-i]}, func(p []reporting.Project) ([]reporting.Change, error) {
						return reporting.ShareCode(reviewer, p[0], p[1], code, "二期", reporting.Rules{Threshold: reporting.Yi}, date("2018-07-31"), start.UnixMilli())
					})
					if reporting.CodeOf(err) == reporting.Unavailable {
						continue
					}
				}
				return err
			}
		}) {
			check(t, err)
		}
		same(t, "one was refused first", refused[0] != refused[1], true)
		same(t, "one is held", query(t, db, `SELECT held_by FROM projects WHERE project_code = $1 AND held_by <> ''`, code), []string{ids[0]})
	}
	same(t, "the city counts once", tally(t, db, reporting.City, "2018-07-31")[0], 6)
	none(t, db)
}

// testFlagged finds the submissions that reporting calls guarded, and no others.
func testFlagged(t *testing.T, at string) {
	db, _ := seeded(t, at)
	want := []string{}
	for i, total := range []reporting.Wan{9499, 9500, 10500, 10501, 32000, 32000, 9000, 32000, 10000} {
		p := file(t, db, func(p *reporting.Project) {
			p.InvestTotal, p.SubmittedOn = total, date("2018-07-20").AddDays(-i)
			switch i {
			case 4:
				p.RevisedFrom = 9000
			case 5:
				p.RevisedFrom = 33000
			case 6:
				p.RevisedFrom = 10000
			case 7:
				p.AlikeTo, p.AlikeWhy = "CC-2018-0001", "二期"
			case 8:
				p.HeldBy = "CC-2018-0001"
			}
		})
		if p.Guarded(reporting.Yi) && p.HeldBy == "" {
			want = append([]string{p.ID}, want...)
		}
	}
	file(t, db, func(p *reporting.Project) { verify("2018-07-02")(p); p.InvestTotal = 10000 })
	page, err := db.Flagged(t.Context(), 3)
	check(t, err)
	var got []string
	for _, p := range page.Projects {
		got = append(got, p.ID)
	}
	same(t, "flagged", got, want[:3])
	same(t, "total", page.Total, len(want))
	same(t, "of which", len(want), 5)
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
