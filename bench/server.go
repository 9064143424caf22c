package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const secret = "bench-signing-secret"

// programs are the two binaries and the Slack that the bot is given.
type programs struct {
	dir   string
	slack *httptest.Server
}

func buildPrograms(ctx context.Context) (*programs, error) {
	dir, err := os.MkdirTemp("", "mouhua-bench")
	if err != nil {
		return nil, fmt.Errorf("make work folder: %w", err)
	}
	for name, pkg := range map[string]string{"bot": ".", "floor": "./bench/floor"} {
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", filepath.Join(dir, name), pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build %s: %w: %s", name, err, out)
		}
	}
	return &programs{dir: dir, slack: httptest.NewServer(http.HandlerFunc(fakeSlack))}, nil
}

// fakeSlack answers the few calls that a bot makes that is asked for figures.
func fakeSlack(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch path.Base(r.URL.Path) {
	case "auth.test":
		fmt.Fprint(w, `{"ok":true,"team_id":"T1","user_id":"UBOT","bot_id":"B1"}`)
	case "users.info":
		fmt.Fprint(w, `{"ok":true,"user":{"id":"UBENCH","locale":"zh-CN"}}`)
	default:
		fmt.Fprint(w, `{"ok":false,"error":"unknown_method"}`)
	}
}

func (b *programs) remove() {
	b.slack.Close()
	_ = os.RemoveAll(b.dir)
}

func (b *programs) sizeMB() float64 {
	info, err := os.Stat(filepath.Join(b.dir, "bot"))
	if err != nil {
		return 0
	}
	return float64(info.Size()) / 1e6
}

// server is a running program.
type server struct {
	cmd  *exec.Cmd
	addr string
	log  *os.File
}

// start runs floor or bot on a free port and waits until it is ready.
func (b *programs) start(ctx context.Context, name, dsn string) (*server, error) {
	addr, err := freePort()
	if err != nil {
		return nil, err
	}
	if name == "bot" {
		return b.serve(ctx, dsn, b.slack.URL, "")
	}
	return b.launch(ctx, name, addr, "-addr", addr, "-dsn", dsn, "-secret", secret)
}

// serve runs the bot on a free port, with a Slack and more keys of [slack].
func (b *programs) serve(ctx context.Context, dsn, slack, more string) (*server, error) {
	addr, err := freePort()
	if err != nil {
		return nil, err
	}
	config, err := os.CreateTemp(b.dir, "config-*.toml")
	if err != nil {
		return nil, fmt.Errorf("make config: %w", err)
	}
	_, err = fmt.Fprintf(config, "[slack]\nmode = \"http\"\nbot_token = \"xoxb-bench\"\nsigning_secret = %q\napi_url = %q\n%s[http]\naddr = %q\n[storage]\nurl = %q\n[office]\nchannel = \"C0OFFICE\"\n",
		secret, slack+"/api/", more, addr, dsn)
	if err := errors.Join(err, config.Close()); err != nil {
		return nil, fmt.Errorf("write config: %w", err)
	}
	return b.launch(ctx, "bot", addr, "serve", "-config", config.Name())
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// launch runs a program and waits until it is ready.
func (b *programs) launch(ctx context.Context, name, addr string, args ...string) (*server, error) {
	logFile, err := os.CreateTemp(b.dir, name+"-*.log")
	if err != nil {
		return nil, fmt.Errorf("make log: %w", err)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(b.dir, name), args...)
	cmd.Stdout, cmd.Stderr = logFile, logFile
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	s := &server{cmd: cmd, addr: addr, log: logFile}
	return s, s.waitReady(ctx)
}

func (s *server) waitReady(ctx context.Context) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			out, _ := os.ReadFile(s.log.Name())
			s.stop()
			return fmt.Errorf("%s is not ready: %w: %s", s.cmd.Path, ctx.Err(), out)
		case <-tick.C:
			r, err := http.Get("http://" + s.addr + "/readyz")
			if err != nil {
				continue
			}
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
	_ = s.log.Close()
}

// memory returns the highest resident memory so far in MiB.
func (s *server) memory() (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read memory: %w", err)
	}
	for _, line := range strings.Split(string(b), "\n") {
		if v, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(v)[0], 10, 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("read memory: no VmHWM")
}

// coldStart returns the median time from start to ready on a new SQLite file.
func (b *programs) coldStart(ctx context.Context) (time.Duration, error) {
	var took []float64
	for i := range 5 {
		began := time.Now()
		s, err := b.start(ctx, "bot", "sqlite://"+filepath.Join(b.dir, fmt.Sprintf("cold%d.db", i)))
		if err != nil {
			return 0, err
		}
		took = append(took, float64(time.Since(began)))
		s.stop()
	}
	return time.Duration(median(took)), nil
}

// measure runs floor and bot by turns on one database.
func (b *programs) measure(ctx context.Context, o options, dsn string) (map[string]*figures, error) {
	got := map[string]*figures{"floor": {}, "bot": {}}
	d := time.Duration(o.seconds) * time.Second
	for range o.rounds {
		for _, name := range []string{"floor", "bot"} {
			s, err := b.start(ctx, name, dsn)
			if err != nil {
				return nil, err
			}
			err = got[name].round(load{addr: s.addr, secret: secret, want: "净月"}, o, d, s)
			s.stop()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return got, nil
}

func (f *figures) round(l load, o options, d time.Duration, s *server) error {
	// The first answer may come later by response_url, while the person's
	// locale is fetched; then the caches are warm.
	warm, err := l.dial()
	if err != nil {
		return err
	}
	deadline := time.Now().Add(10 * time.Second)
	for err = warm.do(); err != nil; err = warm.do() {
		if time.Now().After(deadline) {
			return fmt.Errorf("no good answer: %w", err)
		}
	}
	_ = warm.conn.Close()
	if _, err := l.closedLoop(o.conns, time.Second); err != nil {
		return err
	}
	closed, err := l.closedLoop(o.conns, d)
	if err != nil {
		return err
	}
	open, err := l.openLoop(o.conns, o.rate, d)
	if err != nil {
		return err
	}
	if n := closed.failures + open.failures; n > 0 {
		return fmt.Errorf("%d requests failed: %w", n, errors.Join(closed.firstFailure, open.firstFailure))
	}
	f.throughput = append(f.throughput, closed.perSecond())
	f.p99 = append(f.p99, open.percentile(0.99).Seconds()*1000)
	m, err := s.memory()
	f.memory = max(f.memory, m)
	return err
}
