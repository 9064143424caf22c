package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

// plans puts a body's nudge of this week into the outbox.
func (m *mouhua) plans(address, body string) string {
	m.t.Helper()
	cfg := defaultConfig()
	db, err := storage.Open(m.t.Context(), address, storage.Config{Now: clockIn(cfg)})
	if err != nil {
		m.t.Fatal(err)
	}
	defer db.Close()
	week, at := cfg.rule().Current(m.slack.Now())
	nudge := reporting.Message{
		Key: reporting.NudgeKey(body, week), Kind: reporting.NudgeMessage, BodyID: body, DueAt: at.UnixMilli(),
		Args: map[string]string{"week": week.String()},
	}
	if _, err := db.PlanMessages(m.t.Context(), []reporting.Message{nudge}, nil); err != nil {
		m.t.Fatal(err)
	}
	return nudge.Key
}

// TestStoryRepairedChannel: a channel that is archived, or that the bot is taken
// out of, is repaired in Slack only. This week's nudge comes, once, and the
// office is told once of each.
func TestStoryRepairedChannel(t *testing.T) {
	for _, tt := range []struct {
		name, mode    string
		breaks, mends func(wang somebody) error
	}{
		{"archived", "socket", func(s somebody) error { return s.Archive(channelJY) }, func(s somebody) error { return s.Unarchive(channelJY) }},
		{"bot taken out", "http", func(s somebody) error { return s.RemoveBot(channelJY) }, func(s somebody) error { return s.InviteBot(channelJY) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			address := "sqlite://" + filepath.Join(t.TempDir(), "repaired.db")
			m := newMouhua(t, tt.mode, address)
			prepare(m, time.Now().Year())
			key := m.plans(address, "jingyue")
			wang, zhao := m.as(officialJY), m.as(reviewer)
			if err := tt.breaks(wang); err != nil {
				t.Fatal(err)
			}
			m.serve()
			zhao.sees(officeRoom, "送不到")
			if err := tt.mends(wang); err != nil {
				t.Fatal(err)
			}
			zhao.sees(officeRoom, "已恢复")
			wang.sees(channelJY, "本周")
			count := func(channel, prefix string) (n int) {
				for _, msg := range zhao.Messages(channel) {
					if strings.HasPrefix(keyOf(msg), prefix) {
						n++
					}
				}
				return n
			}
			if got := [3]int{count(channelJY, key), count(officeRoom, "undeliverable/"), count(officeRoom, "repaired/")}; got != [3]int{1, 1, 1} {
				t.Errorf("%v nudges, tellings and repairs, want one each", got)
			}
		})
	}
}

// TestStoryRefusedBot: while Slack lets the bot write nothing, it is not ready
// and says so.
func TestStoryRefusedBot(t *testing.T) {
	address := "sqlite://" + filepath.Join(t.TempDir(), "refused.db")
	m := newMouhua(t, "http", address)
	prepare(m, time.Now().Year())
	m.serve()
	m.slack.Revoke("chat:write")
	m.plans(address, "jingyue")
	m.plans(address, "kuancheng")
	m.as(reviewer).types(officeRoom, "/body list", "净月") // wakes it
	if err := m.as(reviewer).Say(t.Context(), officeRoom, "", "/nudge now jingyue"); err != nil {
		t.Fatal(err)
	}
	m.until("refused", func() bool {
		_, metrics, err := fetch("http://" + m.addr + "/metrics")
		return err == nil && strings.Contains(string(metrics), "\nmouhua_slack_refused 1")
	})
	code, body := get(t, "http://"+m.addr+"/readyz")
	if code != http.StatusServiceUnavailable || !strings.Contains(body, "slack") {
		t.Errorf("readyz says %d %s", code, body)
	}
	if log := m.logs.String(); strings.Count(log, "slack refuses the bot, nothing is posted") != 1 {
		t.Error("not shouted once")
	}
}
