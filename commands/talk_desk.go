package commands

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// desk is what a filing by sentences is read against: the fields of the form,
// and its checks. It decides and does not write.
type desk struct {
	a        *App
	c        *call
	words    *talkWords
	list     *reporting.BodyList
	index    *lexicon.Index
	reporter reporting.Body
	st       filing
	reg      reporting.Register
	heard    question.Reading // what was said, as a question
	begun    bool             // the filing was just opened
}

// desk is for whom files for a body.
func (a *App) desk(c *call, body string) (*desk, error) {
	list, index, err := a.index(c)
	if err != nil {
		return nil, err
	}
	reporter, ok := list.Find(body)
	if !ok {
		return nil, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(body))
	}
	st := filing{Body: body}
	return &desk{a: a, c: c, words: a.talk, list: list, index: index, reporter: reporter, st: st, reg: a.goingOn(c, st, list.Find)}, nil
}

// fields are those of the form, in its order.
func (d *desk) fields(v map[string]string) []Field {
	var out []Field
	for _, page := range reporting.FormPages {
		for _, id := range page {
			out = append(out, d.a.formFields(d.c, d.st, id, v, d.reporter, d.list)...)
		}
	}
	return out
}

func (d *desk) field(v map[string]string, id string) (Field, bool) {
	all := d.fields(v)
	if i := slices.IndexFunc(all, func(f Field) bool { return f.ID == id && id != "" }); i >= 0 {
		return all[i], true
	}
	return Field{}, false
}

// faults are what the form would find wrong, the first a field.
func (d *desk) faults(v map[string]string) map[string]*reporting.Error {
	_, err := reporting.ReadDraft(v, d.reporter, d.reg)
	out := map[string]*reporting.Error{}
	for _, e := range fieldErrors(err) {
		if out[e.Field] == nil {
			out[e.Field] = e
		}
	}
	return out
}

// required reports whether the form asks for a field in any case.
func (d *desk) required(v map[string]string, f Field) bool {
	return !f.Optional && (f.ID != reporting.FieldPathDetail || v[reporting.FieldPath] != "") || f.ID == reporting.FieldEvidence || d.either(v, f.ID)
}

// either reports whether a field is the list beside which a text may stand instead.
func (d *desk) either(v map[string]string, id string) bool {
	is := reporting.DetailOf(reporting.Path(v[reporting.FieldPath]))
	return is.Text == reporting.TextInstead && is.Parts[0].Field == id
}

// lacks returns how many of how many required fields are missing or wrong.
func (d *desk) lacks(v map[string]string) (n, of int) {
	faults := d.faults(v)
	for _, f := range d.fields(v) {
		if d.required(v, f) {
			of++
			if faults[f.ID] != nil {
				n++
			}
		}
	}
	return n, of
}

// next opens the next question: what the form would find wrong first, else what
// may be left out and was not.
func (d *desk) next(t talked) talked {
	t.Asked = ""
	faults, all := d.faults(t.Values), d.fields(t.Values)
	for _, f := range all {
		if faults[f.ID] != nil {
			t.Asked = f.ID
			return t
		}
	}
	if len(faults) > 0 { // of what only the form has
		return t
	}
	for _, f := range all {
		more := f.ID == reporting.FieldPathDetail || f.ID == reporting.DetailFrom || f.ID == reporting.FieldEvidence
		if f.Optional && !more && t.Values[f.ID] == "" && !d.either(t.Values, f.ID) && !slices.Contains(t.Skipped, f.ID) {
			t.Asked = f.ID
			return t
		}
	}
	return t
}

// free reports whether any text is an answer.
func (d *desk) free(v map[string]string, f Field) bool {
	switch f.ID {
	case reporting.FieldInvest, reporting.FieldStart, reporting.FieldFinish, reporting.FieldCode:
		return false
	}
	return f.Kind == TextField || f.Kind == LongField || d.either(v, f.ID)
}

