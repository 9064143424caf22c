package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// testNow is the clock of deliveries in these tests.
var testNow = time.Date(2018, 3, 5, 1, 0, 0, 0, time.UTC)

// delivering returns a rig that composes out for every message.
func delivering(t *testing.T, out commands.Outgoing, err error) *rig {
	r := newRig(t, func(c *Config) { c.Now = func() time.Time { return testNow } })
	r.app.compose = func(context.Context, reporting.Message) (commands.Outgoing, error) { return out, err }
	return r
}

func nudge() (reporting.Message, commands.Outgoing) {
	return reporting.Message{Key: "nudge/jingyue/2018-W10", Kind: reporting.NudgeMessage, Attempts: 1, TriedAt: testNow.UnixMilli()},
		commands.Outgoing{Channel: "C1", Reply: &commands.Reply{Text: "本周 <!channel>", Parts: []commands.Part{commands.Heading("本周")}}}
}

func edit() reporting.Message {
	return reporting.Message{
		Key: "card_update/CC-2018-0007/4", Kind: reporting.CardUpdate, EditOf: "review/CC-2018-0007/3",
		EditChannel: "C1", EditTS: "90.000001", Attempts: 1,
	}
}

func card(attempts int) reporting.Message {
	return reporting.Message{Key: "review/CC-2018-0007/3", Kind: reporting.ReviewCard, Attempts: attempts}
}

// TestDeliverToOfficeOutOfReach: cards wait for the bot to be invited, the log
// says so once an hour, and then they arrive.
func TestDeliverToOfficeOutOfReach(t *testing.T) {
	_, out := nudge()
	now := testNow
	r := newRig(t, func(c *Config) { c.Now = func() time.Time { return now } })
	r.app.compose = func(context.Context, reporting.Message) (commands.Outgoing, error) { return out, nil }
	r.slack.handle("chat.postMessage", refusal("not_in_channel"))
	for range 3 {
		if got := r.Deliver(t.Context(), card(1)); got.Outcome != reporting.Retry {
			t.Errorf("receipt %v", got)
		}
	}
	now = now.Add(time.Hour)
	r.Deliver(t.Context(), card(2))
	r.slack.say("chat.postMessage", `{"ok":true,"channel":"C1","ts":"100.000001"}`)
	if got := r.Deliver(t.Context(), card(2)); got.Outcome != reporting.Sent {
		t.Errorf("invited: %v", got)
	}
	r.shut(t)
	log := r.log.String()
	if n := strings.Count(log, `"level":"ERROR"`); n != 2 || !strings.Contains(log, `"channel":"C1","reason":"not_in_channel"`) {
		t.Errorf("%d errors in the log\n%s", n, log)
	}
}

func TestDeliverToGonePerson(t *testing.T) {
	m := reporting.Message{Key: "approved/CC-2018-0007/4", Kind: reporting.Approved, To: "U7", Attempts: 1}
	_, out := nudge()
	out.Channel = ""
	r := delivering(t, out, nil)
	r.slack.handle("conversations.open", refusal("user_disabled"))
	want := reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "user_disabled", Channel: "U7"}
	if diff := cmp.Diff(want, r.Deliver(t.Context(), m)); diff != "" {
		t.Error(diff)
	}
	r.shut(t)
	if !strings.Contains(r.log.String(), `"level":"WARN"`) {
		t.Error("not in the log")
	}
}

// TestDeliverLooksBackFromAMovedClock: the earlier post may be older than the
// first try when the clock was moved back between.
func TestDeliverLooksBackFromAMovedClock(t *testing.T) {
	m, out := nudge()
	m.Attempts, m.TriedAt = 2, testNow.AddDate(0, 0, 7).UnixMilli()
	r := delivering(t, out, nil)
	r.Deliver(t.Context(), m)
	if got := r.slack.next(t, "conversations.history").body["oldest"]; got != "1520211540.000000" {
		t.Errorf("looked from %v on", got)
	}
}

