package reporting

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// levels returns the weeks of a body up to week 40, the newest first as the
// letters are: r y b g, and - for one of which nothing is known.
func levels(text string) []NudgeWeek {
	var out []NudgeWeek
	for i, letter := range text {
		level := map[rune]Colour{'r': Red, 'y': Yellow, 'b': Blue, 'g': Green, 't': TooEarly}[letter]
		if level != "" {
			out = append(out, NudgeWeek{BodyID: "jingyue", Week: Week{2018, 40 - i}, Year: 2018, Level: level})
		}
	}
	return out
}

func TestEscalate(t *testing.T) {
	rule := EscalationRule{Contact: 1, Leader: 2, Office: 4, OfficeColour: Red}
	yellow := rule
	yellow.OfficeColour = Yellow
	only := EscalationRule{Office: 4, OfficeColour: Red}
	for _, c := range []struct {
		name  string
		rule  EscalationRule
		weeks string // newest first
		want  string // first week of the streak, its steps, whether it ended
	}{
		{"nothing known", rule, "", ""},
		{"well", rule, "gbg", ""},
		{"one yellow week", rule, "yg", "40 contact"},
		{"two", rule, "yyb", "39 contact leader"},
		{"four, one of them yellow: red ones count for the office", rule, "rrry", "37 contact leader"},
		{"four red", rule, "rrrr", "37 contact leader office"},
		{"made good: yellow first, and nothing ended", rule, "yrrrr", "36 contact leader"},
		{"then blue: it ended, with all that was told", rule, "byrrrr", "35 contact leader office ended"},
		{"long ended", rule, "bbr", ""},
		{"both colours count for the office", yellow, "ryry", "37 contact leader office"},
		{"a week of which nothing is known", rule, "r-rg", "38 contact leader"},
		{"only the office", only, "rrr", "38"},
		{"too early ends it", rule, "tr", "39 contact ended"},
		{"off", EscalationRule{}, "rrrr", "37"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, steps, ended := Escalate(levels(c.weeks), c.rule)
			got := ""
			if len(s) > 0 {
				got = s.First().String()[6:]
				for _, step := range steps {
					got += " " + string(step)
				}
			}
			if ended {
				got += " ended"
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if (EscalationRule{}).On() || !only.On() {
		t.Error("whether escalation is on is wrong")
	}
}

// Another plan year begins another streak.
func TestStreakOfAYear(t *testing.T) {
	weeks := levels("rrr")
	weeks[2].Year = 2017
	if s, _, _ := Escalate(weeks, EscalationRule{Contact: 1}); s.First() != (Week{2018, 39}) {
		t.Errorf("the streak began in %s", s.First())
	}
}

func TestRecipients(t *testing.T) {
	r := EscalationRule{Contact: 1, Leader: 2, Office: 4, OfficeList: []string{"UA", "UB"}, OfficeChannel: "COFF"}
	led := Body{ID: "jingyue", LeaderID: "UL"}
	for _, c := range []struct {
		name      string
		rule      EscalationRule
		step      EscalationStep
		body      Body
		officials string
		want      Told
	}{
		{"its officials", r, ToContact, led, "U1 U2", Told{To: []string{"U1", "U2"}}},
		{"no official: its leader", r, ToContact, led, "", Told{To: []string{"UL"}, Missing: []EscalationStep{ToContact}}},
		{"neither: the office's list", r, ToContact, Body{}, "", Told{To: []string{"UA", "UB"}, Missing: []EscalationStep{ToContact, ToLeader}}},
		{"its leader", r, ToLeader, led, "U1", Told{To: []string{"UL"}}},
		{"no leader", r, ToLeader, Body{}, "U1", Told{To: []string{"UA", "UB"}, Missing: []EscalationStep{ToLeader}}},
		{"the office's channel", EscalationRule{OfficeChannel: "COFF"}, ToOffice, led, "U1", Told{To: []string{"COFF"}}},
		{"nobody", EscalationRule{}, ToOffice, led, "U1", Told{Missing: []EscalationStep{ToOffice}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.rule.Recipients(c.step, c.body, strings.Fields(c.officials))); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEscalationMessages(t *testing.T) {
	b := Body{ID: "jingyue"}
	s, _, _ := Escalate(levels("yyb"), EscalationRule{Contact: 1})
	m := Told{To: []string{"U1", "U2"}}.Messages(b, s, ToContact, 7)
	var keys []string
	for _, one := range m {
		keys = append(keys, one.Key)
	}
	want := []string{"escalate/jingyue/2018-W39/contact", "escalate/jingyue/2018-W39/contact/U1", "escalate/jingyue/2018-W39/contact/U2"}
	if !slices.Equal(keys, want) || m[0].Skip == "" || m[1].Skip != "" || m[1].To != "U1" || m[1].Args["week"] != "2018-W40" {
		t.Errorf("messages %+v", m)
	}
	if m := (Told{}).Messages(b, s, ToOffice, 7); len(m) != 1 || m[0].Skip != "nobody" {
		t.Errorf("to nobody: %+v", m)
	}
	leader := Told{To: []string{"U2", "UL"}}.Messages(b, s, ToLeader, 7)[0]
	ended := EscalationEnded(b, s, Week{2018, 41}, []Message{m[0], leader}, 9)
	keys = nil
	for _, one := range ended {
		keys = append(keys, one.To)
	}
	if !slices.Equal(keys, []string{"U1", "U2", "UL"}) || ended[0].Key != "escalate/jingyue/2018-W39/ended/U1" {
		t.Errorf("ended: %+v", ended)
	}
}
