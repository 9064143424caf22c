package exchange

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/mouhua/mouhua/reporting"
)

// money is the unit of amounts.
const money = "万元"

// workbook is a spreadsheet that is being written.
type workbook struct {
	file                    *excelize.File
	head                    int
	text, number, sum       int
	day, month, explanation int
}

// writeWorkbook writes the rows on a first sheet and the meaning of its columns
// on a second. Rows are streamed: they pass through memory one by one.
func writeWorkbook[T any](w io.Writer, k kind[T], rows Rows[T]) (err error) {
	book := &workbook{file: excelize.NewFile()}
	// Its error would be of the temporary files, when all is written already.
	defer func() { _ = book.file.Close() }()
	if err := book.styles(); err != nil {
		return fmt.Errorf("prepare spreadsheet: %w", err)
	}
	if err := book.file.SetSheetName("Sheet1", k.title); err != nil {
		return fmt.Errorf("prepare spreadsheet: %w", err)
	}
	if err := writeRows(book, k, rows); err != nil {
		return err
	}
	if err := explain(book, k); err != nil {
		return fmt.Errorf("explain columns: %w", err)
	}
	if err := book.file.Write(w); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}

// styles defines how cells look. A cell of text is one also for a spreadsheet,
// which would otherwise take 007 for 7 as soon as somebody edits it.
func (b *workbook) styles() error {
	style := func(format string, head, wrap bool) *excelize.Style {
		s := &excelize.Style{CustomNumFmt: &format, Alignment: &excelize.Alignment{Vertical: "top", WrapText: wrap}}
		if head {
			s.Font = &excelize.Font{Bold: true}
			s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}}
		}
		return s
	}
	for _, s := range []struct {
		to    *int
		style *excelize.Style
	}{
		{&b.head, style("@", true, true)}, {&b.text, style("@", false, false)}, {&b.explanation, style("@", false, true)},
		{&b.number, style("0", false, false)}, {&b.sum, style("#,##0", false, false)},
		{&b.day, style("yyyy-mm-dd", false, false)}, {&b.month, style("yyyy-mm", false, false)},
	} {
		id, err := b.file.NewStyle(s.style)
		if err != nil {
			return err
		}
		*s.to = id
	}
	return nil
}

func writeRows[T any](book *workbook, k kind[T], rows Rows[T]) error {
	out, err := book.file.NewStreamWriter(k.title)
	if err != nil {
		return fmt.Errorf("prepare spreadsheet: %w", err)
	}
	heads, styles := make([]any, len(k.columns)), make([]int, len(k.columns))
	for i, c := range k.columns {
		h := k.headings[c.name]
		heads[i], styles[i] = excelize.Cell{StyleID: book.head, Value: h.title}, book.styleOf(c.cell.form, h.unit)
		if err := out.SetColWidth(i+1, i+1, h.columnWidth(c.cell.form)); err != nil {
			return fmt.Errorf("prepare spreadsheet: %w", err)
		}
	}
	if err := book.begin(out, heads); err != nil {
		return fmt.Errorf("prepare spreadsheet: %w", err)
	}
	row, cells := 1, make([]any, len(k.columns))
	err = rows(func(v T) error {
		row++
		for i, c := range k.columns {
			cells[i] = excelize.Cell{StyleID: styles[i], Value: typed(c.text(&v), c.cell.form)}
		}
		if err := out.SetRow("A"+strconv.Itoa(row), cells); err != nil {
			return fmt.Errorf("write row %d: %w", row, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(k.columns), row)
	if err == nil {
		err = book.file.AutoFilter(k.title, "A1:"+last, nil)
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}

// begin writes the heading row and keeps it in sight.
func (b *workbook) begin(out *excelize.StreamWriter, heads []any) error {
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return out.SetRow("A1", heads)
}

func (b *workbook) styleOf(f form, unit string) int {
	switch {
	case f == asNumber && unit == money:
		return b.sum
	case f == asNumber:
		return b.number
	case f == asDate:
		return b.day
	case f == asMonth:
		return b.month
	}
	return b.text
}

// typed returns what a cell of the form holds, nil for nothing; a month is its
// first day.
func typed(s string, f form) any {
	if s == "" {
		return nil
	}
	switch f {
	case asNumber:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n
		}
	case asDate:
		if d, err := reporting.ParseDate(s); err == nil {
			return d.In(time.UTC)
		}
	case asMonth:
		if m, err := reporting.ParseMonth(s); err == nil {
			return reporting.Date{Year: m.Year, Month: m.Month, Day: 1}.In(time.UTC)
		}
	}
	return s
}

// explain writes the sheet of definitions.
func explain[T any](book *workbook, k kind[T]) error {
	if _, err := book.file.NewSheet(explanations); err != nil {
		return err
	}
	out, err := book.file.NewStreamWriter(explanations)
	if err != nil {
		return err
	}
	var heads []any
	for i, h := range explanationHeads {
		heads = append(heads, excelize.Cell{StyleID: book.head, Value: h.title})
		if err := out.SetColWidth(i+1, i+1, h.width); err != nil {
			return err
		}
	}
	if err := book.begin(out, heads); err != nil {
		return err
	}
	for i, c := range k.columns {
		h := k.headings[c.name]
		required := "必填"
		if c.optional {
			required = "可空"
		}
		var cells []any
		for _, s := range []string{h.title, c.name, h.meaning, h.unit, h.values, required} {
			cells = append(cells, excelize.Cell{StyleID: book.explanation, Value: s})
		}
		if err := out.SetRow("A"+strconv.Itoa(i+2), cells); err != nil {
			return err
		}
	}
	return out.Flush()
}
