package reporting

import (
	"slices"
	"strconv"
	"strings"
)

// FieldYear is the plan year that the office gives a project.
const FieldYear = "year"

// FirstYear is the first year that a plan can have.
const FirstYear = 1990

// SetPlanYear makes p count for another year than that of its verification:
// the office's exception. Its credits move; a frozen year, old or new, stays as
// it is with corrections beside it. One that goes back to a year that is over
// counts as confirmed for this one. seen is the version that the person saw, 0
// = whatever it is now. Errors: Forbidden; Conflict when p was never verified,
// is over, asks the office for something, has the year already or was changed;
// Invalid for the year, which may not be still to come, or the reason.
func SetPlanYear(a Actor, p Project, seen int, year, reason string, day Date, at int64) (Change, error) {
	if err := CanReview(a); err != nil {
		return Change{}, err
	}
	switch {
	case p.VerifiedOn.IsZero() || !slices.Contains([]Status{Verified, Suspended, Carried, Completed}, p.Status):
		return Change{}, Fail(Conflict, "err.project.not_verified", "id", p.ID, "status", string(p.Status))
	case p.AskedVersion != 0:
		return Change{}, Fail(Conflict, "err.request.open", "id", p.ID)
	}
	if err := p.Unchanged(seen); err != nil {
		return Change{}, err
	}
	to, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(foldWidth(year)), "年"))
	switch {
	case err != nil || to < FirstYear || to > day.Year:
		return Change{}, Fail(Invalid, "err.plan_year", "value", clip(year, 40), "first", FirstYear, "last", day.Year).At(FieldYear)
	case to == p.PlanYear:
		return Change{}, Fail(Conflict, "err.plan_year.same", "id", p.ID, "year", to).At(FieldYear)
	}
	if reason, err = readReason(reason); err != nil {
		return Change{}, err
	}
	before := p
	p.PlanYear, p.StatusReason, p.UpdatedAt = to, reason, at
	if p.Unconfirmed(day.Year) {
		p.ConfirmedFor = day.Year
	}
	return lived(a, "project.year", before, p, at), nil
}
