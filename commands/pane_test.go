package commands

import (
	"context"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// TestPromptsAreUnderstood reads every suggested question, in every language, as
// the person to whom it is suggested.
func TestPromptsAreUnderstood(t *testing.T) {
	office := []question.Intent{question.ReviewQueue, question.QuotaLagging, question.ProjectStale, question.ProjectBreakdown}
	for user, want := range map[string][]question.Intent{
		"UJY": {question.QuotaRemaining, question.QuotaForecast, question.ProjectRegister, question.ProjectStale},
		"UGX": {question.QuotaRemaining, question.QuotaForecast, question.ProjectRegister, question.ProjectStale},
		"ULE": {question.CityProgress, question.QuotaLagging, question.QuotaRanking, question.ReportBrief},
		"URE": office, "UAD": office, "UXX": {question.Help},
	} {
		for _, l := range reporting.Locales {
			a, _ := city(t)
			w, err := a.Welcome(context.Background(), user, l)
			if err != nil {
				t.Fatal(err)
			}
			if w.Greeting == nil || w.Greeting.Text == "" || w.Heading == "" {
				t.Errorf("%s in %s is greeted with %+v", user, l, w)
			}
			var got []question.Intent
			for _, p := range w.Prompts {
				c, err := a.call(context.Background(), user, "DX", l, "")
				if err != nil {
					t.Fatal(err)
				}
				c.text, c.direct = p.Message, true
				q, err := a.read(c, nil)
				if err != nil {
					t.Fatal(err)
				}
				if n := utf8.RuneCountInString(p.Title); n == 0 || n > 40 || q.Confidence < 1 || q.Locale != l {
					t.Errorf("%s in %s: %q is read as %s in %s, %.2f, without %q", user, l, p.Message, q.Intent, q.Locale, q.Confidence, q.NotRead)
				}
				if body := q.Slots[question.Body]; user == "UJY" && q.Intent == question.QuotaRemaining && body != "jingyue" {
					t.Errorf("%q is about %q", p.Message, body)
				}
				if _, ok := a.answers[q.Intent]; !ok {
					t.Errorf("%q has no answer", p.Message)
				}
				got = append(got, q.Intent)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s in %s: %s", user, l, diff)
			}
		}
	}
}

// TestGuestWelcome greets those who are no members.
func TestGuestWelcome(t *testing.T) {
	a, _ := city(t)
	for _, l := range reporting.Locales {
		w := a.words.GuestWelcome(l)
		if diff := cmp.Diff(a.words.Guest(l), w.Greeting); diff != "" || len(w.Prompts) != 1 {
			t.Errorf("%s: %v %s", l, w.Prompts, diff)
		}
	}
}

// TestEngaged says where something goes on, and what keeps it from knowing.
func TestEngaged(t *testing.T) {
	a, _ := city(t)
	note := func(thread string) {
		t.Helper()
		k := reporting.ConversationKey{Channel: "CX", Thread: thread}
		if _, err := a.store.Converse(context.Background(), "", k, func(reporting.Conversation) (string, error) { return "x", nil }); err != nil {
			t.Fatal(err)
		}
	}
	note("1.1")
	for thread, want := range map[string]bool{"1.1": true, "1.2": false} {
		if got, err := a.Engaged(context.Background(), "CX", thread); err != nil || got != want {
			t.Errorf("%s: %v %v", thread, got, err)
		}
	}
	away := errors.New("database is away")
	a.store = &dumb{a.store, away}
	if _, err := a.Engaged(context.Background(), "CX", "1.1"); !errors.Is(err, away) {
		t.Errorf("away: %v", err)
	}
}

// dumb is a store that does not say what goes on.
type dumb struct {
	Store
	err error
}

func (d *dumb) ConversationsIn(context.Context, string, string) ([]reporting.Conversation, error) {
	return nil, d.err
}
