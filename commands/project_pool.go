package commands

import (
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// inPool is the status, in lists and buttons, of what the plan's pool holds: what
// was verified and has not gone.
const inPool reporting.Status = "pool"

var pool = []reporting.Status{reporting.Verified, reporting.Suspended, reporting.Carried, reporting.Completed}

// daysText is "2018-07-01..2018-07-31", "" for none.
func daysText(d reporting.Days) string {
	if d == (reporting.Days{}) {
		return ""
	}
	return d.From.String() + ".." + d.To.String()
}

// readDays reads daysText; what is none gives no days.
func readDays(s string) reporting.Days {
	from, to, _ := strings.Cut(s, "..")
	first, err := reporting.ParseDate(from)
	last, bad := reporting.ParseDate(to)
	if err != nil || bad != nil {
		return reporting.Days{}
	}
	return reporting.Days{From: first, To: last}
}
