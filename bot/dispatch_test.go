package bot

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// submission is a view_submission of a form whose blocks are given, with a
// variant or without.
func submission(form string, values map[string]string, blocks ...string) map[string]any {
	state, drawn := map[string]any{}, []any{}
	for _, block := range blocks {
		field := fieldOf(block)
		drawn = append(drawn, map[string]any{
			"type": "input", "block_id": block, "label": map[string]any{"type": "plain_text", "text": "l"},
			"element": map[string]any{"type": "plain_text_input", "action_id": field},
		})
		if values[field] != "" {
			state[block] = map[string]any{field: map[string]any{"type": "plain_text_input", "value": values[field]}}
		}
	}
	return map[string]any{
		"type": "view_submission", "user": map[string]any{"id": "U1"}, "trigger_id": "T1",
		"view": map[string]any{
			"id": "V1", "hash": "h1", "type": "modal", "callback_id": form, "blocks": drawn,
			"private_metadata": `{"state":"draft 7","locale":"zh-TW"}`, "state": map[string]any{"values": state},
		},
	}
}

func TestSubmit(t *testing.T) {
	two := []string{"name", "path.r3"}
	nothing := func(commands.Input) (commands.SubmitResult, error) { return commands.SubmitResult{}, nil }
	tests := []struct {
		name   string
		blocks []string
		submit func(commands.Input) (commands.SubmitResult, error)
		want   map[string]any
	}{
		{"closed", two, nothing, map[string]any{"response_action": "clear"}},
		{"wrong fields", two, func(commands.Input) (commands.SubmitResult, error) {
			return commands.SubmitResult{Errors: map[string]string{"name": "a", "path": "b"}}, nil
		}, map[string]any{"response_action": "errors", "errors": map[string]any{"name": "a", "path.r3": "b"}}},
		{"wrong field of another page", two, func(commands.Input) (commands.SubmitResult, error) {
			return commands.SubmitResult{Errors: map[string]string{"name": "a", "body": "b"}}, nil
		}, map[string]any{"response_action": "errors", "errors": map[string]any{"name": "a\nb"}}},
		{"faults as an error", two, func(commands.Input) (commands.SubmitResult, error) {
			return commands.SubmitResult{}, reporting.FieldErrors{reporting.Fail(reporting.Invalid, "err.required").At("path")}
		}, map[string]any{"response_action": "errors", "errors": map[string]any{"path.r3": "{err.required}"}}},
		{"one fault as an error", two, func(commands.Input) (commands.SubmitResult, error) {
			return commands.SubmitResult{}, reporting.Fail(reporting.Invalid, "err.required").At("name")
		}, map[string]any{"response_action": "errors", "errors": map[string]any{"name": "{err.required}"}}},
		{"database away", two, func(commands.Input) (commands.SubmitResult, error) {
			return commands.SubmitResult{}, reporting.Fail(reporting.Unavailable, "err.database")
		}, map[string]any{"response_action": "errors", "errors": map[string]any{"name": "{err.database}"}}},
		{"no input to show it at", nil, func(commands.Input) (commands.SubmitResult, error) {
			return commands.SubmitResult{}, reporting.Fail(reporting.Conflict, "err.draft.gone")
		}, map[string]any{"response_action": "clear"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.app.submit = func(_ context.Context, in commands.Input) (commands.SubmitResult, error) {
				want := commands.Input{
					User: "U1", FormID: "project.page1", State: "draft 7", Locale: reporting.ZhTW,
					Values: in.Values, Once: "view/V1/h1",
				}
				if diff := cmp.Diff(want, in); diff != "" {
					t.Error(diff)
				}
				return tt.submit(in)
			}
			got := object(t, r.interact(submission("project.page1", map[string]string{"name": "x", "path": "1"}, tt.blocks...)).Body.Bytes())
			if errs, ok := tt.want["errors"].(map[string]any); ok {
				for k, v := range errs {
					if key, isKey := strings.CutPrefix(v.(string), "{"); isKey {
						errs[k] = r.words.Say(reporting.ZhTW, strings.TrimSuffix(key, "}"))
					}
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSubmitReadsValues(t *testing.T) {
	r := newRig(t, nil)
	var got map[string]string
	r.app.submit = func(_ context.Context, in commands.Input) (commands.SubmitResult, error) {
		got = in.Values
		return commands.SubmitResult{}, nil
	}
	p := submission("f", map[string]string{"name": "长春"}, "name", "note")
	p["view"].(map[string]any)["state"].(map[string]any)["values"].(map[string]any)["path.2"] = map[string]any{
		"path": map[string]any{"type": "static_select", "selected_option": map[string]any{
			"value": "p3", "text": map[string]any{"type": "plain_text", "text": "P3"}}},
	}
	r.interact(p)
	if diff := cmp.Diff(map[string]string{"name": "长春", "path": "p3"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSubmitNeverLosesWhatWasTyped(t *testing.T) {
	tests := []struct {
		name   string
		submit func(ctx context.Context) error
		want   string // a part of what is told
	}{
		{"panic", func(context.Context) error { panic("over") }, ""},
		{"internal error", func(context.Context) error { return errors.New("row 7") }, ""},
		{"too slow", func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}, "err.database"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, func(c *Config) { c.Budget = 50 * time.Millisecond })
			r.app.submit = func(ctx context.Context, _ commands.Input) (commands.SubmitResult, error) {
				return commands.SubmitResult{}, tt.submit(ctx)
			}
			got := object(t, r.interact(submission("f", nil, "name")).Body.Bytes())
			errs, _ := got["errors"].(map[string]any)
			text, _ := errs["name"].(string)
			if got["response_action"] != "errors" || text == "" || strings.Contains(text, "row 7") {
				t.Fatalf("answered %v", got)
			}
			if tt.want != "" && text != r.words.Say(reporting.ZhTW, tt.want) {
				t.Errorf("told %q", text)
			}
			r.shut(t)
			if n := strings.Count(r.log.String(), "request failed"); n != 1 {
				t.Errorf("logged %d times", n)
			}
		})
	}
}

func TestSubmitTells(t *testing.T) {
	tests := []struct{ name, in, refusal, method, channel string }{
		{"in the channel", "C7", `{"ok":true}`, "chat.postEphemeral", "C7"},
		{"in a channel without the bot", "C7", `{"ok":false,"error":"not_in_channel"}`, "chat.postMessage", "D1"},
		{"directly", "", "", "chat.postMessage", "D1"},
		{"in a direct message", "D9", "", "chat.postMessage", "D1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			if tt.refusal != "" {
				r.slack.say("chat.postEphemeral", tt.refusal)
			}
			r.app.submit = func(context.Context, commands.Input) (commands.SubmitResult, error) {
				return commands.SubmitResult{Tell: commands.Say("CC-2018-0007"), TellIn: tt.in}, nil
			}
			r.interact(submission("f", nil, "name"))
			if got := r.slack.next(t, tt.method).body; got["channel"] != tt.channel || got["text"] != "CC-2018-0007" {
				t.Errorf("told %v", got)
			}
		})
	}
}

func TestSubmitPushesNextPage(t *testing.T) {
	r := newRig(t, nil)
	form := &commands.Form{ID: "project.page2", Title: "2/2", Locale: reporting.ZhCN, State: "s"}
	r.app.submit = func(context.Context, commands.Input) (commands.SubmitResult, error) {
		return commands.SubmitResult{Next: form}, nil
	}
	got := object(t, r.interact(submission("f", nil, "name")).Body.Bytes())
	view, _ := got["view"].(map[string]any)
	if got["response_action"] != "push" || view["callback_id"] != "project.page2" || view["private_metadata"] != `{"state":"s","locale":"zh-CN"}` {
		t.Errorf("answered %v", got)
	}
}

func changeOf(field, block string) map[string]any {
	p := submission("project.page1", map[string]string{"name": "长"}, "name")
	p["type"] = "block_actions"
	p["container"] = map[string]any{"type": "view", "view_id": "V1"}
	p["actions"] = []any{map[string]any{
		"type": "plain_text_input", "action_id": field, "block_id": block, "value": "长", "action_ts": "1548426417.840180",
	}}
	return p
}

func TestChangeRedrawsForm(t *testing.T) {
	r := newRig(t, nil)
	r.slack.say("views.update", `{"ok":true}`, `{"ok":false,"error":"hash_conflict"}`, `{"ok":true}`)
	r.app.changed = func(_ context.Context, in commands.Input) (*commands.Form, error) {
		want := commands.Input{
			User: "U1", FormID: "project.page1", State: "draft 7", Locale: reporting.ZhTW,
			Values: map[string]string{"name": "长"}, Field: "name", Stamp: 1548426417840180,
		}
		if diff := cmp.Diff(want, in); diff != "" {
			t.Error(diff)
		}
		return &commands.Form{ID: "project.page1", Title: "t", Locale: reporting.ZhTW}, nil
	}
	for range 2 {
		if w := r.interact(changeOf("name", "name")); w.Body.Len() > 0 {
			t.Errorf("acknowledged with %q", w.Body)
		}
		if got := r.slack.next(t, "views.update").body; got["view_id"] != "V1" || got["hash"] != "h1" {
			t.Errorf("updated %v", got)
		}
	}
	// The second was overtaken by another redrawing and is drawn over it.
	if got := r.slack.next(t, "views.update").body; got["view_id"] != "V1" || got["hash"] != nil {
		t.Errorf("updated %v after a conflict", got)
	}
	r.shut(t)
	if strings.Contains(r.log.String(), "form not redrawn") {
		t.Error("a hash conflict was logged as a fault")
	}
}

func TestClosedForm(t *testing.T) {
	r := newRig(t, nil)
	got := make(chan commands.Input, 1)
	r.app.closed = func(_ context.Context, in commands.Input) error {
		got <- in
		return nil
	}
	p := submission("project.page1", nil, "name")
	p["type"] = "view_closed"
	r.interact(p)
	if in := <-got; in.FormID != "project.page1" || in.State != "draft 7" {
		t.Errorf("closed %v", in)
	}
}

func TestPress(t *testing.T) {
	tests := []struct {
		name      string
		ephemeral bool
		reply     commands.Response
		want      map[string]any
	}{
		{"answered privately", false, commands.Response{Reply: commands.Say("x")},
			map[string]any{"response_type": "ephemeral"}},
		{"replaced for all", false, commands.Response{Reply: commands.Say("x"), Replace: true},
			map[string]any{"response_type": "in_channel", "replace_original": true}},
		{"replaced privately", true, commands.Response{Reply: commands.Say("x"), Replace: true},
			map[string]any{"response_type": "ephemeral", "replace_original": true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.app.press = func(_ context.Context, p commands.Press) (commands.Response, error) {
				want := commands.Press{
					User: "U1", Channel: "C1", Action: "review.approve", Value: "CC-2018-0007@3", Locale: reporting.En, Once: "act/T1",
				}
				if diff := cmp.Diff(want, p); diff != "" {
					t.Error(diff)
				}
				return tt.reply, nil
			}
			w := r.interact(map[string]any{
				"type": "block_actions", "user": map[string]any{"id": "U1"}, "channel": map[string]any{"id": "C1"},
				"trigger_id": "T1", "response_url": r.slack.URL + "/respond",
				"container": map[string]any{"type": "message", "is_ephemeral": tt.ephemeral},
				"actions": []any{map[string]any{
					"block_id": "b", "action_id": "review.approve#2", "type": "button", "value": "CC-2018-0007@3"}},
			})
			if w.Code != 200 || w.Body.Len() > 0 {
				t.Errorf("acknowledged with %d %q", w.Code, w.Body)
			}
			got := r.slack.next(t, "respond").body
			for k, v := range tt.want {
				if got[k] != v {
					t.Errorf("%s is %v, want %v", k, got[k], v)
				}
			}
		})
	}
}

func TestPressAtHomeShowsHomeAgain(t *testing.T) {
	r := newRig(t, nil)
	r.app.press = func(context.Context, commands.Press) (commands.Response, error) { return say("dropped") }
	r.app.home = func(context.Context, string, reporting.Locale) (*commands.Reply, error) {
		return commands.Say("home"), nil
	}
	r.interact(map[string]any{
		"type": "block_actions", "user": map[string]any{"id": "U1"}, "view": map[string]any{"type": "home", "id": "V2"},
		"actions": []any{map[string]any{"block_id": "b", "action_id": "draft.drop", "type": "button"}},
	})
	if got := r.slack.next(t, "chat.postMessage").body; got["channel"] != "D1" || got["text"] != "dropped" {
		t.Errorf("told %v", got)
	}
	if got := r.slack.next(t, "views.publish").body; got["user_id"] != "U1" {
		t.Errorf("published %v", got)
	}
}

func TestSuggest(t *testing.T) {
	many := make([]commands.Option, 300)
	for i := range many {
		many[i] = commands.Option{Value: strings.Repeat("v", 140), Label: strings.Repeat("净", 200), Description: strings.Repeat("月", 200)}
	}
	tests := []struct {
		name    string
		suggest func(context.Context, commands.Search) ([]commands.Option, error)
		most    int
		exactly int
	}{
		{"unknown form", nil, 0, 0},
		{"none", func(context.Context, commands.Search) ([]commands.Option, error) { return nil, nil }, 0, 0},
		{"panic", func(context.Context, commands.Search) ([]commands.Option, error) { panic("over") }, 0, 0},
		{"some", func(_ context.Context, s commands.Search) ([]commands.Option, error) {
			want := commands.Search{
				User: "U1", FormID: "project.page1", Field: "body", State: "draft 7", Locale: reporting.ZhTW, Text: "jing",
			}
			if s != want {
				return nil, errors.New("asked for something else")
			}
			return []commands.Option{{Value: "jingyue", Label: "净月"}, {Value: strings.Repeat("v", 151), Label: "too long"}}, nil
		}, 100, 1},
		{"too many", func(context.Context, commands.Search) ([]commands.Option, error) { return many, nil }, 99, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.app.suggest = tt.suggest
			p := submission("project.page1", nil, "body")
			p["type"], p["action_id"], p["block_id"], p["value"] = "block_suggestion", "body", "body", "jing"
			w := r.interact(p)
			options, ok := object(t, w.Body.Bytes())["options"].([]any)
			if !ok || len(options) > tt.most || tt.exactly >= 0 && len(options) != tt.exactly {
				t.Errorf("%d options", len(options))
			}
			if w.Body.Len() > socketPayload {
				t.Errorf("%d bytes", w.Body.Len())
			}
		})
	}
}

func TestEvents(t *testing.T) {
	tests := []struct {
		name  string
		inner map[string]any
		want  *commands.Request
		all   bool           // the answer is for all to see
		reply map[string]any // of chat.postMessage or, to a private answer in a channel, chat.postEphemeral
	}{
		{"mention", map[string]any{"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT> 净月 &lt;2018&gt;", "ts": "1.2"},
			&commands.Request{User: "U1", Channel: "C1", Text: "净月 <2018>", Locale: reporting.En, Once: "event/E1", Thread: "1.2"},
			true, map[string]any{"channel": "C1", "thread_ts": "1.2"}},
		{"mention in a thread", map[string]any{"type": "app_mention", "user": "U1", "channel": "C1", "text": "status <@UBOT|mouhua>", "ts": "1.2", "thread_ts": "1.1"},
			&commands.Request{User: "U1", Channel: "C1", Text: "status", Locale: reporting.En, Once: "event/E1", Thread: "1.1"},
			true, map[string]any{"channel": "C1", "thread_ts": "1.1"}},
		{"mention with a private answer", map[string]any{"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT> 净月", "ts": "1.2"},
			&commands.Request{User: "U1", Channel: "C1", Text: "净月", Locale: reporting.En, Once: "event/E1", Thread: "1.2"},
			false, map[string]any{"channel": "C1", "user": "U1", "thread_ts": nil}},
		{"mention in a thread with a private answer", map[string]any{"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT> 净月", "ts": "1.2", "thread_ts": "1.1"},
			&commands.Request{User: "U1", Channel: "C1", Text: "净月", Locale: reporting.En, Once: "event/E1", Thread: "1.1"},
			false, map[string]any{"channel": "C1", "user": "U1", "thread_ts": "1.1"}},
		{"direct message", map[string]any{"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "text": "quota", "ts": "1.2"},
			&commands.Request{User: "U1", Channel: "D1", Text: "quota", Locale: reporting.En, Once: "event/E1", Direct: true},
			false, map[string]any{"channel": "D1", "thread_ts": nil}},
		{"direct message in a thread", map[string]any{"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "text": "quota", "ts": "1.2", "thread_ts": "1.1"},
			&commands.Request{User: "U1", Channel: "D1", Text: "quota", Locale: reporting.En, Once: "event/E1", Thread: "1.1", Direct: true},
			false, map[string]any{"channel": "D1", "thread_ts": "1.1"}},
		{"message in a channel", map[string]any{"type": "message", "channel_type": "channel", "user": "U1", "text": "quota"}, nil, false, nil},
		{"bot", map[string]any{"type": "message", "channel_type": "im", "user": "U2", "bot_id": "B2", "text": "quota"}, nil, false, nil},
		{"itself", map[string]any{"type": "app_mention", "user": "UBOT", "text": "quota"}, nil, false, nil},
		{"edit", map[string]any{"type": "message", "channel_type": "im", "subtype": "message_changed", "text": "quota"}, nil, false, nil},
		{"messages tab", map[string]any{"type": "app_home_opened", "tab": "messages", "user": "U1"}, nil, false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			var asked []commands.Request
			r.app.ask = func(_ context.Context, req commands.Request) (commands.Response, error) {
				asked = append(asked, req)
				answer, err := say("answer")
				answer.Reply.InChannel = tt.all
				return answer, err
			}
			for range 3 { // Slack repeats
				if w := r.event("E1", tt.inner); w.Code != 200 || w.Body.Len() > 0 {
					t.Errorf("acknowledged with %d %q", w.Code, w.Body)
				}
			}
			if tt.reply != nil {
				method := "chat.postMessage"
				if tt.reply["user"] != nil {
					method = "chat.postEphemeral"
				}
				got := r.slack.next(t, method).body
				for k, v := range tt.reply {
					if got[k] != v {
						t.Errorf("%s is %v, want %v", k, got[k], v)
					}
				}
			}
			r.shut(t)
			r.slack.none(t, "chat.postMessage")
			var want []commands.Request
			if tt.want != nil {
				want = append(want, *tt.want)
			}
			if diff := cmp.Diff(want, asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHome(t *testing.T) {
	r := newRig(t, nil)
	homes := []func() (*commands.Reply, error){
		func() (*commands.Reply, error) {
			return &commands.Reply{Parts: []commands.Part{commands.Heading("您的草稿")}}, nil
		},
		func() (*commands.Reply, error) { return nil, reporting.Fail(reporting.Unavailable, "err.database") },
	}
	for i, want := range []string{"您的草稿", r.words.Say(reporting.En, "err.database")} {
		r.app.home = func(context.Context, string, reporting.Locale) (*commands.Reply, error) { return homes[i]() }
		r.event(want, map[string]any{"type": "app_home_opened", "tab": "home", "user": "U1"})
		raw, _ := json.Marshal(r.slack.next(t, "views.publish").body["view"])
		if !strings.Contains(string(raw), want) {
			t.Errorf("published %s", raw)
		}
	}
}

func TestSeenForgets(t *testing.T) {
	now := time.Unix(0, 0)
	s := newSeen(func() time.Time { return now })
	steps := []struct {
		after time.Duration
		id    string
		first bool
	}{
		{0, "a", true}, {0, "a", false}, {14 * time.Minute, "a", false},
		{2 * time.Minute, "a", false}, {0, "b", true}, {16 * time.Minute, "b", false}, {0, "a", true},
	}
	for i, step := range steps {
		now = now.Add(step.after)
		if got := s.first(step.id); got != step.first {
			t.Errorf("step %d: first(%s) = %v", i, step.id, got)
		}
	}
	for i := range 3 * seenMost {
		s.first(strconv.Itoa(i))
	}
	if n := len(s.young) + len(s.old); n > 2*seenMost {
		t.Errorf("remembers %d", n)
	}
}
