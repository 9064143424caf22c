package reporting

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Checklist is how far a project is with its approvals (plan, clause five (3)).
// Which items there are is a list of the catalogue, see ApprovalList.
type Checklist struct {
	ApprovalKind  string // one of ApprovalKinds; "" = not chosen yet
	ApprovalOn    Date   // day on which the kind was chosen
	ApprovalNext  string // first item that is not ticked; "" = all are, or no kind is chosen
	ApprovalSince Date   // day of the last tick, or on which the kind was chosen: ApprovalNext waits from here on
}

// ApprovalKinds are how projects are approved: 审批, 核准, 备案.
var ApprovalKinds = []string{"review", "verify", "record"}

// ApprovalList returns the catalogue's list of the items of a kind.
func ApprovalList(kind string) string { return "approval_" + kind }

// ApprovalKindOf returns the kind whose items a list has, "" for other lists.
func ApprovalKindOf(list string) string {
	kind, ok := strings.CutPrefix(list, ApprovalList(""))
	if !ok || !slices.Contains(ApprovalKinds, kind) {
		return ""
	}
	return kind
}

// Tick says that an item of a project's checklist is done.
type Tick struct {
	ProjectID string
	Item      string // id in the kind's list
	DoneOn    Date   // of the document
	DocNo     string // "" = none
	By        string // Slack user id of who ticked it
	At        int64  // UTC ms
	On        Date   // day of At, from which the next item waits
}

// The fields of the forms of a checklist.
const (
	FieldApprovalKind = "approval_kind"
	FieldApprovalItem = "approval_item"
	FieldApprovalDone = "approval_done"
	FieldApprovalDoc  = "approval_doc"
	FieldApprovalWhy  = "approval_why"
)

// MaxDocNo is the longest number of a document, in code points.
const MaxDocNo = 60

// StuckDays is for how long the next item of a checklist may wait before the
// project is shown as stuck, when nothing else is configured. The plan names no
// number; two months are the longest that an approval takes by its own rules.
const StuckDays = 60

// Stuck reports whether p, verified and not yet in production, waits for its
// next approval for more than days on day.
func (p Project) Stuck(days int, day Date) bool {
	since := p.WaitingSince()
	return !since.IsZero() && since.Before(StuckBefore(days, day))
}

// WaitingSince returns since when p, verified and not yet in production, waits
// for its next approval; the zero Date when it does not.
func (p Project) WaitingSince() Date {
	if p.Status != Verified || p.Stage == S4 || p.ApprovalNext == "" {
		return Date{}
	}
	return p.ApprovalSince
}

// StuckBefore returns the day before which a wait has begun that is too long on
// day.
func StuckBefore(days int, day Date) Date { return day.AddDays(-days) }

// ChecklistItems returns the items of p's checklist in order: those in use, and
// what is ticked already.
func ChecklistItems(p Project, ticks []Tick, c *Catalogue) []Entry {
	if p.ApprovalKind == "" {
		return nil
	}
	var done []string
	for _, t := range ticks {
		done = append(done, t.Item)
	}
	return c.Offered(ApprovalList(p.ApprovalKind), done...)
}

// ChooseApproval sets how a project that goes on is approved. Ticks of items
// that the kind has, too, are kept. seen is the version that the person saw, 0 =
// whatever it is now. Errors: Forbidden; Conflict for the status, when it was
// changed since, or when it is that kind already; Invalid for the kind.
func ChooseApproval(a Actor, p Project, ticks []Tick, seen int, kind string, c *Catalogue, day Date, at int64) (Change, error) {
	if err := p.tended(a, seen); err != nil {
		return Change{}, err
	}
	switch {
	case kind == "":
		return Change{}, Fail(Invalid, "err.required").At(FieldApprovalKind)
	case !slices.Contains(ApprovalKinds, kind):
		return Change{}, Fail(Invalid, "err.choice").At(FieldApprovalKind)
	case kind == p.ApprovalKind:
		return Change{}, Fail(Conflict, "err.approval.same", "id", p.ID).At(FieldApprovalKind)
	}
	before := p
	p.ApprovalKind, p.ApprovalOn = kind, day
	var kept []Tick
	var dropped []string
	for _, t := range ticks {
		if _, ok := c.Find(ApprovalList(kind), t.Item); ok {
			kept = append(kept, t)
		} else {
			dropped = append(dropped, t.Item)
		}
	}
	return p.ticked(a, "kind", before, ticks, kept, Change{Unticked: dropped}, c, at, ""), nil
}

