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
