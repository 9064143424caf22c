package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const (
	fewBodies = 40 // all of them are named
	mostNamed = 20 // of more bodies so many of each kind
)

// deliveryReport is a week's report while it is written.
type deliveryReport struct {
	*call
	fates []reporting.Fated
	seen  map[string][]reporting.Seen
	weeks map[string]reporting.NudgeWeek
	waits reporting.RateWaits
	named int // how many bodies a line names at most
}

// composeDeliveryReport tells the office what became of the week's nudges, as
// it is now: who got it, who did not and why, and who says that they saw it.
func (a *App) composeDeliveryReport(c *call, list *reporting.BodyList, m reporting.Message) (Outgoing, error) {
	week, err := m.Week()
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	switch {
	case a.cfg.OfficeChannel == "":
		return Outgoing{Skip: "no_office_channel"}, nil
	case !reporting.StillOwed(week, a.cityRule(list), c.now):
		return Outgoing{Skip: "week_over"}, nil
	}
	r, err := a.readDeliveries(c, list, week)
	if err != nil {
		return Outgoing{}, err
	}
	sent, failed, waits := reporting.Of(r.fates, reporting.NudgeSent), reporting.Of(r.fates, reporting.NudgeFailed), reporting.Of(r.fates, reporting.NudgeWaits)
	owed := len(sent) + len(failed) + len(waits)
	text := a.say(c, "delivered.line", "sent", count(len(sent)), "owed", count(owed))
	for _, more := range []struct {
		key string
		n   int
	}{{"delivered.line.failed", len(failed)}, {"delivered.line.waits", len(waits)}} {
		if more.n > 0 {
			text += a.say(c, more.key, "n", count(more.n))
		}
	}
	text = strings.TrimSpace(text + a.say(c, "word.stop"))
	parts := []Part{Heading(a.say(c, "delivered.title", "week", a.week(c, week))), Paragraph{Bold(text)}}
	parts = append(parts, a.failedParts(r, failed)...)
	if lines := a.deliveryLines(r, sent, waits); len(lines) > 0 {
		parts = append(parts, lines)
	}
	parts = append(parts, a.seenParts(r, sent)...)
	return Outgoing{Channel: a.cfg.OfficeChannel, Reply: &Reply{InChannel: true, Text: text, Parts: append(parts, Note{Plain(a.say(c, "delivered.live"))}, a.asOf(c))}}, nil
}

func (a *App) readDeliveries(c *call, list *reporting.BodyList, week reporting.Week) (deliveryReport, error) {
	r := deliveryReport{call: c, seen: map[string][]reporting.Seen{}, weeks: map[string]reporting.NudgeWeek{}, named: fewBodies}
	var keys []string
	for _, b := range list.All {
		keys = append(keys, reporting.NudgeKey(b.ID, week))
	}
	rows, err := a.store.Deliveries(c.ctx, keys)
	if err != nil {
		return r, fmt.Errorf("read what became of nudges: %w", err)
	}
	r.fates = reporting.Fates(list, a.cfg.Nudge, week, rows, c.now)
	if len(r.fates) > fewBodies {
		r.named = mostNamed
	}
	seen, err := a.store.SeenIn(c.ctx, week)
	if err != nil {
		return r, fmt.Errorf("read who saw: %w", err)
	}
	for _, s := range seen {
		r.seen[s.BodyID] = append(r.seen[s.BodyID], s)
	}
	if r.waits, err = a.store.RateWaits(c.ctx, a.cityRule(list).At(week).UnixMilli(), c.now.UnixMilli()); err != nil {
		return r, fmt.Errorf("read how often Slack asked to wait: %w", err)
	}
	weeks, err := a.store.NudgeWeeks(c.ctx, week)
	for _, w := range weeks {
		if w.Week == week {
			r.weeks[w.BodyID] = w
		}
	}
	return r, err
}

// failedParts name whom the nudge did not reach, why, and what repairs it.
func (a *App) failedParts(r deliveryReport, failed []reporting.Fated) []Part {
	if len(failed) == 0 {
		return nil
	}
	var lines Bullets
	for _, f := range failed[:min(len(failed), mostNamed)] {
		hint := a.say(r.call, "dead.repair."+repairOf(f.Reason))
		if f.Class == reporting.OurBug {
			hint = a.say(r.call, "delivered.bug")
		}
		lines = append(lines, []Span{Bold(f.Body.Label(r.locale)), Plain(a.say(r.call, "word.colon") + a.deadWhy(r.call, f.Reason) + a.say(r.call, "delivered.hint", "hint", hint))})
	}
	return []Part{Paragraph{Bold(a.say(r.call, "delivered.failed", "n", count(len(failed))))}, a.more(r.call, lines, len(failed))}
}

