package storage

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/mouhua/mouhua/reporting"
)

func TestOpenRefuses(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	plain := filepath.Join(t.TempDir(), "plain.txt")
	check(t, os.WriteFile(plain, []byte(strings.Repeat("no database\n", 100)), 0o600))
	tests := []struct {
		url  string
		code reporting.Code
		says string
	}{
		{"", "", "want sqlite://path"},
		{"sqlite://", "", "want sqlite://path"},
		{"sqlite://:memory:", "", "want sqlite://path"},
		{"mysql://u:s3cret@localhost/x", "", "want sqlite://path"},
		{"postgres://u:s3cret@localhost:port/x", "", "want sqlite://path"},
		{"postgres://u:s3cret@127.0.0.1:1/x?sslmode=disable", reporting.Unavailable, "postgres://u@127.0.0.1:1/x"},
		{"postgres://127.0.0.1:1/x?sslmode=disable&password=s3cret", reporting.Unavailable, "postgres://127.0.0.1:1/x"},
		{"postgres://u:s3cret@127.0.0.1:1/x?sslmode=s3cret", "", "postgres://u@127.0.0.1:1/x"},
		{"sqlite:///nowhere/mouhua.db", reporting.Unavailable, "sqlite:///nowhere/mouhua.db"},
		{"sqlite://" + plain, "", "not a database"},
	}
	for _, test := range tests {
		db, err := Open(ctx, test.url, Config{})
		if err == nil {
			t.Errorf("%s: opened", test.url)
			check(t, db.Close())
			continue
		}
		failsWith(t, err, test.code)
		if strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: got %q, want it to say %q and no password", test.url, err, test.says)
		}
	}
}

func TestFault(t *testing.T) {
	known := reporting.Fail(reporting.Conflict, "err.project.changed")
	tests := []struct {
		err  error
		code reporting.Code
	}{
		{known, reporting.Conflict},
		{fmt.Errorf("wrapped: %w", known), reporting.Conflict},
		{verdict{io.EOF}, ""},
		{errors.New("our bug"), ""},
		{context.Canceled, ""},
		{context.DeadlineExceeded, reporting.Unavailable},
		{driver.ErrBadConn, reporting.Unavailable},
		{io.ErrUnexpectedEOF, reporting.Unavailable},
		{&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, reporting.Unavailable},
		{&pq.Error{Code: "08006"}, reporting.Unavailable},
		{&pq.Error{Code: "57P01"}, reporting.Unavailable},
		{&pq.Error{Code: "57014"}, reporting.Unavailable},
		{&pq.Error{Code: "53300"}, reporting.Unavailable},
		{&pq.Error{Code: "23505"}, ""},
		{&pq.Error{Code: "42P01"}, ""},
		{&pq.Error{}, ""},
	}
	for _, test := range tests {
		err := fault("read project", test.err)
		failsWith(t, err, test.code)
		var cause = test.err
		if v := (verdict{}); errors.As(cause, &v) {
			cause = v.error
		}
		if !errors.Is(err, cause) {
			t.Errorf("%v lost its cause %v", err, cause)
		}
	}
	if err := fault("read project", nil); err != nil {
		t.Errorf("got %v for no error", err)
	}
}

func TestRetry(t *testing.T) {
	db, _ := open(t, "sqlite://"+filepath.Join(t.TempDir(), "mouhua.db"))
	tests := []struct {
		code  string
		fails int
		tries int
		ok    bool
	}{{"40001", 1, 2, true}, {"40P01", 3, 4, true}, {"40001", 9, 4, false}, {"23505", 1, 1, false}}
	for _, test := range tests {
		tries := 0
		err := db.write(t.Context(), "try", func(*sqlx.Tx) error {
			if tries++; tries <= test.fails {
				return &pq.Error{Code: pqerror.Code(test.code)}
			}
			return nil
		})
		same(t, fmt.Sprintf("%s ×%d", test.code, test.fails), []any{tries, err == nil}, []any{test.tries, test.ok})
	}
}

