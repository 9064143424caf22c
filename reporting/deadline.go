package reporting

import (
	"strconv"
	"time"
)

// DeadlineKind is what is to be done by a day of the year.
type DeadlineKind string

// The deadlines of a year.
const (
	ByProgress  DeadlineKind = "progress"  // the month's progress of every open project: 25th of each month
	ByReconfirm DeadlineKind = "reconfirm" // what older years left unfinished is confirmed: 31 January
	ByHalfYear  DeadlineKind = "half_year" // the time-proportional half of the quota: 30 June
	ByYearEnd   DeadlineKind = "year_end"  // the quota: 31 December
	ByGrace     DeadlineKind = "grace"     // what was submitted in the old year is verified: 15 January
)

// DeadlineKinds lists the kinds.
var DeadlineKinds = []DeadlineKind{ByProgress, ByReconfirm, ByHalfYear, ByYearEnd, ByGrace}

// DeadlineMessage announces a deadline to the channel of a body that still owes something.
const DeadlineMessage MessageKind = "deadline"

// progressDay is the day of each month by which its progress is told.
const progressDay = 25

// Deadline is a day by which something is owed.
type Deadline struct {
	Kind DeadlineKind
	Year int  // plan year of what is owed
	Set  Date // the day as the plan sets it
	On   Date // the last day: Set, moved where it is a day off
}

// DeadlineRule is how deadlines are set and announced. Its zero value announces
// none.
type DeadlineRule struct {
	DayOff   DayOff // of a deadline that falls on a day off; "" = it stays
	Announce []int  // so many working days before, 0 = on the day itself
	Curve    Curve  // of what is expected at the half of the year
}

// Of returns the deadlines that fall into a calendar year, in their order.
func (r DeadlineRule) Of(year int, c *Calendar) []Deadline {
	var out []Deadline
	add := func(kind DeadlineKind, of int, month time.Month, day int) {
		set := Date{year, month, day}
		out = append(out, Deadline{Kind: kind, Year: of, Set: set, On: r.DayOff.Move(c, set)})
	}
	add(ByGrace, year-1, time.January, GraceDays)
	for month := time.January; month <= time.December; month++ {
		add(ByProgress, year, month, progressDay)
		switch month {
		case time.January:
			add(ByReconfirm, year, month, 31)
		case time.June:
			add(ByHalfYear, year, month, 30)
		case time.December:
			add(ByYearEnd, year, month, 31)
		}
	}
	return out
}

// Find returns the deadline of a kind that the plan sets on a day.
func (r DeadlineRule) Find(kind DeadlineKind, set Date, c *Calendar) (Deadline, bool) {
	for _, d := range r.Of(set.Year, c) {
		if d.Kind == kind && d.Set == set {
			return d, true
		}
	}
	return Deadline{}, false
}

// Left returns how many working days a deadline leaves after day, the last one
// included.
func (d Deadline) Left(c *Calendar, day Date) int {
	n := 0
	for day.Before(d.On) {
		if day = day.AddDays(1); c.Working(day) {
			n++
		}
	}
	return n
}

// Announcement is a step at which a deadline is told.
type Announcement struct {
	Deadline
	Ahead int       // working days before On
	At    time.Time // the moment: at the hour of the body's nudge
}

// Due returns what a body with this rule is to be told by now: of each deadline
// whose day is not over the last step that has come. Earlier steps that were
// missed are not made up for.
func (r DeadlineRule) Due(rule NudgeRule, now time.Time) []Announcement {
	day := DateOf(now.In(rule.Location))
	var out []Announcement
	for _, d := range r.around(day, rule.Calendar) {
		if d.On.Before(day) {
			continue
		}
		var last Announcement
		for _, a := range r.steps(d, rule) {
			if !now.Before(a.At) && (last.At.IsZero() || a.At.After(last.At)) {
				last = a
			}
		}
		if !last.At.IsZero() {
			out = append(out, last)
		}
	}
	return out
}

// Next returns the first moment after now at which something is announced, or a
// deadline's day is over; zero when nothing ever is.
func (r DeadlineRule) Next(rule NudgeRule, now time.Time) time.Time {
	var first time.Time
	sooner := func(at time.Time) {
		if at.After(now) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	if len(r.Announce) == 0 {
		return first
	}
	for _, d := range r.around(DateOf(now.In(rule.Location)), rule.Calendar) {
		sooner(d.On.AddDays(1).In(rule.Location))
		for _, a := range r.steps(d, rule) {
			sooner(a.At)
		}
	}
	return first
}

// around returns the deadlines that a day may have to do with: the first of a
// year is announced in the year before.
func (r DeadlineRule) around(day Date, c *Calendar) []Deadline {
	return append(r.Of(day.Year, c), r.Of(day.Year+1, c)...)
}

func (r DeadlineRule) steps(d Deadline, rule NudgeRule) []Announcement {
	out := make([]Announcement, 0, len(r.Announce))
	for _, n := range r.Announce {
		on := rule.Calendar.Before(d.On, n)
		out = append(out, Announcement{Deadline: d, Ahead: n, At: wall(on, rule.Hour, rule.Minute, rule.Location)})
	}
	return out
}

// Key returns the key of the announcement to a body. It names the day that the
// plan sets, so that another calendar repeats nothing.
func (a Announcement) Key(body string) string {
	return "deadline/" + body + "/" + string(a.Kind) + "/" + a.Set.String() + "/" + strconv.Itoa(a.Ahead)
}

// Message returns the announcement to a body that owes something. Its words
// and figures come when it is sent.
func (a Announcement) Message(body string) Message {
	return Message{
		Key: a.Key(body), Kind: DeadlineMessage, BodyID: body, DueAt: a.At.UnixMilli(),
		Args: map[string]string{"deadline": string(a.Kind), "set": a.Set.String(), "ahead": strconv.Itoa(a.Ahead)},
	}
}

// Tells reports whether b is told of the announcement at all: it has a channel
// that works and had it then, and has not ended.
func (a Announcement) Tells(b Body) bool {
	return b.ChannelID != "" && b.ChannelSince <= a.At.UnixMilli() && b.UndeliverableSince == 0 && !b.Ended(a.On)
}

// ByStanding reports whether what is owed by the deadline follows from a
// body's standing; else it is counted in projects.
func (d Deadline) ByStanding() bool { return d.Kind == ByHalfYear || d.Kind == ByYearEnd }

// Owes returns how many credited projects s lacks for the deadline: what the
// time-proportional progress expects on that day, or the whole quota.
func (d Deadline) Owes(s Standing) int {
	if d.Kind == ByYearEnd {
		return s.Remaining()
	}
	s.AsOf = d.Set
	n, of := s.share()
	expected := (s.Owes()*n + of - 1) / of
	return max(0, expected-s.Tally.Credited)
}

// Since returns the first day of the month whose progress is told.
func (d Deadline) Since() Date { return Date{d.Set.Year, d.Set.Month, 1} }
