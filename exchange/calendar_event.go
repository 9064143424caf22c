package exchange

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/mouhua/mouhua/reporting"
)

// certainty is how well an event says what its days are.
type certainty int

const (
	unsaid certainty = iota
	torn             // it says both
	clear
)

// What publishers of Chinese calendars write. A make-up day is told in full
// (上班, 补班) or by a mark of its own (班), and so is a day off; a name alone
// (春节) tells a festival, of which one day or none is off. 调休 is both: people
// rest on the one day and work on the other.
var (
	workMark = regexp.MustCompile(`[（(\[【「]\s*[班补補]\s*[」】\])）]|(^|[\s|｜·:：])班($|[\s|｜·:：])`)
	restMark = regexp.MustCompile(`[（(\[【「]\s*休\s*[」】\])）]|(^|[\s|｜·:：])休($|[\s|｜·:：])`)
	workWord = regexp.MustCompile(`(?i)补班|補班|上班|工作日|\bmake-?up (work(ing)? ?)?day\b|\bworkday\b|\bworking day\b`)
	restWord = regexp.MustCompile(`(?i)假期|放假|休假|休息|公休|\bholiday\b|\bday off\b|\brest day\b`)
	noWork   = regexp.MustCompile(`(?i)(不|不用|不须|不需|无须|无需)(上班|补班)|non-?working day`)
)

// meaning reports whether the days of an event are working days: by Apple's
// mark, else by its categories, else by its summary.
func meaning(e *ics.VEvent) (working bool, sure certainty) {
	summary := strings.ReplaceAll(said(e, ics.ComponentPropertySummary), "调休", "")
	inWords, how := meaningOf(summary)
	switch strings.ToUpper(said(e, specialDay)) {
	case "WORK-HOLIDAY":
		return false, unless(workMark.MatchString(summary))
	case "ALTERNATE-WORKDAY":
		return true, unless(restMark.MatchString(summary))
	}
	if how != unsaid {
		return inWords, how
	}
	for _, p := range e.GetProperties(ics.ComponentPropertyCategories) {
		for category := range strings.SplitSeq(p.Value, ",") {
			if working, how = meaningOf(strings.TrimSpace(category)); how != unsaid {
				return working, how
			}
		}
	}
	return false, unsaid
}

func unless(contradicted bool) certainty {
	if contradicted {
		return torn
	}
	return clear
}

// meaningOf returns what words say.
func meaningOf(s string) (working bool, sure certainty) {
	rest := noWork.ReplaceAllString(s, "放假")
	switch work, off := workMark.MatchString(rest), restMark.MatchString(rest); {
	case work && off:
		return false, torn
	case work:
		return true, clear
	case off:
		return false, unless(workWord.MatchString(rest))
	case workWord.MatchString(rest): // 上班（补春节假期）
		return true, clear
	case restWord.MatchString(rest):
		return false, clear
	}
	return false, unsaid
}

// appleMarked reports whether an event bears Apple's mark of special days.
func appleMarked(e *ics.VEvent) bool {
	mark := strings.ToUpper(said(e, specialDay))
	return mark == "WORK-HOLIDAY" || mark == "ALTERNATE-WORKDAY"
}

// notName is what of a summary is not what the holiday is called.
var notName = []*regexp.Regexp{
	workMark, restMark, regexp.MustCompile(`第\s*\d+\s*天\s*/?\s*(共\s*\d+\s*天)?|共\s*\d+\s*天`),
	regexp.MustCompile(`调休|補班|补班|上班|工作日|假期|放假|休假`), regexp.MustCompile(`[（(\[【「」】\])）|｜·:：]`),
}

// holidayName returns what the holiday of an event is called, "" where it only
// says what its days are.
func holidayName(summary string) string {
	for _, no := range notName {
		summary = no.ReplaceAllString(summary, " ")
	}
	return strings.TrimLeft(strings.TrimSpace(summary), "补 ") // 上班（补春节假期）
}

var inDays = regexp.MustCompile(`^\+?P(\d{1,4})([DW])$`)

// span returns the first day of an event and how many it has, or the key of
// what is wrong with them. An end is the first day after (RFC 5545, 3.6.1);
// that it is the first day itself is taken for one day, as publishers mean it.
func span(e *ics.VEvent) (from reporting.Date, n int, key string) {
	if !e.HasProperty(ics.ComponentPropertyDtStart) {
		return from, 0, "start"
	}
	from, ok := wholeDay(e.GetProperty(ics.ComponentPropertyDtStart))
	if !ok {
		return from, 0, "time"
	}
	n = 1
	end, length := e.GetProperty(ics.ComponentPropertyDtEnd), said(e, ics.ComponentPropertyDuration)
	switch {
	case end != nil && length != "":
		return from, 0, "ends"
	case end != nil:
		to, ok := wholeDay(end)
		if !ok {
			return from, 0, "time"
		}
		if n = reporting.DaysBetween(from, to); n == 0 {
			n = 1
		}
	case length != "":
		m := inDays.FindStringSubmatch(length)
		if m == nil {
			return from, 0, "time"
		}
		n, _ = strconv.Atoi(m[1]) // at most four digits
		if m[2] == "W" {
			n *= 7
		}
	}
	switch {
	case n < 1:
		return from, 0, "backwards"
	case n > longestEvent:
		return from, 0, "long"
	}
	return from, n, ""
}

// wholeDay reads a value of the type DATE.
func wholeDay(p *ics.IANAProperty) (reporting.Date, bool) {
	t, err := time.Parse("20060102", strings.TrimSpace(p.Value))
	return reporting.DateOf(t), err == nil
}
