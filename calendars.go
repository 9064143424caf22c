package main

import (
	"context"
	"embed"
	"fmt"
	"path"

	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

//go:embed calendars/*.ics
var calendarFiles embed.FS

// shippedBy stands for the program, as who imported the calendars that it
// brings along.
const shippedBy = "mouhua"

// shippedCalendars returns the years of the State Council's holidays that the
// program brings along, with the notices that they follow.
func shippedCalendars() ([]reporting.CalendarYear, error) {
	files, err := calendarFiles.ReadDir("calendars")
	if err != nil {
		return nil, err
	}
	var out []reporting.CalendarYear
	for _, f := range files {
		content, err := calendarFiles.ReadFile(path.Join("calendars", f.Name()))
		if err != nil {
			return nil, err
		}
		h, err := exchange.Calendar(content)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f.Name(), err)
		}
		out = append(out, h.Years...)
	}
	return out, nil
}

// migrate brings the schema up to date, and the calendars of years that the
// database does not know, and returns what it applied.
func migrate(ctx context.Context, db *storage.DB) ([]string, error) {
	applied, err := db.Migrate(ctx)
	if err != nil {
		return applied, fmt.Errorf("migrate: %w", err)
	}
	added, err := shipCalendars(ctx, db)
	if err != nil {
		return applied, fmt.Errorf("add calendars: %w", err)
	}
	for _, year := range added {
		applied = append(applied, fmt.Sprintf("calendar of %d", year))
	}
	return applied, nil
}

// shipCalendars adds those years that the database has no version of, and
// returns them.
func shipCalendars(ctx context.Context, db *storage.DB) ([]int, error) {
	shipped, err := shippedCalendars()
	if err != nil {
		return nil, err
	}
	list, err := db.Bodies(ctx)
	if err != nil {
		return nil, err
	}
	missing := func(c *reporting.Calendar) []reporting.CalendarYear {
		var out []reporting.CalendarYear
		for _, y := range shipped {
			if !c.Covers(y.Year) {
				out = append(out, y)
			}
		}
		return out
	}
	if len(missing(list.Calendar)) == 0 {
		return nil, nil
	}
	done, err := db.ImportCalendar(ctx, "", func(known []reporting.CalendarYear, at int64) (reporting.CalendarImport, []reporting.Event, error) {
		plan, events := reporting.PlanCalendar(missing(reporting.NewCalendar(known)), known, shippedBy, at)
		return plan, events, nil
	})
	var years []int
	for _, c := range done.Changes {
		years = append(years, c.New.Year)
	}
	return years, err
}
