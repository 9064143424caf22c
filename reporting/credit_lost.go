package reporting

import (
	"slices"
	"strconv"
	"strings"
)

// CreditLost tells a body's channel that a project counts for it no longer.
const CreditLost MessageKind = "credit_lost"

// LossTold returns what the bodies are told that lose a credit by an event: p
// is the project as the event leaves it, with its version raised. The body that
// a day's step is told of anyway is not told twice.
func LossTold(p Project, revoked, added []Credit, r Rules, e Event) []Message {
	var out []Message
	for _, c := range revoked {
		kept := slices.ContainsFunc(added, func(a Credit) bool { return a.BodyID == c.BodyID && a.Year == c.Year })
		told := strings.HasPrefix(e.Action, "year.") && c.BodyID == p.ReporterBody
		if c.BodyID == City || kept || told {
			continue
		}
		year := strconv.Itoa(c.Year)
		out = append(out, Message{
			Key:  string(CreditLost) + "/" + p.ID + "/" + strconv.Itoa(p.Version) + "/" + c.BodyID + "/" + year,
			Kind: CreditLost, BodyID: c.BodyID,
			Args: map[string]string{"project": p.ID, "year": year, "by": e.Actor, "why": p.lossOf(c, r)},
		})
	}
	return out
}

// lossOf says why p earns the credit c no longer.
func (p Project) lossOf(c Credit, r Rules) string {
	switch {
	case p.Status == Withdrawn || p.Status == Merged:
		return string(p.Status)
	case p.HeldBy != "":
		return "held"
	case !p.HoldEndedOn.IsZero():
		return "hold"
	case p.InvestTotal < r.Threshold:
		return "below"
	case p.PlanYear != c.Year:
		return "year"
	}
	return "moved"
}
