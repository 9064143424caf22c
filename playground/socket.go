package playground

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	randv2 "math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets   = 10
	maxAck       = 20_480 // bytes; Slack drops a longer acknowledgement without a word
	pingEvery    = 5 * time.Second
	pongWithin   = 60 * time.Second
	writeWithin  = 5 * time.Second
	socketExpiry = 18_060 // seconds, as hello announces
)

// sockets is the Socket Mode side of the workspace.
// https://docs.slack.dev/apis/events-api/using-socket-mode
type sockets struct {
	appID   string
	log     *slog.Logger
	changed func() // called, unlocked, when a connection came or went

	mu      sync.Mutex
	tickets map[string]bool
	open    []*socket
	closed  bool
}

// socket is one connection of the bot.
type socket struct {
	conn    *websocket.Conn
	writing sync.Mutex
	gone    chan struct{}

	mu      sync.Mutex
	waiting map[string]chan []byte // envelope id → where its acknowledgement goes
}

func newSockets(appID string, log *slog.Logger, changed func()) *sockets {
	return &sockets{appID: appID, log: log, changed: changed, tickets: map[string]bool{}}
}

// ticket returns a fresh ticket that admits one connection.
func (p *sockets) ticket() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := rand.Text()
	p.tickets[id] = true
	return id
}

func (p *sockets) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.open)
}

// ServeHTTP admits a connection and reads its acknowledgements until it ends.
func (p *sockets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("ticket")
	p.mu.Lock()
	admitted := p.tickets[id] && !p.closed
	delete(p.tickets, id)
	p.mu.Unlock()
	if !admitted {
		http.Error(w, "this address was used before or never given out", http.StatusForbidden)
		return
	}
	// The ticket is the credential, so the origin does not matter.
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		p.log.Warn("socket was not opened", "err", err)
		return
	}
	k := &socket{conn: conn, gone: make(chan struct{}), waiting: map[string]chan []byte{}}
	defer conn.Close()
	n, ok := p.add(k)
	if !ok {
		_ = k.write(object{"type": "disconnect", "reason": "too_many_websockets"}) // closed right after
		return
	}
	defer p.drop(k)
	hello := object{"type": "hello", "num_connections": n, "connection_info": object{"app_id": p.appID},
		"debug_info": object{"host": "playground", "build_number": 1, "approximate_connection_time": socketExpiry}}
	if k.write(hello) != nil {
		return
	}
	p.changed()
	go k.ping()
	k.read()
}

func (p *sockets) add(k *socket) (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.open) >= maxSockets {
		return len(p.open), false
	}
	p.open = append(p.open, k)
	return len(p.open), true
}

func (p *sockets) drop(k *socket) {
	close(k.gone)
	p.mu.Lock()
	for i := range p.open {
		if p.open[i] == k {
			p.open = append(p.open[:i], p.open[i+1:]...)
			break
		}
	}
	p.mu.Unlock()
	p.changed()
}

// close says goodbye to all connections and admits no more.
func (p *sockets) close() {
	p.mu.Lock()
	p.closed = true
	open := append([]*socket(nil), p.open...)
	p.mu.Unlock()
	for _, k := range open {
		_ = k.write(object{"type": "disconnect", "reason": "refresh_requested", "debug_info": object{"host": "playground"}})
		k.conn.Close()
	}
}

// send delivers to one connection, chosen at random, and waits for its acknowledgement.
func (p *sockets) send(ctx context.Context, d delivery) ([]byte, error) {
	p.mu.Lock()
	if len(p.open) == 0 {
		p.mu.Unlock()
		return nil, errNoBot
	}
	k := p.open[randv2.IntN(len(p.open))]
	p.mu.Unlock()

	id := rand.Text()
	ack := make(chan []byte, 1)
	k.mu.Lock()
	k.waiting[id] = ack
	k.mu.Unlock()
	defer func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.waiting, id)
	}()
	envelope := object{"envelope_id": id, "type": d.envelope, "payload": d.payload, "accepts_response_payload": d.answered}
	if d.envelope == "events_api" {
		envelope["retry_attempt"], envelope["retry_reason"] = d.attempt, d.reason
	}
	if err := k.write(envelope); err != nil {
		return nil, errConnGone
	}
	select {
	case answer := <-ack:
		if !d.answered {
			answer = nil
		}
		return answer, nil
	case <-k.gone:
		return nil, errConnGone
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (k *socket) write(v any) error {
	k.writing.Lock()
	defer k.writing.Unlock()
	if err := k.conn.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	return k.conn.WriteJSON(v)
}

// read passes acknowledgements on until the connection ends.
func (k *socket) read() {
	k.conn.SetReadLimit(maxBody)
	alive := func(string) error { return k.conn.SetReadDeadline(time.Now().Add(pongWithin)) }
	k.conn.SetPongHandler(alive)
	for alive("") == nil {
		_, raw, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(raw, &ack) != nil || len(raw) >= maxAck {
			continue
		}
		k.mu.Lock()
		waiting := k.waiting[ack.EnvelopeID]
		delete(k.waiting, ack.EnvelopeID)
		k.mu.Unlock()
		if waiting != nil {
			waiting <- ack.Payload
		}
	}
}

// ping keeps the connection alive: clients give up on one that stays silent.
func (k *socket) ping() {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-k.gone:
			return
		case <-tick.C:
			if k.conn.WriteControl(websocket.PingMessage, []byte("playground"), time.Now().Add(writeWithin)) != nil {
				return
			}
		}
	}
}
