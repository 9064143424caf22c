package scheduler

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const (
	fewest    = 20              // messages claimed at once, at least
	most      = 500             // and at most
	claimed   = 5 * time.Second // of the pace are claimed at once: long enough to be worth a query, short beside a lease
	lease     = 2 * time.Minute
	leastLeft = 30 * time.Second // of a lease, to begin a post with: longer than one call of Slack may take
	stopGrace = 5 * time.Second  // for what is under way when a stop is asked for
	settling  = 5 * time.Second  // for writing down what became of a message
	sameWait  = time.Second      // what a pause grows by less is no pause of its own
)

// round is one delivery of what is due: several destinations at once, and each in
// order, so that an edit never overtakes the post and a slow channel holds up
// nobody.
type round struct {
	s     *Scheduler
	ctx   context.Context
	under context.Context // of what has begun: outlives ctx by stopGrace
	slots chan struct{}   // of posts under way
	size  int             // messages claimed and not settled, at most
	line  *line           // in the office's channel; nil for a short run
	began bool

	collapsed time.Time // when what is needless was left out last

	settled chan struct{} // one message more is

	mu     sync.Mutex
	queues map[string][]reporting.Message // by destination; one that is there has a goroutine
	open   int                            // messages claimed and not settled
	final  int
	errs   []error
}

// DeliverDue delivers what is due and returns how many messages reached a
// final state. Retries go back to the outbox with their time. It ends early,
// with what is under way finished, when ctx ends, and does nothing while Slack
// asked for a pause or refuses the bot.
func (s *Scheduler) DeliverDue(ctx context.Context) (int, error) {
	if s.paused() || s.shut(ctx) {
		return 0, nil
	}
	under, cancel := underWay(ctx)
	defer cancel()
	r := &round{
		s: s, ctx: ctx, under: under, slots: make(chan struct{}, s.cfg.Workers), settled: make(chan struct{}, 1),
		size:   min(max(int(s.cfg.PerSecond*claimed.Seconds()), fewest), most),
		queues: map[string][]reporting.Message{},
	}
	err := r.deliver()
	r.waitFor(0, nil)
	r.putBack()
	return r.final, errors.Join(append(r.errs, err)...)
}

// paused reports whether Slack asked for a pause, and sees to it that its end is
// not waited for longer than that.
func (s *Scheduler) paused() bool {
	if !s.pacer.paused(s.cfg.Now()) {
		return false
	}
	s.again(s.pacer.until())
	return true
}

func (r *round) deliver() error {
	s := r.s
	for r.ctx.Err() == nil {
		// A long queue takes longer than a lease: each claim has its own time.
		now := s.cfg.Now()
		if s.paused() || s.shut(r.ctx) {
			s.backlog.Store(true)
			return nil
		}
		if err := r.collapse(now); err != nil {
			return err
		}
		got, err := s.store.Claim(r.ctx, s.cfg.Owner, s.cfg.Asked().UnixMilli(), now.UnixMilli(), lease, r.size-r.left())
		s.backlog.Store(err != nil || len(got) >= fewest)
		if err != nil {
			return fmt.Errorf("claim messages: %w", err)
		}
		switch {
		case len(got) > 0:
			r.begin(len(got))
			r.add(got)
			r.waitFor(r.size/2, nil)
		case r.left() > 0: // an edit may wait for one of them, or something new come
			r.waitFor(0, s.wake)
		case !r.end():
			return nil
		}
	}
	return nil
}

// collapse leaves out what newer messages make needless. There is some after a
// stop or a pause, and while a long queue waits: an idle tick costs no query.
func (r *round) collapse(now time.Time) error {
	s := r.s
	if !s.backlog.Load() || now.Sub(r.collapsed).Abs() < lineEvery {
		return nil
	}
	r.collapsed = now
	stale, err := s.store.Collapse(r.ctx, s.cfg.Asked().UnixMilli(), now.UnixMilli())
	if err != nil {
		return fmt.Errorf("collapse messages: %w", err)
	}
	if stale > 0 {
		s.cfg.Log.Info("older messages left out", "messages", stale, "reason", "stale")
	}
	return nil
}

// add hands messages to their destinations.
func (r *round) add(claimed []reporting.Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range claimed {
		d := m.Destination()
		queue, busy := r.queues[d]
		r.queues[d] = append(queue, m)
		r.open++
		if !busy {
			go r.work(d)
		}
	}
}

