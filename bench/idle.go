package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"time"
)

// userHertz is what the kernel counts processor time in.
const userHertz = 100

// cpu returns the processor time that the server has used.
func (s *server) cpu() (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read processor time: %w", err)
	}
	// The name in parentheses may hold spaces; user and system time are the
	// 12th and 13th after it.
	fields := strings.Fields(string(b)[strings.LastIndexByte(string(b), ')')+1:])
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read processor time: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / userHertz, nil
}

// idleTime is how long an idle replica is watched.
const idleTime = time.Minute

// idle prints what a replica takes that has nothing to do: its share of a core
// and its transactions on the database, of which each of its queries is one.
func (b *programs) idle(ctx context.Context, o options, dsn string, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, `UPDATE outbox SET state = 'sent' WHERE state = 'pending'`); err != nil {
		return fmt.Errorf("leave nothing to do: %w", err)
	}
	office := &postOffice{keys: map[string]int{}, posts: map[string][]time.Time{}}
	slack := httptest.NewServer(office)
	defer slack.Close()
	s, err := b.serve(ctx, dsn, slack.URL, "")
	if err != nil {
		return err
	}
	defer s.stop()
	// The start has passed when the first tick has been done.
	if err := wait(ctx, 5*time.Second); err != nil {
		return err
	}
	before, err := b.taken(ctx, db, s)
	if err != nil {
		return err
	}
	if err := wait(ctx, idleTime); err != nil {
		return err
	}
	after, err := b.taken(ctx, db, s)
	if err != nil {
		return err
	}
	fmt.Printf("idle for %s: %.2f%% of a core, %.2f transactions a second on PostgreSQL\n", idleTime,
		(after.cpu-before.cpu).Seconds()/idleTime.Seconds()*100, float64(after.transactions-before.transactions-1)/idleTime.Seconds())
	return nil
}

type taken struct {
	cpu          time.Duration
	transactions int64
}

// taken reads what has been taken; reading it is one transaction itself.
func (b *programs) taken(ctx context.Context, db *sql.DB, s *server) (out taken, err error) {
	if out.cpu, err = s.cpu(); err != nil {
		return out, err
	}
	err = db.QueryRowContext(ctx, `SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()`).Scan(&out.transactions)
	if err != nil {
		return out, fmt.Errorf("read statistics: %w", err)
	}
	return out, nil
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
