package storage

import (
	"context"

	"github.com/mouhua/mouhua/reporting"
)

// Inflow returns what came in for a plan year from one day to another, both
// included: the projects that are still credited, by body and day of their
// credit. Without bodies it is of all of them, reporting.City among them.
func (db *DB) Inflow(ctx context.Context, year int, d reporting.Days, bodies ...string) ([]reporting.Inflow, error) {
	query := `SELECT body_id, day, credited FROM tally_days WHERE year = ? AND day >= ? AND day <= ? AND credited > 0`
	args := []any{year, d.From.String(), d.To.String()}
	if len(bodies) > 0 {
		query, args = query+` AND body_id IN (?)`, append(args, bodies)
	}
	query, args, err := within(query+` ORDER BY body_id, day`, args...)
	if err != nil {
		return nil, err
	}
	fields := func(i *reporting.Inflow) []any { return []any{&i.BodyID, (*day)(&i.Day), &i.Credited} }
	in, err := all(ctx, hot{db}, fields, query, args...)
	return in, fault("read inflow", err)
}
