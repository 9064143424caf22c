package storage

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// reopened opens the database as it would be after a restart with other rules.
func reopened(t *testing.T, at string, c *clock, r reporting.Rules) *DB {
	t.Helper()
	db, err := Open(t.Context(), at, Config{Now: c.now, Threshold: r.Threshold, Credit: r.Credit})
	check(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// testRules counts all open years anew when the rules change, and leaves a
// frozen one as it was.
func testRules(t *testing.T, at string) {
	db, c := seeded(t, at)
	totals := []reporting.Wan{9000, 10000, 32000}
	var all []reporting.Project
	for i := range 24 {
		all = append(all, file(t, db, func(p *reporting.Project) {
			p.Name = fmt.Sprintf("第%d个项目", i)
			p.ReporterBody = []string{"jingyue", "kuancheng", "fgw"}[i%3]
			p.TerritoryBody = []string{"jingyue", "kuancheng", ""}[i/3%3]
			p.LeadDept = []string{"gxj", ""}[i%2]
			p.InvestTotal, p.PlanYear = totals[i/2%3], 2017+i%2
			if i%5 != 0 {
				verify(fmt.Sprintf("%d-0%d-03", p.PlanYear, 1+i%7))(p)
			}
		}))
	}
	must(t)(db.Freeze(t.Context(), 2017, reporting.CountNew, 1000, db.now()))
	before := query(t, db, `SELECT project_id || role FROM credits WHERE year = 2017 AND revoked_on = '' ORDER BY 1`)
	for _, r := range []reporting.Rules{
		{Threshold: 10000, Credit: reporting.TerritoryOnly}, {Threshold: 10000, Credit: reporting.ReporterOnly},
		{Threshold: 30000, Credit: reporting.ReporterOnly}, {Threshold: 10000, Credit: reporting.BothFull},
	} {
		old := db
		db = reopened(t, at, c, r)
		kept, same1, err := db.RulesKept(t.Context())
		check(t, err)
		same(t, "kept before", []any{kept == old.rules(), same1}, []any{true, false})
		must(t)(db.Migrate(t.Context()))
		_, same1, err = db.RulesKept(t.Context())
		check(t, err)
		same(t, "kept after", same1, true)
		none(t, db)
		want := map[string]int{}
		for _, p := range all {
			if p.PlanYear == 2018 {
				for _, cr := range reporting.CreditsFor(p, r) {
					want[cr.BodyID]++
				}
			}
		}
		for _, body := range []string{reporting.City, "jingyue", "kuancheng", "gxj", "fgw"} {
			same(t, fmt.Sprintf("%s under %v", body, r), tally(t, db, body, "2018-07-31")[0], want[body])
		}
		same(t, "frozen year", query(t, db, `SELECT project_id || role FROM credits WHERE year = 2017 AND revoked_on = '' ORDER BY 1`), before)

		// A replica that still has the old rules writes nothing.
		_, err = old.ChangeProject(t.Context(), "", all[1].ID, editing("project.rename", func(p *reporting.Project) { p.InvestTotal++ }))
		failsForRules(t, err)
		_, err = old.ImportProjects(t.Context(), []reporting.Project{{ID: "CC-2018-0900", ReporterBody: "jingyue", Status: reporting.Submitted, PlanYear: 2018}}, "admin", false)
		failsForRules(t, err)
		none(t, db)
	}
	events := query(t, db, `SELECT after FROM audit WHERE action = 'credits.recount' ORDER BY id`)
	same(t, "events", len(events), 4)
	must(t)(db.Migrate(t.Context()))
	same(t, "once", len(query(t, db, `SELECT after FROM audit WHERE action = 'credits.recount'`)), 4)

	// What changes later is corrected in a frozen year by the rules of that year.
	db = reopened(t, at, c, reporting.Rules{Threshold: 30000, Credit: reporting.TerritoryOnly})
	must(t)(db.Migrate(t.Context()))
	i := slices.IndexFunc(all, func(p reporting.Project) bool {
		return p.PlanYear == 2017 && p.Status == reporting.Verified && p.InvestTotal == 10000 && p.LeadDept != ""
	})
	if i < 0 {
		i = slices.IndexFunc(all, func(p reporting.Project) bool {
			return p.PlanYear == 2017 && p.Status == reporting.Verified && p.InvestTotal == 10000
		})
	}
	alter(t, db, all[i].ID, "project.rename", func(p *reporting.Project) { p.Name = "改名" })
	same(t, "corrections", query(t, db, `SELECT role FROM corrections`), []string(nil))
	same(t, "credits of the frozen year", query(t, db, `SELECT project_id || role FROM credits WHERE year = 2017 AND revoked_on = '' ORDER BY 1`), before)
	none(t, db)
}

func failsForRules(t *testing.T, err error) {
	t.Helper()
	if e := (*reporting.Error)(nil); !errors.As(err, &e) || e.Code != reporting.Unavailable || e.Key != "err.rules.changed" {
		t.Errorf("got %v, want err.rules.changed", err)
	}
}

// testRulesAtOnce changes the rules while others write: nothing is counted by
// both.
func testRulesAtOnce(t *testing.T, at string) {
	db, c := seeded(t, at)
	var ids []string
	for range 12 {
		ids = append(ids, file(t, db, nil).ID)
	}
	next := reopened(t, at, c, reporting.Rules{Threshold: 10000, Credit: reporting.TerritoryOnly})
	for _, err := range together(5, func(i int) error {
		if i == 4 {
			for {
				_, err := next.Migrate(t.Context())
				if reporting.CodeOf(err) != reporting.Unavailable {
					return err
				}
			}
		}
		for _, id := range ids[3*i : 3*i+3] {
			if _, err := db.ChangeProject(t.Context(), "", id, editing("project.approve", verify("2018-07-03"))); err != nil && reporting.CodeOf(err) != reporting.Unavailable {
				return err
			}
		}
		return nil
	}) {
		check(t, err)
	}
	none(t, next)
	same(t, "departments", tally(t, next, "gxj", "2018-07-31"), [3]int{})
}

// testRulesOfBefore takes up a register whose years were frozen before rules
// were kept.
func testRulesOfBefore(t *testing.T, at string) {
	db, c := seeded(t, at)
	p := file(t, db, verify("2018-07-02"))
	c.set(time.Date(2019, 1, 20, 9, 0, 0, 0, shanghai()))
	must(t)(db.Freeze(t.Context(), 2018, reporting.CountNew, 1000, db.now()))
	m, err := db.migrator()
	check(t, err)
	must(t)(m.DownTo(t.Context(), 14))
	must(t)(db.Migrate(t.Context()))
	f, _, err := db.FrozenYear(t.Context(), 2018)
	check(t, err)
	same(t, "rules", f.Rules, reporting.Rules{})
	alter(t, db, p.ID, "project.rename", func(p *reporting.Project) { p.Name = "改名" })
	same(t, "corrections", query(t, db, `SELECT role FROM corrections`), []string(nil))
	same(t, "events", len(query(t, db, `SELECT action FROM audit WHERE action = 'credits.recount'`)), 0)
	none(t, db)
}
