package reporting

import "slices"

// Guards is what is noted about a project so that the office looks twice.
type Guards struct {
	RevisedFrom Wan    // the total before it was last revised, until it is decided about; 0 = it was not
	AlikeTo     string // number of the project that it looked like when it was filed
	AlikeWhy    string // why it was filed all the same
	HeldBy      string // number of the project of another body that it may be the same as: until the office has decided it earns nothing
	Code        string // project code, see ParseProjectCode
}

// NearPart is what part of the threshold a total may lie off it and be near: 5%.
const NearPart = 20

// Near reports whether a total lies within 5% of the threshold, on either side.
func Near(w, threshold Wan) bool {
	d := w - threshold
	return max(d, -d)*NearPart <= threshold
}

// Revised reports whether the total was revised across the threshold.
func (p Project) Revised(threshold Wan) bool {
	return p.RevisedFrom != 0 && (p.RevisedFrom < threshold) != (p.InvestTotal < threshold)
}

// Guarded reports whether the office should look twice at p.
func (p Project) Guarded(threshold Wan) bool {
	return Near(p.InvestTotal, threshold) || p.Revised(threshold) || p.AlikeTo != "" || p.HeldBy != ""
}

// Effect returns the credits that come and go when before becomes after. A
// change of what a credit says, such as its year, is one that goes and one
// that comes.
func Effect(before, after Project, r Rules) (won, lost []Credit) {
	was, becomes := CreditsFor(before, r), CreditsFor(after, r)
	return without(becomes, was), without(was, becomes)
}

func without(from, these []Credit) []Credit {
	var out []Credit
	for _, c := range from {
		if !slices.Contains(these, c) {
			out = append(out, c)
		}
	}
	return out
}

// IfApproved returns p as it would be were it approved on day.
func (p Project) IfApproved(day Date) Project {
	if p.VerifiedOn.IsZero() {
		p.VerifiedOn, p.PlanYear = day, PlanYear(p.SubmittedOn, day)
	}
	p.Status = Verified
	return p
}
