package commands

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/mouhua/mouhua/reporting"
)

// defaultCityTarget is the plan's number of projects a year.
const defaultCityTarget = 1000

// ranking keeps the standings of all bodies for a moment: a rank needs them
// all, and without it every question about one body would read forty.
type ranking struct {
	flight singleflight.Group
	kept   atomic.Pointer[kept]
}

// kept are the standings of a year by group, as of a moment.
type kept struct {
	year int
	at   time.Time
	of   map[string][]reporting.Standing
}

// rankingAge is how long they are kept.
const rankingAge = 2 * time.Second

// usable reports whether k still says how a year stands.
func (k *kept) usable(year int, now time.Time) bool {
	if k == nil || k.year != year || reporting.DateOf(k.at) != reporting.DateOf(now) {
		return false
	}
	age := now.Sub(k.at)
	return age >= 0 && age <= rankingAge
}

// peers returns the standings of a group; whoever asks while they are read
// waits for the same reading.
func (a *App) peers(c *call, list *reporting.BodyList, group string, year int) ([]reporting.Standing, error) {
	if c.past(year) {
		all, err := a.pastStandings(c)
		return inGroup(list, all)[group], err
	}
	if k := a.ranks.kept.Load(); k.usable(year, c.now) {
		return k.of[group], nil
	}
	read := a.ranks.flight.DoChan(strconv.Itoa(year), func() (any, error) {
		// One who gives up must not spoil it for the others.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), rankingAge)
		defer cancel()
		apart := *c
		apart.ctx = ctx
		all, err := a.standings(&apart, year, dayOf(c, year))
		if err != nil {
			return nil, err
		}
		k := &kept{year: year, at: c.now, of: inGroup(list, all)}
		a.ranks.kept.Store(k)
		return k, nil
	})
	select {
	case r := <-read:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*kept).of[group], nil
	case <-c.ctx.Done():
		return nil, c.ctx.Err()
	}
}

// inGroup sorts the standings of bodies that go on by group.
func inGroup(list *reporting.BodyList, all []reporting.Standing) map[string][]reporting.Standing {
	of := map[string][]reporting.Standing{}
	for _, s := range all {
		if b, ok := list.Find(s.BodyID); ok && !b.Ended(s.AsOf) {
			of[groupOf(b)] = append(of[groupOf(b)], s)
		}
	}
	return of
}

// dayOf returns the day as of which a year is shown: today, or the last day of
// a year that is over.
func dayOf(c *call, year int) reporting.Date {
	if c.past(year) {
		return c.when.Day
	}
	if year < c.day.Year {
		return reporting.Date{Year: year, Month: time.December, Day: 31}
	}
	return c.day
}

// asOfYear says as of when the figures of a year are.
func (a *App) asOfYear(c *call, year int) string {
	if year < c.day.Year || c.past(year) {
		return a.say(c, "word.as_of", "time", a.date(c, dayOf(c, year)))
	}
	return a.say(c, "word.as_of", "time", a.moment(c, c.now))
}

// standing reads how a body, or reporting.City, stands.
func (a *App) standing(c *call, body string, year int) (reporting.Standing, error) {
	if c.past(year) {
		return a.pastStanding(c, body)
	}
	f, frozen, err := a.frozen(c, year)
	if err != nil || frozen {
		s := f.Of(body)
		s.Curve = a.cfg.Curve
		return s, err
	}
	s, err := a.store.Standing(c.ctx, body, year, dayOf(c, year))
	s.Curve = a.cfg.Curve
	if err != nil {
		return s, err
	}
	if body == reporting.City {
		all, err := a.store.Standings(c.ctx, year, dayOf(c, year))
		if err != nil {
			return s, err
		}
		// The plan's target holds for every year of the plan, and a year of the plan
		// is one in which bodies owe something: of others nothing is known.
		if slices.ContainsFunc(all, func(b reporting.Standing) bool { return b.Owes() > 0 }) {
			s.Quota, s.HasQuota = reporting.Quota{Year: year, Count: a.target()}, true
		}
	}
	one := []reporting.Standing{s}
	err = a.pooled(c, year, one)
	return one[0], err
}

