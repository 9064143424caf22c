package commands

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// composeYear writes what the turn of a year has to say: to the office that a
// year is frozen, to bodies what they have to confirm and what became of it.
func (a *App) composeYear(ctx context.Context, m reporting.Message) (Outgoing, error) {
	c := a.to(ctx, m)
	year, err := strconv.Atoi(m.Args["year"])
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	if m.Kind == reporting.YearFrozen {
		return a.composeFrozen(c, year)
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Outgoing{}, err
	}
	b, ok := list.Find(m.BodyID)
	if !ok || b.ChannelID == "" {
		return Outgoing{Skip: "no_channel"}, nil
	}
	out := Outgoing{Channel: b.ChannelID}
	if m.Kind == reporting.YearAsk {
		parts, err := a.confirmParts(c, b.ID)
		if err != nil {
			return out, err
		}
		if parts == nil || year != c.day.Year {
			return Outgoing{Skip: "confirmed"}, nil
		}
		title := a.say(c, "reconfirm.ask", "body", b.Label(c.locale), "year", year)
		parts = append([]Part{Heading(title)}, parts...)
		out.Reply = &Reply{InChannel: true, Text: title, Parts: append(parts, Note{Plain(a.say(c, "reconfirm.else"))}, a.asOf(c))}
		return out, nil
	}
	out.Reply, err = a.stepReply(c, m, b, year)
	return out, err
}

func (a *App) stepReply(c *call, m reporting.Message, b reporting.Body, year int) (*Reply, error) {
	ids := strings.Fields(m.Args["projects"])
	day, err := reporting.ParseDate(m.Args["day"])
	if err != nil {
		return nil, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	text := a.say(c, "step."+m.Args["step"], "body", b.Label(c.locale), "n", len(ids), "year", year,
		"day", a.date(c, day), "until", a.date(c, day.AddDays(reporting.HoldDays)))
	var lines Bullets
	for _, id := range ids[:min(len(ids), listPage)] {
		p, err := a.project(c, id)
		if err != nil {
			return nil, err
		}
		lines = append(lines, projectLine(p))
	}
	return &Reply{InChannel: true, Text: text, Parts: []Part{Paragraph{Plain(text)}, a.more(c, lines, len(ids)), a.asOf(c)}}, nil
}

func (a *App) composeFrozen(c *call, year int) (Outgoing, error) {
	if a.cfg.OfficeChannel == "" {
		return Outgoing{Skip: "no_office_channel"}, nil
	}
	f, ok, err := a.frozen(c, year)
	if err != nil || !ok {
		return Outgoing{Skip: "not_frozen"}, err
	}
	city := f.Of(reporting.City)
	title := a.say(c, "frozen.title", "year", year)
	return Outgoing{Channel: a.cfg.OfficeChannel, Reply: &Reply{InChannel: true, Text: title, Parts: []Part{
		Heading(title), Paragraph{Bold(a.headline(c, a.say(c, "word.city"), city))}, a.fourNumbers(c, city),
		Note{Plain(a.say(c, "frozen.told", "command", a.slash("quota"), "time", a.moment(c, time.UnixMilli(f.At)), "year", year))},
	}}}, nil
}
