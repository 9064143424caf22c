package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// PastDays reads figures of days that are over.
type PastDays interface {
	// StandingsOn returns how City, first and without a target, and the bodies stood at the end of a day of a year.
	StandingsOn(ctx context.Context, year int, on reporting.Date) ([]reporting.Standing, error)
	// Paths returns what a body, or reporting.City, is credited with by sub-path: at the end of a day, or for the zero day as the year stands.
	Paths(ctx context.Context, body string, year int, on reporting.Date) ([]reporting.PathTally, error)
	// CameIn returns what some days brought, of what counted at the end of the last, by body, City first.
	CameIn(ctx context.Context, year int, d reporting.Days) ([]reporting.CameIn, error)
}

// askedWhen takes the time off what was typed: from then on c is about it. It
// returns the rest. Errors: as reporting.ParseWhen.
func askedWhen(c *call) (text string, year int, err error) {
	rest, w, err := reporting.ParseWhen(c.words, c.day)
	if err != nil {
		return "", 0, err
	}
	c.when = w.Settled(c.day)
	return strings.Join(rest, " "), w.Year, nil
}

// about returns c for a time.
func (c *call) about(w reporting.When) *call {
	other := *c
	other.when, other.then = w.Settled(c.day), nil
	return &other
}

// past reports whether c is about the end of a day of a year that is over.
func (c *call) past(year int) bool { return c.when.Year == year && !c.when.Day.IsZero() }

// stoodOn returns how City, first and with the plan's target, and the bodies stood at
// the end of the day that c is about.
func (a *App) stoodOn(c *call) ([]reporting.Standing, error) {
	if c.then != nil {
		return c.then, nil
	}
	all, err := a.store.StandingsOn(c.ctx, c.when.Year, c.when.Day)
	if err != nil {
		return nil, fmt.Errorf("read figures of %s: %w", c.when.Day, err)
	}
	owed := slices.ContainsFunc(all, func(s reporting.Standing) bool { return s.Owes() > 0 })
	for i := range all {
		all[i].Curve = a.cfg.Curve
		if all[i].BodyID == reporting.City && owed {
			all[i].Quota, all[i].HasQuota = reporting.Quota{Year: c.when.Year, Count: a.target()}, true
		}
	}
	if err := a.pooled(c, c.when.Year, all); err != nil {
		return nil, err
	}
	c.then = all
	return all, nil
}

// pastStanding is standing for a day that is over.
func (a *App) pastStanding(c *call, body string) (reporting.Standing, error) {
	all, err := a.stoodOn(c)
	for _, s := range all {
		if s.BodyID == body {
			return s, err
		}
	}
	return reporting.Standing{BodyID: body, Year: c.when.Year, AsOf: c.when.Day, Curve: a.cfg.Curve}, err
}

// pastStandings is standings for a day that is over.
func (a *App) pastStandings(c *call) ([]reporting.Standing, error) {
	all, err := a.stoodOn(c)
	return slices.DeleteFunc(slices.Clone(all), func(s reporting.Standing) bool { return s.BodyID == reporting.City }), err
}

// cameIn returns what some days brought, by body; reporting.City is the city.
func (a *App) cameIn(c *call, d reporting.Days) (map[string]reporting.CameIn, error) {
	all, err := a.store.CameIn(c.ctx, d.To.Year, d)
	if err != nil {
		return nil, fmt.Errorf("read what came in: %w", err)
	}
	of := map[string]reporting.CameIn{}
	for _, in := range all {
		of[in.BodyID] = in
	}
	return of, nil
}

// periodParts say what the days that c is about brought a body, or the city.
func (a *App) periodParts(c *call, body string, end reporting.Standing) ([]Part, error) {
	if !c.when.Period() {
		return nil, nil
	}
	d := c.when.Days
	of, err := a.cameIn(c, d)
	if err != nil {
		return nil, err
	}
	start, err := a.before(c, body, d.From)
	if err != nil {
		return nil, err
	}
	in, net := of[body], end.Tally.Credited-start.Tally.Credited
	facts := Facts{
		a.fact(c, "came", a.say(c, "report.came", "n", count(in.Credited), "yi", in.Invest.YiString())),
		a.fact(c, "net", a.say(c, "report.net", "net", plus(net), "from", count(start.Tally.Credited), "to", count(end.Tally.Credited))),
	}
	if moves := a.reached(c, in); moves != "" {
		facts = append(facts, a.fact(c, "reached", moves))
	}
	return []Part{Paragraph{Bold(a.days(c, d))}, facts}, nil
}

// before returns how a body stood when a day began.
func (a *App) before(c *call, body string, day reporting.Date) (reporting.Standing, error) {
	last := day.AddDays(-1)
	if last.Year < day.Year {
		return reporting.Standing{BodyID: body, Year: day.Year, AsOf: last}, nil
	}
	return a.standing(c.about(reporting.When{Year: last.Year, Day: last}), body, last.Year)
}

// reached says how many projects came to each stage, "" when none did.
func (a *App) reached(c *call, in reporting.CameIn) string {
	var words []string
	for i, stage := range reporting.Stages {
		if in.Reached[i] > 0 {
			words = append(words, a.say(c, "report.reached", "stage", a.say(c, "stage."+string(stage)), "n", count(in.Reached[i])))
		}
	}
	return strings.Join(words, a.say(c, "word.list_separator"))
}

// days writes a run of days: 2018年6月1日—30日 in full.
func (a *App) days(c *call, d reporting.Days) string {
	if d.From == d.To {
		return a.date(c, d.From)
	}
	return a.say(c, "report.days", "from", a.date(c, d.From), "to", a.date(c, d.To))
}

// withAdded adds to a group's table what the days that c is about brought each body.
func (a *App) withAdded(c *call, t Table, g group) (Table, error) {
	if !c.when.Period() {
		return t, nil
	}
	of, err := a.cameIn(c, c.when.Days)
	if err != nil {
		return t, err
	}
	t.Columns = append(t.Columns, Column{Title: a.say(c, "column.added"), Right: true})
	for i, p := range slices.Concat(g.ranked, g.rest) {
		t.Rows[i] = append(t.Rows[i], plus(of[p.body.ID].Credited))
	}
	return t, nil
}

// standings are those of a group's ranked bodies.
func (g group) standings() []reporting.Standing {
	var out []reporting.Standing
	for _, p := range g.ranked {
		out = append(out, p.Standing)
	}
	return out
}

// inflowEnd is the last day of what came in for a year: today, for there are days of
// grace, or the day that c is about.
func (c *call) inflowEnd(year int) reporting.Date {
	if c.past(year) {
		return c.when.Day
	}
	return c.day
}

// groupAverage says how much of its quotas the group of a body has done together,
// and of how many bodies: "59.4%（5 个单位合计）". It is "" where the group is so small
// that it would tell the others' numbers.
func (a *App) groupAverage(c *call, list *reporting.BodyList, b reporting.Body, year int) (string, error) {
	peers, err := a.peers(c, list, groupOf(b), year)
	if err != nil {
		return "", err
	}
	done, n, ok := reporting.GroupAverage(peers)
	if !ok {
		return "", nil
	}
	return a.say(c, "figure.average.value", "done", percent(done), "n", n, "group", a.groupName(c, groupOf(b))), nil
}

// listButtons is the button to the projects behind a number, for who may list them.
func (a *App) listButtons(c *call, body string, year int) Buttons {
	if reporting.CanListProjects(c.actor, body) != nil {
		return nil
	}
	return Buttons{a.listButton(c, body, year)}
}
