package commands

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// asking asks sentences at places, as a transport does.
type asking struct {
	t *testing.T
	a *App
	l *ledger
}

func (k asking) says(r Request) Response {
	k.t.Helper()
	if r.Locale == "" {
		r.Locale = reporting.ZhCN
	}
	out, err := k.a.Ask(context.Background(), r)
	if err != nil {
		k.t.Fatalf("%+v: %v", r, err)
	}
	return out
}

// kept is what is kept at a place.
func (k asking) kept(channel, thread string) (q question.Reading) {
	if s := k.l.states[reporting.ConversationKey{Channel: channel, Thread: thread}].State; s != "" {
		if err := json.Unmarshal([]byte(s), &q); err != nil {
			k.t.Fatal(err)
		}
	}
	return q
}

// A question leans on the one before in its thread, and in a direct
// conversation for ten minutes; nowhere else.
func TestFollowUps(t *testing.T) {
	a, l := askedCity(t)
	k := asking{t, a, l}
	l.saidAt = filingNow.UnixMilli()
	first := Request{User: "ULE", Channel: "CX", Thread: "1.1", Text: "净月今年还差多少个项目？", Once: "e/1"}
	if out := k.says(first); out.Read == nil || out.Read.Intent != question.QuotaRemaining || !strings.Contains(out.Reply.Text, "净月高新区2018年还差 35 个") {
		t.Fatalf("asked: %+v", out)
	}
	next := first
	next.Text, next.Once = "那宽城呢？", "e/2"
	if out := k.says(next); !strings.Contains(out.Reply.Text, "宽城区2018年还差 14 个") {
		t.Errorf("in the thread: %s", out.Reply.Text)
	}
	if q := k.kept("CX", "1.1"); q.Slots[question.Body] != "kuancheng" {
		t.Errorf("kept %+v", q)
	}
	for name, r := range map[string]Request{
		"in another thread": {User: "ULE", Channel: "CX", Thread: "2.2"}, "outside of threads": {User: "ULE", Channel: "CX"},
		"in another channel": {User: "ULE", Channel: "CY", Thread: "1.1"},
	} {
		r.Text = "那朝阳呢？"
		if out := k.says(r); strings.Contains(out.Reply.Text, "还差") || strings.Contains(out.Reply.Text, "已完成2018年全部任务") {
			t.Errorf("%s: %s", name, out.Reply.Text)
		}
	}
	if len(l.states) != 3 {
		t.Errorf("kept outside of threads: %v", l.states)
	}

	direct := Request{User: "ULE", Channel: "D1", Direct: true, Text: "净月今年还差多少个项目？"}
	k.says(direct)
	direct.Text = "那宽城呢？"
	for minutes, want := range map[time.Duration]bool{9: true, 11: false} {
		later := asking{t, l.app(t, filingNow.Add(minutes*time.Minute)), l}
		l.saidAt = filingNow.UnixMilli()
		if out := later.says(direct); strings.Contains(out.Reply.Text, "还差 14 个") != want {
			t.Errorf("after %d minutes: %s", minutes, out.Reply.Text)
		}
		k.says(Request{User: "ULE", Channel: "D1", Direct: true, Text: "净月今年还差多少个项目？"})
	}
}