func TestDeliverPosts(t *testing.T) {
	m, out := nudge()
	r := delivering(t, out, nil)
	want := reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "100.000001"}
	if diff := cmp.Diff(want, r.Deliver(t.Context(), m)); diff != "" {
		t.Error(diff)
	}
	got := r.slack.next(t, "chat.postMessage").body
	for k, v := range map[string]string{
		"channel": "C1", "text": "本周 &lt;!channel&gt;", "unfurl_links": "false", "unfurl_media": "false",
		"metadata": `{"event_type":"mouhua_message","event_payload":{"key":"nudge/jingyue/2018-W10"}}`,
	} {
		if got[k] != v {
			t.Errorf("%s is %v, want %s", k, got[k], v)
		}
	}
	if blocks, _ := got["blocks"].(string); !strings.Contains(blocks, "本周") {
		t.Errorf("blocks %s", blocks)
	}
}

func TestDeliverToPerson(t *testing.T) {
	m, out := nudge()
	m.To, out.Channel = "U7", ""
	r := delivering(t, out, nil)
	r.Deliver(t.Context(), m)
	if got := r.slack.next(t, "conversations.open").body["users"]; got != "U7" {
		t.Errorf("opened with %v", got)
	}
	if got := r.slack.next(t, "chat.postMessage").body["channel"]; got != "D1" {
		t.Errorf("posted in %v", got)
	}
}

func TestDeliverEdits(t *testing.T) {
	_, out := nudge()
	r := delivering(t, out, nil)
	want := reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "90.000001"}
	if diff := cmp.Diff(want, r.Deliver(t.Context(), edit())); diff != "" {
		t.Error(diff)
	}
	if got := r.slack.next(t, "chat.update").body; got["channel"] != "C1" || got["ts"] != "90.000001" || got["parse"] != "none" {
		t.Errorf("updated %v", got)
	}
}

func TestDeliverWithoutPosting(t *testing.T) {
	m, out := nudge()
	never := edit()
	never.EditTS = ""
	tests := []struct {
		name string
		m    reporting.Message
		out  commands.Outgoing
		err  error
		want reporting.Receipt
	}{
		{"no longer owed", m, commands.Outgoing{Channel: "C1", Skip: "paused"}, nil,
			reporting.Receipt{Outcome: reporting.Skipped, Reason: "paused"}},
		{"nothing to edit", never, out, nil, reporting.Receipt{Outcome: reporting.Skipped, Reason: "nothing to edit"}},
		{"no channel", m, commands.Outgoing{Reply: commands.Say("x")}, nil,
			reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "no channel"}},
		{"database away", m, out, reporting.Fail(reporting.Unavailable, "err.database"),
			reporting.Receipt{Outcome: reporting.Retry, Class: reporting.Temporary, Reason: "not composed", RetryAt: testNow.Add(4 * time.Second).UnixMilli()}},
		{"internal error", m, out, errors.New("row 7"),
			reporting.Receipt{Outcome: reporting.Retry, Class: reporting.Temporary, Reason: "not composed", RetryAt: testNow.Add(4 * time.Second).UnixMilli()}},
		{"project gone", m, out, reporting.Fail(reporting.NotFound, "err.project.unknown"),
			reporting.Receipt{Outcome: reporting.Failed, Class: reporting.OurBug, Reason: "not composed: not_found"}},
		{"nothing to say", m, commands.Outgoing{Channel: "C1"}, nil,
			reporting.Receipt{Outcome: reporting.Retry, Class: reporting.Temporary, Reason: "not composed", RetryAt: testNow.Add(4 * time.Second).UnixMilli()}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := delivering(t, tt.out, tt.err)
			if diff := cmp.Diff(tt.want, r.Deliver(t.Context(), tt.m)); diff != "" {
				t.Error(diff)
			}
			r.slack.none(t, "chat.postMessage")
		})
	}
}

func TestDeliverPanicIsTriedAgain(t *testing.T) {
	m, _ := nudge()
	r := newRig(t, nil)
	r.app.compose = func(context.Context, reporting.Message) (commands.Outgoing, error) { panic("over") }
	if got := r.Deliver(t.Context(), m); got.Outcome != reporting.Retry {
		t.Errorf("receipt %v", got)
	}
}

func refusal(code string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { fmt.Fprintf(w, `{"ok":false,"error":%q}`, code) }
}

