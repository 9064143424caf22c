package exchange

import (
	"bytes"
	"slices"
	"strings"
)

// columnName is what of a column tells a kind of file from another.
type columnName struct {
	name, title string
	optional    bool
}

// header is the columns of a kind.
type header struct {
	kind    string
	columns []columnName
}

// headers are those of every kind, in the order in which kinds are told.
var headers = []header{
	{"bodies", columnNames(bodies)}, {"quotas", columnNames(quotas)}, {"people", columnNames(people)}, {"projects", columnNames(projects)},
}

func columnNames[T any](k kind[T]) []columnName {
	var all []columnName
	for _, c := range k.columns {
		all = append(all, columnName{c.name, headingKey(k.headings[c.name].title), c.optional})
	}
	return all
}

// Kinds returns the kinds that a file's headings fit, by the names that
// import takes: those whose required columns are all there, or else the one that
// most of the columns belong to, so that reading it says which are missing.
// None says that it cannot be told, or that the file cannot be read.
func Kinds(content []byte) []string {
	in, err := open(bytes.NewReader(content))
	if err != nil {
		return nil
	}
	defer in.close()
	first, err := in.read()
	if err != nil {
		return nil
	}
	var fit, near []string
	most := 0
	for _, h := range headers {
		known, whole := h.matches(first)
		if whole {
			fit = append(fit, h.kind)
		}
		switch {
		case 2*known <= len(first) || known < most:
		case known == most:
			near = append(near, h.kind)
		default:
			most, near = known, []string{h.kind}
		}
	}
	if len(fit) > 0 {
		return fit
	}
	return near
}

func columnIn(first []string, c columnName) bool {
	return slices.ContainsFunc(first, func(heading string) bool {
		heading = headingKey(strings.TrimSpace(unguarded(heading)))
		return heading == c.name || heading == c.title
	})
}

// matches returns how many of a file's columns are the kind's, and whether all
// that it needs are among them.
func (h header) matches(first []string) (known int, whole bool) {
	whole = true
	for _, c := range h.columns {
		switch {
		case columnIn(first, c):
			known++
		case !c.optional:
			whole = false
		}
	}
	return known, whole
}
