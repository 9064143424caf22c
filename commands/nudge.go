package commands

import (
	"cmp"
	"crypto/rand"
	"strconv"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// lastNudges is how many past nudges are shown.
const lastNudges = 5

// nudgeBody finds the body whose nudge is meant and checks that the actor may
// see and send it.
func (a *App) nudgeBody(c *call, text, word string) (reporting.Body, error) {
	b, err := a.namedOrHere(c, text, a.slash("nudge")+" "+word)
	if err != nil {
		return b, err
	}
	return b, reporting.CanNudge(c.actor, b.ID)
}

// nudgeShow answers /nudge show [body]: the next one and why, and the last five.
func (a *App) nudgeShow(c *call) (Response, error) {
	b, err := a.nudgeBody(c, c.text, "show")
	if err != nil {
		return Response{}, err
	}
	why, err := a.nudgeWhy(c, b)
	if err != nil {
		return Response{}, err
	}
	last, err := a.store.LastDeliveries(c.ctx, reporting.NudgeMessage, b.ID, lastNudges)
	if err != nil {
		return Response{}, err
	}
	title := a.say(c, "nudge.title", "body", b.Label(c.locale))
	facts := Facts{{Label: a.say(c, "nudge.channel"), Value: []Span{Plain(a.say(c, "word.none"))}}}
	if b.ChannelID != "" {
		facts[0].Value = []Span{{Channel: b.ChannelID}}
	}
	facts = append(facts, Fact{Label: a.say(c, "nudge.next"), Value: []Span{Plain(why)}})
	st, err := a.nudgeState(c, b)
	if err != nil {
		return Response{}, err
	}
	facts = append(facts, a.nudgeRuleFacts(c, st.Rule(), st.Setting)...)
	parts := []Part{Heading(title), facts, Paragraph{Bold(a.say(c, "nudge.last"))}}
	if len(last) == 0 {
		parts = append(parts, Paragraph{Plain(a.say(c, "nudge.last.none"))})
	} else {
		var lines Bullets
		for _, d := range last {
			line := a.receiptLine(c, d)
			if week, err := d.Week(); err == nil && d.Args["now"] == "" {
				seen, err := a.seenSpans(c, b.ID, week)
				if err != nil {
					return Response{}, err
				}
				line = append(line, seen...)
			}
			lines = append(lines, line)
		}
		parts = append(parts, lines)
	}
	if buttons := a.nudgeRuleButtons(c, b, st.Rule()); len(buttons) > 0 {
		parts = append(parts, buttons)
	}
	return Response{Reply: &Reply{Text: title + " " + why, Parts: append(parts, a.asOf(c))}}, nil
}

// nudgeWhy says when the next nudge goes out, or what keeps it back.
func (a *App) nudgeWhy(c *call, b reporting.Body) (string, error) {
	s, err := a.standing(c, b.ID, c.day.Year)
	if err != nil {
		return "", err
	}
	w, err := a.store.Waiting(c.ctx, b.ID)
	if err != nil {
		return "", err
	}
	rule, err := a.ruleOf(c, b)
	if err != nil {
		return "", err
	}
	week, _ := rule.Current(c.now)
	key := reporting.NudgeKey(b.ID, week)
	planned, err := a.store.PlannedKeys(c.ctx, []string{key})
	if err != nil {
		return "", err
	}
	owes := s.Owes() > 0 || w.Some()
	_, reason := reporting.DecideNudge(b, rule, c.now, planned[key], owes)
	next, at := rule.NextOwed(c.now)
	args := []any{"why", a.deadWhy(c, b.UndeliverableWhy), "time", a.momentOf(c, rule, at), "week", a.week(c, next), "this", a.week(c, week), "command", a.slash("body"),
		"until", a.date(c, rule.PausedUntil)}
	switch {
	case b.Ended(c.day):
		reason = reporting.NudgeEnded
	case b.ChannelID == "":
		reason = reporting.NudgeNoChannel
	case b.UndeliverableSince != 0:
		reason = reporting.NudgeDead
	case !owes:
		reason = reporting.NudgeNoTask
	case rule.Paused(c.now):
		reason = reporting.NudgePaused
	}
	why := a.say(c, "nudge.why."+string(reason), args...)
	if comes[reason] {
		why += a.movedBy(c, rule, next)
	}
	return why, nil
}

// comes has the reasons after which the next week's nudge comes.
var comes = map[reporting.NudgeReason]bool{
	reporting.NudgeDue: true, reporting.NudgeDueLate: true, reporting.NudgePlanned: true, reporting.NudgeNewChannel: true,
	reporting.NudgePaused: true, reporting.NudgeNewRule: true,
}

// ruleOf returns when a body is nudged.
func (a *App) ruleOf(c *call, b reporting.Body) (reporting.NudgeRule, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return reporting.NudgeRule{}, err
	}
	return list.Rule(a.cfg.Nudge, b.ID), nil
}

// receiptLine says of a past nudge: for which week, what became of it, when
// and where.
func (a *App) receiptLine(c *call, d reporting.Delivery) []Span {
	title := d.Key
	if week, err := d.Week(); err == nil {
		title = a.week(c, week)
	}
	if d.Args["now"] == "1" {
		title += a.say(c, "nudge.by_hand")
	}
	line := []Span{Bold(title + a.say(c, "word.colon")), Plain(a.say(c, "delivery."+d.State))}
	if d.SentAt != 0 {
		line = append(line, Plain(a.say(c, "nudge.sent_at", "time", a.moment(c, time.UnixMilli(d.SentAt)))))
	}
	if d.Receipt.Channel != "" {
		line = append(line, Plain(" "), Span{Channel: d.Receipt.Channel})
	}
	if d.Receipt.TS != "" {
		line = append(line, Plain(a.say(c, "nudge.receipt")), Span{Text: d.Receipt.TS, Code: true})
	}
	switch {
	case d.State == "skipped":
		line = append(line, Plain(a.say(c, "nudge.reason", "why", a.known(c, "nudge.skip.", d.Receipt.Reason))))
	case d.Receipt.Reason != "":
		line = append(line, Plain(a.say(c, "nudge.reason", "why", a.deadWhy(c, d.Receipt.Reason))))
	}
	return line
}

