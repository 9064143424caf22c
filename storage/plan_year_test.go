package storage

import (
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// testPlanYear moves projects between years: credits follow, and a frozen year
// is corrected on its side, by a file as well.
func testPlanYear(t *testing.T, at string) {
	db, c := seeded(t, at)
	out, in := file(t, db, verify("2018-07-02")), file(t, db, func(p *reporting.Project) {
		verify("2018-07-03")(p)
		p.PlanYear, p.Name = 2019, "双阳梅花鹿产业基地"
	})
	c.set(time.Date(2019, 2, 20, 9, 0, 0, 0, shanghai()))
	must(t)(db.Freeze(t.Context(), 2018, reporting.CountNew, 1000, db.now()))
	move := func(id, year string) reporting.Project {
		t.Helper()
		p, err := db.ChangeProject(t.Context(), "", id, func(p reporting.Project) (reporting.Change, error) {
			return reporting.SetPlanYear(reviewer, p, 0, year, "核实晚于年底", date("2019-02-20"), db.now())
		})
		check(t, err)
		none(t, db)
		return p
	}
	credited := func(year int) int {
		t.Helper()
		s, err := db.Standing(t.Context(), "jingyue", year, date("2019-02-20"))
		check(t, err)
		return s.Tally.Credited
	}
	corrected := func() []string {
		return query(t, db, `SELECT project_id || ' ' || role || ' ' || CAST(SUM(delta) AS TEXT) FROM corrections GROUP BY project_id, role HAVING SUM(delta) <> 0 ORDER BY 1`)
	}
	move(out.ID, "2019")
	same(t, "out of the frozen year", corrected(), []string{out.ID + " city -1", out.ID + " department -1", out.ID + " territory -1"})
	same(t, "this year", credited(2019), 2)
	same(t, "revoked", query(t, db, `SELECT DISTINCT why FROM credits WHERE project_id = $1 AND year = 2018 AND revoked_on = '2019-02-20'`, out.ID), []string{"project.year"})
	move(out.ID, "2018")
	same(t, "and back", corrected(), []string(nil))
	p := move(in.ID, "2018")
	same(t, "confirmed", p.ConfirmedFor, 2019)
	same(t, "into the frozen year", corrected(), []string{in.ID + " city 1", in.ID + " department 1", in.ID + " territory 1"})
	same(t, "this year", credited(2019), 0)
	f, _, err := db.FrozenYear(t.Context(), 2018)
	check(t, err)
	same(t, "frozen figures", f.Of("jingyue").Tally.Credited, 1)

	p.PlanYear = 2019
	must(t)(db.ImportProjects(t.Context(), []reporting.Project{p}, "admin", false))
	same(t, "out by a file", corrected(), []string(nil))
	none(t, db)
}