func status(code int, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

func TestDeliverClassesErrors(t *testing.T) {
	post, out := nudge()
	hangUp := func(w http.ResponseWriter) { panic(http.ErrAbortHandler) }
	html := func(w http.ResponseWriter) { fmt.Fprint(w, "<html>") }
	mute := func(w http.ResponseWriter) { fmt.Fprint(w, `{"ok":false}`) }
	worn := post
	worn.Attempts = 40
	tests := []struct {
		name    string
		m       reporting.Message
		answer  func(http.ResponseWriter)
		outcome reporting.Outcome
		class   reporting.FailureClass
		after   time.Duration // of RetryAt
	}{
		{"archived", post, refusal("is_archived"), reporting.Dead, reporting.DestinationDead, 0},
		{"bot removed", post, refusal("not_in_channel"), reporting.Dead, reporting.DestinationDead, 0},
		{"no such channel", post, refusal("channel_not_found"), reporting.Dead, reporting.DestinationDead, 0},
		{"posting restricted", post, refusal("restricted_action"), reporting.Dead, reporting.DestinationDead, 0},
		{"token revoked", post, refusal("token_revoked"), reporting.Retry, reporting.InstallDead, 5 * time.Minute},
		{"scope missing", post, refusal("missing_scope"), reporting.Retry, reporting.InstallDead, 5 * time.Minute},
		{"limited", post, status(429, "Retry-After", "17"), reporting.Retry, reporting.RateLimited, 17 * time.Second},
		{"limited, for how long is not said", post, status(429), reporting.Retry, reporting.RateLimited, rateWait},
		{"limited with status 200", post, refusal("ratelimited"), reporting.Retry, reporting.RateLimited, rateWait},
		{"internal error", post, refusal("internal_error"), reporting.Retry, reporting.Unknown, 4 * time.Second},
		{"status 500", post, status(500), reporting.Retry, reporting.Unknown, 4 * time.Second},
		{"status 503", post, status(503), reporting.Retry, reporting.Unknown, 4 * time.Second},
		{"no answer", post, hangUp, reporting.Retry, reporting.Unknown, 4 * time.Second},
		{"a page instead of JSON", post, html, reporting.Retry, reporting.Unknown, 4 * time.Second},
		{"a refusal without a code", post, mute, reporting.Retry, reporting.Unknown, 4 * time.Second},
		{"never lost", worn, status(500), reporting.Retry, reporting.Unknown, 5 * time.Minute},
		{"unknown code", post, refusal("new_code"), reporting.Retry, reporting.Temporary, 4 * time.Second},
		{"our bug", post, refusal("invalid_blocks"), reporting.Failed, reporting.OurBug, 0},
		{"edit of a deleted message", edit(), refusal("message_not_found"), reporting.Skipped, "", 0},
		{"edit too late", edit(), refusal("edit_window_closed"), reporting.Skipped, "", 0},
		{"edit refused", edit(), refusal("cant_update_message"), reporting.Skipped, "", 0},
		{"edit in a dead channel", edit(), refusal("is_archived"), reporting.Dead, reporting.DestinationDead, 0},
		{"card, bot not invited", card(1), refusal("not_in_channel"), reporting.Retry, reporting.DestinationDead, time.Minute},
		{"card, bot still not invited", card(3), refusal("not_in_channel"), reporting.Retry, reporting.DestinationDead, 15 * time.Minute},
		{"card, for a week", card(160), refusal("channel_not_found"), reporting.Retry, reporting.DestinationDead, time.Hour},
		{"edit, bot removed", edit(), refusal("not_in_channel"), reporting.Retry, reporting.DestinationDead, time.Minute},
		{"edit limited", edit(), refusal("ratelimited"), reporting.Retry, reporting.RateLimited, rateWait},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := delivering(t, out, nil)
			r.slack.handle("chat.postMessage", tt.answer)
			r.slack.handle("chat.update", tt.answer)
			r.slack.handle("conversations.history", func(w http.ResponseWriter) { fmt.Fprint(w, `{"ok":true}`) })
			got := r.Deliver(t.Context(), tt.m)
			want := reporting.Receipt{Outcome: tt.outcome, Class: tt.class, Reason: got.Reason, Channel: "C1"}
			if tt.after > 0 {
				want.RetryAt = testNow.Add(tt.after).UnixMilli()
			}
			if diff := cmp.Diff(want, got); diff != "" || got.Reason == "" {
				t.Errorf("reason %q\n%s", got.Reason, diff)
			}
		})
	}
}

