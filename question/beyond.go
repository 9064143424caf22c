package question

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
)

//go:embed beyond.txt
var beyondText string

// limits are numbers that a rate, a count or a place in a list is held against:
// there is no slot for them.
var limits = []pattern{
	{"%分p", compile(numberPart + ` ?(?:%|percent(?:age points?)?\b|per cent\b|个?百分点)`), meant("percentage")},
	{"分", compile(`百分之[零一二两三四五六七八九十百点\d.]+`), meant("percentage")},
	{"个家项", compile(atLeastPart + ` ?` + numberPart + ` ?(?:个|家|项)`), meant("limit")},
	{"个家项", compile(atMostPart + ` ?` + numberPart + ` ?(?:个|家|项)`), meant("limit")},
	{"个家项", compile(numberPart + ` ?(?:个|家|项)(?:项目|任务)?(?:及?以上|及?以下|以内|开外)`), meant("limit")},
	{"abcdefghijklmnopqrstuvwxyz", compile(`\b` + atLeastPart + ` (?:\d+|one|two|three|five|ten|twenty|fifty)(?: projects?| done| left| behind| short| credited| completed)?\b`), meant("limit")},
	{"abcdefghijklmnopqrstuvwxyz", compile(`\b(?:fewer than|` + atMostPart + `) (?:\d+|one|two|three|five|ten|twenty|fifty)(?: projects?| done| left| behind| short| credited| completed)?\b`), meant("limit")},
	{"第", compile(`第(?:\d+|[一二两三四五六七八九十]+)(?:个|项|家|条)`), meant("ordinal")},
	{"t", compile(`\bthe (?:first|second|third|fourth|last) one\b`), meant("ordinal")},
	{"年", compile(`(?:比|较|对比|相比)(?:去年|前年|上年|上一年|往年|历年|(?:20)?\d\d年)(?:同期)?`), meant("yoy")},
	{"年", compile(`(?:和|跟|与|同)(?:去年|前年|上年|上一年|往年|历年|(?:20)?\d\d年)(?:同期)?(?:相|做|的?对)?比(?:较|一下)?`), meant("yoy")},
	{"周期拜", compile(`每?(?:周|星期|礼拜)([一二三四五六日天])的?(上午|早上|早晨|下午|晚上|中午|傍晚|早|晚)?(\d{1,2}|[一二两三四五六七八九十]+)(?:点钟|点|时|:)(半|\d{1,2})?分?`), readWeekdayTime},
}

func meant(name string) func(*sentence, []string) []meaning {
	return func(*sentence, []string) []meaning { return []meaning{{name, ""}} }
}

// readWeekdayTime reads 周二十点: the weekday takes the first numeral.
func readWeekdayTime(s *sentence, m []string) []meaning {
	at := readTime(s, []string{m[0], m[2], m[3], m[4]})
	if at == nil {
		return nil
	}
	return append(at, words().means("周"+m[1])...)
}

// deny takes out the body that is said not to be meant: 净月（不是经开）. What
// is left has a part that no lone name has.
func (s *sentence) deny() {
	for i := 1; i < len(s.spans); i++ {
		no, x := s.spans[i-1], s.spans[i]
		if no.has("deny", "") && x.from-no.to <= 1 && (x.has(meansBody, "") || x.has(meansEither, "")) {
			s.spans[i-1] = span{from: no.from, to: x.to, means: []meaning{{"deny", ""}}}
			s.spans = slices.Delete(s.spans, i, i+1)
		}
	}
}

// asking are the words of a question about a project rather than of an order.
var asking = regexp.MustCompile(`[吗么?？]|为什么|为何|是不是|是否|有没有|没有|原因|\b(?:why|is|was|who|when)\b`)

// beyond reports whether the sentence says something that changes what is asked
// and that the intent has no slot for: its figure would answer another question.
func (s *sentence) beyond(intent Intent, has map[string]bool) bool {
	family, _, _ := strings.Cut(string(intent), ".")
	one := has[meansBody] || has[meansEither] || has["we"] || has["city"]
	several := has["who"] || has["list"] || has["howmany"] || has[string(BodyKind)] || has["two"]
	best := has["best"] || has["worst"] || has[string(Order)]
	narrowed := intent == ProjectList || intent == ProjectCount || intent == ProjectSum || intent == ProjectBreakdown
	switch family {
	case "quota", "city", "programme":
	default:
		if !narrowed {
			return s.beyondProject(intent, has, best)
		}
	}
	switch {
	case has["except"], has["yoy"], has["zero"], has["ordinal"], has["heaviest"]:
		return true
	case has["percentage"] || has["fraction"] || has["limit"]:
		return intent != QuotaRequiredRate && (several || !one || narrowed || intent == QuotaAdjust && !has["limit"])
	case has["share"]:
		return !has[string(By)] && !(has["target"] && !(has["city"] && has[meansBody]))
	case has["average"]:
		return narrowed || intent == QuotaCompare || !has["each"] && !has["eachmonth"] && intent != QuotaRequiredRate
	case has["sum"] && has["two"]:
		return !narrowed
	case has["milestone"]:
		return !has[string(Stage)] && !has[string(Partner)] && !has[string(Exhibit)]
	}
	return family == "city" && has[meansBody]
}

// beyondProject is beyond for one project and for what is explained.
func (s *sentence) beyondProject(intent Intent, has map[string]bool, best bool) bool {
	switch intent {
	case ProjectGet:
		return has["pausing"] && !has["done"] && !asking.MatchString(s.s) || !has[string(Project)] && has["named"] && (has["howmany"] || has["list"] && !has["done"]) || has["ordinal"]
	case RuleExplain:
		return best || has["average"] || has["share"]
	case TermExplain, SetStage, ReviewApprove, ReviewReturn, ProjectWithdraw, ProjectUpdate:
		return has["ordinal"] && !has[string(Project)] && !has["named"]
	}
	return false
}

// nameless reports whether a body is asked about, none is named, and something
// is said that has no meaning: that may well be a name, and the figure of who
// asks, of the city or of the question before would be another body's.
func (s *sentence) nameless(intent Intent, has map[string]bool) bool {
	if !slices.Contains(ofOneBody, intent) || has[meansBody] || has[meansEither] || has[meansPlace] || has["elsewhere"] || has["we"] || has["city"] || has["it"] {
		return false
	}
	unread := 0
	for _, x := range s.unread() {
		if han(s.runes[x.from]) || x.to-x.from >= 4 && latin(s.runes[x.from]) {
			unread += x.to - x.from
		}
	}
	return unread >= 2
}
