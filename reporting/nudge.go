package reporting

import "time"

// NudgeRule is when the city's nudges go out.
type NudgeRule struct {
	Weekday  time.Weekday
	Hour     int
	Minute   int
	Location *time.Location
}

// At returns the moment of the rule in an ISO week.
func (r NudgeRule) At(w Week) time.Time {
	d := w.Monday().AddDays((int(r.Weekday) + 6) % 7)
	return time.Date(d.Year, d.Month, d.Day, r.Hour, r.Minute, 0, 0, r.Location)
}

// Current returns the latest week whose moment has come by now, and that
// moment.
func (r NudgeRule) Current(now time.Time) (Week, time.Time) {
	now = now.In(r.Location)
	w := WeekOf(now)
	if at := r.At(w); !now.Before(at) {
		return w, at
	}
	w = WeekOf(now.AddDate(0, 0, -7))
	return w, r.At(w)
}

// Next returns the first moment after now, and its week.
func (r NudgeRule) Next(now time.Time) (Week, time.Time) {
	_, at := r.Current(now)
	// Noon of the same weekday is safe from daylight saving.
	w := WeekOf(at.AddDate(0, 0, 7))
	return w, r.At(w)
}

// NudgeReason says why a body's nudge is or is not owed now.
type NudgeReason string

// The reasons.
const (
	NudgeDue        NudgeReason = "due"
	NudgeDueLate    NudgeReason = "due_late"      // the hour passed more than an hour ago and nothing was decided: we were down
	NudgePlanned    NudgeReason = "planned"       // this week's is in the outbox, or the decision that none is owed
	NudgeNoChannel  NudgeReason = "no_channel"    // the body has none
	NudgeNewChannel NudgeReason = "new_channel"   // its channel came after this week's hour
	NudgeDead       NudgeReason = "undeliverable" // its channel is dead
	NudgeNoTask     NudgeReason = "no_task"       // it owes nothing and nothing waits for it
	NudgeEnded      NudgeReason = "ended"         // the body's last day is over
)

// Owed reports whether the reason means that a nudge goes out.
func (r NudgeReason) Owed() bool { return r == NudgeDue || r == NudgeDueLate }

// Decides reports whether the reason settles the week: a nudge goes out, or
// none does, whatever comes later in the week.
func (r NudgeReason) Decides() bool { return r.Owed() || r == NudgeNoTask }

// WaitingShown is how many drafts, and how many returned projects, are read of
// what waits for a body.
const WaitingShown = 10

// Waiting is what waits for a body to do: the first of each kind, and how many
// there are.
type Waiting struct {
	Drafts        []Draft
	DraftTotal    int
	Returned      []Project
	ReturnedTotal int
	Problems      ProblemPage // due soon or overdue
}

// Some reports whether anything waits.
func (w Waiting) Some() bool { return w.DraftTotal+w.ReturnedTotal+w.Problems.Total > 0 }

// DecideNudge says whether b is owed the nudge of week now. planned: this
// week's key exists in the outbox; owes: it has a quota or something waits.
func DecideNudge(b Body, rule NudgeRule, now time.Time, planned, owes bool) (Week, NudgeReason) {
	w, at := rule.Current(now)
	switch {
	case b.Ended(DateOf(now.In(rule.Location))):
		return w, NudgeEnded
	case b.ChannelID == "":
		return w, NudgeNoChannel
	case planned:
		return w, NudgePlanned
	case at.UnixMilli() < b.ChannelSince:
		return w, NudgeNewChannel
	case b.UndeliverableSince != 0:
		return w, NudgeDead
	case !owes:
		return w, NudgeNoTask
	case now.Sub(at) > time.Hour:
		return w, NudgeDueLate
	}
	return w, NudgeDue
}

// StillOwed reports whether a planned nudge should still be posted: only
// while its week is the current one.
func StillOwed(w Week, rule NudgeRule, now time.Time) bool {
	current, _ := rule.Current(now)
	return w == current
}
