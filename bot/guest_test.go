package bot

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// asked notes what the App was asked, with a question mark where it was told
// that the person may be nobody.
type asked struct {
	mu  sync.Mutex
	all []string
}

func (a *asked) note(what string, unsure bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if unsure {
		what += "?"
	}
	a.all = append(a.all, what)
}

func noting(r *rig) *asked {
	a := &asked{}
	r.app.command = func(_ context.Context, req commands.Request) (commands.Response, error) {
		a.note("command", req.Unsure)
		return say("figures")
	}
	r.app.press = func(_ context.Context, p commands.Press) (commands.Response, error) {
		a.note("press", p.Unsure)
		return say("figures")
	}
	r.app.ask = func(_ context.Context, req commands.Request) (commands.Response, error) {
		a.note("ask", req.Unsure)
		return say("figures")
	}
	r.app.changed = func(context.Context, commands.Input) (*commands.Form, error) {
		a.note("change", false)
		return nil, nil
	}
	r.app.closed = func(context.Context, commands.Input) error { a.note("close", false); return nil }
	r.app.home = func(context.Context, string, reporting.Locale) (*commands.Reply, error) {
		a.note("home", false)
		return commands.Say("figures"), nil
	}
	r.app.submit = func(context.Context, commands.Input) (commands.SubmitResult, error) {
		a.note("submit", false)
		return commands.SubmitResult{}, nil
	}
	r.app.suggest = func(context.Context, commands.Search) ([]commands.Option, error) {
		a.note("suggest", false)
		return []commands.Option{{Value: "v", Label: "figures"}}, nil
	}
	return a
}

// delivered are one delivery of each kind by U7, acting in a workspace.
func delivered(r *rig, team string) []struct{ kind, text string } {
	who := map[string]any{"id": "U7", "team_id": team}
	form := func(kind string) map[string]any {
		p := submission("project.page1", map[string]string{"name": "长"}, "name")
		p["type"], p["user"] = kind, who
		return p
	}
	change := changeOf("name", "name")
	change["user"] = who
	search := form("block_suggestion")
	search["action_id"], search["block_id"], search["value"] = "name", "name", "jing"
	press := map[string]any{
		"type": "block_actions", "user": who, "channel": map[string]any{"id": "C1"}, "trigger_id": "T1", "response_url": r.slack.URL + "/respond",
		"container": map[string]any{"type": "message", "is_ephemeral": true},
		"actions":   []any{map[string]any{"block_id": "b", "action_id": "review.approve#2", "type": "button", "value": "CC-2018-0007@3"}},
	}
	command := url.Values{
		"command": {"/quota"}, "text": {""}, "user_id": {"U7"}, "team_id": {team}, "channel_id": {"C1"},
		"trigger_id": {"T1"}, "response_url": {r.slack.URL + "/respond"},
	}
	var out []struct{ kind, text string }
	add := func(kind, text string) { out = append(out, struct{ kind, text string }{kind, text}) }
	add("commands", command.Encode())
	for _, p := range []map[string]any{press, form("view_submission"), change, form("view_closed"), search} {
		raw, _ := json.Marshal(p)
		add("interactions", string(raw))
	}
	for i, inner := range []map[string]any{
		{"type": "app_mention", "user": "U7", "team": team, "channel": "C1", "text": "<@UBOT> 净月", "ts": "1.2"},
		{"type": "app_home_opened", "user": "U7", "tab": "home"},
	} {
		raw, _ := json.Marshal(map[string]any{
			"type": "event_callback", "event_id": "E" + string(rune('0'+i)), "event": inner,
			"authorizations": []any{map[string]any{"user_id": "UBOT", "is_bot": true}},
		})
		add("events", string(raw))
	}
	return out
}

var members = []struct {
	name, info, team string
	want             membership
}{
	{"member", `{"ok":true,"user":{"id":"U7","team_id":"T1"}}`, "T1", member},
	{"member whose workspace is not told", `{"ok":true,"user":{"id":"U7"}}`, "", member},
	{"member through the organisation", `{"ok":true,"user":{"id":"U7","team_id":"T9","enterprise_user":{"teams":["T9","T1"]}}}`, "T9", member},
	{"guest", `{"ok":true,"user":{"id":"U7","team_id":"T1","is_restricted":true}}`, "T1", outsider},
	{"guest of one channel", `{"ok":true,"user":{"id":"U7","team_id":"T1","is_restricted":true,"is_ultra_restricted":true}}`, "T1", outsider},
	{"stranger", `{"ok":true,"user":{"id":"U7","is_stranger":true}}`, "", outsider},
	{"of another workspace", `{"ok":true,"user":{"id":"U7","team_id":"T9"}}`, "", outsider},
	{"acting in another workspace", `{"ok":true,"user":{"id":"U7","team_id":"T1"}}`, "T9", outsider},
	{"bot", `{"ok":true,"user":{"id":"U7","team_id":"T1","is_bot":true}}`, "T1", outsider},
	{"who left", `{"ok":true,"user":{"id":"U7","team_id":"T1","deleted":true}}`, "T1", outsider},
	{"of whom Slack does not tell", `{"ok":false,"error":"internal_error"}`, "T1", unsure},
}

