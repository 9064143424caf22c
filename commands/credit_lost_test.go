package commands

import (
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// A body whose credit is taken back is told in its channel: why, by whom, and
// where it stands now. What came back meanwhile is not told.
func TestComposeCreditLost(t *testing.T) {
	a, s := office(t)
	for i := range s.bodies.All {
		if s.bodies.All[i].ID == "jingyue" {
			s.bodies.All[i].ChannelID = "CJY"
		}
	}
	put(s, 1, func(p *reporting.Project) { verified(p); p.InvestTotal = 9999 })
	put(s, 2, verified)
	message := func(id, body, why string) reporting.Message {
		return reporting.Message{Kind: reporting.CreditLost, BodyID: body, Args: map[string]string{"project": id, "year": "2018", "by": "URE", "why": why}}
	}
	tests := []struct {
		name string
		m    reporting.Message
		skip string
		want []string
	}{
		{"below", message("CC-2018-0001", "jingyue", "below"), "", []string{"净月高新区", "不再计入2018年任务", "9,999 万元", "低于计入标准", "<@URE>", "数据截至"}},
		{"a day's step", func() reporting.Message {
			m := message("CC-2018-0001", "jingyue", "hold")
			m.Args["by"] = reporting.System.UserID
			return m
		}(), "", []string{"暂停已超过 90 天"}},
		{"counts again", message("CC-2018-0002", "jingyue", "below"), "counts_again", nil},
		{"no channel", message("CC-2018-0001", "gxj", "below"), "no_channel", nil},
		{"no project", message("CC-2018-0099", "jingyue", "below"), "no_project", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, err := a.Compose(t.Context(), tt.m)
			if err != nil || out.Skip != tt.skip {
				t.Fatalf("skip %q, %v; want %q", out.Skip, err, tt.skip)
			}
			if tt.skip != "" {
				return
			}
			if out.Channel != "CJY" || !out.Reply.InChannel {
				t.Errorf("goes to %s", out.Channel)
			}
			wants(t, tt.name, drawn(out.Reply), tt.want...)
		})
	}
	for _, why := range []string{"below", "moved", "withdrawn", "merged", "held", "hold", "year"} {
		for _, l := range reporting.Locales {
			if key := "lost.why." + why; a.words.Say(l, key) == key {
				t.Errorf("%s has no text in %s", key, l)
			}
		}
	}
}