// deliveryLines are what else became of nudges, a line for each kind of it.
func (a *App) deliveryLines(r deliveryReport, sent, waits []reporting.Fated) Bullets {
	var lines Bullets
	add := func(title string, bodies []reporting.Fated, how func(f reporting.Fated) string) {
		if len(bodies) > 0 {
			lines = append(lines, []Span{Bold(title + a.say(r.call, "word.colon")), Plain(a.bodiesLine(r, bodies, how))})
		}
	}
	plainly := func(reporting.Fated) string { return "" }
	add(a.say(r.call, "delivered.waits", "n", count(len(waits))), waits, func(f reporting.Fated) string {
		switch {
		case f.Class == reporting.RateLimited:
			return a.say(r.call, "delivered.rate")
		case f.Reason == "":
			return a.say(r.call, "delivered.untried")
		}
		return f.Reason
	})
	late := only(sent, func(f reporting.Fated) bool { return f.Late > 0 })
	add(a.say(r.call, "delivered.late", "n", count(len(late))), late, func(f reporting.Fated) string { return a.lateness(r.call, f.Late) })
	found := only(sent, func(f reporting.Fated) bool { return f.Found })
	add(a.say(r.call, "delivered.found", "n", count(len(found))), found, plainly)
	again := only(sent, func(f reporting.Fated) bool { return f.Tries > 1 && !f.Found })
	add(a.say(r.call, "delivered.again", "n", count(len(again))), again, func(f reporting.Fated) string { return a.say(r.call, "delivered.tries", "n", f.Tries) })
	later := reporting.Of(r.fates, reporting.NudgeLater)
	add(a.say(r.call, "delivered.later", "n", count(len(later))), later, func(f reporting.Fated) string { return a.moment(r.call, f.Due) })
	skipped := map[string][]reporting.Fated{}
	for _, f := range reporting.Of(r.fates, reporting.NudgeSkipped) {
		skipped[f.Reason] = append(skipped[f.Reason], f)
	}
	for _, reason := range sortedKeys(skipped) {
		add(a.say(r.call, "delivered.skipped", "n", count(len(skipped[reason])), "why", a.skipWhy(r.call, reason)), skipped[reason], plainly)
	}
	if n := r.waits.Times; n > 0 {
		lines = append(lines, []Span{Plain(a.say(r.call, "delivered.pauses", "n", count(n), "time", r.waits.Total.Round(time.Second).String()))})
	}
	return lines
}

// seenParts say who acknowledged the nudge, and who says that nothing will come.
func (a *App) seenParts(r deliveryReport, sent []reporting.Fated) []Part {
	seen := only(sent, func(f reporting.Fated) bool { return len(r.seen[f.Body.ID]) > 0 })
	nothing := only(sent, func(f reporting.Fated) bool { return r.weeks[f.Body.ID].NothingWhy != "" })
	parts := []Part{Paragraph{Bold(a.say(r.call, "delivered.seen", "n", count(len(seen)), "sent", count(len(sent))))}}
	var lines Bullets
	if len(seen) > 0 {
		lines = append(lines, []Span{Plain(a.bodiesLine(r, seen, func(f reporting.Fated) string {
			first := r.seen[f.Body.ID][0]
			return a.say(r.call, "delivered.seen.by", "name", a.personName(r.ctx, first.UserID), "time", a.clock(r.call, first.At))
		}))})
	}
	for _, f := range nothing[:min(len(nothing), mostNamed)] {
		w := r.weeks[f.Body.ID]
		lines = append(lines, []Span{Bold(f.Body.Label(r.locale)), Plain(a.say(r.call, "delivered.nothing", "why", clip(oneLine(w.NothingWhy)), "name", a.personName(r.ctx, w.NothingBy)))})
	}
	if len(nothing) > mostNamed {
		lines = append(lines, []Span{Plain(a.say(r.call, "nudge.more", "n", count(len(nothing)-mostNamed)))})
	}
	if len(lines) > 0 {
		parts = append(parts, lines)
	}
	return parts
}

// bodiesLine lists bodies on one line, each with what how says of it, as many as the
// report names.
func (a *App) bodiesLine(r deliveryReport, bodies []reporting.Fated, how func(f reporting.Fated) string) string {
	var names []string
	for _, f := range bodies[:min(len(bodies), r.named)] {
		name := f.Body.Label(r.locale)
		if more := how(f); more != "" {
			name += a.say(r.call, "delivered.bracket", "text", more)
		}
		names = append(names, name)
	}
	text := strings.Join(names, a.say(r.call, "word.list_separator"))
	if left := len(bodies) - len(names); left > 0 {
		text += a.say(r.call, "delivered.more", "n", count(left))
	}
	return text
}

// skipWhy says why a nudge was not owed.
func (a *App) skipWhy(c *call, reason string) string {
	if s := a.known(c, "delivered.skip.", reason); s != reason {
		return s
	}
	return a.known(c, "nudge.skip.", reason)
}

// lateness says how much too late something was.
func (a *App) lateness(c *call, d time.Duration) string {
	if d < time.Hour {
		return a.say(c, "delivered.minutes", "n", int(d.Minutes()))
	}
	return a.say(c, "delivered.hours", "n", int(d.Hours()))
}

// clock returns the day and time of a moment (UTC ms), short.
func (a *App) clock(c *call, ms int64) string {
	t := time.UnixMilli(ms).In(a.cfg.Location)
	return a.say(c, "word.moment", "day", a.monthDay(c, reporting.DateOf(t)), "clock", t.Format("15:04"))
}

func only(all []reporting.Fated, keep func(f reporting.Fated) bool) []reporting.Fated {
	return slices.DeleteFunc(slices.Clone(all), func(f reporting.Fated) bool { return !keep(f) })
}
