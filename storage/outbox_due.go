package storage

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// Collapse settles what is due by the time due as skipped, "stale", where a
// newer message supersedes it (see reporting.Message.Supersedes), and returns
// how many these were. What is leased, or may have been posted already, is left
// to whoever delivers it. now is the real time (both UTC ms).
func (db *DB) Collapse(ctx context.Context, due, now int64) (int, error) {
	var n int64
	err := db.transact(ctx, "collapse messages", func(tx *sqlx.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE outbox SET state = 'skipped', outcome = 'skipped', class = '', reason = 'stale', lease_owner = '', lease_until = 0
			WHERE state = 'pending' AND supersedes <> '' AND due_at <= $1 AND lease_until <= $2 AND (tried_at = 0 OR edit_of <> '')
				AND EXISTS (SELECT 1 FROM outbox n WHERE n.supersedes = outbox.supersedes AND n.supersedes <> '' AND n.state IN ('pending', 'sent')
					AND n.due_at <= $1 AND (n.due_at, n.created_at, n.key) > (outbox.due_at, outbox.created_at, outbox.key))`, due, now)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return int(n), err
}

// DueLoad returns what is due by the time due, on the clock that plans, and may
// be tried at the real time now (both UTC ms), but for the lines that tell of it.
func (db *DB) DueLoad(ctx context.Context, due, now int64) (reporting.DueLoad, error) {
	fields := func(l *reporting.DueLoad) []any { return []any{&l.Messages, &l.Busiest, &l.Oldest} }
	load, err := one(ctx, hot{db}, fields, `SELECT COALESCE(SUM(n), 0), COALESCE(MAX(n), 0), COALESCE(MIN(since), 0) FROM (
			SELECT COUNT(*) AS n, MIN(CASE WHEN due_at > created_at THEN due_at ELSE created_at END) AS since FROM outbox
			WHERE state = 'pending' AND due_at <= $1 AND retry_at <= $2 AND kind <> 'run_progress' GROUP BY destination) AS d`, due, now)
	return load, fault("read what is due", err)
}

// NoteRateWait keeps that Slack asked a replica to wait, at a time (UTC ms).
func (db *DB) NoteRateWait(ctx context.Context, owner string, at int64, wait time.Duration) error {
	return db.transact(ctx, "note a wait", func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO rate_waits (at, owner, wait_ms) VALUES ($1, $2, $3)`, at, owner, wait.Milliseconds())
		return err
	})
}

// RateWaits returns how often Slack asked any replica to wait from a time on
// and before another (UTC ms), and for how long.
func (db *DB) RateWaits(ctx context.Context, from, before int64) (reporting.RateWaits, error) {
	var ms int64
	fields := func(w *reporting.RateWaits) []any { return []any{&w.Times, &ms} }
	w, err := one(ctx, hot{db}, fields, `SELECT COUNT(*), COALESCE(SUM(wait_ms), 0) FROM rate_waits WHERE at >= $1 AND at < $2`, from, before)
	w.Total = time.Duration(ms) * time.Millisecond
	return w, fault("read waits", err)
}
