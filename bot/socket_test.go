package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// socketOf serves one connection after another to r and returns a function
// that sends an envelope and returns the bot's acknowledgement.
func socketOf(t *testing.T, r *rig) func(envelope string) map[string]any {
	conns := make(chan *websocket.Conn)
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		conn, err := upgrader.Upgrade(w, req, nil)
		if err != nil {
			t.Error(err)
			return
		}
		conns <- conn
	}))
	t.Cleanup(server.Close)
	r.slack.say("apps.connections.open", fmt.Sprintf(`{"ok":true,"url":"ws%s"}`, strings.TrimPrefix(server.URL, "http")))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.RunSocket(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("RunSocket returned %v", err)
		}
	})
	conn := <-conns
	return func(envelope string) map[string]any {
		t.Helper()
		if err := conn.WriteMessage(websocket.TextMessage, []byte(envelope)); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(envelope, `"disconnect"`) {
			_ = conn.Close()
			conn = <-conns
			return nil
		}
		_, raw, err := conn.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		return object(t, raw)
	}
}

func TestSocketAcknowledgesEverything(t *testing.T) {
	r := newRig(t, nil)
	r.app.command = func(_ context.Context, req commands.Request) (commands.Response, error) {
		switch req.Command {
		case "quota":
			return say("12")
		case "report":
			return commands.Response{Reply: extreme()}, nil
		}
		panic("over")
	}
	r.app.home = func(context.Context, string, reporting.Locale) (*commands.Reply, error) {
		return commands.Say("home"), nil
	}
	send := socketOf(t, r)
	command := func(id, name string) string {
		return fmt.Sprintf(`{"envelope_id":%q,"type":"slash_commands","accepts_response_payload":true,"payload":
			{"command":"/%s","user_id":"U1","trigger_id":"T1","response_url":"%s/respond"}}`, id, name, r.slack.URL)
	}
	bare := func(id string) map[string]any { return map[string]any{"envelope_id": id} }

	small := send(command("e1", "quota"))
	if payload, _ := small["payload"].(map[string]any); small["envelope_id"] != "e1" || payload["text"] != "12" {
		t.Errorf("small answer: %v", small)
	}
	if diff := cmp.Diff(bare("e2"), send(command("e2", "report"))); diff != "" {
		t.Errorf("answer that no socket takes\n%s", diff)
	}
	if raw, _ := json.Marshal(r.slack.next(t, "respond").body); len(raw) <= socketPayload {
		t.Errorf("%d bytes by the response URL", len(raw))
	}
	if got := send(command("e3", "panic")); got["envelope_id"] != "e3" || got["payload"] == nil {
		t.Errorf("panic: %v", got)
	}
	for name, envelope := range map[string]string{
		"unknown envelope":      `{"envelope_id":"e4","type":"new","payload":{}}`,
		"unknown inner event":   `{"envelope_id":"e4","type":"events_api","payload":{"type":"event_callback","event_id":"E1","event":{"type":"new"}}}`,
		"payload of no command": `{"envelope_id":"e4","type":"slash_commands","payload":[]}`,
		"unknown interaction":   `{"envelope_id":"e4","type":"interactive","payload":{"type":"new"}}`,
	} {
		if diff := cmp.Diff(bare("e4"), send(envelope)); diff != "" {
			t.Errorf("%s\n%s", name, diff)
		}
	}
	send(`{"type":"disconnect","reason":"refresh_requested"}`)
	home := `{"envelope_id":"e5","type":"events_api","payload":{"type":"event_callback","event_id":"E2","event":{"type":"app_home_opened","tab":"home","user":"U1","channel":"D1"}}}`
	if diff := cmp.Diff(bare("e5"), send(home)); diff != "" {
		t.Errorf("after connecting again\n%s", diff)
	}
	r.slack.next(t, "views.publish")
}
