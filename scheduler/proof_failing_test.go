package scheduler

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// callTime is how long Slack takes for a post in this proof, callLimit when the
// bot gives a call up.
const (
	callTime  = 200 * time.Millisecond
	callLimit = 10 * time.Second
)

// failingBody answers every post of b00, the first in line, as fail says; tries
// are the moments of those. The others are posted.
func failingBody(tries *[]time.Time, fail func(n int) reporting.Receipt) *fakeCourier {
	c := &fakeCourier{}
	c.answer = func(m reporting.Message) reporting.Receipt {
		if m.BodyID == "b00" && m.Kind == reporting.NudgeMessage && fail != nil {
			c.mu.Lock()
			*tries = append(*tries, time.Now())
			n := len(*tries)
			c.mu.Unlock()
			if r := fail(n); r.Outcome != "" {
				return r
			}
		}
		time.Sleep(callTime)
		return reporting.Receipt{Outcome: reporting.Sent}
	}
	return c
}

// deliveredAt lets a week of forty bodies be nudged. It returns when those beside
// b00 were, in order, and when b00 was tried. Who is posted to first of those
// that are due at the same moment is not decided: it is the moments that count,
// and in a good week the first of them is taken to be b00's.
func deliveredAt(t *testing.T, fail func(n int) reporting.Receipt) (at, tries []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-05 09:00")
		until(start)
		store := newStore(bodies(40, time.Time{})...)
		var tried []time.Time
		courier := failingBody(&tried, fail)
		run(t, New(store, courier, Config{Rule: rule}), start.Add(30*time.Minute))
		for _, p := range courier.posts {
			if strings.HasPrefix(p.Key, "nudge/") && (fail == nil || !strings.HasPrefix(p.Key, "nudge/b00/")) {
				at = append(at, p.At.Sub(start))
			}
		}
		slices.Sort(at)
		if fail == nil {
			at = at[1:]
		}
		for _, moment := range tried {
			tries = append(tries, moment.Sub(start))
		}
	})
	return at, tries
}

// TestProofOneFailingBody has one body of forty fail in every way there is. The
// other thirty-nine are nudged as in a week in which none fails, later by no
// more than the slots of the workspace's pace that the tries of the first took:
// a quarter of a second each.
func TestProofOneFailingBody(t *testing.T) {
	retry := func(class reporting.FailureClass, wait time.Duration) reporting.Receipt {
		return reporting.Receipt{Outcome: reporting.Retry, Class: class, RetryAt: time.Now().Add(wait).UnixMilli()}
	}
	const slot = time.Second / 4
	undisturbed, _ := deliveredAt(t, nil)
	if len(undisturbed) != 39 {
		t.Fatalf("%d bodies after the first are nudged in a good week", len(undisturbed))
	}
	// Four at once, then one every quarter of a second.
	if last, want := undisturbed[38], 36*slot+callTime; last != want {
		t.Errorf("a good week takes %s, want %s", last, want)
	}
	for _, tt := range []struct {
		name string
		fail func(n int) reporting.Receipt
		told int // messages that follow from it, which take a slot each
	}{
		{"destination: its channel is archived", func(int) reporting.Receipt {
			time.Sleep(callTime)
			return reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "is_archived"}
		}, 1},
		{"temporary: refused, again and again", func(n int) reporting.Receipt {
			time.Sleep(callTime)
			return retry(reporting.Temporary, min(2*time.Second<<n, 5*time.Minute))
		}, 0},
		{"temporary: refused at once, to be tried at once", func(int) reporting.Receipt { return retry(reporting.Temporary, 0) }, 0},
		{"unknown: every call hangs until it is given up", func(n int) reporting.Receipt {
			time.Sleep(callLimit)
			return retry(reporting.Unknown, min(2*time.Second<<n, 5*time.Minute))
		}, 0},
		{"unknown: one call hangs", func(n int) reporting.Receipt {
			if n > 1 {
				return reporting.Receipt{}
			}
			time.Sleep(callLimit)
			return retry(reporting.Unknown, 4*time.Second)
		}, 0},
		{"bug: Slack refuses what was built", func(int) reporting.Receipt {
			time.Sleep(callTime)
			return reporting.Receipt{Outcome: reporting.Failed, Class: reporting.OurBug, Reason: "invalid_blocks"}
		}, 0},
		{"bug: composing it panics", func(int) reporting.Receipt { panic("no such indicator") }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			at, tries := deliveredAt(t, tt.fail)
			if len(at) != 39 {
				t.Fatalf("%d others are nudged, want 39", len(at))
			}
			for i, usual := range undisturbed {
				before := 0
				for _, try := range tries[1:] { // the first has its slot in the good week, too
					if try <= at[i] {
						before++
					}
				}
				allowed := time.Duration(before+tt.told)*slot + time.Microsecond // the pace is reckoned in fractions
				if late := at[i] - usual; late > allowed {
					t.Errorf("the %d. of the others is nudged at %s, %s late; %d more tries and %d more messages excuse %s", i+1, at[i], late, before, tt.told, allowed)
				}
			}
		})
	}
}

// TestProofOneFailingPlan: what cannot be planned for one body is planned for
// the others in the same moment.
func TestProofOneFailingPlan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := shanghai("2018-03-05 09:00")
		until(start)
		store, courier := newStore(bodies(40, time.Time{})...), &fakeCourier{}
		store.fail["b00"] = errors.New("broken")
		run(t, New(store, courier, Config{Rule: rule}), start.Add(10*time.Second))
		if n := len(courier.keys()); n != 39 {
			t.Errorf("%d bodies were nudged within ten seconds, want 39", n)
		}
	})
}

// TestProofRateLimited: a 429 counts for the method in the whole workspace
// (https://docs.slack.dev/apis/web-api/rate-limits), so that all wait as long as
// it says, and no longer: whoever went on posting would lengthen it. The slots
// of the pace go on meanwhile, so that the rest comes as it would have.
func TestProofRateLimited(t *testing.T) {
	const wait = 30 * time.Second
	undisturbed, _ := deliveredAt(t, nil)
	at, tries := deliveredAt(t, func(n int) reporting.Receipt {
		if n > 1 {
			return reporting.Receipt{}
		}
		return reporting.Receipt{Outcome: reporting.Retry, Class: reporting.RateLimited, RetryAt: time.Now().Add(wait).UnixMilli()}
	})
	if len(at) != 39 {
		t.Fatalf("%d others are nudged, want 39", len(at))
	}
	// Which of those due at once comes first is left open, so the pause begins
	// whenever the limited one was tried; its second try has its turn among all.
	const slots = 40 * time.Second / 4
	if len(tries) != 2 || tries[1]-tries[0] < wait || tries[1]-tries[0] > wait+slots {
		t.Fatalf("the first is tried at %s, want twice, %s apart", tries, wait)
	}
	early := 0
	for i, usual := range undisturbed {
		switch late := at[i] - usual; {
		case at[i] <= tries[0]:
		case at[i] < tries[0]+wait:
			early++ // was under way when Slack said so
		case late > wait+time.Microsecond:
			t.Errorf("the %d. of the others is nudged at %s, %s late, want no more than the %s that Slack asked for", i+1, at[i], late, wait)
		}
	}
	if early > 3 {
		t.Errorf("%d bodies are posted to in the pause, want no more than the other three workers had under way", early)
	}
}
