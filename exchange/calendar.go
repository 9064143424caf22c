package exchange

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"github.com/mouhua/mouhua/reporting"
)

const (
	// MaxCalendar is how large an iCalendar file may be, in bytes. Ten years of
	// holidays, a day an event, with their alarms, have a quarter of it.
	MaxCalendar = 1 << 20
	// longestEvent is how many days one event may last.
	longestEvent = 31
	// longestName is how many characters of what a holiday is called are kept.
	longestName = 60

	specialDay           = ics.ComponentProperty("X-APPLE-SPECIAL-DAY")
	describedAs, namedAs = "X-WR-CALDESC", "X-WR-CALNAME" // of a whole calendar
)

// Holidays is what a calendar file says about working days.
type Holidays struct {
	Years   []reporting.CalendarYear // in order; Source is what the file calls itself, "" when it does not
	Skipped int                      // events that say nothing of working days, in a file that marks those which do
}

// IsCalendar reports whether a content claims to be iCalendar.
func IsCalendar(content []byte) bool {
	begin := []byte("BEGIN:VCALENDAR")
	content = bytes.TrimSpace(bytes.TrimPrefix(content, byteOrderMark))
	return len(content) >= len(begin) && bytes.EqualFold(content[:len(begin)], begin)
}

// Calendar reads an iCalendar file (RFC 5545) of days off and of make-up
// working days. See docs/files.md for what makes an event the one or the other.
// Where some events bear Apple's mark of special days, those without any mark
// are festivals and are left out; else every event must say which it is. All
// faults are told at once. Errors: Faults.
func Calendar(content []byte) (Holidays, error) {
	content = bytes.TrimPrefix(content, byteOrderMark)
	whole := func(key string, args ...any) (Holidays, error) {
		return Holidays{}, Faults{calendarFault(1, "", key, args...)}
	}
	switch {
	case len(content) > MaxCalendar:
		return whole("size", "max", MaxCalendar>>10)
	case !utf8.Valid(content):
		return whole("encoding")
	case !IsCalendar(content):
		return whole("none")
	case !bytes.HasSuffix(bytes.TrimSpace(content), []byte("END:VCALENDAR")):
		return whole("cut")
	}
	cal, err := ics.ParseCalendar(bytes.NewReader(content))
	if err != nil {
		return whole("broken")
	}
	events := cal.Events()
	if len(events) == 0 {
		return whole("empty")
	}
	r := calendarReader{days: map[reporting.Date]calendarDay{}, marked: slices.ContainsFunc(events, appleMarked)}
	lines := eventLines(content)
	for i, e := range events {
		line := 1
		if i < len(lines) {
			line = lines[i]
		}
		if r.event(e, line); len(r.faults) >= MaxFaults {
			break
		}
	}
	switch {
	case len(r.faults) > 0:
		slices.SortStableFunc(r.faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
		return Holidays{}, r.faults
	case len(r.days) == 0:
		return whole("empty")
	}
	return Holidays{Years: r.years(calendarSource(cal)), Skipped: r.skipped}, nil
}

// calendarSource returns what a calendar says that it follows.
func calendarSource(cal *ics.Calendar) string {
	properties := map[string]string{}
	for _, p := range cal.CalendarProperties {
		properties[p.IANAToken] = strings.TrimSpace(p.Value)
	}
	return oneLine(cmp.Or(properties[describedAs], properties[namedAs]), 300)
}

// oneLine returns s without line breaks, and not longer than n characters.
func oneLine(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	return string(r[:min(len(r), n)])
}

// eventLines returns the lines on which events begin.
func eventLines(content []byte) []int {
	var lines []int
	for i, line := range bytes.Split(content, []byte("\n")) {
		if bytes.Equal(bytes.TrimRight(line, "\r"), []byte("BEGIN:VEVENT")) {
			lines = append(lines, i+1)
		}
	}
	return lines
}

func calendarFault(line int, event, key string, args ...any) Fault {
	f := Fault{Line: line, Key: "err.import.calendar." + key, Args: map[string]any{"line": line, "column": "", "value": event}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	return f
}

type calendarDay struct {
	reporting.Holiday
	line int
}

// calendarReader gathers the days of a file.
type calendarReader struct {
	marked  bool // some events bear Apple's mark
	days    map[reporting.Date]calendarDay
	skipped int
	faults  Faults
}

// event takes the days of an event, or says what is wrong with it.
func (r *calendarReader) event(e *ics.VEvent, line int) {
	summary := said(e, ics.ComponentPropertySummary)
	name := oneLine(summary, longestName)
	refuse := func(key string, args ...any) { r.faults = append(r.faults, calendarFault(line, name, key, args...)) }
	working, sure := meaning(e)
	switch {
	case strings.EqualFold(said(e, ics.ComponentPropertyStatus), "CANCELLED"), r.marked && sure == unsaid:
		r.skipped++
		return
	case sure == unsaid:
		refuse("meaning")
		return
	case sure == torn:
		refuse("torn")
		return
	}
	for _, p := range []ics.ComponentProperty{ics.ComponentPropertyRrule, ics.ComponentPropertyRdate, ics.ComponentPropertyExdate, ics.ComponentPropertyRecurrenceId} {
		if e.HasProperty(p) {
			refuse("repeats", "property", string(p))
			return
		}
	}
	from, n, key := span(e)
	switch {
	case key != "":
		refuse(key, "most", longestEvent)
		return
	case from.Year < firstYear || from.AddDays(n-1).Year > lastYear:
		refuse("year", "min", firstYear, "max", lastYear)
		return
	}
	name = oneLine(holidayName(summary), longestName)
	for i := range n {
		h := reporting.Holiday{Day: from.AddDays(i), Working: working, Name: name}
		first, there := r.days[h.Day]
		weekday := h.Day.In(time.UTC).Weekday()
		switch {
		case there && first.Working != working:
			refuse("both", "day", h.Day.String(), "first", first.line)
			return
		case there:
			refuse("twice", "day", h.Day.String(), "first", first.line)
			return
		case working && weekday != time.Saturday && weekday != time.Sunday:
			refuse("weekday", "day", h.Day.String())
			return
		}
		r.days[h.Day] = calendarDay{h, line}
	}
}

// years returns the days by the years in which they lie.
func (r *calendarReader) years(source string) []reporting.CalendarYear {
	byYear := map[int]*reporting.CalendarYear{}
	for _, d := range slices.SortedFunc(maps.Keys(r.days), func(a, b reporting.Date) int { return reporting.DaysBetween(b, a) }) {
		if byYear[d.Year] == nil {
			byYear[d.Year] = &reporting.CalendarYear{Year: d.Year, Source: source}
		}
		byYear[d.Year].Days = append(byYear[d.Year].Days, r.days[d].Holiday)
	}
	var out []reporting.CalendarYear
	for _, year := range slices.Sorted(maps.Keys(byYear)) {
		out = append(out, *byYear[year])
	}
	return out
}

func said(e *ics.VEvent, p ics.ComponentProperty) string {
	if found := e.GetProperty(p); found != nil {
		return strings.TrimSpace(found.Value)
	}
	return ""
}
