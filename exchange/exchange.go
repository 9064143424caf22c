// Package exchange brings files in: the CSV files by which an office hands over
// its bodies, quotas, people and projects become values of package reporting.
// It decides nothing about them beyond what one file can show; what a row
// refers to is checked by the database.
//
// A tour: this file has the entry points, what a file gives and how its faults
// are told; table.go reads any of the files by a list of columns; kinds.go has
// these lists; cells.go reads single cells; industries.go knows the industries
// by their Chinese names.
//
// A file is UTF-8 with or without a byte order mark, with lines ended by LF or
// CRLF, its first line naming the columns in any order. Nothing is taken from a
// file that has a fault, and all its faults are told at once.
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
// which each begins (the first line is 1).
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

// Quotas reads a file of quotas; their Version is left 0, for storage to count.
// Errors: as Bodies.
func Quotas(r io.Reader) (Table[reporting.Quota], error) { return read(r, quotas) }

// People reads a file of people. Errors: as Bodies.
func People(r io.Reader) (Table[reporting.Person], error) { return read(r, people) }

// Projects reads a file of projects. A verified project counts as submitted and
// as in its stage since the day of its verification; the file has no other
// dates. Errors: as Bodies.
func Projects(r io.Reader) (Table[reporting.Project], error) { return read(r, projects) }
