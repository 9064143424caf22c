package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

func (f *fakeStore) FrozenYear(context.Context, int) (reporting.Frozen, bool, error) {
	return reporting.Frozen{}, true, nil
}

func (f *fakeStore) YearAsk(_ context.Context, year int) (reporting.Ask, bool, error) {
	return reporting.Ask{Year: year}, true, nil
}

func (f *fakeStore) Unconfirmeds(context.Context, int) (map[string]int, error) { return nil, nil }

func (f *fakeStore) Project(context.Context, string) (reporting.Project, error) {
	return reporting.Project{}, nil
}

// TestRehearseIsPlan: what is rehearsed is what is then planned, and rehearsing
// writes nothing.
func TestRehearseIsPlan(t *testing.T) {
	now := shanghai("2018-03-05 09:20")
	store := newStore(bodies(5, time.Time{})...)
	store.quota["b03"] = 0
	store.rows["nudge/b04/2018-W10"] = &row{}
	s := New(store, &fakeCourier{}, Config{Rule: rule, Now: func() time.Time { return now }})
	rehearsed, err := s.Rehearse(t.Context(), now)
	if err != nil || len(store.rows) != 1 {
		t.Fatalf("%d rows after the rehearsal, %v", len(store.rows), err)
	}
	planned, err := s.Plan(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(planned, rehearsed); diff != "" || len(planned) != 3 {
		t.Errorf("%d planned (-planned +rehearsed):\n%s", len(planned), diff)
	}
}

// TestLargePlan plans more than one transaction takes, with one message in it
// that cannot be.
func TestLargePlan(t *testing.T) {
	broken := errors.New("broken")
	store := newStore(bodies(2*planBatch+1, time.Time{})...)
	store.fail["b1500"] = broken
	got, err := New(store, &fakeCourier{}, Config{Rule: rule}).Plan(t.Context(), shanghai("2018-03-05 09:00"))
	if !errors.Is(err, broken) || len(got) != 2*planBatch {
		t.Errorf("%d of %d planned, %v", len(got), 2*planBatch, err)
	}
	store.fail["b1500"] = reporting.Fail(reporting.Unavailable, "err.unavailable")
	asked := store.queries
	if _, err := New(store, &fakeCourier{}, Config{Rule: rule}).Plan(t.Context(), shanghai("2018-03-12 09:00")); err == nil || store.queries-asked > 8 {
		t.Errorf("a database that is away was asked %d times, %v", store.queries-asked, err)
	}
}

// TestOnePlannerFails: the others plan, and it alone is asked again.
func TestOnePlannerFails(t *testing.T) {
	store := newStore()
	s := New(store, &fakeCourier{}, Config{Rule: rule})
	broken, asked := true, map[string]int{}
	make := func(name string, fails bool) planner {
		return planner{name, func(_ context.Context, _ *reporting.BodyList, now time.Time) ([]reporting.Message, time.Time, error) {
			if asked[name]++; fails && broken {
				return nil, time.Time{}, errors.New("broken")
			}
			return []reporting.Message{{Key: name}}, now.Add(time.Hour), nil
		}}
	}
	s.list = []planner{make("first", true), make("second", false)}
	now := shanghai("2018-03-05 09:00")
	if got, err := s.Plan(t.Context(), now); err == nil || len(got) != 1 || got[0].Key != "second" {
		t.Errorf("planned %v, %v", got, err)
	}
	broken = false
	if got, err := s.Plan(t.Context(), now.Add(time.Minute)); err != nil || len(got) != 1 || got[0].Key != "first" {
		t.Errorf("planned %v, %v", got, err)
	}
	if _, err := s.Plan(t.Context(), now.Add(62*time.Minute)); err != nil {
		t.Error(err)
	}
	if diff := gocmp.Diff(map[string]int{"first": 3, "second": 2}, asked); diff != "" {
		t.Error(diff)
	}
}

// weekly runs for some weeks from a moment in its zone and returns when nudges
// were posted there.
func weekly(t *testing.T, r reporting.NudgeRule, from string, weeks int) []string {
	t.Helper()
	var got []string
	synctest.Test(t, func(t *testing.T) {
		start, err := time.ParseInLocation("2006-01-02 15:04", from, r.Location)
		if err != nil {
			t.Fatal(err)
		}
		until(start)
		store, courier := newStore(bodies(1, start)...), &fakeCourier{}
		run(t, New(store, courier, Config{Rule: r, Every: 10 * time.Minute}), start.AddDate(0, 0, 7*weeks))
		for _, p := range courier.posts {
			got = append(got, fmt.Sprintf("%s %s", p.Key[len("nudge/b00/"):], p.At.In(r.Location).Format("01-02 15:04 MST")))
		}
	})
	return got
}

// TestClocksThatChange: one nudge each week at the right time on the wall,
// also where that time does not exist or comes twice.
func TestClocksThatChange(t *testing.T) {
	for _, tt := range []struct {
		name, zone, from string
		day              time.Weekday
		hour, minute     int
		want             []string
	}{
		{"Berlin in spring", "Europe/Berlin", "2018-03-19 00:00", time.Monday, 9, 0,
			[]string{"2018-W12 03-19 09:00 CET", "2018-W13 03-26 09:00 CEST", "2018-W14 04-02 09:00 CEST"}},
		{"Berlin in the hour that is left out", "Europe/Berlin", "2018-03-18 00:00", time.Sunday, 2, 30,
			[]string{"2018-W11 03-18 02:30 CET", "2018-W12 03-25 03:30 CEST", "2018-W13 04-01 02:30 CEST"}},
		{"Berlin in autumn", "Europe/Berlin", "2018-10-22 00:00", time.Monday, 9, 0,
			[]string{"2018-W43 10-22 09:00 CEST", "2018-W44 10-29 09:00 CET", "2018-W45 11-05 09:00 CET"}},
		{"Berlin in the hour that comes twice", "Europe/Berlin", "2018-10-21 00:00", time.Sunday, 2, 30,
			[]string{"2018-W42 10-21 02:30 CEST", "2018-W43 10-28 02:30 CEST", "2018-W44 11-04 02:30 CET"}},
		{"New York in spring", "America/New_York", "2018-03-05 00:00", time.Monday, 9, 0,
			[]string{"2018-W10 03-05 09:00 EST", "2018-W11 03-12 09:00 EDT", "2018-W12 03-19 09:00 EDT"}},
		{"New York in the hour that is left out", "America/New_York", "2018-03-04 00:00", time.Sunday, 2, 30,
			[]string{"2018-W09 03-04 02:30 EST", "2018-W10 03-11 03:30 EDT", "2018-W11 03-18 02:30 EDT"}},
		{"New York in autumn", "America/New_York", "2018-10-29 00:00", time.Monday, 9, 0,
			[]string{"2018-W44 10-29 09:00 EDT", "2018-W45 11-05 09:00 EST", "2018-W46 11-12 09:00 EST"}},
		{"New York in the hour that comes twice", "America/New_York", "2018-10-28 00:00", time.Sunday, 1, 30,
			[]string{"2018-W43 10-28 01:30 EDT", "2018-W44 11-04 01:30 EDT", "2018-W45 11-11 01:30 EST"}},
		{"later today", "Asia/Shanghai", "2018-03-07 08:00", time.Wednesday, 16, 30,
			[]string{"2018-W10 03-07 16:30 CST", "2018-W11 03-14 16:30 CST"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := reporting.NudgeRule{Weekday: tt.day, Hour: tt.hour, Minute: tt.minute, Location: mustZone(tt.zone)}
			if diff := gocmp.Diff(tt.want, weekly(t, r, tt.from, len(tt.want))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestPlannersAreNamed: what a planner remembers is kept by its name.
func TestPlannersAreNamed(t *testing.T) {
	var names []string
	for _, p := range New(newStore(), &fakeCourier{}, Config{Rule: rule}).list {
		if slices.Contains(names, p.name) {
			t.Errorf("two planners are named %s", p.name)
		}
		names = append(names, p.name)
	}
}
