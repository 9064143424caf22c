package question

import (
	"slices"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
)

// ofOneBody are the intents that ask about one body, of oneProject those about
// one project: what they leave out is taken from the question before.
var (
	ofOneBody  = []Intent{QuotaTarget, QuotaProgress, QuotaRemaining, QuotaPace, QuotaForecast, QuotaRequiredRate, QuotaAdjust, QuotaAdjustHistory}
	oneProject = []Intent{ProjectGet, SetStage, ProjectUpdate, ProjectWithdraw, ReviewApprove, ReviewReturn}
)

// fleeting are the slots that are inherited only by the same intent.
var fleeting = []Slot{Metric, Metrics, Unit, Order, N, Basis, By, Count, Delta, Reason, Name, Term, Topic, Days, Format, Scope, Period, BodyKind, Status}

// ofCity are the intents that ask of the whole city what others ask of a body.
var ofCity = map[Intent]Intent{
	QuotaProgress: CityProgress, QuotaTarget: CityProgress, QuotaRemaining: CityProgress, QuotaPace: CityProgress, QuotaForecast: CityProgress, QuotaDelta: CityDelta,
}

// follow decides whether the sentence leans on the question before, and takes
// over its intent when it has none of its own.
func (s *sentence) follow(r *Reading, has map[string]bool) bool {
	before := s.before()
	if before == nil {
		return false
	}
	opener := len(s.spans) > 0 && s.spans[0].has("opener", "")
	leans := opener || has["among"]
	bare := r.Intent == Unknown || s.bare(has)
	switch {
	case bare && (before.Intent == ProjectRegister || slices.Contains(writes, before.Intent) && !leans && !has["particle"]):
		return false // nothing is filed, and nothing written, by a name alone
	case bare && (leans || has["particle"] || has[meansBody] || has[string(Year)] || s.slotted(has)) && !has["off"] && !has["greet"]:
		r.Intent = s.same(before.Intent, has)
		return r.Intent != Unknown
	case r.Intent == Unknown:
		return false
	case leans, r.Intent == before.Intent && has["particle"]:
		return true
	case slices.Contains(ofOneBody, r.Intent):
		return !has[meansBody] && !has["we"] && !has[meansEither] && !has[meansPlace]
	case slices.Contains(oneProject, r.Intent):
		return !has[string(Project)] && !has["named"]
	}
	return false
}

// before is the reading that a follow-up leans on.
func (s *sentence) before() *Reading {
	switch {
	case s.Before == nil:
		return nil
	case s.Before.Then != nil:
		return s.Before.Then
	case s.Before.Intent == Unknown || s.Before.Intent == Help:
		return nil
	}
	return s.Before
}

// bare reports whether no word says what is asked: there are only slots.
func (s *sentence) bare(has map[string]bool) bool {
	for name := range has {
		if has[name] && !slices.Contains(bareNames, name) {
			return false
		}
	}
	return true
}

// bareNames are the meanings that say of what, and not what.
var bareNames = []string{
	meansBody, meansEither, meansPlace, meansOther, "note", "opener", "among", "particle", "alone", "filter", "two", "filler", "we", "city", "scope", "projects", "split", "compare",
	string(Parent), string(Year), string(Period), string(Stage), string(Route), string(SubPath), string(Industry), string(Programme), string(Partner), string(Exhibit),
	string(Least), string(Most), string(BodyKind), string(Metric), string(Order), string(N), "best", "worst", string(By), string(Days), string(Term), "heading", string(Audience), string(Invest), string(Format), string(Status), "rank", "status", string(Project), "named", "subject", "it", string(Basis), "pacing", "who", string(Count), "change", "off2", "lag2",
}

// slotted reports whether a slot is said at all.
func (s *sentence) slotted(has map[string]bool) bool {
	return has["filter"] || has[string(Period)] || has[string(N)] || has[string(By)] || has[string(BodyKind)] || has[string(Metric)] || has[string(Days)] || has["city"] || has[string(Project)] || has[string(Format)]
}

// same returns the intent before, or what asks the same of the whole city or of
// a body.
func (s *sentence) same(intent Intent, has map[string]bool) Intent {
	if city, ok := ofCity[intent]; ok && has["city"] && !has[meansBody] {
		return city
	}
	if has[meansBody] || has["we"] {
		switch intent {
		case CityProgress, QuotaCompare, QuotaRanking, QuotaLagging:
			return QuotaProgress
		case CityDelta:
			return QuotaDelta
		}
	}
	return intent
}

// inherit takes over what the sentence leaves out.
func (s *sentence) inherit(r *Reading) {
	before := s.before()
	got := s.bareIntent(r) && s.same(before.Intent, s.derive()) == r.Intent
	for _, slot := range takes[r.Intent] {
		v, ok := before.Slots[slot]
		if !ok || r.Slots[slot] != "" || slices.Contains(fleeting, slot) && !s.sameKind(before.Intent, r.Intent, slot) {
			continue
		}
		if slot == Scope && r.Slots[Body] != "" || slot == Body && (r.Slots[Scope] != "" || r.Slots[BodyKind] != "") || slot == Route && r.Slots[SubPath] != "" || slot == SubPath && r.Slots[Route] != "" {
			continue
		}
		r.Slots[slot], got = v, true
	}
	if got {
		r.Slots[FollowUp] = "1"
	}
}

// bareIntent reports whether the intent itself was taken over.
func (s *sentence) bareIntent(*Reading) bool {
	return s.bare(s.derive()) || s.intent(s.derive()) == Unknown
}

// sameKind reports whether a fleeting slot goes over from one intent to another.
func (s *sentence) sameKind(from, to Intent, slot Slot) bool {
	if from == to {
		return true
	}
	projects := strings.HasPrefix(string(from), "project.") && strings.HasPrefix(string(to), "project.") || to == ReportExport
	return projects && (slot == Scope || slot == Days || slot == Status) || slot == Period && (to == QuotaDelta || to == CityDelta)
}

// explainBody fills in who belongs to whom, under the name as it was typed.
func (s *sentence) explainBody(r *Reading) {
	for _, x := range s.spans {
		switch b, ok := s.bodyNamed(x.value(meansBody)); {
		case x.has(string(Parent), ""):
			r.Slots[Body], r.Slots[Parent] = x.value(meansPlace), x.value(string(Parent))
			return
		case !ok:
			continue
		default:
			r.Slots[Body] = s.said(x.from, x.to)
			if lexicon.OwnZone(r.Slots[Body], b) {
				r.Slots[Parent] = b.ID
			} else if b.ParentID != "" {
				r.Slots[Parent] = b.ParentID
			}
			return
		}
	}
}
