package question

import "strings"

// rule says that a sentence with certain words has an intent. Wants names
// meanings of words.txt and slots: all are needed; a/b is one of several, -a
// forbids, +a speaks for it. The rule with the highest score is taken: its
// weight, and one for each wish that is there; of equal ones the first.
type rule struct {
	intent Intent
	weight int
	wants  string
}

// Meanings that are no words: made by derive.
//
//	filter   something that narrows a list of projects
//	two      two bodies or more
//	subject  a project by number, name or pronoun, or that of the question before
//	alone    nothing but names
//	nearly   nothing but names and a word that has no meaning
//	called   a name after 叫, or in quotation marks
var rules = []rule{
	// What is written.
	{ReviewApprove, 80, "approve project -howmany -list -topic -counts"},
	{ReviewApprove, 78, "approve subject -howmany -list -topic -counts"},
	{ReviewReturn, 82, "return project -howmany -list"},
	{ReviewReturn, 79, "return subject -howmany -list"},
	{ReviewReturn, 80, "send back project/it"},
	{SetStage, 83, "move stage subject -howmany -list"},
	{SetStage, 70, "move stage -howmany -list -who -body -projects"},
	{SetStage, 66, "it/project/named stage -howmany -list -who -done"},
	{ProjectUpdate, 76, "change subject -dup -stage -adjust_quota +field +investment_wan"},
	{ProjectUpdate, 74, "change project +field +investment_wan"},
	{ProjectUpdate, 70, "project field investment_wan -list -counts"},
	{ProjectUpdate, 72, "change field projects/it/named/project -target"},
	{ProjectWithdraw, 81, "withdraw subject -howmany -list"},
	{ProjectWithdraw, 70, "withdraw projects -howmany -list -who -status"},
	{ProjectRegister, 77, "register -howmany -dup -history"},
	{QuotaAdjustHistory, 80, "history target"},
	{QuotaAdjustHistory, 76, "history adjust"},
	{QuotaAdjustHistory, 72, "history body"},
	{QuotaAdjustHistory, 71, "history heading -plan -says -project"},
	{QuotaAdjust, 74, "adjust target -project -history -nudge"},
	{QuotaAdjust, 73, "less/more adjust count body/we -project -each -delta -nudge"},
	{QuotaAdjust, 75, "setting target count -project -nudge"},
	{QuotaAdjust, 72, "target less/more count -project"},
	{NudgeSettings, 78, "nudge"},
	{NudgeSettings, 74, "snoozing -project -subject -status"},
	{NudgeSettings, 70, "snooze"},

	// What is explained.
	{BodyExplain, 75, "belong body/either/place"},
	{BodyExplain, 74, "whois body/either -metric -remain -target"},
	{Help, 79, "help -term -audience"},
	{Help, 40, "greet -off"},
	{ApprovalChecklist, 73, "approval -queue -adjust -review +kind +project"},
	{ApprovalChecklist, 72, "kind handle -queue -review -meaning -says"},
	{ApprovalChecklist, 68, "project handle -queue -review -done"},
	{PolicyList, 71, "policy -plan -says +audience"},
	{PolicyList, 70, "policy audience"},
	{PolicyList, 69, "policy -says -counts"},
	{PlanExplain, 76, "plan says +route +subpath +heading"},
	{PlanExplain, 75, "plan route/subpath/heading"},
	{PlanExplain, 71, "says route/subpath/heading -body -filtered"},
	{PlanExplain, 69, "heading meaning"},
	{PlanExplain, 68, "heading list -body -howmany -projects -history"},
	{RuleExplain, 67, "belong projects -body -either -place -project -named -list"},
	{PlanExplain, 39, "heading -body -off"},
	{TermExplain, 74, "meaning term -body"},
	{TermExplain, 73, "meaning stage -body -list -howmany"},
	{PlanExplain, 72, "meaning route/subpath -term -body -list -howmany"},
	{TermExplain, 60, "meaning -body -who -off +term"},
	{RuleExplain, 75, "counts topic"},
	{RuleExplain, 74, "counts investment_wan/max_investment_wan/min_investment_wan"},
	{RuleExplain, 72, "topic -list -howmany -remain -target"},
	{RuleExplain, 63, "topic -project -queue -target -howmany"},
	{RuleExplain, 73, "counts pacing/lag/behind -body"},
	{RuleExplain, 66, "counts -body -belong"},
	{RuleExplain, 64, "counts"},

	// Projects.
	{FindDuplicate, 77, "dup -howmany -counts"},
	{FindDuplicate, 63, "called projects -register -change"},
	{ProjectStale, 77, "stale -project"},
	{ReviewQueue, 71, "queue +howmany +list +projects"},
	{ProjectBreakdown, 70, "by split -rank -delta -period"},
	{ProjectBreakdown, 69, "by howmuch/invested -rank"},
	{ProjectBreakdown, 67, "by projects -rank -delta -route -subpath"},
	{ProjectBreakdown, 65, "by -route -subpath -target -rank -delta -lag -done -who -brief -export -comparing -remain -plan -says -meaning"},
	{ProjectSum, 70, "howmuch -extreme -best -worst -by -counts -change -subject -register -metrics -topic +filter +projects"},
	{ProjectSum, 69, "invested sum -extreme -best -worst -by -counts -change -subject -register -metrics -topic -min_investment_wan -max_investment_wan"},
	{ProjectSum, 63, "invested howmany/filter/projects/body/city -extreme -best -worst -by -counts -change -subject -register -metrics -list -min_investment_wan -max_investment_wan"},
	{ProjectSum, 61, "invested body/we/city -extreme -best -worst -counts -change -subject -register -metrics -list"},
	{ProjectList, 71, "list min_investment_wan/max_investment_wan -sum -by -howmany -counts -register"},
	{ProjectGet, 74, "howmuch subject -counts -projects -filter -body -city -we -by -change"},
	{ProjectGet, 73, "filer subject -best -worst"},
	{ProjectGet, 66, "project"},
	{ProjectGet, 62, "named -dup"},
	{ProjectGet, 58, "it done -body"},
	{ProjectCount, 66, "howmany filter -target -remain -programme"},
	{ProjectCount, 64, "howmany programme -done"},
	{ProjectCount, 58, "howmany projects -remain -target -done -delta -need -credited"},
	{ProjectList, 65, "filter list"},
	{ProjectList, 62, "filter projects -done -remain"},
	{ProjectList, 60, "list projects -extreme -lag -rank -who2"},
	{ProjectList, 56, "filter -done -remain -target -forecast"},
	{ProjectList, 47, "list body/we/city -done -remain -target -lag -rank -policy -whois -off"},
	{ProjectList, 46, "body/we/city projects -done -remain -target -forecast -rank -off"},
	{ProgrammeProgress, 72, "programme done/target/remain/metric/forecast/pacing/behind -list -body"},
	{ProgrammeProgress, 71, "hundreds -says -plan -meaning -by"},
	{ProgrammeProgress, 60, "programme -list -body -howmany"},

	// Reports and files.
	{ReportExport, 76, "export"},
	{ReportExport, 70, "format -brief"},
	{ReportBrief, 72, "brief +make"},
	{ReportBrief, 73, "brief format"},

	// Quotas of several.
	{QuotaCompare, 74, "two comparing"},
	{QuotaCompare, 73, "we body comparing"},
	{QuotaCompare, 70, "two -belong -whois -list -filter"},
	{QuotaCompare, 70, "either body compare/comparing -belong -whois -list -filter"},
	{QuotaLagging, 67, "lag list -body -we -projects -rank"},
	{QuotaLagging, 68, "who lag -body"},
	{QuotaLagging, 67, "body_kind lag -body -rank"},
	{QuotaLagging, 66, "city lag who"},
	{QuotaLagging, 50, "lag -body -we"},
	{QuotaRanking, 72, "n order"},
	{QuotaRanking, 71, "rank -history +order +body_kind"},
	{QuotaRanking, 69, "who best/worst -lag -invested"},
	{QuotaRanking, 66, "body_kind best/worst"},
	{QuotaRanking, 60, "best/worst -body -invested"},
	{QuotaRanking, 57, "body_kind metric/done/target -body -we -filter"},
	{QuotaRanking, 53, "who target -body -we -filter -project -subject -projects"},
	{QuotaRanking, 55, "who metric/done -body -we -filter -project -subject"},

	// Quotas of one body, and the city.
	{CityDelta, 69, "city delta period/since"},
	{CityDelta, 66, "city delta"},
	{CityDelta, 55, "since -body -by -who"},
	{QuotaDelta, 68, "body delta period/since"},
	{QuotaDelta, 68, "delta by/who/body_kind"},
	{QuotaDelta, 64, "delta period/since"},
	{QuotaDelta, 58, "delta -target -howmany"},
	{CityProgress, 65, "city done/target/remain/metric/forecast/pacing/behind/thousand/metrics/period -brief"},
	{CityProgress, 62, "thousand -counts"},
	{CityProgress, 63, "city metrics"},
	{CityProgress, 45, "city -off -projects"},
	{QuotaRequiredRate, 70, "each/eachmonth need/remain/target/done/howmany"},
	{QuotaRequiredRate, 68, "each/eachmonth"},
	{QuotaForecast, 62, "forecast -remain -each -target_only"},
	{QuotaRemaining, 60, "remain +target"},
	{QuotaPace, 61, "pacing remain -each"},
	{QuotaPace, 59, "unit behind/ahead/pacing/remain"},
	{QuotaPace, 57, "behind/ahead/meets -who -body_kind"},
	{QuotaPace, 56, "lag body/we -who"},
	{QuotaPace, 55, "pacing -who"},
	{QuotaRequiredRate, 45, "need -remain -approval -body_kind"},
	{QuotaTarget, 52, "target -done -metric"},
	{QuotaProgress, 54, "metric"},
	{QuotaProgress, 53, "done target"},
	{QuotaProgress, 50, "done -off"},
	{QuotaProgress, 48, "howmany body/we"},
	{QuotaProgress, 40, "body/either/place alone"},
	{QuotaProgress, 38, "body nearly -off -greet"},
}

// wish is one part of what a rule wants.
type wish struct {
	names []string // any of them
	not   bool
	more  bool
}

var wishes = func() [][]wish {
	out := make([][]wish, len(rules))
	for i, r := range rules {
		for _, w := range strings.Fields(r.wants) {
			x := wish{not: w[0] == '-', more: w[0] == '+'}
			x.names = strings.Split(strings.TrimLeft(w, "-+"), "/")
			out[i] = append(out[i], x)
		}
	}
	return out
}()

// score returns how well rule i fits the meanings, and how many of what it
// needs are missing; -1 for one that is forbidden.
func score(i int, has map[string]bool) (points, missing int) {
	points = rules[i].weight * 10
	for _, w := range wishes[i] {
		there := false
		for _, n := range w.names {
			there = there || has[n]
		}
		switch {
		case w.not && there:
			return 0, -1
		case w.not:
		case there:
			points++
		case !w.more:
			missing++
		}
	}
	return points, missing
}
