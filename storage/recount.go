package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// Difference is a figure that is kept otherwise than a recount gives it.
type Difference struct {
	Year    int
	BodyID  string // reporting.City for the city; of a list's total, its scope
	Figure  string // "credited", "pending", "invest_wan", "s1" … "s4", a day, or "list" and what it counts
	Kept    int64
	Counted int64
}

// Recount compares every tally with a recount from ledger and projects, and
// every total of lists with one from the listings. It returns where they
// differ, tallies first, by year and body. Nothing is changed.
func (db *DB) Recount(ctx context.Context) ([]Difference, error) {
	var out []Difference
	err := db.read(ctx, "recount", func(tx *sqlx.Tx) error {
		years, err := all(ctx, tx, single[int], `SELECT year FROM tallies UNION SELECT year FROM tally_days
			UNION SELECT year FROM credits WHERE revoked_on = '' UNION SELECT plan_year FROM projects WHERE status = 'submitted' ORDER BY 1`)
		if err != nil {
			return err
		}
		for _, year := range years {
			counted, err := db.count(ctx, tx, year)
			if err != nil {
				return err
			}
			kept, err := kept(ctx, tx, year)
			if err != nil {
				return err
			}
			out = append(out, differences(kept, counted)...)
		}
		wrong, err := db.wrongTotals(ctx, tx)
		out = append(out, wrong...)
		return err
	})
	return out, err
}

// Rebuild writes the recount of every year over the tallies, and that of all
// listings over the totals of lists.
func (db *DB) Rebuild(ctx context.Context) error {
	return db.write(ctx, "rebuild tallies", func(tx *sqlx.Tx) error {
		if err := db.rebuild(ctx, tx); err != nil {
			return err
		}
		return db.recountTotals(ctx, tx)
	})
}

