package reporting

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFates(t *testing.T) {
	w := Week{2018, 31} // Monday 30 July
	rule := nineIn("Asia/Shanghai", nil)
	due := rule.At(w)
	since := due.Add(-time.Hour).UnixMilli()
	body := func(id string, edit func(b *Body)) Body {
		b := Body{ID: id, ChannelID: "C" + id, ChannelSince: since}
		if edit != nil {
			edit(&b)
		}
		return b
	}
	row := func(state string, r Receipt, sent time.Duration) Delivery {
		d := Delivery{State: state, Receipt: r, Message: Message{DueAt: due.UnixMilli(), Attempts: 2}}
		if sent > 0 {
			d.SentAt = due.Add(sent).UnixMilli()
		}
		return d
	}
	for _, c := range []struct {
		name string
		body Body
		set  NudgeSetting
		sent *Delivery
		want string
	}{
		{"sent in time", body("a", nil), NudgeSetting{}, ptr(row("sent", Receipt{}, 15*time.Minute)), "sent"},
		{"sent late", body("a", nil), NudgeSetting{}, ptr(row("sent", Receipt{Found: true}, 16*time.Minute)), "sent late found"},
		{"waits", body("a", nil), NudgeSetting{}, ptr(row("pending", Receipt{Class: RateLimited, Reason: "ratelimited"}, 0)), "waits ratelimited"},
		{"dead", body("a", nil), NudgeSetting{}, ptr(row("dead", Receipt{Reason: "is_archived"}, 0)), "failed is_archived"},
		{"our bug", body("a", nil), NudgeSetting{}, ptr(row("failed", Receipt{Reason: "invalid_blocks"}, 0)), "failed invalid_blocks"},
		{"owes nothing", body("a", nil), NudgeSetting{}, ptr(row("skipped", Receipt{Reason: "no_task"}, 0)), "skipped no_task"},
		{"not planned yet", body("a", nil), NudgeSetting{}, nil, "waits"},
		{"no channel", body("a", func(b *Body) { b.ChannelID = "" }), NudgeSetting{}, nil, "skipped no_channel"},
		{"a new channel", body("a", func(b *Body) { b.ChannelSince = due.UnixMilli() + 1 }), NudgeSetting{}, nil, "skipped new_channel"},
		{"dead since before", body("a", func(b *Body) { b.UndeliverableSince, b.UndeliverableWhy = 1, "not_in_channel" }), NudgeSetting{}, nil, "failed not_in_channel"},
		{"paused", body("a", nil), NudgeSetting{PausedUntil: Date{2018, 8, 20}}, nil, "skipped paused"},
		{"paused until then", body("a", nil), NudgeSetting{PausedUntil: Date{2018, 7, 30}}, nil, "waits"},
		{"its own day", body("a", nil), NudgeSetting{Weekday: "Thursday"}, nil, "later"},
		{"ended", body("a", func(b *Body) { b.EndsOn = Date{2018, 7, 1} }), NudgeSetting{}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := &BodyList{All: []Body{c.body}, Nudges: map[string]NudgeSetting{"a": c.set}}
			sent := map[string]Delivery{}
			if c.sent != nil {
				sent[NudgeKey("a", w)] = *c.sent
			}
			got := ""
			for _, f := range Fates(list, rule, w, sent, due.Add(time.Minute)) {
				got = string(f.Fate)
				if f.Reason != "" {
					got += " " + f.Reason
				}
				if f.Late > 0 {
					got += " late"
				}
				if f.Found {
					got += " found"
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }

func TestNudgesSettled(t *testing.T) {
	for _, c := range []struct {
		name           string
		all            []Fated
		settled, begun bool
	}{
		{"nobody", nil, true, false},
		{"one waits", []Fated{{Fate: NudgeSent}, {Fate: NudgeWaits}}, false, true},
		{"sent, and one comes later", []Fated{{Fate: NudgeSent}, {Fate: NudgeLater}}, true, true},
		{"nothing was owed", []Fated{{Fate: NudgeSkipped}, {Fate: NudgeSkipped}}, true, false},
		{"all failed", []Fated{{Fate: NudgeFailed, Tries: 1}}, true, true},
		{"dead since long", []Fated{{Fate: NudgeFailed}}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if settled, begun := NudgesSettled(c.all); settled != c.settled || begun != c.begun {
				t.Errorf("settled %v begun %v", settled, begun)
			}
		})
	}
}

func TestMissedWeeks(t *testing.T) {
	week := func(body string, n, need int, met int64) NudgeWeek {
		return NudgeWeek{BodyID: body, Week: Week{2018, n}, Need: need, MetAt: met}
	}
	weeks := []NudgeWeek{
		week("a", 31, 2, 0), week("b", 31, 2, 0), // not judged yet
		week("a", 30, 2, 0), week("b", 30, 2, 0), week("c", 30, 1, 5), week("d", 30, 1, 0),
		week("b", 29, 2, 0), week("c", 29, 1, 0), week("d", 29, 0, 0), week("d", 28, 1, 0),
		week("a", 28, 2, 0), week("b", 28, 2, 7), // nothing is known of a in week 29
		week("b", 27, 2, 0),
	}
	weeks[3].NothingWhy = "土地未落实"
	want := []Missing{{"a", 2, 0}, {"b", 2, 1}, {"d", 1, 0}}
	if diff := cmp.Diff(want, MissedWeeks(weeks, Week{2018, 31})); diff != "" {
		t.Errorf("missed (-want +got):\n%s", diff)
	}
}
