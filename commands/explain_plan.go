package commands

import (
	"cmp"
	"strings"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// planClauses are where the plan speaks of a topic: part, section, number.
var planClauses = map[string]string{
	"plan": "plan", "themes": "1", "target": "2", "groups": "2", "bodies": "3", "territories": "annex1", "departments": "annex2", "enterprises": "3.3",
	"quotas": "annex", "routes": "4", "programmes": "4.3.1", "institutions": "4.4", "organisation": "5.1", "support": "5.2", "services": "5.3", "integrity": "5.3", "safeguards": "5",
	"supervision": "5.4", "adjustment": "5.4", "evaluation": "5.4",
}

// planLists are the catalogue's lists that belong to a topic.
var planLists = map[string][]string{
	"themes": {reporting.ListIndustry}, "institutions": {reporting.ListInstitution}, "support": {reporting.ListSupportTool},
	"R1.1": {reporting.ListRegion}, "R1.2": {reporting.ListPartner, reporting.ListPlatform}, "R1.3": {reporting.ListExhibition},
	"R2.1": {reporting.ListPlanClass}, "R2.2": {reporting.ListPolicy, reporting.ListMode}, "R2.3": {reporting.ListPilot}, "R4": {reporting.ListInstitution},
}

// planTopic returns the heading, route or sub-path that a text names.
func planTopic(text string) (question.Subject, bool) {
	if s, ok := question.Find(question.PlanPaths, text); ok {
		return s, true
	}
	return question.Find(question.PlanTopics, text)
}

// explainPlan says what the plan says on a topic, in our words, with its clause.
func (a *App) explainPlan(c *call, q question.Reading) (Response, error) {
	asked := cmp.Or(q.Slots[question.Topic], q.Slots[question.SubPath], q.Slots[question.Route], strings.Join(q.NotRead, " "))
	s, ok := planTopic(asked)
	if !ok {
		return a.planTopics(c, asked), nil
	}
	title := s.Name.In(c.locale)
	clause, isHeading := planClauses[s.ID]
	if !isHeading {
		title, clause = s.ID+" "+title, pathClause(s.ID)
	}
	var more []Part
	for _, list := range planLists[s.ID] {
		if names := a.entryNames(c, list); names != "" {
			more = append(more, Paragraph{Bold(a.listName(c, list) + a.say(c, "word.colon")), Plain(names)})
		}
	}
	if row := a.planBelow(c, s.ID); len(row) > 0 {
		more = append(more, row)
	}
	line := a.say(c, "plan."+s.ID, "target", count(a.target()), "threshold", a.money(c, a.cfg.Threshold))
	return a.explained(a.say(c, "plan.title", "name", title), line, more, a.source(c, clause)), nil
}

// pathClause is the clause of a route or sub-path: R1.3 stands in 4 (1) 3.
func pathClause(id string) string { return "4." + strings.TrimPrefix(id, "R") }

// planParts are what a heading consists of; a route consists of its sub-paths.
var planParts = map[string][]string{
	"routes": reporting.Routes, "bodies": {"territories", "departments", "enterprises"}, "safeguards": {"organisation", "support", "services", "supervision"},
	"supervision": {"adjustment", "evaluation"}, "R3.1": {"programmes"},
}

// planBelow offers what a topic consists of.
func (a *App) planBelow(c *call, id string) Buttons {
	parts := planParts[id]
	for _, p := range reporting.PathsOf(id) {
		parts = append(parts, string(p))
	}
	var row Buttons
	for _, part := range parts {
		s, _ := planTopic(part)
		row = append(row, a.planButton(c, s))
	}
	return row
}

func (a *App) planButton(c *call, s question.Subject) Button {
	return a.explainButton(c, s.Name.In(c.locale), question.PlanExplain, question.Topic, s.ID)
}

// entryNames are the entries of a list that are in use, in a line.
func (a *App) entryNames(c *call, list string) string {
	var names []string
	for _, e := range c.catalogue.Offered(list) {
		names = append(names, e.Name.In(c.locale))
	}
	return strings.Join(names, a.say(c, "word.list_separator"))
}

// planTopics offers the headings: the nearest to what was asked, or the most
// asked ones.
func (a *App) planTopics(c *call, asked string) Response {
	line, offered := a.say(c, "plan.which"), question.PlanTopics[:8]
	if asked != "" {
		line = a.say(c, "plan.unknown", "value", clip(asked))
		offered = question.Nearest(append(question.PlanTopics[:len(question.PlanTopics):len(question.PlanTopics)], question.PlanPaths...), asked, nearTerms)
	}
	var row Buttons
	for _, s := range offered {
		row = append(row, a.planButton(c, s))
	}
	return Response{Reply: &Reply{Text: line, Parts: []Part{Paragraph{Plain(line)}, row, Note{Plain(a.say(c, "explain.source.plan"))}}}}
}