// TestWhoMayAsk delivers everything that can be asked, both ways: outsiders
// see the help and nothing else, and nothing is written for who may be one.
func TestWhoMayAsk(t *testing.T) {
	want := map[membership][]string{
		member:   {"ask", "change", "close", "command", "home", "press", "submit", "suggest"},
		outsider: nil,
		unsure:   {"ask?", "command?", "home", "press?"},
	}
	ways := map[string]func(t *testing.T, r *rig) func(kind, text string) string{"http": overHTTP, "socket": overSocket}
	for way, through := range ways {
		for _, tt := range members {
			t.Run(way+"/"+tt.name, func(t *testing.T) {
				r := newRig(t, nil)
				r.slack.say("auth.test", `{"ok":true,"user_id":"UBOT","bot_id":"B1","team_id":"T1"}`)
				r.slack.say("users.info", tt.info)
				seen, send := noting(r), through(t, r)
				answers := ""
				for _, d := range delivered(r, tt.team) {
					answers += send(d.kind, d.text)
				}
				r.shut(t)
				slices.Sort(seen.all)
				all := want[tt.want]
				if elsewhere := tt.name == "acting in another workspace"; elsewhere {
					all = []string{"home"} // which names no workspace
				}
				if diff := cmp.Diff(all, seen.all); diff != "" {
					t.Error(diff)
				}
				told := answers + toldIn(r.slack)
				if help := r.words.Say(reporting.En, "guest.what")[:40]; strings.Contains(told, help) != (tt.want == outsider) {
					t.Errorf("told: %s", told)
				}
				if strings.Contains(told, "figures") != (len(all) > 0) {
					t.Errorf("figures: %s", told)
				}
				if tt.want != member && !strings.Contains(answers, "errors") {
					t.Errorf("the form was not kept open: %s", answers)
				}
			})
		}
	}
}

// toldIn is all that Slack was sent.
func toldIn(s *fakeSlack) string {
	var out strings.Builder
	for {
		select {
		case c := <-s.calls:
			raw, _ := json.Marshal(c.body)
			out.WriteString(c.method + " " + string(raw) + "\n")
		default:
			return out.String()
		}
	}
}

func overHTTP(_ *testing.T, r *rig) func(kind, text string) string {
	return func(kind, text string) string {
		if kind == "interactions" {
			text = url.Values{"payload": {text}}.Encode()
		}
		return r.post("/slack/"+kind, text).Body.String()
	}
}

func overSocket(t *testing.T, r *rig) func(kind, text string) string {
	send := socketOf(t, r)
	types := map[string]string{"commands": "slash_commands", "interactions": "interactive", "events": "events_api"}
	return func(kind, text string) string {
		payload := json.RawMessage(text)
		if kind == "commands" {
			fields, _ := url.ParseQuery(text)
			flat := map[string]string{}
			for k := range fields {
				flat[k] = fields.Get(k)
			}
			payload, _ = json.Marshal(flat)
		}
		envelope, _ := json.Marshal(map[string]any{"envelope_id": "1", "type": types[kind], "payload": payload, "accepts_response_payload": true})
		raw, _ := json.Marshal(send(string(envelope)))
		return string(raw)
	}
}

func TestMembershipIsRememberedAndStands(t *testing.T) {
	now := time.Date(2018, 7, 31, 14, 5, 0, 0, time.UTC)
	r := newRig(t, func(c *Config) { c.Now = func() time.Time { return now } })
	r.slack.say("auth.test", `{"ok":false,"error":"internal_error"}`, `{"ok":true,"bot_id":"B1","team_id":"T1"}`)
	r.slack.say("users.info", `{"ok":true,"user":{"id":"U7","team_id":"T1","locale":"zh-TW"}}`)
	steps := []struct {
		name  string
		after time.Duration
		want  membership
	}{
		{"the own workspace is not known", 0, unsure},
		{"asked again after a moment only", localeGuess - time.Millisecond, unsure},
		{"told", time.Millisecond, member},
		{"remembered", localeFor - time.Millisecond, member},
		{"Slack no longer tells: what it told stands", time.Millisecond, member},
	}
	for i, s := range steps {
		now = now.Add(s.after)
		if i == 3 {
			r.slack.handle("users.info", func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) })
		}
		p := r.person(t.Context(), "U7")
		if p.is != s.want || p.locale != reporting.ZhTW {
			t.Errorf("%s: %+v", s.name, p)
		}
	}
}
