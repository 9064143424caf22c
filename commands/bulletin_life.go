package commands

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// aboutBulletin is what a form about a bulletin carries.
type aboutBulletin struct {
	ID      string `json:"b"`
	Version int    `json:"v,omitempty"` // that the person saw
	Channel string `json:"c,omitempty"`
}

func (s aboutBulletin) String() string {
	b, _ := json.Marshal(s) //nolint:errchkjson // a struct of strings and numbers
	return string(b)
}

func readAboutBulletin(state string) (aboutBulletin, error) {
	var s aboutBulletin
	if err := json.Unmarshal([]byte(state), &s); err != nil {
		return s, &reporting.Error{Code: reporting.NotFound, Key: "err.form.unknown", Err: err}
	}
	return s, nil
}

// pressEdit opens the form of a bulletin's words and exemptions, filled with what
// it says now.
func (a *App) pressEdit(c *call) (Response, error) {
	b, _, err := a.pressedBulletin(c)
	if err == nil {
		err = a.byName(c, reporting.CanEditBulletin(c.actor, b))
	}
	if err != nil {
		return Response{}, err
	}
	texts, err := a.bulletinTexts(a.official(c), b)
	if err != nil {
		return Response{}, err
	}
	f := &Form{
		ID: "bulletin.edit", Title: a.say(c, "form.bulletin.title"), Submit: a.say(c, "form.body.save"), Close: a.say(c, "button.cancel"), Locale: c.locale,
		State: aboutBulletin{b.ID, b.Version, c.channel}.String(),
		Fields: []Field{
			a.bulletinField(c, reporting.FieldBulletinTitle, TextField, texts.Title, reporting.MaxBulletinTitle),
			a.bulletinField(c, reporting.FieldBulletinOpening, LongField, texts.Opening, reporting.MaxBulletinText),
			a.bulletinField(c, reporting.FieldBulletinMeasures, LongField, texts.Measures, reporting.MaxBulletinText),
		},
	}
	if b.Status == reporting.BulletinReady {
		f.Fields = slices.Insert(f.Fields, 0, Field{ID: "about", Kind: InfoField, Text: []Span{Plain(a.say(c, "bulletin.edit.ready"))}})
	}
	if options := exemptOptions(c, b); len(options) > 0 {
		exempt := a.bulletinField(c, reporting.FieldBulletinExempt, ManyField, strings.Join(b.Exempt, "|"), 0)
		exempt.Options = options
		f.Fields = append(f.Fields, exempt, a.bulletinField(c, reporting.FieldExemptReason, LongField, b.ExemptReason, reporting.MaxBulletinReason))
	}
	return Response{Form: f}, nil
}

func (a *App) bulletinField(c *call, id string, kind FieldKind, value string, most int) Field {
	return Field{
		ID: id, Kind: kind, Value: value, MaxLen: most, Optional: true,
		Label: a.say(c, "field."+id+".label"), Hint: a.say(c, "field."+id+".hint"),
	}
}

// exemptOptions are the bodies that could be named among the worst, the last
// first, and those that are exempt.
func exemptOptions(c *call, b reporting.Bulletin) []Option {
	var out []Option
	ranked := b.Snapshot.Ranked(func(l reporting.BulletinLine) bool { return reporting.SeriesOf(l.Kind) != "" })
	for _, r := range slices.Backward(ranked) {
		if !b.Snapshot.Met(r.BulletinLine) || slices.Contains(b.Exempt, r.BodyID) {
			out = append(out, Option{Value: r.BodyID, Label: r.Label.In(c.locale) + " " + percent(r.Done())})
		}
	}
	return out
}

