package question

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// The parts of the patterns of numbers, which are looked for in folded text.
const (
	numberPart  = `(?:\d[\d,]*(?:\.\d+)?|[零〇一二两三四五六七八九十百千点]+)`
	smallPart   = `(\d+|[一二两三四五六七八九十百]+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a)`
	moneyUnit   = `(?:个?亿|千万|百万|万|billion|million|bn|mn|m\b)`
	yuanPart    = `(?: ?(?:元人民币|元|yuan|rmb|cny))?`
	amountPart  = `(?:rmb ?|cny ?|¥ ?)?` + numberPart + ` ?` + moneyUnit + `(?:[\d零一二两三四五六七八九十百千]+(?:万)?)?` + yuanPart
	atLeastPart = `(?:超过|大于|高于|不低于|不少于|至少|多于|over|above|more than|at least|exceeding|bigger than|larger than|greater than|>=|>|≥|from)`
	atMostPart  = `(?:低于|小于|不到|不足|不超过|少于|至多|under|below|less than|at most|up to|smaller than|<=|<|≤)`
	upPart      = `(?:及以上|以上|起|往上|朝上|级以上|级|or more|or above|and above|and up|or over|plus|\+)`
	downPart    = `(?:及以下|以下|以内|之内|之下|or less|or below|and below|or under)`
)

// pattern is a kind of number and what it means; read returns nothing when it
// is none after all.
type pattern struct {
	needs string // one of these runes is in every match
	form  *regexp.Regexp
	read  func(s *sentence, m []string) []meaning
}

// slotOf makes a reader of a pattern whose first group is a small number.
func slotOf(slot Slot, times int) func(*sentence, []string) []meaning {
	return func(_ *sentence, m []string) []meaning {
		if n, ok := small(m[1]); ok {
			return []meaning{{string(slot), strconv.Itoa(n * times)}}
		}
		return nil
	}
}

// ordered makes a reader of a pattern that says how many of which end.
func ordered(order string) func(*sentence, []string) []meaning {
	return func(_ *sentence, m []string) []meaning {
		if n, ok := small(m[1]); ok && n > 0 {
			return []meaning{{string(Order), order}, {string(N), strconv.Itoa(n)}}
		}
		return nil
	}
}

