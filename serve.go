package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"

	"github.com/mouhua/mouhua/bot"
	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/scheduler"
	"github.com/mouhua/mouhua/storage"
)

const (
	cityTarget = 1000             // distinct projects a year, by the plan
	opening    = 15 * time.Second // for the database to answer at the start
	stopping   = 9 * time.Second  // of the ten that a stop may take
	answering  = 4 * time.Second  // of these, for requests under way
)

// openStorage opens the database, which must answer.
func openStorage(ctx context.Context, cfg Config, log *slog.Logger, now func() time.Time, more ...func(*storage.Config)) (*storage.DB, error) {
	ctx, cancel := context.WithTimeout(ctx, opening)
	defer cancel()
	c := storage.Config{Threshold: reporting.Wan(cfg.Quota.ThresholdWan), Credit: cfg.Quota.Credit, Now: now, Log: log, Fold: lexicon.Fold}
	for _, set := range more {
		set(&c)
	}
	return storage.Open(ctx, string(cfg.Storage.URL), c)
}

// release closes what holds nothing unwritten: an error of that changes nothing.
func release(c io.Closer) { c.Close() }

// current returns an error when the schema is not up to date, or the credits
// were counted by other settings.
func current(ctx context.Context, db *storage.DB) error {
	n, err := db.MigrationsPending(ctx)
	if err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("the database has %d migrations to apply: run mouhua migrate", n)
	}
	kept, same, err := db.RulesKept(ctx)
	if err == nil && !same {
		err = fmt.Errorf("the credits were counted with threshold_wan = %d and credit = %q, which is no longer set: run mouhua migrate", kept.Threshold, kept.Credit)
	}
	return err
}

// clockIn returns the real clock in the city's zone.
func clockIn(cfg Config) func() time.Time {
	loc := cfg.location()
	return func() time.Time { return time.Now().In(loc) }
}

// clock returns the program's clock in the city's zone.
func (p *program) clock(cfg Config) func() time.Time {
	if p.now == nil {
		return clockIn(cfg)
	}
	loc := cfg.location()
	return func() time.Time { return p.now().In(loc) }
}

// perSecond is how many messages a second are posted, also to one channel, 0 =
// as many as are set.
func (p *program) perSecond() float64 {
	if p.hurry {
		return 1000
	}
	return 0
}

type migrateCmd struct{}

// Run applies what is pending and prints it.
func (migrateCmd) Run(ctx context.Context, p *program) error {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	db, err := openStorage(ctx, cfg, p.log(slog.LevelWarn), p.clock(cfg))
	if err != nil {
		return err
	}
	defer release(db)
	applied, err := migrate(ctx, db)
	for _, name := range applied {
		fmt.Fprintf(p.stdout, "applied %s\n", name)
	}
	if err != nil {
		return err
	}
	if len(applied) == 0 {
		fmt.Fprintln(p.stdout, "nothing to apply")
	}
	return nil
}

// service is Mouhua put together.
type service struct {
	cfg     Config
	log     *slog.Logger
	db      *storage.DB
	app     *commands.App
	api     *slack.Client
	bot     *bot.Bot
	sched   *scheduler.Scheduler
	metrics *metrics
	token   tokenCheck
}

// parts is what a service is made with beside its configuration.
type parts struct {
	db      *storage.DB
	now     func() time.Time // in the city's zone
	log     *slog.Logger
	observe func(reporting.Message, reporting.Receipt) // of deliveries; optional

	perSecond float64 // messages, also to one channel; 0 = as many as are set
	every     time.Duration
	owner     string
}

func newService(cfg Config, p parts) (*service, error) {
	words, err := commands.NewWords()
	if err != nil {
		return nil, err
	}
	s := &service{cfg: cfg, log: p.log, db: p.db, metrics: newMetrics(p.db.OutboxCounts)}
	answers := cfg.answering(p.now, p.log)
	answers.Wake = func() { s.sched.Wake() }
	answers.LocaleOf = func(ctx context.Context, user string) reporting.Locale { return s.bot.Locale(ctx, user) }
	answers.Files, answers.Exchange = uploads{&s.bot}, transfer{p.db}
	s.app = commands.New(p.db, words, answers)
	s.api = bot.NewClient(string(cfg.Slack.BotToken), string(cfg.Slack.AppToken), cfg.Slack.APIURL, s.metrics)
	s.bot = bot.New(s.app, s.api, bot.Config{
		SigningSecret: string(cfg.Slack.SigningSecret), Prefix: cfg.Slack.CommandPrefix, Locale: cfg.Locale,
		Now: p.now, Log: p.log, Observe: s.metrics, ChannelBack: s.channelBack, Assistant: cfg.Slack.Assistant,
	})
	work := cfg.scheduling(p.perSecond)
	work.Now, work.Log, work.Observe, work.Every, work.Owner = p.now, p.log, s.observe(p), p.every, p.owner
	work.Refused, work.Reachable = s.bot.Refused, s.bot.Reachable
	s.sched = scheduler.New(p.db, s.bot, work)
	s.metrics.watchOutbox(p.db.DueLoad, func() string { return s.sched.Refused() }, p.now)
	return s, nil
}

