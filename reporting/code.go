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

// SetCode gives a project its code, "" for none. Errors: Forbidden; Conflict
// when the project is over or was changed; Invalid for the code.
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
	return Change{Project: p, Event: eventOf(a, "project.code", before, p, at)}, nil
}
