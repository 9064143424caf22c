package bot

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

func funnel() commands.Chart {
	return commands.Chart{
		Kind: commands.BarChart, Title: "Funnel", Categories: []string{"S1", "S2"}, X: "stage", Y: "projects",
		Series:  []commands.Series{{Name: "verified", Values: []float64{14, 8.5}}},
		Instead: []commands.Part{commands.Paragraph{commands.Plain("S1 14, S2 8.5")}},
	}
}

// league is a table long enough to be paged.
func league() commands.Table {
	t := commands.Table{Caption: "Quotas 2018", Columns: []commands.Column{{Title: "group"}, {Title: "body"}, {Title: "done", Right: true}, {Title: "money", Right: true}}}
	for i := range 40 {
		t.Rows = append(t.Rows, []string{"zones", fmt.Sprint("body ", i), fmt.Sprintf("%d.5%%", i), "3 亿"})
	}
	t.Rows[39][2] = "—"
	return t
}

func drawnReply() *commands.Reply {
	return &commands.Reply{Text: "words", InChannel: true, Parts: []commands.Part{commands.Heading("h"), funnel(), league()}}
}

// types are the types of blocks that a call brings, of a form or of JSON.
func types(t *testing.T, c call) (out []string) {
	t.Helper()
	blocks := c.body["blocks"]
	if s, ok := blocks.(string); ok {
		if err := json.Unmarshal([]byte(s), &blocks); err != nil {
			t.Fatal(err)
		}
	}
	list, _ := blocks.([]any)
	for _, block := range list {
		out = append(out, block.(map[string]any)["type"].(string))
	}
	return out
}

func TestChartGoldens(t *testing.T) {
	two := []commands.Series{{Name: "done", Values: []float64{1, 2}}, {Name: "due", Values: []float64{1.5, -3}}}
	charts := commands.Reply{Parts: []commands.Part{
		commands.Chart{Kind: commands.LineChart, Title: nasty, Categories: []string{"Jan", "Feb"}, Series: two},
		commands.Chart{Kind: commands.PieChart, Title: "Pie", Categories: []string{"a", "b"}, Series: two[:1]},
		commands.Chart{Kind: commands.AreaChart, Title: "Third", Categories: []string{"Jan", "Feb"}, Series: two, Instead: funnel().Instead},
	}}
	table := league()
	table.Rows = table.Rows[18:]
	b := New(&fakeApp{words: testWords(t)}, nil, Config{})
	golden(t, "charts", b.message(reporting.En, &charts))
	golden(t, "datatable", b.message(reporting.En, &commands.Reply{Text: "t", Parts: []commands.Part{table}}))
}