// work delivers to one destination until nothing is left for it.
func (r *round) work(to string) {
	for {
		r.mu.Lock()
		queue := r.queues[to]
		if len(queue) == 0 {
			delete(r.queues, to)
			r.mu.Unlock()
			return
		}
		r.queues[to] = queue[1:]
		r.mu.Unlock()
		final, err := r.one(to, queue[0])
		r.mu.Lock()
		r.open--
		if final {
			r.final++
		}
		if err != nil {
			r.errs = append(r.errs, err)
		}
		r.mu.Unlock()
		select {
		case r.settled <- struct{}{}:
		default: // whoever waits looks how many are left
		}
	}
}

func (r *round) left() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open
}

// waitFor waits until at most n messages are left of those claimed, or until it
// is woken.
func (r *round) waitFor(n int, wake <-chan struct{}) {
	for r.left() > n {
		select {
		case <-r.settled:
			r.tell()
		case <-wake:
			return
		}
	}
}

// one posts one message and settles it. Once a stop is asked for, Slack asks for
// a pause or refuses the bot, or its lease is about to end, it is handed back
// untouched.
func (r *round) one(to string, m reporting.Message) (final bool, err error) {
	stopped := r.wait(to) != nil
	s, now := r.s, r.s.cfg.Now()
	left := time.UnixMilli(m.LeaseUntil).Sub(now)
	receipt := reporting.Receipt{Outcome: reporting.Retry, Class: reporting.Temporary, RetryAt: now.UnixMilli(), Untried: true}
	until, shut := s.pacer.until(), s.Refused() != ""
	switch {
	case stopped:
		receipt.Reason = "stopped"
	case shut:
		receipt.Class, receipt.Reason, receipt.RetryAt = reporting.InstallDead, "refused", now.Add(askEvery).UnixMilli()
	case now.UnixMilli() < until:
		receipt.Class, receipt.Reason, receipt.RetryAt = reporting.RateLimited, "paused", until
	case left < leastLeft:
		receipt.Reason = "lease too short"
	default:
		// Who has the next lease must find it settled or undone.
		leased, cancel := context.WithTimeout(r.under, left-settling)
		receipt = s.post(leased, m)
		cancel()
	}
	if !stopped {
		<-r.slots
	}
	if receipt.Outcome == reporting.Retry {
		receipt = s.heed(r.ctx, receipt)
	}
	return receipt.Outcome != reporting.Retry, s.settle(r.ctx, m, receipt)
}

// wait waits for the pace of a destination, then for a worker, then for that of
// all. Without an error there is a worker to give back.
func (r *round) wait(to string) error {
	if err := r.s.pacer.of(to).Wait(r.ctx); err != nil {
		return err
	}
	select {
	case r.slots <- struct{}{}:
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
	if err := r.s.all.Wait(r.ctx); err != nil {
		<-r.slots
		return err
	}
	return nil
}

// heed does what a refusal asks of all messages, and returns the receipt that
// this one gets.
func (s *Scheduler) heed(ctx context.Context, r reporting.Receipt) reporting.Receipt {
	switch {
	case r.Untried:
	case r.Class == reporting.RateLimited:
		s.pause(ctx, r.RetryAt)
	case r.Class == reporting.InstallDead:
		if s.confirm(ctx, r.Reason) {
			// It is not about this message: none was tried.
			r.Untried, r.RetryAt = true, s.cfg.Now().Add(askEvery).UnixMilli()
		}
	}
	s.again(r.RetryAt)
	return r
}

// pause holds all posts up and keeps that Slack asked for it.
func (s *Scheduler) pause(ctx context.Context, until int64) {
	now := s.cfg.Now()
	longer := s.pacer.pause(now.UnixMilli(), until)
	if longer < sameWait {
		return
	}
	s.cfg.Log.Warn("slack asked to wait", "wait", longer.String())
	write, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	if err := s.store.NoteRateWait(write, s.cfg.Owner, s.cfg.Asked().UnixMilli(), longer); err != nil {
		s.cfg.Log.Warn("wait not kept for the report", "error", err)
	}
}

// settle writes down what became of a message. When that fails its lease runs
// out, and the next try looks up whether it was posted.
func (s *Scheduler) settle(ctx context.Context, m reporting.Message, r reporting.Receipt) error {
	write, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	follow, err := s.follow(write, m, r)
	if err != nil {
		s.cfg.Log.Error("body of a dead channel not found", "key", m.Key, "error", err)
	}
	if err := s.store.Settle(write, m, r, follow...); err != nil {
		return fmt.Errorf("settle %s: %w", m.Key, err)
	}
	s.cfg.Log.Info("message settled", "key", m.Key, "outcome", string(r.Outcome), "class", string(r.Class),
		"reason", r.Reason, "attempt", m.Attempts, "found", r.Found)
	s.cfg.Observe(m, r)
	return nil
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
