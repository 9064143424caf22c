package commands

import (
	"context"
	"fmt"
	"strconv"

	"github.com/mouhua/mouhua/reporting"
)

// composeProblem tells who sees to a problem that it is theirs, or that it is
// closed, which also who opened it is told.
func (a *App) composeProblem(ctx context.Context, m reporting.Message) (Outgoing, error) {
	c := a.as(ctx, a.localeOf(ctx, m.To))
	no, err := strconv.Atoi(m.Args["problem"])
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	q, err := a.store.Problem(ctx, m.Args["project"], no)
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	given := m.Kind == reporting.ProblemGiven
	if q.Open() != given || given && q.Owner != m.To {
		return Outgoing{Skip: "overtaken"}, nil
	}
	p, err := a.project(c, q.ProjectID)
	if err != nil {
		return Outgoing{}, err
	}
	to, err := a.knownPerson(c, m.To)
	if err != nil {
		return Outgoing{}, err
	}
	c.actor = reporting.Actor{UserID: to.UserID, Role: to.Role, BodyID: to.BodyID}
	text := a.say(c, "problem.told."+string(m.Kind), "id", p.ID, "name", p.Name)
	parts := []Part{Paragraph{Plain(text)}, Paragraph(a.problemNow(c, q))}
	if given && q.Reopened != "" {
		parts = append(parts, a.reasonGiven(c, q.Reopened))
	}
	var b Buttons
	if given {
		b = a.problemButtons(c, p, q)
	}
	if reporting.CanReadProject(c.actor, p) == nil {
		b = append(b, a.button(c, "project.show", p.ID, "show"))
	}
	if len(b) > 0 {
		parts = append(parts, b)
	}
	return Outgoing{Channel: m.To, Locale: c.locale, Reply: &Reply{Text: text, Parts: append(parts, a.asOf(c))}}, nil
}

// composeProblemsLeft tells the office that somebody left open problems which
// nobody of their body could take over.
func (a *App) composeProblemsLeft(c *call, m reporting.Message) (Outgoing, error) {
	if a.cfg.OfficeChannel == "" {
		return Outgoing{Skip: "no_office_channel"}, nil
	}
	text := a.say(c, "problem.left", "n", m.Args["problems"], "command", a.slash("project"))
	return Outgoing{Channel: a.cfg.OfficeChannel, Reply: &Reply{
		InChannel: true, Text: text, Parts: []Part{Paragraph{{User: m.Args["from"]}, Plain(a.say(c, "word.colon") + text)}, a.asOf(c)},
	}}, nil
}
