package reporting

import (
	"slices"
	"strings"
	"time"
)

// WeekChange is what a person does with the nudge of a week, as storage writes
// it in one transaction.
type WeekChange struct {
	Week     NudgeWeek // as it will be
	Seen     *Seen     // who acknowledged it; the first time counts
	Event    Event
	Note     NudgeNote // of the nudge's history
	Messages []Message
}

// MaxWhy is how long the reason of a snooze, or of a week without projects, may
// be, in code points.
const MaxWhy = 200

// SnoozeDays are by how many days a nudge can be put off.
var SnoozeDays = []int{1, 3}

// CanTendWeek returns nil when a may do something with the nudge of week of the
// body whose newest is w. Errors: Forbidden; Conflict when another nudge has
// come since, or it is not known yet that this one was posted.
func CanTendWeek(a Actor, w NudgeWeek, week Week) error {
	if err := CanNudge(a, w.BodyID); err != nil {
		return err
	}
	switch {
	case w.Week.Before(week):
		return Fail(Conflict, "err.nudge.fresh")
	case w.Week != week:
		return Fail(Conflict, "err.nudge.old", "week", week.String(), "newest", w.Week.String())
	}
	return nil
}

func (w NudgeWeek) open(a Actor, week Week) error {
	if err := CanTendWeek(a, w, week); err != nil {
		return err
	}
	if w.MetAt != 0 {
		return Fail(Conflict, "err.nudge.met")
	}
	return nil
}

func (w NudgeWeek) changed(a Actor, action, why string, before NudgeWeek, at int64) WeekChange {
	return WeekChange{
		Week:  w,
		Event: Event{At: at, Actor: a.UserID, Action: action, Kind: "nudge", Subject: w.BodyID + "/" + w.Week.String(), Before: before, After: w},
		Note:  NudgeNote{At: at, Actor: a.UserID, Action: action, Why: why},
	}
}

// Acknowledge takes note that a has seen the nudge of a week. Errors: as
// CanTendWeek.
func Acknowledge(a Actor, w NudgeWeek, week Week, at int64) (WeekChange, error) {
	if err := CanTendWeek(a, w, week); err != nil {
		return WeekChange{}, err
	}
	c := w.changed(a, "nudge.seen", "", w, at)
	c.Seen = &Seen{BodyID: w.BodyID, Week: week, UserID: a.UserID, At: at}
	c.Event.Before, c.Event.After = nil, *c.Seen
	return c, nil
}

// Snooze puts off the nudge of a week by days, to a working day, on which it is
// said again at the body's hour; rule is the body's. Errors: as CanTendWeek;
// Conflict when the week is met, nothing is to come of it, or the next nudge
// comes before; Invalid for the days and the reason.
func Snooze(a Actor, w NudgeWeek, week Week, days int, why string, rule NudgeRule, now time.Time) (WeekChange, error) {
	if err := w.open(a, week); err != nil {
		return WeekChange{}, err
	}
	if w.NothingWhy != "" {
		return WeekChange{}, Fail(Conflict, "err.nudge.nothing_said")
	}
	if !slices.Contains(SnoozeDays, days) {
		return WeekChange{}, Fail(Invalid, "err.nudge.days").At("days")
	}
	now = now.In(rule.Location)
	to := rule.Calendar.OnOrAfter(DateOf(now).AddDays(days))
	at := wall(to, rule.Hour, rule.Minute, rule.Location)
	if _, next := rule.NextOwed(now); !at.Before(next) {
		return WeekChange{}, Fail(Conflict, "err.nudge.late", "day", DateOf(next).String(), "clock", next.Format("15:04")).At("days")
	}
	why, err := readWhy(why)
	if err != nil {
		return WeekChange{}, err
	}
	before := w
	w.SnoozedTo, w.SnoozedBy, w.SnoozedWhy = to, a.UserID, why
	c := w.changed(a, "nudge.snooze", why, before, now.UnixMilli())
	c.Note.Until = to
	c.Messages = []Message{{
		Key: weekKey("nudge-again", w, to.String()), Kind: NudgeAgain, BodyID: w.BodyID, ThreadOf: NudgeKey(w.BodyID, w.Week), DueAt: at.UnixMilli(),
		Args: map[string]string{"week": w.Week.String(), "day": to.String()},
	}}
	return c, nil
}

// NothingThisWeek takes note that a body files nothing in a week, and why.
// Errors: as CanTendWeek; Conflict when the week is met; Invalid for the reason.
func NothingThisWeek(a Actor, w NudgeWeek, week Week, why string, at int64) (WeekChange, error) {
	if err := w.open(a, week); err != nil {
		return WeekChange{}, err
	}
	why, err := readWhy(why)
	if err != nil {
		return WeekChange{}, err
	}
	before := w
	w.NothingWhy, w.NothingBy, w.NothingAt = why, a.UserID, at
	return w.changed(a, "nudge.nothing", why, before, at), nil
}

func readWhy(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch n := len([]rune(s)); {
	case n == 0:
		return "", Fail(Invalid, "err.nudge.why").At("reason")
	case n > MaxWhy:
		return "", Fail(Invalid, "err.too_long", "max", MaxWhy, "length", n).At("reason")
	}
	return s, nil
}

// StillSnoozed reports whether a nudge that was put off to day is still to be
// said again on it.
func (w NudgeWeek) StillSnoozed(day Date) bool {
	return w.MetAt == 0 && w.NothingWhy == "" && w.SnoozedTo == day
}
