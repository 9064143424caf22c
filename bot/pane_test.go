package bot

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

func withPane(c *Config) { c.Assistant = true }

// welcome is five prompts, of which Slack takes four.
func welcome(string, reporting.Locale) (commands.Welcome, error) {
	return commands.Welcome{Greeting: commands.Say("hello"), Heading: "ask", Prompts: slices.Repeat([]commands.Prompt{{Title: "t", Message: "m"}}, 5)}, nil
}

func opened(user string) map[string]any {
	return map[string]any{"type": "assistant_thread_started", "assistant_thread": map[string]any{
		"user_id": user, "channel_id": "D1", "thread_ts": "1.1", "context": map[string]any{"channel_id": "C1"},
	}}
}

// said is a question in the pane.
func said(text string) map[string]any {
	return map[string]any{"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "text": text, "ts": "1.2", "thread_ts": "1.1",
		"assistant_thread": map[string]any{"action_token": "x"}}
}

// made are the calls that Slack got so far, by method, without those of people.
func (s *fakeSlack) made() (all []string) {
	for {
		select {
		case c := <-s.calls:
			name := strings.TrimPrefix(c.method, "assistant.threads.")
			if name == "setStatus" {
				name += " " + c.body["status"].(string)
			}
			all = append(all, name)
		default:
			return all
		}
	}
}

func TestWelcome(t *testing.T) {
	words := testWords(t)
	tests := []struct {
		name, user string
		welcome    func(string, reporting.Locale) (commands.Welcome, error)
		greeting   string
		prompts    int
	}{
		{"member", "U1", welcome, "hello", 4},
		{"guest", "UGUEST", nil, words.Guest(reporting.En).Text, 1},
		{"database away", "U1", func(string, reporting.Locale) (commands.Welcome, error) {
			return commands.Welcome{}, reporting.Fail(reporting.Unavailable, "err.database")
		}, words.Say(reporting.En, "err.database"), 0},
		{"panic", "U1", func(string, reporting.Locale) (commands.Welcome, error) { panic("over") }, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, withPane)
			r.app.welcome = tt.welcome
			r.locales.remember("UGUEST", somebody{locale: reporting.En, is: outsider, team: "T1"}, time.Hour)
			r.event("E1", opened(tt.user))
			got := r.slack.next(t, "chat.postMessage").body
			if got["channel"] != "D1" || got["thread_ts"] != "1.1" || !strings.Contains(got["text"].(string), tt.greeting) {
				t.Errorf("greeted %v", got)
			}
			if tt.prompts == 0 {
				r.shut(t)
				r.slack.none(t, "assistant.threads.setSuggestedPrompts")
				return
			}
			got = r.slack.next(t, "assistant.threads.setSuggestedPrompts").body
			if n := strings.Count(got["prompts"].(string), `"message"`); n != tt.prompts || got["channel_id"] != "D1" || got["thread_ts"] != "1.1" {
				t.Errorf("suggested %v", got)
			}
		})
	}
}

