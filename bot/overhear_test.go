package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

// inThread is a message in a thread of a channel, changed.
func inThread(change map[string]any) map[string]any {
	e := map[string]any{
		"type": "message", "channel_type": "channel", "user": "U1", "channel": "C1", "text": "那完成几个了？", "ts": "1.3", "thread_ts": "1.1",
	}
	for k, v := range change {
		if e[k] = v; v == nil {
			delete(e, k)
		}
	}
	return e
}

func TestOverhears(t *testing.T) {
	heard := &commands.Request{
		User: "U1", Channel: "C1", Text: "那完成几个了？", Locale: reporting.En, Once: "event/E1", Thread: "1.1", Overheard: true,
	}
	private := *heard
	private.Channel = "C2"
	tests := []struct {
		name   string
		change map[string]any
		want   *commands.Request
		lookup bool // it is asked whether something goes on
	}{
		{"in a thread", nil, heard, true},
		{"in a thread of a private channel", map[string]any{"channel_type": "group", "channel": "C2"}, &private, true},
		{"where nothing goes on", map[string]any{"thread_ts": "9.9"}, nil, true},
		{"by a guest", map[string]any{"user": "UGUEST"}, nil, true},
		{"outside of threads", map[string]any{"thread_ts": nil}, nil, false},
		{"the first of a thread", map[string]any{"ts": "1.1"}, nil, false},
		{"naming the bot", map[string]any{"text": "<@UBOT> 那完成几个了？"}, nil, false},
		{"naming the bot by a label", map[string]any{"text": "问 <@UBOT|mouhua>"}, nil, false},
		{"of a bot", map[string]any{"bot_id": "B2"}, nil, false},
		{"of an app in a person's name", map[string]any{"app_id": "A2"}, nil, false},
		{"of the bot itself", map[string]any{"user": "UBOT"}, nil, false},
		{"edited", map[string]any{"subtype": "message_changed"}, nil, false},
		{"shown in the channel, too", map[string]any{"subtype": "thread_broadcast"}, nil, false},
		{"among several people", map[string]any{"channel_type": "mpim", "channel": "G1"}, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.locales.remember("UGUEST", somebody{locale: reporting.En, is: outsider, team: "T1"}, time.Hour)
			looked := false
			r.app.engaged = func(_, thread string) (bool, error) {
				looked = true
				return thread == "1.1", nil
			}
			var asked *commands.Request
			r.app.ask = func(_ context.Context, req commands.Request) (commands.Response, error) {
				asked = &req
				return commands.Response{}, nil
			}
			r.event("E1", inThread(tt.change))
			r.shut(t)
			if diff := cmp.Diff(tt.want, asked); diff != "" || looked != tt.lookup {
				t.Errorf("looked up %v\n%s", looked, diff)
			}
			for _, method := range []string{"chat.postMessage", "chat.postEphemeral"} {
				r.slack.none(t, method) // an empty answer says nothing
			}
		})
	}
}

func TestOverheardIsAnsweredInItsThread(t *testing.T) {
	tests := []struct {
		name   string
		all    bool
		method string
	}{{"for all", true, "chat.postMessage"}, {"privately", false, "chat.postEphemeral"}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.app.engaged = func(string, string) (bool, error) { return true, nil }
			r.app.ask = func(context.Context, commands.Request) (commands.Response, error) {
				answer, err := say("answer")
				answer.Reply.InChannel = tt.all
				return answer, err
			}
			r.event("E1", inThread(nil))
			if got := r.slack.next(t, tt.method).body; got["channel"] != "C1" || got["thread_ts"] != "1.1" || got["text"] != "answer" {
				t.Errorf("answered %v", got)
			}
		})
	}
}

func TestErrorsOfOverheardAreNotShown(t *testing.T) {
	for name, fails := range map[string]error{
		"refusal": reporting.Fail(reporting.Forbidden, "err.stranger"), "internal": errors.New("row 7"), "lookup": nil,
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil)
			r.app.engaged = func(string, string) (bool, error) {
				if fails == nil {
					return false, errors.New("database is away")
				}
				return true, nil
			}
			r.app.ask = func(context.Context, commands.Request) (commands.Response, error) { return commands.Response{}, fails }
			r.event("E1", inThread(nil))
			r.shut(t)
			r.slack.none(t, "chat.postEphemeral")
			if log := r.log.String(); strings.Count(log, "WARN") != 1 || strings.Contains(log, "那完成几个了") {
				t.Errorf("logged %s", log)
			}
		})
	}
}

