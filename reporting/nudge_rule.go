package reporting

import "time"

// NudgeRule is when nudges go out: the city's, or with a body's own settings
// (see BodyList.Rule) that body's.
type NudgeRule struct {
	Weekday  time.Weekday
	Hour     int
	Minute   int
	Location *time.Location
	DayOff   DayOff    // of a nudge that falls on a day off; "" = it stays
	Calendar *Calendar // nil: Monday to Friday are working days
}

// At returns the moment of the rule in an ISO week, which a holiday may move
// out of it.
func (r NudgeRule) At(w Week) time.Time {
	d := w.Monday().AddDays((int(r.Weekday) + 6) % 7)
	d = r.DayOff.Move(r.Calendar, d)
	return wall(d, r.Hour, r.Minute, r.Location)
}

// wall returns the moment at which clocks show a time on a day: the first of
// two; and of a time that is left out when clocks go forward, the one by the
// offset that was in force before (RFC 5545, 3.3.5).
func wall(d Date, hour, minute int, loc *time.Location) time.Time {
	shows := func(t time.Time) bool { return t.Day() == d.Day && t.Hour() == hour && t.Minute() == minute }
	plain := time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, loc)
	_, offset := plain.Add(-24 * time.Hour).Zone()
	before := time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, time.FixedZone("", offset)).In(loc)
	if !shows(before) && shows(plain) {
		return plain
	}
	return before
}

// Current returns the latest week whose moment has come by now, and that
// moment. A week whose moment a holiday moved to that of the next, or behind
// it, is never the current one: the next week's nudge says it all.
func (r NudgeRule) Current(now time.Time) (Week, time.Time) {
	now = now.In(r.Location)
	// A moment may have moved before its week, by one.
	w := WeekOf(now).Add(1)
	for range longestHoliday / 7 {
		if at := r.At(w); !now.Before(at) {
			return w, at
		}
		w = w.Add(-1)
	}
	return w, r.At(w)
}

// Next returns the first moment after now, and the week of the nudge that then
// goes out.
func (r NudgeRule) Next(now time.Time) (Week, time.Time) {
	w, _ := r.Current(now)
	w = w.Add(1)
	at := r.At(w)
	for range longestHoliday / 7 {
		next := r.At(w.Add(1))
		if next.After(at) {
			break
		}
		w, at = w.Add(1), next
	}
	return w, at
}

// NudgeSetting is what a body's officials have set for its nudge, within what
// the office allows. Zero fields follow the city.
type NudgeSetting struct {
	BodyID  string
	Weekday string // English name of the day, "" = the city's
	Time    string // HH:MM, "" = the city's
	Zone    string // IANA name, "" = the city's
	Locale  Locale // language of the channel, "" = the city's

	PausedUntil Date // first day on which nudges go out again; zero = they do
	PausedBy    string
	PauseReason string
	Version     int
}

// Rule returns when a body is nudged: by the city's rule and calendar, with
// what the body has set.
func (l *BodyList) Rule(city NudgeRule, body string) NudgeRule {
	city.Calendar = l.Calendar
	return l.Nudges[body].apply(city)
}

func (s NudgeSetting) apply(r NudgeRule) NudgeRule {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if s.Weekday == day.String() {
			r.Weekday = day
		}
	}
	if at, err := time.Parse("15:04", s.Time); err == nil {
		r.Hour, r.Minute = at.Hour(), at.Minute()
	}
	if s.Zone != "" {
		if loc, err := time.LoadLocation(s.Zone); err == nil {
			r.Location = loc
		}
	}
	return r
}
