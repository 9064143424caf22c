package bot

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

func TestBadRequests(t *testing.T) {
	now := time.Now()
	good := url.Values{"command": {"/quota"}, "user_id": {"U1"}}.Encode()
	unsigned := func(path, body string) *http.Request {
		return httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	}
	forged := signed("/slack/commands", good, now)
	forged.Header.Set("X-Slack-Signature", "v0="+strings.Repeat("0", 64))
	altered := signed("/slack/commands", good, now)
	altered.Body = unsigned("/", good+"&text=all").Body
	notHex := signed("/slack/commands", good, now)
	notHex.Header.Set("X-Slack-Signature", "v0=zz")
	notTime := signed("/slack/commands", good, now)
	notTime.Header.Set("X-Slack-Request-Timestamp", "yesterday")

	tests := []struct {
		name string
		req  *http.Request
		want int
	}{
		{"missing signature", unsigned("/slack/commands", good), 401},
		{"wrong signature", forged, 401},
		{"signature of another body", altered, 401},
		{"signature that is not hex", notHex, 401},
		{"timestamp that is no time", notTime, 401},
		{"old signature", signed("/slack/commands", good, now.Add(-6*time.Minute)), 401},
		{"signature of the future", signed("/slack/events", `{}`, now.Add(6*time.Minute)), 401},
		{"2 MiB", signed("/slack/commands", strings.Repeat("a", 2<<20), now), 413},
		{"2 MiB unsigned", unsigned("/slack/events", strings.Repeat("a", 2<<20)), 413},
		{"broken form", signed("/slack/commands", "command=%zz", now), 400},
		{"form without a command", signed("/slack/commands", "text=1", now), 400},
		{"broken interaction form", signed("/slack/interactions", "payload=%zz", now), 400},
		{"interaction without payload", signed("/slack/interactions", "a=b", now), 400},
		{"broken JSON in interaction", signed("/slack/interactions", "payload=%7B", now), 400},
		{"broken JSON in options", signed("/slack/options", "payload=%5B", now), 400},
		{"broken JSON in event", signed("/slack/events", `{"type":`, now), 400},
		{"JSON that is no object", signed("/slack/events", `[1]`, now), 400},
		{"another method", httptest.NewRequest(http.MethodGet, "/slack/events", nil), 405},
		{"another path", signed("/slack/other", "", now), 404},
		{"unknown kind of interaction", signed("/slack/interactions", "payload="+url.QueryEscape(`{"type":"new"}`), now), 200},
		{"certificate check", signed("/slack/commands", "ssl_check=1&token=x", now), 200},
		{"unknown inner event", signed("/slack/events", `{"type":"event_callback","event_id":"E1","event":{"type":"user_change","user":{"id":"U1"}}}`, now), 200},
		{"unknown outer event", signed("/slack/events", `{"type":"app_rate_limited"}`, now), 200},
	}
	r := newRig(t, nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			r.web.ServeHTTP(w, tt.req)
			if w.Code != tt.want {
				t.Errorf("status %d, want %d", w.Code, tt.want)
			}
			if w.Code < 404 || w.Code == 413 {
				if w.Body.Len() > 0 {
					t.Errorf("body %q, want none", w.Body)
				}
			}
		})
	}
}