// What is not understood, what is refused, and what somebody asks of whom it is
// not known yet whether they may, leaves the exchange as it was.
func TestExchangeStays(t *testing.T) {
	a, l := askedCity(t)
	k := asking{t, a, l}
	at := Request{User: "UJY", Channel: "CJY", Thread: "1.1", Text: "净月今年还差多少个项目？", Locale: reporting.ZhCN}
	k.says(at)
	at.Text = "今天天气怎么样"
	k.says(at)
	at.Text = "那宽城呢？"
	if _, err := a.Ask(context.Background(), at); refusal(err) != "forbidden err.forbidden" {
		t.Errorf("another body's by a follow-up: %v", err)
	}
	at.Text, at.Unsure = "净月完成多少了", true
	k.says(at)
	if q := k.kept("CJY", "1.1"); q.Intent != question.QuotaRemaining || q.Slots[question.Body] != "jingyue" {
		t.Errorf("kept %+v", q)
	}
	// A follow-up to what somebody else asked is answered by the asker's own rights.
	k.says(Request{User: "ULE", Channel: "CX", Thread: "5.5", Text: "宽城今年还差多少个项目？"})
	if _, err := a.Ask(context.Background(), Request{User: "UJY", Channel: "CX", Thread: "5.5", Text: "完成几个了", Locale: reporting.ZhCN}); refusal(err) != "forbidden err.forbidden" {
		t.Errorf("leaning on a leader's question: %v", err)
	}
	// Redelivered, it does not come after what was asked since.
	k.says(Request{User: "ULE", Channel: "CX", Thread: "6.6", Text: "净月今年还差多少个项目？", Once: "e/1"})
	k.says(Request{User: "ULE", Channel: "CX", Thread: "6.6", Text: "朝阳完成多少了", Once: "e/2"})
	k.says(Request{User: "ULE", Channel: "CX", Thread: "6.6", Text: "净月今年还差多少个项目？", Once: "e/1"})
	if q := k.kept("CX", "6.6"); q.Slots[question.Body] != "chaoyang" {
		t.Errorf("redelivered: %+v", q)
	}
	// What another version kept is nothing to lean on.
	l.states[reporting.ConversationKey{Channel: "CX", Thread: "7.7"}] = reporting.Conversation{State: "{"}
	k.says(Request{User: "ULE", Channel: "CX", Thread: "7.7", Text: "净月今年还差多少个项目？"})
}

// What is overheard is answered where it goes on with the thread's exchange, and
// else with silence.
func TestOverheard(t *testing.T) {
	a, l := askedCity(t)
	k := asking{t, a, l}
	heard := func(user, thread, text string) Response {
		t.Helper()
		out, err := a.Ask(context.Background(), Request{User: user, Channel: "CX", Thread: thread, Text: text, Locale: reporting.ZhCN, Overheard: true})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return out
	}
	if out := heard("ULE", "1.1", "净月今年还差多少个项目？"); out.Reply != nil {
		t.Errorf("where nothing was asked: %s", out.Reply.Text)
	}
	k.says(Request{User: "ULE", Channel: "CX", Thread: "1.1", Text: "净月今年还差多少个项目？"})
	if out := heard("ULE", "1.1", "那宽城呢？"); out.Reply == nil || !strings.Contains(out.Reply.Text, "宽城区2018年还差 14 个") {
		t.Errorf("goes on: %+v", out.Reply)
	}
	for _, text := range []string{"好的，我下午再去催一催他们的材料", "谢谢", "通过", "帮助", ""} {
		if out := heard("UJY", "1.1", text); out.Reply != nil || out.Form != nil {
			t.Errorf("%q is answered: %s", text, out.Reply.Text)
		}
	}
	if out := heard("UXX", "1.1", "那朝阳呢？"); out.Reply != nil {
		t.Errorf("a stranger is answered: %s", out.Reply.Text)
	}
}

// The examples that are offered are read as what they are examples of.
func TestExamplesAreRead(t *testing.T) {
	a, _ := stocked(t)
	for _, l := range reporting.Locales {
		c, err := a.call(context.Background(), "ULE", "CX", l, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range offered {
			c.text = a.words.Say(l, "ask.example."+string(o.intent), "body", "净月", "year", 2018)
			q, err := a.read(c, nil)
			if o.intent == question.BodyExplain { // of a part of a zone that this city has not
				continue
			}
			if err != nil || q.Intent != o.intent {
				t.Errorf("%q is read as %s, want %s (%v)", c.text, q.Intent, o.intent, err)
			}
		}
	}
}
