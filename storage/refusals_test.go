package storage

import (
	"errors"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// testRefusals produces refusals of the store that no other case names.
func testRefusals(t *testing.T, at string) {
	db, _ := seeded(t, at)
	one, two := file(t, db, verify("2018-07-02")), file(t, db, verify("2018-07-02"))
	give := func(id string) error {
		_, err := db.ChangeProject(t.Context(), "", id, func(p reporting.Project) (reporting.Change, error) {
			return reporting.SetCode(reviewer, p, "2018-220102-36-03-000001", date("2018-07-31"), start.UnixMilli())
		})
		return err
	}
	check(t, give(one.ID))
	before := one
	before.Status, before.VerifiedOn = reporting.Submitted, reporting.Date{}
	_, back := db.ImportProjects(t.Context(), []reporting.Project{before}, "admin", false)
	for want, err := range map[string]error{"err.code.taken": give(two.ID), "err.import.back": back} {
		var e *reporting.Error
		if !errors.As(err, &e) || e.Key != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	same(t, "still verified", must2(db.Project(t.Context(), one.ID)).Status, reporting.Verified)
	none(t, db)
}
