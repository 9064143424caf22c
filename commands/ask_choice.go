package commands

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// askActions are the buttons of what was not clear.
func (a *App) askActions() map[string]handler {
	return map[string]handler{"ask.then": a.pressThen, "ask.say": a.pressSay}
}

// maxCarried is how many code points of what was read a button carries of a text.
const maxCarried = 200

// carried is a reading as the value of a button.
type carried struct {
	Intent question.Intent  `json:"i"`
	Slots  question.Slots   `json:"s,omitempty"`
	Locale reporting.Locale `json:"l,omitempty"`
}

// carry returns what a button carries that goes on with q.
func carry(q question.Reading) string {
	slots := maps.Clone(q.Slots)
	for k, v := range slots {
		if r := []rune(v); len(r) > maxCarried {
			slots[k] = string(r[:maxCarried])
		}
	}
	text, err := json.Marshal(carried{q.Intent, slots, q.Locale})
	if err != nil { // texts always marshal
		return ""
	}
	return string(text)
}

// askWhich asks which of the bodies is meant: a button for each goes on with
// what was asked.
func (a *App) askWhich(c *call, q question.Reading) (Response, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	var found []lexicon.Match
	for _, id := range q.Slots.List(question.Candidate) {
		if b, ok := list.Find(id); ok {
			found = append(found, lexicon.Match{Body: b})
		}
	}
	ask := a.choose(c, q.Slots[question.Body], found, "ask.then", func(b reporting.Body) string { return carry(about(*q.Then, b.ID)) })
	return Response{Reply: ask}, nil
}

// about returns q of a body.
func about(q question.Reading, id string) question.Reading {
	slots := maps.Clone(q.Slots)
	if slots == nil {
		slots = question.Slots{}
	}
	if slots[question.Bodies] != "" {
		slots[question.Bodies] += "|" + id
	} else {
		slots[question.Body] = id
	}
	q.Slots = slots
	return q
}

// pressThen goes on with what was asked once it is clear of whom. The choice
// stays: it may stand where all can see it, and the answer is by the rights of
// who pressed.
func (a *App) pressThen(c *call) (Response, error) {
	var v carried
	if err := json.Unmarshal([]byte(c.value), &v); err != nil || v.Slots == nil {
		return Response{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	q := question.Reading{Intent: v.Intent, Slots: v.Slots, Confidence: 1, Locale: v.Locale}
	if _, ok := a.answers[q.Intent]; !ok {
		return Response{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	out, err := a.answer(c, q)
	return out, a.spoken(c, err)
}

// pressSay answers the button whose value is a sentence.
func (a *App) pressSay(c *call) (Response, error) {
	c.text = strings.TrimSpace(c.value)
	c.words = strings.Fields(c.text)
	return a.question(c)
}

// offered are the things that are offered to who asked something that is like
// none of them, by whom they are for; nil is for all.
var offered = []struct {
	intent question.Intent
	to     func(reporting.Actor) bool
}{
	{question.QuotaRemaining, asks}, {question.ProjectRegister, files}, {question.CityProgress, reporting.Actor.ReadsAll},
	{question.QuotaLagging, reporting.Actor.ReadsAll}, {question.ReviewQueue, reporting.Actor.OfOffice}, {question.ProjectList, nil},
	{question.QuotaProgress, nil}, {question.QuotaTarget, nil}, {question.QuotaPace, nil}, {question.QuotaForecast, nil},
	{question.QuotaRequiredRate, nil}, {question.QuotaRanking, nil}, {question.QuotaCompare, reporting.Actor.ReadsAll}, {question.QuotaDelta, nil},
	{question.QuotaAdjust, directs}, {question.QuotaAdjustHistory, nil}, {question.CityDelta, reporting.Actor.ReadsAll},
	{question.ProgrammeProgress, reporting.Actor.ReadsAll}, {question.ProjectGet, nil}, {question.ProjectCount, nil}, {question.ProjectSum, nil},
	{question.ProjectBreakdown, nil}, {question.ProjectStale, nil}, {question.FindDuplicate, nil}, {question.SetStage, directs},
	{question.ProjectUpdate, files}, {question.ProjectWithdraw, directs}, {question.ReviewApprove, reporting.Actor.OfOffice},
	{question.ReviewReturn, reporting.Actor.OfOffice}, {question.ReportBrief, nil}, {question.RuleExplain, nil}, {question.TermExplain, nil},
	{question.PlanExplain, nil}, {question.ApprovalChecklist, nil}, {question.PolicyList, nil}, {question.BodyExplain, nil},
	{question.NudgeSettings, directs}, {question.Help, nil},
}

// nearest returns the three things that the asker can ask that are most like
// what was not understood.
func (a *App) nearest(c *call, q question.Reading) []question.Intent {
	var out []question.Intent
	add := func(in question.Intent) {
		i := slices.IndexFunc(offered, func(o struct {
			intent question.Intent
			to     func(reporting.Actor) bool
		}) bool {
			return o.intent == in
		})
		if i >= 0 && len(out) < 3 && !slices.Contains(out, in) && (offered[i].to == nil || offered[i].to(c.actor)) {
			out = append(out, in)
		}
	}
	for _, in := range q.Nearest {
		add(in)
	}
	for _, o := range offered {
		add(o.intent)
	}
	return out
}

// notUnderstood says so and offers the nearest three things that can be asked,
// each as the sentence that asks it.
func (a *App) notUnderstood(c *call, q question.Reading) (Response, error) {
	sample, err := a.sampleBody(c)
	if err != nil {
		return Response{}, err
	}
	var lines Bullets
	var buttons Buttons
	for _, in := range a.nearest(c, q) {
		sentence := a.say(c, "ask.example."+string(in), "body", sample, "year", c.day.Year)
		lines = append(lines, []Span{Plain(sentence)})
		buttons = append(buttons, Button{Action: "ask.say", Value: sentence, Label: shorten(sentence, 30)})
	}
	text := a.say(c, "ask.unknown", "value", clip(cmp.Or(c.text, a.say(c, "word.none"))))
	return Response{Reply: &Reply{Text: text, Parts: []Part{
		Paragraph{Plain(text)}, lines, buttons, Note{Plain(a.say(c, "help.note", "command", a.slash("mouhua")))},
	}}}, nil
}
