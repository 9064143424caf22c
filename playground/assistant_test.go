package playground

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// withPane is a workspace whose app has a pane.
func withPane(c *Config) {
	c.Events = []string{"app_mention", "message.channels", "message.groups", "message.im", paneStarted, paneMoved}
}

// paneAt is the conversation that begins at a message, as the person sees it.
func paneAt(p *Person, channel, ts string) Assistant {
	for _, m := range p.Messages(channel) {
		if m.TS == ts && m.Assistant != nil {
			return *m.Assistant
		}
	}
	return Assistant{}
}

// TestPane opens the pane, lets the app suggest, and asks.
func TestPane(t *testing.T) {
	f := newFixture(t, withPane)
	heard := make(chan string, 8)
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		switch e := evt.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(type) {
		case *slackevents.AssistantThreadStartedEvent:
			heard <- fmt.Sprint("started ", e.AssistantThread.UserID, " ", e.AssistantThread.ChannelID, " ", e.AssistantThread.ThreadTimeStamp, " beside ", e.AssistantThread.Context.ChannelID)
		case *slackevents.AssistantThreadContextChangedEvent:
			heard <- "beside " + e.AssistantThread.Context.ChannelID
		case *slackevents.MessageEvent:
			heard <- e.ChannelType + " " + e.ThreadTimeStamp + " " + e.Text
		}
		return nil, false
	})
	hears := func(want string) {
		t.Helper()
		if got := <-heard; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
	}
	wang := f.As("UWANG")
	channel, thread, err := wang.OpenAssistant(t.Context(), "CJY")
	if err != nil {
		t.Fatal(err)
	}
	hears("started UWANG DWANG " + thread + " beside CJY")
	if err := wang.LookBeside(t.Context(), thread, "COPEN"); err != nil {
		t.Fatal(err)
	}
	hears("beside COPEN")

	ask := slack.AssistantThreadsSetSuggestedPromptsParameters{ChannelID: channel, ThreadTS: thread, Title: "可以这样问"}
	ask.AddPrompt("我们的任务", "我们完成多少了？")
	if err := f.api.SetAssistantThreadsSuggestedPromptsContext(t.Context(), ask); err != nil {
		t.Fatal(err)
	}
	want := Assistant{Heading: "可以这样问", Prompts: []Prompt{{"我们的任务", "我们完成多少了？"}}}
	if diff := cmp.Diff(want, paneAt(wang, channel, thread)); diff != "" {
		t.Error(diff)
	}
	if err := wang.Say(t.Context(), channel, thread, want.Prompts[0].Message); err != nil {
		t.Fatal(err)
	}
	hears("im " + thread + " 我们完成多少了？")
	status := slack.AssistantThreadsSetStatusParameters{ChannelID: channel, ThreadTS: thread, Status: "正在查…"}
	if err := f.api.SetAssistantThreadsStatusContext(t.Context(), status); err != nil {
		t.Fatal(err)
	}
	title := slack.AssistantThreadsSetTitleParameters{ChannelID: channel, ThreadTS: thread, Title: "我们完成多少了？"}
	if err := f.api.SetAssistantThreadsTitleContext(t.Context(), title); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Assistant{Title: "我们完成多少了？", Status: "正在查…"}, paneAt(wang, channel, thread)); diff != "" {
		t.Error(diff)
	}
	if _, _, err := f.api.PostMessageContext(t.Context(), channel, slack.MsgOptionText("30 个", false), slack.MsgOptionTS(thread)); err != nil {
		t.Fatal(err)
	}
	if got := paneAt(wang, channel, thread).Status; got != "" {
		t.Errorf("status after the answer: %q", got)
	}
}

func TestPaneRefusals(t *testing.T) {
	f := newFixture(t, withPane)
	channel, thread, err := f.As("UWANG").OpenAssistant(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.As("UWANG").Say(t.Context(), channel, "", "no conversation of the pane"); err != nil {
		t.Fatal(err)
	}
	other := last(f.As("UWANG"), channel).TS
	with := func(more object) object {
		args := object{"channel_id": channel, "thread_ts": thread}
		for k, v := range more {
			args[k] = v
		}
		return args
	}
	prompts := func(n int, p object) object {
		var all []any
		for range n {
			all = append(all, p)
		}
		return with(object{"prompts": all})
	}
	prompt := object{"title": "a", "message": "b"}
	tests := []struct {
		name, method string
		args         object
		do           func(on bool)
		code         string
	}{
		{"status missing", "setStatus", with(nil), nil, "invalid_arguments"},
		{"too many loading messages", "setStatus", with(object{"status": "x", "loading_messages": repeat("x,", 11)}), nil, "invalid_arguments"},
		{"status without the scope", "setStatus", with(object{"status": "x"}), f.scope("chat:write"), "missing_scope"},
		{"status elsewhere", "setStatus", with(object{"status": "x", "thread_ts": other}), nil, "invalid_thread_ts"},
		{"status nowhere", "setStatus", with(object{"status": "x", "channel_id": "CHIDDEN"}), nil, "channel_not_found"},
		{"title missing", "setTitle", with(object{"title": " "}), nil, "invalid_arguments"},
		{"title without the scope", "setTitle", with(object{"title": "x"}), f.scope("assistant:write"), "missing_scope"},
		{"title without the plan", "setTitle", with(object{"title": "x"}), f.plan, "feature_not_enabled"},
		{"no prompts", "setSuggestedPrompts", with(nil), nil, "invalid_arguments"},
		{"prompts that are no JSON", "setSuggestedPrompts", with(object{"prompts": "["}), nil, "invalid_arguments"},
		{"prompts that are words", "setSuggestedPrompts", with(object{"prompts": []any{"a"}}), nil, "invalid_arguments"},
		{"too many prompts", "setSuggestedPrompts", prompts(5, prompt), nil, "invalid_arguments"},
		{"prompt without a message", "setSuggestedPrompts", prompts(1, object{"title": "a"}), nil, "invalid_arguments"},
		{"prompts without the scope", "setSuggestedPrompts", prompts(1, prompt), f.scope("assistant:write"), "missing_scope"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.do != nil {
				tt.do(false)
				defer tt.do(true)
			}
			answer := f.callWith(t, testBotToken, "assistant.threads."+tt.method, tt.args)
			if answer["error"] != tt.code || answer["ok"] != false {
				t.Errorf("%v, want error %q", answer, tt.code)
			}
		})
	}
}

