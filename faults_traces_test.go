package main

import (
	"context"
	"database/sql"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/playground"
)

// serveVerbosely starts the bot with a log at debug level.
func (m *mouhua) serveVerbosely() {
	m.t.Helper()
	cfg, err := loadConfig(m.config, true, noEnv)
	if err != nil {
		m.t.Fatal(err)
	}
	log := slog.New(slog.NewJSONHandler(m.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	db, err := openStorage(m.t.Context(), cfg, log, clockIn(cfg))
	if err != nil {
		m.t.Fatal(err)
	}
	s, err := newService(cfg, parts{db: db, now: clockIn(cfg), log: log})
	if err != nil {
		m.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", cfg.HTTP.Addr)
	if err != nil {
		m.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx, listener, s.server(s.routes())) }()
	m.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			m.t.Errorf("serve ended: %v", err)
		}
		db.Close()
	}
	m.ready()
}

// TestFaultLogs plays a story with marked texts, in which also much goes wrong:
// none of them is in the log at its most talkative, nor is a token; and every
// reference that a person was told is in it.
func TestFaultLogs(t *testing.T) {
	marked := [][2]string{
		{"name", "canary name"}, {"location", "canary location"}, {"owner", "canary owner"}, {"path_detail", "canary detail"},
	}
	markedToo := [][2]string{
		{"content", "canary content, which is long enough for a scope"}, {"evidence", "canary evidence"}, {"contact", "canary 13900001111"},
	}
	bothWaysIn(t, func(t *testing.T, m *mouhua, db *sql.DB) {
		breaks(t, m.slack,
			// The plain text follows.
			playground.Fault{Kind: playground.Refusal, Code: "invalid_blocks", Method: "chat.postMessage", Channel: officeRoom, Times: 1},
			playground.Fault{Kind: playground.Refusal, Code: "invalid_arguments", Method: "views.open", Times: 1},
			// Of changes only the newest is drawn, so no more than one.
			playground.Fault{Kind: playground.Refusal, Code: "invalid_arguments", Method: "views.update", Times: 1})
		m.serveVerbosely()
		wang, zhao := m.as(officialJY), m.as(reviewer)
		wang.types(channelJY, "/quota", "65")
		told := []string{words(wang.types(channelJY, "/project register canary name", "编号"))}
		wang.fillsBoth(marked...)
		wang.fills(markedToo...)
		wang.passes()
		wang.sees(channelJY, "-0001")
		wang.types(channelJY, "/project show canary", "canary")
		wang.types(channelJY, "/quota canary", "canary")
		zhao.sees(officeRoom, "canary name")
		zhao.types(officeRoom, "/review return 0001 canary reason", "canary reason")
		wang.sees(wang.dm(), "canary reason")
		if err := wang.OpenHome(wang.ctx); err != nil {
			t.Fatal(err)
		}
		m.until("at home", func() bool { return strings.Contains(flat(wang.Home()), "canary name") })
		m.told(db)

		// A bug: tables that are not there.
		for _, table := range []string{"listings", "list_totals"} {
			if _, err := db.Exec(`ALTER TABLE ` + table + ` RENAME TO ` + table + `_away`); err != nil {
				t.Fatal(err)
			}
		}
		told = append(told, words(wang.types(channelJY, "/project list", "编号")), words(zhao.types(officeRoom, "/review queue", "编号")))
		wang.opens(channelJY, "/project edit 0001", "canary reason")
		wang.passes()
		wang.form("content")
		wrong := wang.submits()
		told = append(told, flat(wrong))
		if v := wang.Views(); len(v) != 2 || !strings.Contains(flat(v), "canary content") {
			t.Errorf("a bug lost what was typed: %s", flat(v))
		}
		m.shut()

		log := m.logs.String()
		for _, secret := range []string{"canary", "13900001111", botToken, appToken, signing, "hooks", "/respond/"} {
			if i := strings.Index(log, secret); i >= 0 {
				t.Errorf("%q is in the log: …%s…", secret, log[max(0, i-200):min(len(log), i+100)])
			}
		}
		for _, text := range told {
			reference := regexp.MustCompile(`编号 ([a-z2-7]{8})`).FindStringSubmatch(text)
			if reference == nil {
				t.Errorf("no reference in %s", text)
			} else if n := strings.Count(log, `"ref":"`+reference[1]+`"`); n != 1 {
				t.Errorf("reference %s is %d times in the log", reference[1], n)
			}
			if strings.Contains(text, "listings") || strings.Contains(text, "list_totals") {
				t.Errorf("told what is inside: %s", text)
			}
		}
	})
}

