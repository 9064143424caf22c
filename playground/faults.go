package playground

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// FaultKind says how a call of the Web API goes wrong.
type FaultKind string

// The faults. All but AnswerLost strike before the call is carried out, unless
// Fault.After says otherwise.
const (
	AnswerLost  FaultKind = "answer_lost" // carried out, and the connection drops without an answer
	ServerError FaultKind = "error"       // HTTP 500
	Hang        FaultKind = "hang"        // no answer until the caller gives up or the fault ends
	Storm       FaultKind = "storm"       // HTTP 429 with Retry-After
	Reset       FaultKind = "reset"       // the connection is reset
	WebPage     FaultKind = "web_page"    // HTTP 200 with a page instead of JSON, as from a proxy
	Refusal     FaultKind = "refusal"     // a refusal in Slack's terms: Fault.Code
)

// Fault is something wrong with Slack that can be switched on. The zero value of a
// field means: no limit, no choice.
type Fault struct {
	Kind    FaultKind `json:"kind"`
	Method  string    `json:"method,omitempty"`  // the method it strikes, as chat.postMessage
	Channel string    `json:"channel,omitempty"` // the channel whose calls it strikes
	After   bool      `json:"after,omitempty"`   // the call is carried out all the same
	Every   int       `json:"every,omitempty"`   // strikes each so many-th of these calls
	Chance  float64   `json:"chance,omitempty"`  // strikes with this probability, up to 1
	Times   int       `json:"times,omitempty"`   // ends by itself after so many hits
	For     float64   `json:"for,omitempty"`     // ends by itself after so many seconds of real time
	// Each counts Every and Times for every method and channel by itself, so that
	// Times: 1 spoils the first try of each post. Such a fault does not end by Times.
	Each       bool   `json:"each,omitempty"`
	RetryAfter int    `json:"retry_after,omitempty"` // of a Storm, in seconds; default 1
	Code       string `json:"code,omitempty"`        // of a Refusal, as internal_error
}

// Broken is a fault that was switched on.
type Broken struct {
	ID    int   `json:"id"`
	Fault Fault `json:"fault"`
	Hits  int   `json:"hits"` // the calls it has spoiled
	Over  bool  `json:"over"` // it was mended, or ended by itself
}

// brokenKept is how many faults that are over can still be seen.
const brokenKept = 100

// broken is a fault at work. The server's mu guards it.
type broken struct {
	Broken
	seen, hit map[string]int // calls and hits, by method and channel if Fault.Each
	end       *time.Timer    // nil without Fault.For
	over      chan struct{}  // closed when it is over
	hanging   int            // calls that wait for the end
}

// Break switches a fault on and returns its number. Errors: the fault contradicts itself.
func (s *Server) Break(f Fault) (int, error) {
	if err := s.possible(f); err != nil {
		return 0, fmt.Errorf("break: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastFault++
	b := &broken{Broken: Broken{ID: s.lastFault, Fault: f}, seen: map[string]int{}, hit: map[string]int{}, over: make(chan struct{})}
	if f.For > 0 {
		b.end = time.AfterFunc(time.Duration(f.For*float64(time.Second)), func() { s.Mend(b.ID) })
	}
	s.faults = append(s.faults, b)
	for len(s.faults) > brokenKept && s.faults[0].Over {
		s.faults = s.faults[1:]
	}
	s.cfg.Log.Info("fault was switched on", "fault", b.ID, "kind", f.Kind, "method", f.Method, "channel", f.Channel)
	s.faultsChanged()
	return b.ID, nil
}

// possible checks a fault.
func (s *Server) possible(f Fault) error {
	_, known := s.methods[f.Method]
	switch {
	case !slices.Contains(faultKinds, f.Kind):
		return fmt.Errorf("there is no fault %q", f.Kind)
	case f.Method != "" && !known:
		return fmt.Errorf("there is no method %q", f.Method)
	case f.Every < 0 || f.Times < 0 || f.For < 0 || f.RetryAfter < 0 || f.Chance < 0 || f.Chance > 1:
		return fmt.Errorf("a number of it is out of range: %+v", f)
	case f.Kind == Refusal && f.Code == "":
		return fmt.Errorf("a refusal needs a code")
	}
	return nil
}

// faultKinds are all, in the order of the page.
var faultKinds = []FaultKind{AnswerLost, ServerError, Hang, Storm, Reset, WebPage, Refusal}

// Mend switches a fault off and returns how often it struck. Calls that hang on it
// lose their connection. A fault that is over, or never was, may be mended too.
func (s *Server) Mend(id int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.faults, func(b *broken) bool { return b.ID == id })
	if i < 0 {
		return 0
	}
	s.mend(s.faults[i])
	return s.faults[i].Hits
}

// MendAll switches every fault off.
func (s *Server) MendAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mendAll()
}