func TestURLVerification(t *testing.T) {
	r := newRig(t, nil)
	w := r.post("/slack/events", `{"type":"url_verification","challenge":"3eZbrw1a"}`)
	if diff := cmp.Diff(map[string]any{"challenge": "3eZbrw1a"}, object(t, w.Body.Bytes())); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownIDsAreExplained(t *testing.T) {
	r := newRig(t, nil)
	body := object(t, r.command("/nonsense", "").Body.Bytes())
	if text := body["text"].(string); body["response_type"] != "ephemeral" || !strings.Contains(text, "mouhua help") {
		t.Errorf("unknown command: %v", body)
	}
	r.interact(map[string]any{
		"type": "block_actions", "user": map[string]any{"id": "U1"}, "trigger_id": "T1",
		"response_url": r.slack.URL + "/respond",
		"actions":      []any{map[string]any{"block_id": "b", "action_id": "gone", "type": "button", "value": "x"}},
	})
	if text, _ := r.slack.next(t, "respond").body["text"].(string); text != r.words.Say(reporting.En, "err.action.unknown") {
		t.Errorf("unknown action: %q", text)
	}
	answer := object(t, r.interact(submission("gone", map[string]string{"name": "x"}, "name")).Body.Bytes())
	want := map[string]any{
		"response_action": "errors",
		"errors":          map[string]any{"name": r.words.Say(reporting.ZhTW, "err.form.unknown")},
	}
	if diff := cmp.Diff(want, answer); diff != "" {
		t.Error(diff)
	}
	r.shut(t)
	if diff := cmp.Diff([]string{"command unknown not_found", "press unknown not_found", "submit unknown not_found"}, r.seen.handled); diff != "" {
		t.Errorf("counted under names that others choose:\n%s", diff)
	}
}

func TestCommandAnswersInTheAcknowledgement(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Prefix = "mh-" })
	var got commands.Request
	r.app.command = func(_ context.Context, req commands.Request) (commands.Response, error) {
		got = req
		return commands.Response{Reply: &commands.Reply{InChannel: true, Text: "a < b"}}, nil
	}
	w := r.command("/mh-quota", "净月 &lt;2018&gt; &amp;amp;")
	want := commands.Request{
		User: "U1", Channel: "C1", Command: "quota", Text: "净月 <2018> &amp;", Locale: reporting.En, Once: "cmd/T1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"response_type": "in_channel", "text": "a &lt; b"}, object(t, w.Body.Bytes())); diff != "" {
		t.Error(diff)
	}
}

func TestCommandOfUnknownLanguageIsAnsweredLater(t *testing.T) {
	tests := []struct {
		name, info string
		want       reporting.Locale
	}{
		{"Slack tells", `{"ok":true,"user":{"id":"U2","locale":"zh-TW"}}`, reporting.ZhTW},
		{"another language", `{"ok":true,"user":{"id":"U2","locale":"fr-FR"}}`, reporting.En},
		{"Slack does not tell", `{"ok":false,"error":"user_not_found"}`, reporting.En},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.slack.say("users.info", tt.info)
			r.app.command = func(_ context.Context, req commands.Request) (commands.Response, error) {
				return say(string(req.Locale))
			}
			if w := r.typed("U2", "/quota", ""); w.Code != 200 || w.Body.Len() > 0 {
				t.Errorf("acknowledged with %d %q", w.Code, w.Body)
			}
			if got := r.slack.next(t, "respond").body["text"]; got != string(tt.want) {
				t.Errorf("language %v, want %s", got, tt.want)
			}
			if w := r.typed("U2", "/quota", ""); w.Body.Len() == 0 {
				t.Error("the language was not remembered")
			}
		})
	}
}

func TestCommandOverBudgetIsAnsweredLater(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Budget = time.Millisecond })
	acked := make(chan struct{})
	r.app.command = func(context.Context, commands.Request) (commands.Response, error) {
		<-acked
		return say("at last")
	}
	if w := r.command("/quota", "all"); w.Code != 200 || w.Body.Len() > 0 {
		t.Errorf("acknowledged with %d %q", w.Code, w.Body)
	}
	close(acked)
	got := r.slack.next(t, "respond").body
	if got["text"] != "at last" || got["response_type"] != "ephemeral" {
		t.Errorf("answered %v", got)
	}
}

