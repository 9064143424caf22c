package playground

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// palette colours people, each by their place in the list.
var palette = []string{"#3d6b99", "#8a5a2b", "#4f7a3a", "#8b3f6b", "#2f7f86", "#a0522d", "#5b4a9b", "#7a6a1f", "#a33c3c", "#3f5f4f"}

// uiRequest is the union of what the page's calls carry.
type uiRequest struct {
	User      string  `json:"user"`
	Channel   string  `json:"channel"`
	ThreadTS  string  `json:"thread_ts"`
	Text      string  `json:"text"`
	ViewID    string  `json:"view_id"`
	All       bool    `json:"all"`
	Container Ref     `json:"container"`
	BlockID   string  `json:"block_id"`
	ActionID  string  `json:"action_id"`
	ActionRaw any     `json:"action"` // an object for /ui/action, else a word
	Value     string  `json:"value"`
	Values    values  `json:"values"`
	Seconds   float64 `json:"seconds"`
	AtMS      int64   `json:"at_ms"`
	Name      string  `json:"name"` // of a file or a switch
	Data      []byte  `json:"data"` // its content, in base64
	TS        string  `json:"ts"`
	Fault     Fault   `json:"fault"`
	ID        int     `json:"id"` // of a fault
	On        bool    `json:"on"`
}

// routeUI adds the page's JSON API.
func (s *Server) routeUI(mux *http.ServeMux) {
	mux.HandleFunc("GET /ui/state", s.local(s.serveState))
	mux.HandleFunc("GET /ui/messages", s.local(s.serveMessages))
	mux.HandleFunc("GET /ui/events", s.local(s.serveEvents))
	mux.HandleFunc("GET /ui/file", s.local(s.serveFile))
	for path, serve := range map[string]func(context.Context, *Person, uiRequest) (object, error){
		"message": func(ctx context.Context, p *Person, r uiRequest) (object, error) {
			return nil, p.Say(ctx, r.Channel, r.ThreadTS, r.Text)
		},
		"upload": func(ctx context.Context, p *Person, r uiRequest) (object, error) {
			if r.Channel == "" { // chosen in a form
				return p.private(r.Name, r.Data)
			}
			_, err := p.Upload(ctx, r.Channel, r.ThreadTS, r.Name, r.Data)
			return nil, err
		},
		"action": func(ctx context.Context, p *Person, r uiRequest) (object, error) {
			action, _ := r.ActionRaw.(object)
			return nil, p.act(ctx, r.Container, r.BlockID, r.ActionID, action, r.Values)
		},
		"view/submit": uiSubmit,
		"view/state": func(_ context.Context, p *Person, r uiRequest) (object, error) {
			return nil, p.keep(r.ViewID, r.Values)
		},
		"view/close": func(ctx context.Context, p *Person, r uiRequest) (object, error) {
			return nil, p.CloseView(ctx, r.ViewID, r.All)
		},
		"suggest": func(ctx context.Context, p *Person, r uiRequest) (object, error) {
			return p.suggest(ctx, r.Container, r.BlockID, r.ActionID, r.Value)
		},
		"home": func(ctx context.Context, p *Person, _ uiRequest) (object, error) {
			err := p.OpenHome(ctx)
			return object{"view": p.Home()}, err
		},
		"assistant": func(ctx context.Context, p *Person, r uiRequest) (object, error) {
			if r.ActionRaw == "look" {
				return nil, p.LookBeside(ctx, r.ThreadTS, r.Channel)
			}
			channel, thread, err := p.OpenAssistant(ctx, r.Channel)
			return object{"channel": channel, "thread_ts": thread}, err
		},
		"read": func(_ context.Context, p *Person, r uiRequest) (object, error) { return nil, p.read(r.Channel) },
		"clock": func(_ context.Context, p *Person, r uiRequest) (object, error) {
			action, _ := r.ActionRaw.(string)
			if err := s.moveClock(action, r.Seconds, r.AtMS); err != nil {
				return nil, err
			}
			return s.clock(), nil
		},
	} {
		mux.HandleFunc("POST /ui/"+path, s.local(s.serveUI(serve)))
	}
	for path, serve := range s.faultCalls() {
		mux.HandleFunc("POST /ui/"+path, s.local(s.serveUI(serve)))
	}
}

