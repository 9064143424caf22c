package reporting

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The fields in which the form asks for what a sub-path names, beside the text
// of FieldPathDetail. Which of them, says DetailOf.
const (
	DetailGroup       = "detail_group"
	DetailRegion      = "detail_region"
	DetailPartner     = "detail_partner"
	DetailPlatform    = "detail_platform"
	DetailExhibition  = "detail_exhibition"
	DetailClass       = "detail_class"
	DetailPolicy      = "detail_policy"
	DetailMode        = "detail_mode"
	DetailPilot       = "detail_pilot"
	DetailInstitution = "detail_institution"
	DetailFrom        = "detail_from" // text: where a project of a park came from
)

// DetailFields lists them all.
var DetailFields = []string{
	DetailGroup, DetailRegion, DetailPartner, DetailPlatform, DetailExhibition, DetailClass, DetailPolicy, DetailMode,
	DetailPilot, DetailInstitution, DetailFrom,
}

// detailBefore is no field: of an edit it holds path and detail as they were.
// What was filed once stays valid as long as nobody changes it.
const detailBefore = "_detail"

// TextNeed says what the text of a sub-path's detail is for.
type TextNeed int

// The needs.
const (
	TextMore     TextNeed = iota // it may add something
	TextKept                     // only what was written before the list was asked for
	TextInstead                  // what is not in the list: one of the two is required
	TextRequired                 // there is no list
)

// Part is a choice from a list that a sub-path asks for.
type Part struct {
	Field, List string
	Of          string // field whose choice must be the entry's parent; "" = none
	Tail        string // written after the name
	Required    bool
}

// Detail is what a sub-path asks for, in the order of its text.
type Detail struct {
	Parts []Part
	Text  TextNeed
	From  bool // also DetailFrom
}

const (
	// doorKnocking is what working groups do in their regions (plan 4.1.1).
	doorKnocking = "叩门招商"
	// cameFrom stands before DetailFrom in the text.
	cameFrom = "来自"
)

// DetailOf returns what a sub-path asks for (plan, chapter 4). Only R3 asks for
// nothing. The ten working groups have no names in the plan, so that none is
// required; nor is a policy beside its mode.
func DetailOf(p Path) Detail {
	switch p {
	case "R1.1":
		return Detail{Text: TextKept, Parts: []Part{
			{Field: DetailGroup, List: ListWorkingGroup}, {Field: DetailRegion, List: ListRegion, Tail: doorKnocking, Required: true},
		}}
	case "R1.2":
		return Detail{Text: TextKept, Parts: []Part{
			{Field: DetailPartner, List: ListPartner, Required: true}, {Field: DetailPlatform, List: ListPlatform, Of: DetailPartner, Required: true},
		}}
	case "R1.3":
		return Detail{Text: TextInstead, Parts: []Part{{Field: DetailExhibition, List: ListExhibition}}}
	case "R2.1":
		return Detail{Parts: []Part{{Field: DetailClass, List: ListPlanClass, Required: true}}}
	case "R2.2":
		return Detail{Text: TextKept, Parts: []Part{{Field: DetailPolicy, List: ListPolicy}, {Field: DetailMode, List: ListMode, Required: true}}}
	case "R2.3":
		return Detail{Text: TextInstead, Parts: []Part{{Field: DetailPilot, List: ListPilot}}}
	case "R4.1", "R4.2", "R4.3":
		return Detail{Text: TextInstead, Parts: []Part{{Field: DetailInstitution, List: ListInstitution}}}
	case "R1.4", "R5.1", "R5.2", "R5.3":
		return Detail{Text: TextRequired}
	case "R5.4":
		return Detail{Text: TextRequired, From: true}
	}
	return Detail{}
}

// Offered returns what a part can be, in the form with the values v.
func (q Part) Offered(v map[string]string, c *Catalogue) []Entry {
	all := c.Offered(q.List, v[q.Field])
	if q.Of == "" {
		return all
	}
	return slices.DeleteFunc(all, func(e Entry) bool { return e.Parent != v[q.Of] })
}

