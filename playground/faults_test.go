package playground

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tries posts to CJY and says how that went: the error's code, the HTTP status, how the
// connection ended, or that there was no answer within patience.
func (f *fixture) tries(t *testing.T, patience time.Duration) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	body := strings.NewReader(`{"channel":"CJY","text":"x"}`)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.url+"/api/chat.postMessage", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+testBotToken)
	res, err := http.DefaultClient.Do(req)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer"
	case errors.Is(err, io.EOF):
		return "dropped"
	case errors.Is(err, syscall.ECONNRESET):
		return "reset"
	case err != nil:
		return err.Error()
	}
	defer res.Body.Close()
	var answer struct {
		OK    bool
		Error string
	}
	said, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return err.Error()
	case json.Unmarshal(said, &answer) != nil:
		return res.Status
	case answer.OK:
		return "ok"
	}
	return strings.TrimSpace(answer.Error + " " + res.Header.Get("Retry-After"))
}

// TestFaultKinds has each fault strike one post, before and after it is carried out.
func TestFaultKinds(t *testing.T) {
	for _, tt := range []struct {
		fault Fault
		want  string
		done  int
	}{
		{Fault{Kind: AnswerLost}, "dropped", 1},
		{Fault{Kind: ServerError}, "500 Internal Server Error", 0},
		{Fault{Kind: ServerError, After: true}, "500 Internal Server Error", 1},
		{Fault{Kind: Hang}, "no answer", 0},
		{Fault{Kind: Hang, After: true}, "no answer", 1},
		{Fault{Kind: Storm}, "ratelimited 1", 0},
		{Fault{Kind: Storm, RetryAfter: 30}, "ratelimited 30", 0},
		{Fault{Kind: Reset}, "reset", 0},
		{Fault{Kind: Reset, After: true}, "reset", 1},
		{Fault{Kind: WebPage}, "200 OK", 0},
		{Fault{Kind: Refusal, Code: "fatal_error"}, "fatal_error", 0},
		{Fault{Kind: Refusal, Code: "fatal_error", After: true}, "fatal_error", 1},
	} {
		t.Run(string(tt.fault.Kind), func(t *testing.T) {
			f := newFixture(t, nil)
			tt.fault.Method, tt.fault.Times = "chat.postMessage", 1
			id, err := f.Break(tt.fault)
			if err != nil {
				t.Fatal(err)
			}
			patience := 10 * time.Second
			if tt.fault.Kind == Hang {
				patience = 200 * time.Millisecond
			}
			if got := f.tries(t, patience); got != tt.want {
				t.Errorf("a post gives %q, want %q", got, tt.want)
			}
			f.until(t, "UWANG", func(p *Person) bool { return f.Faults()[0].Over })
			if got := len(f.As("UWANG").Messages("CJY")); got != tt.done {
				t.Errorf("%d messages, want %d", got, tt.done)
			}
			if got := f.tries(t, 10*time.Second); got != "ok" {
				t.Errorf("the next post gives %q", got)
			}
			if diff := cmp.Diff([]Broken{{ID: id, Fault: tt.fault, Hits: 1, Over: true}}, f.Faults()); diff != "" {
				t.Error(diff)
			}
			if got := f.Calls("chat.postMessage", "CJY"); got != 2 {
				t.Errorf("%d calls, want 2", got)
			}
		})
	}
}

// TestFaultReach says which calls a fault strikes.
func TestFaultReach(t *testing.T) {
	const post, read = "chat.postMessage", "conversations.info"
	for _, tt := range []struct {
		name  string
		fault Fault
		want  string // x = struck, by the calls below
	}{
		{"everything", Fault{}, "xxxxxxxx"},
		{"a method", Fault{Method: post}, "x.xxx..x"},
		{"a channel", Fault{Channel: "CJY"}, "xxxx...."},
		{"both", Fault{Method: post, Channel: "CSECRET"}, "....x..x"},
		{"every third", Fault{Every: 3}, "..x..x.."},
		{"three times", Fault{Times: 3}, "xxx....."},
		{"twice, every second", Fault{Times: 2, Every: 2}, ".x.x...."},
		{"the first of each", Fault{Times: 1, Each: true}, "xx..xx.."},
		{"the second of each", Fault{Times: 1, Every: 2, Each: true}, "..x...xx"},
		{"always", Fault{Chance: 1}, "xxxxxxxx"},
		{"hardly ever", Fault{Chance: 1e-12}, "........"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, nil)
			tt.fault.Kind, tt.fault.Code = Refusal, "struck"
			if _, err := f.Break(tt.fault); err != nil {
				t.Fatal(err)
			}
			got, hits := "", 0
			for _, call := range [][2]string{
				{post, "CJY"}, {read, "CJY"}, {post, "CJY"}, {post, "CJY"},
				{post, "CSECRET"}, {read, "CSECRET"}, {read, "CSECRET"}, {post, "CSECRET"},
			} {
				if f.call(t, call[0], object{"channel": call[1], "text": "x"})["error"] == "struck" {
					got, hits = got+"x", hits+1
				} else {
					got += "."
				}
			}
			if got != tt.want || f.Faults()[0].Hits != hits {
				t.Errorf("struck %s, want %s; %d hits counted", got, tt.want, f.Faults()[0].Hits)
			}
		})
	}
}

