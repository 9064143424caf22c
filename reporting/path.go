package reporting

// Path is one of the 17 sub-paths by which a project comes about (plan,
// chapter 4). Its route is the part before the point.
type Path string

// Routes are the five generation routes R1…R5.
var Routes = []string{"R1", "R2", "R3", "R4", "R5"}

// Paths lists the sub-paths in the order of the plan.
var Paths = []Path{
	"R1.1", "R1.2", "R1.3", "R1.4",
	"R2.1", "R2.2", "R2.3",
	"R3.1", "R3.2", "R3.3",
	"R4.1", "R4.2", "R4.3",
	"R5.1", "R5.2", "R5.3", "R5.4",
}

// Route returns the route of the sub-path, "R1" for "R1.3".
func (p Path) Route() string {
	if len(p) < 2 {
		return ""
	}
	return string(p[:2])
}

// Valid reports whether the plan knows the sub-path.
func (p Path) Valid() bool {
	for _, q := range Paths {
		if p == q {
			return true
		}
	}
	return false
}

// PathsOf returns the sub-paths of a route.
func PathsOf(route string) []Path {
	var out []Path
	for _, p := range Paths {
		if p.Route() == route {
			out = append(out, p)
		}
	}
	return out
}

// Natures are the kinds of building: new, extension, rebuilding, technical
// renovation, relocation.
var Natures = []string{"new", "extend", "rebuild", "upgrade", "relocate"}

// Programmes are the three hundreds (plan 4.3.1); "" is none.
var Programmes = []string{"P1", "P2", "P3"}

// Milestones are the steps of the preparatory work in their order.
var Milestones = []string{
	"lead", "packaging", "negotiation", "signed",
	"filed", "land", "planning", "eia", "permit",
	"begun", "building", "completed", "capacity", "benefit",
}

// oneOf reports whether v is in list.
func oneOf(v string, list []string) bool {
	for _, s := range list {
		if s == v {
			return true
		}
	}
	return false
}
