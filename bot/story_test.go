package bot

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

// workspace is a bot on a strict local workspace.
type workspace struct {
	*playground.Server
	app  *fakeApp
	bot  *Bot
	wang *playground.Person
}

// newWorkspace connects a bot over HTTP or Socket Mode.
func newWorkspace(t *testing.T, socket bool) *workspace {
	w := &workspace{app: &fakeApp{words: testWords(t)}}
	var events http.Handler
	hooks := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { events.ServeHTTP(rw, r) }))
	t.Cleanup(hooks.Close)
	cfg := playground.Config{
		Users:    []playground.User{{ID: "UWANG", Name: "wang", RealName: "王小明", Locale: "zh-TW"}},
		BotUser:  playground.User{ID: "UBOT", Name: "mouhua", RealName: "谋划"},
		Channels: []playground.Channel{{ID: "CJY", Name: "jingyue", Members: []string{"UWANG", "UBOT"}}},
		Commands: []playground.Command{{Name: "/quota"}, {Name: "/project"}},
		BotToken: "xoxb-test", AppToken: "xapp-test", SigningSecret: testSecret,
		Events: []string{"app_home_opened", "app_mention", "message.channels", "message.groups", "message.im", "assistant_thread_started"},
	}
	if !socket {
		cfg.RequestURL = hooks.URL
	}
	// The workspace verifies the request URL at once, before there is a bot.
	ready := make(chan struct{})
	events = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		<-ready
		w.bot.Handler().ServeHTTP(rw, r)
	})
	var err error
	if w.Server, err = playground.New(cfg); err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(w.Server.Handler())
	w.bot = New(w.app, NewClient("xoxb-test", "xapp-test", api.URL+"/api/", nil), Config{SigningSecret: testSecret, Locale: reporting.En, Assistant: true})
	close(ready)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	if socket {
		go func() { ended <- w.bot.RunSocket(ctx) }()
	} else {
		ended <- nil
	}
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := w.bot.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		api.CloseClientConnections()
		api.Close()
	})
	w.wang = w.As("UWANG")
	return w
}

// until waits for what Wang is to see.
func (w *workspace) until(t *testing.T, what string, cond func(*playground.Person) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := w.wang.Wait(ctx, cond); err != nil {
		t.Fatalf("wait for %s: %v", what, err)
	}
}

