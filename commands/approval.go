package commands

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// approvalActions are the buttons about checklists of approvals.
func (a *App) approvalActions() map[string]handler {
	return map[string]handler{
		"approval.of":     a.pressed(a.approvals),
		"approval.kind":   a.pressed(a.approvalDo("kind")),
		"approval.tick":   a.pressed(a.approvalDo("tick")),
		"approval.untick": a.pressed(a.approvalDo("untick")),
		"approval.stuck":  a.pressed(a.list), // of a nudge, which stays
	}
}

// approvalForms are the forms about checklists of approvals.
func (a *App) approvalForms() map[string]formHandler {
	return map[string]formHandler{"approval": {submit: a.submitApproval}}
}

// stuckDays is for how long an approval may wait.
func (a *App) stuckDays() int { return cmp.Or(a.cfg.StuckDays, reporting.StuckDays) }

// approvals answers /project approvals: the checklist of a project, or the form
// that chooses its kind when nobody has yet.
func (a *App) approvals(c *call) (Response, error) {
	p, ticks, err := a.checklist(c)
	if err != nil {
		return Response{}, err
	}
	if err := reporting.CanReadProject(c.actor, p); err != nil {
		return Response{}, err
	}
	if p.ApprovalKind == "" && a.tends(c, p) {
		f, err := a.approvalForm(c, p, ticks, "kind")
		return Response{Form: f}, err
	}
	return Response{Reply: a.checklistReply(c, p, ticks, "")}, nil
}

func (a *App) checklist(c *call) (reporting.Project, []reporting.Tick, error) {
	p, err := a.named(c, "project", "approvals")
	if err != nil {
		return p, nil, err
	}
	ticks, err := a.store.Ticks(c.ctx, p.ID)
	if err != nil {
		return p, nil, fmt.Errorf("read approvals: %w", err)
	}
	return p, ticks, nil
}

// tends reports whether the asker may change p's checklist now.
func (a *App) tends(c *call, p reporting.Project) bool {
	p.ApprovalKind = ""
	return errOnly(reporting.ChooseApproval(c.actor, p, nil, 0, reporting.ApprovalKinds[0], c.catalogue, c.day, 1)) == nil
}

// checklistReply shows the items in order, below the line that says what was
// done with them.
func (a *App) checklistReply(c *call, p reporting.Project, ticks []reporting.Tick, done string) *Reply {
	title := a.say(c, "approval.title", "id", p.ShortID(), "name", p.Name)
	r := &Reply{Text: cmp.Or(done, title)}
	if done != "" {
		r.Parts = append(r.Parts, Paragraph{Plain(done)})
	}
	facts := Facts{a.told(c, reporting.FieldApprovalKind, Plain(a.approvalKind(c, p))), a.told(c, reporting.FieldCode, Plain(a.orNone(c, p.Code)))}
	r.Parts = append(r.Parts, Heading(title), facts)
	if p.ApprovalKind != "" {
		r.Parts = append(r.Parts, Paragraph(a.approvalLine(c, p, ticks)), a.itemLines(c, p, ticks))
	}
	if b := a.approvalButtons(c, p, ticks); len(b) > 0 {
		r.Parts = append(r.Parts, b)
	}
	r.Parts = append(r.Parts, a.asOf(c))
	return r
}

func (a *App) approvalKind(c *call, p reporting.Project) string {
	if p.ApprovalKind == "" {
		return a.say(c, "approval.none")
	}
	return a.say(c, "approval.kind."+p.ApprovalKind)
}

// itemLines are the items, ticked ones with day and number.
func (a *App) itemLines(c *call, p reporting.Project, ticks []reporting.Tick) Bullets {
	var lines Bullets
	for _, e := range reporting.ChecklistItems(p, ticks, c.catalogue) {
		i := slices.IndexFunc(ticks, func(t reporting.Tick) bool { return t.Item == e.ID })
		switch name := e.Name.In(c.locale); {
		case i >= 0:
			lines = append(lines, []Span{Plain("✓ " + name + " · " + a.date(c, ticks[i].DoneOn) + " " + ticks[i].DocNo)})
		case e.ID == p.ApprovalNext:
			lines = append(lines, []Span{Plain("○ "), Bold(name), Plain(a.say(c, "approval.waits", "day", a.date(c, p.ApprovalSince)))})
		default:
			lines = append(lines, []Span{Plain("○ " + name)})
		}
	}
	return lines
}

// approvalLine says how far the checklist is, what is next, and whether that
// waits for too long.
func (a *App) approvalLine(c *call, p reporting.Project, ticks []reporting.Tick) []Span {
	items := reporting.ChecklistItems(p, ticks, c.catalogue)
	line := []Span{Plain(a.say(c, "approval.progress", "done", len(ticks), "of", len(items)))}
	if p.ApprovalNext == "" {
		return line
	}
	line = append(line, Plain(a.say(c, "approval.next", "item", a.nextItem(c, p), "day", a.date(c, p.ApprovalSince))))
	if p.Stuck(a.stuckDays(), c.day) {
		line = append(line, Bold(a.say(c, "approval.stuck", "n", reporting.DaysBetween(p.ApprovalSince, c.day))))
	}
	return line
}

// nextItem is the name of the item that p waits for.
func (a *App) nextItem(c *call, p reporting.Project) string {
	return c.catalogue.Label(reporting.ApprovalList(p.ApprovalKind), p.ApprovalNext, c.locale)
}

