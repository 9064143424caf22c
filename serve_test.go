package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/scheduler"
	"github.com/mouhua/mouhua/storage"
)

// What storage and bot must satisfy, said where all of them are known.
var (
	_ commands.Store  = (*storage.DB)(nil)
	_ scheduler.Store = (*storage.DB)(nil)
)

const testSecret = "test-signing-secret"

// httpWorld is a workspace that reaches a service over HTTP.
type httpWorld struct {
	workspace *playground.Server
	config    Config
	service   *service
	url       string // of the service
	stop      func() error
}

// startHTTP runs a service in HTTP mode beside its workspace, with demo data in
// a SQLite file.
func startHTTP(t *testing.T) *httpWorld {
	t.Helper()
	return startHTTPOn(t, "sqlite://"+filepath.ToSlash(filepath.Join(t.TempDir(), "test.db")))
}

// startHTTPOn is startHTTP on the database at where.
func startHTTPOn(t *testing.T, where string) *httpWorld {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	page := httptest.NewUnstartedServer(nil)
	cfg := demoConfig(where, page.Listener.Addr().String())
	cfg.Slack.Mode, cfg.Slack.SigningSecret = httpMode, testSecret
	layout, err := demoWorkspace(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := &httpWorld{config: cfg, url: "http://" + listener.Addr().String()}
	layout.SigningSecret, layout.RequestURL = testSecret, w.url
	log := slog.New(slog.DiscardHandler)
	db, err := openStorage(t.Context(), cfg, log, clockIn(cfg))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := seed(t.Context(), db, clockIn(cfg)()); err != nil {
		t.Fatal(err)
	}
	if w.service, err = newService(cfg, parts{db: db, now: clockIn(cfg), log: log}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.service.run(ctx, listener, w.service.server(w.service.routes())) }()
	w.stop = func() error { cancel(); return <-ended }
	if w.workspace, err = playground.New(layout); err != nil {
		t.Fatal(err)
	}
	page.Config.Handler = w.workspace.Handler()
	page.Start()
	t.Cleanup(func() {
		cancel()
		w.workspace.Close()
		page.Close()
	})
	return w
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestServeHTTP(t *testing.T) {
	w := startHTTP(t)
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if code, body := get(t, w.url+path); code != http.StatusOK || body != want {
			t.Errorf("%s gave %d %q", path, code, body)
		}
	}
	resp, err := http.Post(w.url+"/slack/commands", "application/x-www-form-urlencoded", strings.NewReader("command=/quota"))
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("an unsigned command got %d, want 401", resp.StatusCode)
	}

	official := w.workspace.As("U0LIMING")
	if err := official.Say(t.Context(), "C0JINGYUE", "", "/quota"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, official, "C0JINGYUE", "65")

	_, metrics := get(t, w.url+"/metrics")
	for _, want := range []string{
		`mouhua_commands_total{command="quota",outcome="ok"} 1`,
		`mouhua_command_seconds_count{command="quota",outcome="ok"} 1`,
		`mouhua_slack_calls_total{method="auth.test",outcome="ok"}`,
		`mouhua_slack_call_seconds_count{method="auth.test",outcome="ok"}`,
		`mouhua_outbox_messages{state="pending"}`,
		"go_goroutines",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	began := time.Now()
	if err := w.stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("stopping took %s", took)
	}
}

func TestNotReady(t *testing.T) {
	cfg := defaultConfig()
	cfg.Storage.URL = Secret("sqlite://" + filepath.ToSlash(filepath.Join(t.TempDir(), "empty.db")))
	cfg.Slack.APIURL = "http://127.0.0.1:1/"
	log := slog.New(slog.DiscardHandler)
	db, err := openStorage(t.Context(), cfg, log, clockIn(cfg))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s, err := newService(cfg, parts{db: db, now: clockIn(cfg), log: log})
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	s.routes().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	if answer.Code != http.StatusServiceUnavailable || !strings.Contains(answer.Body.String(), "database") || !strings.Contains(answer.Body.String(), "slack") {
		t.Errorf("got %d %q", answer.Code, answer.Body)
	}
	answer = httptest.NewRecorder()
	s.routes().ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/slack/commands", nil))
	if answer.Code != http.StatusNotFound {
		t.Errorf("in socket mode /slack/commands gave %d", answer.Code)
	}
}

// waitFor waits until a person sees a message in a channel that holds text.
func waitFor(t *testing.T, p *playground.Person, channel, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := p.Wait(ctx, func(p *playground.Person) bool {
		return slices.ContainsFunc(p.Messages(channel), func(m playground.Message) bool {
			blocks, _ := json.Marshal(m.Blocks)
			return strings.Contains(m.Text+string(blocks), text)
		})
	})
	if err != nil {
		t.Fatalf("%s holds no message with %q: %v", channel, text, err)
	}
}

