package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// The days of 2018 that are not what their weekday says, written down by hand
// from the State Council's notices of 30 November 2017 and 6 December 2018.
var (
	off2018 = []string{
		"2018-01-01",                                           // 元旦
		"2018-02-15", "2018-02-16", "2018-02-17", "2018-02-18", // 春节
		"2018-02-19", "2018-02-20", "2018-02-21",
		"2018-04-05", "2018-04-06", "2018-04-07", // 清明节
		"2018-04-29", "2018-04-30", "2018-05-01", // 劳动节
		"2018-06-16", "2018-06-17", "2018-06-18", // 端午节
		"2018-09-22", "2018-09-23", "2018-09-24", // 中秋节
		"2018-10-01", "2018-10-02", "2018-10-03", "2018-10-04", "2018-10-05", "2018-10-06", "2018-10-07", // 国庆节
		"2018-12-30", "2018-12-31", "2019-01-01", // 元旦 2019
	}
	working2018 = []string{
		"2018-02-11", "2018-02-24", "2018-04-08", "2018-04-28", "2018-09-29", "2018-09-30", "2018-12-29",
	}
)

// moved2018 are the nudges of 2018 that do not come on the weekday that a body
// has set, by hand too: the day by the weekday, and the day on which it comes.
// "" is a week that has none of its own, since it would come with that of the
// next week or in 2019. That of a Saturday or a Sunday comes on Monday unless
// it stands here.
var moved2018 = map[time.Weekday]map[string]string{
	time.Monday: {
		"2018-01-01": "2018-01-02", "2018-02-19": "2018-02-22", "2018-04-30": "2018-05-02", "2018-06-18": "2018-06-19",
		"2018-09-24": "2018-09-25", "2018-10-01": "", "2018-12-31": "",
	},
	time.Tuesday:   {"2018-02-20": "2018-02-22", "2018-05-01": "2018-05-02", "2018-10-02": "2018-10-08"},
	time.Wednesday: {"2018-02-21": "2018-02-22", "2018-10-03": "2018-10-08"},
	time.Thursday:  {"2018-02-15": "", "2018-04-05": "2018-04-08", "2018-10-04": "2018-10-08"},
	time.Friday:    {"2018-02-16": "2018-02-22", "2018-04-06": "2018-04-08", "2018-10-05": "2018-10-08"},
	time.Saturday: {
		"2017-12-30": "2018-01-02",
		"2018-02-10": "2018-02-11", "2018-02-17": "2018-02-22", "2018-02-24": "2018-02-24",
		"2018-04-07": "2018-04-08", "2018-04-28": "2018-04-28", "2018-06-16": "2018-06-19", "2018-09-22": "2018-09-25",
		"2018-09-29": "2018-09-29", "2018-12-29": "2018-12-29",
	},
	time.Sunday: {
		"2017-12-31": "2018-01-02",
		"2018-02-11": "2018-02-11", "2018-02-18": "2018-02-22", "2018-04-08": "2018-04-08", "2018-04-29": "2018-05-02",
		"2018-06-17": "2018-06-19", "2018-09-23": "2018-09-25", "2018-09-30": "2018-09-30", "2018-12-30": "",
	},
}

// settings2018 are forty bodies: those that follow the city, and of every other
// weekday two, with times and zones of their own.
func settings2018() map[string]reporting.NudgeSetting {
	out := map[string]reporting.NudgeSetting{
		"b01": {BodyID: "b01", Time: "17:30"},
		"b02": {BodyID: "b02", Zone: "Europe/Berlin"},
		"b03": {BodyID: "b03", Zone: "America/New_York", Time: "08:30"},
		"b04": {BodyID: "b04", Zone: "Asia/Urumqi"},
	}
	for i, day := range []time.Weekday{time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday} {
		early, late := fmt.Sprintf("b%02d", 28+2*i), fmt.Sprintf("b%02d", 29+2*i)
		out[early] = reporting.NudgeSetting{BodyID: early, Weekday: day.String()}
		out[late] = reporting.NudgeSetting{BodyID: late, Weekday: day.String(), Time: "14:00", Zone: "Europe/Berlin"}
	}
	return out
}

