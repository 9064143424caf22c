package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

var rule = reporting.NudgeRule{Weekday: time.Monday, Hour: 9, Location: mustZone("Asia/Shanghai")}

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

// row is a message of the fake outbox.
type row struct {
	reporting.Message
	leased  int64
	state   string
	receipt reporting.Receipt
}

// fakeStore is a database in memory.
type fakeStore struct {
	mu       sync.Mutex
	bodies   []reporting.Body
	revision int64
	quota    map[string]int
	drafts   map[string]int
	rows     map[string]*row
	fail     map[string]error // by body, of planning; "settle": of every Settle
	queries  int
	forgot   []int64
	waits    []time.Duration
	notices  fakeNotices
	fakeBulletins
}

func newStore(bodies ...reporting.Body) *fakeStore {
	f := &fakeStore{bodies: bodies, quota: map[string]int{}, drafts: map[string]int{}, rows: map[string]*row{}, fail: map[string]error{}}
	for _, b := range bodies {
		f.quota[b.ID] = 65
	}
	return f
}

func (f *fakeStore) Bodies(context.Context) (*reporting.BodyList, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	return &reporting.BodyList{All: slices.Clone(f.bodies), Revision: f.revision, Calendar: f.notices.calendar, Nudges: f.notices.settings}, nil
}

func (f *fakeStore) Standings(_ context.Context, year int, day reporting.Date) ([]reporting.Standing, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	var out []reporting.Standing
	for id, n := range f.quota {
		out = append(out, reporting.Standing{BodyID: id, Year: year, AsOf: day, HasQuota: n > 0, Quota: reporting.Quota{Count: n}})
	}
	return out, nil
}

func (f *fakeStore) WaitingBodies(context.Context) (map[string]bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	out := map[string]bool{}
	for id := range f.drafts {
		out[id] = true
	}
	return out, nil
}

func (f *fakeStore) Forget(_ context.Context, before int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forgot = append(f.forgot, before)
	return 0, nil
}

func (f *fakeStore) PlannedKeys(_ context.Context, keys []string) (map[string]bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	out := map[string]bool{}
	for _, k := range keys {
		if f.rows[k] != nil {
			out[k] = true
		}
	}
	return out, nil
}

func (f *fakeStore) PlanMessages(_ context.Context, all []reporting.Message, _ []reporting.Event) ([]reporting.Message, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	var fresh []reporting.Message
	for _, m := range all {
		if err := f.fail[m.BodyID]; err != nil {
			return nil, err
		}
	}
	for _, m := range all {
		if f.rows[m.Key] == nil {
			f.rows[m.Key] = &row{Message: m, state: "pending"}
			if m.Skip != "" {
				f.rows[m.Key].state = "skipped"
			}
			fresh = append(fresh, m)
		}
	}
	return fresh, nil
}

func (f *fakeStore) Claim(_ context.Context, _ string, asked, now int64, lease time.Duration, limit int) ([]reporting.Message, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	var due []*row
	for _, r := range f.rows {
		if r.state == "pending" && r.DueAt <= asked && r.receipt.RetryAt <= now && r.leased <= now {
			due = append(due, r)
		}
	}
	slices.SortFunc(due, func(a, b *row) int { return cmp.Or(cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(a.Key, b.Key)) })
	var out []reporting.Message
	for _, r := range due[:min(limit, len(due))] {
		r.leased = now + lease.Milliseconds()
		r.LeaseUntil = r.leased
		r.Attempts++
		r.TriedAt = cmp.Or(r.TriedAt, now)
		out = append(out, r.Message)
	}
	return out, nil
}

