package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// planner knows one kind of what is owed. It reads and never writes, so that
// what it plans can be rehearsed.
type planner struct {
	name string
	// owed returns what is owed at a time, whether it is in the outbox already or
	// not, and the first moment after it at which anything else may be owed
	// (zero: it is asked at every tick). What it could decide it returns beside
	// an error, and is asked again. A change of bodies, settings or the calendar
	// has it asked again, too.
	owed func(ctx context.Context, list *reporting.BodyList, now time.Time) (messages []reporting.Message, next time.Time, err error)
}

// planners lists all that is planned, in the order in which it goes out.
func (s *Scheduler) planners() []planner {
	return []planner{
		{"nudges", s.nudges},
		{"calendar", s.calendarAlarm},
		{"deadlines", s.deadlines},
		{"weekly", s.weekly},
		{"escalations", s.escalations},
	}
}

// planned remembers a plan that left nothing open: it holds until the moment of
// its planner, or until a clock goes back.
type planned struct {
	revision    int64
	from, until time.Time
}

func (p planned) holds(revision int64, now time.Time) bool {
	return p.revision == revision && !now.Before(p.from) && now.Before(p.until)
}

// Plan puts what is owed now into the outbox and returns what was not there and
// will be posted. That something is not owed may be put there, too: see
// reporting.Message.Skip. One message's failure never stops the next: the error
// joins what went wrong, and what it names is tried again next time.
func (s *Scheduler) Plan(ctx context.Context, now time.Time) ([]reporting.Message, error) {
	list, err := s.store.Bodies(ctx)
	if err != nil {
		return nil, fmt.Errorf("list bodies: %w", err)
	}
	var out []reporting.Message
	for _, p := range s.list {
		s.mu.Lock()
		done := s.planned[p.name].holds(list.Revision, now)
		s.mu.Unlock()
		if done {
			continue
		}
		fresh, planErr := s.planOf(ctx, p, list, now)
		out, err = append(out, fresh...), errors.Join(err, planErr)
	}
	return out, err
}

func (s *Scheduler) planOf(ctx context.Context, p planner, list *reporting.BodyList, now time.Time) ([]reporting.Message, error) {
	owed, next, err := p.owed(ctx, list, now)
	if err != nil {
		err = fmt.Errorf("plan %s: %w", p.name, err)
	}
	var out []reporting.Message
	for batch := range slices.Chunk(owed, planBatch) {
		fresh, planErr := s.planAll(ctx, batch)
		err = errors.Join(err, planErr)
		for _, m := range fresh {
			if m.Skip == "" {
				out = append(out, m)
				s.cfg.Log.Info("message planned", "key", m.Key, "body", m.BodyID, "week", m.Args["week"], "reason", m.Args["reason"])
			}
		}
	}
	if err == nil {
		s.mu.Lock()
		s.planned[p.name] = planned{revision: list.Revision, from: now, until: next}
		s.mu.Unlock()
	}
	return out, err
}

// planBatch is how many messages are planned in one transaction.
const planBatch = 1000

// planAll puts the messages of a batch into the outbox and returns what was not
// there. When that fails, each is put there alone, so that the error is of its
// own message only.
func (s *Scheduler) planAll(ctx context.Context, batch []reporting.Message) ([]reporting.Message, error) {
	fresh, err := s.store.PlanMessages(ctx, batch, nil)
	switch {
	case err == nil:
		return fresh, nil
	case ctx.Err() != nil || reporting.CodeOf(err) == reporting.Unavailable:
		return nil, fmt.Errorf("plan %d messages: %w", len(batch), err)
	}
	s.cfg.Log.Warn("batch not planned, planning each alone", "messages", len(batch), "error", err)
	err = nil
	for _, m := range batch {
		one, planErr := s.store.PlanMessages(ctx, []reporting.Message{m}, nil)
		if planErr != nil {
			err = errors.Join(err, fmt.Errorf("plan %s: %w", m.Key, planErr))
		}
		fresh = append(fresh, one...)
	}
	return fresh, err
}

// Rehearse returns what Plan, Year and Bulletins would put into the outbox at a time, in
// the order in which it would go out, and writes nothing.
func (s *Scheduler) Rehearse(ctx context.Context, now time.Time) ([]reporting.Message, error) {
	list, err := s.store.Bodies(ctx)
	if err != nil {
		return nil, fmt.Errorf("list bodies: %w", err)
	}
	var owed []reporting.Message
	for _, p := range s.list {
		some, _, planErr := p.owed(ctx, list, now)
		owed, err = append(owed, some...), errors.Join(err, planErr)
	}
	of, yearErr := s.rehearseYear(ctx, now)
	owed, err = append(owed, of...), errors.Join(err, yearErr)
	drafts, draftErr := s.rehearseBulletins(ctx, now)
	owed, err = append(owed, drafts...), errors.Join(err, draftErr)
	keys := make([]string, len(owed))
	for i, m := range owed {
		keys[i] = m.Key
	}
	there, keysErr := s.store.PlannedKeys(ctx, keys)
	if keysErr != nil {
		return nil, errors.Join(err, fmt.Errorf("look up planned messages: %w", keysErr))
	}
	return slices.DeleteFunc(owed, func(m reporting.Message) bool { return m.Skip != "" || there[m.Key] }), err
}
