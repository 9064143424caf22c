package bot

import (
	"context"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/mouhua/mouhua/commands"
)

// BenchmarkCommand is what the bot adds to the work of the App: one signed
// command, answered by a card of usual size.
func BenchmarkCommand(b *testing.B) {
	r := newRig(b, nil)
	r.app.command = func(context.Context, commands.Request) (commands.Response, error) {
		facts := commands.Facts{}
		for range 8 {
			facts = append(facts, commands.Fact{Label: "已完成", Value: []commands.Span{commands.Bold("12"), commands.Plain(" 个")}})
		}
		return commands.Response{Reply: &commands.Reply{Text: "净月 2018", Parts: []commands.Part{
			commands.Heading("净月 2018"), facts, commands.Buttons{{Action: "project.register", Label: "登记项目"}},
			commands.Note{commands.Plain("截至 2018-03-05 09:00")},
		}}}, nil
	}
	body := url.Values{
		"command": {"/quota"}, "text": {"jingyue"}, "user_id": {"U1"}, "channel_id": {"C1"},
		"trigger_id": {"T1"}, "response_url": {"https://hooks.slack.com/commands/1"},
	}.Encode()
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		r.web.ServeHTTP(w, signed("/slack/commands", body, time.Now()))
		if w.Body.Len() == 0 {
			b.Fatal("no answer")
		}
	}
}
