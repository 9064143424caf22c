package storage

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// week is a reporting.Week as the database keeps it: 2018-W10.
type week reporting.Week

// Scan reads the text form.
func (w *week) Scan(src any) error {
	s, err := text(src)
	if err != nil {
		return err
	}
	got, err := reporting.ParseWeek(s)
	*w = week(got)
	return err
}

// Value writes the text form.
func (w *week) Value() (driver.Value, error) { return reporting.Week(*w).String(), nil }

const nudgeWeekColumns = `body_id, week, year, posted_at, need, base, colour, level, met_at, nothing_why, nothing_by, nothing_at, ` +
	`snoozed_to, snoozed_by, snoozed_why, version`

func nudgeWeekFields(w *reporting.NudgeWeek) []any {
	return []any{
		&w.BodyID, (*week)(&w.Week), &w.Year, &w.PostedAt, &w.Need, &w.Base, &w.Colour, &w.Level, &w.MetAt,
		&w.NothingWhy, &w.NothingBy, &w.NothingAt, (*day)(&w.SnoozedTo), &w.SnoozedBy, &w.SnoozedWhy, &w.Version,
	}
}

// openWeek writes the week that a nudge opens; one that is open stays as it is.
func (db *DB) openWeek(ctx context.Context, tx *sqlx.Tx, w reporting.NudgeWeek) error {
	w.Version = 1
	query, args := insertion("nudge_weeks", nudgeWeekColumns, "ON CONFLICT (body_id, week) DO NOTHING", [][]any{nudgeWeekFields(&w)})
	if _, err := (hotTx{db, tx}).ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("open week: %w", err)
	}
	// What is older is in the threads, and in the audit trail.
	_, err := hotTx{db, tx}.ExecContext(ctx, `DELETE FROM nudge_notes WHERE body_id = $1 AND week < $2`, w.BodyID, w.Week.Add(-notesKept).String())
	if err != nil {
		return fmt.Errorf("drop old history: %w", err)
	}
	return db.opened(ctx, tx, w)
}

// notesKept is for how many weeks the lines of nudges' history are kept.
const notesKept = 4

// ChangeWeek lets decide do something with the newest week of a body, which is
// the zero NudgeWeek of the body where it has had no nudge, and writes it with
// its event, its messages, and an edit of the nudge. A repeated once, and a second
// acknowledgement of one person, change nothing and give ErrRepeated. Errors: those of
// decide, untouched. decide may run more than once and must not use the DB.
func (db *DB) ChangeWeek(ctx context.Context, once, body string, decide func(w reporting.NudgeWeek) (reporting.WeekChange, error)) error {
	return db.write(ctx, "change week", func(tx *sqlx.Tx) error {
		if err := db.remember(ctx, tx, once, body); err != nil {
			return err
		}
		w := reporting.NudgeWeek{BodyID: body}
		found, err := all(ctx, tx, nudgeWeekFields, `SELECT `+nudgeWeekColumns+` FROM nudge_weeks
			WHERE body_id = $1 ORDER BY week DESC LIMIT 1`+db.dialect.forUpdate, body)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			w = found[0]
		}
		c, err := decide(w)
		if err != nil {
			return verdict{err}
		}
		return db.writeWeek(ctx, tx, c)
	})
}

func (db *DB) writeWeek(ctx context.Context, tx *sqlx.Tx, c reporting.WeekChange) error {
	w := c.Week
	if s := c.Seen; s != nil {
		res, err := tx.ExecContext(ctx, `INSERT INTO nudge_seen (body_id, week, user_id, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (body_id, week, user_id) DO NOTHING`, s.BodyID, s.Week.String(), s.UserID, s.At)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, reporting.ErrRepeated)
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE nudge_weeks SET nothing_why = $3, nothing_by = $4, nothing_at = $5,
			snoozed_to = $6, snoozed_by = $7, snoozed_why = $8, version = version + 1 WHERE body_id = $1 AND week = $2`,
		w.BodyID, w.Week.String(), w.NothingWhy, w.NothingBy, w.NothingAt, w.SnoozedTo.String(), w.SnoozedBy, w.SnoozedWhy)
	if err != nil {
		return err
	}
	if err := record(ctx, tx, c.Event); err != nil {
		return err
	}
	if _, err := db.plan(ctx, tx, c.Messages); err != nil {
		return err
	}
	return db.retell(ctx, tx, news{w.BodyID: {c.Note}})
}

// SeenOf returns who acknowledged a body's nudge of a week, the first first.
func (db *DB) SeenOf(ctx context.Context, body string, w reporting.Week) ([]reporting.Seen, error) {
	out, err := all(ctx, hot{db}, seenFields, `SELECT body_id, week, user_id, at FROM nudge_seen
		WHERE body_id = $1 AND week = $2 ORDER BY at, user_id`, body, w.String())
	return out, fault("read who saw", err)
}

func seenFields(s *reporting.Seen) []any { return []any{&s.BodyID, (*week)(&s.Week), &s.UserID, &s.At} }

// NudgeWeeks returns the weeks of all bodies from a week on, the newest first,
// then by body.
func (db *DB) NudgeWeeks(ctx context.Context, from reporting.Week) ([]reporting.NudgeWeek, error) {
	out, err := all(ctx, hot{db}, nudgeWeekFields, `SELECT `+nudgeWeekColumns+` FROM nudge_weeks
		WHERE week >= $1 ORDER BY week DESC, body_id`, from.String())
	return out, fault("read weeks", err)
}

// WeeksOf returns the last n weeks of a body, the newest first.
func (db *DB) WeeksOf(ctx context.Context, body string, n int) ([]reporting.NudgeWeek, error) {
	out, err := all(ctx, hot{db}, nudgeWeekFields, `SELECT `+nudgeWeekColumns+` FROM nudge_weeks
		WHERE body_id = $1 ORDER BY week DESC LIMIT $2`, body, n)
	return out, fault("read weeks of a body", err)
}

// SeenIn returns who acknowledged the nudges of a week, by body, the first first.
func (db *DB) SeenIn(ctx context.Context, w reporting.Week) ([]reporting.Seen, error) {
	out, err := all(ctx, hot{db}, seenFields, `SELECT body_id, week, user_id, at FROM nudge_seen
		WHERE week = $1 ORDER BY body_id, at, user_id`, w.String())
	return out, fault("read who saw", err)
}
