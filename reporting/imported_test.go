package reporting

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestImported(t *testing.T) {
	there := submitted(t)
	there.Status, there.VerifiedOn, there.Stage, there.StageSince = Verified, Date{2018, 3, 1}, S1, Date{2018, 3, 1}
	there.Version, there.Contact, there.Nature, there.StageWanted, there.AskedVersion = 4, "李伟 13812345678", "new", S2, 4
	suspended := there
	suspended.Status, suspended.SuspendedOn, suspended.LapsedFor, suspended.PlanYear = Suspended, Date{2018, 4, 1}, 2018, 2017
	for name, tt := range map[string]struct {
		old        Project
		file, want func(p *Project) // from old
	}{
		"nothing new":          {there, func(p *Project) { p.Nature, p.Version = "", 0 }, func(p *Project) {}},
		"a masked telephone":   {there, func(p *Project) { p.Contact = p.MaskedContact() }, func(p *Project) {}},
		"a stage without day":  {there, func(p *Project) { p.Stage, p.StageSince = S2, Date{} }, func(p *Project) { p.Stage, p.StageSince, p.Request = S2, day, Request{} }},
		"suspended":            {there, func(p *Project) { p.Status = Suspended }, func(p *Project) { p.Status, p.SuspendedOn, p.Request = Suspended, day, Request{} }},
		"suspended on its day": {there, func(p *Project) { p.Status, p.SuspendedOn = Suspended, Date{2018, 5, 2} }, func(p *Project) { p.Status, p.SuspendedOn, p.Request = Suspended, Date{2018, 5, 2}, Request{} }},
		"withdrawn": {suspended, func(p *Project) { p.Status = Withdrawn }, func(p *Project) {
			p.Status, p.EndedOn, p.SuspendedOn, p.Request = Withdrawn, day, Date{}, Request{}
		}},
		"taken up again": {suspended, func(p *Project) { p.Status = Verified }, func(p *Project) {
			p.Status, p.SuspendedOn, p.LapsedFor, p.ConfirmedFor, p.Request = Verified, Date{}, 0, 2018, Request{}
		}},
		"one of last year that is new": {Project{}, func(p *Project) { *p = suspended; p.Status, p.Request, p.Life = Verified, Request{}, Life{} }, func(p *Project) {
			*p = suspended
			p.Status, p.Life, p.Version, p.UpdatedAt = Verified, Life{Carry: Carry{ConfirmedFor: 2018}}, 0, 0
		}},
	} {
		t.Run(name, func(t *testing.T) {
			row, want := tt.old, tt.old
			tt.file(&row)
			tt.want(&want)
			if diff := cmp.Diff(want, Imported(row, tt.old, day)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
