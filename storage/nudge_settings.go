package storage

import (
	"context"
	"database/sql/driver"
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

// SaveNudgeSetting writes what a body has set for its nudge, with its event and
// the message to its channel; the setting has the version that was there, 0 for
// the first. Errors: Conflict when it was changed meanwhile (err.nudge.changed);
// ErrRepeated.
func (db *DB) SaveNudgeSetting(ctx context.Context, once string, c reporting.NudgeChange) error {
	return db.writeDirectory(ctx, "save nudge setting", func(tx *sqlx.Tx) error {
		s := c.Setting
		if err := db.remember(ctx, tx, once, s.BodyID); err != nil {
			return err
		}
		tail := `ON CONFLICT (body_id) DO NOTHING`
		if s.Version > 0 {
			tail = `ON CONFLICT (body_id) DO UPDATE SET ` + overwrite(nudgeSettingColumns) + ` WHERE nudge_settings.version = excluded.version - 1`
		}
		s.Version++
		query, args := insertion("nudge_settings", nudgeSettingColumns, tail, [][]any{nudgeSettingFields(&s)})
		res, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			return reporting.Fail(reporting.Conflict, "err.nudge.changed")
		}
		if err := record(ctx, tx, c.Event); err != nil {
			return err
		}
		_, err = db.plan(ctx, tx, []reporting.Message{c.Message})
		return err
	})
}
