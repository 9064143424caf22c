package exchange

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/mouhua/mouhua/reporting"
)

// kind is how one kind of file becomes values, and values a file.
type kind[T any] struct {
	sheet
	columns []column[T]
	// keys are what may occur once in a file.
	keys []key[T]
	// check looks at a whole row whose cells were all right.
	check func(v *T) (column string, fault *reporting.Error)
}

// column is one column of a file.
type column[T any] struct {
	name     string
	optional bool // may be absent, and its cells empty
	cell     cell[T]
}

// key is what may occur once in a file; of returns "" for a row without one.
type key[T any] struct {
	column string // that a fault names
	of     func(v *T) string
}

// reader reads one file.
type reader[T any] struct {
	kind   kind[T]
	in     source
	at     map[string]int // position of each column that is there
	seen   []map[string]int
	out    Table[T]
	faults Faults
}

func read[T any](in io.Reader, k kind[T]) (Table[T], error) {
	r := &reader[T]{kind: k, seen: make([]map[string]int, len(k.keys))}
	for i := range r.seen {
		r.seen[i] = map[string]int{}
	}
	var err error
	if r.in, err = open(in); err != nil {
		return Table[T]{}, r.unread(err)
	}
	defer r.in.close()
	if err := r.header(); err != nil {
		return Table[T]{}, err
	}
	for len(r.faults) < MaxFaults {
		record, err := r.record()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Table[T]{}, r.unread(err)
		}
		if record != nil {
			r.row(record)
		}
	}
	if len(r.faults) > 0 {
		return r.out, r.faults[:min(len(r.faults), MaxFaults)]
	}
	return r.out, nil
}

// record returns the next record with its cells as they were before export
// guarded them, or else trimmed; nil for one that cannot be
// used: broken, which is noted, or empty, as spreadsheets leave them at the end.
func (r *reader[T]) record() ([]string, error) {
	record, err := r.in.read()
	var broken *csv.ParseError
	if errors.As(err, &broken) {
		r.fault(broken.Line, "", "", invalid("err.import.csv"))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	empty := true
	for i, cell := range record {
		if !utf8.ValidString(cell) {
			r.fault(r.line(i), "", "", invalid("err.import.encoding"))
			return nil, nil
		}
		record[i] = unguarded(cell)
		empty = empty && record[i] == ""
	}
	if empty {
		return nil, nil
	}
	return record, nil
}

// unread returns why a file could not be read to its end.
func (r *reader[T]) unread(err error) error {
	if errors.Is(err, errWorkbook) {
		r.fault(1, "", "", invalid("err.import.workbook"))
		return r.faults
	}
	return fmt.Errorf("read file: %w", err)
}

// header reads the names of the columns. Without them no row can be read, so
// its faults are returned at once.
func (r *reader[T]) header() error {
	names, err := r.record()
	if errors.Is(err, io.EOF) || err == nil && names == nil && len(r.faults) == 0 {
		r.fault(1, "", "", invalid("err.import.empty"))
		return r.faults
	}
	if err != nil {
		return r.unread(err)
	}
	known := map[string]string{}
	for _, c := range r.kind.columns {
		known[c.name] = c.name
		known[headingKey(r.kind.headings[c.name].title)] = c.name
	}
	r.at = map[string]int{}
	for i, title := range names {
		name, ok := known[headingKey(title)]
		if !ok {
			name = strings.ToLower(title)
		}
		_, twice := r.at[name]
		switch {
		case !ok:
			r.fault(1, name, name, invalid("err.import.column_unknown"))
		case twice:
			r.fault(1, name, name, invalid("err.import.column_twice"))
		}
		r.at[name] = i
	}
	for _, c := range r.kind.columns {
		if _, ok := r.at[c.name]; !ok && !c.optional && names != nil {
			r.fault(1, c.name, "", invalid("err.import.column_missing"))
		}
	}
	if len(r.faults) > 0 {
		return r.faults[:min(len(r.faults), MaxFaults)]
	}
	return nil
}

func (r *reader[T]) row(record []string) {
	line := r.line(0)
	if len(record) != len(r.at) {
		r.fault(line, "", "", invalid("err.import.cells", "count", len(record), "want", len(r.at)))
		return
	}
	before := len(r.faults)
	var v T
	for _, c := range r.kind.columns {
		i, ok := r.at[c.name]
		if !ok {
			continue
		}
		cell := r.in.cell(record[i], c.cell.form)
		switch {
		case strings.TrimSpace(cell) != "":
			if e := c.cell.set(&v, cell); e != nil {
				r.fault(r.line(i), c.name, cell, e)
			}
		case !c.optional:
			r.fault(r.line(i), c.name, cell, invalid("err.import.required"))
		}
	}
	if len(r.faults) == before && r.kind.check != nil {
		if name, e := r.kind.check(&v); e != nil {
			r.fault(line, name, r.cell(record, name), e)
		}
	}
	r.duplicates(&v, line)
	if len(r.faults) > before {
		return
	}
	r.out.Rows, r.out.Lines = append(r.out.Rows, v), append(r.out.Lines, line)
}

func (r *reader[T]) duplicates(v *T, line int) {
	for i, k := range r.kind.keys {
		value := k.of(v)
		first, taken := r.seen[i][value]
		switch {
		case value == "":
		case taken:
			r.fault(line, k.column, value, invalid("err.import.duplicate", "first", first))
		default:
			r.seen[i][value] = line
		}
	}
}

// headingKey is what of a column's name tells it from others.
func headingKey(name string) string {
	return strings.NewReplacer("（", "(", "）", ")", " ", "").Replace(strings.ToLower(name))
}

func (r *reader[T]) cell(record []string, name string) string {
	if i, ok := r.at[name]; ok && i < len(record) {
		return record[i]
	}
	return ""
}

// line returns the line on which a cell of the last record begins.
func (r *reader[T]) line(i int) int { return r.in.line(i) }

func (r *reader[T]) fault(line int, name, value string, e *reporting.Error) {
	args := map[string]any{"line": line, "column": name, "value": clip(value)}
	for k, v := range e.Args {
		args[k] = v
	}
	r.faults = append(r.faults, Fault{Line: line, Column: name, Key: e.Key, Args: args})
}

// clip shortens a cell that is quoted back.
func clip(s string) string {
	if runes := []rune(s); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return s
}
