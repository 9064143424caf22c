package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestFaultDatabaseNotThere starts every part of the program that needs a
// database without one: exit code 1 and one line, without secrets.
func TestFaultDatabaseNotThere(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain.db")
	writeFile(t, plain, strings.Repeat("this is no database\n", 100))
	people := filepath.Join(t.TempDir(), "people.csv")
	writeFile(t, people, "slack_user_id,name,role,body_id\nU0SUN,孙,leader,\n")
	mute, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	all := [][]string{{"serve"}, {"migrate"}, {"nudge"}, {"nudge", "-dry-run"}, {"import", "people", people}}
	for _, tt := range []struct {
		name, storage, says string
		commands            [][]string
	}{
		{"PostgreSQL refuses", "postgres://mouhua:hunter2@127.0.0.1:1/mouhua?sslmode=disable", "postgres://mouhua@127.0.0.1:1/mouhua", all},
		{"PostgreSQL is mute", "postgres://mouhua:hunter2@" + mute.Addr().String() + "/mouhua?sslmode=disable&connect_timeout=1", "postgres://mouhua@" + mute.Addr().String(), all[:1]},
		{"no such folder", "sqlite:///nowhere/mouhua.db", "sqlite:///nowhere/mouhua.db", all},
		{"a file that is no database", "sqlite://" + plain, "plain.db", all},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMouhua(t, "socket", tt.storage)
			for _, command := range tt.commands {
				var out bytes.Buffer
				code := report(run(t.Context(), append(command, "-config", m.config), noEnv, strings.NewReader(""), &out, &out), &out)
				said := out.String()
				if code != 1 || strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "mouhua: ") || !strings.Contains(said, tt.says) {
					t.Errorf("%v exited with %d: %s", command, code, said)
				}
				for _, secret := range []string{"hunter2", botToken, appToken, signing} {
					if strings.Contains(said, secret) {
						t.Errorf("%v told a secret: %s", command, said)
					}
				}
			}
		})
	}
}

// gate stands between the program and PostgreSQL. Shut, it cuts what goes
// through and refuses what comes.
type gate struct {
	t      *testing.T
	to, at string

	mu       sync.Mutex
	in       net.Listener // nil while the gate is shut
	open     []net.Conn
	starting bool // the server is starting up, and says so
	refused  int  // connections, for that reason
	losing   bool // the answer to the next commit that writes a project
	lost     bool
}

// behindGate returns the address of the database at a gate that is open.
func behindGate(t *testing.T, address string) (*gate, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{t: t, to: u.Host, at: "127.0.0.1:0"}
	g.unlock()
	t.Cleanup(g.lock)
	u.Host = g.at
	return g, u.String()
}

func (g *gate) unlock() {
	g.t.Helper()
	in, err := net.Listen("tcp", g.at)
	if err != nil {
		g.t.Fatal(err)
	}
	g.mu.Lock()
	g.in, g.at = in, in.Addr().String()
	g.mu.Unlock()
	go func() {
		for {
			client, err := in.Accept()
			if err != nil {
				return
			}
			if g.startingUp() {
				go notYet(client)
				continue
			}
			server, err := net.Dial("tcp", g.to)
			if err != nil {
				_ = client.Close()
				continue
			}
			g.pass(client, server)
		}
	}()
}

// pass carries one connection.
func (g *gate) pass(client, server net.Conn) {
	g.mu.Lock()
	g.open = append(g.open, client, server)
	late := g.in == nil || g.starting // it came while what is open was cut
	g.mu.Unlock()
	if late {
		_ = client.Close()
		_ = server.Close()
		return
	}
	hangUp := func() { _ = client.Close(); _ = server.Close() }
	var cut sync.Once
	var losing bool // guarded by g.mu
	go func() {
		defer cut.Do(hangUp)
		wrote := false
		buf := make([]byte, 64<<10)
		for {
			n, err := client.Read(buf)
			wrote = wrote || bytes.Contains(buf[:n], []byte("INSERT INTO projects"))
			if wrote && bytes.Contains(buf[:n], []byte("COMMIT")) {
				g.mu.Lock()
				losing, g.losing = g.losing, false
				g.mu.Unlock()
			}
			if _, failed := server.Write(buf[:n]); err != nil || failed != nil {
				return
			}
		}
	}()
	go func() {
		defer cut.Do(hangUp)
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			g.mu.Lock()
			swallow := losing
			g.lost = g.lost || swallow
			g.mu.Unlock()
			if swallow {
				return
			}
			if _, failed := client.Write(buf[:n]); err != nil || failed != nil {
				return
			}
		}
	}()
}

