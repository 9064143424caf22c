package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// Format is how a file is written.
type Format string

// The formats: text with the names of the columns, or a spreadsheet with
// their Chinese headings. Either is read again.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Rows gives the rows of a file one after another to each, and ends with each's
// error if there is one.
type Rows[T any] func(each func(T) error) error

func write[T any](w io.Writer, f Format, k kind[T], rows Rows[T]) error {
	if f == XLSX {
		return writeWorkbook(w, k, rows)
	}
	return writeCSV(w, k, rows)
}

func writeCSV[T any](w io.Writer, k kind[T], rows Rows[T]) error {
	if _, err := w.Write(byteOrderMark); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	out := csv.NewWriter(w)
	record := make([]string, len(k.columns))
	for i, c := range k.columns {
		record[i] = c.name
	}
	err := out.Write(record)
	if err == nil {
		err = rows(func(v T) error {
			for i, c := range k.columns {
				// A reader takes one CR before LF as the end of a line.
				record[i] = strings.ReplaceAll(c.text(&v), "\r\n", "\r\r\n")
			}
			return out.Write(record)
		})
	}
	out.Flush()
	if err == nil && out.Error() != nil {
		err = fmt.Errorf("write file: %w", out.Error())
	}
	return err
}

// text returns a cell as files of either format hold it. An optional number
// that is 0 is one that was not said.
func (c column[T]) text(v *T) string {
	s := c.cell.get(v)
	switch {
	case c.cell.form == asText:
		return guarded(s)
	case c.cell.form == asNumber && c.optional && s == "0":
		return ""
	}
	return s
}
