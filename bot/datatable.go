package bot

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
)

// Slack's limits of a data table, which people page through and sort
// (https://docs.slack.dev/reference/block-kit/blocks/data-table-block).
const (
	dataRows    = 201  // the title row included
	captionText = 2000 // Slack publishes none
	longTable   = 20   // ours: a longer table is for paging
	pageRows    = 20
)

// paged reports whether a table is drawn as a data table: it is long, has a
// caption, and the page takes one still.
func (d *drawing) paged(t commands.Table) bool {
	return d.dataTables && t.Caption != "" && len(t.Rows) > longTable
}

// dataTable draws the rows that fit in room and returns how many did.
func (d *drawing) dataTable(t commands.Table, columns []commands.Column, rows [][]string, room int) (shown int) {
	caption := clip(t.Caption, captionText)
	block, total := slack.NewDataTableBlock(caption).WithPageSize(pageRows), runes(caption)
	numbers := make([]bool, len(columns))
	for i, c := range columns {
		numbers[i] = c.Right && allNumbers(rows[1:], i)
	}
	for r, row := range rows {
		cells, n := make([]slack.DataTableCell, len(row)), 0
		for i, text := range row {
			if n += runes(text); r > 0 && numbers[i] {
				v, _ := numberOf(text)
				cells[i] = slack.NewDataTableRawNumberCell(v).WithText(text)
			} else {
				cells[i] = slack.NewDataTableRawTextCell(text)
			}
		}
		if total+n > room {
			break
		}
		block.AddRow(cells...)
		total += n
	}
	if len(block.Rows) < 2 {
		return 0
	}
	d.dataTables = false
	d.add(block.WithRowHeaderColumnIndex(rowHeader(columns, rows)), total)
	return len(block.Rows)
}

// allNumbers reports whether a column can be sorted by number, what is left out
// in it as nothing.
func allNumbers(rows [][]string, column int) bool {
	found := false
	for _, row := range rows {
		_, is := numberOf(row[column])
		if !is {
			return false
		}
		found = true
	}
	return found
}

var numberSigns = strings.NewReplacer(",", "", "−", "-", "+", "")

// numberOf returns the number that a cell says: 1,234, 46.2%, −33.1; a dash is 0.
func numberOf(cell string) (v float64, ok bool) {
	if cell == "—" || cell == "–" {
		return 0, true
	}
	v, err := strconv.ParseFloat(numberSigns.Replace(strings.TrimSuffix(cell, "%")), 64)
	return v, err == nil
}

// rowHeader is the first column that tells the rows apart, else the first.
func rowHeader(columns []commands.Column, rows [][]string) int {
	for i, c := range columns {
		seen := map[string]bool{}
		for _, row := range rows {
			seen[row[i]] = true
		}
		if !c.Right && len(seen) == len(rows) {
			return i
		}
	}
	return 0
}
