package playground

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// dm is a person's channel with the bot.
func dm(user string) string { return "D" + strings.TrimPrefix(user, "U") }

// TestUpload follows a file that a person sends to the bot: the event, its
// description, its content, and its end.
func TestUpload(t *testing.T) {
	f := newFixture(t, nil)
	events := make(chan *slackevents.MessageEvent, 4)
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		if e, ok := evt.Data.(slackevents.EventsAPIEvent); ok {
			if m, ok := e.InnerEvent.Data.(*slackevents.MessageEvent); ok {
				events <- m
			}
		}
		return nil, false
	})
	wang := f.As("UWANG")
	id, err := wang.Upload(t.Context(), dm("UWANG"), "", "项目 清单.csv", []byte("a,b\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := <-events
	if got.SubType != "file_share" || got.ChannelType != "im" || got.User != "UWANG" || len(got.Message.Files) != 1 {
		t.Fatalf("event: %+v", got)
	}
	sent := got.Message.Files[0]
	if sent.ID != id || sent.Name != "项目 清单.csv" || sent.Size != 4 || sent.Filetype != "csv" || sent.Mimetype != "text/csv" || sent.User != "UWANG" {
		t.Errorf("file of the event: %+v", sent)
	}
	info, _, _, err := f.api.GetFileInfoContext(t.Context(), id, 1, 1)
	if err != nil || info.URLPrivateDownload == "" || info.Permalink == "" {
		t.Fatalf("files.info: %+v %v", info, err)
	}
	var content bytes.Buffer
	if err := f.api.GetFileContext(t.Context(), info.URLPrivateDownload, &content); err != nil || content.String() != "a,b\n" {
		t.Errorf("download: %q %v", content.String(), err)
	}
	if diff := cmp.Diff([]File{{ID: id, Name: "项目 清单.csv", Size: 4, Type: "csv", User: "UWANG"}}, last(wang, dm("UWANG")).Files); diff != "" {
		t.Error(diff)
	}
	if err := wang.Delete(id); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := f.api.GetFileInfoContext(t.Context(), id, 1, 1); err == nil || err.Error() != "file_deleted" {
		t.Errorf("files.info of a deleted file: %v", err)
	}
	if files := last(wang, dm("UWANG")).Files; len(files) != 1 || !files[0].Deleted {
		t.Errorf("the message shows %+v", files)
	}
}

// TestDownloadAsks: whoever brings no token that may read files gets Slack's
// sign-in page.
func TestDownloadAsks(t *testing.T) {
	f := newFixture(t, nil)
	id, err := f.As("UWANG").Upload(t.Context(), dm("UWANG"), "", "a.csv", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	info, _, _, err := f.api.GetFileInfoContext(t.Context(), id, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, header, revoke string
		signIn               bool
	}{
		{"no token", "", "", true},
		{"wrong token", "Bearer xoxb-other", "", true},
		{"app token", "Bearer " + testAppToken, "", true},
		{"token in no header", "Basic " + testBotToken, "", true},
		{"bot token", "Bearer " + testBotToken, "", false},
		{"bot token without files:read", "Bearer " + testBotToken, "files:read", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.revoke != "" {
				f.Revoke(tt.revoke)
				defer f.Grant(tt.revoke)
			}
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, info.URLPrivateDownload, nil)
			if tt.header != "" {
				req.Header.Set("Authorization", tt.header)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, _ := io.ReadAll(res.Body)
			if signIn := strings.Contains(string(body), "Sign in | Slack"); signIn != tt.signIn || signIn == (string(body) == "secret") {
				t.Errorf("got %q", body)
			}
		})
	}
}

// apiCall calls a method with form fields and returns its answer.
func (f *fixture) apiCall(t *testing.T, method string, fields map[string]string) object {
	t.Helper()
	form := url.Values{"token": {testBotToken}}
	for k, v := range fields {
		form.Set(k, v)
	}
	res, err := http.PostForm(f.url+"/api/"+method, form)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer object
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// reserve announces an upload of four bytes and, when sent, sends them.
func (f *fixture) reserve(t *testing.T, sent bool) string {
	t.Helper()
	got := f.apiCall(t, "files.getUploadURLExternal", map[string]string{"filename": "清单.xlsx", "length": "4"})
	if got["ok"] != true {
		t.Fatalf("getUploadURLExternal: %v", got)
	}
	if !sent {
		return got["file_id"].(string)
	}
	res, err := http.Post(got["upload_url"].(string), "application/octet-stream", strings.NewReader("1234"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("upload: %s", res.Status)
	}
	return got["file_id"].(string)
}

// TestFileRefusals holds what Slack refuses about files.
func TestFileRefusals(t *testing.T) {
	f := newFixture(t, nil)
	private, err := f.As("ULI").Upload(t.Context(), "CHIDDEN", "", "a.csv", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	done := f.reserve(t, true)
	if got := f.apiCall(t, "files.completeUploadExternal", map[string]string{"files": `[{"id":"` + done + `"}]`, "channel_id": "CJY"}); got["ok"] != true {
		t.Fatalf("complete: %v", got)
	}
	ready, empty := f.reserve(t, true), f.reserve(t, false)
	files := func(id string) string { return `[{"id":"` + id + `","title":"清单"}]` }
	tests := []struct {
		name, method   string
		fields         map[string]string
		revoke, refuse string
	}{
		{"no such file", "files.info", map[string]string{"file": "FNONE"}, "", "file_not_found"},
		{"file where the bot is not", "files.info", map[string]string{"file": private}, "", "file_not_found"},
		{"info without scope", "files.info", map[string]string{"file": private}, "files:read", "missing_scope"},
		{"upload without scope", "files.getUploadURLExternal", map[string]string{"filename": "a", "length": "1"}, "files:write", "missing_scope"},
		{"complete without scope", "files.completeUploadExternal", map[string]string{"files": files(ready)}, "files:write", "missing_scope"},
		{"no name", "files.getUploadURLExternal", map[string]string{"length": "1"}, "", "invalid_arguments"},
		{"no length", "files.getUploadURLExternal", map[string]string{"filename": "a"}, "", "invalid_arguments"},
		{"empty file", "files.getUploadURLExternal", map[string]string{"filename": "a", "length": "0"}, "", "invalid_arguments"},
		{"no files", "files.completeUploadExternal", map[string]string{"files": "[]"}, "", "invalid_arguments"},
		{"completed before", "files.completeUploadExternal", map[string]string{"files": files(done), "channel_id": "CJY"}, "", "file_not_found"},
		{"bytes did not come", "files.completeUploadExternal", map[string]string{"files": files(empty), "channel_id": "CJY"}, "", "file_not_found"},
		{"somebody's file", "files.completeUploadExternal", map[string]string{"files": files(private), "channel_id": "CJY"}, "", "file_not_found"},
		{"not in channel", "files.completeUploadExternal", map[string]string{"files": files(ready), "channel_id": "COPEN"}, "", "not_in_channel"},
		{"channel unknown to the bot", "files.completeUploadExternal", map[string]string{"files": files(ready), "channel_id": "CHIDDEN"}, "", "channel_not_found"},
		{"a person is no channel", "files.completeUploadExternal", map[string]string{"files": files(ready), "channel_id": "UWANG"}, "", "channel_not_found"},
		{"thread without parent", "files.completeUploadExternal", map[string]string{"files": files(ready), "channel_id": "CJY", "thread_ts": "1.000001"}, "", "message_not_found"},
		{"thread of two channels", "files.completeUploadExternal", map[string]string{"files": files(ready), "channels": "CJY,CSECRET", "thread_ts": "1.000001"}, "", "invalid_arguments"},
		{"whole", "files.completeUploadExternal", map[string]string{"files": files(ready), "channel_id": dm("UWANG"), "initial_comment": "共 3 个"}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.revoke != "" {
				f.Revoke(tt.revoke)
				defer f.Grant(tt.revoke)
			}
			got := f.apiCall(t, tt.method, tt.fields)
			code, _ := got["error"].(string)
			if code != tt.refuse {
				t.Fatalf("error %q, want %q: %v", code, tt.refuse, got)
			}
			if provided, _ := got["provided"].(string); tt.revoke != "" && (got["needed"] != tt.revoke || strings.Contains(provided, tt.revoke)) {
				t.Errorf("needed %v, provided %v", got["needed"], provided)
			}
		})
	}
	if m := last(f.As("UWANG"), dm("UWANG")); m.Text != "共 3 个" || len(m.Files) != 1 || m.Files[0].Size != 4 || !m.Bot {
		t.Errorf("the person sees %+v", m)
	}
	if content, err := f.As("UWANG").Download(last(f.As("UWANG"), dm("UWANG")).Files[0].ID); err != nil || string(content) != "1234" {
		t.Errorf("the person downloads %q %v", content, err)
	}
}

func TestUploadTakesWhatWasAnnounced(t *testing.T) {
	f := newFixture(t, nil)
	got := f.apiCall(t, "files.getUploadURLExternal", map[string]string{"filename": "a", "length": "4"})
	for _, tt := range []struct {
		body string
		want int
	}{{"123", http.StatusBadRequest}, {"12345", http.StatusBadRequest}, {"1234", http.StatusOK}, {"1234", http.StatusNotFound}} {
		res, err := http.Post(got["upload_url"].(string), "application/octet-stream", strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != tt.want {
			t.Errorf("%q: %s, want %d", tt.body, res.Status, tt.want)
		}
	}
}

// TestBotUploads goes through slack-go's three steps in one.
func TestBotUploads(t *testing.T) {
	f := newFixture(t, nil)
	_, err := f.api.UploadFileContext(t.Context(), slack.UploadFileParameters{
		Filename: "清单.xlsx", FileSize: 3, Reader: strings.NewReader("abc"), Channel: "CJY", InitialComment: "导出",
	})
	if err != nil {
		t.Fatal(err)
	}
	if m := last(f.As("UWANG"), "CJY"); m.Text != "导出" || m.Subtype != "file_share" || len(m.Files) != 1 || m.Files[0].Name != "清单.xlsx" {
		t.Errorf("the channel shows %+v", m)
	}
}

// fileForm is a modal with a file_input.
func fileForm() slack.ModalViewRequest {
	el := slack.NewFileInputBlockElement("proof").WithMaxFiles(2).WithFileTypes("pdf", "jpg")
	v := form("files")
	block := slack.NewInputBlock("evidence", plainObject("佐证"), nil, el)
	block.Optional = true
	v.Blocks.BlockSet = append(v.Blocks.BlockSet, block)
	return v
}

// TestFileInput chooses files in a form, as far as the form takes them, and
// submits them.
func TestFileInput(t *testing.T) {
	f := newFixture(t, nil)
	var got slack.InteractionCallback
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		if cmd, ok := evt.Data.(slack.SlashCommand); ok {
			if _, err := f.api.OpenViewContext(t.Context(), cmd.TriggerID, fileForm()); err != nil {
				t.Errorf("open: %v", err)
			}
		} else if cb, ok := evt.Data.(slack.InteractionCallback); ok {
			got = cb
		}
		return nil, false
	})
	wang := f.As("UWANG")
	if err := wang.Say(t.Context(), "CJY", "", "/quota"); err != nil {
		t.Fatal(err)
	}
	id := wang.Views()[0].ID
	tests := []struct {
		name, file string
		size       int
		refused    string
	}{
		{"another kind", "a.exe", 1, "of a kind"},
		{"too large", "a.pdf", maxInputFile + 1, "10 MB"},
		{"first", "会议纪要.pdf", 3, ""},
		{"second, with another ending of its kind", "b.JPEG", 4, ""},
		{"one too many", "c.pdf", 1, "no more than 2"},
	}
	for _, tt := range tests {
		err := wang.Attach(t.Context(), id, "evidence", "proof", tt.file, bytes.Repeat([]byte("x"), tt.size))
		if (err == nil) != (tt.refused == "") || err != nil && !strings.Contains(err.Error(), tt.refused) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if wrong, err := wang.Submit(t.Context(), id, entry("project", "name", "净月")); err != nil || len(wrong) > 0 {
		t.Fatalf("submit: %v %v", wrong, err)
	}
	files := got.View.State.Values["evidence"]["proof"].Files
	if len(files) != 2 || files[0].Name != "会议纪要.pdf" || files[0].Size != 3 || files[1].Filetype != "jpg" {
		t.Fatalf("the bot got %+v", files)
	}
	if _, _, _, err := f.api.GetFileInfoContext(t.Context(), files[0].ID, 1, 1); err != nil {
		t.Errorf("files.info of a submitted file: %v", err)
	}
}

// TestFileInputNeedsScope: an app that may not read files cannot ask for any.
func TestFileInputNeedsScope(t *testing.T) {
	f := newFixture(t, nil)
	f.Revoke("files:read")
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		if cmd, ok := evt.Data.(slack.SlashCommand); ok {
			_, err := f.api.OpenViewContext(t.Context(), cmd.TriggerID, fileForm())
			var refused slack.SlackErrorResponse
			if !errors.As(err, &refused) || refused.Err != "missing_scope" || refused.Needed != "files:read" {
				t.Errorf("open: %v", err)
			}
		}
		return nil, false
	})
	if err := f.As("UWANG").Say(t.Context(), "CJY", "", "/quota"); err != nil {
		t.Fatal(err)
	}
}

// TestFilesOnThePage uploads and downloads as the page does.
func TestFilesOnThePage(t *testing.T) {
	f := newFixture(t, nil)
	body := `{"user":"UWANG","channel":"CJY","name":"a.csv","data":"YSxi"}`
	res, err := http.Post(f.url+"/ui/upload", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	files := last(f.As("UWANG"), "CJY").Files
	if len(files) != 1 || files[0].Size != 3 {
		t.Fatalf("the channel shows %+v", files)
	}
	for user, want := range map[string]int{"UWANG": http.StatusOK, "UGUEST": http.StatusNotFound} {
		res, err := http.Get(f.url + "/ui/file?user=" + user + "&id=" + files[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s got %s", user, res.Status)
		}
	}
}