// What Slack would refuse is said in words instead.
func TestChartOutsideTheLimits(t *testing.T) {
	for name, spoil := range map[string]func(*commands.Chart){
		"long title":        func(c *commands.Chart) { c.Title = strings.Repeat("长", 51) },
		"no title":          func(c *commands.Chart) { c.Title = "" },
		"long label":        func(c *commands.Chart) { c.Categories[0] = strings.Repeat("长", 21) },
		"label twice":       func(c *commands.Chart) { c.Categories[0] = c.Categories[1] },
		"nothing":           func(c *commands.Chart) { c.Categories, c.Series[0].Values = nil, nil },
		"values missing":    func(c *commands.Chart) { c.Series[0].Values = []float64{1} },
		"long name":         func(c *commands.Chart) { c.Series[0].Name = strings.Repeat("n", 21) },
		"name twice":        func(c *commands.Chart) { c.Series = append(c.Series, c.Series[0]) },
		"no series":         func(c *commands.Chart) { c.Series = nil },
		"no number":         func(c *commands.Chart) { c.Series[0].Values[0] = math.NaN() },
		"endless":           func(c *commands.Chart) { c.Series[0].Values[0] = math.Inf(1) },
		"long axis":         func(c *commands.Chart) { c.X = strings.Repeat("x", 51) },
		"a kind of its own": func(c *commands.Chart) { c.Kind = "radar" },
		"pie of nothing":    func(c *commands.Chart) { c.Kind, c.Series[0].Values[0] = commands.PieChart, 0 },
		"pie of two": func(c *commands.Chart) {
			c.Kind, c.Series = commands.PieChart, append(c.Series, commands.Series{Name: "b", Values: []float64{1, 1}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := funnel()
			spoil(&c)
			b := New(&fakeApp{words: testWords(t)}, nil, Config{})
			m := b.message(reporting.En, &commands.Reply{Text: "t", Parts: []commands.Part{c}})
			raw, err := json.Marshal(m)
			if err != nil || len(m.pictures()) > 0 || !strings.Contains(string(raw), "S1 14") {
				t.Errorf("drawn as %s, %v", raw, err)
			}
		})
	}
	b := New(&fakeApp{words: testWords(t)}, nil, Config{})
	if home := b.draft(reporting.En, homeLimits, drawnReply().Parts); slices.ContainsFunc(home, func(b slack.Block) bool { return slices.Contains(pictures, b.BlockType()) }) {
		t.Error("a picture on App Home")
	}
}

var refusedChart = `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] unsupported type: data_visualization [json-pointer:/blocks/1/type]"]}}`

// ways are all ways out for a drawn reply: how it is brought, and by which call
// of Slack's it goes.
var ways = map[string]struct {
	method string
	bring  func(*testing.T, *rig)
}{
	"slash command": {"respond", func(_ *testing.T, r *rig) {
		if body := r.command("/report", "").Body.String(); body != "" {
			panic("acknowledged with " + body)
		}
	}},
	"button": {"respond", func(_ *testing.T, r *rig) {
		r.interact(map[string]any{
			"type": "block_actions", "user": map[string]any{"id": "U1"}, "trigger_id": "T1", "response_url": r.slack.URL + "/respond",
			"actions": []any{map[string]any{"type": "button", "action_id": "report.show", "block_id": "b"}},
		})
	}},
	"mention": {"chat.postMessage", func(_ *testing.T, r *rig) {
		r.event(rand.Text(), map[string]any{"type": "app_mention", "user": "U1", "text": "<@UBOT> report", "channel": "C1", "ts": "1.1"})
	}},
	"private answer": {"chat.postEphemeral", func(_ *testing.T, r *rig) {
		r.app.ask = func(context.Context, commands.Request) (commands.Response, error) {
			reply := drawnReply()
			reply.InChannel = false
			return commands.Response{Reply: reply}, nil
		}
		r.event(rand.Text(), map[string]any{"type": "app_mention", "user": "U1", "text": "<@UBOT> report", "channel": "C1", "ts": "1.1"})
	}},
	"button in a thread": {"chat.postEphemeral", func(_ *testing.T, r *rig) {
		reply := drawnReply()
		reply.InChannel = false
		r.app.press = func(context.Context, commands.Press) (commands.Response, error) {
			return commands.Response{Reply: reply}, nil
		}
		r.interact(map[string]any{
			"type": "block_actions", "user": map[string]any{"id": "U1"}, "trigger_id": "T1", "response_url": r.slack.URL + "/respond",
			"channel": map[string]any{"id": "C1"}, "message": map[string]any{"ts": "2.2", "thread_ts": "1.1"},
			"container": map[string]any{"type": "message", "channel_id": "C1", "message_ts": "2.2", "thread_ts": "1.1"},
			"actions":   []any{map[string]any{"type": "button", "action_id": "report.show", "block_id": "b"}},
		})
	}},
	"form": {"chat.postMessage", func(_ *testing.T, r *rig) { r.interact(submission("project.page1", nil, "name")) }},
	"outbox": {"chat.postMessage", func(t *testing.T, r *rig) {
		m, _ := nudge()
		if got := r.Deliver(t.Context(), m); got.Outcome != reporting.Sent {
			t.Errorf("receipt %+v", got)
		}
	}},
	"edit": {"chat.update", func(t *testing.T, r *rig) {
		if got := r.Deliver(t.Context(), edit()); got.Outcome != reporting.Sent {
			t.Errorf("receipt %+v", got)
		}
	}},
}

func picturing(t *testing.T) *rig {
	r := newRig(t, nil)
	answer := commands.Response{Reply: drawnReply()}
	r.app.command = func(context.Context, commands.Request) (commands.Response, error) { return answer, nil }
	r.app.press = func(context.Context, commands.Press) (commands.Response, error) { return answer, nil }
	r.app.ask = func(context.Context, commands.Request) (commands.Response, error) { return answer, nil }
	r.app.submit = func(context.Context, commands.Input) (commands.SubmitResult, error) {
		return commands.SubmitResult{Tell: drawnReply()}, nil
	}
	r.app.compose = func(context.Context, reporting.Message) (commands.Outgoing, error) {
		return commands.Outgoing{Channel: "C1", Reply: drawnReply()}, nil
	}
	return r
}

// On every way out a refused picture is said in words, once, and for an hour no
// other is tried; a kind that was not refused is still drawn.
func TestRefusedPictureIsSaidInWords(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			r := picturing(t)
			r.slack.say(way.method, refusedChart, `{"ok":true,"channel":"C1","ts":"100.000001","message_ts":"100.000001"}`)
			way.bring(t, r)
			first, second := r.slack.next(t, way.method), r.slack.next(t, way.method)
			if diff := cmp.Diff([]string{"header", "data_visualization", "data_table"}, types(t, first)); diff != "" {
				t.Errorf("tried first (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"header", "rich_text", "data_table"}, types(t, second)); diff != "" {
				t.Errorf("then (-want +got):\n%s", diff)
			}
			if first.body["text"] != "words" || second.body["text"] != "words" {
				t.Errorf("texts %q and %q", first.body["text"], second.body["text"])
			}
			r.work.Wait() // until the refusal is noted
			way.bring(t, r)
			if diff := cmp.Diff([]string{"header", "rich_text", "data_table"}, types(t, r.slack.next(t, way.method))); diff != "" {
				t.Errorf("the next message (-want +got):\n%s", diff)
			}
			r.shut(t)
			r.slack.none(t, way.method)
			if n := strings.Count(r.log.String(), "pictures refused"); n != 1 {
				t.Errorf("%d lines in the log:\n%s", n, r.log)
			}
		})
	}
}