// TestQuietThreads holds that a lively thread in which nothing goes on is looked
// up once in a while, and at once after the bot was asked there.
func TestQuietThreads(t *testing.T) {
	now := time.Unix(0, 0)
	lookups, engaged := 0, false
	r := newRig(t, func(c *Config) { c.Now = func() time.Time { return now } })
	r.locales.remember("U1", somebody{locale: reporting.En, is: member, team: "T1"}, time.Hour)
	r.app.engaged = func(string, string) (bool, error) {
		lookups++
		return engaged, nil
	}
	asked := 0
	r.app.ask = func(context.Context, commands.Request) (commands.Response, error) {
		asked++
		return commands.Response{}, nil
	}
	n := 0
	deliver := func(e map[string]any) {
		n++
		r.event(fmt.Sprint("E", n), e)
		r.work.Wait()
	}
	for range 10 {
		deliver(inThread(nil))
	}
	deliver(inThread(map[string]any{"thread_ts": "2.1"}))
	if lookups != 2 {
		t.Errorf("%d lookups of two threads", lookups)
	}
	now = now.Add(quietFor)
	deliver(inThread(nil))
	if lookups != 3 {
		t.Errorf("%d lookups after a while", lookups)
	}
	deliver(inThread(map[string]any{"type": "app_mention", "channel_type": nil, "text": "<@UBOT> 净月"}))
	engaged = true
	deliver(inThread(nil))
	if asked != 2 {
		t.Errorf("asked %d times: the follow-up was not heard", asked)
	}
	// An answer that was under way when the bot was asked is not kept.
	before := r.quiet.wakings()
	r.quiet.wake("C1", "3.1")
	r.quiet.hush("C1", "3.1", before)
	if r.quiet.is("C1", "3.1") {
		t.Error("kept what was older than the mention")
	}
	for i := range 2 * quietAtMost {
		r.quiet.hush("C1", fmt.Sprint(i), r.quiet.wakings())
	}
	if len(r.quiet.since) > quietAtMost {
		t.Errorf("remembers %d threads", len(r.quiet.since))
	}
}

func TestPressInAThread(t *testing.T) {
	tests := []struct {
		name, channel, thread string // of the message with the button
		all, replace          bool
		method, want          string // the call that answers, and the thread in it
	}{
		{"privately", "C1", "1.1", false, false, "chat.postEphemeral", "1.1"},
		{"for all", "C1", "1.1", true, false, "respond", "1.1"},
		{"replaced", "C1", "1.1", true, true, "respond", ""},
		{"on a thread's first message", "C1", "1.5", false, false, "respond", ""},
		{"directly", "D1", "1.1", false, false, "chat.postMessage", "1.1"},
		{"directly, outside of threads", "D1", "", false, false, "respond", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, nil)
			r.app.press = func(_ context.Context, p commands.Press) (commands.Response, error) {
				if p.Thread != tt.thread || p.Direct != (tt.channel == "D1") {
					t.Errorf("pressed %+v", p)
				}
				answer, err := say("answer")
				answer.Reply.InChannel, answer.Replace = tt.all, tt.replace
				return answer, err
			}
			r.interact(pressOf(r, tt.channel, tt.thread))
			got := r.slack.next(t, tt.method).body
			if thread, _ := got["thread_ts"].(string); thread != tt.want || got["text"] != "answer" {
				t.Errorf("answered %v", got)
			}
		})
	}
	// Where the bot cannot speak, the response URL can.
	r := newRig(t, nil)
	r.slack.say("chat.postEphemeral", `{"ok":false,"error":"not_in_channel"}`)
	r.app.press = func(context.Context, commands.Press) (commands.Response, error) { return say("answer") }
	r.interact(pressOf(r, "C1", "1.1"))
	if got := r.slack.next(t, "respond").body; got["text"] != "answer" {
		t.Errorf("answered %v", got)
	}
}

