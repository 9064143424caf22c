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

	Since   Week      // weeks before it are not owed: others had their own rule; zero = all are
	SinceAt time.Time // the moment of the week Since where it keeps the one that it had; zero = it follows the rule

	PausedUntil Date // first day on which nudges go out again; zero = they do
}

// At returns the moment of the rule in an ISO week, which a holiday may move
// out of it. The week after one that keeps its moment comes after that: on the
// first day, from its own on, that does.
func (r NudgeRule) At(w Week) time.Time {
	if w == r.Since && !r.SinceAt.IsZero() {
		kept := r.SinceAt.In(r.Location)
		if d := r.DayOff.Move(r.Calendar, DateOf(kept)); d != DateOf(kept) {
			return wall(d, kept.Hour(), kept.Minute(), r.Location)
		}
		return kept
	}
	d := w.Monday().AddDays((int(r.Weekday) + 6) % 7)
	if w == r.Since.Add(1) && !r.SinceAt.IsZero() {
		// A zone further west ends its weeks later: what it has on Sunday night
		// comes after what this one has on Monday morning.
		for !wall(d, r.Hour, r.Minute, r.Location).After(r.SinceAt) {
			d = d.AddDays(1)
		}
	}
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

// NextOwed is Next without the weeks that a pause leaves out and those that had
// another rule.
func (r NudgeRule) NextOwed(now time.Time) (Week, time.Time) {
	w, at := r.Next(now)
	for w.Before(r.Since) || r.Paused(at) {
		w, at = r.Next(at)
	}
	return w, at
}

// Paused reports whether a moment lies in the pause.
func (r NudgeRule) Paused(t time.Time) bool {
	return DateOf(t.In(r.Location)).Before(r.PausedUntil)
}
