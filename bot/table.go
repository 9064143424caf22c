package bot

import (
	"strings"

	"github.com/slack-go/slack"
	"golang.org/x/text/width"

	"github.com/mouhua/mouhua/commands"
)

// Slack's limits of a table
// (https://docs.slack.dev/reference/block-kit/blocks/table-block).
const (
	tableRows    = 100 // the title row included
	tableColumns = 20
	cellText     = 200 // ours: a longer cell makes a table unreadable
)

// table draws a table: as a table block the first time, as text in columns
// when the page has one already or takes none. Rows that do not fit are
// counted in a note.
func (d *drawing) table(t commands.Table) {
	columns := t.Columns[:min(len(t.Columns), tableColumns)]
	if len(columns) == 0 {
		return
	}
	title := make([]string, len(columns))
	for i, c := range columns {
		title[i] = c.Title
	}
	const more = 60 // for the note that counts the rest
	rows, total := [][]string{}, 0
	for i, row := range append([][]string{title}, t.Rows...) {
		cells, n := clipRow(row, len(columns))
		if !d.tables {
			n = 2 * n // the filling between columns
		}
		if i == tableRows || total+n+more > d.room {
			break
		}
		rows, total = append(rows, cells), total+n
	}
	if len(rows) == 0 {
		d.cut = true
		return
	}
	if d.tables {
		d.tables = false
		d.add(tableBlock(columns, rows), total)
	} else {
		block, n := columnsOfText(columns, rows)
		d.add(block, n)
	}
	if left := len(t.Rows) + 1 - len(rows); left > 0 {
		if d.slots == 0 {
			d.cut = true
			return
		}
		text := clip(d.words.Say(d.locale, "reply.more", "count", left), more)
		d.add(slack.NewContextBlock("", plain(text, noteText)), runes(text))
	}
}

// clipRow returns as many cells as there are columns, none empty, and their
// code points.
func clipRow(row []string, columns int) (cells []string, n int) {
	cells = make([]string, columns)
	for i := range cells {
		cells[i] = "–" // Slack refuses an empty cell
		if i < len(row) && strings.TrimSpace(row[i]) != "" {
			cells[i] = clip(row[i], cellText)
		}
		n += runes(cells[i])
	}
	return cells, n
}

func tableBlock(columns []commands.Column, rows [][]string) slack.Block {
	t := slack.NewTableBlock("")
	for _, row := range rows {
		cells := make([]slack.TableCell, len(row))
		for i, text := range row {
			cells[i] = slack.NewTableRawTextCell(text)
		}
		t.AddRow(cells...)
	}
	settings := make([]slack.ColumnSetting, len(columns))
	for i, c := range columns {
		settings[i] = slack.ColumnSetting{Align: slack.ColumnAlignmentLeft, IsWrapped: !c.Right}
		if c.Right {
			settings[i].Align = slack.ColumnAlignmentRight
		}
	}
	return t.WithColumnSettings(settings...)
}

// columnsOfText draws rows in a fixed-width block and returns its code points.
func columnsOfText(columns []commands.Column, rows [][]string) (slack.Block, int) {
	const widest = 24 // of a filled column, in Latin letters
	widths := make([]int, len(columns))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = min(max(widths[i], cellWidth(cell)), widest)
		}
	}
	var lines []slack.RichTextSectionElement
	total := 0
	for n, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			fill := strings.Repeat(" ", max(0, widths[i]-cellWidth(cell)))
			if columns[i].Right {
				line.WriteString(fill + cell)
			} else {
				line.WriteString(cell + fill)
			}
			line.WriteString("  ")
		}
		text := clip(strings.TrimRight(line.String(), " "), blockText-1)
		if n < len(rows)-1 {
			text += "\n"
		}
		lines, total = append(lines, slack.NewRichTextSectionTextElement(text, nil)), total+runes(text)
	}
	return slack.NewRichTextBlock("", &slack.RichTextPreformatted{Type: slack.RTEPreformatted, Elements: lines}), total
}

// cellWidth returns how wide s is drawn; a Chinese character takes two letters.
func cellWidth(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
