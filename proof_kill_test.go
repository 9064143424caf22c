package main

import (
	"flag"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

var (
	proofRuns = flag.Int("proof.runs", 0, "runs of each proof with kill -9; 0 = the short form")
	proofTime = flag.Duration("proof.time", 0, "when no more of these runs begin, on each database; 0 = never")
	proofSeed = flag.Uint64("proof.seed", 0, "seed of these runs; 0 = by the clock, and printed")
)

// TestProofKill kills replicas with kill -9 at random moments, week by week, in
// a Slack that fails in every way and beside a database that comes and goes:
// every body has exactly one nudge of every week in its channel.
func TestProofKill(t *testing.T) {
	t.Run("two replicas on PostgreSQL", func(t *testing.T) {
		address := freshPostgres(t)
		proveKill(t, newFleet(t, "http", 2, "postgres", address, address))
	})
	t.Run("one replica on SQLite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "proof.db")
		proveKill(t, newFleet(t, "http", 1, "sqlite", "sqlite://"+path, path))
	})
}

// killing is a fleet whose replicas are killed.
type killing struct {
	*fleet
	rng   *rand.Rand    // of the test's own goroutine
	usual time.Duration // that a week's delivery takes

	mu      sync.Mutex // guards what follows, which the doors use
	tries   int        // of this run, to post
	strike  strike
	kills   int
	waiting []*time.Timer
	at      [7]int // kills by how much of the week was posted: none, by fifths, all
	between int    // kills while something was posted and not yet recorded
	outages int
	jumps   int
}

// strike is how and when the next kill of a run comes.
type strike struct {
	call  int           // the try to post at which it comes, 0 = at a time
	phase string        // of the call: before, done, answered
	both  bool          // all replicas at once
	late  time.Duration // after the answer, in the phase answered
}

func proveKill(t *testing.T, f *fleet) {
	runs := *proofRuns
	if runs == 0 {
		runs = shortRuns
	}
	k := &killing{fleet: f}
	seed := *proofSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-proof.seed=%d -proof.runs=%d aims at the same moments", seed, runs)
	k.rng = rand.New(rand.NewPCG(seed, 1))
	f.trouble = k.door
	began := time.Now()
	var weeks []reporting.Week
	for range 2 { // how long a week takes undisturbed
		weeks = append(weeks, k.undisturbed())
	}
	for i := range runs {
		if *proofTime != 0 && time.Since(began) > *proofTime {
			t.Logf("time was up after %d of %d runs", i, runs)
			runs = i
			break
		}
		weeks = append(weeks, k.run())
	}
	c := k.counted(weeks)
	troubles := map[playground.FaultKind]int{}
	for _, b := range k.slack.Faults() { // the last hundred
		troubles[b.Fault.Kind] += b.Hits
	}
	starts := 0
	for _, r := range k.replicas {
		starts += r.starts
	}
	var found, tried int
	if err := k.db.QueryRow(`SELECT COALESCE(SUM(found), 0), COALESCE(SUM(CASE WHEN attempts > 1 THEN 1 ELSE 0 END), 0) FROM outbox WHERE kind = 'nudge'`).Scan(&found, &tried); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d runs over %d weeks in %s: %d kills -9, %d starts; nudges: %d expected, %d found, %d lost, %d doubled",
		runs, len(weeks), time.Since(began).Round(time.Second), k.kills, starts, c.expected, c.found, c.lost, c.doubled)
	t.Logf("kills by the share of the week that was posted: nothing %d, by fifths %v, all %d; while something was posted and not yet recorded: %d", k.at[0], k.at[1:6], k.at[6], k.between)
	t.Logf("calls that the last faults spoiled: %v; outages of the database: %d; jumps of the clock: %d", troubles, k.outages, k.jumps)
	t.Logf("nudges tried more than once: %d; found in the history and not posted again: %d", tried, found)
	if k.kills < runs {
		t.Errorf("%d kills in %d runs", k.kills, runs)
	}
}

// undisturbed lives through a week in which nothing happens.
func (k *killing) undisturbed() reporting.Week {
	k.t.Helper()
	k.toNextWeek(time.Second)
	began := time.Now()
	for _, r := range k.replicas {
		k.start(r)
	}
	k.settled(2*waitLimit, func() {})
	k.usual = time.Since(began)
	return k.week
}

// run lives through a week in which replicas are killed one to three times.
func (k *killing) run() reporting.Week {
	k.t.Helper()
	k.mu.Lock()
	k.tries = 0
	k.mu.Unlock()
	k.breaks()
	defer k.slack.MendAll()
	k.toNextWeek(time.Duration(k.rng.IntN(90)) * time.Minute)
	for _, r := range k.replicas {
		if k.rng.IntN(3) > 0 { // some come late
			k.start(r)
		}
	}
	left, outage, jump := 1+k.rng.IntN(3), k.rng.IntN(8) == 0 && len(k.replicas) > 1, k.rng.IntN(4) == 0
	k.arm()
	before := k.kills
	k.settled(3*waitLimit, func() {
		k.mu.Lock()
		kills := k.kills
		k.mu.Unlock()
		if kills > before {
			before = kills
			if left--; left > 0 {
				k.arm()
			}
		}
		if k.rng.IntN(4) == 0 { // a moment later, the supervisor starts it again
			for _, r := range k.replicas {
				k.start(r)
			}
		}
		if outage && k.rng.IntN(8) == 0 {
			outage = false
			k.outages++
			k.outage(time.Duration(k.rng.Int64N(int64(300 * time.Millisecond))))
		}
		if jump && k.rng.IntN(8) == 0 {
			jump = false
			k.jump()
		}
	})
	k.disarm()
	return k.week
}

