package playground

import (
	"errors"
	"maps"
	"net/http"
	"time"
)

// A response URL's life. https://docs.slack.dev/interactivity/handling-user-interaction
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// responseURL lets the bot answer an interaction without being in the channel.
type responseURL struct {
	channel, user string
	original      string // ts of the message acted on; "" for a command, which has none
	command       string // what was typed
	uses          int
	expires       time.Time
}

// newResponseURL returns a fresh response URL and its address. The caller holds mu.
func (s *Server) newResponseURL(to responseURL) (string, *responseURL) {
	now := s.cfg.Now()
	maps.DeleteFunc(s.responses, func(_ string, u *responseURL) bool { return now.Sub(u.expires) > time.Hour })
	id := newID("") + newID("")
	to.expires = now.Add(responseLife)
	s.responses[id] = &to
	return s.baseURL() + "/respond/" + id, &to
}

// serveRespond answers a use of a response URL.
func (s *Server) serveRespond(w http.ResponseWriter, r *http.Request) {
	c := &call{name: "respond", args: object{}}
	if err := decode(http.MaxBytesReader(w, r.Body, maxBody), &c.args); err != nil {
		writeJSON(w, http.StatusBadRequest, object{"ok": false, "error": "invalid_payload"})
		return
	}
	err := s.respond(r.PathValue("id"), c)
	var refusal *apiError
	switch {
	case err == nil:
		writeJSON(w, http.StatusOK, object{"ok": true})
	case errors.As(err, &refusal):
		status := http.StatusOK
		if refusal.code == "used_url" || refusal.code == "expired_url" {
			status = http.StatusNotFound
		}
		writeJSON(w, status, object{"ok": false, "error": refusal.code, "response_metadata": object{"messages": refusal.messages}})
	default:
		s.cfg.Log.Error("response url was not served", "err", err)
		writeJSON(w, http.StatusInternalServerError, object{"ok": false, "error": "internal_error"})
	}
}

// respond uses a response URL once.
func (s *Server) respond(id string, c *call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.responses[id]
	switch {
	case u == nil || s.cfg.Now().After(u.expires):
		return refuse("expired_url")
	case u.uses >= responseUses:
		return refuse("used_url")
	}
	u.uses++
	if c.flag("delete_original") || c.flag("replace_original") {
		ch, m := s.original(u)
		if m == nil && (u.original != "" || c.flag("delete_original")) {
			return refuse("message_not_found")
		}
		if m != nil {
			return s.change(ch, m, c)
		}
	}
	return s.reply(u, c)
}

// original returns the message a response URL came from. The caller holds mu.
func (s *Server) original(u *responseURL) (*channel, *message) {
	ch := s.channel(u.channel)
	for _, m := range ch.messages {
		if m.ts == u.original && (m.reader == "" || m.reader == u.user) {
			return ch, m
		}
	}
	return ch, nil
}

// change deletes or rewrites the original. The caller holds mu.
func (s *Server) change(ch *channel, m *message, c *call) error {
	if c.flag("delete_original") {
		s.remove(ch, m)
		return nil
	}
	in, err := s.readContent(c)
	if err != nil {
		return err
	}
	if in.text == "" && len(in.blocks) == 0 {
		return refuse("no_text")
	}
	m.text, m.blocks = in.text, in.blocks
	if m.reader == "" {
		m.edited = s.nextTS()
	}
	s.announce(ch, m, "message_changed")
	return nil
}

// reply posts an answer to a command or an interaction: to the person alone unless it asks for
// the channel, where a command is shown with it. The caller holds mu.
func (s *Server) reply(u *responseURL, c *call) error {
	in, err := s.readContent(c)
	if err != nil {
		return err
	}
	ch, empty := s.channel(u.channel), in.text == "" && len(in.blocks) == 0
	m := &message{user: s.cfg.BotUser.ID, text: in.text, blocks: in.blocks, metadata: in.metadata, threadTS: c.str("thread_ts")}
	switch kind := c.str("response_type"); {
	case kind != "" && kind != "ephemeral" && kind != "in_channel":
		return refuse("invalid_response_type")
	case ch.archived:
		return refuse("is_archived")
	case kind == "in_channel" && u.command != "":
		m.command = &Typed{User: u.user, Text: u.command}
		u.command = "" // it is shown once
		if empty {
			m.user = u.user
		}
	case empty:
		return refuse("no_text")
	case kind != "in_channel":
		m.reader = u.user
	}
	if err := checkThread(ch, m.threadTS); err != nil {
		return err
	}
	s.post(ch, m)
	return nil
}
