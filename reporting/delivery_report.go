package reporting

import (
	"slices"
	"time"
)

// Messages that sum up a week.
const (
	DigestMessage  MessageKind = "digest"          // the week in figures: to the leaders' channel
	DeliveryReport MessageKind = "delivery_report" // what became of the week's nudges: to the office
)

// DigestKey is the key of the leaders' digest of a week.
func DigestKey(w Week) string { return "digest/" + w.String() }

// DeliveryReportKey is the key of the delivery report of a week.
func DeliveryReportKey(w Week) string { return "delivery-report/" + w.String() }

// NudgeFate is what became of a body's nudge of a week.
type NudgeFate string

// The fates.
const (
	NudgeSent    NudgeFate = "sent"
	NudgeWaits   NudgeFate = "waits"   // its moment has come, and it is not settled
	NudgeFailed  NudgeFate = "failed"  // it will not come: the channel is dead, or our bug
	NudgeSkipped NudgeFate = "skipped" // none is owed
	NudgeLater   NudgeFate = "later"   // by the body's own setting its moment comes later
)

// LateAfter is from when on a nudge counts as late.
const LateAfter = 15 * time.Minute

// Fated is a body's nudge of a week with what became of it.
type Fated struct {
	Body   Body
	Fate   NudgeFate
	Reason string // Slack's code, or why none is owed; "" = none is known
	Class  FailureClass
	Due    time.Time
	Late   time.Duration // of one that was sent more than LateAfter too late
	Tries  int
	Found  bool // it was found posted by an earlier try
}

// Fates says what became of the nudges of a week by now, in table order. sent
// are the rows of the outbox, by key. A body that had ended is left out.
func Fates(list *BodyList, city NudgeRule, w Week, sent map[string]Delivery, now time.Time) []Fated {
	out := make([]Fated, 0, len(list.All))
	for _, b := range list.All {
		rule := list.Rule(city, b.ID)
		f := Fated{Body: b, Due: rule.At(w)}
		if b.Ended(DateOf(f.Due.In(rule.Location))) {
			continue
		}
		if d, ok := sent[NudgeKey(b.ID, w)]; ok {
			f.settled(d)
		} else {
			f.Fate, f.Reason = unplanned(b, rule, w, f.Due, now)
		}
		out = append(out, f)
	}
	return out
}

func (f *Fated) settled(d Delivery) {
	f.Reason, f.Class, f.Tries, f.Found = d.Receipt.Reason, d.Receipt.Class, d.Attempts, d.Receipt.Found
	switch Outcome(d.State) {
	case Sent:
		f.Fate = NudgeSent
		if late := time.Duration(d.SentAt-d.DueAt) * time.Millisecond; late > LateAfter {
			f.Late = late
		}
	case Skipped:
		f.Fate = NudgeSkipped
	case Dead, Failed:
		f.Fate = NudgeFailed
	default:
		f.Fate = NudgeWaits
	}
}

// unplanned says why no nudge of a body is in the outbox.
func unplanned(b Body, rule NudgeRule, w Week, due, now time.Time) (NudgeFate, string) {
	switch {
	case b.ChannelID == "":
		return NudgeSkipped, string(NudgeNoChannel)
	case w.Before(rule.Since):
		return NudgeSkipped, string(NudgeNewRule)
	case rule.Paused(due):
		return NudgeSkipped, string(NudgePaused)
	case due.After(now):
		return NudgeLater, ""
	case due.UnixMilli() < b.ChannelSince:
		return NudgeSkipped, string(NudgeNewChannel)
	case b.UndeliverableSince != 0:
		return NudgeFailed, b.UndeliverableWhy
	}
	return NudgeWaits, ""
}

// Of returns those of a fate.
func Of(all []Fated, fate NudgeFate) []Fated {
	return slices.DeleteFunc(slices.Clone(all), func(f Fated) bool { return f.Fate != fate })
}

// NudgesSettled reports whether nothing whose moment has come waits any more.
// Begun is false when no nudge of the week was owed to anybody yet, so that
// there is nothing to tell of it.
func NudgesSettled(all []Fated) (settled, begun bool) {
	settled = true
	for _, f := range all {
		switch f.Fate {
		case NudgeWaits:
			settled = false
		case NudgeSent:
			begun = true
		case NudgeFailed, NudgeSkipped:
			begun = begun || f.Tries > 0
		}
	}
	return settled, begun
}

// WeekNews is when something of a week was last written (UTC ms), 0 = never.
type WeekNews struct {
	Posted int64 // a nudge
	Said   int64 // somebody acknowledged one, said that nothing will come, or met it
}

// Missing is how many weeks in a row a body has missed.
type Missing struct {
	BodyID    string
	Weeks     int
	Explained int // of which the body said why
}

// MissedWeeks returns the bodies that missed the weeks before w in a row, who
// missed the most first, then in the order given. weeks are the newest first.
func MissedWeeks(weeks []NudgeWeek, w Week) []Missing {
	var bodies []string
	of := map[string][]NudgeWeek{}
	for _, k := range weeks {
		if k.Week.String() >= w.String() {
			continue
		}
		if of[k.BodyID] == nil {
			bodies = append(bodies, k.BodyID)
		}
		of[k.BodyID] = append(of[k.BodyID], k)
	}
	var out []Missing
	for _, body := range bodies {
		if missed, explained := MissedInRow(of[body]); missed > 0 {
			out = append(out, Missing{body, missed, explained})
		}
	}
	slices.SortStableFunc(out, func(a, b Missing) int { return b.Weeks - a.Weeks })
	return out
}

// CityChange is what came in the city within some days.
type CityChange struct {
	Filed    int // projects submitted
	Credited int // more that count, fewer when negative
}
