package reporting

import (
	"errors"
	"strings"
)

// BodyList is the bodies at one moment, in table order (kind, then as imported).
type BodyList struct {
	All      []Body
	Revision int64                   // rises with every change of bodies, people, settings or the calendar
	Calendar *Calendar               // working days
	Nudges   map[string]NudgeSetting // by body, where one has set something
}

// Find returns the body with id.
func (l *BodyList) Find(id string) (Body, bool) {
	for i := range l.All {
		if l.All[i].ID == id {
			return l.All[i], true
		}
	}
	return Body{}, false
}

// ProjectFilter selects projects; zero fields do not restrict.
type ProjectFilter struct {
	Body          string // reported, managed or led by it
	FiledBy       string
	Status        []Status
	Stage         Stage
	Year          int
	Lead          string // lead department
	Industry      string
	Route         string
	Path          Path
	Programme     string
	Detail        string // what the detail of the sub-path has in it: a partner city, an exhibition …
	Credited      Days   // first credited to Body, or the City, within these days, and still is
	MinInvest     Wan    // inclusive, 0 = does not restrict
	MaxInvest     Wan    // likewise
	StuckBefore   Date   // waiting for the next approval since before, the longest first; zero does not restrict
	StaleSince    int64  // not written since (UTC ms), 0 = does not restrict
	OldestFirst   bool   // by submission; else newest first
	LargestFirst  bool   // by total instead; After and Before do nothing then
	Offset, Limit int    // Limit 0 = 10
	After, Before Mark   // only what the list has on that side of a project; at most one of them
}

// Mark is the place of a project in a list; the zero Mark is none. It stays the
// same place when the list grows before it.
type Mark struct {
	On Date // day of submission
	ID string
}

// Mark returns the project's place in lists.
func (p Project) Mark() Mark { return Mark{p.SubmittedOn, p.ID} }

// String returns "2018-03-05/CC-2018-0001", "" for none.
func (m Mark) String() string {
	if m == (Mark{}) {
		return ""
	}
	return m.On.String() + "/" + m.ID
}

// ParseMark reads what String returns. Errors: Invalid.
func ParseMark(s string) (Mark, error) {
	if s == "" {
		return Mark{}, nil
	}
	day, id, _ := strings.Cut(s, "/")
	var m Mark
	var err error
	if day != "" { // a project without day of submission comes last
		if m.On, err = ParseDate(day); err != nil {
			return Mark{}, err
		}
	}
	m.ID, err = ParseProjectID(id, m.On.Year)
	return m, err
}

// ProjectPage is one page of a list with the totals of the whole.
type ProjectPage struct {
	Projects []Project
	Total    int
	Invest   Wan // of all, not of the page
}

// Delivery is an outbox message with what became of it.
type Delivery struct {
	Message
	State   string // "pending", "sent", "skipped", "dead", "failed"
	Receipt Receipt
	SentAt  int64 // UTC ms
}

// ErrRepeated is returned with the present state when a delivery key was seen
// before: the caller answers as it did the first time.
var ErrRepeated = errors.New("delivery repeated")
