package reporting

// OpenWeek returns the week that a body's nudge opens with a standing of now
// (at, UTC ms). before are the body's earlier weeks, the newest first.
func OpenWeek(week Week, s Standing, th Thresholds, before []NudgeWeek, at int64) NudgeWeek {
	w := NudgeWeek{
		BodyID: s.BodyID, Week: week, Year: s.Year, PostedAt: at,
		Need: s.PerWeek(), Base: s.Tally.Credited + s.Tally.Pending, Colour: s.Colour(th),
	}
	w.Level = w.Colour
	if len(before) > 0 {
		w.Level = LevelAfter(before[0], s.Year, w.Colour)
	}
	return w
}

// LevelAfter returns the level of a week of a plan year in which a body's
// colour is c, after the week before: what was red and is made good becomes
// yellow first. A new year, and a body without a quota, begin anew.
func LevelAfter(before NudgeWeek, year int, c Colour) Colour {
	if before.Level == Red && before.Year == year && c != Red && c != NoTask {
		return Yellow
	}
	return c
}

// Missed reports whether the week asked for projects and is not met.
func (w NudgeWeek) Missed() bool { return w.Need > 0 && w.MetAt == 0 }

// MissedInRow returns how many weeks in a row were missed up to the first of
// weeks, the newest first, and how many of them the body gave a reason for. A
// week without a nudge is passed over; one that asked for nothing ends the row.
func MissedInRow(weeks []NudgeWeek) (missed, explained int) {
	for _, w := range weeks {
		if !w.Missed() {
			break
		}
		missed++
		if w.NothingWhy != "" {
			explained++
		}
	}
	return missed, explained
}
