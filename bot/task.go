package bot

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

const (
	taskTime     = 10 * time.Minute // for one task
	defaultQuiet = 2 * time.Second
)

// perform does what was left for after the answer and brings what comes of it.
func (b *Bot) perform(to target, l reporting.Locale, task *commands.Task) {
	b.spawnFor(taskTime, func(ctx context.Context) {
		said := b.follow(ctx, to, l, task.Doing)
		r, err := ask(b, "task", task.Name, func() (commands.Response, error) { return task.Run(ctx, said.tell) })
		said.end(ctx)
		for i, f := range r.Files {
			about := ""
			if i == 0 && r.Reply != nil {
				about, r.Reply = r.Reply.Text, nil
			}
			if err = b.upload(ctx, to, f, about); err != nil {
				break
			}
		}
		b.hand(ctx, to, b.reply(ctx, "task", task.Name, l, func() (commands.Response, error) { return r, err }))
	})
}

// progress is a message that says how far a task is. It appears once the task
// takes long, is edited while it goes on, and is gone with its end.
type progress struct {
	bot         *Bot
	done, total atomic.Int64
	stop        chan struct{}
	stopped     chan struct{}
	channel, ts string
}

// tell notes how far the task is.
func (p *progress) tell(done, total int) {
	p.total.Store(int64(total))
	p.done.Store(int64(done))
}

// follow begins to say how far a task is.
func (b *Bot) follow(ctx context.Context, to target, l reporting.Locale, doing string) *progress {
	p := &progress{bot: b, stop: make(chan struct{}), stopped: make(chan struct{})}
	go func() {
		defer close(p.stopped)
		defer b.rescue()
		tick := time.NewTicker(b.cfg.Quiet)
		defer tick.Stop()
		said := ""
		for {
			select {
			case <-tick.C:
				if text := p.text(l, doing); text != said && p.say(ctx, to, b.say(l, text)) {
					said = text
				}
			case <-p.stop:
				return
			case <-ctx.Done():
				return
			}
		}
	}()
	return p
}

func (p *progress) text(l reporting.Locale, doing string) string {
	done, total := p.done.Load(), p.total.Load()
	switch {
	case done == 0:
		return p.bot.words.Say(l, "task.busy", "doing", doing)
	case total == 0:
		return p.bot.words.Say(l, "task.done", "doing", doing, "done", done)
	}
	return p.bot.words.Say(l, "task.progress", "doing", doing, "done", done, "total", total)
}

// say posts the message, or edits the one that is there.
func (p *progress) say(ctx context.Context, to target, m *message) bool {
	var err error
	switch {
	case p.ts != "":
		_, _, _, err = p.bot.api.UpdateMessageContext(ctx, p.channel, p.ts, m.options()...)
	default:
		channel := to.channel
		if !isDirect(channel) && !to.here {
			if channel, err = p.bot.open(ctx, to.user); err != nil {
				break
			}
		}
		options := m.options()
		if to.thread != "" && channel == to.channel {
			options = append(options, slack.MsgOptionTS(to.thread))
		}
		p.channel, p.ts, err = p.bot.api.PostMessageContext(ctx, channel, options...)
	}
	if err != nil {
		p.bot.log.Warn("progress not shown", "user", to.user, "reason", codeOf(err))
	}
	return err == nil
}

// end takes the message away.
func (p *progress) end(ctx context.Context) {
	close(p.stop)
	<-p.stopped
	if p.ts == "" {
		return
	}
	err := again(ctx, func() error {
		_, _, err := p.bot.api.DeleteMessageContext(ctx, p.channel, p.ts)
		return err
	})
	if err != nil {
		p.bot.log.Warn("progress not taken away", "reason", codeOf(err))
	}
}