// TickApproval ticks an item with its day, today or before, and the number of
// its document. Errors: as ChooseApproval; Conflict without a kind or when it is
// ticked already; FieldErrors.
func TickApproval(a Actor, p Project, ticks []Tick, seen int, v map[string]string, c *Catalogue, day Date, at int64) (Change, error) {
	if err := p.tended(a, seen); err != nil {
		return Change{}, err
	}
	if p.ApprovalKind == "" {
		return Change{}, Fail(Conflict, "err.approval.kind", "id", p.ID)
	}
	r := &reader{values: v}
	t := Tick{ProjectID: p.ID, Item: v[FieldApprovalItem], DocNo: r.docNo(), By: a.UserID, At: at, On: day}
	_, there := c.Find(ApprovalList(p.ApprovalKind), t.Item)
	switch {
	case t.Item == "":
		r.fault(FieldApprovalItem, Fail(Invalid, "err.required"))
	case !there:
		r.fault(FieldApprovalItem, Fail(Invalid, "err.choice"))
	case slices.ContainsFunc(ticks, t.like):
		r.fault(FieldApprovalItem, Fail(Conflict, "err.approval.ticked"))
	}
	t.DoneOn = r.past(FieldApprovalDone, Date{}, day)
	if err := r.errs.Err(); err != nil {
		return Change{}, err
	}
	after := append(slices.Clone(ticks), t)
	return p.ticked(a, "tick", p, ticks, after, Change{Ticks: []Tick{t}}, c, at, ""), nil
}

// UntickApproval takes a tick back with a reason. Errors: as ChooseApproval;
// NotFound when it is not ticked; Invalid for the reason.
func UntickApproval(a Actor, p Project, ticks []Tick, seen int, item, why string, c *Catalogue, at int64) (Change, error) {
	if err := p.tended(a, seen); err != nil {
		return Change{}, err
	}
	if !slices.ContainsFunc(ticks, Tick{Item: item}.like) {
		return Change{}, Fail(NotFound, "err.approval.not_ticked").At(FieldApprovalItem)
	}
	why, err := readReason(why)
	if err != nil {
		return Change{}, err
	}
	after := slices.DeleteFunc(slices.Clone(ticks), Tick{Item: item}.like)
	return p.ticked(a, "untick", p, ticks, after, Change{Unticked: []string{item}}, c, at, why), nil
}

func (t Tick) like(other Tick) bool { return t.Item == other.Item }

// tended returns nil when a may tend p now, which is at the version seen.
func (p Project) tended(a Actor, seen int) error {
	if err := CanTend(a, p); err != nil {
		return err
	}
	if err := goesOn(p); err != nil {
		return err
	}
	return p.Unchanged(seen)
}

func (r *reader) docNo() string {
	s := strings.Join(strings.Fields(r.values[FieldApprovalDoc]), " ")
	if n := utf8.RuneCountInString(s); n > MaxDocNo {
		r.fault(FieldApprovalDoc, Fail(Invalid, "err.too_long", "max", MaxDocNo, "length", n))
	}
	return s
}

// ticked completes a change of the checklist: what comes next, and since when.
func (p Project) ticked(a Actor, action string, before Project, was, now []Tick, change Change, c *Catalogue, at int64, why string) Change {
	p.ApprovalNext, p.ApprovalSince = "", p.ApprovalOn
	for _, e := range ChecklistItems(p, now, c) {
		if !slices.ContainsFunc(now, Tick{Item: e.ID}.like) {
			p.ApprovalNext = e.ID
			break
		}
	}
	for _, t := range now {
		if p.ApprovalSince.Before(t.On) {
			p.ApprovalSince = t.On
		}
	}
	p.UpdatedAt = at
	change.Project, change.Event = p, eventOf(a, "project.approvals", before, p, at)
	change.Also = []Event{{
		At: at, Actor: a.UserID, Action: "approval." + action, Kind: "approval", Subject: p.ID,
		Before: ticksEvent{before.ApprovalKind, "", was}, After: ticksEvent{p.ApprovalKind, why, now},
	}}
	return change
}

// ticksEvent is a checklist in the audit trail.
type ticksEvent struct {
	Kind   string
	Reason string `json:",omitempty"`
	Ticks  []Tick
}
