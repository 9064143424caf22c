package commands

import (
	"fmt"

	"github.com/mouhua/mouhua/reporting"
)

// reportRoute answers /report route [body] [when]: what is credited by the five
// routes and their sub-paths, of the city or of a body.
func (a *App) reportRoute(c *call) (Response, error) {
	text, year, err := askedWhen(c)
	if err != nil {
		return Response{}, err
	}
	if text == "" && reporting.CanReadCity(c.actor) == nil {
		return a.routesOf(c, reporting.Body{ID: reporting.City}, year)
	}
	b, err := a.namedOrHere(c, text, a.slash("report")+" route")
	if err != nil {
		return Response{}, err
	}
	return a.routesOf(c, b, year)
}

// routesOf is what a body, or the city where its id is reporting.City, is credited
// with by route. Errors: Forbidden.
func (a *App) routesOf(c *call, b reporting.Body, year int) (Response, error) {
	name, err := a.scopeName(c, b)
	if err != nil {
		return Response{}, err
	}
	tallies, err := a.store.Paths(c.ctx, b.ID, year, c.when.Day)
	if err != nil {
		return Response{}, fmt.Errorf("read paths: %w", err)
	}
	sum := reporting.Sum(tallies, "")
	text := a.routeSentence(c, name, year, tallies)
	parts := []Part{Heading(a.say(c, "report.route.title", "body", name, "year", year)), Paragraph{Bold(text)}}
	if sum.Credited > 0 {
		parts = append(parts, a.routeChart(c, name, year, tallies), a.pathTable(c, tallies))
	}
	if c.when.Period() {
		parts = append(parts, Note{Plain(a.say(c, "report.state", "day", a.date(c, dayOf(c, year))))})
	}
	note, err := a.countingNote(c, year)
	if b.ID == reporting.City {
		note, err = a.cityNote(c, year)
	}
	return Response{Reply: &Reply{InChannel: c.actor.ReadsAll(), Text: text, Parts: append(parts, note)}}, err
}

// scopeName is what a body or the city is called, for who may see its figures.
func (a *App) scopeName(c *call, b reporting.Body) (string, error) {
	if b.ID == reporting.City {
		return a.say(c, "word.city"), reporting.CanReadCity(c.actor)
	}
	return b.Label(c.locale), reporting.CanReadQuota(c.actor, b.ID)
}

// routeSentence says which route gives the most.
func (a *App) routeSentence(c *call, name string, year int, tallies []reporting.PathTally) string {
	sum := reporting.Sum(tallies, "")
	top := reporting.PathTally{}
	for _, r := range reporting.Routes {
		if of := reporting.Sum(tallies, r); of.Credited > top.Credited {
			top = of
		}
	}
	key := "report.route.text"
	if sum.Credited == 0 || top.Path == "" {
		key = "report.route.none"
	}
	text := a.say(c, key, "body", name, "year", year, "n", count(sum.Credited), "yi", sum.Invest.YiString(),
		"route", a.known(c, "route.", string(top.Path)), "most", count(top.Credited), "share", shareOf(top.Credited, sum.Credited))
	if c.past(year) {
		return a.say(c, "headline.then", "day", a.date(c, c.when.Day), "text", text)
	}
	return text
}

// routeChart is what is credited by each of the five routes; in words also the
// share, the investment and its share.
func (a *App) routeChart(c *call, name string, year int, tallies []reporting.PathTally) Chart {
	ch := a.chart(c, BarChart, "route", "body", name, "year", year)
	values := Series{Name: a.say(c, "chart.credited")}
	sum := reporting.Sum(tallies, "")
	var facts Facts
	for _, r := range reporting.Routes {
		of := reporting.Sum(tallies, r)
		ch.Categories, values.Values = append(ch.Categories, a.say(c, "route."+r)), append(values.Values, float64(of.Credited))
		facts = append(facts, a.routeFact(c, a.choice(c, reporting.FieldRoute, r), of, sum))
	}
	if of := unrouted(tallies); of.Credited > 0 {
		facts = append(facts, a.routeFact(c, a.say(c, "word.none"), of, sum))
	}
	ch.Categories = chartLabels(ch.Categories)
	ch.Series, ch.Y, ch.Instead = []Series{values}, a.say(c, "chart.projects"), []Part{facts}
	return ch
}

func (a *App) routeFact(c *call, name string, of, sum reporting.PathTally) Fact {
	share := float64(of.Credited) / float64(max(1, sum.Credited))
	return Fact{Label: name, Value: []Span{Plain(bar(share) + " " + a.say(c, "report.route.value",
		"n", count(of.Credited), "share", percent(share), "yi", of.Invest.YiString(), "part", shareOf(int(of.Invest), int(sum.Invest))))}}
}

// unrouted is what has no path of the plan: rows of a file may name none.
func unrouted(tallies []reporting.PathTally) (out reporting.PathTally) {
	for _, t := range tallies {
		if !t.Path.Valid() {
			out.Credited, out.Invest = out.Credited+t.Credited, out.Invest+t.Invest
		}
	}
	return out
}

// pathTable shows the sub-paths that have projects.
func (a *App) pathTable(c *call, tallies []reporting.PathTally) Table {
	sum := reporting.Sum(tallies, "")
	t := Table{Columns: []Column{
		{Title: a.say(c, "column.path")}, {Title: a.say(c, "column.credited"), Right: true}, {Title: a.say(c, "column.share"), Right: true},
		{Title: a.say(c, "column.invest"), Right: true},
	}}
	for _, of := range tallies {
		if of.Path.Valid() && of.Credited > 0 {
			t.Rows = append(t.Rows, []string{
				a.choice(c, reporting.FieldPath, string(of.Path)), count(of.Credited), shareOf(of.Credited, sum.Credited), of.Invest.YiString(),
			})
		}
	}
	return t
}

// shareOf is a part of a whole as a percentage, nothing of nothing.
func shareOf(part, whole int) string {
	if whole == 0 {
		return percent(0)
	}
	return percent(float64(part) / float64(whole))
}
