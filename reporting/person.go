package reporting

import (
	"cmp"
	"strconv"
)

// Role is what a person may do.
type Role string

// The roles. A person who is in none of them is a Stranger: reads help only.
const (
	Admin    Role = "admin"
	Reviewer Role = "reviewer"
	Leader   Role = "leader"
	Official Role = "official"
	Stranger Role = ""
)

// Roles lists the roles that a person can be given.
var Roles = []Role{Admin, Reviewer, Leader, Official}

// Person is somebody known to the office, by Slack user id.
type Person struct {
	UserID  string
	Name    string
	Role    Role
	BodyID  string // an official's body; "" otherwise
	Version int
}

// Leaves reports whether whoever goes from before to after can no longer file
// where they could, so that their work needs somebody else.
func Leaves(before, after Person) bool {
	switch {
	case after.Role == Admin:
		return false
	case after.Role == Stranger:
		return before.Role != Stranger
	case before.Role == Official:
		return after.Role != Official || after.BodyID != before.BodyID
	}
	return before.Role == Admin
}

// Handover gives a leaver's drafts, their projects that are submitted or
// returned, and the open problems they see to, to somebody else.
type Handover struct {
	From     string // the leaver's Slack user id
	BodyID   string // the body they filed for; "" = all
	To       string // another official of that body; "" = any of its officials
	Problems string // who gets the problems; "" = they stay, and the office is told
	Messages []Message
}

// Handed is what a handover moved.
type Handed struct{ Drafts, Projects, Problems int }

// HandedOver is the message to whom a leaver's work is given.
const HandedOver MessageKind = "handed_over"

// NewHandover returns the handover of a leaver's work at a time (UTC ms); n
// is what there was when it was decided, for the message. A problem needs one
// person who sees to it: when the work goes to any official, heir, the first of
// them, gets the problems ("" = there is none). Errors: Forbidden.
func NewHandover(a Actor, leaver Person, to, heir string, n Handed, at int64) (Handover, error) {
	if err := CanManage(a); err != nil {
		return Handover{}, err
	}
	h := Handover{From: leaver.UserID, BodyID: leaver.BodyID, To: to, Problems: cmp.Or(to, heir)}
	m := Message{
		Key: string(HandedOver) + "/" + leaver.UserID + "/" + strconv.FormatInt(at, 10), Kind: HandedOver, BodyID: leaver.BodyID, To: to,
		Args: map[string]string{
			"from": leaver.UserID, "by": a.UserID,
			"drafts": strconv.Itoa(n.Drafts), "projects": strconv.Itoa(n.Projects), "problems": strconv.Itoa(n.Problems),
		},
	}
	if to == "" {
		// Who gets the problems is told of these alone.
		m.Args["drafts"], m.Args["projects"], m.To = "0", "0", heir
	}
	switch {
	case m.To != "" && (to != "" || n.Problems > 0):
		h.Messages = []Message{m}
	case m.To == "" && n.Problems > 0:
		m.Kind, m.Key = ProblemsLeft, string(ProblemsLeft)+"/"+leaver.UserID+"/"+strconv.FormatInt(at, 10)
		h.Messages = []Message{m}
	}
	return h, nil
}

// Actor is who does something now.
type Actor struct {
	UserID string
	Name   string
	Role   Role
	BodyID string

	Openness Openness
}

// OfOffice reports whether the actor belongs to the leading group's office.
func (a Actor) OfOffice() bool { return a.Role == Admin || a.Role == Reviewer }

// ReadsAll reports whether the actor sees every body's figures and projects.
func (a Actor) ReadsAll() bool { return a.OfOffice() || a.Role == Leader }
