package commands

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// doing is what a sentence does to a filing.
type doing int

const (
	lost       doing = iota // nothing: it was not understood
	noted                   // fields were filled in
	skipped                 // the open question is not asked again
	skippedAll              // nor is any other about what may be left out
	lacking                 // asks what is missing
	shown                   // asks for all that is there
	inForm                  // asks for the form
	stopped
	aside // it asks something else
	anew  // it begins another filing
)

// sense is what was understood of a sentence.
type sense struct {
	do      doing
	values  map[string]string // as they are then
	got     []string          // fields that were filled in, in the order in which they were said
	field   string            // what the sentence was about where it does not fit, or fits several
	said    string            // of it
	err     error             // why it does not fit
	among   []Option          // that it fits
	unread  []string          // parts that had no meaning
	reading question.Reading  // of aside and anew
}

// apply returns the filing after the sentence.
func (s sense) apply(t talked) talked {
	switch s.do {
	case noted:
		t.Values = s.values
		if len(s.got) > 0 {
			t.Last = s.got[len(s.got)-1]
		}
		t.Skipped = slices.DeleteFunc(slices.Clone(t.Skipped), func(id string) bool { return slices.Contains(s.got, id) })
	case skipped:
		t.Skipped = append(slices.Clone(t.Skipped), s.got...)
	}
	return t
}

// understand says what a sentence does. What fits the open question answers it;
// what corrects, or names a field, is that; else it may ask something else.
func (d *desk) understand(t talked, text string) sense {
	if s, ok := d.steered(t, text); ok {
		return s
	}
	asked, open := d.field(t.Values, t.Asked)
	if rest, ok := d.words.corrects(text); ok {
		return d.corrected(t, asked, rest)
	}
	free := open && d.free(t.Values, asked)
	if free && d.words.questions(text) {
		if q, ok := d.elsewhere(); ok {
			return sense{do: aside, reading: q}
		}
	}
	var tried sense
	if open && !free {
		if tried = d.answer(t, asked, text); tried.do == noted || len(tried.among) > 0 {
			return tried
		}
	}
	if s := d.told(t, asked, open, free, text); s.do == noted || len(s.among) > 0 || free {
		return d.keeping(s, t)
	}
	if q, ok := d.elsewhere(); ok {
		return sense{do: aside, reading: q}
	}
	if open && !free && !d.words.questions(text) {
		return d.keeping(tried, t)
	}
	return sense{do: lost}
}

// keeping returns a sense that keeps what was typed wrong where a form would:
// in a field for text that has nothing right.
func (d *desk) keeping(s sense, t talked) sense {
	wrong := t.Values[s.field] != "" && d.faults(t.Values)[s.field] != nil
	if s.err == nil || s.do != lost || !keepsWrong[s.field] || t.Values[s.field] != "" && !wrong || len([]rune(s.said)) > reporting.FieldLimit(s.field) {
		return s
	}
	s.do, s.values = noted, with1(t.Values, s.field, s.said)
	return s
}

// keepsWrong are the text fields that take only some texts.
var keepsWrong = map[string]bool{reporting.FieldInvest: true, reporting.FieldStart: true, reporting.FieldFinish: true, reporting.FieldContent: true}

func with1(v map[string]string, id, value string) map[string]string {
	v = maps.Clone(v)
	v[id] = value
	return v
}

// steered is what a sentence does that is no answer: "算了", "还差什么" …
func (d *desk) steered(t talked, text string) (sense, bool) {
	if slices.Contains(helpWords, strings.ToLower(text)) {
		return sense{do: aside}, true
	}
	if do, ok := d.words.steers(text); ok {
		switch do {
		case skipped:
			return d.skip(t, t.Asked), true
		case skippedAll:
			return d.skipAll(t), true
		}
		return sense{do: do}, true
	}
	rest, begins := d.words.begun(text)
	if begins && rest == "" {
		return sense{do: lacking}, true
	}
	// "登记证" is a word of an answer, "登记：客车园" another project.
	if begins && d.heard.Intent == question.ProjectRegister && strings.ContainsAny(text, "：:") {
		return sense{do: anew, reading: d.heard}, true
	}
	return sense{}, false
}

