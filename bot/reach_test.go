package bot

import (
	"context"
	"net/http"
	"sync"
	"testing"
)

func TestReachable(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		want, known  bool
	}{
		{"member", `{"ok":true,"channel":{"id":"C1","is_member":true}}`, true, true},
		{"archived", `{"ok":true,"channel":{"id":"C1","is_member":true,"is_archived":true}}`, false, true},
		{"bot not in it", `{"ok":true,"channel":{"id":"C1"}}`, false, true},
		{"private and bot not in it", `{"ok":false,"error":"channel_not_found"}`, false, true},
		{"direct messages", `{"ok":true,"channel":{"id":"D1","is_im":true}}`, true, true},
		{"trouble", `{"ok":false,"error":"internal_error"}`, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.slack.say("conversations.info", tt.answer)
			if got, err := r.Reachable(t.Context(), "C1"); got != tt.want || (err == nil) != tt.known {
				t.Errorf("got %t, %v", got, err)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		name, scopes, answer, want string
		known                      bool
	}{
		{"taken", "chat:write,commands", `{"ok":true,"bot_id":"B1"}`, "", true},
		{"scopes not told", "", `{"ok":true,"bot_id":"B1"}`, "", true},
		{"another scope missing", "chat:write", `{"ok":true,"bot_id":"B1"}`, "", true},
		{"may not write", "commands", `{"ok":true,"bot_id":"B1"}`, "missing_scope", true},
		{"revoked", "", `{"ok":false,"error":"token_revoked"}`, "token_revoked", true},
		{"trouble", "", `{"ok":false,"error":"fatal_error"}`, "", false},
		{"asked too often", "", `{"ok":false,"error":"ratelimited"}`, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.slack.handle("auth.test", func(w http.ResponseWriter) {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("X-Oauth-Scopes", tt.scopes)
				_, _ = w.Write([]byte(tt.answer))
			})
			if got, err := r.Refused(t.Context()); got != tt.want || (err == nil) != tt.known {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// TestChannelBack: what un-archives a channel is told on, and the bot's own
// coming, nobody else's; once for each delivery.
func TestChannelBack(t *testing.T) {
	var mu sync.Mutex
	var back []string
	r := newRig(t, func(c *Config) {
		c.ChannelBack = func(_ context.Context, channel string) {
			mu.Lock()
			defer mu.Unlock()
			back = append(back, channel)
		}
	})
	r.event("E1", map[string]any{"type": "channel_unarchive", "channel": "C1", "user": "U1"})
	r.event("E1", map[string]any{"type": "channel_unarchive", "channel": "C1", "user": "U1"})
	r.event("E2", map[string]any{"type": "member_joined_channel", "channel": "C2", "user": "U1"})
	r.event("E3", map[string]any{"type": "member_joined_channel", "channel": "C3", "user": "UBOT"})
	r.event("E4", map[string]any{"type": "group_unarchive", "channel": "C4", "actor_id": "U1"})
	r.event("E5", map[string]any{"type": "channel_unarchive"})
	r.shut(t)
	seen := map[string]int{}
	for _, c := range back {
		seen[c]++
	}
	if len(back) != 3 || seen["C1"] != 1 || seen["C3"] != 1 || seen["C4"] != 1 {
		t.Errorf("told of %v", back)
	}
}
