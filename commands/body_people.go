package commands

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// bodyCard shows a body below the line that says what was done with it.
func (a *App) bodyCard(c *call, done string, b reporting.Body) (*Reply, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, err
	}
	none := []Span{Plain(a.say(c, "word.none"))}
	leader, channel := none, none
	if b.LeaderID != "" {
		leader = []Span{{User: b.LeaderID}}
	}
	if b.ChannelID != "" {
		channel = []Span{{Channel: b.ChannelID}}
	}
	label := func(id string) string { return a.say(c, "field.body."+id+".label") }
	parts := []Part{
		Paragraph{Plain(done)},
		Facts{
			{Label: label(reporting.BodyID), Value: []Span{{Text: b.ID, Code: true}}},
			{Label: label(reporting.BodyNameCN), Value: []Span{Plain(b.Name.In(c.locale))}},
			{Label: label(reporting.BodyKind), Value: []Span{Plain(a.say(c, "kind."+string(b.Kind)))}},
			{Label: label(reporting.BodyParent), Value: []Span{Plain(a.nameOf(c, list, b.ParentID))}},
			{Label: label(reporting.BodyLeader), Value: leader},
			{Label: label(reporting.BodyChannel), Value: channel},
		},
	}
	parts = append(parts, a.endNotes(c, list, b)...)
	return &Reply{Text: done, Parts: append(parts, a.bodyButtons(c, b))}, nil
}

func (a *App) bodyButtons(c *call, b reporting.Body) Buttons {
	return Buttons{
		a.button(c, "body.people", b.ID, "body_people"), a.button(c, "body.edit", b.ID, "body_edit"), a.button(c, "body.end", b.ID, "body_end"),
	}
}

// officialsOf returns the officials of a body, by name.
func officialsOf(people []reporting.Person, body string) []reporting.Person {
	var out []reporting.Person
	for _, p := range people {
		if p.Role == reporting.Official && p.BodyID == body {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(x, y reporting.Person) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.UserID, y.UserID))
	})
	return out
}

// bodyPeople answers /body people <body>: who leads it and who files for it.
func (a *App) bodyPeople(c *call) (Response, error) {
	b, err := a.managed(c, "people")
	if err != nil {
		return Response{}, err
	}
	people, err := a.store.People(c.ctx)
	if err != nil {
		return Response{}, err
	}
	title := a.say(c, "body.people.title", "body", b.Label(c.locale))
	leader := []Span{Plain(a.say(c, "word.none"))}
	if b.LeaderID != "" {
		leader = []Span{{User: b.LeaderID}}
	}
	parts := []Part{Heading(title), Facts{{Label: a.say(c, "field.body.leader.label"), Value: leader}}}
	var lines Bullets
	var row Buttons
	for _, p := range officialsOf(people, b.ID) {
		lines = append(lines, []Span{{User: p.UserID}, Plain(" " + p.Name)})
		leave := Button{Action: "body.leave", Value: p.UserID, Label: clipLabel(a.say(c, "button.body_leave", "name", cmp.Or(p.Name, p.UserID)))}
		row = append(row, a.asking(c, leave, "leave"))
	}
	if len(lines) == 0 {
		parts = append(parts, Paragraph{Plain(a.say(c, "body.people.none", "command", a.slash("body")))})
	} else {
		parts = append(parts, Paragraph{Bold(a.say(c, "column.officials"))}, lines)
	}
	if len(row) > 0 {
		parts = append(parts, row[:min(len(row), 10)])
	}
	return Response{Reply: &Reply{Text: title, Parts: append(parts, a.bodyButtons(c, b), a.asOf(c))}}, nil
}

func clipLabel(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 30)])
}

// pressLeave takes the role of the person whose button was pressed away.
func (a *App) pressLeave(c *call) (Response, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return Response{}, err
	}
	return a.assign(c, reporting.Person{UserID: c.value})
}