func (f *fakeStore) Settle(_ context.Context, m reporting.Message, r reporting.Receipt, follow ...reporting.Message) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	if err := f.fail["settle"]; err != nil {
		return err
	}
	at := f.rows[m.Key]
	if at.state != "pending" || r.Outcome == reporting.Retry && at.leased != m.LeaseUntil {
		return nil
	}
	at.receipt, at.state = r, string(r.Outcome)
	if r.Outcome == reporting.Retry {
		at.state, at.leased = "pending", 0
		if r.Untried {
			at.Attempts--
		}
	}
	for i := range f.bodies {
		if f.bodies[i].ID == m.BodyID && r.Outcome == reporting.Dead {
			f.bodies[i].UndeliverableSince = 1
			f.revision++
		}
	}
	for _, n := range follow {
		f.rows[n.Key] = &row{Message: n, state: "pending"}
	}
	return nil
}

func (f *fakeStore) Freeze(context.Context, int, reporting.Basis, int, int64) (bool, error) {
	return false, nil
}

func (f *fakeStore) AskYear(_ context.Context, k reporting.Ask, _ int64) (reporting.Ask, error) {
	return k, nil
}

func (f *fakeStore) DueSteps(context.Context, reporting.Ask, reporting.Date) ([][]string, error) {
	return nil, nil
}

func (f *fakeStore) ChangeProjects(context.Context, string, []string, func([]reporting.Project) ([]reporting.Change, error)) ([]reporting.Project, error) {
	return nil, nil
}

// fakeCourier keeps what it was given, and when.
type fakeCourier struct {
	mu     sync.Mutex
	posts  []post
	answer func(m reporting.Message) reporting.Receipt
}

type post struct {
	Key string
	At  time.Time
}

func (c *fakeCourier) Deliver(_ context.Context, m reporting.Message) reporting.Receipt {
	r := reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "1.000001"}
	if c.answer != nil {
		r = c.answer(m)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.Outcome == reporting.Sent {
		c.posts = append(c.posts, post{m.Key, time.Now()})
	}
	return r
}

func (c *fakeCourier) keys() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, p := range c.posts {
		out = append(out, p.Key)
	}
	slices.Sort(out)
	return out
}

func bodies(n int, since time.Time) []reporting.Body {
	out := make([]reporting.Body, n)
	for i := range out {
		out[i] = reporting.Body{ID: fmt.Sprintf("b%02d", i), ChannelID: fmt.Sprintf("C%02d", i), ChannelSince: since.UnixMilli()}
	}
	return out
}

// until moves the bubble's clock.
func until(t time.Time) { time.Sleep(time.Until(t)) }

func shanghai(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, rule.Location)
	if err != nil {
		panic(err)
	}
	return t
}

// TestYear lets the scheduler run through whole years: every body is nudged
// once a week, on Monday at nine in the city's zone.
func TestYear(t *testing.T) {
	for _, tt := range []struct{ year, mondays int }{{2018, 53}, {2019, 52}, {2020, 52}} {
		t.Run(fmt.Sprint(tt.year), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Date(tt.year, 1, 1, 0, 0, 0, 0, rule.Location)
				until(start)
				store, courier := newStore(bodies(40, start)...), &fakeCourier{}
				s := New(store, courier, Config{Rule: rule, Every: time.Hour})
				run(t, s, start.AddDate(1, 0, 0))

				posted := map[string]int{}
				for _, p := range courier.posts {
					if strings.HasPrefix(p.Key, "calendar/") { // nobody has imported any
						continue
					}
					posted[p.Key]++
					at := p.At.In(rule.Location)
					nine := time.Date(at.Year(), at.Month(), at.Day(), 9, 0, 0, 0, rule.Location)
					if at.Weekday() != time.Monday || at.Before(nine) || at.After(nine.Add(time.Minute)) {
						t.Errorf("%s was posted at %s", p.Key, at)
					}
				}
				for key, n := range posted {
					if n != 1 {
						t.Errorf("%s was posted %d times", key, n)
					}
				}
				if want := 40 * tt.mondays; len(posted) != want {
					t.Errorf("got %d nudges, want %d", len(posted), want)
				}
			})
		})
	}
}

