package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFaultMoney types amounts into the real form.
func TestFaultMoney(t *testing.T) {
	bothWaysIn(t, func(t *testing.T, m *mouhua, _ *sql.DB) {
		m.serve()
		wang := m.as(officialJY)
		wang.opens(channelJY, "/project register", "净月高新区")
		wang.fills(goodPage1...)
		for _, tt := range []struct {
			typed string
			echo  string   // what the form says that it read
			wrong []string // what stands at the field, nil when it is taken
		}{
			{"三亿", "30,000 万元", nil},
			{"3.2亿", "32,000 万元", nil},
			{"32000", "32,000 万元", nil},
			{"３．２亿元", "32,000 万元", nil},
			{"-5", "", []string{"大于零"}},
			{"1e9", "", []string{"1e9", "没有读成金额"}},
			{"3.2", "", []string{"3.2 万元", "3.2 亿元"}},
			{"3200000000000", "", []string{"万元", "亿元", "单位"}},
		} {
			wang.fills([2]string{"invest", tt.typed})
			if tt.echo != "" {
				wang.form(tt.echo)
			}
			wrong := wang.submits()
			for _, want := range tt.wrong {
				if !strings.Contains(wrong["invest"], want) {
					t.Errorf("%s: told %v, want %q", tt.typed, wrong, want)
				}
			}
			if (len(wrong) > 0) != (tt.wrong != nil) {
				t.Errorf("%s: errors %v", tt.typed, wrong)
			}
			v := wang.Views()
			if !strings.Contains(flat(v[0].State), `"value":"`+tt.typed+`"`) {
				t.Errorf("%s was lost: %s", tt.typed, flat(v[0].State))
			}
			if len(v) == 2 {
				if err := wang.CloseView(wang.ctx, v[1].ID, false); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// TestFaultHostileName files a project whose name is markup and a formula, and
// looks at every place that shows it.
func TestFaultHostileName(t *testing.T) {
	const name = "<!channel> *x* =1+1"
	bothWaysIn(t, func(t *testing.T, m *mouhua, db *sql.DB) {
		m.serve()
		wang, zhao := m.as(officialJY), m.as(reviewer)
		wang.fillsBoth([2]string{"name", name})
		wang.passes()
		zhao.sees(officeRoom, "review.approve")
		zhao.types(officeRoom, "/review queue", "x")
		zhao.types(officeRoom, "/project show 0001", "x")
		zhao.types(officeRoom, "/project list", "x")
		wang.types(channelJY, "/project mine", "x")
		zhao.types(officeRoom, "/review return 0001 <!here> *原因*", "原因")
		wang.sees(wang.dm(), "原因")
		m.told(db)
		for who, channels := range map[somebody][]string{wang: {channelJY, wang.dm()}, zhao: {officeRoom}} {
			for _, c := range channels {
				for _, msg := range who.Messages(c) {
					if !msg.Bot {
						continue
					}
					// As plain text it is escaped; in blocks it may stand only in text
					// objects that Slack does not read markup in.
					if strings.Contains(msg.Text, "<!") {
						t.Errorf("could ping: %q", msg.Text)
					}
					if broken := markup(msg.Blocks); broken != "" {
						t.Errorf("markup in %s", broken)
					}
				}
			}
		}
		if n := zhao.says(officeRoom, "&lt;!channel&gt; *x* =1+1"); n == 0 {
			t.Error("the name is nowhere told as it was typed")
		}
	})
}

// markup returns a mrkdwn text that holds an unescaped mention, or "".
func markup(v any) string {
	switch v := v.(type) {
	case []map[string]any:
		for _, x := range v {
			if s := markup(x); s != "" {
				return s
			}
		}
	case []any:
		for _, x := range v {
			if s := markup(x); s != "" {
				return s
			}
		}
	case map[string]any:
		if text, _ := v["text"].(string); v["type"] == "mrkdwn" && strings.Contains(text, "<!") {
			return text
		}
		for _, x := range v {
			if s := markup(x); s != "" {
				return s
			}
		}
	}
	return ""
}

// TestFaultRawForms sends forms that no client would: a field missing, over
// its limit, or with a choice that is not offered.
func TestFaultRawForms(t *testing.T) {
	url := freshPostgres(t)
	m := newMouhua(t, "http", url)
	prepare(m, thisYear())
	m.serve()
	db := look(t, "postgres", url)
	wang := m.as(officialJY)
	page2 := wang.fillsBoth()
	page1 := wang.Views()[0]
	long := strings.Repeat("长", 10_000)
	for _, tt := range []struct {
		name  string
		page  int
		typed map[string]string
		want  map[string]string // part of the text at each field
	}{
		{"page 2 with nothing in it", 2, map[string]string{"content": "", "nature": "", "industry": "", "programme": "", "start": "", "finish": "", "milestone": "", "evidence": "", "contact": ""},
			map[string]string{"content": "请填写", "nature": "请填写", "industry": "请填写", "start": "请填写", "finish": "请填写", "milestone": "请填写", "evidence": "请填写", "contact": "请填写"}},
		{"over the limits of page 2", 2, map[string]string{"content": long, "evidence": long, "contact": long, "start": long},
			map[string]string{"content": "10000", "evidence": "10000", "contact": "10000", "start": "10000"}},
		{"choices of page 2 that are not offered", 2, map[string]string{"nature": "x", "industry": "x", "milestone": "x", "programme": "P9"},
			map[string]string{"nature": "重新选择", "industry": "重新选择", "milestone": "重新选择", "programme": "重新选择"}},
		{"page 1 with nothing in it", 1, map[string]string{"name": "", "territory": "", "lead_dept": "", "location": "", "owner": "", "route": "", "path": "", "path_detail": "", "invest": ""},
			map[string]string{"name": "请填写", "territory": "请填写", "location": "请填写", "owner": "请填写", "route": "请填写", "path": "请填写", "invest": "请填写"}},
		{"a field missing", 1, map[string]string{"owner": ""}, map[string]string{"owner": "请填写"}},
		{"over the limits of page 1", 1, map[string]string{"name": long, "location": long, "invest": strings.Repeat("9", 10_000)},
			map[string]string{"name": "10000", "location": "10000", "invest": "最多 40 个字"}},
		{"choices that are not offered", 1, map[string]string{"territory": "atlantis", "lead_dept": "jingyue", "route": "R9", "path": "R1.99"},
			map[string]string{"territory": "属地", "lead_dept": "部门", "route": "重新选择", "path": "请填写"}},
		{"text that no database takes", 1, map[string]string{"name": "a\x00b\ufffe\u2028", "owner": "\x00"}, map[string]string{"owner": "请填写"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			view := typedInto(page1, tt.typed)
			if tt.page == 2 {
				view = typedInto(page2, tt.typed)
			}
			status, answer := m.signed("/slack/interactions", interaction("view_submission", officialJY, map[string]any{"view": view}))
			got := refusals(t, answer)
			if status != http.StatusOK || len(got) != len(tt.want) {
				t.Errorf("status %d, errors %v", status, got)
			}
			for field, want := range tt.want {
				if !strings.Contains(got[field], want) {
					t.Errorf("%s: told %q, want %q", field, got[field], want)
				}
			}
			for field, text := range got {
				if len([]rune(text)) > 200 {
					t.Errorf("%s: told %d characters", field, len([]rune(text)))
				}
			}
		})
	}
	if n := count(t, db, `SELECT COUNT(*) FROM projects`); n != 0 {
		t.Errorf("%d projects were filed", n)
	}

	// The draft with 10,000 characters opens, with as much as a field can hold.
	m.signed("/slack/interactions", interaction("view_submission", officialJY, map[string]any{"view": typedInto(page1, map[string]string{"name": long})}))
	wang.closes()
	offer := wang.types(channelJY, "/project register", "project.continue")
	wang.presses(offer, "project.continue")
	wang.form(strings.Repeat("长", 1000))
	if text := m.logs.String(); strings.Contains(text, "request failed") || strings.Contains(text, "长长长") {
		t.Errorf("logged an internal error or what was typed")
	}
}

// TestFaultUnknownIDs sends commands, buttons and forms that are not there, and
// texts that are no text. All are told so; none costs a metric of its own.
func TestFaultUnknownIDs(t *testing.T) {
	m := newMouhua(t, "http", freshPostgres(t))
	prepare(m, thisYear())
	m.serve()
	wang := m.as(officialJY)
	wang.types(channelJY, "/quota", "65") // and the language is known

	command := func(name, text string) string {
		_, answer := m.signed("/slack/commands", url.Values{
			"command": {name}, "text": {text}, "user_id": {officialJY}, "channel_id": {channelJY}, "trigger_id": {"1.2"},
		}.Encode())
		var said struct{ Text string }
		if answer != "" {
			if err := json.Unmarshal([]byte(answer), &said); err != nil {
				t.Errorf("%s %q: answered %q", name, text, answer)
			}
		}
		return said.Text
	}
	for i := range 3 {
		if got := command(fmt.Sprint("/canary", i), ""); !strings.Contains(got, "/mouhua help") {
			t.Errorf("unknown command: told %q", got)
		}
	}
	for _, name := range []string{"/project", "/quota", "/report", "/review", "/nudge", "/body", "/mouhua"} {
		for _, text := range []string{"\xff\x00", "show \xff\x00", "list \x00", "净月 \xff", strings.Repeat("长", 10_000), "show " + strings.Repeat("9", 10_000), "' OR 1=1 --"} {
			if got := command(name, text); strings.Contains(got, "编号 ") && strings.Contains(got, "抱歉") || len([]rune(got)) > 3000 {
				t.Errorf("%s %.20q: told %.100q", name, text, got)
			}
		}
	}

	answers := make(chan string, 10)
	responses := newReceiver(t, answers)
	for i := range 3 {
		status, answer := m.signed("/slack/interactions", interaction("block_actions", officialJY, map[string]any{
			"response_url": responses, "channel": map[string]any{"id": channelJY}, "container": map[string]any{"type": "message"},
			"actions": []any{map[string]any{"type": "button", "block_id": "b", "action_id": fmt.Sprint("canary.", i), "value": "x"}},
		}))
		if got := <-answers; status != http.StatusOK || answer != "" || !strings.Contains(got, "按钮已经停用") {
			t.Errorf("unknown button: %d %q, told %s", status, answer, got)
		}
	}
	page := wang.opens(channelJY, "/project register", "净月高新区")
	page.CallbackID = "canary.form"
	_, answer := m.signed("/slack/interactions", interaction("view_submission", officialJY, map[string]any{"view": page}))
	if got := refusals(t, answer); !strings.Contains(flat(got), "这张表已经停用") {
		t.Errorf("unknown form: told %v", got)
	}
	_, answer = m.signed("/slack/options", interaction("block_suggestion", officialJY, map[string]any{"view": page, "action_id": "canary", "block_id": "canary", "value": "净"}))
	if diff := cmp.Diff(`{"options":[]}`, answer); diff != "" {
		t.Errorf("search in an unknown form: %s", diff)
	}
	if status, _ := m.signed("/slack/interactions", interaction("view_closed", officialJY, map[string]any{"view": page})); status != http.StatusOK {
		t.Errorf("unknown form closed: %d", status)
	}
	if _, metrics := get(t, "http://"+m.addr+"/metrics"); strings.Contains(metrics, "canary") {
		t.Error("what is unknown has a metric of its own")
	}
	if strings.Contains(m.logs.String(), "request failed") {
		t.Error("something failed inside")
	}
}
