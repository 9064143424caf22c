package reporting

import (
	"testing"
	"time"
)

func TestSupersedes(t *testing.T) {
	for _, tt := range []struct {
		name string
		m    Message
		want string
	}{
		{"nudge", Message{Kind: NudgeMessage, BodyID: "jingyue", Args: map[string]string{"week": "2018-W10"}}, "nudge/jingyue/"},
		{"nudge that somebody asked for", Message{Kind: NudgeMessage, BodyID: "jingyue", Args: map[string]string{"now": "1"}}, ""},
		{"edit", Message{Kind: NudgeEdit, BodyID: "jingyue", EditOf: "nudge/jingyue/2018-W10"}, "edit/nudge_edit/nudge/jingyue/2018-W10"},
		{"edit of its own kind", Message{Kind: DeliveryReport, EditOf: "delivery-report/2018-W10"}, "edit/delivery_report/delivery-report/2018-W10"},
		{"deadline", Message{Kind: DeadlineMessage, BodyID: "jingyue", Args: map[string]string{"deadline": "progress", "ahead": "3"}}, "deadline/jingyue//progress"},
		{"digest", Message{Kind: DigestMessage}, "digest//"},
		{"card", Message{Kind: ReviewCard, BodyID: "jingyue"}, ""},
		{"answer in a thread", Message{Kind: NudgeLog, BodyID: "jingyue", ThreadOf: "nudge/jingyue/2018-W10"}, ""},
		{"step of an escalation", Message{Kind: EscalationMessage, BodyID: "jingyue", To: "U1"}, ""},
	} {
		if got := tt.m.Supersedes(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestDestination(t *testing.T) {
	for want, m := range map[string]Message{
		"U1": {To: "U1", Kind: ReviewCard}, "office": {Kind: RunProgress}, "body jingyue": {Kind: NudgeMessage, BodyID: "jingyue"},
	} {
		if got := m.Destination(); got != want {
			t.Errorf("%+v goes to %q, want %q", m, got, want)
		}
	}
}

func TestDueLoadTakes(t *testing.T) {
	for _, tt := range []struct {
		name     string
		load     DueLoad
		took     time.Duration
		byBusy   bool
		all, one float64
	}{
		{"forty channels", DueLoad{Messages: 40, Busiest: 1}, 10 * time.Second, false, 4, 1},
		{"4,000 channels", DueLoad{Messages: 4000, Busiest: 2}, 1000 * time.Second, false, 4, 1},
		{"one channel", DueLoad{Messages: 63, Busiest: 63}, time.Minute, true, 4, 1},
		{"nothing", DueLoad{}, 0, false, 4, 1},
	} {
		took, busiest := tt.load.Takes(tt.all, tt.one, 3)
		if took != tt.took || busiest != tt.byBusy {
			t.Errorf("%s: %s, %t; want %s, %t", tt.name, took, busiest, tt.took, tt.byBusy)
		}
	}
}
