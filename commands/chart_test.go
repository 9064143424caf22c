package commands

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

func on(m time.Month, d int) reporting.Date { return reporting.Date{Year: 2018, Month: m, Day: d} }

func TestChartsByMonth(t *testing.T) {
	in := func(n ...reporting.Inflow) []reporting.Inflow { return n }
	city := func(d reporting.Date, n int) reporting.Inflow { return reporting.Inflow{Day: d, Credited: n} }
	for name, c := range map[string]struct {
		asOf            reporting.Date
		credited        int
		in              []reporting.Inflow
		inflow, credits []int
	}{
		"months that have begun": {on(3, 2), 7, in(city(on(1, 5), 2), city(on(1, 31), 1), city(on(3, 1), 4)), []int{3, 0, 4}, []int{3, 3, 7}},
		"a day of January":       {on(1, 1), 1, in(city(on(1, 1), 1)), []int{1}, []int{1}},
		"carried from before":    {on(2, 1), 12, in(city(on(2, 1), 2)), []int{0, 2}, []int{10, 12}},
		"another body's":         {on(1, 9), 0, in(reporting.Inflow{BodyID: "jingyue", Day: on(1, 2), Credited: 9}), []int{0}, []int{0}},
		"verified in the grace": {
			on(12, 31), 5, in(city(on(11, 1), 2), city(reporting.Date{Year: 2019, Month: 1, Day: 9}, 3)),
			[]int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3}, []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 5},
		},
		"more came than still counts": {on(2, 1), 1, in(city(on(1, 1), 2), city(on(2, 1), 1)), []int{2, 1}, []int{0, 1}},
		"not begun":                   {reporting.Date{Year: 2017, Month: 12, Day: 30}, 0, nil, []int{}, []int{}},
	} {
		t.Run(name, func(t *testing.T) {
			s := reporting.Standing{Year: 2018, AsOf: c.asOf, Tally: reporting.Tally{Credited: c.credited}}
			if diff := cmp.Diff(c.inflow, byMonth(s, c.in)); diff != "" {
				t.Errorf("by month (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.credits, cumulative(s, c.in)); diff != "" {
				t.Errorf("cumulative (-want +got):\n%s", diff)
			}
		})
	}
}

// The report draws what came in, and ends at the numbers beside it.
func TestReportIsDrawn(t *testing.T) {
	a, l := city(t)
	l.inflow = []reporting.Inflow{{Day: on(1, 20), Credited: 60}, {Day: on(7, 1), Credited: 150}}
	for _, c := range []struct {
		said typed
		want []string
	}{
		{typed{user: "ULE", command: "report"}, []string{"line 7 2", "bar 4 1"}},
		{typed{user: "ULE", command: "report", text: "body 净月"}, []string{"line 7 2", "bar 4 1"}},
		{typed{user: "ULE", command: "report", text: "body lvyou"}, []string{"line 7 1", "bar 4 1"}},
		{typed{user: "UJY", command: "report"}, []string{"line 7 2", "bar 4 1"}},
		{typed{user: "ULE", command: "report", text: "group 开发区"}, []string{"bar 5 1"}},
		{typed{user: "ULE", command: "quota", text: "all"}, []string{"bar 3 1", "bar 7 1"}},
	} {
		r, err := l.ask(t, a, c.said)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, ch := range chartsOf(r.Reply) {
			got = append(got, string(ch.Kind)+" "+count(len(ch.Categories))+" "+count(len(ch.Series)))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("/%s %s (-want +got):\n%s", c.said.command, c.said.text, diff)
		}
	}
	r, err := l.ask(t, a, typed{user: "ULE", command: "report"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Series{{Name: "已核实（累计）", Values: []float64{110, 110, 110, 110, 110, 110, 260}}, {Name: "序时应完成", Values: []float64{84.9, 161.6, 246.6, 328.8, 413.7, 495.9, 580.8}}}
	if diff := cmp.Diff(want, chartsOf(r.Reply)[0].Series); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

// In January there is one point, which is no line; a year that has not begun has
// no progress to draw.
func TestProgressOfAYoungYear(t *testing.T) {
	_, l := city(t)
	a := l.app(t, filingNow.AddDate(0, -6, -20))
	r, err := l.ask(t, a, typed{user: "ULE", command: "report"})
	if err != nil {
		t.Fatal(err)
	}
	if got := chartsOf(r.Reply)[0]; got.Kind != BarChart || len(got.Categories) != 1 {
		t.Errorf("January's progress is a %s of %v", got.Kind, got.Categories)
	}
	if r, err = l.ask(t, a, typed{user: "ULE", command: "report", text: "city 2019"}); err != nil {
		t.Fatal(err)
	}
	if got := chartsOf(r.Reply); len(got) != 1 || len(got[0].Categories) != 4 {
		t.Errorf("next year is drawn as %+v", got)
	}
}

// Every chart keeps to what Chart promises, whatever the bodies are called.
func TestChartsKeepTheirLimits(t *testing.T) {
	a, _ := city(t)
	g := group{name: strings.Repeat("一个很长的组名", 9)}
	for range 24 {
		long := reporting.Names{ZhCN: strings.Repeat("很长的单位名称", 4), ZhTW: strings.Repeat("很長的單位名稱", 4), En: strings.Repeat("A long name of a body ", 4)}
		b := reporting.Body{Name: long, Short: long}
		s := reporting.Standing{Year: 2018, AsOf: on(7, 31), HasQuota: true, Quota: reporting.Quota{Count: 10}}
		g.ranked = append(g.ranked, placed{b, reporting.Ranked{Standing: s, Rank: 1, Of: 24}})
	}
	for _, locale := range reporting.Locales {
		c := &call{locale: locale, now: filingNow, day: on(7, 31)}
		s := g.ranked[0].Standing
		name := g.ranked[0].body.Label(locale)
		for _, ch := range []Chart{
			a.funnelChart(c, name, s), a.progressChart(c, name, s, nil), a.inflowChart(c, name, s, nil),
			a.rankingChart(c, g, 2018), a.groupsChart(c, []group{g, g}, 2018),
		} {
			checkChart(t, ch)
		}
		ranking := a.rankingChart(c, g, 2018)
		if len(ranking.Categories) != 20 || !strings.Contains(ranking.X, "24") {
			t.Errorf("in %s a long group shows %d of 24: %q", locale, len(ranking.Categories), ranking.X)
		}
	}
}

func checkChart(t *testing.T, ch Chart) {
	t.Helper()
	long := func(s string, most int) bool { return s == "" || utf8.RuneCountInString(s) > most }
	seen := map[string]bool{}
	for _, label := range ch.Categories {
		if long(label, 20) || seen[label] {
			t.Errorf("%s: label %q is long, empty or there twice", ch.Title, label)
		}
		seen[label] = true
	}
	for _, s := range ch.Series {
		if long(s.Name, 20) || len(s.Values) != len(ch.Categories) {
			t.Errorf("%s: series %q of %d values for %d labels", ch.Title, s.Name, len(s.Values), len(ch.Categories))
		}
	}
	if long(ch.Title, 50) || long(ch.Y, 50) || len(ch.Categories) > 20 || len(ch.Series) > 6 || len(ch.Instead) == 0 {
		t.Errorf("a chart outside its limits: %+v", ch)
	}
}

func chartsOf(r *Reply) []Chart {
	var out []Chart
	for _, p := range r.Parts {
		if ch, ok := p.(Chart); ok {
			out = append(out, ch)
		}
	}
	return out
}
