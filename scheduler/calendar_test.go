package scheduler

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// TestCalendarAlarm lets a December and a January go by: the office is told of
// the missing calendar on the first working day of every week, until somebody
// imports it, or January is over.
func TestCalendarAlarm(t *testing.T) {
	newYear := calendar2018(t)
	only2018 := reporting.NewCalendar([]reporting.CalendarYear{{Year: 2018, Version: 1, Days: []reporting.Holiday{
		{Day: reporting.Date{Year: 2018, Month: 12, Day: 29}, Working: true}, {Day: reporting.Date{Year: 2018, Month: 12, Day: 31}},
	}}})
	all := []string{
		// 1 December 2018 is a Saturday.
		"calendar/2019/2018-W49 at 2018-12-03 09:00", "calendar/2019/2018-W50 at 2018-12-10 09:00",
		"calendar/2019/2018-W51 at 2018-12-17 09:00", "calendar/2019/2018-W52 at 2018-12-24 09:00",
		// What 2019 has to say of 1 January is what is missing.
		"calendar/2019/2019-W01 at 2019-01-01 09:00", "calendar/2019/2019-W02 at 2019-01-07 09:00",
		"calendar/2019/2019-W03 at 2019-01-14 09:00", "calendar/2019/2019-W04 at 2019-01-21 09:00",
		"calendar/2019/2019-W05 at 2019-01-28 09:00",
	}
	tests := []struct {
		name       string
		start      string
		importedAt string // "" = never
		want       []string
	}{
		{"never", "2018-11-20 00:00", "", all},
		{"on 12 December", "2018-11-20 00:00", "2018-12-12 11:00", all[:2]},
		{"before December", "2018-11-20 00:00", "2018-11-28 11:00", nil},
		{"down until Thursday", "2018-12-13 15:00", "2018-12-19 11:00", []string{"calendar/2019/2018-W50 at 2018-12-13 15:00", all[2]}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				until(shanghai(tt.start))
				store := newStore()
				courier := &fakeCourier{}
				calendars := func() *reporting.Calendar {
					if tt.importedAt != "" && !time.Now().Before(shanghai(tt.importedAt)) {
						return newYear
					}
					return only2018
				}
				run(t, New(imported{store, calendars}, courier, Config{Rule: rule, Every: time.Minute}), shanghai("2019-03-01 00:00"))
				var got []string
				for _, p := range courier.posts {
					got = append(got, p.Key+" at "+p.At.In(rule.Location).Format("2006-01-02 15:04"))
				}
				if diff := gocmp.Diff(tt.want, got); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// imported is a database whose calendar somebody imports while it runs.
type imported struct {
	*fakeStore
	calendar func() *reporting.Calendar
}

func (i imported) Bodies(ctx context.Context) (*reporting.BodyList, error) {
	list, err := i.fakeStore.Bodies(ctx)
	list.Calendar = i.calendar()
	list.Revision = int64(len(list.Calendar.Years()))
	return list, err
}
