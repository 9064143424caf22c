// Package scheduler makes sure that what is owed is said: it plans the weekly
// nudges and delivers the outbox. It keeps no state that matters: what is owed
// follows from the clock and the database, and a message's unique key makes
// planning it once or a hundred times the same. Any number of schedulers may
// run on one database.
//
// A tour: this file has the clock work (gocron only ticks); planner.go
// puts what is owed into the outbox, or says what that would be, by a list of
// what there is to plan: plan.go decides which body is owed the nudge of this
// week, and why; deadlines.go, weekly.go and escalate.go plan the notices beside
// it, calendar.go that a year's working days are missing; year.go does what the turn of a year calls for, bulletin.go
// drafts what a month and a quarter call for; deliver.go claims due
// messages and settles what became of each, at the pace of pace.go; line.go tells
// the office how far a long delivery is, refused.go stops while Slack refuses the
// bot, and repair.go goes on with channels that work again.
package scheduler

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-co-op/gocron/v2"
	"golang.org/x/time/rate"

	"github.com/mouhua/mouhua/reporting"
)

// Store is what the scheduler needs from a database.
type Store interface {
	// Bodies returns a snapshot of the bodies, cheap to ask for.
	Bodies(ctx context.Context) (*reporting.BodyList, error)
	// Standings returns those of all bodies that have a quota or a tally in year.
	Standings(ctx context.Context, year int, day reporting.Date) ([]reporting.Standing, error)
	// WaitingBodies returns the bodies for which drafts or returned projects wait.
	WaitingBodies(ctx context.Context) (map[string]bool, error)
	// PlannedKeys returns which of the keys are in the outbox.
	PlannedKeys(ctx context.Context, keys []string) (map[string]bool, error)
	// PlanMessages inserts those messages whose key is new and returns these.
	PlanMessages(ctx context.Context, m []reporting.Message, e []reporting.Event) ([]reporting.Message, error)
	// Claim hands out at most limit messages, few of them for one destination:
	// due by due on the clock that plans, their retry by the real time now (both
	// UTC ms), the longest due first, to nobody else until the lease has run out.
	Claim(ctx context.Context, owner string, due, now int64, lease time.Duration, limit int) ([]reporting.Message, error)
	// Settle writes what became of a claimed message, and the messages that
	// follow from it, in one transaction.
	Settle(ctx context.Context, m reporting.Message, r reporting.Receipt, follow ...reporting.Message) error
	OutboxStore
	// Forget drops the delivery keys recorded before a time (UTC ms).
	Forget(ctx context.Context, before int64) (int, error)
	YearStore
	BulletinStore
	NoticeStore
}

// OutboxStore is what a long queue and repaired channels need from a database.
type OutboxStore interface {
	// Collapse settles what is due where a newer message supersedes it, and
	// returns how many these were.
	Collapse(ctx context.Context, due, now int64) (int, error)
	// DueLoad returns how much is due and may be tried now.
	DueLoad(ctx context.Context, due, now int64) (reporting.DueLoad, error)
	// LastDeliveries returns the last n messages of a kind about a body, newest first.
	LastDeliveries(ctx context.Context, kind reporting.MessageKind, bodyID string, n int) ([]reporting.Delivery, error)
	// NoteRateWait keeps that Slack asked to wait, at a time (UTC ms).
	NoteRateWait(ctx context.Context, owner string, at int64, wait time.Duration) error
	// DeadChannels returns the channels that could not be reached.
	DeadChannels(ctx context.Context) ([]string, error)
	// Repair has what was held up for a channel sent; false when its body was
	// deliverable already.
	Repair(ctx context.Context, r reporting.Repair) (bool, error)
}

// Courier posts a message. It never fails: what went wrong is in the Receipt.
type Courier interface {
	Deliver(ctx context.Context, m reporting.Message) reporting.Receipt
}

