package reporting

import (
	"strconv"
	"strings"
)

// Problem is what stands in a project's way, with who sees to it and by when
// (plan, clause five (3)). It is closed with how it was solved.
type Problem struct {
	ProjectID string
	No        int    // 1, 2, 3 … within its project
	BodyID    string // that reported the project
	Text      string
	Owner     string // Slack user id of who sees to it
	DueOn     Date
	OpenedBy  string
	OpenedAt  int64  // UTC ms
	ClosedBy  string // "" = Mouhua, for the project has ended
	ClosedAt  int64  // UTC ms, 0 = open
	Result    string // how it was solved, or why the project ended
	Reopened  string // why it was last opened again
	Version   int    // 1, 2, 3 …: every write checks and raises it
}

// Open reports whether it waits to be solved.
func (q Problem) Open() bool { return q.ClosedAt == 0 }

// Overdue reports whether it is open and its day is over on day.
func (q Problem) Overdue(day Date) bool { return q.Open() && q.DueOn.Before(day) }

// ID names it in the audit trail: "CC-2018-0001#3".
func (q Problem) ID() string { return q.ProjectID + "#" + strconv.Itoa(q.No) }

// The fields of the forms of a Problem.
const (
	FieldProblemText   = "problem_text"
	FieldProblemOwner  = "problem_owner"
	FieldProblemDue    = "problem_due"
	FieldProblemResult = "problem_result"
	FieldProblemWhy    = "problem_why"
)

// MaxProblem is the longest text of a problem, of its result and of a reason,
// in code points.
const MaxProblem = 500

// DueSoon is how many days ahead a nudge looks for problems that fall due.
const DueSoon = 7

// The messages about problems.
const (
	ProblemGiven  MessageKind = "problem_given"  // to who sees to it now
	ProblemClosed MessageKind = "problem_closed" // to who saw to it, and to who opened it
	ProblemsLeft  MessageKind = "problems_left"  // whoever saw to them left, and nobody took over: to the office
)

// OpenProblem opens the problem q, of which storage has set ProjectID and No,
// at a project that goes on. owner is the person chosen to see to it. Errors:
// Forbidden; Conflict for the project's status; FieldErrors.
func OpenProblem(a Actor, p Project, q Problem, v map[string]string, owner Person, day Date, at int64) (Change, error) {
	if err := CanTend(a, p); err != nil {
		return Change{}, err
	}
	if err := goesOn(p); err != nil {
		return Change{}, err
	}
	q.BodyID, q.OpenedBy, q.OpenedAt = p.ReporterBody, a.UserID, at
	r := &reader{values: v}
	q.Text = r.problemText(FieldProblemText)
	r.problemOwner(&q, owner)
	r.problemDue(&q, day)
	if err := r.errs.Err(); err != nil {
		return Change{}, err
	}
	return problemChange(a, "open", p, nil, q, at, q.given(a)...), nil
}

// EditProblem gives an open problem another owner or day. seen is the version
// that the person saw, 0 = whatever it is now. Errors: Forbidden; Conflict when
// it is closed or was changed; FieldErrors; Invalid when nothing changes.
func EditProblem(a Actor, p Project, q Problem, seen int, v map[string]string, owner Person, day Date, at int64) (Change, error) {
	if err := CanTend(a, p); err != nil {
		return Change{}, err
	}
	if err := q.at(seen, true); err != nil {
		return Change{}, err
	}
	before := q
	r := &reader{values: v}
	r.problemOwner(&q, owner)
	r.problemDue(&q, day)
	if err := r.errs.Err(); err != nil {
		return Change{}, err
	}
	if q == before {
		return Change{}, Fail(Invalid, "err.problem.same").At(FieldProblemDue)
	}
	var told []Message
	if q.Owner != before.Owner {
		told = q.given(a)
	}
	return problemChange(a, "edit", p, &before, q, at, told...), nil
}

// CloseProblem closes a problem with how it was solved. Errors: Forbidden;
// Conflict when it is closed or was changed; Invalid for the result.
func CloseProblem(a Actor, p Project, q Problem, seen int, result string, at int64) (Change, error) {
	if err := CanCloseProblem(a, p, q); err != nil {
		return Change{}, err
	}
	if err := q.at(seen, true); err != nil {
		return Change{}, err
	}
	r := &reader{values: map[string]string{FieldProblemResult: result}}
	before := q
	q.Result, q.ClosedBy, q.ClosedAt = r.problemText(FieldProblemResult), a.UserID, at
	if err := r.errs.Err(); err != nil {
		return Change{}, err
	}
	return problemChange(a, "close", p, &before, q, at, q.closed(a.UserID)...), nil
}

// ReopenProblem takes a closed problem of a project that goes on up again, with
// the reason and a new day and owner. Errors: Forbidden; Conflict when it is
// open, was changed, or for the project's status; FieldErrors.
func ReopenProblem(a Actor, p Project, q Problem, seen int, v map[string]string, owner Person, day Date, at int64) (Change, error) {
	if err := CanTend(a, p); err != nil {
		return Change{}, err
	}
	if err := goesOn(p); err != nil {
		return Change{}, err
	}
	if err := q.at(seen, false); err != nil {
		return Change{}, err
	}
	before := q
	q.ClosedBy, q.ClosedAt, q.Result, q.DueOn = "", 0, "", Date{}
	r := &reader{values: v}
	q.Reopened = r.problemText(FieldProblemWhy)
	r.problemOwner(&q, owner)
	r.problemDue(&q, day)
	if err := r.errs.Err(); err != nil {
		return Change{}, err
	}
	return problemChange(a, "reopen", p, &before, q, at, q.given(a)...), nil
}

