package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// living is what the forms about a project's life carry.
type living struct {
	Do      string `json:"d,omitempty"` // of lives
	Project string `json:"p"`
	Version int    `json:"v"` // that the person saw
	Channel string `json:"c,omitempty"`
}

func readLiving(state string) (living, error) {
	var st living
	if err := json.Unmarshal([]byte(state), &st); err != nil || st.Project == "" {
		return living{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	return st, nil
}

// lifeForm is an empty form about p, headed by what it is about.
func (a *App) lifeForm(c *call, id, do string, p reporting.Project, note string) (*Form, error) {
	state, err := json.Marshal(living{Do: do, Project: p.ID, Version: p.Version, Channel: c.channel})
	if err != nil {
		return nil, fmt.Errorf("write form state: %w", err)
	}
	about := append(projectLine(p), Plain(" · "+a.stageName(c, p.Stage)+" · "+a.money(c, p.InvestTotal)))
	return &Form{
		ID: id, State: string(state), Locale: c.locale, Close: a.say(c, "button.cancel"),
		Fields: []Field{
			{ID: "about", Kind: InfoField, Text: about},
			{ID: "needs", Kind: InfoField, Text: []Span{Plain(note)}},
		},
	}, nil
}

// atField puts every refusal at a field, so that what was typed is not lost.
func (a *App) atField(c *call, err error, field string) (SubmitResult, error) {
	var faults reporting.FieldErrors
	var e *reporting.Error
	err = a.naming(c.ctx, err)
	switch {
	case errors.As(err, &faults):
		return a.faults(c, err)
	case errors.As(err, &e) && e.Code != reporting.Unavailable:
		if e.Field == "" {
			e = e.At(field)
		}
		return a.faults(c, reporting.FieldErrors{e})
	}
	return SubmitResult{}, err
}

// advance answers /project advance: the form of the next stage.
func (a *App) advance(c *call) (Response, error) {
	p, err := a.named(c, "project", "advance")
	if err != nil {
		return Response{}, err
	}
	to, err := reporting.NextStage(c.actor, p)
	if err != nil {
		return Response{}, err
	}
	note := a.say(c, "stage.needs."+string(to))
	if to != reporting.S2 {
		note += a.say(c, "stage.confirmed_by_office")
	}
	f, err := a.lifeForm(c, "project.stage", "", p, note)
	if err != nil {
		return Response{}, err
	}
	f.Title = a.say(c, "form.stage.title", "id", p.ShortID(), "stage", string(to))
	f.Submit = a.say(c, "button.submit")
	v := reporting.StageValues(p)
	for _, id := range reporting.StageFields[to] {
		f.Fields = append(f.Fields, a.stageField(c, to, id, v[id]))
	}
	kept, err := a.filesOf(c, p.ID, string(to))
	if err != nil {
		return Response{}, err
	}
	f.Fields = append(f.Fields, a.fileInputs(c, kept)...)
	return Response{Form: f}, nil
}

func (a *App) stageField(c *call, to reporting.Stage, id, value string) Field {
	f := Field{ID: id, Kind: TextField, Label: a.say(c, "field."+id+".label"), Value: value, MaxLen: reporting.FieldLimit(id)}
	choices := map[string][]string{reporting.FieldOrigin: reporting.Origins, reporting.FieldProof: reporting.Proofs[to]}[id]
	if len(choices) > 0 {
		f.Kind, f.MaxLen = SelectField, 0
		for _, s := range choices {
			f.Options = append(f.Options, Option{Value: s, Label: a.say(c, id+"."+s)})
		}
		f.Value = among(f.Options, value)
		return f
	}
	if id == reporting.FieldProofText {
		f.Kind, f.Optional = LongField, true // or a file
	}
	if id != reporting.FieldOwner {
		f.Hint = a.say(c, "field."+id+".hint")
	}
	return f
}

func (a *App) submitStage(c *call, in Input) (SubmitResult, error) {
	st, err := readLiving(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	v, err := a.stageValues(c, st.Project, in)
	if err != nil {
		return SubmitResult{}, err
	}
	p, err := a.alter(c, st.Project, func(p reporting.Project) (reporting.Change, error) {
		return reporting.Advance(c.actor, p, st.Version, v, c.day, c.now.UnixMilli())
	})
	if err != nil {
		return a.atField(c, err, reporting.FieldProofText)
	}
	r := Say(a.say(c, "stage.entered", "id", p.ID, "name", p.Name, "stage", a.stageName(c, p.Stage)))
	if p.StageWanted != "" {
		r = Say(a.say(c, "stage.asked", "id", p.ID, "name", p.Name, "stage", a.stageName(c, p.StageWanted)))
	}
	r.Parts = append(r.Parts, Buttons{a.button(c, "project.show", p.ID, "show")}, a.asOf(c))
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

// lives are what can be done to the life of a project with a reason.
var lives = []string{"suspend", "resume", "withdraw", "stage", "merge", "year"}

// Fields of the form of lives.
const (
	fieldStage  = "stage"
	fieldOther  = "other"
	fieldReason = "reason"
)

// life makes one of lives happen, merging apart.
func (a *App) life(c *call, do string, p reporting.Project, seen int, v map[string]string) (reporting.Change, error) {
	at, reason := c.now.UnixMilli(), v[fieldReason]
	switch do {
	case "suspend":
		return reporting.Suspend(c.actor, p, seen, reason, c.day, at)
	case "resume":
		return reporting.Resume(c.actor, p, seen, reason, c.day, at)
	case "withdraw":
		return reporting.Withdraw(c.actor, p, seen, reason, c.day, at)
	case "stage":
		if err := p.Unchanged(seen); err != nil {
			return reporting.Change{}, err
		}
		return reporting.SetStage(c.actor, p, reporting.Stage(v[fieldStage]), reason, c.day, at)
	case "year":
		return reporting.SetPlanYear(c.actor, p, seen, v[reporting.FieldYear], reason, c.day, at)
	}
	return reporting.Change{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
}

// tryLife returns nil when the asker may do it to p, so that nobody types a
// reason in vain.
func (a *App) tryLife(c *call, do string, p reporting.Project) error {
	if do == "merge" {
		if p.Status != reporting.Verified && p.Status != reporting.Suspended {
			return reporting.Fail(reporting.Conflict, "err.project.status", "id", p.ID, "status", string(p.Status))
		}
		return reporting.CanReview(c.actor)
	}
	other := reporting.S1
	if p.Stage == other {
		other = reporting.S2
	}
	year := c.day.Year
	if p.PlanYear == year {
		year--
	}
	_, err := a.life(c, do, p, 0, map[string]string{fieldStage: string(other), reporting.FieldYear: strconv.Itoa(year), fieldReason: "?"})
	return err
}

// live answers one of lives: "number reason", for a stage "number S2 reason",
// for a merger "number number reason", for a plan year "number 2018 reason". What cannot be undone, and what lacks
// something, opens the form with what was typed.
func (a *App) live(do string) handler {
	return func(c *call) (Response, error) {
		id, err := a.number(c, "project", do)
		if err != nil {
			return Response{}, err
		}
		v := map[string]string{}
		words := c.words[1:]
		if len(words) > 0 && (do == "stage" || do == "merge" || do == "year") {
			v[fieldOther], v[reporting.FieldYear] = words[0], words[0]
			v[fieldStage] = string(stageWords[strings.ToLower(words[0])])
			words = words[1:]
		}
		v[fieldReason] = strings.Join(words, " ")
		if v[fieldReason] != "" && (do == "suspend" || do == "resume" || do == "stage" && v[fieldStage] != "" || do == "year") {
			r, err := a.doLife(c, do, id, 0, v)
			return Response{Reply: r}, err
		}
		p, err := a.project(c, id)
		if err != nil {
			return Response{}, err
		}
		if do == "merge" {
			err = reporting.CanReview(c.actor)
		} else {
			err = a.tryLife(c, do, p)
		}
		if err != nil {
			return Response{}, err
		}
		f, err := a.reasonForm(c, do, p, v)
		return Response{Form: f}, err
	}
}

func (a *App) reasonForm(c *call, do string, p reporting.Project, v map[string]string) (*Form, error) {
	f, err := a.lifeForm(c, "project.life", do, p, a.say(c, "life.note."+do))
	if err != nil {
		return nil, err
	}
	f.Title, f.Submit = a.say(c, "life.title."+do, "id", p.ShortID()), a.say(c, "button."+do)
	switch do {
	case "stage":
		stages := Field{ID: fieldStage, Kind: SelectField, Label: a.say(c, "field.stage.label"), Value: v[fieldStage]}
		for _, s := range reporting.Stages {
			if s != p.Stage {
				stages.Options = append(stages.Options, Option{Value: string(s), Label: a.stageName(c, s)})
			}
		}
		stages.Value = among(stages.Options, stages.Value)
		f.Fields = append(f.Fields, stages)
	case "year":
		f.Fields = append(f.Fields, Field{
			ID: reporting.FieldYear, Kind: TextField, Label: a.say(c, "field.plan_year.label"), Hint: a.say(c, "field.plan_year.hint", "year", p.PlanYear),
			Value: v[reporting.FieldYear], MaxLen: 10,
		})
	case "merge":
		f.Fields = append(f.Fields, Field{
			ID: fieldOther, Kind: TextField, Label: a.say(c, "field.other.label"), Hint: a.say(c, "field.other.hint"), Value: v[fieldOther], MaxLen: 40,
		})
	}
	f.Fields = append(f.Fields, Field{
		ID: fieldReason, Kind: LongField, Label: a.say(c, "field.why.label"), Hint: a.say(c, "field.why.hint"), Value: v[fieldReason], MaxLen: 500,
	})
	return f, nil
}

func (a *App) submitLife(c *call, in Input) (SubmitResult, error) {
	st, err := readLiving(in.State)
	if err != nil || !slices.Contains(lives, st.Do) {
		return SubmitResult{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	r, err := a.doLife(c, st.Do, st.Project, st.Version, in.Values)
	if err != nil {
		return a.atField(c, err, fieldReason)
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

func (a *App) doLife(c *call, do, id string, seen int, v map[string]string) (*Reply, error) {
	var p reporting.Project
	var err error
	if do == "merge" {
		p, err = a.merge(c, id, seen, v)
	} else {
		p, err = a.alter(c, id, func(p reporting.Project) (reporting.Change, error) {
			return a.life(c, do, p, seen, v)
		})
	}
	if err != nil {
		return nil, err
	}
	text := a.say(c, "life.done."+do, "id", p.ID, "name", p.Name, "stage", a.stageName(c, p.Stage), "day", a.date(c, reporting.HeldUntil(p)), "year", p.PlanYear)
	r := Say(text)
	r.Parts = append(r.Parts, a.reasonGiven(c, strings.TrimSpace(v[fieldReason])), Buttons{a.button(c, "project.show", p.ID, "show")}, a.asOf(c))
	return r, nil
}

// merge makes one project of two and returns the one that stays.
func (a *App) merge(c *call, id string, seen int, v map[string]string) (reporting.Project, error) {
	if strings.TrimSpace(v[fieldOther]) == "" {
		return reporting.Project{}, reporting.Fail(reporting.Invalid, "err.required").At(fieldOther)
	}
	other, err := reporting.ParseProjectID(v[fieldOther], c.day.Year)
	var e *reporting.Error
	if errors.As(err, &e) {
		return reporting.Project{}, e.At(fieldOther)
	}
	keep, gone := id, other
	if reporting.Older(gone, keep) < 0 {
		keep, gone = gone, keep
	}
	changed, err := a.store.ChangeProjects(c.ctx, c.once, []string{keep, gone}, func(p []reporting.Project) ([]reporting.Change, error) {
		for _, q := range p {
			if err := q.Unchanged(seen); q.ID == id && err != nil {
				return nil, err
			}
		}
		return reporting.Merge(c.actor, p[0], p[1], v[fieldReason], c.day, c.now.UnixMilli())
	})
	if err != nil && !errors.Is(err, reporting.ErrRepeated) {
		return reporting.Project{}, err
	}
	a.wake()
	return changed[0], nil
}

// mayUpdate returns nil when the asker may add a note to p now.
func mayUpdate(c *call, p reporting.Project) error {
	return errOnly(reporting.Update(c.actor, p, map[string]string{reporting.FieldNote: "?", reporting.FieldInvested: "0"}, 1))
}

// update answers /project update: the form of the month's note.
func (a *App) update(c *call) (Response, error) {
	p, err := a.named(c, "project", "update")
	if err != nil {
		return Response{}, err
	}
	if err := mayUpdate(c, p); err != nil {
		return Response{}, err
	}
	f, err := a.lifeForm(c, "project.update", "", p, a.say(c, "update.note", "year", c.day.Year))
	if err != nil {
		return Response{}, err
	}
	f.Title, f.Submit = a.say(c, "update.title", "id", p.ShortID()), a.say(c, "button.submit")
	f.Fields = append(f.Fields,
		Field{ID: reporting.FieldNote, Kind: LongField, Label: a.say(c, "field.note.label"), Hint: a.say(c, "field.note.hint"),
			Value: strings.Join(c.words[1:], " "), MaxLen: reporting.MaxNote},
		Field{ID: reporting.FieldInvested, Kind: TextField, Label: a.say(c, "field.invested.label"), Hint: a.say(c, "field.invested.hint"), MaxLen: 40},
		a.milestoneField(c, p))
	return Response{Form: f}, nil
}

func (a *App) submitUpdate(c *call, in Input) (SubmitResult, error) {
	st, err := readLiving(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	var before string
	p, err := a.alter(c, st.Project, func(p reporting.Project) (reporting.Change, error) {
		before = p.Milestone
		return reporting.Update(c.actor, p, in.Values, c.now.UnixMilli())
	})
	if err != nil {
		return a.atField(c, err, reporting.FieldNote)
	}
	r := Say(a.say(c, "update.done", "id", p.ID, "name", p.Name))
	r.Parts = append(r.Parts, a.milestoneMoved(c, before, p.Milestone)...)
	r.Parts = append(r.Parts, Buttons{a.button(c, "project.show", p.ID, "show")}, a.asOf(c))
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}
