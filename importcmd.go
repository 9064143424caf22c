package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

// importActor stands for whoever runs the command, in the audit trail.
const importActor = "mouhua import"

type importCmd struct {
	Kind   string `arg:"" enum:"bodies,quotas,people,projects,calendar" help:"What the file holds: bodies, quotas, people, projects, or a calendar of working days."`
	File   string `arg:"" help:"CSV file in UTF-8, or a spreadsheet (XLSX); for a calendar an iCalendar file (.ics). docs/files.md has the forms."`
	DryRun bool   `help:"Check and count, write nothing."`
}

// Run imports the file, or names everything that is wrong with it; a dry run
// also counts what is right.
func (c importCmd) Run(ctx context.Context, p *program) error {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	words, err := commands.NewWords()
	if err != nil {
		return err
	}
	if c.Kind == "calendar" {
		return c.calendar(ctx, p, cfg, words)
	}
	tell := func(faults exchange.Faults) error { return tellFaults(p.stderr, words, cfg.Locale, c.File, faults) }
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer release(file)
	sum, faults, err := importFile(c.Kind, file, c.DryRun, func(rows rows) (storage.Summary, error) { return c.load(ctx, p, cfg, rows) })
	if err != nil {
		if len(faults) > 0 {
			return errors.Join(tell(faults), err)
		}
		return err
	}
	if sum.checked && (c.DryRun || len(faults) == 0) {
		fmt.Fprintf(p.stdout, "%s: %s\n", c.Kind, c.counted(sum.Summary, faults))
	}
	if len(faults) > 0 {
		return tell(faults)
	}
	return nil
}

// load imports rows that are in order. Errors: exchange.Faults for rows that
// refer to what is not there.
func (c importCmd) load(ctx context.Context, p *program, cfg Config, rows rows) (storage.Summary, error) {
	now := p.clock(cfg)
	said := &progress{to: p.stderr, kind: c.Kind, now: now, due: now().Add(quiet)}
	db, err := openStorage(ctx, cfg, p.log(slog.LevelWarn), now)
	if err != nil {
		return storage.Summary{}, err
	}
	defer release(db)
	if err := current(ctx, db); err != nil {
		return storage.Summary{}, err
	}
	sum, err := rows.load(ctx, db, importActor, c.DryRun, storage.Telling(said.tell))
	var faults exchange.Faults
	if err != nil && !errors.As(err, &faults) {
		err = fmt.Errorf("import %s: %w", c.Kind, err)
	}
	return sum, err
}

// counted says what an import did or would do.
func (c importCmd) counted(sum storage.Summary, faults exchange.Faults) string {
	s := fmt.Sprintf("%d new, %d changed, %d unchanged", sum.New, sum.Changed, sum.Unchanged)
	lines := map[int]bool{}
	for _, f := range faults {
		lines[f.Line] = true
	}
	if len(lines) > 0 {
		s += fmt.Sprintf(", %d refused", len(lines))
	}
	if c.DryRun {
		s += " (dry run)"
	}
	return s
}

// quiet is how long an import says nothing.
const quiet = 2 * time.Second

// progress says how far a long import has come.
type progress struct {
	to   io.Writer
	kind string
	now  func() time.Time
	due  time.Time // when something is said next
}

func (p *progress) tell(done, total int) {
	if now := p.now(); !now.Before(p.due) {
		p.due = now.Add(quiet)
		fmt.Fprintf(p.to, "%s: %d of %d rows\n", p.kind, done, total)
	}
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
	}
	if len(faults) >= exchange.MaxFaults {
		count += " or more"
	}
	return fmt.Errorf("nothing was imported: %s has %s", name, count)
}
