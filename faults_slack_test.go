package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/scheduler"
)

// slackFault answers a call of the Web API badly; next is Slack as it should be.
type slackFault func(w http.ResponseWriter, r *http.Request, next http.Handler)

// badSlack stands before a workspace and answers some calls badly.
type badSlack struct {
	next http.Handler
	// fault chooses; n counts the earlier calls of the method for the channel.
	fault func(method, channel string, n int) slackFault

	mu    sync.Mutex
	calls map[string]int // by method and channel
}

func (b *badSlack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		b.next.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	method, channel := path.Base(r.URL.Path), ""
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/json" {
		var args struct{ Channel string }
		_ = json.Unmarshal(body, &args)
		channel = args.Channel
	} else if form, err := url.ParseQuery(string(body)); err == nil {
		channel = form.Get("channel")
	}
	b.mu.Lock()
	n := b.calls[method+" "+channel]
	b.calls[method+" "+channel]++
	b.calls[method]++
	b.mu.Unlock()
	if fault := b.fault(method, channel, n); fault != nil {
		fault(w, r, b.next)
		return
	}
	b.next.ServeHTTP(w, r)
}

func (b *badSlack) called(what string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.calls[what]
}

// before makes a fault of a call that Slack does not do, after of one that it
// does all the same.
func before(answer http.HandlerFunc) slackFault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) { answer(w, r) }
}

func after(answer http.HandlerFunc) slackFault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(httptest.NewRecorder(), r)
		answer(w, r)
	}
}

func limited(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Retry-After", "30")
	w.WriteHeader(http.StatusTooManyRequests)
}

func limitedShortly(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Retry-After", "1")
	w.WriteHeader(http.StatusTooManyRequests)
}

func broken(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }

func webPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprint(w, "<html><title>Slack is down</title></html>")
}

func hangUpOn(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// hang answers never; it ends when the caller gives up.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func refuses(code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"ok":false,"error":%q}`, code)
	}
}

// nudging is a service whose scheduler is moved by hand, on the clock of its
// workspace, behind a bad Slack.
type nudging struct {
	*httpWorld
	t    *testing.T
	slow *badSlack
}

