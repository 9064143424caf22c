package reporting

import (
	"regexp"
	"strings"
)

// FieldCode is the project code of the approval platform.
const FieldCode = "code"

// The code has been given since the end of 2015; since November 2020 it begins
// with the year and month (2011 = 2020-11) and its last place may be a letter.
// Sources: 发改投资〔2020〕1439号; GB/T 40058-2021.
var projectCode = regexp.MustCompile(`^(\d\d)(\d\d)-(\d{6})-\d{2}-\d{2}-\d{5}([0-9A-Z])$`)

// CodeRegion is how the region of a code of the city begins.
const CodeRegion = "2201"

// ParseProjectCode reads a project code in any case or width, old or new. away
// says that its region is not the city's. Errors: Invalid for another form, or
// a year or month that has not come.
func ParseProjectCode(s string, today Date) (code string, away bool, err error) {
	code = strings.ToUpper(strings.NewReplacer("－", "-", "—", "-", "–", "-", " ", "").Replace(foldWidth(strings.TrimSpace(s))))
	m := projectCode.FindStringSubmatch(code)
	if m == nil {
		return "", false, Fail(Invalid, "err.code.form", "value", clip(s, 40))
	}
	century, rest := number2(m[1]), number2(m[2])
	digit := strings.Contains("0123456789", m[4])
	year := digit && century == 20 && 100*century+rest <= today.Year
	month := rest >= 1 && rest <= 12 && 100*century+rest >= 2011 && (2000+century < today.Year || 2000+century == today.Year && rest <= int(today.Month))
	if !year && !month {
		return "", false, Fail(Invalid, "err.code.year", "value", code)
	}
	return code, !strings.HasPrefix(m[3], CodeRegion), nil
}

func number2(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

// SetCode gives a project its code, "" for none; see ShareCode for one that
// another project has. Errors: Forbidden; Conflict when the project is over;
// Invalid for the code.
func SetCode(a Actor, p Project, code string, today Date, at int64) (Change, error) {
	if !a.OfOffice() {
		if err := CanEditProject(a, p); err != nil {
			return Change{}, err
		}
	}
	if p.Over() {
		return Change{}, Fail(Conflict, "err.project.status", "id", p.ID, "status", string(p.Status))
	}
	if strings.TrimSpace(code) != "" {
		var err error
		if code, _, err = ParseProjectCode(code, today); err != nil {
			return Change{}, err
		}
	}
	before := p
	p.Code, p.UpdatedAt = strings.TrimSpace(code), at
	return Change{Project: p, Event: eventOf(a, "project.code", before, p, at), Messages: recard(a, before, p)}, nil
}

// readCode returns the code that was typed into the form of a project, if any.
func (r *reader) readCode(today Date) string {
	return r.parsed(FieldCode, func(s string) (string, error) {
		code, _, err := ParseProjectCode(s, today)
		return code, err
	})
}

// SameCode reports whether p and q have one project code.
func SameCode(p, q Project) bool { return p.Code != "" && p.Code == q.Code }

// Linked reports whether p or q says that it looks like the other: somebody
// has said why there are two, and the office decides, or has decided, if they
// are of two bodies.
func Linked(p, q Project) bool { return p.AlikeTo == q.ID || q.AlikeTo == p.ID }

// MayShareCode returns nil when p may have the code that all others have: it is
// linked with one of them, or all are its own body's and it says that it looks
// like some other project. Errors: Conflict.
func MayShareCode(p Project, others []Project) error {
	own := true
	for _, q := range others {
		if Linked(p, q) {
			return nil
		}
		own = own && q.ReporterBody == p.ReporterBody
	}
	if len(others) == 0 || own && p.AlikeTo != "" {
		return nil
	}
	return Fail(Conflict, "err.code.taken", "code", p.Code, "id", others[0].ID).At(FieldCode)
}

// ShareCode gives p the code that the live project other has, with why it is
// another project all the same. Where other is of another body, one of the two
// is held until the office has decided, and both bodies are told: the one that
// is not credited, else the younger. The change of p comes first. Errors: as
// SetCode; Conflict when other has another code by now, or either waits for a
// decision about a third; Invalid for the reason.
func ShareCode(a Actor, p, other Project, code, why string, r Rules, today Date, at int64) ([]Change, error) {
	c, err := SetCode(a, p, code, today, at)
	if err != nil {
		return nil, err
	}
	if other.Over() || other.ID == p.ID || !SameCode(c.Project, other) {
		return nil, Fail(Conflict, "err.project.changed", "id", other.ID)
	}
	if why, err = readReason(why); err != nil {
		return nil, err
	}
	before := p
	p = c.Project
	p.AlikeTo, p.AlikeWhy = other.ID, why
	c.Project, c.Event.After = p, p
	if other.ReporterBody == p.ReporterBody || p.HeldBy == other.ID || other.HeldBy == p.ID {
		return []Change{c}, nil
	}
	for _, q := range []Project{p, other} {
		if q.HeldBy != "" {
			return nil, Fail(Conflict, "err.arbitration.open", "id", q.ID, "other", q.HeldBy)
		}
	}
	if !heldFirst(before, other, r) {
		c.Project.HeldBy = other.ID
		c.Event.After = c.Project
		c.Messages = append(pairOpened(c.Project, other, a.UserID, why), c.Messages...)
		return []Change{c}, nil
	}
	was := other
	other.HeldBy, other.UpdatedAt = p.ID, at
	return []Change{c, {
		Project: other, Event: eventOf(a, "project.hold", was, other, at),
		Messages: append(pairOpened(other, p, a.UserID, why), recard(a, was, other)...),
	}}, nil
}

// heldFirst reports whether other is held for p, and not the reverse.
func heldFirst(p, other Project, r Rules) bool {
	mine, theirs := len(CreditsFor(p, r)) > 0, len(CreditsFor(other, r)) > 0
	if mine != theirs {
		return mine
	}
	return Older(p.ID, other.ID) < 0
}
