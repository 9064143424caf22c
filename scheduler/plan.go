package scheduler

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// Planned is what was decided about one body's nudge. Message is what goes into
// the outbox, its zero value unless Reason.Decides().
type Planned struct {
	Body    reporting.Body
	Week    reporting.Week
	At      time.Time // the moment of the nudge of the week
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
	return s.decide(ctx, list, now)
}

func (s *Scheduler) decide(ctx context.Context, list *reporting.BodyList, now time.Time) ([]Planned, error) {
	keys := make([]string, 0, len(list.All))
	for _, b := range list.All {
		if b.ChannelID != "" {
			week, _ := list.Rule(s.cfg.Rule, b.ID).Current(now)
			keys = append(keys, reporting.NudgeKey(b.ID, week))
		}
	}
	there, err := s.store.PlannedKeys(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("look up planned nudges: %w", err)
	}
	owing := s.owing(ctx, now)
	var out []Planned
	for _, b := range list.All {
		rule := list.Rule(s.cfg.Rule, b.ID)
		week, at := rule.Current(now)
		key := reporting.NudgeKey(b.ID, week)
		// What a body owes is only asked for when the answer hangs on it.
		_, reason := reporting.DecideNudge(b, rule, now, there[key], true)
		if reason.Owed() {
			owes, err := owing(b.ID)
			if err != nil {
				return out, err
			}
			_, reason = reporting.DecideNudge(b, rule, now, false, owes)
		}
		p := Planned{Body: b, Week: week, At: at, Reason: reason}
		if reason.Decides() {
			p.Message = reporting.Message{
				Key: key, Kind: reporting.NudgeMessage, BodyID: b.ID, DueAt: at.UnixMilli(),
				Args: map[string]string{"week": week.String(), "reason": string(reason)},
			}
		}
		if !reason.Owed() {
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

// nudges plans the week's nudge of each body. That a body owes nothing is
// planned, too: what it owes later in the week waits for the next.
func (s *Scheduler) nudges(ctx context.Context, list *reporting.BodyList, now time.Time) ([]reporting.Message, time.Time, error) {
	decided, err := s.decide(ctx, list, now)
	var out []reporting.Message
	for _, p := range decided {
		// Of a week to come, asked for ahead of time, nothing is known yet but who
		// is nudged already.
		if !p.Reason.Decides() || !p.Reason.Owed() && s.cfg.Now().Before(p.At) {
			continue
		}
		out = append(out, p.Message)
	}
	return out, s.nextMoment(list, now), err
}

// nextMoment returns the first moment after now at which a body's nudge may be
// owed.
func (s *Scheduler) nextMoment(list *reporting.BodyList, now time.Time) time.Time {
	city := s.cfg.Rule
	city.Calendar = list.Calendar
	_, first := city.Next(now)
	for body := range list.Nudges {
		if _, at := list.Rule(s.cfg.Rule, body).Next(now); at.Before(first) {
			first = at
		}
	}
	return first
}
