package commands

import (
	"errors"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// goesOn refuses what an ended body no longer does, in the words of the asker.
func (a *App) goesOn(c *call, b reporting.Body) error {
	err := reporting.CanBegin(b, c.day)
	var e *reporting.Error
	if errors.As(err, &e) {
		return reporting.Fail(e.Code, e.Key, "body", b.Label(c.locale), "day", a.date(c, b.EndsOn))
	}
	return err
}

// mayBegin is goesOn by id.
func (a *App) mayBegin(c *call, id string) error {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return err
	}
	b, _ := list.Find(id)
	return a.goesOn(c, b)
}

// goingOn finds the bodies that a new project may name: those that have not
// ended. A project that is there keeps what it has.
func (a *App) goingOn(c *call, st filing, find reporting.Lookup) reporting.Register {
	reg := reporting.Register{Body: find, Catalogue: c.catalogue}
	if st.Project == "" {
		reg.Body = func(id string) (reporting.Body, bool) {
			b, ok := find(id)
			return b, ok && !b.Ended(c.day)
		}
	}
	return reg
}

// labelled is the name of a body in a table as of a day.
func (a *App) labelled(c *call, b reporting.Body, day reporting.Date) string {
	if b.Ended(day) {
		return a.say(c, "body.ended.label", "body", b.Label(c.locale))
	}
	return b.Label(c.locale)
}

// endNotes say that a body ends or has ended, why, and what follows it.
func (a *App) endNotes(c *call, list *reporting.BodyList, b reporting.Body) []Part {
	if b.EndsOn.IsZero() {
		return nil
	}
	text := a.say(c, "body.ended.note", "day", a.date(c, b.EndsOn), "reason", b.EndReason)
	if b.SuccessorID != "" {
		text += a.say(c, "body.ended.successor", "body", a.nameOf(c, list, b.SuccessorID))
	}
	return []Part{Note{Plain(text)}}
}

// goesOnField offers to take a body's end back.
func (a *App) goesOnField(c *call, b reporting.Body) Field {
	return Field{
		ID: reporting.BodyGoesOn, Kind: SelectField, Optional: true, Label: a.say(c, "field.body.goes_on.label"),
		Hint:    a.say(c, "body.ended.note", "day", a.date(c, b.EndsOn), "reason", clip(b.EndReason)),
		Options: []Option{{Value: reporting.GoesOn, Label: a.say(c, "form.body.goes_on")}},
	}
}

// bodyEnd answers /body end <body>: the form of its last day.
func (a *App) bodyEnd(c *call) (Response, error) {
	b, err := a.managed(c, "end")
	if err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	day := c.day
	if !b.EndsOn.IsZero() {
		day = b.EndsOn
	}
	field := func(kind FieldKind, id, value string) Field {
		return Field{
			ID: id, Kind: kind, Label: a.say(c, "field.body."+id+".label"), Hint: a.say(c, "field.body."+id+".hint"),
			Value: value, MaxLen: reporting.BodyLimit(id),
		}
	}
	next := a.searchAnyBody(c, field(SearchField, reporting.BodySuccessor, b.SuccessorID), list)
	next.Optional = true
	return Response{Form: &Form{
		ID: "body.end", Title: a.say(c, "form.body.end"), Submit: a.say(c, "form.body.end.submit"), Close: a.say(c, "button.close"),
		Locale: c.locale, State: editing{Body: b.ID, Version: b.Version, Channel: c.channel}.String(),
		Fields: []Field{
			{ID: "of", Kind: InfoField, Text: []Span{Bold(b.Label(c.locale)), Plain(a.say(c, "form.body.end.what"))}},
			field(TextField, reporting.BodyLastDay, day.String()),
			field(LongField, reporting.BodyWhy, b.EndReason), next,
		},
	}}, nil
}

// submitEnd writes a body's last day and says what does not follow by itself.
func (a *App) submitEnd(c *call, in Input) (SubmitResult, error) {
	st, err := readEditing(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return SubmitResult{}, err
	}
	old, ok := list.Find(st.Body)
	if !ok {
		return SubmitResult{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(st.Body))
	}
	b, e, err := reporting.EndBody(c.actor, in.Values, old, list, c.now.UnixMilli())
	if err != nil {
		return a.faults(c, err)
	}
	b.Version = st.Version
	if err := a.store.SaveBody(c.ctx, c.once, b, e); err != nil && !errors.Is(err, reporting.ErrRepeated) {
		return SubmitResult{}, err
	}
	reply, err := a.endedReply(c, b)
	return SubmitResult{Tell: reply, TellIn: st.Channel}, err
}

func (a *App) endedReply(c *call, b reporting.Body) (*Reply, error) {
	r, err := a.bodyCard(c, a.say(c, "body.end.done", "body", b.Label(c.locale), "day", a.date(c, b.EndsOn)), b)
	if err != nil {
		return nil, err
	}
	s, err := a.standing(c, b.ID, c.day.Year)
	if err != nil {
		return nil, err
	}
	w, err := a.store.Waiting(c.ctx, b.ID)
	if err != nil {
		return nil, err
	}
	lines := Bullets{{Plain(a.say(c, "body.end.history"))}}
	if s.Owes() > 0 {
		lines = append(lines, []Span{
			Plain(a.say(c, "body.end.quota", "n", count(s.Owes()), "year", c.day.Year)),
			{Text: strings.Join([]string{a.slash("quota"), "set", b.Label(c.locale)}, " "), Code: true},
		})
	}
	if n := w.DraftTotal + w.ReturnedTotal; n > 0 {
		lines = append(lines, []Span{Plain(a.say(c, "body.end.waiting", "drafts", w.DraftTotal, "returned", w.ReturnedTotal))})
	}
	// What does not follow by itself comes before the buttons.
	last := len(r.Parts) - 1
	r.Parts = append(r.Parts[:last:last], lines, r.Parts[last])
	return r, nil
}
