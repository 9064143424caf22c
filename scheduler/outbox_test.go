package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

func (f *fakeStore) Collapse(_ context.Context, due, now int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	n := 0
	for key, r := range f.rows {
		group := r.Supersedes()
		if r.state != "pending" || group == "" || r.DueAt > due || r.leased > now {
			continue
		}
		for other, o := range f.rows {
			newer := cmp.Or(cmp.Compare(o.DueAt, r.DueAt), strings.Compare(other, key)) > 0
			if newer && o.Supersedes() == group && o.DueAt <= due && (o.state == "pending" || o.state == "sent") {
				r.state, r.receipt = "skipped", reporting.Receipt{Outcome: reporting.Skipped, Reason: "stale"}
				n++
				break
			}
		}
	}
	return n, nil
}

func (f *fakeStore) DueLoad(_ context.Context, due, now int64) (reporting.DueLoad, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	var l reporting.DueLoad
	to := map[string]int{}
	for _, r := range f.rows {
		if r.state == "pending" && r.DueAt <= due && r.receipt.RetryAt <= now && r.Kind != reporting.RunProgress {
			l.Messages++
			to[r.Destination()]++
			l.Busiest = max(l.Busiest, to[r.Destination()])
		}
	}
	return l, nil
}

func (f *fakeStore) LastDeliveries(_ context.Context, kind reporting.MessageKind, _ string, _ int) ([]reporting.Delivery, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries++
	var last *row
	for _, r := range f.rows {
		if r.Kind == kind && (last == nil || reporting.RunOf(r.Message).At > reporting.RunOf(last.Message).At) {
			last = r
		}
	}
	if last == nil {
		return nil, nil
	}
	return []reporting.Delivery{{Message: last.Message, State: last.state}}, nil
}

func (f *fakeStore) NoteRateWait(_ context.Context, _ string, _ int64, wait time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waits = append(f.waits, wait)
	return nil
}

func (f *fakeStore) DeadChannels(context.Context) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for _, b := range f.bodies {
		if b.UndeliverableSince != 0 {
			out = append(out, b.ChannelID)
		}
	}
	return out, nil
}

func (f *fakeStore) Repair(_ context.Context, r reporting.Repair) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.bodies {
		b := &f.bodies[i]
		if b.ID != r.BodyID || b.UndeliverableSince == 0 {
			continue
		}
		b.UndeliverableSince = 0
		f.revision++
		if n := f.rows[r.NudgeKey]; n != nil && n.state == "dead" {
			n.state, n.leased, n.receipt = "pending", 0, reporting.Receipt{}
		}
		f.rows[r.Tell.Key] = &row{Message: r.Tell, state: "pending"}
		return true, nil
	}
	return false, nil
}

// TestSupersededAfterLongStop: of three weeks' nudges that nobody delivered, the
// newest goes out.
func TestSupersededAfterLongStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until(shanghai("2018-03-19 10:00"))
		store, courier := newStore(), &fakeCourier{}
		for i, week := range []int{10, 11, 12} {
			key := reporting.NudgeKey("b00", reporting.Week{Year: 2018, Week: week})
			store.rows[key] = &row{Message: reporting.Message{Key: key, Kind: reporting.NudgeMessage, BodyID: "b00", DueAt: int64(i)}, state: "pending"}
		}
		if _, err := New(store, courier, Config{Rule: rule}).DeliverDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff([]string{"nudge/b00/2018-W12"}, courier.keys()); diff != "" {
			t.Error(diff)
		}
	})
}

