package reporting

// Quota is one version of what a body owes in a year.
type Quota struct {
	BodyID        string
	Year          int
	Version       int // 1, 2, 3 … within body and year
	Count         int // projects; 0 = no quota, which is not "0% done"
	EffectiveFrom Date
	Reason        string
	DecidedBy     string
	DocNo         string
	SetBy         string // Slack user id of who wrote it down; "" = a file, or before this was kept
	SetAt         int64  // UTC ms, 0 likewise
}

// InForce returns the version in force on a day: of those that began by then
// the one that began last, the higher version on the same day. ok is false
// when none had begun.
func InForce(versions []Quota, on Date) (q Quota, ok bool) {
	for _, v := range versions {
		if on.Before(v.EffectiveFrom) {
			continue
		}
		if !ok || q.EffectiveFrom.Before(v.EffectiveFrom) ||
			q.EffectiveFrom == v.EffectiveFrom && v.Version > q.Version {
			q, ok = v, true
		}
	}
	return q, ok
}

// ProgrammeTarget is how many projects of each programme (P1–P3) the plan
// calls for (3.3.1: the three hundreds). It names no year and no least total.
const ProgrammeTarget = 100

// ProgrammeTally is how many projects of a programme are verified.
type ProgrammeTally struct {
	Programme string
	Verified  int
	Invest    Wan
}
