package question

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var scored = flag.String("questions", "", "score these files, parted by blanks, instead of those of testdata")

// example is a line of a file of questions.
type example struct {
	line     int
	text     string
	intent   Intent
	slots    Slots
	followUp bool
}

// examples reads a file with the columns question, intent and slots, whose
// values end where the next name= begins.
func examples(t *testing.T, file string) []example {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []example
	for i, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
		cells := strings.Split(strings.TrimRight(line, "\r"), "\t")
		if i == 0 || strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		if len(cells) < 2 {
			t.Fatalf("%s:%d has %d columns", file, i+1, len(cells))
		}
		e := example{line: i + 1, text: cells[0], intent: Intent(strings.TrimSpace(cells[1])), slots: Slots{}}
		if len(cells) > 2 {
			e.slots = slotsOf(cells[2])
		}
		e.followUp = e.slots[FollowUp] == "1"
		delete(e.slots, Confirm)
		out = append(out, e)
	}
	return out
}

func slotsOf(text string) Slots {
	out, last := Slots{}, Slot("")
	for _, word := range strings.Fields(text) {
		if name, value, ok := strings.Cut(word, "="); ok {
			last = Slot(name)
			out[last] = value
		} else if last != "" {
			out[last] += " " + word
		}
	}
	return out
}

// grade reads every example of a file, a follow-up after the one before it, and
// returns the shares of intents and of slots that are as written.
func grade(t *testing.T, file string) (intents, slots float64) {
	c := city(t)
	c.Projects = demoNames(t)
	all := examples(t, file)
	var misses []string
	for _, e := range all {
		if !e.followUp {
			c.Before = nil
		}
		r := Read(e.text, c)
		c.Before = &r
		got := Slots{}
		for k, v := range r.Slots {
			if k != Confirm {
				got[k] = v
			}
		}
		okIntent, okSlots := r.Intent == e.intent, got.String() == e.slots.String()
		if okIntent {
			intents++
		}
		if okIntent && okSlots {
			slots++
		}
		if !okIntent || !okSlots {
			misses = append(misses, fmt.Sprintf("  %s:%d %s\n    want %s %s\n    got  %s %s", file, e.line, e.text, e.intent, e.slots, r.Intent, got))
		}
	}
	n := float64(len(all))
	fmt.Printf("%s: %d questions, intents %.1f%%, slots %.1f%%\n", file, len(all), 100*intents/n, 100*slots/n)
	for _, m := range misses {
		fmt.Println(m)
	}
	return intents / n, slots / n
}

// TestQuestions holds how many of the examples are read as written: those of the
// specification, and those of our own.
func TestQuestions(t *testing.T) {
	files := map[string]float64{"testdata/questions-dev.tsv": 0.98, "testdata/questions-own.tsv": 0.95, "testdata/questions-more.tsv": 0.95, "testdata/questions-held.tsv": 0.95}
	if *scored != "" {
		files = map[string]float64{}
		for _, f := range strings.Fields(*scored) {
			files[f] = 0.95
		}
	}
	for file, least := range files {
		if intents, slots := grade(t, file); intents < least || slots < least {
			t.Errorf("%s: intents %.3f, slots %.3f, want %.2f of both", file, intents, slots, least)
		}
	}
}