func newNudging(t *testing.T, fault func(method, channel string, n int) slackFault) *nudging {
	w := startHTTP(t)
	if err := w.stop(); err != nil {
		t.Fatal(err)
	}
	slow := &badSlack{next: w.workspace.Handler(), fault: fault, calls: map[string]int{}}
	api := httptest.NewServer(slow)
	t.Cleanup(api.Close)
	cfg := w.config
	cfg.Slack.APIURL = api.URL + "/api/"
	s, err := newService(cfg, parts{db: w.service.db, now: w.workspace.Now, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s.sched = scheduler.New(s.db, s.bot, scheduler.Config{
		Rule: cfg.rule(), Now: w.workspace.Now, PerSecond: 10_000, PerChannel: 10_000})
	w.service = s
	n := &nudging{httpWorld: w, t: t, slow: slow}
	n.toMonday()
	return n
}

// clock moves the workspace's clock as its page does.
func (n *nudging) clock(action string) {
	n.t.Helper()
	resp, err := http.Post(strings.TrimSuffix(n.config.Slack.APIURL, "api/")+"ui/clock", "application/json", strings.NewReader(action))
	if err != nil {
		n.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		n.t.Fatalf("moving the clock gave %s", resp.Status)
	}
}

// toMonday moves the clock to when the next nudges are due, and plans them.
func (n *nudging) toMonday() {
	n.t.Helper()
	_, at := n.config.rule().Next(n.workspace.Now())
	n.clock(fmt.Sprintf(`{"action":"set","at_ms":%d}`, at.UnixMilli()+1000))
	if _, err := n.service.sched.Plan(n.t.Context(), n.workspace.Now()); err != nil {
		n.t.Fatal(err)
	}
}

func (n *nudging) deliver() {
	n.t.Helper()
	if _, err := n.service.sched.DeliverDue(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
}

func (n *nudging) pending() int {
	n.t.Helper()
	counts, err := n.service.db.OutboxCounts(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	return counts["pending"]
}

// settle delivers, moving the clock on, until nothing is owed.
func (n *nudging) settle() {
	n.t.Helper()
	for range 20 {
		if n.deliver(); n.pending() == 0 {
			return
		}
		n.clock(`{"action":"advance","seconds":360}`)
	}
	n.t.Fatalf("%d messages are still owed", n.pending())
}

// due are the keys of the week's nudges, those of the bodies in without left out.
func (n *nudging) due(without ...string) []string {
	week, _ := n.config.rule().Current(n.workspace.Now())
	var keys []string
	for body := range demoBodies {
		if !slices.Contains(without, body) {
			keys = append(keys, reporting.NudgeKey(body, week))
		}
	}
	slices.Sort(keys)
	return keys
}

// TestFaultSlackBusy sends the week's nudges through a Slack that fails in
// every way at the first try of every message: each arrives once.
func TestFaultSlackBusy(t *testing.T) {
	for name, first := range map[string]slackFault{
		"429": before(limited), "500 before doing": before(broken), "500 after doing": after(broken),
		"a web page before doing": before(webPage), "a web page after doing": after(webPage),
		"hanging up before doing": before(hangUpOn), "hanging up after doing": after(hangUpOn),
		"internal_error": before(refuses("internal_error")), "ratelimited": before(refuses("ratelimited")),
		"fatal_error after doing": after(refuses("fatal_error")), "an expired token, renewed": before(refuses("token_expired")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNudging(t, func(method, _ string, n int) slackFault {
				if n == 0 && (method == "chat.postMessage" || method == "conversations.history") {
					return first // of the look for an earlier post, too
				}
				return nil
			})
			n.deliver()
			tries := n.slow.called("chat.postMessage")
			n.deliver() // too early for all of them
			if again := n.slow.called("chat.postMessage"); again != tries {
				t.Errorf("%d tries before they were due again", again-tries)
			}
			n.settle()
			if diff := cmp.Diff(n.due(), nudges(n.workspace)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFaultSlackHangs lets one channel's post hang until the bot gives up: the
// others have theirs meanwhile, and this one comes later, once.
func TestFaultSlackHangs(t *testing.T) {
	for name, fault := range map[string]slackFault{"before doing": before(hang), "after doing": after(hang)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNudging(t, func(method, channel string, n int) slackFault {
				if method == "chat.postMessage" && channel == "C0JINGYUE" && n == 0 {
					return fault
				}
				return nil
			})
			passed := make(chan struct{})
			go func() {
				defer close(passed)
				n.deliver()
			}()
			others := n.due("jingyue")
			deadline := time.NewTimer(waitLimit)
			defer deadline.Stop()
			tick := time.NewTicker(10 * time.Millisecond)
			defer tick.Stop()
			for len(arrived(n, others)) < len(others) {
				select {
				case <-tick.C:
				case <-passed:
					t.Fatal("the others waited for the one that hung")
				case <-deadline.C:
					t.Fatalf("only %v arrived", arrived(n, others))
				}
			}
			<-passed
			n.settle()
			if diff := cmp.Diff(n.due(), nudges(n.workspace)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func arrived(n *nudging, keys []string) []string {
	return slices.DeleteFunc(nudges(n.workspace), func(k string) bool { return !slices.Contains(keys, k) })
}

// TestFaultDeadChannel nudges a channel that cannot be posted to: the others
// are not late, the body is marked, the office is told once and not again.
func TestFaultDeadChannel(t *testing.T) {
	for _, code := range []string{"is_archived", "not_in_channel", "channel_not_found"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			n := newNudging(t, func(method, channel string, _ int) slackFault {
				if method == "chat.postMessage" && channel == "C0JINGYUE" {
					return before(refuses(code))
				}
				return nil
			})
			first := n.due("jingyue")
			n.deliver()
			if diff := cmp.Diff(first, nudges(n.workspace)); diff != "" {
				t.Errorf("after the first round: %s", diff)
			}
			n.settle()
			list, err := n.service.db.Bodies(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if b, _ := list.Find("jingyue"); b.UndeliverableSince == 0 || b.UndeliverableWhy != code {
				t.Errorf("marked undeliverable since %d, why %q", b.UndeliverableSince, b.UndeliverableWhy)
			}
			n.toMonday()
			n.settle()
			second := append(slices.Clone(first), n.due("jingyue")...)
			slices.Sort(second)
			if diff := cmp.Diff(second, nudges(n.workspace)); diff != "" {
				t.Errorf("a week later: %s", diff)
			}
			told := 0
			for _, m := range n.workspace.As("U0WANGFANG").Messages(officeChannel) {
				if strings.Contains(flat(m.Metadata), "undeliverable/") {
					told++
				}
			}
			if told != 1 {
				t.Errorf("the office was told %d times, want once", told)
			}
		})
	}
}

// TestFaultSlackFailsPeople answers people through a Slack that fails at the
// first try: they are answered all the same, or told with a reference that the
// log holds.
func TestFaultSlackFailsPeople(t *testing.T) {
	first := map[string]slackFault{
		"users.info": before(broken), "chat.postEphemeral": before(limitedShortly), "views.open": before(broken),
		"apps.connections.open": before(webPage), "views.update": before(broken),
	}
	bothWaysIn(t, func(t *testing.T, m *mouhua, _ *sql.DB) {
		slow := &badSlack{next: m.slack.Handler(), calls: map[string]int{}, fault: func(method, _ string, n int) slackFault {
			if n == 0 {
				return first[method]
			}
			return nil
		}}
		api := httptest.NewServer(slow)
		t.Cleanup(api.Close)
		text, err := os.ReadFile(m.config)
		if err != nil {
			t.Fatal(err)
		}
		m.config = m.write("config.toml", strings.ReplaceAll(string(text), m.api.URL, api.URL))
		m.serve()
		t.Cleanup(m.shut) // before its Slack goes
		wang := m.as(officialJY)
		wang.types(channelJY, "/quota", "65")
		told := words(wang.types(channelJY, "/project register", "编号"))
		reference := regexp.MustCompile(`编号 ([a-z2-7]{8})`).FindStringSubmatch(told)
		if reference == nil || !strings.Contains(m.logs.String(), `"ref":"`+reference[1]+`"`) {
			t.Errorf("the reference is not in the log: %s", told)
		}
		wang.fillsBoth()
		wang.passes()
		wang.sees(channelJY, "-0001")
		m.as(reviewer).sees(officeRoom, "review.approve")
		for method := range first {
			if method == "users.info" || method == "apps.connections.open" && strings.Contains(t.Name(), "http") {
				continue // a language is guessed for a while; there is no socket
			}
			if slow.called(method) < 2 {
				t.Errorf("%s was not tried again", method)
			}
		}
	})
}