func TestPaneShowsThatItLooks(t *testing.T) {
	looking := "setStatus " + testWords(t).Say(reporting.En, "pane.status")
	outside, elsewhere := said("quota"), said("<@UBOT> quota")
	delete(outside, "thread_ts")
	elsewhere["type"], elsewhere["channel"] = "app_mention", "C1"
	tests := []struct {
		name    string
		pane    bool
		event   map[string]any
		engaged bool
		answer  commands.Response
		want    []string
	}{
		{"first question", true, said("quota"), false, commands.Response{Reply: commands.Say("x")}, []string{looking, "chat.postMessage", "setTitle"}},
		{"follow-up", true, said("quota"), true, commands.Response{Reply: commands.Say("x")}, []string{looking, "chat.postMessage"}},
		{"nothing said", true, said("quota"), true, commands.Response{}, []string{looking, "setStatus "}},
		{"no words", true, said(" "), false, commands.Response{Reply: commands.Say("x")}, []string{looking, "chat.postMessage"}},
		{"outside of the pane", true, outside, false, commands.Response{Reply: commands.Say("x")}, []string{"chat.postMessage"}},
		{"in a channel", true, elsewhere, false, commands.Response{Reply: commands.Say("x")}, []string{"chat.postEphemeral"}},
		{"without a pane", false, said("quota"), false, commands.Response{Reply: commands.Say("x")}, []string{"chat.postMessage"}},
		{"opened without a pane", false, opened("U1"), false, commands.Response{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, func(c *Config) { c.Assistant = tt.pane })
			r.app.engaged = func(string, string) (bool, error) { return tt.engaged, nil }
			r.app.ask = func(context.Context, commands.Request) (commands.Response, error) { return tt.answer, nil }
			r.event("E1", tt.event)
			r.shut(t)
			if diff := cmp.Diff(tt.want, r.slack.made()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTitleIsOneLine(t *testing.T) {
	r := newRig(t, withPane)
	r.app.ask = func(context.Context, commands.Request) (commands.Response, error) { return say("x") }
	r.event("E1", said("净月\n今年 "+strings.Repeat("还差多少", 30)))
	title := r.slack.next(t, "assistant.threads.setTitle").body["title"].(string)
	if !strings.HasPrefix(title, "净月 今年 还差多少") || runes(title) != titleRunes {
		t.Errorf("title %q", title)
	}
}

// TestNoPane answers where Slack refuses the pane, asks it no more for an hour, and
// at once when a conversation is begun there all the same.
func TestNoPane(t *testing.T) {
	now := time.Unix(0, 0)
	r := newRig(t, func(c *Config) { c.Assistant, c.Now = true, func() time.Time { return now } })
	r.locales.remember("U1", somebody{locale: reporting.En, is: member, team: "T1"}, 100*time.Hour)
	r.app.ask = func(context.Context, commands.Request) (commands.Response, error) { return say("x") }
	r.app.welcome = welcome
	codes := []string{"feature_not_enabled", "not_allowed", "missing_scope", "unknown_method"}
	refuse := func(code string) {
		for _, method := range []string{"setStatus", "setTitle", "setSuggestedPrompts"} {
			r.slack.say("assistant.threads."+method, `{"ok":false,"error":"`+code+`"}`)
		}
	}
	makes := func(id string, e map[string]any, want ...string) {
		t.Helper()
		r.event(id, e)
		r.work.Wait()
		got := r.slack.made()
		for i, call := range got {
			got[i], _, _ = strings.Cut(call, " ")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
	for _, code := range codes {
		refuse(code)
		makes(code, said("quota"), "setStatus", "chat.postMessage", "setTitle")
		makes(code+" again", said("quota"), "chat.postMessage")
		now = now.Add(noPaneIn)
	}
	refuse("feature_not_enabled")
	makes("opened", opened("U1"), "chat.postMessage", "setSuggestedPrompts")
	makes("asked", said("quota"), "setStatus", "chat.postMessage", "setTitle")
	makes("opened again", opened("U1"), "chat.postMessage", "setSuggestedPrompts")
	// What may pass is tried again, and logged each time.
	refuse("internal_error")
	makes("once", said("quota"), "setStatus", "chat.postMessage", "setTitle")
	makes("twice", said("quota"), "setStatus", "chat.postMessage", "setTitle")
	r.shut(t)
	if n := strings.Count(r.log.String(), "assistant pane not available"); n != 2*len(codes)+4 {
		t.Errorf("noted %d times", n)
	}
}

// TestSlowQuestion holds what is seen of a question that takes long: a line that is
// gone with the answer, which comes once.
func TestSlowQuestion(t *testing.T) {
	mention := map[string]any{"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT> quota", "ts": "1.2"}
	direct := map[string]any{"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "text": "quota", "ts": "1.2"}
	tests := []struct {
		name            string
		event           map[string]any
		channel, thread string
	}{{"in a channel", mention, "C1", "1.2"}, {"directly", direct, "D1", ""}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, func(c *Config) { c.Quiet = time.Millisecond })
			done := make(chan bool)
			r.app.ask = func(context.Context, commands.Request) (commands.Response, error) {
				<-done
				return commands.Response{Reply: &commands.Reply{Text: "answer", InChannel: true}}, nil
			}
			r.event("E1", tt.event)
			got := r.slack.next(t, "chat.postMessage").body
			thread, _ := got["thread_ts"].(string)
			if got["channel"] != tt.channel || thread != tt.thread || !strings.HasPrefix(got["text"].(string), r.words.Say(reporting.En, "pane.looking")) {
				t.Errorf("said %v", got)
			}
			close(done)
			r.shut(t)
			if diff := cmp.Diff([]string{"chat.delete", "chat.postMessage"}, r.slack.made()); diff != "" {
				t.Error(diff)
			}
		})
	}
	// Of what was overheard nobody knows yet that it is a question.
	r := newRig(t, func(c *Config) { c.Quiet = time.Millisecond })
	r.app.engaged = func(string, string) (bool, error) { return true, nil }
	heard, done := make(chan bool), make(chan bool)
	r.app.ask = func(_ context.Context, req commands.Request) (commands.Response, error) {
		if req.Overheard {
			close(heard)
		}
		<-done
		return commands.Response{}, nil
	}
	r.event("E1", inThread(nil))
	<-heard
	r.event("E2", direct) // says that it takes long, by which time the other has taken longer
	if got := r.slack.next(t, "chat.postMessage").body; got["channel"] != "D1" {
		t.Errorf("said %v", got)
	}
	close(done)
	r.shut(t)
	if diff := cmp.Diff([]string{"chat.delete"}, r.slack.made()); diff != "" {
		t.Error(diff)
	}
}

// TestPaneStory opens the pane, presses a suggestion and goes on; then the plan has
// no pane any more, and the questions are answered all the same.
func TestPaneStory(t *testing.T) {
	bothWays(t, func(t *testing.T, w *workspace) {
		w.app.welcome = func(_ string, l reporting.Locale) (commands.Welcome, error) {
			return commands.Welcome{Greeting: commands.Say("您好"), Heading: "可以這樣問", Prompts: []commands.Prompt{{Title: "進度", Message: "淨月到哪了 " + string(l)}}}, nil
		}
		asked := make(chan commands.Request, 4)
		w.app.engaged = func(string, string) (bool, error) { return len(asked) > 0, nil }
		answer := make(chan bool)
		w.app.ask = func(_ context.Context, r commands.Request) (commands.Response, error) {
			asked <- r
			<-answer
			return say("answer to " + r.Text)
		}
		channel, thread, err := w.wang.OpenAssistant(t.Context(), "CJY")
		if err != nil {
			t.Fatal(err)
		}
		pane := func() playground.Assistant {
			for _, m := range w.wang.Messages(channel) {
				if m.Assistant != nil {
					return *m.Assistant
				}
			}
			return playground.Assistant{}
		}
		w.until(t, "prompts", func(*playground.Person) bool { return len(pane().Prompts) == 1 })
		if got := w.reads(t, channel, "您好"); got.ThreadTS != thread {
			t.Errorf("greeted %+v", got)
		}
		prompt := pane().Prompts[0].Message
		for _, text := range []string{prompt, "那完成幾個了？"} {
			if err := w.wang.Say(t.Context(), channel, thread, text); err != nil {
				t.Fatal(err)
			}
			w.until(t, "status", func(*playground.Person) bool { return pane().Status == w.app.words.Say(reporting.ZhTW, "pane.status") })
			answer <- true
			if got := w.reads(t, channel, "answer to "+text); got.ThreadTS != thread || got.Ephemeral {
				t.Errorf("answered %+v", got)
			}
		}
		w.until(t, "title", func(*playground.Person) bool { return pane().Title == prompt && pane().Status == "" })
		if first := <-asked; first.Thread != thread || !first.Direct {
			t.Errorf("asked %+v", first)
		}
		if err := w.Switch("no_pane", true); err != nil {
			t.Fatal(err)
		}
		if err := w.wang.Say(t.Context(), channel, thread, "还差几个"); err != nil {
			t.Fatal(err)
		}
		answer <- true
		w.reads(t, channel, "answer to 还差几个")
	})
}
