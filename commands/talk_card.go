package commands

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// card is an answer of a filing by sentences; others see it where they read along.
func (d *desk) card(parts ...[]Part) *Reply {
	r := &Reply{InChannel: d.c.shared()}
	for _, p := range parts {
		r.Parts = append(r.Parts, p...)
	}
	for _, p := range r.Parts {
		if line, ok := p.(Paragraph); ok {
			r.Text = strings.TrimSpace(r.Text + " " + lineText(line))
		}
	}
	return r
}

func lineText(line []Span) string {
	var b strings.Builder
	for _, s := range line {
		b.WriteString(s.Text)
	}
	return b.String()
}

// line is a paragraph of the text of key.
func (d *desk) line(key string, args ...any) Part {
	return Paragraph{Plain(d.a.say(d.c, key, args...))}
}

// opened shows what a first sentence gave, and asks for what is missing.
func (d *desk) opened(t talked, drafts int) *Reply {
	d.begun = true
	head := []Part{Paragraph{
		Plain(d.a.say(d.c, "talk.opened")), Plain(d.a.say(d.c, "form.project.for")), Bold(d.reporter.Label(d.c.locale)), Plain(d.a.say(d.c, "talk.kept")),
	}}
	if facts := d.facts(t.Values, nil); len(facts) > 0 {
		head = append(head, facts)
	}
	if drafts > 0 {
		head = append(head, Note{Plain(d.a.say(d.c, "talk.drafts", "n", drafts))})
	}
	return d.card(head, d.warnings(t.Values), d.question(t, ""))
}

// reply says what became of a sentence, and asks for what is missing.
func (d *desk) reply(t talked, s sense) *Reply {
	var head []Part
	switch {
	case s.do == inForm:
		return d.card([]Part{d.line("talk.form"), Buttons{d.formButton(t, "talk_form")}})
	case s.do == shown && !d.complete(t.Values):
		head = append(head, d.facts(t.Values, nil))
	case s.do == lacking:
		head = append(head, d.missing(t.Values)...)
	case len(s.got) > 0 && s.do == noted && !d.complete(t.Values): // the last card has them
		head = append(head, d.line("talk.noted"), d.facts(t.Values, s.got))
	}
	if s.err != nil {
		text, _ := d.a.words.Explain(d.c.locale, d.a.naming(d.c.ctx, s.err), "")
		head = append(head, Paragraph{Bold(text)})
	}
	if len(s.unread) > 0 {
		head = append(head, d.line("talk.unread", "text", clip(strings.Join(s.unread, d.a.say(d.c, "word.list_separator")))))
	}
	if s.do == lost && s.err == nil && len(s.among) == 0 {
		head = append(head, d.line("talk.lost", "text", clip(d.c.text)))
	}
	if len(s.among) > 0 {
		return d.card(head, d.warnings(t.Values), d.choose(t, s))
	}
	if s.do == skipped && d.complete(t.Values) { // the card with all values stands above
		return d.card(head, []Part{d.line("talk.skipped"), d.lastButtons(t)}, d.open(t, "", true))
	}
	return d.card(head, d.warnings(t.Values), d.question(t, ""))
}

// complete reports whether the form would take the values.
func (d *desk) complete(v map[string]string) bool { return len(d.faults(v)) == 0 }

// facts are the fields that have a value, or those of only, each with its label.
func (d *desk) facts(v map[string]string, only []string) Facts {
	var out Facts
	want := map[string]bool{}
	for _, id := range only {
		want[id] = true
		if id == reporting.FieldPath {
			want[reporting.FieldRoute] = true // it came along
		}
		if d.either(v, id) {
			want[reporting.FieldPathDetail] = true // or what is written instead
		}
	}
	for _, f := range d.fields(v) {
		if v[f.ID] != "" && (only == nil || want[f.ID]) {
			out = append(out, Fact{Label: f.Label, Value: []Span{Plain(d.shownValue(f, v[f.ID]))}})
		}
	}
	return out
}

// shownValue is a value as people read it.
func (d *desk) shownValue(f Field, value string) string {
	if f.Chosen != nil {
		return f.Chosen.Label
	}
	for _, o := range f.Options {
		if o.Value == value {
			return o.Label
		}
	}
	if f.ID == reporting.FieldInvest {
		if w, err := reporting.ParseMoney(value); err == nil {
			return d.a.money(d.c, w)
		}
	}
	if f.ID == reporting.FieldContact && d.c.shared() {
		return reporting.Project{Contact: value}.MaskedContact()
	}
	return value
}

// warnings say what the total means for the quota, as soon as there is one.
func (d *desk) warnings(v map[string]string) []Part {
	w, err := reporting.ParseMoney(v[reporting.FieldInvest])
	if err != nil || d.complete(v) {
		return nil // the last card has them
	}
	if t := d.a.cfg.Threshold; w < t {
		return []Part{Paragraph{Bold(d.a.say(d.c, "flag.below", "threshold", d.a.money(d.c, t)))}}
	}
	return nil
}

