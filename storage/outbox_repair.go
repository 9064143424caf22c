package storage

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// DeadChannels returns the channels that could not be reached: of bodies that
// are undeliverable, and those for which messages wait.
func (db *DB) DeadChannels(ctx context.Context) ([]string, error) {
	out, err := all(ctx, hot{db}, single[string], `SELECT channel_id FROM bodies WHERE undeliverable_since <> 0 AND channel_id <> ''
		UNION SELECT channel FROM outbox WHERE state = 'pending' AND class = 'destination' AND channel <> '' ORDER BY 1`)
	return out, fault("read dead channels", err)
}

// Repair takes it that a channel can be reached again: what waits for it is due
// at once; its body is deliverable, with an event, and its nudge of the week
// that ended for that channel is to be sent again. It reports whether the body
// was undeliverable: of many who find a channel repaired, the first is told so.
func (db *DB) Repair(ctx context.Context, r reporting.Repair) (bool, error) {
	repaired := false
	err := db.transact(ctx, "repair channel", func(tx *sqlx.Tx) error {
		repaired = false
		_, err := tx.ExecContext(ctx, `UPDATE outbox SET retry_at = 0
			WHERE state = 'pending' AND class = 'destination' AND channel = $1 AND lease_until <= $2`, r.Channel, db.now())
		if err != nil || r.BodyID == "" {
			return err
		}
		repaired, err = db.deliverable(ctx, tx, r)
		return err
	})
	if repaired {
		db.generation.Add(1)
	}
	return repaired && err == nil, err
}

func (db *DB) deliverable(ctx context.Context, tx *sqlx.Tx, r reporting.Repair) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE bodies SET undeliverable_since = 0, undeliverable_why = '', version = version + 1
		WHERE id = $1 AND channel_id = $2 AND undeliverable_since <> 0`, r.BodyID, r.Channel)
	if err != nil {
		return false, fmt.Errorf("mark deliverable: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	// The tries are kept: the next one looks in the channel first.
	_, err = tx.ExecContext(ctx, `UPDATE outbox SET state = 'pending', outcome = '', class = '', reason = '', retry_at = 0
		WHERE key = $1 AND state = 'dead' AND class = 'destination'`, r.NudgeKey)
	if err != nil {
		return false, fmt.Errorf("send again: %w", err)
	}
	if _, err := db.plan(ctx, tx, []reporting.Message{r.Tell}); err != nil {
		return false, err
	}
	e := reporting.Event{
		At: db.now(), Actor: "mouhua", Action: "body.deliverable", Kind: "body", Subject: r.BodyID,
		After: map[string]string{"channel": r.Channel},
	}
	if err := record(ctx, tx, e); err != nil {
		return false, err
	}
	return true, raiseRevision(ctx, tx)
}