// EndProblems closes the open problems of a project that was withdrawn or
// merged, with its reason, by Mouhua.
func EndProblems(p Project, open []Problem, by Actor, at int64) (changed []Problem, events []Event, told []Message) {
	for _, q := range open {
		before := q
		q.ClosedAt, q.ClosedBy, q.Result = at, "", p.StatusReason
		changed = append(changed, q)
		events = append(events, q.event(by, "close", &before, at))
		told = append(told, q.closed(by.UserID)...)
	}
	return changed, events, told
}

// goesOn returns nil when p is one that is worked on: verified, carried or
// suspended.
func goesOn(p Project) error {
	if p.Status != Verified && p.Status != Suspended && p.Status != Carried {
		return Fail(Conflict, "err.project.not_verified", "id", p.ID, "status", string(p.Status))
	}
	return nil
}

// at returns nil when q is open, or closed, and at the version seen.
func (q Problem) at(seen int, open bool) error {
	switch {
	case open && !q.Open():
		return Fail(Conflict, "err.problem.closed", "no", q.No)
	case !open && q.Open():
		return Fail(Conflict, "err.problem.open", "no", q.No)
	case seen != 0 && seen != q.Version:
		return Fail(Conflict, "err.problem.changed", "no", q.No)
	}
	return nil
}

func (r *reader) problemText(field string) string {
	s := strings.TrimSpace(r.values[field])
	switch n := len([]rune(s)); {
	case n == 0:
		r.fault(field, Fail(Invalid, "err.required"))
	case n > MaxProblem:
		r.fault(field, Fail(Invalid, "err.too_long", "max", MaxProblem, "length", n))
	}
	return s
}

// problemOwner takes the chosen person over. Guests, bots and members whom the
// office has given no role could not close what they are given.
func (r *reader) problemOwner(q *Problem, owner Person) {
	switch id := r.values[FieldProblemOwner]; {
	case id == "":
		r.fault(FieldProblemOwner, Fail(Invalid, "err.required"))
	case id != owner.UserID || owner.Role == Stranger:
		r.fault(FieldProblemOwner, Fail(Invalid, "err.problem.owner"))
	default:
		q.Owner = id
	}
}

// problemDue reads the day, which is not over unless it was set before.
func (r *reader) problemDue(q *Problem, day Date) {
	s := strings.TrimSpace(r.values[FieldProblemDue])
	if s == "" {
		r.fault(FieldProblemDue, Fail(Invalid, "err.required"))
		return
	}
	d, err := ParseDate(s)
	switch {
	case err != nil:
		r.fault(FieldProblemDue, err)
	case d.Before(day) && d != q.DueOn:
		r.fault(FieldProblemDue, Fail(Invalid, "err.problem.past"))
	}
	q.DueOn = d
}

// problemChange writes a problem with its project, whose time and version it
// raises.
func problemChange(a Actor, action string, p Project, before *Problem, q Problem, at int64, told ...Message) Change {
	was := p
	p.UpdatedAt = at
	return Change{
		Project: p, Event: eventOf(a, "project.problem", was, p, at), Messages: told,
		Problems: []Problem{q}, Also: []Event{q.event(a, action, before, at)},
	}
}

func (q Problem) event(a Actor, action string, before *Problem, at int64) Event {
	e := Event{At: at, Actor: a.UserID, Action: "problem." + action, Kind: "problem", Subject: q.ID(), After: q}
	if before != nil {
		e.Before = *before
	}
	return e
}

// given tells the owner, unless they gave it to themselves.
func (q Problem) given(a Actor) []Message { return q.tell(ProblemGiven, a.UserID, q.Owner) }

// closed tells who saw to it and who opened it, but not who closed it.
func (q Problem) closed(by string) []Message {
	told := q.tell(ProblemClosed, by, q.Owner)
	if q.OpenedBy != q.Owner {
		told = append(told, q.tell(ProblemClosed, by, q.OpenedBy)...)
	}
	return told
}

func (q Problem) tell(kind MessageKind, by, to string) []Message {
	if to == "" || to == by {
		return nil
	}
	v := strconv.Itoa(q.Version + 1)
	return []Message{{
		Key: strings.Join([]string{string(kind), q.ID(), v, to}, "/"), Kind: kind, BodyID: q.BodyID, To: to,
		Args: map[string]string{"project": q.ProjectID, "problem": strconv.Itoa(q.No), "version": v, "by": by},
	}}
}

// ProblemFilter selects open problems; zero fields do not restrict. With both
// Body and Owner, either will do.
type ProblemFilter struct {
	Body          string
	Owner         string
	DueBy         Date // inclusive
	Day           Date // before which what is due is overdue
	LargestFirst  bool // by the total of the project; else the first due first
	Offset, Limit int  // Limit 0 = 10
}

// ListedProblem is a problem in a list.
type ListedProblem struct {
	Problem
	ProjectName string
	Invest      Wan // of the project
}

// ProblemPage is one page of a list, the first due first, with the totals of
// the whole.
type ProblemPage struct {
	Problems       []ListedProblem
	Total, Overdue int
}
