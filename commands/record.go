package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// completing is what the form of a section of the record carries.
type completing struct {
	Project string            `json:"p"`
	Version int               `json:"v"` // that was shown
	Section reporting.Section `json:"s"`
	Shown   map[string]string `json:"h"` // of each field a mark of what was shown
	Channel string            `json:"c,omitempty"`
	Drawn   string            `json:"w,omitempty"` // what the person sees of sums
}

// sectionWords are what people type for a section, folded.
var sectionWords = map[string]reporting.Section{
	"identity": reporting.SectionIdentity, "基本": reporting.SectionIdentity, "基本情况": reporting.SectionIdentity, "主体": reporting.SectionIdentity,
	"money": reporting.SectionMoney, "资金": reporting.SectionMoney, "资金构成": reporting.SectionMoney,
	"effect": reporting.SectionEffect, "效益": reporting.SectionEffect, "效益和支持": reporting.SectionEffect,
}

// complete answers /project complete: what the record has and lacks, or with a
// section its form.
func (a *App) complete(c *call) (Response, error) {
	p, err := a.named(c, "project", "complete")
	if err != nil {
		return Response{}, err
	}
	if err := reporting.CanComplete(c.actor, p); err != nil {
		return Response{}, err
	}
	word := strings.Join(c.words[1:], " ")
	if word == "" {
		return Response{Reply: a.recordCard(c, p)}, nil
	}
	section, ok := sectionWords[lexicon.Fold(word)]
	if !ok {
		return Response{}, reporting.Fail(reporting.Invalid, "err.record.section", "value", clip(word))
	}
	f, err := a.recordForm(c, section, p, reporting.RecordValues(p), nil)
	return Response{Form: f}, err
}

// recordCard shows the record as far as it goes, with a button for each section.
func (a *App) recordCard(c *call, p reporting.Project) *Reply {
	text := a.say(c, "record.title", "id", p.ID, "name", p.Name, "record", a.completeness(p))
	r := Say(text)
	if facts := a.recordFacts(c, p); len(facts) > 0 {
		r.Parts = append(r.Parts, facts)
	}
	r.Parts = append(r.Parts, Paragraph{Plain(a.say(c, "record.choose"))}, a.sectionButtons(c, p), a.asOf(c))
	return r
}

func (a *App) sectionButtons(c *call, p reporting.Project) Buttons {
	var b Buttons
	for _, s := range reporting.Sections {
		b = append(b, Button{Action: "project.complete", Value: p.ID + " " + string(s), Label: a.say(c, "record.section."+string(s))})
	}
	return append(b, a.button(c, "project.show", p.ID, "show"))
}

// completeness says how much of the record is filled: 14/22.
func (a *App) completeness(p reporting.Project) string {
	n, of := p.Completeness()
	return strconv.Itoa(n) + "/" + strconv.Itoa(of)
}

// recordForm draws the form of a section with the values v below the notes.
func (a *App) recordForm(c *call, s reporting.Section, p reporting.Project, v map[string]string, notes []Field) (*Form, error) {
	f, err := a.lifeForm(c, "project.complete", "", p, a.say(c, "record.note."+string(s)))
	if err != nil {
		return nil, err
	}
	f.Title, f.Submit = a.say(c, "record.form", "id", p.ShortID()), a.say(c, "form.body.save")
	f.Fields = append(notes, f.Fields...)
	st := completing{Project: p.ID, Version: p.Version, Section: s, Shown: map[string]string{}, Channel: c.channel, Drawn: a.sums(c, p, v)}
	present := reporting.RecordValues(p)
	for _, id := range reporting.RecordFields[s] {
		st.Shown[id] = mark(present[id])
		f.Fields = append(f.Fields, a.recordField(c, id, p, v))
	}
	state, err := json.Marshal(st)
	if err != nil {
		return nil, fmt.Errorf("write form state: %w", err)
	}
	f.State = string(state)
	return f, nil
}

// recordChoices are the fields with a fixed list; labels are the locale keys
// <field>.<choice>.
var recordChoices = map[string][]string{
	reporting.FieldPlanning: reporting.PlanningModes, reporting.FieldDrive: reporting.Drives, reporting.FieldLibrary: reporting.Libraries,
	reporting.FieldTags: reporting.RecordTags, reporting.FieldFXCurrency: reporting.Currencies,
}

func (a *App) recordField(c *call, id string, p reporting.Project, v map[string]string) Field {
	f := Field{
		ID: id, Kind: TextField, Label: a.say(c, "field."+id+".label"), Hint: a.say(c, "field."+id+".hint"), Value: v[id],
		Optional: true, MaxLen: reporting.FieldLimit(id), Live: slices.Contains(summed, id),
	}
	switch id {
	case reporting.FieldFXOn:
		f.Kind, f.MaxLen = DateField, 0
	case reporting.FieldFundOther:
		f.Hint = a.fundingSum(c, p, v)
	case reporting.FieldFXRate:
		if echo := a.converted(c, v); echo != "" {
			f.Hint = echo
		}
	case reporting.FieldTools:
		f.Kind, f.MaxLen = ManyField, 0
		for _, e := range c.catalogue.Offered(reporting.ListSupportTool, reporting.Values(v[id])...) {
			f.Options = append(f.Options, Option{Value: e.ID, Label: e.Name.In(c.locale)})
		}
		f.Options = append(f.Options, Option{Value: reporting.None, Label: a.say(c, "support_tools.none")})
	}
	if choices, ok := recordChoices[id]; ok {
		f.Kind, f.MaxLen = SelectField, 0
		for _, s := range choices {
			f.Options = append(f.Options, Option{Value: s, Label: a.say(c, id+"."+s)})
		}
		if id == reporting.FieldLibrary || id == reporting.FieldTags {
			f.Kind = ManyField
		}
	}
	return f
}

