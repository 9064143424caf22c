package reporting

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// NudgeChanged is a change of when a body is nudged: to its channel.
const NudgeChanged MessageKind = "nudge_changed"

// The fields of the forms about a body's nudge.
const (
	FieldNudgeWeekday = "nudge_weekday"
	FieldNudgeTime    = "nudge_time"
	FieldNudgeZone    = "nudge_zone"
	FieldNudgeLocale  = "nudge_locale"
	FieldNudgeUntil   = "nudge_until"
)

// AsCity is the value of a field that follows the city.
const AsCity = "city"

// NudgeLimits is within what officials may set their body's nudge. The office
// may set anything.
type NudgeLimits struct {
	Weekdays         []string // English names
	Earliest, Latest string   // HH:MM in the zone of the body
	Zones            []string // IANA names beside the city's
	PauseWeeks       int      // the longest pause
}

// DefaultNudgeLimits are those of a city that sets none.
var DefaultNudgeLimits = NudgeLimits{
	Weekdays: []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"},
	Earliest: "08:00", Latest: "18:00", PauseWeeks: 4,
}

// NudgeChange is a change of a body's nudge, to be written as one: its setting
// with the version that was there, the event, and what the channel is told.
type NudgeChange struct {
	Setting NudgeSetting
	Event   Event
	Message Message
}

// NudgeState is what a change of a body's nudge is decided from.
type NudgeState struct {
	City    NudgeRule    // with the calendar in force
	Setting NudgeSetting // with BodyID; its zero value otherwise when nothing is set
	Decided bool         // the week that is current by the rule in force is decided: see NudgeReason.Decides
	Limits  NudgeLimits
}

// Rule returns the rule in force.
func (s NudgeState) Rule() NudgeRule { return s.Setting.apply(s.City) }

// SetNudge sets weekday, time, zone and language by the fields of the form. No
// week gets two nudges by it and none is left out: one whose new hour has passed
// keeps the old one. seen is the version that the person saw, at is UTC ms.
// Errors: Forbidden; Conflict when it was changed since (err.nudge.changed) or
// nothing is changed (err.nudge.same); FieldErrors that name what is allowed.
func SetNudge(a Actor, v map[string]string, old NudgeState, seen int, at int64) (NudgeChange, error) {
	if err := CanNudge(a, old.Setting.BodyID); err != nil {
		return NudgeChange{}, err
	}
	if seen != old.Setting.Version {
		return NudgeChange{}, Fail(Conflict, "err.nudge.changed")
	}
	r := &nudgeReader{reader: reader{values: v}, actor: a, old: old}
	s := old.Setting
	s.Weekday, s.Time, s.Zone, s.Locale = r.weekday(), r.time(), r.zone(), r.locale()
	if len(r.errs) > 0 {
		return NudgeChange{}, r.errs
	}
	if s == old.Setting {
		return NudgeChange{}, Fail(Conflict, "err.nudge.same")
	}
	s.pin(old, time.UnixMilli(at))
	return nudgeChange(a, "set", old.Setting, s, at), nil
}

// pin has one week keep what it had by the rule in force before: the next, where
// the new rule's hour of it has passed, else the one that was decided or left out.
func (s *NudgeSetting) pin(old NudgeState, now time.Time) {
	before := old.Rule()
	after := s.apply(old.City)
	if before.Weekday == after.Weekday && before.Hour == after.Hour && before.Minute == after.Minute && before.Location.String() == after.Location.String() {
		return
	}
	after.Since, after.SinceAt = Week{}, time.Time{}
	was, wasAt := before.Current(now)
	is, _ := after.Current(now)
	next, at := before.Next(now)
	for next.Before(before.Since) {
		next, at = before.Next(at)
	}
	switch {
	case is.Before(before.Since) && (was.Add(1).Before(before.Since) || was.Before(before.Since) && !old.Decided):
		s.Since, s.SinceAt = before.Since, 0 // weeks before it were left out by a pause
	case was.Before(is):
		s.Since, s.SinceAt = next, at.UnixMilli()
	case old.Decided || was == is:
		s.keepPast(old.City, was, wasAt, now)
	default: // its new hour comes later this week
		s.Since, s.SinceAt = was, 0
	}
}