// TestLongRunHasOneLine: two replicas deliver a long queue and go on with one
// line in the office's channel, which ends with the last message.
func TestLongRunHasOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-05 09:00")
		until(start)
		store, courier := newStore(bodies(400, time.Time{})...), &fakeCourier{}
		ctx, cancel := context.WithCancel(t.Context())
		first := make(chan error, 1)
		go func() { first <- New(store, courier, Config{Rule: rule}).Run(ctx) }()
		until(start.Add(3 * time.Second))
		run(t, New(store, courier, Config{Rule: rule}), start.Add(5*time.Minute))
		cancel()
		if err := <-first; err != nil {
			t.Error(err)
		}
		lines, edits := 0, []time.Time{}
		var end reporting.Run
		for _, p := range courier.posts {
			m := store.rows[p.Key].Message
			switch {
			case m.Kind != reporting.RunProgress:
			case m.EditOf == "":
				lines++
				if p.At.Sub(start) > 6*time.Second {
					t.Errorf("the line came after %s", p.At.Sub(start))
				}
			default:
				edits = append(edits, p.At)
				end = reporting.RunOf(m)
			}
		}
		took := courier.posts[len(courier.posts)-1].At.Sub(start)
		if lines != 1 || !end.Ended || end.Done != 400 || end.Total != 400 {
			t.Errorf("%d lines, ended as %+v", lines, end)
		}
		if n := len(edits); n < 3 || n > 7 {
			t.Errorf("%d edits in %s, at most every ten seconds", n, took)
		}
		// Two replicas at four a second, 400 messages.
		if took > time.Minute {
			t.Errorf("took %s with two replicas, want less than a minute", took)
		}
		for key, r := range store.rows {
			if r.state != "sent" {
				t.Errorf("%s is %s", key, r.state)
			}
		}
	})
}

// TestPausedRunEndsItsLine: a line that a pause interrupts is gone on with, and
// the pause is kept once although several posts met it.
func TestPausedRunEndsItsLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-05 09:00")
		until(start)
		store, courier := newStore(bodies(160, time.Time{})...), &fakeCourier{}
		courier.answer = func(reporting.Message) reporting.Receipt {
			time.Sleep(50 * time.Millisecond)
			if since := time.Since(start); since > 35*time.Second && since < 36*time.Second {
				return reporting.Receipt{Outcome: reporting.Retry, Class: reporting.RateLimited, RetryAt: time.Now().Add(30 * time.Second).UnixMilli()}
			}
			return reporting.Receipt{Outcome: reporting.Sent}
		}
		run(t, New(store, courier, Config{Rule: rule}), start.Add(3*time.Minute))
		last, err := store.LastDeliveries(t.Context(), reporting.RunProgress, "", 1)
		if err != nil || len(last) == 0 || !reporting.RunOf(last[0].Message).Ended || last[0].State != "sent" {
			t.Errorf("the line's last state is %+v, %v", last, err)
		}
		if len(store.waits) != 1 || store.waits[0] != 30*time.Second {
			t.Errorf("waits %v, want one of 30 s", store.waits)
		}
		nudges := slices.DeleteFunc(courier.keys(), func(k string) bool { return !strings.HasPrefix(k, "nudge/") })
		if len(nudges) != 160 || len(slices.Compact(nudges)) != 160 {
			t.Errorf("%d nudges were posted, want 160, each once", len(nudges))
		}
	})
}

// TestRefusedBotStopsPosting: a revoked token stops all posts, is asked about
// once a minute, and nothing counts as a try; the posts go on when it is good.
func TestRefusedBotStopsPosting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-05 09:00")
		until(start)
		var log strings.Builder
		store, courier := newStore(bodies(40, time.Time{})...), &fakeCourier{}
		var mu sync.Mutex
		tries, asked := 0, 0
		good := func() bool { return time.Since(start) > 2*time.Hour+30*time.Second }
		courier.answer = func(reporting.Message) reporting.Receipt {
			mu.Lock()
			defer mu.Unlock()
			if tries++; good() {
				return reporting.Receipt{Outcome: reporting.Sent}
			}
			return reporting.Receipt{Outcome: reporting.Retry, Class: reporting.InstallDead, Reason: "token_revoked", RetryAt: time.Now().Add(5 * time.Minute).UnixMilli()}
		}
		s := New(store, courier, Config{
			Rule: rule, Log: slog.New(slog.NewTextHandler(&log, nil)),
			Refused: func(context.Context) (string, error) {
				mu.Lock()
				defer mu.Unlock()
				if asked++; asked == 5 {
					return "", errors.New("no connection")
				}
				if good() {
					return "", nil
				}
				return "token_revoked", nil
			},
		})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		until(start.Add(2 * time.Hour))
		if s.Refused() != "token_revoked" {
			t.Errorf("refused with %q", s.Refused())
		}
		mu.Lock()
		if tries > 4 || asked < 100 || asked > 121 {
			t.Errorf("%d tries and %d questions in two hours, want at most 4 and one a minute", tries, asked)
		}
		mu.Unlock()
		store.mu.Lock()
		for key, r := range store.rows {
			if r.Attempts != 0 {
				t.Errorf("%s has %d attempts", key, r.Attempts)
			}
		}
		store.mu.Unlock()
		until(start.Add(2*time.Hour + 3*time.Minute))
		cancel()
		if err := <-done; err != nil || s.Refused() != "" {
			t.Errorf("%v, refused with %q", err, s.Refused())
		}
		each(t, courier, 40)
		if n := strings.Count(log.String(), "nothing is posted"); n < 2 || n > 3 {
			t.Errorf("shouted %d times in two hours", n)
		}
	})
}

