package commands

import (
	"context"
	"fmt"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// maxWaiting is how many drafts, and how many returned projects, a nudge names.
const maxWaiting = 5

// Compose writes the words of an outbox message with the figures of now. A
// Skip in the result says why it is no longer owed. Errors: Unavailable, or
// internal for a message that nobody could compose.
func (a *App) Compose(ctx context.Context, m reporting.Message) (Outgoing, error) {
	switch m.Kind {
	case reporting.ReviewCard, reporting.CardUpdate, reporting.Approved, reporting.SentBack:
		return a.composeReview(ctx, m)
	case reporting.Arbitration, reporting.ArbitrationUpdate, reporting.PairTold:
		return a.composePair(ctx, m)
	case reporting.YearFrozen, reporting.YearAsk, reporting.YearStep:
		return a.composeYear(ctx, m)
	case reporting.CreditLost:
		return a.composeLost(ctx, m)
	case reporting.LifeTold:
		return a.composeLife(ctx, m)
	case reporting.NudgeMessage:
		return a.composeNudge(a.as(ctx, a.cfg.Locale), m)
	case reporting.ProblemGiven, reporting.ProblemClosed:
		return a.composeProblem(ctx, m)
	case reporting.ProblemsLeft:
		return a.composeProblemsLeft(a.as(ctx, a.cfg.Locale), m)
	case reporting.HandedOver:
		return a.composeHandedOver(a.as(ctx, a.localeOf(ctx, m.To)), m)
	case reporting.QuotaSet, reporting.QuotaCard, reporting.QuotaDecided, reporting.QuotaAnswer:
		return a.composeQuota(ctx, m)
	case reporting.IndicatorSet:
		return a.composeIndicator(ctx, m)
	case reporting.DeadlineMessage, reporting.DigestMessage, reporting.DeliveryReport, reporting.EscalationMessage:
		return a.composeNotice(ctx, m)
	case reporting.Undeliverable:
		return a.composeUndeliverable(a.as(ctx, a.cfg.Locale), m)
	}
	return Outgoing{}, fmt.Errorf("compose message %s: kind %q is unknown", m.Key, m.Kind)
}

// composeNudge writes a body's weekly nudge, to the channel it has now.
func (a *App) composeNudge(c *call, m reporting.Message) (Outgoing, error) {
	week, err := m.Week()
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	byHand := m.Args["now"] == "1"
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Outgoing{}, err
	}
	if !byHand && !reporting.StillOwed(week, list.Rule(a.cfg.Nudge, m.BodyID), c.now) {
		return Outgoing{Skip: "week_over"}, nil
	}
	b, ok := list.Find(m.BodyID)
	switch {
	case !ok:
		return Outgoing{Skip: "no_body"}, nil
	case b.Ended(c.day):
		return Outgoing{Skip: "ended"}, nil
	case b.ChannelID == "":
		return Outgoing{Skip: "no_channel"}, nil
	}
	s, err := a.standing(c, b.ID, c.day.Year)
	if err != nil {
		return Outgoing{}, err
	}
	w, err := a.store.Waiting(c.ctx, b.ID)
	if err != nil {
		return Outgoing{}, err
	}
	if !byHand && s.Owes() == 0 && !w.Some() {
		return Outgoing{Skip: "no_task"}, nil
	}
	open, err := a.confirmParts(c, b.ID)
	if err != nil {
		return Outgoing{}, err
	}
	stuck, err := a.nudgeStuck(c, b.ID)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{Channel: b.ChannelID, Reply: a.nudgeReply(c, b, week, s, w, open, stuck)}
	if !byHand {
		before, err := a.weeksBefore(c, b.ID, week)
		if err != nil {
			return Outgoing{}, err
		}
		opened := reporting.OpenWeek(week, s, a.thresholds(), before, c.now.UnixMilli())
		out.Week = &opened
	}
	return out, nil
}