// keepPast has a week keep its moment, or one some days before it: another zone
// may have a day off then, which must not move it behind now.
func (s *NudgeSetting) keepPast(city NudgeRule, w Week, at, now time.Time) {
	s.Since, s.SinceAt = w, at.UnixMilli()
	for range longestHoliday {
		if !s.apply(city).At(w).After(now) {
			return
		}
		at = at.AddDate(0, 0, -1)
		s.SinceAt = at.UnixMilli()
	}
}

// PauseNudge pauses a body's nudges until a day, the first on which they go out
// again, for a reason. A week whose hour lies in the pause gets none. Errors:
// Forbidden; FieldErrors for the day and the reason.
func PauseNudge(a Actor, until, reason string, old NudgeState, at int64) (NudgeChange, error) {
	if err := CanNudge(a, old.Setting.BodyID); err != nil {
		return NudgeChange{}, err
	}
	s := old.Setting
	today := DateOf(time.UnixMilli(at).In(old.Rule().Location))
	last := today.AddDays(7 * old.Limits.PauseWeeks)
	day, err := ParseDate(foldWidth(until))
	r := reader{}
	switch {
	case err != nil:
		r.fault(FieldNudgeUntil, Fail(Invalid, "err.date", "value", clip(until, 40)))
	case !today.Before(day):
		r.fault(FieldNudgeUntil, Fail(Invalid, "err.nudge.until.past", "value", day.String(), "first", today.AddDays(1).String()))
	case !a.OfOffice() && last.Before(day):
		r.fault(FieldNudgeUntil, Fail(Invalid, "err.nudge.until.far", "weeks", old.Limits.PauseWeeks, "last", last.String(), "who", "who.office"))
	case a.OfOffice() && today.AddDays(366).Before(day):
		r.fault(FieldNudgeUntil, Fail(Invalid, "err.nudge.until.year", "last", today.AddDays(366).String()))
	}
	why, err := readReason(reason)
	if err != nil {
		r.fault(FieldReason, err)
	}
	if len(r.errs) > 0 {
		return NudgeChange{}, r.errs
	}
	s.PausedUntil, s.PausedBy, s.PauseReason = day, a.UserID, why
	return nudgeChange(a, "pause", old.Setting, s, at), nil
}

// ResumeNudge ends a body's pause now. A week whose hour lay in it stays
// without: nobody is reminded late without having asked. Errors: Forbidden;
// Conflict when there is no pause (err.nudge.not_paused).
func ResumeNudge(a Actor, old NudgeState, at int64) (NudgeChange, error) {
	if err := CanNudge(a, old.Setting.BodyID); err != nil {
		return NudgeChange{}, err
	}
	s, now, rule := old.Setting, time.UnixMilli(at), old.Rule()
	if !rule.Paused(now) {
		return NudgeChange{}, Fail(Conflict, "err.nudge.not_paused")
	}
	s.PausedUntil, s.PausedBy, s.PauseReason = Date{}, "", ""
	if next, at := rule.Next(now); s.Since.Before(next) {
		s.Since, s.SinceAt = next, at.UnixMilli()
	}
	return nudgeChange(a, "resume", old.Setting, s, at), nil
}

func nudgeChange(a Actor, what string, before, after NudgeSetting, at int64) NudgeChange {
	version := strconv.Itoa(after.Version + 1)
	return NudgeChange{
		Setting: after,
		Event:   Event{At: at, Actor: a.UserID, Action: "nudge." + what, Kind: "nudge", Subject: after.BodyID, Before: before, After: after},
		Message: Message{
			Key: "nudge-changed/" + after.BodyID + "/" + version, Kind: NudgeChanged, BodyID: after.BodyID,
			Args: map[string]string{"what": what, "by": a.UserID, "version": version},
		},
	}
}

// nudgeReader reads the form about a body's nudge. What stays as it was needs
// no permission.
type nudgeReader struct {
	reader
	actor Actor
	old   NudgeState
}

