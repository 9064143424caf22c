package reporting

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

// Actor is who does something now.
type Actor struct {
	UserID string
	Name   string
	Role   Role
	BodyID string
}

// OfOffice reports whether the actor belongs to the leading group's office.
func (a Actor) OfOffice() bool { return a.Role == Admin || a.Role == Reviewer }

// ReadsAll reports whether the actor sees every body's figures and projects.
func (a Actor) ReadsAll() bool { return a.OfOffice() || a.Role == Leader }
