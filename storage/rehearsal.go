package storage

import "context"

// Unconfirmeds returns how many projects each body has to confirm for a year.
func (db *DB) Unconfirmeds(ctx context.Context, year int) (map[string]int, error) {
	rows, err := all(ctx, db.pool, (*waits).fields, unconfirmedQuery, year)
	out := make(map[string]int, len(rows))
	for _, w := range rows {
		out[w.body] = w.n
	}
	return out, fault("count unconfirmed", err)
}