// ComposeDetail returns the text in which a sub-path's detail is kept: the
// Chinese names of what is chosen, and what is written, with Joint between.
func ComposeDetail(p Path, v map[string]string, c *Catalogue) string {
	d := DetailOf(p)
	var all []string
	for _, q := range d.Parts {
		if e, ok := c.Find(q.List, v[q.Field]); ok {
			all = append(all, e.Name.In(ZhCN)+q.Tail)
		}
	}
	r := &reader{values: v}
	if text := r.text(FieldPathDetail, false); text != "" {
		all = append(all, text)
	}
	if from := r.text(DetailFrom, false); d.From && from != "" {
		all = append(all, cameFrom+from)
	}
	return strings.Join(all, Joint)
}

// ParseDetail returns the values of the form that compose a text, to the
// letter: names of the lists become choices, and what is none of them stays text.
func ParseDetail(p Path, text string, c *Catalogue) map[string]string {
	d, v, rest := DetailOf(p), map[string]string{}, text
	for _, q := range d.Parts {
		head, tail, _ := strings.Cut(rest, Joint)
		for _, e := range c.Of(q.List) {
			if e.Name.In(ZhCN)+q.Tail == head && (q.Of == "" || e.Parent == v[q.Of]) {
				v[q.Field], rest = e.ID, tail
				break
			}
		}
	}
	if i := strings.LastIndex(rest, Joint+cameFrom); d.From && i >= 0 {
		v[DetailFrom], rest = rest[i+len(Joint+cameFrom):], rest[:i]
	}
	if rest != "" {
		v[FieldPathDetail] = rest
	}
	if ComposeDetail(p, v, c) != text {
		return map[string]string{FieldPathDetail: text}
	}
	return v
}

// SpreadDetail turns the text in v into choices, where nothing is chosen yet:
// drafts from before the lists were asked for hold all of it as text.
func SpreadDetail(v map[string]string, c *Catalogue) {
	if v[FieldPathDetail] == "" || slices.ContainsFunc(DetailFields, func(id string) bool { return v[id] != "" }) {
		return
	}
	text := v[FieldPathDetail]
	delete(v, FieldPathDetail)
	for id, value := range ParseDetail(Path(v[FieldPath]), text, c) {
		v[id] = value
	}
}

// detail reads what a sub-path asks for.
func (r *reader) detail(p Path, c *Catalogue) string {
	d := DetailOf(p)
	text := r.text(FieldPathDetail, d.Text == TextRequired)
	r.text(DetailFrom, false)
	out := ComposeDetail(p, r.values, c)
	chosen := false
	for _, q := range d.Parts {
		chosen = r.part(q, r.values[detailBefore] == string(p)+" "+out, c) || chosen
	}
	if d.Text == TextInstead && !chosen && text == "" {
		r.fault(d.Parts[0].Field, Fail(Invalid, "err.detail.instead"))
	}
	if n := utf8.RuneCountInString(out); n > FieldLimit(FieldPathDetail) && utf8.RuneCountInString(text) <= FieldLimit(FieldPathDetail) {
		r.fault(FieldPathDetail, Fail(Invalid, "err.too_long", "max", FieldLimit(FieldPathDetail), "length", n))
	}
	return out
}

// part checks one choice and reports whether there is one. asWas says that the
// detail is what it was before.
func (r *reader) part(q Part, asWas bool, c *Catalogue) bool {
	id := r.values[q.Field]
	e, known := c.Find(q.List, id)
	switch {
	case id == "" && q.Required && !asWas && len(q.Offered(r.values, c)) > 0:
		r.fault(q.Field, Fail(Invalid, "err.required"))
	case id != "" && (!known || q.Of != "" && e.Parent != r.values[q.Of]):
		r.fault(q.Field, Fail(Invalid, "err.choice"))
	}
	return id != ""
}
