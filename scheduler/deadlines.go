package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// NoticeStore is what notices beside the nudges need from a database.
type NoticeStore interface {
	// DeadlineCounts returns by body how much is owed for a deadline that is
	// counted in projects; body "" asks for all at once, since is when the month
	// began (UTC ms).
	DeadlineCounts(ctx context.Context, d reporting.Deadline, body string, on reporting.Date, since int64) (map[string]int, error)
	// Deliveries returns the messages with these keys and what became of them, by key.
	Deliveries(ctx context.Context, keys []string) (map[string]reporting.Delivery, error)
	// WeekNews returns when something of a week was last written.
	WeekNews(ctx context.Context, w reporting.Week) (reporting.WeekNews, error)
	// NudgeWeeks returns the weeks of all bodies from a week on, the newest first.
	NudgeWeeks(ctx context.Context, from reporting.Week) ([]reporting.NudgeWeek, error)
	// WeeksOf returns the last n weeks of a body, the newest first.
	WeeksOf(ctx context.Context, body string, n int) ([]reporting.NudgeWeek, error)
	// People returns those whom the office knows.
	People(ctx context.Context) ([]reporting.Person, error)
}

// never is when a planner that is switched off is asked again.
const never = 24 * time.Hour

// announced is what one body is told of.
type announced struct {
	body string
	reporting.Announcement
}

// deadlines plans what bodies are told of deadlines. That one owes nothing at a
// step is planned, too: what it owes later waits for the next step.
func (s *Scheduler) deadlines(ctx context.Context, list *reporting.BodyList, now time.Time) ([]reporting.Message, time.Time, error) {
	if len(s.cfg.Deadlines.Announce) == 0 {
		return nil, now.Add(never), nil
	}
	due, next := s.announcements(list, now)
	keys := make([]string, len(due))
	for i, a := range due {
		keys[i] = a.Key(a.body)
	}
	there, err := s.store.PlannedKeys(ctx, keys)
	if err != nil {
		return nil, next, fmt.Errorf("look up planned announcements: %w", err)
	}
	counts := map[reporting.Deadline]map[string]int{}
	var out []reporting.Message
	for i, a := range due {
		if there[keys[i]] {
			continue
		}
		if counts[a.Deadline] == nil {
			if counts[a.Deadline], err = s.owed(ctx, a.Deadline, now); err != nil {
				return out, next, err
			}
		}
		m := a.Message(a.body)
		if counts[a.Deadline][a.body] == 0 {
			m.Skip = "nothing_owed"
		}
		out = append(out, m)
	}
	return out, next, nil
}

// announcements returns what has come for each body that can be told, and the
// next moment of any.
func (s *Scheduler) announcements(list *reporting.BodyList, now time.Time) (out []announced, next time.Time) {
	next = now.Add(never)
	type hour struct {
		hour, minute int
		zone         string
	}
	due := map[hour][]reporting.Announcement{}
	for _, b := range list.All {
		if b.ChannelID == "" {
			continue
		}
		rule := list.Rule(s.cfg.Rule, b.ID)
		at := hour{rule.Hour, rule.Minute, rule.Location.String()}
		if _, ok := due[at]; !ok {
			due[at] = s.cfg.Deadlines.Due(rule, now)
			if first := s.cfg.Deadlines.Next(rule, now); !first.IsZero() && first.Before(next) {
				next = first
			}
		}
		for _, a := range due[at] {
			if a.Tells(b) {
				out = append(out, announced{b.ID, a})
			}
		}
	}
	return out, next
}

// owed returns by body how much is owed for a deadline, read once for all.
func (s *Scheduler) owed(ctx context.Context, d reporting.Deadline, now time.Time) (map[string]int, error) {
	day := reporting.DateOf(now.In(s.cfg.Rule.Location))
	if !d.ByStanding() {
		counts, err := s.store.DeadlineCounts(ctx, d, "", day, d.Since().In(s.cfg.Rule.Location).UnixMilli())
		if err != nil {
			return nil, fmt.Errorf("count what is owed for %s %s: %w", d.Kind, d.Set, err)
		}
		return counts, nil
	}
	all, err := s.store.Standings(ctx, d.Year, day)
	if err != nil {
		return nil, fmt.Errorf("read standings: %w", err)
	}
	counts := map[string]int{}
	for _, st := range all {
		st.Curve = s.cfg.Deadlines.Curve
		counts[st.BodyID] = d.Owes(st)
	}
	return counts, nil
}
