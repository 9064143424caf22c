package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// startDemo runs the demo on the data at path.
func startDemo(t *testing.T, path string) (d *demo, stop func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d, err = newDemo(t.Context(), "sqlite://"+filepath.ToSlash(path), listener, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.run(ctx) }()
	connects(t, d)
	return d, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("stopping the demo: %v", err)
		}
		if err := d.Close(); err != nil {
			t.Errorf("closing the demo: %v", err)
		}
	}
}

// connects waits for the bot's socket: cards may be posted before it is open.
func connects(t *testing.T, d *demo) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	defer cancel()
	err := d.workspace.As("U0LIMING").Wait(ctx, func(*playground.Person) bool {
		_, body, err := fetch("http://" + d.listener.Addr().String() + "/ui/state?user=U0LIMING")
		var state struct{ Bot struct{ Connected bool } }
		return err == nil && json.Unmarshal(body, &state) == nil && state.Bot.Connected
	})
	if err != nil {
		t.Fatalf("the bot does not connect: %v", err)
	}
}

func TestDemo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo.db")
	d, stop := startDemo(t, path)

	official, reviewer, leader := d.workspace.As("U0LIMING"), d.workspace.As("U0WANGFANG"), d.workspace.As("U0ZHAOLEI")
	waitFor(t, reviewer, officeChannel, "智能轴承产业园") // the sample that waits for review; the bot is connected
	if err := official.Say(t.Context(), "C0JINGYUE", "", "/quota"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, official, "C0JINGYUE", "65")
	if err := leader.Say(t.Context(), leadersChannel, "", "/report"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, reviewer, leadersChannel, "1,000")

	moveClock(t, d)
	week, _ := d.service.cfg.rule().Current(d.workspace.Now())
	var want []string
	for body := range demoBodies {
		want = append(want, reporting.NudgeKey(body, week))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := reviewer.Wait(ctx, func(*playground.Person) bool { return len(nudges(d.workspace)) >= len(want) }); err != nil {
		t.Fatalf("got %d nudges: %v", len(nudges(d.workspace)), err)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, nudges(d.workspace)); diff != "" {
		t.Error(diff)
	}
	stream, err := http.Get("http://" + d.listener.Addr().String() + "/ui/events?user=U0LIMING")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	began := time.Now()
	stop()
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("with an open page stopping took %s", took)
	}

	// The data outlive the demo, and are seeded once.
	again, stop := startDemo(t, path)
	defer stop()
	page, err := again.service.db.ListProjects(t.Context(), reporting.ProjectFilter{})
	if err != nil || page.Total != 40 {
		t.Errorf("got %d projects and %v, want 40", page.Total, err)
	}
	if differences, err := again.service.db.Recount(t.Context()); err != nil || len(differences) > 0 {
		t.Errorf("tallies differ: %v %v", differences, err)
	}
}

// moveClock presses "next" on the page.
func moveClock(t *testing.T, d *demo) {
	t.Helper()
	resp, err := http.Post("http://"+d.listener.Addr().String()+"/ui/clock", "application/json", strings.NewReader(`{"action":"next"}`))
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode != http.StatusOK {
		t.Fatalf("moving the clock gave %d", resp.StatusCode)
	}
}

func TestSeedInAnyYear(t *testing.T) {
	for _, day := range []string{"2018-01-01", "2019-01-05", "2020-02-29", "2026-12-31"} {
		t.Run(day, func(t *testing.T) {
			today, err := reporting.ParseDate(day)
			if err != nil {
				t.Fatal(err)
			}
			cfg := defaultConfig()
			now := today.In(cfg.location()).Add(10 * time.Hour)
			db, err := storage.Open(t.Context(), "sqlite://"+filepath.ToSlash(filepath.Join(t.TempDir(), "seed.db")), storage.Config{Now: func() time.Time { return now }})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := seed(t.Context(), db, now); err != nil {
					t.Fatal(err)
				}
			}
			page, err := db.ListProjects(t.Context(), reporting.ProjectFilter{Limit: 100})
			if err != nil || len(page.Projects) != 40 {
				t.Fatalf("got %d projects, %v", len(page.Projects), err)
			}
			for _, p := range page.Projects {
				if today.Before(p.VerifiedOn) || today.Before(p.SubmittedOn) {
					t.Errorf("%s was submitted %s and verified %s, after %s", p.ID, p.SubmittedOn, p.VerifiedOn, day)
				}
				if p.PlanYear != today.Year && p.ID != reporting.NewProjectID(today.Year-1, 0)[:8]+"S040" {
					t.Errorf("%s counts for %d", p.ID, p.PlanYear)
				}
				if p.Status == reporting.Returned && p.ReturnReason == "" {
					t.Errorf("%s was returned without a reason", p.ID)
				}
			}
			city, err := db.Standing(t.Context(), reporting.City, today.Year, today)
			if err != nil || city.Tally.Credited != 35 {
				t.Errorf("the city is credited %d, want 35 (%v)", city.Tally.Credited, err)
			}
			jingyue, err := db.Standing(t.Context(), "jingyue", today.Year, today)
			if err != nil || jingyue.Owes() != 65 || jingyue.Tally.Credited != 3 {
				t.Errorf("jingyue owes %d and is credited %d (%v)", jingyue.Owes(), jingyue.Tally.Credited, err)
			}
		})
	}
}

// TestDemoPeople holds the two lists of people together.
func TestDemoPeople(t *testing.T) {
	people, err := demoRows("people", exchange.People)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, p := range people {
		got = append(got, p.UserID+" "+p.Name)
	}
	for _, u := range demoUsers {
		if !u.Guest {
			want = append(want, u.ID+" "+u.RealName)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDemoAddressTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	addr := taken.Addr().String()
	err = run(t.Context(), []string{"demo", "-addr", addr}, noEnv, strings.NewReader(""), os.Stdout, os.Stderr)
	if err == nil || !strings.HasPrefix(err.Error(), addr+" cannot be used, choose another address with -addr: ") {
		t.Errorf("got %v", err)
	}
}

func TestDemoStorage(t *testing.T) {
	dir := t.TempDir()
	path := filepath.ToSlash(filepath.Join(dir, "new", "demo.db"))
	for _, reset := range []bool{false, true} {
		where, err := demoCmd{Storage: "sqlite://" + path, Reset: reset}.storage()
		if err != nil || where != "sqlite://"+path {
			t.Fatalf("got %s, %v", where, err)
		}
		_, statErr := os.Stat(path)
		if reset && !os.IsNotExist(statErr) {
			t.Error("a reset left the file")
		}
		writeFile(t, path, "old")
	}
}

func TestDemoKeepsItsClock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo.db")
	d, stop := startDemo(t, path)
	r, err := http.Post("http://"+d.listener.Addr().String()+"/ui/clock", "application/json", strings.NewReader(`{"action":"next"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	moved := d.workspace.Now()
	stop()
	d, stop = startDemo(t, path)
	defer stop()
	if again := d.workspace.Now(); again.Sub(moved).Abs() > time.Minute || moved.Weekday() != time.Monday {
		t.Errorf("the clock stood at %s and begins at %s", moved, again)
	}
}
