package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// calendarDay is a day of a version of a year.
type calendarDay struct {
	year, version int
	reporting.Holiday
}

// readCalendars returns every version of every year, the oldest first.
func readCalendars(ctx context.Context, q querier) ([]reporting.CalendarYear, error) {
	years, err := all(ctx, q, func(y *reporting.CalendarYear) []any {
		return []any{&y.Year, &y.Version, &y.Source, &y.ImportedBy, &y.ImportedAt}
	}, `SELECT year, version, source, imported_by, imported_at FROM calendar_years ORDER BY year, version`)
	if err != nil {
		return nil, fmt.Errorf("read calendars: %w", err)
	}
	days, err := all(ctx, q, func(d *calendarDay) []any {
		return []any{&d.year, &d.version, (*day)(&d.Day), &d.Working, &d.Name}
	}, `SELECT year, version, day, working, name FROM calendar_days ORDER BY year, version, day`)
	if err != nil {
		return nil, fmt.Errorf("read days of calendars: %w", err)
	}
	for _, d := range days {
		i := slices.IndexFunc(years, func(y reporting.CalendarYear) bool { return y.Year == d.year && y.Version == d.version })
		if i >= 0 {
			years[i].Days = append(years[i].Days, d.Holiday)
		}
	}
	return years, nil
}
