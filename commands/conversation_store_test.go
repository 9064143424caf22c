package commands

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/mouhua/mouhua/reporting"
)

// talk keeps conversations and what came in, in memory.
type talk struct {
	talking sync.Mutex
	states  map[reporting.ConversationKey]reporting.Conversation
	heard   map[string]bool
	inflow  []reporting.Inflow
	saidAt  int64 // what the next change is dated, UTC ms
}

func (s *talk) Conversation(_ context.Context, k reporting.ConversationKey) (reporting.Conversation, error) {
	s.talking.Lock()
	defer s.talking.Unlock()
	c := s.states[k]
	c.Key = k
	return c, nil
}

func (s *talk) Converse(_ context.Context, once string, k reporting.ConversationKey, decide func(reporting.Conversation) (string, error)) (reporting.Conversation, error) {
	s.talking.Lock()
	defer s.talking.Unlock()
	c := s.states[k]
	if c.Key = k; s.heard[once] {
		return c, reporting.ErrRepeated
	}
	state, err := decide(c)
	if err != nil {
		return c, err
	}
	c.State, c.At = state, s.saidAt
	if s.states == nil {
		s.states, s.heard = map[reporting.ConversationKey]reporting.Conversation{}, map[string]bool{}
	}
	s.states[k], s.heard[once] = c, once != ""
	return c, nil
}

func (s *talk) ConversationsIn(_ context.Context, channel, thread string) ([]reporting.Conversation, error) {
	s.talking.Lock()
	defer s.talking.Unlock()
	var out []reporting.Conversation
	for k, c := range s.states {
		if k.Channel == channel && k.Thread == thread && c.State != "" {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b reporting.Conversation) int { return strings.Compare(a.Key.UserID, b.Key.UserID) })
	return out, nil
}

func (s *talk) Inflow(_ context.Context, _ int, d reporting.Days, bodies ...string) ([]reporting.Inflow, error) {
	var out []reporting.Inflow
	for _, i := range s.inflow {
		if !i.Day.Before(d.From) && !d.To.Before(i.Day) && (len(bodies) == 0 || slices.Contains(bodies, i.BodyID)) {
			out = append(out, i)
		}
	}
	return out, nil
}
