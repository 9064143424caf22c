package commands

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// writeAnswers answer what asks for something to be written: a card shows what
// it would be, and nothing is written before somebody presses.
func (a *App) writeAnswers() map[question.Intent]answerer {
	return map[question.Intent]answerer{
		question.SetStage: a.stageCard, question.ProjectUpdate: a.updateCard, question.ProjectWithdraw: a.withdrawCard,
		question.ReviewQueue: a.asCommand(a.queue), question.ReviewApprove: a.approveCard, question.ReviewReturn: a.returnCard,
		question.QuotaAdjust: a.adjustCard, question.QuotaAdjustHistory: a.adjustHistory,
		question.NudgeSettings: a.nudgeCard,
	}
}

// writeActions are the buttons of cards that no other answer has.
func (a *App) writeActions() map[string]handler {
	return map[string]handler{
		"ask.return": a.pressReturnWith, "ask.edit": a.pressEditWith, "ask.nudge": a.pressNudgeWith, "ask.snooze": a.pressed(a.nudgeSnooze),
	}
}

// card is what would be written, with the buttons that do it.
func (a *App) writeCard(c *call, title string, parts []Part, buttons ...Button) Response {
	all := append([]Part{Paragraph{Bold(title)}}, parts...)
	return Response{Reply: &Reply{Text: title, Parts: append(all, Buttons(buttons), Note{Plain(a.say(c, "answer.not_yet"))})}}
}

func primary(b Button) Button {
	b.Style = "primary"
	return b
}

// reasonFact is the reason that was said, nothing without one.
func (a *App) reasonFact(c *call, reason string) Facts {
	if reason == "" {
		return nil
	}
	return Facts{{Label: a.say(c, "word.reason"), Value: []Span{Plain(reason)}}}
}

// stageCard shows the stage that a project would come to: the next one by its
// body, any other by the office.
func (a *App) stageCard(c *call, q question.Reading) (Response, error) {
	p, choice, err := a.projectAsked(c, q)
	if err != nil || choice != nil {
		return Response{Reply: choice}, err
	}
	if err := reporting.CanReadProject(c.actor, p); err != nil {
		return Response{}, err
	}
	reason := q.Slots[question.Reason]
	next, notNext := reporting.NextStage(c.actor, p)
	to := cmp.Or(reporting.Stage(q.Slots[question.Stage]), next)
	b := a.button(c, "project.advance", p.ID, "advance")
	note := a.say(c, "stage.needs."+string(to))
	if notNext != nil || to != next {
		_, err := reporting.SetStage(c.actor, p, to, "?", c.day, 1)
		if err != nil && notNext != nil && !c.actor.OfOffice() {
			err = notNext
		}
		if err != nil {
			return Response{}, err
		}
		b, note = a.button(c, "project.stage", strings.TrimSpace(p.ID+" "+string(to)+" "+clipName(reason)), "stage"), a.say(c, "life.note.stage")
	}
	facts := append(Facts{a.told(c, "stage", Plain(a.stageName(c, p.Stage)+" → "+a.stageName(c, to)))}, a.reasonFact(c, reason)...)
	title := a.say(c, "answer.stage", "id", p.ID, "stage", a.stageName(c, to))
	return a.writeCard(c, title, []Part{Paragraph(projectLine(p)), facts, Paragraph{Plain(note)}}, primary(b), a.button(c, "project.show", p.ID, "show")), nil
}

// changesSaid are the fields of a project that a sentence changes.
func changesSaid(q question.Reading) map[string]string {
	out := map[string]string{}
	if w, err := strconv.Atoi(q.Slots[question.Invest]); err == nil {
		out[reporting.FieldInvest] = reporting.Wan(w).String()
	}
	if q.Slots[question.Project] != "" && q.Slots[question.Name] != "" {
		out[reporting.FieldName] = q.Slots[question.Name]
	}
	if p := q.Slots[question.SubPath]; p != "" {
		out[reporting.FieldPath] = p
	}
	return out
}