// known returns the text of prefix+code, or the code where there is none.
func (a *App) known(c *call, prefix, code string) string {
	if s := a.say(c, prefix+code); s != prefix+code {
		return s
	}
	return code
}

// deadWhy says in words why a channel cannot be reached.
func (a *App) deadWhy(c *call, code string) string { return a.known(c, "dead.why.", code) }

// nudgePreview answers /nudge now [body] with exactly what would be posted.
func (a *App) nudgePreview(c *call) (Response, error) {
	b, err := a.nudgeBody(c, c.text, "now")
	if err != nil {
		return Response{}, err
	}
	if err := a.goesOn(c, b); err != nil {
		return Response{}, err
	}
	if b.ChannelID == "" {
		return Response{}, reporting.Fail(reporting.Conflict, "err.nudge.no_channel", "body", b.Label(c.locale), "command", a.slash("body"))
	}
	rule, err := a.ruleOf(c, b)
	if err != nil {
		return Response{}, err
	}
	out, err := a.Compose(c.ctx, a.nudgeByHand(c, b, rule, ""))
	if err != nil {
		return Response{}, err
	}
	if out.Reply == nil {
		return Response{}, reporting.Fail(reporting.Conflict, "err.nudge.nothing", "body", b.Label(c.locale))
	}
	intro := a.say(c, "nudge.preview", "body", b.Label(c.locale))
	// The preview names itself in its button, so that however often it is
	// pressed one message follows.
	send := Button{Action: "nudge.now", Value: b.ID + "/" + cmp.Or(c.once, rand.Text()), Label: a.say(c, "button.nudge"), Style: "primary"}
	parts := []Part{Paragraph{Plain(intro), Plain(" "), Span{Channel: b.ChannelID}}, Rule{}}
	parts = append(parts, out.Reply.Parts...)
	parts = append(parts, Rule{}, Buttons{a.asking(c, send, "nudge", "body", b.Label(c.locale))})
	return Response{Reply: &Reply{Text: intro, Parts: parts}}, nil
}

// nudgeByHand is the nudge that somebody asked for now; key "" is for a preview.
func (a *App) nudgeByHand(c *call, b reporting.Body, rule reporting.NudgeRule, key string) reporting.Message {
	week, _ := rule.Current(c.now)
	return reporting.Message{
		Key: key, Kind: reporting.NudgeMessage, BodyID: b.ID, DueAt: c.now.UnixMilli(),
		Args: map[string]string{"week": week.String(), "now": "1", "by": c.actor.UserID},
	}
}

// nudgeNow answers the confirmed button of the preview: one nudge beside the
// week's own.
func (a *App) nudgeNow(c *call) (Response, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	id, preview, _ := strings.Cut(c.value, "/")
	b, ok := list.Find(id)
	if !ok || preview == "" {
		return Response{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	if err := reporting.CanNudge(c.actor, b.ID); err != nil {
		return Response{}, err
	}
	if err := a.goesOn(c, b); err != nil {
		return Response{}, err
	}
	if b.ChannelID == "" {
		return Response{}, reporting.Fail(reporting.Conflict, "err.nudge.no_channel", "body", b.Label(c.locale), "command", a.slash("body"))
	}
	repeated, err := a.planNudge(c, b, list.Rule(a.cfg.Nudge, b.ID), preview)
	if err != nil {
		return Response{}, err
	}
	if !repeated {
		a.wake()
	}
	text := a.say(c, "nudge.on_its_way", "body", b.Label(c.locale), "command", a.slash("nudge"))
	return Response{Replace: true, Reply: &Reply{Text: text, Parts: []Part{Paragraph{Plain(text), Plain(" "), Span{Channel: b.ChannelID}}}}}, nil
}

// planNudge owes the nudge of a preview; repeated says that it was owed before.
func (a *App) planNudge(c *call, b reporting.Body, rule reporting.NudgeRule, preview string) (repeated bool, err error) {
	m := a.nudgeByHand(c, b, rule, "nudge-now/"+b.ID+"/"+preview)
	e := reporting.Event{
		At: c.now.UnixMilli(), Actor: c.actor.UserID, Action: "nudge.now", Kind: "nudge", Subject: b.ID,
		After: map[string]string{"key": m.Key, "channel": b.ChannelID},
	}
	planned, err := a.store.PlanMessages(c.ctx, []reporting.Message{m}, []reporting.Event{e})
	return len(planned) == 0, err
}

// week says which week it is and from when to when: 第10周（3月5日—3月11日）.
func (a *App) week(c *call, w reporting.Week) string {
	first := w.Monday()
	return a.say(c, "word.week", "n", w.Week, "from", a.monthDay(c, first), "to", a.monthDay(c, first.AddDays(6)))
}

func (a *App) monthDay(c *call, d reporting.Date) string {
	return a.say(c, "word.month_day", "month", a.say(c, "month."+strconv.Itoa(int(d.Month))), "day", d.Day)
}