// TestFaultEnds mends faults by hand and by time; the first that strikes wins.
func TestFaultEnds(t *testing.T) {
	f := newFixture(t, nil)
	broken := func(fault Fault) int {
		t.Helper()
		id, err := f.Break(fault)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	first := broken(Fault{Kind: Refusal, Code: "first"})
	broken(Fault{Kind: Refusal, Code: "second", For: 60})
	brief := broken(Fault{Kind: Refusal, Code: "third", For: 0.001})
	f.until(t, "UWANG", func(*Person) bool { return f.Faults()[brief-1].Over })
	for _, want := range []string{"first", "second"} {
		if got := f.tries(t, 10*time.Second); got != want {
			t.Errorf("struck by %q, want %q", got, want)
		}
		if hits := f.Mend(first); hits != 1 {
			t.Errorf("the first is mended after %d hits, want 1", hits)
		}
	}
	f.MendAll()
	if got := f.tries(t, 10*time.Second); got != "ok" {
		t.Errorf("all are mended, and a post gives %q", got)
	}
	if hits := f.Mend(4711); hits != 0 {
		t.Errorf("a fault that never was had %d hits", hits)
	}

	hangs := broken(Fault{Kind: Hang})
	ended := make(chan error, 1)
	go func() {
		_, err := f.api.AuthTestContext(t.Context())
		ended <- err
	}()
	f.until(t, "UWANG", func(*Person) bool { return f.Calls("auth.test", "") == 1 })
	f.Mend(hangs)
	if err := <-ended; !errors.Is(err, io.EOF) {
		t.Errorf("mending a call that hangs ends it with %v", err)
	}
	for range 2 * brokenKept {
		f.Mend(broken(Fault{Kind: Reset}))
	}
	if n := len(f.Faults()); n > brokenKept+1 {
		t.Errorf("%d faults are kept", n)
	}
}

func TestFaultRefused(t *testing.T) {
	f := newFixture(t, nil)
	for _, tt := range []struct {
		name  string
		fault Fault
	}{
		{"no kind", Fault{}},
		{"unknown kind", Fault{Kind: "earthquake"}},
		{"unknown method", Fault{Kind: Reset, Method: "chat.postMesage"}},
		{"probability", Fault{Kind: Reset, Chance: 1.5}},
		{"less than never", Fault{Kind: Reset, Times: -1}},
		{"no code", Fault{Kind: Refusal}},
	} {
		if id, err := f.Break(tt.fault); err == nil || id != 0 {
			t.Errorf("%s: fault %d was switched on", tt.name, id)
		}
	}
	if n := len(f.Faults()); n != 0 {
		t.Errorf("%d faults", n)
	}
}

// TestFaultsAreDocumented looks for every kind of fault in its documentation and among
// the page's words.
func TestFaultsAreDocumented(t *testing.T) {
	for file, row := range map[string]string{"../docs/playground.md": "\n| `%s` | ", "web/words.js": "\n  fault_%s: ["} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range faultKinds {
			if !strings.Contains(string(text), fmt.Sprintf(row, kind)) {
				t.Errorf("%s says nothing of %s", file, kind)
			}
		}
		for _, b := range blockSwitches {
			if strings.HasSuffix(file, ".md") && !strings.Contains(string(text), fmt.Sprintf(row, b.name)) {
				t.Errorf("%s says nothing of %s", file, b.name)
			}
		}
	}
}
