package scheduler

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

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

// pause holds everything up until a time (UTC ms) and returns by how much that
// is longer than before.
func (p *pacer) pause(now, until int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	longer := until - max(now, p.resumeAt)
	p.resumeAt = max(p.resumeAt, until)
	return time.Duration(max(longer, 0)) * time.Millisecond
}

func (p *pacer) until() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.resumeAt
}

func (p *pacer) paused(now time.Time) bool { return now.UnixMilli() < p.until() }

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
