package bot

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

const testSecret = "8f742231b10e8888abcd99yyyzzz85a5"

// fakeApp answers with its functions; without one it knows nothing.
type fakeApp struct {
	command func(context.Context, commands.Request) (commands.Response, error)
	press   func(context.Context, commands.Press) (commands.Response, error)
	changed func(context.Context, commands.Input) (*commands.Form, error)
	submit  func(context.Context, commands.Input) (commands.SubmitResult, error)
	closed  func(context.Context, commands.Input) error
	suggest func(context.Context, commands.Search) ([]commands.Option, error)
	home    func(context.Context, string, reporting.Locale) (*commands.Reply, error)
	ask     func(context.Context, commands.Request) (commands.Response, error)
	engaged func(channel, thread string) (bool, error)
	welcome func(user string, l reporting.Locale) (commands.Welcome, error)
	dropped func(context.Context, commands.Drop) (commands.Response, error)
	compose func(context.Context, reporting.Message) (commands.Outgoing, error)
	words   *commands.Words
}

func (f *fakeApp) Command(ctx context.Context, r commands.Request) (commands.Response, error) {
	if f.command == nil {
		return commands.Response{}, reporting.Fail(reporting.NotFound, "err.command.unknown", "prefix", "")
	}
	return f.command(ctx, r)
}

