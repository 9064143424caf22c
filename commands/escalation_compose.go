package commands

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// streakShown is how many weeks of a streak are named, the newest first.
const streakShown = 8

// composeEscalation tells somebody beyond its channel that a body has been
// yellow or red for weeks: which, where it stands, and what ends it; or that it
// has ended.
func (a *App) composeEscalation(c *call, list *reporting.BodyList, m reporting.Message) (Outgoing, error) {
	b, ok := list.Find(m.BodyID)
	switch {
	case !ok:
		return Outgoing{Skip: "no_body"}, nil
	case b.Ended(c.day):
		return Outgoing{Skip: "ended"}, nil
	}
	weeks, err := a.store.WeeksOf(c.ctx, b.ID, rowWeeks)
	if err != nil {
		return Outgoing{}, fmt.Errorf("read weeks: %w", err)
	}
	streak, _, over := reporting.Escalate(weeks, a.cfg.Escalation)
	if len(streak) == 0 || streak.First().String() != m.Args["first"] || over != (m.Args["step"] == "ended") {
		return Outgoing{Skip: "changed_since"}, nil
	}
	s, err := a.standing(c, b.ID, c.day.Year)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{Channel: m.To, Locale: c.locale}
	if over {
		out.Reply = a.escalationOver(c, b, weeks[0], streak, s)
		return out, nil
	}
	out.Reply = a.escalationReply(c, b, m, streak, s)
	return out, nil
}

func (a *App) escalationReply(c *call, b reporting.Body, m reporting.Message, streak reporting.Streak, s reporting.Standing) *Reply {
	step := reporting.EscalationStep(m.Args["step"])
	label, n := b.Label(c.locale), len(streak)
	args := []any{"body", label, "n", n, "reds", streak.Reds(), "after", a.cfg.Escalation.After(step)}
	why := "escalation.why." + string(step)
	if step == reporting.ToOffice && a.cfg.Escalation.OfficeColour == reporting.Yellow {
		why += ".both"
	}
	title := a.say(c, "escalation.title", args...)
	parts := []Part{Heading(title), Paragraph{Plain(a.say(c, why, args...))}}
	for _, missing := range strings.Fields(m.Args["missing"]) {
		parts = append(parts, Paragraph{Plain(a.say(c, "escalation.missing."+missing, args...))})
	}
	var lines Bullets
	for _, w := range streak[:min(n, streakShown)] {
		line := a.say(c, "escalation.week", "week", a.week(c, w.Week), "colour", a.say(c, "colour.short."+string(w.Level)), "need", count(w.Need))
		if w.MetAt != 0 {
			line += a.say(c, "escalation.week.met")
		}
		lines = append(lines, []Span{Plain(line)})
	}
	parts = append(parts, a.more(c, lines, n), Paragraph{Bold(a.headline(c, label, s))})
	parts = append(parts, Facts{{Label: a.say(c, "escalation.ends"), Value: []Span{Plain(a.say(c, "escalation.ends.how"))}}})
	if next := a.nextStep(c, step, streak); next != "" {
		parts = append(parts, Facts{{Label: a.say(c, "escalation.next"), Value: []Span{Plain(next)}}})
	}
	return &Reply{InChannel: true, Text: title, Parts: append(parts, a.escalationButtons(c, b, s.Year), a.asOf(c))}
}

// nextStep says who is told next if nothing changes.
func (a *App) nextStep(c *call, step reporting.EscalationStep, streak reporting.Streak) string {
	steps, rule := reporting.EscalationSteps, a.cfg.Escalation
	for _, next := range steps[slices.Index(steps, step)+1:] {
		weeks, key := len(streak), "escalation.next."+string(next)
		if next == reporting.ToOffice && rule.OfficeColour == reporting.Red {
			weeks, key = streak.Reds(), key+".red"
		}
		if after := rule.After(next); after > weeks {
			return a.say(c, key, "n", after)
		}
	}
	return ""
}

func (a *App) escalationOver(c *call, b reporting.Body, now reporting.NudgeWeek, streak reporting.Streak, s reporting.Standing) *Reply {
	label := b.Label(c.locale)
	text := a.say(c, "escalation.over", "body", label, "n", len(streak), "week", a.week(c, now.Week), "colour", a.say(c, "colour.short."+string(now.Level)))
	return &Reply{InChannel: true, Text: text, Parts: []Part{
		Heading(a.say(c, "escalation.over.title", "body", label)), Paragraph{Plain(text)}, Paragraph{Bold(a.headline(c, label, s))},
		a.escalationButtons(c, b, s.Year), a.asOf(c),
	}}
}

func (a *App) escalationButtons(c *call, b reporting.Body, year int) Buttons {
	return Buttons{a.button(c, "quota.show", fmt.Sprintf("%s/%d", b.ID, year), "standing"), a.listButton(c, b.ID, year)}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
