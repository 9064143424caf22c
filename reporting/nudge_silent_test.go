package reporting

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSilentWeeks(t *testing.T) {
	rule := NudgeRule{Weekday: time.Monday, Hour: 9, Location: time.UTC, DayOff: DayOffNext, Calendar: NewCalendar([]CalendarYear{{
		Year: 2018, Version: 1, Days: []Holiday{
			{Day: Date{2018, 10, 1}}, {Day: Date{2018, 10, 2}}, {Day: Date{2018, 10, 3}}, {Day: Date{2018, 10, 4}}, {Day: Date{2018, 10, 5}},
		},
	}})}
	week := func(n int) Week { return Week{Year: 2018, Week: n} }
	for _, tt := range []struct {
		name       string
		last, week Week
		want       []Week
	}{
		{"none between", week(9), week(10), nil},
		{"down for three weeks", week(3), week(6), []Week{week(4), week(5)}},
		{"over a holiday", week(38), week(41), []Week{week(39)}},
		{"over New Year", Week{Year: 2017, Week: 51}, week(2), []Week{{Year: 2017, Week: 52}, week(1)}},
		{"longer than is told", week(1), week(30), []Week{
			week(17), week(18), week(19), week(20), week(21), week(22), week(23), week(24), week(25), week(26), week(27), week(28), week(29),
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, SilentWeeks(tt.last, tt.week, rule)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
