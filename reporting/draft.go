package reporting

import (
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Draft is what a person has typed into the form so far: the raw text by
// field, right or wrong. It is kept until it is submitted or thrown away.
type Draft struct {
	ID        string
	UserID    string
	BodyID    string
	ProjectID string            // of the project that is being edited; "" for a new one
	BaseVer   int               // that project's version when the edit began
	Values    map[string]string // by field id, see the Field… constants
	Stamp     int64             // order of the changes; an older one never overwrites a newer
	CreatedAt int64             // UTC ms
	UpdatedAt int64             // UTC ms
}

// The fields of the form, also the keys of Draft.Values and of field errors.
const (
	FieldName       = "name"
	FieldTerritory  = "territory"
	FieldLeadDept   = "lead_dept"
	FieldLocation   = "location"
	FieldOwner      = "owner"
	FieldRoute      = "route"
	FieldPath       = "path"
	FieldPathDetail = "path_detail" // the text of it; see DetailOf for the rest
	FieldInvest     = "invest"
	FieldContent    = "content"
	FieldNature     = "nature"
	FieldIndustry   = "industry"
	FieldProgramme  = "programme"
	FieldStart      = "start"
	FieldFinish     = "finish"
	FieldMilestone  = "milestone"
	FieldEvidence   = "evidence"
	FieldContact    = "contact"
)

// TerritoryOpen is the value of FieldTerritory that says: not settled yet.
// Only a department's official may choose it.
const TerritoryOpen = "-"

// FormPages lists the fields of the two pages of the form.
var FormPages = [2][]string{
	{FieldName, FieldTerritory, FieldLeadDept, FieldLocation, FieldOwner, FieldRoute, FieldPath, FieldPathDetail, FieldInvest},
	{FieldContent, FieldNature, FieldIndustry, FieldProgramme, FieldStart, FieldFinish, FieldMilestone, FieldEvidence, FieldContact, FieldCode},
}

// FieldLimit returns the longest text that a field takes, in code points.
func FieldLimit(field string) int {
	switch field {
	case FieldName:
		return 60
	case FieldContent, FieldEvidence:
		return 500
	case FieldStart, FieldFinish:
		return 10
	case FieldInvest, FieldCode:
		return 40
	}
	return 100
}

// MinContent is the shortest scope that is taken, in code points.
const MinContent = 20

// Lookup finds a body by id.
type Lookup func(id string) (Body, bool)

// CheckPage checks the values of one page (1 or 2) and returns the faults as
// FieldErrors, nil when there is none. reporter is the body that files.
func CheckPage(page int, v map[string]string, reporter Body, reg Register) error {
	_, errs := readPage(page, v, reporter, reg)
	return errs.Err()
}

// ReadDraft returns the project that the draft's values describe, without
// number, status and dates, or its faults as FieldErrors.
func ReadDraft(v map[string]string, reporter Body, reg Register) (Project, error) {
	p, errs := readPage(1, v, reporter, reg)
	q, more := readPage(2, v, reporter, reg)
	if errs = append(errs, more...); len(errs) > 0 {
		return Project{}, errs
	}
	q.Name, q.TerritoryBody, q.LeadDept, q.Location, q.OwnerUnit = p.Name, p.TerritoryBody, p.LeadDept, p.Location, p.OwnerUnit
	q.Path, q.PathDetail, q.InvestTotal, q.ReporterBody = p.Path, p.PathDetail, p.InvestTotal, reporter.ID
	return q, nil
}

// DraftValues returns the values that the form shows for an existing project.
func DraftValues(p Project, c *Catalogue) map[string]string {
	territory := p.TerritoryBody
	if territory == "" {
		territory = TerritoryOpen
	}
	v := map[string]string{
		FieldName: p.Name, FieldTerritory: territory, FieldLeadDept: p.LeadDept, FieldLocation: p.Location,
		FieldOwner: p.OwnerUnit, FieldRoute: p.Path.Route(), FieldPath: string(p.Path), FieldPathDetail: p.PathDetail, detailBefore: string(p.Path) + " " + p.PathDetail,
		FieldInvest: p.InvestTotal.String() + " 万元", FieldContent: p.Content, FieldNature: p.Nature, FieldIndustry: p.Industry,
		FieldProgramme: p.Programme, FieldStart: p.Start.String(), FieldFinish: p.Finish.String(),
		FieldMilestone: p.Milestone, FieldEvidence: p.Evidence, FieldContact: p.Contact, FieldCode: p.Code,
	}
	SpreadDetail(v, c)
	return v
}

// reader collects the faults of a page while its fields are read.
type reader struct {
	values map[string]string
	errs   FieldErrors
}

func (r *reader) fault(field string, e error) {
	var fe *Error
	if errors.As(e, &fe) {
		r.errs = append(r.errs, fe.At(field))
	}
}

// text returns the trimmed value; required says that it may not be empty.
func (r *reader) text(field string, required bool) string {
	s := strings.TrimSpace(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\n' {
			return ' '
		}
		return c
	}, r.values[field]))
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && required:
		r.fault(field, Fail(Invalid, "err.required"))
	case n > FieldLimit(field):
		r.fault(field, Fail(Invalid, "err.too_long", "max", FieldLimit(field), "length", n))
	}
	return s
}