// TestSQLiteLocked holds the file longer than others wait for it.
func TestSQLiteLocked(t *testing.T) {
	at := "sqlite://" + filepath.Join(t.TempDir(), "mouhua.db")
	db, _ := seeded(t, at)
	other, _ := open(t, at)
	check(t, other.write(t.Context(), "hold", func(*sqlx.Tx) error {
		_, err := db.FileProject(t.Context(), "view/1", 2018, filing(sample()))
		failsWith(t, err, reporting.Unavailable)
		_, err = db.Standing(t.Context(), "jingyue", 2018, date("2018-07-31"))
		return err
	}))
	must(t)(db.FileProject(t.Context(), "view/1", 2018, filing(sample())))
}

// gate lets connections through to a server until it is shut.
type gate struct {
	to   string
	at   string
	mu   sync.Mutex
	in   net.Listener
	open []net.Conn
}

func (g *gate) unlock(t *testing.T) {
	t.Helper()
	in, err := net.Listen("tcp", g.at)
	check(t, err)
	g.mu.Lock()
	g.in, g.at = in, in.Addr().String()
	g.mu.Unlock()
	go func() {
		for {
			client, err := in.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", g.to)
			if err != nil {
				_ = client.Close()
				continue
			}
			g.mu.Lock()
			g.open = append(g.open, client, server)
			g.mu.Unlock()
			go func() { _, _ = io.Copy(server, client) }()
			go func() { _, _ = io.Copy(client, server) }()
		}
	}()
}

func (g *gate) lock() {
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = g.in.Close()
	for _, c := range g.open {
		_ = c.Close()
	}
	g.open = nil
}

// TestPostgreSQLAway cuts the server off while the program runs.
func TestPostgreSQLAway(t *testing.T) {
	u, err := url.Parse(os.Getenv("TEST_POSTGRES_URL"))
	if err != nil || u.Host == "" {
		t.Skip("TEST_POSTGRES_URL names no PostgreSQL server to cut off")
	}
	at := postgres(t)(t)
	g := &gate{to: net.JoinHostPort(u.Hostname(), portOf(u)), at: "127.0.0.1:0"}
	g.unlock(t)
	defer g.lock()
	db, clock := seeded(t, strings.Replace(at, u.Host, g.at, 1))
	p := file(t, db, nil)
	must(t)(db.Bodies(t.Context()))

	g.lock()
	must(t)(db.Bodies(t.Context()))
	clock.add(snapshotAge)
	calls := map[string]func() error{
		"bodies": func() error { _, err := db.Bodies(t.Context()); return err },
		"read":   func() error { _, err := db.Project(t.Context(), p.ID); return err },
		"list":   func() error { _, err := db.ListProjects(t.Context(), reporting.ProjectFilter{}); return err },
		"claim": func() error {
			_, err := db.Claim(t.Context(), "w", start.UnixMilli(), start.UnixMilli(), lease, 1)
			return err
		},
		"pending": func() error { _, err := db.MigrationsPending(t.Context()); return err },
		"file": func() error {
			_, err := db.FileProject(t.Context(), "view/1", 2018, filing(sample()))
			return err
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) { failsWith(t, call(), reporting.Unavailable) })
	}
	g.unlock(t)
	for name, call := range calls {
		if err := call(); err != nil {
			t.Errorf("%s after the server was back: %v", name, err)
		}
	}
	same(t, "projects", len(query(t, db, `SELECT id FROM projects`)), 2)
}

// TestPostgreSQLBack asks what is pending first thing after the server was
// away, while all connections of the pool are broken.
func TestPostgreSQLBack(t *testing.T) {
	u, err := url.Parse(os.Getenv("TEST_POSTGRES_URL"))
	if err != nil || u.Host == "" {
		t.Skip("TEST_POSTGRES_URL names no PostgreSQL server to cut off")
	}
	at := postgres(t)(t)
	g := &gate{to: net.JoinHostPort(u.Hostname(), portOf(u)), at: "127.0.0.1:0"}
	g.unlock(t)
	defer g.lock()
	db, _ := open(t, strings.Replace(at, u.Host, g.at, 1))
	for _, err := range together(4, func(int) error { _, err := db.pool.ExecContext(t.Context(), `SELECT pg_sleep(0.1)`); return err }) {
		check(t, err)
	}
	g.lock()
	g.unlock(t)
	n, err := db.MigrationsPending(t.Context())
	check(t, err)
	same(t, "pending", n, 0)
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return "5432"
}
