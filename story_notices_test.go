package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// TestStoryNoticesHTTP is the story of a week's notices over HTTP mode on
// PostgreSQL: the report on what arrived, the leaders' digest, and who else is
// told of a red week.
func TestStoryNoticesHTTP(t *testing.T) {
	noticesStory(t, newMouhua(t, "http", freshPostgres(t)))
}

// TestStoryNoticesSocket is the same story over Socket Mode on SQLite.
func TestStoryNoticesSocket(t *testing.T) {
	noticesStory(t, newMouhua(t, "socket", "sqlite://"+filepath.Join(t.TempDir(), "notices.db")))
}

func noticesStory(t *testing.T, m *mouhua) {
	m.hurry, m.every = true, 50*time.Millisecond
	m.sets("[escalation]\nenabled = true\nleader_weeks = 0\noffice_weeks = 0\n")
	m.moveTo(midsummer(m))
	prepare(m, m.slack.Now().Year())
	m.serve()
	wang, zhao, sun := m.as(officialJY), m.as(reviewer), m.as(leader)
	if err := zhao.Archive(channelKC); err != nil {
		t.Fatal(err)
	}

	_, monday := reporting.NudgeRule{Weekday: time.Monday, Hour: 9, Location: changchun(t)}.Next(m.slack.Now())
	m.moveTo(monday)
	nudge := wang.sees(channelJY, "nudge.seen")
	report := zhao.sees(officeRoom, "提醒送达情况")
	for _, want := range []string{"应送达 2 个单位，已送达 1 个，失败 1 个", "宽城区", "：频道已归档", "市工信局", "没有设频道", "已阅 0 个"} {
		if !strings.Contains(words(report), want) {
			t.Errorf("the report lacks %q: %s", want, words(report))
		}
	}
	// Weeks that are opened by then are looked at once a minute.
	m.moveTo(monday.Add(2 * time.Minute))
	told := wang.sees(wang.dm(), "连续 1 周黄色或红色")
	for _, want := range []string{"净月高新区", "🔴", "何时解除"} {
		if !strings.Contains(words(told), want) {
			t.Errorf("the escalation lacks %q: %s", want, words(told))
		}
	}
	if said := m.as(officialKC).Messages(m.as(officialKC).dm()); len(said) > 0 {
		t.Errorf("the official whose nudge did not arrive is told: %s", words(said[0]))
	}

	wang.presses(nudge, "nudge.seen")
	wang.sees(channelJY, "已记录：您看过") // at this minute, not at the one that comes
	m.moveTo(monday.Add(5 * time.Minute))
	if seen := zhao.sees(officeRoom, "已阅 1 个"); !seen.Edited || seen.TS != report.TS || !strings.Contains(words(seen), "王工") {
		t.Errorf("who saw it is not in the same report: %s", words(seen))
	}

	m.moveTo(monday.Add(31 * time.Minute))
	digest := sun.sees(leadersRoom, "全市重大项目周报")
	for _, want := range []string{"1,000", "上周新申报", "净月高新区", "数据截至", "存在问题"} {
		if !strings.Contains(words(digest), want) {
			t.Errorf("the digest lacks %q: %s", want, words(digest))
		}
	}
	sun.presses(digest, "problem.due")
	for _, room := range []string{officeRoom, leadersRoom} {
		keys := map[string]int{}
		for _, msg := range zhao.Messages(room) {
			if strings.Contains(flat(msg.Metadata), "digest/") || strings.Contains(flat(msg.Metadata), "delivery-report/") {
				keys[flat(msg.Metadata)]++
			}
		}
		if len(keys) != 1 {
			t.Errorf("in %s stand %v, want one message", room, keys)
		}
	}
}

// midsummer is the next 13 June: by then a body without projects is red.
func midsummer(m *mouhua) time.Time {
	now := m.slack.Now()
	at := time.Date(now.Year(), time.June, 13, 12, 0, 0, 0, changchun(m.t))
	if at.Before(now) {
		at = at.AddDate(1, 0, 0)
	}
	return at
}

// sets adds to the configuration.
func (m *mouhua) sets(more string) {
	m.t.Helper()
	text, err := os.ReadFile(m.config)
	if err != nil {
		m.t.Fatal(err)
	}
	m.write(filepath.Base(m.config), string(text)+more)
}

// moveTo moves the workspace's clock as its page does.
func (m *mouhua) moveTo(at time.Time) {
	m.t.Helper()
	action := fmt.Sprintf(`{"action":"advance","seconds":%d}`, int(at.Sub(m.slack.Now()).Seconds())+1)
	resp, err := http.Post(m.api.URL+"/ui/clock", "application/json", strings.NewReader(action))
	if err != nil {
		m.t.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode != http.StatusOK {
		m.t.Fatalf("clock %s: %s", action, resp.Status)
	}
}