func (a *App) nudgeReply(c *call, b reporting.Body, week reporting.Week, s reporting.Standing, w reporting.Waiting, open, stuck []Part) *Reply {
	label := b.Label(c.locale)
	text := a.headline(c, label, s)
	parts := []Part{Heading(a.say(c, "nudge.heading", "body", label, "week", a.week(c, week))), Paragraph{Bold(text)}}
	switch {
	case s.Owes() > 0 && s.Remaining() == 0 && !w.Some():
		parts = append(parts, Paragraph{Plain(a.say(c, "nudge.well_done"))})
	case s.Owes() > 0 && s.Remaining() == 0:
		parts = append(parts, Paragraph{Plain(a.say(c, "nudge.well_done.but"))})
	case s.Owes() > 0:
		parts = append(parts, Paragraph{Plain(a.say(c, "nudge.need", "remaining", count(s.Remaining()), "n", count(s.PerWeek()), "weeks", decimal(s.WeeksLeft())))})
	}
	if s.Owes() > 0 {
		parts = append(parts, append(Facts{
			a.fact(c, "pending", a.projects(c, s.Tally.Pending)),
		}, append(a.progressFacts(c, s), a.fact(c, "forecast", a.forecast(c, s)))...))
	}
	parts = slices.Concat(parts, open, a.waitingParts(c, w), stuck)
	register := a.button(c, "project.register", b.ID, "register")
	if s.Owes() == 0 || s.Remaining() > 0 {
		register.Style = "primary"
	}
	parts = append(parts, a.countingBy(c, s.Year, a.rules()), Buttons{register, a.listButton(c, b.ID, s.Year)})
	return &Reply{InChannel: true, Text: text, Parts: parts}
}

// waitingParts name what waits for the body: returned projects with their
// reason, and drafts, oldest concern first.
func (a *App) waitingParts(c *call, w reporting.Waiting) []Part {
	var out []Part
	if n := w.ReturnedTotal; n > 0 {
		var lines Bullets
		for _, p := range w.Returned[:min(len(w.Returned), maxWaiting)] {
			lines = append(lines, []Span{
				{Text: p.ID, Code: true}, Plain(" "), Bold(p.Name),
				Plain(a.say(c, "nudge.returned.line", "age", a.age(c, p.ReturnedOn), "reason", clip(p.ReturnReason))),
			})
		}
		out = append(out, Paragraph{Bold(a.say(c, "nudge.returned", "n", count(n)))}, a.more(c, lines, n))
	}
	if n := w.DraftTotal; n > 0 {
		var lines Bullets
		for _, d := range w.Drafts[:min(len(w.Drafts), maxWaiting)] {
			name := d.Values[reporting.FieldName]
			if name == "" {
				name = a.say(c, "word.unnamed")
			}
			lines = append(lines, []Span{Bold(clip(name)), Plain(a.say(c, "nudge.draft.line", "age", a.ageOf(c, d.UpdatedAt)))})
		}
		out = append(out, Paragraph{Bold(a.say(c, "nudge.drafts", "n", count(n)))}, a.more(c, lines, n))
	}
	return append(out, a.problemsDue(c, w.Problems)...)
}

// more says how many of n the lines leave out.
func (a *App) more(c *call, lines Bullets, n int) Bullets {
	if left := n - len(lines); left > 0 {
		lines = append(lines, []Span{Plain(a.say(c, "nudge.more", "n", count(left)))})
	}
	return lines
}

// composeUndeliverable tells the office, once, that a body's channel is dead:
// which body, why, and how to repair it.
func (a *App) composeUndeliverable(c *call, m reporting.Message) (Outgoing, error) {
	if a.cfg.OfficeChannel == "" {
		return Outgoing{Skip: "no_office_channel"}, nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Outgoing{}, err
	}
	b, ok := list.Find(m.BodyID)
	switch {
	case !ok:
		return Outgoing{Skip: "no_body"}, nil
	case b.UndeliverableSince == 0:
		return Outgoing{Skip: "repaired"}, nil
	}
	label := b.Label(c.locale)
	title := a.say(c, "dead.title", "body", label)
	facts := Facts{
		{Label: a.say(c, "dead.body"), Value: []Span{Plain(label)}},
		{Label: a.say(c, "nudge.channel"), Value: []Span{{Channel: b.ChannelID}}},
		{Label: a.say(c, "dead.why"), Value: []Span{Plain(a.deadWhy(c, b.UndeliverableWhy))}},
		{Label: a.say(c, "dead.since"), Value: []Span{Plain(a.ageOf(c, b.UndeliverableSince))}},
	}
	repair := Bullets{
		{Plain(a.say(c, "dead.repair."+repairOf(b.UndeliverableWhy)))},
		{Plain(a.say(c, "dead.repair.channel")), Span{Text: a.slash("body") + " channel " + b.Label(c.locale), Code: true}},
	}
	return Outgoing{Channel: a.cfg.OfficeChannel, Reply: &Reply{
		InChannel: true, Text: title,
		Parts: []Part{Heading(title), facts, Paragraph{Bold(a.say(c, "dead.repair"))}, repair, Note{Plain(a.say(c, "dead.resume"))}, a.asOf(c)},
	}}, nil
}

// repairOf returns the kind of repair for Slack's error code
// (https://docs.slack.dev/reference/methods/chat.postMessage#errors).
func repairOf(code string) string {
	switch code {
	case "is_archived":
		return "archived"
	case "not_in_channel", "channel_not_found":
		return "invite"
	}
	return "other"
}