// updateCard shows what would change of a project: what was filed, or the note of
// its progress.
func (a *App) updateCard(c *call, q question.Reading) (Response, error) {
	p, choice, err := a.projectAsked(c, q)
	if err != nil || choice != nil {
		return Response{Reply: choice}, err
	}
	changes := changesSaid(q)
	if len(changes) == 0 {
		if err := mayUpdate(c, p); err != nil {
			return Response{}, err
		}
		value := strings.TrimSpace(p.ID + " " + clipName(q.Slots[question.Reason]))
		return a.writeCard(c, a.say(c, "answer.update", "id", p.ID), []Part{Paragraph(projectLine(p))}, primary(a.button(c, "project.update", value, "update")),
			a.button(c, "project.show", p.ID, "show")), nil
	}
	if err := reporting.BeginEdit(c.actor, p); err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	after := p
	after.Name = cmp.Or(changes[reporting.FieldName], p.Name)
	after.Path = reporting.Path(cmp.Or(changes[reporting.FieldPath], string(p.Path)))
	if w, err := strconv.Atoi(q.Slots[question.Invest]); err == nil {
		after.InvestTotal = reporting.Wan(w)
	}
	parts := []Part{Paragraph(projectLine(p)), a.changeLines(c, list, p, after)}
	parts = append(parts, a.quotaEffect(c, list, p, after)...)
	if p.Status == reporting.Verified {
		parts = append(parts, Paragraph{Plain(a.say(c, "answer.edit.reviewed"))})
	}
	value := carry(question.Reading{Intent: question.ProjectUpdate, Slots: q.Slots})
	return a.writeCard(c, a.say(c, "answer.edit", "id", p.ID), parts, primary(a.button(c, "ask.edit", carryFor(value, p.ID), "edit")), a.button(c, "project.show", p.ID, "show")), nil
}

// withdrawCard shows what would be withdrawn.
func (a *App) withdrawCard(c *call, q question.Reading) (Response, error) {
	p, choice, err := a.projectAsked(c, q)
	if err != nil || choice != nil {
		return Response{Reply: choice}, err
	}
	if err := a.tryLife(c, "withdraw", p); err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	reason := q.Slots[question.Reason]
	parts := []Part{Paragraph(projectLine(p))}
	if f := a.reasonFact(c, reason); f != nil {
		parts = append(parts, f)
	}
	after := p
	after.Status, after.EndedOn = reporting.Withdrawn, c.day
	if _, lost := reporting.Effect(p, after, a.rules()); len(lost) > 0 {
		parts = append(parts, Paragraph{Plain(a.say(c, "effect.from", "year", lost[0].Year, "bodies", a.credited(c, list, lost)))})
	}
	parts = append(parts, Paragraph{Plain(a.say(c, "life.note.withdraw"))})
	b := a.button(c, "project.withdraw", strings.TrimSpace(p.ID+" "+clipName(reason)), "withdraw")
	b.Style = "danger"
	return a.writeCard(c, a.say(c, "answer.withdraw", "id", p.ID), parts, b, a.button(c, "project.show", p.ID, "show")), nil
}

// approveCard shows what would be approved, with the buttons of the queue.
func (a *App) approveCard(c *call, q question.Reading) (Response, error) {
	return a.reviewCard(c, q, "answer.approve", func(p reporting.Project) ([]Button, error) {
		_, err := reporting.Approve(c.actor, p, 0, c.day, c.now.UnixMilli())
		return append(a.reviewButtons(c, p)[:1:1], a.button(c, "project.show", p.ID, "show")), err
	})
}

// returnCard shows what would be returned, and why.
func (a *App) returnCard(c *call, q question.Reading) (Response, error) {
	return a.reviewCard(c, q, "answer.return", func(p reporting.Project) ([]Button, error) {
		_, err := reporting.Return(c.actor, p, 0, "?", c.day, c.now.UnixMilli())
		value := p.ID + "@" + strconv.Itoa(p.ReviewVersion()) + " " + clipName(q.Slots[question.Reason])
		return []Button{primary(a.button(c, "ask.return", strings.TrimSpace(value), "return")), a.button(c, "project.show", p.ID, "show")}, err
	})
}

func (a *App) reviewCard(c *call, q question.Reading, key string, buttons func(reporting.Project) ([]Button, error)) (Response, error) {
	if err := reporting.CanReview(c.actor); err != nil {
		return Response{}, err
	}
	p, choice, err := a.projectAsked(c, q)
	if err != nil || choice != nil {
		return Response{Reply: choice}, err
	}
	row, err := buttons(p)
	if err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	parts := append([]Part{Paragraph{Bold(p.Name)}, a.projectFacts(c, list, p)}, a.flags(c, list, p)...)
	if f := a.reasonFact(c, q.Slots[question.Reason]); f != nil {
		parts = append(parts, f)
	}
	return a.writeCard(c, a.say(c, key, "id", p.ID), parts, row...), nil
}