// assign gives a person a role, or takes it away. Whoever can no longer file
// where they could is asked after: to whom their work goes.
func (a *App) assign(c *call, p reporting.Person) (Response, error) {
	before, e, err := a.assignment(c, &p)
	if reporting.CodeOf(err) == reporting.NotFound {
		// The same command, delivered again, is answered as the first time. There
		// is no version -1: nothing is written.
		p.Version = -1
		if !errors.Is(a.store.AssignPerson(c.ctx, c.once, p, e), reporting.ErrRepeated) {
			return Response{}, err
		}
		r, err := a.assigned(c, p)
		return Response{Reply: r}, err
	}
	if err != nil {
		return Response{}, err
	}
	if reporting.Leaves(before, p) {
		n, err := a.inHandOf(c, before)
		if err != nil {
			return Response{}, err
		}
		if n != (reporting.Handed{}) {
			f, err := a.handoverForm(c, before, p, n)
			return Response{Form: f}, err
		}
	}
	if err := a.store.AssignPerson(c.ctx, c.once, p, e); err != nil && !errors.Is(err, reporting.ErrRepeated) {
		return Response{}, err
	}
	r, err := a.assigned(c, p)
	return Response{Reply: r}, err
}

// assignment checks that the actor may make p of the person that is there and
// returns that one and the event.
func (a *App) assignment(c *call, p *reporting.Person) (reporting.Person, reporting.Event, error) {
	e := reporting.Event{At: c.now.UnixMilli(), Actor: c.actor.UserID, Action: "person.assign", Kind: "person", Subject: p.UserID}
	before, err := a.store.Person(c.ctx, p.UserID)
	if err != nil {
		return before, e, err
	}
	p.Name, p.Version = cmp.Or(p.Name, before.Name), before.Version
	if before.Role != reporting.Stranger {
		// Whoever could not have given somebody their role cannot take it away.
		if err := reporting.CanGrant(c.actor, before.Role); err != nil {
			return before, e, err
		}
		e.Before = before
	}
	if p.Role != reporting.Stranger {
		e.After = *p
		return before, e, reporting.CanGrant(c.actor, p.Role)
	}
	e.Action = "person.leave"
	switch {
	case slices.Contains(a.cfg.Admins, p.UserID):
		err = reporting.Fail(reporting.Conflict, "err.assign.config")
	case before.Role == reporting.Stranger:
		err = reporting.Fail(reporting.NotFound, "err.assign.nobody")
	}
	return before, e, err
}

// assigned says what somebody is now.
func (a *App) assigned(c *call, p reporting.Person) (*Reply, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, err
	}
	text := a.say(c, "assign.none")
	switch {
	case p.Role == reporting.Official:
		text = a.say(c, "assign.done.body", "role", a.say(c, "role."+string(p.Role)), "body", a.nameOf(c, list, p.BodyID))
	case p.Role != reporting.Stranger:
		text = a.say(c, "assign.done", "role", a.say(c, "role."+string(p.Role)))
	}
	return &Reply{Text: text, Parts: []Part{Paragraph{{User: p.UserID}, Plain(a.say(c, "word.colon") + text)}}}, nil
}

// inHandOf counts what a leaver has in hand for the body they leave.
func (a *App) inHandOf(c *call, p reporting.Person) (reporting.Handed, error) {
	var n reporting.Handed
	drafts, err := a.store.DraftsOf(c.ctx, p.UserID)
	if err != nil {
		return n, err
	}
	for _, d := range drafts {
		if p.BodyID == "" || d.BodyID == p.BodyID {
			n.Drafts++
		}
	}
	page, err := a.store.ListProjects(c.ctx, reporting.ProjectFilter{
		Body: p.BodyID, FiledBy: p.UserID, Status: []reporting.Status{reporting.Submitted, reporting.Returned}, Limit: 1,
	})
	if err != nil {
		return n, err
	}
	problems, err := a.store.ListProblems(c.ctx, reporting.ProblemFilter{Owner: p.UserID, Limit: 1})
	n.Projects, n.Problems = page.Total, problems.Total
	return n, err
}

// leaving is what the form of a handover carries: the person as they will be,
// with the version that was seen.
type leaving struct {
	Person  reporting.Person
	Channel string
}

// wholeBody is the choice that leaves the work to any official of the body.
const wholeBody = "-"

