package main

import (
	"flag"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

var (
	proofRuns = flag.Int("proof.runs", 0, "runs of each proof with kill -9; 0 = the short form")
	proofSeed = flag.Uint64("proof.seed", 0, "seed of these runs; 0 = by the clock, and printed")
)

// TestProofKill kills replicas with kill -9 at random moments, week by week, in
// a Slack that fails in every way and beside a database that comes and goes:
// every body has exactly one nudge of every week in its channel.
func TestProofKill(t *testing.T) {
	t.Run("two replicas on PostgreSQL", func(t *testing.T) {
		address := freshPostgres(t)
		proveKill(t, newFleet(t, 2, "postgres", address, address))
	})
	t.Run("one replica on SQLite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "proof.db")
		proveKill(t, newFleet(t, 1, "sqlite", "sqlite://"+path, path))
	})
}

// killing is a fleet whose replicas are killed.
type killing struct {
	*fleet
	rng     *rand.Rand
	seed    uint64
	usual   time.Duration // that a week's delivery takes
	mu      sync.Mutex    // guards what follows, which the doors use
	posts   int           // of this run, that Slack did
	tries   int           // of this run, to post
	strike  strike
	faults  faults
	kills   int
	waiting []*time.Timer
	at      [7]int // kills by how much of the week's posts was done: none, by fifths, all
	between int    // kills while a post was done and not yet recorded
	troubles,
	outages int
}

// strike is how and when the next kill of a run comes.
type strike struct {
	call  int    // the try to post at which it comes, 0 = at a time
	phase string // of the call: before, done, answered
	both  bool   // all replicas at once
}

// faults are how often calls of a run fail, and how.
type faults struct {
	rate  float64
	storm time.Time // until then every call is answered 429
}

func proveKill(t *testing.T, f *fleet) {
	runs := *proofRuns
	if runs == 0 {
		runs = shortRuns
	}
	k := &killing{fleet: f, seed: *proofSeed}
	if k.seed == 0 {
		k.seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d: -proof.seed=%[1]d -proof.runs=%d does the same again", k.seed, runs)
	k.rng = rand.New(rand.NewPCG(k.seed, 1))
	f.trouble = k.door
	began := time.Now()
	var weeks []reporting.Week
	for range 2 { // how long a week takes undisturbed
		weeks = append(weeks, k.undisturbed())
	}
	for range runs {
		weeks = append(weeks, k.run())
	}
	c := k.counted(weeks)
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
	t.Logf("kills by the share of the week's posts done: none %d, by fifths %v, all %d; while a post was not yet recorded: %d", k.at[0], k.at[1:6], k.at[6], k.between)
	t.Logf("calls that failed: %d, outages of the database: %d; nudges tried more than once: %d, found in the history and not posted again: %d", k.troubles, k.outages, tried, found)
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
	k.posts, k.tries, k.faults = 0, 0, faults{}
	switch k.rng.IntN(6) {
	case 0, 1:
		k.faults.rate = 0.15
	case 2:
		k.faults.rate = 0.5
	}
	if k.rng.IntN(12) == 0 {
		k.faults.storm = time.Now().Add(k.usual)
	}
	k.mu.Unlock()
	k.toNextWeek(time.Duration(k.rng.IntN(90)) * time.Minute)
	for _, r := range k.replicas {
		if k.rng.IntN(3) > 0 { // some come late
			k.start(r)
		}
	}
	left, outage := 1+k.rng.IntN(3), k.rng.IntN(8) == 0 && len(k.replicas) > 1
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
			k.outage()
		}
	})
	k.disarm()
	return k.week
}

// arm chooses the next kill: at a moment of the time that a delivery takes, or
// in a call that posts, before or after Slack does it or has answered.
func (k *killing) arm() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.strike = strike{both: k.rng.IntN(3) == 0}
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
	var recorded int
	err := k.db.QueryRow(`SELECT COUNT(*) FROM outbox WHERE kind = 'nudge' AND state = 'sent' AND key LIKE '%/` + k.week.String() + `'`).Scan(&recorded)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kills += n
	switch {
	case k.posts == 0:
		k.at[0] += n
	case k.posts >= fleetBodies:
		k.at[6] += n
	default:
		k.at[1+5*k.posts/fleetBodies] += n
	}
	if err == nil && k.posts > recorded {
		k.between += n
	}
}

// door is what happens to a call of a replica.
func (k *killing) door(r *replica, method string, next http.Handler) http.HandlerFunc {
	k.mu.Lock()
	defer k.mu.Unlock()
	posting := method == "chat.postMessage"
	if posting {
		k.tries++
		next = k.counting(next)
	}
	if time.Now().Before(k.faults.storm) {
		k.troubles++
		return limitedShortly
	}
	if posting && k.strike.call != 0 && k.tries >= k.strike.call {
		phase := k.strike.phase
		k.strike.call = 0
		return func(w http.ResponseWriter, req *http.Request) { k.struck(phase, r, next, w, req) }
	}
	if k.faults.rate > 0 && k.rng.Float64() < k.faults.rate {
		k.troubles++
		fault := []slackFault{before(broken), after(broken), before(hangUpOn), after(hangUpOn),
			before(webPage), after(refuses("fatal_error")), before(refuses("internal_error"))}[k.rng.IntN(7)]
		return func(w http.ResponseWriter, req *http.Request) { fault(w, req, next) }
	}
	if posting {
		return next.ServeHTTP
	}
	return nil
}

// counting counts what is posted.
func (k *killing) counting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, req)
		if strings.Contains(rec.Body.String(), `"ok":true`) {
			k.mu.Lock()
			k.posts++
			k.mu.Unlock()
		}
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
}

// struck is a call in which the caller is killed.
func (k *killing) struck(phase string, r *replica, next http.Handler, w http.ResponseWriter, req *http.Request) {
	switch phase {
	case "before":
		k.hit(r)
	case "done":
		next.ServeHTTP(httptest.NewRecorder(), req)
		k.hit(r)
	case "answered":
		next.ServeHTTP(w, req)
		_ = http.NewResponseController(w).Flush()
		k.hit(r) // as it reads the answer, or writes it down
	}
	panic(http.ErrAbortHandler)
}

// outage has PostgreSQL refuse everybody for a moment, as when it is restarted.
func (k *killing) outage() {
	k.t.Helper()
	var name string
	if err := k.db.QueryRow(`SELECT current_database()`).Scan(&name); err != nil {
		k.t.Fatal(err)
	}
	admin := look(k.t, "postgres", os.Getenv("TEST_POSTGRES_URL"))
	defer admin.Close()
	for _, query := range []string{
		`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS false`,
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + name + `'`,
	} {
		if _, err := admin.Exec(query); err != nil {
			k.t.Fatal(err)
		}
	}
	k.outages++
	<-time.After(time.Duration(k.rng.Int64N(int64(300 * time.Millisecond))))
	if _, err := admin.Exec(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS true`); err != nil {
		k.t.Fatal(err)
	}
}