// reads waits until Wang's last message in channel holds text.
func (w *workspace) reads(t *testing.T, channel, text string) playground.Message {
	t.Helper()
	var found playground.Message
	w.until(t, text, func(p *playground.Person) bool {
		for _, m := range p.Messages(channel) {
			if raw, _ := json.Marshal(m.Blocks); m.Bot && strings.Contains(m.Text+string(raw), text) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

func (w *workspace) types(t *testing.T, text string) {
	t.Helper()
	if err := w.wang.Say(t.Context(), "CJY", "", text); err != nil {
		t.Fatalf("type %s: %v", text, err)
	}
}

func bothWays(t *testing.T, test func(t *testing.T, w *workspace)) {
	for name, socket := range map[string]bool{"http": false, "socket": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, socket)
			w.app.home = func(_ context.Context, _ string, l reporting.Locale) (*commands.Reply, error) {
				return commands.Say("home " + string(l)), nil
			}
			// Opening App Home until it is shown also waits for the connection.
			w.until(t, "the bot", func(p *playground.Person) bool {
				_ = p.OpenHome(t.Context())
				return p.Home() != nil
			})
			test(t, w)
		})
	}
}

func TestExtremeReplyIsTakenByTheWorkspace(t *testing.T) {
	bothWays(t, func(t *testing.T, w *workspace) {
		w.app.command = func(context.Context, commands.Request) (commands.Response, error) {
			return commands.Response{Reply: extreme()}, nil
		}
		w.types(t, "/quota all")
		w.reads(t, "CJY", "=1+1")

		// By chat.postMessage, where Slack counts all text together.
		w.app.compose = func(context.Context, reporting.Message) (commands.Outgoing, error) {
			return commands.Outgoing{Channel: "CJY", Reply: extreme()}, nil
		}
		if got := w.bot.Deliver(t.Context(), reporting.Message{Key: "nudge/a/2018-W10"}); got.Outcome != reporting.Sent {
			t.Errorf("receipt %v", got)
		}

		w.app.home = func(context.Context, string, reporting.Locale) (*commands.Reply, error) { return extreme(), nil }
		if err := w.wang.OpenHome(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.until(t, "the extreme home", func(p *playground.Person) bool {
			raw, _ := json.Marshal(p.Home())
			return strings.Contains(string(raw), "=1+1")
		})
	})
}

func TestFormStory(t *testing.T) {
	bothWays(t, func(t *testing.T, w *workspace) {
		w.app.command = func(_ context.Context, r commands.Request) (commands.Response, error) {
			return commands.Response{Form: page1(r.Locale, "")}, nil
		}
		w.app.changed = func(_ context.Context, in commands.Input) (*commands.Form, error) {
			if in.Field == "route" {
				return page1(in.Locale, in.Values["route"]), nil
			}
			return nil, nil
		}
		w.app.suggest = func(_ context.Context, s commands.Search) ([]commands.Option, error) {
			if s.Text == "jing" {
				return []commands.Option{{Value: "jingyue", Label: "净月 " + string(s.Locale)}}, nil
			}
			return nil, nil
		}
		w.app.submit = func(_ context.Context, in commands.Input) (commands.SubmitResult, error) {
			if in.FormID == "page2" {
				return commands.SubmitResult{Tell: commands.Say("CC-2018-0007"), TellIn: in.State}, nil
			}
			if in.Values["name"] != nasty {
				return commands.SubmitResult{Errors: map[string]string{"name": "全称", "path": "选"}}, nil
			}
			long := strings.Repeat("长", 3000)
			next := &commands.Form{ID: "page2", Title: "2/2", Submit: "ok", State: "CJY", Locale: in.Locale, Fields: []commands.Field{
				{ID: "a", Kind: commands.LongField, Label: "a", Value: long}, {ID: "b", Kind: commands.LongField, Label: "b", Value: long},
				{ID: "c", Kind: commands.LongField, Label: "c", Value: long},
			}}
			return commands.SubmitResult{Next: next}, nil
		}
		w.types(t, "/project register")
		w.until(t, "page 1", func(p *playground.Person) bool { return len(p.Views()) == 1 })
		first := w.wang.Views()[0]
		ref := playground.Ref{Type: "view", ViewID: first.ID}
		if err := w.wang.Click(t.Context(), ref, "route", "route", "r2"); err != nil {
			t.Fatal(err)
		}
		w.until(t, "the paths of route r2", func(p *playground.Person) bool {
			raw, _ := json.Marshal(p.Views()[0].Blocks)
			return strings.Contains(string(raw), `"path.r2"`)
		})
		options, err := w.wang.Suggest(t.Context(), first.ID, "body", "body", "jing")
		if err != nil || len(options) != 1 || options[0].Value != "jingyue" {
			t.Fatalf("suggested %v: %v", options, err)
		}
		faults, err := w.wang.Submit(t.Context(), first.ID, nil)
		if diff := cmp.Diff(map[string]string{"name": "全称", "path.r2": "选"}, faults); diff != "" || err != nil {
			t.Fatalf("%v\n%s", err, diff)
		}
		faults, err = w.wang.Submit(t.Context(), first.ID, map[string]map[string]any{
			"name": {"name": map[string]any{"type": "plain_text_input", "value": nasty}}})
		if err != nil || len(faults) > 0 {
			t.Fatalf("submit page 1: %v %v", faults, err)
		}
		w.until(t, "page 2, which no socket takes", func(p *playground.Person) bool {
			views := p.Views()
			raw, _ := json.Marshal(views[len(views)-1].Blocks)
			return len(views) == 2 && len(raw) > socketPayload
		})
		if faults, err = w.wang.Submit(t.Context(), w.wang.Views()[1].ID, nil); err != nil || len(faults) > 0 {
			t.Fatalf("submit page 2: %v %v", faults, err)
		}
		if left := len(w.wang.Views()); left != 0 {
			t.Errorf("%d forms are still open", left)
		}
		if m := w.reads(t, "CJY", "CC-2018-0007"); !m.Ephemeral {
			t.Error("all see what only Wang should")
		}
	})
}

func page1(l reporting.Locale, route string) *commands.Form {
	f := &commands.Form{ID: "page1", Title: "1/2", Submit: "next", Close: "close", Locale: l, KeepDraft: true, Fields: []commands.Field{
		{ID: "name", Kind: commands.TextField, Label: "name", MaxLen: 100, Optional: true},
		{ID: "route", Kind: commands.SelectField, Label: "route", Live: true, Value: route, Optional: true,
			Options: []commands.Option{{Value: "r1", Label: "1"}, {Value: "r2", Label: "2"}}},
		{ID: "path", Variant: route, Kind: commands.SelectField, Label: "path", Optional: true},
		{ID: "body", Kind: commands.SearchField, Label: "body", Optional: true},
	}}
	if route != "" {
		f.Fields[2].Options = []commands.Option{{Value: route + "a", Label: "a"}}
	}
	return f
}

func TestSentencesAndButtons(t *testing.T) {
	bothWays(t, func(t *testing.T, w *workspace) {
		w.app.ask = func(_ context.Context, r commands.Request) (commands.Response, error) {
			return commands.Response{Reply: &commands.Reply{InChannel: true, Text: "answer to " + r.Text, Parts: []commands.Part{
				commands.Paragraph{commands.Plain("answer to " + r.Text)},
				commands.Buttons{{Action: "more", Value: "7", Label: "more"}},
			}}}, nil
		}
		w.app.press = func(_ context.Context, p commands.Press) (commands.Response, error) {
			return commands.Response{Reply: commands.Say(p.Action + " " + p.Value + " " + string(p.Locale)), Replace: true}, nil
		}
		w.types(t, "@mouhua 净月 2018")
		m := w.reads(t, "CJY", "answer to 净月 2018")
		if m.ThreadTS == "" {
			t.Error("a mention was answered outside its thread")
		}
		block := m.Blocks[1]["block_id"].(string)
		ref := playground.Ref{Type: "message", Channel: "CJY", TS: m.TS}
		if err := w.wang.Click(t.Context(), ref, block, "more", ""); err != nil {
			t.Fatal(err)
		}
		if again := w.reads(t, "CJY", "more 7 zh-TW"); again.TS != m.TS {
			t.Error("the message was not replaced")
		}
	})
}

func TestDeliverTwiceIsFoundInTheWorkspace(t *testing.T) {
	bothWays(t, func(t *testing.T, w *workspace) {
		w.app.compose = func(context.Context, reporting.Message) (commands.Outgoing, error) {
			return commands.Outgoing{Reply: commands.Say("核实通过")}, nil
		}
		for _, to := range []string{"UWANG", "CJY"} {
			m := reporting.Message{Key: "approved/CC-2018-0007/" + to, To: to, Attempts: 1, TriedAt: time.Now().UnixMilli()}
			first := w.bot.Deliver(t.Context(), m)
			m.Attempts = 2
			want := first
			want.Found = true
			if diff := cmp.Diff(want, w.bot.Deliver(t.Context(), m)); diff != "" || first.Outcome != reporting.Sent {
				t.Errorf("first %v\n%s", first, diff)
			}
		}
	})
}

func TestSocketEndsWithADeadToken(t *testing.T) {
	r := newRig(t, nil)
	r.slack.say("apps.connections.open", `{"ok":false,"error":"invalid_auth"}`)
	if err := r.RunSocket(t.Context()); err == nil || !strings.Contains(err.Error(), "invalid_auth") {
		t.Errorf("RunSocket returned %v", err)
	}
}
