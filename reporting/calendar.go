package reporting

import (
	"maps"
	"slices"
	"time"
)

// Holiday is one day of a calendar that is not what its weekday says: a day
// off in the week, or a Saturday or Sunday on which people work (调休).
type Holiday struct {
	Day     Date
	Working bool
	Name    string // as the notice calls it
}

// CalendarYear is one version of the holidays of a year, by the State
// Council's notice (国务院办公厅关于部分节假日安排的通知). The newest version counts.
type CalendarYear struct {
	Year       int
	Version    int
	Source     string // the notice that it follows
	ImportedBy string // Slack user id, or who acts for the system
	ImportedAt int64  // UTC ms
	Days       []Holiday
}

// Calendar says which days are working days. Its zero value, and nil, know no
// holiday: Monday to Friday are working days.
type Calendar struct {
	years []int
	days  map[Date]bool
	names map[Date]string
}

// NewCalendar returns the calendar of the newest version of each year.
func NewCalendar(years []CalendarYear) *Calendar {
	newest := newestYears(years)
	c := &Calendar{years: slices.Sorted(maps.Keys(newest)), days: map[Date]bool{}, names: map[Date]string{}}
	for _, year := range c.years {
		for _, h := range newest[year].Days {
			c.days[h.Day], c.names[h.Day] = h.Working, h.Name
		}
	}
	return c
}

// Covers reports whether the holidays of a year are known.
func (c *Calendar) Covers(year int) bool { return c != nil && slices.Contains(c.years, year) }

// Years returns the years whose holidays are known, in order.
func (c *Calendar) Years() []int {
	if c == nil {
		return nil
	}
	return slices.Clone(c.years)
}

// Working reports whether d is a working day.
func (c *Calendar) Working(d Date) bool {
	if c != nil {
		if working, ok := c.days[d]; ok {
			return working
		}
	}
	weekday := d.utc().Weekday()
	return weekday != time.Saturday && weekday != time.Sunday
}

// longestHoliday bounds the search for a working day, should a calendar know none.
const longestHoliday = 60

// OnOrAfter returns the first working day from d on.
func (c *Calendar) OnOrAfter(d Date) Date { return c.walk(d, 1) }

// OnOrBefore returns the last working day up to d.
func (c *Calendar) OnOrBefore(d Date) Date { return c.walk(d, -1) }

func (c *Calendar) walk(d Date, step int) Date {
	for i := range longestHoliday {
		if day := d.AddDays(i * step); c.Working(day) {
			return day
		}
	}
	return d
}

// Before returns the n-th working day before d.
func (c *Calendar) Before(d Date, n int) Date {
	for range n {
		d = c.OnOrBefore(d.AddDays(-1))
	}
	return d
}

// DayOff says what becomes of what falls on a day off.
type DayOff string

// The rules for a day off.
const (
	DayOffNext     DayOff = "next"     // moves to the next working day
	DayOffPrevious DayOff = "previous" // moves to the last working day before
	DayOffKeep     DayOff = "keep"     // stays where it is
)

// DaysOff lists the rules for a day off.
var DaysOff = []DayOff{DayOffNext, DayOffPrevious, DayOffKeep}

// Move returns the day to which d moves; "" keeps it.
func (o DayOff) Move(c *Calendar, d Date) Date {
	switch o {
	case DayOffNext:
		return c.OnOrAfter(d)
	case DayOffPrevious:
		return c.OnOrBefore(d)
	}
	return d
}
