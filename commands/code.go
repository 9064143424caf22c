package commands

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mouhua/mouhua/reporting"
)

// code answers /project code: the form, or the code as it was typed.
func (a *App) code(c *call) (Response, error) {
	id, err := a.number(c, "project", "code")
	if err != nil {
		return Response{}, err
	}
	if len(c.words) > 1 {
		r, ask, err := a.giveCode(c, id, c.words[1])
		return Response{Reply: r, Form: ask}, err
	}
	p, err := a.project(c, id)
	if err != nil {
		return Response{}, err
	}
	if _, err := reporting.SetCode(c.actor, p, "", c.day, 1); err != nil {
		return Response{}, err
	}
	f, err := a.lifeForm(c, "project.code", "", p, a.say(c, "code.note"))
	if err != nil {
		return Response{}, err
	}
	f.Title, f.Submit = a.say(c, "code.title", "id", p.ShortID()), a.say(c, "button.submit")
	f.Fields = append(f.Fields, Field{
		ID: reporting.FieldCode, Kind: TextField, Label: a.say(c, "field.code.label"), Hint: a.say(c, "field.code.hint"),
		Value: p.Code, Optional: true, MaxLen: 40,
	})
	return Response{Form: f}, nil
}

func (a *App) submitCode(c *call, in Input) (SubmitResult, error) {
	st, err := readLiving(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	c.channel = st.Channel // where a form on top of this one answers
	r, ask, err := a.giveCode(c, st.Project, in.Values[reporting.FieldCode])
	if err != nil {
		return a.atField(c, err, reporting.FieldCode)
	}
	if ask != nil {
		return SubmitResult{Next: ask}, nil
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

// giveCode gives a project its code, or returns the form that asks why another
// project may have it, too.
func (a *App) giveCode(c *call, id, code string) (*Reply, *Form, error) {
	p, err := a.project(c, id)
	if err != nil {
		return nil, nil, err
	}
	would, err := reporting.SetCode(c.actor, p, code, c.day, 1)
	if err != nil {
		return nil, nil, err
	}
	for range 2 { // somebody may give the same code between our look and our word
		if ask, err := a.codeTaken(c, p, would.Project); ask != nil || err != nil {
			return nil, ask, err
		}
		p, err = a.alter(c, id, func(p reporting.Project) (reporting.Change, error) {
			return reporting.SetCode(c.actor, p, code, c.day, c.now.UnixMilli())
		})
		if !taken(err) {
			break
		}
	}
	if err != nil {
		return nil, nil, err
	}
	return a.codeGiven(c, p), nil, nil
}

// taken reports whether err says that another project has the code.
func taken(err error) bool {
	var e *reporting.Error
	return errors.As(err, &e) && e.Key == "err.code.taken"
}

func (a *App) codeGiven(c *call, p reporting.Project) *Reply {
	r := Say(a.say(c, "code.done", "id", p.ID, "name", p.Name, "code", a.orNone(c, p.Code)))
	if _, away, err := reporting.ParseProjectCode(p.Code, c.day); err == nil && away {
		r.Parts = append(r.Parts, Paragraph{Bold(a.say(c, "code.away"))})
	}
	r.Parts = append(r.Parts, Buttons{a.button(c, "project.show", p.ID, "show")}, a.asOf(c))
	return r
}

// sharing is what the form carries that asks why two projects have one code.
type sharing struct {
	Project string `json:"p"`
	Other   string `json:"o"`
	Code    string `json:"k"`
	Channel string `json:"c,omitempty"`
}

// codeTaken returns the form that shows which projects have the code that p is
// to be given and asks why, nil when none has it that p is not linked with.
func (a *App) codeTaken(c *call, p, would reporting.Project) (*Form, error) {
	if would.Code == "" || would.Code == p.Code {
		return nil, nil
	}
	like, err := a.store.Alike(c.ctx, reporting.Project{ID: p.ID, Guards: reporting.Guards{Code: would.Code}})
	if err != nil {
		return nil, fmt.Errorf("look project code up: %w", err)
	}
	if reporting.MayShareCode(would, like) == nil {
		return nil, nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	other := reporting.Foremost(would, like)
	state, err := json.Marshal(sharing{Project: p.ID, Other: other.ID, Code: would.Code, Channel: c.channel})
	if err != nil {
		return nil, fmt.Errorf("write form state: %w", err)
	}
	key := "code.taken"
	if other.ReporterBody == p.ReporterBody {
		key = "code.taken_own"
	}
	f := &Form{
		ID: "project.share_code", State: string(state), Locale: c.locale, Title: a.say(c, "code.title", "id", p.ShortID()),
		Submit: a.say(c, "code.share"), Close: a.say(c, "button.cancel"),
		Fields: []Field{{ID: "found", Kind: InfoField, Text: []Span{Plain(a.say(c, key, "code", would.Code, "id", p.ID))}}},
	}
	f.Fields = append(append(f.Fields, a.likeFields(c, list, like)...), a.anywayField(c))
	return f, nil
}

// submitShared gives the code all the same, with the reason.
func (a *App) submitShared(c *call, in Input) (SubmitResult, error) {
	var st sharing
	if err := json.Unmarshal([]byte(in.State), &st); err != nil || st.Project == "" || st.Other == "" || st.Project == st.Other {
		return SubmitResult{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	changed, err := a.store.ChangeProjects(c.ctx, c.once, []string{st.Project, st.Other}, func(p []reporting.Project) ([]reporting.Change, error) {
		return reporting.ShareCode(c.actor, p[0], p[1], st.Code, in.Values[reporting.FieldAnyway], a.rules(), c.day, c.now.UnixMilli())
	})
	if err != nil && !errors.Is(err, reporting.ErrRepeated) {
		return a.atAnyway(c, err)
	}
	a.wake()
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return SubmitResult{}, fmt.Errorf("read bodies: %w", err)
	}
	r := a.codeGiven(c, changed[0])
	var more []Part
	for _, p := range changed {
		if p.HeldBy != "" {
			more = append(more, Paragraph{Bold(a.say(c, "pair.held", "id", p.ID, "body", a.nameOf(c, list, p.ReporterBody), "other", p.HeldBy))})
		}
	}
	r.Parts = append(r.Parts[:1:1], append(more, r.Parts[1:]...)...)
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

// atAnyway puts every refusal at the field of the reason; the other fields are
// on the pages below.
func (a *App) atAnyway(c *call, err error) (SubmitResult, error) {
	var faults reporting.FieldErrors
	var e *reporting.Error
	switch {
	case errors.As(err, &faults) && len(faults) > 0:
		err = faults[0].At(reporting.FieldAnyway)
	case errors.As(err, &e) && e.Field != "":
		err = e.At(reporting.FieldAnyway)
	}
	return a.atField(c, err, reporting.FieldAnyway)
}