// put fills a field in with what was said. The values come back as they were
// when it does not fit, or fits several.
func (d *desk) put(v map[string]string, f Field, said string) (map[string]string, []Option, error) {
	value, among, err := d.fit(v, f, said)
	if e := (*reporting.Error)(nil); errors.As(err, &e) && e.Key == "err.choice" && d.either(v, f.ID) {
		f, value, err = Field{ID: reporting.FieldPathDetail, MaxLen: reporting.FieldLimit(reporting.FieldPathDetail)}, strings.TrimSpace(said), nil
	}
	if err != nil || len(among) > 0 {
		return v, among, err
	}
	w := with1(v, f.ID, value)
	switch route := reporting.Path(value).Route(); {
	case f.ID == reporting.FieldPath:
		w[reporting.FieldRoute] = route
	case f.ID == reporting.FieldRoute && reporting.Path(v[reporting.FieldPath]).Route() != value:
		delete(w, reporting.FieldPath)
	}
	if e := d.faults(w)[f.ID]; e != nil {
		return v, nil, e
	}
	if n := utf8.RuneCountInString(value); f.MaxLen > 0 && n > max(f.MaxLen, reporting.FieldLimit(f.ID)) {
		return v, nil, reporting.Fail(reporting.Invalid, "err.too_long", "max", reporting.FieldLimit(f.ID), "length", n)
	}
	return w, nil, nil
}

// fits reports whether a field takes what was said.
func (d *desk) fits(v map[string]string, f Field, said string) bool {
	if d.free(v, f) {
		return false
	}
	_, among, err := d.put(v, f, said)
	return err == nil || len(among) > 0 || lacksUnit(err)
}

// lacksUnit reports whether an amount was understood but for its unit.
func lacksUnit(err error) bool {
	var e *reporting.Error
	return errors.As(err, &e) && e.Key == "err.money.unit"
}

// fit returns the value of a field that is meant. Errors: Invalid, NotFound.
func (d *desk) fit(v map[string]string, f Field, said string) (string, []Option, error) {
	switch {
	case f.Kind == SearchField:
		return d.fitBody(f, said)
	case f.Kind == SelectField:
		return d.pick(f, said)
	case f.ID == reporting.FieldInvest:
		return d.fitMoney(v[f.ID], said)
	case f.ID == reporting.FieldStart, f.ID == reporting.FieldFinish:
		if m, ok := reporting.SaidMonth(d.words.bare(said), d.c.day); ok {
			return m.String(), nil, nil
		}
		return "", nil, reporting.Fail(reporting.Invalid, "err.month", "value", clip(said))
	}
	return strings.TrimSpace(said), nil, nil
}

// fitMoney reads an amount; a unit alone goes to the number that was asked about.
func (d *desk) fitMoney(before, said string) (string, []Option, error) {
	text := d.words.bare(said)
	_, alone := reporting.ParseMoney(text)
	if _, err := reporting.ParseMoney(before + text); err == nil && before != "" && alone != nil {
		text, alone = before+text, nil
	}
	return text, nil, alone
}

func (d *desk) fitBody(f Field, said string) (string, []Option, error) {
	text := d.words.bare(said)
	if f.ID == reporting.FieldTerritory && (d.words.open[fold(text)] || text == reporting.TerritoryOpen) {
		return reporting.TerritoryOpen, nil, nil
	}
	found := d.index.Find(text)
	var fits []Option
	for _, m := range found {
		right := m.Body.Territorial()
		if f.ID == reporting.FieldLeadDept {
			right = m.Body.Kind == reporting.Department
		}
		if right && !m.Body.Ended(d.c.day) {
			fits = append(fits, Option{Value: m.Body.ID, Label: m.Body.Label(d.c.locale)})
		}
	}
	switch {
	case len(fits) == 1:
		return fits[0].Value, nil, nil
	case len(fits) > 1:
		return "", fits[:min(len(fits), maxChoices)], nil
	case len(found) > 0:
		return "", nil, reporting.Fail(reporting.Invalid, "err."+f.ID+".kind")
	}
	return "", nil, d.a.noBody(d.c, d.index, text)
}

var choiceNumber = regexp.MustCompile(`^(?:第|选|選|no\.?|number|#)?\s*(\d{1,2})\s*(?:个|個|号|號|项|項|种|種|[.、）)])?$`)

