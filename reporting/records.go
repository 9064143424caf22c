package reporting

import "errors"

// BodyList is the bodies at one moment, in table order (kind, then as imported).
type BodyList struct {
	All      []Body
	Revision int64 // rises with every change of bodies or people
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
	MinInvest     Wan   // inclusive, 0 = does not restrict
	MaxInvest     Wan   // likewise
	StuckBefore   Date  // waiting for the next approval since before, the longest first; zero does not restrict
	StaleSince    int64 // not written since (UTC ms), 0 = does not restrict
	OldestFirst   bool  // by submission; else newest first
	Offset, Limit int   // Limit 0 = 10
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
