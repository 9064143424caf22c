package commands

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// listAnswers are the answers about several projects.
func (a *App) listAnswers() map[question.Intent]answerer {
	return map[question.Intent]answerer{
		question.ProjectList: a.listSaid, question.ProjectStale: a.staleSaid, question.ProjectCount: a.countSaid("count"), question.ProjectSum: a.countSaid("sum"),
		question.ProjectBreakdown: a.breakdownSaid,
	}
}

// listOf reads what list is asked about, which the asker may see: without a body
// that of the city, for an official that of its own body. Errors: Forbidden;
// Invalid for a year; NotFound for a body.
func (a *App) listOf(c *call, q question.Reading) (listQuery, error) {
	year, err := yearOf(c, q)
	if err != nil {
		return listQuery{}, err
	}
	l := listQuery{Year: year, Page: 1, Body: q.Slots[question.Body], Lead: q.Slots[question.LeadDept]}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return l, err
	}
	for _, id := range []string{l.Body, l.Lead} {
		if _, ok := list.Find(id); !ok && id != "" {
			return l, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(id))
		}
	}
	for _, kv := range []struct {
		slot question.Slot
		key  string
	}{
		{question.Status, "status"}, {question.Stage, "stage"}, {question.Route, "route"}, {question.SubPath, "path"}, {question.Programme, "programme"},
		{question.Least, "min"}, {question.Most, "max"}, {question.Days, "stale"},
	} {
		if v := q.Slots[kv.slot]; v != "" {
			l.set(kv.key, v)
		}
	}
	if v := q.Slots[question.Industry]; v != "" {
		l.Industry = cmp.Or(industriesByName(c.catalogue)[lexicon.Fold(v)], v)
	}
	l.Detail = cmp.Or(q.Slots[question.Partner], q.Slots[question.Exhibit])
	if p := q.Slots[question.Period]; p != "" && p != "this_year" && p != "week" && p != "month" {
		if l.Credited, err = daysOf(c, q); err != nil {
			return l, err
		}
	}
	if l.Body == "" && q.Slots[question.Scope] != "city" && !c.actor.ReadsAll() {
		l.Body = c.actor.BodyID
	}
	return l, reporting.CanListProjects(c.actor, l.Body)
}

// listSaid lists projects as /project list does.
func (a *App) listSaid(c *call, q question.Reading) (Response, error) {
	l, err := a.listOf(c, q)
	if err != nil {
		return Response{}, err
	}
	return a.listed(c, l)
}

func (a *App) listed(c *call, l listQuery) (Response, error) {
	c.text = l.String()
	c.words = strings.Fields(c.text)
	return a.list(c)
}

// staleSaid lists what nobody has written about for some days.
func (a *App) staleSaid(c *call, q question.Reading) (Response, error) {
	l, err := a.listOf(c, q)
	if err != nil {
		return Response{}, err
	}
	if l.Stale == 0 {
		l.Stale = staleDays
	}
	return a.listed(c, l)
}

// shares tells apart what l asks for.
func (a *App) shares(c *call, l listQuery, by reporting.Dimension) ([]reporting.Share, error) {
	found, err := a.store.ShareProjects(c.ctx, a.filter(c, l), by)
	if err != nil {
		return nil, fmt.Errorf("share projects: %w", err)
	}
	return found, nil
}

// total adds up shares.
func total(all []reporting.Share) (sum reporting.Share) {
	for _, s := range all {
		sum.N, sum.Invest = sum.N+s.N, sum.Invest+s.Invest
	}
	return sum
}

