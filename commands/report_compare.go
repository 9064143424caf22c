package commands

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// How many are set side by side: more have no room.
const (
	minCompared = 2
	maxCompared = 6
)

// betweenWords stand between the names of those that are compared.
var betweenWords = []string{"和", "与", "與", "跟", "同", "及", "and", "vs", "vs.", "with", "&"}

// side is one of those that are compared: a body, or a group as a whole.
type side struct {
	name string
	body string // "" for a group
	reporting.Standing
	rank, of int // in its group; 0 = none
	bodies   int // of a group
	came     int // what the days that c is about brought
}

// reportCompare answers /report compare A B [C…] [when].
func (a *App) reportCompare(c *call) (Response, error) {
	text, year, err := askedWhen(c)
	if err != nil {
		return Response{}, err
	}
	sides, err := a.sides(c, strings.Fields(text), year)
	if err != nil {
		return Response{}, err
	}
	return a.comparison(c, sides, year)
}

// sides finds the bodies and groups that words name, the longest names first: a
// name may be of several words. Errors: of a name that fits none or several;
// Forbidden; Invalid when there are too few or too many.
func (a *App) sides(c *call, words []string, year int) ([]side, error) {
	words = strings.FieldsFunc(strings.Join(words, " "), func(r rune) bool { return strings.ContainsRune(" ,，、;；/", r) })
	words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(betweenWords, strings.ToLower(w)) })
	list, index, err := a.index(c)
	if err != nil {
		return nil, err
	}
	known := func(text string) bool { return len(index.Find(text)) > 0 || a.groupFor(list, text) != "" }
	words = apart(words, known)
	var out []side
	for len(words) > 0 {
		n := min(4, len(words))
		for n > 1 && !known(strings.Join(words[:n], " ")) {
			n--
		}
		s, err := a.sideNamed(c, list, strings.Join(words[:n], " "), year)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(out, func(o side) bool { return o.name == s.name }) {
			out = append(out, s)
		}
		words = words[n:]
	}
	return out, nil
}

// apart splits words that are no name at what stands between names: 净月和宽城.
func apart(words []string, known func(string) bool) []string {
	var out []string
	for _, w := range words {
		if known(w) {
			out = append(out, w)
			continue
		}
		out = append(out, strings.FieldsFunc(w, func(r rune) bool { return strings.ContainsRune("和与與跟及", r) })...)
	}
	return out
}

// groupFor returns the group that text names, "" for none.
func (a *App) groupFor(list *reporting.BodyList, text string) string {
	for _, b := range list.All {
		if a.isGroup(groupOf(b), text) {
			return groupOf(b)
		}
	}
	return ""
}

func (a *App) sideNamed(c *call, list *reporting.BodyList, text string, year int) (side, error) {
	if g := a.groupFor(list, text); g != "" {
		return a.groupSide(c, list, g, year)
	}
	b, err := a.oneBody(c, text)
	if err != nil {
		return side{}, err
	}
	return a.bodySide(c, list, b, year)
}

// groupSide is a group as a whole. Errors: Forbidden.
func (a *App) groupSide(c *call, list *reporting.BodyList, name string, year int) (side, error) {
	if err := reporting.CanReadCity(c.actor); err != nil {
		return side{}, err
	}
	peers, err := a.peers(c, list, name, year)
	if err != nil {
		return side{}, err
	}
	s := side{name: a.groupName(c, name)}
	s.Standing, s.bodies = reporting.SumOf(peers)
	return s, a.sideCame(c, &s, peers)
}

// bodySide is a body with its place. Errors: Forbidden.
func (a *App) bodySide(c *call, list *reporting.BodyList, b reporting.Body, year int) (side, error) {
	if err := reporting.CanReadQuota(c.actor, b.ID); err != nil {
		return side{}, err
	}
	of, err := a.standing(c, b.ID, year)
	if err != nil {
		return side{}, err
	}
	s := side{name: b.Label(c.locale), body: b.ID, Standing: of}
	if s.rank, s.of, _, err = a.place(c, list, b, of); err != nil {
		return side{}, err
	}
	return s, a.sideCame(c, &s, []reporting.Standing{of})
}

// sideCame adds up what the days that c is about brought.
func (a *App) sideCame(c *call, s *side, of []reporting.Standing) error {
	if !c.when.Period() {
		return nil
	}
	came, err := a.cameIn(c, c.when.Days)
	for _, o := range of {
		s.came += came[o.BodyID].Credited
	}
	return err
}

