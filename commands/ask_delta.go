package commands

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// since is what came in during some days.
type since struct {
	days reporting.Days
	year int // of the plan, by the last day
	by   map[string]int
}

// daysOf returns the days that are asked about: by default this month, and all
// of a year that was named.
func daysOf(c *call, q question.Reading) (reporting.Days, error) {
	year, err := yearOf(c, q)
	if err != nil {
		return reporting.Days{}, err
	}
	word := cmp.Or(q.Slots[question.Period], "this_month")
	if q.Slots[question.Year] != "" && q.Slots[question.Period] == "" {
		return reporting.Days{From: reporting.Date{Year: year, Month: 1, Day: 1}, To: reporting.Date{Year: year, Month: 12, Day: 31}}, nil
	}
	switch word {
	case "week":
		word = "this_week"
	case "month":
		word = "this_month"
	}
	if d, ok := reporting.DaysOf(word, c.day); ok {
		return d, nil
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(word, "d")); err == nil && n > 0 {
		return reporting.Days{From: c.day.AddDays(1 - n), To: c.day}, nil
	}
	w, _, err := whenSaid(c, q)
	switch {
	case err != nil:
		return reporting.Days{}, err
	case w.Period():
		return w.Days, nil
	}
	return reporting.Days{From: w.Day, To: w.Day}, nil
}

// whenSaid returns the time within a year that a question names; ok is false for one
// that names none. Errors: Invalid for one that nothing can be told of.
func whenSaid(c *call, q question.Reading) (w reporting.When, ok bool, err error) {
	word, year := q.Slots[question.Period], q.Slots[question.Year]
	switch word {
	case "", "week", "month", "this_year", "today":
		return w, false, nil
	}
	if _, known := reporting.DaysOf(word, c.day); year != "" && !known && !strings.HasPrefix(word, "20") {
		word = year + "年" + word
	}
	rest, w, err := reporting.ParseWhen([]string{word}, c.day)
	if err == nil && len(rest) > 0 {
		err = reporting.Fail(reporting.Invalid, "err.period", "value", clip(word))
	}
	return w, true, err
}

// timed answers as of the time that a question names.
func timed(answer answerer) answerer {
	return func(c *call, q question.Reading) (Response, error) {
		w, ok, err := whenSaid(c, q)
		if err != nil {
			return Response{}, err
		}
		if ok {
			c = c.about(w)
			q.Slots = maps.Clone(q.Slots)
			q.Slots[question.Year] = strconv.Itoa(w.Year)
		}
		return answer(c, q)
	}
}

// inflow reads what came in, of some bodies or of all.
func (a *App) inflow(c *call, d reporting.Days, bodies ...string) (since, error) {
	out := since{days: d, year: d.To.Year, by: map[string]int{}}
	if c.day.Before(d.To) {
		out.days.To = c.day
	}
	for year := d.From.Year; year <= d.To.Year; year++ {
		in, err := a.store.Inflow(c.ctx, year, d, bodies...)
		if err != nil {
			return out, err
		}
		for _, i := range in {
			out.by[i.BodyID] += i.Credited
		}
	}
	return out, nil
}

// delta answers what came in during a period: of a body that is named or meant,
// else of the city and by body.
func (a *App) delta(c *call, q question.Reading) (Response, error) {
	d, err := daysOf(c, q)
	if err != nil {
		return Response{}, err
	}
	if len(q.Slots.List(question.Bodies)) > 0 {
		return a.deltaOf(c, d, q.Slots.List(question.Bodies))
	}
	named := q.Slots.List(question.Body)
	if len(named) == 0 && q.Intent != question.CityDelta && q.Slots[question.By] != "body" && q.Slots[question.Scope] != "city" {
		list, err := a.store.Bodies(c.ctx)
		if err != nil {
			return Response{}, err
		}
		if b, ok := hereBody(c, list); ok {
			named = []string{b.ID}
		}
	}
	if len(named) > 0 {
		return a.deltaOf(c, d, named)
	}
	if err := reporting.CanReadCity(c.actor); err != nil {
		return Response{}, err
	}
	in, err := a.inflow(c, d)
	if err != nil {
		return Response{}, err
	}
	return a.deltaSaid(c, in, q.Slots.List(question.BodyKind))
}

// deltaOf answers what came in of some bodies.
func (a *App) deltaOf(c *call, d reporting.Days, ids []string) (Response, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	for _, id := range ids {
		if _, ok := list.Find(id); !ok {
			return Response{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(id))
		}
		if err := reporting.CanReadQuota(c.actor, id); err != nil {
			return Response{}, err
		}
	}
	in, err := a.inflow(c, d, ids...)
	if err != nil {
		return Response{}, err
	}
	text := ""
	var buttons Buttons
	var figures Figures
	for _, id := range ids {
		s, err := a.standing(c, id, in.year)
		if err != nil {
			return Response{}, err
		}
		text += a.say(c, "answer.delta.body", a.deltaArgs(c, in, a.nameOf(c, list, id), in.by[id], s)...)
		b := a.inflowButton(c, in, id)
		if len(ids) > 1 {
			b.Label = shorten(a.nameOf(c, list, id), 30)
		}
		buttons = append(buttons, a.openable(c, id, b)...)
		figures = a.figures(subject{Standing: s})
	}
	counting, err := a.countingNote(c, in.year)
	return Response{Reply: &Reply{Text: text, Parts: a.withButtons([]Part{Paragraph{Bold(text)}, counting}, buttons)}, Figures: figures}, err
}

