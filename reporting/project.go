package reporting

import (
	"fmt"
	"regexp"
	"strings"
)

// Status is where the record of a project is in its review. A draft is not a
// project yet: see Draft.
type Status string

// The statuses. Submitted records are locked; only Returned reopens them.
const (
	Submitted Status = "submitted"
	Returned  Status = "returned"
	Verified  Status = "verified"
	Suspended Status = "suspended"
	Carried   Status = "carried"
	Completed Status = "completed"
	Withdrawn Status = "withdrawn"
	Merged    Status = "merged"
)

// Statuses lists the statuses in the order of a project's life.
var Statuses = []Status{Submitted, Returned, Verified, Suspended, Carried, Completed, Withdrawn, Merged}

// Stage is how far the project itself has come (plan, chapter 2).
type Stage string

// The stages: in reserve, key push, landed, in production.
const (
	S1 Stage = "S1"
	S2 Stage = "S2"
	S3 Stage = "S3"
	S4 Stage = "S4"
)

// Stages lists the stages in order.
var Stages = []Stage{S1, S2, S3, S4}

// Project is one project as it stands in the register.
type Project struct {
	ID            string // CC-2018-0001, never reused
	Name          string
	Content       string // scope
	Nature        string // one of Natures
	ReporterBody  string
	TerritoryBody string // "" = still open: no territorial credit
	LeadDept      string // "" = none
	Location      string
	OwnerUnit     string
	Path          Path
	PathDetail    string
	Programme     string
	Industry      string
	InvestTotal   Wan
	InvestYear    Wan // planned for the current year, 0 = not said
	Start, Finish Month
	Milestone     string
	Evidence      string // links or a description, one a line
	EvidenceFiles int    // how many files prove what was filed, see ProjectFile
	Contact       string // name and telephone
	Stage         Stage
	StageSince    Date
	Status        Status
	PlanYear      int    // the year whose quota it counts for
	VerifiedOn    Date   // day of first verification
	SubmittedOn   Date   // day of last submission
	ReturnReason  string // why it was returned, while Status is Returned
	ReturnedOn    Date
	FiledBy       string // Slack user id, told of decisions
	UpdatedAt     int64  // UTC ms
	Version       int    // 1, 2, 3 …: every write checks and raises it
	Life
	Guards
	Record
	Checklist
}

// Unchanged returns nil when p is at the version that a person saw, 0 = whatever
// it is now. Errors: Conflict.
func (p Project) Unchanged(seen int) error {
	if seen != 0 && seen != p.Version {
		return Fail(Conflict, "err.project.changed", "id", p.ID)
	}
	return nil
}

// NewProjectID returns the number of the n-th project filed in a year:
// CC-2018-0007. Beyond 9999 it grows a digit.
func NewProjectID(year, n int) string { return fmt.Sprintf("CC-%04d-%04d", year, n) }

var projectID = regexp.MustCompile(`^[A-Z]{2}-\d{4}-[0-9A-Z]{4,8}$`)

// ParseProjectID reads a full number in any case or width, or the bare last
// four digits, which mean a project of year. Errors: Invalid.
func ParseProjectID(s string, year int) (string, error) {
	t := strings.ToUpper(strings.NewReplacer("－", "-", "—", "-", "–", "-", "#", "").Replace(foldWidth(s)))
	if len(t) >= 1 && len(t) <= 8 && strings.Trim(t, "0123456789") == "" {
		return fmt.Sprintf("CC-%04d-%04s", year, t), nil
	}
	if !projectID.MatchString(t) {
		return "", Fail(Invalid, "err.project.id", "value", clip(s, 40))
	}
	return t, nil
}

// ShortID returns the part of the number that people say.
func (p Project) ShortID() string { return p.ID[strings.LastIndexByte(p.ID, '-')+1:] }

// Counts reports whether the project is one that quotas count: verified at
// some time, not withdrawn, merged or too long suspended in the year for which it counts, total at
// or above the threshold (inclusive). What ends in a later year leaves the year
// that is over as it was.
func (p Project) Counts(threshold Wan) bool {
	counted := p.InvestTotal >= threshold && !p.VerifiedOn.IsZero()
	switch p.Status {
	case Verified, Carried, Completed:
		return counted
	case Suspended:
		return counted && (p.HoldEndedOn.IsZero() || p.HoldEndedOn.Year > p.PlanYear)
	case Withdrawn, Merged:
		return counted && p.EndedOn.Year > p.PlanYear
	}
	return false
}

// MaskedContact returns the contact with the middle of each telephone number
// hidden, for channels.
func (p Project) MaskedContact() string {
	return telephone.ReplaceAllStringFunc(p.Contact, func(n string) string {
		return n[:3] + strings.Repeat("*", len(n)-5) + n[len(n)-2:]
	})
}

var telephone = regexp.MustCompile(`\d{7,}`)
