package commands

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

const (
	stuckShown  = 3  // of what needs a decision
	missedShown = 3  // bodies in the league of weeks missed
	missedWeeks = 26 // weeks that are read for it
)

// composeDigest writes the leaders' digest of a week: one screen that answers
// what leaders ask first, with the lists behind the numbers.
func (a *App) composeDigest(c *call, list *reporting.BodyList, m reporting.Message) (Outgoing, error) {
	week, err := m.Week()
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	switch {
	case a.cfg.LeadersChannel == "":
		return Outgoing{Skip: "no_leaders_channel"}, nil
	case !reporting.StillOwed(week, a.cityRule(list), c.now):
		return Outgoing{Skip: "week_over"}, nil
	}
	year := c.day.Year
	city, err := a.standing(c, reporting.City, year)
	if err != nil {
		return Outgoing{}, err
	}
	all, err := a.standings(c, year, c.day)
	if err != nil {
		return Outgoing{}, err
	}
	text := a.headline(c, a.say(c, "word.city"), city)
	changes, err := a.digestChange(c, week)
	if err != nil {
		return Outgoing{}, err
	}
	numbers := append(a.fourNumbers(c, city), a.fact(c, "forecast", a.forecast(c, city)))
	parts := []Part{
		Heading(a.say(c, "digest.title", "week", a.week(c, week))), Paragraph{Bold(text)},
		slices.Concat(numbers, changes, a.digestColours(c, list, all)), Rule{},
	}
	for _, series := range reporting.BulletinSeries {
		parts = append(parts, a.groupParts(c, a.seriesOf(c, list, all, series))...)
	}
	for _, more := range []func(*call, *reporting.BodyList, reporting.Week) ([]Part, error){a.digestMissed, a.digestStuck} {
		some, err := more(c, list, week)
		if err != nil {
			return Outgoing{}, err
		}
		parts = append(parts, some...)
	}
	counting, err := a.countingNote(c, year)
	if err != nil {
		return Outgoing{}, err
	}
	waiting := listQuery{Status: reporting.Submitted, Page: 1}
	_, stuck, err := a.stuckPage(c, reporting.City, 1)
	if err != nil {
		return Outgoing{}, err
	}
	buttons := Buttons{a.listButton(c, reporting.City, year), a.button(c, "quota.list", waiting.String(), "submitted_list"), a.button(c, "problem.due", problemQuery{}.at(1), "problems")}
	if stuck.Total > 0 {
		buttons = append(buttons, a.button(c, "approval.stuck", listQuery{Stuck: true, Page: 1}.String(), "stuck"))
	}
	return Outgoing{Channel: a.cfg.LeadersChannel, Reply: &Reply{InChannel: true, Text: text, Parts: append(parts, counting, buttons)}}, nil
}

// digestChange says what came in the week before the digest's, beside the one before it.
func (a *App) digestChange(c *call, week reporting.Week) (Facts, error) {
	monday := week.Monday()
	last, err := a.store.CityChange(c.ctx, c.day.Year, monday.AddDays(-7), monday.AddDays(-1))
	if err != nil {
		return nil, fmt.Errorf("read what came last week: %w", err)
	}
	before, err := a.store.CityChange(c.ctx, c.day.Year, monday.AddDays(-14), monday.AddDays(-8))
	if err != nil {
		return nil, fmt.Errorf("read what came the week before: %w", err)
	}
	return Facts{
		{Label: a.say(c, "digest.filed"), Value: []Span{Plain(a.say(c, "digest.change", "n", count(last.Filed), "before", count(before.Filed)))}},
		{Label: a.say(c, "digest.credited"), Value: []Span{Plain(a.say(c, "digest.change", "n", plus(last.Credited), "before", plus(before.Credited)))}},
	}, nil
}

// plus writes a change with its sign.
func plus(n int) string {
	switch {
	case n > 0:
		return "+" + count(n)
	case n < 0:
		return "−" + count(-n)
	}
	return "0"
}

// digestColours counts the bodies of each colour.
func (a *App) digestColours(c *call, list *reporting.BodyList, all []reporting.Standing) Facts {
	n := map[reporting.Colour]int{}
	for _, s := range all {
		if b, ok := list.Find(s.BodyID); ok && !b.Ended(s.AsOf) {
			n[s.Colour(a.thresholds())]++
		}
	}
	var words []string
	for _, colour := range []reporting.Colour{reporting.Green, reporting.Blue, reporting.Yellow, reporting.Red, reporting.TooEarly} {
		if n[colour] > 0 {
			words = append(words, a.say(c, "digest.colour", "colour", a.say(c, "colour.short."+string(colour)), "n", n[colour]))
		}
	}
	if len(words) == 0 {
		return nil
	}
	return Facts{{Label: a.say(c, "digest.colours"), Value: []Span{Plain(strings.Join(words, " · "))}}}
}

