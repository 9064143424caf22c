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

// fakeNotices is what a fakeStore knows beside nudges.
type fakeNotices struct {
	calendar *reporting.Calendar
	settings map[string]reporting.NudgeSetting
	owed     map[reporting.DeadlineKind]map[string]int
	asked    int // for what is owed
	news     reporting.WeekNews
	weeks    []reporting.NudgeWeek // the newest first
	people   []reporting.Person
}

func (f *fakeStore) DeadlineCounts(_ context.Context, d reporting.Deadline, _ string, _ reporting.Date, _ int64) (map[string]int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.notices.asked++
	return f.notices.owed[d.Kind], nil
}

func (f *fakeStore) Deliveries(_ context.Context, keys []string) (map[string]reporting.Delivery, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string]reporting.Delivery{}
	for _, k := range keys {
		if r := f.rows[k]; r != nil {
			out[k] = reporting.Delivery{Message: r.Message, State: r.state, Receipt: r.receipt}
		}
	}
	return out, nil
}

func (f *fakeStore) WeekNews(context.Context, reporting.Week) (reporting.WeekNews, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.notices.news, nil
}

func (f *fakeStore) NudgeWeeks(_ context.Context, from reporting.Week) ([]reporting.NudgeWeek, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.notices.weeks), func(w reporting.NudgeWeek) bool { return w.Week.String() < from.String() }), nil
}

func (f *fakeStore) WeeksOf(_ context.Context, body string, n int) ([]reporting.NudgeWeek, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := slices.DeleteFunc(slices.Clone(f.notices.weeks), func(w reporting.NudgeWeek) bool { return w.BodyID != body })
	return out[:min(n, len(out))], nil
}

func (f *fakeStore) People(context.Context) ([]reporting.Person, error) { return f.notices.people, nil }

// set changes the store while a scheduler runs.
func (f *fakeStore) set(change func(n *fakeNotices)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.notices)
}

// when are the messages that were posted, with the minute in the city, but for
// the nudges.
func (c *fakeCourier) when(prefix string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, p := range c.posts {
		if strings.HasPrefix(p.Key, prefix) {
			out = append(out, p.At.In(rule.Location).Format("01-02 15:04 ")+p.Key)
		}
	}
	slices.Sort(out)
	return out
}

var february = reporting.NewCalendar([]reporting.CalendarYear{{Year: 2018, Version: 1, Days: func() []reporting.Holiday {
	var days []reporting.Holiday
	for day := 15; day <= 21; day++ {
		days = append(days, reporting.Holiday{Day: reporting.Date{Year: 2018, Month: 2, Day: day}})
	}
	for _, day := range []int{11, 24} {
		days = append(days, reporting.Holiday{Day: reporting.Date{Year: 2018, Month: 2, Day: day}, Working: true})
	}
	return days
}()}})

var announcing = reporting.DeadlineRule{DayOff: reporting.DayOffPrevious, Announce: []int{10, 3, 1}}

// TestDeadlineMonth lives through a February: 25 February is a Sunday after the
// festival, so the deadline is the make-up Saturday; only who owes is told.
func TestDeadlineMonth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(shanghai("2018-02-01 00:00"))
		store, courier := newStore(bodies(4, shanghai("2018-01-01 00:00"))...), &fakeCourier{}
		store.bodies[3].ChannelID = ""
		store.notices.calendar = february
		store.notices.settings = map[string]reporting.NudgeSetting{"b01": {BodyID: "b01", Time: "14:30"}}
		store.notices.owed = map[reporting.DeadlineKind]map[string]int{reporting.ByProgress: {"b00": 2, "b01": 1, "b03": 7}}
		go func() { // b00 has done it by the last step, and b02 has something to do
			until(shanghai("2018-02-22 00:00"))
			store.set(func(n *fakeNotices) {
				n.owed = map[reporting.DeadlineKind]map[string]int{reporting.ByProgress: {"b01": 1, "b02": 3}}
			})
		}()
		cfg, end, done := Config{Rule: rule, Deadlines: announcing, Every: 10 * time.Minute}, shanghai("2018-03-01 00:00"), make(chan struct{})
		go func() { // another replica
			defer close(done)
			run(t, New(store, courier, cfg), end)
		}()
		run(t, New(store, courier, cfg), end)
		<-done
		want := []string{
			"02-06 09:00 deadline/b00/progress/2018-02-25/10", "02-06 14:30 deadline/b01/progress/2018-02-25/10",
			"02-14 09:00 deadline/b00/progress/2018-02-25/3", "02-14 14:30 deadline/b01/progress/2018-02-25/3",
			"02-23 09:00 deadline/b02/progress/2018-02-25/1", "02-23 14:30 deadline/b01/progress/2018-02-25/1",
		}
		if diff := gocmp.Diff(want, courier.when("deadline/")); diff != "" {
			t.Errorf("announced (-want +got):\n%s", diff)
		}
		if got := store.rows["deadline/b02/progress/2018-02-25/10"]; got == nil || got.Skip != "nothing_owed" {
			t.Errorf("that a body owes nothing is not kept: %+v", got)
		}
		if store.notices.asked > 24 {
			t.Errorf("what is owed was read %d times in a month", store.notices.asked)
		}
	})
}

