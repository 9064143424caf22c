package commands

import (
	"context"
	"fmt"

	"github.com/mouhua/mouhua/reporting"
)

// NudgeWeeks reads what the nudges of weeks asked for and what came of it.
type NudgeWeeks interface {
	// WeeksOf returns the last n weeks of a body, the newest first.
	WeeksOf(ctx context.Context, body string, n int) ([]reporting.NudgeWeek, error)
	// SeenOf returns who acknowledged a body's nudge of a week, the first first.
	SeenOf(ctx context.Context, body string, w reporting.Week) ([]reporting.Seen, error)
	// NudgeNotes returns what the answer of a minute tells of the history of a nudge.
	NudgeNotes(ctx context.Context, body string, w reporting.Week, minute string) ([]reporting.NudgeNote, error)
	// ChangeWeek lets decide do something with the newest week of a body, the zero week
	// where it has had no nudge, and writes it with its event, messages and an edit.
	ChangeWeek(ctx context.Context, once, body string, decide func(w reporting.NudgeWeek) (reporting.WeekChange, error)) error
}

// rowWeeks is how many weeks are read to count those that were missed in a row:
// more than a year has.
const rowWeeks = 60

// weeksBefore returns a body's weeks before one, the newest first.
func (a *App) weeksBefore(c *call, body string, week reporting.Week) ([]reporting.NudgeWeek, error) {
	weeks, err := a.store.WeeksOf(c.ctx, body, rowWeeks)
	if err != nil {
		return nil, fmt.Errorf("read weeks: %w", err)
	}
	for len(weeks) > 0 && weeks[0].Week.String() >= week.String() {
		weeks = weeks[1:]
	}
	return weeks, nil
}
