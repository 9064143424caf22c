package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// TestProofsAreListed: every test that docs/proofs.md names is there, and every
// proof is named.
func TestProofsAreListed(t *testing.T) {
	page, err := os.ReadFile("docs/proofs.md")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			there[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, name := range regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(string(page), -1) {
		if named[name[1]] = true; !there[name[1]] {
			t.Errorf("docs/proofs.md names %s, which is no test", name[1])
		}
	}
	for name := range there {
		if strings.HasPrefix(name, "TestProof") && !named[name] && name != "TestProofsAreListed" {
			t.Errorf("docs/proofs.md does not name %s", name)
		}
	}
}

// TestProofZonesAreLinkedIn: the program knows its zones on a machine that has
// none, so that it never starts in the wrong one.
func TestProofZonesAreLinkedIn(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range file.Imports {
		if i.Path.Value == `"time/tzdata"` {
			return
		}
	}
	t.Error("main.go does not link the time zones in")
}

// TestProofFiguresAtSend changes every quota between the planning of the nudges
// and their posting: they say the new ones.
func TestProofFiguresAtSend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.db")
	f := newFleet(t, "http", 0, "sqlite", "sqlite://"+path, path)
	s := f.service(f.clock.Now, func(reporting.Message, reporting.Receipt) {}, 1000, time.Second)
	f.toNextWeek(time.Second)
	planned, err := s.sched.Plan(t.Context(), f.clock.Now())
	if err != nil || len(planned) < fleetBodies {
		t.Fatalf("%d planned: %v", len(planned), err)
	}
	quotas := "body_id,year,count,effective_from\n"
	for _, b := range f.bodies {
		quotas += b + ",2018,47,2018-01-02\n"
	}
	f.must("import", "quotas", f.write("raised.csv", quotas))
	if _, err := s.sched.DeliverDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, b := range f.bodies {
		n := 0
		for _, m := range f.slack.As(boss).Messages(fleetRoom(b)) {
			if keyOf(m) == reporting.NudgeKey(b, f.week) && strings.Contains(words(m), "任务 47 个") && !strings.Contains(words(m), "任务 30 个") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d nudges of %s say the quota of the moment, want 1", n, b)
		}
	}
}
