package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// The proofs run Mouhua as processes of its own, which can be killed: the test
// binary started again with these set is "mouhua serve" on a clock that a file
// sets.
const (
	replicaClock = "MOUHUA_TEST_CLOCK" // path of the file
	replicaOwner = "MOUHUA_TEST_OWNER" // of the leases
)

// movedClock is the real time and what a file says that it is ahead. All
// processes of a proof share it, as replicas share what time it is.
type movedClock struct{ path string }

// Now returns the moved time.
func (c movedClock) Now() time.Time {
	text, err := os.ReadFile(c.path)
	if err != nil {
		panic(err)
	}
	ahead, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		panic(err)
	}
	return time.Now().Add(time.Duration(ahead))
}

// set moves the clock: whoever reads it sees the old time or the new one.
func (c movedClock) set(at time.Time) error {
	next := c.path + ".next"
	if err := os.WriteFile(next, strconv.AppendInt(nil, int64(time.Until(at)), 10), 0o600); err != nil {
		return err
	}
	return os.Rename(next, c.path)
}

// beReplica is the program of a replica, until it is killed or told to stop.
func beReplica(clock string) int {
	p := &program{getenv: noEnv, stdout: os.Stdout, stderr: os.Stderr, now: movedClock{clock}.Now,
		hurry: true, every: 100 * time.Millisecond, owner: os.Getenv(replicaOwner)}
	return report(p.run(context.Background(), os.Args[1:]), os.Stderr)
}

// replica is one Mouhua of a fleet. Its Slack is the workspace behind a door of
// its own, so that it is known what this one has under way.
type replica struct {
	door   *httptest.Server
	config string
	log    *os.File

	mu      sync.Mutex
	process *os.Process
	gone    chan struct{} // closed when the process is no more; nil = none was started
	owner   string
	starts  int
	calls   atomic.Int64 // under way at the door
}

func (f *fleet) newReplica(i int) *replica {
	r := &replica{}
	r.door = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		next := f.slack.Handler()
		if !strings.HasPrefix(req.URL.Path, "/api/") { // the socket
			next.ServeHTTP(w, req)
			return
		}
		r.calls.Add(1)
		defer r.calls.Add(-1)
		if f.trouble != nil {
			method := filepath.Base(req.URL.Path)
			if trouble := f.trouble(r, method, next); trouble != nil {
				trouble(w, req)
				return
			}
		}
		next.ServeHTTP(w, req)
	}))
	text, err := os.ReadFile(f.config)
	if err != nil {
		f.t.Fatal(err)
	}
	mine := strings.NewReplacer(f.api.URL, r.door.URL, f.addr, "127.0.0.1:0").Replace(string(text))
	r.config = f.write(fmt.Sprintf("replica%d.toml", i), mine)
	if r.log, err = os.Create(filepath.Join(f.dir, fmt.Sprintf("replica%d.log", i))); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() {
		r.kill()
		r.door.Close()
		r.log.Close()
		if text, err := os.ReadFile(r.log.Name()); err == nil && f.t.Failed() {
			f.t.Logf("last words of replica %d:\n%s", i, text[max(0, len(text)-20_000):])
		}
	})
	return r
}

// runs reports whether the replica does. The caller holds mu.
func (r *replica) runs() bool {
	if r.gone == nil {
		return false
	}
	select {
	case <-r.gone: // by itself, too, as when it finds no database
		return false
	default:
		return true
	}
}

// start starts the replica unless it runs.
func (f *fleet) start(r *replica) {
	f.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.runs() {
		return
	}
	r.starts++
	r.owner = fmt.Sprintf("%s.%d", filepath.Base(r.config), r.starts)
	cmd := exec.Command(os.Args[0], "serve", "-config", r.config)
	cmd.Env = []string{replicaClock + "=" + f.clock.path, replicaOwner + "=" + r.owner}
	cmd.Stdout, cmd.Stderr = r.log, r.log
	if err := cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() {
		_ = cmd.Wait() // "signal: killed"
		close(gone)
	}()
	r.process, r.gone = cmd.Process, gone
}

// kill is kill -9, and returns when the process is no more; false when it did
// not run.
func (r *replica) kill() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.runs() {
		return false
	}
	_ = r.process.Signal(syscall.SIGKILL)
	<-r.gone
	return true
}
