package reporting

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// springFestival are days of 2018 by the State Council's notice of 2017.
func springFestival() *Calendar {
	day := func(m time.Month, d int) Date { return Date{2018, m, d} }
	y := CalendarYear{Year: 2018, Version: 2}
	for d := 15; d <= 21; d++ {
		y.Days = append(y.Days, Holiday{Day: day(time.February, d)})
	}
	for d := 1; d <= 7; d++ {
		y.Days = append(y.Days, Holiday{Day: day(time.October, d)})
	}
	for _, work := range []Date{day(time.February, 11), day(time.February, 24), day(time.September, 29), day(time.September, 30)} {
		y.Days = append(y.Days, Holiday{Day: work, Working: true})
	}
	old := CalendarYear{Year: 2018, Version: 1, Days: []Holiday{{Day: day(time.March, 1)}}}
	return NewCalendar([]CalendarYear{y, old})
}

func TestCalendar(t *testing.T) {
	c := springFestival()
	for _, tt := range []struct {
		name      string
		got, want any
	}{
		{"a Thursday", c.Working(Date{2018, 2, 8}), true},
		{"a holiday", c.Working(Date{2018, 2, 15}), false},
		{"a Saturday", c.Working(Date{2018, 2, 10}), false},
		{"a Sunday on which people work", c.Working(Date{2018, 2, 11}), true},
		{"a holiday of an old version", c.Working(Date{2018, 3, 1}), true},
		{"after the holidays", c.OnOrAfter(Date{2018, 2, 19}), Date{2018, 2, 22}},
		{"before the holidays", c.OnOrBefore(Date{2018, 2, 19}), Date{2018, 2, 14}},
		{"a make-up Sunday is the last before", c.OnOrBefore(Date{2018, 10, 3}), Date{2018, 9, 30}},
		{"three working days before", c.Before(Date{2018, 2, 22}, 3), Date{2018, 2, 12}},
		{"covers", []bool{c.Covers(2018), c.Covers(2019), (*Calendar)(nil).Covers(2018)}, []bool{true, false, false}},
		{"no calendar", (*Calendar)(nil).Working(Date{2018, 2, 15}), true},
	} {
		if d := cmp.Diff(tt.want, tt.got); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}

func TestRuleOnDaysOff(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	rule := func(day time.Weekday, off DayOff) NudgeRule {
		return NudgeRule{Weekday: day, Hour: 9, Location: zone, DayOff: off, Calendar: springFestival()}
	}
	for _, tt := range []struct {
		name            string
		rule            NudgeRule
		now             string
		current, next   string
		currentAt, then string
	}{
		{"a holiday Monday waits", rule(time.Monday, DayOffNext), "2018-02-21 12:00", "2018-W07", "2018-W08", "2018-02-12 09:00", "2018-02-22 09:00"},
		{"and comes on Thursday", rule(time.Monday, DayOffNext), "2018-02-22 09:00", "2018-W08", "2018-W09", "2018-02-22 09:00", "2018-02-26 09:00"},
		{"a week without a working day is the next one's", rule(time.Monday, DayOffNext), "2018-10-07 12:00", "2018-W39", "2018-W41", "2018-09-24 09:00", "2018-10-08 09:00"},
		{"at that moment", rule(time.Monday, DayOffNext), "2018-10-08 09:00", "2018-W41", "2018-W42", "2018-10-08 09:00", "2018-10-15 09:00"},
		{"earlier instead", rule(time.Monday, DayOffPrevious), "2018-02-15 12:00", "2018-W08", "2018-W09", "2018-02-14 09:00", "2018-02-26 09:00"},
		{"kept", rule(time.Monday, DayOffKeep), "2018-02-19 09:00", "2018-W08", "2018-W09", "2018-02-19 09:00", "2018-02-26 09:00"},
		{"a Friday that moves into the next week", rule(time.Friday, DayOffNext), "2018-02-22 10:00", "2018-W07", "2018-W08", "2018-02-22 09:00", "2018-02-23 09:00"},
		{"a Saturday on which people work", rule(time.Saturday, DayOffNext), "2018-02-24 09:00", "2018-W08", "2018-W09", "2018-02-24 09:00", "2018-03-05 09:00"},
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", tt.now, zone)
		if err != nil {
			t.Fatal(err)
		}
		w, at := tt.rule.Current(now)
		n, then := tt.rule.Next(now)
		form := func(t time.Time) string { return t.Format("2006-01-02 15:04") }
		got := []string{w.String(), n.String(), form(at), form(then)}
		if d := cmp.Diff([]string{tt.current, tt.next, tt.currentAt, tt.then}, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}