func (a *App) approvalButtons(c *call, p reporting.Project, ticks []reporting.Tick) Buttons {
	if !a.tends(c, p) {
		return nil
	}
	var b Buttons
	if p.ApprovalNext != "" {
		tick := a.button(c, "approval.tick", p.ID, "approval_tick")
		tick.Style = "primary"
		b = append(b, tick)
	}
	if len(ticks) > 0 {
		b = append(b, a.button(c, "approval.untick", p.ID, "approval_untick"))
	}
	b = append(b, a.button(c, "approval.kind", p.ID, "approval_kind"))
	if p.Code == "" && errOnly(reporting.SetCode(c.actor, p, "", c.day, 1)) == nil {
		b = append(b, a.button(c, "project.code", p.ID, "code"))
	}
	return b
}

// approvalDo opens the form that chooses the kind, ticks or unticks.
func (a *App) approvalDo(do string) handler {
	return func(c *call) (Response, error) {
		p, ticks, err := a.checklist(c)
		if err != nil {
			return Response{}, err
		}
		v := map[string]string{reporting.FieldApprovalWhy: "?"}
		if len(ticks) > 0 {
			v[reporting.FieldApprovalItem] = ticks[0].Item
		}
		var e *reporting.Error
		var faults reporting.FieldErrors
		_, err = a.decideApproval(c, do, p, ticks, 0, v)
		if err != nil && !errors.As(err, &faults) && !(errors.As(err, &e) && e.Code == reporting.Invalid) {
			return Response{}, err
		}
		f, err := a.approvalForm(c, p, ticks, do)
		return Response{Form: f}, err
	}
}

func (a *App) decideApproval(c *call, do string, p reporting.Project, ticks []reporting.Tick, seen int, v map[string]string) (reporting.Change, error) {
	at := c.now.UnixMilli()
	switch do {
	case "kind":
		return reporting.ChooseApproval(c.actor, p, ticks, seen, v[reporting.FieldApprovalKind], c.catalogue, c.day, at)
	case "tick":
		return reporting.TickApproval(c.actor, p, ticks, seen, v, c.catalogue, c.day, at)
	case "untick":
		return reporting.UntickApproval(c.actor, p, ticks, seen, v[reporting.FieldApprovalItem], v[reporting.FieldApprovalWhy], c.catalogue, at)
	}
	return reporting.Change{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
}

// approvalForm is the form that chooses the kind, ticks or unticks one item.
func (a *App) approvalForm(c *call, p reporting.Project, ticks []reporting.Tick, do string) (*Form, error) {
	f, err := a.lifeForm(c, "approval", do, p, a.say(c, "approval.note."+do))
	if err != nil {
		return nil, err
	}
	f.Title, f.Submit = a.say(c, "approval.title."+do, "id", p.ShortID()), a.say(c, "button.approval_"+do)
	field := func(id string, kind FieldKind) Field {
		return Field{ID: id, Kind: kind, Label: a.say(c, "field."+id+".label")}
	}
	if do == "kind" {
		kinds := field(reporting.FieldApprovalKind, SelectField)
		for _, k := range reporting.ApprovalKinds {
			kinds.Options = append(kinds.Options, Option{Value: k, Label: a.say(c, "approval.kind."+k), Description: a.say(c, "approval.kind."+k+".what")})
		}
		kinds.Value = p.ApprovalKind
		f.Fields = append(f.Fields, kinds)
		return f, nil
	}
	items := field(reporting.FieldApprovalItem, SelectField)
	items.Placeholder = a.say(c, "approval.no_items")
	for _, e := range reporting.ChecklistItems(p, ticks, c.catalogue) {
		done := slices.ContainsFunc(ticks, func(t reporting.Tick) bool { return t.Item == e.ID })
		if done == (do == "untick") {
			items.Options = append(items.Options, Option{Value: e.ID, Label: e.Name.In(c.locale)})
		}
	}
	if do == "untick" {
		why := field(reporting.FieldApprovalWhy, LongField)
		why.Hint, why.MaxLen = a.say(c, "field.why.hint"), 500
		f.Fields = append(f.Fields, items, why)
		return f, nil
	}
	items.Value = p.ApprovalNext
	done, doc := field(reporting.FieldApprovalDone, DateField), field(reporting.FieldApprovalDoc, TextField)
	done.Value, doc.Optional, doc.MaxLen, doc.Hint = c.day.String(), true, reporting.MaxDocNo, a.say(c, "field.approval_doc.hint")
	f.Fields = append(f.Fields, items, done, doc)
	return f, nil
}

func (a *App) submitApproval(c *call, in Input) (SubmitResult, error) {
	st, err := readLiving(in.State)
	first := map[string]string{
		"kind": reporting.FieldApprovalKind, "tick": reporting.FieldApprovalItem, "untick": reporting.FieldApprovalWhy,
	}[st.Do]
	if err != nil || first == "" {
		return SubmitResult{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	p, err := a.store.ChangeApprovals(c.ctx, c.once, st.Project, func(p reporting.Project, ticks []reporting.Tick) (reporting.Change, error) {
		return a.decideApproval(c, st.Do, p, ticks, st.Version, in.Values)
	})
	if err != nil && !errors.Is(err, reporting.ErrRepeated) {
		var e *reporting.Error
		if errors.As(err, &e) && e.Field == fieldReason {
			err = e.At(reporting.FieldApprovalWhy)
		}
		return a.atField(c, err, first)
	}
	ticks, err := a.store.Ticks(c.ctx, p.ID)
	if err != nil {
		return SubmitResult{}, fmt.Errorf("read approvals: %w", err)
	}
	item := c.catalogue.Label(reporting.ApprovalList(p.ApprovalKind), in.Values[reporting.FieldApprovalItem], c.locale)
	done := a.say(c, "approval.done."+st.Do, "id", p.ID, "item", item, "kind", a.approvalKind(c, p))
	return SubmitResult{Tell: a.checklistReply(c, p, ticks, done), TellIn: st.Channel}, nil
}