// run lets s run until end and waits for its clean stop.
func run(t *testing.T, s *Scheduler, end time.Time) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	until(end)
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestDown(t *testing.T) {
	for _, tt := range []struct{ name, back, want string }{
		{"Monday to Wednesday", "2018-03-07 14:00", "2018-W10"},
		{"three weeks", "2018-03-28 08:00", "2018-W13"},
		{"over the hour", "2018-03-05 10:30", "2018-W10"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				until(shanghai("2018-03-03 12:00"))
				store, courier := newStore(bodies(3, shanghai("2018-01-01 00:00"))...), &fakeCourier{}
				for _, b := range store.bodies { // last week's went out in time
					key := reporting.NudgeKey(b.ID, reporting.Week{Year: 2018, Week: 9})
					store.rows[key] = &row{Message: reporting.Message{Key: key}, state: "sent"}
				}
				back := shanghai(tt.back)
				until(back)
				run(t, New(store, courier, Config{Rule: rule}), back.Add(6*time.Hour))
				want := []string{"nudge/b00/" + tt.want, "nudge/b01/" + tt.want, "nudge/b02/" + tt.want}
				if diff := gocmp.Diff(want, courier.keys()); diff != "" {
					t.Error(diff)
				}
				if got := store.rows[want[0]]; got.Args["reason"] != string(reporting.NudgeDueLate) || got.Args["week"] != tt.want {
					t.Errorf("message says %v", got.Args)
				}
			})
		})
	}
}

func TestPlanTwice(t *testing.T) {
	now := shanghai("2018-03-05 09:00")
	store := newStore(bodies(2, time.Time{})...)
	for i, want := range []int{2, 0} {
		// A new scheduler each time: nothing is remembered but in the store.
		got, err := New(store, &fakeCourier{}, Config{Rule: rule}).Plan(t.Context(), now)
		if err != nil || len(got) != want {
			t.Errorf("plan %d: got %d nudges and %v, want %d", i+1, len(got), err, want)
		}
	}
}

func TestDecideReasons(t *testing.T) {
	since := shanghai("2018-03-06 10:00").UnixMilli()
	store := newStore(
		reporting.Body{ID: "due", ChannelID: "C1"},
		reporting.Body{ID: "none"},
		reporting.Body{ID: "new", ChannelID: "C2", ChannelSince: since},
		reporting.Body{ID: "dead", ChannelID: "C3", UndeliverableSince: 1},
		reporting.Body{ID: "idle", ChannelID: "C4"},
		reporting.Body{ID: "drafting", ChannelID: "C5"},
		reporting.Body{ID: "planned", ChannelID: "C6"},
	)
	store.quota["idle"], store.quota["drafting"], store.drafts["drafting"] = 0, 0, 1
	store.rows["nudge/planned/2018-W10"] = &row{}
	got, err := New(store, &fakeCourier{}, Config{Rule: rule}).Decide(t.Context(), shanghai("2018-03-05 09:20"))
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]reporting.NudgeReason{}
	for _, p := range got {
		reasons[p.Body.ID] = p.Reason
		if p.Reason.Decides() != (p.Message.Key != "") {
			t.Errorf("%s: reason %s with message %q", p.Body.ID, p.Reason, p.Message.Key)
		}
	}
	want := map[string]reporting.NudgeReason{
		"due": reporting.NudgeDue, "none": reporting.NudgeNoChannel, "new": reporting.NudgeNewChannel, "dead": reporting.NudgeDead,
		"idle": reporting.NudgeNoTask, "drafting": reporting.NudgeDue, "planned": reporting.NudgePlanned,
	}
	if diff := gocmp.Diff(want, reasons); diff != "" {
		t.Error(diff)
	}
	if len(store.rows) != 1 {
		t.Error("deciding wrote to the outbox")
	}
}

