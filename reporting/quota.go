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
