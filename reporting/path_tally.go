package reporting

// PathTally is what a body, or the City, is credited with by one sub-path.
type PathTally struct {
	Path     Path
	Credited int
	Invest   Wan
}

// Sum adds up tallies, those of a route alone unless it is "".
func Sum(tallies []PathTally, route string) PathTally {
	out := PathTally{Path: Path(route)}
	for _, t := range tallies {
		if route == "" || t.Path.Route() == route {
			out.Credited, out.Invest = out.Credited+t.Credited, out.Invest+t.Invest
		}
	}
	return out
}

// CameIn is what some days brought a body, or the City: what was first credited
// within them, and how many projects came to a stage beyond the first.
type CameIn struct {
	BodyID   string
	Credited int
	Invest   Wan    // of these
	Reached  [4]int // S1…S4, that of S1 always 0
}
