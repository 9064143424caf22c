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

// cards are n messages to the office's channel.
func cards(store *fakeStore, n int) {
	for i := range n {
		key := fmt.Sprintf("review/CC-2018-%04d/1", i)
		store.rows[key] = &row{Message: reporting.Message{Key: key, Kind: reporting.ReviewCard}, state: "pending"}
	}
}

// each checks that n messages were posted, once each.
func each(t *testing.T, courier *fakeCourier, n int) {
	t.Helper()
	posted := map[string]int{}
	for _, key := range courier.keys() {
		if strings.HasPrefix(key, "run/") {
			continue // how far it is
		}
		if posted[key]++; posted[key] == 2 {
			t.Errorf("%s was posted twice", key)
		}
	}
	if len(posted) != n {
		t.Errorf("%d messages were posted, want %d", len(posted), n)
	}
}

// TestLongQueue has one replica post for ten minutes, and another come in the
// middle of it.
func TestLongQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-06 12:00")
		until(start)
		store, courier := newStore(), &fakeCourier{}
		courier.answer = func(reporting.Message) reporting.Receipt {
			time.Sleep(300 * time.Millisecond)
			return reporting.Receipt{Outcome: reporting.Sent}
		}
		cards(store, 600)
		ctx, cancel := context.WithCancel(t.Context())
		first := make(chan error, 1)
		go func() { first <- New(store, courier, Config{Rule: rule}).Run(ctx) }()
		until(start.Add(150 * time.Second))
		run(t, New(store, courier, Config{Rule: rule}), start.Add(15*time.Minute))
		cancel()
		if err := <-first; err != nil {
			t.Error(err)
		}
		each(t, courier, 600)
	})
}

// TestSilentSlack has every call of two replicas run into its limit for nearly
// as long as a lease.
func TestSilentSlack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-06 12:00")
		until(start)
		store, courier := newStore(), &fakeCourier{}
		courier.answer = func(m reporting.Message) reporting.Receipt {
			if time.Since(start) < 115*time.Second {
				time.Sleep(10 * time.Second)
				return reporting.Receipt{Outcome: reporting.Retry, Class: reporting.Unknown, RetryAt: time.Now().Add(4 * time.Second).UnixMilli()}
			}
			time.Sleep(time.Second)
			return reporting.Receipt{Outcome: reporting.Sent}
		}
		cards(store, 20)
		ctx, cancel := context.WithCancel(t.Context())
		first := make(chan error, 1)
		go func() { first <- New(store, courier, Config{Rule: rule}).Run(ctx) }()
		run(t, New(store, courier, Config{Rule: rule}), start.Add(10*time.Minute))
		cancel()
		if err := <-first; err != nil {
			t.Error(err)
		}
		each(t, courier, 20)
	})
}

// boundCourier posts for ever, until its time is up.
type boundCourier struct{ took []time.Duration }

func (c *boundCourier) Deliver(ctx context.Context, _ reporting.Message) reporting.Receipt {
	began := time.Now()
	<-ctx.Done()
	c.took = append(c.took, time.Since(began))
	return reporting.Receipt{Outcome: reporting.Retry, Class: reporting.Unknown, RetryAt: time.Now().Add(time.Hour).UnixMilli()}
}

// TestLeaseBoundsDelivery: a post ends before its lease does, and what has
// waited behind it for too long is handed back as if it had not been claimed.
func TestLeaseBoundsDelivery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(shanghai("2018-03-06 12:00"))
		store, courier := newStore(), &boundCourier{}
		cards(store, 2)
		var handed []reporting.Message
		s := New(store, courier, Config{Rule: rule, Observe: func(m reporting.Message, r reporting.Receipt) {
			if r.Untried {
				handed = append(handed, m)
			}
		}})
		if _, err := s.DeliverDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := []time.Duration{lease - settling, lease - settling}; !slices.Equal(courier.took, want) {
			t.Errorf("deliveries took %v, want %v", courier.took, want)
		}
		if len(handed) != 1 || store.rows[handed[0].Key].Attempts != 1 {
			t.Errorf("%d messages were handed back, want 1 with one attempt since", len(handed))
		}
	})
}

