package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// longDue is how long a message may wait without being looked at.
const longDue = 10 * time.Minute

// A nudge that is dead stands with its body's channel. What Slack asked to wait
// for is not in trouble until it is long due.
const troubled = ` FROM outbox WHERE (state = 'pending' AND due_at <= $1 AND (due_at <= $1 - $2 AND created_at <= $1 - $2 OR attempts > 0 AND class NOT IN ('', 'rate'))
	OR created_at >= $3 AND (state = 'failed' OR state = 'dead' AND kind <> 'nudge'))`

// Trouble returns the first limit messages that did not go out by now: those
// that wait, and those of after since that failed (both UTC ms).
func (db *DB) Trouble(ctx context.Context, now, since int64, limit int) (reporting.Trouble, error) {
	var t reporting.Trouble
	var err error
	t.Total, err = one(ctx, hot{db}, single[int], `SELECT COUNT(*)`+troubled, now, longDue.Milliseconds(), since)
	if err != nil || t.Total == 0 {
		return t, fault("count trouble", err)
	}
	t.Messages, err = all(ctx, hot{db}, deliveryFields, `SELECT `+messageColumns+`, `+outcomeColumns+troubled+` ORDER BY due_at, created_at, key LIMIT $4`,
		now, longDue.Milliseconds(), since, limit)
	return t, fault("read trouble", err)
}

// Resend has a message that waits, failed or is dead tried again at once: where
// it may have been posted, the next try looks first. Errors: Conflict when there
// is nothing to try, since it was sent or is under way (err.message.settled);
// ErrRepeated.
func (db *DB) Resend(ctx context.Context, once, key string, e reporting.Event) error {
	return db.write(ctx, "resend message", func(tx *sqlx.Tx) error {
		if err := db.remember(ctx, tx, once, key); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE outbox SET state = 'pending', outcome = '', class = '', reason = '', retry_at = 0
			WHERE key = $1 AND state IN ('pending', 'failed', 'dead') AND lease_until <= $2`, key, db.now())
		if err != nil {
			return fmt.Errorf("resend: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			return reporting.Fail(reporting.Conflict, "err.message.settled")
		}
		return record(ctx, tx, e)
	})
}