func (a *App) submitEdit(c *call, in Input) (SubmitResult, error) {
	st, err := readAboutBulletin(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	old, err := a.store.Bulletin(c.ctx, st.ID)
	if err != nil {
		return SubmitResult{}, err
	}
	own := old
	own.BulletinTexts = reporting.BulletinTexts{}
	texts, err := a.bulletinTexts(a.official(c), own)
	if err != nil {
		return SubmitResult{}, err
	}
	values := map[string]string{}
	for id, v := range in.Values {
		values[id] = v
	}
	// What is left as Mouhua wrote it follows the figures when they are taken anew.
	for id, text := range map[string]string{
		reporting.FieldBulletinTitle: texts.Title, reporting.FieldBulletinOpening: texts.Opening, reporting.FieldBulletinMeasures: texts.Measures,
	} {
		if strings.TrimSpace(strings.ReplaceAll(values[id], "\r\n", "\n")) == text {
			values[id] = ""
		}
	}
	b, err := a.changeBulletin(c, st.ID, func(b reporting.Bulletin, _ int) (reporting.BulletinChange, error) {
		return reporting.EditBulletin(c.actor, b, st.Version, values, c.now.UnixMilli())
	})
	if err != nil {
		return a.atField(c, err, reporting.FieldBulletinTitle)
	}
	r, err := a.bulletinDone(c, b, "edit")
	return SubmitResult{Tell: r, TellIn: st.Channel}, err
}

// pressRecount takes the figures anew, of the same day.
func (a *App) pressRecount(c *call) (Response, error) {
	b, seen, err := a.pressedBulletin(c)
	if err == nil {
		err = a.byName(c, reporting.CanEditBulletin(c.actor, b))
	}
	if err != nil {
		return Response{}, err
	}
	s, err := a.store.BulletinSnapshot(c.ctx, b.Period, a.bulletinTerms())
	if err != nil {
		return Response{}, err
	}
	return a.bulletinStep(c, b.ID, "recount", func(b reporting.Bulletin, _ int) (reporting.BulletinChange, error) {
		return reporting.RecountBulletin(c.actor, b, seen, s, c.now.UnixMilli())
	})
}

// pressCheck marks a draft as checked.
func (a *App) pressCheck(c *call) (Response, error) {
	b, seen, err := a.pressedBulletin(c)
	if err != nil {
		return Response{}, err
	}
	return a.bulletinStep(c, b.ID, "check", func(b reporting.Bulletin, _ int) (reporting.BulletinChange, error) {
		return reporting.CheckBulletin(c.actor, b, seen, c.now.UnixMilli())
	})
}

// pressRelease makes a checked bulletin known to all.
func (a *App) pressRelease(c *call) (Response, error) {
	b, seen, err := a.pressedBulletin(c)
	if err == nil {
		err = a.byName(c, reporting.CanReleaseBulletin(c.actor, b, seen))
	}
	if err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read bodies: %w", err)
	}
	// These are the words of the version that was seen, which the change checks.
	texts, err := a.bulletinTexts(a.official(c), b)
	if err != nil {
		return Response{}, err
	}
	seen = b.Version
	return a.bulletinStep(c, b.ID, "release", func(b reporting.Bulletin, next int) (reporting.BulletinChange, error) {
		return reporting.ReleaseBulletin(c.actor, b, seen, next, texts, list.All, c.day, c.now.UnixMilli())
	})
}

// bulletinStep takes a step and says that it was taken.
func (a *App) bulletinStep(c *call, id, step string, decide func(b reporting.Bulletin, next int) (reporting.BulletinChange, error)) (Response, error) {
	b, err := a.changeBulletin(c, id, decide)
	if err != nil {
		return Response{}, err
	}
	r, err := a.bulletinDone(c, b, step)
	return Response{Reply: r}, err
}

