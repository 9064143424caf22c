package bot

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

var update = flag.Bool("update", false, "write golden files")

// golden compares v with testdata/<name>.json.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Error(diff)
	}
}

const nasty = "<!channel> *x* =1+1"

func TestReplyGoldens(t *testing.T) {
	plain, bold := commands.Plain, commands.Bold
	replies := map[string]*commands.Reply{
		"card": {InChannel: true, Text: nasty + " & co", Parts: []commands.Part{
			commands.Heading(nasty),
			commands.Facts{
				{Label: "编号", Value: []commands.Span{plain("CC-2018-0007")}},
				{Label: "申报人", Value: []commands.Span{{User: "U1"}, plain(" 于 "), {Channel: "C1"}}},
			},
			commands.Rule{},
			commands.Paragraph{plain(nasty + " "), bold("3.2亿元"), {Text: "c", Code: true}, {Text: "i", Italic: true, Strike: true}},
			commands.Buttons{
				{Action: "review.approve", Value: "CC-2018-0007@3", Label: "核实", Style: "primary",
					Confirm: &commands.Confirm{Title: "核实？", Text: nasty, Yes: "核实", No: "再看看"}},
				{Action: "review.return", Value: "CC-2018-0007@3", Label: "退回", Style: "danger"},
				{Action: "review.return", Value: "CC-2018-0008@1", Label: "退回", Style: "loud"},
				{Label: "规划", URL: "https://example.org/plan"},
				{Label: "坏链接", URL: "javascript:alert(1)"},
			},
			commands.Note{plain("截至 2018-03-05 " + nasty)},
		}},
		"table": {Text: "2018", Parts: []commands.Part{
			commands.Table{
				Columns: []commands.Column{{Title: "单位"}, {Title: "指标", Right: true}},
				Rows:    [][]string{{nasty, "12"}, {"", "3"}, {"只有一列"}, {"多", "4", "5"}},
			},
			commands.Table{
				Columns: []commands.Column{{Title: "单位"}, {Title: "指标", Right: true}},
				Rows:    [][]string{{"净月", "12"}, {"Nong'an", "3"}},
			},
			commands.Note{plain("见 "), {Channel: "C1"}, {Text: nasty, URL: "https://example.org"}},
		}},
		"bullets": {Parts: []commands.Part{
			commands.Paragraph{plain("第一句"), plain("")},
			commands.Paragraph{},
			commands.Bullets{{bold("一"), plain(nasty)}, {}, {{URL: "https://example.org"}}},
			commands.Facts{}, commands.Heading(" "), commands.Buttons{}, commands.Note{},
		}},
	}
	b := New(&fakeApp{words: testWords(t)}, nil, Config{})
	for name, r := range replies {
		t.Run(name, func(t *testing.T) { golden(t, name, b.message(reporting.ZhCN, r)) })
	}
	t.Run("home", func(t *testing.T) {
		golden(t, "home", b.draft(reporting.En, homeLimits, replies["table"].Parts))
	})
}

// extreme is more of everything than Slack takes.
func extreme() *commands.Reply {
	long := strings.Repeat("长", 3000)
	rows := make([][]string, 300)
	for i := range rows {
		rows[i] = []string{fmt.Sprint(i), nasty, strings.Repeat("表", 500), ""}
	}
	var buttons commands.Buttons
	for range 60 {
		buttons = append(buttons, commands.Button{
			Action: "project.show", Value: strings.Repeat("v", 3000), Label: strings.Repeat("按", 90), URL: "https://" + strings.Repeat("u", 4000),
			Confirm: &commands.Confirm{Title: long, Text: long, Yes: long, No: long},
		})
	}
	columns := []commands.Column{{Title: nasty}, {Title: ""}, {Title: "c", Right: true}, {Title: long}}
	for i := range 30 {
		columns = append(columns, commands.Column{Title: fmt.Sprint(i)})
	}
	r := &commands.Reply{Text: long + nasty, Parts: []commands.Part{
		commands.Heading(long), commands.Paragraph{commands.Plain(nasty)},
		commands.Table{Columns: columns, Rows: rows}, commands.Table{Columns: columns[:4], Rows: rows},
		commands.Paragraph{commands.Plain(long), commands.Bold(long)},
	}}
	for range 80 {
		r.Parts = append(r.Parts, commands.Rule{}, commands.Paragraph{commands.Plain(long)},
			commands.Bullets{{commands.Plain(long)}}, commands.Facts{{Label: long, Value: []commands.Span{commands.Plain(long)}}})
	}
	r.Parts = append(r.Parts, buttons, commands.Note{commands.Plain(long)})
	return r
}

// measure walks drawn JSON and calls see with every string and the key it
// stands under.
func measure(v any, key string, see func(key, s string)) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			measure(inner, k, see)
		}
	case []any:
		for _, inner := range v {
			measure(inner, key, see)
		}
	case string:
		see(key, v)
	}
}