// TestAskedTime runs a scheduler for another time beside one that serves: what
// is leased to the one is not taken by the other, and nothing comes twice.
func TestAskedTime(t *testing.T) {
	for _, tt := range []struct {
		name, asked, key string
	}{
		{"past", "2018-03-05 09:30", "nudge/b00/2018-W10"},
		{"future", "2018-03-12 09:00", "nudge/b00/2018-W11"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := shanghai("2018-03-07 12:00")
				until(start)
				ahead := shanghai(tt.asked).Sub(start)
				store, courier := newStore(bodies(1, time.Time{})...), &fakeCourier{}
				failed := false
				courier.answer = func(reporting.Message) reporting.Receipt {
					if !failed {
						failed = true
						return reporting.Receipt{Outcome: reporting.Retry, RetryAt: time.Now().Add(4 * time.Second).UnixMilli()}
					}
					time.Sleep(10 * time.Second)
					return reporting.Receipt{Outcome: reporting.Sent}
				}
				asked := func() time.Time { return time.Now().Add(ahead) }
				s := New(store, courier, Config{Rule: rule, Asked: asked})
				if err := s.Tick(t.Context()); err != nil {
					t.Fatal(err)
				}
				r := store.rows[tt.key]
				if r == nil || r.TriedAt != start.UnixMilli() || r.state != "pending" {
					t.Fatalf("%s was not tried at the real time: %+v", tt.key, r)
				}
				if err := s.Tick(t.Context()); err != nil || r.Attempts != 1 {
					t.Errorf("retried before its time: %d attempts, %v", r.Attempts, err)
				}
				time.Sleep(5 * time.Second)
				// The serving one looks while the other posts.
				serving := New(store, courier, Config{Rule: rule})
				go func() { time.Sleep(time.Second); _, _ = serving.DeliverDue(context.Background()) }()
				if err := s.Tick(t.Context()); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if diff := gocmp.Diff([]string{tt.key}, courier.keys()); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// TestDecidedOnce: what a body comes to owe after the hour waits for the next,
// whether the process goes on or starts again.
func TestDecidedOnce(t *testing.T) {
	for _, tt := range []struct {
		name, up string // when the process is up first
		want     []string
	}{
		{"up at the hour", "2018-03-05 08:59", nil},
		{"up before the quotas came", "2018-03-07 09:00", nil},
		{"down until they were there", "2018-03-07 15:00", []string{"nudge/b00/2018-W10", "nudge/b01/2018-W10"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				until(shanghai("2018-03-04 09:00"))
				store, courier := newStore(bodies(2, time.Time{})...), &fakeCourier{}
				for _, b := range store.bodies {
					key := reporting.NudgeKey(b.ID, reporting.Week{Year: 2018, Week: 9})
					store.rows[key] = &row{Message: reporting.Message{Key: key}, state: "sent"}
				}
				clear(store.quota)
				imports := shanghai("2018-03-07 14:00")
				up := shanghai(tt.up)
				until(up)
				if up.Before(imports) {
					run(t, New(store, courier, Config{Rule: rule}), imports)
				}
				store.mu.Lock()
				store.quota["b00"], store.quota["b01"] = 65, 65
				store.revision++
				store.mu.Unlock()
				s := New(store, courier, Config{Rule: rule}) // a restart remembers nothing
				run(t, s, shanghai("2018-03-12 08:59"))
				if diff := gocmp.Diff(tt.want, courier.keys()); diff != "" {
					t.Error(diff)
				}
				run(t, New(store, courier, Config{Rule: rule}), shanghai("2018-03-12 09:01"))
				next := slices.DeleteFunc(courier.keys(), func(k string) bool { return !strings.HasSuffix(k, "W11") })
				if len(next) != 2 {
					t.Errorf("the next Monday has %v", next)
				}
			})
		})
	}
}

// TestAheadDecidesNothing: what is not owed for a time to come may be owed then.
func TestAheadDecidesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-07 12:00")
		until(start)
		store := newStore(bodies(1, time.Time{})...)
		clear(store.quota)
		s := New(store, &fakeCourier{}, Config{Rule: rule})
		if _, err := s.Plan(t.Context(), start.AddDate(0, 0, 7)); err != nil || len(store.rows) != 0 {
			t.Errorf("%d rows for a week to come, %v", len(store.rows), err)
		}
	})
}

// TestRetryIsOnTime: a retry due before the next tick does not wait for it.
func TestRetryIsOnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-06 12:00")
		until(start)
		store, courier := newStore(), &fakeCourier{}
		cards(store, 1)
		courier.answer = func(reporting.Message) reporting.Receipt {
			if time.Since(start) < time.Second {
				return reporting.Receipt{Outcome: reporting.Retry, RetryAt: start.Add(4 * time.Second).UnixMilli()}
			}
			return reporting.Receipt{Outcome: reporting.Sent}
		}
		run(t, New(store, courier, Config{Rule: rule}), start.Add(5*time.Second))
		if diff := gocmp.Diff([]post{{"review/CC-2018-0000/1", start.Add(4 * time.Second)}}, courier.posts); diff != "" {
			t.Error(diff)
		}
	})
}