// Config is what can be set; the zero value of all but Rule works.
type Config struct {
	Rule       reporting.NudgeRule
	Every      time.Duration   // between two looks at what is owed; defaults to 15 s
	PerSecond  float64         // messages a second in all; defaults to 4 (Slack: several hundred a minute in a workspace)
	PerChannel float64         // messages a second to one channel; defaults to 1 (https://docs.slack.dev/apis/web-api/rate-limits)
	Workers    int             // deliveries at the same time; defaults to 4
	Basis      reporting.Basis // of a frozen year; defaults to new projects only
	CityTarget int             // of a frozen year
	Bulletin   reporting.BulletinTerms

	Deadlines      reporting.DeadlineRule   // zero: none is announced
	LeadersChannel string                   // of the weekly digest; "" = there is none
	DigestAfter    time.Duration            // after the city's nudges
	OfficeChannel  string                   // of the delivery report; "" = there is none
	Escalation     reporting.EscalationRule // zero: nothing is escalated

	Owner string           // of the leases; defaults to a random name
	Now   func() time.Time // of leases, tries and retries: one that all replicas share; defaults to time.Now
	Asked func() time.Time // of what is planned and due; defaults to Now
	Log   *slog.Logger
	// Refused asks Slack why it refuses the bot altogether; "" = it does not. An
	// error means that it is not known. Optional: then nothing stops the posting.
	Refused func(ctx context.Context) (reason string, err error)
	// Reachable asks Slack whether the bot can post to a channel. Optional: then
	// dead channels are not probed.
	Reachable func(ctx context.Context, channel string) (bool, error)
	// Observe is told of every delivery; optional, called concurrently.
	Observe func(m reporting.Message, r reporting.Receipt)
}

// Scheduler plans and delivers. It is safe for concurrent use.
type Scheduler struct {
	store   Store
	courier Courier
	cfg     Config

	all   *rate.Limiter
	pacer *pacer
	wake  chan struct{}
	list  []planner
	gate  gate

	backlog atomic.Bool // whether older messages may have been superseded while they waited

	line      *line // of a long delivery that was interrupted; guarded by mu
	lineKnown bool  // whether it was looked for

	probeFrom int // of the dead channels: where the next probe begins

	escalated ladder

	mu      sync.Mutex
	planned map[string]planned // by planner: what needs no more planning
	stepped reporting.Date     // for which nothing of the year is left to do
	drafted reporting.Date     // for which no bulletin is missing
	tidied  time.Time          // when old delivery keys were dropped last
}

