package commands

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const listPage = 10 // projects on a page

// staleDays is how long a project may go without a word.
const staleDays = 30

// listQuery is what /project list asks for. Its text form is the value of the
// buttons, and can be typed too: "body=jingyue status=verified year=2018 page=2".
type listQuery struct {
	Body      string // id
	Lead      string // id of the lead department
	Status    reporting.Status
	Stage     reporting.Stage
	Industry  string
	Route     string
	Path      reporting.Path
	Programme string
	Min, Max  reporting.Wan // total investment, inclusive, 0 = any
	Year      int           // 0 = all
	Stale     int           // not written for so many days, 0 = all
	Stuck     bool          // waiting for an approval for too long
	Detail    string        // that the detail of the sub-path has in it
	Credited  reporting.Days
	Page      int // from 1

	// Where the page begins or ends, so that turning pages reads only what they
	// show; the number alone finds a page, too. At most one is set.
	After, Before reporting.Mark
}

func (q listQuery) String() string {
	var out []string
	for _, kv := range [][2]string{
		{"body", q.Body}, {"lead", q.Lead}, {"status", string(q.Status)}, {"stage", string(q.Stage)}, {"industry", q.Industry},
		{"route", q.Route}, {"path", string(q.Path)}, {"programme", q.Programme},
		{"min", positiveText(int(q.Min))}, {"max", positiveText(int(q.Max))},
		{"year", strconv.Itoa(q.Year)}, {"stale", positiveText(q.Stale)}, {"stuck", stuckText(q.Stuck)}, {"detail", url.QueryEscape(q.Detail)}, {"credited", daysText(q.Credited)},
		{"after", q.After.String()}, {"before", q.Before.String()}, {"page", strconv.Itoa(q.Page)},
	} {
		if kv[1] != "" {
			out = append(out, kv[0]+"="+kv[1])
		}
	}
	return strings.Join(out, " ")
}

// beside returns q for the page before or after the one that shows projects.
func (q listQuery) beside(page int, shown []reporting.Project) string {
	q.After, q.Before = reporting.Mark{}, reporting.Mark{}
	switch n := len(shown); {
	case n == 0 || q.Min > 0: // marks are not for an order of totals
	case page > q.Page:
		q.After = shown[n-1].Mark()
	default:
		q.Before = shown[0].Mark()
	}
	q.Page = page
	return q.String()
}

// without returns q less one of its filters, from the first page.
func (q listQuery) without(key string) listQuery {
	q.Page, q.After, q.Before = 1, reporting.Mark{}, reporting.Mark{}
	switch key {
	case "body":
		q.Body = ""
	case "lead":
		q.Lead = ""
	case "money":
		q.Min, q.Max = 0, 0
	case "stale":
		q.Stale = 0
	case "stuck":
		q.Stuck = false
	case "detail":
		q.Detail = ""
	case "credited":
		q.Credited = reporting.Days{}
	case "year":
		q.Year = 0
	case "status":
		q.Status = ""
	case "stage":
		q.Stage = ""
	case "industry":
		q.Industry = ""
	case "route":
		q.Route = ""
	case "path":
		q.Path = ""
	case "programme":
		q.Programme = ""
	}
	return q
}

// filter is q for the store.
func (q listQuery) filter(now time.Time) reporting.ProjectFilter {
	f := reporting.ProjectFilter{
		Body: q.Body, Lead: q.Lead, Stage: q.Stage, Industry: q.Industry, Route: q.Route, Path: q.Path, Programme: q.Programme,
		Detail: q.Detail, Credited: q.Credited, MinInvest: q.Min, MaxInvest: q.Max, Year: q.Year, Limit: listPage, After: q.After, Before: q.Before,
		LargestFirst: q.Min > 0, // who asks from which total on asks for the largest
	}
	switch q.Status {
	case "":
	case inPool:
		f.Status = pool
	default:
		f.Status = []reporting.Status{q.Status}
	}
	if q.Stale > 0 {
		y, m, d := now.AddDate(0, 0, -q.Stale).Date()
		f.StaleSince = time.Date(y, m, d, 0, 0, 0, 0, now.Location()).UnixMilli() // whole days are counted without reading
		if q.Status == "" {
			f.Status = []reporting.Status{reporting.Verified} // what has ended or waits is not overdue
		}
	}
	return f
}

