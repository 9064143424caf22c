package playground

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func TestAuthTest(t *testing.T) {
	f := newFixture(t, nil)
	got, err := f.api.AuthTestContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.UserID != "UBOT" || got.User != "mouhua" || got.BotID == "" || got.TeamID == "" {
		t.Errorf("auth.test: %+v", got)
	}
	granted := strings.Split(got.Header.Get("X-OAuth-Scopes"), ",")
	for _, scope := range []string{"commands", "chat:write", "im:history", "app_mentions:read"} {
		if !slices.Contains(granted, scope) {
			t.Errorf("scope %s is not among %v", scope, granted)
		}
	}
}

// TestPostUpdateHistory follows one message with metadata from posting to history.
func TestPostUpdateHistory(t *testing.T) {
	f := newFixture(t, nil)
	ctx := t.Context()
	meta := slack.SlackMetadata{EventType: "mouhua_message", EventPayload: map[string]any{"key": "nudge/jy/2018-W10"}}
	block := slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "*净月*", false, false), nil, nil)
	ch, ts, err := f.api.PostMessageContext(ctx, "CJY", slack.MsgOptionText("第一版", false), slack.MsgOptionBlocks(block), slack.MsgOptionMetadata(meta))
	if err != nil || ch != "CJY" {
		t.Fatalf("post: %s %v", ch, err)
	}
	if _, _, text, err := f.api.UpdateMessageContext(ctx, ch, ts, slack.MsgOptionText("第二版", false)); err != nil || text != "第二版" {
		t.Fatalf("update: %q %v", text, err)
	}
	read := func(all bool) slack.Message {
		t.Helper()
		got, err := f.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: ch, IncludeAllMetadata: all})
		if err != nil || len(got.Messages) != 1 {
			t.Fatalf("history: %+v %v", got, err)
		}
		return got.Messages[0]
	}
	got := read(true)
	if got.Text != "第二版" || got.Timestamp != ts || got.Edited == nil || len(got.Blocks.BlockSet) != 0 || got.BotID == "" {
		t.Errorf("updated message: %+v", got)
	}
	if diff := cmp.Diff(meta, got.Metadata); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	if got := read(false).Metadata; got.EventType != "mouhua_message" || got.EventPayload != nil {
		t.Errorf("metadata without include_all_metadata: %+v", got)
	}
	if answer := f.call(t, "chat.update", object{"channel": ch, "ts": ts, "text": "x", "metadata": object{}}); answer["ok"] != true {
		t.Fatal(answer)
	}
	if got := read(true).Metadata; got.EventType != "" {
		t.Errorf("metadata that was removed: %+v", got)
	}
	if _, _, err := f.api.DeleteMessageContext(ctx, ch, ts); err != nil {
		t.Fatal(err)
	}
	if all := f.As("UWANG").Messages(ch); len(all) != 0 {
		t.Errorf("messages after delete: %+v", all)
	}
}

func TestHistoryPages(t *testing.T) {
	f := newFixture(t, nil)
	var want []string
	for i := range 7 {
		_, ts, err := f.api.PostMessageContext(t.Context(), "CJY", slack.MsgOptionText(strconv.Itoa(i), false))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, ts)
	}
	if !slices.IsSorted(want) || len(slices.Compact(slices.Clone(want))) != 7 {
		t.Errorf("timestamps are not unique and increasing: %v", want)
	}
	var got []string
	params := slack.GetConversationHistoryParameters{ChannelID: "CJY", Limit: 3, Oldest: want[0]}
	for pages := 1; ; pages++ {
		page, err := f.api.GetConversationHistoryContext(t.Context(), &params)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Messages {
			got = append(got, m.Timestamp)
		}
		if params.Cursor = page.ResponseMetaData.NextCursor; params.Cursor == "" {
			if pages != 2 || page.HasMore {
				t.Errorf("%d pages, has_more %v", pages, page.HasMore)
			}
			break
		}
	}
	slices.Reverse(got)
	if diff := cmp.Diff(want[1:], got); diff != "" {
		t.Errorf("history after the oldest (-want +got):\n%s", diff)
	}
	inclusive, err := f.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{
		ChannelID: "CJY", Oldest: want[2], Latest: want[4], Inclusive: true})
	if err != nil || len(inclusive.Messages) != 3 {
		t.Errorf("inclusive: %d messages, %v", len(inclusive.Messages), err)
	}
}

