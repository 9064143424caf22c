package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

type exportCmd struct {
	Kind   string `arg:"" enum:"bodies,quotas,people,projects,calendar" help:"What to export: bodies, quotas, people, projects, or a calendar of working days (an iCalendar file)."`
	Year   int    `help:"Only the quotas or projects of this plan year; of a calendar, its year."`
	Format string `enum:"csv,xlsx," default:"" help:"csv or xlsx (default: as FILE ends, else csv)."`
	Output string `short:"o" placeholder:"FILE" help:"Write to FILE, which is there whole or not at all; else to standard output."`
}

// Run writes the file.
func (c exportCmd) Run(ctx context.Context, p *program) error {
	format := exchange.Format(c.Format)
	switch {
	case format == "" && strings.EqualFold(filepath.Ext(c.Output), ".xlsx"):
		format = exchange.XLSX
	case format == "":
		format = exchange.CSV
	}
	switch {
	case c.Kind == "calendar" && (c.Year == 0 || c.Format != ""):
		return usageError{errors.New("a calendar is that of one -year, and has one form")}
	case c.Kind == "calendar":
	case c.Year != 0 && c.Kind != "quotas" && c.Kind != "projects":
		return usageError{errors.New("-year is for quotas and projects")}
	case format == exchange.XLSX && c.Output == "" && terminal(p.stdout):
		return usageError{errors.New("a spreadsheet is nothing for a terminal: name a file with -o")}
	}
	cfg, err := p.config()
	if err != nil {
		return err
	}
	db, err := openStorage(ctx, cfg, p.log(slog.LevelWarn), p.clock(cfg))
	if err != nil {
		return err
	}
	defer release(db)
	if err := current(ctx, db); err != nil {
		return err
	}
	if c.Output == "" {
		_, err := c.write(ctx, db, format, p.stdout)
		return err
	}
	var n int
	err = writeWhole(c.Output, func(w io.Writer) (err error) {
		n, err = c.write(ctx, db, format, w)
		return err
	})
	if err == nil {
		fmt.Fprintf(p.stdout, "%s: %d rows in %s\n", c.Kind, n, c.Output)
	}
	return err
}

// write writes the rows and returns how many there are.
func (c exportCmd) write(ctx context.Context, db *storage.DB, f exchange.Format, w io.Writer) (n int, err error) {
	switch c.Kind {
	case "bodies":
		err = exchange.WriteBodies(w, f, counting(&n, func(each func(reporting.Body) error) error { return db.ExportBodies(ctx, each) }))
	case "quotas":
		err = exchange.WriteQuotas(w, f, counting(&n, func(each func(reporting.Quota) error) error { return db.ExportQuotas(ctx, c.Year, each) }))
	case "people":
		err = exchange.WritePeople(w, f, counting(&n, func(each func(reporting.Person) error) error { return db.ExportPeople(ctx, each) }))
	case "calendar":
		n, err = c.writeCalendar(ctx, db, w)
	case "projects":
		err = exchange.WriteProjects(w, f, counting(&n, func(each func(reporting.Project) error) error { return db.ExportProjects(ctx, c.Year, each) }))
	}
	if err != nil {
		err = fmt.Errorf("export %s: %w", c.Kind, err)
	}
	return n, err
}

func counting[T any](n *int, rows exchange.Rows[T]) exchange.Rows[T] {
	return func(each func(T) error) error {
		return rows(func(v T) error {
			*n++
			return each(v)
		})
	}
}

// writeWhole writes a file beside its place and puts it there once it is
// whole. Only its owner may read it: projects are not public.
func writeWhole(path string, write func(w io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0) // a device or a pipe has no place to be put
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// terminal reports whether somebody reads what is written to w.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// writeCalendar writes the newest version of a year and returns how many days
// it names.
func (c exportCmd) writeCalendar(ctx context.Context, db *storage.DB, w io.Writer) (int, error) {
	known, err := db.Calendars(ctx)
	if err != nil {
		return 0, err
	}
	var newest reporting.CalendarYear
	for _, y := range known { // versions are in order
		if y.Year == c.Year {
			newest = y
		}
	}
	if newest.Version == 0 {
		return 0, fmt.Errorf("the holidays of %d are not known", c.Year)
	}
	return len(newest.Days), exchange.WriteCalendar(w, newest)
}