// countSaid answers how many projects there are, or for how much: of those that
// are in the pool unless another status was named, with the others beside.
func (a *App) countSaid(what string) answerer {
	return func(c *call, q question.Reading) (Response, error) {
		l, err := a.listOf(c, q)
		if err != nil {
			return Response{}, err
		}
		if credited(what, l) {
			return a.creditedSaid(c, l, what)
		}
		status := l.Status
		l.Status = cmp.Or(status, inPool)
		in, err := a.shares(c, l, reporting.ByStatus)
		if err != nil {
			return Response{}, err
		}
		text, err := a.countText(c, l, what, total(in), "")
		if err != nil {
			return Response{}, err
		}
		parts := []Part{Paragraph{Bold(text)}}
		if status == "" && l.Stale == 0 {
			wide := l
			wide.Status = ""
			all, err := a.shares(c, wide, reporting.ByStatus)
			if err != nil {
				return Response{}, err
			}
			if facts := a.statusFacts(c, all); len(facts) > 0 {
				parts = append(parts, facts)
			}
		}
		if status == "" && l.whole() {
			s, err := a.standing(c, l.Body, l.Year)
			if err != nil {
				return Response{}, err
			}
			note, err := a.creditedNote(c, s, in)
			if err != nil {
				return Response{}, err
			}
			if note != nil {
				parts = append(parts, note)
			}
		}
		parts = append(parts, a.asOf(c), Buttons{a.button(c, "quota.list", l.String(), "list")})
		return Response{Reply: &Reply{Text: text, Parts: parts}, Figures: a.listFigures(total(in))}, nil
	}
}

// listFigures are the numbers of a list, for programs.
func (a *App) listFigures(s reporting.Share) Figures {
	return Figures{"projects": float64(s.N), "invest_wan": float64(s.Invest)}
}

// statusFacts say how many are of each status.
func (a *App) statusFacts(c *call, all []reporting.Share) Facts {
	var out Facts
	for _, s := range reporting.Statuses {
		for _, x := range all {
			if x.Of == string(s) {
				out = append(out, Fact{Label: a.say(c, "status."+x.Of), Value: []Span{Plain(a.say(c, "answer.share", "n", count(x.N), "money", a.money(c, x.Invest)))}})
			}
		}
	}
	return out
}

// countText says how many, for how much, of what.
func (a *App) countText(c *call, l listQuery, what string, sum reporting.Share, by string) (string, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return "", fmt.Errorf("read bodies: %w", err)
	}
	name, year, filter := a.say(c, "word.city"), a.say(c, "list.all_years"), []string{}
	for _, x := range a.listLabels(c, l, list) {
		switch x.key {
		case "body":
			name = x.text
		case "year":
			year = x.text
		case "status":
		default:
			filter = append(filter, x.text)
		}
	}
	of := ""
	if len(filter) > 0 {
		of = a.say(c, "answer.filter", "filter", strings.Join(filter, a.say(c, "word.list_separator")))
	}
	return a.say(c, "answer."+what, "on", a.sayDay(c, c.day), "body", name, "year", year, "filter", of, "status", a.say(c, "status."+string(l.Status)),
		"n", count(sum.N), "money", a.money(c, sum.Invest), "by", by), nil
}

// dimensions are what a breakdown can be by, with the field whose choices are
// the values, and the key of a list's filter by them.
var dimensions = map[string]struct {
	by    reporting.Dimension
	field string
	key   string
}{
	"route": {reporting.ByRoute, reporting.FieldRoute, "route"}, "subpath": {reporting.ByPath, reporting.FieldPath, "path"},
	"industry": {reporting.ByIndustry, reporting.FieldIndustry, "industry"}, "stage": {reporting.ByStage, "stage", "stage"},
	"status": {reporting.ByStatus, "status", "status"}, "programme": {reporting.ByProgramme, reporting.FieldProgramme, "programme"},
	"body": {reporting.ByBody, "", "body"},
}

