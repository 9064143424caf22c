package storage

import (
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// testUpkeep counts what is open, fresh, filed and returned for the bodies that
// are asked about, of one year.
func testUpkeep(t *testing.T, at string) {
	db, _ := seeded(t, at)
	const since = 1000
	of := func(s reporting.Status, stage reporting.Stage, updated int64, year int) {
		file(t, db, func(p *reporting.Project) { p.Status, p.Stage, p.UpdatedAt, p.PlanYear = s, stage, updated, year })
	}
	of(reporting.Verified, reporting.S1, 1000, 2018)
	of(reporting.Verified, reporting.S2, 999, 2018)
	of(reporting.Carried, reporting.S3, 2000, 2018)
	of(reporting.Verified, reporting.S4, 10, 2018)
	of(reporting.Returned, reporting.S1, 10, 2018)
	of(reporting.Submitted, reporting.S1, 10, 2018)
	of(reporting.Withdrawn, reporting.S1, 10, 2018)
	of(reporting.Verified, reporting.S1, 10, 2017)
	got, err := db.Upkeep(t.Context(), []string{"jingyue", "gxj", "kuancheng"}, 2018, since)
	check(t, err)
	same(t, "upkeep", got, []reporting.Upkeep{{BodyID: "gxj", Open: 3, Fresh: 2, Filed: 6, Returned: 1}, {BodyID: "jingyue", Open: 3, Fresh: 2, Filed: 6, Returned: 1}})
	got, err = db.Upkeep(t.Context(), nil, 2018, since)
	check(t, err)
	same(t, "of nobody", got, []reporting.Upkeep(nil))
}
