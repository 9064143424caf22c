package exchange

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/mouhua/mouhua/reporting"
)

// WriteXLSX writes the tables of a paper as a spreadsheet, a sheet each, with its
// words and notes on a sheet of their own. Numbers are numbers: they can be added
// up. Errors: what writing to w gave; a paper without a table.
func WriteXLSX(w io.Writer, p reporting.Paper) error {
	file := excelize.NewFile()
	// Its error would be of the temporary files, when all is written already.
	defer func() { _ = file.Close() }()
	s, err := paperStylesOf(file)
	if err != nil {
		return fmt.Errorf("prepare spreadsheet: %w", err)
	}
	taken := map[string]bool{}
	for _, section := range p.Sections {
		if section.Table == nil {
			continue
		}
		name := sheetName(section.Table.Name, taken)
		if _, err := file.NewSheet(name); err != nil {
			return fmt.Errorf("add sheet: %w", err)
		}
		if err := s.table(file, name, p, *section.Table); err != nil {
			return fmt.Errorf("write sheet %s: %w", name, err)
		}
	}
	if len(taken) == 0 {
		return errors.New("write spreadsheet: the paper has no table")
	}
	name := sheetName(p.WordsName, taken)
	if _, err := file.NewSheet(name); err != nil {
		return fmt.Errorf("add sheet: %w", err)
	}
	if err := s.words(file, name, p); err != nil {
		return fmt.Errorf("write sheet %s: %w", name, err)
	}
	if err := file.DeleteSheet("Sheet1"); err != nil {
		return fmt.Errorf("prepare spreadsheet: %w", err)
	}
	if err := file.Write(w); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}

// sheetName is a name that a sheet may have, not given before
// (https://support.microsoft.com/en-us/office/rename-a-worksheet-3f1f7148-ee83-404d-8ef0-9ff99fbad1f9).
func sheetName(name string, taken map[string]bool) string {
	const most = 31
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, name)
	base := strings.TrimSpace(clean)
	if r := []rune(base); len(r) > most-3 {
		base = string(r[:most-3])
	}
	if base == "" || base == "Sheet1" {
		base = "表"
	}
	given := base
	for n := 2; taken[strings.ToLower(given)]; n++ {
		given = fmt.Sprintf("%s %d", base, n)
	}
	taken[strings.ToLower(given)] = true
	return given
}

// paperStyles are how the cells of a paper look.
type paperStyles struct {
	title, head, text, long int
	numbers                 map[reporting.PaperForm]int
}

func paperStylesOf(file *excelize.File) (paperStyles, error) {
	s := paperStyles{numbers: map[reporting.PaperForm]int{}}
	var faults error
	add := func(format string, edit func(*excelize.Style)) int {
		look := &excelize.Style{CustomNumFmt: &format, Alignment: &excelize.Alignment{Vertical: "center"}}
		edit(look)
		id, err := file.NewStyle(look)
		faults = errors.Join(faults, err)
		return id
	}
	plain := func(*excelize.Style) {}
	s.title = add("@", func(l *excelize.Style) { l.Font = &excelize.Font{Bold: true, Size: 14} })
	s.head = add("@", func(l *excelize.Style) {
		l.Font, l.Alignment.WrapText = &excelize.Font{Bold: true}, true
		l.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}}
	})
	s.text, s.long = add("@", plain), add("@", func(l *excelize.Style) { l.Alignment.WrapText = true })
	for form, format := range map[reporting.PaperForm]string{
		reporting.PaperCount: "#,##0", reporting.PaperShare: "0.0%", reporting.PaperPoints: "+0.0;-0.0;0",
	} {
		s.numbers[form] = add(format, plain)
	}
	return s, faults
}

// table writes a sheet: the title, the table with its first row in sight, and
// below it the notes, for a sheet may be printed by itself.
func (s paperStyles) table(file *excelize.File, sheet string, p reporting.Paper, t reporting.PaperTable) error {
	out, err := file.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	heads := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		width := 12.0
		if c.Form == reporting.PaperText {
			width = 24
		}
		heads[i] = excelize.Cell{StyleID: s.head, Value: c.Title}
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 2, TopLeftCell: "A3", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	rows := [][]any{{excelize.Cell{StyleID: s.title, Value: guarded(p.Title + p.Subtitle + " " + t.Name)}}, heads}
	for _, cells := range t.Rows {
		row := make([]any, len(cells))
		for i, cell := range cells {
			row[i] = s.cell(t.Columns[i].Form, cell)
		}
		rows = append(rows, row)
	}
	rows = append(rows, nil)
	for _, note := range p.Notes {
		rows = append(rows, []any{excelize.Cell{StyleID: s.text, Value: guarded(note)}})
	}
	return writeAll(out, rows)
}

// cell is a number, or a text where the column has words or the number is none.
func (s paperStyles) cell(form reporting.PaperForm, c reporting.PaperCell) any {
	switch {
	case form == reporting.PaperText:
		return excelize.Cell{StyleID: s.text, Value: guarded(c.Text)}
	case c.None:
		return nil
	}
	return excelize.Cell{StyleID: s.numbers[form], Value: c.Number}
}

// words writes what stands around the tables.
func (s paperStyles) words(file *excelize.File, sheet string, p reporting.Paper) error {
	out, err := file.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := out.SetColWidth(1, 1, 100); err != nil {
		return err
	}
	rows := [][]any{{excelize.Cell{StyleID: s.title, Value: guarded(p.Title + p.Subtitle)}}}
	add := func(style int, texts ...string) {
		for _, text := range texts {
			if utf8.RuneCountInString(text) > 0 {
				rows = append(rows, []any{excelize.Cell{StyleID: style, Value: guarded(text)}})
			}
		}
	}
	for _, section := range p.Sections {
		if section.Table != nil && len(section.Paragraphs) == 0 {
			continue
		}
		add(s.head, section.Heading)
		add(s.long, section.Paragraphs...)
	}
	add(s.long, p.Signed, p.Dated)
	add(s.long, p.Notes...)
	return writeAll(out, rows)
}

func writeAll(out *excelize.StreamWriter, rows [][]any) error {
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := out.SetRow(cell, row); err != nil {
			return err
		}
	}
	return out.Flush()
}
