package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// texts returns every text of blocks, in their order.
func texts(v any) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if s, ok := inner.(string); ok && key == "text" {
				out = append(out, s)
				continue
			}
			if key != "confirm" { // asked only once the button is pressed
				out = append(out, texts(inner)...)
			}
		}
	case []any:
		for _, inner := range v {
			out = append(out, texts(inner)...)
		}
	}
	return out
}

// TestRehearsalIsExact: what the dry run prints is what is then posted, word by
// word and button by button, and nothing else is.
func TestRehearsalIsExact(t *testing.T) {
	m := newMouhua(t, "http", "sqlite://"+t.TempDir()+"/mouhua.db")
	prepare(m, m.slack.Now().Year())
	m.must("nudge") // what the import itself has to say
	channels := []string{channelJY, channelKC, officeRoom, leadersRoom}
	zhao := m.as(reviewer)
	before := map[string]int{}
	for _, c := range channels {
		before[c] = len(zhao.Messages(c))
	}
	// Channels that are set today are owed nothing of the past.
	at := m.slack.Now().In(time.FixedZone("CST", 8*3600)).AddDate(0, 0, 8).Format(time.RFC3339)
	preview := m.must("nudge", "-at", at, "-dry-run")
	m.must("nudge", "-at", at)
	said := strings.NewReplacer("*", "", "\n", "", "：", ":")
	flatPreview := said.Replace(strings.ReplaceAll(preview, "    ", ""))
	posted := 0
	for _, c := range channels {
		for _, message := range zhao.Messages(c)[before[c]:] {
			posted++
			if !strings.Contains(preview, "    to "+c+"\n") {
				t.Errorf("%s got a message that was not announced: %s", c, message.Text)
			}
			var blocks any
			if err := json.Unmarshal([]byte(flat(message.Blocks)), &blocks); err != nil {
				t.Fatal(err)
			}
			for _, text := range texts(blocks) {
				if !strings.Contains(flatPreview, said.Replace(text)) {
					t.Errorf("%s: %q was posted and not announced", c, text)
				}
			}
		}
	}
	if n := strings.Count(preview, "\n    to "); posted == 0 || n != posted {
		t.Errorf("%d messages announced, %d posted:\n%s", n, posted, preview)
	}
}
