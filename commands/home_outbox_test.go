package commands

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

func (s *shelf) Trouble(_ context.Context, _, _ int64, limit int) (reporting.Trouble, error) {
	return reporting.Trouble{Messages: s.troubled[:min(limit, len(s.troubled))], Total: len(s.troubled)}, s.away
}

func (s *shelf) Resend(_ context.Context, once, key string, e reporting.Event) error {
	i := slices.IndexFunc(s.troubled, func(d reporting.Delivery) bool { return d.Key == key })
	if _, ok := s.seen[once]; ok && once != "" {
		return reporting.ErrRepeated
	}
	if i < 0 {
		return reporting.Fail(reporting.Conflict, "err.message.settled")
	}
	s.troubled = slices.Delete(s.troubled, i, i+1)
	s.seen[once], s.events = key, append(s.events, e)
	return s.away
}

func homeOf(t *testing.T, a *App, user string) string {
	t.Helper()
	r, err := a.Home(t.Context(), user, reporting.ZhCN)
	if err != nil {
		t.Fatal(err)
	}
	return plainText(r)
}

// TestHomeOfOfficeShowsDelivery: what goes out next and when for whom, what is
// paused, and what did not go out.
func TestHomeOfOfficeShowsDelivery(t *testing.T) {
	a, l := city(t)
	l.body("lvyuan").ChannelID, l.body("xinqu").ChannelID, l.body("jingkai").ChannelID = "CLY", "CXQ", "CJK"
	l.body("xinqu").UndeliverableSince, l.body("xinqu").UndeliverableWhy = filingNow.UnixMilli(), "is_archived"
	l.bodies.Nudges = map[string]reporting.NudgeSetting{
		"kuancheng": {BodyID: "kuancheng", Weekday: "Friday", Time: "16:30", Version: 1},
		"lvyuan":    {BodyID: "lvyuan", PausedUntil: reporting.Date{Year: 2018, Month: 8, Day: 20}, PausedBy: "U1", PauseReason: "搬迁", Version: 1},
	}
	now := filingNow.UnixMilli()
	l.troubled = []reporting.Delivery{
		{State: "failed", Message: reporting.Message{Key: "review/CC-2018-0007/1", Kind: reporting.ReviewCard, Attempts: 1, TriedAt: now, DueAt: now},
			Receipt: reporting.Receipt{Channel: "COFFICE", Reason: "invalid_blocks"}},
		{State: "pending", Message: reporting.Message{Key: "quota-set/jingyue", Kind: reporting.QuotaSet, BodyID: "jingyue", Attempts: 4, TriedAt: now},
			Receipt: reporting.Receipt{Reason: "internal_error"}},
		{State: "dead", Message: reporting.Message{Key: "sent-back/1", Kind: reporting.SentBack, To: "UGONE"}, Receipt: reporting.Receipt{Reason: "account_inactive"}},
	}
	home := homeOf(t, a, "URE")
	for _, want := range []string{
		"全市：2018年8月6日 09:00（第32周（8月6日—8月12日）），2 个频道。",
		"另有 1 个单位时间不同：\n- 宽城区：2018年8月3日 16:30\n",
		"1 个单位暂停提醒，下次为：\n- 绿园区：2018年8月20日 09:00（暂停到2018年8月20日）\n",
		"频道已归档", "[长春新区] nudge.show xinqu", "没有发出的消息（3 条）",
		"审核卡 → #COFFICE · 发送出错，自2018年7月31日 14:05起，原因：invalid_blocks\n[再发一次] message.resend review/CC-2018-0007/1",
		"任务通知 → 净月高新区 · 待发送，自2018年7月31日 14:05起，原因：internal_error，已试 4 次", "退回通知 → @UGONE · 送不到，原因：接收人的账号已停用",
	} {
		if !strings.Contains(home, want) {
			t.Errorf("want %q in\n%s", want, home)
		}
	}
	for _, user := range []string{"UJY", "ULE"} {
		if home := homeOf(t, a, user); strings.Contains(home, "message.resend") {
			t.Errorf("%s sees what did not go out:\n%s", user, home)
		}
	}
}

