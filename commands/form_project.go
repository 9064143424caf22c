package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/mouhua/mouhua/reporting"
)

// The two pages of the project form.
var projectPages = [2]string{"project.page1", "project.page2"}

// filing is what the project form carries from one event to the next.
type filing struct {
	Draft   string   `json:"d,omitempty"` // "" until the first change
	Opening string   `json:"o"`           // names this opening of the form, see firstDraft
	Body    string   `json:"b"`           // that files
	Project string   `json:"p,omitempty"` // being edited; "" for a new one
	Base    int      `json:"v,omitempty"` // its version when the edit began
	Stale   bool     `json:"s,omitempty"` // the draft began at an older version
	Channel string   `json:"c,omitempty"` // where the form was opened
	RouteBy string   `json:"y,omitempty"` // the route that followed from a path chosen first
	Alike   string   `json:"a,omitempty"` // number of the project that it looks like
	Kept    []string `json:"k,omitempty"` // ids of the files that page 2 was drawn with
	Drawn   string   `json:"w,omitempty"` // what the person sees of the fields that change others
}

func readFiling(state string) (filing, error) {
	var st filing
	if err := json.Unmarshal([]byte(state), &st); err != nil || st.Opening == "" || st.Body == "" {
		return filing{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	return st, nil
}

func (st filing) String() string {
	text, err := json.Marshal(st)
	if err != nil { // strings, numbers and a bool always marshal
		return ""
	}
	return string(text)
}

// look is what decides how page 1 is drawn; a change of it redraws the form.
func (a *App) look(c *call, v map[string]string) string {
	return v[reporting.FieldRoute] + "|" + v[reporting.FieldPath] + "|" + v[reporting.DetailPartner] + "|" + a.investHint(c, v[reporting.FieldInvest])
}

// followPath keeps route and path in step: a path of another route is
// forgotten, and a path that was chosen first brings its route along.
func (st *filing) followPath(v map[string]string) {
	route, path := v[reporting.FieldRoute], reporting.Path(v[reporting.FieldPath])
	switch {
	case path == "":
	case route == "" && path.Valid():
		v[reporting.FieldRoute], st.RouteBy = path.Route(), path.Route()
	case path.Route() != route:
		delete(v, reporting.FieldPath)
	}
}

// investHint says what was read of the money typed so far.
func (a *App) investHint(c *call, typed string) string {
	w, err := reporting.ParseMoney(typed)
	var e *reporting.Error
	switch {
	case err == nil && w < a.cfg.Threshold:
		return a.say(c, "invest.below", "money", a.money(c, w), "threshold", a.money(c, a.cfg.Threshold))
	case err == nil:
		return a.say(c, "invest.echo", "money", a.money(c, w))
	case errors.As(err, &e) && e.Key == "err.money.unit":
		return a.say(c, "invest.unit")
	}
	return a.say(c, "field.invest.hint")
}

// projectForm draws one page (1 or 2) of the form with the values v.
func (a *App) projectForm(c *call, st filing, page int, v map[string]string) (*Form, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("draw project form: %w", err)
	}
	notes, err := a.formNotes(c, st, list)
	if err != nil {
		return nil, err
	}
	st.Drawn = a.look(c, v)
	var kept []reporting.ProjectFile
	if page == 2 {
		kept = reporting.ChosenFiles(v)
		st.Kept = fileIDs(kept)
	}
	f := &Form{
		ID: projectPages[page-1], State: st.String(), Locale: c.locale, KeepDraft: true,
		Title:  a.say(c, "form.project.title", "page", page),
		Submit: a.say(c, "form.project.next"), Close: a.say(c, "button.close"),
		Fields: notes,
	}
	if st.Project != "" {
		f.Title = a.say(c, "form.project.title_edit", "page", page, "id", reporting.Project{ID: st.Project}.ShortID())
	}
	if page == 2 {
		f.Submit, f.Close = a.say(c, "form.project.submit"), a.say(c, "form.project.back")
	}
	reporter, _ := list.Find(st.Body)
	if page == 2 {
		before, err := a.reviewedChanges(c, st, v)
		if err != nil {
			return nil, err
		}
		f.Fields = append(f.Fields, before...)
	}
	for _, id := range reporting.FormPages[page-1] {
		f.Fields = append(f.Fields, a.formFields(c, st, id, v, reporter, list)...)
		if id == reporting.FieldEvidence {
			f.Fields = append(f.Fields, a.fileInputs(c, kept)...)
		}
	}
	return f, nil
}

// formFields are what the form has for a field of its pages.
func (a *App) formFields(c *call, st filing, id string, v map[string]string, reporter reporting.Body, list *reporting.BodyList) []Field {
	if id == reporting.FieldPathDetail {
		return a.detailFields(c, v)
	}
	return []Field{a.projectField(c, st, id, v, reporter, list)}
}

// formNotes says on top for whom the form files and, of a returned project,
// why it came back.
func (a *App) formNotes(c *call, st filing, list *reporting.BodyList) ([]Field, error) {
	text := []Span{Plain(a.say(c, "form.project.for")), Bold(a.nameOf(c, list, st.Body)), Plain(a.say(c, "form.project.kept"))}
	notes := []Field{{ID: "for", Kind: InfoField, Text: text}}
	if st.Project == "" {
		return notes, nil
	}
	p, err := a.store.Project(c.ctx, st.Project)
	if err != nil {
		return nil, fmt.Errorf("read project of form: %w", err)
	}
	if p.ReturnReason != "" {
		notes = append(notes, Field{ID: "why", Kind: InfoField, Text: []Span{
			Bold(a.say(c, "form.project.returned", "time", a.date(c, p.ReturnedOn))), Plain(p.ReturnReason),
		}})
	}
	if p.Status == reporting.Verified {
		notes = append(notes, Field{ID: "reviewed", Kind: InfoField, Text: []Span{Plain(a.say(c, "form.project.reviewed"))}})
	}
	if st.Stale {
		notes = append(notes, Field{ID: "stale", Kind: InfoField, Text: []Span{Plain(a.say(c, "form.project.stale"))}})
	}
	return notes, nil
}

// selects are the fields with a fixed list of choices; the labels are the
// locale keys <field>.<choice>.
var selects = map[string][]string{
	reporting.FieldRoute:     reporting.Routes,
	reporting.FieldNature:    reporting.Natures,
	reporting.FieldProgramme: reporting.Programmes,
	reporting.FieldMilestone: reporting.Milestones,
}

var optional = []string{reporting.FieldLeadDept, reporting.FieldProgramme, reporting.FieldCode, reporting.FieldEvidence}

var hintless = []string{reporting.FieldNature, reporting.FieldIndustry}

func (a *App) projectField(c *call, st filing, id string, v map[string]string, reporter reporting.Body, list *reporting.BodyList) Field {
	f := Field{
		ID: id, Kind: TextField, Label: a.say(c, "field."+id+".label"), Value: v[id],
		MaxLen:   max(reporting.FieldLimit(id), utf8.RuneCountInString(v[id])),
		Optional: slices.Contains(optional, id),
	}
	if !slices.Contains(hintless, id) {
		f.Hint = a.say(c, "field."+id+".hint")
	}
	switch id {
	case reporting.FieldTerritory, reporting.FieldLeadDept:
		return a.bodyField(c, f, reporter, list)
	case reporting.FieldPath:
		return a.pathField(c, f, v)
	case reporting.FieldInvest:
		f.Live, f.Hint = true, a.investHint(c, v[id])
	case reporting.FieldContent, reporting.FieldEvidence:
		f.Kind = LongField
	case reporting.FieldRoute:
		f.Live, f.Variant = true, st.RouteBy
	}
	if id == reporting.FieldIndustry {
		f.Kind, f.MaxLen, f.Options = SelectField, 0, a.entries(c, reporting.ListIndustry, f.Value)
		f.Value = among(f.Options, f.Value)
	}
	if choices, ok := selects[id]; ok {
		f.Kind, f.MaxLen = SelectField, 0
		for _, s := range choices {
			f.Options = append(f.Options, Option{Value: s, Label: a.choice(c, id, s)})
		}
		f.Value = among(f.Options, f.Value)
	}
	return f
}

// choice returns the label of one choice of a field with a fixed list.
func (a *App) choice(c *call, field, value string) string {
	if value == "" {
		return a.say(c, "word.none")
	}
	if field == reporting.FieldIndustry {
		return c.catalogue.Label(reporting.ListIndustry, value, c.locale)
	}
	text := a.say(c, field+"."+value)
	if field == reporting.FieldRoute || field == reporting.FieldPath || field == reporting.FieldProgramme {
		return value + " " + text
	}
	return text
}

// pathField lists the paths of the chosen route, or all of them.
func (a *App) pathField(c *call, f Field, v map[string]string) Field {
	route := v[reporting.FieldRoute]
	f.Kind, f.Live, f.Variant, f.MaxLen = SelectField, true, route, 0
	paths := reporting.Paths
	if route != "" {
		paths = reporting.PathsOf(route)
	}
	for _, p := range paths {
		f.Options = append(f.Options, Option{Value: string(p), Label: a.choice(c, reporting.FieldPath, string(p))})
	}
	f.Value = among(f.Options, f.Value)
	return f
}

// bodyField is found by typing; the first time it holds the body that files,
// where that is of the right kind.
func (a *App) bodyField(c *call, f Field, reporter reporting.Body, list *reporting.BodyList) Field {
	f.Kind, f.MaxLen = SearchField, 0
	f.Placeholder = a.say(c, "form.project.search")
	if b, ok := list.Find(f.Value); ok {
		f.Chosen = &Option{Value: b.ID, Label: b.Label(c.locale)}
	} else if f.Value == reporting.TerritoryOpen && !reporter.Territorial() {
		f.Chosen = &Option{Value: f.Value, Label: a.say(c, "field.territory.open")}
	}
	return f
}

// blank returns the values that a new form begins with.
func blank(reporter reporting.Body, name string) map[string]string {
	v := map[string]string{}
	if name != "" {
		v[reporting.FieldName] = name
	}
	switch {
	case reporter.Territorial():
		v[reporting.FieldTerritory] = reporter.ID
	case reporter.Kind == reporting.Department:
		v[reporting.FieldLeadDept] = reporter.ID
	}
	return v
}

// among returns value if it is one of the options, else "".
func among(options []Option, value string) string {
	if slices.ContainsFunc(options, func(o Option) bool { return o.Value == value }) {
		return value
	}
	return ""
}

// filled counts what the form asks for and has: what is left out at will is not
// asked for, and of the evidence a text or a file.
func filled(v map[string]string) string {
	n, all := 0, 0
	for _, page := range reporting.FormPages {
		for _, id := range page {
			if id != reporting.FieldEvidence && slices.Contains(optional, id) {
				continue
			}
			all++
			if v[id] != "" || id == reporting.FieldPathDetail && detailed(v) || id == reporting.FieldEvidence && len(reporting.ChosenFiles(v)) > 0 {
				n++
			}
		}
	}
	return strconv.Itoa(n) + "/" + strconv.Itoa(all)
}
