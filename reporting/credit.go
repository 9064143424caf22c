package reporting

// CreditRole is in what capacity a body is credited with a project.
type CreditRole string

// The roles: the territory that manages the site, the lead department, and
// the city, which counts every project once (so the bodies' sum is at least
// the city's number).
const (
	TerritoryCredit  CreditRole = "territory"
	DepartmentCredit CreditRole = "department"
	CityCredit       CreditRole = "city"
)

// City is the body id under which the city's own tally and credits are kept.
const City = ""

// Credit is one line of the ledger: a project counts for a body in a year.
// Lines are added and revoked, never changed.
type Credit struct {
	ProjectID string
	Year      int
	BodyID    string // City for CityCredit
	Role      CreditRole
	From      Date   // day of verification
	RevokedOn Date   // zero while it stands
	Why       string // reason of the revocation
}

// CreditsFor returns the credits that the project earns: none unless it
// Counts, and none while it is held (see Guards); otherwise one for the city, one for its territory and one for its
// lead department, where it has them.
func CreditsFor(p Project, threshold Wan) []Credit {
	if p.HeldBy != "" || !p.Counts(threshold) {
		return nil
	}
	at := func(body string, role CreditRole) Credit {
		return Credit{ProjectID: p.ID, Year: p.PlanYear, BodyID: body, Role: role, From: p.VerifiedOn}
	}
	out := []Credit{at(City, CityCredit)}
	if p.TerritoryBody != "" {
		out = append(out, at(p.TerritoryBody, TerritoryCredit))
	}
	if p.LeadDept != "" {
		out = append(out, at(p.LeadDept, DepartmentCredit))
	}
	return out
}

// GraceDays is how many days of January the office may still verify what was
// submitted by 31 December, for the old year.
const GraceDays = 15

// PlanYear returns the year for which a project counts that was submitted and
// first verified on these days.
func PlanYear(submitted, verified Date) int {
	if submitted.Year == verified.Year-1 && verified.YearDay() <= GraceDays {
		return submitted.Year
	}
	return verified.Year
}

// Tally is what storage keeps per body and year, in the transaction that
// writes the ledger, so that no answer recounts. BodyID City is the city.
type Tally struct {
	BodyID   string
	Year     int
	Credited int    // live credits
	Pending  int    // submitted projects that would be credited once verified
	Invest   Wan    // total of the credited projects
	ByStage  [4]int // credited, S1…S4
	Recent   int    // credited on the last 56 days up to AsOf; read, not kept
	AsOf     Date   // the day for which Recent was read
}
