package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// TestProofHour starts two, four and eight replicas at once, shortly before the
// hour of the nudges, and lets them run over it: on one clock, and on clocks of
// which each is five seconds behind the next. Every body gets one nudge. On
// SQLite they are four schedulers on one file.
func TestProofHour(t *testing.T) {
	for driver, counts := range map[string][]int{"postgres": {2, 4, 8}, "sqlite": {4}} {
		for _, n := range counts {
			for _, apart := range []time.Duration{0, 5 * time.Second} {
				t.Run(fmt.Sprintf("%d replicas on %s, clocks %s apart", n, driver, apart), func(t *testing.T) {
					t.Parallel()
					proveHour(t, driver, n, apart)
				})
			}
		}
	}
}

// hourSpeed is how many seconds pass in one of this proof: the clocks of eight
// replicas are up to 35 seconds apart.
const hourSpeed = 10

// fastClock stands at fleetStart until it is set, and then runs fast.
type fastClock struct{ running atomic.Pointer[[2]time.Time] }

// Now returns its time.
func (c *fastClock) Now() time.Time {
	r := c.running.Load()
	if r == nil {
		return fleetStart
	}
	return r[1].Add(hourSpeed * time.Since(r[0]))
}

func (c *fastClock) runFrom(at time.Time) { c.running.Store(&[2]time.Time{time.Now(), at}) }

func proveHour(t *testing.T, driver string, n int, apart time.Duration) {
	address, dsn := "", filepath.Join(t.TempDir(), "hour.db")
	if driver == "postgres" {
		address = freshPostgres(t)
		dsn = address
	} else {
		address = "sqlite://" + dsn
	}
	spread := time.Duration(n-1) * apart
	hour := time.Date(2018, 1, 8, 9, 0, 0, 0, changchun(t))
	clock := &fastClock{}
	f := newFleetCity(t, "http", driver, address, dsn, clock.Now)
	f.week = reporting.Week{Year: 2018, Week: 2}

	every := 50 * time.Millisecond
	if driver == "sqlite" {
		every *= 10 // they write one after the other
	}
	delivered := make([]atomic.Int64, n) // by replica
	var replicas []*service
	ahead := func(i int) time.Duration { return spread/2 - time.Duration(i)*apart }
	for i := range n {
		replicas = append(replicas, f.service(func() time.Time { return clock.Now().Add(ahead(i)) }, func(m reporting.Message, r reporting.Receipt) {
			if r.Outcome == reporting.Sent && m.Kind == reporting.NudgeMessage {
				delivered[i].Add(1)
			}
		}, 4, every)) // slow enough that several have a share of it
	}
	clock.runFrom(hour.Add(-spread/2 - 3*time.Second))

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, n)
	for _, r := range replicas {
		go func() { ended <- r.sched.Run(ctx) }()
	}
	f.until("past the hour everywhere", func() bool {
		return clock.Now().After(hour.Add(spread/2 + 3*time.Second))
	})
	tick, deadline := time.NewTicker(20*time.Millisecond), time.Now().Add(4*waitLimit)
	defer tick.Stop()
	for range tick.C {
		_, planned, owed, err := f.pendingRows()
		if err == nil && planned == fleetBodies && owed == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d planned and %d owed when time was up (%v)", planned, owed, err)
		}
	}
	stop()
	for range n {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	c := f.counted([]reporting.Week{f.week})
	var shares []int64
	var all int64
	for i := range delivered {
		shares = append(shares, delivered[i].Load())
		all += delivered[i].Load()
	}
	t.Logf("nudges: %d expected, %d found, %d lost, %d doubled; delivered by each replica: %v", c.expected, c.found, c.lost, c.doubled, shares)
	if all != fleetBodies {
		t.Errorf("%d were delivered, by each replica %v", all, shares)
	}
}

// service is a Mouhua of its own within the test, on a clock of its own.
func (f *fleet) service(now func() time.Time, observe func(reporting.Message, reporting.Receipt), perSecond float64, every time.Duration) *service {
	f.t.Helper()
	cfg, err := loadConfig(f.config, true, noEnv)
	if err != nil {
		f.t.Fatal(err)
	}
	in := func() time.Time { return now().In(cfg.location()) }
	log := slog.New(slog.NewTextHandler(f.logs, nil))
	db, err := openStorage(f.t.Context(), cfg, log, in)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { db.Close() })
	s, err := newService(cfg, parts{db: db, now: in, log: log, observe: observe, perSecond: perSecond, every: every})
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}
