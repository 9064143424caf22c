package reporting

import "strings"

// EscalationMessage tells somebody beyond a body's channel that it has been
// behind for weeks, or that it no longer is.
const EscalationMessage MessageKind = "escalation"

// EscalationStep is who is told.
type EscalationStep string

// The steps, in their order.
const (
	ToContact EscalationStep = "contact" // the body's officials
	ToLeader  EscalationStep = "leader"  // the leader in charge of the body
	ToOffice  EscalationStep = "office"  // the office's list
)

// EscalationSteps lists the steps.
var EscalationSteps = []EscalationStep{ToContact, ToLeader, ToOffice}

// EscalationRule is after how many weeks in a row whose level is yellow or red
// each step is taken; 0 = never. The zero rule is off.
type EscalationRule struct {
	Contact, Leader, Office int
	OfficeColour            Colour   // Red: the last step counts red weeks only; Yellow: both
	OfficeList              []string // Slack user ids; none = the office's channel
	OfficeChannel           string
}

// On reports whether any step is ever taken.
func (r EscalationRule) On() bool { return r.Contact > 0 || r.Leader > 0 || r.Office > 0 }

// Streak is a run of weeks of one plan year whose level is yellow or red, the
// newest first. Weeks of which nothing is known neither count nor end it.
type Streak []NudgeWeek

// First returns the week with which it began: it names the streak.
func (s Streak) First() Week { return s[len(s)-1].Week }

// Reds returns how many weeks in a row, up to the newest, were red.
func (s Streak) Reds() int {
	for i, w := range s {
		if w.Level != Red {
			return i
		}
	}
	return len(s)
}

func streakOf(weeks []NudgeWeek) Streak {
	for i, w := range weeks {
		if w.Level != Yellow && w.Level != Red || w.Year != weeks[0].Year {
			return weeks[:i:i]
		}
	}
	return weeks
}

// Escalate returns the streak that concerns a body, whose weeks are given the
// newest first, and the steps that it has reached. Ended says that the newest
// week ended it; with no streak there is nothing to tell.
func Escalate(weeks []NudgeWeek, r EscalationRule) (s Streak, steps []EscalationStep, ended bool) {
	if s = streakOf(weeks); len(s) == 0 {
		if len(weeks) == 0 {
			return nil, nil, false
		}
		s, ended = streakOf(weeks[1:]), true
		if len(s) == 0 {
			return nil, nil, false
		}
	}
	for _, step := range EscalationSteps {
		if need := r.After(step); need > 0 && r.counted(s, step, ended) >= need {
			steps = append(steps, step)
		}
	}
	return s, steps, ended
}

// After returns after how many weeks a step is taken, 0 = never.
func (r EscalationRule) After(step EscalationStep) int {
	return map[EscalationStep]int{ToContact: r.Contact, ToLeader: r.Leader, ToOffice: r.Office}[step]
}

// counted returns how many weeks of a streak count for a step; of one that has
// ended the longest run, for a step once taken stays taken.
func (r EscalationRule) counted(s Streak, step EscalationStep, ended bool) int {
	if step != ToOffice || r.OfficeColour == Yellow {
		return len(s)
	}
	n := s.Reds()
	for i := range s {
		if ended {
			n = max(n, s[i:].Reds())
		}
	}
	return n
}

// Told is who gets a step of an escalation.
type Told struct {
	To      []string         // Slack user ids, or the office's channel
	Missing []EscalationStep // the steps whose people are not known, so that it went on to these
}

// Recipients returns who gets a step about b: those of the next step where
// nobody is known. Nobody when there is no office channel either.
func (r EscalationRule) Recipients(step EscalationStep, b Body, officials []string) Told {
	var t Told
	for _, s := range EscalationSteps[escalationRank(step):] {
		switch s {
		case ToContact:
			t.To = officials
		case ToLeader:
			if b.LeaderID != "" {
				t.To = []string{b.LeaderID}
			}
		case ToOffice:
			if t.To = r.OfficeList; len(t.To) == 0 && r.OfficeChannel != "" {
				t.To = []string{r.OfficeChannel}
			}
		}
		if len(t.To) > 0 {
			return t
		}
		t.Missing = append(t.Missing, s)
	}
	return t
}

func escalationRank(step EscalationStep) int {
	for i, s := range EscalationSteps {
		if s == step {
			return i
		}
	}
	return 0
}

// EscalationKey is the key under which it is kept to whom a step of a streak
// went: once for each streak and step.
func EscalationKey(body string, first Week, step EscalationStep) string {
	return "escalate/" + body + "/" + first.String() + "/" + string(step)
}

// Messages returns what a step of a streak of b has to say, and what keeps to
// whom. Nobody is told when nobody is known.
func (t Told) Messages(b Body, s Streak, step EscalationStep, at int64) []Message {
	args := map[string]string{"step": string(step), "first": s.First().String(), "week": s[0].Week.String(), "missing": joinSteps(t.Missing)}
	kept := Message{
		Key: EscalationKey(b.ID, s.First(), step), Kind: EscalationMessage, BodyID: b.ID, DueAt: at, Skip: "told_each",
		Args: map[string]string{"step": string(step), "to": strings.Join(t.To, " ")},
	}
	if len(t.To) == 0 {
		kept.Skip = "nobody"
	}
	out := []Message{kept}
	for _, to := range t.To {
		out = append(out, Message{Key: kept.Key + "/" + to, Kind: EscalationMessage, BodyID: b.ID, To: to, DueAt: at, Args: args})
	}
	return out
}

// EscalationEnded returns what those are told who were told of a streak of b:
// once, that it has ended. kept are the messages under EscalationKey.
func EscalationEnded(b Body, s Streak, week Week, kept []Message, at int64) []Message {
	var out []Message
	seen := map[string]bool{}
	for _, k := range kept {
		for _, to := range strings.Fields(k.Args["to"]) {
			if seen[to] {
				continue
			}
			seen[to] = true
			out = append(out, Message{
				Key: "escalate/" + b.ID + "/" + s.First().String() + "/ended/" + to, Kind: EscalationMessage, BodyID: b.ID, To: to, DueAt: at,
				Args: map[string]string{"step": "ended", "first": s.First().String(), "week": week.String()},
			})
		}
	}
	return out
}

func joinSteps(steps []EscalationStep) string {
	words := make([]string, len(steps))
	for i, s := range steps {
		words[i] = string(s)
	}
	return strings.Join(words, " ")
}
