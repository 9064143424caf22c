package commands

import (
	"cmp"
	"context"
	"fmt"

	"github.com/mouhua/mouhua/reporting"
)

// maxWaiting is how many drafts, and how many returned projects, a nudge names.
const maxWaiting = 5

// Compose writes the words of an outbox message with the figures of now. A
// Skip in the result says why it is no longer owed. Errors: Unavailable, or
// internal for a message that nobody could compose.
func (a *App) Compose(ctx context.Context, m reporting.Message) (Outgoing, error) {
	out, err := a.compose(ctx, m)
	out.Locale = cmp.Or(out.Locale, a.channelLocale(ctx, m))
	return out, err
}

func (a *App) compose(ctx context.Context, m reporting.Message) (Outgoing, error) {
	switch m.Kind {
	case reporting.ReviewCard, reporting.CardUpdate, reporting.Approved, reporting.SentBack:
		return a.composeReview(ctx, m)
	case reporting.Arbitration, reporting.ArbitrationUpdate, reporting.PairTold:
		return a.composePair(ctx, m)
	case reporting.YearFrozen, reporting.YearAsk, reporting.YearStep:
		return a.composeYear(ctx, m)
	case reporting.BulletinCard, reporting.BulletinUpdate, reporting.BulletinPost:
		return a.composeBulletin(a.to(ctx, m), m)
	case reporting.CreditLost:
		return a.composeLost(ctx, m)
	case reporting.LifeTold:
		return a.composeLife(ctx, m)
	case reporting.NudgeMessage:
		return a.composeNudge(a.to(ctx, m), m)
	case reporting.NudgeChanged:
		return a.composeNudgeChanged(a.to(ctx, m), m)
	case reporting.NudgeEdit:
		return a.composeEdit(a.to(ctx, m), m)
	case reporting.NudgeLog:
		return a.composeLog(a.to(ctx, m), m)
	case reporting.NudgeAgain:
		return a.composeAgain(a.to(ctx, m), m)
	case reporting.ProblemGiven, reporting.ProblemClosed:
		return a.composeProblem(ctx, m)
	case reporting.ProblemsLeft:
		return a.composeProblemsLeft(a.to(ctx, m), m)
	case reporting.HandedOver:
		return a.composeHandedOver(a.as(ctx, a.localeOf(ctx, m.To)), m)
	case reporting.QuotaSet, reporting.QuotaCard, reporting.QuotaDecided, reporting.QuotaAnswer:
		return a.composeQuota(ctx, m)
	case reporting.IndicatorSet:
		return a.composeIndicator(ctx, m)
	case reporting.CalendarMissing:
		return a.composeCalendarMissing(a.to(ctx, m), m)
	case reporting.Repaired, reporting.RunProgress:
		return a.composeOutbox(a.to(ctx, m), m)
	case reporting.DeadlineMessage, reporting.DigestMessage, reporting.DeliveryReport, reporting.EscalationMessage:
		return a.composeNotice(ctx, m)
	case reporting.Undeliverable:
		return a.composeUndeliverable(a.to(ctx, m), m)
	}
	return Outgoing{}, fmt.Errorf("compose message %s: kind %q is unknown", m.Key, m.Kind)
}

// waitingParts name what waits for the body: returned projects with their
// reason, and drafts, oldest concern first.
func (a *App) waitingParts(c *call, body string, w reporting.Waiting) []Part {
	var out []Part
	if n := w.ReturnedTotal; n > 0 {
		var lines Bullets
		for _, p := range w.Returned[:min(len(w.Returned), maxWaiting)] {
			lines = append(lines, []Span{
				{Text: p.ID, Code: true}, Plain(" "), Bold(p.Name),
				Plain(a.say(c, "nudge.returned.line", "age", a.age(c, p.ReturnedOn), "reason", clip(p.ReturnReason))),
			})
		}
		all := listQuery{Body: body, Status: reporting.Returned, Page: 1}
		out = append(out, Paragraph{Bold(a.say(c, "nudge.returned", "n", count(n)))}, a.more(c, lines, n),
			Buttons{a.button(c, "quota.list", all.String(), "returned")})
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
		out = append(out, Paragraph{Bold(a.say(c, "nudge.drafts", "n", count(n)))}, a.more(c, lines, n),
			Buttons{a.button(c, "nudge.drafts", body, "drafts")})
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
