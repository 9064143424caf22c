// Package playground is a local Slack workspace: people, channels and one bot, with no
// account and no network. A bot connects to it as to Slack, through the Web API and either
// Socket Mode or signed HTTP requests; people act in it through a web page or through the
// methods of Person, which are the same code.
//
// It is written from Slack's documentation, knows nothing of the bot it serves, and is
// strict: what Slack refuses is refused with Slack's error code, and where Slack's behaviour
// is not published the stricter reading holds.
//
// A tour: server.go is the way in; state.go what a workspace remembers; webapi.go the one door
// for the bot's calls, with chat.go, conversations.go and views.go behind it; validate*.go what
// blocks and views may be; deliver.go, socket.go and http.go the way to the bot, callbacks.go
// its events; respond.go response_url; person.go, interact.go, submit.go what a person can do, with
// form.go for the state of inputs and escape.go for typed text; files.go and upload.go files both ways, scopes.go what
// the bot's token is granted; ui.go and events.go the page's side;
// clock.go the movable clock, faults.go what can go wrong with the Web API and
// switches.go with what is around it, ui_faults.go the page's side of both; channel.go what people do to
// channels and messages; assistant.go the app's pane; wire.go the handling of JSON that all share.
package playground

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

//go:embed web
var web embed.FS

// Config describes a workspace. Users, BotUser and BotToken are needed; the rest has defaults.
type Config struct {
	Workspace                         string // display name; default "Playground"
	Users                             []User
	Channels                          []Channel
	Commands                          []Command
	BotUser                           User // the bot's own user
	BotToken, AppToken, SigningSecret string
	// Events are the bot events the app is subscribed to, as its manifest names them: what
	// is not among them is not sent. Default: app_home_opened, app_mention, message.im. With
	// assistant_thread_started the app has a pane.
	Events     []string
	RequestURL string         // "" delivers over Socket Mode, else signed requests go to RequestURL/slack/…
	TimeZone   *time.Location // default UTC
	Switches   []Switch       // more faults for the page, of what is not the workspace's
	// Next says where the page's "next" button moves the clock; nil hides the button.
	Next       func(now time.Time) (at time.Time, label string)
	Now        func() time.Time // real time; default time.Now
	Ahead      time.Duration    // how far the clock is moved at the start
	AckTimeout time.Duration    // default 3s, as Slack's
	Log        *slog.Logger     // default: no log
}

// User is a member of the workspace.
type User struct {
	ID, Name, RealName string
	Title              string // shown where the page asks whom to act as
	Locale             string // as zh-CN
	Bot, Guest         bool   // a guest sees only the channels they are a member of
	Team               string // id of another workspace whose member they are; "" = of this one
}

// Channel is a public or private channel.
type Channel struct {
	ID, Name, Topic string
	Private         bool
	Members         []string // user ids, the bot's too if it is a member
}

// Command is a slash command of the bot's app.
type Command struct {
	Name        string // with its slash
	Description string
	UsageHint   string
}

// Server is a running workspace.
type Server struct {
	cfg      Config
	teamID   string
	appID    string
	botID    string
	methods  map[string]method
	sockets  *sockets
	client   *http.Client
	offset   atomic.Int64 // nanoseconds the workspace clock is ahead of real time
	ctx      context.Context
	stop     context.CancelFunc
	work     sync.WaitGroup
	onClock  []func(time.Time)
	reaching atomic.Bool            // HTTP mode: the bot answered last time
	blocked  sync.Map               // kinds of blocks that messages may not have
	base     atomic.Pointer[string] // scheme and host the bot last called us by

	mu        sync.Mutex // guards everything below; never held while the bot is called
	users     []User
	channels  []*channel
	lastTS    int64
	triggers  map[string]*trigger
	responses map[string]*responseURL
	stacks    map[string][]*view // open modals of each person, top last
	homes     map[string]*view
	offered   map[string][]object // options last suggested, by person, place and element
	files     map[string]*file
	uploads   map[string]*file // by the last part of the address that takes their bytes
	scopes    map[string]bool  // granted to the bot's token
	faults    []*broken        // oldest first
	lastFault int
	calls     map[string]int                // of the bot, by method and channel
	running   map[string]context.CancelFunc // switches that are on
	planless  bool                          // the workspace's plan has no pane
	readers   map[*subscriber]bool
	changed   chan struct{} // closed and replaced at every change
}

