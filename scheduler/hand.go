package scheduler

import "github.com/mouhua/mouhua/reporting"

// hand is the messages that a delivery has claimed and not settled, in the
// order of each destination. Only the loop of the delivery touches it.
type hand struct {
	held, busy int // messages in all, and those under way
	queues     map[string][]reporting.Message
	ready      []string        // destinations with a queue that nobody works on, the longest waiting first
	working    map[string]bool // destinations that somebody works on
}

// delivered is what became of a message to a destination.
type delivered struct {
	to    string
	final bool
	err   error
}

func newHand() *hand {
	return &hand{queues: map[string][]reporting.Message{}, working: map[string]bool{}}
}

// take adds claimed messages.
func (h *hand) take(claimed []reporting.Message) {
	for _, m := range claimed {
		d := destination(m)
		if len(h.queues[d]) == 0 && !h.working[d] {
			h.ready = append(h.ready, d)
		}
		h.queues[d] = append(h.queues[d], m)
	}
	h.held += len(claimed)
}

// next hands out the first message of the destination that has waited longest.
func (h *hand) next() (to string, m reporting.Message, ok bool) {
	if len(h.ready) == 0 {
		return "", m, false
	}
	to, h.ready = h.ready[0], h.ready[1:]
	m, h.queues[to] = h.queues[to][0], h.queues[to][1:]
	h.working[to] = true
	h.busy++
	return to, m, true
}

// finish takes back a destination whose message is done with.
func (h *hand) finish(to string) {
	h.busy--
	h.held--
	delete(h.working, to)
	if len(h.queues[to]) > 0 {
		h.ready = append(h.ready, to)
		return
	}
	delete(h.queues, to)
}