func (r *reader) choice(field string, required bool, list []string) string {
	s := r.values[field]
	switch {
	case s == "" && required:
		r.fault(field, Fail(Invalid, "err.required"))
	case s != "" && !oneOf(s, list):
		r.fault(field, Fail(Invalid, "err.choice"))
	}
	return s
}

func (r *reader) month(field string) Month {
	s := r.text(field, true)
	if s == "" {
		return Month{}
	}
	m, err := ParseMonth(s)
	if err != nil {
		r.fault(field, err)
	}
	return m
}

// someday lets any year of a code pass: those who file know the day.
var someday = Date{Year: 2099, Month: time.December, Day: 31}

func readPage(page int, v map[string]string, reporter Body, reg Register) (Project, FieldErrors) {
	r := &reader{values: v}
	var p Project
	if page == 1 {
		p.Name = r.name()
		p.TerritoryBody = r.territory(reporter, reg.Body)
		p.LeadDept = r.department(reg.Body)
		p.Location = r.text(FieldLocation, true)
		p.OwnerUnit = r.text(FieldOwner, true)
		p.Path = r.path()
		p.PathDetail = r.detail(p.Path, reg.Catalogue)
		p.InvestTotal = r.money(FieldInvest)
		return p, r.errs
	}
	p.Content = r.content()
	p.Nature = r.choice(FieldNature, true, Natures)
	p.Industry = r.choice(FieldIndustry, true, reg.Catalogue.ids(ListIndustry))
	p.Programme = r.choice(FieldProgramme, false, Programmes)
	p.Start, p.Finish = r.month(FieldStart), r.month(FieldFinish)
	if p.Finish != (Month{}) && p.Finish.Before(p.Start) {
		r.fault(FieldFinish, Fail(Invalid, "err.finish_before_start"))
	}
	p.Milestone = r.choice(FieldMilestone, true, Milestones)
	p.Evidence = r.proof(FieldEvidence)
	p.Contact = r.text(FieldContact, true)
	p.Code = r.readCode(someday)
	return p, r.errs
}

func (r *reader) name() string {
	s := strings.ReplaceAll(r.text(FieldName, true), "\n", " ")
	if s != "" && strings.Trim(foldWidth(s), "0123456789 .-") == "" {
		r.fault(FieldName, Fail(Invalid, "err.name.digits"))
	}
	return s
}

func (r *reader) content() string {
	s := r.text(FieldContent, true)
	if n := utf8.RuneCountInString(s); n > 0 && n < MinContent {
		r.fault(FieldContent, Fail(Invalid, "err.too_short", "min", MinContent, "length", n))
	}
	return s
}

func (r *reader) territory(reporter Body, body Lookup) string {
	s := r.values[FieldTerritory]
	switch b, ok := body(s); {
	case s == TerritoryOpen && reporter.Territorial():
		r.fault(FieldTerritory, Fail(Invalid, "err.territory.open"))
	case s == TerritoryOpen:
		return ""
	case s == "":
		r.fault(FieldTerritory, Fail(Invalid, "err.required"))
	case !ok || !b.Territorial():
		r.fault(FieldTerritory, Fail(Invalid, "err.territory.kind"))
	}
	return s
}

func (r *reader) department(body Lookup) string {
	s := r.values[FieldLeadDept]
	if b, ok := body(s); s != "" && (!ok || b.Kind != Department) {
		r.fault(FieldLeadDept, Fail(Invalid, "err.lead_dept.kind"))
	}
	return s
}

func (r *reader) path() Path {
	r.choice(FieldRoute, true, Routes)
	p := Path(r.values[FieldPath])
	switch {
	case p == "":
		r.fault(FieldPath, Fail(Invalid, "err.required"))
	case !p.Valid() || p.Route() != r.values[FieldRoute]:
		r.fault(FieldPath, Fail(Invalid, "err.path.route"))
	}
	return p
}

func (r *reader) money(field string) Wan {
	s := r.text(field, true)
	if s == "" {
		return 0
	}
	w, err := ParseMoney(s)
	if err != nil {
		r.fault(field, err)
	}
	return w
}
