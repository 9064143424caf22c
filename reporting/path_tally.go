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

// StageMove is how many projects that count for a body, or the City, came to a
// stage within some days and stood there at their end.
type StageMove struct {
	BodyID string
	Stage  Stage
	N      int
}
