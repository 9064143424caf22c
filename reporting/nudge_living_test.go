package reporting

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLevel(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before NudgeWeek
		year   int
		colour Colour
		want   Colour
	}{
		{"still red", NudgeWeek{Year: 2018, Level: Red}, 2018, Red, Red},
		{"red made good at once", NudgeWeek{Year: 2018, Level: Red}, 2018, Green, Yellow},
		{"red become blue", NudgeWeek{Year: 2018, Level: Red}, 2018, Blue, Yellow},
		{"red become yellow", NudgeWeek{Year: 2018, Level: Red}, 2018, Yellow, Yellow},
		{"green after the yellow", NudgeWeek{Year: 2018, Level: Yellow, Colour: Green}, 2018, Green, Green},
		{"red again after the yellow", NudgeWeek{Year: 2018, Level: Yellow, Colour: Green}, 2018, Red, Red},
		{"yellow made good", NudgeWeek{Year: 2018, Level: Yellow}, 2018, Green, Green},
		{"a quota taken back", NudgeWeek{Year: 2018, Level: Red}, 2018, NoTask, NoTask},
		{"so small a quota that it is too early", NudgeWeek{Year: 2018, Level: Red}, 2018, TooEarly, Yellow},
		{"a new year", NudgeWeek{Year: 2017, Level: Red}, 2018, TooEarly, TooEarly},
		{"the first week", NudgeWeek{}, 2018, Red, Red},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := LevelAfter(tt.before, tt.year, tt.colour); got != tt.want {
				t.Errorf("level %s, want %s", got, tt.want)
			}
		})
	}
}

func TestOpenWeek(t *testing.T) {
	s := Standing{BodyID: "jingyue", Year: 2018, AsOf: Date{Year: 2018, Month: 7, Day: 31}, HasQuota: true, Quota: Quota{Count: 65}, Tally: Tally{Credited: 10, Pending: 4}}
	w := Week{Year: 2018, Week: 31}
	want := NudgeWeek{BodyID: "jingyue", Week: w, Year: 2018, PostedAt: 9, Need: 3, Base: 14, Colour: Red, Level: Red}
	if diff := cmp.Diff(want, OpenWeek(w, s, DefaultThresholds, nil, 9)); diff != "" {
		t.Error(diff)
	}
	s.Tally.Credited = 65
	want = NudgeWeek{BodyID: "jingyue", Week: w, Year: 2018, PostedAt: 9, Base: 69, Colour: Green, Level: Yellow}
	if diff := cmp.Diff(want, OpenWeek(w, s, DefaultThresholds, []NudgeWeek{{Year: 2018, Level: Red}}, 9)); diff != "" {
		t.Error(diff)
	}
}

func TestMissedInRow(t *testing.T) {
	met, missed := NudgeWeek{Need: 2, MetAt: 1}, NudgeWeek{Need: 2}
	explained, nothing := NudgeWeek{Need: 1, NothingWhy: "项目尚在洽谈"}, NudgeWeek{}
	for _, tt := range []struct {
		name  string
		weeks []NudgeWeek
		want  [2]int
	}{
		{"no week", nil, [2]int{}},
		{"the last was met", []NudgeWeek{met, missed, missed}, [2]int{}},
		{"one", []NudgeWeek{missed, met, missed}, [2]int{1, 0}},
		{"all", []NudgeWeek{missed, missed, missed}, [2]int{3, 0}},
		{"one with a reason", []NudgeWeek{missed, explained, missed, met}, [2]int{3, 1}},
		{"met after all, with a reason", []NudgeWeek{{Need: 1, MetAt: 1, NothingWhy: "?"}, missed}, [2]int{}},
		{"nothing was asked for", []NudgeWeek{missed, nothing, missed}, [2]int{1, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, why := MissedInRow(tt.weeks)
			if got := [2]int{n, why}; got != tt.want {
				t.Errorf("missed, with a reason: %v, want %v", got, tt.want)
			}
		})
	}
}