// TestFaultMetrics asks for much and looks at what is counted.
func TestFaultMetrics(t *testing.T) {
	bothWaysIn(t, func(t *testing.T, m *mouhua, db *sql.DB) {
		m.serve()
		wang, li := m.as(officialJY), m.as(officialKC)
		wang.types(channelJY, "/quota", "65")
		wang.types(channelJY, "/quota 净月", "65")
		wang.types(channelJY, "/quota canary", "canary")
		li.types(channelKC, "/quota 净月", "leader")
		wang.types(channelJY, "/project show 9999", "9999")
		wang.fillsBoth([2]string{"name", "canary"})
		wang.passes()
		wang.sees(channelJY, "-0001")
		m.told(db)
		code, text := get(t, "http://"+m.addr+"/metrics")
		if code != http.StatusOK {
			t.Fatalf("metrics gave %d", code)
		}
		for _, want := range []string{
			`mouhua_commands_total{command="quota",outcome="ok"} `,
			`mouhua_commands_total{command="quota",outcome="forbidden"} 1`,
			`mouhua_commands_total{command="quota",outcome="not_found"} 1`,
			`mouhua_commands_total{command="project",outcome="ok"} 1`,
			`mouhua_commands_total{command="project",outcome="not_found"} 1`,
			`mouhua_commands_total{command="submit project.page1",outcome="ok"} 1`,
			`mouhua_commands_total{command="submit project.page2",outcome="ok"} 1`,
			`mouhua_commands_total{command="change project.page1",outcome="ok"} `,
			`mouhua_commands_total{command="compose review_card",outcome="ok"} 1`,
			`mouhua_command_seconds_bucket{command="quota",outcome="ok",le="0.1"} `,
			`mouhua_slack_calls_total{method="views.open",outcome="ok"} 1`,
			`mouhua_slack_calls_total{method="users.info",outcome="ok"} 2`,
			`mouhua_slack_calls_total{method="chat.postMessage",outcome="ok"} `,
			`mouhua_messages_due_total{kind="review_card"} 1`,
			`mouhua_messages_sent_total{kind="review_card"} 1`,
			`mouhua_slack_calls_total{method="chat.postEphemeral",outcome="ok"} 1`,
			`mouhua_slack_call_seconds_count{method="views.open",outcome="ok"} 1`,
			`mouhua_outbox_messages{state="pending"} 0`,
			`mouhua_outbox_messages{state="sent"} `,
			`mouhua_outbox_messages{state="dead"} 0`,
			`mouhua_outbox_messages{state="failed"} 0`,
			`mouhua_outbox_messages{state="skipped"} 0`,
		} {
			if !strings.Contains(text, "\n"+want) {
				t.Errorf("metrics lack %s", want)
			}
		}
		// Labels are words of ours or of Slack, never ids, names or texts.
		label := regexp.MustCompile(`^(mouhua_\w+)\{(.*)\} `)
		value := regexp.MustCompile(`(\w+)="([^"]*)"`)
		allowed := map[string]*regexp.Regexp{
			"command": regexp.MustCompile(`^[a-z]+( [a-z0-9_.]+)?$`), "outcome": regexp.MustCompile(`^[a-z0-9_]+$`),
			"method": regexp.MustCompile(`^([a-z]+\.[a-zA-Z.]+|response_url)$`), "state": regexp.MustCompile(`^[a-z]+$`),
			"kind": regexp.MustCompile(`^[a-z_]+$`), "class": regexp.MustCompile(`^[a-z]+$`), "how": regexp.MustCompile(`^(found|retried)$`),
			"le": regexp.MustCompile(`^([0-9.]+|\+Inf)$`),
		}
		for line := range strings.Lines(text) {
			found := label.FindStringSubmatch(line)
			if found == nil {
				continue
			}
			for _, v := range value.FindAllStringSubmatch(found[2], -1) {
				if allowed[v[1]] == nil || !allowed[v[1]].MatchString(v[2]) {
					t.Errorf("label %s has value %q in %s", v[1], v[2], line)
				}
			}
		}
		for _, not := range []string{"canary", officialJY, channelJY, "CC-", "jingyue"} {
			if strings.Contains(text, not) {
				t.Errorf("metrics hold %q", not)
			}
		}
	})
}
