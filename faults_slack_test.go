package main

import (
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/scheduler"
)

// breaks switches faults of Slack on.
func breaks(t *testing.T, slack *playground.Server, faults ...playground.Fault) {
	t.Helper()
	for _, f := range faults {
		if _, err := slack.Break(f); err != nil {
			t.Fatal(err)
		}
	}
}

// nudging is a service whose scheduler is moved by hand, on the clock of its
// workspace, in which something is wrong.
type nudging struct {
	*httpWorld
	t *testing.T
}

func newNudging(t *testing.T, faults ...playground.Fault) *nudging {
	n := nudgingIn(t, startHTTP(t))
	breaks(t, n.workspace, faults...)
	n.toMonday()
	return n
}

func nudgingIn(t *testing.T, w *httpWorld) *nudging {
	t.Helper()
	if err := w.stop(); err != nil {
		t.Fatal(err)
	}
	s, err := newService(w.config, parts{db: w.service.db, now: w.workspace.Now, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s.sched = scheduler.New(s.db, s.bot, scheduler.Config{
		Rule: w.config.rule(), Now: w.workspace.Now, PerSecond: 10_000, PerChannel: 10_000})
	w.service = s
	return &nudging{httpWorld: w, t: t}
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
	n.plan()
}

func (n *nudging) plan() {
	n.t.Helper()
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
	refusal := func(code string, after bool) playground.Fault {
		return playground.Fault{Kind: playground.Refusal, Code: code, After: after}
	}
	for name, first := range map[string]playground.Fault{
		"429":                        {Kind: playground.Storm, RetryAfter: 30},
		"500 before doing":           {Kind: playground.ServerError},
		"500 after doing":            {Kind: playground.ServerError, After: true},
		"a web page before doing":    {Kind: playground.WebPage},
		"a web page after doing":     {Kind: playground.WebPage, After: true},
		"the connection reset":       {Kind: playground.Reset},
		"the connection reset, done": {Kind: playground.Reset, After: true},
		"the answer lost":            {Kind: playground.AnswerLost},
		"internal_error":             refusal("internal_error", false),
		"ratelimited":                refusal("ratelimited", false),
		"fatal_error after doing":    refusal("fatal_error", true),
		"an expired token, renewed":  refusal("token_expired", false),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first.Times, first.Each, first.Method = 1, true, "chat.postMessage"
			look := first // for an earlier post
			look.Method = "conversations.history"
			n := newNudging(t, first, look)
			n.deliver()
			tries := n.workspace.Calls("chat.postMessage", "")
			n.deliver() // too early for all of them
			if again := n.workspace.Calls("chat.postMessage", ""); again != tries {
				t.Errorf("%d tries before they were due again", again-tries)
			}
			n.settle()
			if diff := cmp.Diff(n.due(), nudges(n.workspace)); diff != "" {
				t.Error(diff)
			}
			if hits := n.workspace.Faults()[0].Hits; hits < len(n.due()) {
				t.Errorf("%d posts failed, want one of each of the %d channels", hits, len(n.due()))
			}
		})
	}
}

// TestFaultSlackHangs lets one channel's post hang until the bot gives up: the
// others have theirs meanwhile, and this one comes later, once.
func TestFaultSlackHangs(t *testing.T) {
	for name, after := range map[string]bool{"before doing": false, "after doing": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNudging(t, playground.Fault{Kind: playground.Hang, Method: "chat.postMessage", Channel: "C0JINGYUE", Times: 1, After: after})
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
	for code, kill := range map[string]func(*nudging) error{
		"is_archived":    func(n *nudging) error { return n.workspace.As("U0LIMING").Archive("C0JINGYUE") },
		"not_in_channel": func(n *nudging) error { return n.workspace.As("U0LIMING").RemoveBot("C0JINGYUE") },
		"channel_not_found": func(n *nudging) error {
			_, err := n.workspace.Break(playground.Fault{Kind: playground.Refusal, Code: "channel_not_found", Method: "chat.postMessage", Channel: "C0JINGYUE"})
			return err
		},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			n := newNudging(t)
			if err := kill(n); err != nil {
				t.Fatal(err)
			}
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
	first := map[string]playground.FaultKind{
		"users.info": playground.ServerError, "chat.postEphemeral": playground.Storm, "views.open": playground.ServerError,
		"apps.connections.open": playground.WebPage, "views.update": playground.ServerError,
	}
	bothWaysIn(t, func(t *testing.T, m *mouhua, _ *sql.DB) {
		for method, kind := range first {
			breaks(t, m.slack, playground.Fault{Kind: kind, Method: method, Times: 1, Each: true})
		}
		m.serve()
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
			if m.slack.Calls(method, "") < 2 {
				t.Errorf("%s was not tried again", method)
			}
		}
	})
}

// TestFaultClockJumps moves the clock back and forth over the hour of the
// nudges: each week has one.
func TestFaultClockJumps(t *testing.T) {
	const day = 24 * 60 * 60
	n := newNudging(t)
	jump := func(seconds int) {
		t.Helper()
		n.clock(fmt.Sprintf(`{"action":"advance","seconds":%d}`, seconds))
		n.plan()
		n.deliver()
	}
	n.deliver()
	first := n.due()
	jump(-60)
	jump(60)
	jump(-3 * day)
	jump(4 * day)
	n.settle()
	if diff := cmp.Diff(first, nudges(n.workspace)); diff != "" {
		t.Errorf("about one Monday: %s", diff)
	}
	jump(7 * day)
	both := append(slices.Clone(first), n.due()...)
	jump(-14 * day)
	jump(14 * day)
	n.settle()
	slices.Sort(both)
	if diff := cmp.Diff(both, nudges(n.workspace)); diff != "" {
		t.Errorf("about two: %s", diff)
	}
}

// TestFaultNudgeDeleted has people delete the week's nudges: they stay deleted,
// and the next week's come.
func TestFaultNudgeDeleted(t *testing.T) {
	n := newNudging(t)
	n.deliver()
	office := n.workspace.As("U0WANGFANG")
	for body := range demoBodies {
		ch := demoChannel(body)
		all := office.Messages(ch)
		if err := office.DeleteMessage(ch, all[len(all)-1].TS); err != nil {
			t.Fatal(err)
		}
	}
	n.clock(`{"action":"advance","seconds":3600}`)
	n.plan()
	n.settle()
	if got := nudges(n.workspace); len(got) > 0 {
		t.Errorf("posted again: %v", got)
	}
	n.toMonday()
	n.settle()
	if diff := cmp.Diff(n.due(), nudges(n.workspace)); diff != "" {
		t.Error(diff)
	}
}
