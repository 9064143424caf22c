package scheduler

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/mouhua/mouhua/reporting"
)

const (
	batch     = 20 // messages claimed at once
	lease     = 2 * time.Minute
	leastLeft = 30 * time.Second // of a lease, to begin a post with: longer than one call of Slack may take
	stopGrace = 5 * time.Second  // for what is under way when a stop is asked for
	settling  = 5 * time.Second  // for writing down what became of a message
)

// DeliverDue delivers what is due and returns how many messages reached a
// final state. Retries go back to the outbox with their time. It ends early,
// with what is under way finished, when ctx ends.
//
// It works on several destinations at once, and on each in order: an edit never
// overtakes the post. More is claimed as soon as half of what is held is done,
// so that one slow channel holds up one worker, and nobody else.
func (s *Scheduler) DeliverDue(ctx context.Context) (int, error) {
	under, cancel := underWay(ctx)
	defer cancel()
	h := newHand()
	done := make(chan delivered)
	var total int
	var errs []error
	for more := true; ; {
		if more && h.held <= batch/2 && ctx.Err() == nil && !s.pacer.paused(s.cfg.Now()) {
			claimed, err := s.claim(ctx, batch-h.held)
			if err != nil {
				errs = append(errs, err)
			}
			more = len(claimed) > 0
			h.take(claimed)
		}
		for h.busy < s.cfg.Workers {
			d, m, ok := h.next()
			if !ok {
				break
			}
			go func() {
				final, err := s.deliverOne(ctx, under, d, m)
				done <- delivered{d, final, err}
			}()
		}
		if h.busy == 0 {
			return total, errors.Join(errs...)
		}
		select {
		case r := <-done:
			h.finish(r.to)
			more = more || h.held == 0 // what was handed back, too
			if r.final {
				total++
			}
			errs = append(errs, r.err)
		case <-s.wake:
			more = true
		}
	}
}

func (s *Scheduler) claim(ctx context.Context, limit int) ([]reporting.Message, error) {
	// A long queue takes longer than a lease: each claim has its own time.
	claimed, err := s.store.Claim(ctx, s.cfg.Owner, s.cfg.Asked().UnixMilli(), s.cfg.Now().UnixMilli(), lease, limit)
	if err != nil {
		return nil, fmt.Errorf("claim messages: %w", err)
	}
	return claimed, nil
}

// destination says what a message shares its pace with. Whose channel it is may
// be found only when it is sent.
func destination(m reporting.Message) string {
	switch {
	case m.To != "":
		return m.To
	case m.Kind.ToOffice():
		return "office"
	}
	return "body " + m.BodyID
}

// deliverOne posts one message and settles it. Once a stop is asked for, Slack
// asks for a pause, or its lease is about to end, it is handed back untouched.
func (s *Scheduler) deliverOne(ctx, under context.Context, to string, m reporting.Message) (final bool, err error) {
	stopped := s.wait(ctx, to) != nil
	now := s.cfg.Now()
	left := time.UnixMilli(m.LeaseUntil).Sub(now)
	r := reporting.Receipt{Outcome: reporting.Retry, Class: reporting.Temporary, RetryAt: now.UnixMilli(), Untried: true}
	switch until := s.pacer.until(); {
	case stopped:
		r.Reason = "stopped"
	case now.UnixMilli() < until:
		r.Class, r.Reason, r.RetryAt = reporting.RateLimited, "paused", until
	case left < leastLeft:
		r.Reason = "lease too short"
	default:
		// Who has the next lease must find it settled or undone.
		leased, cancel := context.WithTimeout(under, left-settling)
		r = s.post(leased, m)
		cancel()
	}
	if r.Class == reporting.RateLimited && r.Outcome == reporting.Retry {
		s.pacer.pause(r.RetryAt)
	}
	if r.Outcome == reporting.Retry {
		s.again(r.RetryAt)
	}
	write, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	follow, err := s.follow(write, m, r)
	if err != nil {
		s.cfg.Log.Error("body of a dead channel not found", "key", m.Key, "error", err)
	}
	if err := s.store.Settle(write, m, r, follow...); err != nil {
		// Its lease runs out, and the next try looks up whether it was posted.
		return false, fmt.Errorf("settle %s: %w", m.Key, err)
	}
	s.cfg.Log.Info("message settled", "key", m.Key, "outcome", string(r.Outcome), "class", string(r.Class),
		"reason", r.Reason, "attempt", m.Attempts, "found", r.Found)
	s.cfg.Observe(m, r)
	return r.Outcome != reporting.Retry, nil
}

