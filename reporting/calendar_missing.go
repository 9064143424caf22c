package reporting

import (
	"strconv"
	"time"
)

// CalendarMissing tells the office that the holidays of a year are not known.
const CalendarMissing MessageKind = "calendar_missing"

// MissingCalendar returns the year whose holidays the office has to import on a
// day, 0 for none: the next one from 1 December on, since the State Council
// publishes them in November, and in January that of the day.
func MissingCalendar(c *Calendar, day Date) int {
	year := 0
	switch day.Month {
	case time.December:
		year = day.Year + 1
	case time.January:
		year = day.Year
	}
	if year == 0 || c.Covers(year) {
		return 0
	}
	return year
}

// CalendarAlarm returns the message that is owed at a time while a calendar is
// missing, ok false for none yet: on the first working day from 1 December on,
// and then on the first of every week, at the hour of the city's nudges.
func CalendarAlarm(c *Calendar, rule NudgeRule, now time.Time) (m Message, ok bool) {
	now = now.In(rule.Location)
	day := DateOf(now)
	year := MissingCalendar(c, day)
	if year == 0 {
		return Message{}, false
	}
	week := WeekOf(now)
	first := week.Monday()
	if begin := (Date{year - 1, time.December, 1}); first.Before(begin) {
		first = begin
	}
	first = c.OnOrAfter(first)
	at := time.Date(first.Year, first.Month, first.Day, rule.Hour, rule.Minute, 0, 0, rule.Location)
	if now.Before(at) {
		return Message{}, false
	}
	return Message{
		Key: "calendar/" + strconv.Itoa(year) + "/" + week.String(), Kind: CalendarMissing, DueAt: at.UnixMilli(),
		Args: map[string]string{"year": strconv.Itoa(year), "week": week.String()},
	}, true
}
