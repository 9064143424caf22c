package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

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

// Calendars returns every version of every year, the oldest first.
func (db *DB) Calendars(ctx context.Context) ([]reporting.CalendarYear, error) {
	var out []reporting.CalendarYear
	err := db.read(ctx, "read calendars", func(tx *sqlx.Tx) (err error) {
		out, err = readCalendars(ctx, tx)
		return err
	})
	return out, err
}

// ImportCalendar lets decide plan new versions from all that are known and
// writes those, with their events, in one transaction; at is now (UTC ms). Of
// two at the same time, the second sees what the first wrote. Nothing is
// written when nothing changes. decide may run more than once; its error comes
// back untouched. Errors: ErrRepeated, beside what is known then.
func (db *DB) ImportCalendar(ctx context.Context, once string,
	decide func(known []reporting.CalendarYear, at int64) (reporting.CalendarImport, []reporting.Event, error),
) (reporting.CalendarImport, error) {
	var out reporting.CalendarImport
	defer db.generation.Add(1)
	err := db.write(ctx, "import calendar", func(tx *sqlx.Tx) error {
		if err := db.remember(ctx, tx, once, "calendar"); err != nil {
			return err
		}
		// First of all: on the counter's row, imports wait for one another.
		if err := raiseRevision(ctx, tx); err != nil {
			return err
		}
		known, err := readCalendars(ctx, tx)
		if err != nil {
			return err
		}
		plan, events, err := decide(known, db.now())
		if err != nil {
			return verdict{err}
		}
		out = plan
		for _, c := range plan.Changes {
			if err := writeCalendar(ctx, tx, c.New); err != nil {
				return err
			}
		}
		return record(ctx, tx, events...)
	})
	return out, err
}

func writeCalendar(ctx context.Context, tx *sqlx.Tx, y reporting.CalendarYear) error {
	err := insert(ctx, tx, "calendar_years", "year, version, source, imported_by, imported_at", "",
		[][]any{{y.Year, y.Version, y.Source, y.ImportedBy, y.ImportedAt}})
	if err != nil {
		return err
	}
	var rows [][]any
	for _, h := range y.Days {
		working := 0
		if h.Working {
			working = 1
		}
		rows = append(rows, []any{y.Year, y.Version, (*day)(&h.Day), working, h.Name})
	}
	return insert(ctx, tx, "calendar_days", "year, version, day, working, name", "", rows)
}
