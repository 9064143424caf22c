package commands

import (
	"fmt"
	"strconv"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// composeOutbox writes what the outbox has to say about itself, to the office.
func (a *App) composeOutbox(c *call, m reporting.Message) (Outgoing, error) {
	if a.cfg.OfficeChannel == "" {
		return Outgoing{Skip: "no_office_channel"}, nil
	}
	if m.Kind == reporting.RunProgress {
		return Outgoing{Channel: a.cfg.OfficeChannel, Reply: a.runReply(c, reporting.RunOf(m))}, nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Outgoing{}, err
	}
	b, ok := list.Find(m.BodyID)
	switch {
	case !ok:
		return Outgoing{Skip: "no_body"}, nil
	case b.UndeliverableSince != 0:
		return Outgoing{Skip: "dead_again"}, nil
	}
	since, err := strconv.ParseInt(m.Args["since"], 10, 64)
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	label := b.Label(c.locale)
	title := a.say(c, "repaired.title", "body", label)
	facts := Facts{
		{Label: a.say(c, "dead.body"), Value: []Span{Plain(label)}},
		{Label: a.say(c, "nudge.channel"), Value: []Span{{Channel: b.ChannelID}}},
		{Label: a.say(c, "dead.since"), Value: []Span{Plain(a.moment(c, time.UnixMilli(since)))}},
	}
	return Outgoing{Channel: a.cfg.OfficeChannel, Reply: &Reply{
		InChannel: true, Text: title,
		Parts: []Part{Heading(title), facts, Note{Plain(a.say(c, "repaired.resume"))}, a.asOf(c)},
	}}, nil
}

// runReply is one line: how much is done of how much, and how long the rest
// takes.
func (a *App) runReply(c *call, r reporting.Run) *Reply {
	at := time.UnixMilli(r.At)
	args := []any{
		"done", count(r.Done), "total", count(r.Total), "clock", at.In(a.cfg.Location).Format("15:04:05"),
		"took", a.length(c, at.Sub(time.UnixMilli(r.Began))), "left", a.length(c, r.Left),
	}
	key := "run.going"
	if r.Ended {
		key = "run.ended"
	}
	text := a.say(c, key, args...)
	return &Reply{InChannel: true, Text: text, Parts: []Part{Paragraph{Plain(text)}}}
}

// length writes how long something takes, in seconds below two minutes.
func (a *App) length(c *call, d time.Duration) string {
	if d < 2*time.Minute {
		return a.say(c, "run.seconds", "n", count(int(d.Round(time.Second).Seconds())))
	}
	return a.say(c, "run.minutes", "n", count(int(d.Round(time.Minute).Minutes())))
}
