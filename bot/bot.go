package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// App is what the bot asks for every answer; *commands.App is one. It must be
// safe for concurrent use.
type App interface {
	Command(ctx context.Context, r commands.Request) (commands.Response, error)
	Press(ctx context.Context, p commands.Press) (commands.Response, error)
	Changed(ctx context.Context, in commands.Input) (*commands.Form, error)
	Submit(ctx context.Context, in commands.Input) (commands.SubmitResult, error)
	Closed(ctx context.Context, in commands.Input) error
	Suggest(ctx context.Context, s commands.Search) ([]commands.Option, error)
	Home(ctx context.Context, user string, l reporting.Locale) (*commands.Reply, error)
	Ask(ctx context.Context, r commands.Request) (commands.Response, error)
	Engaged(ctx context.Context, channel, thread string) (bool, error)
	Welcome(ctx context.Context, user string, l reporting.Locale) (commands.Welcome, error)
	Dropped(ctx context.Context, d commands.Drop) (commands.Response, error)
	Compose(ctx context.Context, m reporting.Message) (commands.Outgoing, error)
	Words() *commands.Words
}

// Observer is told what was done and how long it took. It must be fast and
// safe for concurrent use.
type Observer interface {
	// Handled reports something a person asked: kind is command, press, change,
	// submit, close, suggest, home, ask, welcome, drop, task or compose; name is the command's, the
	// button's or the form's, or unknown; outcome is ok, panic, internal or a
	// reporting.Code.
	Handled(kind, name, outcome string, took time.Duration)
	// Called reports a call of Slack's Web API by method ("response_url" for
	// response URLs, "file" for the content of files); outcome is ok, Slack's error code, http_<status> or
	// no_answer.
	Called(method, outcome string, took time.Duration)
}

// Config is what a Bot may be told; its zero value works, but over HTTP it
// refuses every request.
type Config struct {
	SigningSecret string           // HTTP mode; empty refuses every request
	Prefix        string           // of slash commands: "mh-" takes /mh-quota as quota
	Locale        reporting.Locale // when a person's is not known; default zh-CN
	Now           func() time.Time // clock of RetryAt and of caches; default time.Now
	Log           *slog.Logger     // default: discarded
	Observe       Observer         // default: nobody
	Budget        time.Duration    // for our own database before the acknowledgement; default 2.5 s
	// ChannelBack is told of a channel that was un-archived or that the bot was
	// invited to; default: nobody.
	ChannelBack func(ctx context.Context, channel string)
	Quiet       time.Duration // how long a task says nothing, and between what it says; default 2 s
	// Assistant says that the app has Slack's assistant pane; where the plan has
	// none all but the pane works.
	Assistant bool
}

const (
	defaultBudget = 2500 * time.Millisecond
	workTime      = 30 * time.Second // for all that one delivery from Slack sets off
)

// Bot connects an App to Slack. It is safe for concurrent use.
type Bot struct {
	app      App
	words    *commands.Words
	api      *slack.Client
	cfg      Config
	log      *slog.Logger
	locales  *locales
	events   *seen
	self     identity
	shouts   shouts
	changes  changes
	refused  refusedKinds
	quiet    quiet
	paneless paneless

	// base outlives the request that set work off: acknowledged work goes on
	// when Slack hangs up, until Shutdown runs out of patience.
	base context.Context
	stop context.CancelFunc

	mu     sync.Mutex // guards closed against work being added meanwhile
	closed bool
	work   sync.WaitGroup
}

// New returns a Bot that asks app and speaks through api. It starts nothing.
func New(app App, api *slack.Client, cfg Config) *Bot {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Observe == nil {
		cfg.Observe = nobody{}
	}
	if cfg.Budget <= 0 {
		cfg.Budget = defaultBudget
	}
	if cfg.Quiet <= 0 {
		cfg.Quiet = defaultQuiet
	}
	if cfg.Locale == "" {
		cfg.Locale = reporting.ZhCN
	}
	b := &Bot{
		app: app, words: app.Words(), api: api, cfg: cfg, log: cfg.Log,
		locales: newLocales(cfg.Now), events: newSeen(cfg.Now), quiet: quiet{now: cfg.Now},
	}
	b.base, b.stop = context.WithCancel(context.Background())
	return b
}

// Shutdown refuses new work and waits until what was begun is done. When ctx
// ends first, it cancels that work and returns ctx's error.
func (b *Bot) Shutdown(ctx context.Context) error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	defer b.stop()
	done := make(chan struct{})
	go func() {
		b.work.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("finish what was begun: %w", ctx.Err())
	}
}

// begin takes a delivery from Slack in; false after Shutdown. Every begin is
// followed by b.work.Done.
func (b *Bot) begin() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.work.Add(1)
	return true
}

// spawn runs fn beside a delivery that was begun and is not yet done.
func (b *Bot) spawn(fn func(ctx context.Context)) { b.spawnFor(workTime, fn) }

func (b *Bot) spawnFor(limit time.Duration, fn func(ctx context.Context)) {
	b.work.Go(func() {
		defer b.rescue()
		ctx, cancel := context.WithTimeout(b.base, limit)
		defer cancel()
		fn(ctx)
	})
}

// rescue keeps a panic from ending the process.
func (b *Bot) rescue() {
	if v := recover(); v != nil {
		b.log.Error("handler panicked", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	}
}

// inTime runs work for no longer than the budget and returns its result. When
// that runs out it returns false, and late gets the result.
func inTime[T any](b *Bot, work func(context.Context) T, late func(context.Context, T)) (T, bool) {
	result, overrun := make(chan T), make(chan struct{})
	b.spawn(func(ctx context.Context) {
		v := work(ctx)
		select {
		case result <- v:
		case <-overrun:
			late(ctx, v)
		}
	})
	timer := time.NewTimer(b.cfg.Budget)
	defer timer.Stop()
	select {
	case v := <-result:
		return v, true
	case <-timer.C:
		close(overrun)
		var none T
		return none, false
	}
}

// ask runs one question to the App: a panic becomes an error, and the observer
// is told.
func ask[T any](b *Bot, kind, name string, question func() (T, error)) (answer T, err error) {
	start := time.Now()
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{value: v, stack: debug.Stack()}
		}
		b.cfg.Observe.Handled(kind, observedName(name, err), outcomeOf(err), time.Since(start))
	}()
	return question()
}

// observedName is name as it is counted: what is not there has no count of its
// own, for whoever asks chooses its name.
func observedName(name string, err error) string {
	var e *reporting.Error
	if errors.As(err, &e) && (e.Key == "err.command.unknown" || e.Key == "err.action.unknown" || e.Key == "err.form.unknown") {
		return "unknown"
	}
	return name
}

func outcomeOf(err error) string {
	var p *panicked
	switch code := reporting.CodeOf(err); {
	case err == nil:
		return "ok"
	case code != "":
		return string(code)
	case errors.As(err, &p):
		return "panic"
	case errors.Is(err, context.DeadlineExceeded):
		return string(reporting.Unavailable)
	}
	return "internal"
}

type nobody struct{}

func (nobody) Handled(_, _, _ string, _ time.Duration) {}
func (nobody) Called(_, _ string, _ time.Duration)     {}