// seriesOf ranks the bodies of a series, as /report ranks a group: a district is
// not measured against a bureau.
func (a *App) seriesOf(c *call, list *reporting.BodyList, all []reporting.Standing, series reporting.Series) group {
	var in []reporting.Standing
	for _, s := range all {
		if b, ok := list.Find(s.BodyID); ok && !b.Ended(s.AsOf) && reporting.SeriesOf(b.Kind) == series {
			in = append(in, s)
		}
	}
	g := group{name: a.say(c, "bulletin.series."+string(series))}
	for _, r := range reporting.Rank(in) {
		b, _ := list.Find(r.BodyID)
		g.ranked = append(g.ranked, placed{b, r})
	}
	return g
}

// digestMissed names the bodies that missed the most weeks in a row.
func (a *App) digestMissed(c *call, list *reporting.BodyList, week reporting.Week) ([]Part, error) {
	weeks, err := a.store.NudgeWeeks(c.ctx, week.Add(-missedWeeks))
	if err != nil {
		return nil, fmt.Errorf("read weeks: %w", err)
	}
	var names []string
	missed := reporting.MissedWeeks(weeks, week)
	for _, k := range missed {
		b, ok := list.Find(k.BodyID)
		if !ok || b.Ended(c.day) || len(names) == missedShown {
			continue
		}
		key := "digest.missed.body"
		if k.Explained > 0 {
			key += ".explained"
		}
		names = append(names, a.say(c, key, "body", b.Label(c.locale), "n", k.Weeks, "explained", k.Explained))
	}
	if len(names) == 0 {
		return nil, nil
	}
	text := a.say(c, "digest.missed", "n", len(missed), "names", strings.Join(names, a.say(c, "word.list_separator")))
	return []Part{Rule{}, Paragraph{Plain(text)}}, nil
}

// stuckItem is something that waits for somebody to decide.
type stuckItem struct {
	since reporting.Date
	line  []Span
}

// digestStuck names the oldest things that wait for a decision: problems that
// are overdue, projects that ask the office, and approvals that do not come.
func (a *App) digestStuck(c *call, list *reporting.BodyList, _ reporting.Week) ([]Part, error) {
	var items []stuckItem
	page, err := a.store.ListProblems(c.ctx, reporting.ProblemFilter{DueBy: c.day.AddDays(-1), Day: c.day, Limit: stuckShown})
	if err != nil {
		return nil, fmt.Errorf("read problems: %w", err)
	}
	for _, l := range page.Problems {
		line := []Span{{Text: l.ProjectID, Code: true}, Plain(" " + l.ProjectName + " · " + a.nameOf(c, list, l.BodyID) + " · " + clip(oneLine(l.Text)) + " · " + a.personName(c.ctx, l.Owner) + " · ")}
		items = append(items, stuckItem{l.DueOn, append(line, a.dueSpan(c, l.Problem))})
	}
	for _, read := range []func(context.Context, *call) ([]reporting.Project, func(reporting.Project) (reporting.Date, string), error){a.askingOffice, a.stuckApprovals} {
		projects, what, err := read(c.ctx, c)
		if err != nil {
			return nil, err
		}
		for _, p := range projects {
			since, text := what(p)
			items = append(items, stuckItem{since, append(projectLine(p), Plain(" · "+a.nameOf(c, list, p.ReporterBody)+" · "+text))})
		}
	}
	if len(items) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(items, func(x, y stuckItem) int { return cmp.Compare(x.since.String(), y.since.String()) })
	var lines Bullets
	for _, it := range items[:min(len(items), stuckShown)] {
		lines = append(lines, it.line)
	}
	return []Part{Rule{}, Paragraph{Bold(a.say(c, "digest.stuck"))}, lines}, nil
}

func (a *App) askingOffice(ctx context.Context, c *call) ([]reporting.Project, func(reporting.Project) (reporting.Date, string), error) {
	page, err := a.store.Asking(ctx, 0, stuckShown)
	if err != nil {
		return nil, nil, fmt.Errorf("read what waits for the office: %w", err)
	}
	return page.Projects, func(p reporting.Project) (reporting.Date, string) {
		return p.AskedOn, a.asked(c, p.What()) + " · " + a.age(c, p.AskedOn)
	}, nil
}

func (a *App) stuckApprovals(_ context.Context, c *call) ([]reporting.Project, func(reporting.Project) (reporting.Date, string), error) {
	_, page, err := a.stuckPage(c, reporting.City, stuckShown)
	return page.Projects, func(p reporting.Project) (reporting.Date, string) { return p.ApprovalSince, a.stuckAt(c, p) }, err
}
