package question

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// narrowing are the slots by which projects are narrowed.
var narrowing = []Slot{Scope, Body, LeadDept, Industry, Route, SubPath, Stage, Status, Programme, Partner, Exhibit, Least, Most, Year, Period}

// takes says which slots an intent has when they are said. The conventions:
// what is not said is absent, and nothing is added because it usually goes
// without saying; the current year is only said in figures; a route is not said
// beside its sub-path; scope=city stands where a report or projects of the whole
// city are asked for, never in city.*, and scope=body where a report of a body is;
// body of BodyExplain and UnknownBody is as it was typed; period=week and month are "per week" and
// "per month".
var takes = map[Intent][]Slot{
	QuotaTarget:        {Body, Year, Period, Metric},
	QuotaProgress:      {Body, Year, Period, Metric},
	QuotaRemaining:     {Body, Year, Period},
	QuotaPace:          {Body, Year, Unit},
	QuotaForecast:      {Body, Year},
	QuotaRequiredRate:  {Body, Year, Period},
	QuotaLagging:       {BodyKind, Basis, Year, Period, Metric},
	QuotaRanking:       {BodyKind, Body, Order, N, Metric, Year, Period},
	QuotaCompare:       {Bodies, Metric, Basis, Year, Period},
	QuotaDelta:         {Body, BodyKind, Period, By, Year},
	QuotaAdjust:        {Body, Year, Delta, Count, Reason},
	QuotaAdjustHistory: {Body, Year},
	CityProgress:       {Year, Period, Metrics},
	CityDelta:          {Year, Period, Metrics},
	ProgrammeProgress:  {Programme, Year, Body},
	ProjectGet:         {Project, Name},
	ProjectList:        narrowing,
	ProjectCount:       narrowing,
	ProjectSum:         narrowing,
	ProjectBreakdown:   append([]Slot{By}, narrowing...),
	ProjectStale:       append([]Slot{Days}, narrowing...),
	FindDuplicate:      {Name},
	ProjectRegister:    {Name, Body, LeadDept, Invest, SubPath, Route, Stage, Industry, Programme, Partner, Exhibit},
	SetStage:           {Project, Stage, Reason},
	ProjectUpdate:      {Project, Invest, Name, Industry, LeadDept},
	ProjectWithdraw:    {Project, Reason},
	ReviewQueue:        {Body, Status},
	ReviewApprove:      {Project},
	ReviewReturn:       {Project, Reason},
	ReportBrief:        {Scope, Body, Year, Period, Format},
	ReportExport:       append([]Slot{Format}, narrowing...),
	RuleExplain:        {Topic, Invest},
	TermExplain:        {Term},
	PlanExplain:        {Topic},
	ApprovalChecklist:  {Kind, Project},
	PolicyList:         {Audience},
	BodyExplain:        {Body, Parent, Candidate},
	UnknownBody:        {Body, Note, Parent},
	NudgeSettings:      {Body, Weekday, Time, Snooze},
	Help:               nil,
}

// writes are the intents that write once a person presses.
var writes = []Intent{QuotaAdjust, ProjectRegister, SetStage, ProjectUpdate, ProjectWithdraw, ReviewApprove, ReviewReturn}

// asksOfBody says of which intents a body is asked for.
var asksOfBody = func() map[Intent]bool {
	out := map[Intent]bool{Unknown: true, QuotaCompare: true}
	for intent, slots := range takes {
		out[intent] = slices.Contains(slots, Body)
	}
	out[QuotaCompare] = true
	return out
}()

// fill reads the slots that the intent takes.
func (s *sentence) fill(r *Reading) {
	name := s.naming(r.Intent)
	for _, slot := range takes[r.Intent] {
		if v := s.slot(slot, r.Intent, name); v != "" && r.Slots[slot] == "" {
			r.Slots[slot] = v
		}
	}
	if p := r.Slots[SubPath]; p != "" && strings.HasPrefix(p, r.Slots[Route]) {
		delete(r.Slots, Route)
	}
	if r.Intent == ProjectGet && r.Slots[Project] != "" {
		delete(r.Slots, Name)
	}
	if r.Intent == BodyExplain {
		s.explainBody(r)
	}
	if slices.Contains(writes, r.Intent) {
		r.Slots[Confirm] = "1"
	}
}

