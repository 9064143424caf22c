package bot

import (
	"context"
	"strings"
	"sync"
	"time"
)

// overheard reports whether a person wrote in a thread of a channel without
// naming the bot, whose user is self: what names it comes as a mention, too.
// Messages outside of threads are read no further, nor what was edited, nor what
// other apps wrote.
func overheard(e innerEvent, self string) bool {
	return e.Type == "message" && (e.ChannelType == "channel" || e.ChannelType == "group") &&
		e.ThreadTS != "" && e.ThreadTS != e.TS && e.AppID == "" &&
		self != "" && !strings.Contains(e.Text, "<@"+self+">") && !strings.Contains(e.Text, "<@"+self+"|")
}

// overhear answers what was said in a thread where something goes on, when it is
// meant for the bot. What fails is for the log only: perhaps it was not.
func (b *Bot) overhear(id string, e innerEvent) {
	if b.quiet.is(e.Channel, e.ThreadTS) {
		return
	}
	b.spawn(func(ctx context.Context) {
		if !b.engaged(ctx, e) {
			return
		}
		who := b.person(ctx, e.User)
		is := who.comingFrom(e.workspace())
		if is == outsider {
			return
		}
		req := sentence(id, e, e.Text, e.ThreadTS)
		req.Locale, req.Unsure, req.Overheard = who.locale, is == unsure, true
		a, err := ask(b, "ask", "overheard", func() (answer, error) {
			r, err := b.app.Ask(ctx, req)
			if err != nil {
				return answer{}, err
			}
			r.Form = nil // it needs a trigger, and a sentence brings none
			return b.draw(ctx, req.Locale, r)
		})
		if err != nil {
			b.explain("ask", "overheard", req.Locale, err)
			b.log.Warn("overheard sentence not answered", "channel", e.Channel, "reason", outcomeOf(err))
			return
		}
		b.hand(ctx, e.answered(e.ThreadTS), a)
	})
}

// engaged asks whether something goes on in the thread of e.
func (b *Bot) engaged(ctx context.Context, e innerEvent) bool {
	asked := b.quiet.wakings()
	yes, err := b.app.Engaged(ctx, e.Channel, e.ThreadTS)
	if err != nil {
		b.log.Warn("thread not looked up", "channel", e.Channel, "error", err)
	}
	if !yes && err == nil {
		b.quiet.hush(e.Channel, e.ThreadTS, asked)
	}
	return yes
}

const (
	// quietFor is short, because another replica may have been mentioned in the
	// thread meanwhile: a lookup costs less than a follow-up that is not heard.
	quietFor    = 5 * time.Second
	quietAtMost = 10_000
)

// quiet remembers for quietFor in which threads nothing goes on, so that lively
// ones cost no lookup for every message.
type quiet struct {
	now   func() time.Time
	mu    sync.Mutex
	since map[[2]string]time.Time // by channel and thread
	woken int
}

// is reports whether nothing goes on in a thread as far as is remembered.
func (q *quiet) is(channel, thread string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	since, ok := q.since[[2]string{channel, thread}]
	// The clock of a demo may have been moved back.
	return ok && q.now().Sub(since).Abs() < quietFor
}

// wakings returns how often anything was woken, for hush.
func (q *quiet) wakings() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.woken
}

// hush remembers that nothing goes on in a thread, unless anything was woken
// since the wakings given: then the answer may be older than that.
func (q *quiet) hush(channel, thread string, wakings int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.woken != wakings {
		return
	}
	if q.since == nil || len(q.since) >= quietAtMost {
		q.since = map[[2]string]time.Time{}
	}
	q.since[[2]string{channel, thread}] = q.now()
}

// wake forgets that nothing went on in a thread: the bot has answered there.
func (q *quiet) wake(channel, thread string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.woken++
	delete(q.since, [2]string{channel, thread})
}
