package playground

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// hearing is a workspace whose bot is subscribed to these events; what it hears comes
// through the channel.
func hearing(t *testing.T, events ...string) (*fixture, <-chan object) {
	t.Helper()
	heard := make(chan object, 16)
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var o struct {
			Challenge, Type string
			Event           object
		}
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			t.Errorf("event: %v", err)
		}
		if o.Type == "event_callback" {
			heard <- o.Event
		}
		writeJSON(w, http.StatusOK, object{"challenge": o.Challenge})
	}))
	t.Cleanup(bot.Close)
	return newFixture(t, func(c *Config) { c.RequestURL, c.Events = bot.URL, events }), heard
}

// TestChannelLife has people archive channels and take the bot out, and holds what the bot
// hears and what its calls are answered meanwhile.
func TestChannelLife(t *testing.T) {
	f, heard := hearing(t, "channel_archive", "channel_unarchive", "group_archive", "channel_left", "group_left", "member_joined_channel")
	wang, li := f.As("UWANG"), f.As("ULI")
	for _, tt := range []struct {
		name    string
		do      func() error
		event   object // without its time
		channel string
		post    string // the code that a post gets then
	}{
		{"archive", func() error { return wang.Archive("CJY") },
			object{"type": "channel_archive", "channel": "CJY", "user": "UWANG"}, "CJY", "is_archived"},
		{"unarchive", func() error { return wang.Unarchive("CJY") },
			object{"type": "channel_unarchive", "channel": "CJY", "user": "UWANG"}, "CJY", ""},
		{"archive where the bot is not", func() error { return li.Archive("COPEN") },
			object{"type": "channel_archive", "channel": "COPEN", "user": "ULI"}, "COPEN", "not_in_channel"},
		{"archive a private channel", func() error { return li.Archive("CSECRET") },
			object{"type": "group_archive", "channel": "CSECRET", "user": "ULI"}, "CSECRET", "is_archived"},
		{"unarchive, not subscribed", func() error { return li.Unarchive("CSECRET") }, nil, "CSECRET", ""},
		{"archive one the bot cannot see", func() error { return li.Archive("CHIDDEN") }, nil, "CHIDDEN", "channel_not_found"},
		{"remove the bot", func() error { return wang.RemoveBot("CJY") },
			object{"type": "channel_left", "channel": "CJY", "actor_id": "UWANG"}, "CJY", "not_in_channel"},
		{"somebody comes while the bot is out", func() error { return li.Say(t.Context(), "CJY", "", "hi <@UBOT>") }, nil, "CJY", "not_in_channel"},
		{"invite the bot", func() error { return wang.InviteBot("CJY") },
			object{"type": "member_joined_channel", "user": "UBOT", "channel": "CJY", "channel_type": "C", "inviter": "UWANG"}, "CJY", ""},
		{"remove the bot from a private channel", func() error { return li.RemoveBot("CSECRET") },
			object{"type": "group_left", "channel": "CSECRET", "actor_id": "ULI"}, "CSECRET", "channel_not_found"},
		{"invite it there again", func() error { return li.InviteBot("CSECRET") },
			object{"type": "member_joined_channel", "user": "UBOT", "channel": "CSECRET", "channel_type": "G", "inviter": "ULI"}, "CSECRET", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.do(); err != nil {
				t.Fatal(err)
			}
			if tt.event != nil {
				got := <-heard
				if got["event_ts"] == "" {
					t.Error("the event has no time")
				}
				delete(got, "event_ts")
				delete(got, "team")
				if diff := cmp.Diff(tt.event, got); diff != "" {
					t.Error(diff)
				}
			}
			answer := f.call(t, "chat.postMessage", object{"channel": tt.channel, "text": "x"})
			if code, _ := answer["error"].(string); code != tt.post {
				t.Errorf("a post gives %q, want %q", code, tt.post)
			}
		})
	}
	if len(heard) > 0 {
		t.Errorf("unexpected: %v", <-heard)
	}
}

// TestChannelInfo follows what conversations.info and conversations.join say of a channel
// that the bot is taken out of and that is archived.
func TestChannelInfo(t *testing.T) {
	f, heard := hearing(t, "member_joined_channel")
	wang := f.As("UWANG")
	info := func(wantMember, wantArchived bool) {
		t.Helper()
		ch, err := f.api.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: "CJY"})
		if err != nil || ch.IsMember != wantMember || ch.IsArchived != wantArchived {
			t.Errorf("member %v, archived %v, error %v", ch.IsMember, ch.IsArchived, err)
		}
	}
	join := func(want string) {
		t.Helper()
		answer := f.call(t, "conversations.join", object{"channel": "CJY"})
		if code, _ := answer["error"].(string); code != want {
			t.Errorf("joining gives %v, want %q", answer, want)
		}
	}
	info(true, false)
	for _, step := range []func(string) error{wang.RemoveBot, wang.Archive} {
		if err := step("CJY"); err != nil {
			t.Fatal(err)
		}
	}
	info(false, true)
	join("is_archived")
	if err := wang.Unarchive("CJY"); err != nil {
		t.Fatal(err)
	}
	join("")
	info(true, false)
	if got := <-heard; got["type"] != "member_joined_channel" || got["user"] != "UBOT" || got["inviter"] != nil {
		t.Errorf("joining by itself is told as %v", got)
	}
	join("") // already in it
	if got := f.call(t, "conversations.join", object{"channel": "CHIDDEN"})["error"]; got != "channel_not_found" {
		t.Errorf("joining a channel out of sight gives %v", got)
	}
}

