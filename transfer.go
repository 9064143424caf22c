package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/mouhua/mouhua/bot"
	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

// transfer is files in and out of a database, for whoever asks in Slack.
type transfer struct{ db *storage.DB }

// Kinds is as commands.Exchange says.
func (t transfer) Kinds(content []byte) []string { return exchange.Kinds(content) }

// Import is as commands.Exchange says.
func (t transfer) Import(ctx context.Context, content []byte, o commands.ImportOrder) (commands.Imported, error) {
	sum, faults, err := importFile(o.Kind, bytes.NewReader(content), o.Dry, func(rows rows) (storage.Summary, error) {
		return rows.load(ctx, t.db, o.Actor, o.Dry, storage.Once(o.Once), storage.Telling(o.Tell))
	})
	if err != nil {
		return commands.Imported{}, err
	}
	out := commands.Imported{New: sum.New, Changed: sum.Changed, Unchanged: sum.Unchanged}
	for _, f := range faults {
		out.Faults = append(out.Faults, commands.RowFault{Line: f.Line, Column: f.Column, Err: f.Err()})
	}
	return out, nil
}

// Calendar is as commands.Exchange says.
func (t transfer) Calendar(_ context.Context, content []byte) (commands.CalendarFile, error) {
	read, err := exchange.Calendar(content)
	var faults exchange.Faults
	if err != nil && !errors.As(err, &faults) {
		return commands.CalendarFile{}, err
	}
	out := commands.CalendarFile{Years: read.Years, Skipped: read.Skipped}
	for _, f := range faults {
		out.Faults = append(out.Faults, commands.RowFault{Line: f.Line, Err: f.Err()})
	}
	return out, nil
}

// ExportProjects is as commands.Exchange says.
func (t transfer) ExportProjects(ctx context.Context, w io.Writer, f reporting.ProjectFilter, shown func(reporting.Project) reporting.Project) error {
	return exchange.WriteProjects(w, exchange.XLSX, func(each func(reporting.Project) error) error {
		return t.db.ExportListed(ctx, f, func(p reporting.Project) error { return each(shown(p)) })
	})
}

// WritePaper is as commands.Exchange says.
func (t transfer) WritePaper(w io.Writer, p reporting.Paper, format string) error {
	if format == "docx" {
		return exchange.WriteDOCX(w, p)
	}
	return exchange.WriteXLSX(w, p)
}

// uploads reads what people have uploaded through the bot, which is made after
// the App that asks for it.
type uploads struct{ bot **bot.Bot }

// File is as commands.Files says.
func (u uploads) File(ctx context.Context, id string) (commands.File, error) {
	return (*u.bot).File(ctx, id)
}

// Content is as commands.Files says.
func (u uploads) Content(ctx context.Context, f commands.File) ([]byte, error) {
	return (*u.bot).Content(ctx, f)
}

// checked is what an import counted; checked is false when the file had faults
// that left nothing to count.
type checked struct {
	storage.Summary
	checked bool
}

// importFile reads a file of a kind and loads its rows. A file with faults is
// loaded by a dry run only, which finds what else is wrong. Errors: what reading
// or loading gave beside faults.
func importFile(kind string, file io.Reader, dryRun bool, load func(rows) (storage.Summary, error)) (checked, exchange.Faults, error) {
	rows, err := readFile(kind, file)
	var faults, refused exchange.Faults
	switch {
	case errors.As(err, &faults) && (!dryRun || rows.count == 0):
		return checked{}, faults, nil
	case err != nil && faults == nil:
		return checked{}, nil, err
	}
	sum, err := load(rows)
	if err != nil && !errors.As(err, &refused) {
		return checked{}, faults, err
	}
	faults = append(faults, refused...)
	slices.SortStableFunc(faults, func(a, b exchange.Fault) int { return cmp.Compare(a.Line, b.Line) })
	return checked{sum, true}, faults, nil
}

// rows are the rows of a file, whatever their kind.
type rows struct {
	count int
	// load writes them; rows that refer to what is not there come back as
	// exchange.Faults.
	load func(ctx context.Context, db *storage.DB, actor string, dryRun bool, opts ...storage.ImportOption) (storage.Summary, error)
}

// readFile reads a file of a kind. Errors: exchange.Faults, beside the rows
// without any.
func readFile(kind string, r io.Reader) (rows, error) {
	switch kind {
	case "bodies":
		return rowsOf(r, exchange.Bodies, (*storage.DB).ImportBodies)
	case "quotas":
		return rowsOf(r, exchange.Quotas, (*storage.DB).ImportQuotas)
	case "people":
		return rowsOf(r, exchange.People, (*storage.DB).ImportPeople)
	case "projects":
		return rowsOf(r, exchange.Projects, (*storage.DB).ImportProjects)
	}
	return rows{}, fmt.Errorf("there is no kind %s", kind)
}

func rowsOf[T any](r io.Reader, read func(io.Reader) (exchange.Table[T], error),
	write func(*storage.DB, context.Context, []T, string, bool, ...storage.ImportOption) (storage.Summary, error)) (rows, error) {
	table, err := read(r)
	return rows{len(table.Rows), func(ctx context.Context, db *storage.DB, actor string, dryRun bool, opts ...storage.ImportOption) (storage.Summary, error) {
		sum, err := write(db, ctx, table.Rows, actor, dryRun, opts...)
		return sum, faultsOfRows(err, table.Line)
	}}, err
}

// faultsOfRows turns storage's complaints about rows (their index is in the
// errors' arguments) into faults of their lines.
func faultsOfRows(err error, line func(row int) int) error {
	all := []error{err}
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		all = joined.Unwrap()
	}
	var faults exchange.Faults
	for _, one := range all {
		var e *reporting.Error
		if !errors.As(one, &e) {
			return err
		}
		row, ok := e.Args["row"].(int)
		if !ok {
			return err
		}
		args := map[string]any{"line": line(row), "column": ""}
		maps.Copy(args, e.Args)
		faults = append(faults, exchange.Fault{Line: line(row), Column: args["column"].(string), Key: e.Key, Args: args})
	}
	return faults
}
