package commands

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/mouhua/mouhua/reporting"
)

// The example of a word is typed as it stands: its first word is one of the
// subcommand's, and a Chinese reader is shown a Chinese one.
func TestHelpExamples(t *testing.T) {
	a, _ := office(t)
	for _, cmd := range a.commands {
		for _, s := range cmd.subs {
			for _, l := range reporting.Locales {
				topic := topic{cmd.name, s.words[0]}
				word, _ := firstWord(a.words.Say(l, topic.key()+".example", "body", "净月", "year", 2018, "last", 2017))
				if !slices.Contains(s.words, word) {
					t.Errorf("%s in %s: the example begins with %q, not with one of %v", topic.key(), l, word, s.words)
				}
				if l != reporting.En && strings.IndexFunc(word, func(r rune) bool { return unicode.Is(unicode.Han, r) }) < 0 {
					t.Errorf("%s in %s: the example begins with %q", topic.key(), l, word)
				}
			}
		}
	}
}