// handoverForm asks to whom a leaver's work goes.
func (a *App) handoverForm(c *call, before, after reporting.Person, n reporting.Handed) (*Form, error) {
	people, err := a.store.People(c.ctx)
	if err != nil {
		return nil, err
	}
	state, err := json.Marshal(leaving{Person: after, Channel: c.channel})
	if err != nil {
		return nil, err
	}
	to := Field{
		ID: "to", Kind: SelectField, Label: a.say(c, "field.handover.to.label"), Hint: a.say(c, "field.handover.to.hint"), Value: wholeBody,
		Options: []Option{{Value: wholeBody, Label: a.say(c, "form.handover.body")}},
	}
	for _, p := range officialsOf(people, before.BodyID) {
		if before.Role == reporting.Official && p.UserID != before.UserID && len(to.Options) < 100 {
			to.Options = append(to.Options, Option{Value: p.UserID, Label: cmp.Or(p.Name, p.UserID)})
		}
	}
	what := []Span{{User: before.UserID}, Plain(a.say(c, "form.handover.what", "drafts", n.Drafts, "projects", n.Projects, "problems", n.Problems))}
	return &Form{
		ID: "body.handover", Title: a.say(c, "form.handover.title"), Submit: a.say(c, "form.handover.submit"), Close: a.say(c, "button.close"),
		Locale: c.locale, State: string(state), Fields: []Field{{ID: "what", Kind: InfoField, Text: what}, to},
	}, nil
}

// submitHandover changes the role and hands the work over, both or neither.
func (a *App) submitHandover(c *call, in Input) (SubmitResult, error) {
	var st leaving
	if err := json.Unmarshal([]byte(in.State), &st); err != nil {
		return SubmitResult{}, &reporting.Error{Code: reporting.NotFound, Key: "err.form.unknown", Err: err}
	}
	p := st.Person
	before, e, err := a.assignment(c, &p)
	// Who is gone already has left by this very submission, delivered before, or
	// somebody was faster: the store knows.
	if err != nil && reporting.CodeOf(err) != reporting.NotFound {
		return SubmitResult{}, err
	}
	p.Version = st.Person.Version
	to := in.Values["to"]
	if to == wholeBody {
		to = ""
	}
	n, err := a.inHandOf(c, before)
	if err != nil {
		return SubmitResult{}, err
	}
	heir, err := a.heirOf(c, before)
	if err != nil {
		return SubmitResult{}, err
	}
	h, err := reporting.NewHandover(c.actor, before, to, heir, n, c.now.UnixMilli())
	if err != nil {
		return SubmitResult{}, err
	}
	moved, err := a.store.HandOver(c.ctx, c.once, p, h, e)
	repeated := errors.Is(err, reporting.ErrRepeated)
	if err != nil && !repeated {
		return SubmitResult{}, err
	}
	a.wake()
	r, err := a.assigned(c, p)
	if err != nil || repeated {
		return SubmitResult{Tell: r, TellIn: st.Channel}, err
	}
	text := []Span{Plain(a.say(c, "handover.body", "drafts", moved.Drafts, "projects", moved.Projects))}
	if to != "" {
		text = []Span{Plain(a.say(c, "handover.done", "drafts", moved.Drafts, "projects", moved.Projects)), {User: to}}
	}
	r.Parts = append(r.Parts, Paragraph(text))
	switch {
	case moved.Problems > 0 && h.Problems != "":
		r.Parts = append(r.Parts, Paragraph{Plain(a.say(c, "handover.problems", "n", moved.Problems)), {User: h.Problems}})
	case moved.Problems > 0:
		r.Parts = append(r.Parts, Paragraph{Plain(a.say(c, "handover.problems_left", "n", moved.Problems))})
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

// heirOf returns the first official of a leaver's body who stays, "" when there
// is none.
func (a *App) heirOf(c *call, leaver reporting.Person) (string, error) {
	people, err := a.store.People(c.ctx)
	if err != nil || leaver.Role != reporting.Official {
		return "", err
	}
	for _, p := range officialsOf(people, leaver.BodyID) {
		if p.UserID != leaver.UserID {
			return p.UserID, nil
		}
	}
	return "", nil
}

// composeHandedOver tells an official that a leaver's work is now theirs.
func (a *App) composeHandedOver(c *call, m reporting.Message) (Outgoing, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Outgoing{}, err
	}
	text := a.say(c, "handover.told", "body", a.nameOf(c, list, m.BodyID), "drafts", m.Args["drafts"], "projects", m.Args["projects"], "problems", cmp.Or(m.Args["problems"], "0"))
	return Outgoing{Channel: m.To, Locale: c.locale, Reply: &Reply{Text: text, Parts: []Part{
		Paragraph{{User: m.Args["from"]}, Plain(a.say(c, "word.colon") + text)},
		Buttons{a.button(c, "project.mine", "", "mine")},
	}}}, nil
}
