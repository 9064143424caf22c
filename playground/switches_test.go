package playground

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// TestSwitches turns a switch of the embedding program on and off, lets it end by itself
// and lets it fail.
func TestSwitches(t *testing.T) {
	end, began := make(chan error), make(chan bool, 1)
	f := newFixture(t, func(c *Config) {
		c.Switches = []Switch{{Name: "database", Labels: map[string]string{"en-US": "Database away"}, Run: func(ctx context.Context) error {
			began <- true
			select {
			case err := <-end:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		}}}
	})
	events := f.listen(t, "UWANG")
	turn := func(on, twice bool) {
		t.Helper()
		if err := f.Switch("database", on); err != nil {
			t.Fatal(err)
		}
		if on && !twice {
			<-began
		}
	}
	off := func() bool { return !f.Switched("database") }
	turn(true, false)
	if got := events.next(t, "faults")["faults"].(object)["switches"].([]any)[len(blockSwitches)]; got.(object)["on"] != true {
		t.Errorf("the page is told %v", got)
	}
	turn(true, true)
	turn(false, false)
	f.until(t, "UWANG", func(*Person) bool { return off() })
	turn(false, false)
	turn(true, false)
	end <- nil
	f.until(t, "UWANG", func(*Person) bool { return off() })
	turn(true, false)
	end <- errors.New("no such file")
	if got := events.next(t, "notice")["text"]; got != "database: no such file" {
		t.Errorf("told %v", got)
	}
	if err := f.Switch("earthquake", true); err == nil {
		t.Error("there is a switch for earthquakes")
	}
	turn(true, false)
	if err := f.Close(); err != nil || !off() {
		t.Errorf("closing leaves the switch on: %v", err)
	}
	if err := f.Switch("database", true); err == nil {
		t.Error("a closed workspace has switches")
	}
}

// TestFaultsOnThePage uses the faults through the page's API.
func TestFaultsOnThePage(t *testing.T) {
	f := newFixture(t, func(c *Config) {
		c.Switches = []Switch{{Name: "database", Labels: map[string]string{"en-US": "Database away"}, Run: func(ctx context.Context) error { <-ctx.Done(); return nil }}}
	})
	if err := f.As("UWANG").Say(t.Context(), "CJY", "", "mine"); err != nil {
		t.Fatal(err)
	}
	mine := last(f.As("UWANG"), "CJY").TS
	for _, tt := range []struct{ path, body, want string }{
		{"fault", `{"action":"break","fault":{"kind":"storm","method":"chat.postMessage","times":2}}`, `{"id":1,"ok":true}`},
		{"fault", `{"action":"break","fault":{"kind":"hang"}}`, `{"id":2,"ok":true}`},
		{"fault", `{"action":"mend","id":1}`, `{"hits":0,"ok":true}`},
		{"fault", `{"action":"mend_all"}`, `{"ok":true}`},
		{"fault", `{"action":"break","fault":{"kind":"earthquake"}}`, `"ok":false`},
		{"fault", `{"action":"pray"}`, `"ok":false`},
		{"switch", `{"name":"database","on":true}`, `{"ok":true}`},
		{"switch", `{"name":"earthquake","on":true}`, `"ok":false`},
		{"channel", `{"user":"UWANG","channel":"CJY","action":"archive"}`, `{"ok":true}`},
		{"channel", `{"user":"UWANG","channel":"CJY","action":"archive"}`, `"ok":false`},
		{"channel", `{"user":"UWANG","channel":"CJY","action":"unarchive"}`, `{"ok":true}`},
		{"channel", `{"user":"UWANG","channel":"CJY","action":"remove_bot"}`, `{"ok":true}`},
		{"channel", `{"user":"UWANG","channel":"CJY","action":"invite_bot"}`, `{"ok":true}`},
		{"channel", `{"user":"UWANG","channel":"CJY","action":"sell"}`, `"ok":false`},
		{"delete", `{"user":"UWANG","channel":"CJY","ts":"` + mine + `"}`, `{"ok":true}`},
		{"delete", `{"user":"UWANG","channel":"CJY","ts":"` + mine + `"}`, `"ok":false`},
	} {
		status, got := post(t, f.url+"/ui/"+tt.path, tt.body)
		if status != http.StatusOK || !strings.Contains(got, tt.want) {
			t.Errorf("%s %s: %d %s, want %s", tt.path, tt.body, status, got, tt.want)
		}
	}
	shown := f.get(t, "/ui/state?user=UWANG")["faults"].(object)
	first := shown["broken"].([]any)[1].(object)
	if first["id"] != 1.0 || first["over"] != true || first["fault"].(object)["kind"] != "storm" || len(shown["kinds"].([]any)) != len(faultKinds) || len(shown["methods"].([]any)) == 0 {
		t.Errorf("shown: %v", shown)
	}
	if on := shown["switches"].([]any)[len(blockSwitches)].(object)["on"]; on != true {
		t.Errorf("the switch is %v", on)
	}
}
