package exchange

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// What ids look like. A body's is ours to choose; Slack's begin with a letter
// for what they are of.
var (
	bodyID    = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)
	channelID = regexp.MustCompile(`^[CG][A-Z0-9]{2,20}$`)
	userID    = regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`)
)

const (
	nameLimit  = 100
	maxCount   = 100000
	bodyLike   = "jingyue"
	maxAliases = 30
)

var bodies = kind[reporting.Body]{
	columns: []column[reporting.Body]{
		{"id", false, pattern(bodyID, bodyLike, func(b *reporting.Body) *string { return &b.ID })},
		{"kind", false, choice(reporting.Kinds, func(b *reporting.Body) *reporting.Kind { return &b.Kind })},
		{"group", true, text(nameLimit, func(b *reporting.Body) *string { return &b.Group })},
		{"name_zh_cn", false, text(nameLimit, func(b *reporting.Body) *string { return &b.Name.ZhCN })},
		{"name_zh_tw", true, text(nameLimit, func(b *reporting.Body) *string { return &b.Name.ZhTW })},
		{"name_en", true, text(2*nameLimit, func(b *reporting.Body) *string { return &b.Name.En })},
		{"short_zh_cn", true, text(nameLimit, func(b *reporting.Body) *string { return &b.Short.ZhCN })},
		{"short_zh_tw", true, text(nameLimit, func(b *reporting.Body) *string { return &b.Short.ZhTW })},
		{"aliases", true, aliases},
		{"channel_id", true, pattern(channelID, "C0123456789", func(b *reporting.Body) *string { return &b.ChannelID })},
		{"parent_id", true, pattern(bodyID, bodyLike, func(b *reporting.Body) *string { return &b.ParentID })},
	},
	keys: []key[reporting.Body]{
		{"id", func(b *reporting.Body) string { return b.ID }},
		{"channel_id", func(b *reporting.Body) string { return b.ChannelID }},
	},
	check: func(b *reporting.Body) (string, *reporting.Error) {
		if b.ParentID == b.ID {
			return "parent_id", invalid("err.import.own_parent")
		}
		if b.Group == "" {
			b.Group = string(b.Kind)
		}
		if b.Short.ZhCN == "" {
			b.Short.ZhCN = b.Name.ZhCN
		}
		return "", nil
	},
}

func aliases(b *reporting.Body, cell string) *reporting.Error {
	for a := range strings.SplitSeq(cell, "|") {
		if a = strings.TrimSpace(a); a != "" {
			b.Aliases = append(b.Aliases, a)
		}
	}
	if n := len(b.Aliases); n > maxAliases {
		return invalid("err.import.range", "min", 0, "max", maxAliases)
	}
	return nil
}

var quotas = kind[reporting.Quota]{
	columns: []column[reporting.Quota]{
		{"body_id", false, pattern(bodyID, bodyLike, func(q *reporting.Quota) *string { return &q.BodyID })},
		{"year", false, number(firstYear, lastYear, func(q *reporting.Quota) *int { return &q.Year })},
		{"count", false, number(0, maxCount, func(q *reporting.Quota) *int { return &q.Count })},
		{"effective_from", false, date(func(q *reporting.Quota) *reporting.Date { return &q.EffectiveFrom })},
		{"reason", true, text(500, func(q *reporting.Quota) *string { return &q.Reason })},
		{"decided_by", true, text(nameLimit, func(q *reporting.Quota) *string { return &q.DecidedBy })},
		{"doc_no", true, text(nameLimit, func(q *reporting.Quota) *string { return &q.DocNo })},
	},
	keys: []key[reporting.Quota]{{"body_id", func(q *reporting.Quota) string {
		if q.BodyID == "" {
			return ""
		}
		return fmt.Sprintf("%s, %d, %s", q.BodyID, q.Year, q.EffectiveFrom)
	}}},
}

var people = kind[reporting.Person]{
	columns: []column[reporting.Person]{
		{"slack_user_id", false, pattern(userID, "U0123456789", func(p *reporting.Person) *string { return &p.UserID })},
		{"name", false, text(nameLimit, func(p *reporting.Person) *string { return &p.Name })},
		{"role", false, choice(reporting.Roles, func(p *reporting.Person) *reporting.Role { return &p.Role })},
		{"body_id", true, pattern(bodyID, bodyLike, func(p *reporting.Person) *string { return &p.BodyID })},
	},
	keys: []key[reporting.Person]{{"slack_user_id", func(p *reporting.Person) string { return p.UserID }}},
	check: func(p *reporting.Person) (string, *reporting.Error) {
		switch {
		case p.Role == reporting.Official && p.BodyID == "":
			return "body_id", invalid("err.import.required")
		case p.Role != reporting.Official && p.BodyID != "":
			return "body_id", invalid("err.import.not_empty")
		}
		return "", nil
	},
}

var projects = kind[reporting.Project]{
	columns: []column[reporting.Project]{
		{"project_id", false, projectID},
		{"name", false, text(reporting.FieldLimit(reporting.FieldName), func(p *reporting.Project) *string { return &p.Name })},
		{"territory_body", true, pattern(bodyID, bodyLike, func(p *reporting.Project) *string { return &p.TerritoryBody })},
		{"lead_dept", true, pattern(bodyID, "gxj", func(p *reporting.Project) *string { return &p.LeadDept })},
		{"reporter_body", false, pattern(bodyID, bodyLike, func(p *reporting.Project) *string { return &p.ReporterBody })},
		{"owner_unit", false, text(nameLimit, func(p *reporting.Project) *string { return &p.OwnerUnit })},
		{"industry", false, industry},
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
	},
	keys:  []key[reporting.Project]{{"project_id", func(p *reporting.Project) string { return p.ID }}},
	check: checkProject,
}

func projectID(p *reporting.Project, cell string) *reporting.Error {
	id, err := reporting.ParseProjectID(cell, 0)
	if err != nil || !strings.Contains(cell, "-") {
		return invalid("err.import.form", "example", reporting.NewProjectID(2018, 7))
	}
	p.ID = id
	return nil
}

func checkProject(p *reporting.Project) (string, *reporting.Error) {
	switch p.Status {
	case reporting.Verified, reporting.Suspended, reporting.Carried, reporting.Completed:
		if p.VerifiedOn.IsZero() {
			return "verified_on", invalid("err.import.required")
		}
	}
	if p.Finish.Before(p.Start) {
		return "finish", invalid("err.import.order", "start", p.Start.String())
	}
	if p.InvestYear > p.InvestTotal {
		return "invest_year_wan", invalid("err.import.range", "min", 0, "max", int64(p.InvestTotal))
	}
	p.SubmittedOn, p.StageSince = p.VerifiedOn, p.VerifiedOn
	return "", nil
}