// rebuild recounts all years while nobody else moves a tally.
func (db *DB) rebuild(ctx context.Context, tx *sqlx.Tx) error {
	if db.dialect.lockTallies != "" {
		if _, err := tx.ExecContext(ctx, db.dialect.lockTallies); err != nil {
			return fmt.Errorf("lock tallies: %w", err)
		}
	}
	years, err := all(ctx, tx, single[int], `SELECT year FROM tallies UNION SELECT year FROM credits UNION SELECT plan_year FROM projects`)
	if err != nil {
		return err
	}
	for _, year := range years {
		counted, err := db.count(ctx, tx, year)
		if err != nil {
			return err
		}
		for _, table := range []string{"tallies", "tally_days"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE year = $1`, year); err != nil {
				return fmt.Errorf("clear %s: %w", table, err)
			}
		}
		if err := counted.write(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// tallyRow is a tally as it is read.
type tallyRow struct {
	body string
	move
}

func (t *tallyRow) fields() []any {
	return []any{
		&t.body, &t.credited, &t.pending, &t.invest, &t.stages[0], &t.stages[1], &t.stages[2], &t.stages[3], &t.promoted, &t.large, &t.complete,
	}
}

// dayRow is one day of a tally.
type dayRow struct {
	body string
	day  reporting.Date
	n    int
}

func (d *dayRow) fields() []any { return []any{&d.body, (*day)(&d.day), &d.n} }

const countTallies = `SELECT body_id, CAST(SUM(credited) AS BIGINT), CAST(SUM(pending) AS BIGINT), CAST(SUM(invest) AS BIGINT),
		CAST(SUM(CASE stage WHEN 'S1' THEN credited ELSE 0 END) AS BIGINT), CAST(SUM(CASE stage WHEN 'S2' THEN credited ELSE 0 END) AS BIGINT),
		CAST(SUM(CASE stage WHEN 'S3' THEN credited ELSE 0 END) AS BIGINT), CAST(SUM(CASE stage WHEN 'S4' THEN credited ELSE 0 END) AS BIGINT),
		CAST(SUM(promoted) AS BIGINT), CAST(SUM(large) AS BIGINT), CAST(SUM(complete) AS BIGINT)
	FROM (
		SELECT c.body_id, 1 AS credited, 0 AS pending, p.invest_total AS invest, p.stage,
				CASE WHEN p.subpath LIKE 'R1.%%' THEN p.invest_total ELSE 0 END AS promoted,
				CASE WHEN p.invest_total >= 50000 THEN 1 ELSE 0 END AS large,
				CASE WHEN (p.evidence <> '' OR p.evidence_files > 0) AND (p.stage = 'S1' OR p.proof <> '' AND (p.proof_text <> '' OR p.proof_files > 0)) THEN 1 ELSE 0 END AS complete
			FROM credits c JOIN projects p ON p.id = c.project_id WHERE c.year = $1 AND c.revoked_on = ''
		%s
	) AS parts GROUP BY body_id`

// countQuery counts a year's tallies by rules: what waits for review counts for
// the bodies that would be credited.
func countQuery(r reporting.Rules) string {
	const waiting = ` FROM projects WHERE status = 'submitted' AND plan_year = $1 AND invest_total >= $2 AND held_by = ''`
	pending := `UNION ALL SELECT '', 0, 1, 0, '', 0, 0, 0` + waiting
	for _, column := range columnsOf(r) {
		pending += ` UNION ALL SELECT ` + column + `, 0, 1, 0, '', 0, 0, 0` + waiting + ` AND ` + column + ` <> ''`
	}
	return fmt.Sprintf(countTallies, pending)
}

// count recounts a year.
func (db *DB) count(ctx context.Context, tx *sqlx.Tx, year int) (moves, error) {
	rules, err := db.rulesOf(ctx, tx, year)
	if err != nil {
		return nil, err
	}
	tallies, err := all(ctx, tx, (*tallyRow).fields, countQuery(rules), year, rules.Threshold)
	if err != nil {
		return nil, fmt.Errorf("count tallies: %w", err)
	}
	days, err := all(ctx, tx, (*dayRow).fields,
		`SELECT body_id, from_day, COUNT(*) FROM credits WHERE year = $1 AND revoked_on = '' GROUP BY body_id, from_day`, year)
	if err != nil {
		return nil, fmt.Errorf("count days: %w", err)
	}
	return gather(year, tallies, days), nil
}

// kept reads what is kept of a year.
func kept(ctx context.Context, tx *sqlx.Tx, year int) (moves, error) {
	tallies, err := all(ctx, tx, (*tallyRow).fields,
		`SELECT body_id, credited, pending, invest_wan, s1, s2, s3, s4, promoted_wan, large, complete FROM tallies WHERE year = $1`, year)
	if err != nil {
		return nil, fmt.Errorf("read tallies: %w", err)
	}
	days, err := all(ctx, tx, (*dayRow).fields, `SELECT body_id, day, credited FROM tally_days WHERE year = $1`, year)
	if err != nil {
		return nil, fmt.Errorf("read days: %w", err)
	}
	return gather(year, tallies, days), nil
}

func gather(year int, tallies []tallyRow, days []dayRow) moves {
	m := moves{}
	for _, t := range tallies {
		to := m.at(t.body, year)
		t.days = to.days
		*to = t.move
	}
	for _, d := range days {
		m.at(d.body, year).days[d.day] = d.n
	}
	return m
}

// named returns the figures of a tally by name.
func (t *move) named() map[string]int64 {
	out := map[string]int64{
		"credited": int64(t.credited), "pending": int64(t.pending), "invest_wan": int64(t.invest),
		"promoted_wan": int64(t.promoted), "large": int64(t.large), "complete": int64(t.complete),
		"s1": int64(t.stages[0]), "s2": int64(t.stages[1]), "s3": int64(t.stages[2]), "s4": int64(t.stages[3]),
	}
	for d, n := range t.days {
		out[d.String()] = int64(n)
	}
	return out
}

func differences(kept, counted moves) []Difference {
	var out []Difference
	for p := range counted {
		kept.at(p.body, p.year)
	}
	for p, k := range kept {
		is, should := k.named(), counted.at(p.body, p.year).named()
		for figure := range should {
			is[figure] += 0
		}
		for figure, n := range is {
			if n != should[figure] {
				out = append(out, Difference{Year: p.year, BodyID: p.body, Figure: figure, Kept: n, Counted: should[figure]})
			}
		}
	}
	slices.SortFunc(out, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.BodyID, b.BodyID), cmp.Compare(a.Figure, b.Figure))
	})
	return out
}
