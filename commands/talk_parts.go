package commands

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// told reads a sentence of several parts. A part that names a field fills that;
// one that can only be the value of one field fills that; what is left over
// goes on with the text before it, or answers the open question.
func (d *desk) told(t talked, asked Field, open, free bool, text string) sense {
	s := sense{do: lost, values: t.Values}
	parts := splitTalk(text)
	if free && asked.Kind == LongField && !d.allNamed(t.Values, parts) {
		return d.answer(t, asked, d.own(asked, text))
	}
	var into string // the text field that what follows belongs to
	for i, part := range parts {
		id, value, sure := d.words.named(part.text)
		f, known := d.field(s.values, id)
		switch {
		case known && value != "" && sure:
			s, into = d.take(s, f, value), d.goesOn(s.values, f)
		case d.takeTyped(&s, part.text, open && i == 0 && free):
			into = ""
		case known && value != "" && (free && d.only(f, value, true) || !free && (d.free(s.values, f) && i > 0 || d.fits(s.values, f, value))):
			s, into = d.take(s, f, value), d.goesOn(s.values, f)
		case into != "":
			s.values = with1(s.values, into, s.values[into]+part.before+part.text)
		case i == 0 && open:
			s, into = d.take(s, asked, part.text), ""
			if free {
				into = asked.ID
			}
		case !free && d.takeKnown(&s, part.text):
			into = ""
		default:
			s.unread = append(s.unread, part.text)
		}
	}
	return s
}

// goesOn returns the field if what follows may belong to its text, else "".
func (d *desk) goesOn(v map[string]string, f Field) string {
	if d.free(v, f) {
		return f.ID
	}
	return ""
}

// own returns what is said of a field without its name.
func (d *desk) own(f Field, text string) string {
	if id, value, sure := d.words.named(text); id == f.ID && sure && value != "" {
		return value
	}
	return text
}

func (d *desk) allNamed(v map[string]string, parts []talkPart) bool {
	for _, p := range parts {
		id, value, sure := d.words.named(p.text)
		if _, known := d.field(v, id); !known || !sure || value == "" {
			return false
		}
	}
	return true
}

// take fills one more field in.
func (d *desk) take(s sense, f Field, value string) sense {
	v, among, err := d.put(s.values, f, value)
	if err != nil || len(among) > 0 {
		if s.field == "" { // the first is told, and asked for next
			s.field, s.said, s.err, s.among = f.ID, value, err, among
		}
		return s
	}
	s.do, s.values = noted, v
	s.got = append(slices.DeleteFunc(s.got, func(id string) bool { return id == f.ID }), f.ID)
	return s
}

// telling are the fields that take what no other takes, told by its form.
var telling = []string{
	reporting.FieldInvest, reporting.FieldPath, reporting.FieldRoute, reporting.FieldNature, reporting.FieldMilestone, reporting.FieldIndustry, reporting.FieldProgramme,
}

// takeTyped fills in the one field that a part can only be the value of.
func (d *desk) takeTyped(s *sense, part string, answer bool) bool {
	if answer {
		return false // it answers the open question
	}
	if id, month, ok := d.dated(part); ok {
		f, _ := d.field(s.values, id)
		*s = d.take(*s, f, month)
		return true
	}
	if from, to, ok := d.span(part); ok {
		start, _ := d.field(s.values, reporting.FieldStart)
		finish, _ := d.field(s.values, reporting.FieldFinish)
		*s = d.take(d.take(*s, start, from), finish, to)
		return true
	}
	var fits []Field
	for _, id := range telling {
		if f, ok := d.field(s.values, id); ok && d.only(f, part, false) {
			fits = append(fits, f)
		}
	}
	if len(fits) != 1 {
		return false
	}
	*s = d.take(*s, fits[0], part)
	return true
}

// recognised are the fields of what is recognised within a part.
var recognised = map[question.Slot]string{
	question.Invest: reporting.FieldInvest, question.SubPath: reporting.FieldPath, question.Industry: reporting.FieldIndustry,
	question.Programme: reporting.FieldProgramme, question.Body: reporting.FieldTerritory, question.LeadDept: reporting.FieldLeadDept,
}