// slot returns the value of one slot. What stands within a name does not count.
func (s *sentence) slot(slot Slot, of Intent, name span) string {
	switch slot {
	case Name:
		return s.said(name.from, name.to)
	case Body:
		return s.body(of)
	case Bodies:
		return s.bodies()
	case LeadDept:
		return s.lead()
	case Scope:
		return s.scope(of)
	case Year:
		return s.year()
	case Project:
		if p := s.values(Project); p != "" {
			return p
		}
		return s.first("named")
	case Delta, Count:
		return s.adjusted(slot)
	case Reason:
		return s.reason(of != SetStage)
	case Period:
		if all := s.all(string(Period)); of == QuotaRequiredRate {
			for _, each := range []string{"week", "month"} {
				if slices.Contains(all, each) {
					return each
				}
			}
		}
		if of == QuotaRequiredRate && !s.has(string(Period)) {
			return map[string]string{"7": "week", "30": "month"}[s.first(string(Days))]
		}
		if days := s.first(string(Days)); days != "" && !s.has(string(Period)) && (of == QuotaDelta || of == CityDelta) {
			return days + "d"
		}
	case Topic:
		return s.topic(of)
	case Snooze:
		if v := s.first(string(Days)); v != "" {
			return v
		}
	case Term:
		if !s.has(string(Term)) {
			return map[string]string{"S1": "谋划储备", "S2": "重点推进", "S3": "落地转化", "S4": "达产达效"}[s.first(string(Stage))]
		}
	case Metrics:
		if !s.has("metrics") {
			return s.first(string(Metric))
		}
	case Invest:
		if all := s.all(string(Invest)); of == ProjectUpdate && len(all) > 1 {
			return all[len(all)-1]
		}
		for _, slot := range []Slot{Invest, Least, Most} {
			if v := s.first(string(slot)); v != "" {
				return v
			}
		}
	case By:
		if of == QuotaDelta && s.first(string(By)) == "" && s.has("who") && !s.has(string(BodyKind)) {
			return "body"
		}
	case Order:
		return s.order()
	case Metric:
		if !s.has(string(Metric)) && (strings.Contains(s.s, "完成率") || strings.Contains(s.s, "达成率")) {
			return "rate"
		}
	case N:
		if !s.has(string(N)) && s.single(of) {
			return "1"
		}
	case Basis:
		if strings.Contains(s.s, "序时") || strings.Contains(s.s, "时间进度") {
			return "pace"
		}
	case Format:
		if !s.has(string(Format)) {
			return s.format()
		}
	case Status:
		if of == ReviewQueue && !s.has(string(Status)) {
			return "submitted"
		}
		return strings.Join(s.outside(name, slot), "|")
	case Stage:
		all := s.outside(name, slot)
		if of == SetStage && len(all) > 1 {
			return all[len(all)-1] // 由重点推进变更为落地转化
		}
		return strings.Join(all, "|")
	case Route, SubPath, Industry, Programme, Partner, Exhibit:
		return strings.Join(s.outside(name, slot), "|")
	}
	return s.first(string(slot))
}

// scope returns whether a report is of a body, or what is asked for of the whole
// city.
func (s *sentence) scope(of Intent) string {
	switch report := of == ReportBrief || of == ReportExport; {
	case report && s.body(of) != "":
		return "body"
	case s.has("scope") && !s.has(meansBody):
		return "city"
	}
	return ""
}

// outside returns the values of a slot that stand outside of a name.
func (s *sentence) outside(name span, slot Slot) []string {
	var out []string
	for _, x := range s.spans {
		if x.from < name.to && name.from < x.to {
			continue
		}
		for _, m := range x.means {
			if m.name == string(slot) && !slices.Contains(out, m.value) {
				out = append(out, m.value)
			}
		}
	}
	return out
}

// body returns the body that is meant: named, or of who asks.
func (s *sentence) body(of Intent) string {
	for _, x := range s.spans {
		if x.has(meansBody, "") && !s.leads(x) {
			return x.value(meansBody)
		}
	}
	if !s.has("we") || s.has(meansEither) || s.has(meansPlace) {
		return ""
	}
	if s.Own != "" {
		return s.Own
	}
	return s.Here
}

// leads reports whether a body is said to be the lead department.
func (s *sentence) leads(x span) bool {
	b, ok := s.bodyNamed(x.value(meansBody))
	if !ok || b.Territorial() {
		return false
	}
	for i, y := range s.spans {
		if y.has("lead", "") && (y.from >= x.to && y.from-x.to <= 2 || x.from >= y.to && x.from-y.to <= 6 && i >= 0) {
			return true
		}
	}
	return false
}

