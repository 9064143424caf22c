package lexicon

// Likeness is the share of runes that two texts have in common, in order, once
// folded: 0 to 1.
func Likeness(a, b string) float64 {
	x, y := clip(Fold(a)), clip(Fold(b))
	return 2 * float64(common(x, y)) / float64(max(1, len(x)+len(y)))
}