// pick finds the one option that is said: its number, a name in any language, or
// a part of one. Several that fit equally well come back.
func (d *desk) pick(f Field, said string) (string, []Option, error) {
	whole := fold(said)
	said = d.words.bare(said)
	if m := choiceNumber.FindStringSubmatch(strings.ToLower(said)); m != nil {
		if n, _ := strconv.Atoi(m[1]); n >= 1 && n <= len(f.Options) {
			return f.Options[n-1].Value, nil, nil
		}
	}
	typed := fold(said)
	length := 0 // of the longest name within what was said
	var fits []Option
	for _, o := range f.Options {
		for _, name := range d.namesOf(f.ID, o) {
			switch name := fold(name); {
			case name == typed, name == whole:
				return o.Value, nil, nil
			case tellsApart(name) && strings.Contains(typed, name) && len(name) > length:
				fits, length = []Option{o}, len(name)
			case tellsApart(name) && strings.Contains(typed, name) && len(name) == length,
				length == 0 && tellsApart(typed) && (strings.Contains(name, typed) || lexicon.OneSlip(typed, name)):
				if !slices.ContainsFunc(fits, func(p Option) bool { return p.Value == o.Value }) {
					fits = append(fits, o)
				}
			}
		}
	}
	switch len(fits) {
	case 0:
		return "", nil, reporting.Fail(reporting.Invalid, "err.choice")
	case 1:
		return fits[0].Value, nil, nil
	}
	return "", fits, nil
}

// tellsApart reports whether a text is long enough to be a part of a name.
func tellsApart(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 3 || n == 2 && len(s) > 2
}

// only reports whether a text is the value of a field and can hardly be anything
// else: an amount with its unit, or a whole name. named says that the field is named, too.
func (d *desk) only(f Field, said string, named bool) bool {
	said = d.words.bare(said)
	if f.ID == reporting.FieldInvest {
		_, err := reporting.ParseMoney(said)
		return err == nil && strings.Trim(said, "0123456789.,") != "" || lacksUnit(err) && named
	}
	if len(f.Options) == 0 || utf8.RuneCountInString(said) > reporting.FieldLimit(f.ID) {
		return false
	}
	whole := fold(said)
	typed := whole
	for name, id := range d.words.fields { // "汽车产业"
		if short := strings.TrimSuffix(whole, name); id == f.ID && short != "" && len(short) < len(typed) {
			typed = short
		}
	}
	return slices.ContainsFunc(f.Options, func(o Option) bool {
		return slices.ContainsFunc(d.namesOf(f.ID, o), func(name string) bool {
			name = fold(name)
			return name == typed || name == whole
		})
	})
}

// namesOf are the names of an option, in all languages.
func (d *desk) namesOf(field string, o Option) []string {
	names := []string{o.Label, o.Value}
	list := reporting.ListIndustry
	for _, p := range reporting.Paths {
		for _, q := range reporting.DetailOf(p).Parts {
			if q.Field == field {
				list = q.List
			}
		}
	}
	if _, fixed := selects[field]; fixed || field == reporting.FieldPath {
		for _, l := range reporting.Locales {
			names = append(names, d.a.words.Say(l, field+"."+o.Value))
		}
		return names
	}
	if e, ok := d.reg.Catalogue.Find(list, o.Value); ok {
		names = append(append(names, e.Name.ZhCN, e.Name.ZhTW, e.Name.En), e.Aliases...)
	}
	return slices.DeleteFunc(names, func(s string) bool { return s == "" })
}

// span reads two months: "2018年9月到2020年6月".
func (d *desk) span(said string) (from, to string, ok bool) {
	said = d.words.bare(said)
	for _, between := range []string{"到", "至", "—", "～", "~", "–", " to ", " - "} {
		head, tail, found := strings.Cut(said, between)
		a, okA := reporting.SaidMonth(d.words.bare(head), d.c.day)
		b, okB := reporting.SaidMonth(d.words.bare(strings.Trim(tail, "—–")), d.c.day)
		if found && okA && okB {
			return a.String(), b.String(), true
		}
	}
	return "", "", false
}

// dated reads a month that says whose it is: "2018年9月开工".
func (d *desk) dated(said string) (field, month string, ok bool) {
	if utf8.RuneCountInString(said) > longestWord {
		return "", "", false
	}
	said = fold(said)
	for name, field := range d.words.fields {
		if field != reporting.FieldStart && field != reporting.FieldFinish {
			continue
		}
		if head, ok := strings.CutSuffix(said, name); ok {
			if _, ok := reporting.SaidMonth(head, d.c.day); ok {
				return field, head, true
			}
		}
	}
	return "", "", false
}
