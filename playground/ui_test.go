package playground

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// stream is a page's event stream.
type stream struct{ lines chan object }

// listen opens a person's stream and waits until it runs.
func (f *fixture) listen(t *testing.T, user string) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.url+"/ui/events?user="+user, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	s := &stream{lines: make(chan object, 64)}
	go func() {
		lines := bufio.NewScanner(res.Body)
		for lines.Scan() {
			var o object
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && json.Unmarshal([]byte(data), &o) == nil {
				s.lines <- o
			}
		}
	}()
	s.next(t, "views")
	return s
}

// next returns the next event of a kind.
func (s *stream) next(t *testing.T, kind string) object {
	t.Helper()
	late := time.After(5 * time.Second)
	for {
		select {
		case o := <-s.lines:
			if o["type"] == kind {
				return o
			}
		case <-late:
			t.Fatalf("no %s event", kind)
		}
	}
}

// get reads a JSON answer of the page's API.
func (f *fixture) get(t *testing.T, path string) object {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return send(t, req)
}

// TestState shows each person their own workspace.
func TestState(t *testing.T) {
	f := newFixture(t, nil)
	if _, _, err := f.api.PostMessageContext(t.Context(), "CJY", slack.MsgOptionText("x", false)); err != nil {
		t.Fatal(err)
	}
	channels := func(user string) (all []string) {
		state := f.get(t, "/ui/state?user="+user)
		if state["me"] != user || state["workspace"] != "长春市重大项目" {
			t.Errorf("state: %v", state)
		}
		for _, item := range state["channels"].([]any) {
			c := item.(object)
			all = append(all, fmt.Sprint(c["id"], " ", c["kind"], " ", c["member"], " ", c["unread"]))
		}
		return all
	}
	tests := []struct {
		user string
		want []string
	}{
		{"UWANG", []string{"CJY channel true 1", "COPEN channel false 0", "DWANG im true 0"}},
		{"ULI", []string{"CJY channel false 1", "COPEN channel true 0", "CSECRET channel true 0", "CHIDDEN channel true 0", "DLI im true 0"}},
		{"UGUEST", []string{"DGUEST im true 0"}},
	}
	for _, tt := range tests {
		t.Run(tt.user, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, channels(tt.user)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	post(t, f.url+"/ui/read", `{"user":"UWANG","channel":"CJY"}`)
	if got := channels("UWANG")[0]; got != "CJY channel true 0" {
		t.Errorf("after reading: %s", got)
	}
}

// TestPage plays a form through the page's API and watches its events.
func TestPage(t *testing.T) {
	f := newFixture(t, nil)
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		switch in := evt.Data.(type) {
		case slack.SlashCommand:
			if _, err := f.api.OpenViewContext(t.Context(), in.TriggerID, form("register")); err != nil {
				t.Errorf("open: %v", err)
			}
		case slack.InteractionCallback:
			switch in.Type {
			case slack.InteractionTypeBlockSuggestion:
				return map[string]any{"option_groups": []any{map[string]any{"label": plainObject("开发区"), "options": []any{
					slack.NewOptionBlockObject("jy", plainObject("净月"), nil)}}}}, false
			case slack.InteractionTypeViewSubmission:
				return slack.NewErrorsViewSubmissionResponse(map[string]string{"note": "太短"}), false
			}
		}
		return nil, false
	})
	events := f.listen(t, "UWANG")
	do := func(path, body, want string) string {
		t.Helper()
		status, got := post(t, f.url+path, body)
		if status != http.StatusOK || !strings.Contains(got, want) {
			t.Fatalf("%s %s: %d %s, want %s", path, body, status, got, want)
		}
		return got
	}
	do("/ui/message", `{"user":"UWANG","channel":"CJY","text":"/quota"}`, `"ok":true`)
	stack := events.next(t, "views")["stack"].([]any)
	id := stack[0].(object)["id"].(string)
	do("/ui/view/state", `{"user":"UWANG","view_id":"`+id+`","values":{"project":{"name":{"type":"plain_text_input","value":"园"}}}}`, `"ok":true`)
	do("/ui/view/submit", `{"user":"UWANG","view_id":"`+id+`","values":{}}`, `"project":"Please enter at least 2`)
	do("/ui/view/submit", `{"user":"UWANG","view_id":"`+id+`","values":{"project":{"name":{"type":"plain_text_input","value":"产业园"}}}}`, `{"errors":{"note":"太短"},"ok":false}`)
	container := `"container":{"type":"view","view_id":"` + id + `"}`
	do("/ui/suggest", `{"user":"UWANG",`+container+`,"block_id":"where","action_id":"body","value":"j"}`, `"option_groups":[`)
	do("/ui/action", `{"user":"UWANG",`+container+`,"block_id":"more","action_id":"next","action":{"type":"button"},"values":{}}`, `"ok":true`)
	do("/ui/action", `{"user":"UWANG",`+container+`,"block_id":"more","action_id":"none","action":{"type":"button"}}`, `"ok":false`)
	do("/ui/action", `{"user":"ULI",`+container+`,"block_id":"more","action_id":"next","action":{"type":"button"}}`, `"ok":false`)
	do("/ui/view/close", `{"user":"UWANG","view_id":"`+id+`","all":true}`, `"ok":true`)
	if got := events.next(t, "views")["stack"].([]any); len(got) != 0 {
		t.Errorf("stack after closing: %v", got)
	}
	do("/ui/home", `{"user":"UWANG"}`, `"view":null`)
	do("/ui/message", `{"user":"UNONE","channel":"CJY","text":"x"}`, `"ok":false`)
	do("/ui/message", `{"user":"UWANG","channel":"CJY","text":"大家好"}`, `"ok":true`)
	if got := events.next(t, "message")["message"].(object)["text"]; got != "大家好" {
		t.Errorf("message event: %v", got)
	}
	if got := f.get(t, "/ui/messages?user=UWANG&channel=CJY")["messages"].([]any); len(got) != 1 {
		t.Errorf("messages: %v", got)
	}
}

// TestForeignPages keeps pages from elsewhere out.
func TestForeignPages(t *testing.T) {
	f := newFixture(t, nil)
	tests := []struct {
		name, method, path string
		change             func(*http.Request)
		status             int
	}{
		{"page", "GET", "/", func(*http.Request) {}, 200},
		{"own origin", "GET", "/ui/state", func(r *http.Request) { r.Header.Set("Origin", f.url) }, 200},
		{"other origin", "GET", "/ui/state", func(r *http.Request) { r.Header.Set("Origin", "https://evil.test") }, 403},
		{"rebound name", "GET", "/ui/state", func(r *http.Request) { r.Host = "evil.test" }, 403},
		{"rebound page", "GET", "/", func(r *http.Request) { r.Host = "evil.test" }, 403},
		{"plain form", "POST", "/ui/clock", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 403},
		{"null origin", "POST", "/ui/clock", func(r *http.Request) { r.Header.Set("Origin", "null") }, 403},
		{"broken JSON", "POST", "/ui/clock", func(*http.Request) {}, 400},
		{"socket without ticket", "GET", "/socket", func(*http.Request) {}, 403},
		{"unknown listener", "GET", "/ui/events?user=UNONE", func(*http.Request) {}, 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), tt.method, f.url+tt.path, strings.NewReader("{"))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			tt.change(req)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if body, _ := io.ReadAll(res.Body); res.StatusCode != tt.status {
				t.Errorf("status %d, want %d: %s", res.StatusCode, tt.status, body)
			}
		})
	}
}
