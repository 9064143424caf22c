package bot

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// TestPanicAnywhereIsTold panics in every handler: the person is told with a
// reference that is in the log, where there is a place to tell it, and the next
// who asks is answered.
func TestPanicAnywhereIsTold(t *testing.T) {
	form := submission("f", map[string]string{"name": "x"}, "name")
	button := func(view map[string]any) map[string]any {
		p := map[string]any{"type": "block_actions", "user": map[string]any{"id": "U1"}, "actions": []any{
			map[string]any{"block_id": "b", "action_id": "a", "type": "button"}}}
		if view != nil {
			p["view"] = view
		}
		return p
	}
	with := func(p map[string]any, kind string) map[string]any {
		out := map[string]any{"type": kind}
		for k, v := range p {
			if k != "type" {
				out[k] = v
			}
		}
		return out
	}
	tests := []struct {
		name string
		ask  func(r *rig) string // returns what is answered at once
		told string              // method that tells; "" when the answer does, "-" when nothing can
	}{
		{"command", func(r *rig) string { return r.command("/quota", "").Body.String() }, ""},
		{"submit", func(r *rig) string { return r.interact(form).Body.String() }, ""},
		{"suggest", func(r *rig) string { return r.interact(with(form, "block_suggestion")).Body.String() }, "-"},
		{"close", func(r *rig) string { return r.interact(with(form, "view_closed")).Body.String() }, "-"},
		{"change", func(r *rig) string { return r.interact(changeOf("name", "name")).Body.String() }, "-"},
		{"press", func(r *rig) string { return r.interact(button(nil)).Body.String() }, "chat.postMessage"},
		{"ask", func(r *rig) string {
			return r.event("E1", map[string]any{"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT> x", "ts": "1.2"}).Body.String()
		}, "chat.postEphemeral"},
		{"home", func(r *rig) string {
			return r.event("E2", map[string]any{"type": "app_home_opened", "tab": "home", "user": "U1"}).Body.String()
		}, "views.publish"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.app.command = func(context.Context, commands.Request) (commands.Response, error) { panic("over") }
			r.app.press = func(context.Context, commands.Press) (commands.Response, error) { panic("over") }
			r.app.ask = r.app.command
			r.app.changed = func(context.Context, commands.Input) (*commands.Form, error) { panic("over") }
			r.app.submit = func(context.Context, commands.Input) (commands.SubmitResult, error) { panic("over") }
			r.app.closed = func(context.Context, commands.Input) error { panic("over") }
			r.app.suggest = func(context.Context, commands.Search) ([]commands.Option, error) { panic("over") }
			r.app.home = func(context.Context, string, reporting.Locale) (*commands.Reply, error) { panic("over") }
			told := tt.ask(r)
			if tt.told != "" && tt.told != "-" {
				raw, err := json.Marshal(r.slack.next(t, tt.told).body)
				if err != nil {
					t.Fatal(err)
				}
				told = string(raw)
			}
			r.app.command = func(context.Context, commands.Request) (commands.Response, error) { return say("alive") }
			if got := r.command("/quota", "").Body.String(); !strings.Contains(got, "alive") {
				t.Errorf("after the panic: %s", got)
			}
			r.shut(t)
			var references []string
			for line := range strings.Lines(r.log.String()) {
				if strings.Contains(line, "request failed") {
					reference, _ := object(t, []byte(line))["ref"].(string)
					references = append(references, reference)
				}
			}
			if len(references) != 1 || !strings.Contains(r.log.String(), "faults_test.go") {
				t.Fatalf("logged %s", r.log)
			}
			if has := strings.Contains(told, references[0]); has != (tt.told != "-") {
				t.Errorf("reference %s, told %s", references[0], told)
			}
		})
	}
}
