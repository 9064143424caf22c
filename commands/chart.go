package commands

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mouhua/mouhua/reporting"
)

// What a Chart may hold; see its fields.
const (
	chartTitle  = 50
	chartLabel  = 20
	chartPoints = 20
)

// funnelChart is the credited projects of name, a body or the city, by stage.
func (a *App) funnelChart(c *call, name string, s reporting.Standing) Chart {
	ch := a.chart(c, BarChart, "funnel", "body", name, "year", s.Year)
	values := Series{Name: a.say(c, "chart.credited")}
	for i, stage := range reporting.Stages {
		ch.Categories = append(ch.Categories, a.say(c, "chart.stage."+string(stage)))
		values.Values = append(values.Values, float64(s.Tally.ByStage[i]))
	}
	ch.Series, ch.Y = []Series{values}, a.say(c, "chart.projects")
	ch.Instead = []Part{Paragraph{Bold(a.say(c, "report.by_stage"))}, a.stageFacts(c, s.Tally)}
	return ch
}

// progressChart is what was credited by the end of each month of a year beside
// what was expected by then; in is yearInflow's. A year that has not begun has
// nothing to show.
func (a *App) progressChart(c *call, name string, s reporting.Standing, in []reporting.Inflow) Chart {
	kind := LineChart
	ends := monthEnds(s)
	if len(ends) == 1 {
		kind = BarChart // one point is no line
	}
	ch := a.chart(c, kind, "progress", "body", name, "year", s.Year)
	credited, expected := Series{Name: a.say(c, "chart.cumulative")}, Series{Name: a.say(c, "chart.expected")}
	var lines []string
	for i, n := range cumulative(s, in) {
		month := a.say(c, "month."+strconv.Itoa(i+1))
		ch.Categories = append(ch.Categories, month)
		credited.Values = append(credited.Values, float64(n))
		line := month + " " + count(n)
		if s.Owes() > 0 {
			part, of := s.Curve.At(s.Year, ends[i].YearDay())
			owed := float64(s.Owes()*part) / float64(of)
			expected.Values = append(expected.Values, tenth(owed))
			line += "/" + decimal(owed)
		}
		lines = append(lines, line)
	}
	ch.Series, ch.Y = []Series{credited}, a.say(c, "chart.projects")
	key := "chart.progress.text"
	if s.Owes() > 0 {
		ch.Series, key = append(ch.Series, expected), "chart.progress.both"
	}
	ch.Instead = a.insteadLine(c, key, lines)
	return ch
}

// inflowChart is what was first credited in each month of a year so far; in is
// yearInflow's.
func (a *App) inflowChart(c *call, name string, s reporting.Standing, in []reporting.Inflow) Chart {
	ch := a.chart(c, BarChart, "inflow", "body", name, "year", s.Year)
	values := Series{Name: a.say(c, "chart.inflow")}
	var lines []string
	for i, n := range byMonth(s, in) {
		month := a.say(c, "month."+strconv.Itoa(i+1))
		ch.Categories = append(ch.Categories, month)
		values.Values = append(values.Values, float64(n))
		lines = append(lines, month+" "+count(n))
	}
	ch.Series, ch.Y = []Series{values}, a.say(c, "chart.projects")
	ch.Instead = a.insteadLine(c, "chart.inflow.text", lines)
	return ch
}

// rankingChart is how much of its quota each body of a group has done, the best
// first. Of a long group the first twenty are shown, and it says so.
func (a *App) rankingChart(c *call, g group, year int) Chart {
	ch := a.chart(c, BarChart, "ranking", "group", a.groupName(c, g.name), "year", year)
	values := Series{Name: a.say(c, "chart.done")}
	var lines []string
	for _, p := range g.ranked[:min(len(g.ranked), chartPoints)] {
		ch.Categories = append(ch.Categories, p.body.Label(c.locale))
		values.Values = append(values.Values, tenth(100*p.Done()))
		lines = append(lines, a.placeLine(c, p))
	}
	ch.Series, ch.Y = []Series{values}, a.say(c, "chart.percent")
	if all := len(g.ranked); all > chartPoints {
		ch.X = a.say(c, "chart.first", "n", chartPoints, "all", all)
		lines = append(lines, ch.X)
	}
	ch.Categories = chartLabels(ch.Categories)
	ch.Instead = []Part{Paragraph{Bold(a.groupName(c, g.name)), Plain(a.say(c, "chart.ranking.text", "list", strings.Join(lines, a.say(c, "word.list_separator"))))}}
	return ch
}

