package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

// TestFaultChannelRepaired takes channels from the running bot and gives them
// back: their nudges come by themselves then, once, and the office is told of
// both. The others have theirs meanwhile.
func TestFaultChannelRepaired(t *testing.T) {
	d, stop := startDemo(t, filepath.Join(t.TempDir(), "demo.db"))
	defer stop()
	office := d.workspace.As("U0WANGFANG")
	until := func(what string, cond func() bool) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
		defer cancel()
		if err := office.Wait(ctx, func(*playground.Person) bool { return cond() }); err != nil {
			t.Fatalf("%s: %v; %v", what, err, nudges(d.workspace))
		}
	}
	told := func(kind, body string) int {
		n := 0
		for _, m := range office.Messages(officeChannel) {
			if strings.Contains(flat(m.Metadata), `"`+kind+"/"+body+"/") {
				n++
			}
		}
		return n
	}
	lost := []string{"gxj", "jingyue"}
	for _, do := range []error{office.Archive(demoChannel("jingyue")), office.RemoveBot(demoChannel("gxj"))} {
		if do != nil {
			t.Fatal(do)
		}
	}
	moveClock(t, d)
	week, _ := d.service.cfg.rule().Current(d.workspace.Now())
	var all, others []string
	for body := range demoBodies {
		all = append(all, reporting.NudgeKey(body, week))
		if !slices.Contains(lost, body) {
			others = append(others, reporting.NudgeKey(body, week))
		}
	}
	slices.Sort(all)
	slices.Sort(others)
	until("the others are nudged, and the office is told", func() bool {
		return len(nudges(d.workspace)) >= len(others) && told("undeliverable", "gxj") > 0 && told("undeliverable", "jingyue") > 0
	})
	if diff := cmp.Diff(others, nudges(d.workspace)); diff != "" {
		t.Errorf("before the repair: %s", diff)
	}

	for _, do := range []error{office.Unarchive(demoChannel("jingyue")), office.InviteBot(demoChannel("gxj"))} {
		if do != nil {
			t.Fatal(do)
		}
	}
	until("the office is told of the repair", func() bool {
		return len(nudges(d.workspace)) >= len(all) && told("repaired", "gxj") > 0 && told("repaired", "jingyue") > 0
	})
	if diff := cmp.Diff(all, nudges(d.workspace)); diff != "" {
		t.Errorf("after the repair: %s", diff)
	}
	for _, body := range lost {
		if n := told("undeliverable", body); n != 1 {
			t.Errorf("the office was told %d times that %s cannot be reached", n, body)
		}
	}
}