// breaks switches faults of the workspace on in half of the runs.
func (k *killing) breaks() {
	k.t.Helper()
	chance := []float64{0, 0, 0, 0.02, 0.02, 0.08}[k.rng.IntN(6)]
	if chance == 0 {
		return
	}
	for _, f := range []playground.Fault{
		{Kind: playground.AnswerLost, Chance: chance}, {Kind: playground.ServerError, Chance: chance},
		{Kind: playground.ServerError, After: true, Chance: chance}, {Kind: playground.Reset, Chance: chance},
		{Kind: playground.Reset, After: true, Chance: chance}, {Kind: playground.WebPage, Chance: chance},
		{Kind: playground.Refusal, Code: "fatal_error", After: true, Chance: chance}, {Kind: playground.Refusal, Code: "internal_error", Chance: chance},
		{Kind: playground.Hang, Method: "chat.postMessage", Chance: chance, For: 0.3}, {Kind: playground.Hang, After: true, Chance: chance, For: 0.3},
		{Kind: playground.Storm, Chance: chance / 4, For: 0.2},
	} {
		if _, err := k.slack.Break(f); err != nil {
			k.t.Fatal(err)
		}
	}
}

// jump moves the clock forth, or back before the hour, while all is under way.
// With two replicas it moves by less than a lease has left when a post begins:
// over a longer jump of a clock they share, a lease is no promise.
func (k *killing) jump() {
	k.jumps++
	by := 20 * time.Second
	if len(k.replicas) == 1 {
		by = time.Hour
	}
	_, planned, _, err := k.pendingRows()
	begun := err == nil && planned == k.due // before that, nothing is planned before the hour
	if k.rng.IntN(2) == 0 && begun {
		by = -by
	}
	k.moveTo(k.clock.Now().Add(by))
}

// arm chooses the next kill: at a moment of the time that a delivery takes, or
// in a call that posts, before or after Slack does it or has answered.
func (k *killing) arm() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.strike = strike{both: k.rng.IntN(3) == 0, late: time.Duration(k.rng.IntN(4000)) * time.Microsecond}
	if k.rng.IntN(2) == 0 {
		at := time.Duration(k.rng.Int64N(int64(k.usual)))
		victim := k.replicas[k.rng.IntN(len(k.replicas))]
		k.waiting = append(k.waiting, time.AfterFunc(at, func() { k.hit(victim) }))
		return
	}
	k.strike.call = k.tries + 1 + k.rng.IntN(max(1, fleetBodies-k.tries))
	k.strike.phase = []string{"before", "done", "answered"}[k.rng.IntN(3)]
}

func (k *killing) disarm() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.strike = strike{}
	for _, timer := range k.waiting {
		timer.Stop()
	}
	k.waiting = nil
}

// hit kills, and notes at which point of the delivery.
func (k *killing) hit(victim *replica) {
	k.mu.Lock()
	both := k.strike.both
	k.strike = strike{}
	k.mu.Unlock()
	n := 0
	for _, r := range k.replicas {
		if (both || r == victim) && r.kill() {
			n++
		}
	}
	if n == 0 {
		return
	}
	posted := k.posted()
	var recorded int
	err := k.db.QueryRow(`SELECT COUNT(*) FROM outbox WHERE kind = 'nudge' AND state = 'sent' AND key LIKE '%/` + k.week.String() + `'`).Scan(&recorded)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kills += n
	switch {
	case posted == 0:
		k.at[0] += n
	case posted >= fleetBodies:
		k.at[6] += n
	default:
		k.at[1+5*posted/fleetBodies] += n
	}
	if err == nil && posted > recorded {
		k.between += n
	}
}

// door is what happens to a call of a replica before the workspace has it.
func (k *killing) door(r *replica, method string, next http.Handler) http.HandlerFunc {
	if method != "chat.postMessage" {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.tries++
	if k.strike.call == 0 || k.tries < k.strike.call {
		return nil
	}
	phase, late := k.strike.phase, k.strike.late
	k.strike.call = 0
	return func(w http.ResponseWriter, req *http.Request) {
		switch phase {
		case "before":
			k.hit(r)
			panic(http.ErrAbortHandler)
		case "done":
			defer func() {
				_ = recover() // of a fault, which ends the call
				k.hit(r)
				panic(http.ErrAbortHandler)
			}()
			next.ServeHTTP(httptest.NewRecorder(), req)
		case "answered": // as it reads the answer, or writes it down
			time.AfterFunc(late, func() { k.hit(r) })
			next.ServeHTTP(w, req)
		}
	}
}