func TestCommandOpensForm(t *testing.T) {
	tests := []struct {
		name, answer, told string
		logged             int // with a reference
	}{
		{"opened", `{"ok":true}`, "", 0},
		{"expired", `{"ok":false,"error":"expired_trigger_id"}`, "/project register", 0},
		{"expired, as an argument", `{"ok":false,"error":"invalid_arguments","response_metadata":{"messages":["trigger expired"]}}`, "/project register", 0},
		{"refused", `{"ok":false,"error":"invalid_blocks"}`, "reference", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.slack.say("views.open", tt.answer)
			r.app.command = func(context.Context, commands.Request) (commands.Response, error) {
				return commands.Response{Form: &commands.Form{ID: "project.page1", Title: "t", Locale: reporting.ZhTW, State: "s"}}, nil
			}
			if w := r.command("/project", "register"); w.Body.Len() > 0 {
				t.Errorf("acknowledged with %q", w.Body)
			}
			opened := r.slack.next(t, "views.open").body
			if opened["trigger_id"] != "T1" {
				t.Errorf("opened with %v", opened)
			}
			if tt.told == "" {
				r.shut(t)
				r.slack.none(t, "respond")
				return
			}
			text := r.slack.next(t, "respond").body["text"].(string)
			if !strings.Contains(text, tt.told) {
				t.Errorf("told %q", text)
			}
			r.shut(t)
			if logged := strings.Count(r.log.String(), "request failed"); logged != tt.logged {
				t.Errorf("logged %d times", logged)
			}
		})
	}
}

func TestPanicIsExplainedAndLogged(t *testing.T) {
	r := newRig(t, nil)
	r.app.command = func(context.Context, commands.Request) (commands.Response, error) { panic("over") }
	text := object(t, r.command("/quota", "").Body.Bytes())["text"].(string)
	r.app.command = func(context.Context, commands.Request) (commands.Response, error) { return say("alive") }
	if got := object(t, r.command("/quota", "").Body.Bytes())["text"]; got != "alive" {
		t.Errorf("after the panic: %v", got)
	}
	r.shut(t)
	var line map[string]any
	for _, raw := range strings.Split(r.log.String(), "\n") {
		if strings.Contains(raw, "request failed") {
			line = object(t, []byte(raw))
		}
	}
	reference, _ := line["ref"].(string)
	if len(reference) != 8 || !strings.Contains(text, reference) {
		t.Errorf("told %q, logged %v", text, line)
	}
	if stack, _ := line["stack"].(string); !strings.Contains(stack, "http_test.go") || line["command"] != "quota" {
		t.Errorf("logged %v", line)
	}
	if diff := cmp.Diff([]string{"command quota panic", "command quota ok"}, r.seen.handled); diff != "" {
		t.Error(diff)
	}
}

func TestShutdown(t *testing.T) {
	r := newRig(t, nil)
	entered, release := make(chan struct{}), make(chan struct{})
	r.app.press = func(context.Context, commands.Press) (commands.Response, error) {
		close(entered)
		<-release
		return say("done")
	}
	r.interact(map[string]any{
		"type": "block_actions", "user": map[string]any{"id": "U1"}, "response_url": r.slack.URL + "/respond",
		"actions": []any{map[string]any{"block_id": "b", "action_id": "a", "type": "button"}},
	})
	<-entered
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.Shutdown(over); !errors.Is(err, context.Canceled) {
		t.Errorf("work under way, Shutdown returned %v", err)
	}
	if w := r.command("/quota", ""); w.Code != http.StatusServiceUnavailable {
		t.Errorf("after Shutdown: status %d", w.Code)
	}
	close(release)
	r.shut(t)
}

func TestShutdownWaitsForAnswers(t *testing.T) {
	r := newRig(t, nil)
	acked := make(chan struct{})
	r.app.press = func(context.Context, commands.Press) (commands.Response, error) {
		<-acked
		return say("done")
	}
	r.interact(map[string]any{
		"type": "block_actions", "user": map[string]any{"id": "U1"}, "response_url": r.slack.URL + "/respond",
		"actions": []any{map[string]any{"block_id": "b", "action_id": "a", "type": "button"}},
	})
	close(acked)
	r.shut(t)
	select {
	case c := <-r.slack.calls:
		if c.body["text"] != "done" {
			t.Errorf("answered %v", c.body)
		}
	default:
		t.Error("Shutdown returned before the answer was sent")
	}
}