// standings reads how all bodies stand in a year, with the quotas of a day.
func (a *App) standings(c *call, year int, on reporting.Date) ([]reporting.Standing, error) {
	if c.past(year) {
		return a.pastStandings(c)
	}
	f, frozen, err := a.frozen(c, year)
	if err != nil {
		return nil, err
	}
	var all []reporting.Standing
	if frozen {
		for _, s := range f.Standings {
			if s.BodyID != reporting.City {
				all = append(all, f.Of(s.BodyID))
			}
		}
	} else if all, err = a.store.Standings(c.ctx, year, on); err == nil {
		err = a.pooled(c, year, all)
	}
	for i := range all {
		all[i].Curve = a.cfg.Curve
	}
	return all, err
}

// target is the city's number of projects a year.
func (a *App) target() int { return cmp.Or(a.cfg.CityTarget, defaultCityTarget) }

// placed is a body with its standing and its place in its group.
type placed struct {
	body reporting.Body
	reporting.Ranked
}

// group is a league of bodies, the best first; those without a quota, and those
// that have ended, are apart.
type group struct {
	name   string // Body.Group
	ranked []placed
	rest   []placed
}

// leagues ranks the standings within their groups, in table order.
func leagues(list *reporting.BodyList, all []reporting.Standing) []group {
	stand := map[string]reporting.Standing{}
	for _, s := range all {
		stand[s.BodyID] = s
	}
	var out []group
	for _, b := range list.All {
		name := groupOf(b)
		if !hasGroup(out, name) {
			out = append(out, league(list, stand, name))
		}
	}
	kept := out[:0]
	for _, g := range out {
		if len(g.ranked)+len(g.rest) > 0 {
			kept = append(kept, g)
		}
	}
	return kept
}

func hasGroup(all []group, name string) bool {
	for _, g := range all {
		if g.name == name {
			return true
		}
	}
	return false
}

func league(list *reporting.BodyList, stand map[string]reporting.Standing, name string) group {
	g := group{name: name}
	var in []reporting.Standing
	for _, b := range list.All {
		s, ok := stand[b.ID]
		switch {
		case !ok || groupOf(b) != name:
		case s.Owes() == 0 || b.Ended(s.AsOf):
			g.rest = append(g.rest, placed{b, reporting.Ranked{Standing: s}})
		default:
			in = append(in, s)
		}
	}
	for _, r := range reporting.Rank(in) {
		b, _ := list.Find(r.BodyID)
		g.ranked = append(g.ranked, placed{b, r})
	}
	return g
}

func groupOf(b reporting.Body) string {
	if b.Group == "" {
		return string(b.Kind)
	}
	return b.Group
}

// groupName returns what a group is called: a kind's name, or its own.
func (a *App) groupName(c *call, name string) string {
	for _, k := range reporting.Kinds {
		if name == string(k) {
			return a.say(c, "kind."+name)
		}
	}
	return name
}

// place returns the rank of s in its group, and of how many; ok is false
// without a quota and for a body that has ended. The others may be a moment old, s is of now.
func (a *App) place(c *call, list *reporting.BodyList, b reporting.Body, s reporting.Standing) (rank, of int, ok bool, err error) {
	if s.Owes() == 0 || b.Ended(s.AsOf) {
		return 0, 0, false, nil
	}
	peers, err := a.peers(c, list, groupOf(b), s.Year)
	if err != nil {
		return 0, 0, false, err
	}
	rank, of, ok = reporting.Place(s, peers)
	return rank, of, ok, nil
}

// thresholds returns the lines of the colours.
func (a *App) thresholds() reporting.Thresholds {
	if a.cfg.Pace == (reporting.Thresholds{}) {
		return reporting.DefaultThresholds
	}
	return a.cfg.Pace
}

// colour returns the word for a standing's colour, with its sign.
func (a *App) colour(c *call, s reporting.Standing) string {
	return a.say(c, "colour."+string(s.Colour(a.thresholds())))
}

// shortColour is colour for the cell of a table.
func (a *App) shortColour(c *call, s reporting.Standing) string {
	return a.say(c, "colour.short."+string(s.Colour(a.thresholds())))
}

