package bot

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
)

// Slack's limits of a table
// (https://docs.slack.dev/reference/block-kit/blocks/table-block).
const (
	tableRows    = 100 // the title row included
	tableColumns = 20
	cellText     = 200 // ours: a longer cell makes a table unreadable
)

// table draws a table: as a data table when it is long, else as a table block
// the first time, as text in columns when the page has one already or takes none. Rows that do not fit are
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
	rows := [][]string{clipRow(title, len(columns))}
	most := tableRows
	if d.paged(t) {
		most = dataRows
	}
	for _, row := range t.Rows[:min(len(t.Rows), most-1)] {
		rows = append(rows, clipRow(row, len(columns)))
	}
	const more = 60 // for the note that counts the rest
	var shown int
	switch {
	case d.paged(t):
		shown = d.dataTable(t, columns, rows, d.room-more)
	case d.tables:
		shown = d.tableBlock(columns, rows, d.room-more)
	default:
		shown = d.textBlock(linesOf(columns, rows), d.room-more)
	}
	left := len(t.Rows) + 1 - shown
	switch {
	case shown == 0, left > 0 && d.slots == 0:
		d.cut = true
	case left > 0:
		text := clip(d.words.Say(d.locale, "reply.more", "count", left), more)
		d.add(slack.NewContextBlock("", plain(text, noteText)), runes(text))
	}
}

// clipRow returns as many cells as there are columns, none empty.
func clipRow(row []string, columns int) []string {
	cells := make([]string, columns)
	for i := range cells {
		cells[i] = "–" // Slack refuses an empty cell
		if i < len(row) && strings.TrimSpace(row[i]) != "" {
			cells[i] = clip(row[i], cellText)
		}
	}
	return cells
}

// tableBlock draws the rows that fit in room and returns how many did.
func (d *drawing) tableBlock(columns []commands.Column, rows [][]string, room int) (shown int) {
	t, total := slack.NewTableBlock(""), 0
	for _, row := range rows {
		cells, n := make([]slack.TableCell, len(row)), 0
		for i, text := range row {
			cells[i] = slack.NewTableRawTextCell(text)
			n += runes(text)
		}
		if total+n > room {
			break
		}
		t.AddRow(cells...)
		total += n
	}
	if len(t.Rows) == 0 {
		return 0
	}
	settings := make([]slack.ColumnSetting, len(columns))
	for i, c := range columns {
		settings[i] = slack.ColumnSetting{Align: slack.ColumnAlignmentLeft, IsWrapped: !c.Right}
		if c.Right {
			settings[i].Align = slack.ColumnAlignmentRight
		}
	}
	d.tables = false
	d.add(t.WithColumnSettings(settings...), total)
	return len(t.Rows)
}

// textBlock draws the lines that fit in room in a fixed-width block and
// returns how many did.
func (d *drawing) textBlock(lines []string, room int) (shown int) {
	var elements []slack.RichTextSectionElement
	total := 0
	for _, line := range lines {
		if len(elements) > 0 {
			line = "\n" + line
		}
		n := runes(line)
		if total+n > room {
			break
		}
		elements, total = append(elements, slack.NewRichTextSectionTextElement(line, nil)), total+n
	}
	if len(elements) > 0 {
		d.add(slack.NewRichTextBlock("", &slack.RichTextPreformatted{Type: slack.RTEPreformatted, Elements: elements}), total)
	}
	return len(elements)
}

// linesOf returns rows as lines of text, their columns filled to one width.
func linesOf(columns []commands.Column, rows [][]string) []string {
	const widest = 24 // of a filled column, in Latin letters
	widths := make([]int, len(columns))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = min(max(widths[i], commands.DrawnWidth(cell)), widest)
		}
	}
	lines := make([]string, len(rows))
	for n, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			fill := strings.Repeat(" ", max(0, widths[i]-commands.DrawnWidth(cell)))
			if columns[i].Right {
				line.WriteString(fill + cell)
			} else {
				line.WriteString(cell + fill)
			}
			line.WriteString("  ")
		}
		lines[n] = clip(strings.TrimRight(line.String(), " "), blockText-1)
	}
	return lines
}