// skip leaves a question out, where the form does.
func (d *desk) skip(t talked, field string) sense {
	if field == "" {
		return sense{do: lacking}
	}
	if f, ok := d.field(t.Values, field); !ok || d.required(t.Values, f) {
		return sense{do: lost, field: field, err: reporting.Fail(reporting.Invalid, "err.talk.required")}
	}
	return sense{do: skipped, got: []string{field}}
}

func (d *desk) skipAll(t talked) sense {
	if len(d.faults(t.Values)) > 0 {
		return d.skip(t, t.Asked)
	}
	s := sense{do: skipped}
	for _, f := range d.fields(t.Values) {
		if t.Values[f.ID] == "" {
			s.got = append(s.got, f.ID)
		}
	}
	return s
}

// answer takes text for the value of a field.
func (d *desk) answer(t talked, f Field, text string) sense {
	if f.ID == reporting.FieldStart || f.ID == reporting.FieldFinish {
		if from, to, ok := d.span(text); ok {
			return sense{do: noted, got: []string{reporting.FieldStart, reporting.FieldFinish},
				values: with1(with1(t.Values, reporting.FieldStart, from), reporting.FieldFinish, to)}
		}
	}
	v, among, err := d.put(t.Values, f, text)
	if path, ok := d.field(with1(t.Values, reporting.FieldRoute, ""), reporting.FieldPath); ok && f.ID == reporting.FieldRoute && err != nil {
		if w, several, no := d.put(t.Values, path, text); no == nil { // its path says it, too
			f, v, among, err = path, w, several, nil
		}
	}
	if err != nil || len(among) > 0 {
		return sense{field: f.ID, said: text, err: err, among: among}
	}
	return sense{do: noted, values: v, got: []string{f.ID}}
}

// corrected puts right what was said before: a field that is named, else what
// was filled in last, else the one field that takes such a value.
func (d *desk) corrected(t talked, asked Field, rest string) sense {
	if rest == "" {
		return sense{do: lost, err: reporting.Fail(reporting.Invalid, "err.talk.which")}
	}
	if id, _, _ := d.words.named(rest); id != "" {
		if s := d.told(t, asked, false, false, rest); s.do == noted || len(s.among) > 0 || s.err != nil {
			return s
		}
	}
	last, ok := d.field(t.Values, t.Last)
	if ok && !d.free(t.Values, last) {
		if s := d.answer(t, last, rest); s.do == noted || len(s.among) > 0 {
			return s
		}
	}
	if s := d.told(t, asked, false, false, rest); s.do == noted || len(s.among) > 0 {
		return s
	}
	if f, ok := d.bodyField(t.Values, rest); ok {
		return d.answer(t, f, rest)
	}
	if ok && d.free(t.Values, last) {
		return d.answer(t, last, rest)
	}
	return sense{do: lost, err: reporting.Fail(reporting.Invalid, "err.talk.which")}
}

// bodyField returns the field in which a body stands that text names.
func (d *desk) bodyField(v map[string]string, text string) (Field, bool) {
	found := d.index.Find(d.words.bare(text))
	if len(found) != 1 {
		return Field{}, false
	}
	switch b := found[0].Body; {
	case b.Territorial():
		return d.field(v, reporting.FieldTerritory)
	case b.Kind == reporting.Department:
		return d.field(v, reporting.FieldLeadDept)
	}
	return Field{}, false
}

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
		case strings.ContainsRune("，；;。\n", c), c == ',' && !within, c == '.' && i+1 < len(r) && r[i+1] == ' ':
			end(i, i+1)
		}
	}
	end(len(r), len(r))
	return out
}

// elsewhere returns the reading of what was said if it asks something that can be answered.
func (d *desk) elsewhere() (question.Reading, bool) {
	q := d.heard
	_, answers := d.a.answers[q.Intent]
	least := asideSure
	if d.words.questions(d.c.text) {
		least = asideAsked
	}
	return q, (answers || q.Then != nil) && q.Intent != question.ProjectRegister && q.Intent != question.Unknown && q.Confidence >= least
}

// How surely a sentence must ask something else: one that has a word of a
// question, and one that has none.
const (
	asideAsked = 0.6
	asideSure  = 0.85
)

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

// fieldErrors returns err as faults of fields, nil if it is about none.
func fieldErrors(err error) reporting.FieldErrors {
	var f reporting.FieldErrors
	errors.As(err, &f)
	return f
}

// fold compares as names are compared.
func fold(s string) string { return lexicon.Fold(s) }
