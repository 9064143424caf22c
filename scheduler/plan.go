package scheduler

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// Planned is what was decided about one body's nudge. Message is what goes into
// the outbox, its zero value unless Reason.Decides().
type Planned struct {
	Body    reporting.Body
	Week    reporting.Week
	Reason  reporting.NudgeReason
	Message reporting.Message
}

// Decide says of every body whether it is owed the nudge of the week now, and
// why, without writing anything.
func (s *Scheduler) Decide(ctx context.Context, now time.Time) ([]Planned, error) {
	list, err := s.store.Bodies(ctx)
	if err != nil {
		return nil, fmt.Errorf("list bodies: %w", err)
	}
	return s.decide(ctx, list.All, now)
}

func (s *Scheduler) decide(ctx context.Context, bodies []reporting.Body, now time.Time) ([]Planned, error) {
	week, at := s.cfg.Rule.Current(now)
	var keys []string
	for _, b := range bodies {
		if b.ChannelID != "" {
			keys = append(keys, reporting.NudgeKey(b.ID, week))
		}
	}
	there, err := s.store.PlannedKeys(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("look up planned nudges: %w", err)
	}
	owing := s.owing(ctx, now)
	var out []Planned
	for _, b := range bodies {
		key := reporting.NudgeKey(b.ID, week)
		// What a body owes is only asked for when the answer hangs on it.
		_, reason := reporting.DecideNudge(b, s.cfg.Rule, now, there[key], true)
		if reason.Owed() {
			owes, err := owing(b.ID)
			if err != nil {
				return out, err
			}
			_, reason = reporting.DecideNudge(b, s.cfg.Rule, now, false, owes)
		}
		p := Planned{Body: b, Week: week, Reason: reason}
		if reason.Decides() {
			p.Message = reporting.Message{
				Key: key, Kind: reporting.NudgeMessage, BodyID: b.ID, DueAt: at.UnixMilli(),
				Args: map[string]string{"week": week.String(), "reason": string(reason)},
			}
		}
		if reason == reporting.NudgeNoTask {
			p.Message.Skip = string(reason)
		}
		out = append(out, p)
	}
	return out, nil
}

// owing returns a function that says whether a body has a quota, or something
// waits for it. Both are read once for all bodies, when first asked for.
func (s *Scheduler) owing(ctx context.Context, now time.Time) func(body string) (bool, error) {
	day := reporting.DateOf(now.In(s.cfg.Rule.Location))
	var owes map[string]bool
	return func(body string) (bool, error) {
		if owes == nil {
			waiting, err := s.store.WaitingBodies(ctx)
			if err != nil {
				return false, fmt.Errorf("read what waits: %w", err)
			}
			all, err := s.store.Standings(ctx, day.Year, day)
			if err != nil {
				return false, fmt.Errorf("read standings: %w", err)
			}
			owes = maps.Clone(waiting)
			if owes == nil {
				owes = map[string]bool{}
			}
			for _, st := range all {
				owes[st.BodyID] = owes[st.BodyID] || st.Owes() > 0
			}
		}
		return owes[body], nil
	}
}

// Plan puts the nudges that are owed now into the outbox and returns those that
// were not there. That a body owes nothing is put there, too: what it owes
// later in the week waits for the next. One body's failure never stops the next
// body's nudge: the error joins what went wrong, and what it names is tried
// again next time.
func (s *Scheduler) Plan(ctx context.Context, now time.Time) ([]Planned, error) {
	list, err := s.store.Bodies(ctx)
	if err != nil {
		return nil, fmt.Errorf("list bodies: %w", err)
	}
	week, at := s.cfg.Rule.Current(now)
	current := planned{week: week, revision: list.Revision}
	s.mu.Lock()
	done := s.planned == current
	s.mu.Unlock()
	if done {
		return nil, nil
	}
	decided, err := s.decide(ctx, list.All, now)
	// Of a week to come, asked for ahead of time, nothing is known yet but who
	// is nudged already.
	decided = slices.DeleteFunc(decided, func(p Planned) bool {
		return !p.Reason.Decides() || !p.Reason.Owed() && s.cfg.Now().Before(at)
	})
	var out []Planned
	for batch := range slices.Chunk(decided, planBatch) {
		fresh, planErr := s.planAll(ctx, batch)
		err = errors.Join(err, planErr)
		for _, p := range fresh {
			if p.Reason.Owed() {
				out = append(out, p)
				s.cfg.Log.Info("nudge planned", "body", p.Body.ID, "week", p.Week.String(), "reason", string(p.Reason))
			}
		}
	}
	if err == nil {
		s.mu.Lock()
		s.planned = current
		s.mu.Unlock()
	}
	return out, err
}

// planBatch is how many messages are planned in one transaction.
const planBatch = 1000

// planAll puts the messages of a batch into the outbox and returns what was not
// there. When that fails, each is put there alone, so that the error is of its
// own body only.
func (s *Scheduler) planAll(ctx context.Context, batch []Planned) ([]Planned, error) {
	fresh, err := s.planTogether(ctx, batch)
	switch {
	case err == nil:
		return fresh, nil
	case ctx.Err() != nil || reporting.CodeOf(err) == reporting.Unavailable:
		return nil, fmt.Errorf("plan %d nudges: %w", len(batch), err)
	}
	s.cfg.Log.Warn("batch not planned, planning each alone", "messages", len(batch), "error", err)
	err = nil
	for _, p := range batch {
		one, planErr := s.planTogether(ctx, []Planned{p})
		if planErr != nil {
			err = errors.Join(err, fmt.Errorf("plan nudge of %s: %w", p.Body.ID, planErr))
		}
		fresh = append(fresh, one...)
	}
	return fresh, err
}

func (s *Scheduler) planTogether(ctx context.Context, batch []Planned) ([]Planned, error) {
	messages := make([]reporting.Message, len(batch))
	of := map[string]Planned{}
	for i, p := range batch {
		messages[i], of[p.Message.Key] = p.Message, p
	}
	fresh, err := s.store.PlanMessages(ctx, messages, nil)
	out := make([]Planned, len(fresh))
	for i, m := range fresh {
		out[i] = of[m.Key]
	}
	return out, err
}
