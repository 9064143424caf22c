package commands

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

func TestComposeRepaired(t *testing.T) {
	m := reporting.Message{Key: "repaired/jingyue/1", Kind: reporting.Repaired, BodyID: "jingyue", Args: map[string]string{"since": strconv.FormatInt(filingNow.UnixMilli(), 10)}}
	a, l := city(t)
	out, err := a.Compose(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	if text := plainText(out.Reply); out.Channel != "COFFICE" || !strings.Contains(text, "净月高新区的频道已恢复") || !strings.Contains(text, "补发") {
		t.Errorf("to %s:\n%s", out.Channel, text)
	}
	l.body("jingyue").UndeliverableSince = 1
	if out, err := a.Compose(context.Background(), m); err != nil || out.Skip != "dead_again" {
		t.Errorf("dead again: %+v, %v", out, err)
	}
	gone := m
	gone.BodyID = "gone"
	if out, err := a.Compose(context.Background(), gone); err != nil || out.Skip != "no_body" {
		t.Errorf("of no body: %+v, %v", out, err)
	}
	l.body("jingyue").UndeliverableSince = 0
	m.Args["since"] = "?"
	if _, err := a.Compose(context.Background(), m); err == nil {
		t.Error("a time that is none was taken")
	}
	a.cfg.OfficeChannel = ""
	if out, err := a.Compose(context.Background(), m); err != nil || out.Skip != "no_office_channel" {
		t.Errorf("without an office channel: %+v, %v", out, err)
	}
}

func TestComposeRun(t *testing.T) {
	at := filingNow.UnixMilli()
	r := reporting.Run{Key: "run/1", Began: at, At: at + 53_000, Total: 4000, Done: 212, Left: 14*time.Minute + 20*time.Second}
	for _, tt := range []struct {
		name string
		run  func(*reporting.Run)
		want []string
	}{
		{"going", func(*reporting.Run) {}, []string{"4,000条中已处理212条", "约需14分钟"}},
		{"nearly done", func(r *reporting.Run) { r.Left = 41 * time.Second }, []string{"约需41秒"}},
		{"ended", func(r *reporting.Run) { r.Ended, r.Done, r.At = true, 4000, at+1_000_000 }, []string{"4,000条已全部处理", "用时17分钟"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, _ := city(t)
			r := r
			tt.run(&r)
			m := r.Message("5")
			if got := reporting.RunOf(m); got != r {
				t.Errorf("the message says %+v, want %+v", got, r)
			}
			out, err := a.Compose(context.Background(), m)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if text := plainText(out.Reply); out.Channel != "COFFICE" || !strings.Contains(text, want) {
					t.Errorf("to %s: %q lacks %q", out.Channel, text, want)
				}
			}
		})
	}
}
