package commands

import (
	"strings"

	"golang.org/x/text/width"
)

// Plain returns the reply as text for a terminal: a line a paragraph, labels and
// the columns of tables under each other, buttons in brackets.
func (r *Reply) Plain() string {
	var b strings.Builder
	writePlain(&b, r.Parts)
	return strings.TrimRight(b.String(), "\n")
}

func writePlain(b *strings.Builder, parts []Part) {
	for _, p := range parts {
		switch p := p.(type) {
		case Heading:
			b.WriteString(string(p) + "\n")
		case Paragraph:
			b.WriteString(plainSpans(p) + "\n")
		case Note:
			b.WriteString(plainSpans(p) + "\n")
		case Bullets:
			for _, line := range p {
				b.WriteString("- " + plainSpans(line) + "\n")
			}
		case Facts:
			rows := make([][]string, len(p))
			for i, f := range p {
				rows[i] = []string{f.Label, plainSpans(f.Value)}
			}
			writeRows(b, make([]Column, 2), rows)
		case Table:
			titles := make([]string, len(p.Columns))
			for i, c := range p.Columns {
				titles[i] = c.Title
			}
			writeRows(b, p.Columns, append([][]string{titles}, p.Rows...))
		case Chart:
			writePlain(b, p.Instead)
		case Buttons:
			for i, x := range p {
				if i > 0 {
					b.WriteString(" ")
				}
				b.WriteString("[" + x.Label + "]")
			}
			b.WriteString("\n")
		case Rule:
			b.WriteString("\n")
		}
	}
}

// plainSpans is running text without its looks.
func plainSpans(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch {
		case s.User != "":
			b.WriteString("@" + s.User)
		case s.Channel != "":
			b.WriteString("#" + s.Channel)
		case s.URL != "" && s.Text != "":
			b.WriteString(s.Text + " (" + s.URL + ")")
		case s.URL != "":
			b.WriteString(s.URL)
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// writeRows writes rows with their columns under each other.
func writeRows(b *strings.Builder, columns []Column, rows [][]string) {
	widths := make([]int, len(columns))
	for _, row := range rows {
		for i, cell := range row[:min(len(row), len(columns))] {
			widths[i] = max(widths[i], DrawnWidth(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row[:min(len(row), len(columns))] {
			fill := strings.Repeat(" ", widths[i]-DrawnWidth(cell))
			if columns[i].Right {
				line.WriteString(fill + cell)
			} else {
				line.WriteString(cell + fill)
			}
			line.WriteString("  ")
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// DrawnWidth returns how wide s is drawn, in letters; a Chinese character takes two.
func DrawnWidth(s string) int {
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
