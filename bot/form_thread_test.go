package bot

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// TestFormKeepsItsThread opens a form by a button in a thread, changes it, turns its
// page and submits it: what comes of it is told in the thread.
func TestFormKeepsItsThread(t *testing.T) {
	tests := []struct{ name, channel, tellIn, method, thread string }{
		{"in a channel", "C1", "C1", "chat.postEphemeral", "1.1"},
		{"in a direct conversation", "D1", "D1", "chat.postMessage", "1.1"},
		{"told elsewhere", "C1", "C2", "chat.postEphemeral", ""},
		{"told directly", "C1", "", "chat.postMessage", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			form := &commands.Form{ID: "project.page1", Title: "t", State: "s", Locale: reporting.En}
			r.app.press = func(context.Context, commands.Press) (commands.Response, error) {
				return commands.Response{Form: form}, nil
			}
			r.app.changed = func(_ context.Context, in commands.Input) (*commands.Form, error) { return form, nil }
			r.app.submit = func(_ context.Context, in commands.Input) (commands.SubmitResult, error) {
				if in.State != "s" {
					t.Errorf("state %q", in.State)
				}
				return commands.SubmitResult{Next: form, Tell: commands.Say("filed"), TellIn: tt.tellIn}, nil
			}
			metadata := func(view any) string {
				t.Helper()
				if text, ok := view.(string); ok {
					view = object(t, []byte(text))
				}
				text, _ := view.(map[string]any)["private_metadata"].(string)
				if readState(text).Thread != (openedIn{Channel: tt.channel, TS: "1.1"}) {
					t.Fatalf("state %s", text)
				}
				return text
			}
			r.interact(pressOf(r, tt.channel, "1.1"))
			kept := metadata(r.slack.next(t, "views.open").body["view"])
			change := changeOf("name", "name")
			change["view"].(map[string]any)["private_metadata"] = kept
			r.interact(change)
			kept = metadata(r.slack.next(t, "views.update").body["view"])
			page := submission("project.page1", nil, "name")
			page["view"].(map[string]any)["private_metadata"] = kept
			metadata(object(t, r.interact(page).Body.Bytes())["view"])
			got := r.slack.next(t, tt.method).body
			if thread, _ := got["thread_ts"].(string); thread != tt.thread || got["text"] != "filed" {
				t.Errorf("told %v", got)
			}
		})
	}
}

// TestThreadGivesWayToState keeps what Slack takes of a state that fills all room.
func TestThreadGivesWayToState(t *testing.T) {
	at := openedIn{Channel: "C1", TS: "1.1"}
	for length, kept := range map[int]bool{10: true, 2950: false} {
		view, err := modal(&commands.Form{ID: "f", Title: "t", State: strings.Repeat("s", length), Locale: reporting.En})
		if err != nil {
			t.Fatal(err)
		}
		at.remember(view)
		if s := readState(view.PrivateMetadata); len(s.State) != length || (s.Thread == at) != kept {
			t.Errorf("of %d: %s", length, view.PrivateMetadata)
		}
	}
	raw, _ := json.Marshal(formState{State: "s", Locale: reporting.En})
	if string(raw) != `{"state":"s","locale":"en"}` {
		t.Errorf("without a thread: %s", raw)
	}
}
