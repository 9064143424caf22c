package commands

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/mouhua/mouhua/reporting"
)

// composeLost tells a body's channel that a project counts for it no longer,
// why, and where it stands now. A credit that has come back by then is not told.
func (a *App) composeLost(ctx context.Context, m reporting.Message) (Outgoing, error) {
	c := a.to(ctx, m)
	year, err := strconv.Atoi(m.Args["year"])
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Outgoing{}, err
	}
	b, ok := list.Find(m.BodyID)
	if !ok || b.ChannelID == "" {
		return Outgoing{Skip: "no_channel"}, nil
	}
	p, err := a.project(c, m.Args["project"])
	if reporting.CodeOf(err) == reporting.NotFound {
		return Outgoing{Skip: "no_project"}, nil
	}
	if err != nil {
		return Outgoing{}, err
	}
	counts := func(cr reporting.Credit) bool { return cr.BodyID == b.ID && cr.Year == year }
	if slices.ContainsFunc(reporting.CreditsFor(p, a.rules()), counts) {
		return Outgoing{Skip: "counts_again"}, nil
	}
	s, err := a.standing(c, b.ID, year)
	if err != nil {
		return Outgoing{}, err
	}
	text := a.say(c, "lost.title", "body", b.Label(c.locale), "year", year, "id", p.ID, "name", p.Name)
	why := Paragraph{Plain(a.say(c, "lost.why."+m.Args["why"], "money", a.money(c, p.InvestTotal), "threshold", a.money(c, a.cfg.Threshold), "keep", p.MergedInto, "held", p.HeldBy))}
	if m.Args["by"] != reporting.System.UserID {
		why = append(why, Plain(a.say(c, "told.by")), Span{User: m.Args["by"]})
	}
	return Outgoing{Channel: b.ChannelID, Reply: &Reply{InChannel: true, Text: text, Parts: []Part{
		Paragraph{Bold(text)}, why,
		Paragraph{Plain(a.headline(c, b.Label(c.locale), s))},
		Buttons{a.button(c, "project.show", p.ID, "show"), a.listButton(c, b.ID, year)}, a.asOf(c),
	}}}, nil
}
