package commands

import (
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// recordFacts are what the record of p holds beyond its filing: only what is
// filled, what belongs together in one line.
func (a *App) recordFacts(c *call, p reporting.Project) Facts {
	var out Facts
	add := func(key string, values ...string) {
		var filled []string
		for _, v := range values {
			if v != "" {
				filled = append(filled, v)
			}
		}
		if len(filled) > 0 {
			out = append(out, Fact{Label: a.say(c, "record."+key), Value: []Span{Plain(strings.Join(filled, " · "))}})
		}
	}
	add("codes", a.labelOf(c, reporting.FieldLocationCode, p.LocationCode), a.labelOf(c, reporting.FieldOwnerCode, p.OwnerCode),
		a.labelOf(c, reporting.FieldSector, p.Sector))
	add("origin", a.chosen(c, reporting.FieldPlanning, p.PlanningMode), p.OutsideBrain, a.chosen(c, reporting.FieldDrive, p.Drive),
		a.labelOf(c, reporting.FieldIntroducer, p.Introducer))
	add("funding",
		a.part(c, reporting.FieldFundGovernment, p.FundGovernment), a.part(c, reporting.FieldFundEnterprise, p.FundEnterprise),
		a.part(c, reporting.FieldFundLoan, p.FundLoan), a.part(c, reporting.FieldFundSocial, p.FundSocial), a.part(c, reporting.FieldFundOther, p.FundOther))
	if p.FXCurrency != "" {
		add("fx", a.say(c, "record.fx.line", "currency", a.say(c, "fx_currency."+p.FXCurrency), "amount", p.FXAmount.String(), "rate", p.FXRate,
			"day", a.date(c, p.FXOn), "money", a.money(c, p.Converted())))
	}
	add("libraries", a.severalOf(c, reporting.FieldLibrary, p.Library),
		a.part(c, reporting.FieldApplied, p.FundsApplied), a.part(c, reporting.FieldReceived, p.FundsReceived))
	jobs := ""
	if p.Jobs > 0 {
		jobs = a.say(c, "record.jobs", "n", count(p.Jobs))
	}
	add("benefit", a.part(c, reporting.FieldOutput, p.Output), a.part(c, reporting.FieldTax, p.Tax), jobs)
	add("tags", a.severalOf(c, reporting.FieldTags, p.Tags))
	add("tools", a.tools(c, p.Tools))
	return out
}

func (a *App) labelOf(c *call, field, value string) string {
	if value == "" {
		return ""
	}
	return a.say(c, "field."+field+".label") + " " + value
}

func (a *App) part(c *call, field string, w reporting.Wan) string {
	if w == 0 {
		return ""
	}
	return a.labelOf(c, field, a.money(c, w))
}

func (a *App) chosen(c *call, field, value string) string {
	if value == "" {
		return ""
	}
	return a.say(c, field+"."+value)
}

func (a *App) severalOf(c *call, field, values string) string {
	var names []string
	for _, v := range reporting.Values(values) {
		names = append(names, a.say(c, field+"."+v))
	}
	return strings.Join(names, a.say(c, "word.list_separator"))
}

func (a *App) tools(c *call, values string) string {
	var names []string
	for _, v := range reporting.Values(values) {
		if v == reporting.None {
			return a.say(c, "support_tools.none")
		}
		names = append(names, c.catalogue.Label(reporting.ListSupportTool, v, c.locale))
	}
	return strings.Join(names, a.say(c, "word.list_separator"))
}

// recordParts is the record in the full view of a project.
func (a *App) recordParts(c *call, p reporting.Project) []Part {
	var parts []Part
	if facts := a.recordFacts(c, p); len(facts) > 0 {
		parts = append(parts, facts)
	}
	if note := a.away(c, p); note != "" {
		parts = append(parts, Note{Plain(note)})
	}
	return parts
}

// milestoneField is how far the preparatory work has come, in the month's update.
func (a *App) milestoneField(c *call, p reporting.Project) Field {
	f := Field{
		ID: reporting.FieldMilestone, Kind: SelectField, Optional: true, Value: p.Milestone,
		Label: a.say(c, "field.milestone.label"), Hint: a.say(c, "update.milestone_hint"),
	}
	for _, s := range reporting.Milestones {
		f.Options = append(f.Options, Option{Value: s, Label: a.choice(c, reporting.FieldMilestone, s)})
	}
	return f
}

// milestoneMoved says that a milestone was reached, or that one is left again.
func (a *App) milestoneMoved(c *call, from, to string) []Part {
	if from == to || from == "" {
		return nil
	}
	key := "update.milestone"
	if slices.Index(reporting.Milestones, to) < slices.Index(reporting.Milestones, from) {
		key = "update.milestone_back"
	}
	return []Part{Paragraph{Plain(a.say(c, key, "from", a.choice(c, reporting.FieldMilestone, from), "to", a.choice(c, reporting.FieldMilestone, to)))}}
}
