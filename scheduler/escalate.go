package scheduler

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const (
	// A streak lies within a plan year.
	streakWeeks = 54
	// An escalation follows its nudge within this time.
	escalateEvery = time.Minute
)

// ladder remembers up to which week of a body all is told.
type ladder struct {
	mu   sync.Mutex
	upTo map[string]reporting.Week
}

func (l *ladder) done(body string, w reporting.Week) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.upTo == nil {
		l.upTo = map[string]reporting.Week{}
	}
	l.upTo[body] = w
}

func (l *ladder) is(body string, w reporting.Week) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.upTo[body] == w
}

// concern is a body's streak with the steps that it has reached.
type concern struct {
	body   reporting.Body
	week   reporting.Week // the newest
	streak reporting.Streak
	steps  []reporting.EscalationStep
	ended  bool
}

func (c concern) keys() []string {
	out := make([]string, 0, len(reporting.EscalationSteps))
	for _, step := range reporting.EscalationSteps {
		out = append(out, reporting.EscalationKey(c.body.ID, c.streak.First(), step))
	}
	return out
}

// escalations plans who else is told of bodies that have been yellow or red for
// weeks, once the nudge of the week was sent, and that a body no longer is.
func (s *Scheduler) escalations(ctx context.Context, list *reporting.BodyList, now time.Time) ([]reporting.Message, time.Time, error) {
	next := now.Add(escalateEvery)
	if !s.cfg.Escalation.On() {
		return nil, now.Add(never), nil
	}
	all, err := s.concerns(ctx, list, now)
	if err != nil || len(all) == 0 {
		return nil, next, err
	}
	var keys []string
	for _, c := range all {
		keys = append(keys, c.keys()...)
	}
	kept, err := s.store.Deliveries(ctx, keys)
	if err != nil {
		return nil, next, fmt.Errorf("look up escalations: %w", err)
	}
	officials, err := s.officials(ctx)
	if err != nil {
		return nil, next, err
	}
	var out []reporting.Message
	for _, c := range all {
		some, err := s.stepsOf(ctx, c, kept, officials[c.body.ID], now.UnixMilli())
		if err != nil {
			return out, next, err
		}
		if len(some) == 0 {
			s.escalated.done(c.body.ID, c.week)
		}
		out = append(out, some...)
	}
	return out, next, nil
}

// concerns returns the bodies whose newest week may have something to tell.
func (s *Scheduler) concerns(ctx context.Context, list *reporting.BodyList, now time.Time) ([]concern, error) {
	city := s.cfg.Rule
	city.Calendar = list.Calendar
	week, _ := city.Current(now)
	day := reporting.DateOf(now.In(s.cfg.Rule.Location))
	// A body's own day may lie late in the week before.
	weeks, err := s.store.NudgeWeeks(ctx, week.Add(-1))
	if err != nil {
		return nil, fmt.Errorf("read weeks: %w", err)
	}
	var out []concern
	seen := map[string]bool{}
	for _, w := range weeks {
		known := seen[w.BodyID] || s.escalated.is(w.BodyID, w.Week)
		if seen[w.BodyID] = true; known {
			continue
		}
		b, ok := list.Find(w.BodyID)
		if !ok || b.Ended(day) {
			continue
		}
		of, err := s.store.WeeksOf(ctx, w.BodyID, streakWeeks)
		if err != nil {
			return out, fmt.Errorf("read weeks of %s: %w", w.BodyID, err)
		}
		streak, steps, ended := reporting.Escalate(of, s.cfg.Escalation)
		if len(streak) == 0 || len(steps) == 0 && !ended {
			s.escalated.done(w.BodyID, w.Week)
			continue
		}
		out = append(out, concern{b, w.Week, streak, steps, ended})
	}
	return out, nil
}

// stepsOf returns what is not in the outbox of what concerns a body.
func (s *Scheduler) stepsOf(ctx context.Context, c concern, kept map[string]reporting.Delivery, officials []string, at int64) ([]reporting.Message, error) {
	var out []reporting.Message
	if !c.ended {
		for _, step := range c.steps {
			if _, ok := kept[reporting.EscalationKey(c.body.ID, c.streak.First(), step)]; !ok {
				out = append(out, s.cfg.Escalation.Recipients(step, c.body, officials).Messages(c.body, c.streak, step, at)...)
			}
		}
		return out, nil
	}
	var told []reporting.Message
	for _, key := range c.keys() {
		if d, ok := kept[key]; ok {
			told = append(told, d.Message)
		}
	}
	ended := reporting.EscalationEnded(c.body, c.streak, c.week, told, at)
	keys := make([]string, len(ended))
	for i, m := range ended {
		keys[i] = m.Key
	}
	there, err := s.store.PlannedKeys(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("look up the end of an escalation: %w", err)
	}
	for _, m := range ended {
		if !there[m.Key] {
			out = append(out, m)
		}
	}
	return out, nil
}

// officials returns the Slack user ids of each body's officials.
func (s *Scheduler) officials(ctx context.Context) (map[string][]string, error) {
	people, err := s.store.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	out := map[string][]string{}
	for _, p := range people {
		if p.Role == reporting.Official && p.BodyID != "" {
			out[p.BodyID] = append(out[p.BodyID], p.UserID)
		}
	}
	return out, nil
}