// comparison sets sides beside each other. Errors: Invalid when there are too few
// or too many.
func (a *App) comparison(c *call, sides []side, year int) (Response, error) {
	if len(sides) < minCompared || len(sides) > maxCompared {
		return Response{}, reporting.Fail(reporting.Invalid, "err.compare.count", "command", a.slash("report")+" compare", "least", minCompared, "most", maxCompared)
	}
	text := a.compareSentence(c, sides, year)
	var names []string
	for _, s := range sides {
		names = append(names, s.name)
	}
	title := a.say(c, "report.compare.title", "names", strings.Join(names, a.say(c, "word.list_separator")), "year", year)
	parts := []Part{Heading(title), Paragraph{Bold(text)}}
	if ch := a.compareChart(c, sides, year); len(ch.Categories) >= minCompared {
		parts = append(parts, ch)
	}
	parts = append(parts, a.compareTable(c, sides))
	note, err := a.cityNote(c, year)
	return Response{Reply: &Reply{InChannel: c.actor.ReadsAll(), Text: text, Parts: append(parts, note)}}, err
}

// compareSentence says who is ahead, and by how much. What owes nothing has no rate.
func (a *App) compareSentence(c *call, sides []side, year int) string {
	in := slices.DeleteFunc(slices.Clone(sides), func(s side) bool { return s.Owes() == 0 })
	slices.SortStableFunc(in, func(x, y side) int {
		return cmp.Compare(y.Tally.Credited*x.Owes(), x.Tally.Credited*y.Owes())
	})
	key, args := "report.compare.none", []any{"year", year}
	if len(in) > 1 {
		first, last := in[0], in[len(in)-1]
		key = "report.compare.text"
		if first.Tally.Credited*last.Owes() == last.Tally.Credited*first.Owes() {
			key = "report.compare.even"
		}
		args = append(args, "first", first.name, "last", last.name, "done", percent(first.Done()), "other", percent(last.Done()),
			"points", decimal(100*(first.Done()-last.Done())))
	}
	text := a.say(c, key, args...)
	if c.past(year) {
		return a.say(c, "headline.then", "day", a.date(c, c.when.Day), "text", text)
	}
	return text
}

// compareTable has a column for each side.
func (a *App) compareTable(c *call, sides []side) Table {
	t := Table{Columns: []Column{{Title: a.say(c, "column.figure")}}}
	for _, s := range sides {
		t.Columns = append(t.Columns, Column{Title: s.name, Right: true})
	}
	none := a.say(c, "word.none")
	row := func(label string, of func(s side) string) {
		cells := []string{label}
		for _, s := range sides {
			cells = append(cells, of(s))
		}
		t.Rows = append(t.Rows, cells)
	}
	owing := func(of func(s side) string) func(s side) string {
		return func(s side) string {
			if s.Owes() == 0 {
				return none
			}
			return of(s)
		}
	}
	row(a.say(c, "column.quota"), owing(func(s side) string { return count(s.Owes()) }))
	row(a.say(c, "column.credited"), func(s side) string { return count(s.Tally.Credited) })
	if c.when.Period() {
		row(a.say(c, "column.added"), func(s side) string { return plus(s.came) })
	}
	row(a.say(c, "column.done"), owing(func(s side) string { return percent(s.Done()) }))
	row(a.say(c, "column.gap"), owing(func(s side) string { return signed(s.Gap()) }))
	row(a.say(c, "figure.remaining"), owing(func(s side) string { return count(s.Remaining()) }))
	row(a.say(c, "column.pending"), func(s side) string { return count(s.Tally.Pending) })
	row(a.say(c, "column.invest"), func(s side) string { return s.Tally.Invest.YiString() })
	row(a.say(c, "column.begun"), func(s side) string { return count(s.Tally.Credited - s.Tally.ByStage[0]) })
	row(a.say(c, "figure.rank"), func(s side) string {
		switch {
		case s.body == "":
			return a.say(c, "report.bodies", "n", s.bodies)
		case s.of == 0:
			return none
		}
		return count(s.rank) + "/" + count(s.of)
	})
	row(a.say(c, "column.colour"), func(s side) string { return a.shortColour(c, s.Standing) })
	return t
}

// compareChart is what each side has done of what it owes.
func (a *App) compareChart(c *call, sides []side, year int) Chart {
	ch := a.chart(c, BarChart, "compare", "year", year)
	values := Series{Name: a.say(c, "chart.done")}
	for _, s := range sides {
		if s.Owes() > 0 {
			ch.Categories, values.Values = append(ch.Categories, s.name), append(values.Values, tenth(100*s.Done()))
		}
	}
	ch.Categories = chartLabels(ch.Categories)
	ch.Series, ch.Y = []Series{values}, a.say(c, "chart.percent")
	return ch
}
