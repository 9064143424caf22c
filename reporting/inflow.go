package reporting

// Inflow is how many projects were first credited to a body, or the City, on a
// day and still are.
type Inflow struct {
	BodyID   string
	Day      Date
	Credited int
}

// Days is a run of days, both included.
type Days struct{ From, To Date }

// DaysOf returns the days that a word means on a day: today, this_week,
// last_week (Monday to Sunday), this_month, last_month, this_quarter, this_year.
// What has not ended goes to its last day. ok is false for another word.
func DaysOf(word string, today Date) (d Days, ok bool) {
	monday := today.AddDays(-(int(today.utc().Weekday()) + 6) % 7)
	month, quarter := PeriodOf(Monthly, today), PeriodOf(Quarterly, today)
	last := LastEnded(Monthly, today)
	switch word {
	case "today":
		return Days{today, today}, true
	case "this_week":
		return Days{monday, monday.AddDays(6)}, true
	case "last_week":
		return Days{monday.AddDays(-7), monday.AddDays(-1)}, true
	case "this_month":
		return Days{month.First(), month.Last()}, true
	case "last_month":
		return Days{last.First(), last.Last()}, true
	case "this_quarter":
		return Days{quarter.First(), quarter.Last()}, true
	case "this_year":
		return Days{Date{today.Year, 1, 1}, Date{today.Year, 12, 31}}, true
	}
	return Days{}, false
}
