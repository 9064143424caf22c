package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

// TestProofSwitches turns on one fault after the other, a week each, while two
// replicas deliver the nudges of forty bodies: each body has its one nudge.
func TestProofSwitches(t *testing.T) {
	address := freshPostgres(t)
	f := newFleet(t, "http", 2, "postgres", address, address)
	var weeks []reporting.Week
	week := func(during func()) {
		f.t.Helper()
		f.toNextWeek(time.Second)
		for _, r := range f.replicas {
			f.start(r)
		}
		f.settled(2*waitLimit, during)
		f.slack.MendAll()
		weeks = append(weeks, f.week)
	}
	once := func(do func()) func() { // in the middle of the delivery
		done := false
		return func() {
			if !done && f.posted() > 5 {
				done = true
				do()
			}
		}
	}
	week(func() {})
	for _, fault := range []playground.Fault{
		{Kind: playground.AnswerLost, Method: "chat.postMessage", Each: true, Times: 1},
		{Kind: playground.AnswerLost, Each: true, Times: 1}, // of the look into the history, too
		{Kind: playground.ServerError, Each: true, Times: 1},
		{Kind: playground.ServerError, After: true, Method: "chat.postMessage", Each: true, Times: 2},
		{Kind: playground.Reset, Each: true, Times: 1},
		{Kind: playground.Reset, After: true, Method: "chat.postMessage", Each: true, Times: 1},
		{Kind: playground.Storm, For: 2},
		{Kind: playground.WebPage, After: true, Method: "chat.postMessage", Each: true, Times: 1},
		{Kind: playground.Hang, Method: "chat.postMessage", Each: true, Times: 1, For: 1},
		{Kind: playground.Hang, After: true, Method: "chat.postMessage", Each: true, Times: 1, For: 1},
	} {
		id, err := f.slack.Break(fault)
		if err != nil {
			t.Fatal(err)
		}
		week(func() {})
		t.Logf("%s: %s, carried out: %v, hits: %d", f.week, fault.Kind, fault.After || fault.Kind == playground.AnswerLost, f.slack.Mend(id))
		if hits := f.slack.Mend(id); hits == 0 {
			t.Errorf("%+v struck nothing", fault)
		}
	}
	week(once(func() { f.outage(2 * time.Second) }))
	week(once(func() { // all connections die, as when PostgreSQL is restarted
		if _, err := f.db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
	}))
	week(once(func() { f.moveTo(f.clock.Now().Add(20 * time.Second)) }))
	week(once(func() { f.moveTo(f.clock.Now().Add(-20 * time.Second)) }))
	c := f.counted(weeks)
	t.Logf("%d weeks: nudges: %d expected, %d found, %d lost, %d doubled", len(weeks), c.expected, c.found, c.lost, c.doubled)
}

// TestProofClockJumps moves the clock of a lone replica by an hour, half a week
// and back, in the middle of a delivery.
func TestProofClockJumps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jumps.db")
	f := newFleet(t, "http", 1, "sqlite", "sqlite://"+path, path)
	var weeks []reporting.Week
	for _, by := range []time.Duration{time.Hour, -time.Hour, 84 * time.Hour, -84 * time.Hour} {
		f.toNextWeek(time.Second)
		f.start(f.replicas[0])
		jumped := false
		f.settled(2*waitLimit, func() {
			if !jumped && f.posted() > 5 {
				jumped = true
				f.moveTo(f.clock.Now().Add(by))
			}
		})
		weeks = append(weeks, f.week)
		if by < -time.Hour {
			f.moveTo(f.clock.Now().Add(-by))
		}
	}
	c := f.counted(weeks)
	t.Logf("%d jumps: nudges: %d expected, %d found, %d lost, %d doubled", len(weeks), c.expected, c.found, c.lost, c.doubled)
}

// TestProofChannels has two bodies' channels archived and the bot removed from
// two more: the other bodies are nudged, the office is told of each once, and
// once they are repaired the nudge of the week that lasts comes by itself. Then a
// person deletes the nudges of a week: the next ones go out, and none of the
// deleted comes again.
func TestProofChannels(t *testing.T) {
	path := filepath.Join(t.TempDir(), "channels.db")
	f := newFleet(t, "socket", 1, "sqlite", "sqlite://"+path, path)
	person := f.slack.As(boss)
	do := func(act func(channel string) error, bodies ...string) {
		t.Helper()
		for _, b := range bodies {
			if err := act(fleetRoom(b)); err != nil {
				t.Fatal(err)
			}
		}
	}
	week := func(due int) {
		t.Helper()
		f.due = due
		f.toNextWeek(time.Second)
		f.start(f.replicas[0])
		f.settled(2*waitLimit, func() {})
	}
	nudgedOf := func(body string) (n int) {
		for _, m := range person.Messages(fleetRoom(body)) {
			if keyOf(m) == reporting.NudgeKey(body, f.week) {
				n++
			}
		}
		return n
	}
	dead := []string{"b03", "b17", "b08", "b31"}
	check := func(alive bool) {
		t.Helper()
		for _, b := range f.bodies {
			want := 1
			if slices.Contains(dead, b) && !alive {
				want = 0
			}
			if n := nudgedOf(b); n != want {
				t.Errorf("%s has %d nudges of %s, want %d", b, n, f.week, want)
			}
		}
	}
	told := func() (n int) {
		for _, m := range person.Messages(officeRoom) {
			if strings.HasPrefix(keyOf(m), "undeliverable/") {
				n++
			}
		}
		return n
	}

	do(person.Archive, dead[:2]...)
	do(person.RemoveBot, dead[2:]...)
	week(len(f.bodies)) // planned for all, since nobody knows yet
	check(false)
	week(len(f.bodies) - len(dead))
	check(false)
	f.until("telling the office", func() bool { return told() == len(dead) })

	do(person.Unarchive, dead[:2]...)
	do(person.InviteBot, dead[2:]...)
	f.due = len(f.bodies)
	f.settled(2*waitLimit, func() {})
	check(true) // late, in the week that lasts
	if n := told(); n != len(dead) {
		t.Errorf("the office was told %d times of %d dead channels", n, len(dead))
	}

	before := f.week
	for _, b := range f.bodies {
		for _, m := range person.Messages(fleetRoom(b)) {
			if keyOf(m) == reporting.NudgeKey(b, f.week) {
				if err := person.DeleteMessage(fleetRoom(b), m.TS); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	week(len(f.bodies))
	check(true)
	for _, b := range f.bodies {
		for _, m := range person.Messages(fleetRoom(b)) {
			if keyOf(m) == reporting.NudgeKey(b, before) {
				t.Errorf("%s stands again after a person deleted it", keyOf(m))
			}
		}
	}
}
