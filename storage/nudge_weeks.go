package storage

import (
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
	if _, err := db.execHot(ctx, tx, query, args...); err != nil {
		return fmt.Errorf("open week: %w", err)
	}
	return nil
}

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
	fields := func(s *reporting.Seen) []any { return []any{&s.BodyID, (*week)(&s.Week), &s.UserID, &s.At} }
	out, err := all(ctx, hot{db}, fields, `SELECT body_id, week, user_id, at FROM nudge_seen
		WHERE week = $1 ORDER BY body_id, at, user_id`, w.String())
	return out, fault("read who saw", err)
}
