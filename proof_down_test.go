package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

// TestProofDown kills all of Mouhua and starts it again days and weeks later:
// from Monday to Wednesday, for three weeks, and over the hour. On its return
// every body has one nudge, which names the week it is for and those
// that had none.
func TestProofDown(t *testing.T) {
	for _, driver := range []string{"postgres", "sqlite"} {
		t.Run(driver, func(t *testing.T) {
			address, dsn := "", filepath.Join(t.TempDir(), "down.db")
			replicas := 2
			if driver == "postgres" {
				address = freshPostgres(t)
				dsn = address
			} else {
				address, replicas = "sqlite://"+dsn, 1
			}
			proveDown(newFleet(t, "http", replicas, driver, address, dsn))
		})
	}
}

func proveDown(f *fleet) {
	var up []reporting.Week
	for _, absence := range []struct {
		from, to string // of 2018, in the city
		silent   string // the weeks that it says had no nudge
	}{
		{"01-08 08:30", "01-08 10:40", ""}, // over the hour
		{"01-15 08:59", "01-17 14:00", ""}, // Monday to Wednesday
		{"01-19 18:00", "02-07 09:30", "第4周（1月22日—1月28日）、第5周（1月29日—2月4日）没有发出提醒"}, // three weeks: those of the 22nd and the 29th never came
	} {
		for _, r := range f.replicas {
			r.kill()
		}
		f.moveTo(f.moment(absence.from))
		f.moveTo(f.moment(absence.to))
		f.week, _ = f.rule().Current(f.clock.Now())
		for _, r := range f.replicas {
			f.start(r)
		}
		f.settled(2*waitLimit, func() {})
		up = append(up, f.week)
		for _, b := range f.bodies {
			var last playground.Message
			for _, m := range f.slack.As(boss).Messages(fleetRoom(b)) {
				if strings.HasPrefix(keyOf(m), "nudge/") {
					last = m
				}
			}
			if says := fmt.Sprintf("第%d周", f.week.Week); keyOf(last) != reporting.NudgeKey(b, f.week) || !strings.Contains(words(last), says) {
				f.t.Errorf("on return at %s the last nudge of %s is %s and does not say %s: %.300s", absence.to, b, keyOf(last), says, words(last))
			}
			if silent := absence.silent; !strings.Contains(words(last), silent) || silent == "" && strings.Contains(words(last), "没有发出提醒") {
				f.t.Errorf("on return at %s the nudge of %s does not say %q: %s", absence.to, b, silent, words(last))
			}
		}
	}
	c := f.counted(up)
	var all int
	for _, b := range f.bodies {
		for _, m := range f.slack.As(boss).Messages(fleetRoom(b)) {
			if strings.HasPrefix(keyOf(m), "nudge/") {
				all++
			}
		}
	}
	f.t.Logf("three absences: nudges: %d expected, %d found, %d lost, %d doubled", c.expected, c.found, c.lost, c.doubled)
	if all != c.expected {
		f.t.Errorf("%d nudges in all, want %d: none of the weeks in which nothing ran", all, c.expected)
	}
}

// moment is a moment of 2018 in the city.
func (f *fleet) moment(text string) time.Time {
	f.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", "2018-"+text, changchun(f.t))
	if err != nil {
		f.t.Fatal(err)
	}
	return at
}