func TestThreads(t *testing.T) {
	f := newFixture(t, nil)
	wang := f.As("UWANG")
	if err := wang.Say(t.Context(), "CJY", "", "问题"); err != nil {
		t.Fatal(err)
	}
	parent := last(wang, "CJY").TS
	reply := func(opts ...slack.MsgOption) string {
		t.Helper()
		_, ts, err := f.api.PostMessageContext(t.Context(), "CJY", append(opts, slack.MsgOptionTS(parent), slack.MsgOptionText("答", false))...)
		if err != nil {
			t.Fatal(err)
		}
		return ts
	}
	first := reply()
	reply(slack.MsgOptionBroadcast())
	if answer := f.call(t, "chat.postMessage", object{"channel": "CJY", "text": "x", "thread_ts": first}); answer["error"] != "cannot_reply_to_message" {
		t.Errorf("reply to a reply: %v", answer)
	}
	replies, _, _, err := f.api.GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: "CJY", Timestamp: parent})
	if err != nil || len(replies) != 3 || replies[0].ReplyCount != 2 {
		t.Errorf("replies: %+v %v", replies, err)
	}
	history, err := f.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: "CJY"})
	if err != nil || len(history.Messages) != 2 {
		t.Errorf("history shows %d messages, want parent and broadcast: %v", len(history.Messages), err)
	}
	if got := wang.Messages("CJY")[0].ReplyCount; got != 2 {
		t.Errorf("reply count %d", got)
	}
}

func TestConversations(t *testing.T) {
	f := newFixture(t, nil)
	ctx := t.Context()
	all, _, err := f.api.GetConversationsContext(ctx, &slack.GetConversationsParameters{Types: []string{"public_channel", "private_channel", "im"}})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	if diff := cmp.Diff([]string{"CJY", "COPEN", "CSECRET", "DWANG", "DLI", "DGUEST"}, ids); diff != "" {
		t.Errorf("channels (-want +got):\n%s", diff)
	}
	if _, _, _, err := f.api.JoinConversationContext(ctx, "COPEN"); err != nil {
		t.Fatal(err)
	}
	info, err := f.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: "COPEN", IncludeNumMembers: true})
	if err != nil || !info.IsMember || info.NumMembers != 2 || info.Name != "open" {
		t.Errorf("info: %+v %v", info, err)
	}
	members, _, err := f.api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: "COPEN"})
	if diff := cmp.Diff([]string{"ULI", "UBOT"}, members); diff != "" || err != nil {
		t.Errorf("members: %v (-want +got):\n%s", err, diff)
	}
	dm, _, _, err := f.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{"UWANG"}})
	if err != nil || dm.ID != "DWANG" {
		t.Fatalf("open: %+v %v", dm, err)
	}
	posted, _, err := f.api.PostMessageContext(ctx, "UWANG", slack.MsgOptionText("hi", false))
	if err != nil || posted != "DWANG" || len(f.As("UWANG").Messages("DWANG")) != 1 || len(f.As("ULI").Messages("DWANG")) != 0 {
		t.Errorf("direct message went to %s: %v", posted, err)
	}
	user, err := f.api.GetUserInfoContext(ctx, "ULI")
	if err != nil || user.Locale != "zh-TW" || user.TZOffset != 8*3600 {
		t.Errorf("user: %+v %v", user, err)
	}
}

func TestEphemeral(t *testing.T) {
	f := newFixture(t, nil)
	if _, _, _, err := f.api.JoinConversationContext(t.Context(), "COPEN"); err != nil {
		t.Fatal(err)
	}
	ts, err := f.api.PostEphemeralContext(t.Context(), "COPEN", "ULI", slack.MsgOptionText("秘密", false))
	if err != nil {
		t.Fatal(err)
	}
	if got := last(f.As("ULI"), "COPEN"); got.Text != "秘密" || !got.Ephemeral {
		t.Errorf("its reader sees %+v", got)
	}
	if got := f.As("UWANG").Messages("COPEN"); len(got) != 0 {
		t.Errorf("somebody else sees %+v", got)
	}
	history, err := f.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: "COPEN"})
	if err != nil || len(history.Messages) != 0 {
		t.Errorf("history: %+v %v", history, err)
	}
	if _, _, _, err := f.api.UpdateMessageContext(t.Context(), "COPEN", ts, slack.MsgOptionText("x", false)); slackCode(err) != "message_not_found" {
		t.Errorf("update: %v", err)
	}
}