func TestManifest(t *testing.T) {
	words, err := commands.NewWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range reporting.Locales {
		cfg := defaultConfig()
		cfg.Locale = l
		m := newManifest(cfg, words, "")
		if n := utf8.RuneCountInString(m.Display.Name); n > 35 {
			t.Errorf("%s: name has %d code points", l, n)
		}
		for _, c := range m.Features.SlashCommands {
			if len(c.Command) > 32 || c.UsageHint == "" || utf8.RuneCountInString(c.UsageHint) > 1000 {
				t.Errorf("%s: %s has usage hint %q", l, c.Command, c.UsageHint)
			}
			if c.Description == "" || strings.HasPrefix(c.Description, "help.") || utf8.RuneCountInString(c.Description) > 2000 {
				t.Errorf("%s: %s has description %q", l, c.Command, c.Description)
			}
		}
	}
}

func TestDoctorAndNudge(t *testing.T) {
	w := startHTTP(t)
	if err := w.stop(); err != nil { // its scheduler would deliver before the command does
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "config.toml")
	text := fmt.Sprintf("locale = \"en\"\n[slack]\nmode = \"http\"\napi_url = %q\nbot_token = %q\nsigning_secret = %q\n[storage]\nurl = %q\n[office]\nchannel = %q\n",
		w.config.Slack.APIURL, demoBotToken, testSecret, string(w.config.Storage.URL), officeChannel)
	writeFile(t, file, text)
	mouhua := func(args ...string) (int, string) {
		var out bytes.Buffer
		err := run(t.Context(), append(args, "-config", file), noEnv, strings.NewReader(""), &out, &out)
		return report(err, &out), out.String()
	}

	want := "ok   configuration\nok   tokens are set\nok   database\nok   migrations\nok   tallies\nok   Slack accepts the bot token\nok   scopes\nok   office.channel\n"
	list, err := w.service.db.Bodies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range list.All {
		if b.ChannelID != "" {
			want += "ok   channel of " + b.ID + "\n"
		}
	}
	if code, out := mouhua("doctor"); code != 0 || out != want {
		t.Errorf("doctor gave %d\n%s", code, cmp.Diff(want, out))
	}

	writeFile(t, file, text+"[leaders]\nchannel = \"C0NOWHERE\"\n")
	if code, out := mouhua("doctor"); code != 1 || !strings.Contains(out, "FAIL leaders.channel: C0NOWHERE is unknown") {
		t.Errorf("doctor with a channel out of reach gave %d\n%s", code, out)
	}
	writeFile(t, file, text)

	now := clockIn(w.config)()
	week, at := w.config.rule().Next(now)
	when := at.Format(time.RFC3339)
	code, out := mouhua("nudge", "-at", when, "-dry-run")
	if code != 0 || !strings.Contains(out, "jingyue "+week.String()+" due\n    to C0JINGYUE\n") {
		t.Errorf("rehearsal gave %d\n%s", code, out)
	}
	if n := len(nudges(w.workspace)); n != 0 {
		t.Errorf("a rehearsal posted %d nudges", n)
	}
	for i, lines := range []int{len(demoBodies), 0} {
		code, out := mouhua("nudge", "-at", when)
		if code != 0 || strings.Count(out, "nudge/") != lines {
			t.Errorf("nudge %d gave %d\n%s", i+1, code, out)
		}
	}
	sent, err := w.service.db.LastDeliveries(t.Context(), reporting.NudgeMessage, "jingyue", 1)
	if real := time.Now().UnixMilli(); err != nil || len(sent) != 1 || sent[0].SentAt > real || sent[0].TriedAt > real {
		t.Errorf("the asked time is that of a try: %+v, %v", sent, err)
	}
	if n := len(nudges(w.workspace)); n != len(demoBodies) {
		t.Errorf("got %d nudges, want %d", n, len(demoBodies))
	}

	writeFile(t, file, strings.Replace(text, demoBotToken, "xoxb-wrong", 1))
	if code, out := mouhua("doctor"); code != 1 || !strings.Contains(out, "FAIL Slack accepts the bot token: invalid_auth") {
		t.Errorf("doctor with a wrong token gave %d\n%s", code, out)
	}
}

// nudges returns the keys of the nudges posted to the bodies' channels.
func nudges(workspace *playground.Server) []string {
	var keys []string
	for body := range demoBodies {
		for _, m := range workspace.As("U0WANGFANG").Messages(demoChannel(body)) {
			payload, _ := m.Metadata["event_payload"].(map[string]any)
			if key, _ := payload["key"].(string); strings.HasPrefix(key, "nudge/") {
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	return keys
}
