package bot

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

func answerIn() (reporting.Message, commands.Outgoing) {
	return reporting.Message{
			Key: "nudge-log/jingyue/2018-W10/201803050100", Kind: reporting.NudgeLog, ThreadOf: "nudge/jingyue/2018-W10",
			ThreadChannel: "C1", ThreadTS: "90.000001", Attempts: 1, TriedAt: testNow.UnixMilli(),
		},
		commands.Outgoing{Reply: &commands.Reply{Text: "进展", Parts: []commands.Part{commands.Bullets{{commands.Plain("申报项目")}}}}}
}

func TestDeliverInThread(t *testing.T) {
	m, out := answerIn()
	r := delivering(t, out, nil)
	want := reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "100.000001"}
	if diff := cmp.Diff(want, r.Deliver(t.Context(), m)); diff != "" {
		t.Error(diff)
	}
	got := r.slack.next(t, "chat.postMessage").body
	if got["thread_ts"] != "90.000001" || got["channel"] != "C1" || got["reply_broadcast"] != nil && got["reply_broadcast"] != "false" {
		t.Errorf("posted %v", got)
	}
	out.Broadcast = true
	r.app.compose = func(context.Context, reporting.Message) (commands.Outgoing, error) { return out, nil }
	r.Deliver(t.Context(), m)
	if got := r.slack.next(t, "chat.postMessage").body; got["thread_ts"] != "90.000001" || got["reply_broadcast"] != "true" {
		t.Errorf("broadcast %v", got)
	}
}

// TestDeliverInThreadAgain looks in the thread for an answer that may be there.
func TestDeliverInThreadAgain(t *testing.T) {
	const there = `{"ok":true,"messages":[{"ts":"90.000001","bot_id":"B1"},{"ts":"95.000001","bot_id":"B1","metadata":{"event_type":"mouhua_message",` +
		`"event_payload":{"key":"nudge-log/jingyue/2018-W10/201803050100"}}}]}`
	for _, tt := range []struct {
		name, answer string
		broadcast    bool
		want         reporting.Receipt
		thread       any // of the post, if there is one
	}{
		{"it is there", there, false, reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "95.000001", Found: true}, nil},
		{"it is not", `{"ok":true,"messages":[{"ts":"90.000001","bot_id":"B1"}]}`, false, reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "100.000001"}, "90.000001"},
		{"the thread is gone", `{"ok":false,"error":"thread_not_found"}`, false, reporting.Receipt{Outcome: reporting.Skipped, Reason: "thread_not_found"}, nil},
		{"the thread is gone, the channel is told", `{"ok":false,"error":"thread_not_found"}`, true, reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "100.000001"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, out := answerIn()
			m.Attempts, out.Broadcast = 2, tt.broadcast
			r := delivering(t, out, nil)
			r.slack.say("conversations.replies", tt.answer)
			r.slack.say("conversations.history", `{"ok":true,"messages":[]}`)
			if diff := cmp.Diff(tt.want, r.Deliver(t.Context(), m)); diff != "" {
				t.Error(diff)
			}
			if tt.thread == nil {
				r.shut(t)
				r.slack.none(t, "chat.postMessage")
				return
			}
			got := r.slack.next(t, "chat.postMessage").body
			if thread, _ := got["thread_ts"].(string); thread != tt.thread {
				t.Errorf("posted in %v", got)
			}
		})
	}
}

func TestDeliverInThreadRefused(t *testing.T) {
	m, out := answerIn()
	for _, tt := range []struct {
		name string
		edit func(m *reporting.Message)
		code string
		want reporting.Receipt
	}{
		{"its message was never posted", func(m *reporting.Message) { m.ThreadTS = "" }, "", reporting.Receipt{Outcome: reporting.Skipped, Reason: "nothing to answer"}},
		{"its message was deleted", func(*reporting.Message) {}, "message_not_found", reporting.Receipt{Outcome: reporting.Skipped, Reason: "message_not_found", Channel: "C1"}},
		{"and left a tombstone", func(*reporting.Message) {}, "cannot_reply_to_message", reporting.Receipt{Outcome: reporting.Skipped, Reason: "cannot_reply_to_message", Channel: "C1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := m
			tt.edit(&m)
			r := delivering(t, out, nil)
			if tt.code != "" {
				r.slack.say("chat.postMessage", `{"ok":false,"error":"`+tt.code+`"}`)
			}
			if diff := cmp.Diff(tt.want, r.Deliver(t.Context(), m)); diff != "" {
				t.Error(diff)
			}
		})
	}
	// What the channel is to see, it sees without a thread, too.
	out.Broadcast = true
	r := delivering(t, out, nil)
	r.slack.say("chat.postMessage", `{"ok":false,"error":"message_not_found"}`, `{"ok":true,"channel":"C1","ts":"100.000001"}`)
	if got := r.Deliver(t.Context(), m); got.Outcome != reporting.Sent {
		t.Errorf("without its thread: %+v", got)
	}
	r.slack.next(t, "chat.postMessage")
	if got := r.slack.next(t, "chat.postMessage").body; got["thread_ts"] != nil && got["thread_ts"] != "" {
		t.Errorf("posted in %v", got)
	}
	skip := delivering(t, commands.Outgoing{Skip: "nothing"}, nil)
	if got := skip.Deliver(t.Context(), m); got.Outcome != reporting.Skipped || got.Reason != "nothing" {
		t.Errorf("skipped: %+v", got)
	}
}

// TestDeliverOpensTheWeek tells with the receipt which week the nudge opened,
// found or posted; a struck heading comes out struck.
func TestDeliverOpensTheWeek(t *testing.T) {
	m, out := nudge()
	out.Week = &reporting.NudgeWeek{BodyID: "jingyue", Need: 2}
	out.Reply.Parts = []commands.Part{commands.Paragraph{{Text: "本周", Bold: true, Strike: true}}}
	r := delivering(t, out, nil)
	if got := r.Deliver(t.Context(), m); got.Week != out.Week {
		t.Errorf("posted: %+v", got)
	}
	if blocks, _ := r.slack.next(t, "chat.postMessage").body["blocks"].(string); !strings.Contains(blocks, `"strike":true`) {
		t.Errorf("blocks %s", blocks)
	}
	m.Attempts = 2
	r.slack.say("conversations.history", `{"ok":true,"messages":[{"ts":"95.000001","bot_id":"B1","metadata":{"event_type":"mouhua_message","event_payload":{"key":"nudge/jingyue/2018-W10"}}}]}`)
	if got := r.Deliver(t.Context(), m); !got.Found || got.Week != out.Week {
		t.Errorf("found: %+v", got)
	}
}
