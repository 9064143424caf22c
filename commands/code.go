package commands

import "github.com/mouhua/mouhua/reporting"

// code answers /project code: the form, or the code as it was typed.
func (a *App) code(c *call) (Response, error) {
	id, err := a.number(c, "project", "code")
	if err != nil {
		return Response{}, err
	}
	if len(c.words) > 1 {
		r, err := a.giveCode(c, id, c.words[1])
		return Response{Reply: r}, err
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
	r, err := a.giveCode(c, st.Project, in.Values[reporting.FieldCode])
	if err != nil {
		return a.atField(c, err, reporting.FieldCode)
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

func (a *App) giveCode(c *call, id, code string) (*Reply, error) {
	p, err := a.alter(c, id, func(p reporting.Project) (reporting.Change, error) {
		return reporting.SetCode(c.actor, p, code, c.day, c.now.UnixMilli())
	})
	if err != nil {
		return nil, err
	}
	r := Say(a.say(c, "code.done", "id", p.ID, "name", p.Name, "code", a.orNone(c, p.Code)))
	if _, away, err := reporting.ParseProjectCode(p.Code, c.day); err == nil && away {
		r.Parts = append(r.Parts, Paragraph{Bold(a.say(c, "code.away"))})
	}
	r.Parts = append(r.Parts, Buttons{a.button(c, "project.show", p.ID, "show")}, a.asOf(c))
	return r, nil
}