func TestOneFailingBodyDoesNotStopOthers(t *testing.T) {
	broken := errors.New("broken")
	synctest.Test(t, func(t *testing.T) {
		until(shanghai("2018-03-05 09:00"))
		store, courier := newStore(bodies(5, time.Time{})...), &fakeCourier{}
		store.fail["b01"] = broken
		s := New(store, courier, Config{Rule: rule})
		if err := s.Tick(t.Context()); !errors.Is(err, broken) || !strings.Contains(err.Error(), "b01") {
			t.Errorf("got error %v, want that of b01", err)
		}
		want := []string{"nudge/b00/2018-W10", "nudge/b02/2018-W10", "nudge/b03/2018-W10", "nudge/b04/2018-W10"}
		if diff := gocmp.Diff(want, courier.keys()); diff != "" {
			t.Error(diff)
		}
		delete(store.fail, "b01")
		if err := s.Tick(t.Context()); err != nil || !slices.Contains(courier.keys(), "nudge/b01/2018-W10") {
			t.Errorf("repaired body got no nudge: %v", err)
		}
	})
}

func TestDeadChannelIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-05 08:00")
		until(start)
		store := newStore(bodies(2, time.Time{})...)
		week9 := []string{"nudge/b00/2018-W09", "nudge/b01/2018-W09"}
		for _, key := range week9 {
			store.rows[key] = &row{Message: reporting.Message{Key: key}, state: "sent"}
		}
		courier := &fakeCourier{answer: func(m reporting.Message) reporting.Receipt {
			if m.Kind == reporting.NudgeMessage && m.BodyID == "b01" {
				return reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "is_archived"}
			}
			return reporting.Receipt{Outcome: reporting.Sent}
		}}
		run(t, New(store, courier, Config{Rule: rule}), start.AddDate(0, 0, 14))
		var told []*row
		for key, r := range store.rows {
			if strings.HasPrefix(key, "undeliverable/b01/") {
				told = append(told, r)
			}
		}
		if len(told) != 1 || told[0].Args["reason"] != "is_archived" || told[0].state != "sent" {
			t.Errorf("the office was told %d times", len(told))
		}
		if want := []string{"nudge/b00/2018-W10", "nudge/b00/2018-W11"}; !slices.Equal(courier.keys()[:2], want) {
			t.Errorf("got %v, want %v", courier.keys(), want)
		}
	})
}

func TestRetries(t *testing.T) {
	later := func(d time.Duration, class reporting.FailureClass) reporting.Receipt {
		return reporting.Receipt{Outcome: reporting.Retry, Class: class, RetryAt: time.Now().Add(d).UnixMilli()}
	}
	for _, tt := range []struct {
		name   string
		class  reporting.FailureClass
		others bool // whether the other messages go on meanwhile
	}{
		{"temporary", reporting.Temporary, true},
		{"rate", reporting.RateLimited, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := shanghai("2018-03-05 09:00")
				until(start)
				store := newStore(bodies(30, time.Time{})...)
				first := true
				courier := &fakeCourier{}
				courier.answer = func(m reporting.Message) reporting.Receipt {
					courier.mu.Lock()
					defer courier.mu.Unlock()
					if m.BodyID == "b00" && first {
						first = false
						return later(time.Minute, tt.class)
					}
					return reporting.Receipt{Outcome: reporting.Sent}
				}
				run(t, New(store, courier, Config{Rule: rule}), start.Add(5*time.Minute))
				if got := len(courier.keys()); got != 30 {
					t.Errorf("got %d nudges, want 30", got)
				}
				early := 0
				for _, p := range courier.posts {
					if p.At.Sub(start) < 50*time.Second {
						early++
					}
				}
				if tt.others && early != 29 || !tt.others && early > 8 {
					t.Errorf("%d nudges were posted before the retry", early)
				}
			})
		})
	}
}

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-05 09:00")
		until(start)
		store, courier := newStore(), &fakeCourier{}
		for i := range 10 {
			key := fmt.Sprintf("review/CC-2018-%04d/1", i)
			store.rows[key] = &row{Message: reporting.Message{Key: key, Kind: reporting.ReviewCard}, state: "pending"}
		}
		s := New(store, courier, Config{Rule: rule})
		if n, err := s.DeliverDue(t.Context()); n != 10 || err != nil {
			t.Fatalf("delivered %d with %v, want 10", n, err)
		}
		// One channel: a burst of three, then one a second, in order.
		if took := time.Since(start); took != 7*time.Second {
			t.Errorf("took %s, want 7s", took)
		}
		if !slices.IsSortedFunc(courier.posts, func(a, b post) int { return strings.Compare(a.Key, b.Key) }) {
			t.Errorf("posted out of order: %v", courier.posts)
		}
	})
}

func TestStopHandsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-05 09:00")
		until(start)
		store := newStore(bodies(8, time.Time{})...)
		courier := &fakeCourier{answer: func(reporting.Message) reporting.Receipt {
			time.Sleep(2 * time.Second) // a slow Slack, on the bubble's clock
			return reporting.Receipt{Outcome: reporting.Sent}
		}}
		s := New(store, courier, Config{Rule: rule})
		run(t, s, start.Add(time.Second))
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("stopping took until %s after the start", took)
		}
		states := map[string]int{}
		for _, r := range store.rows {
			states[r.state]++
			if r.state == "pending" && r.leased != 0 {
				t.Errorf("%s is still leased", r.Key)
			}
		}
		if want := map[string]int{"sent": 4, "pending": 4}; !maps.Equal(states, want) {
			t.Errorf("got %v, want %v", states, want)
		}
	})
}

func TestWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-06 12:00")
		until(start)
		store, courier := newStore(), &fakeCourier{}
		s := New(store, courier, Config{Rule: rule, Every: time.Hour})
		go func() {
			until(start.Add(time.Minute))
			if _, err := store.PlanMessages(context.Background(), []reporting.Message{{Key: "approved/CC-2018-0001/2", To: "U1"}}, nil); err != nil {
				t.Error(err)
			}
			s.Wake()
		}()
		run(t, s, start.Add(2*time.Minute))
		if want := []int64{start.Add(-rememberKeys).UnixMilli()}; !slices.Equal(store.forgot, want) {
			t.Errorf("delivery keys were dropped before %v, want %v", store.forgot, want)
		}
		want := []post{{"approved/CC-2018-0001/2", start.Add(time.Minute)}}
		if diff := gocmp.Diff(want, courier.posts); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPanicsAndLostSettlements(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(shanghai("2018-03-05 09:00"))
		store := newStore(bodies(3, time.Time{})...)
		courier := &fakeCourier{answer: func(m reporting.Message) reporting.Receipt {
			if m.BodyID == "b01" {
				panic("bug")
			}
			return reporting.Receipt{Outcome: reporting.Sent}
		}}
		s := New(store, courier, Config{Rule: rule})
		if err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := store.rows["nudge/b01/2018-W10"]; got.state != "failed" {
			t.Errorf("the message that panicked is %s, want failed", got.state)
		}
		store.rows["x"] = &row{Message: reporting.Message{Key: "x", To: "U1"}, state: "pending"}
		store.fail["settle"] = errors.New("database away")
		if err := s.Tick(t.Context()); err == nil {
			t.Error("a lost settlement went unnoticed")
		}
		delete(store.fail, "settle")
		time.Sleep(lease + time.Second)
		if err := s.Tick(t.Context()); err != nil || store.rows["x"].state != "sent" {
			t.Errorf("message is %s after its lease, %v", store.rows["x"].state, err)
		}
	})
}

// TestIdle holds the price of a tick that finds nothing to do.
func TestIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(shanghai("2018-03-05 09:00"))
		store := newStore(bodies(40, time.Time{})...)
		s := New(store, &fakeCourier{}, Config{Rule: rule})
		if err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		store.queries = 0
		if err := s.Tick(t.Context()); err != nil || store.queries > 2 {
			t.Errorf("an idle tick made %d queries, want at most 2 (%v)", store.queries, err)
		}
	})
}