// New starts a workspace. It fails when the configuration contradicts itself.
// Close must be called when it is done with.
func New(cfg Config) (*Server, error) {
	if err := cfg.complete(); err != nil {
		return nil, fmt.Errorf("playground: %w", err)
	}
	s := &Server{
		cfg: cfg, teamID: newID("T"), appID: newID("A"), botID: newID("B"),
		client:   &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		triggers: map[string]*trigger{}, responses: map[string]*responseURL{}, stacks: map[string][]*view{},
		homes: map[string]*view{}, offered: map[string][]object{}, readers: map[*subscriber]bool{}, changed: make(chan struct{}),
		files: map[string]*file{}, uploads: map[string]*file{}, scopes: map[string]bool{}, calls: map[string]int{}, running: map[string]context.CancelFunc{},
	}
	for _, scope := range scopes {
		s.scopes[scope] = true
	}
	if cfg.paned() {
		s.scopes["assistant:write"] = true
	}
	s.offset.Store(int64(cfg.Ahead))
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.methods = s.webAPI()
	s.sockets = newSockets(s.appID, cfg.Log, s.botChanged)
	s.users = append(append(s.users, cfg.Users...), cfg.BotUser)
	for _, c := range cfg.Channels {
		s.addChannel(c, "")
	}
	for _, u := range cfg.Users {
		s.openDM(u.ID)
	}
	if cfg.RequestURL != "" {
		s.work.Go(s.verifyURL)
	}
	return s, nil
}

// complete fills in the defaults and checks what must hold.
func (cfg *Config) complete() error {
	if cfg.BotToken == "" || cfg.BotUser.ID == "" {
		return errors.New("bot token and bot user are needed")
	}
	if cfg.RequestURL == "" && cfg.AppToken == "" {
		return errors.New("socket mode needs an app token")
	}
	if cfg.RequestURL != "" && cfg.SigningSecret == "" {
		return errors.New("HTTP delivery needs a signing secret")
	}
	cfg.BotUser.Bot = true
	cfg.RequestURL = strings.TrimRight(cfg.RequestURL, "/")
	if cfg.Workspace == "" {
		cfg.Workspace = "Playground"
	}
	if cfg.Events == nil {
		cfg.Events = []string{"app_home_opened", "app_mention", "message.im"}
	}
	if cfg.TimeZone == nil {
		cfg.TimeZone = time.UTC
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.AckTimeout == 0 {
		cfg.AckTimeout = 3 * time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return cfg.consistent()
}

// consistent checks that ids are unique and lead somewhere.
func (cfg *Config) consistent() error {
	seen, people := map[string]bool{}, map[string]bool{}
	for _, u := range append([]User{cfg.BotUser}, cfg.Users...) {
		if u.ID == "" || seen[u.ID] {
			return fmt.Errorf("user id %q is empty or used twice", u.ID)
		}
		seen[u.ID], people[u.ID] = true, true
	}
	for _, c := range cfg.Channels {
		if c.ID == "" || seen[c.ID] {
			return fmt.Errorf("channel id %q is empty or used twice", c.ID)
		}
		seen[c.ID] = true
		for _, m := range c.Members {
			if !people[m] {
				return fmt.Errorf("channel %s: member %q is not a user", c.ID, m)
			}
		}
	}
	for _, c := range cfg.Commands {
		if !strings.HasPrefix(c.Name, "/") || len(c.Name) < 2 || len(c.Name) > 32 || strings.ContainsAny(c.Name, " \t\n") {
			return fmt.Errorf("command name %q is not a slash and 1 to 31 more characters", c.Name)
		}
	}
	return nil
}

// Handler serves the page, its JSON API, the Web API under /api/, the Socket Mode
// endpoint and response URLs.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.Handle("/socket", s.sockets)
	mux.HandleFunc("POST /respond/{id}", s.serveRespond)
	mux.HandleFunc("POST /upload/v1/{token}", s.serveUpload)
	mux.HandleFunc("GET /files-pri/{place}/download/{name}", s.serveDownload)
	mux.HandleFunc("GET /signin", serveSignIn)
	s.routeUI(mux)
	page := http.FileServerFS(web)
	mux.HandleFunc("/", s.local(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src * data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'")
		r.URL.Path = "/web" + r.URL.Path
		page.ServeHTTP(w, r)
	}))
	mux.HandleFunc("GET /archives/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/", http.StatusFound)
	})
	return mux
}

// Close disconnects the bot and the pages and waits for deliveries under way. It may be
// called more than once.
func (s *Server) Close() error {
	s.mu.Lock() // nobody starts a delivery between here and the wait
	s.stop()
	s.mendAll()
	s.mu.Unlock()
	s.sockets.close()
	s.work.Wait()
	s.client.CloseIdleConnections()
	return nil
}

// baseURL is how the bot reaches the workspace, learned from its calls.
func (s *Server) baseURL() string {
	if base := s.base.Load(); base != nil {
		return *base
	}
	return "http://127.0.0.1"
}

// botChanged tells the pages whether the bot is there.
func (s *Server) botChanged() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.publish(nil, object{"type": "bot", "connected": s.connected()})
	s.touch()
}

// connected tells whether the bot can be reached, as far as is known.
func (s *Server) connected() bool {
	if s.cfg.RequestURL != "" {
		return s.reaching.Load()
	}
	return s.sockets.count() > 0
}
