package lexicon

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:generate go run foldgen.go -from TSCharacters.txt -to fold.txt

//go:embed fold.txt
var foldText string

var simplified = readFold(foldText)

// readFold reads lines of one simplified character followed by the
// traditional and variant ones that fold to it; # begins a comment.
func readFold(text string) map[rune]rune {
	table := make(map[rune]rune, 4200)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		to, n := utf8.DecodeRuneInString(line)
		for _, from := range line[n:] {
			table[from] = to
		}
	}
	return table
}

// Width returns s with full-width letters, digits and technical signs in their
// ASCII form, every kind of blank as a space, and without invisible
// characters. The punctuation of Chinese prose stays: s may be a sentence.
func Width(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("！（），：；？～", r):
			return r
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u200b' || r == '\u2060' || r == '\ufeff':
			return -1
		case r == '\t' || unicode.Is(unicode.Zs, r):
			return ' '
		}
		return r
	}, s)
}

// Fold returns the form in which names are compared: compatibility forms
// resolved, accents dropped, lower case, simplified characters, letters and
// digits only. Fold(Fold(s)) == Fold(s).
func Fold(s string) string {
	if plain(s) {
		return s
	}
	return norm.NFC.String(strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		if to, ok := simplified[r]; ok {
			r = to
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, norm.NFKD.String(s)))
}

// plain reports whether s is lower-case ASCII letters and digits already.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
