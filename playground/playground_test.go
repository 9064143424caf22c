package playground

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const (
	testBotToken = "xoxb-test"
	testAppToken = "xapp-test"
	testSecret   = "8f742231b10e8888abcd99yyyzzz85a5"
)

// testClock is real time as the workspace is told it, moved by hand.
type testClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *testClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// fixture is a workspace with a client on it.
type fixture struct {
	*Server
	url   string
	api   *slack.Client
	clock *testClock
}

func testConfig() Config {
	return Config{
		Workspace: "长春市重大项目",
		Users: []User{
			{ID: "UWANG", Name: "wang", RealName: "王小明", Title: "净月高新区 · 官员", Locale: "zh-CN"},
			{ID: "ULI", Name: "li", RealName: "李雷", Locale: "zh-TW"},
			{ID: "UGUEST", Name: "guest", RealName: "Guest", Guest: true},
		},
		BotUser: User{ID: "UBOT", Name: "mouhua", RealName: "谋划"},
		Channels: []Channel{
			{ID: "CJY", Name: "jingyue", Topic: "净月", Members: []string{"UWANG", "UBOT"}},
			{ID: "COPEN", Name: "open", Members: []string{"ULI"}},
			{ID: "CSECRET", Name: "secret", Private: true, Members: []string{"ULI", "UBOT"}},
			{ID: "CHIDDEN", Name: "hidden", Private: true, Members: []string{"ULI"}},
		},
		Commands: []Command{{Name: "/quota", Description: "progress"}},
		BotToken: testBotToken, AppToken: testAppToken, SigningSecret: testSecret,
		TimeZone: time.FixedZone("CST", 8*3600),
	}
}

func newFixture(t *testing.T, change func(*Config)) *fixture {
	t.Helper()
	clock := &testClock{at: time.Now()}
	cfg := testConfig()
	cfg.Now = clock.now
	if change != nil {
		change(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		web.CloseClientConnections()
		web.Close()
	})
	api := slack.New(testBotToken, slack.OptionAppLevelToken(testAppToken), slack.OptionAPIURL(web.URL+"/api/"))
	return &fixture{Server: s, url: web.URL, api: api, clock: clock}
}

// bot is what a Socket Mode test bot does with each envelope: its answer is the payload of
// the acknowledgement, silence means that it does not acknowledge.
type bot func(evt socketmode.Event) (answer any, silence bool)

// connect runs a bot on slack-go's Socket Mode client until the test ends.
func (f *fixture) connect(t *testing.T, handle bot) {
	t.Helper()
	quiet := slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	client := socketmode.New(f.api, socketmode.OptionLog(quiet))
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := client.RunContext(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("socket mode client: %v", err)
		}
	})
	running.Go(func() {
		for {
			select {
			case evt := <-client.Events:
				if evt.Request == nil || evt.Request.EnvelopeID == "" {
					continue
				}
				running.Go(func() { answerEnvelope(t, client, evt, handle) })
			case <-ctx.Done():
				return
			}
		}
	})
	t.Cleanup(func() { cancel(); running.Wait() })
	f.until(t, "UWANG", func(*Person) bool { return f.connected() })
}

func answerEnvelope(t *testing.T, client *socketmode.Client, evt socketmode.Event, handle bot) {
	answer, silence := handle(evt)
	if silence {
		return
	}
	var err error
	if answer != nil {
		err = client.Ack(*evt.Request, answer)
	} else {
		err = client.Ack(*evt.Request)
	}
	if err != nil {
		t.Errorf("ack: %v", err)
	}
}

func (f *fixture) until(t *testing.T, user string, cond func(*Person) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := f.As(user).Wait(ctx, cond); err != nil {
		t.Fatal(err)
	}
}

// last returns the text of the newest message the person sees.
func last(p *Person, channel string) Message {
	all := p.Messages(channel)
	if len(all) == 0 {
		return Message{}
	}
	return all[len(all)-1]
}

// call makes a raw Web API call with a JSON body and returns the answer.
func (f *fixture) call(t *testing.T, method string, args any) object {
	t.Helper()
	return f.callWith(t, testBotToken, method, args)
}

func (f *fixture) callWith(t *testing.T, token, method string, args any) object {
	t.Helper()
	raw, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.url+"/api/"+method, strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return send(t, req)
}

// post sends JSON to any address of the workspace.
func post(t *testing.T, url string, body string) (int, string) {
	t.Helper()
	res, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(raw)
}

func send(t *testing.T, req *http.Request) object {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var o object
	if err := json.NewDecoder(res.Body).Decode(&o); err != nil {
		t.Fatal(err)
	}
	return o
}

// slackCode returns the code of a refusal as slack-go reports it, "" for none.
func slackCode(err error) string {
	var refusal slack.SlackErrorResponse
	if errors.As(err, &refusal) {
		return refusal.Err
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func repeat(s string, n int) string { return strings.Repeat(s, n) }