// positiveText is n, nothing for 0.
func positiveText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// list answers /project list: pages of ten with the total and the sum.
func (a *App) list(c *call) (Response, error) {
	words, file := exporting(c.words)
	q, choice, err := a.askedList(c, words, file)
	if err != nil || choice != nil {
		return Response{Reply: choice}, err
	}
	if file {
		return a.exportList(c, q)
	}
	page, err := a.listPage(c, &q)
	if err != nil {
		return Response{}, err
	}
	bodies, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read bodies: %w", err)
	}
	if page.Total == 0 {
		r, err := a.emptyList(c, q, bodies)
		return Response{Reply: r}, err
	}
	total, err := a.listTotal(c, q, page)
	if err != nil {
		return Response{}, err
	}
	r := a.listReply(c, q, page, bodies, total)
	if q.Body != "" && q.Body == c.actor.BodyID {
		open, err := a.confirmParts(c, q.Body)
		if err != nil {
			return Response{}, err
		}
		r.Parts = append(r.Parts, open...)
	}
	return Response{Reply: r}, nil
}

// askedList reads what list was asked for, which the asker may see. Where a name
// fits several bodies it returns the choice among them.
func (a *App) askedList(c *call, words []string, file bool) (listQuery, *Reply, error) {
	q, names, err := a.parseList(words, c.day.Year, c.catalogue)
	if err != nil {
		return q, nil, err
	}
	if names.lead != "" {
		b, err := a.oneBody(c, names.lead)
		if err != nil {
			return q, nil, err
		}
		if b.Kind != reporting.Department {
			return q, nil, reporting.Fail(reporting.Invalid, "err.lead_dept.kind")
		}
		q.Lead = b.ID
	}
	if names.body != "" {
		if err := a.strangeWord(c, names.body); err != nil {
			return q, nil, err
		}
		b, choice, err := a.bodyOrChoice(c, names.body, "project.list", func(b reporting.Body) string {
			n := q
			n.Body = b.ID
			if file {
				return n.String() + " export"
			}
			return n.String()
		})
		if err != nil || choice != nil {
			return q, choice, err
		}
		q.Body = b.ID
	}
	if q.Body == "" && !c.actor.ReadsAll() {
		q.Body = c.actor.BodyID
	}
	return q, nil, reporting.CanListProjects(c.actor, q.Body)
}

// listPage reads the page asked for, or the last there is.
func (a *App) listPage(c *call, q *listQuery) (reporting.ProjectPage, error) {
	f := a.filter(c, *q)
	for {
		f.Offset = (q.Page - 1) * listPage
		page, err := a.store.ListProjects(c.ctx, f)
		if err != nil {
			return page, fmt.Errorf("list projects: %w", err)
		}
		if q.Page <= pages(page.Total, listPage) {
			return page, nil
		}
		q.Page, f.After, f.Before = pages(page.Total, listPage), reporting.Mark{}, reporting.Mark{}
	}
}

// emptyList says that nothing fits, and how much would if one of the filters
// were dropped, with a button for each.
func (a *App) emptyList(c *call, q listQuery, bodies *reporting.BodyList) (*Reply, error) {
	title := a.listTitle(c, q, bodies)
	r := &Reply{Text: title + a.say(c, "word.colon") + a.say(c, "list.empty")}
	r.Parts = []Part{Heading(title), Paragraph{Plain(a.say(c, "list.empty"))}}
	var lines Bullets
	var buttons Buttons
	for _, l := range a.listLabels(c, q, bodies) {
		wider := q.without(l.key)
		if wider == q || l.key == "body" && !c.actor.ReadsAll() {
			continue
		}
		f := a.filter(c, wider)
		f.Limit = 1
		page, err := a.store.ListProjects(c.ctx, f)
		if err != nil {
			return nil, fmt.Errorf("widen list: %w", err)
		}
		if page.Total == 0 {
			continue
		}
		lines = append(lines, []Span{Plain(a.say(c, "list.drop", "filter", l.text, "n", page.Total))})
		b := a.button(c, "project.list", wider.String(), "drop")
		b.Label = shorten(a.say(c, "button.drop", "filter", l.text), 30)
		buttons = append(buttons, b)
	}
	if len(lines) == 0 {
		r.Parts = append(r.Parts, Paragraph{Plain(a.say(c, "list.drop_several"))})
	} else {
		r.Parts = append(r.Parts, lines, buttons[:min(len(buttons), 5)])
	}
	r.Parts = append(r.Parts, a.asOf(c))
	return r, nil
}

// shorten cuts s to n code points.
func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// pages returns how many pages n things fill, at least one.
func pages(n, size int) int { return max(1, (n+size-1)/size) }

