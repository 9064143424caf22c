package storage

import (
	"fmt"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// testImportStates imports statuses without their days: a suspended project
// loses its credit after 90 days like any other, one that ends by a file ends
// today, and one that is taken up again is as if its body had done it.
func testImportStates(t *testing.T, at string) {
	w := turning(t, at)
	w.on("2018-03-01")
	row := func(n int, s reporting.Status) reporting.Project {
		p := sample()
		p.ID, p.Status, p.SubmittedOn, p.VerifiedOn = reporting.NewProjectID(2018, n), s, date("2018-01-10"), date("2018-01-20")
		return p
	}
	brings := func(rows ...reporting.Project) Summary {
		return must2(w.db.ImportProjects(t.Context(), rows, "admin", false))
	}
	brings(row(1, reporting.Suspended), row(2, reporting.Withdrawn), row(3, reporting.Verified), row(4, reporting.Verified))
	same(t, "the same again", brings(row(1, reporting.Suspended), row(2, reporting.Withdrawn)), Summary{Unchanged: 2})
	days := func() []string {
		return query(t, w.db, `SELECT status || ' ' || suspended_on || ' ' || ended_on || ' ' || hold_ended_on || ' ' || CAST(lapsed_for AS TEXT) || ' ' || CAST(confirmed_for AS TEXT)
			FROM projects ORDER BY id`)
	}
	same(t, "new", days(), []string{"suspended 2018-03-01   0 0", "withdrawn    0 0", "verified    0 0", "verified    0 0"})
	w.on("2018-05-31")
	same(t, "after 90 days", fmt.Sprint(tally(t, w.db, "jingyue", "2018-05-31"), days()[0]), "[2 0 0]suspended 2018-03-01  2018-05-31 0 0")

	w.on("2019-01-20")
	brings(row(1, reporting.Verified), row(3, reporting.Withdrawn))
	same(t, "changed", days(), []string{"verified    0 2019", "withdrawn    0 0", "withdrawn  2019-01-20  0 0", "verified    0 0"})
	same(t, "frozen", w.frozenNow("jingyue"), [3]int{2, 0, 2})
	same(t, "2018 counts what ended in 2019", query(t, w.db, `SELECT project_id FROM credits WHERE body_id = 'jingyue' AND revoked_on = '' ORDER BY 1`),
		[]string{"CC-2018-0001", "CC-2018-0003", "CC-2018-0004"})
	same(t, "corrections", query(t, w.db, `SELECT project_id || ' ' || CAST(delta AS TEXT) FROM corrections WHERE body_id = 'jingyue' ORDER BY 1`),
		[]string{"CC-2018-0001 1", "CC-2018-0003 -1"})
	none(t, w.db)
}
