package reporting

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	relativeYear = map[string]int{"去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2, "後年": 2, "last year": -1, "this year": 0, "next year": 1}
	monthOfYear  = regexp.MustCompile(`^(?:(\d{4})年?|(去年|今年|本年|明年|后年|後年))\s*(\d{1,2})月份?(?:\d{1,2}[日号號])?$`)
	namedMonth   = regexp.MustCompile(`^([a-z]{3})[a-z]*\.?,?\s*(?:of\s+)?(\d{4}|last year|this year|next year)$`)
	monthFirst   = regexp.MustCompile(`^(\d{1,2})/(\d{4})$`)
	dayOfMonth   = regexp.MustCompile(`^(\d{4}[-/.]\d{1,2})[-/.]\d{1,2}$`)
	aboutMonth   = strings.NewReplacer("左右", "", "前后", "", "前後", "", "大约", "", "大約", "", "约", "", "約", "", "预计", "", "預計", "", "about ", "", "around ", "", "in ", "", "by ", "")
)

// SaidMonth reads a month as people say it: what ParseMonth reads, and
// "2018年9月份", "明年5月", "2018-09-01", "September 2018", "9/2018". A month
// without its year is none: nothing is guessed.
func SaidMonth(s string, today Date) (Month, bool) {
	t := strings.TrimSpace(aboutMonth.Replace(strings.ToLower(foldWidth(s))))
	if m, err := ParseMonth(t); err == nil {
		return m, true
	}
	year, month := "", ""
	if m := monthOfYear.FindStringSubmatch(t); m != nil {
		year, month = m[1]+m[2], m[3]
	} else if m := namedMonth.FindStringSubmatch(t); m != nil {
		year = m[2]
		for n := time.January; n <= time.December; n++ {
			if strings.ToLower(n.String()[:3]) == m[1] {
				month = strconv.Itoa(int(n))
			}
		}
	} else if m := monthFirst.FindStringSubmatch(t); m != nil {
		year, month = m[2], m[1]
	} else if m := dayOfMonth.FindStringSubmatch(t); m != nil {
		got, err := ParseMonth(m[1])
		return got, err == nil
	}
	if n, ok := relativeYear[year]; ok {
		year = strconv.Itoa(today.Year + n)
	}
	m, err := ParseMonth(year + "-" + month)
	return m, err == nil
}