func TestDeliverFallsBackToPlainText(t *testing.T) {
	m, out := nudge()
	r := delivering(t, out, nil)
	r.slack.say("chat.postMessage",
		`{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["bad [json-pointer:/blocks/0]"]}}`,
		`{"ok":true,"channel":"C1","ts":"100.000001"}`)
	if got := r.Deliver(t.Context(), m); got.Outcome != reporting.Sent {
		t.Errorf("receipt %v", got)
	}
	if blocks := r.slack.next(t, "chat.postMessage").body["blocks"].(string); !strings.Contains(blocks, "header") {
		t.Errorf("first sent %s", blocks)
	}
	if again := r.slack.next(t, "chat.postMessage").body; again["blocks"] != "[]" || again["text"] != "本周 &lt;!channel&gt;" {
		t.Errorf("then sent %v", again)
	}
	r.shut(t)
	if !strings.Contains(r.log.String(), "json-pointer:/blocks/0") {
		t.Error("Slack's details were not logged")
	}
}

func TestDeliverLooksForEarlierPost(t *testing.T) {
	post := func(bot, kind, key, ts string) string {
		return fmt.Sprintf(`{"type":"message","bot_id":%q,"ts":%q,"metadata":{"event_type":%q,"event_payload":{"key":%q}}}`, bot, ts, kind, key)
	}
	const key = "nudge/jingyue/2018-W10"
	page := func(messages ...string) string {
		return `{"ok":true,"messages":[` + strings.Join(messages, ",") + `]}`
	}
	tests := []struct {
		name     string
		history  []string
		attempts int
		want     reporting.Receipt
	}{
		{"found", []string{page(post("B1", "mouhua_message", "another", "5.0"), post("B1", "mouhua_message", key, "6.0"))}, 2,
			reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "6.0", Found: true}},
		{"on the second page", []string{
			`{"ok":true,"has_more":true,"messages":[],"response_metadata":{"next_cursor":"c2"}}`,
			page(post("B1", "mouhua_message", key, "6.0"))}, 3,
			reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "6.0", Found: true}},
		{"of another bot", []string{page(post("B2", "mouhua_message", key, "6.0"))}, 2,
			reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "100.000001"}},
		{"of another kind", []string{page(post("B1", "other", key, "6.0"))}, 2,
			reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "100.000001"}},
		{"not looked for the first time", []string{page(post("B1", "mouhua_message", key, "6.0"))}, 1,
			reporting.Receipt{Outcome: reporting.Sent, Channel: "C1", TS: "100.000001"}},
		{"history out of reach", []string{`{"ok":false,"error":"is_archived"}`}, 2,
			reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "is_archived", Channel: "C1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, out := nudge()
			m.Attempts = tt.attempts
			r := delivering(t, out, nil)
			r.slack.say("conversations.history", tt.history...)
			if diff := cmp.Diff(tt.want, r.Deliver(t.Context(), m)); diff != "" {
				t.Error(diff)
			}
			if tt.attempts == 1 {
				r.slack.none(t, "conversations.history")
				return
			}
			got := r.slack.next(t, "conversations.history").body
			if got["oldest"] != "1520211540.000000" || got["include_all_metadata"] != "1" {
				t.Errorf("asked for %v", got)
			}
		})
	}
}

func TestObservedCalls(t *testing.T) {
	m, out := nudge()
	r := delivering(t, out, nil)
	for _, answer := range []func(http.ResponseWriter){refusal("is_archived"), status(500), nil} {
		r.slack.handle("chat.postMessage", answer)
		r.Deliver(t.Context(), m)
	}
	want := []string{"chat.postMessage is_archived", "chat.postMessage http_500", "chat.postMessage ok"}
	if diff := cmp.Diff(want, r.seen.called); diff != "" {
		t.Error(diff)
	}
}