func (s *Scheduler) wait(ctx context.Context, to string) error {
	if err := s.pacer.of(to).Wait(ctx); err != nil {
		return err
	}
	return s.all.Wait(ctx)
}

// post delivers m. A courier that panics has a bug that trying again would meet
// again.
func (s *Scheduler) post(ctx context.Context, m reporting.Message) (r reporting.Receipt) {
	r = reporting.Receipt{Outcome: reporting.Failed, Class: reporting.OurBug, Reason: "panic"}
	defer s.recovered("deliver " + m.Key)
	return s.courier.Deliver(ctx, m)
}

// follow returns what the office is told when a body's channel is found dead:
// once, until it has been repaired.
func (s *Scheduler) follow(ctx context.Context, m reporting.Message, r reporting.Receipt) ([]reporting.Message, error) {
	if r.Outcome != reporting.Dead || m.Kind != reporting.NudgeMessage || m.BodyID == "" {
		return nil, nil
	}
	list, err := s.store.Bodies(ctx)
	if err != nil {
		return nil, fmt.Errorf("list bodies: %w", err)
	}
	b, ok := list.Find(m.BodyID)
	if moved := r.Channel != "" && r.Channel != b.ChannelID; !ok || moved || b.UndeliverableSince != 0 {
		return nil, nil
	}
	now := s.cfg.Now().UnixMilli()
	return []reporting.Message{{
		Key:  "undeliverable/" + m.BodyID + "/" + strconv.FormatInt(now, 10),
		Kind: reporting.Undeliverable, BodyID: m.BodyID, DueAt: min(now, s.cfg.Asked().UnixMilli()),
		Args: map[string]string{"body": m.BodyID, "channel": b.ChannelID, "reason": r.Reason, "week": m.Args["week"]},
	}}, nil
}

// underWay returns a context for what has begun: it outlives ctx by stopGrace.
func underWay(ctx context.Context) (context.Context, context.CancelFunc) {
	under, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var timer *time.Timer
	var mu sync.Mutex
	stop := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		timer = time.AfterFunc(stopGrace, cancel)
	})
	return under, func() {
		stop()
		mu.Lock()
		defer mu.Unlock()
		if timer != nil {
			timer.Stop()
		}
		cancel()
	}
}

// pacer holds the pace of each destination and the pause that Slack asked for.
type pacer struct {
	rate rate.Limit

	mu       sync.Mutex
	limiters map[string]*rate.Limiter
	resumeAt int64 // UTC ms
}

func newPacer(r rate.Limit) *pacer {
	return &pacer{rate: r, limiters: map[string]*rate.Limiter{}}
}

// Slack lets short bursts pass.
const channelBurst = 3

func (p *pacer) of(to string) *rate.Limiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	// Forgetting paces costs a burst; keeping every person ever told costs memory.
	if len(p.limiters) > 1000 {
		clear(p.limiters)
	}
	l, ok := p.limiters[to]
	if !ok {
		l = rate.NewLimiter(p.rate, channelBurst)
		p.limiters[to] = l
	}
	return l
}

func (p *pacer) pause(until int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.resumeAt = max(p.resumeAt, until)
}

func (p *pacer) until() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.resumeAt
}

func (p *pacer) paused(now time.Time) bool { return now.UnixMilli() < p.until() }
