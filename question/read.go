package question

import (
	"regexp"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
)

var year = regexp.MustCompile(`^(\d{4})年?度?$`)

// city is what the whole city is called, folded.
var city = []string{"全市", "city", "thecity", "wholecity", "thewholecity", "citywide"}

// Read reads a sentence.
func Read(text string, c Context) Reading {
	r := Reading{Intent: Unknown, Slots: Slots{}, Locale: c.Locale}
	words := strings.Fields(lexicon.Width(text))
	if i := slices.IndexFunc(words, year.MatchString); i >= 0 {
		r.Slots[Year] = words[i][:4]
		words = slices.Delete(words, i, i+1)
	}
	rest := strings.Join(words, " ")
	switch found := c.Bodies.Find(rest); {
	case slices.Contains(city, lexicon.Fold(rest)):
		r.Intent, r.Confidence = CityProgress, 1
	case len(found) > 0: // of several the command asks which
		r.Intent, r.Confidence, r.Slots[Body] = QuotaProgress, 1, rest
		if len(found) == 1 {
			r.Slots[Body] = found[0].Body.ID
		}
	default:
		r.NotRead = words
	}
	return r
}
