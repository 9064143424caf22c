package commands

import (
	"fmt"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// mostNotes is how many lines of a nudge's history one answer has.
const mostNotes = 20

// logKept is how long the history of a minute waits for a channel that is out of
// reach: after it, it is no news.
const logKept = 24 * time.Hour

// composeLog writes, for the thread of a nudge, what led to an edit of it.
func (a *App) composeLog(c *call, m reporting.Message) (Outgoing, error) {
	n, skip, err := a.nudgeFor(c, m)
	if err != nil || skip != "" {
		return Outgoing{Skip: skip}, err
	}
	if c.now.Sub(time.UnixMilli(m.DueAt)) > logKept {
		return Outgoing{Skip: "too_late"}, nil
	}
	notes, err := a.store.NudgeNotes(c.ctx, m.BodyID, n.week, m.Args["minute"])
	if err != nil {
		return Outgoing{}, fmt.Errorf("read history: %w", err)
	}
	if len(notes) == 0 {
		return Outgoing{Skip: "nothing"}, nil
	}
	var lines Bullets
	for _, note := range notes[:min(len(notes), mostNotes)] {
		lines = append(lines, a.noteLine(c, note))
	}
	text := a.say(c, "living.log", "body", n.body.Label(c.locale), "n", count(len(notes)))
	return Outgoing{Reply: &Reply{InChannel: true, Text: text, Parts: []Part{a.more(c, lines, len(notes))}}}, nil
}

// noteLine is one line of the history: when, who, what, why.
func (a *App) noteLine(c *call, n reporting.NudgeNote) []Span {
	at := time.UnixMilli(n.At).In(a.cfg.Location)
	line := []Span{Plain(a.monthDay(c, reporting.DateOf(at)) + " " + at.Format("15:04") + " "), a.noteActor(c, n.Actor), Plain(" ")}
	line = append(line, Plain(a.say(c, "living.note."+n.Action, "day", a.date(c, n.Until), "n", count(n.N))))
	if n.Subject != "" {
		line = append(line, Plain(" "), Span{Text: n.Subject, Code: true}, Plain(" "+n.Name))
	}
	if n.Why != "" {
		line = append(line, Plain(a.say(c, "word.colon")+oneLine(n.Why)))
	}
	return line
}

// noteActor mentions who did something; what Mouhua does by itself has its name.
func (a *App) noteActor(c *call, id string) Span {
	if id == reporting.System.UserID {
		return Plain(a.say(c, "living.mouhua"))
	}
	return who(id)
}

// composeAgain says a nudge again that was put off, in its thread and the
// channel: on the day to which it was put off last, unless the week is met.
func (a *App) composeAgain(c *call, m reporting.Message) (Outgoing, error) {
	n, skip, err := a.nudgeFor(c, m)
	if err != nil || skip != "" {
		return Outgoing{Skip: skip}, err
	}
	if skip, err = a.newestWeek(c, &n); err != nil || skip != "" {
		return Outgoing{Skip: skip}, err
	}
	day, err := reporting.ParseDate(m.Args["day"])
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	rule, err := a.ruleOf(c, n.body)
	switch {
	case err != nil:
		return Outgoing{}, err
	case !n.open.StillSnoozed(day):
		return Outgoing{Skip: "overtaken"}, nil
	case rule.Paused(c.now):
		return Outgoing{Skip: "paused"}, nil
	}
	s, err := a.standing(c, n.body.ID, n.open.Year)
	if err != nil {
		return Outgoing{}, err
	}
	text := a.say(c, "living.again", "body", n.body.Label(c.locale), "week", a.week(c, n.week))
	if n.open.Need > 0 {
		text = a.say(c, "living.again_need", "body", n.body.Label(c.locale), "week", a.week(c, n.week), "n", count(n.open.Need-max(0, n.open.Filed(s))))
	}
	register := a.button(c, "project.register", n.body.ID, "register")
	register.Style = "primary"
	return Outgoing{Broadcast: true, Reply: &Reply{InChannel: true, Text: text, Parts: []Part{
		Paragraph{Bold(text)},
		Paragraph{Plain(a.say(c, "living.again_by")), who(n.open.SnoozedBy), Plain(a.say(c, "word.colon") + n.open.SnoozedWhy)},
		append(Buttons{register}, a.weekButtons(c, n)...), a.asOf(c),
	}}}, nil
}
