package bot

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// holds makes the fake Slack hold a file of a size with a content.
func (s *fakeSlack) holds(size, content string) {
	s.say("files.info", `{"ok":true,"file":{"id":"F1","name":"a.csv","size":`+size+`,"filetype":"csv","permalink":"https://x/F1","url_private_download":"`+s.URL+`/files-pri/T1-F1/a.csv"}}`)
	s.handle("a.csv", func(w http.ResponseWriter) { _, _ = io.WriteString(w, content) })
}

func TestFileAndContent(t *testing.T) {
	r := newRig(t, nil)
	r.slack.holds("3", "a,b")
	f, err := r.File(t.Context(), "F1")
	if err != nil {
		t.Fatal(err)
	}
	want := commands.File{ID: "F1", Name: "a.csv", Size: 3, Type: "csv", Link: "https://x/F1", Address: r.slack.URL + "/files-pri/T1-F1/a.csv"}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Error(diff)
	}
	if got, err := r.Content(t.Context(), f); err != nil || string(got) != "a,b" {
		t.Errorf("%q %v", got, err)
	}
}

// TestFileRefused holds what a person is told of a file that cannot be had.
func TestFileRefused(t *testing.T) {
	tests := []struct {
		name, method, answer string
		status               int
		key                  string
		code                 reporting.Code
	}{
		{"deleted", "files.info", `{"ok":false,"error":"file_deleted"}`, 200, "err.file.gone", reporting.NotFound},
		{"unknown", "files.info", `{"ok":false,"error":"file_not_found"}`, 200, "err.file.gone", reporting.NotFound},
		{"a tombstone", "files.info", `{"ok":true,"file":{"id":"F1","mode":"tombstone"}}`, 200, "err.file.gone", reporting.NotFound},
		{"no scope", "files.info", `{"ok":false,"error":"missing_scope","needed":"files:read","provided":"commands"}`, 200, "err.scope", reporting.Forbidden},
		{"Slack is ill", "files.info", `{"ok":false,"error":"team_added_to_org"}`, 200, "err.file.slack", reporting.Unavailable},
		{"gone before the download", "a.csv", ``, 404, "err.file.gone", reporting.NotFound},
		{"cut short", "a.csv", `a`, 200, "err.file.slack", reporting.Unavailable},
		{"the sign-in page", "a.csv", `302`, 302, "err.file.closed", reporting.Forbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.slack.holds("3", "a,b")
			r.slack.handle(tt.method, func(w http.ResponseWriter) {
				if tt.status == http.StatusFound {
					w.Header().Set("Location", "/signin?redir=/files-pri/T1-F1/a.csv")
				} else if strings.HasPrefix(tt.answer, "{") {
					w.Header().Set("Content-Type", "application/json")
				}
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.answer)
			})
			f, err := r.File(t.Context(), "F1")
			if err == nil {
				_, err = r.Content(t.Context(), f)
			}
			if reporting.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.key) {
				t.Errorf("got %v, want %s %s", err, tt.code, tt.key)
			}
		})
	}
}

// message is a file_share of a person.
func fileShare(user string, more map[string]any) map[string]any {
	e := map[string]any{
		"type": "message", "subtype": "file_share", "user": user, "channel": "D1", "channel_type": "im", "ts": "1.2", "team": "T1",
		"files": []any{map[string]any{"id": "F1"}, map[string]any{"id": "F2", "name": "b.csv"}},
	}
	for k, v := range more {
		e[k] = v
	}
	return e
}

