package storage

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
)

// counting is a SELECT that counts all cells of a breakdown anew.
type counting struct{ breakdown, sql string }

func (db *DB) countings() []counting {
	out := []counting{
		{unconfirmedCells, unconfirmedSQL},
		{poolCells, poolSQL(db.rules())},
	}
	for _, b := range breakdowns {
		out = append(out, counting{b.name, b.sql()})
	}
	return out
}

// recountTotals counts all cells anew, while nobody else moves one.
func (db *DB) recountTotals(ctx context.Context, tx *sqlx.Tx) error {
	if db.dialect.lockTotals != "" {
		if _, err := tx.ExecContext(ctx, db.dialect.lockTotals); err != nil {
			return fmt.Errorf("lock totals: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM list_totals`); err != nil {
		return fmt.Errorf("clear totals: %w", err)
	}
	for _, c := range db.countings() {
		_, err := tx.ExecContext(ctx, `INSERT INTO list_totals (`+cellColumns+`, n, invest) `+c.sql+` ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9`)
		if err != nil {
			return fmt.Errorf("count %s: %w", c.breakdown, err)
		}
	}
	return nil
}

// totalOld counts the totals of lists from before they were kept, once.
func (db *DB) totalOld(ctx context.Context) error {
	return db.transact(ctx, "count totals", func(tx *sqlx.Tx) error {
		done, err := one(ctx, tx, single[int], `SELECT value FROM counters WHERE name = 'list_totals'`+db.dialect.forUpdate)
		if err != nil || done != 0 {
			return err
		}
		if err := db.recountTotals(ctx, tx); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE counters SET value = 1 WHERE name = 'list_totals'`)
		return err
	})
}

// totalRow is a cell that is kept otherwise than it is counted.
type totalRow struct {
	cell
	kept, counted sum
}

func (r *totalRow) fields() []any {
	return []any{
		&r.scope, &r.breakdown, &r.year, &r.status, &r.stage, &r.industry, &r.path, &r.group, &r.part,
		&r.kept.n, &r.counted.n, &r.kept.invest, &r.counted.invest,
	}
}

// wrongTotals returns the cells that are kept otherwise than they are
// counted, of each breakdown at most a hundred.
func (db *DB) wrongTotals(ctx context.Context, tx *sqlx.Tx) ([]Difference, error) {
	var out []Difference
	for _, c := range db.countings() {
		rows, err := all(ctx, tx, (*totalRow).fields, `SELECT `+cellColumns+`, CAST(SUM(kept) AS BIGINT), CAST(SUM(counted) AS BIGINT),
				CAST(SUM(kept_invest) AS BIGINT), CAST(SUM(counted_invest) AS BIGINT)
			FROM (SELECT `+cellColumns+`, n AS kept, 0 AS counted, invest AS kept_invest, 0 AS counted_invest FROM list_totals WHERE breakdown = $1
				UNION ALL SELECT `+cellColumns+`, 0, n, 0, invest FROM
					(SELECT '' AS scope, '' AS breakdown, 0 AS plan_year, '' AS status, '' AS stage, '' AS industry, '' AS subpath, '' AS programme,
						0 AS part, 0 AS n, 0 AS invest WHERE 1 = 0 UNION ALL `+c.sql+`) AS real_cells
			) AS both_ways GROUP BY `+cellColumns+`
			HAVING SUM(kept) <> SUM(counted) OR SUM(kept_invest) <> SUM(counted_invest) ORDER BY `+cellColumns+` LIMIT 100`, c.breakdown)
		if err != nil {
			return nil, fmt.Errorf("recount %s: %w", c.breakdown, err)
		}
		for _, r := range rows {
			figure := strings.Join(strings.Fields(strings.Join([]string{
				"list", r.breakdown, string(r.status), string(r.stage), r.industry, r.path, r.group, strconv.FormatInt(r.part, 10),
			}, " ")), " ")
			if r.kept.n != r.counted.n {
				out = append(out, Difference{Year: r.year, BodyID: r.scope, Figure: figure, Kept: int64(r.kept.n), Counted: int64(r.counted.n)})
			} else {
				out = append(out, Difference{Year: r.year, BodyID: r.scope, Figure: figure + " 万元", Kept: int64(r.kept.invest), Counted: int64(r.counted.invest)})
			}
		}
	}
	return out, nil
}