func (s *sentence) lead() string {
	for _, x := range s.spans {
		if x.has(meansBody, "") && s.leads(x) {
			return x.value(meansBody)
		}
	}
	return ""
}

// bodies returns the bodies of a comparison in the order in which they are said.
func (s *sentence) bodies() string {
	all := s.all(meansBody)
	if own := s.body(QuotaCompare); s.has("we") && s.Own != "" && own != "" && !slices.Contains(all, s.Own) {
		all = append([]string{s.Own}, all...)
	}
	return strings.Join(all, "|")
}

// year returns the year that is said, "" for the current one unless it is said
// in figures.
func (s *sentence) year() string {
	for _, v := range s.all(string(Year)) {
		if year := s.yearOf(v); year != "" {
			return year
		}
	}
	return ""
}

// yearOf returns the year of a value: itself, or so many after this one; ""
// for this one.
func (s *sentence) yearOf(value string) string {
	n, err := strconv.Atoi(value)
	switch {
	case err != nil || n == 0:
		return ""
	case n > 1000:
		return value
	}
	return strconv.Itoa(s.Today.Year + n)
}

func (s *sentence) order() string {
	switch {
	case s.first(string(Order)) != "":
		return s.first(string(Order))
	case s.has("worst"):
		return "worst"
	case s.has("best"):
		return "best"
	}
	return ""
}

// several are words that ask for more than one.
var several = regexp.MustCompile(`哪些|哪几|几[个家名]|都|\bare\b|\bones\b|s\b.*\bwho\b`)

// single reports whether one body is asked for: 哪个区垫底.
func (s *sentence) single(of Intent) bool {
	return of == QuotaRanking && (s.has("who") || strings.Contains(s.s, "哪个")) && s.order() != "" && !several.MatchString(s.s)
}

// formats are words for files that may stand within another word.
var formats = []struct{ word, value string }{
	{"excel", "xlsx"}, {"xls", "xlsx"}, {"试算表", "xlsx"}, {"电子表", "xlsx"}, {"word", "docx"}, {"docx", "docx"}, {"csv", "csv"}, {"pdf", "pdf"},
}

// format returns the format that stands within a word.
func (s *sentence) format() string {
	for _, f := range formats {
		if strings.Contains(s.s, f.word) {
			return f.value
		}
	}
	return ""
}

// adjusted returns by how much a quota is to change, or to what.
func (s *sentence) adjusted(slot Slot) string {
	n := s.first(string(Count))
	if n == "" {
		return ""
	}
	to := slices.ContainsFunc(s.spans, func(x span) bool {
		said := s.part(x.from, x.to)
		return x.has("adjust", "") && (strings.HasSuffix(said, "到") || strings.HasSuffix(said, "至")) || x.has("adjust", "") && (strings.HasSuffix(said, "成") || strings.HasSuffix(said, "为"))
	}) || strings.Contains(s.s, " to "+n)
	less, more := s.has("less"), s.has("more")
	switch {
	case to || !less && !more:
		if all := s.all(string(Count)); slot == Count {
			return all[len(all)-1]
		}
	case slot == Delta && less:
		return "-" + n
	case slot == Delta:
		return n
	}
	return ""
}

// topic returns what is to be explained.
func (s *sentence) topic(of Intent) string {
	if of == PlanExplain {
		for _, slot := range []string{string(SubPath), string(Route), "heading"} {
			if v := s.first(slot); v != "" {
				return v
			}
		}
		return ""
	}
	if v := s.first(string(Topic)); v != "" {
		return v
	}
	if s.has(string(Invest)) || s.has(string(Least)) || s.has(string(Most)) {
		return TopicThreshold
	}
	if len(s.all(meansBody)) > 1 || s.has("belong") && !s.has(meansBody) {
		return TopicCredit
	}
	for _, by := range []struct{ name, topic string }{
		{"dup", TopicCredit}, {"pacing", TopicPace}, {"lag", TopicPace}, {"behind", TopicPace}, {"forecast", TopicPace},
		{"queue", TopicReview}, {"approve", TopicReview}, {"return", TopicReview},
	} {
		if s.has(by.name) {
			return by.topic
		}
	}
	if s.first(string(Year)) == "-1" {
		return TopicCarryOver
	}
	return ""
}