// adjustCard shows the quota that would be asked for, or set by the office.
func (a *App) adjustCard(c *call, q question.Reading) (Response, error) {
	year, err := yearOf(c, q)
	if err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	b, ok := list.Find(q.Slots[question.Body])
	if !ok && q.Slots[question.Body] != "" {
		return Response{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(q.Slots[question.Body]))
	}
	if !ok {
		if b, ok = hereBody(c, list); !ok {
			return Response{}, reporting.Fail(reporting.Invalid, "err.body.needed", "command", a.slash("quota")+" request")
		}
	}
	sets := reporting.CanManage(c.actor) == nil
	if err := reporting.CanAskQuota(c.actor, b.ID); err != nil && !sets {
		return Response{}, err
	}
	book, err := a.store.QuotaBook(c.ctx, b.ID, year)
	if err != nil {
		return Response{}, err
	}
	s := quotaSentence{year: year, count: q.Slots[question.Count], reason: q.Slots[question.Reason]}
	now, _ := reporting.InForce(book.Versions, dayOf(c, year))
	if by, err := strconv.Atoi(q.Slots[question.Delta]); err == nil && s.count == "" {
		s.count = strconv.Itoa(max(0, now.Count+by))
	}
	facts := Facts{{Label: b.Label(c.locale), Value: []Span{Plain(a.nowOwed(c, book))}}}
	if n, err := strconv.Atoi(s.count); err == nil {
		facts = append(facts, a.fact(c, "quota", a.say(c, "answer.from_to", "from", a.projects(c, now.Count), "to", a.projects(c, n))))
	} else {
		s.reason = "" // it stands behind the number
	}
	facts = append(facts, a.reasonFact(c, q.Slots[question.Reason])...)
	action, key := "quota.request", "quota_request"
	if sets {
		action, key = "quota.set", "quota_set"
	}
	title := a.say(c, "answer."+key, "body", b.Label(c.locale), "year", year)
	return a.writeCard(c, title, []Part{facts}, primary(a.button(c, action, s.with(b), key)), a.historyButton(c, b.ID, year)), nil
}

// adjustHistory tells how a body's quota was changed, or whose were, to those who
// may see all and name none.
func (a *App) adjustHistory(c *call, q question.Reading) (Response, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	if _, here := hereBody(c, list); here || q.Slots[question.Body] != "" || reporting.CanReadCity(c.actor) != nil {
		return a.asCommand(a.quotaHistory, question.Body, question.Year)(c, q)
	}
	year, err := yearOf(c, q)
	if err != nil {
		return Response{}, err
	}
	all, err := a.standings(c, year, dayOf(c, year))
	if err != nil {
		return Response{}, err
	}
	t := Table{Columns: []Column{
		{Title: a.say(c, "column.body")}, {Title: a.say(c, "column.quota"), Right: true}, {Title: a.say(c, "answer.column.version"), Right: true},
		{Title: a.say(c, "answer.column.from")}, {Title: a.say(c, "answer.column.why")},
	}}
	for _, b := range list.All {
		for _, s := range all {
			if s.BodyID == b.ID && s.HasQuota && s.Quota.Version > 1 {
				t.Rows = append(t.Rows, []string{
					b.Label(c.locale), count(s.Quota.Count), strconv.Itoa(s.Quota.Version), a.date(c, s.Quota.EffectiveFrom), clip(strings.TrimSpace(s.Quota.Reason + " " + s.Quota.DocNo)),
				})
			}
		}
	}
	key := "answer.adjusted"
	if len(t.Rows) == 0 {
		key = "answer.adjusted.none"
	}
	text := a.say(c, key, "on", a.sayDay(c, dayOf(c, year)), "year", year, "n", count(len(t.Rows)))
	parts := []Part{Paragraph{Bold(text)}}
	if len(t.Rows) > 0 {
		parts = append(parts, t)
	}
	return Response{Reply: &Reply{Text: text, Parts: append(parts, a.asOf(c))}}, nil
}