func (f *fakeApp) Press(ctx context.Context, p commands.Press) (commands.Response, error) {
	if f.press == nil {
		return commands.Response{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	return f.press(ctx, p)
}

func (f *fakeApp) Changed(ctx context.Context, in commands.Input) (*commands.Form, error) {
	if f.changed == nil {
		return nil, nil
	}
	return f.changed(ctx, in)
}

func (f *fakeApp) Submit(ctx context.Context, in commands.Input) (commands.SubmitResult, error) {
	if f.submit == nil {
		return commands.SubmitResult{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	return f.submit(ctx, in)
}

func (f *fakeApp) Closed(ctx context.Context, in commands.Input) error {
	if f.closed == nil {
		return nil
	}
	return f.closed(ctx, in)
}

func (f *fakeApp) Suggest(ctx context.Context, s commands.Search) ([]commands.Option, error) {
	if f.suggest == nil {
		return nil, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	return f.suggest(ctx, s)
}

func (f *fakeApp) Home(ctx context.Context, user string, l reporting.Locale) (*commands.Reply, error) {
	return f.home(ctx, user, l)
}

func (f *fakeApp) Ask(ctx context.Context, r commands.Request) (commands.Response, error) {
	return f.ask(ctx, r)
}

func (f *fakeApp) Engaged(_ context.Context, channel, thread string) (bool, error) {
	if f.engaged == nil {
		return false, nil
	}
	return f.engaged(channel, thread)
}

func (f *fakeApp) Welcome(_ context.Context, user string, l reporting.Locale) (commands.Welcome, error) {
	return f.welcome(user, l)
}

func (f *fakeApp) Dropped(ctx context.Context, d commands.Drop) (commands.Response, error) {
	return f.dropped(ctx, d)
}

func (f *fakeApp) Compose(ctx context.Context, m reporting.Message) (commands.Outgoing, error) {
	return f.compose(ctx, m)
}

func (f *fakeApp) Words() *commands.Words { return f.words }

func testWords(t testing.TB) *commands.Words {
	t.Helper()
	w, err := commands.NewWords()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// call is one call that Slack got, its form or JSON body by name.
type call struct {
	method string
	body   map[string]any
}

// fakeSlack is Slack's Web API with one answer a method: `{"ok":true}` unless
// told otherwise. A response URL is a method of its own.
type fakeSlack struct {
	*httptest.Server
	calls  chan call
	mu     sync.Mutex
	answer map[string]func(w http.ResponseWriter)
}

func newFakeSlack(t testing.TB) *fakeSlack {
	s := &fakeSlack{calls: make(chan call, 200), answer: map[string]func(http.ResponseWriter){}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	s.say("users.info", `{"ok":true,"user":{"id":"U1","locale":"en-US"}}`)
	s.say("auth.test", `{"ok":true,"user_id":"UBOT","bot_id":"B1"}`)
	s.say("conversations.open", `{"ok":true,"channel":{"id":"D1"}}`)
	s.say("chat.postMessage", `{"ok":true,"channel":"C1","ts":"100.000001"}`)
	s.say("chat.update", `{"ok":true,"channel":"C1","ts":"90.000001"}`)
	s.say("chat.postEphemeral", `{"ok":true,"message_ts":"100.000001"}`)
	return s
}

func (s *fakeSlack) handle(method string, f func(http.ResponseWriter)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer[method] = f
}

// say makes Slack answer method with the given bodies in turn, the last for ever.
func (s *fakeSlack) say(method string, bodies ...string) {
	var mu sync.Mutex
	s.handle(method, func(w http.ResponseWriter) {
		mu.Lock()
		defer mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, bodies[0])
		if len(bodies) > 1 {
			bodies = bodies[1:]
		}
	})
}

func (s *fakeSlack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := call{method: path.Base(r.URL.Path), body: map[string]any{}}
	raw, _ := io.ReadAll(r.Body)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = json.Unmarshal(raw, &c.body)
	} else {
		form, _ := url.ParseQuery(string(raw))
		for k, v := range form {
			c.body[k] = v[0]
		}
	}
	s.mu.Lock()
	answer := s.answer[c.method]
	s.mu.Unlock()
	if answer == nil {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true}`)
	} else {
		answer(w)
	}
	s.calls <- c
}

// next returns the next call of method, passing over others.
func (s *fakeSlack) next(t testing.TB, method string) call {
	t.Helper()
	for {
		select {
		case c := <-s.calls:
			if c.method == method {
				return c
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("no call of %s", method)
		}
	}
}

// none fails the test when method was called. It is for after Shutdown.
func (s *fakeSlack) none(t testing.TB, method string) {
	t.Helper()
	for {
		select {
		case c := <-s.calls:
			if c.method == method {
				t.Errorf("%s was called: %v", method, c.body)
			}
		default:
			return
		}
	}
}

// rig is a bot between a fake App and a fake Slack, in English.
type rig struct {
	*Bot
	app   *fakeApp
	slack *fakeSlack
	web   http.Handler
	log   *bytes.Buffer // read after shut
	seen  *observations
}

type observations struct {
	mu      sync.Mutex
	handled []string
	called  []string
}

func (o *observations) Handled(kind, name, outcome string, _ time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.handled = append(o.handled, kind+" "+name+" "+outcome)
}

func (o *observations) Called(method, outcome string, _ time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.called = append(o.called, method+" "+outcome)
}

func newRig(t testing.TB, change func(*Config)) *rig {
	r := &rig{app: &fakeApp{words: testWords(t)}, slack: newFakeSlack(t), log: &bytes.Buffer{}, seen: &observations{}}
	cfg := Config{
		SigningSecret: testSecret, Locale: reporting.En, Observe: r.seen,
		Log: slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&cfg)
	}
	r.Bot = New(r.app, NewClient("xoxb-test", "xapp-test", r.slack.URL+"/api/", r.seen), cfg)
	r.locales.remember("U1", somebody{locale: reporting.En, is: member, team: "T1"}, time.Hour)
	r.web = r.Handler()
	t.Cleanup(func() { r.shut(t) })
	return r
}

// shut waits until all work is done.
func (r *rig) shut(t testing.TB) {
	t.Helper()
	if err := r.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
}

func signed(path, body string, at time.Time) *http.Request {
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(testSecret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return req
}

// post delivers body as Slack does and returns the answer.
func (r *rig) post(path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r.web.ServeHTTP(w, signed(path, body, time.Now()))
	return w
}

// command delivers a slash command.
func (r *rig) command(command, text string) *httptest.ResponseRecorder {
	return r.typed("U1", command, text)
}

func (r *rig) typed(user, command, text string) *httptest.ResponseRecorder {
	return r.post("/slack/commands", url.Values{
		"command": {command}, "text": {text}, "user_id": {user}, "channel_id": {"C1"},
		"trigger_id": {"T1"}, "response_url": {r.slack.URL + "/respond"},
	}.Encode())
}

// interact delivers an interaction.
func (r *rig) interact(payload map[string]any) *httptest.ResponseRecorder {
	raw, _ := json.Marshal(payload)
	return r.post("/slack/interactions", url.Values{"payload": {string(raw)}}.Encode())
}

func (r *rig) event(id string, inner map[string]any) *httptest.ResponseRecorder {
	raw, _ := json.Marshal(map[string]any{
		"type": "event_callback", "event_id": id, "event": inner,
		"authorizations": []any{map[string]any{"user_id": "UBOT", "is_bot": true}},
	})
	return r.post("/slack/events", string(raw))
}

func say(text string) (commands.Response, error) {
	return commands.Response{Reply: commands.Say(text)}, nil
}

func object(t testing.TB, raw []byte) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return o
}
