package exchange

import (
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// reasonLimit is the longest text that is read of those that a command takes.
const reasonLimit = 3000

var projects = kind[reporting.Project]{
	sheet: projectsSheet,
	columns: []column[reporting.Project]{
		{"project_id", false, projectID},
		{"name", false, text(reporting.FieldLimit(reporting.FieldName), func(p *reporting.Project) *string { return &p.Name })},
		{"territory_body", true, pattern(bodyID, bodyLike, func(p *reporting.Project) *string { return &p.TerritoryBody })},
		{"lead_dept", true, pattern(bodyID, "gxj", func(p *reporting.Project) *string { return &p.LeadDept })},
		{"reporter_body", false, pattern(bodyID, bodyLike, func(p *reporting.Project) *string { return &p.ReporterBody })},
		{"owner_unit", false, text(nameLimit, func(p *reporting.Project) *string { return &p.OwnerUnit })},
		{"industry", false, text(nameLimit, func(p *reporting.Project) *string { return &p.Industry })},
		{"subpath", false, choice(reporting.Paths, func(p *reporting.Project) *reporting.Path { return &p.Path })},
		{"subpath_detail", true, text(nameLimit, func(p *reporting.Project) *string { return &p.PathDetail })},
		{"programme", true, choice(reporting.Programmes, func(p *reporting.Project) *string { return &p.Programme })},
		{"invest_total_wan", false, number(1, int64(reporting.MaxPlain), func(p *reporting.Project) *reporting.Wan { return &p.InvestTotal })},
		{"invest_year_wan", true, number(0, int64(reporting.MaxPlain), func(p *reporting.Project) *reporting.Wan { return &p.InvestYear })},
		{"start", false, month(func(p *reporting.Project) *reporting.Month { return &p.Start })},
		{"finish", false, month(func(p *reporting.Project) *reporting.Month { return &p.Finish })},
		{"stage", false, choice(reporting.Stages, func(p *reporting.Project) *reporting.Stage { return &p.Stage })},
		{"status", false, choice(reporting.Statuses, func(p *reporting.Project) *reporting.Status { return &p.Status })},
		{"plan_year", false, number(firstYear, lastYear, func(p *reporting.Project) *int { return &p.PlanYear })},
		{"location", false, text(nameLimit, func(p *reporting.Project) *string { return &p.Location })},
		{"content", false, text(500, func(p *reporting.Project) *string { return &p.Content })},
		{"contact", false, text(nameLimit, func(p *reporting.Project) *string { return &p.Contact })},
		{"verified_on", true, date(func(p *reporting.Project) *reporting.Date { return &p.VerifiedOn })},
		{"nature", true, choice(reporting.Natures, func(p *reporting.Project) *string { return &p.Nature })},
		{"milestone", true, choice(reporting.Milestones, func(p *reporting.Project) *string { return &p.Milestone })},
		{"evidence", true, text(reporting.FieldLimit(reporting.FieldEvidence), func(p *reporting.Project) *string { return &p.Evidence })},
		{"filed_by", true, pattern(userID, "U0123456789", func(p *reporting.Project) *string { return &p.FiledBy })},
		{"submitted_on", true, date(func(p *reporting.Project) *reporting.Date { return &p.SubmittedOn })},
		{"stage_since", true, date(func(p *reporting.Project) *reporting.Date { return &p.StageSince })},
		{"return_reason", true, text(reasonLimit, func(p *reporting.Project) *string { return &p.ReturnReason })},
		{"returned_on", true, date(func(p *reporting.Project) *reporting.Date { return &p.ReturnedOn })},
		{"leader", true, text(nameLimit, func(p *reporting.Project) *string { return &p.Leader })},
		{"investor_origin", true, choice(reporting.Origins, func(p *reporting.Project) *string { return &p.InvestorOrigin })},
		{"contract", true, text(reasonLimit, func(p *reporting.Project) *string { return &p.Contract })},
		{"completed_on", true, date(func(p *reporting.Project) *reporting.Date { return &p.CompletedOn })},
		{"capacity_on", true, date(func(p *reporting.Project) *reporting.Date { return &p.CapacityOn })},
		{"benefit_on", true, date(func(p *reporting.Project) *reporting.Date { return &p.BenefitOn })},
		{"proof", true, choice(proofs, func(p *reporting.Project) *string { return &p.Proof.Kind })},
		{"proof_text", true, text(reasonLimit, func(p *reporting.Project) *string { return &p.Proof.Text })},
		{"suspended_on", true, date(func(p *reporting.Project) *reporting.Date { return &p.SuspendedOn })},
		{"ended_on", true, date(func(p *reporting.Project) *reporting.Date { return &p.EndedOn })},
		{"status_reason", true, text(reasonLimit, func(p *reporting.Project) *string { return &p.StatusReason })},
		{"merged_into", true, mergedInto},
		{"project_code", true, projectCode},
		{"revised_from_wan", true, orNone(number(1, int64(reporting.MaxPlain), func(p *reporting.Project) *reporting.Wan { return &p.RevisedFrom }))},
		{"alike_to", true, fullID(func(p *reporting.Project) *string { return &p.AlikeTo })},
		{"alike_why", true, text(reasonLimit, func(p *reporting.Project) *string { return &p.AlikeWhy })},
		{"held_by", true, fullID(func(p *reporting.Project) *string { return &p.HeldBy })},
		{"confirmed_for", true, orNone(number(firstYear, lastYear, func(p *reporting.Project) *int { return &p.ConfirmedFor }))},
		{"lapsed_for", true, orNone(number(firstYear, lastYear, func(p *reporting.Project) *int { return &p.LapsedFor }))},
		{"hold_ended_on", true, date(func(p *reporting.Project) *reporting.Date { return &p.HoldEndedOn })},
	},
	keys:  []key[reporting.Project]{{"project_id", func(p *reporting.Project) string { return p.ID }}},
	check: checkProject,
}

// proofs are the kinds of evidence for all stages.
var proofs = slices.Concat(reporting.Proofs[reporting.S2], reporting.Proofs[reporting.S3], reporting.Proofs[reporting.S4])

var (
	projectID  = fullID(func(p *reporting.Project) *string { return &p.ID })
	mergedInto = fullID(func(p *reporting.Project) *string { return &p.MergedInto })
)

// fullID is a project's whole number, not its last digits.
func fullID(field func(*reporting.Project) *string) cell[reporting.Project] {
	return plain(field, func(p *reporting.Project, cell string) *reporting.Error {
		id, err := reporting.ParseProjectID(cell, 0)
		if err != nil || !strings.Contains(cell, "-") {
			return invalid("err.import.form", "example", reporting.NewProjectID(2018, 7))
		}
		*field(p) = id
		return nil
	})
}

// projectCode is a project code in any case or width. Whether its year has come
// is no file's to say.
var projectCode = plain(func(p *reporting.Project) *string { return &p.Code }, func(p *reporting.Project, cell string) *reporting.Error {
	code, _, err := reporting.ParseProjectCode(cell, reporting.Date{Year: lastYear - 1, Month: 12, Day: 31})
	if err != nil {
		return invalid("err.import.form", "example", "2018-220102-36-03-000001")
	}
	p.Code = code
	return nil
})

// orNone is a number that is not there when it is 0.
func orNone[T any](c cell[T]) cell[T] {
	get := c.get
	c.get = func(v *T) string {
		if s := get(v); s != "0" {
			return s
		}
		return ""
	}
	return c
}

func checkProject(p *reporting.Project) (string, *reporting.Error) {
	switch p.Status {
	case reporting.Verified, reporting.Suspended, reporting.Carried, reporting.Completed:
		if p.VerifiedOn.IsZero() {
			return "verified_on", invalid("err.import.required")
		}
	}
	switch p.ID {
	case p.AlikeTo:
		return "alike_to", invalid("err.import.own_project")
	case p.HeldBy:
		return "held_by", invalid("err.import.own_project")
	}
	if p.Finish.Before(p.Start) {
		return "finish", invalid("err.import.order", "start", p.Start.String())
	}
	if p.InvestYear > p.InvestTotal {
		return "invest_year_wan", invalid("err.import.range", "min", 0, "max", int64(p.InvestTotal))
	}
	return "", nil
}
