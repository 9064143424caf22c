package reporting

import "time"

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
	NudgePaused     NudgeReason = "paused"        // its hour lies in a pause: this week none comes, also after it
	NudgeNewRule    NudgeReason = "new_rule"      // its weekday or time was changed, and that week had the old one
)

// Owed reports whether the reason means that a nudge goes out.
func (r NudgeReason) Owed() bool { return r == NudgeDue || r == NudgeDueLate }

// Decides reports whether the reason settles the week: a nudge goes out, or
// none does, whatever comes later in the week.
func (r NudgeReason) Decides() bool { return r.Owed() || r == NudgeNoTask || r == NudgePaused }

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
	case w.Before(rule.Since):
		return w, NudgeNewRule
	case rule.Paused(at) || rule.Paused(now):
		return w, NudgePaused
	case b.UndeliverableSince != 0:
		return w, NudgeDead
	case !owes:
		return w, NudgeNoTask
	case now.Sub(at) > time.Hour:
		return w, NudgeDueLate
	}
	return w, NudgeDue
}

// StillOwed reports whether a planned nudge should still be posted: only until
// the next week's comes. One whose hour was moved behind now is posted all the
// same: it was decided.
func StillOwed(w Week, rule NudgeRule, now time.Time) bool {
	current, _ := rule.Current(now)
	return !w.Before(current)
}