// missing lists what the form would find wrong.
func (d *desk) missing(v map[string]string) []Part {
	var names []string
	faults := d.faults(v)
	for _, f := range d.fields(v) {
		if faults[f.ID] != nil {
			names = append(names, f.Label)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []Part{d.line("talk.missing", "n", len(names), "names", strings.Join(names, d.a.say(d.c, "word.list_separator")))}
}

// question asks the open question; with nothing missing it shows all values and
// what to press. again stands before a question that is asked again.
func (d *desk) question(t talked, again string) []Part {
	if d.complete(t.Values) {
		return append(append(d.last(t), d.open(t, again, true)...), d.a.asOf(d.c))
	}
	return d.open(t, again, false)
}

// open is the open question; done says that it is about what may be left out.
func (d *desk) open(t talked, again string, done bool) []Part {
	f, ok := d.field(t.Values, t.Asked)
	switch {
	case !ok && done:
		return nil
	case !ok:
		return []Part{d.line("talk.in_form"), Buttons{d.formButton(t, "talk_form")}}
	}
	key := "talk.ask"
	if done {
		key = "talk.ask_more"
	}
	ask := Paragraph{Plain(again), Plain(d.a.say(d.c, key)), Bold(f.Label)}
	switch {
	case d.either(t.Values, f.ID):
		ask = append(ask, Plain(d.a.say(d.c, "talk.hint", "hint", d.a.say(d.c, "talk.instead"))))
	case f.Hint != "" && !slices.Contains(hintedByPlace, f.ID):
		ask = append(ask, Plain(d.a.say(d.c, "talk.hint", "hint", f.Hint)))
	}
	out := []Part{ask}
	if n, of := d.lacks(t.Values); n > 0 {
		key := "talk.left"
		if d.begun {
			key = "talk.progress"
		}
		out = append(out, Note{Plain(d.a.say(d.c, key, "n", n, "of", of))})
	}
	if row := d.options(t, f, f.Options); len(row) > 0 {
		out = append(out, row)
	}
	var row Buttons
	if done {
		row = Buttons{d.a.button(d.c, "talk.skip", t.Draft+"|"+f.ID, "talk_skip"), d.a.button(d.c, "talk.skip", t.Draft+"|*", "talk_rest")}
	} else {
		row = Buttons{d.formButton(t, "talk_form"), d.a.button(d.c, "talk.stop", t.Draft, "talk_stop")}
	}
	return append(out, row)
}

// hintedByPlace are the fields whose hint speaks of the next one on the page.
var hintedByPlace = []string{reporting.FieldRoute, reporting.FieldPath, reporting.DetailPartner}

// options are buttons for the choices of a field, numbered as they can be typed.
func (d *desk) options(t talked, f Field, of []Option) Buttons {
	var row Buttons
	for i, o := range of {
		row = append(row, Button{Action: "talk.choose", Value: t.Draft + "|" + f.ID + "|" + o.Value, Label: trimmed(strconv.Itoa(i+1) + ". " + o.Label)})
	}
	if f.ID == reporting.FieldTerritory && !d.reporter.Territorial() && len(of) == 0 {
		row = append(row, Button{Action: "talk.choose", Value: t.Draft + "|" + f.ID + "|" + reporting.TerritoryOpen, Label: trimmed(d.a.say(d.c, "field.territory.open"))})
	}
	return row
}

// trimmed bounds the label of a button.
func trimmed(s string) string {
	if r := []rune(s); len(r) > 30 {
		return string(r[:29]) + "…"
	}
	return s
}

// choose asks which of several that fit is meant.
func (d *desk) choose(t talked, s sense) []Part {
	f, _ := d.field(t.Values, s.field)
	var row Buttons
	for _, o := range s.among {
		row = append(row, Button{Action: "talk.choose", Value: t.Draft + "|" + f.ID + "|" + o.Value, Label: trimmed(o.Label)})
	}
	return []Part{Paragraph{Plain(d.a.say(d.c, "talk.which", "field", f.Label))}, row}
}

// last shows all values, what the office will look at, and what to press.
func (d *desk) last(t talked) []Part {
	out := []Part{Paragraph{Bold(d.a.say(d.c, "talk.complete"))}, d.facts(t.Values, nil)}
	if p, err := reporting.ReadDraft(t.Values, d.reporter, d.reg); err == nil {
		p.Status, p.SubmittedOn, p.PlanYear = reporting.Submitted, d.c.day, d.c.day.Year
		out = append(out, d.a.flags(d.c, d.list, p)...)
	}
	return append(out, d.lastButtons(t))
}

// lastButtons file the values as they are, change them, or throw them away.
func (d *desk) lastButtons(t talked) Buttons {
	file := d.a.button(d.c, "talk.file", t.Draft+"|"+strconv.FormatInt(t.Stamp, 10)+"|"+t.Body, "submit")
	file.Style = "primary"
	return Buttons{file, d.formButton(t, "talk_change"), d.throwButton(t)}
}

func (d *desk) formButton(t talked, label string) Button {
	return d.a.button(d.c, "project.continue", t.Draft, label)
}

func (d *desk) throwButton(t talked) Button {
	return d.a.asking(d.c, d.a.button(d.c, "project.discard", t.Draft, "discard"), "discard")
}

// stopped says that the draft stays.
func (d *desk) stopped(t talked) *Reply {
	return d.card([]Part{
		d.line("talk.stopped"),
		Buttons{d.a.button(d.c, "talk.resume", t.Draft, "talk_resume"), d.formButton(t, "talk_form"), d.throwButton(t)},
	})
}
