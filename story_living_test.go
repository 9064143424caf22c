package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

// TestStoryLivingHTTP is the story of a nudge that lives, over HTTP mode on
// PostgreSQL.
func TestStoryLivingHTTP(t *testing.T) {
	url := freshPostgres(t)
	living(t, "http", url, "postgres", url)
}

// TestStoryLivingSocket is the same over Socket Mode on SQLite.
func TestStoryLivingSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "living.db")
	living(t, "socket", "sqlite://"+path, "sqlite", path)
}

// lively is a workspace in the week of a nudge.
type lively struct {
	*mouhua
	db     *sql.DB
	monday time.Time // of the nudge, 09:00
	week   reporting.Week
}

func living(t *testing.T, mode, storage, driver, dsn string) {
	n := &lively{mouhua: newMouhua(t, mode, storage)}
	n.hurry, n.every = true, 100*time.Millisecond
	loc := changchun(t)
	monday := time.Date(time.Now().In(loc).Year(), 3, 1, 9, 0, 0, 0, loc)
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, 1)
	}
	n.monday, n.week = monday, reporting.WeekOf(monday)
	n.goes(monday.Add(-time.Hour))
	prepare(n.mouhua, monday.Year())
	n.db = look(t, driver, dsn)
	n.serve()
	n.goes(monday.Add(10 * time.Second))
	wang := n.as(officialJY)
	nudge := wang.sees(channelJY, "每周需完成")
	n.until("known to be posted", func() bool { return count(t, n.db, `SELECT COUNT(*) FROM nudge_weeks`) == 2 })
	n.seenAndSnoozed(wang, nudge)
	n.fills2(wang, nudge)
	n.deleted()
}

// goes moves the clock.
func (n *lively) goes(to time.Time) {
	n.t.Helper()
	text, err := json.Marshal(map[string]any{"user": officialJY, "action": "set", "at_ms": to.UnixMilli()})
	if err != nil {
		n.t.Fatal(err)
	}
	r, err := http.Post(n.api.URL+"/ui/clock", "application/json", bytes.NewReader(text))
	if err != nil {
		n.t.Fatal(err)
	}
	r.Body.Close()
	if late := n.slack.Now().Sub(to); late < 0 || late > time.Minute {
		n.t.Fatalf("the clock is off by %s: %s", late, r.Status)
	}
}

// now returns a body's nudge of the week as it stands in its channel.
func (n *lively) now(channel, body string, week reporting.Week) (nudge playground.Message, there bool) {
	for _, m := range n.as(officialJY).Messages(channel) {
		if keyOf(m) == reporting.NudgeKey(body, week) {
			nudge, there = m, true
		}
	}
	return nudge, there
}

func (n *lively) edits() int {
	n.t.Helper()
	return count(n.t, n.db, `SELECT COUNT(*) FROM outbox WHERE kind = 'nudge_edit' AND state = 'sent'`)
}

// seenAndSnoozed: the official says in another body's channel that the nudge was
// seen, and puts it off; another body's official may not.
func (n *lively) seenAndSnoozed(wang somebody, nudge playground.Message) {
	n.t.Helper()
	li := n.as(officialKC)
	before := len(li.Messages(channelJY))
	li.presses(nudge, "nudge.seen")
	li.seesAfter(channelJY, before, "does not cover this")
	wang.presses(nudge, "nudge.seen")
	wang.presses(nudge, "nudge.seen")
	wang.sees(channelJY, "您看过净月高新区")

	wang.presses(nudge, "nudge.snooze")
	wang.form("推迟提醒")
	if wrong := wang.submits(); wrong["reason"] == "" {
		n.t.Errorf("put off without a reason: %v", wrong)
	}
	wang.fills([2]string{"reason", "等候 <!channel> 批复"})
	wang.passes()
	wang.sees(channelJY, "已推迟")
	// The card names its body, whatever channel its button is pressed in: the same
	// in Kuancheng's channel by command.
	wang.types(channelKC, "/nudge snooze 净月 3d 等候会议", "已推迟")
	if got := count(n.t, n.db, `SELECT COUNT(*) FROM nudge_weeks WHERE body_id <> 'jingyue' AND (snoozed_by <> '' OR nothing_by <> '')`); got != 0 {
		n.t.Errorf("%d other bodies were put off", got)
	}
	n.goes(n.monday.Add(70 * time.Second))
	n.until("edited once", func() bool { return n.edits() == 1 })
	edited, _ := n.now(channelJY, "jingyue", n.week)
	for _, want := range []string{"已阅", "等候会议", officialJY} {
		if !strings.Contains(words(edited), want) {
			n.t.Errorf("the nudge lacks %q: %s", want, words(edited))
		}
	}
	if seen := count(n.t, n.db, `SELECT COUNT(*) FROM nudge_seen`); seen != 1 {
		n.t.Errorf("seen %d times", seen)
	}
	thread := n.thread(edited)
	for _, want := range []string{"已阅", "&lt;!channel&gt;", "等候会议"} {
		if !strings.Contains(thread, want) && !strings.Contains(thread, strings.NewReplacer("&lt;", "<", "&gt;", ">").Replace(want)) {
			n.t.Errorf("the thread lacks %q: %s", want, thread)
		}
	}
}