// cut ends what goes through.
func (g *gate) cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range g.open {
		_ = c.Close()
	}
	g.open = nil
}

func (g *gate) lock() {
	g.mu.Lock()
	if g.in != nil {
		_ = g.in.Close()
		g.in = nil
	}
	g.mu.Unlock()
	g.cut()
}

// TestFaultDatabaseAway takes the database away while people work, and gives it
// back: they are told to try again, nothing is lost or done twice, and nobody
// has to restart anything.
func TestFaultDatabaseAway(t *testing.T) {
	address := freshPostgres(t)
	g, through := behindGate(t, address)
	m := newMouhua(t, "http", through)
	prepare(m, thisYear())
	db := look(t, "postgres", address)
	m.serve()
	wang, li, zhao, sun := m.as(officialJY), m.as(officialKC), m.as(reviewer), m.as(leader)
	li.types(channelKC, "/quota", "35") // the languages are known
	sun.types(leadersRoom, "/report", "1,000")
	zhao.types(officeRoom, "/quota all", "35")
	wang.fillsBoth()
	m.told(db)

	g.lock()
	wang.types(channelJY, "/quota", "数据库暂时连不上")
	li.types(channelKC, "/quota", "please try again")
	sun.types(leadersRoom, "/report", "資料庫")
	zhao.types(officeRoom, "/review queue", "数据库暂时连不上")
	if wrong := wang.submits(); !strings.Contains(flat(wrong), "数据库暂时连不上") {
		t.Errorf("submitting without a database is answered %v", wrong)
	}
	if v := wang.Views(); len(v) != 2 || !strings.Contains(flat(v), "检测中心") || !strings.Contains(flat(v), "13900001111") {
		t.Errorf("what was typed is lost: %s", flat(v))
	}
	for path, want := range map[string]int{"/readyz": http.StatusServiceUnavailable, "/healthz": http.StatusOK, "/metrics": http.StatusOK} {
		if code, body := get(t, "http://"+m.addr+path); code != want || path == "/readyz" && !strings.Contains(body, "database") {
			t.Errorf("%s gave %d, want %d: %.100s", path, code, want, body)
		}
	}

	g.unlock()
	wang.types(channelJY, "/quota", "65")
	sun.types(leadersRoom, "/report", "1,000")
	if code, body := get(t, "http://"+m.addr+"/readyz"); code != http.StatusOK {
		t.Errorf("/readyz gave %d %q when the database was back", code, body)
	}
	wang.passes()
	id := fmt.Sprintf("CC-%d-0001", thisYear())
	wang.sees(channelJY, id)
	zhao.sees(officeRoom, id)
	m.told(db)
	for query, want := range map[string]int{
		`SELECT COUNT(*) FROM projects`: 1, `SELECT COUNT(*) FROM drafts`: 0,
		`SELECT COUNT(*) FROM audit WHERE kind = 'project'`: 1,
	} {
		if n := count(t, db, query); n != want {
			t.Errorf("%s gave %d, want %d", query, n, want)
		}
	}
	if n := zhao.says(officeRoom, id); n != 1 {
		t.Errorf("%d cards, want 1", n)
	}
	if !strings.Contains(m.logs.String(), "connection refused") {
		t.Error("the log does not say what was wrong")
	}
}