// TestDeadlineOutage: who was away tells the newest step only, and nothing once
// the day is over.
func TestDeadlineOutage(t *testing.T) {
	for _, tt := range []struct {
		name, back string
		want       []string
	}{
		{"from the first to the second step", "2018-02-14 11:00", []string{"02-14 11:00 deadline/b00/progress/2018-02-25/3"}},
		{"on the day itself", "2018-02-24 20:00", []string{"02-24 20:00 deadline/b00/progress/2018-02-25/1"}},
		{"until the day is over", "2018-02-25 01:00", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				until(shanghai(tt.back))
				store, courier := newStore(bodies(1, shanghai("2018-01-01 00:00"))...), &fakeCourier{}
				store.notices.calendar = february
				store.notices.owed = map[reporting.DeadlineKind]map[string]int{reporting.ByProgress: {"b00": 2}}
				run(t, New(store, courier, Config{Rule: rule, Deadlines: announcing}), shanghai(tt.back).Add(90*time.Minute))
				if diff := gocmp.Diff(tt.want, courier.when("deadline/")); diff != "" {
					t.Errorf("announced (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestHalfYear: what is owed by a standing is read once for all.
func TestHalfYear(t *testing.T) {
	store := newStore(bodies(3, time.Time{})...)
	store.quota["b02"] = 0
	s := New(store, &fakeCourier{}, Config{Rule: rule, Deadlines: announcing})
	got, err := s.Plan(t.Context(), shanghai("2018-06-28 09:00"))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, m := range got {
		if m.Kind == reporting.DeadlineMessage {
			keys = append(keys, m.Key)
		}
	}
	if want := []string{"deadline/b00/half_year/2018-06-30/1", "deadline/b01/half_year/2018-06-30/1"}; !slices.Equal(keys, want) {
		t.Errorf("planned %v, want %v", keys, want)
	}
}

// weekOf runs two replicas over a Monday in which one channel is dead and one
// cannot be reached for a while.
func weekOf(t *testing.T, end string, stuck func(now time.Time) bool, during func(f *fakeStore)) (*fakeStore, *fakeCourier) {
	store, courier := newStore(bodies(4, shanghai("2018-01-01 00:00"))...), &fakeCourier{}
	courier.answer = func(m reporting.Message) reporting.Receipt {
		switch now := time.Now(); {
		case m.Key == "nudge/b01/2018-W10":
			return reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "is_archived"}
		case m.Key == "nudge/b02/2018-W10" && stuck(now):
			return reporting.Receipt{Outcome: reporting.Retry, Class: reporting.Temporary, Reason: "timeout", RetryAt: now.Add(time.Minute).UnixMilli()}
		}
		return reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "1.000001"}
	}
	cfg := Config{Rule: rule, LeadersChannel: "CL", OfficeChannel: "CO", DigestAfter: 30 * time.Minute}
	other := New(store, courier, cfg)
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(t, other, shanghai(end))
	}()
	if during != nil {
		go during(store)
	}
	run(t, New(store, courier, cfg), shanghai(end))
	<-done
	return store, courier
}

// TestWeekly: the digest and the report come once, however many replicas, when
// the nudges are settled, and without them when they never are.
func TestWeekly(t *testing.T) {
	for _, tt := range []struct {
		name, start, end string
		stuck            func(now time.Time) bool
		want             []string
		settled          string
	}{
		{"all settled at once", "2018-03-05 08:00", "2018-03-05 12:00", func(time.Time) bool { return false },
			[]string{"03-05 09:00 delivery-report/2018-W10", "03-05 09:30 digest/2018-W10"}, "1"},
		{"one settled after twenty minutes", "2018-03-05 08:00", "2018-03-05 12:00", func(now time.Time) bool { return now.Before(shanghai("2018-03-05 09:20")) },
			[]string{"03-05 09:20 delivery-report/2018-W10", "03-05 09:30 digest/2018-W10"}, "1"},
		{"one settled after two hours", "2018-03-05 08:00", "2018-03-05 12:00", func(now time.Time) bool { return now.Before(shanghai("2018-03-05 11:00")) },
			[]string{"03-05 10:00 delivery-report/2018-W10", "03-05 10:00 digest/2018-W10", "03-05 11:00 delivery-report/2018-W10/edit/settled"}, "0"},
		{"back on Wednesday", "2018-03-07 14:00", "2018-03-07 18:00", func(now time.Time) bool { return now.Before(shanghai("2018-03-07 14:10")) },
			[]string{"03-07 14:10 delivery-report/2018-W10", "03-07 14:10 digest/2018-W10"}, "1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				until(shanghai(tt.start))
				store, courier := weekOf(t, tt.end, tt.stuck, nil)
				got := append(courier.when("delivery-report/2018-W10"), courier.when("digest/2018-W10")...)
				slices.Sort(got)
				if diff := gocmp.Diff(tt.want, got); diff != "" {
					t.Errorf("posted (-want +got):\n%s", diff)
				}
				if r := store.rows["delivery-report/2018-W10"]; r.Args["settled"] != tt.settled {
					t.Errorf("the report says settled %q", r.Args["settled"])
				}
			})
		})
	}
}