// thread waits for the answers in the thread of a nudge and returns what they say.
func (n *lively) thread(nudge playground.Message) string {
	n.t.Helper()
	var said string
	n.until("told in the thread", func() bool {
		said = ""
		if count(n.t, n.db, fmt.Sprint(`SELECT COUNT(*) FROM outbox WHERE state = 'pending' AND due_at <= `, n.slack.Now().UnixMilli())) > 0 {
			return false
		}
		for _, m := range n.as(officialJY).Messages(nudge.Channel) {
			if m.ThreadTS == nudge.TS && m.TS != nudge.TS {
				said += words(m) + "\n"
			}
		}
		return said != ""
	})
	return said
}

// fills2: two projects are filed within a minute, and the nudge is edited once;
// the week is met and the nudge struck through. One is returned, and it is not;
// the office approves the other one changed.
func (n *lively) fills2(wang somebody, nudge playground.Message) {
	n.t.Helper()
	need := count(n.t, n.db, `SELECT need FROM nudge_weeks WHERE body_id = 'jingyue'`)
	n.goes(n.monday.Add(2*time.Minute + time.Second))
	before := n.edits()
	var ids []string
	for i := range need {
		ids = append(ids, n.filesOne(wang, fmt.Sprintf("轴承产业园%d期", i+1)))
	}
	if late := n.slack.Now().Sub(n.monday); late > 3*time.Minute {
		n.t.Skipf("filing took until %s after the nudge: not within a minute", late)
	}
	if n.edits() != before {
		n.t.Error("edited before the minute was over")
	}
	n.goes(n.monday.Add(3*time.Minute + time.Second))
	n.until("struck through", func() bool {
		m, _ := n.now(channelJY, "jingyue", n.week)
		return strings.Contains(words(m), `"strike":true`) && strings.Contains(words(m), "完成本周任务")
	})
	m, _ := n.now(channelJY, "jingyue", n.week)
	if m.TS != nudge.TS || strings.Contains(words(m), "nudge.seen") {
		n.t.Errorf("the nudge that is met: %s", words(m))
	}
	if thread := n.thread(m); !strings.Contains(thread, ids[0]) || !strings.Contains(thread, ids[need-1]) {
		n.t.Errorf("the thread lacks the projects: %s", thread)
	}
	if got := n.edits() - before; got != 1 {
		n.t.Errorf("%d projects within a minute made %d edits, want 1", need, got)
	}

	zhao := n.as(reviewer)
	zhao.types(officeRoom, "/review return "+ids[0]+" 请补充用地依据", "已私信告知")
	n.goes(n.monday.Add(4*time.Minute + time.Second))
	n.until("open again", func() bool {
		m, _ := n.now(channelJY, "jingyue", n.week)
		return !strings.Contains(words(m), `"strike":true`) && strings.Contains(words(m), "请补充用地依据")
	})
	zhao.types(officeRoom, "/review approve "+ids[1], "已私信告知")
	n.goes(n.monday.Add(5*time.Minute + time.Second))
	n.until("approved", func() bool { return strings.Contains(n.thread(m), "审核通过") })

	wang.presses(m, "quota.list") // of what was returned
	wang.sees(channelJY, ids[0])
	open, _ := n.now(channelJY, "jingyue", n.week)
	wang.presses(open, "nudge.nothing")
	wang.form("本周无项目")
	wang.fills([2]string{"reason", "项目尚在洽谈"})
	wang.passes()
	n.goes(n.monday.Add(6*time.Minute + time.Second))
	n.until("explained", func() bool {
		m, _ := n.now(channelJY, "jingyue", n.week)
		return strings.Contains(words(m), "项目尚在洽谈") && !strings.Contains(words(m), "nudge.snooze")
	})
	n.again()
	// On the day to which it was put off nothing is said: a reason was given.
	n.goes(n.monday.AddDate(0, 0, 3).Add(time.Minute))
	n.until("overtaken", func() bool {
		return count(n.t, n.db, `SELECT COUNT(*) FROM outbox WHERE kind = 'nudge_again' AND state = 'skipped'`) == 2
	})
}

