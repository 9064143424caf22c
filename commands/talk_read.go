package commands

import (
	"errors"
	"maps"
	"slices"
	"strings"

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
	_, value, _ := d.words.named(text) // the name of a field may be a question by itself
	if open && d.words.questions(value) && !d.only(asked, text, false) {
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

// fieldErrors returns err as faults of fields, nil if it is about none.
func fieldErrors(err error) reporting.FieldErrors {
	var f reporting.FieldErrors
	errors.As(err, &f)
	return f
}

// fold compares as names are compared.
func fold(s string) string { return lexicon.Fold(s) }
