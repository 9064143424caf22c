package reporting

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func holiday(day string, working bool, name string) Holiday {
	d, err := ParseDate(day)
	if err != nil {
		panic(err)
	}
	return Holiday{d, working, name}
}

// TestPlanCalendar decides what a file does to the years that are known.
func TestPlanCalendar(t *testing.T) {
	may, june := holiday("2018-05-01", false, "劳动节"), holiday("2018-06-18", false, "端午节")
	saturday := holiday("2018-04-28", true, "劳动节")
	eve, works := holiday("2018-12-31", false, "元旦"), holiday("2018-12-29", true, "元旦")
	year := func(version int, source string, days ...Holiday) CalendarYear {
		return CalendarYear{Year: 2018, Version: version, Source: source, Days: days}
	}
	tests := []struct {
		name        string
		file, known []CalendarYear
		want        string
	}{
		{"a new year", []CalendarYear{year(0, "a", june, may)}, nil, "2018 v1 a by U1 at 7: +2018-05-01 +2018-06-18"},
		{"the same", []CalendarYear{year(0, "b", june, may)}, []CalendarYear{year(1, "a", may, june)}, "same 2018"},
		{"a correction", []CalendarYear{year(0, "b", saturday, may)}, []CalendarYear{year(1, "x", june), year(2, "a", may, june)}, "2018 v3 b by U1 at 7: +2018-04-28 -2018-06-18"},
		{"another name", []CalendarYear{year(0, "b", holiday("2018-05-01", false, "五一"))}, []CalendarYear{year(1, "a", may)}, "2018 v2 b by U1 at 7:"},
		{"the turn of a known year", []CalendarYear{year(0, "b", eve, works)}, []CalendarYear{year(4, "a", may)}, "2018 v5 a; b by U1 at 7: +2018-12-29 +2018-12-31"},
		{"the turn again", []CalendarYear{year(0, "b", eve)}, []CalendarYear{year(4, "a", may, eve)}, "same 2018"},
		{"the turn of an unknown year", []CalendarYear{year(0, "b", works, eve)}, nil, "left out 2018-12-29 left out 2018-12-31"},
		{"a year with its turn", []CalendarYear{year(0, "b", may, eve)}, nil, "2018 v1 b by U1 at 7: +2018-05-01 +2018-12-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan, events := PlanCalendar(tt.file, tt.known, "U1", 7)
			got := ""
			add := func(format string, args ...any) {
				if got != "" {
					got += " "
				}
				got += fmt.Sprintf(format, args...)
			}
			for _, c := range plan.Changes {
				add("%d v%d %s by %s at %d:", c.New.Year, c.New.Version, c.New.Source, c.New.ImportedBy, c.New.ImportedAt)
				fresh, gone := c.Diff()
				for _, h := range fresh {
					add("+%s", h.Day)
				}
				for _, h := range gone {
					add("-%s", h.Day)
				}
			}
			for _, y := range plan.Same {
				add("same %d", y)
			}
			for _, h := range plan.LeftOut {
				add("left out %s", h.Day)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if len(events) != len(plan.Changes) {
				t.Errorf("%d events of %d changes", len(events), len(plan.Changes))
			}
		})
	}
}

// TestPlanCalendarTurn adds to the year before what a notice says of its end,
// and loses nothing of it.
func TestPlanCalendarTurn(t *testing.T) {
	known := []CalendarYear{{Year: 2018, Version: 1, Source: "a", Days: []Holiday{holiday("2018-05-01", false, "劳动节")}}}
	file := []CalendarYear{
		{Year: 2019, Source: "b", Days: []Holiday{holiday("2019-05-01", false, "劳动节")}},
		{Year: 2018, Source: "b", Days: []Holiday{holiday("2018-12-31", false, "元旦")}},
	}
	plan, events := PlanCalendar(file, known, "U1", 7)
	c := plan.Apply(known)
	for day, want := range map[string]bool{"2018-05-01": false, "2018-12-31": false, "2019-05-01": false, "2019-05-02": true} {
		d, _ := ParseDate(day)
		if c.Working(d) != want {
			t.Errorf("%s: working %t", day, !want)
		}
	}
	var subjects []string
	for _, e := range events {
		subjects = append(subjects, e.Action+" "+e.Subject)
	}
	if diff := cmp.Diff([]string{"calendar.import 2018", "calendar.import 2019"}, subjects); diff != "" {
		t.Error(diff)
	}
}

func TestCheckCalendarYears(t *testing.T) {
	y := func(year int, month time.Month) []CalendarYear {
		return []CalendarYear{{Year: year, Days: []Holiday{{Day: Date{year, month, 2}}}}}
	}
	today := Date{2018, time.December, 1}
	tests := []struct {
		file []CalendarYear
		want bool
	}{{y(2010, time.May), true}, {y(2019, time.May), true}, {y(2020, time.May), false}, {y(2020, time.January), true}}
	for _, tt := range tests {
		if err := CheckCalendarYears(tt.file, today); (err == nil) != tt.want {
			t.Errorf("%d: %v", tt.file[0].Year, err)
		}
	}
}

// TestShifted says which Mondays move when a calendar comes.
func TestShifted(t *testing.T) {
	file := []CalendarYear{{Year: 2018, Version: 1, Days: []Holiday{holiday("2018-10-01", false, "国庆节"), holiday("2018-10-02", false, "国庆节")}}}
	mondays := Weekdays(2018, time.Monday, Date{2018, time.September, 25})
	got := Shifted(nil, NewCalendar(file), mondays, DayOffNext)
	want := []Shift{{Date{2018, time.October, 1}, Date{2018, time.October, 3}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(Weekdays(2018, time.Monday, Date{})); n != 53 {
		t.Errorf("%d Mondays in 2018", n)
	}
}

func TestSpans(t *testing.T) {
	days := []Holiday{holiday("2018-09-29", true, "国庆节"), holiday("2018-09-30", true, "国庆节"), holiday("2018-10-01", false, "国庆节"), holiday("2018-10-02", false, "国庆节"), holiday("2018-10-04", false, "国庆节")}
	got := ""
	for _, s := range Spans(days) {
		got += fmt.Sprintf("%s %d %t; ", s.From, s.Len(), s.Working)
	}
	if diff := cmp.Diff("2018-09-29 2 true; 2018-10-01 2 false; 2018-10-04 1 false; ", got); diff != "" {
		t.Error(diff)
	}
}
