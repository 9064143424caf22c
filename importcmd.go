package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

// importActor stands for whoever runs the command, in the audit trail.
const importActor = "mouhua import"

type importCmd struct {
	Kind   string `arg:"" enum:"bodies,quotas,people,projects" help:"What the file holds: bodies, quotas, people or projects."`
	File   string `arg:"" help:"CSV file in UTF-8; docs/files.md has the columns."`
	DryRun bool   `help:"Check and count, write nothing."`
}

// Run imports the file, or names everything that is wrong with it.
func (c importCmd) Run(ctx context.Context, p *program) error {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	words, err := commands.NewWords()
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer release(file)
	load, err := readFile(c.Kind, file)
	var faults exchange.Faults
	if errors.As(err, &faults) {
		return tellFaults(p.stderr, words, cfg.Locale, c.File, faults)
	}
	if err != nil {
		return err
	}
	db, err := openStorage(ctx, cfg, p.log(slog.LevelWarn), clockIn(cfg))
	if err != nil {
		return err
	}
	defer release(db)
	if err := current(ctx, db); err != nil {
		return err
	}
	sum, err := load(ctx, db, importActor, c.DryRun)
	if errors.As(err, &faults) {
		return tellFaults(p.stderr, words, cfg.Locale, c.File, faults)
	}
	if err != nil {
		return fmt.Errorf("import %s: %w", c.Kind, err)
	}
	note := ""
	if c.DryRun {
		note = " (dry run)"
	}
	fmt.Fprintf(p.stdout, "%s: %d new, %d changed, %d unchanged%s\n", c.Kind, sum.New, sum.Changed, sum.Unchanged, note)
	return nil
}

// tellFaults prints a line for every fault.
func tellFaults(w io.Writer, words *commands.Words, l reporting.Locale, name string, faults exchange.Faults) error {
	for _, f := range faults {
		text, _ := words.Explain(l, f.Err(), "")
		if f.Column != "" {
			text = "column " + f.Column + ": " + text
		}
		fmt.Fprintf(w, "line %d: %s\n", f.Line, text)
	}
	count := fmt.Sprintf("%d faults", len(faults))
	switch len(faults) {
	case 1:
		count = "one fault"
	case exchange.MaxFaults:
		count += " or more"
	}
	return fmt.Errorf("nothing was imported: %s has %s", name, count)
}

// load writes the rows of a file; a row that refers to what is not there comes
// back as exchange.Faults.
type load func(ctx context.Context, db *storage.DB, actor string, dryRun bool) (storage.Summary, error)

// readFile reads a file of a kind. Errors: exchange.Faults.
func readFile(kind string, r io.Reader) (load, error) {
	switch kind {
	case "bodies":
		return loader(exchange.Bodies, (*storage.DB).ImportBodies)(r)
	case "quotas":
		return loader(exchange.Quotas, (*storage.DB).ImportQuotas)(r)
	case "people":
		return loader(exchange.People, (*storage.DB).ImportPeople)(r)
	case "projects":
		return loader(exchange.Projects, (*storage.DB).ImportProjects)(r)
	}
	return nil, fmt.Errorf("there is no kind %s", kind)
}

func loader[T any](read func(io.Reader) (exchange.Table[T], error),
	write func(*storage.DB, context.Context, []T, string, bool) (storage.Summary, error)) func(io.Reader) (load, error) {
	return func(r io.Reader) (load, error) {
		table, err := read(r)
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context, db *storage.DB, actor string, dryRun bool) (storage.Summary, error) {
			sum, err := write(db, ctx, table.Rows, actor, dryRun)
			return sum, faultOfRow(err, table.Line)
		}, nil
	}
}

// faultOfRow turns storage's complaint about a row (its index is in the error's
// arguments) into a fault of that row's line.
func faultOfRow(err error, line func(row int) int) error {
	var e *reporting.Error
	if !errors.As(err, &e) {
		return err
	}
	row, ok := e.Args["row"].(int)
	if !ok {
		return err
	}
	column, _ := e.Args["column"].(string)
	args := map[string]any{"line": line(row), "column": column}
	for k, v := range e.Args {
		args[k] = v
	}
	return exchange.Faults{{Line: line(row), Column: column, Key: e.Key, Args: args}}
}
