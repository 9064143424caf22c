package playground

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// subscriber is one open page's stream of events.
type subscriber struct {
	user   string
	events chan []byte
	late   chan struct{} // closed when the page was too slow and must start afresh
}

// publish sends an event to the pages of those it is for; nil means everybody.
// The caller holds mu. A page that does not keep up is cut off: it reconnects and reloads.
func (s *Server) publish(audience func(user string) bool, event object) {
	if len(s.readers) == 0 {
		return
	}
	raw, err := json.Marshal(event)
	if err != nil {
		s.cfg.Log.Error("event was not encoded", "err", err)
		return
	}
	for sub := range s.readers {
		if audience != nil && !audience(sub.user) {
			continue
		}
		select {
		case sub.events <- raw:
		default:
			delete(s.readers, sub)
			close(sub.late)
		}
	}
}

// touch wakes everybody who waits for a change. The caller holds mu.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// notice shows a line to one person that is no message: what Slack's client says itself.
// The caller holds mu.
func (s *Server) notice(user, level, channel, text string) {
	s.publish(only(user), object{"type": "notice", "level": level, "channel": channel, "text": text})
}

func only(user string) func(string) bool {
	return func(u string) bool { return u == user }
}

// serveEvents streams a person's events to the page, beginning with the modals that are open.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	me, ok := s.user(r.FormValue("user"))
	if !ok {
		http.Error(w, "unknown user", http.StatusNotFound)
		return
	}
	sub := &subscriber{user: me.ID, events: make(chan []byte, 256), late: make(chan struct{})}
	s.mu.Lock()
	s.readers[sub] = true
	s.showViews(me.ID)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.readers, sub)
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	flush := http.NewResponseController(w)
	alive := time.NewTicker(20 * time.Second)
	defer alive.Stop()
	for {
		line := []byte(": alive\n\n")
		select {
		case raw := <-sub.events:
			line = fmt.Appendf(nil, "data: %s\n\n", raw)
		case <-alive.C:
		case <-sub.late:
			return
		case <-s.ctx.Done():
			return
		case <-r.Context().Done():
			return
		}
		if _, err := w.Write(line); err != nil || flush.Flush() != nil {
			return
		}
	}
}
