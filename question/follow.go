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
	oneProject = []Intent{ProjectGet, SetStage, ProjectUpdate, ProjectWithdraw, ReviewApprove, ReviewReturn, ApprovalChecklist}
	// ofProjects are of the projects just listed when they narrow nothing themselves.
	ofProjects = []Intent{ProjectCount, ProjectSum, ProjectBreakdown, ReportExport}
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
	if before == nil || has["beyond"] {
		return false
	}
	if s.refer(r, before, has) {
		return r.Intent != Unknown
	}
	opener := s.opens()
	leans := opener || has["among"]
	listed := strings.HasPrefix(string(before.Intent), "project.") && slices.Contains(takes[before.Intent], Stage)
	switch {
	case s.explains(before.Intent) && (leans || has["particle"]) && !slices.Contains(writes, r.Intent) && !has["counts"] && !has["meaning"] && !has["says"]:
		r.Intent = before.Intent
		r.Slots[FollowUp] = "1"
		return true
	case s.bare(has) && (leans || has["particle"] || !has["projects"] || r.Intent == Unknown) || r.Intent == Unknown && !has["howmany"]:
		return s.takeOver(r, before, has, leans)
	case r.Intent == Unknown && listed:
		r.Intent = ProjectCount
		return true
	case r.Intent == Unknown:
		return false
	case leans, r.Intent == before.Intent && has["particle"]:
		return true
	case slices.Contains(ofOneBody, r.Intent):
		return !has[meansBody] && !has["we"] && !has[meansEither] && !has[meansPlace]
	case slices.Contains(oneProject, r.Intent):
		return !has[string(Project)] && !has["named"] && !has[string(Kind)]
	case slices.Contains(ofProjects, r.Intent):
		return listed && !has["filter"] && !has[meansBody] && !has["city"] && !has["projects"] && !has["we"]
	}
	return false
}

// opens reports whether the first word that says anything leans on what was asked
// before.
func (s *sentence) opens() bool {
	for _, x := range s.spans {
		if x.has("opener", "") || len(x.means) == 0 || x.means[0].name != "filler" {
			return x.has("opener", "")
		}
	}
	return false
}

// takeOver takes over the intent before for a sentence that says only of what,
// unless it says something that that intent does not take.
func (s *sentence) takeOver(r, before *Reading, has map[string]bool, leans bool) bool {
	writes := slices.Contains(writes, before.Intent)
	switch {
	case before.Intent == ProjectRegister || writes && !leans && !has["particle"]:
		return false // nothing is filed, and nothing written, by a name alone
	case has["off"] || has["greet"] || !leans && !has["particle"] && !has[meansBody] && !has[string(Year)] && !s.slotted(has):
		return false
	}
	if r.Intent != Unknown && !s.explains(before.Intent) {
		for _, slot := range []Slot{Metric, N, Order, By, Stage, Least, Status} {
			if has[string(slot)] && !slices.Contains(takes[before.Intent], slot) && slices.Contains(takes[r.Intent], slot) {
				return true
			}
		}
	}
	r.Intent = s.same(before.Intent, has)
	r.Slots[FollowUp] = "1"
	return true
}

// explains reports whether the sentence names something that the intent before
// explains.
func (s *sentence) explains(intent Intent) bool {
	switch intent {
	case TermExplain:
		return s.has(string(Term)) || s.has(string(Stage))
	case PlanExplain:
		return s.has("heading") || s.has(string(Route)) || s.has(string(SubPath))
	case PolicyList:
		return s.has(string(Audience))
	case ApprovalChecklist:
		return s.has(string(Kind)) || s.has(string(Project))
	case RuleExplain:
		return s.has(string(Topic)) || s.has(string(Invest)) || s.has(string(Least)) || s.has(string(Most))
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
	meansBody, meansEither, meansPlace, meansOther, "note", "opener", "among", "particle", "alone", "nearly", "filter", "two", "filler", "we", "city", "scope", "projects", "split", "compare",
	string(Parent), string(Year), string(Period), string(Stage), string(Route), string(SubPath), string(Industry), string(Programme), string(Partner), string(Exhibit),
	string(Least), string(Most), string(BodyKind), string(Metric), string(Order), string(N), "best", "worst", string(By), string(Days), string(Term), "heading", string(Audience), string(Invest), string(Format), string(Status), "rank", "plus", string(Project), "named", "subject", "it", "that body", string(Basis), "pacing", "who", string(Count), "change",
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
	if (has[meansBody] || has["we"]) && !has["plus"] {
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
	for _, slot := range takes[r.Intent] {
		v, ok := before.Slots[slot]
		if !ok || r.Slots[slot] != "" && slot != Bodies || slices.Contains(fleeting, slot) && !s.sameKind(before.Intent, r.Intent, slot) || r.shuts(slot, v, before) {
			continue
		}
		if slot == Bodies && s.has("plus") && r.Slots[Bodies] != "" {
			v += "|" + r.Slots[Bodies]
		} else if r.Slots[slot] != "" {
			continue
		}
		r.Slots[slot], r.Slots[FollowUp] = v, "1"
	}
}

// shuts reports whether what is said already leaves no room for a slot of the
// question before.
func (r *Reading) shuts(slot Slot, value string, before *Reading) bool {
	switch slot {
	case Scope:
		return value == "city" && r.Slots[Body] != "" || value == "body" && r.Slots[Scope] != ""
	case Body:
		return r.Slots[Scope] == "city" || r.Slots[BodyKind] != "" || r.Intent != before.Intent && (r.Intent == QuotaRanking || r.Intent == QuotaLagging)
	case By:
		return value == "body" && r.Slots[Body] != ""
	case Route:
		return r.Slots[SubPath] != ""
	case SubPath:
		return r.Slots[Route] != ""
	}
	return false
}

// sameKind reports whether a fleeting slot goes over from one intent to another.
func (s *sentence) sameKind(from, to Intent, slot Slot) bool {
	if from == to {
		return true
	}
	if groups := []Intent{QuotaLagging, QuotaRanking}; slot == BodyKind && slices.Contains(groups, from) && slices.Contains(groups, to) {
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
