package playground

import (
	"fmt"
	"time"
)

// Now returns the workspace's clock: real time plus what people moved it by. Message
// timestamps follow it; signatures, triggers and timeouts run on real time.
func (s *Server) Now() time.Time {
	return s.cfg.Now().Add(time.Duration(s.offset.Load())).In(s.cfg.TimeZone)
}

// OnClock asks to be called after every move of the clock. It must be called before
// the workspace is used.
func (s *Server) OnClock(f func(now time.Time)) { s.onClock = append(s.onClock, f) }

// moveClock does one of the page's clock actions.
func (s *Server) moveClock(action string, seconds float64, atMS int64) error {
	switch action {
	case "advance":
		s.offset.Add(int64(seconds * float64(time.Second)))
	case "set":
		s.offset.Store(int64(time.UnixMilli(atMS).Sub(s.cfg.Now())))
	case "reset":
		s.offset.Store(0)
	case "next":
		if s.cfg.Next == nil {
			return fmt.Errorf("move clock: there is no next moment")
		}
		at, _ := s.cfg.Next(s.Now())
		s.offset.Store(int64(at.Sub(s.cfg.Now())))
	default:
		return fmt.Errorf("move clock: unknown action %q", action)
	}
	now, shown := s.Now(), s.clock()
	s.mu.Lock()
	s.publish(nil, object{"type": "clock", "clock": shown})
	s.touch()
	s.mu.Unlock()
	for _, f := range s.onClock {
		f(now)
	}
	return nil
}

// clock returns the clock as the page shows it.
func (s *Server) clock() object {
	now := s.Now()
	shown := object{"now_ms": now.UnixMilli(), "offset_ms": s.offset.Load() / int64(time.Millisecond), "next": nil}
	if s.cfg.Next != nil {
		at, label := s.cfg.Next(now)
		shown["next"] = object{"at_ms": at.UnixMilli(), "label": label}
	}
	return shown
}

// nextTS returns a message timestamp: unique, and never before an earlier one even when
// the clock was moved back. The caller holds mu.
func (s *Server) nextTS() string {
	s.lastTS = max(s.Now().UnixMicro(), s.lastTS+1)
	return fmt.Sprintf("%d.%06d", s.lastTS/1e6, s.lastTS%1e6)
}
