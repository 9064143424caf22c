package reporting

import (
	"strconv"
	"strings"
	"time"
)

// The kinds that the outbox itself has to say, both to the office.
const (
	Repaired    MessageKind = "repaired"     // a body's channel can be reached again: once for each time that it could not
	RunProgress MessageKind = "run_progress" // how far a long delivery has come: one message, edited
)

// newestOnly are the kinds of which a body, or whoever they go to, needs only
// the newest with the same arguments of these names: what an older one says is
// over or said again.
var newestOnly = map[MessageKind][]string{
	NudgeMessage:    nil, // a past week's
	DigestMessage:   nil,
	DeliveryReport:  nil,
	DeadlineMessage: {"deadline"}, // so many days before, or of a past month
}

// Supersedes returns what a message makes the older ones of the same text
// needless by, so that after a long stop only the newest goes out; "" = it says
// something of its own. Edits rewrite the whole message with the figures of
// their moment, so the last one is enough. A nudge that somebody asked for is
// posted whatever else is.
func (m Message) Supersedes() string {
	if m.EditOf != "" {
		return "edit/" + string(m.Kind) + "/" + m.EditOf
	}
	names, ok := newestOnly[m.Kind]
	if !ok || m.ThreadOf != "" || m.Args["now"] != "" {
		return ""
	}
	group := []string{string(m.Kind), m.BodyID, m.To}
	for _, n := range names {
		group = append(group, m.Args[n])
	}
	return strings.Join(group, "/")
}

// Destination says what a message shares its pace and its order with. Whose
// channel it is may be found only when it is sent.
func (m Message) Destination() string {
	switch {
	case m.To != "":
		return m.To
	case m.Kind.ToOffice():
		return "office"
	}
	return "body " + m.BodyID
}

// DueLoad is what of the outbox is due.
type DueLoad struct {
	Messages int
	Busiest  int   // messages to the destination that has most
	Oldest   int64 // UTC ms since when the first has been due or there, whichever is later; 0 = none
}

// Takes returns how long delivering it takes at a pace (messages a second in
// all and to one destination, of which burst go at once), and whether one
// destination is what it waits for.
func (l DueLoad) Takes(all, one float64, burst int) (took time.Duration, busiest bool) {
	seconds := func(n int, pace float64) time.Duration {
		return time.Duration(float64(max(n, 0)) / pace * float64(time.Second))
	}
	total, channel := seconds(l.Messages, all), seconds(l.Busiest-burst, one)
	return max(total, channel), channel > total
}

// Run is how far a long delivery has come, as its line in the office's channel
// has it.
type Run struct {
	Key   string        // of the line: run/<minute>
	Began int64         // UTC ms
	Total int           // messages
	Done  int           // of them
	Left  time.Duration // expected
	At    int64         // UTC ms, of these figures
	Ended bool
}

// Repair is what follows when a channel that could not be reached can be again.
// BodyID is the body whose nudges go there, "" = none; NudgeKey is that of its
// current week, which is sent after all if it ended for that channel; Tell goes
// to the office.
type Repair struct {
	Channel  string
	BodyID   string
	NudgeKey string
	Tell     Message
}

// RateWaits is how often Slack asked to wait, and for how long in all.
type RateWaits struct {
	Times int
	Total time.Duration
}

// Message returns the line itself, or its edit of a name.
func (r Run) Message(edit string) Message {
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	// Due before all else: it is about all else.
	m := Message{Key: r.Key, Kind: RunProgress, DueAt: 1, Args: map[string]string{
		"run": r.Key, "began": n(r.Began), "at": n(r.At), "total": strconv.Itoa(r.Total), "done": strconv.Itoa(r.Done),
		"left": n(r.Left.Milliseconds()), "ended": strconv.FormatBool(r.Ended),
	}}
	if edit != "" {
		m.Key, m.EditOf = r.Key+"/"+edit, r.Key
		// The last one of them is the newest.
		m.DueAt = 1 + (r.At-r.Began)/1000
	}
	return m
}

// RunOf returns what a message of kind RunProgress says.
func RunOf(m Message) Run {
	n := func(name string) int64 {
		v, _ := strconv.ParseInt(m.Args[name], 10, 64)
		return v
	}
	return Run{
		Key: m.Args["run"], Began: n("began"), At: n("at"), Total: int(n("total")), Done: int(n("done")),
		Left: time.Duration(n("left")) * time.Millisecond, Ended: m.Args["ended"] == "true",
	}
}