// breakdownSaid tells what is in the pool apart, by route unless another
// dimension was named.
func (a *App) breakdownSaid(c *call, q question.Reading) (Response, error) {
	l, err := a.listOf(c, q)
	if err != nil {
		return Response{}, err
	}
	by := q.Slots[question.By]
	d, ok := dimensions[by]
	if !ok || by == "body" && l.Body != "" {
		by = "route"
		d = dimensions[by]
	}
	if l.Status == "" && by != "status" {
		l.Status = inPool
	}
	found, err := a.shares(c, l, d.by)
	if err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read bodies: %w", err)
	}
	sum := total(found)
	if by == "body" { // a project stands under several
		once, err := a.shares(c, l, reporting.ByStatus)
		if err != nil {
			return Response{}, err
		}
		sum = total(once)
	}
	text, err := a.countText(c, l, "breakdown", sum, a.say(c, "answer.dimension."+by))
	if err != nil {
		return Response{}, err
	}
	found = inOrder(by, found)
	text += a.sharesSaid(c, list, by, found)
	parts := []Part{Paragraph{Bold(text)}}
	if len(found) > 0 {
		parts = append(parts, a.shareTable(c, list, by, found, sum))
	}
	if by == "body" {
		parts = append(parts, Note{Plain(a.say(c, "answer.breakdown.bodies"))})
	}
	parts = append(parts, a.asOf(c), Buttons{a.button(c, "quota.list", l.String(), "list")})
	return Response{Reply: &Reply{Text: text, Parts: parts}, Figures: a.listFigures(sum)}, nil
}

// saidShares is how many parts a sentence names; the table has them all.
const saidShares = 6

// sharesSaid names the parts of a whole.
func (a *App) sharesSaid(c *call, list *reporting.BodyList, by string, found []reporting.Share) string {
	var names []string
	for _, s := range found {
		if s.N > 0 && len(names) < saidShares {
			names = append(names, a.say(c, "answer.part", "name", a.shareName(c, list, by, s.Of), "n", count(s.N)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return a.say(c, "answer.parts", "by", a.say(c, "answer.dimension."+by), "names", strings.Join(names, a.say(c, "word.list_separator")))
}

// inOrder puts what has an order of its own into it, routes and stages with
// those that have none of the projects, and all else by number.
func inOrder(by string, found []reporting.Share) []reporting.Share {
	var order []string
	switch by {
	case "route":
		order = reporting.Routes
	case "stage":
		for _, s := range reporting.Stages {
			order = append(order, string(s))
		}
	case "subpath", "programme":
		return found // their names are their order
	}
	if len(found) == 0 || order == nil {
		slices.SortStableFunc(found, func(x, y reporting.Share) int { return cmp.Compare(y.N, x.N) })
		return found
	}
	var out []reporting.Share
	for _, of := range append(order, "") {
		i := slices.IndexFunc(found, func(s reporting.Share) bool { return s.Of == of })
		switch {
		case i >= 0:
			out = append(out, found[i])
		case of != "":
			out = append(out, reporting.Share{Of: of})
		}
	}
	return out
}

// shareTable shows shares with their part of the whole.
func (a *App) shareTable(c *call, list *reporting.BodyList, by string, found []reporting.Share, sum reporting.Share) Table {
	t := Table{Columns: []Column{
		{Title: a.say(c, "answer.dimension."+by)}, {Title: a.say(c, "answer.column.n"), Right: true},
		{Title: a.say(c, "answer.column.share"), Right: true}, {Title: a.say(c, "list.invest"), Right: true},
	}}
	for _, s := range found {
		part := 0.0
		if sum.N > 0 {
			part = float64(s.N) / float64(sum.N)
		}
		t.Rows = append(t.Rows, []string{a.shareName(c, list, by, s.Of), strconv.Itoa(s.N), percent(part), s.Invest.YiString()})
	}
	return t
}

func (a *App) shareName(c *call, list *reporting.BodyList, by, of string) string {
	switch {
	case by == "body":
		return a.nameOf(c, list, of)
	case of == "":
		return a.say(c, "word.none")
	case by == "stage":
		return a.stageName(c, reporting.Stage(of))
	}
	return a.choice(c, dimensions[by].field, of)
}