// again: what was put off to the next day is said again on it, in the thread and
// the channel.
func (n *lively) again() {
	n.t.Helper()
	li := n.as(officialKC)
	nudge, _ := n.now(channelKC, "kuancheng", n.week)
	li.presses(nudge, "nudge.snooze")
	li.form("Put the nudge off")
	li.fills([2]string{"reason", "waiting for the permit"})
	li.passes()
	n.goes(n.monday.AddDate(0, 0, 1).Add(time.Second))
	n.until("reminded", func() bool {
		for _, m := range li.Messages(channelKC) {
			if m.Subtype == "thread_broadcast" && m.ThreadTS == nudge.TS && strings.Contains(words(m), "waiting for the permit") {
				return strings.Contains(words(m), "project.register")
			}
		}
		return false
	})
}

// filesOne has the official file a project through the two pages of the form.
func (n *lively) filesOne(who somebody, name string) string {
	n.t.Helper()
	before := len(who.Messages(channelJY))
	if err := who.Say(who.ctx, channelJY, "", "/project register"); err != nil {
		n.t.Fatal(err)
	}
	who.form("1/2")
	who.fills(append([][2]string{{"name", name}}, goodPage1[1:]...)...)
	who.fills([2]string{"owner", "示例·" + name + "公司"}, [2]string{"location", name + " 1 号"}, [2]string{"invest", "32000万元"})
	if wrong := who.submits(); len(wrong) > 0 {
		n.t.Fatalf("page 1 of %s: %v", name, wrong)
	}
	who.form("2/2")
	who.fills(goodPage2...)
	who.passes()
	if v := who.Views(); len(v) > 0 {
		who.fills([2]string{"anyway", "另一个地块的项目"})
		who.passes()
	}
	said := who.seesAfter(channelJY, before, name+"”已提交")
	return numberGiven.FindStringSubmatch(words(said))[1]
}

// deleted: a person deletes the nudge of a body. Its edits find nothing, its
// history has no thread, what was put off is said in the channel, and the next
// week's still goes and names the week that was missed.
func (n *lively) deleted() {
	n.t.Helper()
	boss, li := n.as(reviewer), n.as(officialKC)
	nudge, _ := n.now(channelKC, "kuancheng", n.week)
	if err := boss.DeleteMessage(channelKC, nudge.TS); err != nil {
		if err = li.DeleteMessage(channelKC, nudge.TS); err != nil {
			n.t.Fatal(err)
		}
	}
	before := len(li.Messages(channelKC))
	li.types(channelKC, "/nudge snooze tomorrow the second reason", "Put off")
	n.goes(n.monday.AddDate(0, 0, 3).Add(3 * time.Minute))
	n.until("not found", func() bool {
		return count(n.t, n.db, `SELECT COUNT(*) FROM outbox WHERE body_id = 'kuancheng' AND kind = 'nudge_edit' AND state = 'skipped' AND reason = 'message_not_found'`) == 1
	})
	for _, m := range li.Messages(channelKC)[before:] {
		if !m.Ephemeral && m.Bot {
			n.t.Errorf("said to a thread that is gone: %s", words(m))
		}
	}
	n.goes(n.monday.AddDate(0, 0, 4).Add(time.Second))
	n.until("reminded without a thread", func() bool {
		return slices.ContainsFunc(li.Messages(channelKC), func(m playground.Message) bool {
			return m.ThreadTS == "" && strings.Contains(words(m), "the second reason") && !m.Ephemeral && m.Bot
		})
	})
	next := n.week.Add(1)
	n.goes(n.monday.AddDate(0, 0, 7).Add(10 * time.Second))
	for channel, body := range map[string]string{channelKC: "kuancheng", channelJY: "jingyue"} {
		n.until("nudged in the next week", func() bool {
			_, there := n.now(channel, body, next)
			return there
		})
	}
	n.until("known to be posted", func() bool { return count(n.t, n.db, `SELECT COUNT(*) FROM nudge_weeks`) == 4 })
	m, _ := n.now(channelJY, "jingyue", next)
	if !strings.Contains(words(m), "此前已连续 1 周未完成（其中 1 周已说明原因）") {
		n.t.Errorf("the next nudge is silent about the week before: %s", words(m))
	}
	old, _ := n.now(channelJY, "jingyue", n.week)
	wang := n.as(officialJY)
	wang.presses(old, "nudge.seen")
	wang.sees(channelJY, "请在最新的一条上操作")
}