var patterns = []pattern{
	{"亿万mb", compile(`(` + numberPart + `) ?(` + moneyUnit + `)?` + yuanPart + ` ?(?:-|–|—|~|到|至|to|and) ?(` + numberPart + `) ?(` + moneyUnit + `)` + yuanPart), readRange},
	{"亿万mb", compile(atLeastPart + `? ?(` + amountPart + `) ?` + upPart), readAmount(Least)},
	{"亿万mb", compile(atLeastPart + ` ?(` + amountPart + `)`), readAmount(Least)},
	{"亿万mb", compile(atMostPart + `? ?(` + amountPart + `) ?` + downPart), readAmount(Most)},
	{"亿万mb", compile(atMostPart + ` ?(` + amountPart + `)`), readAmount(Most)},
	{"亿万mb", compile(`(` + amountPart + `)`), readAmount(Invest)},
	{"亿", compile(`(?:上亿|过亿|亿元以上)(?:元)?()`), func(*sentence, []string) []meaning { return []meaning{{string(Least), "10000"}} }},
	{"0123456789", compile(`([a-z]{2})[- ]?(20\d\d)[- ]([0-9a-z]{4,8})\b`), func(_ *sentence, m []string) []meaning {
		return []meaning{{string(Project), strings.ToUpper(m[1] + "-" + m[2] + "-" + m[3])}}
	}},
	{"0123456789", compile(`\b(20\d\d)-(\d{4})\b`), func(_ *sentence, m []string) []meaning {
		return []meaning{{string(Project), "CC-" + m[1] + "-" + m[2]}}
	}},
	{"号#ro", compile(`(?:编号|项目编号|#|no\.? ?|number |project no\.? ?|project #?)(\d{1,4})(?:号|)(?:的?项目)?`), readShort},
	{"号", compile(`(\d{4})号(?:的?项目)?`), readShort},
	{"号", compile(`(\d{1,4})号(?:的?项目|那个|这个)`), readShort},
	{"0123456789", compile(`(\d{4})(?:的?(?:那个|这个)?项目)?`), readFour},
	{"0123456789", compile(`(20\d\d)(?:年度|年)?`), func(_ *sentence, m []string) []meaning { return []meaning{{string(Year), m[1]}} }},
	{"年", compile(`(\d\d)年度?`), func(_ *sentence, m []string) []meaning { return []meaning{{string(Year), "20" + m[1]}} }},
	{"年", compile(`二[零〇]([一二][零〇一二三四五六七八九])年度?`), readChineseYear},
	{"前头pstg", compile(`(?:前|头|top |best |first |leading |highest )` + smallPart + `(?:名|位|个|家|强|的)?`), ordered("best")},
	{"后倒最末mt", compile(`(?:后|倒数前|倒数后|倒数|倒数第|最后|最末|末|bottom |worst |last |lowest |slowest )的?` + smallPart + `(?:名|位|个|家|的)?`), ordered("worst")},
	{"第", compile(`第` + smallPart + `(?:名|位)`), ordered("best")},
	{"t", compile(smallPart + ` (?:best|top|leading|strongest|highest|fastest)`), ordered("best")},
	{"t", compile(smallPart + ` (?:worst|bottom|weakest|lowest|slowest|last)`), ordered("worst")},
	{"最领", compile(`(?:最好|最快|最高|领先)的?(?:前)?` + smallPart + `(?:名|位|个|家|的)?`), ordered("best")},
	{"最", compile(smallPart + `(?:个|家|名)?最(?:好|快|高|强|领先)的?`), ordered("best")},
	{"最", compile(smallPart + `(?:个|家|名)?最(?:差|慢|低|弱|落后)的?`), ordered("worst")},
	{"最落垫", compile(`(?:最差|最慢|最低|落后|垫底)的?[前后]?` + smallPart + `(?:名|位|个|家|的)?`), ordered("worst")},
	{"天日y", compile(smallPart + ` ?(?:多)?(?:天|日|days|day)(?:以上)?`), slotOf(Days, 1)},
	{"星礼周k", compile(smallPart + ` ?(?:个)?(?:星期|礼拜|周|weeks|week)(?:以上)?`), slotOf(Days, 7)},
	{"月m", compile(smallPart + ` ?个?(?:多)?(?:月|months|month)(?:以上)?`), slotOf(Days, 30)},
	{"半", compile(`(半)个?月`), fixed(Days, "15")},
	{"半", compile(`(半)年`), fixed(Days, "180")},
	{"季", compile(`(一|1)个?季度?`), fixed(Days, "90")},
	{"季", compile(`([一二三四1-4])季度?`), fixed("date", "")},
	{"月", compile(`(\d{1,2})月份?(?:底|末|初|(?:\d{1,2})[日号])?`), fixed("date", "")},
	{"个项家", compile(smallPart + ` ?(?:个|项|家)`), slotOf(Count, 1)},
	{"0123456789", compile(`(\d+)`), slotOf(Count, 1)},
	{"点时:", compile(`(上午|早上|早晨|下午|晚上|中午|傍晚|早|晚)?(\d{1,2}|二?十[一二三四五六七八九]?|[一二两三四五六七八九])(?:点钟|点|时|:)(半|\d{1,2})?分?`), readTime},
	{"t", compile(`\bat (\d{1,2})(?::(\d\d))?()\b`), readAmPm},
	{"m", compile(`\b(\d{1,2})(?::(\d\d))? ?([ap])\.?m\b`), readAmPm},
}

func compile(p string) *regexp.Regexp { return regexp.MustCompile(p) }

func fixed(slot Slot, value string) func(*sentence, []string) []meaning {
	return func(*sentence, []string) []meaning { return []meaning{{string(slot), value}} }
}

// findNumbers adds numbers with what stands around them. Numbers in digits do
// not begin or end inside of others.
func (s *sentence) findNumbers(add func(span)) {
	for _, p := range slices.Concat(patterns, whens, limits) {
		if !strings.ContainsAny(s.s, p.needs) {
			continue
		}
		for _, at := range p.form.FindAllStringSubmatchIndex(s.s, -1) {
			from, to := s.rune(at[0]), s.rune(at[1])
			if !s.whole(from, to) {
				continue
			}
			m := make([]string, len(at)/2)
			for g := range m {
				if at[2*g] >= 0 {
					m[g] = s.s[at[2*g]:at[2*g+1]]
				}
			}
			if means := p.read(s, m); means != nil {
				add(span{from: from, to: to, means: means, name: true})
			}
		}
	}
}

