package commands

import (
	"slices"
	"unicode/utf8"

	"github.com/mouhua/mouhua/reporting"
)

// detailFields are the fields for what the chosen sub-path asks for.
func (a *App) detailFields(c *call, v map[string]string) []Field {
	path := reporting.Path(v[reporting.FieldPath])
	d := reporting.DetailOf(path)
	var out []Field
	for _, q := range d.Parts {
		f := Field{
			ID: q.Field, Kind: SelectField, Label: a.say(c, "field."+q.Field+".label"), Hint: a.say(c, "field."+q.Field+".hint"),
			Optional: !q.Required, Live: q.Field == reporting.DetailPartner, Variant: v[q.Of],
		}
		for _, e := range q.Offered(v, c.catalogue) {
			f.Options = append(f.Options, Option{Value: e.ID, Label: e.Name.In(c.locale)})
		}
		if f.Value = among(f.Options, v[q.Field]); len(f.Options) > 0 { // Slack refuses a choice of none
			out = append(out, f)
		}
	}
	if d.Text != reporting.TextKept || v[reporting.FieldPathDetail] != "" {
		key := "path_detail." + string(path)
		if path == "" {
			key = "path_detail.none"
		}
		out = append(out, a.detailText(c, reporting.FieldPathDetail, key, v, d.Text != reporting.TextRequired && path != ""))
	}
	if d.From {
		out = append(out, a.detailText(c, reporting.DetailFrom, "field."+reporting.DetailFrom, v, true))
	}
	return out
}

func (a *App) detailText(c *call, id, key string, v map[string]string, optional bool) Field {
	return Field{
		ID: id, Kind: TextField, Label: a.say(c, key+".label"), Hint: a.say(c, key+".hint"), Value: v[id],
		MaxLen: max(reporting.FieldLimit(id), utf8.RuneCountInString(v[id])), Optional: optional,
	}
}

// detailed reports whether anything is chosen or written that the sub-path asks for.
func detailed(v map[string]string) bool {
	return slices.ContainsFunc(reporting.DetailFields, func(id string) bool { return v[id] != "" })
}

// pageFields lists the fields that a page of the project form may have.
func pageFields(page int) []string {
	if page == 1 {
		return slices.Concat(reporting.FormPages[0], reporting.DetailFields)
	}
	return reporting.FormPages[1]
}
