package reporting

import "slices"

// Refusals name who could do it: Args["who"] is a locale key of the form
// "who.<role>", and Args["body"] the body whose officials are meant.

func refuse(who string) error {
	return Fail(Forbidden, "err.forbidden", "who", "who."+who)
}

func refuseFor(body string) error {
	return Fail(Forbidden, "err.forbidden", "who", "who.official", "body", body)
}

// Could returns those of people whom a refusal names by its Args["who"] and
// Args["body"], in the order given.
func Could(who, body string, people []Person) []Person {
	roles := map[string][]Role{
		"who.official": {Official}, "who.office": {Reviewer, Admin}, "who.leader": {Leader, Reviewer, Admin}, "who.admin": {Admin},
	}[who]
	var out []Person
	for _, p := range people {
		if slices.Contains(roles, p.Role) && (p.Role != Official || body != "" && p.BodyID == body) {
			out = append(out, p)
		}
	}
	return out
}

// CanFile returns nil when a may file a project for body.
func CanFile(a Actor, body string) error {
	if a.Role == Admin || a.Role == Official && a.BodyID == body {
		return nil
	}
	return refuseFor(body)
}

// CanBegin returns nil when b may still file new projects on day. Errors:
// Conflict once it has ended.
func CanBegin(b Body, day Date) error {
	if !b.Ended(day) {
		return nil
	}
	return Fail(Conflict, "err.body.ended", "body", b.Short.In(ZhCN), "day", b.EndsOn.String())
}

// CanReadProject returns nil when a may read p: leaders and the office all,
// officials those that their body reports, manages or leads.
func CanReadProject(a Actor, p Project) error {
	if a.ReadsAll() {
		return nil
	}
	if a.Role == Official && a.BodyID != "" &&
		(a.BodyID == p.ReporterBody || a.BodyID == p.TerritoryBody || a.BodyID == p.LeadDept) {
		return nil
	}
	return refuse("leader")
}

// CanEditProject returns nil when a may edit p: officials of the body that
// reported it, and admins.
func CanEditProject(a Actor, p Project) error { return CanFile(a, p.ReporterBody) }

// CanComplete returns nil when a may complete the record of p now. Errors:
// Forbidden; Conflict for its status.
func CanComplete(a Actor, p Project) error {
	if err := CanEditProject(a, p); err != nil {
		return err
	}
	if !slices.Contains([]Status{Verified, Suspended, Returned, Carried}, p.Status) {
		return Fail(Conflict, "err.record.status", "id", p.ID, "status", string(p.Status))
	}
	return nil
}

// CanDirect returns nil when a may suspend, resume or withdraw p: the office,
// and officials of the body that reported it.
func CanDirect(a Actor, p Project) error {
	if a.OfOffice() {
		return nil
	}
	return CanEditProject(a, p)
}

// CanTend returns nil when a may open problems of p, give them to somebody and
// open them again, and tick its approvals: the office, and officials of the body
// that reported it.
func CanTend(a Actor, p Project) error {
	if CanDirect(a, p) == nil {
		return nil
	}
	return refuse("tender")
}

// CanCloseProblem returns nil when a may close q: also who sees to it.
func CanCloseProblem(a Actor, p Project, q Problem) error {
	if CanDirect(a, p) == nil || a.UserID == q.Owner && a.UserID != "" {
		return nil
	}
	return refuse("problem_closer")
}

// CanReview returns nil when a may approve and return projects.
func CanReview(a Actor) error {
	if a.OfOffice() {
		return nil
	}
	return refuse("office")
}

// Openness is to whom the office has opened the figures of all bodies.
type Openness string

// Closed: to leaders and the office; a body's officials see its own, its rank and
// its group's average. Open: to officials as well. Of projects it opens nothing.
const (
	Closed Openness = ""
	Open   Openness = "open"
)

// seesFigures reports whether a may see body's figures; City stands for those of all.
// It is the one place that says who may.
func seesFigures(a Actor, body string) bool {
	own := a.BodyID == body && body != City
	return a.ReadsAll() || a.Role == Official && (own || a.Openness == Open)
}

// CanReadQuota returns nil when a may see body's figures.
func CanReadQuota(a Actor, body string) error {
	if seesFigures(a, body) {
		return nil
	}
	return refuse("leader")
}

// CanReadCity returns nil when a may see the whole city by body.
func CanReadCity(a Actor) error { return CanReadQuota(a, City) }

// CanListProjects returns nil when a may list the projects and problems of body, or
// those of all for City: leaders and the office, and a body's officials its own.
func CanListProjects(a Actor, body string) error {
	if a.ReadsAll() || a.Role == Official && a.BodyID == body && body != City {
		return nil
	}
	return refuse("leader")
}

// CanManage returns nil when a may change bodies, people and quotas.
func CanManage(a Actor) error {
	if a.OfOffice() {
		return nil
	}
	return refuse("office")
}

// CanAskQuota returns nil when a may ask the office for another quota for body.
func CanAskQuota(a Actor, body string) error {
	if a.Role == Official && a.BodyID == body && body != "" {
		return nil
	}
	return refuseFor(body)
}

// CanImport returns nil when a may import files.
func CanImport(a Actor) error {
	if a.Role == Admin {
		return nil
	}
	return Fail(Forbidden, "err.import.forbidden", "who", "who.admin")
}

// CanGrant returns nil when a may give role to somebody: only admins make
// admins, reviewers and leaders.
func CanGrant(a Actor, role Role) error {
	if a.Role == Admin || a.Role == Reviewer && role == Official {
		return nil
	}
	return refuse("admin")
}

// CanNudge returns nil when a may see and send body's nudge.
func CanNudge(a Actor, body string) error {
	if a.OfOffice() || a.Role == Official && a.BodyID == body && body != "" {
		return nil
	}
	return refuse("office")
}