// scope takes a scope away and gives it back.
func (f *fixture) scope(name string) func(on bool) {
	return func(on bool) {
		if on {
			f.Grant(name)
		} else {
			f.Revoke(name)
		}
	}
}

// plan takes the pane out of the plan and puts it back.
func (f *fixture) plan(on bool) { _ = f.Switch(noPane, !on) }

// TestNoPane holds that an app without the feature, a plan without it and people who
// are none have no pane.
func TestNoPane(t *testing.T) {
	f, without := newFixture(t, withPane), newFixture(t, nil)
	f.plan(false)
	if !f.Switched(noPane) || without.Switch(noPane, true) == nil {
		t.Error("the plan is not switched as it should be")
	}
	for name, p := range map[string]*Person{"the plan": f.As("UWANG"), "the app": without.As("UWANG"), "the bot": f.As("UBOT")} {
		if _, _, err := p.OpenAssistant(t.Context(), ""); err == nil {
			t.Errorf("%s has a pane", name)
		}
	}
	if answer := without.callWith(t, testBotToken, "assistant.threads.setTitle", object{"title": "x"}); answer["error"] != "missing_scope" {
		t.Errorf("without the feature: %v", answer)
	}
	f.plan(true)
	if _, _, err := f.As("UWANG").OpenAssistant(t.Context(), ""); err != nil {
		t.Error(err)
	}
	if err := f.As("UWANG").LookBeside(t.Context(), "1.000000", "CJY"); err == nil {
		t.Error("looked beside no conversation")
	}
}

// TestStatusLife ends a status after two minutes, and no newer one with it.
func TestStatusLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig()
		withPane(&cfg)
		s, err := New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		channel, thread, err := s.As("UWANG").OpenAssistant(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		say := func(status string) {
			t.Helper()
			if _, err := s.assistantSetStatus(&call{args: object{"channel_id": channel, "thread_ts": thread, "status": status}}); err != nil {
				t.Fatal(err)
			}
		}
		for _, step := range []struct {
			say   string
			pause time.Duration
			want  string
		}{{"a", 110 * time.Second, "a"}, {"b", 30 * time.Second, "b"}, {"", 0, ""}, {"c", 3 * time.Minute, ""}} {
			say(step.say)
			time.Sleep(step.pause) // of the bubble's clock
			synctest.Wait()
			if got := paneAt(s.As("UWANG"), channel, thread).Status; got != step.want {
				t.Errorf("status %q, want %q", got, step.want)
			}
		}
	})
}

// TestChannelMessages holds which events a message in a channel gives rise to, by scope.
func TestChannelMessages(t *testing.T) {
	f := newFixture(t, withPane)
	f.mu.Lock()
	f.addChannel(Channel{ID: "GPRIV", Name: "priv", Private: true, Members: []string{"UBOT", "UWANG"}}, "")
	f.mu.Unlock()
	heard := make(chan string, 8)
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		switch e := evt.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(type) {
		case *slackevents.AppMentionEvent:
			heard <- "mention"
		case *slackevents.MessageEvent:
			heard <- strings.TrimSpace(e.ChannelType + " " + e.Text + " " + e.ThreadTimeStamp)
		}
		return nil, false
	})
	say := func(channel, thread, text string) string {
		t.Helper()
		if err := f.As("UWANG").Say(t.Context(), channel, thread, text); err != nil {
			t.Fatal(err)
		}
		return last(f.As("UWANG"), channel).TS
	}
	hears := func(all ...string) {
		t.Helper()
		got := map[string]bool{}
		for range all {
			got[<-heard] = true
		}
		for _, want := range all {
			if !got[want] {
				t.Errorf("heard %v, not %q", got, want)
			}
		}
	}
	root := say("CJY", "", "一")
	hears("channel 一")
	say("CJY", root, "二")
	hears("channel 二 " + root)
	say("CJY", "", "@mouhua 三")
	hears("channel <@UBOT> 三", "mention")
	say("GPRIV", "", "四")
	hears("group 四")
	f.Revoke("channels:history")
	say("CJY", "", "五")
	say("GPRIV", "", "六")
	hears("group 六")
}

// TestEphemeralInQuietThread is shown to nobody: Slack shows them in threads that are active.
func TestEphemeralInQuietThread(t *testing.T) {
	f := newFixture(t, nil)
	wang := f.As("UWANG")
	if err := wang.Say(t.Context(), "CJY", "", "一"); err != nil {
		t.Fatal(err)
	}
	root := last(wang, "CJY").TS
	for _, want := range []int{1, 3} {
		if _, err := f.api.PostEphemeralContext(t.Context(), "CJY", "UWANG", slack.MsgOptionText("x", false), slack.MsgOptionTS(root)); err != nil {
			t.Fatal(err)
		}
		if got := len(wang.Messages("CJY")); got != want {
			t.Errorf("%d messages, want %d", got, want)
		}
		if err := wang.Say(t.Context(), "CJY", root, "二"); err != nil {
			t.Fatal(err)
		}
	}
}
