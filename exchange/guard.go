package exchange

import "strings"

// risky is what a text begins with that a spreadsheet would run as a formula,
// the full-width forms too, which some read as the others.
const risky = "=+-@\t\r\n＝＋－＠"

// guarded returns a text as files hold it: an apostrophe stands before one that
// a spreadsheet would run or a reader would trim.
//
// unguarded takes back exactly that: whether a text is guarded does not depend
// on apostrophes before it, so that one of them can always be taken away.
func guarded(s string) string {
	if needsGuard(s) {
		return "'" + s
	}
	return s
}

func unguarded(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && needsGuard(rest) {
		return rest
	}
	return strings.TrimSpace(cell)
}

func needsGuard(s string) bool {
	s = strings.TrimLeft(s, "'")
	return s != "" && (strings.ContainsRune(risky, []rune(s)[0]) || strings.TrimSpace(s) != s)
}
