package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/playground"
)

// The people and channels of the tests.
const (
	officialJY  = "U0JINGYUE"  // official of jingyue
	officialKC  = "U0KUANCHEN" // official of kuancheng
	reviewer    = "U0REVIEWER"
	leader      = "U0LEADER"
	stranger    = "U0STRANGER"
	guest       = "U0GUEST"
	foreigner   = "U0ELSEWHERE"
	channelJY   = "C0JINGYUE"
	channelKC   = "C0KUANCHEN"
	officeRoom  = "C0OFFICE"
	leadersRoom = "C0LEADERS"
	botToken    = "xoxb-story"
	appToken    = "xapp-story"
	signing     = "story-signing-secret"
)

// waitLimit is how long a test waits for something that should come at once.
const waitLimit = 20 * time.Second

// mouhua is the program with a configuration and a workspace of its own.
type mouhua struct {
	t      *testing.T
	mode   string
	slack  *playground.Server
	api    *httptest.Server
	addr   string // of the bot's HTTP server
	config string
	dir    string
	stop   func() // ends serve and waits; nil while it does not run
	logs   *syncBuffer
	hurry  bool          // messages are not paced
	every  time.Duration // as of a program
}

// syncBuffer is a buffer that a server may write while a test reads.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newMouhua makes a workspace and a configuration on the database at storage;
// mode is http or socket.
func newMouhua(t *testing.T, mode, storage string) *mouhua {
	t.Helper()
	members := []string{officialJY, officialKC, reviewer, leader, "U0MOUHUA"}
	cfg := playground.Config{
		Workspace: "story", BotToken: botToken, AppToken: appToken, SigningSecret: signing,
		BotUser: playground.User{ID: "U0MOUHUA", Name: "mouhua", RealName: "谋划", Bot: true},
		Users: []playground.User{
			{ID: officialJY, Name: "wang", RealName: "王工", Locale: "zh-CN"}, {ID: officialKC, Name: "li", RealName: "李工", Locale: "en-US"},
			{ID: reviewer, Name: "zhao", RealName: "赵审", Locale: "zh-CN"}, {ID: leader, Name: "sun", RealName: "孫市長", Locale: "zh-TW"},
			{ID: stranger, Name: "qian", RealName: "钱某", Locale: "zh-CN"},
			{ID: guest, Name: "feng", RealName: "冯某", Locale: "zh-CN", Guest: true},
			{ID: foreigner, Name: "chu", RealName: "褚某", Locale: "zh-CN", Team: "T0ELSEWHERE"},
		},
		Channels: []playground.Channel{
			{ID: channelJY, Name: "净月高新区", Members: append([]string{guest, foreigner}, members...)}, {ID: channelKC, Name: "宽城区", Members: members},
			{ID: officeRoom, Name: "领导小组办公室", Members: members}, {ID: leadersRoom, Name: "市领导", Members: members},
		},
	}
	return newWorkspace(t, mode, storage, cfg)
}

// newWorkspace is newMouhua with the people and channels of cfg.
func newWorkspace(t *testing.T, mode, storage string, cfg playground.Config) *mouhua {
	t.Helper()
	m := &mouhua{t: t, mode: mode, addr: freeAddr(t), dir: t.TempDir(), logs: &syncBuffer{}}
	cfg.Log = slog.New(slog.NewTextHandler(m.logs, nil))
	if mode == "http" {
		cfg.RequestURL = "http://" + m.addr
	}
	for _, name := range []string{"project", "quota", "report", "review", "nudge", "body", "mouhua"} {
		cfg.Commands = append(cfg.Commands, playground.Command{Name: "/" + name, Description: name})
	}
	words, err := commands.NewWords()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Events = newManifest(defaultConfig(), words, "").Settings.Events.BotEvents
	if m.slack, err = playground.New(cfg); err != nil {
		t.Fatal(err)
	}
	m.api = httptest.NewServer(m.slack.Handler())
	t.Cleanup(func() {
		m.shut()
		m.slack.Close()
		m.api.Close()
		if t.Failed() {
			t.Logf("log:\n%s", m.logs.String())
		}
	})
	m.config = m.write("config.toml", fmt.Sprintf(`
[slack]
mode = %q
bot_token = %q
app_token = %q
signing_secret = %q
api_url = %q
[http]
addr = %q
[storage]
url = %q
[office]
channel = %q
[leaders]
channel = %q
`, mode, botToken, appToken, signing, m.api.URL+"/api/", m.addr, storage, officeRoom, leadersRoom))
	return m
}

