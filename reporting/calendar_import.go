package reporting

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CalendarImport is what importing a file of holidays does.
type CalendarImport struct {
	Changes []CalendarChange // in the order of years
	Same    []int            // years that are known just so
	LeftOut []Holiday        // days at the turn of a year of which nothing else is known
}

// CalendarChange is what becomes of one year.
type CalendarChange struct {
	Old CalendarYear // in force so far; its Version is 0 when the year was not known
	New CalendarYear
}

// PlanCalendar decides what importing the years of a file does to those that
// are known, every version of them. by imports at (UTC ms). A year whose days
// are known just so stays as it is. The notice of a year may also name days at
// the end of the year before: a file that holds nothing else of a year adds to
// the version in force, and never replaces it.
func PlanCalendar(file, known []CalendarYear, by string, at int64) (CalendarImport, []Event) {
	var out CalendarImport
	var events []Event
	newest := newestYears(known)
	for _, y := range slices.SortedFunc(slices.Values(file), func(a, b CalendarYear) int { return cmp.Compare(a.Year, b.Year) }) {
		old := newest[y.Year]
		y.Days = slices.SortedFunc(slices.Values(y.Days), func(a, b Holiday) int { return a.Day.utc().Compare(b.Day.utc()) })
		switch {
		case atTurn(y.Days) && old.Version == 0:
			out.LeftOut = append(out.LeftOut, y.Days...)
			continue
		case atTurn(y.Days):
			y = added(old, y)
		}
		if slices.Equal(old.Days, y.Days) {
			out.Same = append(out.Same, y.Year)
			continue
		}
		y.Version, y.ImportedBy, y.ImportedAt = old.Version+1, by, at
		out.Changes = append(out.Changes, CalendarChange{Old: old, New: y})
		e := Event{At: at, Actor: by, Action: "calendar.import", Kind: "calendar", Subject: strconv.Itoa(y.Year), After: y}
		if old.Version > 0 {
			e.Before = old
		}
		events = append(events, e)
	}
	return out, events
}

// newestYears returns the newest version of each year.
func newestYears(years []CalendarYear) map[int]CalendarYear {
	newest := map[int]CalendarYear{}
	for _, y := range years {
		if y.Version > newest[y.Year].Version {
			newest[y.Year] = y
		}
	}
	return newest
}

// turnDays is how near to the turn of the year a day is that the notice of the
// neighbouring year may name.
const turnDays = 7

// atTurn reports whether all days are at the beginning or the end of their year.
func atTurn(days []Holiday) bool {
	return !slices.ContainsFunc(days, func(h Holiday) bool {
		return (h.Day.Month != time.January || h.Day.Day > turnDays) && (h.Day.Month != time.December || h.Day.Day <= 31-turnDays)
	})
}

// added returns old with the days of more, which say what counts.
func added(old, more CalendarYear) CalendarYear {
	days := map[Date]Holiday{}
	for _, h := range slices.Concat(old.Days, more.Days) {
		days[h.Day] = h
	}
	old.Days = slices.SortedFunc(maps.Values(days), func(a, b Holiday) int { return a.Day.utc().Compare(b.Day.utc()) })
	if !strings.Contains(old.Source, more.Source) {
		old.Source += "; " + more.Source
	}
	return old
}

// Apply returns the calendar of the known years after an import.
func (i CalendarImport) Apply(known []CalendarYear) *Calendar {
	all := slices.Clone(known)
	for _, c := range i.Changes {
		all = append(all, c.New)
	}
	return NewCalendar(all)
}

// Diff returns the days of the new version that were not so before, and those
// of the old one that are so no more; what a day is called makes no difference.
func (c CalendarChange) Diff() (fresh, gone []Holiday) {
	return onlyIn(c.New.Days, c.Old.Days), onlyIn(c.Old.Days, c.New.Days)
}

func onlyIn(days, other []Holiday) []Holiday {
	return slices.DeleteFunc(slices.Clone(days), func(h Holiday) bool {
		return slices.ContainsFunc(other, func(o Holiday) bool { return o.Day == h.Day && o.Working == h.Working })
	})
}

// MakeUp reports whether a year has a day on which people work instead (调休).
// Nearly every notice since 2008 has: a file without one rather is one of
// festivals than of working days.
func (y CalendarYear) MakeUp() bool {
	return slices.ContainsFunc(y.Days, func(h Holiday) bool { return h.Working })
}

// Count returns how many days of a year are off, and how many are made up for.
func (y CalendarYear) Count() (off, working int) {
	for _, h := range y.Days {
		if h.Working {
			working++
		}
	}
	return len(y.Days) - working, working
}

// HolidaySpan is days in a row that are the same.
type HolidaySpan struct {
	From, To Date
	Working  bool
	Name     string
}

// Len returns how many days a span has.
func (s HolidaySpan) Len() int { return DaysBetween(s.From, s.To) + 1 }

// Spans joins days, given in order, that follow one another and are the same.
func Spans(days []Holiday) []HolidaySpan {
	var out []HolidaySpan
	for _, h := range days {
		if n := len(out); n > 0 && out[n-1].To.AddDays(1) == h.Day && out[n-1].Working == h.Working && out[n-1].Name == h.Name {
			out[n-1].To = h.Day
			continue
		}
		out = append(out, HolidaySpan{From: h.Day, To: h.Day, Working: h.Working, Name: h.Name})
	}
	return out
}

// yearsAhead is how far ahead of a day the years of a file may be: the notice
// of a year comes in the last weeks of the year before.
const yearsAhead = 1

// CheckCalendarYears returns nil when a file's years can have been decided by
// a day. Errors: Invalid.
func CheckCalendarYears(file []CalendarYear, day Date) error {
	for _, y := range file {
		if y.Year > day.Year+yearsAhead && !atTurn(y.Days) {
			return Fail(Invalid, "err.import.calendar.far", "year", y.Year, "last", day.Year+yearsAhead)
		}
	}
	return nil
}

// Shift is a day that moves.
type Shift struct{ From, To Date }

// Shifted returns which of the days, by a rule for days off, come to lie
// elsewhere than before when a calendar replaces another: From is where each
// would have been, To where it will be.
func Shifted(before, after *Calendar, days []Date, rule DayOff) []Shift {
	var out []Shift
	for _, d := range days {
		if s := (Shift{rule.Move(before, d), rule.Move(after, d)}); s.From != s.To {
			out = append(out, s)
		}
	}
	return out
}

// Weekdays returns the days of a year from a day on that fall on a weekday.
func Weekdays(year int, weekday time.Weekday, from Date) []Date {
	d := Date{year, time.January, 1}
	if d.Before(from) {
		d = from
	}
	var out []Date
	for ; d.Year == year; d = d.AddDays(1) {
		if d.utc().Weekday() == weekday {
			out = append(out, d)
		}
	}
	return out
}
