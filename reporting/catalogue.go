package reporting

import (
	"cmp"
	"slices"
)

// The lists of the catalogue: what the plan names and the office keeps (clauses
// 1 and 4, 5.2 and 5.3). The last three are what a checklist of approvals
// begins with, by how a project is approved: 审批, 核准 or 备案.
const (
	ListIndustry     = "industry"
	ListWorkingGroup = "working_group" // of industry promotion
	ListRegion       = "region"        // aimed at by them
	ListPartner      = "partner"       // partner cities
	ListPlatform     = "platform"      // of a partner city, its parent
	ListExhibition   = "exhibition"
	ListPlanClass    = "plan_class"
	ListPolicy       = "policy"
	ListMode         = "mode" // of delivery
	ListPilot        = "pilot"
	ListInstitution  = "institution"
	ListSupportTool  = "support_tool"
	ListReview       = "approval_review" // 审批
	ListVerify       = "approval_verify" // 核准
	ListRecord       = "approval_record" // 备案
)

// Lists has all lists in the order in which they are shown.
var Lists = []string{
	ListIndustry, ListWorkingGroup, ListRegion, ListPartner, ListPlatform, ListExhibition, ListPlanClass, ListPolicy, ListMode,
	ListPilot, ListInstitution, ListSupportTool, ListReview, ListVerify, ListRecord,
}

// ParentOf returns the list to which the parents of a list's entries belong,
// "" for a list without.
func ParentOf(list string) string {
	if list == ListPlatform {
		return ListPartner
	}
	return ""
}

// Joint separates the names of which a text is composed; no name holds it.
const Joint = "·"

// Entry is one line of a list. Its ID is never used again, its names may change.
type Entry struct {
	List     string
	ID       string // unique within the list
	Name     Names
	Aliases  []string // by which files and people also call it
	Parent   string   // id in ParentOf(List); "" = none
	Position int      // order within the list
	Retired  bool     // no longer offered; what has it keeps it
	Version  int
}

// Subject names the entry in the audit trail.
func (e Entry) Subject() string { return e.List + "/" + e.ID }

// Calls reports whether name is one of the entry's names, its id or an alias.
func (e Entry) Calls(name string) bool {
	return name != "" && (name == e.ID || name == e.Name.ZhCN || name == e.Name.ZhTW || name == e.Name.En || slices.Contains(e.Aliases, name))
}

// Catalogue is all lists at one moment. A nil one is empty.
type Catalogue struct{ All []Entry }

// NewCatalogue returns the entries in their order.
func NewCatalogue(all []Entry) *Catalogue {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(slices.Index(Lists, a.List), slices.Index(Lists, b.List)), cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	return &Catalogue{All: all}
}

// Of returns the entries of a list, retired ones too.
func (c *Catalogue) Of(list string) []Entry {
	if c == nil {
		return nil
	}
	from := slices.IndexFunc(c.All, func(e Entry) bool { return e.List == list })
	if from < 0 {
		return nil
	}
	to := from
	for to < len(c.All) && c.All[to].List == list {
		to++
	}
	return c.All[from:to]
}

// Offered returns the entries that a form offers: those in use, and the ones
// with the ids in chosen, which somebody has already.
func (c *Catalogue) Offered(list string, chosen ...string) []Entry {
	var out []Entry
	for _, e := range c.Of(list) {
		if !e.Retired || slices.Contains(chosen, e.ID) {
			out = append(out, e)
		}
	}
	return out
}

// Find returns the entry with an id.
func (c *Catalogue) Find(list, id string) (Entry, bool) {
	return c.first(list, func(e Entry) bool { return e.ID == id })
}

// Named returns the entry that somebody calls so, see Entry.Calls.
func (c *Catalogue) Named(list, name string) (Entry, bool) {
	return c.first(list, func(e Entry) bool { return e.Calls(name) })
}

func (c *Catalogue) first(list string, is func(Entry) bool) (Entry, bool) {
	all := c.Of(list)
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true
	}
	return Entry{}, false
}

// Label returns the name of an entry in l, the id when there is none.
func (c *Catalogue) Label(list, id string, l Locale) string {
	if e, ok := c.Find(list, id); ok {
		return e.Name.In(l)
	}
	return id
}

// ids returns the ids of a list, retired ones too.
func (c *Catalogue) ids(list string) []string {
	var out []string
	for _, e := range c.Of(list) {
		out = append(out, e.ID)
	}
	return out
}

// Register is what the fields of a project refer to.
type Register struct {
	Body      Lookup
	Catalogue *Catalogue
}
