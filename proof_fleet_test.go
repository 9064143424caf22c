package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

// fleet is replicas of Mouhua on one database, and a workspace with forty
// bodies, each with a channel and a quota of every year.
type fleet struct {
	*mouhua
	clock    movedClock
	db       *sql.DB
	replicas []*replica
	bodies   []string
	week     reporting.Week
	due      int                                                                 // bodies that are due a nudge each week
	trouble  func(r *replica, method string, next http.Handler) http.HandlerFunc // nil = none

	last  string    // the rows at the last look
	since time.Time // when they were first so
}

const fleetBodies = 40

// fleetStart is when a fleet begins, an hour after the nudges of a week.
var fleetStart = time.Date(2018, 1, 2, 2, 0, 0, 0, time.UTC)

// newFleet returns a fleet of n replicas, none of which runs yet; mode is http,
// in which nobody hears of the workspace's events, or socket.
func newFleet(t *testing.T, mode string, n int, driver, address, dsn string) *fleet {
	t.Helper()
	clock := movedClock{filepath.Join(t.TempDir(), "clock")}
	if err := clock.set(fleetStart); err != nil {
		t.Fatal(err)
	}
	f := newFleetCity(t, mode, driver, address, dsn, clock.Now)
	f.clock = clock
	for i := range n {
		f.replicas = append(f.replicas, f.newReplica(i))
	}
	return f
}

// newFleetCity returns a fleet without replicas, in a workspace where it is now.
func newFleetCity(t *testing.T, mode, driver, address, dsn string, now func() time.Time) *fleet {
	t.Helper()
	f := &fleet{}
	cfg := playground.Config{
		Workspace: "proof", BotToken: botToken, AppToken: appToken, SigningSecret: signing, TimeZone: changchun(t), Now: now,
		BotUser: playground.User{ID: "U0MOUHUA", Name: "mouhua", RealName: "谋划", Bot: true},
		Users:   []playground.User{{ID: boss, Name: "boss", RealName: "吴主任", Locale: "zh-CN"}},
	}
	bodies, quotas := "id,kind,name_zh_cn,short_zh_cn,channel_id\n", "body_id,year,count,effective_from\n"
	for i := range fleetBodies {
		b := fmt.Sprintf("b%02d", i+1)
		f.bodies = append(f.bodies, b)
		bodies += fmt.Sprintf("%[1]s,district,第%[2]d区,第%[2]d区,%[3]s\n", b, i+1, fleetRoom(b))
		for year := 2018; year < 2024; year++ {
			quotas += fmt.Sprintf("%s,%d,30,%d-01-01\n", b, year, year)
		}
	}
	for _, id := range append([]string{officeRoom, leadersRoom}, channelsOf(f.bodies)...) {
		cfg.Channels = append(cfg.Channels, playground.Channel{ID: id, Name: strings.ToLower(id), Members: []string{"U0MOUHUA", boss}})
	}
	f.mouhua = newWorkspace(t, mode, address, cfg)
	f.must("migrate")
	f.must("import", "bodies", f.write("bodies.csv", bodies))
	f.must("import", "quotas", f.write("quotas.csv", quotas))
	f.db, f.due = look(t, driver, dsn), len(f.bodies)
	return f
}

func fleetRoom(body string) string { return channelsOf([]string{body})[0] }

// owners are the leases' owners that live.
func (f *fleet) owners() []string {
	var out []string
	for _, r := range f.replicas {
		r.mu.Lock()
		if r.runs() {
			out = append(out, r.owner)
		}
		r.mu.Unlock()
	}
	return out
}

// toNextWeek moves the clock past the next moment of the nudges.
func (f *fleet) toNextWeek(after time.Duration) {
	f.t.Helper()
	week, at := f.rule().Next(f.clock.Now())
	f.week = week
	f.moveTo(at.Add(after))
}

// rule is the city's, with the holidays that the program brings along.
func (f *fleet) rule() reporting.NudgeRule {
	f.t.Helper()
	cfg, err := loadConfig(f.config, true, noEnv)
	if err != nil {
		f.t.Fatal(err)
	}
	years, err := shippedCalendars()
	if err != nil {
		f.t.Fatal(err)
	}
	for i := range years {
		years[i].Version = 1
	}
	rule := cfg.rule()
	rule.Calendar = reporting.NewCalendar(years)
	return rule
}

func (f *fleet) moveTo(at time.Time) {
	f.t.Helper()
	if err := f.clock.set(at); err != nil {
		f.t.Fatal(err)
	}
}

// pendingRow is a message of the outbox that is still owed.
type pendingRow struct {
	key, owner    string
	lease, retry  int64
	due           int64
	reason, class string
	nudge         bool // of the week
}

// pendingRows returns what is owed, how many nudges of the week are planned and
// how many of these are owed still.
func (f *fleet) pendingRows() (rows []pendingRow, planned, owed int, err error) {
	found, err := f.db.Query(`SELECT key, state, lease_owner, lease_until, retry_at, due_at, reason, class FROM outbox
		WHERE state = 'pending' OR (kind = 'nudge' AND key LIKE '%/` + f.week.String() + `')`)
	if err != nil {
		return nil, 0, 0, err
	}
	defer found.Close()
	for found.Next() {
		var r pendingRow
		var state string
		if err := found.Scan(&r.key, &state, &r.owner, &r.lease, &r.retry, &r.due, &r.reason, &r.class); err != nil {
			return nil, 0, 0, err
		}
		r.nudge = strings.HasPrefix(r.key, "nudge/") && strings.HasSuffix(r.key, f.week.String())
		if r.nudge {
			planned++
		}
		if state == "pending" {
			rows = append(rows, r)
			if r.nudge {
				owed++
			}
		}
	}
	return rows, planned, owed, found.Err()
}