func TestDropped(t *testing.T) {
	tests := []struct {
		name  string
		event map[string]any
		want  []string
	}{
		{"a person's", fileShare("U1", nil), []string{"F1 event/E1/F1", "F2 event/E1/F2"}},
		{"the bot's own", fileShare("UBOT", nil), nil},
		{"another bot's", fileShare("U1", map[string]any{"bot_id": "B9"}), nil},
		{"in a channel", fileShare("U1", map[string]any{"channel": "C1", "channel_type": "channel"}), nil},
		{"of another workspace", fileShare("U1", map[string]any{"team": "T9"}), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			var got []string
			r.app.dropped = func(_ context.Context, d commands.Drop) (commands.Response, error) {
				got = append(got, d.File+" "+d.Once)
				return say("checked " + d.File)
			}
			r.event("E1", tt.event)
			r.event("E1", tt.event) // delivered again
			r.shut(t)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTask: what takes long says how far it is, in one message that is edited
// and taken away; its result comes as a file with a line about it.
func TestTask(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Quiet = 20 * time.Millisecond })
	r.slack.say("files.getUploadURLExternal", `{"ok":true,"upload_url":"`+r.slack.URL+`/upload/v1/x","file_id":"F7"}`)
	r.slack.say("files.completeUploadExternal", `{"ok":true,"files":[{"id":"F7"}]}`)
	next := make(chan struct{})
	r.app.command = func(context.Context, commands.Request) (commands.Response, error) {
		return commands.Response{Reply: commands.Say("begun"), Later: &commands.Task{Name: "export", Doing: "Writing <it>", Run: func(_ context.Context, tell func(int, int)) (commands.Response, error) {
			tell(500, 5000)
			<-next
			tell(1000, 5000)
			<-next
			return commands.Response{Reply: commands.Say("3 <projects>"), Files: []commands.Attachment{{Name: "list.xlsx", Data: []byte("PK")}}}, nil
		}}}, nil
	}
	if w := r.command("/project", "list export"); w.Code != http.StatusOK || w.Body.Len() > 0 {
		t.Fatalf("acknowledged with %d %s", w.Code, w.Body)
	}
	if c := r.slack.next(t, "respond"); c.body["text"] != "begun" {
		t.Errorf("answered %v", c.body)
	}
	if c := r.slack.next(t, "chat.postMessage"); c.body["channel"] != "D1" || c.body["text"] != "Writing &lt;it&gt;: 500 of 5000 rows" {
		t.Errorf("progress: %v", c.body)
	}
	next <- struct{}{}
	if c := r.slack.next(t, "chat.update"); c.body["text"] != "Writing &lt;it&gt;: 1000 of 5000 rows" {
		t.Errorf("edited: %v", c.body)
	}
	next <- struct{}{}
	r.slack.next(t, "chat.delete")
	if c := r.slack.next(t, "files.getUploadURLExternal"); c.body["filename"] != "list.xlsx" || c.body["length"] != "2" {
		t.Errorf("announced %v", c.body)
	}
	if c := r.slack.next(t, "files.completeUploadExternal"); c.body["channel_id"] != "D1" || c.body["initial_comment"] != "3 &lt;projects&gt;" {
		t.Errorf("completed %v", c.body)
	}
}

// TestTaskThatFails: a quick task says nothing before its result, and what
// fails is explained where it was asked.
func TestTaskThatFails(t *testing.T) {
	tests := []struct {
		name, answer string // of Slack to the upload
		run          func() (commands.Response, error)
		want         string
	}{
		{"a refusal", `{"ok":true}`, func() (commands.Response, error) {
			return commands.Response{}, reporting.Fail(reporting.NotFound, "err.file.gone")
		}, "it was deleted or replaced"},
		{"a panic", `{"ok":true}`, func() (commands.Response, error) { panic("oh") }, "went wrong"},
		{"an upload without scope", `{"ok":false,"error":"missing_scope","needed":"files:write"}`, func() (commands.Response, error) {
			return commands.Response{Files: []commands.Attachment{{Name: "a", Data: []byte("b")}}}, nil
		}, "files:write is missing: ask the administrator to reinstall the app."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.slack.say("files.getUploadURLExternal", tt.answer)
			r.app.press = func(context.Context, commands.Press) (commands.Response, error) {
				return commands.Response{Later: &commands.Task{Name: "import.run", Run: func(context.Context, func(int, int)) (commands.Response, error) { return tt.run() }}}, nil
			}
			r.interact(r.pressOf("import.run"))
			if c := r.slack.next(t, "respond"); !strings.Contains(c.body["text"].(string), tt.want) || c.body["replace_original"] == true {
				t.Errorf("told %v", c.body)
			}
			r.shut(t)
			r.slack.none(t, "chat.postMessage")
		})
	}
}

