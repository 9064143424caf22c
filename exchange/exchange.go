// Package exchange brings files in and out: the CSV files and spreadsheets by
// which an office hands over its bodies, quotas, people and projects become
// values of package reporting, and such values files that can be read again
// without a change. It decides nothing about them beyond what one file can
// show; what a row refers to is checked by the database.
//
// A tour: this file has the entry points, what a file gives and how its faults
// are told; kindof.go tells which
// kind a file is; source.go opens a file of either format; table.go reads it by a
// list of columns; kinds.go, projects.go and record.go have these lists, cells.go
// their cells; write.go writes by the same lists, workbook.go a spreadsheet;
// headings.go explains the columns to whoever opens one; guard.go keeps
// spreadsheets from running a text; paper.go and docx.go write documents for
// people, which are not read again. calendar.go reads working days from an
// iCalendar file, calendar_event.go what one event says; calendar_write.go writes one.
//
// A CSV file is UTF-8 with or without a byte order mark, with lines ended by LF
// or CRLF; of a spreadsheet the first sheet is read. The first line names the
// columns in any order. All faults of a file are told at once.
package exchange

import (
	"fmt"
	"io"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// MaxFaults is how many faults of a file are kept; reading ends there.
const MaxFaults = 100

// Table is the rows of a file, and by the same index the line in the file on
// which each begins (the first line is 1). Beside Faults it holds the rows that
// have none: enough to say what else is wrong, never to be imported.
type Table[T any] struct {
	Rows  []T
	Lines []int
}

// Line returns the line of a row, 0 when there is no such row.
func (t Table[T]) Line(row int) int {
	if row < 0 || row >= len(t.Lines) {
		return 0
	}
	return t.Lines[row]
}

// Fault is one thing wrong with a file. Key is a locale key err.import.…; Args
// fill it and always hold line, column and value. Column is "" when the whole
// line is meant.
type Fault struct {
	Line   int
	Column string
	Key    string
	Args   map[string]any
}

// Err returns the fault as the error that a person may see.
func (f Fault) Err() *reporting.Error {
	return &reporting.Error{Code: reporting.Invalid, Key: f.Key, Args: f.Args, Field: f.Column}
}

// Faults are the faults of one file, in the order of its lines, at least one
// and at most MaxFaults.
type Faults []Fault

// Error returns the internal form, one fault after another.
func (f Faults) Error() string {
	all := make([]string, len(f))
	for i, fault := range f {
		all[i] = fmt.Sprintf("line %d: %s", fault.Line, fault.Err().Error())
	}
	return strings.Join(all, "; ")
}

// Bodies reads a file of bodies. Errors: Faults, or what reading r gave.
func Bodies(r io.Reader) (Table[reporting.Body], error) { return read(r, bodies) }

// Quotas reads a file of quotas; a Version that the file does not have is left
// 0, for storage to count.
// Errors: as Bodies.
func Quotas(r io.Reader) (Table[reporting.Quota], error) { return read(r, quotas) }

// People reads a file of people. Errors: as Bodies.
func People(r io.Reader) (Table[reporting.Person], error) { return read(r, people) }

// Projects reads a file of projects. Errors: as Bodies.
func Projects(r io.Reader) (Table[reporting.Project], error) { return read(r, projects) }

// WriteBodies writes a file of bodies. Errors: what rows or writing to w gave.
func WriteBodies(w io.Writer, f Format, rows Rows[reporting.Body]) error {
	return write(w, f, bodies, rows)
}

// WriteQuotas writes a file of quotas. Errors: as WriteBodies.
func WriteQuotas(w io.Writer, f Format, rows Rows[reporting.Quota]) error {
	return write(w, f, quotas, rows)
}

// WritePeople writes a file of people. Errors: as WriteBodies.
func WritePeople(w io.Writer, f Format, rows Rows[reporting.Person]) error {
	return write(w, f, people, rows)
}

// WriteProjects writes a file of projects. Errors: as WriteBodies.
func WriteProjects(w io.Writer, f Format, rows Rows[reporting.Project]) error {
	return write(w, f, projects, rows)
}
