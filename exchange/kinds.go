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
	sheet: bodiesSheet,
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
		{"short_en", true, text(2*nameLimit, func(b *reporting.Body) *string { return &b.Short.En })},
		{"leader_id", true, pattern(userID, "U0123456789", func(b *reporting.Body) *string { return &b.LeaderID })},
		{"ends_on", true, date(func(b *reporting.Body) *reporting.Date { return &b.EndsOn })},
		{"end_reason", true, text(reasonLimit, func(b *reporting.Body) *string { return &b.EndReason })},
		{"successor_id", true, pattern(bodyID, bodyLike, func(b *reporting.Body) *string { return &b.SuccessorID })},
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

// aliases are separated by |; one that holds a | or a \ has a \ before it.
var aliases = cell[reporting.Body]{asText, setAliases, func(b *reporting.Body) string {
	escape := strings.NewReplacer(`\`, `\\`, `|`, `\|`)
	all := make([]string, len(b.Aliases))
	for i, a := range b.Aliases {
		all[i] = escape.Replace(a)
	}
	return strings.Join(all, "|")
}}

func setAliases(b *reporting.Body, cell string) *reporting.Error {
	var alias strings.Builder
	escaped := false
	end := func() {
		if a := strings.TrimSpace(alias.String()); a != "" {
			b.Aliases = append(b.Aliases, a)
		}
		alias.Reset()
	}
	for i, r := range cell {
		switch {
		case !escaped && r == '|':
			end()
		case !escaped && r == '\\' && i+1 < len(cell) && strings.ContainsRune(`\|`, rune(cell[i+1])):
			escaped = true
			continue
		default:
			alias.WriteRune(r)
		}
		escaped = false
	}
	end()
	if n := len(b.Aliases); n > maxAliases {
		return invalid("err.import.range", "min", 0, "max", maxAliases)
	}
	return nil
}

var quotas = kind[reporting.Quota]{
	sheet: quotasSheet,
	columns: []column[reporting.Quota]{
		{"body_id", false, pattern(bodyID, bodyLike, func(q *reporting.Quota) *string { return &q.BodyID })},
		{"year", false, number(firstYear, lastYear, func(q *reporting.Quota) *int { return &q.Year })},
		{"count", false, number(0, maxCount, func(q *reporting.Quota) *int { return &q.Count })},
		{"effective_from", false, date(func(q *reporting.Quota) *reporting.Date { return &q.EffectiveFrom })},
		{"reason", true, text(500, func(q *reporting.Quota) *string { return &q.Reason })},
		{"decided_by", true, text(nameLimit, func(q *reporting.Quota) *string { return &q.DecidedBy })},
		{"doc_no", true, text(nameLimit, func(q *reporting.Quota) *string { return &q.DocNo })},
		{"version", true, number(1, maxCount, func(q *reporting.Quota) *int { return &q.Version })},
	},
	keys: []key[reporting.Quota]{{"body_id", func(q *reporting.Quota) string {
		if q.BodyID == "" {
			return ""
		}
		return fmt.Sprintf("%s, %d, %s, %d", q.BodyID, q.Year, q.EffectiveFrom, q.Version)
	}}},
}

var people = kind[reporting.Person]{
	sheet: peopleSheet,
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