// within fails the test where blocks break Slack's limits.
func within(t *testing.T, blocks []slack.Block, lim limits) (all string) {
	t.Helper()
	raw, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	var drawn []map[string]any
	if err := json.Unmarshal(raw, &drawn); err != nil {
		t.Fatal(err)
	}
	if len(drawn) > lim.blocks || len(drawn) == 0 {
		t.Errorf("%d blocks", len(drawn))
	}
	total, tables, charts, ids := 0, 0, 0, map[string]bool{}
	most := map[string]int{"text": blockText, "action_id": 255, "value": valueText, "url": urlText, "block_id": 255}
	for _, block := range drawn {
		measure(block, "", func(key, s string) {
			if n := runes(s); most[key] > 0 && (n > most[key] || n == 0) {
				t.Errorf("%s of %d", key, n)
			}
			if key == "text" {
				total += runes(s)
				all += s + "\n"
			}
			if key == "action_id" || key == "block_id" {
				if ids[s] {
					t.Errorf("%s %s twice", key, s)
				}
				ids[s] = true
			}
			if s == "mrkdwn" {
				t.Error("markup is drawn")
			}
		})
		switch block["type"] {
		case "header":
			if n := runes(block["text"].(map[string]any)["text"].(string)); n > headingText {
				t.Errorf("header of %d", n)
			}
		case "actions":
			if n := len(block["elements"].([]any)); n > rowButtons || n == 0 {
				t.Errorf("%d buttons", n)
			}
		case "data_visualization":
			charts++
		case "data_table":
			rows := block["rows"].([]any)
			if len(rows) < 2 || len(rows) > dataRows || len(rows[0].([]any)) > tableColumns || block["caption"] == "" {
				t.Errorf("data table of %d rows, %d columns, caption %q", len(rows), len(rows[0].([]any)), block["caption"])
			}
		case "table":
			tables++
			rows := block["rows"].([]any)
			if len(rows) > tableRows || len(rows[0].([]any)) > tableColumns || len(block["column_settings"].([]any)) > tableColumns {
				t.Errorf("table of %d rows, %d columns", len(rows), len(rows[0].([]any)))
			}
		}
	}
	if total > lim.runes || tables > 1 || charts > lim.charts {
		t.Errorf("%d code points, %d tables, %d charts", total, tables, charts)
	}
	return all
}

func TestExtremeReplyStaysWithinLimits(t *testing.T) {
	b := New(&fakeApp{words: testWords(t)}, nil, Config{})
	r := extreme()
	m := b.message(reporting.ZhCN, r)
	all := within(t, m.Blocks, messageLimits)
	if !strings.Contains(all, nasty) || !strings.Contains(all, b.words.Say(reporting.ZhCN, "reply.truncated")) {
		t.Error("the text or the note that it was cut is missing")
	}
	if runes(m.Text) > 4000 || strings.Contains(m.Text, "<") {
		t.Errorf("text of %d", runes(m.Text))
	}
	within(t, b.draft(reporting.En, homeLimits, r.Parts), homeLimits)
}

func TestButtonsAndNotesOutliveTheRest(t *testing.T) {
	b := New(&fakeApp{words: testWords(t)}, nil, Config{})
	r := &commands.Reply{}
	for range 100 {
		r.Parts = append(r.Parts, commands.Paragraph{commands.Plain(strings.Repeat("长", 200))})
	}
	r.Parts = append(r.Parts, commands.Buttons{{Action: "a", Label: "核实"}}, commands.Note{commands.Plain("截至今天")})
	all := within(t, b.message(reporting.ZhCN, r).Blocks, messageLimits)
	for _, want := range []string{"核实", "截至今天", b.words.Say(reporting.ZhCN, "reply.truncated")} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestFormGolden(t *testing.T) {
	view, err := modal(&commands.Form{
		ID: "project.page1", Title: strings.Repeat("题", 30), Submit: "下一页", Close: "关闭", State: `{"draft":"d<7>"}`,
		Locale: reporting.ZhCN, KeepDraft: true,
		Fields: []commands.Field{
			{Kind: commands.InfoField, Text: []commands.Span{commands.Plain(nasty)}},
			{ID: "name", Kind: commands.TextField, Label: "项目名称", Hint: "正式名称", Placeholder: "例如", Value: nasty, MaxLen: 100},
			{ID: "content", Kind: commands.LongField, Label: "内容", Value: strings.Repeat("长", 20), MaxLen: 10, Optional: true},
			{ID: "route", Kind: commands.SelectField, Label: "途径", Value: "b", Live: true,
				Options: []commands.Option{{Value: "a", Label: "甲"}, {Value: "b", Label: strings.Repeat("乙", 80), Description: "说明"}}},
			{ID: "path", Variant: "b", Kind: commands.SelectField, Label: "路径", Placeholder: "先选途径"},
			{ID: "body", Kind: commands.SearchField, Label: "单位", Chosen: &commands.Option{Value: "jingyue", Label: "净月"}},
			{ID: "who", Kind: commands.PersonField, Label: "责任人", Value: "U0WANG"},
			{ID: "day", Kind: commands.DateField, Label: "办结日期", Placeholder: "选择日期", Value: "2018-08-10"},
			{ID: "anybody", Kind: commands.PersonField, Label: "联系人", Optional: true},
			{ID: "any day", Kind: commands.DateField, Label: "日期", Optional: true},
			{ID: "rest", Kind: commands.InfoField},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "form", view)
}

func TestFormsThatSlackWouldRefuse(t *testing.T) {
	many := make([]commands.Field, 101)
	tests := []struct {
		name string
		form commands.Form
	}{
		{"long state", commands.Form{ID: "f", State: strings.Repeat(`"`, 1600)}},
		{"one field twice", commands.Form{ID: "f", Fields: []commands.Field{{ID: "a"}, {ID: "a", Variant: "2"}}}},
		{"too many fields", commands.Form{ID: "f", Fields: many}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := modal(&tt.form); err == nil || !strings.Contains(err.Error(), "form f") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestClip(t *testing.T) {
	tests := []struct {
		s    string
		most int
		want string
	}{
		{"长春市", 3, "长春市"}, {"长春市", 2, "长…"}, {"长春市", 1, "…"}, {"长春市", 0, ""}, {"", 0, ""},
	}
	for _, tt := range tests {
		if got := clip(tt.s, tt.most); got != tt.want {
			t.Errorf("clip(%q, %d) = %q", tt.s, tt.most, got)
		}
	}
}
