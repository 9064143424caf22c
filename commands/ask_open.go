package commands

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// carryFor returns a carried reading about a project.
func carryFor(value, id string) string {
	var v carried
	if err := json.Unmarshal([]byte(value), &v); err != nil { // it was written by carry
		return ""
	}
	return carry(question.Reading{Intent: v.Intent, Slots: withSlot(v.Slots, question.Project, id), Locale: v.Locale})
}

func withSlot(s question.Slots, k question.Slot, v string) question.Slots {
	out := question.Slots{k: v}
	for key, value := range s {
		if key != k {
			out[key] = value
		}
	}
	return out
}

// pressReturnWith opens the form of a return with the reason that was said.
func (a *App) pressReturnWith(c *call) (Response, error) {
	seen, reason := firstWord(c.value)
	id, version, err := parseSeen(seen)
	if err != nil {
		return Response{}, err
	}
	out, err := a.askReason(c, id, version)
	if err == nil {
		fill(out.Form, map[string]string{"reason": reason})
	}
	return out, err
}

// fill puts values into the fields of a form that are there.
func fill(f *Form, v map[string]string) {
	for i := range f.Fields {
		if s, ok := v[f.Fields[i].ID]; ok && s != "" {
			f.Fields[i].Value = s
		}
	}
}

// pressEditWith opens the form of a project with what was said written into it,
// over the draft of an edit that was begun before.
func (a *App) pressEditWith(c *call) (Response, error) {
	var v carried
	if err := json.Unmarshal([]byte(c.value), &v); err != nil {
		return Response{}, &reporting.Error{Code: reporting.NotFound, Key: "err.action.unknown", Err: err}
	}
	p, err := a.project(c, v.Slots[question.Project])
	if err != nil {
		return Response{}, err
	}
	if err := reporting.BeginEdit(c.actor, p); err != nil {
		return Response{}, err
	}
	drafts, err := a.draftsInHand(c)
	if err != nil {
		return Response{}, fmt.Errorf("read drafts: %w", err)
	}
	values, err := a.draftValues(c, p)
	if err != nil {
		return Response{}, err
	}
	st := filing{Opening: newOpening(), Body: p.ReporterBody, Project: p.ID, Base: p.Version, Channel: c.channel}
	for _, d := range drafts {
		if d.ProjectID == p.ID {
			if d, err = a.take(c, d); err != nil {
				return Response{}, err
			}
			st.Draft, st.Stale, values = d.ID, d.BaseVer != p.Version, d.Values
			break
		}
	}
	for k, s := range changesSaid(question.Reading{Slots: v.Slots}) {
		values[k] = s
		if k == reporting.FieldPath {
			values[reporting.FieldRoute] = reporting.Path(s).Route()
		}
	}
	return a.open(c, st, values)
}

// nudgeCard shows when a body is nudged, and with it what was asked to be changed.
func (a *App) nudgeCard(c *call, q question.Reading) (Response, error) {
	show := a.asCommand(a.nudgeShow, question.Body)
	weekday, clock, snooze := q.Slots[question.Weekday], q.Slots[question.Time], q.Slots[question.Snooze]
	if weekday == "" && clock == "" && snooze == "" {
		return show(c, q)
	}
	b, st, err := a.nudgeToChange(c, q.Slots[question.Body], "set")
	if err != nil {
		return Response{}, err
	}
	facts := Facts{{Label: b.Label(c.locale), Value: []Span{Plain(a.when(c, st.Rule()))}}}
	var buttons []Button
	if weekday != "" || clock != "" {
		rule := st.Rule()
		becomes := a.say(c, "nudge.when", "weekday", a.say(c, "weekday."+cmp.Or(weekday, rule.Weekday.String())), "clock", cmp.Or(clock, clockOf(rule)))
		facts = append(facts, Fact{Label: a.say(c, "answer.becomes"), Value: []Span{Bold(becomes)}})
		buttons = append(buttons, primary(a.button(c, "ask.nudge", strings.Join([]string{b.ID, cmp.Or(weekday, "-"), cmp.Or(clock, "-")}, " "), "nudge_set")))
	}
	if snooze != "" {
		for _, n := range reporting.SnoozeDays {
			if s := strconv.Itoa(n); s == snooze || snooze != "1" && snooze != "3" {
				buttons = append(buttons, a.button(c, "ask.snooze", b.ID+" "+map[int]string{1: "1d", 3: "3d"}[n], "snooze_"+s))
			}
		}
	}
	return a.writeCard(c, a.say(c, "answer.nudge", "body", b.Label(c.locale)), []Part{facts}, append(buttons, a.button(c, "nudge.show", b.ID, "nudge_show"))...), nil
}

// pressNudgeWith opens the form of the nudge with weekday and time filled in.
func (a *App) pressNudgeWith(c *call) (Response, error) {
	words := strings.Fields(c.value)
	if len(words) != 3 {
		return Response{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	c.text, c.words = words[0], words[:1]
	out, err := a.nudgeSet(c)
	if err != nil {
		return out, err
	}
	for i := range out.Form.Fields {
		switch f := &out.Form.Fields[i]; {
		case f.ID == reporting.FieldNudgeTime && words[2] != "-":
			f.Value = words[2]
		case f.ID == reporting.FieldNudgeWeekday && words[1] != "-":
			f.Value = cmp.Or(among(f.Options, words[1]), f.Value)
		}
	}
	return out, nil
}
