package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/mouhua/mouhua/reporting"
)

// source gives the records of a file.
type source interface {
	// read returns the next record; io.EOF ends the file.
	read() ([]string, error)
	// line returns the line on which a cell of the last record begins, from 1.
	line(i int) int
	// cell returns the text that stands for a cell of the form.
	cell(raw string, f form) string
	close()
}

// How files begin: the mark of UTF-8, a zip archive, and what was a
// spreadsheet before there was XLSX or is one with a password.
var (
	byteOrderMark = []byte("\ufeff")
	zipArchive    = []byte("PK\x03\x04")
	compound      = []byte("\xd0\xcf\x11\xe0")
)

// open tells the format of a file by how it begins. Errors: errWorkbook, or
// what reading in gave.
func open(in io.Reader) (source, error) {
	buffered := bufio.NewReader(in)
	begins := func(with []byte) bool {
		head, err := buffered.Peek(len(with))
		return err == nil && bytes.Equal(head, with)
	}
	switch {
	case begins(compound):
		return nil, errWorkbook
	case begins(zipArchive):
		return openWorkbook(buffered)
	case begins(byteOrderMark):
		if _, err := buffered.Discard(len(byteOrderMark)); err != nil {
			return nil, err
		}
	}
	r := csv.NewReader(buffered)
	r.FieldsPerRecord = -1
	return &csvSource{r}, nil
}

// csvSource is a file of comma-separated values.
type csvSource struct{ csv *csv.Reader }

func (s *csvSource) read() ([]string, error) { return s.csv.Read() }

func (s *csvSource) line(i int) int {
	line, _ := s.csv.FieldPos(i)
	return line
}

func (s *csvSource) cell(raw string, _ form) string { return raw }

func (s *csvSource) close() {}

// errWorkbook is a spreadsheet that cannot be opened: broken, with a password,
// or of the format before XLSX.
var errWorkbook = errors.New("the spreadsheet cannot be opened")

// maxUnpacked is how large a spreadsheet may be unpacked: an archive of a few
// kilobytes can hold gigabytes.
const maxUnpacked = 1 << 30

// sheetSource is the first sheet of a spreadsheet.
type sheetSource struct {
	file     *excelize.File
	rows     *excelize.Rows
	row      int
	width    int // of the header
	from1904 bool
}

func openWorkbook(in io.Reader) (source, error) {
	f, err := excelize.OpenReader(in, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errWorkbook, err)
	}
	s := &sheetSource{file: f}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		s.from1904 = *props.Date1904
	}
	if sheets := f.GetSheetList(); len(sheets) > 0 {
		s.rows, err = f.Rows(sheets[0])
	}
	if s.rows == nil || err != nil {
		s.close()
		return nil, errors.Join(errWorkbook, err)
	}
	return s, nil
}

func (s *sheetSource) read() ([]string, error) {
	if !s.rows.Next() {
		if err := s.rows.Error(); err != nil {
			return nil, fmt.Errorf("%w: %w", errWorkbook, err)
		}
		return nil, io.EOF
	}
	s.row++
	cells, err := s.rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errWorkbook, err)
	}
	// Sheets end a row at its last cell that holds something, or far behind it.
	for len(cells) > s.width && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if s.width == 0 {
		s.width = len(cells)
	}
	for len(cells) < s.width {
		cells = append(cells, "")
	}
	return cells, nil
}

func (s *sheetSource) line(int) int { return s.row }

// cell writes numbers, days and months as files of text have them; what is no
// number is text already.
func (s *sheetSource) cell(raw string, f form) string {
	n, err := strconv.ParseFloat(raw, 64)
	switch {
	case f == asDate && err != nil:
		day, _, _ := strings.Cut(raw, "T00:00:00")
		return day
	case err != nil || math.Abs(n) > 1e15:
		return raw
	case f == asNumber && n == math.Trunc(n):
		return strconv.FormatFloat(n, 'f', 0, 64)
	case f == asDate && n >= 1 && n <= lastSerial:
		return reporting.DateOf(s.time(n)).String()
	case f == asMonth && n >= 1 && n <= lastSerial:
		t := s.time(n)
		return reporting.Month{Year: t.Year(), Month: t.Month()}.String()
	}
	return raw
}

// lastSerial is 31 December 2172 as a number of days: below 200001, which is a
// month.
const lastSerial = 99999

func (s *sheetSource) time(days float64) time.Time {
	t, err := excelize.ExcelDateToTime(days, s.from1904)
	if err != nil {
		return time.Time{}
	}
	return t
}

func (s *sheetSource) close() {
	// Only read from: an error of closing loses nothing.
	if s.rows != nil {
		_ = s.rows.Close()
	}
	_ = s.file.Close()
}