// TestRefusedMessageStopsNobody: what Slack refuses for one message only holds
// up no other.
func TestRefusedMessageStopsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-05 09:00")
		until(start)
		store, courier := newStore(bodies(8, time.Time{})...), &fakeCourier{}
		courier.answer = func(m reporting.Message) reporting.Receipt {
			if m.BodyID == "b03" {
				return reporting.Receipt{Outcome: reporting.Retry, Class: reporting.InstallDead, Reason: "missing_scope", RetryAt: time.Now().Add(5 * time.Minute).UnixMilli()}
			}
			return reporting.Receipt{Outcome: reporting.Sent}
		}
		s := New(store, courier, Config{Rule: rule, Refused: func(context.Context) (string, error) { return "", nil }})
		run(t, s, start.Add(time.Minute))
		each(t, courier, 7)
		if r := store.rows["nudge/b03/2018-W10"]; r.Attempts != 1 || s.Refused() != "" {
			t.Errorf("%d attempts, refused with %q", r.Attempts, s.Refused())
		}
	})
}

// TestRepairedChannelResumes: an event or, when it is lost, the probe finds a
// channel repaired. This week's nudge goes out once, and the office is told once.
func TestRepairedChannelResumes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		event  bool
		within time.Duration
	}{
		{"by event", true, 10 * time.Second},
		{"by probe", false, probeEvery + 10*time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := shanghai("2018-03-05 09:00")
				until(start)
				repairedAt := start.Add(26 * time.Hour)
				dead := func() bool { return time.Now().Before(repairedAt) }
				store, courier := newStore(bodies(3, time.Time{})...), &fakeCourier{}
				courier.answer = func(m reporting.Message) reporting.Receipt {
					if m.BodyID == "b01" && m.Kind == reporting.NudgeMessage && dead() {
						return reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "is_archived"}
					}
					return reporting.Receipt{Outcome: reporting.Sent}
				}
				probes := 0
				s := New(store, courier, Config{Rule: rule, Reachable: func(_ context.Context, channel string) (bool, error) {
					if probes++; channel != "C01" {
						return false, fmt.Errorf("asked about %s", channel)
					}
					return !dead(), nil
				}})
				go func() {
					until(repairedAt.Add(-time.Minute)) // too early, and of a channel that is fine
					for _, c := range []string{"C01", "C02"} {
						if err := s.Resume(t.Context(), c); err != nil {
							t.Error(err)
						}
					}
					if until(repairedAt.Add(time.Second)); tt.event {
						for range 2 {
							if err := s.Resume(t.Context(), "C01"); err != nil {
								t.Error(err)
							}
						}
					}
				}()
				run(t, s, start.Add(30*time.Hour))
				sent := map[string]int{}
				for _, p := range courier.posts {
					kind := string(store.rows[p.Key].Kind)
					if sent[kind]++; p.Key == "nudge/b01/2018-W10" && (p.At.Before(repairedAt) || p.At.Sub(repairedAt) > tt.within) {
						t.Errorf("the nudge came at %s", p.At)
					}
				}
				if diff := gocmp.Diff(map[string]int{"nudge": 3, "undeliverable": 1, "repaired": 1}, sent); diff != "" {
					t.Error(diff)
				}
				if probes > 26*12+10 {
					t.Errorf("%d probes", probes)
				}
			})
		})
	}
}
