package playground

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// TestCommandAnswers goes through what a bot may answer to a command.
func TestCommandAnswers(t *testing.T) {
	long := section(repeat("字", 3001))
	tests := []struct {
		name          string
		answer        any
		seen, others  string // text of the last message
		shown, notice string
	}{
		{"nothing", nil, "", "", "", ""},
		{"ephemeral by default", map[string]any{"text": "只给你"}, "只给你", "", "", ""},
		{"plain text", "纯文本", "纯文本", "", "", ""},
		{"in channel", map[string]any{"text": "大家看", "response_type": "in_channel"}, "大家看", "大家看", "/quota  净月 2018", ""},
		{"blocks", map[string]any{"blocks": json.RawMessage("[" + section("块") + "]")}, "块", "", "", ""},
		{"invalid blocks", map[string]any{"blocks": json.RawMessage("[" + long + "]")}, "", "", "", `/quota failed with the error "invalid_blocks"`},
		{"unknown response_type", map[string]any{"text": "x", "response_type": "loud"}, "", "", "", `/quota failed with the error "invalid_response_type"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, nil)
			f.mu.Lock()
			f.channel("CJY").members["ULI"] = true
			f.mu.Unlock()
			var got slack.SlashCommand
			f.connect(t, func(evt socketmode.Event) (any, bool) {
				got = evt.Data.(slack.SlashCommand)
				return tt.answer, false
			})
			err := f.As("UWANG").Say(t.Context(), "CJY", "", "/quota  净月 2018 ")
			var seen *noticed
			if errors.As(err, &seen) != (tt.notice != "") || seen != nil && seen.text != tt.notice {
				t.Errorf("error %v", err)
			}
			mine, theirs := last(f.As("UWANG"), "CJY"), last(f.As("ULI"), "CJY")
			if mine.Text != tt.seen || theirs.Text != tt.others {
				t.Errorf("the person sees %q, others %q", mine.Text, theirs.Text)
			}
			if mine.Command != nil && mine.Command.Text != tt.shown || mine.Command == nil && tt.shown != "" {
				t.Errorf("command shown: %+v", mine.Command)
			}
			if got.Command != "/quota" || got.Text != "净月 2018" || got.UserID != "UWANG" || got.ChannelName != "jingyue" || got.ResponseURL == "" {
				t.Errorf("the bot got %+v", got)
			}
		})
	}
}

// TestCommandFailures holds what the person is shown when the bot fails.
func TestCommandFailures(t *testing.T) {
	fast := func(c *Config) { c.AckTimeout = 200 * time.Millisecond }
	silent := newFixture(t, fast)
	silent.connect(t, func(socketmode.Event) (any, bool) { return nil, true })
	alone := newFixture(t, nil)
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	t.Cleanup(broken.Close)
	overHTTP := newFixture(t, func(c *Config) { c.RequestURL = broken.URL })
	tests := []struct {
		name         string
		f            *fixture
		text, thread string
		notice       string
		timeout      bool
	}{
		{"silence", silent, "/quota", "", `/quota failed with the error "operation_timeout"`, true},
		{"no bot", alone, "/quota", "", `/quota failed with the error "dispatch_failed"`, false},
		{"HTTP 500", overHTTP, "/quota", "", `/quota failed with the error "dispatch_failed"`, false},
		{"unknown command", alone, "/quote x", "", "/quote is not a valid command.", false},
		{"in a thread", alone, "/quota", "1.000000", "/quota is not supported in threads. Sorry!", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			events := tt.f.listen(t, "UWANG")
			err := tt.f.As("UWANG").Say(t.Context(), "CJY", tt.thread, tt.text)
			var timeout *TimeoutError
			if err == nil || errors.As(err, &timeout) != tt.timeout {
				t.Errorf("error %v", err)
			}
			if got := events.next(t, "notice"); got["text"] != tt.notice || got["channel"] != "CJY" {
				t.Errorf("notice %v, want %s", got, tt.notice)
			}
		})
	}
}

// TestEscape holds how typed text reaches the bot.
func TestEscape(t *testing.T) {
	f := newFixture(t, nil)
	tests := []struct{ typed, want string }{
		{"净月 2018", "净月 2018"},
		{"a & b < c > d", "a &amp; b &lt; c &gt; d"},
		{"<!channel> <@UBOT>", "&lt;!channel&gt; &lt;@UBOT&gt;"},
		{"@mouhua 你好", "<@UBOT> 你好"},
		{"请@mouhua看", "请<@UBOT>看"},
		{"@mouhua2", "@mouhua2"},
		{"a@mouhua.cn", "a@mouhua.cn"},
		{"@here", "<!here>"},
		{"#jingyue，#secret", "<#CJY|jingyue>，<#CSECRET|>"},
		{"#none @none", "#none @none"},
		{"看 https://x.test/a?b=1&c=2。", "看 <https://x.test/a?b=1&amp;c=2>。"},
		{"@", "@"},
	}
	for _, tt := range tests {
		t.Run(tt.typed, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, f.escape(tt.typed)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestEvents has people write where the bot hears it and where it does not.
func TestEvents(t *testing.T) {
	f := newFixture(t, nil)
	heard := make(chan string, 8)
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		outer := evt.Data.(slackevents.EventsAPIEvent)
		if outer.Data.(*slackevents.EventsAPICallbackEvent).EventID == "" {
			t.Error("event without id")
		}
		switch e := outer.InnerEvent.Data.(type) {
		case *slackevents.AppMentionEvent:
			heard <- "mention " + e.Channel + " " + e.User + " " + e.Text
		case *slackevents.MessageEvent:
			heard <- "message " + e.ChannelType + " " + e.Channel + " " + e.Text
		case *slackevents.AppHomeOpenedEvent:
			heard <- "home " + e.Tab + " " + e.User
		}
		return nil, false
	})
	say := func(user, channel, text string) {
		t.Helper()
		if err := f.As(user).Say(t.Context(), channel, "", text); err != nil {
			t.Error(err)
		}
	}
	say("UWANG", "CJY", "without a mention")
	say("ULI", "COPEN", "@mouhua is not here")
	say("UWANG", "CJY", "@mouhua 到哪了")
	if got := <-heard; got != "mention CJY UWANG <@UBOT> 到哪了" {
		t.Error(got)
	}
	say("UWANG", "DWANG", "净月?")
	if got := <-heard; got != "message im DWANG 净月?" {
		t.Error(got)
	}
	if err := f.As("UWANG").OpenHome(t.Context()); err != nil {
		t.Error(err)
	}
	if got := <-heard; got != "home home UWANG" {
		t.Error(got)
	}
	for _, place := range []string{"CSECRET", "DLI", "CNONE"} {
		if err := f.As("UWANG").Say(t.Context(), place, "", "x"); err == nil {
			t.Errorf("UWANG could write in %s", place)
		}
	}
	if err := f.As("UBOT").Say(t.Context(), "CJY", "", "x"); err == nil {
		t.Error("a person could act as the bot")
	}
}

// card posts a message with a button and a select, and returns its place.
func (f *fixture) card(t *testing.T) Ref {
	t.Helper()
	choose := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "pick", slack.NewOptionBlockObject("a", plainObject("甲"), nil),
		slack.NewOptionBlockObject("b", plainObject("乙"), nil))
	_, ts, err := f.api.PostMessageContext(t.Context(), "CJY", slack.MsgOptionText("卡片", false), slack.MsgOptionBlocks(
		slack.NewActionBlock("acts", slack.NewButtonBlockElement("ok", "42", plainObject("通过")), choose)))
	if err != nil {
		t.Fatal(err)
	}
	return Ref{Type: "message", Channel: "CJY", TS: ts}
}

// TestMessageAction clicks in a message and answers through its response URL.
func TestMessageAction(t *testing.T) {
	f := newFixture(t, nil)
	got := make(chan slack.InteractionCallback, 1)
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		got <- evt.Data.(slack.InteractionCallback)
		return nil, false
	})
	ref, wang := f.card(t), f.As("UWANG")
	click := func(action string, value any) slack.InteractionCallback {
		t.Helper()
		if err := wang.Click(t.Context(), ref, "acts", action, value); err != nil {
			t.Fatal(err)
		}
		return <-got
	}
	in := click("pick", "b")
	if in.ActionCallback.BlockActions[0].SelectedOption.Value != "b" {
		t.Errorf("select: %+v", in.ActionCallback.BlockActions[0])
	}
	in = click("ok", "")
	if a := in.ActionCallback.BlockActions[0]; a.Value != "42" || a.ActionTs == "" || in.Message.Timestamp != ref.TS || in.Channel.ID != "CJY" || in.User.ID != "UWANG" {
		t.Errorf("button: %+v", in)
	}
	if in.BlockActionState.Values["acts"]["pick"].SelectedOption.Value != "b" {
		t.Errorf("state: %+v", in.BlockActionState)
	}
	reply := func(want string, options ...slack.MsgOption) {
		t.Helper()
		if _, _, err := f.api.PostMessageContext(t.Context(), "", options...); fmt.Sprint(err) != want {
			t.Errorf("response url: %v, want %s", err, want)
		}
	}
	private := slack.MsgOptionResponseURL(in.ResponseURL, slack.ResponseTypeEphemeral)
	reply("<nil>", slack.MsgOptionText("只给你", false), private)
	if m := last(wang, "CJY"); m.Text != "只给你" || !m.Ephemeral {
		t.Errorf("ephemeral: %+v", m)
	}
	reply("<nil>", slack.MsgOptionText("大家", false), slack.MsgOptionResponseURL(in.ResponseURL, slack.ResponseTypeInChannel))
	if m := last(wang, "CJY"); m.Text != "大家" || m.Ephemeral {
		t.Errorf("in channel: %+v", m)
	}
	reply("<nil>", slack.MsgOptionText("已通过", false), slack.MsgOptionReplaceOriginal(in.ResponseURL))
	if m := wang.Messages("CJY")[0]; m.Text != "已通过" || len(m.Blocks) != 0 || !m.Edited {
		t.Errorf("replaced: %+v", m)
	}
	reply("no_text", private)
	reply("<nil>", slack.MsgOptionDeleteOriginal(in.ResponseURL))
	if m := wang.Messages("CJY")[0]; m.Text == "已通过" {
		t.Errorf("deleted: %+v", m)
	}
	status, body := post(t, in.ResponseURL, `{"text":"sixth"}`)
	if status != http.StatusNotFound || !strings.Contains(body, "used_url") {
		t.Errorf("sixth use: %d %s", status, body)
	}
}

// TestResponseURLLife ends a response URL after half an hour of real time.
func TestResponseURLLife(t *testing.T) {
	f := newFixture(t, nil)
	address := make(chan string, 1)
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		address <- evt.Data.(slack.SlashCommand).ResponseURL
		return nil, false
	})
	// The bot is no member of this channel.
	if err := f.As("ULI").Say(t.Context(), "COPEN", "", "/quota"); err != nil {
		t.Fatal(err)
	}
	url := <-address
	if err := f.moveClock("advance", 7200, 0); err != nil {
		t.Fatal(err)
	}
	f.clock.advance(30 * time.Minute)
	if status, body := post(t, url, `{"text":"in time"}`); status != http.StatusOK || last(f.As("ULI"), "COPEN").Text != "in time" {
		t.Errorf("after 30 minutes: %d %s", status, body)
	}
	f.clock.advance(time.Millisecond)
	if status, body := post(t, url, `{"text":"late"}`); status != http.StatusNotFound || !strings.Contains(body, "expired_url") {
		t.Errorf("later: %d %s", status, body)
	}
	if status, _ := post(t, f.url+"/respond/none", `{"text":"x"}`); status != http.StatusNotFound {
		t.Errorf("made-up url: %d", status)
	}
	if status, _ := post(t, url, `{"text":`); status != http.StatusBadRequest {
		t.Errorf("broken JSON: %d", status)
	}
}

// TestEphemeralAction acts in a message that only its reader has.
func TestEphemeralAction(t *testing.T) {
	f := newFixture(t, nil)
	got := make(chan slack.InteractionCallback, 1)
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		got <- evt.Data.(slack.InteractionCallback)
		return nil, false
	})
	ts, err := f.api.PostEphemeralContext(t.Context(), "CJY", "UWANG", slack.MsgOptionText("草稿", false), slack.MsgOptionBlocks(
		slack.NewActionBlock("acts", slack.NewButtonBlockElement("ok", "1", plainObject("继续")))))
	if err != nil {
		t.Fatal(err)
	}
	ref := Ref{Type: "message", Channel: "CJY", TS: ts}
	if err := f.As("ULI").Click(t.Context(), ref, "acts", "ok", ""); err == nil {
		t.Error("somebody else clicked it")
	}
	if err := f.As("UWANG").Click(t.Context(), ref, "acts", "none", ""); err == nil {
		t.Error("a button that is not there was clicked")
	}
	if err := f.As("UWANG").Click(t.Context(), ref, "acts", "ok", ""); err != nil {
		t.Fatal(err)
	}
	in := <-got
	if !in.Container.IsEphemeral || in.Message.Timestamp != "" {
		t.Errorf("payload: %+v", in)
	}
	if status, body := post(t, in.ResponseURL, `{"delete_original":true}`); status != http.StatusOK || len(f.As("UWANG").Messages("CJY")) != 0 {
		t.Errorf("delete: %d %s", status, body)
	}
}

// TestHTTPDelivery has a signed bot answer commands, interactions and options.
func TestHTTPDelivery(t *testing.T) {
	paths := make(chan string, 8)
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		verifier, err := slack.NewSecretsVerifier(r.Header, testSecret)
		if err != nil {
			t.Errorf("verifier: %v", err)
			return
		}
		if _, err := verifier.Write(raw); err != nil || verifier.Ensure() != nil {
			t.Errorf("%s: signature: %v %v", r.URL.Path, err, verifier.Ensure())
		}
		if r.URL.Path == "/slack/events" {
			var challenge slackevents.ChallengeResponse
			if json.Unmarshal(raw, &challenge) == nil && challenge.Challenge != "" {
				fmt.Fprint(w, challenge.Challenge)
			}
			paths <- r.URL.Path
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(raw)))
		if r.URL.Path == "/slack/commands" {
			cmd, err := slack.SlashCommandParse(r)
			if err != nil || cmd.Text != "净月 &amp; 长春" {
				t.Errorf("command: %+v %v", cmd, err)
			}
			fmt.Fprint(w, "收到")
		} else if in, err := slack.InteractionCallbackParse(r); err != nil || in.User.ID != "UWANG" {
			t.Errorf("interaction: %+v %v", in, err)
		}
		paths <- r.URL.Path
	}))
	t.Cleanup(bot.Close)
	f := newFixture(t, func(c *Config) { c.RequestURL = bot.URL + "/" })
	if got := <-paths; got != "/slack/events" {
		t.Errorf("verification went to %s", got)
	}
	f.until(t, "UWANG", func(*Person) bool { return f.connected() })
	if err := f.As("UWANG").Say(t.Context(), "CJY", "", "/quota 净月 & 长春"); err != nil || <-paths != "/slack/commands" {
		t.Fatal(err)
	}
	if got := last(f.As("UWANG"), "CJY"); got.Text != "收到" || !got.Ephemeral {
		t.Errorf("reply: %+v", got)
	}
	if err := f.As("UWANG").Click(t.Context(), f.card(t), "acts", "ok", ""); err != nil || <-paths != "/slack/interactions" {
		t.Error(err)
	}
}

// TestSignature holds Slack's scheme to a value worked out by hand.
func TestSignature(t *testing.T) {
	body := []byte("token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c")
	const want = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	if got := sign(testSecret, "1531420618", body); got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

// TestRetry repeats an event at once when the bot fails, with the reason, unless told not to.
func TestRetry(t *testing.T) {
	var events atomic.Int32
	seen := make(chan string, 8)
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if strings.Contains(string(raw), "url_verification") {
			return
		}
		seen <- r.Header.Get("X-Slack-Retry-Num") + " " + r.Header.Get("X-Slack-Retry-Reason")
		switch events.Add(1) {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 3:
			w.Header().Set("X-Slack-No-Retry", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(bot.Close)
	f := newFixture(t, func(c *Config) { c.RequestURL = bot.URL })
	for _, want := range [][]string{{" ", "1 http_error"}, {" "}, {" "}} {
		if err := f.As("UWANG").Say(t.Context(), "DWANG", "", "hi"); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if got := <-seen; got != w {
				t.Errorf("delivery %q, want %q", got, w)
			}
		}
	}
}

// TestRetryTimes holds the pauses between repetitions: none, a minute, five minutes.
func TestRetryTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failures := &counter{Handler: slog.DiscardHandler}
		cfg := testConfig()
		cfg.Log = slog.New(failures)
		s, err := New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.As("UWANG").Say(t.Context(), "DWANG", "", "nobody is there"); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			pause time.Duration
			want  int32
		}{{0, 2}, {59 * time.Second, 2}, {time.Second, 3}, {299 * time.Second, 3}, {time.Second, 4}, {time.Hour, 4}} {
			time.Sleep(step.pause) // of the bubble's clock
			synctest.Wait()
			if got := failures.n.Load(); got != step.want {
				t.Errorf("%d deliveries after another %s, want %d", got, step.pause, step.want)
			}
		}
	})
}

// counter counts log records.
type counter struct {
	slog.Handler
	n atomic.Int32
}

func (c *counter) Enabled(context.Context, slog.Level) bool { return true }

func (c *counter) Handle(context.Context, slog.Record) error {
	c.n.Add(1)
	return nil
}

// dial opens one raw Socket Mode connection and returns it with its hello.
func (f *fixture) dial(t *testing.T) (*websocket.Conn, object) {
	t.Helper()
	_, url, err := slack.New("", slack.OptionAppLevelToken(testAppToken), slack.OptionAPIURL(f.url+"/api/")).StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), url, http.Header{"Origin": {"https://api.slack.com"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if again, _, err := websocket.DefaultDialer.DialContext(t.Context(), url, nil); err == nil {
		again.Close()
		t.Error("an address was good for two connections")
	}
	return conn, receive(t, conn)
}

func receive(t *testing.T, conn *websocket.Conn) object {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	var o object
	if err := conn.ReadJSON(&o); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestConnections opens as many connections as Slack allows and one more, sees each envelope go
// to one of them, and all told when the workspace closes.
func TestConnections(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.AckTimeout = 300 * time.Millisecond })
	var open []*websocket.Conn
	for i := range maxSockets {
		conn, hello := f.dial(t)
		if hello["type"] != "hello" || hello["num_connections"] != float64(i+1) {
			t.Fatalf("hello: %v", hello)
		}
		open = append(open, conn)
	}
	if _, refused := f.dial(t); refused["reason"] != "too_many_websockets" {
		t.Errorf("one too many: %v", refused)
	}
	got := make(chan object, maxSockets*2)
	for _, conn := range open {
		go func() {
			for {
				var o object
				if conn.ReadJSON(&o) != nil {
					return
				}
				got <- o
				// Slack does not read acknowledgements of this size.
				if conn.WriteJSON(object{"envelope_id": o["envelope_id"], "payload": object{"text": repeat("x", maxAck)}}) != nil {
					return
				}
			}
		}()
	}
	err := f.As("UWANG").Say(t.Context(), "CJY", "", "/quota")
	var timeout *TimeoutError
	if !errors.As(err, &timeout) {
		t.Errorf("an oversized acknowledgement was taken: %v", err)
	}
	if envelope := <-got; envelope["type"] != "slash_commands" || envelope["accepts_response_payload"] != true || len(got) != 0 {
		t.Errorf("envelope %v, and %d more", envelope, len(got))
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	for range maxSockets {
		if goodbye := <-got; goodbye["type"] != "disconnect" {
			t.Errorf("at the end: %v", goodbye)
		}
	}
}

// TestClose ends while an event waits for its next repetition.
func TestClose(t *testing.T) {
	f := newFixture(t, nil)
	if err := f.As("UWANG").Say(t.Context(), "DWANG", "", "nobody hears it"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.As("UWANG").Wait(ctx, func(*Person) bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("wait: %v", err)
	}
}