// New returns a Scheduler that does nothing yet: see Run, and Tick, Plan and
// DeliverDue for one step at a time.
func New(store Store, courier Courier, cfg Config) *Scheduler {
	if cfg.Every == 0 {
		cfg.Every = 15 * time.Second
	}
	if cfg.PerSecond == 0 {
		cfg.PerSecond = 4
	}
	if cfg.PerChannel == 0 {
		cfg.PerChannel = 1
	}
	if cfg.Workers == 0 {
		cfg.Workers = 4
	}
	if cfg.Owner == "" {
		cfg.Owner = rand.Text()[:8]
	}
	if cfg.Basis == "" {
		cfg.Basis = reporting.CountNew
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Asked == nil {
		cfg.Asked = cfg.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Observe == nil {
		cfg.Observe = func(reporting.Message, reporting.Receipt) {}
	}
	s := &Scheduler{
		store: store, courier: courier, cfg: cfg,
		all:     rate.NewLimiter(rate.Limit(cfg.PerSecond), cfg.Workers),
		pacer:   newPacer(rate.Limit(cfg.PerChannel)),
		wake:    make(chan struct{}, 1),
		planned: map[string]planned{},
	}
	s.list = s.planners()
	s.backlog.Store(true)
	return s
}

// Wake makes a running scheduler deliver at once. It never blocks.
func (s *Scheduler) Wake() {
	select {
	case s.wake <- struct{}{}:
	default: // one is waiting already, and it will find this message too
	}
}

// Tick plans what is owed now and delivers what is due. What could be done is
// done whatever the error says was not.
func (s *Scheduler) Tick(ctx context.Context) error {
	_, planErr := s.Plan(ctx, s.cfg.Asked())
	planErr = errors.Join(planErr, s.Year(ctx, s.cfg.Asked()), s.Bulletins(ctx, s.cfg.Asked()))
	_, err := s.DeliverDue(ctx)
	return errors.Join(planErr, err)
}

// Run plans and delivers until ctx ends, then lets deliveries under way finish
// (within stopGrace) and returns nil. An error means that it could not begin.
func (s *Scheduler) Run(ctx context.Context) error {
	clock, err := gocron.NewScheduler(gocron.WithStopTimeout(stopGrace))
	if err != nil {
		return fmt.Errorf("make the clock work: %w", err)
	}
	_, err = clock.NewJob(
		gocron.DurationJob(s.cfg.Every),
		gocron.NewTask(func(ctx context.Context) { s.plan(ctx) }),
		gocron.WithContext(ctx),
		gocron.WithSingletonMode(gocron.LimitModeReschedule),
		gocron.WithStartAt(gocron.WithStartImmediately()),
	)
	if err != nil {
		return fmt.Errorf("schedule the tick: %w", err)
	}
	if s.cfg.Reachable != nil {
		_, err = clock.NewJob(gocron.DurationJob(probeEvery), gocron.NewTask(s.probe), gocron.WithContext(ctx),
			gocron.WithSingletonMode(gocron.LimitModeReschedule))
		if err != nil {
			return fmt.Errorf("schedule the probe: %w", err)
		}
	}
	clock.Start()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-s.wake:
			s.deliver(ctx)
		}
	}
	if err := clock.Shutdown(); err != nil {
		s.cfg.Log.Warn("planning did not stop in time", "error", err)
	}
	return nil
}

// plan is one tick of a running scheduler. Deliveries have their own loop, so
// that a slow one never holds up the planning.
func (s *Scheduler) plan(ctx context.Context) {
	defer s.recovered("plan")
	if _, err := s.Plan(ctx, s.cfg.Asked()); err != nil && ctx.Err() == nil {
		s.cfg.Log.Error("planning left something out", "error", err)
	}
	if err := s.Year(ctx, s.cfg.Now()); err != nil && ctx.Err() == nil {
		s.cfg.Log.Error("the year left something out", "error", err)
	}
	if err := s.Bulletins(ctx, s.cfg.Asked()); err != nil && ctx.Err() == nil {
		s.cfg.Log.Error("a bulletin was not drafted", "error", err)
	}
	s.Wake()
	s.tidy(ctx)
}

const (
	// Slack repeats a delivery for at most a day.
	rememberKeys = 26 * time.Hour
	tidyEvery    = time.Hour
)

// tidy drops delivery keys that can come no more.
func (s *Scheduler) tidy(ctx context.Context) {
	now := s.cfg.Now()
	s.mu.Lock()
	due := now.Sub(s.tidied).Abs() >= tidyEvery
	if due {
		s.tidied = now
	}
	s.mu.Unlock()
	if !due {
		return
	}
	if _, err := s.store.Forget(ctx, now.Add(-rememberKeys).UnixMilli()); err != nil && ctx.Err() == nil {
		s.cfg.Log.Warn("old delivery keys were kept", "error", err)
	}
}

func (s *Scheduler) deliver(ctx context.Context) {
	if _, err := s.DeliverDue(ctx); err != nil && ctx.Err() == nil {
		s.cfg.Log.Error("delivery left something out", "error", err)
	}
}

// again looks for what is due when a retry is, unless the next tick does.
func (s *Scheduler) again(at int64) {
	if wait := time.UnixMilli(at).Sub(s.cfg.Now()); wait < s.cfg.Every {
		time.AfterFunc(wait, s.Wake)
	}
}

// recovered keeps a panic from ending the process; it belongs after defer.
func (s *Scheduler) recovered(what string) {
	if p := recover(); p != nil {
		s.cfg.Log.Error("scheduler panicked", "in", what, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	}
}
