package commands

import (
	"fmt"
	"strings"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// projectAnswers are the answers about one project.
func (a *App) projectAnswers() map[question.Intent]answerer {
	return map[question.Intent]answerer{
		question.ProjectGet: a.projectSaid, question.FindDuplicate: a.duplicateSaid,
	}
}

// maxNamedProjects is how many projects of one name are offered.
const maxNamedProjects = 5

// projectAsked finds the project that is meant: by its number, or by its name.
// Where several fit it returns the choice among them, whose buttons go on with q.
// Errors: Invalid when none is named; NotFound.
func (a *App) projectAsked(c *call, q question.Reading) (reporting.Project, *Reply, error) {
	ids := q.Slots.List(question.Project)
	if len(ids) == 0 && q.Slots[question.Name] != "" {
		names, err := a.projectNames(c)
		if err != nil {
			return reporting.Project{}, nil, fmt.Errorf("read names: %w", err)
		}
		for _, n := range findNamed(names, q.Slots[question.Name], false, maxNamedProjects) {
			ids = append(ids, n.ID)
		}
		if len(ids) == 0 {
			return reporting.Project{}, nil, reporting.Fail(reporting.NotFound, "err.project.name", "value", clip(q.Slots[question.Name]))
		}
	}
	switch len(ids) {
	case 0:
		return reporting.Project{}, nil, reporting.Fail(reporting.Invalid, "err.project.which")
	case 1:
		id, err := reporting.ParseProjectID(ids[0], c.day.Year)
		if err != nil {
			return reporting.Project{}, nil, err
		}
		p, err := a.project(c, id)
		return p, nil, err
	}
	ask, err := a.whichProject(c, q, ids)
	return reporting.Project{}, ask, err
}

// whichProject asks which of several projects is meant: those that the asker may
// read are told by name.
func (a *App) whichProject(c *call, q question.Reading, ids []string) (*Reply, error) {
	text := a.say(c, "answer.which_project", "n", count(len(ids)))
	var lines Bullets
	var row Buttons
	for _, id := range ids[:min(len(ids), maxNamedProjects)] {
		p, err := a.project(c, id)
		if err != nil {
			return nil, err
		}
		line := []Span{{Text: p.ID, Code: true}}
		if reporting.CanReadProject(c.actor, p) == nil {
			line = projectLine(p)
		}
		one := q
		one.Slots = question.Slots{}
		for k, v := range q.Slots {
			if k != question.Project && (k != question.Name || q.Intent == question.ProjectUpdate) {
				one.Slots[k] = v
			}
		}
		one.Slots[question.Project] = id
		lines, row = append(lines, line), append(row, Button{Action: "ask.then", Value: carry(one), Label: p.ID})
	}
	return &Reply{Text: text, Parts: []Part{Paragraph{Plain(text)}, lines, row}}, nil
}

// projectSaid tells of one project what the register holds. Where all can see
// it, it is shown as a leader is shown it.
func (a *App) projectSaid(c *call, q question.Reading) (Response, error) {
	p, choice, err := a.projectAsked(c, q)
	if err != nil || choice != nil {
		return Response{Reply: choice}, err
	}
	if err := reporting.CanReadProject(c.actor, p); err != nil {
		return Response{}, err
	}
	as := *c
	if !c.direct && a.forAll(c, q) && c.actor.OfOffice() {
		as.actor.Role = reporting.Leader
	}
	as.words, as.text = []string{p.ID}, p.ID
	return a.show(&as)
}

// duplicateSaid answers whether a project is filed already. Of projects that the
// asker may not read it tells number, name and body, so that nobody files one
// twice, and no figures.
func (a *App) duplicateSaid(c *call, q question.Reading) (Response, error) {
	name := strings.TrimSpace(q.Slots[question.Name])
	if name == "" {
		return Response{}, reporting.Fail(reporting.Invalid, "err.project.name.needed")
	}
	names, err := a.projectNames(c)
	if err != nil {
		return Response{}, fmt.Errorf("read names: %w", err)
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read bodies: %w", err)
	}
	var lines Bullets
	var row Buttons
	for _, n := range findNamed(names, name, true, maxNamedProjects) {
		p, err := a.project(c, n.ID)
		if reporting.CodeOf(err) == reporting.NotFound {
			continue
		}
		if err != nil {
			return Response{}, err
		}
		if reporting.CanReadProject(c.actor, p) != nil {
			lines = append(lines, append(projectLine(p), Plain(" · "+a.nameOf(c, list, p.ReporterBody)+" · "+a.say(c, "status."+string(p.Status)))))
			continue
		}
		lines = append(lines, a.pairLines(c, list, p)...)
		show := a.button(c, "project.show", p.ID, "show")
		show.Label = p.ID
		row = append(row, show)
	}
	key := "answer.alike"
	if len(lines) == 0 {
		key = "answer.alike.none"
	}
	text := a.say(c, key, "on", a.sayDay(c, c.day), "name", clip(name), "n", count(len(lines)), "of", count(len(names)))
	parts := []Part{Paragraph{Bold(text)}}
	if len(lines) > 0 {
		parts = append(parts, lines)
	}
	if len(row) > 0 {
		parts = append(parts, row)
	}
	return Response{Reply: &Reply{Text: text, Parts: append(parts, a.asOf(c))}, Figures: Figures{"projects": float64(len(lines))}}, nil
}