// takeKnown fills in the one thing that is recognised within a part: "由展会上招来的".
func (d *desk) takeKnown(s *sense, part string) bool {
	found := map[string]string{}
	for _, e := range question.Entities(part, question.Context{Today: d.c.day, Locale: d.c.locale, Bodies: d.index, Catalogue: d.c.catalogue, Own: d.c.actor.BodyID}) {
		if id := recognised[e.Slot]; id != "" {
			found[id] = e.Value
		}
	}
	if b, ok := d.list.Find(found[reporting.FieldTerritory]); ok && b.Kind == reporting.Department {
		found = map[string]string{reporting.FieldLeadDept: b.ID}
	}
	if len(found) != 1 {
		return false
	}
	for id, value := range found {
		if id == reporting.FieldInvest {
			value += "万元"
		}
		if f, ok := d.field(s.values, id); ok && d.fits(s.values, f, value) {
			*s = d.take(*s, f, value)
			return true
		}
	}
	return false
}

// talkPart is a part of a sentence, and what stands before it.
type talkPart struct{ before, text string }

// maxParts is how many parts a sentence is read in; the last has the rest.
const maxParts = 40

// splitTalk parts a sentence at its commas and stops, not at those within numbers.
func splitTalk(text string) []talkPart {
	var out []talkPart
	r := []rune(text)
	begin, before := 0, ""
	end := func(at, next int) {
		if s := strings.TrimSpace(string(r[begin:at])); s != "" {
			out = append(out, talkPart{before, s})
			before = ""
		}
		before += string(r[at:next])
		begin = next
	}
	for i, c := range r {
		within := i > 0 && i+1 < len(r) && unicode.IsDigit(r[i-1]) && unicode.IsDigit(r[i+1])
		switch {
		case len(out) == maxParts-1:
		case strings.ContainsRune("，；;。\n", c), c == ',' && !within, c == '.' && i+1 < len(r) && r[i+1] == ' ':
			end(i, i+1)
		}
	}
	end(len(r), len(r))
	return out
}

// first returns v with what the sentence says that begins a filing.
func (d *desk) first(v map[string]string, q question.Reading) map[string]string {
	rest, begins := d.words.begun(d.c.text)
	t := talked{Values: v}
	if name, _ := d.field(v, reporting.FieldName); begins && rest != "" {
		if _, after, ok := leading(rest, d.words.is); ok { // "登记个项目，叫轴承园"
			rest = after
		}
		t = d.told(t, name, true, false, rest).apply(t)
	}
	slot := q.Slots[question.Name]
	if d.fuller(t.Values[reporting.FieldName], slot) {
		slot = ""
	}
	for _, f := range []struct {
		field string
		slot  question.Slot
		tail  string
	}{
		{reporting.FieldName, question.Name, ""}, {reporting.FieldInvest, question.Invest, "万元"}, {reporting.FieldPath, question.SubPath, ""},
		{reporting.FieldRoute, question.Route, ""}, {reporting.FieldIndustry, question.Industry, ""}, {reporting.FieldProgramme, question.Programme, ""},
		{reporting.FieldLeadDept, question.LeadDept, ""},
	} {
		value := q.Slots[f.slot]
		if f.slot == question.Name {
			value = slot
		}
		field, ok := d.field(t.Values, f.field)
		if value == "" || !ok || t.Values[f.field] != "" && f.field != reporting.FieldName && f.field != reporting.FieldLeadDept {
			continue
		}
		if w, among, err := d.put(t.Values, field, value+f.tail); err == nil && len(among) == 0 {
			t.Values = w
		}
	}
	return d.placed(t.Values, q.Slots[question.Body])
}

// fuller reports whether a name that stands at the front of a sentence is to be
// preferred to what was read in it: "宽城区智能轴承产业园", not without the body.
func (d *desk) fuller(whole, read string) bool {
	if whole == "" || read == "" {
		return whole != ""
	}
	before, _, within := strings.Cut(whole, read)
	return !within || len(d.index.Find(before)) == 1
}

// placed takes a body that is named and does not file for the territory, or the department.
func (d *desk) placed(v map[string]string, id string) map[string]string {
	b, ok := d.list.Find(id)
	if !ok || b.ID == d.reporter.ID || d.c.actor.Role == reporting.Admin {
		return v
	}
	if f, ok := d.bodyField(v, b.ID); ok {
		if w, _, err := d.put(v, f, b.ID); err == nil {
			return w
		}
	}
	return v
}