// bulletinDone tells who took a step what comes next.
func (a *App) bulletinDone(c *call, b reporting.Bulletin, step string) (*Reply, error) {
	reach, err := a.reach(c)
	if err != nil {
		return nil, err
	}
	r := Say(a.say(c, "bulletin.done."+step, "title", a.bulletinHeading(c, b), "n", reach.n))
	if step == "recount" && b.Opening != "" {
		r.Parts = append(r.Parts, Paragraph{Bold(a.say(c, "bulletin.recount.words"))})
	}
	button := a.button(c, "bulletin.preview", b.ID, "bulletin_preview")
	if b.Status == reporting.BulletinReleased {
		button = a.button(c, "bulletin.show", b.ID, "show")
	}
	r.Parts = append(r.Parts, Buttons{button}, a.asOf(c))
	return r, nil
}

// bulletinCorrect answers /report bulletin correct 8 [2018] [reason …].
func (a *App) bulletinCorrect(c *call, words []string) (Response, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return Response{}, err
	}
	b, rest, err := a.bulletinNumbered(c, words)
	if err != nil {
		return Response{}, err
	}
	return a.correctForm(c, b, strings.Join(rest, " "))
}

func (a *App) pressCorrect(c *call) (Response, error) {
	b, _, err := a.pressedBulletin(c)
	if err != nil {
		return Response{}, err
	}
	return a.correctForm(c, b, "")
}

// What a correction does about the figures.
const (
	fieldFigures = "bulletin_figures"
	figuresAgain = "again"
	figuresKept  = "same"
)

// correctForm opens the form of a correction, or shows the one that was begun.
func (a *App) correctForm(c *call, b reporting.Bulletin, reason string) (Response, error) {
	if _, err := reporting.CorrectBulletin(c.actor, b, b.Snapshot, "?", c.now.UnixMilli()); err != nil {
		return Response{}, err
	}
	there, err := a.store.Bulletin(c.ctx, reporting.BulletinID(b.Period, b.No))
	switch {
	case reporting.CodeOf(err) == reporting.NotFound:
	case err != nil:
		return Response{}, err
	case there.Status == reporting.BulletinReleased:
		return Response{}, reporting.Fail(reporting.Conflict, "err.bulletin.corrected", "no", b.No, "by", there.No)
	default:
		return a.showBulletin(c, there)
	}
	figures := a.bulletinField(c, fieldFigures, SelectField, figuresAgain, 0)
	figures.Optional = false
	for _, v := range []string{figuresAgain, figuresKept} {
		figures.Options = append(figures.Options, Option{Value: v, Label: a.say(c, "bulletin.figures."+v)})
	}
	why := a.bulletinField(c, reporting.FieldCorrectionReason, LongField, reason, reporting.MaxBulletinReason)
	why.Optional = false
	return Response{Form: &Form{
		ID: "bulletin.correct", Title: a.say(c, "form.bulletin_correct.title"), Submit: a.say(c, "button.bulletin_draft"), Close: a.say(c, "button.cancel"), Locale: c.locale,
		State:  aboutBulletin{ID: b.ID, Channel: c.channel}.String(),
		Fields: []Field{{ID: "about", Kind: InfoField, Text: []Span{Bold(a.bulletinHeading(c, b)), Plain(a.say(c, "bulletin.correct.about"))}}, why, figures},
	}}, nil
}

func (a *App) submitCorrect(c *call, in Input) (SubmitResult, error) {
	st, err := readAboutBulletin(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	wrong, err := a.store.Bulletin(c.ctx, st.ID)
	if err != nil {
		return SubmitResult{}, err
	}
	s := wrong.Snapshot
	if in.Values[fieldFigures] != figuresKept {
		if s, err = a.store.BulletinSnapshot(c.ctx, wrong.Period, a.bulletinTerms()); err != nil {
			return a.atField(c, err, fieldFigures)
		}
	}
	change, err := reporting.CorrectBulletin(c.actor, wrong, s, in.Values[reporting.FieldCorrectionReason], c.now.UnixMilli())
	if err != nil {
		return a.atField(c, err, reporting.FieldCorrectionReason)
	}
	r, err := a.drafted(c, change)
	return SubmitResult{Tell: r.Reply, TellIn: st.Channel}, err
}
