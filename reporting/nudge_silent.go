package reporting

// mostSilent is how many weeks without a nudge are told at most: a quarter's.
const mostSilent = 13

// SilentWeeks returns the weeks between last, of which a body had its nudge, and
// week that would each have had one of their own by rule: those of a holiday go
// with the next. Of more than a quarter it returns the last ones.
func SilentWeeks(last, week Week, rule NudgeRule) []Week {
	var out []Week
	for w := week.Add(-1); last.Before(w) && len(out) < mostSilent; w = w.Add(-1) {
		if rule.At(w).Before(rule.At(w.Add(1))) {
			out = append([]Week{w}, out...)
		}
	}
	return out
}
