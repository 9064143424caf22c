package reporting

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestDaysOf reads every word on a Sunday, the last day of its week.
func TestDaysOf(t *testing.T) {
	on := func(m time.Month, d int) Date { return Date{2018, m, d} }
	want := map[string]Days{
		"today": {on(7, 1), on(7, 1)}, "this_week": {on(6, 25), on(7, 1)}, "last_week": {on(6, 18), on(6, 24)},
		"this_month": {on(7, 1), on(7, 31)}, "last_month": {on(6, 1), on(6, 30)},
		"this_quarter": {on(7, 1), on(9, 30)}, "this_year": {on(1, 1), on(12, 31)},
	}
	for word, days := range want {
		got, ok := DaysOf(word, on(7, 1))
		if diff := cmp.Diff(days, got); !ok || diff != "" {
			t.Errorf("%s (-want +got):\n%s", word, diff)
		}
	}
	if _, ok := DaysOf("week", on(7, 1)); ok {
		t.Error("a week that is not named has days")
	}
}
