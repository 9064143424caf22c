package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// BulletinSnapshot reads, at one moment, how the city and the bodies stood on the
// last day of a period. What was verified by then counts, as far as it counts now
// and for whom it counts now; projects verified later are left out. So a snapshot
// of the first minute after the period is exact, and a later one says how many
// projects have lost their credit or moved since. Of a frozen year the figures are the frozen ones, which are of its last day.
// Errors: Conflict for another day of a frozen year.
func (db *DB) BulletinSnapshot(ctx context.Context, p reporting.Period, t reporting.BulletinTerms) (reporting.BulletinSnapshot, error) {
	s := reporting.BulletinSnapshot{AsOf: p.Last(), TakenAt: db.now(), Basis: t.Basis, Rules: db.rules(), Pace: t.Pace, Rule: t.Rule}
	err := db.read(ctx, "take figures", func(tx *sqlx.Tx) error {
		standings, err := db.standingsOn(ctx, tx, p, t, &s)
		if err != nil {
			return err
		}
		added, err := addedIn(ctx, tx, p)
		if err != nil {
			return err
		}
		bodies, err := readBodies(ctx, tx)
		if err != nil {
			return err
		}
		s.Lines = nil
		for _, b := range append([]reporting.Body{{ID: reporting.City}}, bodies...) {
			one, ok := standings[b.ID]
			if !ok {
				continue
			}
			one.Curve = t.Curve
			// Those that a bulletin does not tell are of the moment, not of the day.
			one.Tally.Pending, one.Tally.Promoted, one.Tally.Large, one.Tally.Complete = 0, 0, 0, 0
			s.Lines = append(s.Lines, reporting.BulletinLine{
				Standing: one, Label: labels(b), Kind: b.Kind, Group: b.Group, Ended: b.Ended(s.AsOf), Added: added[b.ID],
			})
		}
		return nil
	})
	return s, err
}

// standingsOn returns the standings of a period's last day by body, City with the
// city's target.
func (db *DB) standingsOn(ctx context.Context, tx *sqlx.Tx, p reporting.Period, t reporting.BulletinTerms, s *reporting.BulletinSnapshot) (map[string]reporting.Standing, error) {
	f, err := frozenYear(ctx, tx, p.Year)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if f, err = db.snapshotOf(ctx, tx, p.Year, p.Last(), t.Target); err != nil {
			return nil, err
		}
		f.Basis = t.Basis
		if err := db.takeLater(ctx, tx, f.Standings, p); err != nil {
			return nil, err
		}
		if s.Lost, s.Moved, err = changedSince(ctx, tx, p); err != nil {
			return nil, fmt.Errorf("read credits that changed since: %w", err)
		}
	case err != nil:
		return nil, err
	case p.Last() != reporting.Date{Year: p.Year, Month: time.December, Day: 31}:
		return nil, reporting.Fail(reporting.Conflict, "err.bulletin.frozen", "year", p.Year)
	default:
		s.Frozen, s.Basis, s.Rules = true, f.Basis, f.Rules
	}
	out := map[string]reporting.Standing{}
	for _, one := range f.Standings {
		out[one.BodyID] = f.Of(one.BodyID)
	}
	return out, nil
}

// credited is what a body was credited with by stage.
type credited struct {
	body   string
	n      int
	invest reporting.Wan
	stages [4]int
}

func (k *credited) fields() []any {
	return []any{&k.body, &k.n, &k.invest, &k.stages[0], &k.stages[1], &k.stages[2], &k.stages[3]}
}

// takeLater takes from standings what was verified after the period's last day.
func (db *DB) takeLater(ctx context.Context, tx *sqlx.Tx, standings []reporting.Standing, p reporting.Period) error {
	later, err := all(ctx, tx, (*credited).fields, `SELECT c.body_id, COUNT(*), CAST(SUM(p.invest_total) AS BIGINT),
			CAST(SUM(CASE WHEN p.stage = 'S1' THEN 1 ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN p.stage = 'S2' THEN 1 ELSE 0 END) AS BIGINT),
			CAST(SUM(CASE WHEN p.stage = 'S3' THEN 1 ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN p.stage = 'S4' THEN 1 ELSE 0 END) AS BIGINT)
		FROM credits c JOIN projects p ON p.id = c.project_id
		WHERE c.year = $1 AND c.revoked_on = '' AND c.from_day > $2 GROUP BY c.body_id`, p.Year, p.Last().String())
	if err != nil {
		return fmt.Errorf("read later credits: %w", err)
	}
	for _, k := range later {
		for i := range standings {
			if standings[i].BodyID != k.body {
				continue
			}
			t := &standings[i].Tally
			t.Credited, t.Invest = t.Credited-k.n, t.Invest-k.invest
			for stage, n := range k.stages {
				t.ByStage[stage] -= n
			}
		}
	}
	return nil
}

// changedSince counts the projects whose credit of a period's last day was revoked
// after it: those that count no longer, and those that count for another body.
func changedSince(ctx context.Context, tx *sqlx.Tx, p reporting.Period) (lost, moved int, err error) {
	type change struct{ stays, n int }
	rows, err := all(ctx, tx, func(c *change) []any { return []any{&c.stays, &c.n} }, `SELECT stays, COUNT(*) FROM (
			SELECT DISTINCT c.project_id, CASE WHEN EXISTS (SELECT 1 FROM credits n
				WHERE n.project_id = c.project_id AND n.year = $1 AND n.role = 'city' AND n.revoked_on = '') THEN 1 ELSE 0 END AS stays
			FROM credits c WHERE c.year = $1 AND c.from_day <= $2 AND c.revoked_on > $2
		) AS changed GROUP BY stays`, p.Year, p.Last().String())
	for _, c := range rows {
		if c.stays == 1 {
			moved = c.n
		} else {
			lost = c.n
		}
	}
	return lost, moved, err
}

// addedIn returns how many projects were verified within a period, by body.
func addedIn(ctx context.Context, tx *sqlx.Tx, p reporting.Period) (map[string]int, error) {
	rows, err := all(ctx, tx, (*waits).fields, `SELECT body_id, CAST(SUM(credited) AS BIGINT) FROM tally_days
		WHERE year = $1 AND day >= $2 AND day <= $3 GROUP BY body_id`, p.Year, p.First().String(), p.Last().String())
	out := map[string]int{}
	for _, r := range rows {
		out[r.body] = r.n
	}
	return out, err
}

// labels are what a body is called in each language.
func labels(b reporting.Body) reporting.Names {
	return reporting.Names{ZhCN: b.Label(reporting.ZhCN), ZhTW: b.Label(reporting.ZhTW), En: b.Label(reporting.En)}
}
