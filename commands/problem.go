package commands

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

const (
	openShown   = 10 // open problems of a project that one answer shows
	closedShown = 3
)

// problemActions are the buttons about problems.
func (a *App) problemActions() map[string]handler {
	return map[string]handler{
		"problem.of":     a.pressed(a.problem),
		"problem.open":   a.pressed(a.pressOpenProblem),
		"problem.edit":   a.pressed(a.problemDo("edit")),
		"problem.close":  a.pressed(a.problemDo("close")),
		"problem.reopen": a.pressed(a.problemDo("reopen")),
		"problem.list":   replacing(a.pressed(a.problemList)),
		"problem.due":    a.pressed(a.problemList), // of a nudge, which stays
	}
}

// problemForms are the forms about problems.
func (a *App) problemForms() map[string]formHandler {
	return map[string]formHandler{"problem": {submit: a.submitProblem}}
}

// problem answers /project problem: the problems of a project with what can be
// done about each, or the form of a new one when there is none, or its text is
// there already.
func (a *App) problem(c *call) (Response, error) {
	p, err := a.named(c, "project", "problem")
	if err != nil {
		return Response{}, err
	}
	if _, text := firstWord(strings.TrimSpace(c.text)); text != "" {
		return a.openProblem(c, p, text)
	}
	if err := reporting.CanReadProject(c.actor, p); err != nil {
		return Response{}, err
	}
	all, err := a.store.ProblemsOf(c.ctx, p.ID)
	if err != nil {
		return Response{}, fmt.Errorf("read problems: %w", err)
	}
	if len(all) == 0 && reporting.CanTend(c.actor, p) == nil {
		return a.openProblem(c, p, "")
	}
	return Response{Reply: a.problemsReply(c, p, all)}, nil
}

func (a *App) pressOpenProblem(c *call) (Response, error) {
	p, err := a.named(c, "project", "problem")
	if err != nil {
		return Response{}, err
	}
	return a.openProblem(c, p, "")
}

// problemsReply shows what is open at a project, and what was closed last.
func (a *App) problemsReply(c *call, p reporting.Project, all []reporting.Problem) *Reply {
	closed := slices.IndexFunc(all, func(q reporting.Problem) bool { return !q.Open() })
	if closed < 0 {
		closed = len(all)
	}
	overdue := 0
	for _, q := range all[:closed] {
		if q.Overdue(c.day) {
			overdue++
		}
	}
	title := a.say(c, "problem.of", "id", p.ShortID(), "name", p.Name)
	counts := a.say(c, "problem.counts", "open", closed, "overdue", overdue, "closed", len(all)-closed)
	parts := []Part{Heading(title), Paragraph{Plain(counts)}}
	for _, q := range all[:min(closed, openShown)] {
		parts = append(parts, a.problemParts(c, p, q)...)
	}
	if rest := closed - openShown; rest > 0 {
		parts = append(parts, Note{Plain(a.say(c, "list.rest", "n", rest))})
	}
	for _, q := range all[closed:min(len(all), closed+closedShown)] {
		parts = append(parts, a.closedParts(c, p, q)...)
	}
	if a.opens(c, p) {
		parts = append(parts, Buttons{a.button(c, "problem.open", p.ID, "problem_open")})
	}
	return &Reply{Text: title + a.say(c, "word.colon") + counts, Parts: append(parts, a.asOf(c))}
}

// opens reports whether the asker may open a problem at p now.
func (a *App) opens(c *call, p reporting.Project) bool { return a.mayOpen(c, p) == nil }

func (a *App) mayOpen(c *call, p reporting.Project) error {
	probe := map[string]string{reporting.FieldProblemText: "?", reporting.FieldProblemOwner: "?", reporting.FieldProblemDue: c.day.String()}
	owner := reporting.Person{UserID: "?", Role: reporting.Official}
	return errOnly(reporting.OpenProblem(c.actor, p, reporting.Problem{}, probe, owner, c.day, 1))
}

// problemParts are an open problem and what the asker may do about it.
func (a *App) problemParts(c *call, p reporting.Project, q reporting.Problem) []Part {
	parts := []Part{Paragraph(a.problemLine(c, q))}
	if b := a.problemButtons(c, p, q); len(b) > 0 {
		parts = append(parts, b)
	}
	return parts
}

