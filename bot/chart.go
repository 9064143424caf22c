package bot

import (
	"math"
	"slices"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
)

// mostCharts is what Slack takes of them in one message; it says so only by refusing.
const mostCharts = 2

// chart draws a chart, or says it in words: on a page that takes no charts, in a
// workspace that refuses them, beyond the second of a message, and when it is
// outside Slack's limits.
func (d *drawing) chart(c commands.Chart) {
	if block, n := chartBlock(c); block != nil && d.charts > 0 && n <= d.room {
		d.charts--
		d.add(block, n)
		return
	}
	for _, p := range c.Instead {
		d.part(p)
	}
}

// chartBlock returns the block of a chart and its code points, nil for one that
// Slack would refuse.
func chartBlock(c commands.Chart) (block *slack.DataVisualizationBlock, n int) {
	n = runes(c.Title) + runes(c.X) + runes(c.Y)
	for _, label := range c.Categories {
		n += runes(label)
	}
	axis := slack.NewDataVisualizationAxisConfig(c.Categories...).WithXLabel(c.X).WithYLabel(c.Y)
	var series []slack.DataVisualizationDataSeries
	for _, s := range c.Series {
		// One that is short or no number is not for Validate to see.
		if len(s.Values) != len(c.Categories) || slices.ContainsFunc(s.Values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) {
			return nil, 0
		}
		points := make([]slack.DataVisualizationDataPoint, len(s.Values))
		for i, v := range s.Values {
			points[i] = slack.NewDataVisualizationDataPoint(c.Categories[i], v)
		}
		series, n = append(series, slack.NewDataVisualizationDataSeries(s.Name, points...)), n+runes(s.Name)
	}
	var drawn slack.DataVisualizationChart
	switch c.Kind {
	case commands.BarChart:
		drawn = slack.NewDataVisualizationBarChart(axis, series...)
	case commands.LineChart:
		drawn = slack.NewDataVisualizationLineChart(axis, series...)
	case commands.AreaChart:
		drawn = slack.NewDataVisualizationAreaChart(axis, series...)
	case commands.PieChart:
		if len(series) != 1 {
			return nil, 0
		}
		pie := slack.NewDataVisualizationPieChart()
		for _, point := range series[0].Data {
			pie.Segments = append(pie.Segments, slack.NewDataVisualizationSegment(point.Label, point.Value))
		}
		drawn = pie
	default:
		return nil, 0
	}
	block = slack.NewDataVisualizationBlock(c.Title, drawn)
	if block.Validate() != nil {
		return nil, 0
	}
	return block, n
}