// mendAll is MendAll for whoever holds mu.
func (s *Server) mendAll() {
	for _, b := range s.faults {
		s.mend(b)
	}
}

// mend ends a fault. The caller holds mu.
func (s *Server) mend(b *broken) {
	if b.Over {
		return
	}
	b.Over = true
	close(b.over)
	if b.end != nil {
		b.end.Stop()
	}
	s.cfg.Log.Info("fault was mended", "fault", b.ID, "kind", b.Fault.Kind, "hits", b.Hits)
	s.faultsChanged()
}

// Faults returns what was switched on, oldest first, the last hundred even when they are over.
func (s *Server) Faults() []Broken {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []Broken{}
	for _, b := range s.faults {
		all = append(all, b.Broken)
	}
	return all
}

// Calls returns how often the bot has called a method for a channel, faults included;
// "" stands for any channel.
func (s *Server) Calls(method, channel string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method+" "+channel]
}

// faultsChanged tells the pages and those who wait. The caller holds mu.
func (s *Server) faultsChanged() {
	s.publish(nil, object{"type": "faults", "faults": s.shownFaults()})
	s.touch()
}

// struck counts a call and returns the fault that spoils it, nil if none does.
func (s *Server) struck(c *call) *broken {
	channel := cmp.Or(c.str("channel"), c.str("channel_id"))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[c.name+" "]++
	if channel != "" {
		s.calls[c.name+" "+channel]++
	}
	for _, b := range s.faults {
		f := b.Fault
		if b.Over || f.Method != "" && f.Method != c.name || f.Channel != "" && f.Channel != channel {
			continue
		}
		where := ""
		if f.Each {
			where = c.name + " " + channel
		}
		b.seen[where]++
		switch {
		case f.Every > 1 && b.seen[where]%f.Every != 0:
		case f.Chance > 0 && rand.Float64() >= f.Chance: //nolint:gosec // no secret
		case f.Times > 0 && b.hit[where] == f.Times: // of this method and channel
		default:
			b.hit[where]++
			b.Hits++
			s.cfg.Log.Info("fault struck", "fault", b.ID, "kind", f.Kind, "method", c.name, "channel", channel, "hits", b.Hits)
			s.faultsChanged()
			if f.Kind == Hang {
				b.hanging++
			}
			s.spent(b)
			return b
		}
	}
	return nil
}

// spent ends a fault that has struck as often as it may and that nobody hangs on any
// more. The caller holds mu.
func (s *Server) spent(b *broken) {
	if !b.Fault.Each && b.Fault.Times > 0 && b.Hits == b.Fault.Times && b.hanging == 0 {
		s.mend(b)
	}
}

// spoil answers a call as the fault wants. What After asks for was done before.
func (s *Server) spoil(w http.ResponseWriter, r *http.Request, b *broken) {
	switch b.Fault.Kind {
	case ServerError:
		w.WriteHeader(http.StatusInternalServerError)
	case Storm:
		w.Header().Set("Retry-After", strconv.Itoa(max(b.Fault.RetryAfter, 1)))
		writeJSON(w, http.StatusTooManyRequests, object{"ok": false, "error": "ratelimited"})
	case WebPage:
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html><title>Slack is down</title></html>")
	case Refusal:
		writeJSON(w, http.StatusOK, object{"ok": false, "error": b.Fault.Code})
	case Reset:
		reset(w)
	case Hang:
		select {
		case <-r.Context().Done():
		case <-b.over:
		}
		s.mu.Lock()
		b.hanging--
		s.spent(b)
		s.mu.Unlock()
		panic(http.ErrAbortHandler)
	default:
		panic(http.ErrAbortHandler)
	}
}

// reset ends a connection so that the caller reads "connection reset by peer".
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // an ordinary end is a fault, too
	}
	_ = conn.Close() // it is to be broken
}