func (m *mouhua) write(name, text string) string {
	m.t.Helper()
	path := filepath.Join(m.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
	return path
}

// program is the program on the workspace's clock, printing to w.
func (m *mouhua) program(w io.Writer) *program {
	return &program{getenv: noEnv, stdout: w, stderr: w, now: m.slack.Now, hurry: m.hurry, every: m.every}
}

// run executes a subcommand and returns what it printed.
func (m *mouhua) run(args ...string) (string, error) {
	var out bytes.Buffer
	err := m.program(&out).run(m.t.Context(), append(args, "-config", m.config))
	return out.String(), err
}

// must is run for subcommands that may not fail.
func (m *mouhua) must(args ...string) string {
	m.t.Helper()
	out, err := m.run(args...)
	if err != nil {
		m.t.Fatalf("mouhua %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// serve starts the bot and returns when it is ready.
func (m *mouhua) serve() {
	m.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- m.program(m.logs).run(ctx, []string{"serve", "-config", m.config})
	}()
	m.stop = func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				m.t.Errorf("serve ended: %v", err)
			}
		case <-time.After(10 * time.Second):
			m.t.Error("serve did not end within ten seconds")
		}
	}
	m.ready()
}

// ready waits until the bot says that it is and, over a socket, the workspace
// says so too: a bot may be ready before it is connected.
func (m *mouhua) ready() {
	m.t.Helper()
	m.until("ready", func() bool {
		code, _, err := fetch("http://" + m.addr + "/readyz")
		return err == nil && code == http.StatusOK
	})
	if m.mode != "socket" {
		return
	}
	m.until("connected", func() bool {
		_, body, err := fetch(m.api.URL + "/ui/state?user=" + officialJY)
		var state struct{ Bot struct{ Connected bool } }
		return err == nil && json.Unmarshal(body, &state) == nil && state.Bot.Connected
	})
}

func fetch(url string) (code int, body []byte, err error) {
	r, err := http.Get(url)
	if err != nil {
		return 0, nil, err
	}
	defer r.Body.Close()
	body, err = io.ReadAll(r.Body)
	return r.StatusCode, body, err
}

// shut stops the bot, if it runs.
func (m *mouhua) shut() {
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
}

