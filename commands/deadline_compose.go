package commands

import (
	"fmt"
	"strconv"

	"github.com/mouhua/mouhua/reporting"
)

// composeDeadline tells a body's channel what it still owes for a deadline, by
// when, and how many working days that leaves. It is not told once nothing is
// owed, or a later step has come.
func (a *App) composeDeadline(c *call, list *reporting.BodyList, m reporting.Message) (Outgoing, error) {
	set, err := reporting.ParseDate(m.Args["set"])
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	d, ok := a.cfg.Deadlines.Find(reporting.DeadlineKind(m.Args["deadline"]), set, list.Calendar)
	if !ok {
		return Outgoing{Skip: "no_deadline"}, nil
	}
	b, found := list.Find(m.BodyID)
	switch {
	case !found:
		return Outgoing{Skip: "no_body"}, nil
	case b.Ended(c.day):
		return Outgoing{Skip: "ended"}, nil
	case b.ChannelID == "":
		return Outgoing{Skip: "no_channel"}, nil
	case d.On.Before(c.day):
		return Outgoing{Skip: "deadline_over"}, nil
	}
	for _, due := range a.cfg.Deadlines.Due(list.Rule(a.cfg.Nudge, b.ID), c.now) {
		if due.Deadline == d && strconv.Itoa(due.Ahead) != m.Args["ahead"] {
			return Outgoing{Skip: "later_step"}, nil
		}
	}
	n, s, err := a.owedBy(c, d, b.ID)
	if err != nil {
		return Outgoing{}, err
	}
	if n == 0 {
		return Outgoing{Skip: "nothing_owed"}, nil
	}
	return Outgoing{Channel: b.ChannelID, Locale: c.locale, Reply: a.deadlineReply(c, list, b, d, n, s)}, nil
}

// owedBy returns how much a body owes for a deadline now, and where that follows
// from it its standing.
func (a *App) owedBy(c *call, d reporting.Deadline, body string) (int, reporting.Standing, error) {
	if d.ByStanding() {
		s, err := a.standing(c, body, d.Year)
		return d.Owes(s), s, err
	}
	counts, err := a.store.DeadlineCounts(c.ctx, d, body, c.day, d.Since().In(a.cfg.Location).UnixMilli())
	return counts[body], reporting.Standing{}, err
}

func (a *App) deadlineReply(c *call, list *reporting.BodyList, b reporting.Body, d reporting.Deadline, n int, s reporting.Standing) *Reply {
	kind := string(d.Kind)
	if d.Kind == reporting.ByGrace && c.day.Year == d.Year {
		kind += ".before"
	}
	label := b.Label(c.locale)
	args := []any{
		"body", label, "n", count(n), "year", d.Year, "month", a.say(c, "month."+strconv.Itoa(int(d.Set.Month))),
		"quota", count(s.Owes()), "credited", count(s.Tally.Credited), "expected", count(s.Tally.Credited + n),
	}
	by := a.say(c, "deadline.by", "day", a.date(c, d.On), "weekday", a.say(c, "deadline.weekday."+strconv.Itoa(int(d.On.In(a.cfg.Location).Weekday()))))
	left := a.say(c, "deadline.today")
	if days := d.Left(list.Calendar, c.day); days > 0 {
		left = a.say(c, "deadline.left", "n", days)
	} else if c.day.Before(d.On) {
		left = a.say(c, "deadline.left_none")
	}
	title := a.say(c, "deadline.title", "body", label, "what", a.say(c, "deadline.name."+string(d.Kind), args...))
	owed := a.say(c, "deadline.owed."+kind, args...)
	parts := []Part{
		Heading(title), Paragraph{Bold(owed)},
		Facts{{Label: a.say(c, "deadline.when"), Value: []Span{Bold(by), Plain(a.say(c, "deadline.comma") + left)}}},
		Paragraph{Plain(a.say(c, "deadline.how."+kind, args...))},
	}
	if d.On != d.Set {
		parts = append(parts, Note{Plain(a.say(c, "deadline.moved", "day", a.date(c, d.Set)))})
	}
	text := a.say(c, "deadline.text", "owed", owed, "by", by, "left", left)
	return &Reply{InChannel: true, Text: text, Parts: append(parts, a.deadlineButtons(c, b.ID, d), a.asOf(c))}
}

// deadlineButtons lead to where what is owed is done.
func (a *App) deadlineButtons(c *call, body string, d reporting.Deadline) Buttons {
	q := listQuery{Body: body, Page: 1}
	switch d.Kind {
	case reporting.ByProgress:
		q.Stale = max(1, reporting.DaysBetween(d.Since(), c.day))
		return Buttons{a.button(c, "quota.list", q.String(), "stale_list")}
	case reporting.ByReconfirm:
		return Buttons{a.button(c, "year.list", body, "reconfirm_list")}
	case reporting.ByGrace:
		q.Status = reporting.Submitted
		return Buttons{a.button(c, "quota.list", q.String(), "submitted_list")}
	}
	register := a.button(c, "project.register", body, "register")
	register.Style = "primary"
	return Buttons{register, a.listButton(c, body, d.Year)}
}