// value returns what was typed in a field, "" for the city's, and whether it has
// to keep within the limits.
func (r *nudgeReader) value(field, was string) (value string, bound bool) {
	value = foldWidth(r.values[field])
	if value == AsCity {
		value = ""
	}
	return value, value != "" && value != was && !r.actor.OfOffice()
}

func (r *nudgeReader) weekday() string {
	day, bound := r.value(FieldNudgeWeekday, r.old.Setting.Weekday)
	switch {
	case day != "" && !slices.Contains(weekdays, day):
		r.fault(FieldNudgeWeekday, Fail(Invalid, "err.choice"))
	case bound && !slices.Contains(r.old.Limits.Weekdays, day):
		r.fault(FieldNudgeWeekday, Fail(Invalid, "err.nudge.weekday", "weekday", day))
	}
	return day
}

func (r *nudgeReader) time() string {
	typed, bound := r.value(FieldNudgeTime, r.old.Setting.Time)
	if typed == "" {
		return ""
	}
	at, err := time.Parse("15:04", typed)
	if err != nil {
		r.fault(FieldNudgeTime, Fail(Invalid, "err.nudge.time", "value", clip(typed, 40)))
		return typed
	}
	clock, l := at.Format("15:04"), r.old.Limits
	if bound && (clock < l.Earliest || l.Latest < clock) && clock != r.old.Setting.Time {
		r.fault(FieldNudgeTime, Fail(Invalid, "err.nudge.time.range", "earliest", l.Earliest, "latest", l.Latest, "who", "who.office"))
	}
	return clock
}

func (r *nudgeReader) zone() string {
	zone, bound := r.value(FieldNudgeZone, r.old.Setting.Zone)
	_, err := time.LoadLocation(zone)
	switch {
	case zone == "":
	case err != nil || zone == "Local":
		r.fault(FieldNudgeZone, Fail(Invalid, "err.nudge.zone", "value", clip(zone, 40)))
	case bound && !slices.Contains(r.old.Limits.Zones, zone) && zone != r.old.City.Location.String():
		r.fault(FieldNudgeZone, Fail(Invalid, "err.nudge.zone.range", "value", clip(zone, 40), "who", "who.office"))
	}
	return zone
}

func (r *nudgeReader) locale() Locale {
	l, _ := r.value(FieldNudgeLocale, "")
	if l != "" && !slices.Contains(Locales, Locale(l)) {
		r.fault(FieldNudgeLocale, Fail(Invalid, "err.choice"))
	}
	return Locale(l)
}

// weekdays are the names of the days, Monday first.
var weekdays = func() []string {
	var out []string
	for d := time.Monday; d <= time.Saturday; d++ {
		out = append(out, d.String())
	}
	return append(out, time.Sunday.String())
}()

// Weekdays returns the names of the days on which a's body may be nudged, Monday
// first: for the office all, else what is allowed, with what is set.
func (s NudgeState) Weekdays(a Actor) []string {
	return slices.DeleteFunc(slices.Clone(weekdays), func(d string) bool {
		return !a.OfOffice() && !slices.Contains(s.Limits.Weekdays, d) && d != s.Setting.Weekday
	})
}

// Zones returns the zones beside the city's that a's body may have, with what is
// set.
func (s NudgeState) Zones() []string {
	out := slices.Clone(s.Limits.Zones)
	if own := s.Setting.Zone; own != "" && !slices.Contains(out, own) {
		out = append(out, own)
	}
	return slices.DeleteFunc(out, func(z string) bool { return z == s.City.Location.String() })
}

// Valid reports whether the limits can be kept.
func (l NudgeLimits) Valid() bool {
	for _, clock := range []string{l.Earliest, l.Latest} {
		if t, err := time.Parse("15:04", clock); err != nil || t.Format("15:04") != clock {
			return false
		}
	}
	bad := func(d string) bool { return !slices.Contains(weekdays, d) }
	unknown := func(z string) bool {
		_, err := time.LoadLocation(z)
		return err != nil || z == "" || z == "Local"
	}
	return cmp.Compare(l.Earliest, l.Latest) <= 0 && l.PauseWeeks > 0 && len(l.Weekdays) > 0 &&
		!slices.ContainsFunc(l.Weekdays, bad) && !slices.ContainsFunc(l.Zones, unknown)
}