// TestChannelRefusals lists what people may not do to channels and messages.
func TestChannelRefusals(t *testing.T) {
	f := newFixture(t, nil)
	wang, li, guest := f.As("UWANG"), f.As("ULI"), f.As("UGUEST")
	if err := wang.Say(t.Context(), "CJY", "", "mine"); err != nil {
		t.Fatal(err)
	}
	mine := last(wang, "CJY").TS
	if err := li.Archive("COPEN"); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"archive twice":            li.Archive("COPEN"),
		"unarchive what is open":   wang.Unarchive("CJY"),
		"archive out of sight":     wang.Archive("CHIDDEN"),
		"archive what is not":      wang.Archive("CNONE"),
		"archive a direct message": wang.Archive("DWANG"),
		"archive as a guest":       guest.Archive("CJY"),
		"archive as nobody":        f.As("UNONE").Archive("CJY"),
		"remove what is not in":    li.RemoveBot("CHIDDEN"),
		"remove from archive":      li.RemoveBot("COPEN"),
		"invite into archive":      li.InviteBot("COPEN"),
		"invite what is in":        wang.InviteBot("CJY"),
		"delete another's":         li.DeleteMessage("CJY", mine),
		"delete nothing":           wang.DeleteMessage("CJY", "1.000000"),
		"delete out of sight":      wang.DeleteMessage("CHIDDEN", mine),
		"delete in archive":        li.DeleteMessage("COPEN", mine),
	} {
		if err == nil {
			t.Errorf("%s: allowed", name)
		}
	}
	if len(wang.Messages("CJY")) != 1 {
		t.Error("the message is gone")
	}
}

// TestDeletedByAPerson deletes messages of the bot: it hears of it, and cannot change them.
func TestDeletedByAPerson(t *testing.T) {
	f, heard := hearing(t, "message.channels", "message.groups")
	said := func(channel, thread string) string {
		t.Helper()
		_, ts, err := f.api.PostMessageContext(t.Context(), channel, slack.MsgOptionText("x", false), slack.MsgOptionTS(thread))
		if err != nil {
			t.Fatal(err)
		}
		return ts
	}
	alone, parent, private := said("CJY", ""), said("CJY", ""), said("CSECRET", "")
	reply := said("CJY", parent)
	for _, tt := range []struct {
		name, by, channel, ts, subtype, kind string
	}{
		{"alone", "UWANG", "CJY", alone, "message_deleted", "channel"},
		{"first of a thread", "UWANG", "CJY", parent, "message_changed", "channel"},
		{"reply", "UWANG", "CJY", reply, "message_deleted", "channel"},
		{"in a private channel", "ULI", "CSECRET", private, "message_deleted", "group"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := f.As(tt.by).DeleteMessage(tt.channel, tt.ts); err != nil {
				t.Fatal(err)
			}
			got := <-heard
			before, _ := got["previous_message"].(object)
			if got["type"] != "message" || got["subtype"] != tt.subtype || got["channel"] != tt.channel || got["channel_type"] != tt.kind || before["ts"] != tt.ts {
				t.Errorf("heard %v", got)
			}
			if after, _ := got["message"].(object); tt.subtype == "message_changed" && after["subtype"] != "tombstone" || tt.subtype == "message_deleted" && got["deleted_ts"] != tt.ts {
				t.Errorf("heard %v", got)
			}
			if answer := f.call(t, "chat.update", object{"channel": tt.channel, "ts": tt.ts, "text": "y"}); answer["error"] != "message_not_found" {
				t.Errorf("updating it gives %v", answer)
			}
		})
	}
}

// TestThreadHistory follows a thread whose first message is updated, with metadata on all of it.
func TestThreadHistory(t *testing.T) {
	f := newFixture(t, nil)
	ctx := t.Context()
	post := func(key string, more ...slack.MsgOption) string {
		t.Helper()
		meta := slack.SlackMetadata{EventType: "told", EventPayload: map[string]any{"key": key}}
		_, ts, err := f.api.PostMessageContext(ctx, "CJY", append(more, slack.MsgOptionText(key, false), slack.MsgOptionMetadata(meta))...)
		if err != nil {
			t.Fatal(err)
		}
		return ts
	}
	parent := post("parent")
	post("reply", slack.MsgOptionTS(parent))
	post("broadcast", slack.MsgOptionTS(parent), slack.MsgOptionBroadcast())
	if _, _, _, err := f.api.UpdateMessageContext(ctx, "CJY", parent, slack.MsgOptionText("updated", false)); err != nil {
		t.Fatal(err)
	}
	thread, _, _, err := f.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{ChannelID: "CJY", Timestamp: parent, IncludeAllMetadata: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range thread {
		key, _ := m.Metadata.EventPayload["key"].(string)
		got = append(got, m.Text+" "+key+" "+m.SubType)
		if m.ThreadTimestamp != parent {
			t.Errorf("%s stands in thread %s, want %s", m.Text, m.ThreadTimestamp, parent)
		}
	}
	if diff := cmp.Diff([]string{"updated parent ", "reply reply ", "broadcast broadcast thread_broadcast"}, got); diff != "" {
		t.Error(diff)
	}
	if thread[0].ReplyCount != 2 {
		t.Errorf("%d replies, want 2", thread[0].ReplyCount)
	}
	history, err := f.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: "CJY"})
	if err != nil || len(history.Messages) != 2 || history.Messages[0].SubType != "thread_broadcast" || history.Messages[1].Timestamp != parent {
		t.Errorf("history: %+v %v", history, err)
	}
}