// inflowButton opens the projects that came in.
func (a *App) inflowButton(c *call, in since, body string) Button {
	return a.button(c, "quota.list", listQuery{Body: body, Credited: in.days, Page: 1}.String(), "list")
}

// sayDays says some days inside a sentence.
func (a *App) sayDays(c *call, d reporting.Days) string {
	if d.From == d.To {
		return a.say(c, "answer.days.one", "day", a.date(c, d.From))
	}
	return a.say(c, "answer.days", "from", a.date(c, d.From), "to", a.date(c, d.To))
}

func (a *App) deltaArgs(c *call, in since, name string, n int, s reporting.Standing) []any {
	return []any{
		"days", a.sayDays(c, in.days), "body", name, "year", in.year, "n", count(n),
		"credited", count(s.Tally.Credited), "quota", count(s.Owes()), "done", percent(s.Done()),
	}
}

// deltaSaid answers what came in of the city, or of some kinds of bodies, by body.
func (a *App) deltaSaid(c *call, in since, kinds []string) (Response, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	city, err := a.standing(c, reporting.City, in.year)
	if err != nil {
		return Response{}, err
	}
	var rows []reporting.Body
	for _, b := range list.All {
		if in.by[b.ID] > 0 && (len(kinds) == 0 || slices.Contains(kinds, string(b.Kind)) || slices.Contains(kinds, groupOf(b))) {
			rows = append(rows, b)
		}
	}
	slices.SortStableFunc(rows, func(x, y reporting.Body) int { return cmp.Compare(in.by[y.ID], in.by[x.ID]) })
	text := a.say(c, "answer.delta.city", a.deltaArgs(c, in, a.say(c, "word.city"), in.by[reporting.City], city)...)
	parts := []Part{}
	if len(rows) > 0 {
		text += a.say(c, "answer.delta.most", "body", rows[0].Label(c.locale), "n", count(in.by[rows[0].ID]), "of", len(rows))
		t := Table{Columns: []Column{{Title: a.say(c, "column.body")}, {Title: a.say(c, "answer.column.new"), Right: true}}}
		for _, b := range rows {
			t.Rows = append(t.Rows, []string{b.Label(c.locale), strconv.Itoa(in.by[b.ID])})
		}
		parts = append(parts, t)
	}
	counting, err := a.cityNote(c, in.year)
	parts = append(append([]Part{Paragraph{Bold(text)}}, parts...), counting)
	parts = a.withButtons(parts, a.openable(c, reporting.City, a.inflowButton(c, in, reporting.City)))
	return Response{Reply: &Reply{Text: text, Parts: parts}, Figures: a.figures(subject{Standing: city})}, err
}

// programmeSaid answers how one of the three hundreds stands, or all of them.
func (a *App) programmeSaid(c *call, q question.Reading) (Response, error) {
	if err := reporting.CanReadCity(c.actor); err != nil {
		return Response{}, err
	}
	asked := q.Slots.List(question.Programme)
	if len(asked) != 1 || !slices.Contains(reporting.Programmes, asked[0]) {
		return a.reportProgramme(c)
	}
	tallies, err := a.store.Programmes(c.ctx)
	if err != nil {
		return Response{}, err
	}
	t := reporting.ProgrammeTally{Programme: asked[0]}
	if i := slices.IndexFunc(tallies, func(t reporting.ProgrammeTally) bool { return t.Programme == asked[0] }); i >= 0 {
		t = tallies[i]
	}
	text := a.say(c, "answer.programme", "on", a.sayDay(c, c.day), "programme", a.choice(c, reporting.FieldProgramme, asked[0]), "n", count(t.Verified),
		"target", count(reporting.ProgrammeTarget), "done", percent(float64(t.Verified)/reporting.ProgrammeTarget), "remaining", count(max(0, reporting.ProgrammeTarget-t.Verified)))
	list := a.button(c, "quota.list", "programme="+asked[0]+" year=0 page=1", "list")
	return Response{
		Reply: &Reply{Text: text, Parts: []Part{
			Paragraph{Bold(text)}, Facts{a.fact(c, "invest", a.money(c, t.Invest))}, Note{Plain(a.say(c, "report.programme.note"))}, a.asOf(c), Buttons{list},
		}},
		Figures: Figures{"quota": reporting.ProgrammeTarget, "credited": float64(t.Verified), "remaining": float64(max(0, reporting.ProgrammeTarget-t.Verified))},
	}, nil
}
