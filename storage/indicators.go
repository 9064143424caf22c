package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

const indicatorColumns = `body_id, year, indicator, version, target, reason, doc_no, set_by, set_at`

func indicatorFields(t *reporting.IndicatorTarget) []any {
	return []any{&t.BodyID, &t.Year, &t.Indicator, &t.Version, &t.Target, &t.Reason, &t.DocNo, &t.SetBy, &t.SetAt}
}

// IndicatorBook returns the versions of a body's indicators of a year. Errors:
// NotFound for an unknown body.
func (db *DB) IndicatorBook(ctx context.Context, body string, year int) (reporting.IndicatorBook, error) {
	var book reporting.IndicatorBook
	err := db.read(ctx, "read indicators", func(tx *sqlx.Tx) (err error) {
		book, err = readIndicators(ctx, tx, body, year, "")
		return err
	})
	return book, err
}

// ChangeIndicator reads the book of a body and year, lets decide make the
// change and writes it. It returns the book as it then is; a repeated once
// gives it with ErrRepeated. Errors: NotFound for an unknown body; those of
// decide, untouched. decide may run more than once and must not use the DB.
func (db *DB) ChangeIndicator(ctx context.Context, once, body string, year int,
	decide func(reporting.IndicatorBook) (reporting.IndicatorChange, error)) (reporting.IndicatorBook, error) {
	return changeBook(ctx, db, "change indicator", once, body, year, readIndicators, decide, func(ctx context.Context, tx *sqlx.Tx, c reporting.IndicatorChange) error {
		if err := insert(ctx, tx, "indicators", indicatorColumns, "", [][]any{indicatorFields(&c.Target)}); err != nil {
			return err
		}
		if err := record(ctx, tx, c.Event); err != nil {
			return err
		}
		_, err := db.plan(ctx, tx, c.Messages)
		return err
	})
}

// readIndicators reads a book; lock, if any, is of the body.
func readIndicators(ctx context.Context, tx *sqlx.Tx, body string, year int, lock string) (reporting.IndicatorBook, error) {
	book := reporting.IndicatorBook{Year: year}
	var err error
	if book.Body, err = bodyOfBook(ctx, tx, body, lock); err != nil {
		return book, err
	}
	book.Targets, err = all(ctx, tx, indicatorFields,
		`SELECT `+indicatorColumns+` FROM indicators WHERE body_id = $1 AND year = $2 ORDER BY indicator, version`, body, year)
	return book, err
}

// IndicatorLines returns how a body, or every body for City, stands in the
// indicators of a year for which it has a target; none when it has none, for
// which one index entry is read.
func (db *DB) IndicatorLines(ctx context.Context, body string, year int) ([]reporting.IndicatorLine, error) {
	lines, err := db.indicatorLines(ctx, hot{db}, body, year)
	return lines, fault("read indicators", err)
}

func (db *DB) indicatorLines(ctx context.Context, q querier, body string, year int) ([]reporting.IndicatorLine, error) {
	targets, err := all(ctx, q, indicatorFields, `SELECT `+indicatorColumns+` FROM indicators i WHERE year = $1 AND ($2 = '' OR body_id = $2) AND target > 0
		AND version = (SELECT MAX(version) FROM indicators WHERE body_id = i.body_id AND year = i.year AND indicator = i.indicator)`, year, body)
	if err != nil {
		return nil, err
	}
	var out []reporting.IndicatorLine
	for _, t := range targets {
		var tally reporting.Tally
		var funds reporting.Wan
		if t.Indicator == reporting.Funds {
			funds, err = db.funds(ctx, q, t.BodyID, year)
		} else {
			fields := func(t *reporting.Tally) []any { return []any{&t.Promoted, &t.ByStage[2], &t.ByStage[3]} }
			tally, err = one(ctx, q, fields, `SELECT promoted_wan, s3, s4 FROM tallies WHERE body_id = $1 AND year = $2`, t.BodyID, year)
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		out = append(out, reporting.LineOf(t, tally, funds))
	}
	reporting.SortLines(out)
	return out, nil
}

// funds sums what the projects credited to a body in a year say was invested in
// that year: the last note of each that says an amount. It reads the body's
// credits of one year and a note for each, by their indexes.
func (db *DB) funds(ctx context.Context, q querier, body string, year int) (reporting.Wan, error) {
	zone := db.cfg.Now().Location()
	from, to := time.Date(year, 1, 1, 0, 0, 0, 0, zone), time.Date(year+1, 1, 1, 0, 0, 0, 0, zone)
	return one(ctx, q, single[reporting.Wan], `SELECT CAST(COALESCE(SUM(invested), 0) AS BIGINT) FROM (
			SELECT (SELECT n.invested FROM project_notes n WHERE n.project_id = c.project_id AND n.at >= $1 AND n.at < $2 AND n.invested > 0
				ORDER BY n.at DESC LIMIT 1) AS invested
			FROM credits c WHERE c.year = $3 AND c.body_id = $4 AND c.revoked_on = ''
		) AS noted`, from.UnixMilli(), to.UnixMilli(), year, body)
}
