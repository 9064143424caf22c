package reporting

import (
	"fmt"
	"time"
)

// Date is a calendar day in the city's time zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of t in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads "2006-01-02". Errors: Invalid.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, &Error{Code: Invalid, Key: "err.date", Args: map[string]any{"value": s}, Err: err}
	}
	return DateOf(t), nil
}

// String returns "2006-01-02", or "" for the zero date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText writes d as String does, so that the audit trail can be read.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes. Errors: Invalid.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.utc().Before(e.utc()) }

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.utc().AddDate(0, 0, n)) }

// DaysBetween returns how many days to is after from.
func DaysBetween(from, to Date) int { return int(to.utc().Sub(from.utc()).Hours() / 24) }

// YearDay returns the day of the year, from 1.
func (d Date) YearDay() int { return d.utc().YearDay() }

// In returns the start of the day in loc.
func (d Date) In(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

func (d Date) utc() time.Time { return d.In(time.UTC) }

// DaysIn returns the number of days of a year: 365 or 366.
func DaysIn(year int) int { return Date{year, time.December, 31}.YearDay() }

// Month is a calendar month, written "2006-01".
type Month struct {
	Year  int
	Month time.Month
}

// ParseMonth reads "2006-01", also "2006-1", "2006/1", "2006.1", "2006年1月".
// Errors: Invalid.
func ParseMonth(s string) (Month, error) {
	t := foldWidth(s)
	for _, f := range []string{"2006-1", "2006/1", "2006.1", "2006年1月", "200601"} {
		if v, err := time.Parse(f, t); err == nil && v.Year() >= 1990 && v.Year() <= 2100 {
			return Month{v.Year(), v.Month()}, nil
		}
	}
	return Month{}, Fail(Invalid, "err.month", "value", s)
}

// String returns "2006-01", or "" for the zero month.
func (m Month) String() string {
	if m == (Month{}) {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month))
}

// MarshalText writes m as String does.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText writes. Errors: Invalid.
func (m *Month) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*m = Month{}
		return nil
	}
	*m, err = ParseMonth(string(b))
	return err
}

// Before reports whether m is earlier than n.
func (m Month) Before(n Month) bool { return m.String() < n.String() }

// Week is an ISO 8601 week.
type Week struct{ Year, Week int }

// WeekOf returns the ISO week of t in its own location.
func WeekOf(t time.Time) Week {
	y, w := t.ISOWeek()
	return Week{y, w}
}

// String returns "2018-W10".
func (w Week) String() string { return fmt.Sprintf("%04d-W%02d", w.Year, w.Week) }

// ParseWeek reads "2018-W10". Errors: Invalid.
func ParseWeek(s string) (Week, error) {
	var w Week
	if _, err := fmt.Sscanf(s, "%4d-W%2d", &w.Year, &w.Week); err != nil || w.Week < 1 || w.Week > 53 {
		return Week{}, Fail(Invalid, "err.week", "value", s)
	}
	return w, nil
}

// Before reports whether w is an earlier week than v.
func (w Week) Before(v Week) bool { return w.Year < v.Year || w.Year == v.Year && w.Week < v.Week }

// Add returns the week n weeks later.
func (w Week) Add(n int) Week { return WeekOf(w.Monday().AddDays(7 * n).utc()) }

// Monday returns the first day of the week.
func (w Week) Monday() Date {
	// 4 January is always in week 1.
	fourth := Date{w.Year, time.January, 4}
	back := (int(fourth.utc().Weekday()) + 6) % 7
	return fourth.AddDays((w.Week-1)*7 - back)
}