func (a *App) problemButtons(c *call, p reporting.Project, q reporting.Problem) Buttons {
	var b Buttons
	if reporting.CanCloseProblem(c.actor, p, q) == nil {
		b = append(b, a.button(c, "problem.close", problemValue(q), "problem_close"))
	}
	if reporting.CanTend(c.actor, p) == nil {
		b = append(b, a.button(c, "problem.edit", problemValue(q), "problem_edit"))
	}
	return b
}

func (a *App) closedParts(c *call, p reporting.Project, q reporting.Problem) []Part {
	line := append([]Span{{Text: strconv.Itoa(q.No) + ". " + clip(oneLine(q.Text)), Strike: true}}, a.closing(c, q)...)
	parts := []Part{Paragraph(line)}
	if a.opens(c, p) {
		parts = append(parts, Buttons{a.button(c, "problem.reopen", problemValue(q), "problem_reopen")})
	}
	return parts
}

// closing says by whom a problem was closed, when and how.
func (a *App) closing(c *call, q reporting.Problem) []Span {
	age := a.ageOf(c, q.ClosedAt)
	if q.ClosedBy == "" {
		return []Span{Plain(a.say(c, "problem.ended", "age", age, "reason", oneLine(q.Result)))}
	}
	return []Span{Plain(" · "), {User: q.ClosedBy}, Plain(a.say(c, "problem.solved", "age", age, "result", oneLine(q.Result)))}
}

// problemLine is an open problem: what, who sees to it, until when.
func (a *App) problemLine(c *call, q reporting.Problem) []Span {
	line := []Span{Bold(strconv.Itoa(q.No) + ". "), Plain(oneLine(q.Text) + " · "), {User: q.Owner}, Plain(" · ")}
	return append(line, a.dueSpan(c, q))
}

// dueSpan says until when, and for how long that has been over.
func (a *App) dueSpan(c *call, q reporting.Problem) Span {
	if q.Overdue(c.day) {
		return Bold(a.say(c, "problem.overdue", "day", a.date(c, q.DueOn), "n", reporting.DaysBetween(q.DueOn, c.day)))
	}
	return Plain(a.say(c, "problem.due", "day", a.date(c, q.DueOn)))
}

// problemValue is what a button carries: the project and the problem's number.
func problemValue(q reporting.Problem) string { return q.ProjectID + " " + strconv.Itoa(q.No) }

// problemState is what the form of a problem carries.
type problemState struct {
	Do      string `json:"d"`
	Project string `json:"p"`
	No      int    `json:"n,omitempty"` // 0 = a new one
	Version int    `json:"v,omitempty"` // of the problem, that the person saw
	Channel string `json:"c,omitempty"`
}

func (a *App) openProblem(c *call, p reporting.Project, text string) (Response, error) {
	if err := a.mayOpen(c, p); err != nil {
		return Response{}, err
	}
	f, err := a.problemForm(c, p, reporting.Problem{Owner: c.actor.UserID, Text: text}, "open")
	return Response{Form: f}, err
}

// problemDo opens the form that edits, closes or reopens the problem that a
// button names.
func (a *App) problemDo(do string) handler {
	return func(c *call) (Response, error) {
		p, err := a.named(c, "project", "problem")
		if err != nil {
			return Response{}, err
		}
		no, _ := strconv.Atoi(strings.Join(c.words[1:], ""))
		q, err := a.store.Problem(c.ctx, p.ID, no)
		if err != nil {
			return Response{}, err
		}
		v := map[string]string{reporting.FieldProblemResult: "?", reporting.FieldProblemWhy: "?"}
		var faults reporting.FieldErrors
		if _, err := a.decideProblem(c, problemState{Do: do}, p, q, v, reporting.Person{}); err != nil && !errors.As(err, &faults) {
			return Response{}, err
		}
		f, err := a.problemForm(c, p, q, do)
		return Response{Form: f}, err
	}
}