// TestReportEdits: the report is edited as acknowledgements come, once a minute
// at most, and after the next week's no more.
func TestReportEdits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(shanghai("2018-03-05 08:00"))
		_, courier := weekOf(t, "2018-03-12 12:00", func(time.Time) bool { return false }, func(f *fakeStore) {
			for _, at := range []string{"2018-03-05 09:40", "2018-03-06 10:00", "2018-03-12 10:30"} {
				until(shanghai(at))
				for range 40 { // two minutes of people who press
					f.set(func(n *fakeNotices) { n.news.Said = time.Now().UnixMilli() })
					time.Sleep(3 * time.Second)
				}
			}
		})
		minutes := map[string]int{}
		for _, line := range courier.when("delivery-report/2018-W10/edit/") {
			minutes[line[:11]]++
		}
		want := map[string]int{"03-05 09:41": 1, "03-05 09:42": 1, "03-06 10:01": 1, "03-06 10:02": 1}
		if diff := gocmp.Diff(want, minutes); diff != "" {
			t.Errorf("edits (-want +got):\n%s", diff)
		}
		if got := courier.when("delivery-report/2018-W11/edit/"); len(got) != 2 {
			t.Errorf("the next week's report was edited at %v", got)
		}
	})
}

// TestNothingToTell: of a week in which nobody was owed a nudge there is neither
// digest nor report, nor where there is no channel for them.
func TestNothingToTell(t *testing.T) {
	for name, cfg := range map[string]Config{
		"no quota":    {Rule: rule, LeadersChannel: "CL", OfficeChannel: "CO"},
		"no channels": {Rule: rule},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				until(shanghai("2018-03-05 08:00"))
				store, courier := newStore(bodies(2, shanghai("2018-01-01 00:00"))...), &fakeCourier{}
				if name == "no quota" {
					store.quota = map[string]int{}
				}
				run(t, New(store, courier, cfg), shanghai("2018-03-06 08:00"))
				if got := append(courier.when("digest/"), courier.when("delivery-report/")...); len(got) > 0 {
					t.Errorf("posted %v", got)
				}
			})
		})
	}
}

// TestEscalations: each step once for a streak, to whom it concerns, after the
// nudge of the week; the same people hear once that it has ended.
func TestEscalations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(shanghai("2018-03-01 00:00"))
		store, courier := newStore(bodies(2, shanghai("2018-01-01 00:00"))...), &fakeCourier{}
		store.bodies[0].LeaderID = "UL"
		store.notices.people = []reporting.Person{{UserID: "U1", Role: reporting.Official, BodyID: "b00"}, {UserID: "U9", Role: reporting.Official, BodyID: "b01"}}
		levels := []reporting.Colour{reporting.Yellow, reporting.Red, reporting.Red, reporting.Yellow, reporting.Blue, reporting.Yellow}
		courier.answer = func(m reporting.Message) reporting.Receipt {
			if m.Kind == reporting.NudgeMessage { // as a week is opened with it
				week, _ := m.Week()
				level := reporting.Green
				if m.BodyID == "b00" {
					level = levels[week.Week-10]
				}
				store.set(func(n *fakeNotices) {
					n.weeks = slices.Insert(n.weeks, 0, reporting.NudgeWeek{BodyID: m.BodyID, Week: week, Year: 2018, Level: level})
					for i := range n.people { // who comes later is not told of earlier steps
						if week.Week == 12 && n.people[i].UserID == "U9" {
							n.people[i].BodyID = "b00"
						}
					}
				})
			}
			return reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "1.000001"}
		}
		cfg := Config{Rule: rule, Every: 5 * time.Minute, Escalation: reporting.EscalationRule{Contact: 1, Leader: 2, Office: 2, OfficeColour: reporting.Red, OfficeChannel: "CO"}}
		end := shanghai("2018-04-10 00:00")
		done := make(chan struct{})
		go func() {
			defer close(done)
			run(t, New(store, courier, cfg), end)
		}()
		run(t, New(store, courier, cfg), end)
		<-done
		var got []string
		for _, line := range courier.when("escalate/") {
			got = append(got, fmt.Sprintf("%s %s", line[:5], strings.TrimPrefix(line[12:], "escalate/b00/")))
		}
		want := []string{
			"03-05 2018-W10/contact/U1",
			"03-12 2018-W10/leader/UL",
			"03-19 2018-W10/office/CO",
			"04-02 2018-W10/ended/CO", "04-02 2018-W10/ended/U1", "04-02 2018-W10/ended/UL",
			"04-09 2018-W15/contact/U1", "04-09 2018-W15/contact/U9",
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("escalated (-want +got):\n%s", diff)
		}
	})
}