// groupsChart is how much of its quotas each group has done together.
func (a *App) groupsChart(c *call, groups []group, year int) Chart {
	ch := a.chart(c, BarChart, "groups", "year", year)
	values := Series{Name: a.say(c, "chart.done")}
	var lines Bullets
	for _, g := range groups {
		credited, owed := g.sums()
		if owed == 0 {
			continue
		}
		name, done := a.groupName(c, g.name), float64(credited)/float64(owed)
		ch.Categories = append(ch.Categories, name)
		values.Values = append(values.Values, tenth(100*done))
		lines = append(lines, []Span{Bold(name), Plain(a.say(c, "chart.groups.text", "n", len(g.ranked), "credited", count(credited), "quota", count(owed), "done", percent(done)))})
	}
	ch.Series, ch.Y = []Series{values}, a.say(c, "chart.percent")
	ch.Categories, ch.Instead = chartLabels(ch.Categories), []Part{lines}
	return ch
}

// placeLine is a body's place in its group in words.
func (a *App) placeLine(c *call, p placed) string {
	return a.say(c, "report.place", "rank", p.Rank, "body", p.body.Label(c.locale),
		"done", percent(p.Done()), "credited", count(p.Tally.Credited), "quota", count(p.Owes()))
}

// sums returns what the ranked bodies of a group have credited and owe together.
func (g group) sums() (credited, owed int) {
	for _, p := range g.ranked {
		credited, owed = credited+p.Tally.Credited, owed+p.Owes()
	}
	return credited, owed
}

// yearCharts are the pictures of how a body, or the City, stands in a year: its
// progress and its funnel.
func (a *App) yearCharts(c *call, name string, s reporting.Standing) ([]Part, error) {
	in, err := a.yearInflow(c, s)
	if err != nil {
		return nil, err
	}
	return charted(a.progressChart(c, name, s, in), a.funnelChart(c, name, s)), nil
}

// charted are the charts that have something to show.
func charted(charts ...Chart) []Part {
	var parts []Part
	for _, ch := range charts {
		if len(ch.Categories) > 0 {
			parts = append(parts, ch)
		}
	}
	return parts
}

// yearInflow reads what came in for the body, or the City, of s in its year and
// the days of grace after it.
func (a *App) yearInflow(c *call, s reporting.Standing) ([]reporting.Inflow, error) {
	begin := reporting.Date{Year: s.Year, Month: 1, Day: 1}
	in, err := a.store.Inflow(c.ctx, s.Year, reporting.Days{From: begin, To: c.inflowEnd(s.Year)}, s.BodyID)
	if err != nil {
		return nil, fmt.Errorf("read inflow: %w", err)
	}
	return in, nil
}

func (a *App) chart(c *call, kind ChartKind, name string, args ...any) Chart {
	return Chart{Kind: kind, Title: cut(a.say(c, "chart."+name+".title", args...), chartTitle)}
}

// insteadLine says in a line what a picture of months shows.
func (a *App) insteadLine(c *call, key string, months []string) []Part {
	return []Part{Paragraph{Plain(a.say(c, key, "list", strings.Join(months, a.say(c, "word.list_separator"))))}}
}

// monthEnds are the ends of the months of s's year that have begun by its day;
// that day is the last of them.
func monthEnds(s reporting.Standing) []reporting.Date {
	var ends []reporting.Date
	for m := range 12 {
		p := reporting.Period{Kind: reporting.Monthly, Year: s.Year, N: m + 1}
		if s.AsOf.Before(p.First()) {
			break
		}
		end := p.Last()
		if s.AsOf.Before(end) {
			end = s.AsOf
		}
		ends = append(ends, end)
	}
	return ends
}

// byMonth sums what came in by the months of monthEnds. What was verified in
// the days of grace is December's.
func byMonth(s reporting.Standing, in []reporting.Inflow) []int {
	sums := make([]int, len(monthEnds(s)))
	for _, i := range in {
		month := int(i.Day.Month)
		if i.Day.Year > s.Year {
			month = 12
		}
		if i.BodyID == s.BodyID && i.Day.Year >= s.Year && month <= len(sums) {
			sums[month-1] += i.Credited
		}
	}
	return sums
}

// cumulative is what was credited by the end of each month. Its last number is
// what s says; what did not come in during the year was there from its start.
func cumulative(s reporting.Standing, in []reporting.Inflow) []int {
	sums := byMonth(s, in)
	total := s.Tally.Credited
	for i := len(sums) - 1; i >= 0; i-- {
		total, sums[i] = max(0, total-sums[i]), total
	}
	return sums
}

// chartLabels cuts names to what a chart's label takes and keeps them apart.
func chartLabels(names []string) []string {
	seen, out := map[string]bool{}, make([]string, len(names))
	for i, name := range names {
		label := cut(name, chartLabel)
		for n := 2; seen[label]; n++ {
			mark := " " + strconv.Itoa(n)
			label = cut(name, chartLabel-len(mark)) + mark
		}
		seen[label], out[i] = true, label
	}
	return out
}

// cut returns s in at most most code points, the last being "…" when it was longer.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}

// tenth rounds to one decimal, as numbers are said in words.
func tenth(v float64) float64 { return math.Round(10*v) / 10 }
