package reporting

// CreditRole is in what capacity a body is credited with a project.
type CreditRole string

// The roles: the territory that manages the site, the lead department, the
// body that reported it, and the city, which counts every project once.
const (
	TerritoryCredit  CreditRole = "territory"
	DepartmentCredit CreditRole = "department"
	ReporterCredit   CreditRole = "reporter"
	CityCredit       CreditRole = "city"
)

// CreditPolicy is which bodies a project counts for; the city counts each once
// under all of them.
type CreditPolicy string

// The policies: territory and lead department both in full (so that the
// bodies' sum is at least the city's number), the territory alone, or the body
// alone that reported it (so that it is at most, or just, the city's).
const (
	BothFull      CreditPolicy = "both_full"
	TerritoryOnly CreditPolicy = "territory_only"
	ReporterOnly  CreditPolicy = "reporter_only"
)

// CreditPolicies lists the policies.
var CreditPolicies = []CreditPolicy{BothFull, TerritoryOnly, ReporterOnly}

// Rules is what decides whether a project counts, and for whom.
type Rules struct {
	Threshold Wan          // the least total that counts
	Credit    CreditPolicy // "" = BothFull
}

// Roles returns in which capacity bodies are credited.
func (r Rules) Roles() []CreditRole {
	switch r.Credit {
	case TerritoryOnly:
		return []CreditRole{TerritoryCredit}
	case ReporterOnly:
		return []CreditRole{ReporterCredit}
	}
	return []CreditRole{TerritoryCredit, DepartmentCredit}
}

// In returns the body that has a role in p, "" for none.
func (p Project) In(role CreditRole) string {
	switch role {
	case TerritoryCredit:
		return p.TerritoryBody
	case DepartmentCredit:
		return p.LeadDept
	case ReporterCredit:
		return p.ReporterBody
	}
	return City
}

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
// Counts, and none while it is held (see Guards); otherwise one for the city
// and one for each body that has a role of the policy.
func CreditsFor(p Project, r Rules) []Credit {
	if p.HeldBy != "" || !p.Counts(r.Threshold) {
		return nil
	}
	at := func(body string, role CreditRole) Credit {
		return Credit{ProjectID: p.ID, Year: p.PlanYear, BodyID: body, Role: role, From: p.VerifiedOn}
	}
	out := []Credit{at(City, CityCredit)}
	for _, role := range r.Roles() {
		if body := p.In(role); body != "" {
			out = append(out, at(body, role))
		}
	}
	return out
}

// PendingFor returns the bodies for which a project waits for review that would
// count once verified, City first; none for one that does not.
func PendingFor(p Project, r Rules) []string {
	if p.Status != Submitted || p.InvestTotal < r.Threshold || p.HeldBy != "" {
		return nil
	}
	out := []string{City}
	for _, role := range r.Roles() {
		if body := p.In(role); body != "" {
			out = append(out, body)
		}
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
	Promoted Wan    // total of the credited ones of route R1
	Large    int    // credited ones that are Large
	Complete int    // credited ones whose evidence is Complete
	Recent   int    // credited on the last 56 days up to AsOf; read, not kept
	AsOf     Date   // the day for which Recent was read
}

// LargeTotal is the total from which a project counts as large: 5亿元.
const LargeTotal = 5 * Yi

// Large reports whether the total is one of the large.
func (p Project) Large() bool { return p.InvestTotal >= LargeTotal }

// Complete reports whether the evidence is there: of the filing and, from S2
// on, of the stage.
func (p Project) Complete() bool {
	filed := p.Evidence != "" || p.EvidenceFiles > 0
	return filed && (p.Stage == S1 || p.Proof.Kind != "" && (p.Proof.Text != "" || p.Proof.Files > 0))
}

// Promoted reports whether the project came about by promotion (route R1).
func (p Project) Promoted() bool { return p.Path.Route() == "R1" }
