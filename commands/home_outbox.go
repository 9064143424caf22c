package commands

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const (
	troubleDays  = 14 // for which a message that failed is shown
	troubleLines = 3  // messages that are shown: App Home has room for 100 blocks
)

// nextNudge is when a body is nudged next.
type nextNudge struct {
	body  reporting.Body
	rule  reporting.NudgeRule
	week  reporting.Week
	at    time.Time
	pause reporting.Date // zero = none
}

// nextNudges are those of all bodies that have a channel that works, the first
// first.
func (a *App) nextNudges(c *call, list *reporting.BodyList) []nextNudge {
	var out []nextNudge
	for _, b := range list.All {
		if b.Ended(c.day) || b.ChannelID == "" || b.UndeliverableSince != 0 {
			continue
		}
		n := nextNudge{body: b, rule: list.Rule(a.cfg.Nudge, b.ID)}
		n.week, n.at = n.rule.NextOwed(c.now)
		if n.rule.Paused(c.now) {
			n.pause = n.rule.PausedUntil
		}
		out = append(out, n)
	}
	slices.SortStableFunc(out, func(x, y nextNudge) int { return x.at.Compare(y.at) })
	return out
}

// homeNext is what goes out next: the city's moment and how many channels are
// reminded then, the bodies with another time, and what is paused.
func (a *App) homeNext(c *call) ([]Part, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	city := a.cfg.Nudge
	city.Calendar = list.Calendar
	week, at := city.NextOwed(c.now)
	var with int
	var others, paused Bullets
	for _, n := range a.nextNudges(c, list) {
		line := []Span{Bold(n.body.Label(c.locale)), Plain(a.say(c, "word.colon") + a.momentOf(c, n.rule, n.at))}
		switch {
		case !n.pause.IsZero():
			paused = append(paused, append(line, Plain(a.say(c, "home.next.paused_line", "day", a.date(c, n.pause)))))
		case n.at.Equal(at):
			with++
		default:
			others = append(others, line)
		}
	}
	text := a.say(c, "home.next.city", "time", a.momentOf(c, city, at), "week", a.week(c, week), "n", with) + a.movedBy(c, city, week)
	parts := []Part{Rule{}, Paragraph{Bold(a.say(c, "home.next"))}, Paragraph{Plain(text)}}
	for _, some := range []struct {
		key   string
		lines Bullets
	}{{"home.next.others", others}, {"home.next.paused", paused}} {
		if n := len(some.lines); n > 0 {
			parts = append(parts, Paragraph{Plain(a.say(c, some.key, "n", n))}, a.more(c, some.lines[:min(n, homeLines)], n))
		}
	}
	return parts, nil
}

// deadChannels names the bodies whose nudges cannot be delivered.
func (a *App) deadChannels(c *call) ([]Part, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	var lines Bullets
	var show Buttons
	for _, b := range list.All {
		if b.UndeliverableSince == 0 {
			continue
		}
		since := a.moment(c, time.UnixMilli(b.UndeliverableSince))
		lines = append(lines, []Span{
			Bold(b.Label(c.locale)), Plain(" "), {Channel: b.ChannelID},
			Plain(a.say(c, "home.dead_line", "time", since, "why", a.deadWhy(c, b.UndeliverableWhy))),
		})
		if len(show) < homeLines {
			show = append(show, Button{Action: "nudge.show", Value: b.ID, Label: b.Label(c.locale)})
		}
	}
	if len(lines) == 0 {
		return nil, nil
	}
	how := Note{Plain(a.say(c, "home.dead_repair", "command", a.slash("body")+" channel"))}
	return []Part{Rule{}, Paragraph{Bold(a.say(c, "home.dead"))}, lines, show, how}, nil
}

// homeTrouble is what did not go out: why, and since when, with a button that
// has it tried again.
func (a *App) homeTrouble(c *call) ([]Part, error) {
	t, err := a.store.Trouble(c.ctx, c.now.UnixMilli(), c.now.AddDate(0, 0, -troubleDays).UnixMilli(), troubleLines)
	if err != nil {
		return nil, fmt.Errorf("read trouble: %w", err)
	}
	if t.Total == 0 {
		return nil, nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	parts := []Part{Rule{}, Paragraph{Bold(a.say(c, "home.trouble", "n", t.Total))}}
	for _, d := range t.Messages {
		again := a.button(c, "message.resend", d.Key, "resend")
		parts = append(parts, Paragraph(a.troubleLine(c, list, d)), Buttons{again})
	}
	if left := t.Total - len(t.Messages); left > 0 {
		parts = append(parts, Note{Plain(a.say(c, "nudge.more", "n", left))})
	}
	return parts, nil
}

// troubleLine says of a message what it is, to whom, what became of it and why,
// and since when.
func (a *App) troubleLine(c *call, list *reporting.BodyList, d reporting.Delivery) []Span {
	line := []Span{Bold(a.known(c, "message.", string(d.Kind)))}
	switch {
	case d.To != "" && (d.To[0] == 'U' || d.To[0] == 'W'):
		line = append(line, Plain(" → "), Span{User: d.To})
	case d.Receipt.Channel != "":
		line = append(line, Plain(" → "), Span{Channel: d.Receipt.Channel})
	case d.BodyID != "":
		line = append(line, Plain(" → "+a.nameOf(c, list, d.BodyID)))
	}
	since := cmp.Or(d.TriedAt, d.DueAt)
	line = append(line, Plain(" · "+a.say(c, "delivery."+d.State)))
	if since != 0 {
		line = append(line, Plain(a.say(c, "home.trouble.since", "time", a.moment(c, time.UnixMilli(since)))))
	}
	if d.Receipt.Reason != "" {
		line = append(line, Plain(a.say(c, "nudge.reason", "why", a.deadWhy(c, d.Receipt.Reason))))
	}
	if d.Attempts > 1 {
		line = append(line, Plain(a.say(c, "home.trouble.tries", "n", d.Attempts)))
	}
	return line
}

// pressResend has the message of the button tried again.
func (a *App) pressResend(c *call) (Response, error) {
	e, err := reporting.Resend(c.actor, c.value, c.now.UnixMilli())
	if err != nil {
		return Response{}, err
	}
	switch err := a.store.Resend(c.ctx, c.once, c.value, e); {
	case errors.Is(err, reporting.ErrRepeated):
	case err != nil:
		return Response{}, err
	default:
		a.wake()
	}
	kind, _, _ := strings.Cut(c.value, "/")
	return Response{Reply: Say(a.say(c, "home.trouble.again", "key", clip(kind)))}, nil
}
