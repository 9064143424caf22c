package commands

import (
	"context"

	"github.com/mouhua/mouhua/reporting"
)

// diary keeps the weeks of bodies, the newest first.
type diary struct {
	weeks map[string][]reporting.NudgeWeek
}

func (d *diary) WeeksOf(_ context.Context, body string, n int) ([]reporting.NudgeWeek, error) {
	return d.weeks[body][:min(n, len(d.weeks[body]))], nil
}