// However Slack words it, what is refused for its blocks is posted once more and
// no more than once.
func TestWordsOfRefusals(t *testing.T) {
	bare := func(code int, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(code)
			_, _ = w.Write([]byte(body))
		}
	}
	for name, c := range map[string]struct {
		refuse func(http.ResponseWriter)
		want   []string // the second post
		hour   bool     // pictures stay away
	}{
		"both, nothing is pointed at":  {refusal("invalid_blocks"), []string{"header", "rich_text", "table"}, true},
		"a code as text":               {bare(400, "invalid_blocks"), []string{"header", "rich_text", "table"}, true},
		"a code in JSON with a status": {bare(400, `{"ok":false,"error":"invalid_blocks_format"}`), []string{"header", "rich_text", "table"}, true},
		"a page":                       {bare(400, "<html>Bad Request</html>"), []string{"header", "rich_text", "table"}, false},
		"a payload":                    {bare(400, "invalid_payload"), []string{"header", "rich_text", "table"}, true},
		"a type":                       {refusal("unsupported_block_type"), []string{"header", "rich_text", "table"}, true},
		"too long":                     {refusal("msg_blocks_too_long"), []string{"header", "rich_text", "table"}, false},
		"an address that is used up":   {bare(404, "used_url"), nil, false},
		"no right to post":             {refusal("restricted_action"), nil, false},
		"the wrong block is pointed at": {func(w http.ResponseWriter) {
			_, _ = w.Write([]byte(strings.Replace(refusedChart, "blocks/1", "blocks/0", 1)))
		}, []string{"header", "rich_text", "table"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := picturing(t)
			tried := 0
			r.slack.handle("respond", func(w http.ResponseWriter) {
				if tried++; tried == 1 {
					w.Header().Set("Content-Type", "application/json")
					c.refuse(w)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`{"ok":true}`))
			})
			ways["button"].bring(t, r)
			r.slack.next(t, "respond")
			if c.want != nil {
				if diff := cmp.Diff(c.want, types(t, r.slack.next(t, "respond"))); diff != "" {
					t.Errorf("posted (-want +got):\n%s", diff)
				}
			}
			r.shut(t)
			r.slack.none(t, "respond")
			if got := strings.Contains(r.log.String(), "pictures refused"); got != c.hour {
				t.Errorf("pictures stay away: %v, want %v\n%s", got, c.hour, r.log)
			}
		})
	}
}

// The hour ends, and what is refused without its pictures, too, has nothing to
// do with them.
func TestPicturesAreTriedAgain(t *testing.T) {
	now := testNow
	r := newRig(t, func(c *Config) { c.Now = func() time.Time { return now } })
	r.app.compose = func(context.Context, reporting.Message) (commands.Outgoing, error) {
		return commands.Outgoing{Channel: "C1", Reply: drawnReply()}, nil
	}
	ok := `{"ok":true,"channel":"C1","ts":"100.000001"}`
	bad := `{"ok":false,"error":"invalid_blocks"}`
	r.slack.say("chat.postMessage", bad, bad, ok, ok, bad, ok)
	m, _ := nudge()
	post := func(want ...string) {
		t.Helper()
		if got := r.Deliver(t.Context(), m); got.Outcome != reporting.Sent {
			t.Errorf("receipt %+v", got)
		}
		for _, w := range want {
			if got := strings.Join(types(t, r.slack.next(t, "chat.postMessage")), " "); got != w {
				t.Errorf("posted %q, want %q", got, w)
			}
		}
	}
	pictured, words := "header data_visualization data_table", "header rich_text table"
	post(pictured, words, "") // refused twice: our bug, plain text
	post(pictured)
	post(pictured, words)
	post(words)
	now = now.Add(59 * time.Minute)
	post(words)
	now = now.Add(time.Minute)
	post(pictured)
}
