package reporting

// NudgeWeek is a body's week: what its nudge asked for, and what came of it. It
// opens when the nudge is posted.
type NudgeWeek struct {
	BodyID   string
	Week     Week
	Year     int    // plan year of the figures
	PostedAt int64  // UTC ms
	Need     int    // projects to file in this week, by the quota and the weeks left
	Base     int    // credited and pending when it was posted
	Colour   Colour // when it was posted
	Level    Colour // Colour, but a red week made good becomes yellow first
	MetAt    int64  // UTC ms since when the week is met, 0 = it is not

	NothingWhy string // the body says that it files nothing this week; "" = it does not say so
	NothingBy  string // Slack user id
	NothingAt  int64  // UTC ms

	SnoozedTo  Date // the day on which it is reminded again; zero = not snoozed
	SnoozedBy  string
	SnoozedWhy string

	Version int
}

// Filed returns how many projects were filed since the nudge was posted and not
// returned, by a standing of now.
func (w NudgeWeek) Filed(s Standing) int { return s.Tally.Credited + s.Tally.Pending - w.Base }

// Met reports whether the week is met by a standing of now: what it needed is
// filed, or the quota is.
func (w NudgeWeek) Met(s Standing) bool { return w.Filed(s) >= w.Need || s.Remaining() == 0 }

// Seen says who acknowledged a body's nudge of a week.
type Seen struct {
	BodyID string
	Week   Week
	UserID string
	At     int64 // UTC ms
}