// problemForm is the form of what is done about a problem.
func (a *App) problemForm(c *call, p reporting.Project, q reporting.Problem, do string) (*Form, error) {
	f, err := a.lifeForm(c, "problem", "", p, a.say(c, "problem.note."+do))
	if err != nil {
		return nil, err
	}
	state, err := json.Marshal(problemState{Do: do, Project: p.ID, No: q.No, Version: q.Version, Channel: c.channel})
	if err != nil {
		return nil, fmt.Errorf("write form state: %w", err)
	}
	f.State, f.Title, f.Submit = string(state), a.say(c, "problem.title."+do, "id", p.ShortID()), a.say(c, "button.problem_"+do)
	long := func(id, value string) Field {
		return Field{ID: id, Kind: LongField, Label: a.say(c, "field."+id+".label"), Hint: a.say(c, "field."+id+".hint"), Value: value, MaxLen: reporting.MaxProblem}
	}
	owner := Field{
		ID: reporting.FieldProblemOwner, Kind: PersonField, Value: q.Owner,
		Label: a.say(c, "field.problem_owner.label"), Hint: a.say(c, "field.problem_owner.hint"),
	}
	due := Field{ID: reporting.FieldProblemDue, Kind: DateField, Label: a.say(c, "field.problem_due.label"), Value: q.DueOn.String()}
	if do != "open" {
		f.Fields = append(f.Fields, Field{ID: "problem", Kind: InfoField, Text: a.problemLine(c, q)})
	}
	switch do {
	case "open":
		f.Fields = append(f.Fields, long(reporting.FieldProblemText, q.Text), owner, due)
	case "edit":
		f.Fields = append(f.Fields, owner, due)
	case "close":
		f.Fields = append(f.Fields, long(reporting.FieldProblemResult, ""))
	case "reopen":
		due.Value = ""
		f.Fields = append(f.Fields, long(reporting.FieldProblemWhy, ""), owner, due)
	}
	return f, nil
}

func (a *App) decideProblem(c *call, st problemState, p reporting.Project, q reporting.Problem, v map[string]string, owner reporting.Person) (reporting.Change, error) {
	at := c.now.UnixMilli()
	switch st.Do {
	case "open":
		return reporting.OpenProblem(c.actor, p, q, v, owner, c.day, at)
	case "edit":
		return reporting.EditProblem(c.actor, p, q, st.Version, v, owner, c.day, at)
	case "close":
		return reporting.CloseProblem(c.actor, p, q, st.Version, v[reporting.FieldProblemResult], at)
	case "reopen":
		return reporting.ReopenProblem(c.actor, p, q, st.Version, v, owner, c.day, at)
	}
	return reporting.Change{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
}

func (a *App) submitProblem(c *call, in Input) (SubmitResult, error) {
	var st problemState
	if err := json.Unmarshal([]byte(in.State), &st); err != nil || st.Project == "" || (st.No == 0) != (st.Do == "open") {
		return SubmitResult{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	owner, err := a.knownPerson(c, in.Values[reporting.FieldProblemOwner])
	if err != nil {
		return SubmitResult{}, err
	}
	p, q, err := a.store.ChangeProblem(c.ctx, c.once, st.Project, st.No, func(p reporting.Project, q reporting.Problem) (reporting.Change, error) {
		return a.decideProblem(c, st, p, q, in.Values, owner)
	})
	if err != nil && !errors.Is(err, reporting.ErrRepeated) {
		first := map[string]string{"close": reporting.FieldProblemResult, "reopen": reporting.FieldProblemWhy, "edit": reporting.FieldProblemOwner}
		return a.atField(c, err, cmp.Or(first[st.Do], reporting.FieldProblemText))
	}
	a.wake()
	text := a.say(c, "problem.done."+st.Do, "no", q.No, "id", p.ID, "name", p.Name)
	r := Say(text)
	r.Parts = append(r.Parts, Paragraph(a.problemNow(c, q)))
	if reporting.CanReadProject(c.actor, p) == nil {
		r.Parts = append(r.Parts, Buttons{a.button(c, "problem.of", p.ID, "problems"), a.button(c, "project.show", p.ID, "show")})
	}
	r.Parts = append(r.Parts, a.asOf(c))
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

// problemNow is a problem as it stands, open or closed.
func (a *App) problemNow(c *call, q reporting.Problem) []Span {
	if q.Open() {
		return a.problemLine(c, q)
	}
	return append([]Span{Plain(strconv.Itoa(q.No) + ". " + oneLine(q.Text))}, a.closing(c, q)...)
}

// knownPerson returns the person with the role they act under, the zero Person
// without an id.
func (a *App) knownPerson(c *call, id string) (reporting.Person, error) {
	if id == "" {
		return reporting.Person{}, nil
	}
	p, err := a.store.Person(c.ctx, id)
	if err != nil {
		return p, fmt.Errorf("read person: %w", err)
	}
	p.UserID = id
	if slices.Contains(a.cfg.Admins, id) {
		p.Role = reporting.Admin
	}
	return p, nil
}
