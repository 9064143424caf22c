package storage

import (
	"context"

	"github.com/mouhua/mouhua/reporting"
)

// Upkeep returns how bodies keep the projects of a year that they report,
// manage or lead, updated since a time (UTC ms) or not; a body without any is
// left out. It reads an index that holds all of it, for one year.
func (db *DB) Upkeep(ctx context.Context, bodies []string, year int, since int64) ([]reporting.Upkeep, error) {
	if len(bodies) == 0 {
		return nil, nil
	}
	const open = `status IN ('verified', 'carried') AND stage <> 'S4'`
	query, args, err := within(`SELECT body_id, SUM(CASE WHEN `+open+` THEN 1 ELSE 0 END), SUM(CASE WHEN `+open+` AND updated_at >= ? THEN 1 ELSE 0 END),
			SUM(CASE WHEN status NOT IN ('withdrawn', 'merged') THEN 1 ELSE 0 END), SUM(CASE WHEN status = 'returned' THEN 1 ELSE 0 END)
		FROM listings WHERE body_id IN (?) AND plan_year = ? GROUP BY body_id ORDER BY body_id`, since, bodies, year)
	if err != nil {
		return nil, err
	}
	fields := func(u *reporting.Upkeep) []any { return []any{&u.BodyID, &u.Open, &u.Fresh, &u.Filed, &u.Returned} }
	out, err := all(ctx, db.pool, fields, query, args...)
	return out, fault("read upkeep", err)
}