// TestHomeOfManyBodies: however many bodies have a time of their own, some are
// named and the rest is counted.
func TestHomeOfManyBodies(t *testing.T) {
	a, l := city(t)
	l.bodies.Nudges = map[string]reporting.NudgeSetting{}
	for i := range l.bodies.All {
		b := &l.bodies.All[i]
		b.ChannelID = fmt.Sprintf("C%d", i)
		l.bodies.Nudges[b.ID] = reporting.NudgeSetting{BodyID: b.ID, Weekday: "Friday", Version: 1}
		l.troubled = append(l.troubled, reporting.Delivery{State: "failed", Message: reporting.Message{Key: b.ID, Kind: reporting.ReviewCard}})
	}
	home := homeOf(t, a, "URE")
	for _, want := range []string{"另有 11 个单位时间不同", "另有 6 项", "没有发出的消息（11 条）"} {
		if !strings.Contains(home, want) {
			t.Errorf("want %q in\n%s", want, home)
		}
	}
	if n := strings.Count(home, "message.resend"); n != troubleLines {
		t.Errorf("%d messages are shown", n)
	}
}

func TestResend(t *testing.T) {
	a, l := city(t)
	woken := 0
	a.cfg.Wake = func() { woken++ }
	l.troubled = []reporting.Delivery{{State: "failed", Message: reporting.Message{Key: "review/1", Kind: reporting.ReviewCard}}}
	press := func(user, key, once string) error {
		_, err := a.Press(t.Context(), Press{User: user, Action: "message.resend", Value: key, Locale: reporting.ZhCN, Once: once})
		return err
	}
	for name, c := range map[string]struct{ user, key, once, want string }{
		"an official": {"UJY", "review/1", "r/1", "forbidden err.forbidden"},
		"a leader":    {"ULE", "review/1", "r/2", "forbidden err.forbidden"},
		"sent":        {"URE", "review/2", "r/3", "conflict err.message.settled"},
	} {
		if err := press(c.user, c.key, c.once); refusal(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 2 {
		if err := press("URE", "review/1", "r/4"); err != nil {
			t.Error(err)
		}
	}
	if woken != 1 || len(l.events) != 1 || l.events[0].Action != "message.resend" {
		t.Errorf("woken %d, %v", woken, l.events)
	}
}

var kindOf = regexp.MustCompile(`MessageKind\s*=\s*"([a-z_]+)"`)

// TestEveryKindHasAName: what did not go out is told by a name, in all languages.
func TestEveryKindHasAName(t *testing.T) {
	words, err := figureWords()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../reporting/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range kindOf.FindAllStringSubmatch(string(text), -1) {
			found++
			for _, l := range reporting.Locales {
				if key := "message." + m[1]; words.Say(l, key) == key {
					t.Errorf("%s: %s has no text", l, key)
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d kinds were found", found)
	}
}

// TestNextOfPausedBody: the pause of one body moves nobody else's.
func TestNextOfPausedBody(t *testing.T) {
	_, l := city(t)
	l.bodies.Nudges = map[string]reporting.NudgeSetting{"jingyue": {BodyID: "jingyue", PausedUntil: reporting.Date{Year: 2018, Month: 8, Day: 8}}}
	a := l.app(t, filingNow)
	c := a.as(t.Context(), reporting.ZhCN)
	got := map[string]string{}
	for _, n := range a.nextNudges(c, l.bodies) {
		got[n.body.ID] = n.at.Format(time.DateOnly)
	}
	if got["jingyue"] != "2018-08-13" || got["kuancheng"] != "2018-08-06" || len(got) != 2 {
		t.Errorf("next: %v", got)
	}
}
