package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeHasEveryWord looks for every word that help explains, and for every
// scope and event, in the README.
func TestReadmeHasEveryWord(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, typed, _ := strings.Cut(string(readme), "## What people type")
	typed, _, found := strings.Cut(typed, "\n## ")
	files, err := filepath.Glob("commands/locales/*.en.toml")
	if err != nil || len(files) == 0 || !found {
		t.Fatal(files, found, err)
	}
	topic := regexp.MustCompile(`"help\.(project|quota|report|review|nudge|body)\.([a-z]+)" =`)
	n := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range topic.FindAllStringSubmatch(string(text), -1) {
			n++
			if !regexp.MustCompile("[` ]" + m[2] + "[` ]").MatchString(typed) {
				t.Errorf("/%s %s is not in the README", m[1], m[2])
			}
		}
	}
	if n < 40 {
		t.Errorf("%d words found: the search is broken", n)
	}
	for _, scope := range scopesOf(defaultConfig()) {
		if !strings.Contains(string(readme), "`"+scope+"`") {
			t.Errorf("the scope %s is not in the README", scope)
		}
	}
	for _, event := range eventsOf(defaultConfig()) {
		if !strings.Contains(string(readme), "`"+event+"`") {
			t.Errorf("the event %s is not in the README", event)
		}
	}
}
