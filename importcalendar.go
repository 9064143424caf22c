package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/reporting"
)

// calendar imports an iCalendar file of working days, and says by what it
// differs from what was known.
func (c importCmd) calendar(ctx context.Context, p *program, cfg Config, words *commands.Words) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer release(file)
	content, err := io.ReadAll(io.LimitReader(file, exchange.MaxCalendar+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", c.File, err)
	}
	read, err := exchange.Calendar(content)
	var faults exchange.Faults
	if errors.As(err, &faults) {
		return tellFaults(p.stderr, words, cfg.Locale, c.File, faults)
	}
	if err != nil {
		return err
	}
	for i := range read.Years {
		read.Years[i].Source = cmp.Or(read.Years[i].Source, filepath.Base(c.File))
	}
	now := p.clock(cfg)
	if err := reporting.CheckCalendarYears(read.Years, reporting.DateOf(now())); err != nil {
		text, _ := words.Explain(cfg.Locale, err, "")
		return fmt.Errorf("nothing was imported: %s", text)
	}
	db, err := openStorage(ctx, cfg, p.log(slog.LevelWarn), now)
	if err != nil {
		return err
	}
	defer release(db)
	if err := current(ctx, db); err != nil {
		return err
	}
	plan := func(known []reporting.CalendarYear, at int64) (reporting.CalendarImport, []reporting.Event, error) {
		plan, events := reporting.PlanCalendar(read.Years, known, importActor, at)
		return plan, events, nil
	}
	var done reporting.CalendarImport
	if c.DryRun {
		known, err := db.Calendars(ctx)
		if err != nil {
			return err
		}
		done, _, _ = plan(known, now().UnixMilli()) // it has no error
	} else if done, err = db.ImportCalendar(ctx, "", plan); err != nil {
		return fmt.Errorf("import calendar: %w", err)
	}
	c.tellCalendar(p, done, read.Skipped)
	return nil
}

// tellCalendar prints what an import did or would do: a line for each year, and
// one for all days in a row that differ from the version before.
func (c importCmd) tellCalendar(p *program, done reporting.CalendarImport, skipped int) {
	dry := ""
	if c.DryRun {
		dry = " (dry run)"
	}
	for _, change := range done.Changes {
		off, working := change.New.Count()
		fmt.Fprintf(p.stdout, "calendar %d: version %d, %d days off, %d make-up working days%s\n", change.New.Year, change.New.Version, off, working, dry)
		fresh, gone := change.Diff()
		tellSpans(p.stdout, "+", fresh)
		tellSpans(p.stdout, "-", gone)
		if !change.New.MakeUp() {
			fmt.Fprintf(p.stderr, "calendar %d has no make-up working day, which nearly every notice has: is it one of festivals only?\n", change.New.Year)
		}
	}
	for _, year := range done.Same {
		fmt.Fprintf(p.stdout, "calendar %d: unchanged%s\n", year, dry)
	}
	if len(done.LeftOut) > 0 {
		fmt.Fprintln(p.stderr, "left out, since nothing else of the year is known:")
		tellSpans(p.stderr, " ", done.LeftOut)
	}
	if skipped > 0 {
		fmt.Fprintf(p.stderr, "left out: %d festivals, neither off nor made up for\n", skipped)
	}
}

func tellSpans(w io.Writer, sign string, days []reporting.Holiday) {
	for _, s := range reporting.Spans(days) {
		what := "off"
		if s.Working {
			what = "working"
		}
		until := ""
		if s.From != s.To {
			until = " to " + s.To.String()
		}
		fmt.Fprintf(w, "  %s %s%s %s %s\n", sign, s.From, until, what, s.Name)
	}
}
