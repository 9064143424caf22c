package commands

import (
	"fmt"
	"strconv"

	"github.com/mouhua/mouhua/reporting"
)

// composeNudgeChanged tells a body's channel that its schedule was changed, by
// whom, and when the next nudge comes. Only the last of several changes is told.
func (a *App) composeNudgeChanged(c *call, m reporting.Message) (Outgoing, error) {
	version, err := strconv.Atoi(m.Args["version"])
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Outgoing{}, err
	}
	b, ok := list.Find(m.BodyID)
	set := list.Nudges[m.BodyID]
	switch {
	case !ok:
		return Outgoing{Skip: "no_body"}, nil
	case b.Ended(c.day):
		return Outgoing{Skip: "ended"}, nil
	case b.ChannelID == "":
		return Outgoing{Skip: "no_channel"}, nil
	case set.Version > version:
		return Outgoing{Skip: "overtaken"}, nil
	}
	rule := list.Rule(a.cfg.Nudge, b.ID)
	text := a.changedText(c, b, rule, set, m.Args["what"])
	by := Paragraph{Plain(a.say(c, "nudge.changed.by")), Span{User: m.Args["by"]}}
	parts := append([]Part{Heading(a.say(c, "nudge.changed.title"))}, a.changedParts(c, b, rule, set, m.Args["what"])...)
	return Outgoing{Channel: b.ChannelID, Reply: &Reply{
		InChannel: true, Text: text, Parts: append(parts, by, Buttons{a.button(c, "nudge.show", b.ID, "nudge_show")}, a.asOf(c)),
	}}, nil
}

// changedText says what was changed.
func (a *App) changedText(c *call, b reporting.Body, r reporting.NudgeRule, s reporting.NudgeSetting, what string) string {
	return a.say(c, "nudge.changed."+what, "body", b.Label(c.locale), "when", a.when(c, r), "day", a.date(c, s.PausedUntil), "language", a.say(c, "locale."+string(a.languageOf(s))))
}

// changedParts say what was changed, why, and when the next nudge comes.
func (a *App) changedParts(c *call, b reporting.Body, r reporting.NudgeRule, s reporting.NudgeSetting, what string) []Part {
	parts := []Part{Paragraph{Bold(a.changedText(c, b, r, s, what))}}
	if what == "pause" {
		parts = append(parts, a.reasonGiven(c, s.PauseReason))
	}
	return append(parts, Paragraph{Plain(a.comes(c, b, r))})
}

// languageOf returns the language of a body's channel.
func (a *App) languageOf(s reporting.NudgeSetting) reporting.Locale {
	if s.Locale != "" {
		return s.Locale
	}
	return a.cfg.Locale
}

// nudgeRuleFacts are when a body is nudged, in which language, and its pause.
func (a *App) nudgeRuleFacts(c *call, r reporting.NudgeRule, s reporting.NudgeSetting) Facts {
	whose := "nudge.own"
	if s.Weekday == "" && s.Time == "" && s.Zone == "" {
		whose = "nudge.city"
	}
	facts := Facts{
		{Label: a.say(c, "nudge.schedule"), Value: []Span{Plain(a.say(c, whose, "when", a.when(c, r)))}},
		{Label: a.say(c, "nudge.language"), Value: []Span{Plain(a.say(c, "locale."+string(a.languageOf(s))))}},
	}
	if r.Paused(c.now) {
		value := []Span{Plain(a.say(c, "nudge.paused", "day", a.date(c, s.PausedUntil))), {User: s.PausedBy}, Plain(a.say(c, "nudge.reason", "why", clip(oneLine(s.PauseReason))))}
		facts = append(facts, Fact{Label: a.say(c, "nudge.pause"), Value: value})
	}
	return facts
}

// nudgeRuleButtons change when a body is nudged.
func (a *App) nudgeRuleButtons(c *call, b reporting.Body, r reporting.NudgeRule) Buttons {
	if a.goesOn(c, b) != nil || reporting.CanNudge(c.actor, b.ID) != nil {
		return nil
	}
	pause := a.button(c, "nudge.pause", b.ID, "nudge_pause")
	if r.Paused(c.now) {
		pause = a.button(c, "nudge.resume", b.ID, "nudge_resume")
	}
	return Buttons{a.button(c, "nudge.set", b.ID, "nudge_set"), pause}
}

// seenSpans say who acknowledged a body's nudge of a week.
func (a *App) seenSpans(c *call, body string, week reporting.Week) ([]Span, error) {
	seen, err := a.store.SeenIn(c.ctx, week)
	if err != nil {
		return nil, fmt.Errorf("read who saw: %w", err)
	}
	var out []Span
	for _, s := range seen {
		if s.BodyID != body {
			continue
		}
		if len(out) == 0 {
			out = append(out, Plain(a.say(c, "nudge.seen")))
		}
		out = append(out, Plain(" "), Span{User: s.UserID})
	}
	return out, nil
}
