package reporting

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// PlanBegins is the first year for which the plan sets quotas (its annexes, of
// 29 December 2017).
const PlanBegins = 2018

// When is the time that figures are asked for: a plan year as it stands, the end
// of a day of it, or what came in on some days with the state at their end.
type When struct {
	Year int
	Day  Date // zero = as the year stands, or stood at its end
	Days Days // zero = none
}

// Period reports whether it is about what came in within some days.
func (w When) Period() bool { return w.Days != Days{} }

// The ways of writing a time.
var (
	yearWords    = regexp.MustCompile(`^(\d{4})年?度?$`)
	dayWords     = regexp.MustCompile(`^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号號]?$`)
	monthWords   = regexp.MustCompile(`^(?:(\d{4})年?[-/.]?)?(\d{1,2})月份?$|^(\d{4})[-/.](\d{1,2})$`)
	quarterWords = regexp.MustCompile(`^(?:(\d{4})年?[-/.]?)?(?:q([1-4])|第?([1-4一二三四])季度?)$`)
	halfWords    = regexp.MustCompile(`^(?:(\d{4})年?)?([上下])半年$`)
)

// nearDays are words for days, as DaysOf knows them or for this file alone.
var nearDays = map[string]string{
	"今天": "today", "今日": "today", "昨天": "yesterday", "昨日": "yesterday",
	"本周": "this_week", "本週": "this_week", "这周": "this_week", "這週": "this_week", "上周": "last_week", "上週": "last_week",
	"本月": "this_month", "这个月": "this_month", "這個月": "this_month", "上月": "last_month", "上个月": "last_month", "上個月": "last_month",
	"本季": "this_quarter", "本季度": "this_quarter", "上季": "last_quarter", "上季度": "last_quarter", "今年": "this_year", "去年": "last_year",
}

// ParseWhen takes the time off words and returns what is left of them: "2018",
// "2018-06-30", "6月30日", "2018-06", "6月", "Q2", "二季度", "上半年", "last week",
// "上月"; without one it is the year of today. A day without a year is the last of
// that name that is not to come. Errors: Invalid for a day that is none, one that
// is to come, and one before the plan.
func ParseWhen(words []string, today Date) (rest []string, w When, err error) {
	w = When{Year: today.Year}
	for i := 0; i < len(words); i++ {
		for _, n := range []int{2, 1} {
			if i+n > len(words) {
				continue
			}
			typed := strings.Join(words[i:i+n], " ")
			found, ok, err := whenOf(typed, today)
			if err != nil {
				return nil, w, err
			}
			if ok {
				rest = append(append([]string{}, words[:i]...), words[i+n:]...)
				return rest, found, found.check(typed, today)
			}
		}
	}
	return words, w, nil
}

// whenOf reads one time; ok is false when typed is none.
func whenOf(typed string, today Date) (w When, ok bool, err error) {
	word := strings.ToLower(strings.TrimSpace(typed))
	word = strings.ReplaceAll(word, " ", "_")
	if near, ok := nearDays[word]; ok {
		word = near
	}
	if m := yearWords.FindStringSubmatch(word); m != nil {
		return When{Year: atoi(m[1])}, true, nil
	}
	switch word {
	case "today":
		return When{Year: today.Year}, true, nil
	case "yesterday":
		return onDay(today.AddDays(-1)), true, nil
	case "this_year":
		return When{Year: today.Year}, true, nil
	case "last_year":
		return When{Year: today.Year - 1}, true, nil
	case "last_quarter":
		p := LastEnded(Quarterly, today)
		return within(p.First(), p.Last(), today), true, nil
	}
	if d, ok := DaysOf(word, today); ok {
		return within(d.From, d.To, today), true, nil
	}
	if m := dayWords.FindStringSubmatch(word); m != nil {
		d := latest(atoi(m[1]), today, func(year int) Date { return Date{year, time.Month(atoi(m[2])), atoi(m[3])} })
		if parsed, err := ParseDate(d.String()); err != nil || parsed != d {
			return w, false, Fail(Invalid, "err.date", "value", typed)
		}
		return onDay(d), true, nil
	}
	return periodOf(word, today)
}

// periodOf reads a month, a quarter or half a year.
func periodOf(word string, today Date) (w When, ok bool, err error) {
	if m := monthWords.FindStringSubmatch(word); m != nil {
		year, n := atoi(m[1]+m[3]), atoi(m[2]+m[4])
		if n < 1 || n > 12 {
			return w, false, Fail(Invalid, "err.month", "value", word)
		}
		first := latest(year, today, func(year int) Date { return Date{year, time.Month(n), 1} })
		return within(first, Period{Monthly, first.Year, n}.Last(), today), true, nil
	}
	if m := quarterWords.FindStringSubmatch(word); m != nil {
		n := 1 + strings.Index("1234", m[2]+m[3])
		if i := strings.Index("一二三四", m[3]); m[3] != "" && i >= 0 {
			n = 1 + i/len("一")
		}
		first := latest(atoi(m[1]), today, func(year int) Date { return Period{Quarterly, year, n}.First() })
		return within(first, Period{Quarterly, first.Year, n}.Last(), today), true, nil
	}
	if m := halfWords.FindStringSubmatch(word); m != nil {
		n := 1
		if m[2] == "下" {
			n = 3
		}
		first := latest(atoi(m[1]), today, func(year int) Date { return Period{Quarterly, year, n}.First() })
		return within(first, Period{Quarterly, first.Year, n + 1}.Last(), today), true, nil
	}
	return w, false, nil
}

// latest returns the day of a year, or without one the last that is not to come.
func latest(year int, today Date, of func(year int) Date) Date {
	if year != 0 {
		return of(year)
	}
	if d := of(today.Year); !today.Before(d) {
		return d
	}
	return of(today.Year - 1)
}

func onDay(d Date) When { return When{Year: d.Year, Day: d} }

// within is about some days of one year, as far as they are over.
func within(from, to, today Date) When {
	if from.Year < to.Year {
		from = Date{to.Year, time.January, 1} // a week belongs to the year that it ends in
	}
	if today.Before(to) && !today.Before(from) {
		to = today
	}
	return When{Year: to.Year, Day: to, Days: Days{from, to}}
}

// check returns nil for a time of which figures can be told.
func (w When) check(typed string, today Date) error {
	switch {
	case today.Before(w.Day) || w.Period() && today.Before(w.Days.From):
		return Fail(Invalid, "err.when.future", "value", typed, "today", today.String())
	case !w.Day.IsZero() && w.Day.Year < PlanBegins:
		return Fail(Invalid, "err.when.before", "value", typed, "year", PlanBegins)
	case w.Year < 2000 || w.Year > today.Year+1:
		return Fail(Invalid, "err.year", "value", typed)
	}
	return nil
}

// Settled returns w for how figures are read: a day that is today's, or the last of
// a year that is over, is that year as it stands. The days remain.
func (w When) Settled(today Date) When {
	if w.Day == today || w.Day == (Date{w.Year, time.December, 31}) && w.Year < today.Year {
		w.Day = Date{}
	}
	return w
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
