package commands

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// TestRefusalsOfCommands produces refusals that no other test names.
func TestRefusalsOfCommands(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	said(t, a, "URE", "review", "approve 0001")
	pressedLate := func() error {
		_, err := a.Press(t.Context(), Press{User: "UR2", Action: "review.approve", Value: "CC-2018-0001@1", Locale: reporting.ZhCN})
		return err
	}
	b, l := city(t)
	figures := func(user, command, text string) error {
		_, err := l.ask(t, b, typed{user: user, command: command, text: text})
		return err
	}
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"the second reviewer", pressedLate(), "err.review.decided_by"},
		{"a slip of the pen", figures("URE", "body", "lsit"), "err.command.slip"},
	} {
		if got := key(tt.err); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	quota := said(t, a, "UJY", "quota", "request").Form
	r := handedIn(t, a, "UJY", quota, "q", map[string]string{"quota_count": "六十", "reason": "调整"})
	if want, _ := a.words.Explain(reporting.ZhCN, reporting.Fail(reporting.Invalid, "err.quota.number"), ""); r.Errors["quota_count"] != want {
		t.Errorf("a number in words: %v", r.Errors)
	}
}

// crowd is a store with more projects than one file holds.
type crowd struct{ *shelf }

func (crowd) ListProjects(context.Context, reporting.ProjectFilter) (reporting.ProjectPage, error) {
	return reporting.ProjectPage{Total: maxExport + 1}, nil
}

func TestTooManyForAFile(t *testing.T) {
	a, s := office(t)
	a.store = crowd{s}
	if _, err := say(t, a, "URE", "project", "list export"); key(err) != "err.export.many" {
		t.Errorf("got %v", err)
	}
}

// What is nobody's fault is told by its reference, "err.internal".
func TestInternalErrorIsAReference(t *testing.T) {
	a, _ := office(t)
	for _, l := range reporting.Locales {
		text, known := a.words.Explain(l, errors.New("disk full"), "abc123")
		if known || !strings.Contains(text, "abc123") || strings.Contains(text, "disk") {
			t.Errorf("%s: %q, known %v", l, text, known)
		}
	}
}

// refuses presses a button that must be refused, and looks for the words of the
// refusal in every language.
func refuses(t *testing.T, a *App, p Press, want string) {
	t.Helper()
	p.Locale = reporting.ZhCN
	_, err := a.Press(t.Context(), p)
	if key(err) != want {
		t.Fatalf("got %v, want %s", err, want)
	}
	for _, l := range reporting.Locales {
		if text, ok := a.words.Explain(l, err, "ref"); !ok || strings.Contains(text, "<no value>") || text == want || strings.Contains(text, "who.") {
			t.Errorf("%s: told %q", l, text)
		}
	}
}
