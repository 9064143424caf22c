package reporting

import (
	"cmp"
	"slices"
	"strings"
)

// HoldDays is for how long a suspended project keeps its credit.
const HoldDays = 90

// HeldUntil returns the last day on which a suspended project keeps its
// credit, the zero Date for one that is not suspended.
func HeldUntil(p Project) Date {
	if p.Status != Suspended || p.SuspendedOn.IsZero() {
		return Date{}
	}
	return p.SuspendedOn.AddDays(HoldDays)
}

// Suspend halts a verified project of stages S1 to S3. What it asks of the
// office is dropped. Errors: Forbidden; Conflict for its status or stage, or
// when it is not at the version seen (0 = any); Invalid for the reason.
func Suspend(a Actor, p Project, seen int, reason string, day Date, at int64) (Change, error) {
	before := p
	if err := p.direct(a, seen, &reason, at, Verified); err != nil {
		return Change{}, err
	}
	if p.Stage == S4 {
		return Change{}, Fail(Conflict, "err.suspend.s4", "id", p.ID)
	}
	p.Status, p.SuspendedOn, p.Request = Suspended, day, Request{}
	p.HoldEndedOn, p.LapsedFor = Date{}, 0
	return lived(a, "project.suspend", before, p, at), nil
}

// Resume takes a suspended project up again, in the stage it was in; one of an
// earlier year is thereby confirmed for this one. Errors: as
// Suspend.
func Resume(a Actor, p Project, seen int, reason string, day Date, at int64) (Change, error) {
	before := p
	if err := p.direct(a, seen, &reason, at, Suspended); err != nil {
		return Change{}, err
	}
	p.Status = Verified
	p.again(day)
	return lived(a, "project.resume", before, p, at), nil
}

// Withdraw takes a returned, verified or suspended project out for good.
// Errors: as Suspend.
func Withdraw(a Actor, p Project, seen int, reason string, day Date, at int64) (Change, error) {
	before := p
	if err := p.direct(a, seen, &reason, at, Returned, Verified, Suspended); err != nil {
		return Change{}, err
	}
	p.end(Withdrawn, day)
	return lived(a, "project.withdraw", before, p, at), nil
}

// direct checks that a may do something with p, which has one of the statuses,
// and takes note of the reason.
func (p *Project) direct(a Actor, seen int, reason *string, at int64, from ...Status) (err error) {
	if err := CanDirect(a, *p); err != nil {
		return err
	}
	if !slices.Contains(from, p.Status) {
		return Fail(Conflict, "err.project.status", "id", p.ID, "status", string(p.Status))
	}
	if err := p.Unchanged(seen); err != nil {
		return err
	}
	p.StatusReason, err = readReason(*reason)
	p.UpdatedAt = at
	return err
}

func (p *Project) end(s Status, day Date) {
	p.Status, p.EndedOn, p.SuspendedOn, p.Request = s, day, Date{}, Request{}
	p.ReturnReason, p.ReturnedOn, p.HeldBy = "", Date{}, ""
}

// Older compares two project numbers by age: the year, then the count.
func Older(a, b string) int {
	year := func(id string) string { return id[:strings.LastIndexByte(id, '-')+1] }
	return cmp.Or(cmp.Compare(year(a), year(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// Merge makes one project of two: the older number stays whichever is named
// first, the other becomes merged. The one that stays must be verified or
// suspended, the other must not have ended. The change of the one that stays
// comes first. Errors: Forbidden; Conflict; Invalid for the reason or a project
// merged with itself.
func Merge(a Actor, x, y Project, reason string, day Date, at int64) ([]Change, error) {
	if err := CanReview(a); err != nil {
		return nil, err
	}
	if x.ID == y.ID {
		return nil, Fail(Invalid, "err.merge.self", "id", x.ID).At("other")
	}
	reason, err := readReason(reason)
	if err != nil {
		return nil, err
	}
	keep, gone := x, y
	if Older(y.ID, x.ID) < 0 {
		keep, gone = y, x
	}
	if keep.Status != Verified && keep.Status != Suspended {
		return nil, Fail(Conflict, "err.merge.keep", "id", keep.ID, "status", string(keep.Status))
	}
	if !slices.Contains([]Status{Submitted, Returned, Verified, Suspended}, gone.Status) {
		return nil, Fail(Conflict, "err.project.status", "id", gone.ID, "status", string(gone.Status))
	}
	keepBefore, goneBefore := keep, gone
	keep.UpdatedAt, gone.UpdatedAt = at, at
	if keep.HeldBy == gone.ID {
		keep.HeldBy = ""
	}
	gone.end(Merged, day)
	gone.MergedInto, gone.StatusReason = keep.ID, reason
	return []Change{
		{
			Project: keep, Event: eventOf(a, "project.absorb", keepBefore, keep, at),
			Messages: mergedPair(keepBefore, goneBefore, a.UserID, reason),
		},
		lived(a, "project.merge", goneBefore, gone, at),
	}, nil
}