func (s *sentence) whole(from, to int) bool {
	if from > 0 && (digit(s.runes[from]) && (digit(s.runes[from-1]) || s.runes[from-1] == '.') || latin(s.runes[from]) && latin(s.runes[from-1])) {
		return false
	}
	return to >= len(s.runes) || !(digit(s.runes[to-1]) && digit(s.runes[to]) || latin(s.runes[to-1]) && latin(s.runes[to]))
}

var englishNumbers = map[string]int{
	"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
}

// small reads a number that counts.
func small(s string) (int, bool) {
	if n, ok := englishNumbers[s]; ok {
		return n, true
	}
	n, ok := reporting.ParseNumeral(s)
	return n, ok && n >= 0 && n <= 100000
}

// money reads an amount, also 5个亿.
func money(said string) (reporting.Wan, error) {
	return reporting.ParseMoney(strings.ReplaceAll(said, "个亿", "亿"))
}

// readAmount makes a reader of money.
func readAmount(slot Slot) func(*sentence, []string) []meaning {
	return func(_ *sentence, m []string) []meaning {
		w, err := money(m[1])
		if err != nil {
			return nil
		}
		return []meaning{{string(slot), strconv.Itoa(int(w))}}
	}
}

// readRange reads 5-10亿: what has no unit has the other's.
func readRange(_ *sentence, m []string) []meaning {
	unit := m[2]
	if strings.HasPrefix(m[1], "0") && !strings.Contains(m[1], ".") {
		return nil // a project's number: 0010 to 600 million
	}
	if unit == "" {
		unit = m[4]
	}
	from, err := money(m[1] + unit)
	to, err2 := money(m[3] + m[4])
	if err != nil || err2 != nil || to <= from {
		return nil
	}
	return []meaning{{string(Least), strconv.Itoa(int(from))}, {string(Most), strconv.Itoa(int(to))}}
}

// readShort reads a number that is said to be a project's.
func readShort(s *sentence, m []string) []meaning {
	n, ok := small(m[1])
	if !ok || n == 0 {
		return nil
	}
	return []meaning{{string(Project), fmt.Sprintf("CC-%04d-%04d", s.Today.Year, n)}}
}

// readFour reads four digits: a project of this year, unless they look like a
// year or count something.
func readFour(s *sentence, m []string) []meaning {
	n, _ := small(m[1])
	if n >= 2000 && n < 2100 || n == 1000 || n == 0 {
		return nil
	}
	return []meaning{{string(Project), fmt.Sprintf("CC-%04d-%s", s.Today.Year, m[1])}}
}

func readChineseYear(_ *sentence, m []string) []meaning {
	year := 0
	for _, r := range strings.ReplaceAll(m[1], "〇", "零") {
		n, _ := reporting.ParseNumeral(string(r))
		year = 10*year + n
	}
	return []meaning{{string(Year), strconv.Itoa(2000 + year)}}
}

func readTime(_ *sentence, m []string) []meaning {
	hour, ok := small(m[2])
	minute, okMinute := 0, true
	switch {
	case m[3] == "半":
		minute = 30
	case m[3] != "":
		minute, okMinute = small(m[3])
	}
	if strings.ContainsAny(m[1], "下晚傍") && hour < 12 || m[1] == "中午" && hour < 3 {
		hour += 12
	}
	return clock(hour, minute, ok && okMinute)
}

func readAmPm(_ *sentence, m []string) []meaning {
	hour, ok := small(m[1])
	minute := 0
	if m[2] != "" {
		minute, _ = small(m[2])
	}
	if m[3] != "" {
		hour %= 12
	}
	if m[3] == "p" {
		hour += 12
	}
	return clock(hour, minute, ok)
}

func clock(hour, minute int, ok bool) []meaning {
	if !ok || hour > 23 || minute > 59 {
		return nil
	}
	return []meaning{{string(Time), fmt.Sprintf("%02d:%02d", hour, minute)}}
}
