package commands

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// pairButtons are what the office may decide about a held project.
func (a *App) pairButtons(c *call, p reporting.Project) Buttons {
	return Buttons{
		a.button(c, "review.keep", p.ID+"@"+strconv.Itoa(p.Version), "keep"),
		a.button(c, "project.merge", p.HeldBy+" "+p.ID, "merge"),
		a.button(c, "project.show", p.ID, "show"),
	}
}

// pairLines show both projects of a pair.
func (a *App) pairLines(c *call, list *reporting.BodyList, pair ...reporting.Project) Bullets {
	var lines Bullets
	for _, q := range pair {
		lines = append(lines, append(projectLine(q), Plain(a.say(c, "alike.line",
			"body", a.nameOf(c, list, q.ReporterBody), "owner", a.orNone(c, q.OwnerUnit), "money", a.money(c, q.InvestTotal),
			"status", a.say(c, "status."+string(q.Status))))))
		if q.Code != "" {
			lines[len(lines)-1] = append(lines[len(lines)-1], Plain(" · "+q.Code))
		}
	}
	return lines
}

// pairParts are the held projects that wait for the office, for its queue.
func (a *App) pairParts(c *call) ([]Part, error) {
	page, err := a.store.Held(c.ctx, 0, queuePage)
	if err != nil {
		return nil, fmt.Errorf("read held projects: %w", err)
	}
	if page.Total == 0 {
		return nil, nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	parts := []Part{Paragraph{Bold(a.say(c, "pair.total", "n", page.Total))}}
	for _, p := range page.Projects {
		other, err := a.project(c, p.HeldBy)
		if err != nil {
			return nil, err
		}
		parts = append(parts, a.pairLines(c, list, other, p), a.anyway(c, p, other), a.pairButtons(c, p))
	}
	if rest := page.Total - len(page.Projects); rest > 0 {
		parts = append(parts, Note{Plain(a.say(c, "list.rest", "n", rest))})
	}
	return append(parts, Rule{}), nil
}

// anyway is why there are two: what the one said that came second.
func (a *App) anyway(c *call, p, other reporting.Project) Part {
	why := p.AlikeWhy
	if other.AlikeTo == p.ID {
		why = other.AlikeWhy
	}
	return Paragraph{Bold(a.say(c, "field.anyway.label") + a.say(c, "word.colon")), Plain(why)}
}

// composePair composes the office's card about a pair, and what both bodies
// are told of it.
func (a *App) composePair(ctx context.Context, m reporting.Message) (Outgoing, error) {
	c := a.to(ctx, m)
	p, err := a.project(c, m.Args["project"])
	if reporting.CodeOf(err) == reporting.NotFound {
		return Outgoing{Skip: "no_project"}, nil
	}
	if err != nil {
		return Outgoing{}, err
	}
	other, err := a.project(c, m.Args["other"])
	if err != nil {
		return Outgoing{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Outgoing{}, err
	}
	if m.Kind == reporting.PairTold {
		return a.pairTold(c, list, m, p, other), nil
	}
	if a.cfg.OfficeChannel == "" {
		return Outgoing{Skip: "no_office_channel"}, nil
	}
	title := a.say(c, "pair.title")
	r := &Reply{InChannel: true, Text: title + a.say(c, "word.colon") + other.ID + " / " + p.ID}
	r.Parts = append(r.Parts, Heading(title), a.pairLines(c, list, other, p), a.anyway(c, p, other))
	switch outcome := m.Args["outcome"]; {
	case outcome != "":
		r.Parts = append(r.Parts, Paragraph{{User: m.Args["by"]}, Plain(a.say(c, "pair.outcome."+outcome))},
			a.reasonGiven(c, m.Args["reason"]), Buttons{a.button(c, "project.show", p.ID, "show")})
	case p.HeldBy == other.ID:
		r.Parts = append(r.Parts, Paragraph{Plain(a.say(c, "pair.once", "id", p.ID))}, a.pairButtons(c, p))
	default:
		r.Parts = append(r.Parts, Paragraph{Plain(a.say(c, "pair.over"))})
	}
	r.Parts = append(r.Parts, a.asOf(c))
	return Outgoing{Channel: a.cfg.OfficeChannel, Reply: r}, nil
}

func (a *App) pairTold(c *call, list *reporting.BodyList, m reporting.Message, p, other reporting.Project) Outgoing {
	body, _ := list.Find(m.BodyID)
	if body.ChannelID == "" {
		return Outgoing{Skip: "no_channel"}
	}
	text := a.say(c, "pair.told."+m.Args["outcome"], "id", p.ID, "other", other.ID)
	return Outgoing{Channel: body.ChannelID, Reply: &Reply{InChannel: true, Text: text, Parts: []Part{
		Paragraph{Bold(text)}, a.pairLines(c, list, other, p), a.reasonGiven(c, m.Args["reason"]), a.asOf(c),
	}}}
}

// keepBoth answers /review keep; without a reason it asks for one.
func (a *App) keepBoth(c *call) (Response, error) {
	if err := reporting.CanReview(c.actor); err != nil {
		return Response{}, err
	}
	id, err := a.number(c, "review", "keep")
	if err != nil {
		return Response{}, err
	}
	if len(c.words) > 1 {
		_, reason, _ := strings.Cut(c.text, " ")
		r, err := a.keepWith(c, id, 0, reason)
		return Response{Reply: r}, err
	}
	return a.askKeep(c, id, 0)
}

func (a *App) pressKeep(c *call) (Response, error) {
	if err := reporting.CanReview(c.actor); err != nil {
		return Response{}, err
	}
	id, version, err := parseSeen(c.value)
	if err != nil {
		return Response{}, err
	}
	return a.askKeep(c, id, version)
}

// askKeep opens the form, unless the pair is not to be decided any more.
func (a *App) askKeep(c *call, id string, seen int) (Response, error) {
	p, err := a.project(c, id)
	if err != nil {
		return Response{}, err
	}
	if _, err := reporting.KeepBoth(c.actor, p, reporting.Project{ID: p.HeldBy}, seen, "?", 1); err != nil {
		return Response{}, a.whoArbitrated(c, p, err)
	}
	f, err := a.lifeForm(c, "review.keep", "", p, a.say(c, "keep.note", "id", p.HeldBy))
	if err != nil {
		return Response{}, err
	}
	f.Title, f.Submit = a.say(c, "keep.title"), a.say(c, "button.keep")
	f.Fields = append(f.Fields, Field{ID: fieldReason, Kind: LongField, Label: a.say(c, "field.why.label"), Hint: a.say(c, "field.why.hint"), MaxLen: 500})
	return Response{Form: f}, nil
}

func (a *App) submitKeep(c *call, in Input) (SubmitResult, error) {
	st, err := readLiving(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	r, err := a.keepWith(c, st.Project, st.Version, in.Values[fieldReason])
	if err != nil {
		return a.atField(c, err, fieldReason)
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

func (a *App) keepWith(c *call, id string, seen int, reason string) (*Reply, error) {
	held, err := a.project(c, id)
	if err != nil {
		return nil, err
	}
	var other reporting.Project
	if held.HeldBy != "" {
		if other, err = a.project(c, held.HeldBy); err != nil {
			return nil, err
		}
	}
	p, err := a.alter(c, id, func(p reporting.Project) (reporting.Change, error) {
		return reporting.KeepBoth(c.actor, p, other, seen, reason, c.now.UnixMilli())
	})
	if err != nil {
		return nil, a.whoArbitrated(c, held, err)
	}
	r := Say(a.say(c, "keep.done", "id", p.ID, "name", p.Name))
	r.Parts = append(r.Parts, a.reasonGiven(c, strings.TrimSpace(reason)), Buttons{a.button(c, "review.queue", "", "queue")}, a.asOf(c))
	return r, nil
}

// whoArbitrated names who decided about a pair before.
func (a *App) whoArbitrated(c *call, p reporting.Project, lost error) error {
	var e *reporting.Error
	if !errors.As(lost, &e) || e.Key != "err.arbitration.decided" {
		return lost
	}
	done, err := a.store.LastDeliveries(c.ctx, reporting.ArbitrationUpdate, p.ReporterBody, 50)
	if err != nil {
		return errors.Join(lost, err)
	}
	for _, m := range done {
		if m.Args["project"] == p.ID {
			return &reporting.Error{Code: reporting.Conflict, Key: "err.arbitration.decided_by", Err: lost, Args: map[string]any{
				"id": p.ID, "by": a.personName(c.ctx, m.Args["by"]), "outcome": a.say(c, "pair.outcome."+m.Args["outcome"]),
			}}
		}
	}
	return lost
}
