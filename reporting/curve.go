package reporting

import "time"

// Curve spreads a year's quota over the year: the percentage that is expected
// by the end of each quarter. The zero Curve is the straight line by days.
type Curve [4]int

// Valid reports whether c is the straight line, or rises from above zero to
// 100 without falling, so that every day of the year expects something.
func (c Curve) Valid() bool {
	return c == Curve{} || c[0] > 0 && c[0] <= c[1] && c[1] <= c[2] && c[2] <= c[3] && c[3] == 100
}

// At returns the share of the year's quota that is expected once t days of a
// year are gone (0 … DaysIn), as a fraction of whole numbers: 0 at the start,
// 1 on the last day, even within a quarter.
func (c Curve) At(year, t int) (n, of int) {
	if c == (Curve{}) {
		return t, DaysIn(year)
	}
	before, from := 0, 0
	for quarter, percent := range c {
		end := Date{year, time.Month(3*quarter + 4), 1}.AddDays(-1)
		last := end.YearDay()
		if t <= last {
			length := last - from
			return before*length + (percent-before)*(t-from), 100 * length
		}
		before, from = percent, last
	}
	return 1, 1
}
