package scheduler

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	askEvery   = time.Minute // whether Slack refuses the bot still
	shoutEvery = time.Hour
)

// gate is shut while Slack refuses the bot altogether: a revoked token would
// refuse every message alike.
type gate struct {
	code atomic.Value // string, Slack's; none or "" = open

	mu      sync.Mutex // of asking, and of what follows
	since   time.Time
	asked   time.Time // when Slack was asked last
	shouted time.Time
}

// Refused returns Slack's code while it refuses the bot and nothing is posted,
// "" otherwise.
func (s *Scheduler) Refused() string {
	code, _ := s.gate.code.Load().(string)
	return code
}

// shut reports whether Slack still refuses the bot, asking it once a minute. It
// costs nothing while the gate is open.
func (s *Scheduler) shut(ctx context.Context) bool {
	if s.Refused() == "" {
		return false
	}
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	return s.ask(ctx) != ""
}

// confirm reports whether a refusal of one message is one of the bot, and shuts
// the gate when it is. Some are about the message only: a scope that its
// channel needs, say.
func (s *Scheduler) confirm(ctx context.Context, code string) bool {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	if s.Refused() == "" {
		s.cfg.Log.Warn("slack refused a message as if it refused the bot", "reason", code)
	}
	return s.ask(ctx) != ""
}

// ask asks Slack, at most once a minute, and returns why it refuses the bot.
// What it could not answer leaves the gate as it is. The caller holds the lock.
func (s *Scheduler) ask(ctx context.Context) string {
	g, now, before := &s.gate, s.cfg.Now(), s.Refused()
	if s.cfg.Refused == nil || now.Sub(g.asked).Abs() < askEvery {
		return before
	}
	g.asked = now
	reason, err := s.cfg.Refused(ctx)
	switch {
	case err != nil:
		s.cfg.Log.Warn("slack did not say whether it refuses the bot", "error", err)
		return before
	case reason == "" && before != "":
		s.cfg.Log.Info("slack takes the bot again", "since", g.since, "reason", before)
		g.shouted = time.Time{}
	case reason != "":
		if before == "" {
			g.since = now
		}
		if now.Sub(g.shouted).Abs() >= shoutEvery {
			g.shouted = now
			s.cfg.Log.Error("slack refuses the bot, nothing is posted", "reason", reason, "since", g.since)
		}
	}
	g.code.Store(reason)
	return reason
}
