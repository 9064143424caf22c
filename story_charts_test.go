package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/playground"
)

// TestStoryCharts is the story of a leader who asks for the city over both
// ways into Slack: two charts, in the channel; in a workspace that refuses
// charts the same in words, once, and for the next question at once.
func TestStoryCharts(t *testing.T) {
	for _, mode := range []string{"http", "socket"} {
		t.Run(mode, func(t *testing.T) {
			m := newMouhua(t, mode, "sqlite://"+filepath.Join(t.TempDir(), "charts.db"))
			prepare(m, time.Now().In(changchun(t)).Year())
			m.serve()
			sun := m.as(leader)
			reports := func() (all []playground.Message) {
				for _, msg := range sun.Messages(leadersRoom) {
					if strings.Contains(msg.Text, "1,000") {
						all = append(all, msg)
					}
				}
				return all
			}
			ask := func(charts int) playground.Message {
				t.Helper()
				before := len(reports())
				said := sun.types(leadersRoom, "/report city", "1,000")
				if drawn := strings.Count(flat(said.Blocks), `"data_visualization"`); drawn != charts || said.Ephemeral {
					t.Errorf("%d charts are drawn, want %d, for one alone: %v: %s", drawn, charts, said.Ephemeral, words(said))
				}
				if n := len(reports()) - before; n != 1 {
					t.Errorf("the answer is there %d times", n)
				}
				return said
			}
			ask(2)
			switched := func(on bool) {
				if err := m.slack.Switch("no_charts", on); err != nil {
					t.Fatal(err)
				}
			}
			switched(true)
			if said := words(ask(0)); !strings.Contains(said, "謀劃儲備：") || !strings.Contains(said, "逐月累計") {
				t.Errorf("what the charts show is not said: %s", said)
			}
			m.until("remembered", func() bool { return strings.Contains(m.logs.String(), "pictures refused") })
			switched(false)
			ask(0) // not tried again within the hour
		})
	}
}
