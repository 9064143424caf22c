package bot

import (
	"sync"
	"time"
)

const (
	// Slack repeats an event for about six minutes
	// (https://docs.slack.dev/apis/events-api/#retries).
	seenFor = 15 * time.Minute
	// seenMost is more than Slack's 30,000 deliveries an hour leave in seenFor.
	seenMost = 20_000
)

// seen remembers event ids for seenFor to twice that, at most twice seenMost.
type seen struct {
	now    func() time.Time
	mu     sync.Mutex
	young  map[string]bool
	old    map[string]bool
	turned time.Time
}

func newSeen(now func() time.Time) *seen {
	return &seen{now: now, young: map[string]bool{}, turned: now()}
}

// first reports whether id was not there before, and remembers it.
func (s *seen) first(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.now(); now.Sub(s.turned) >= seenFor || len(s.young) >= seenMost {
		s.old, s.young, s.turned = s.young, map[string]bool{}, now
	}
	if s.young[id] || s.old[id] {
		return false
	}
	s.young[id] = true
	return true
}
