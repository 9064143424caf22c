package question

import (
	"maps"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// Intent is what somebody asks or wants done.
type Intent string

// The intents.
const (
	QuotaTarget        Intent = "quota.target"
	QuotaProgress      Intent = "quota.progress"
	QuotaRemaining     Intent = "quota.remaining"
	QuotaPace          Intent = "quota.pace"
	QuotaForecast      Intent = "quota.forecast"
	QuotaRequiredRate  Intent = "quota.required_rate"
	QuotaLagging       Intent = "quota.lagging"
	QuotaRanking       Intent = "quota.ranking"
	QuotaCompare       Intent = "quota.compare"
	QuotaDelta         Intent = "quota.delta"
	QuotaAdjust        Intent = "quota.adjust"
	QuotaAdjustHistory Intent = "quota.adjust_history"
	CityProgress       Intent = "city.progress"
	CityDelta          Intent = "city.delta"
	ProgrammeProgress  Intent = "programme.progress"
	ProjectGet         Intent = "project.get"
	ProjectList        Intent = "project.list"
	ProjectCount       Intent = "project.count"
	ProjectSum         Intent = "project.sum"
	ProjectBreakdown   Intent = "project.breakdown"
	ProjectStale       Intent = "project.stale"
	FindDuplicate      Intent = "project.find_duplicate"
	ProjectRegister    Intent = "project.register"
	SetStage           Intent = "project.set_stage"
	ProjectUpdate      Intent = "project.update"
	ProjectWithdraw    Intent = "project.withdraw"
	ReviewQueue        Intent = "review.queue"
	ReviewApprove      Intent = "review.approve"
	ReviewReturn       Intent = "review.return"
	ReportBrief        Intent = "report.brief"
	ReportExport       Intent = "report.export"
	RuleExplain        Intent = "rule.explain"
	TermExplain        Intent = "term.explain"
	PlanExplain        Intent = "plan.explain"
	ApprovalChecklist  Intent = "approval.checklist"
	PolicyList         Intent = "policy.list"
	BodyExplain        Intent = "body.explain"
	UnknownBody        Intent = "scope.unknown_body"
	NudgeSettings      Intent = "nudge.settings"
	Help               Intent = "help"
	Unknown            Intent = "unknown"
)

// Slot is what an intent is about.
type Slot string

// The slots. Several values are joined by a bar.
const (
	Body      Slot = "body"      // id; of BodyExplain and UnknownBody the name as it is known
	Bodies    Slot = "bodies"    // ids
	LeadDept  Slot = "lead_dept" // id
	Parent    Slot = "parent"    // id of the body that Body belongs to
	Candidate Slot = "candidates"
	BodyKind  Slot = "body_kind" // district, county, devzone, department, enterprise
	Year      Slot = "year"      // absent = the current one
	Period    Slot = "period"    // today, this_week, last_week, this_month, last_month, this_quarter, this_year, week, month; yesterday, last_quarter, 6月, 6月30日, Q2, 上半年, 90d
	Metric    Slot = "metric"    // count, rate, invest …
	Metrics   Slot = "metrics"
	Unit      Slot = "unit"  // pp = percentage points
	Order     Slot = "order" // best, worst
	N         Slot = "n"
	Basis     Slot = "basis" // pace
	By        Slot = "by"    // route, industry, stage, body
	Scope     Slot = "scope" // city, body
	Programme Slot = "programme"
	Project   Slot = "project" // CC-2018-0037
	Name      Slot = "name"    // of a project
	Industry  Slot = "industry"
	Route     Slot = "route"
	SubPath   Slot = "subpath"
	Stage     Slot = "stage"
	Status    Slot = "status"
	Days      Slot = "days"
	Least     Slot = "min_investment_wan"
	Most      Slot = "max_investment_wan"
	Invest    Slot = "investment_wan"
	Partner   Slot = "partner"
	Exhibit   Slot = "exhibition"
	Count     Slot = "count"
	Delta     Slot = "delta"
	Reason    Slot = "reason"
	Topic     Slot = "topic"
	Term      Slot = "term"
	Kind      Slot = "kind"
	Audience  Slot = "audience"
	Format    Slot = "format"
	Weekday   Slot = "weekday"
	Time      Slot = "time"
	Snooze    Slot = "snooze"
	Note      Slot = "note"

	Lang     Slot = "lang"     // zh-TW or en when the sentence is; absent = zh-CN
	FollowUp Slot = "followup" // 1 = something was taken over from the question before
	Typo     Slot = "typo"     // 1 = a name was found in spite of a slip of the finger
	Confirm  Slot = "confirm"  // 1 = something is written once the person presses
)

// Slots are the values that were read.
type Slots map[Slot]string

// List returns the values of a slot that may have several.
func (s Slots) List(k Slot) []string {
	if s[k] == "" {
		return nil
	}
	return strings.Split(s[k], "|")
}

// String returns "body=jingyue year=2018", in order of the names.
func (s Slots) String() string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(s)) {
		out = append(out, string(k)+"="+s[k])
	}
	return strings.Join(out, " ")
}

// Context is what a sentence is read against.
type Context struct {
	Today     reporting.Date
	Locale    reporting.Locale // of who asks; it says what the sentence does not
	Bodies    *lexicon.Index
	Catalogue *reporting.Catalogue
	Projects  *Names   // of the projects that exist; nil = none
	Own       string   // id of the body of who asks, "we"; "" = none
	Here      string   // id of the body whose channel it is; "" = none
	Before    *Reading // the exchange just before in the same thread; nil = none
}

// Reading is what was read in a sentence.
type Reading struct {
	Intent Intent
	Slots  Slots
	// Confidence is 1 when every word had a meaning, and less by what had none; 0
	// for Unknown.
	Confidence float64
	NotRead    []string         // the words that had no meaning, in their order
	Locale     reporting.Locale // of the sentence, in which it is answered
	Nearest    []Intent         // of Unknown: what is most like it, the likeliest first
	// Then is what is answered once one of the Candidates is chosen; nil = nothing.
	Then *Reading
}
