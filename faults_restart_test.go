package main

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

// restart does what a restart of the server looks like from here: what is open is cut,
// and who comes is told that it is starting up, until ready is called.
func (g *gate) restart() {
	g.mu.Lock()
	g.starting = true
	g.mu.Unlock()
	g.cut()
}

func (g *gate) ready() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.starting = false
}

func (g *gate) startingUp() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.starting {
		g.refused++
	}
	return g.starting
}

// notYet answers the startup packet of a client as PostgreSQL does that is not ready:
// https://www.postgresql.org/docs/current/protocol-message-formats.html
func notYet(client net.Conn) {
	defer client.Close()
	var length [4]byte
	if _, err := io.ReadFull(client, length[:]); err != nil {
		return
	}
	if _, err := io.CopyN(io.Discard, client, int64(binary.BigEndian.Uint32(length[:]))-4); err != nil {
		return
	}
	fields := "SFATAL\x00VFATAL\x00C57P03\x00Mthe database system is starting up\x00\x00"
	_, _ = client.Write(append(binary.BigEndian.AppendUint32([]byte("E"), uint32(4+len(fields))), fields...))
}

// TestFaultDatabaseGoneWhileNudging takes the database away for a minute in the middle of
// the week's nudges, when one is posted and not yet written down, and restarts the server
// then: nothing is delivered meanwhile, and every nudge comes once.
func TestFaultDatabaseGoneWhileNudging(t *testing.T) {
	g, through := behindGate(t, freshPostgres(t))
	n := nudgingIn(t, startHTTPOn(t, through))
	hangs, err := n.workspace.Break(playground.Fault{Kind: playground.Hang, Method: "chat.postMessage", Channel: "C0JINGYUE", Times: 1, After: true})
	if err != nil {
		t.Fatal(err)
	}
	n.toMonday()
	passed := make(chan error, 1)
	go func() {
		_, err := n.service.sched.DeliverDue(t.Context())
		passed <- err
	}()
	n.waits(func() bool { return len(arrived(n, []string{"nudge/jingyue/" + n.week()})) == 1 })
	g.lock()
	n.workspace.Mend(hangs)
	if err := <-passed; reporting.CodeOf(err) != reporting.Unavailable {
		t.Errorf("the run ended with %v", err)
	}
	before := nudges(n.workspace)
	for range 6 { // a minute
		n.clock(`{"action":"advance","seconds":10}`)
		n.fails()
	}
	g.restart()
	g.unlock()
	for range 3 {
		n.clock(`{"action":"advance","seconds":10}`)
		n.fails()
	}
	if g.refused == 0 {
		t.Error("nobody was told that the server is starting up")
	}
	if diff := cmp.Diff(before, nudges(n.workspace)); diff != "" {
		t.Errorf("posted while the database was away: %s", diff)
	}
	g.ready()
	n.settle()
	if diff := cmp.Diff(n.due(), nudges(n.workspace)); diff != "" {
		t.Error(diff)
	}
}

// TestFaultDatabaseGoneOnMonday has the database come back a minute after the nudges were
// due: they are planned late, and once.
func TestFaultDatabaseGoneOnMonday(t *testing.T) {
	g, through := behindGate(t, freshPostgres(t))
	n := nudgingIn(t, startHTTPOn(t, through))
	g.restart()
	_, at := n.config.rule().Next(n.workspace.Now())
	n.clock(`{"action":"set","at_ms":` + flat(at.UnixMilli()) + `}`)
	for range 6 {
		n.fails()
		n.clock(`{"action":"advance","seconds":10}`)
	}
	if got := nudges(n.workspace); len(got) > 0 {
		t.Errorf("posted without a database: %v", got)
	}
	g.ready()
	n.plan()
	n.plan()
	n.settle()
	if diff := cmp.Diff(n.due(), nudges(n.workspace)); diff != "" {
		t.Error(diff)
	}
}

// fails runs the scheduler without a database.
func (n *nudging) fails() {
	n.t.Helper()
	if err := n.service.sched.Tick(n.t.Context()); reporting.CodeOf(err) != reporting.Unavailable {
		n.t.Errorf("without a database the scheduler says %v", err)
	}
}

// week is the week that is nudged for.
func (n *nudging) week() string {
	week, _ := n.config.rule().Current(n.workspace.Now())
	return week.String()
}

// waits waits for what comes from elsewhere.
func (n *nudging) waits(cond func() bool) {
	n.t.Helper()
	deadline := time.NewTimer(waitLimit)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-deadline.C:
			n.t.Fatal("waited in vain")
		}
	}
}
