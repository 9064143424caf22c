package commands

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// problemQuery is what /project problems asks for. Its text form is the value
// of the buttons: "body=jingyue page=2".
type problemQuery struct {
	Body string // id
	Mine bool   // also what the asker sees to in other bodies
	Page int    // from 1
}

func (q problemQuery) at(page int) string {
	s := "page=" + strconv.Itoa(page)
	if q.Body != "" {
		s = "body=" + q.Body + " " + s
	}
	return s
}

// problemList answers /project problems [body]: what is open, the first due
// first, pages of ten. An official's own list also holds what they see to in
// other bodies.
func (a *App) problemList(c *call) (Response, error) {
	q, err := a.problemQuery(c)
	if err != nil {
		return Response{}, err
	}
	if err := reporting.CanListProjects(c.actor, q.Body); err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read bodies: %w", err)
	}
	f := reporting.ProblemFilter{Body: q.Body, Day: c.day, Limit: listPage}
	if q.Mine {
		f.Owner = c.actor.UserID
	}
	var page reporting.ProblemPage
	for {
		f.Offset = (q.Page - 1) * listPage
		if page, err = a.store.ListProblems(c.ctx, f); err != nil {
			return Response{}, fmt.Errorf("list problems: %w", err)
		}
		if q.Page <= pages(page.Total, listPage) {
			break
		}
		q.Page = pages(page.Total, listPage)
	}
	where := a.say(c, "word.city")
	if q.Body != "" {
		where = a.nameOf(c, list, q.Body)
	}
	title := a.say(c, "problem.list", "body", where)
	total := a.say(c, "problem.total", "n", page.Total, "overdue", page.Overdue)
	parts := []Part{Heading(title), Paragraph{Plain(total)}}
	for _, l := range page.Problems {
		parts = append(parts, a.listedParts(c, list, l)...)
	}
	if b := a.pager(c, "problem.list", q.Page, pages(page.Total, listPage), q.at); len(b) > 0 {
		parts = append(parts, b)
	}
	note := a.say(c, "problem.list_note", "page", q.Page, "pages", pages(page.Total, listPage), "command", a.slash("project"))
	return Response{Reply: &Reply{
		Text: title + a.say(c, "word.colon") + total, Parts: append(parts, Note{Plain(note)}, a.asOf(c)),
	}}, nil
}

func (a *App) problemQuery(c *call) (problemQuery, error) {
	q := problemQuery{Page: 1}
	var name []string
	for _, w := range c.words {
		switch key, value, _ := strings.Cut(w, "="); key {
		case "page":
			q.Page = positive(value)
		case "body":
			name = append(name, value)
		default:
			name = append(name, w)
		}
	}
	if len(name) > 0 {
		b, err := a.oneBody(c, strings.Join(name, " "))
		if err != nil {
			return q, err
		}
		q.Body = b.ID
	} else if !c.actor.ReadsAll() {
		q.Body = c.actor.BodyID
	}
	q.Mine = !c.actor.ReadsAll() && q.Body == c.actor.BodyID
	return q, nil
}

// listedParts are a problem in a list over several projects, with its buttons.
func (a *App) listedParts(c *call, list *reporting.BodyList, l reporting.ListedProblem) []Part {
	// Enough of the project to say who may do what.
	p := reporting.Project{ID: l.ProjectID, Name: l.ProjectName, ReporterBody: l.BodyID}
	line := append(projectLine(p), Plain(" · "+a.nameOf(c, list, l.BodyID)+" · "))
	parts := []Part{Paragraph(append(line, a.problemLine(c, l.Problem)...))}
	b := a.problemButtons(c, p, l.Problem)
	if reporting.CanReadProject(c.actor, p) == nil {
		b = append(b, a.button(c, "project.show", l.ProjectID, "show"))
	}
	if len(b) > 0 {
		parts = append(parts, b)
	}
	return parts
}

// homeProblems are what is open for an official and their body, the first due
// first; for those who read all, what is overdue in the city.
func (a *App) homeProblems(c *call) ([]Part, error) {
	q := problemQuery{Body: c.actor.BodyID, Page: 1}
	f := reporting.ProblemFilter{Body: c.actor.BodyID, Owner: c.actor.UserID, Day: c.day, Limit: homeLines}
	key := "problem.home"
	if c.actor.ReadsAll() {
		q.Body, f.Body, f.Owner, f.DueBy, key = "", "", "", c.day.AddDays(-1), "problem.home_overdue"
	}
	page, err := a.store.ListProblems(c.ctx, f)
	if err != nil {
		return nil, fmt.Errorf("list problems: %w", err)
	}
	if page.Total == 0 {
		return nil, nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	parts := []Part{Rule{}, Paragraph{Bold(a.say(c, key, "n", page.Total, "overdue", page.Overdue))}}
	for _, l := range page.Problems {
		parts = append(parts, a.listedParts(c, list, l)...)
	}
	return append(parts, Buttons{a.button(c, "problem.list", q.at(1), "problems")}), nil
}

// problemsDue name what a body has to solve soon, for its nudge.
func (a *App) problemsDue(c *call, page reporting.ProblemPage) []Part {
	if page.Total == 0 {
		return nil
	}
	var lines Bullets
	for _, l := range page.Problems[:min(len(page.Problems), maxWaiting)] {
		line := []Span{{Text: l.ProjectID, Code: true}, Plain(" " + l.ProjectName + " · " + clip(oneLine(l.Text)) + " · "), {User: l.Owner}, Plain(" · ")}
		lines = append(lines, append(line, a.dueSpan(c, l.Problem)))
	}
	head := a.say(c, "problem.nudge", "n", count(page.Total), "overdue", count(page.Overdue), "days", reporting.DueSoon)
	all := problemQuery{Body: page.Problems[0].BodyID}
	return []Part{Paragraph{Bold(head)}, a.more(c, lines, page.Total), Buttons{a.button(c, "problem.due", all.at(1), "problems")}}
}

// problemFacts are the problems in the full view of a project.
func (a *App) problemFacts(c *call, p reporting.Project) ([]Part, error) {
	all, err := a.store.ProblemsOf(c.ctx, p.ID)
	if err != nil {
		return nil, fmt.Errorf("read problems: %w", err)
	}
	if len(all) == 0 {
		return nil, nil
	}
	var lines Bullets
	open := 0
	for _, q := range all {
		if !q.Open() {
			break
		}
		if open++; open <= maxWaiting {
			lines = append(lines, a.problemLine(c, q))
		}
	}
	parts := []Part{Paragraph{Bold(a.say(c, "problem.shown", "open", open, "closed", len(all)-open))}}
	if open > 0 {
		parts = append(parts, a.more(c, lines, open))
	}
	return parts, nil
}