// TestFaultCommitWithoutAnswer loses the database's answer to the commit of a
// submission: the person is told to try again, and trying again finds the
// project that was filed.
func TestFaultCommitWithoutAnswer(t *testing.T) {
	address := freshPostgres(t)
	g, through := behindGate(t, address)
	m := newMouhua(t, "http", through)
	prepare(m, thisYear())
	db := look(t, "postgres", address)
	m.serve()
	wang := m.as(officialJY)
	wang.fillsBoth()
	g.mu.Lock()
	g.losing = true
	g.mu.Unlock()
	wrong := wang.submits()
	g.mu.Lock()
	lost := g.lost
	g.mu.Unlock()
	if !lost || count(t, db, `SELECT COUNT(*) FROM projects`) != 1 {
		t.Fatal("the commit was answered, or not made")
	}
	if !strings.Contains(flat(wrong), "数据库暂时连不上") {
		t.Errorf("told %v", wrong)
	}
	wang.passes()
	id := fmt.Sprintf("CC-%d-0001", thisYear())
	wang.sees(channelJY, id)
	m.told(db)
	if n := count(t, db, `SELECT COUNT(*) FROM projects`); n != 1 {
		t.Errorf("%d projects, want 1", n)
	}
	if n := m.as(reviewer).says(officeRoom, id); n != 1 {
		t.Errorf("%d cards, want 1", n)
	}
}

// TestFaultConnectionsCut cuts the pool's connections, as a restart of the
// server does: nobody notices.
func TestFaultConnectionsCut(t *testing.T) {
	g, through := behindGate(t, freshPostgres(t))
	m := newMouhua(t, "http", through)
	prepare(m, thisYear())
	m.serve()
	wang := m.as(officialJY)
	for range 3 {
		wang.types(channelJY, "/quota", "65")
		g.cut()
		wang.types(channelJY, "/project mine", "0")
		g.cut()
	}
	wang.fillsBoth()
	g.cut()
	wang.passes()
	wang.sees(channelJY, "-0001")
}

// TestFaultSQLiteLocked has another program hold the file longer than anybody
// can wait for it.
func TestFaultSQLiteLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "locked.db")
	m := newMouhua(t, "socket", "sqlite://"+path)
	prepare(m, thisYear())
	db := look(t, "sqlite", path)
	m.serve()
	wang := m.as(officialJY)
	wang.fillsBoth()
	holder, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	m.until("holding the file", func() bool {
		_, err := holder.ExecContext(t.Context(), "BEGIN IMMEDIATE")
		return err == nil
	})
	if wrong := wang.submits(); !strings.Contains(flat(wrong), "数据库暂时连不上") {
		t.Errorf("submitting to a locked file is answered %v", wrong)
	}
	wang.types(channelJY, "/quota", "65") // reading goes on
	if _, err := holder.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	wang.passes()
	wang.sees(channelJY, "-0001")
	if n := count(t, db, `SELECT COUNT(*) FROM projects`); n != 1 {
		t.Errorf("%d projects, want 1", n)
	}
}

// TestFaultStoppedInTransaction asks the program to stop while a submission is
// in its transaction: it is finished and answered first.
func TestFaultStoppedInTransaction(t *testing.T) {
	address := freshPostgres(t)
	m := newMouhua(t, "http", address)
	prepare(m, thisYear())
	db := look(t, "postgres", address)
	m.serve()
	wang := m.as(officialJY)
	page2 := wang.fillsBoth()
	m.told(db)

	holder, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback() }()
	if _, err := holder.Exec(`LOCK TABLE counters IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	answers := make(chan string, 1)
	go func() {
		status, answer, err := m.trySigned("/slack/interactions", interaction("view_submission", officialJY, map[string]any{"view": page2}))
		answers <- fmt.Sprint(status, " ", answer, " ", err)
	}()
	m.until("in the transaction", func() bool {
		return count(t, db, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) > 0
	})
	stopped := make(chan struct{})
	began := time.Now()
	go func() {
		defer close(stopped)
		m.shut()
	}()
	m.until("stopping", func() bool {
		c, err := net.Dial("tcp", m.addr)
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
	if err := holder.Rollback(); err != nil {
		t.Fatal(err)
	}
	if got := <-answers; got != `200 {"response_action":"clear"} <nil>` {
		t.Errorf("answered %s", got)
	}
	<-stopped
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("stopping took %s", took)
	}
	wang.sees(channelJY, "-0001") // told before the end
	if n := count(t, db, `SELECT COUNT(*) FROM projects`); n != 1 {
		t.Errorf("%d projects, want 1", n)
	}

	m.serve()
	m.as(reviewer).sees(officeRoom, "-0001")
	m.told(db)
	if n := m.as(reviewer).says(officeRoom, "-0001"); n != 1 {
		t.Errorf("%d cards, want 1", n)
	}
}