// TestPrivateAnswerKeepsItsThread answers a mention privately, outside of the thread
// that the mention begins, and goes on by its buttons in that thread's conversation.
func TestPrivateAnswerKeepsItsThread(t *testing.T) {
	r := newRig(t, nil)
	buttons := func(all bool) commands.Response {
		return commands.Response{Reply: &commands.Reply{Text: "which?", InChannel: all, Parts: []commands.Part{commands.Buttons{{Action: "ask.then", Label: "a", Value: "v"}}}}}
	}
	r.app.ask = func(context.Context, commands.Request) (commands.Response, error) { return buttons(false), nil }
	r.event("E1", map[string]any{"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT> 净", "ts": "1.2"})
	asked := r.slack.next(t, "chat.postEphemeral").body
	if asked["thread_ts"] != nil || !strings.Contains(asked["blocks"].(string), `"buttons.0@1.2"`) {
		t.Fatalf("asked %v", asked)
	}
	var got []string
	all, replace := true, false
	r.app.press = func(_ context.Context, p commands.Press) (commands.Response, error) {
		got = append(got, p.Channel+" "+p.Thread)
		answer := buttons(all)
		answer.Replace = replace
		return answer, nil
	}
	press := func(channel string) map[string]any {
		t.Helper()
		p := pressOf(r, channel, "")
		p["actions"].([]any)[0].(map[string]any)["block_id"] = "buttons.0@1.2"
		p["container"].(map[string]any)["is_ephemeral"] = true
		r.interact(p)
		return r.slack.next(t, "respond").body
	}
	if said := press("C1"); said["thread_ts"] != "1.2" || said["response_type"] != "in_channel" {
		t.Errorf("answered for all %v", said)
	}
	all = false
	if said := press("C1"); said["thread_ts"] != nil || !strings.Contains(flat(said), "buttons.0@1.2") {
		t.Errorf("answered privately %v", said)
	}
	replace = true
	if said := press("C1"); said["replace_original"] != true || !strings.Contains(flat(said), "buttons.0@1.2") {
		t.Errorf("replaced %v", said)
	}
	// The same by way of the direct messages, where the bot could not speak.
	if said := press("D1"); strings.Contains(flat(said), "@1.2") {
		t.Errorf("answered directly %v", said)
	}
	if diff := cmp.Diff([]string{"C1 1.2", "C1 1.2", "C1 1.2", "D1 "}, got); diff != "" {
		t.Error(diff)
	}
}

func flat(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

func pressOf(r *rig, channel, thread string) map[string]any {
	return map[string]any{
		"type": "block_actions", "user": map[string]any{"id": "U1"}, "channel": map[string]any{"id": channel},
		"trigger_id": "T1", "response_url": r.slack.URL + "/respond",
		"container": map[string]any{"type": "message", "message_ts": "1.5", "thread_ts": thread},
		"actions":   []any{map[string]any{"block_id": "b", "action_id": "quota.show", "type": "button"}},
	}
}

// TestThreadStory asks in a channel, goes on in the thread without a mention, and
// lets others talk there.
func TestThreadStory(t *testing.T) {
	bothWays(t, func(t *testing.T, w *workspace) {
		engaged := make(chan string, 1)
		w.app.engaged = func(_, thread string) (bool, error) {
			select {
			case on := <-engaged:
				engaged <- on
				return on == thread, nil
			default:
				return false, nil
			}
		}
		w.app.ask = func(_ context.Context, r commands.Request) (commands.Response, error) {
			switch {
			case !r.Overheard:
				engaged <- r.Thread
				return commands.Response{Reply: &commands.Reply{Text: "the figure", InChannel: true}}, nil
			case r.Text == "那完成几个了？":
				return say("the follow-up")
			}
			return commands.Response{}, nil
		}
		in := func(thread, text string) {
			t.Helper()
			if err := w.wang.Say(t.Context(), "CJY", thread, text); err != nil {
				t.Fatal(err)
			}
		}
		in("", "闲聊")
		in(w.wang.Messages("CJY")[0].TS, "还是闲聊")
		in("", "@mouhua 净月")
		root := w.reads(t, "CJY", "the figure").ThreadTS
		in(root, "收到，谢谢")
		in(root, "那完成几个了？")
		if got := w.reads(t, "CJY", "the follow-up"); got.ThreadTS != root || !got.Ephemeral {
			t.Errorf("follow-up %+v", got)
		}
		if n := len(botMessages(w.wang, "CJY")); n != 2 {
			t.Errorf("%d answers", n)
		}
	})
}

func botMessages(p *playground.Person, channel string) (all []playground.Message) {
	for _, m := range p.Messages(channel) {
		if m.Bot {
			all = append(all, m)
		}
	}
	return all
}

// BenchmarkOverheard is what a message costs in a thread where nothing goes on.
func BenchmarkOverheard(b *testing.B) {
	r := newRig(b, nil)
	e := innerEvent{Type: "message", ChannelType: "channel", User: "U1", Channel: "C1", TS: "1.2", ThreadTS: "1.1", Text: "收到"}
	r.overhear("E", e)
	r.work.Wait()
	b.ResetTimer()
	for range b.N {
		if overheard(e, "UBOT") {
			r.overhear("E", e)
		}
	}
}