// serveUI wraps one call of the page. What the person was already shown as a notice is no
// error any more.
func (s *Server) serveUI(serve func(context.Context, *Person, uiRequest) (object, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in uiRequest
		most := int64(maxBody)
		if strings.HasSuffix(r.URL.Path, "/upload") {
			most = 2 * maxUpload
		}
		if err := decode(http.MaxBytesReader(w, r.Body, most), &in); err != nil {
			writeJSON(w, http.StatusBadRequest, object{"ok": false, "error": err.Error()})
			return
		}
		// A page that is reloaded half-way must not take back what the person did.
		answer, err := serve(context.WithoutCancel(r.Context()), s.As(in.User), in)
		var seen *noticed
		if answer == nil {
			answer = object{}
		}
		if _, decided := answer["ok"]; !decided {
			answer["ok"] = err == nil || errors.As(err, &seen)
		}
		if answer["ok"] == false && err != nil {
			answer["error"] = err.Error()
		}
		writeJSON(w, http.StatusOK, answer)
	}
}

func uiSubmit(ctx context.Context, p *Person, r uiRequest) (object, error) {
	wrong, err := p.submit(ctx, r.ViewID, r.Values)
	var seen *noticed
	switch {
	case errors.As(err, &seen):
		return object{"ok": false, "error": seen.text}, nil
	case len(wrong) > 0:
		return object{"ok": false, "errors": wrong}, nil
	}
	return nil, err
}

// local lets only pages from this machine in: the address of the caller, the Host (against
// rebinding of names) and the Origin must all be local, and writing takes JSON.
func (s *Server) local(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		origin, err := url.Parse(r.Header.Get("Origin"))
		switch {
		case !loopback(r.RemoteAddr) || !loopback(r.Host):
		case err != nil || r.Header.Get("Origin") != "" && origin.Host != r.Host:
		case r.Method == http.MethodPost && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		default:
			next(w, r)
			return
		}
		http.Error(w, "only for pages from this machine", http.StatusForbidden)
	}
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = strings.Trim(address, "[]")
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (s *Server) serveState(w http.ResponseWriter, r *http.Request) {
	clock := s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	me := r.FormValue("user")
	if u, ok := s.user(me); !ok || u.Bot {
		me = ""
		if len(s.cfg.Users) > 0 {
			me = s.cfg.Users[0].ID
		}
	}
	users := []object{}
	for i, u := range s.users {
		users = append(users, object{"id": u.ID, "name": u.Name, "real_name": u.RealName, "title": u.Title, "locale": u.Locale,
			"bot": u.Bot, "guest": u.Guest, "color": palette[i%len(palette)]})
	}
	channels := []object{}
	for _, ch := range s.channels {
		if s.sees(me, ch) {
			channels = append(channels, s.listed(me, ch))
		}
	}
	commands := []object{}
	for _, c := range s.cfg.Commands {
		commands = append(commands, object{"name": c.Name, "description": c.Description, "usage_hint": c.UsageHint})
	}
	mode := "socket"
	if s.cfg.RequestURL != "" {
		mode = "http"
	}
	bot := s.cfg.BotUser
	writeJSON(w, http.StatusOK, object{
		"workspace": s.cfg.Workspace, "timezone": s.cfg.TimeZone.String(), "clock": clock, "me": me, "users": users,
		"channels": channels, "commands": commands, "pane": s.hasPane(), "faults": s.choices(s.shownFaults()),
		"bot": object{"id": bot.ID, "name": bot.Name, "real_name": bot.RealName, "connected": s.connected(), "mode": mode},
	})
}

// listed returns a channel as the sidebar shows it to one person. The caller holds mu.
func (s *Server) listed(me string, ch *channel) object {
	kind, unread, last := "channel", 0, ""
	name := ch.Name
	if ch.im != "" {
		kind, name = "im", s.cfg.BotUser.Name
	}
	for _, m := range ch.messages {
		inThread := m.threadTS != "" && m.threadTS != m.ts && !m.broadcast
		if inThread || m.pane != nil || !s.audience(ch, m)(me) {
			continue
		}
		last = m.ts
		if m.user != me && m.ts > ch.read[me] {
			unread++
		}
	}
	return object{"id": ch.ID, "name": name, "kind": kind, "topic": ch.Topic, "private": ch.Private, "member": ch.members[me],
		"unread": unread, "last_ts": last, "archived": ch.archived, "bot": ch.members[s.cfg.BotUser.ID]}
}

// read marks a channel as read.
func (p *Person) read(channel string) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	ch, err := p.channel(channel)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if n := len(ch.messages); n > 0 {
		ch.read[p.id] = ch.messages[n-1].ts
	}
	return nil
}

func (s *Server) serveMessages(w http.ResponseWriter, r *http.Request) {
	thread := r.FormValue("thread_ts")
	shown := []Message{}
	for _, m := range s.As(r.FormValue("user")).Messages(r.FormValue("channel")) {
		top := m.ThreadTS == "" || m.ThreadTS == m.TS || m.Subtype == "thread_broadcast"
		if thread == "" && top || thread != "" && (m.TS == thread || m.ThreadTS == thread) {
			shown = append(shown, m)
		}
	}
	writeJSON(w, http.StatusOK, object{"messages": shown})
}
