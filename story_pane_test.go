package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/playground"
)

// bothModes runs a story over HTTP mode on PostgreSQL and over Socket Mode on
// SQLite.
func bothModes(t *testing.T, story func(t *testing.T, m *mouhua)) {
	t.Run("http", func(t *testing.T) { story(t, newMouhua(t, "http", freshPostgres(t))) })
	t.Run("socket", func(t *testing.T) {
		story(t, newMouhua(t, "socket", "sqlite://"+filepath.Join(t.TempDir(), "pane.db")))
	})
}

// TestStoryThread asks once in a channel and goes on in the thread without a
// mention, while others talk there.
func TestStoryThread(t *testing.T) { bothModes(t, threadStory) }

func threadStory(t *testing.T, m *mouhua) {
	prepare(m, m.slack.Now().Year())
	m.serve()
	wang, zhao, sun := m.as(officialJY), m.as(reviewer), m.as(leader)
	says := func(who somebody, thread, text string) {
		t.Helper()
		if err := who.Say(who.ctx, leadersRoom, thread, text); err != nil {
			t.Fatal(err)
		}
	}
	says(zhao, "", "全市")
	says(zhao, zhao.Messages(leadersRoom)[0].TS, "净月")
	says(sun, "", "@mouhua 净月")
	first := sun.answered(leadersRoom, 1)
	thread := first.ThreadTS
	if thread == "" || first.Ephemeral || !strings.Contains(words(first), "净月高新区") {
		t.Fatalf("answered %s", words(first))
	}
	says(zhao, thread, "收到，我去问一下，谢谢孙市长")
	says(sun, thread, "那寬城區呢？")
	if got := sun.answered(leadersRoom, 2); got.ThreadTS != thread || got.Ephemeral || !strings.Contains(words(got), "寬城區") {
		t.Errorf("follow-up %s", words(got))
	}
	// What is for one person's eyes is so in the thread, too.
	says(wang, thread, "@mouhua 净月")
	if got := wang.answered(leadersRoom, 3); got.ThreadTS != thread || !got.Ephemeral || !strings.Contains(words(got), "净月高新区") {
		t.Errorf("private answer in the thread %s", words(got))
	}
	says(zhao, thread, "明天会上再说")
	m.shut()
	if n := len(sun.ofBot(leadersRoom)); n != 2 {
		t.Errorf("%d answers for all", n)
	}
	if n := len(wang.ofBot(leadersRoom)); n != 3 {
		t.Errorf("%d answers for the official", n)
	}
	if log := m.logs.String(); strings.Contains(log, "明天会上再说") || strings.Contains(log, "收到") {
		t.Error("what others said is in the log")
	}
}

// ofBot are the messages of the bot that the person sees in a channel, without
// those that only say that an answer takes long.
func (s somebody) ofBot(channel string) (all []playground.Message) {
	for _, m := range s.Messages(channel) {
		if m.Bot && !strings.HasPrefix(m.Text, "正在查") {
			all = append(all, m)
		}
	}
	return all
}

// answered waits for the nth message of the bot in a channel.
func (s somebody) answered(channel string, n int) playground.Message {
	s.t.Helper()
	s.m.until("answered", func() bool { return len(s.ofBot(channel)) >= n })
	return s.ofBot(channel)[n-1]
}

// TestStoryPane opens the assistant's pane in each role, presses a suggestion,
// goes on, and then has a plan without it.
func TestStoryPane(t *testing.T) { bothModes(t, paneStory) }

func paneStory(t *testing.T, m *mouhua) {
	prepare(m, m.slack.Now().Year())
	m.serve()
	for _, tt := range []struct{ user, greeting, prompt string }{
		{officialJY, "本单位的任务", "净月高新区今年还差多少个项目？"}, {officialKC, "your body's quota", "I want to register a project"},
		{leader, "數字可以引用", "全市1000個現在到哪了？"}, {reviewer, "待审核的项目", "待审核的有几个？"},
		{stranger, "谋划", "帮助"}, {guest, "访客", "帮助"},
	} {
		who := m.as(tt.user)
		channel, thread := who.opensPane()
		if got := who.sees(channel, tt.greeting); got.ThreadTS != thread {
			t.Errorf("%s was greeted elsewhere: %+v", tt.user, got)
		}
		who.pane(thread, "suggests "+tt.prompt, func(a playground.Assistant) bool { return strings.Contains(flat(a.Prompts), tt.prompt) })
	}

	wang := m.as(officialJY)
	channel, thread := wang.opensPane()
	suggested := wang.pane(thread, "suggestions", func(a playground.Assistant) bool { return len(a.Prompts) == 4 })
	wang.asks(channel, thread, suggested.Prompts[0].Message, "净月高新区")
	wang.pane(thread, "a title and no status", func(a playground.Assistant) bool {
		return a.Title == suggested.Prompts[0].Message && a.Status == "" && len(a.Prompts) == 0
	})
	wang.asks(channel, thread, "那完成几个了？", "净月高新区")
	if n := m.slack.Calls("assistant.threads.setStatus", ""); n < 2 {
		t.Errorf("%d statuses shown", n)
	}

	if err := m.slack.Switch("no_pane", true); err != nil {
		t.Fatal(err)
	}
	before := m.slack.Calls("assistant.threads.setStatus", "")
	for range 2 {
		wang.asks(channel, thread, "净月今年任务是多少", "65")
	}
	if n := m.slack.Calls("assistant.threads.setStatus", "") - before; n != 1 {
		t.Errorf("a plan without a pane was asked %d times", n)
	}
	if !strings.Contains(m.logs.String(), "assistant pane not available") {
		t.Error("not noted that there is no pane")
	}
}

// opensPane begins a conversation in the pane.
func (s somebody) opensPane() (channel, thread string) {
	s.t.Helper()
	channel, thread, err := s.OpenAssistant(s.ctx, channelJY)
	if err != nil {
		s.t.Fatal(err)
	}
	return channel, thread
}

// pane waits until a conversation shows what is looked for.
func (s somebody) pane(thread, what string, ok func(playground.Assistant) bool) (got playground.Assistant) {
	s.t.Helper()
	s.m.until(what, func() bool {
		for _, m := range s.Messages(s.dm()) {
			if m.TS == thread && m.Assistant != nil {
				got = *m.Assistant
			}
		}
		return ok(got)
	})
	return got
}

// asks asks in a conversation of the pane and waits for the answer there.
func (s somebody) asks(channel, thread, text, want string) playground.Message {
	s.t.Helper()
	before := len(s.ofBot(channel))
	if err := s.Say(s.ctx, channel, thread, text); err != nil {
		s.t.Fatal(err)
	}
	got := s.answered(channel, before+1)
	if got.ThreadTS != thread || got.Ephemeral || !strings.Contains(words(got), want) {
		s.t.Errorf("%s in %s is answered in %s: %s", text, thread, got.ThreadTS, words(got))
	}
	return got
}