// want2018 returns when a body is nudged in 2018, for which week, by its own
// clock.
func want2018(s reporting.NudgeSetting) []string {
	weekday, hour := time.Monday, "09:00"
	for day := time.Sunday; day <= time.Saturday; day++ {
		if s.Weekday == day.String() {
			weekday = day
		}
	}
	if s.Time != "" {
		hour = s.Time
	}
	moved := moved2018[weekday]
	var out []string
	for d := time.Date(2017, 12, 30, 0, 0, 0, 0, time.UTC); d.Year() < 2019; d = d.AddDate(0, 0, 1) {
		if d.Weekday() != weekday {
			continue
		}
		on, isMoved := moved[d.Format(time.DateOnly)]
		switch {
		case isMoved && on == "":
			continue
		case isMoved:
		case weekday == time.Saturday:
			on = d.AddDate(0, 0, 2).Format(time.DateOnly)
		case weekday == time.Sunday:
			on = d.AddDate(0, 0, 1).Format(time.DateOnly)
		default:
			on = d.Format(time.DateOnly)
		}
		year, week := d.ISOWeek()
		out = append(out, fmt.Sprintf("%d-W%02d on %s %s", year, week, on, hour))
	}
	return out
}

// yearly is a fake database with a calendar and the bodies' settings.
type yearly struct {
	*fakeStore
	calendar *reporting.Calendar
	settings map[string]reporting.NudgeSetting
}

func (y yearly) Bodies(ctx context.Context) (*reporting.BodyList, error) {
	list, err := y.fakeStore.Bodies(ctx)
	list.Calendar, list.Nudges = y.calendar, y.settings
	return list, err
}

// calendar2018 is a calendar of the days above.
func calendar2018(t *testing.T) *reporting.Calendar {
	years := map[int]*reporting.CalendarYear{}
	for i, days := range [][]string{off2018, working2018} {
		for _, text := range days {
			day, err := reporting.ParseDate(text)
			if err != nil {
				t.Fatal(err)
			}
			if years[day.Year] == nil {
				years[day.Year] = &reporting.CalendarYear{Year: day.Year, Version: 1}
			}
			years[day.Year].Days = append(years[day.Year].Days, reporting.Holiday{Day: day, Working: i == 1})
		}
	}
	return reporting.NewCalendar([]reporting.CalendarYear{*years[2018], *years[2019]})
}

// TestProofYear2018 lets forty bodies with settings of their own live through
// 2018: every nudge comes on its day and minute, for its week, none on a day
// off, and those that the make-up days call for on these. 2052 in all.
func TestProofYear2018(t *testing.T) {
	calendar, settings := calendar2018(t), settings2018()
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2018, 1, 1, 0, 0, 0, 0, rule.Location)
		until(start)
		store := yearly{newStore(bodies(40, start)...), calendar, settings}
		courier := &fakeCourier{}
		next := rule
		next.DayOff = reporting.DayOffNext
		run(t, New(store, courier, Config{Rule: next, Every: 30 * time.Minute}), start.AddDate(1, 0, 0))

		got := map[string][]string{}
		onMakeUp := 0
		for _, p := range courier.posts {
			parts := strings.Split(p.Key, "/")
			body, zone := parts[1], rule.Location
			if s := settings[body].Zone; s != "" {
				zone = mustZone(s)
			}
			at := p.At.In(zone)
			got[body] = append(got[body], fmt.Sprintf("%s on %s", parts[2], at.Format("2006-01-02 15:04")))
			day := at.Format(time.DateOnly)
			weekend := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
			if slices.Contains(off2018, day) || weekend && !slices.Contains(working2018, day) {
				t.Errorf("%s was nudged on %s, a day off", body, at)
			}
			if weekend {
				onMakeUp++
			}
		}
		for _, b := range store.bodies {
			if diff := gocmp.Diff(want2018(settings[b.ID]), got[b.ID]); diff != "" {
				t.Errorf("%s (%+v): %s", b.ID, settings[b.ID], diff)
			}
		}
		if len(courier.posts) != 2052 || onMakeUp != 22 {
			t.Errorf("%d nudges, %d of them on make-up days, want 2052 and 22", len(courier.posts), onMakeUp)
		}
	})
}