func TestLongText(t *testing.T) {
	f := newFixture(t, nil)
	answer := f.call(t, "chat.postMessage", object{"channel": "CJY", "text": repeat("字", 40_001)})
	if answer["ok"] != true || answer["warning"] != "message_truncated" {
		t.Errorf("warning %v, error %v", answer["warning"], answer["error"])
	}
	if got := len([]rune(last(f.As("UWANG"), "CJY").Text)); got != 40_000 {
		t.Errorf("%d characters were kept", got)
	}
}

// TestClock moves the workspace's clock; real time stays.
func TestClock(t *testing.T) {
	monday := time.Date(2018, 3, 5, 9, 0, 0, 0, time.UTC)
	f := newFixture(t, func(c *Config) {
		c.Next = func(now time.Time) (time.Time, string) { return monday, "下次提醒" }
	})
	var told []time.Time
	f.OnClock(func(now time.Time) { told = append(told, now) })
	_, before, err := f.api.PostMessageContext(t.Context(), "CJY", slack.MsgOptionText("1", false))
	if err != nil {
		t.Fatal(err)
	}
	status, body := post(t, f.url+"/ui/clock", `{"action":"advance","seconds":3600}`)
	if status != 200 || !strings.Contains(body, `"offset_ms":3600000`) || !strings.Contains(body, "下次提醒") {
		t.Errorf("clock: %d %s", status, body)
	}
	if got := f.Now().Sub(f.clock.now()); got != time.Hour {
		t.Errorf("offset %s", got)
	}
	if err := f.moveClock("next", 0, 0); err != nil || !f.Now().Equal(monday) {
		t.Errorf("next: %s %v", f.Now(), err)
	}
	_, after, err := f.api.PostMessageContext(t.Context(), "CJY", slack.MsgOptionText("2", false))
	if err != nil || after <= before {
		t.Errorf("ts %s after %s although the clock went back: %v", after, before, err)
	}
	if err := f.moveClock("reset", 0, 0); err != nil || !f.Now().Equal(f.clock.now()) || len(told) != 3 {
		t.Errorf("reset: told %v, %v", told, err)
	}
	if err := f.moveClock("sideways", 0, 0); err == nil {
		t.Error("unknown action was accepted")
	}
}

func TestConfig(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Config)
	}{
		{"no bot token", func(c *Config) { c.BotToken = "" }},
		{"no app token", func(c *Config) { c.AppToken = "" }},
		{"no signing secret", func(c *Config) { c.RequestURL, c.SigningSecret = "http://127.0.0.1:1", "" }},
		{"user twice", func(c *Config) { c.Users = append(c.Users, c.Users[0]) }},
		{"channel twice", func(c *Config) { c.Channels = append(c.Channels, c.Channels[0]) }},
		{"member unknown", func(c *Config) { c.Channels[0].Members = []string{"UNONE"} }},
		{"channel as member", func(c *Config) { c.Channels[1].Members = []string{"CJY"} }},
		{"command without slash", func(c *Config) { c.Commands[0].Name = "quota" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := testConfig()
			tt.change(&cfg)
			if s, err := New(cfg); err == nil {
				s.Close()
				t.Error("was accepted")
			}
		})
	}
}

func TestPermalink(t *testing.T) {
	f := newFixture(t, nil)
	ref := f.card(t)
	link, err := f.api.GetPermalinkContext(t.Context(), &slack.PermalinkParameters{Channel: ref.Channel, Ts: ref.TS})
	if want := f.url + "/archives/CJY/p" + strings.ReplaceAll(ref.TS, ".", ""); link != want || err != nil {
		t.Errorf("permalink %s %v, want %s", link, err, want)
	}
}
