package commands

import (
	"fmt"

	"github.com/mouhua/mouhua/reporting"
)

// offerDrafts asks whether to continue a draft or to begin anew.
func (a *App) offerDrafts(c *call, drafts []reporting.Draft, body, name string) *Reply {
	r := Say(a.say(c, "drafts.offer", "n", len(drafts)))
	for _, d := range drafts[:min(len(drafts), 10)] {
		r.Parts = append(r.Parts, a.draftParts(c, d)...)
	}
	anew := a.button(c, "project.new", body+"|"+clipName(name), "new")
	r.Parts = append(r.Parts, Rule{}, Buttons{anew})
	return r
}

func (a *App) draftParts(c *call, d reporting.Draft) []Part {
	return []Part{Paragraph(a.draftLine(c, d)), a.draftButtons(c, d)}
}

// draftLine is one line about a draft: name, when, how complete.
func (a *App) draftLine(c *call, d reporting.Draft) []Span {
	name := d.Values[reporting.FieldName]
	if name == "" {
		name = a.say(c, "word.unnamed")
	}
	line := []Span{Bold(name)}
	if d.ProjectID != "" {
		line = append(line, Plain(" "), Span{Text: d.ProjectID, Code: true})
	}
	return append(line, Plain(a.say(c, "drafts.line", "age", a.ageOf(c, d.UpdatedAt), "filled", filled(d.Values))))
}

func (a *App) draftButtons(c *call, d reporting.Draft) Buttons {
	gone := a.asking(c, a.button(c, "project.discard", d.ID, "discard"), "discard")
	on := a.button(c, "project.continue", d.ID, "continue")
	on.Style = "primary"
	return Buttons{on, gone}
}

func (a *App) pressContinue(c *call) (Response, error) {
	d, err := a.ownDraft(c, c.value)
	if err != nil {
		return Response{}, err
	}
	if d, err = a.take(c, d); err != nil {
		return Response{}, err
	}
	st := filing{Draft: d.ID, Opening: newOpening(), Body: d.BodyID, Channel: c.channel}
	if d.ProjectID == "" {
		return a.open(c, st, d.Values)
	}
	p, err := a.store.Project(c.ctx, d.ProjectID)
	if err != nil {
		return Response{}, fmt.Errorf("read project of draft: %w", err)
	}
	return a.openEdit(c, p, &d)
}

// draftsInHand are the actor's drafts, and those that a leaver left to their body.
func (a *App) draftsInHand(c *call) ([]reporting.Draft, error) {
	own, err := a.store.DraftsOf(c.ctx, c.actor.UserID)
	if err != nil || c.actor.BodyID == "" {
		return own, err
	}
	left, err := a.store.DraftsLeft(c.ctx, c.actor.BodyID)
	return append(own, left...), err
}

// take makes a draft that was left to the body the actor's own.
func (a *App) take(c *call, d reporting.Draft) (reporting.Draft, error) {
	if d.UserID != "" {
		return d, nil
	}
	d, err := a.store.TakeDraft(c.ctx, d.ID, c.actor.UserID)
	if err != nil {
		return d, fmt.Errorf("take draft: %w", err)
	}
	return d, nil
}

// ownDraft reads a draft of the actor, or one that was left to their body;
// anybody else's does not exist for them.
func (a *App) ownDraft(c *call, id string) (reporting.Draft, error) {
	d, err := a.store.Draft(c.ctx, id)
	if reporting.CodeOf(err) == reporting.NotFound || err == nil && d.UserID != c.actor.UserID && d.UserID != "" {
		return reporting.Draft{}, reporting.Fail(reporting.NotFound, "err.draft.gone")
	}
	if err != nil {
		return reporting.Draft{}, fmt.Errorf("read draft: %w", err)
	}
	return d, a.mayFile(c, d.BodyID)
}

func (a *App) pressDiscard(c *call) (Response, error) {
	d, err := a.ownDraft(c, c.value)
	if err != nil {
		return Response{}, err
	}
	if err := a.store.DropDraft(c.ctx, d.ID); err != nil {
		return Response{}, fmt.Errorf("discard draft: %w", err)
	}
	name := d.Values[reporting.FieldName]
	if name == "" {
		name = a.say(c, "word.unnamed")
	}
	r := Say(a.say(c, "drafts.discarded", "name", name))
	r.Parts = append(r.Parts, Buttons{a.button(c, "project.register", d.BodyID, "register"), a.button(c, "project.mine", "", "mine")})
	return Response{Reply: r, Replace: true}, nil
}