// nextStep is when somebody may next take a nudge of the week: a lease has run
// out, a retry or the nudge itself has come due.
func nextStep(rows []pendingRow) int64 {
	var first int64
	for _, r := range rows {
		if at := max(r.lease, r.retry, r.due); r.nudge && (first == 0 || at < first) {
			first = at
		}
	}
	return first
}

// quiet reports whether nobody who lives has anything under way: what is owed is
// leased by the dead, or waits to be tried again. Nothing is under way either
// when for a second nobody calls and nothing changes: who lives may hold a lease
// without knowing, when the answer to its claim was lost.
func (f *fleet) quiet(rows []pendingRow) bool {
	if now := fmt.Sprint(rows); now != f.last {
		f.last, f.since = now, time.Now()
	}
	for _, r := range f.replicas {
		if r.calls.Load() > 0 {
			f.since = time.Now()
			return false
		}
	}
	now, alive := f.clock.Now().UnixMilli(), f.owners()
	busy := slices.ContainsFunc(rows, func(r pendingRow) bool {
		held := r.lease > now && slices.Contains(alive, r.owner)
		free := max(r.retry, r.due) <= now+700 && r.lease <= now // anybody may take it at any moment
		return held || free
	})
	return !busy || time.Since(f.since) > time.Second
}

// settled waits until the week's nudges are all planned and none is owed, and
// until nothing else is under way; each is called before every look.
//
// Meanwhile it lets the time of leases and retries pass whenever it is quiet.
// That is what two minutes do, without the waiting; while somebody posts they
// may not pass at once, since no post takes two minutes.
func (f *fleet) settled(limit time.Duration, each func()) {
	f.t.Helper()
	deadline := time.Now().Add(limit)
	tick := time.NewTicker(8 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		each()
		rows, planned, owed, err := f.pendingRows()
		if err == nil && planned == f.due && f.quiet(rows) {
			if owed == 0 {
				return
			}
			f.moveTo(time.UnixMilli(max(nextStep(rows), f.clock.Now().UnixMilli()) + 1000))
			f.since = time.Now()
		}
		if time.Now().After(deadline) {
			f.t.Fatalf("%s is not settled within %s: %d planned, %d owed: %+v (%v)", f.week, limit, planned, owed, rows, err)
		}
	}
}

// tally is what became of the nudges of some weeks.
type tally struct{ expected, found, lost, doubled int }

// counted counts the messages in the workspace by the key that each carries:
// every body has one of every week, and no key stands twice anywhere.
func (f *fleet) counted(weeks []reporting.Week) tally {
	f.t.Helper()
	keys := map[string]int{}
	for _, room := range append([]string{officeRoom, leadersRoom}, channelsOf(f.bodies)...) {
		for _, m := range f.slack.As(boss).Messages(room) {
			if key := keyOf(m); key != "" {
				keys[key]++
			}
		}
	}
	var c tally
	for _, w := range weeks {
		for _, b := range f.bodies {
			key := reporting.NudgeKey(b, w)
			c.expected++
			switch n := keys[key]; {
			case n == 0:
				c.lost++
				f.t.Errorf("%s is in no channel", key)
			case n > 1:
				c.found++
				c.doubled++
			default:
				c.found++
			}
		}
	}
	for key, n := range keys {
		if n > 1 {
			f.t.Errorf("%s stands %d times", key, n)
		}
	}
	return c
}

// keyOf returns the key that a message carries in its metadata.
func keyOf(m playground.Message) string {
	payload, _ := m.Metadata["event_payload"].(map[string]any)
	key, _ := payload["key"].(string)
	return key
}

// posted is how many nudges of the week stand in their channels.
func (f *fleet) posted() int {
	n := 0
	for _, b := range f.bodies {
		key := reporting.NudgeKey(b, f.week)
		if slices.ContainsFunc(f.slack.As(boss).Messages(fleetRoom(b)), func(m playground.Message) bool { return keyOf(m) == key }) {
			n++
		}
	}
	return n
}

// outage has PostgreSQL refuse everybody for a while, and cut who was connected.
func (f *fleet) outage(d time.Duration) {
	f.t.Helper()
	var name string
	if err := f.db.QueryRow(`SELECT current_database()`).Scan(&name); err != nil {
		f.t.Fatal(err)
	}
	admin := look(f.t, "postgres", os.Getenv("TEST_POSTGRES_URL"))
	defer admin.Close()
	for _, query := range []string{
		`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS false`,
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + name + `'`,
	} {
		if _, err := admin.Exec(query); err != nil {
			f.t.Fatal(err)
		}
	}
	<-time.After(d)
	if _, err := admin.Exec(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS true`); err != nil {
		f.t.Fatal(err)
	}
}
