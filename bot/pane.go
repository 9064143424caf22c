package bot

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

const (
	paneTime = 2 * time.Second // for a call that an answer waits for
	noPaneIn = time.Hour       // how long a workspace without the pane is not asked again

	// Slack's limits of the pane
	// (https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts).
	mostPrompts = 4
	titleRunes  = 60 // of what is published nowhere: what History shows in one line
)

// noPane are the codes of a workspace whose plan or app has no pane.
var noPane = map[string]bool{
	"not_allowed": true, "feature_not_enabled": true, "missing_scope": true, "unknown_method": true, "not_enabled": true,
	"no_permission": true, "access_denied": true, "not_allowed_token_type": true, "method_deprecated": true,
}

// paneThread is a conversation in the assistant's pane, as its events name it.
type paneThread struct {
	User    string `json:"user_id"`
	Channel string `json:"channel_id"`
	Thread  string `json:"thread_ts"`
}

// paneless remembers the methods of the pane that Slack has refused for good.
type paneless struct {
	mu sync.Mutex
	at map[string]time.Time // by method
}

// lately reports whether Slack refused a method in the hour before now.
func (w *paneless) lately(method string, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	at, ok := w.at[method]
	return ok && now.Sub(at).Abs() < noPaneIn
}

// refused notes that Slack refused a method.
func (w *paneless) refused(method string, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.at == nil {
		w.at = map[string]time.Time{}
	}
	w.at[method] = now
}

// forget is for when there is a pane, whatever was said before.
func (w *paneless) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = nil
}

// pane does a call for the pane and reports whether it was done. Nothing else
// depends on it: where there is no pane that is logged once an hour, and all goes
// on.
func (b *Bot) pane(ctx context.Context, method string, call func(context.Context) error) bool {
	now := b.cfg.Now()
	if !b.cfg.Assistant || b.paneless.lately(method, now) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, paneTime)
	defer cancel()
	err := call(ctx)
	switch code := codeOf(err); {
	case err == nil:
		return true
	case noPane[code]:
		b.paneless.refused(method, now)
		b.log.Warn("assistant pane not available", "method", method, "reason", code)
	default:
		b.log.Warn("assistant pane not brought up to date", "method", method, "reason", code, "details", detailsOf(err))
	}
	return false
}

// greet says what can be asked in a conversation that a person has begun in the
// pane.
func (b *Bot) greet(t paneThread) {
	if !b.cfg.Assistant || t.User == "" || t.Channel == "" || t.Thread == "" {
		return
	}
	b.paneless.forget()
	b.spawn(func(ctx context.Context) {
		who := b.person(ctx, t.User)
		w := b.words.GuestWelcome(who.locale)
		if who.is != outsider {
			var err error
			w, err = ask(b, "welcome", "welcome", func() (commands.Welcome, error) { return b.app.Welcome(ctx, t.User, who.locale) })
			if err != nil {
				w = commands.Welcome{Greeting: commands.Say(b.explain("welcome", "welcome", who.locale, err))}
			}
		}
		if err := b.post(ctx, t.Channel, t.Thread, b.message(who.locale, w.Greeting)); err != nil {
			b.log.Error("greeting not delivered", "user", t.User, "reason", codeOf(err), "details", detailsOf(err))
		}
		p := slack.AssistantThreadsSetSuggestedPromptsParameters{ChannelID: t.Channel, ThreadTS: t.Thread, Title: w.Heading}
		for _, prompt := range w.Prompts[:min(len(w.Prompts), mostPrompts)] {
			p.AddPrompt(prompt.Title, prompt.Message)
		}
		if len(p.Prompts) > 0 {
			b.pane(ctx, "setSuggestedPrompts", func(ctx context.Context) error { return b.api.SetAssistantThreadsSuggestedPromptsContext(ctx, p) })
		}
	})
}

// inPane reports whether a question may have been asked in the pane: its
// conversations are threads of the direct one.
func (b *Bot) inPane(to target) bool { return b.cfg.Assistant && isDirect(to.channel) && to.inside }

// entitled reports whether the pane's conversation has no title yet: nothing
// went on in it before.
func (b *Bot) entitled(ctx context.Context, to target) bool {
	if !b.inPane(to) {
		return false
	}
	engaged, err := b.app.Engaged(ctx, to.channel, to.thread)
	return err == nil && !engaged
}

// entitle gives the pane's conversation its first question as title.
func (b *Bot) entitle(ctx context.Context, to target, text string) {
	if text = clip(strings.Join(strings.Fields(text), " "), titleRunes); text == "" {
		return
	}
	b.pane(ctx, "setTitle", func(ctx context.Context) error {
		return b.api.SetAssistantThreadsTitleContext(ctx, slack.AssistantThreadsSetTitleParameters{ChannelID: to.channel, ThreadTS: to.thread, Title: text})
	})
}

// waiting is what a person sees who waits for an answer.
type waiting struct {
	bot    *Bot
	to     target
	status chan bool // whether the pane shows a status; closed without one
	said   *progress // elsewhere, when it takes long
}

// wait shows that a question is being looked into: in the pane at once, elsewhere
// when it takes long.
func (b *Bot) wait(ctx context.Context, to target, l reporting.Locale) *waiting {
	w := &waiting{bot: b, to: to}
	if !b.inPane(to) || b.paneless.lately("setStatus", b.cfg.Now()) {
		to.here = true
		w.said = b.follow(ctx, to, l, b.words.Say(l, "pane.looking"))
		return w
	}
	w.status = make(chan bool, 1)
	b.spawn(func(ctx context.Context) {
		defer close(w.status)
		w.status <- b.status(ctx, to, b.words.Say(l, "pane.status"))
	})
	return w
}

// end is called before an answer is given, which takes a status away; without an
// answer it is taken away here.
func (w *waiting) end(ctx context.Context, answered bool) {
	switch {
	case w.said != nil:
		w.said.end(ctx)
	case <-w.status && !answered:
		w.bot.status(ctx, w.to, "")
	}
}

func (b *Bot) status(ctx context.Context, to target, text string) bool {
	return b.pane(ctx, "setStatus", func(ctx context.Context) error {
		return b.api.SetAssistantThreadsStatusContext(ctx, slack.AssistantThreadsSetStatusParameters{ChannelID: to.channel, ThreadTS: to.thread, Status: text})
	})
}
