package storage

import (
	"context"

	"github.com/mouhua/mouhua/reporting"
)

// Unconfirmeds returns how many projects each body has to confirm for a year.
func (db *DB) Unconfirmeds(ctx context.Context, year int) (map[string]int, error) {
	rows, err := all(ctx, db.pool, (*waits).fields, unconfirmedQuery, year)
	out := make(map[string]int, len(rows))
	for _, w := range rows {
		out[w.body] = w.n
	}
	return out, fault("count unconfirmed", err)
}

// Pending returns the messages that wait and are due by a time (UTC ms), the
// longest due first, as a claim would give them, with what came of the last try.
func (db *DB) Pending(ctx context.Context, due int64) ([]reporting.Delivery, error) {
	fields := func(d *reporting.Delivery) []any {
		return append(deliveryFields(d), &d.EditChannel, &d.EditTS, &d.ThreadChannel, &d.ThreadTS)
	}
	out, err := all(ctx, db.pool, fields, `SELECT `+messageColumns+`, `+outcomeColumns+`,
			COALESCE((SELECT e.channel FROM outbox e WHERE e.key = outbox.edit_of), ''),
			COALESCE((SELECT e.ts FROM outbox e WHERE e.key = outbox.edit_of), ''),
			COALESCE((SELECT e.channel FROM outbox e WHERE e.key = outbox.thread_of), ''),
			COALESCE((SELECT e.ts FROM outbox e WHERE e.key = outbox.thread_of), '')
		FROM outbox WHERE state = 'pending' AND due_at <= $1 ORDER BY due_at, created_at, key`, due)
	return out, fault("read pending", err)
}