// gap says how far from the time-proportional progress a standing is.
func (a *App) gap(c *call, s reporting.Standing) string {
	points := decimal(math.Abs(s.Gap()))
	switch {
	case points == "0.0":
		return a.say(c, "gap.even")
	case s.Gap() < 0:
		return a.say(c, "gap.behind", "points", points)
	}
	return a.say(c, "gap.ahead", "points", points)
}

// headline says in one sentence how a body or the city stands in its year, or
// stood on the day that c is about.
func (a *App) headline(c *call, name string, s reporting.Standing) string {
	text := a.sentence(c, name, s)
	if c.past(s.Year) {
		return a.say(c, "headline.then", "day", a.date(c, s.AsOf), "text", text)
	}
	return text
}

func (a *App) sentence(c *call, name string, s reporting.Standing) string {
	args := []any{
		"body", name, "year", s.Year, "colour", a.colour(c, s), "gap", a.gap(c, s), "done", percent(s.Done()),
		"quota", count(s.Owes()), "credited", count(s.Tally.Credited), "remaining", count(s.Remaining()), "over", count(s.Over()),
	}
	switch {
	case s.Owes() == 0:
		return a.say(c, "headline.no_task", args...)
	case s.Over() > 0:
		return a.say(c, "headline.over", args...)
	case s.Remaining() == 0:
		return a.say(c, "headline.met", args...)
	case s.Colour(a.thresholds()) == reporting.TooEarly:
		return a.say(c, "headline.early", args...)
	}
	return a.say(c, "headline.pace", args...)
}

func (a *App) fact(c *call, label, value string) Fact {
	return Fact{Label: a.say(c, "figure."+label), Value: []Span{Plain(value)}}
}

func (a *App) projects(c *call, n int) string { return a.say(c, "word.projects", "n", count(n)) }

// progressFacts set the share done beside the share of the year gone.
func (a *App) progressFacts(c *call, s reporting.Standing) Facts {
	return Facts{
		a.fact(c, "done", bar(s.Done())+" "+percent(s.Done())),
		a.fact(c, "time", bar(s.TimeProgress())+" "+percent(s.TimeProgress())),
		a.fact(c, "gap", a.say(c, "gap.both", "points", signed(s.Gap()), "projects", signed(s.Ahead()))),
		a.fact(c, "colour", a.colour(c, s)),
	}
}

// stageFacts are the credited projects by stage, as a funnel.
func (a *App) stageFacts(c *call, t reporting.Tally) Facts {
	var out Facts
	for i, stage := range reporting.Stages {
		share := 0.0
		if t.Credited > 0 {
			share = float64(t.ByStage[i]) / float64(t.Credited)
		}
		out = append(out, Fact{
			Label: a.say(c, "stage."+string(stage)),
			Value: []Span{Plain(bar(share) + " " + a.say(c, "figure.stage.value", "n", count(t.ByStage[i]), "share", percent(share)))},
		})
	}
	return out
}

// listButton opens the projects behind a number; body "" is the city. Its
// action is its own: paging takes the place of a list, this one of nothing.
func (a *App) listButton(c *call, body string, year int) Button {
	value := fmt.Sprintf("year=%d page=1", year)
	if body != reporting.City {
		value = "body=" + body + " " + value
	}
	return a.button(c, "quota.list", value, "list")
}

// bar draws a share as ten cells, full ones for whole tenths.
func bar(share float64) string {
	full := min(10, max(0, int(math.Floor(share*10+1e-9))))
	if share > 0 {
		full = max(1, full) // a beginning is seen
	}
	return strings.Repeat("▰", full) + strings.Repeat("▱", 10-full)
}

func count(n int) string { return reporting.Wan(n).String() }

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func percent(share float64) string { return decimal(100*share) + "%" }

// signed writes a difference with its sign, none for zero.
func signed(v float64) string {
	switch s := decimal(math.Abs(v)); {
	case s == "0.0":
		return "0"
	case v < 0:
		return "−" + s
	default:
		return "+" + s
	}
}
