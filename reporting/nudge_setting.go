package reporting

import "time"

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

	Since   Week  // as in NudgeRule, by the last change
	SinceAt int64 // UTC ms, 0 = none

	Version int
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
	r.Since, r.PausedUntil = s.Since, s.PausedUntil
	if s.SinceAt != 0 {
		r.SinceAt = time.UnixMilli(s.SinceAt)
	}
	return r
}

// DayOffName returns what the calendar calls a day on which people do not work,
// "" for other days and for a plain Saturday or Sunday.
func (c *Calendar) DayOffName(d Date) string {
	if c == nil || c.Working(d) {
		return ""
	}
	return c.names[d]
}

// Moved returns the day from which a holiday moved the nudge of a week; ok is
// false when it comes on its own day.
func (r NudgeRule) Moved(w Week) (day Date, ok bool) {
	plain := r
	plain.DayOff = DayOffKeep
	day = DateOf(plain.At(w))
	return day, day != DateOf(r.At(w).In(r.Location))
}

// ToBody reports whether m goes to the channel of its body, and so is written in
// the language of that channel.
func (m Message) ToBody() bool {
	switch {
	case m.To != "" || m.BodyID == "" || m.Kind == Arbitration || m.Kind == ArbitrationUpdate:
		return false
	case m.Kind == LifeTold:
		return m.Args["office"] == ""
	}
	return !m.Kind.ToOffice()
}