// observe counts deliveries and tells whoever else wants to know.
func (s *service) observe(p parts) func(reporting.Message, reporting.Receipt) {
	return func(m reporting.Message, r reporting.Receipt) {
		s.metrics.Delivered(m, r, p.now())
		if p.observe != nil {
			p.observe(m, r)
		}
	}
}

// channelBack has what a channel held up sent.
func (s *service) channelBack(ctx context.Context, channel string) {
	if err := s.sched.Resume(ctx, channel); err != nil {
		s.log.Warn("channel not resumed, it is probed later", "channel", channel, "error", err)
	}
}

type serveCmd struct{}

// Run serves until a signal or a dead Slack token.
func (serveCmd) Run(ctx context.Context, p *program) error {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	if err := cfg.needSlack(); err != nil {
		return err
	}
	if p.getenv("GOGC") == "" {
		// Answers leave much short-lived garbage on a small heap: collecting it
		// half as often takes some ten megabytes and gives a seventh of the time back.
		debug.SetGCPercent(200)
	}
	log, now := p.log(slog.LevelInfo), p.clock(cfg)
	db, err := openStorage(ctx, cfg, log, now)
	if err != nil {
		return err
	}
	defer release(db)
	if cfg.Storage.AutoMigrate {
		if _, err := migrate(ctx, db); err != nil {
			return err
		}
	} else if err := current(ctx, db); err != nil {
		return err
	}
	s, err := newService(cfg, parts{db: db, now: now, log: log, perSecond: p.perSecond(), every: p.every, owner: p.owner})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cfg.HTTP.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if cfg.Office.Channel == "" {
		log.Warn("office channel not set", "key", "office.channel", "effect", "review cards and delivery failures reach nobody")
	}
	log.Info("mouhua started", "mode", cfg.Slack.Mode, "addr", listener.Addr().String())
	if err := s.run(ctx, listener, s.server(s.routes())); err != nil {
		return err
	}
	log.Info("mouhua stopped")
	return nil
}

// routes are the endpoints: Slack's in HTTP mode only.
func (s *service) routes() http.Handler {
	mux := http.NewServeMux()
	if s.cfg.Slack.Mode == httpMode {
		mux.Handle("/slack/", s.bot.Handler())
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", s.metrics.handler())
	return mux
}

// server returns a server for handler, patient with nobody.
func (s *service) server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
}

// run serves and keeps the scheduler and, in socket mode, the socket running
// until ctx ends or one of them cannot go on. Then it stops taking requests and
// finishes what was begun.
func (s *service) run(ctx context.Context, listener net.Listener, server *http.Server) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error { return s.sched.Run(ctx) })
	if s.cfg.Slack.Mode == socketMode {
		group.Go(func() error { return s.bot.RunSocket(ctx) })
	}
	group.Go(func() error {
		<-ctx.Done()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopping)
		defer cancel()
		return errors.Join(hangUp(stop, server), s.bot.Shutdown(stop))
	})
	return group.Wait()
}

// hangUp lets requests be answered, which takes no longer than an
// acknowledgement may; whoever is slower to read is cut off.
func hangUp(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return server.Close()
	}
	return nil
}

// ready answers 200 when the database is reachable and up to date and Slack
// accepts the token, else 503 with a line for each that is not so.
func (s *service) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	var faults []string
	for name, check := range map[string]func(context.Context) error{
		"database": func(ctx context.Context) error { return current(ctx, s.db) },
		"slack":    s.accepted,
	} {
		if err := check(ctx); err != nil {
			s.log.Warn("not ready", "part", name, "error", err)
			faults = append(faults, name+": not ready")
		}
	}
	if len(faults) > 0 {
		http.Error(w, strings.Join(faults, "\n"), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

// accepted returns an error while Slack does not take the bot.
func (s *service) accepted(ctx context.Context) error {
	if reason := s.sched.Refused(); reason != "" {
		return fmt.Errorf("slack refuses the bot: %s", reason)
	}
	return s.token.accepted(ctx, s.api)
}

// tokenCheck remembers for a minute that Slack accepted the token, and for five
// seconds that it did not, so that probes cost Slack next to nothing.
type tokenCheck struct {
	mu    sync.Mutex
	until time.Time
	err   error
}

func (t *tokenCheck) accepted(ctx context.Context, api *slack.Client) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if time.Now().Before(t.until) {
		return t.err
	}
	_, t.err = api.AuthTestContext(ctx)
	t.until = time.Now().Add(time.Minute)
	if t.err != nil {
		t.until = time.Now().Add(5 * time.Second)
	}
	return t.err
}
