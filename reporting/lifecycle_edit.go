package reporting

import (
	"strings"
	"unicode/utf8"
)

// Proposal is what was verified about a project and changes only through
// review: proposed beside the project, in force once it is approved.
type Proposal struct {
	Name, TerritoryBody, LeadDept string
	Path                          Path
	PathDetail                    string
	InvestTotal                   Wan
}

// Reviewed lists the form's fields of which a Proposal consists.
var Reviewed = []string{FieldName, FieldTerritory, FieldLeadDept, FieldRoute, FieldPath, FieldPathDetail, FieldInvest}

// ProposalOf returns what is in force.
func ProposalOf(p Project) Proposal {
	return Proposal{p.Name, p.TerritoryBody, p.LeadDept, p.Path, p.PathDetail, p.InvestTotal}
}

func (p *Project) apply(q Proposal) {
	p.Name, p.TerritoryBody, p.LeadDept = q.Name, q.TerritoryBody, q.LeadDept
	p.Path, p.PathDetail, p.InvestTotal = q.Path, q.PathDetail, q.InvestTotal
}

// With returns p as it would be with q in force.
func (p Project) With(q Proposal) Project {
	p.apply(q)
	return p
}

// amend writes an edit of a verified project: its progress at once, and the
// rest as a proposal. typed is what the draft describes. Errors: Invalid when
// it changes nothing.
func amend(a Actor, d Draft, old, typed Project, day Date, at int64) (Change, error) {
	p := typed
	p.apply(ProposalOf(old))
	p.ID, p.Stage, p.StageSince, p.Status, p.PlanYear = old.ID, old.Stage, old.StageSince, old.Status, old.PlanYear
	p.VerifiedOn, p.SubmittedOn, p.ReturnReason, p.ReturnedOn = old.VerifiedOn, old.SubmittedOn, old.ReturnReason, old.ReturnedOn
	p.FiledBy, p.UpdatedAt, p.Version, p.InvestYear = old.FiledBy, old.UpdatedAt, old.Version, old.InvestYear
	p.Life, p.Guards, p.Record, p.Checklist = old.Life, old.Guards, old.Record, old.Checklist
	p.Code = typed.Code
	proposed := ProposalOf(typed)
	if p == old && proposed == ProposalOf(old) && !filesChange(d.Values) {
		return Change{}, Fail(Invalid, "err.edit.same", "id", p.ID)
	}
	p.UpdatedAt = at
	c := Change{Project: p, Event: eventOf(a, "project.edit", old, p, at)}
	if proposed != ProposalOf(old) {
		p.Request = Request{Proposal: proposed, WantedProof: p.WantedProof}
		c = p.ask(a, "project.propose", old, day, at)
	}
	c.Drop, c.Files = d.ID, filesFor(ForFiling, d.Values, p.ID, a, at)
	return c, nil
}

// Note is what a body says of a project's progress.
type Note struct {
	ProjectID string
	At        int64 // UTC ms
	By        string
	Text      string
	Invested  Wan // in the year of At so far
}

// The fields of the form of a Note.
const (
	FieldNote     = "note"
	FieldInvested = "invested"
)

// MaxNote is the longest note, in code points.
const MaxNote = 500

// Update adds the month's note to a verified or suspended project. Errors:
// Forbidden; Conflict for its status; FieldErrors.
func Update(a Actor, p Project, v map[string]string, at int64) (Change, error) {
	if err := CanEditProject(a, p); err != nil {
		return Change{}, err
	}
	if err := goesOn(p); err != nil {
		return Change{}, err
	}
	r := &reader{values: v}
	n := Note{ProjectID: p.ID, At: at, By: a.UserID, Text: strings.TrimSpace(v[FieldNote])}
	switch length := utf8.RuneCountInString(n.Text); {
	case length == 0:
		r.fault(FieldNote, Fail(Invalid, "err.required"))
	case length > MaxNote:
		r.fault(FieldNote, Fail(Invalid, "err.too_long", "max", MaxNote, "length", length))
	}
	if strings.TrimSpace(v[FieldInvested]) != "0" {
		n.Invested = r.money(FieldInvested)
	}
	before := p
	if m := r.choice(FieldMilestone, false, Milestones); m != "" {
		p.Milestone = m
	}
	if n.Invested > p.InvestTotal {
		r.fault(FieldInvested, Fail(Invalid, "err.invest_year.above"))
	}
	if err := r.errs.Err(); err != nil {
		return Change{}, err
	}
	p.UpdatedAt = at
	return Change{Project: p, Event: eventOf(a, "project.update", before, p, at), Note: &n}, nil
}
