package storage

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// anyWeek is a week that may be none: "".
type anyWeek reporting.Week

// Scan reads the text form.
func (w *anyWeek) Scan(src any) error {
	s, err := text(src)
	if err != nil || s == "" {
		*w = anyWeek{}
		return err
	}
	return (*week)(w).Scan(s)
}

// Value writes the text form.
func (w *anyWeek) Value() (driver.Value, error) {
	if *w == (anyWeek{}) {
		return "", nil
	}
	return (*week)(w).Value()
}

const nudgeSettingColumns = `body_id, weekday, clock, zone, locale, paused_until, paused_by, pause_reason, since_week, since_at, version`

func nudgeSettingFields(s *reporting.NudgeSetting) []any {
	return []any{
		&s.BodyID, &s.Weekday, &s.Time, &s.Zone, &s.Locale, (*day)(&s.PausedUntil), &s.PausedBy, &s.PauseReason,
		(*anyWeek)(&s.Since), &s.SinceAt, &s.Version,
	}
}

// readNudgeSettings returns what bodies have set for their nudges, by body.
func readNudgeSettings(ctx context.Context, q querier) (map[string]reporting.NudgeSetting, error) {
	rows, err := all(ctx, q, nudgeSettingFields, `SELECT `+nudgeSettingColumns+` FROM nudge_settings`)
	if err != nil {
		return nil, fmt.Errorf("read nudge settings: %w", err)
	}
	out := make(map[string]reporting.NudgeSetting, len(rows))
	for _, s := range rows {
		out[s.BodyID] = s
	}
	return out, nil
}

// ChangeNudge reads what a body has set for its nudge, lets decide make the
// change and writes it with its event and the message to its channel. It returns
// the setting as it then is; a repeated once gives it with ErrRepeated. Errors:
// NotFound without such a body; those of decide, untouched. decide may run more
// than once.
func (db *DB) ChangeNudge(ctx context.Context, once, body string, decide func(reporting.NudgeSetting) (reporting.NudgeChange, error)) (reporting.NudgeSetting, error) {
	var s reporting.NudgeSetting
	err := db.writeDirectory(ctx, "change nudge", func(tx *sqlx.Tx) (err error) {
		if err := db.remember(ctx, tx, once, body); err != nil {
			return err
		}
		if _, err := bodyOfBook(ctx, tx, body, db.dialect.forUpdate); err != nil {
			return err
		}
		if s, err = nudgeSettingOf(ctx, tx, body); err != nil {
			return err
		}
		c, err := decide(s)
		if err != nil {
			return verdict{err}
		}
		s = c.Setting
		s.Version++
		query, args := insertion("nudge_settings", nudgeSettingColumns, `ON CONFLICT (body_id) DO UPDATE SET `+overwrite(nudgeSettingColumns), [][]any{nudgeSettingFields(&s)})
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("write nudge setting: %w", err)
		}
		if err := record(ctx, tx, c.Event); err != nil {
			return err
		}
		_, err = db.plan(ctx, tx, []reporting.Message{c.Message})
		return err
	})
	if errors.Is(err, reporting.ErrRepeated) {
		present, readErr := nudgeSettingOf(ctx, db.pool, body)
		return present, cmp.Or(fault("change nudge", readErr), err)
	}
	return s, err
}

// nudgeSettingOf returns what a body has set, the zero setting of it when that
// is nothing.
func nudgeSettingOf(ctx context.Context, q querier, body string) (reporting.NudgeSetting, error) {
	s, err := one(ctx, q, nudgeSettingFields, `SELECT `+nudgeSettingColumns+` FROM nudge_settings WHERE body_id = $1`, body)
	if errors.Is(err, sql.ErrNoRows) {
		return reporting.NudgeSetting{BodyID: body}, nil
	}
	return s, err
}
