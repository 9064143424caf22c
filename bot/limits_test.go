package bot

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

func words(t *rapid.T, most int) string {
	unit := rapid.SampledFrom([]string{"长", "a", "<!channel> ", "\n", "&", "😀"}).Draw(t, "unit")
	return strings.Repeat(unit, rapid.IntRange(0, most).Draw(t, "length"))
}

func spans(t *rapid.T) []commands.Span {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) commands.Span {
		s := commands.Span{Text: words(t, 4000), Bold: rapid.Bool().Draw(t, "bold")}
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			s = commands.Span{User: "U1"}
		case 1:
			s.URL = "https://example.org"
		}
		return s
	}), 0, 8).Draw(t, "spans")
}

// parts draws a part of any kind.
func parts(t *rapid.T) commands.Part {
	switch rapid.IntRange(0, 8).Draw(t, "part") {
	case 0:
		return commands.Heading(words(t, 300))
	case 1:
		return commands.Paragraph(spans(t))
	case 2:
		return commands.Bullets(rapid.SliceOfN(rapid.Custom(spans), 0, 20).Draw(t, "items"))
	case 3:
		facts := commands.Facts{}
		for range rapid.IntRange(0, 20).Draw(t, "facts") {
			facts = append(facts, commands.Fact{Label: words(t, 50), Value: spans(t)})
		}
		return facts
	case 4:
		table := commands.Table{Caption: words(t, 10)}
		for range rapid.IntRange(0, 25).Draw(t, "columns") {
			table.Columns = append(table.Columns, commands.Column{Title: words(t, 30), Right: rapid.Bool().Draw(t, "right")})
		}
		for range rapid.IntRange(0, 120).Draw(t, "rows") {
			row := make([]string, rapid.IntRange(0, 5).Draw(t, "cells"))
			for i := range row {
				row[i] = words(t, 40)
			}
			table.Rows = append(table.Rows, row)
		}
		return table
	case 5:
		buttons := commands.Buttons{}
		for range rapid.IntRange(0, 60).Draw(t, "buttons") {
			buttons = append(buttons, commands.Button{Action: "a", Label: words(t, 90), Value: words(t, 3)})
		}
		return buttons
	case 6:
		return commands.Note(spans(t))
	case 7:
		chart := commands.Chart{Kind: commands.BarChart, Title: words(t, 20), Instead: []commands.Part{commands.Paragraph(spans(t))}}
		for i := range rapid.IntRange(0, 22).Draw(t, "points") {
			chart.Categories = append(chart.Categories, strconv.Itoa(i))
		}
		for i := range rapid.IntRange(0, 7).Draw(t, "series") {
			chart.Series = append(chart.Series, commands.Series{Name: strconv.Itoa(i), Values: make([]float64, len(chart.Categories))})
		}
		return chart
	}
	return commands.Rule{}
}

func TestAnyReplyStaysWithinLimits(t *testing.T) {
	b := New(&fakeApp{words: testWords(t)}, nil, Config{})
	rapid.Check(t, func(rt *rapid.T) {
		drawn := rapid.SliceOfN(rapid.Custom(parts), 1, 60).Draw(rt, "parts")
		lim := rapid.SampledFrom([]limits{messageLimits, homeLimits}).Draw(rt, "limits")
		blocks := b.draft(reporting.ZhCN, lim, drawn)
		if len(blocks) == 0 {
			return // nothing but empty parts
		}
		within(t, blocks, lim)
		if t.Failed() {
			rt.FailNow()
		}
	})
}
