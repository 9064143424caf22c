package commands

import (
	"fmt"
	"slices"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// nudged is all that a body's nudge says.
type nudged struct {
	body     reporting.Body
	week     reporting.Week
	open     *reporting.NudgeWeek // nil of a nudge by hand, which nothing is done with
	before   []reporting.NudgeWeek
	silent   []reporting.Week // since before that had no nudge
	seen     []reporting.Seen
	standing reporting.Standing
	waiting  reporting.Waiting

	confirm, stuck, stale []Part
}

// composeNudge writes a body's weekly nudge, to the channel it has now.
func (a *App) composeNudge(c *call, m reporting.Message) (Outgoing, error) {
	byHand := m.Args["now"] == "1"
	n, skip, err := a.nudgeFor(c, m)
	if err != nil || skip != "" {
		return Outgoing{Skip: skip}, err
	}
	list, err := a.store.Bodies(c.ctx)
	switch {
	case err != nil:
		return Outgoing{}, err
	case !byHand && !reporting.StillOwed(n.week, list.Rule(a.cfg.Nudge, m.BodyID), c.now):
		return Outgoing{Skip: "week_over"}, nil
	case !byHand && list.Rule(a.cfg.Nudge, m.BodyID).Paused(c.now):
		return Outgoing{Skip: "paused"}, nil
	case n.body.ChannelID == "":
		return Outgoing{Skip: "no_channel"}, nil
	}
	if err := a.readNudge(c, &n, c.day.Year); err != nil {
		return Outgoing{}, err
	}
	if !byHand && n.standing.Owes() == 0 && !n.waiting.Some() {
		return Outgoing{Skip: "no_task"}, nil
	}
	if byHand {
		return Outgoing{Channel: n.body.ChannelID, Reply: a.nudgeReply(c, n)}, nil
	}
	if n.before, err = a.weeksBefore(c, n.body.ID, n.week); err != nil {
		return Outgoing{}, err
	}
	if n.silent, err = a.silentBefore(c, n); err != nil {
		return Outgoing{}, err
	}
	opened := reporting.OpenWeek(n.week, n.standing, a.thresholds(), n.before, c.now.UnixMilli())
	n.open = &opened
	return Outgoing{Channel: n.body.ChannelID, Reply: a.nudgeReply(c, n), Week: n.open}, nil
}

// composeEdit writes the nudge of a body's week anew, with the figures of now:
// while no other has come.
func (a *App) composeEdit(c *call, m reporting.Message) (Outgoing, error) {
	n, skip, err := a.nudgeFor(c, m)
	if err != nil || skip != "" {
		return Outgoing{Skip: skip}, err
	}
	if skip, err = a.newestWeek(c, &n); err != nil || skip != "" {
		return Outgoing{Skip: skip}, err
	}
	if err := a.readNudge(c, &n, n.open.Year); err != nil {
		return Outgoing{}, err
	}
	if n.silent, err = a.silentBefore(c, n); err != nil {
		return Outgoing{}, err
	}
	if n.seen, err = a.store.SeenOf(c.ctx, n.body.ID, n.week); err != nil {
		return Outgoing{}, fmt.Errorf("read who saw: %w", err)
	}
	return Outgoing{Reply: a.nudgeReply(c, n)}, nil
}

// nudgeFor finds the body and the week of a message, or says why it is not owed.
func (a *App) nudgeFor(c *call, m reporting.Message) (n nudged, skip string, err error) {
	if n.week, err = m.Week(); err != nil {
		return n, "", fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return n, "", err
	}
	var ok bool
	switch n.body, ok = list.Find(m.BodyID); {
	case !ok:
		skip = "no_body"
	case n.body.Ended(c.day):
		skip = "ended"
	}
	return n, skip, nil
}

// newestWeek reads the week of n as it is kept; it is over once another has
// been opened.
func (a *App) newestWeek(c *call, n *nudged) (skip string, err error) {
	weeks, err := a.store.WeeksOf(c.ctx, n.body.ID, rowWeeks)
	if err != nil {
		return "", fmt.Errorf("read weeks: %w", err)
	}
	if len(weeks) == 0 || weeks[0].Week != n.week {
		return "week_over", nil
	}
	n.open, n.before = &weeks[0], weeks[1:]
	return "", nil
}

// readNudge reads the figures of now, in a plan year.
func (a *App) readNudge(c *call, n *nudged, year int) (err error) {
	if n.standing, err = a.standing(c, n.body.ID, year); err != nil {
		return err
	}
	if n.waiting, err = a.store.Waiting(c.ctx, n.body.ID); err != nil {
		return err
	}
	if n.confirm, err = a.confirmParts(c, n.body.ID); err != nil {
		return err
	}
	if n.stuck, err = a.nudgeStuck(c, n.body.ID); err != nil {
		return err
	}
	n.stale, err = a.nudgeStale(c, n.body.ID)
	return err
}

// met reports whether the week has what it asked for.
func (n nudged) met() bool { return n.open != nil && n.open.MetAt != 0 }

func (a *App) nudgeReply(c *call, n nudged) *Reply {
	label, s := n.body.Label(c.locale), n.standing
	text := a.headline(c, label, s)
	title := a.say(c, "nudge.heading", "body", label, "week", a.week(c, n.week))
	parts := []Part{Heading(title), Paragraph{Bold(text)}}
	if n.met() {
		done := a.metLine(c, n)
		parts = []Part{Paragraph{{Text: title, Bold: true, Strike: true}}, Paragraph{Bold(done)}, Paragraph{Plain(text)}}
		text = done + " " + text
	}
	parts = append(parts, a.needParts(c, n)...)
	if s.Owes() > 0 {
		parts = append(parts, append(Facts{
			a.fact(c, "pending", a.projects(c, s.Tally.Pending)),
		}, append(a.progressFacts(c, s), a.fact(c, "forecast", a.forecast(c, s)))...))
	}
	parts = slices.Concat(parts, n.confirm, a.waitingParts(c, n.body.ID, n.waiting), n.stuck, n.stale, a.saidParts(c, n))
	register := a.button(c, "project.register", n.body.ID, "register")
	if !n.met() && (s.Owes() == 0 || s.Remaining() > 0) {
		register.Style = "primary"
	}
	parts = append(parts, a.countingBy(c, s.Year, a.rules()), Buttons{register, a.listButton(c, n.body.ID, s.Year)})
	if b := a.weekButtons(c, n); len(b) > 0 {
		parts = append(parts, b)
	}
	return &Reply{InChannel: true, Text: text, Parts: parts}
}

// needParts say what the week asks for, how much of it is there, and how many
// weeks before it were missed.
func (a *App) needParts(c *call, n nudged) (parts []Part) {
	s := n.standing
	switch {
	case s.Owes() > 0 && s.Remaining() == 0 && !n.waiting.Some():
		parts = append(parts, Paragraph{Plain(a.say(c, "nudge.well_done"))})
	case s.Owes() > 0 && s.Remaining() == 0:
		parts = append(parts, Paragraph{Plain(a.say(c, "nudge.well_done.but"))})
	case s.Owes() > 0:
		need := s.PerWeek()
		if n.open != nil {
			need = n.open.Need
		}
		line := a.say(c, "nudge.need", "remaining", count(s.Remaining()), "n", count(need), "weeks", decimal(s.WeeksLeft()))
		parts = append(parts, Paragraph{{Text: line, Strike: n.met()}})
	}
	if n.open == nil || n.met() {
		return parts
	}
	if filed := n.open.Filed(s); filed > 0 && n.open.Need > 0 {
		parts = append(parts, Paragraph{Plain(a.say(c, "living.filed", "n", count(filed), "left", count(max(0, n.open.Need-filed))))})
	}
	if missed, explained := reporting.MissedInRow(n.before); missed > 0 {
		key := "living.missed"
		if explained > 0 {
			key = "living.missed_why"
		}
		parts = append(parts, Paragraph{Bold(a.say(c, key, "n", count(missed), "explained", count(explained)))})
	}
	return append(parts, a.silentPart(c, n.silent)...)
}

// metLine says since when the week is met, and by how many projects.
func (a *App) metLine(c *call, n nudged) string {
	day := a.date(c, reporting.DateOf(time.UnixMilli(n.open.MetAt).In(a.cfg.Location)))
	if filed := n.open.Filed(n.standing); filed >= n.open.Need {
		return a.say(c, "living.met", "day", day, "n", count(filed))
	}
	return a.say(c, "living.met_quota", "day", day)
}

// mostSeen is how many of those who acknowledged a nudge are named.
const mostSeen = 10

// saidParts tell what people said to the nudge: who saw it, who put it off, and
// why nothing comes of it.
func (a *App) saidParts(c *call, n nudged) (parts []Part) {
	if n.open == nil {
		return nil
	}
	if w := n.open; w.NothingWhy != "" {
		parts = append(parts, Paragraph{Plain(a.say(c, "living.nothing") + a.say(c, "word.colon") + w.NothingWhy + " "), who(w.NothingBy)})
	} else if !w.SnoozedTo.IsZero() && w.MetAt == 0 {
		parts = append(parts, Paragraph{
			Plain(a.say(c, "living.snoozed", "day", a.date(c, w.SnoozedTo)) + a.say(c, "word.colon") + w.SnoozedWhy + " "), who(w.SnoozedBy),
		})
	}
	if len(n.seen) == 0 {
		return parts
	}
	line := Paragraph{Plain(a.say(c, "living.seen"))}
	for _, s := range n.seen[:min(len(n.seen), mostSeen)] {
		line = append(line, Plain(" "), who(s.UserID))
	}
	if rest := len(n.seen) - mostSeen; rest > 0 {
		line = append(line, Plain(a.say(c, "living.seen_more", "n", count(rest))))
	}
	return append(parts, line)
}

// weekButtons are what can be done with the nudge of a week; none once it is
// met. Their values name the body and the week.
func (a *App) weekButtons(c *call, n nudged) (b Buttons) {
	if n.open == nil || n.met() {
		return nil
	}
	v := weekValue(n.body.ID, n.week)
	b = append(b, a.button(c, "nudge.seen", v, "seen"))
	if n.open.NothingWhy == "" && (n.open.Need > 0 || n.waiting.Some()) {
		b = append(b, a.button(c, "nudge.snooze", v+"|1", "snooze_1"), a.button(c, "nudge.snooze", v+"|3", "snooze_3"))
	}
	if n.open.Need > 0 {
		b = append(b, a.button(c, "nudge.nothing", v, "nothing"))
	}
	return b
}

func weekValue(body string, w reporting.Week) string { return body + "|" + w.String() }

// nudgeStale names the projects of a body of which nothing was heard for long.
func (a *App) nudgeStale(c *call, body string) ([]Part, error) {
	q := listQuery{Body: body, Stale: staleDays, Page: 1}
	f := a.filter(c, q)
	f.Limit = maxWaiting
	page, err := a.store.ListProjects(c.ctx, f)
	if err != nil || page.Total == 0 {
		return nil, err
	}
	var lines Bullets
	for _, p := range page.Projects {
		lines = append(lines, append(projectLine(p), Plain(" · "+a.say(c, "living.stale_line", "age", a.ageOf(c, p.UpdatedAt)))))
	}
	head := a.say(c, "living.stale", "n", count(page.Total), "days", staleDays)
	return []Part{Paragraph{Bold(head)}, a.more(c, lines, page.Total), Buttons{a.button(c, "quota.list", q.String(), "stale")}}, nil
}