// pressOf is a block_actions of a button in a message.
func (r *rig) pressOf(action string) map[string]any {
	return map[string]any{
		"type": "block_actions", "user": map[string]any{"id": "U1"}, "trigger_id": "T1", "response_url": r.slack.URL + "/respond",
		"channel": map[string]any{"id": "D1"}, "container": map[string]any{"type": "message", "channel_id": "D1"},
		"actions": []any{map[string]any{"type": "button", "action_id": action, "block_id": "b"}},
	}
}

// TestFileField draws a field for files, or why there is none.
func TestFileField(t *testing.T) {
	if raw, err := json.Marshal(fileInput(commands.Field{ID: "f", FileTypes: []string{"pdf", "ofd"}, MaxFiles: 12})); err != nil ||
		string(raw) != `{"type":"file_input","action_id":"f","max_files":10}` {
		t.Errorf("a field for a kind that Slack does not know: %s %v", raw, err)
	}
	form := commands.Form{ID: "f", Title: "t", Submit: "go", KeepDraft: true, Locale: reporting.En, Fields: []commands.Field{
		{ID: "proof", Kind: commands.FileField, Label: "Evidence", MaxFiles: 5, FileTypes: []string{"pdf", "jpg"}, Optional: true},
	}}
	tests := []struct{ name, scopes, want, lacks string }{
		{"granted", "commands,files:read", `"action_id":"proof","filetypes":["pdf","jpg"],"max_files":5,"type":"file_input"`, `"dispatch_action":true`},
		{"not told", "", `"type":"file_input"`, "missing"},
		{"not granted", "commands", `files:read is missing: ask the administrator to reinstall the app.`, "file_input"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.slack.handle("auth.test", func(w http.ResponseWriter) {
				w.Header().Set("X-OAuth-Scopes", tt.scopes)
				_, _ = io.WriteString(w, `{"ok":true,"user_id":"UBOT","bot_id":"B1","team_id":"T1"}`)
			})
			if _, err := r.team(t.Context()); err != nil {
				t.Fatal(err)
			}
			r.app.command = func(context.Context, commands.Request) (commands.Response, error) {
				return commands.Response{Form: &form}, nil
			}
			r.command("/project", "register")
			raw, err := json.Marshal(r.slack.next(t, "views.open").body["view"])
			if err != nil {
				t.Fatal(err)
			}
			if got := string(raw); !strings.Contains(got, tt.want) || strings.Contains(got, tt.lacks) {
				t.Errorf("drawn %s", got)
			}
		})
	}
}

// TestScopesAreAskedAgain: an app that was installed again takes files soon.
func TestScopesAreAskedAgain(t *testing.T) {
	now := time.Now()
	r := newRig(t, func(c *Config) { c.Now = func() time.Time { return now } })
	scopes := "commands"
	r.slack.handle("auth.test", func(w http.ResponseWriter) {
		w.Header().Set("X-OAuth-Scopes", scopes)
		_, _ = io.WriteString(w, `{"ok":true,"bot_id":"B1","team_id":"T1"}`)
	})
	if _, err := r.team(t.Context()); err != nil || !r.lacks(t.Context(), readScope) {
		t.Fatalf("the scope is there: %v", err)
	}
	scopes = "commands, files:read"
	if !r.lacks(t.Context(), readScope) {
		t.Error("asked again at once")
	}
	now = now.Add(scopesFor)
	if r.lacks(t.Context(), readScope) {
		t.Error("not asked again")
	}
}

func TestSubmitReadsFiles(t *testing.T) {
	r := newRig(t, nil)
	var got map[string][]commands.File
	r.app.submit = func(_ context.Context, in commands.Input) (commands.SubmitResult, error) {
		got = in.Files
		return commands.SubmitResult{}, nil
	}
	p := submission("f", nil, "name")
	p["view"].(map[string]any)["state"].(map[string]any)["values"].(map[string]any)["proof.2"] = map[string]any{
		"proof": map[string]any{"type": "file_input", "files": []any{
			map[string]any{"id": "F1", "name": "a.PDF", "size": 7, "filetype": "PDF", "permalink": "https://x/F1"},
		}},
	}
	r.interact(p)
	if diff := cmp.Diff(map[string][]commands.File{"proof": {{ID: "F1", Name: "a.PDF", Size: 7, Type: "pdf", Link: "https://x/F1"}}}, got); diff != "" {
		t.Error(diff)
	}
}