// until polls what cannot be waited for.
func (m *mouhua) until(what string, ok func() bool) {
	m.t.Helper()
	deadline := time.NewTimer(waitLimit)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline.C:
			m.t.Fatalf("not %s within %s", what, waitLimit)
		}
	}
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// freshPostgres returns the address of an empty database on the test server,
// or skips.
func freshPostgres(t *testing.T) string {
	t.Helper()
	server := os.Getenv("TEST_POSTGRES_URL")
	if server == "" {
		t.Skip("TEST_POSTGRES_URL names no PostgreSQL server; make test starts one")
	}
	admin, err := sql.Open("postgres", server)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	name := "mouhua_" + strings.ToLower(rand.Text()[:12])
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin, err := sql.Open("postgres", server)
		if err != nil {
			t.Fatal(err)
		}
		defer admin.Close()
		if _, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("drop %s: %v", name, err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// somebody is a person who acts in the story; what cannot be done fails the test.
type somebody struct {
	*playground.Person
	id  string
	t   *testing.T
	ctx context.Context
	m   *mouhua
}

func (m *mouhua) as(user string) somebody {
	return somebody{Person: m.slack.As(user), id: user, t: m.t, ctx: m.t.Context(), m: m}
}

// types types in a channel and returns the first new message there that holds want.
func (s somebody) types(channel, text, want string) playground.Message {
	s.t.Helper()
	before := len(s.Messages(channel))
	if err := s.Say(s.ctx, channel, "", text); err != nil {
		s.t.Fatalf("%s: %v", text, err)
	}
	return s.seesAfter(channel, before, want)
}

// sees waits for a message that holds want.
func (s somebody) sees(channel, want string) playground.Message {
	s.t.Helper()
	return s.seesAfter(channel, 0, want)
}

func (s somebody) seesAfter(channel string, from int, want string) playground.Message {
	s.t.Helper()
	var got playground.Message
	ctx, cancel := context.WithTimeout(s.ctx, waitLimit)
	defer cancel()
	err := s.Wait(ctx, func(p *playground.Person) bool {
		all := p.Messages(channel)
		for i := len(all) - 1; i >= from; i-- {
			if strings.Contains(words(all[i]), want) {
				got = all[i]
				return true
			}
		}
		return false
	})
	if err != nil {
		var said []string
		for _, m := range s.Messages(channel)[from:] {
			said = append(said, words(m))
		}
		s.t.Fatalf("nothing says %q: %v\nsaid: %s", want, err, strings.Join(said, "\n---\n"))
	}
	return got
}

// form waits for the modal on top to be titled with want.
func (s somebody) form(want string) playground.View {
	s.t.Helper()
	var top playground.View
	ctx, cancel := context.WithTimeout(s.ctx, waitLimit)
	defer cancel()
	err := s.Wait(ctx, func(p *playground.Person) bool {
		v := p.Views()
		if len(v) == 0 {
			return false
		}
		top = v[len(v)-1]
		return strings.Contains(flat(top), want)
	})
	if err != nil {
		s.t.Fatalf("no form holds %q: %v; open: %s", want, err, flat(s.Views()))
	}
	return top
}

// fills types values by field into the form on top, as a person does: each
// change is delivered, and menus are searched first.
func (s somebody) fills(values ...[2]string) {
	s.t.Helper()
	for _, kv := range values {
		field, value := kv[0], kv[1]
		v := s.Views()[len(s.Views())-1]
		block, kind := s.input(v, field, value)
		if kind == "external_select" {
			typed := value
			if i := strings.IndexByte(value, '='); i >= 0 { // what is typed = what is chosen
				typed, value = value[:i], value[i+1:]
			}
			if _, err := s.Suggest(s.ctx, v.ID, block, field, typed); err != nil {
				s.t.Fatalf("search %s for %q: %v", field, typed, err)
			}
		}
		if err := s.Person.Click(s.ctx, playground.Ref{Type: "view", ViewID: v.ID}, block, field, value); err != nil {
			s.t.Fatalf("fill %s with %q: %v", field, value, err)
		}
	}
}

// input waits for a field of the form that can take the value, since a menu
// may be about to be redrawn, and returns its block and kind.
func (s somebody) input(v playground.View, field, value string) (block, kind string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, waitLimit)
	defer cancel()
	err := s.Wait(ctx, func(p *playground.Person) bool {
		stack := p.Views()
		if len(stack) == 0 {
			return false
		}
		for _, b := range stack[len(stack)-1].Blocks {
			id, _ := b["block_id"].(string)
			el, _ := b["element"].(map[string]any)
			if name, _, _ := strings.Cut(id, "."); name != field || el == nil {
				continue
			}
			if field == "path" && !strings.HasPrefix(id, "path."+value[:2]) {
				return false // the menu of the chosen route is still to come
			}
			block, kind = id, el["type"].(string)
			return kind != "static_select" || strings.Contains(flat(el), `"value":"`+value+`"`)
		}
		return false
	})
	if err != nil {
		s.t.Fatalf("form has no field %s for %q: %s", field, value, flat(v))
	}
	return block, kind
}

// submits presses the submit button of the form on top and returns the errors
// by field.
func (s somebody) submits() map[string]string {
	s.t.Helper()
	v := s.Views()
	if len(v) == 0 {
		s.t.Fatal("no form is open")
	}
	wrong, err := s.Submit(s.ctx, v[len(v)-1].ID, nil)
	if err != nil {
		s.t.Fatalf("submit: %v", err)
	}
	out := map[string]string{}
	for block, text := range wrong {
		field, _, _ := strings.Cut(block, ".")
		out[field] = text
	}
	return out
}

// presses presses the button of a message whose action is named.
func (s somebody) presses(msg playground.Message, action string) {
	s.t.Helper()
	block, id := s.button(msg.Blocks, action)
	ref := playground.Ref{Type: "message", Channel: msg.Channel, TS: msg.TS, ThreadTS: msg.ThreadTS}
	if err := s.Person.Click(s.ctx, ref, block, id, ""); err != nil {
		s.t.Fatalf("press %s: %v", action, err)
	}
}

func (s somebody) button(blocks []map[string]any, action string) (block, id string) {
	s.t.Helper()
	for _, b := range blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			el, _ := e.(map[string]any)
			id, _ := el["action_id"].(string)
			if name, _, _ := strings.Cut(id, "#"); name == action {
				block, _ := b["block_id"].(string)
				return block, id
			}
		}
	}
	s.t.Fatalf("no button %s in %s", action, flat(blocks))
	return "", ""
}

// dm returns the channel of the person's messages with the bot.
func (s somebody) dm() string {
	s.t.Helper()
	var got string
	ctx, cancel := context.WithTimeout(s.ctx, waitLimit)
	defer cancel()
	err := s.Wait(ctx, func(*playground.Person) bool {
		r, err := http.Get(s.m.api.URL + "/ui/state?user=" + s.id)
		if err != nil {
			return false
		}
		defer r.Body.Close()
		var state struct {
			Channels []struct{ ID, Kind string }
		}
		if json.NewDecoder(r.Body).Decode(&state) != nil {
			return false
		}
		for _, c := range state.Channels {
			if c.Kind == "im" {
				got = c.ID
			}
		}
		return got != ""
	})
	if err != nil {
		s.t.Fatalf("no direct messages: %v", err)
	}
	return got
}

// words returns all that a message says.
func words(m playground.Message) string { return m.Text + " " + flat(m.Blocks) }

// flat returns v as JSON that can be searched for text.
func flat(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return b.String()
}