func (a *App) listReply(c *call, q listQuery, page reporting.ProjectPage, bodies *reporting.BodyList, total string) *Reply {
	title := a.listTitle(c, q, bodies)
	r := &Reply{Text: title + a.say(c, "word.colon") + total, Parts: []Part{Heading(title), Paragraph{Plain(total)}}}
	t := Table{Columns: []Column{
		{Title: a.say(c, "field.id.label")}, {Title: a.say(c, "field.name.label")}, {Title: a.say(c, "list.invest"), Right: true},
		{Title: a.say(c, "field.territory.label")}, {Title: a.say(c, "field.stage.label")}, {Title: a.say(c, "field.status.label")},
	}}
	for _, p := range page.Projects {
		t.Rows = append(t.Rows, []string{
			p.ID, clip(oneLine(p.Name)), p.InvestTotal.YiString(), a.territory(c, bodies, p),
			string(p.Stage) + " " + a.say(c, "stage."+string(p.Stage)), a.say(c, "status."+string(p.Status)),
		})
	}
	if q.Stuck { // all of one status
		a.stuckColumn(c, &t, page.Projects)
	}
	if len(t.Rows) > 0 {
		r.Parts = append(r.Parts, t)
	}
	beside := func(n int) string { return q.beside(n, page.Projects) }
	b := a.pager(c, "project.list", q.Page, pages(page.Total, listPage), beside)
	if a.cfg.Exchange != nil {
		b = append(b, a.button(c, "project.export", q.without("").String()+" export", "export"))
	}
	if len(b) > 0 {
		r.Parts = append(r.Parts, b)
	}
	key := "list.note"
	if q.Body == "" {
		key = "list.note_city"
	}
	note := a.say(c, key, "page", q.Page, "pages", pages(page.Total, listPage), "command", a.slash("project")+" show")
	r.Parts = append(r.Parts, Note{Plain(note)}, a.asOf(c))
	return r
}

func (a *App) listTitle(c *call, q listQuery, bodies *reporting.BodyList) string {
	var title []string
	if q.Body == "" {
		title = append(title, a.say(c, "word.city"))
	}
	for _, l := range a.listLabels(c, q, bodies) {
		title = append(title, l.text)
	}
	if q.Year == 0 {
		title = append(title, a.say(c, "list.all_years"))
	}
	return strings.Join(title, " · ")
}

// label is a filter in words.
type label struct{ key, text string }

// listLabels are the filters of q in words.
func (a *App) listLabels(c *call, q listQuery, bodies *reporting.BodyList) []label {
	var out []label
	add := func(is bool, key string, text func() string) {
		if is {
			out = append(out, label{key, text()})
		}
	}
	choice := func(key, field, value string) {
		add(value != "", key, func() string { return a.choice(c, field, value) })
	}
	add(q.Body != "", "body", func() string { return a.nameOf(c, bodies, q.Body) })
	add(q.Year != 0, "year", func() string { return a.say(c, "word.year", "year", q.Year) })
	add(q.Stage != "", "stage", func() string { return a.say(c, "stage."+string(q.Stage)) })
	add(q.Stale > 0, "stale", func() string { return a.say(c, "list.stale", "n", q.Stale) })
	add(q.Stuck, "stuck", func() string { return a.say(c, "list.stuck", "n", a.stuckDays()) })
	add(q.Status != "", "status", func() string { return a.say(c, "status."+string(q.Status)) })
	add(q.Lead != "", "lead", func() string { return a.say(c, "list.lead", "body", a.nameOf(c, bodies, q.Lead)) })
	add(q.Detail != "", "detail", func() string { return q.Detail })
	add(q.Credited != reporting.Days{}, "credited", func() string {
		if q.Year != 0 && q.Credited == creditedDays(q.Year) {
			return a.say(c, "list.counted")
		}
		return a.say(c, "list.credited", "from", a.date(c, q.Credited.From), "to", a.date(c, q.Credited.To))
	})
	choice("industry", reporting.FieldIndustry, q.Industry)
	choice("route", reporting.FieldRoute, q.Route)
	choice("path", reporting.FieldPath, string(q.Path))
	choice("programme", reporting.FieldProgramme, q.Programme)
	add(q.Min+q.Max > 0, "money", func() string {
		low, high := a.say(c, "list.yi", "yi", q.Min.YiString()), a.say(c, "list.yi", "yi", q.Max.YiString())
		switch {
		case q.Max == 0:
			return a.say(c, "list.from", "money", low)
		case q.Min == 0:
			return a.say(c, "list.to", "money", high)
		}
		return a.say(c, "list.between", "low", low, "high", high)
	})
	return out
}

// pager are the buttons to the pages before and after.
func (a *App) pager(c *call, action string, page, of int, at func(int) string) Buttons {
	var b Buttons
	if page > 1 {
		b = append(b, a.button(c, action, at(page-1), "previous"))
	}
	if page < of {
		b = append(b, a.button(c, action, at(page+1), "next"))
	}
	return b
}
