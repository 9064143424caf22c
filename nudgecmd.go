package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/mouhua/mouhua/bot"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/scheduler"
)

// patience is how long the nudge command waits for Slack to take what it
// refused for the moment.
const patience = 3 * time.Minute

type nudgeCmd struct {
	At     string `help:"Do what is due at this time, such as 2018-03-05T09:00:00+08:00 (default: now). Only steps of a year's turn stay with the real time." placeholder:"RFC3339"`
	DryRun bool   `help:"Print exactly what would go where, and why; write and post nothing."`
}

// Run plans and delivers what is due.
func (c nudgeCmd) Run(ctx context.Context, p *program) error {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	real := p.clock(cfg)
	asked, err := c.clock(real)
	if err != nil {
		return usageError{err}
	}
	if !c.DryRun {
		// The socket is not needed to post.
		if cfg.Slack.BotToken == "" {
			return cfg.needSlack()
		}
	}
	log := p.log(slog.LevelWarn)
	db, err := openStorage(ctx, cfg, log, real)
	if err != nil {
		return err
	}
	defer release(db)
	if err := current(ctx, db); err != nil {
		return err
	}
	waiting := newWaiting(p)
	made := parts{db: db, now: asked, log: log, observe: waiting.observe, perSecond: p.perSecond()}
	s, err := newService(cfg, made)
	if err != nil {
		return err
	}
	s.deliverNow(made, real)
	if c.DryRun {
		return s.rehearse(ctx, p.stdout, asked())
	}
	return s.nudge(ctx, asked(), real, waiting)
}

// deliverNow keeps the asked time for what is planned and for the figures:
// leases, tries and retries are shared with the replicas that serve, and
// Slack's timestamps are real.
func (s *service) deliverNow(p parts, real func() time.Time) {
	s.bot = bot.New(s.app, s.api, bot.Config{Locale: s.cfg.Locale, Now: real, Log: s.log, Observe: s.metrics})
	cfg := s.cfg.scheduling(p.perSecond)
	cfg.Now, cfg.Asked, cfg.Log, cfg.Observe, cfg.Refused = real, p.now, s.log, p.observe, s.bot.Refused
	s.sched = scheduler.New(s.db, s.bot, cfg)
}

// clock returns a clock that starts at the asked time and runs with real.
func (c nudgeCmd) clock(real func() time.Time) (func() time.Time, error) {
	if c.At == "" {
		return real, nil
	}
	at, err := time.Parse(time.RFC3339, c.At)
	if err != nil {
		return nil, fmt.Errorf("-at: %q is not a time, such as 2018-03-05T09:00:00+08:00", c.At)
	}
	ahead := at.Sub(real())
	return func() time.Time { return real().Add(ahead) }, nil
}

// nudge plans what is due and delivers until nothing due is left that can be.
func (s *service) nudge(ctx context.Context, asked time.Time, real func() time.Time, waiting *waiting) error {
	_, err := s.sched.Plan(ctx, asked)
	// A year that is frozen, or a bulletin drafted, before its time stays so.
	err = errors.Join(err, s.sched.Year(ctx, real()), s.sched.Bulletins(ctx, real()))
	end := real().Add(patience)
	for {
		if _, deliverErr := s.sched.DeliverDue(ctx); deliverErr != nil {
			return errors.Join(err, deliverErr)
		}
		next, left := waiting.next()
		switch {
		case left == 0:
			return errors.Join(err, waiting.failed())
		case ctx.Err() != nil || next.After(end):
			return errors.Join(err, fmt.Errorf("%d messages could not be delivered yet: they stay in the outbox", left))
		}
		select {
		case <-ctx.Done():
		case <-time.After(next.Sub(real())):
		}
	}
}

// waiting prints what became of each message and keeps those that are to be
// tried again.
type waiting struct {
	p *program

	mu     sync.Mutex
	retry  map[string]int64 // key → when, UTC ms
	broken int
}

func newWaiting(p *program) *waiting { return &waiting{p: p, retry: map[string]int64{}} }

func (w *waiting) observe(m reporting.Message, r reporting.Receipt) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.retry, m.Key)
	switch r.Outcome {
	case reporting.Retry:
		w.retry[m.Key] = r.RetryAt
	case reporting.Dead, reporting.Failed:
		w.broken++
	}
	line := fmt.Sprintf("%s %s", m.Key, r.Outcome)
	if r.Channel != "" {
		line += " " + r.Channel
	}
	if r.Reason != "" {
		line += ": " + r.Reason
	}
	fmt.Fprintln(w.p.stdout, line)
}

// next returns when the first retry is due, and how many there are.
func (w *waiting) next() (time.Time, int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var first int64
	for _, at := range w.retry {
		if first == 0 || at < first {
			first = at
		}
	}
	return time.UnixMilli(first), len(w.retry)
}

func (w *waiting) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken > 0 {
		return fmt.Errorf("%d messages cannot be delivered", w.broken)
	}
	return nil
}
