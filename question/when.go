package question

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The parts of the patterns of months, quarters and days, which are looked for in
// folded text.
const (
	saidYearPart = `(?:(20\d\d)年?[-/. ]?)?`
	monthPart    = `(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月`
	englishMonth = `(january|february|march|april|june|july|august|september|october|november|december|jan|feb|apr|jun|jul|aug|sept|oct|nov)`
)

// whens are the times within a year that are named: a period as reporting.ParseWhen
// reads it.
var whens = []pattern{
	{"月", compile(saidYearPart + monthPart + `份?`), readMonth},
	{"月", compile(`(?:截至|截止到?|到)` + saidYearPart + monthPart + `份?(?:底|末)?`), readMonthEnd},
	{"月", compile(saidYearPart + monthPart + `份?(?:底|末)`), readMonthEnd},
	{"月", compile(`(?:截至|截止到?|到)?` + saidYearPart + monthPart + `(\d{1,2})[日号]?`), readDay},
	{"月", compile(saidYearPart + monthPart + `\d{1,2}[日号]?(?:-|~|到|至)(?:(?:1[0-2]|[1-9])月)?\d{1,2}[日号]?`), func(_ *sentence, m []string) []meaning { return within(m[0]) }},
	{"季", compile(saidYearPart + `第?([1-4一二三四])(?:个)?季度?`), readQuarter},
	{"q", compile(saidYearPart + `q([1-4])\b`), readQuarter},
	{"t", compile(`\b(?:the )?()(first|second|third|fourth|1st|2nd|3rd|4th) quarter`), readQuarter},
	{"半", compile(saidYearPart + `(上|下)半年`), func(_ *sentence, m []string) []meaning { return within(inYear(m[1]) + m[2] + "半年") }},
	{"t", compile(`(?:the )?first half(?: of the year)?`), func(*sentence, []string) []meaning { return within("上半年") }},
	{"t", compile(`(?:the )?second half(?: of the year)?`), func(*sentence, []string) []meaning { return within("下半年") }},
	{"abcdefghijklmnopqrstuvwxyz", compile(`\b` + englishMonth + `\b(?: (20\d\d)\b)?`), readEnglishMonth},
	{"abcdefghijklmnopqrstuvwxyz", compile(`\b(?:in|during|for) (may|march)\b(?: (20\d\d)\b)?`), readEnglishMonth},
	{"abcdefghijklmnopqrstuvwxyz", compile(`(?:as of |until |up to )?\b(?:` + englishMonth + `|may) (\d{1,2})(?:st|nd|rd|th)?\b`), readEnglishDay},
}

func within(period string) []meaning {
	return []meaning{{string(Period), period}, {"date", ""}}
}

func inYear(year string) string {
	if year == "" {
		return ""
	}
	return year + "年"
}

func readMonth(_ *sentence, m []string) []meaning {
	n, ok := small(strings.TrimLeft(m[2], "0"))
	if !ok {
		return nil
	}
	return within(fmt.Sprintf("%s%d月", inYear(m[1]), n))
}

func readMonthEnd(s *sentence, m []string) []meaning {
	n, ok := small(strings.TrimLeft(m[2], "0"))
	year, err := strconv.Atoi(m[1])
	if !ok {
		return nil
	}
	if err != nil {
		year = s.Today.Year
	}
	last := time.Date(year, time.Month(n+1), 0, 0, 0, 0, 0, time.UTC)
	return within(fmt.Sprintf("%s%d月%d日", inYear(m[1]), n, last.Day()))
}

func readDay(_ *sentence, m []string) []meaning {
	n, ok := small(strings.TrimLeft(m[2], "0"))
	if !ok {
		return nil
	}
	return within(fmt.Sprintf("%s%d月%s日", inYear(m[1]), n, m[3]))
}

func readQuarter(_ *sentence, m []string) []meaning {
	n := 1
	for i, said := range []string{"1一first1st", "2二second2nd", "3三third3rd", "4四fourth4th"} {
		if strings.Contains(said, m[2]) {
			n = i + 1
		}
	}
	means := within(fmt.Sprintf("%sQ%d", inYear(m[1]), n))
	if m[0] == "一季" || m[0] == "一季度" {
		means = append(means, meaning{string(Days), "90"})
	}
	return means
}

func monthOf(english string) int {
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(strings.ToLower(m.String()), english[:3]) {
			return int(m)
		}
	}
	return 0
}

func readEnglishMonth(_ *sentence, m []string) []meaning {
	return within(fmt.Sprintf("%s%d月", inYear(m[2]), monthOf(m[1])))
}

func readEnglishDay(_ *sentence, m []string) []meaning {
	if m[1] == "" {
		m[1] = "may"
	}
	return within(fmt.Sprintf("%d月%s日", monthOf(m[1]), m[2]))
}