// summed are the fields of which a sum is shown while they are filled in.
var summed = []string{
	reporting.FieldFundGovernment, reporting.FieldFundEnterprise, reporting.FieldFundLoan, reporting.FieldFundSocial, reporting.FieldFundOther,
	reporting.FieldFXAmount, reporting.FieldFXRate,
}

// sums is what the form shows of sums; a change of it redraws the form.
func (a *App) sums(c *call, p reporting.Project, v map[string]string) string {
	return mark(a.fundingSum(c, p, v) + "|" + a.converted(c, v))
}

// fundingSum says what the parts typed so far add up to, beside the total.
func (a *App) fundingSum(c *call, p reporting.Project, v map[string]string) string {
	var sum reporting.Wan
	for _, id := range summed[:5] {
		if w, err := reporting.ParseMoney(v[id]); err == nil {
			sum += w
		}
	}
	if sum == 0 {
		return a.say(c, "record.funding.none", "total", a.money(c, p.InvestTotal))
	}
	return a.say(c, "record.funding.sum", "sum", a.money(c, sum), "total", a.money(c, p.InvestTotal))
}

// converted echoes a foreign amount in 万元, "" while it cannot be told.
func (a *App) converted(c *call, v map[string]string) string {
	w, ok := reporting.ConvertedValues(v)
	if !ok {
		return ""
	}
	return a.say(c, "record.fx.echo", "money", a.money(c, w))
}

func readCompleting(state string) (completing, error) {
	var st completing
	if err := json.Unmarshal([]byte(state), &st); err != nil || st.Project == "" || !slices.Contains(reporting.Sections, st.Section) {
		return st, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	return st, nil
}

// changedRecord redraws the form when a sum that it shows has changed.
func (a *App) changedRecord(c *call, in Input) (*Form, error) {
	st, err := readCompleting(in.State)
	if err != nil || st.Section != reporting.SectionMoney {
		return nil, err
	}
	p, err := a.project(c, st.Project)
	if err != nil {
		return nil, err
	}
	// What is wrong is told on submitting.
	if reporting.CanComplete(c.actor, p) == nil && p.Version == st.Version && a.sums(c, p, in.Values) != st.Drawn {
		c.channel = st.Channel
		return a.recordForm(c, st.Section, p, in.Values, nil)
	}
	return nil, nil
}

// submitRecord writes one section. Who comes second is shown what the other
// wrote, and keeps what they typed.
func (a *App) submitRecord(c *call, in Input) (SubmitResult, error) {
	st, err := readCompleting(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	p, err := a.alter(c, st.Project, func(p reporting.Project) (reporting.Change, error) {
		return reporting.Complete(c.actor, p, st.Section, st.Version, in.Values, c.catalogue, c.day, c.now.UnixMilli())
	})
	var e *reporting.Error
	switch {
	case errors.As(err, &e) && e.Key == "err.project.changed":
		return a.recordConflict(c, st, in.Values)
	case err != nil:
		return a.atField(c, err, reporting.RecordFields[st.Section][0])
	}
	r := a.recordCard(c, p)
	r.Text = a.say(c, "record.saved", "section", a.say(c, "record.section."+string(st.Section)), "id", p.ID, "record", a.completeness(p))
	r.Parts[0] = Paragraph{Plain(r.Text)}
	if note := a.away(c, p); note != "" && st.Section == reporting.SectionIdentity {
		r.Parts = slices.Insert(r.Parts, 1, Part(Paragraph{Bold(note)}))
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

// away warns of a location that is none of the city's.
func (a *App) away(c *call, p reporting.Project) string {
	if p.LocationCode == "" {
		return ""
	}
	if _, away, err := reporting.ParseLocationCode(p.LocationCode); err == nil && away {
		return a.say(c, "record.away", "code", p.LocationCode, "city", reporting.CodeRegion)
	}
	return ""
}

func (a *App) recordConflict(c *call, st completing, typed map[string]string) (SubmitResult, error) {
	p, err := a.project(c, st.Project)
	if err != nil {
		return SubmitResult{}, err
	}
	if err := reporting.CanComplete(c.actor, p); err != nil {
		return a.atField(c, err, reporting.RecordFields[st.Section][0])
	}
	present, v := reporting.RecordValues(p), map[string]string{}
	text := []Span{Bold(a.say(c, "record.conflict"))}
	for _, id := range reporting.RecordFields[st.Section] {
		v[id] = present[id]
		if mark(typed[id]) == st.Shown[id] {
			continue
		}
		if v[id] = typed[id]; typed[id] != present[id] && mark(present[id]) != st.Shown[id] {
			text = append(text, Plain(a.say(c, "form.body.differs", "field", a.say(c, "field."+id+".label"),
				"theirs", orNone(a, c, present[id]), "yours", orNone(a, c, typed[id]))))
		}
	}
	c.channel = st.Channel
	f, err := a.recordForm(c, st.Section, p, v, []Field{{ID: "conflict", Kind: InfoField, Text: text}})
	return SubmitResult{Next: f}, err
}
