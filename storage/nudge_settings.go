package storage

import (
	"context"
	"fmt"

	"github.com/mouhua/mouhua/reporting"
)

const nudgeSettingColumns = `body_id, weekday, clock, zone, locale, paused_until, paused_by, pause_reason, version`

func nudgeSettingFields(s *reporting.NudgeSetting) []any {
	return []any{&s.BodyID, &s.Weekday, &s.Time, &s.Zone, &s.Locale, (*day)(&s.PausedUntil), &s.PausedBy, &s.PauseReason, &s.Version}
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
