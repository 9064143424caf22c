package question

// Entity is a part of a sentence that is the value of a slot.
type Entity struct {
	Slot  Slot
	Value string
	Text  string // as it was typed
	From  int    // byte offsets in lexicon.Width of the sentence
	To    int
}

// Entities returns what a sentence says, whatever it asks: the values of slots in
// the order in which they stand, for who reads an answer to a question of their
// own. A part with several values comes several times. Two bodies that fit
// equally well are one entity of Candidate with both ids; a place that is no
// body's is one of UnknownBody's Note with its name; a body of who asks ("we")
// has no part in it.
func Entities(said string, c Context) []Entity {
	s := parse(fold(said), c)
	var out []Entity
	for _, x := range s.spans {
		for _, m := range x.means {
			slot, ok := entitySlots[m.name]
			if slot == Year {
				m.value = s.yearOf(m.value)
			}
			if !ok || m.value == "" {
				continue
			}
			if slot == Body && s.leads(x) {
				slot = LeadDept
			}
			out = append(out, Entity{slot, m.value, s.said(x.from, x.to), s.from[x.from], s.to[x.to-1]})
		}
	}
	return out
}

// entitySlots are the meanings that are values of slots.
var entitySlots = func() map[string]Slot {
	out := map[string]Slot{meansEither: Candidate, meansPlace: Note, meansOther: Note, "named": Project}
	for _, s := range []Slot{
		Body, BodyKind, Year, Period, Metric, Order, N, By, Programme, Project, Industry, Route, SubPath, Stage, Status, Days,
		Least, Most, Invest, Partner, Exhibit, Count, Topic, Term, Kind, Audience, Format, Weekday, Time,
	} {
		out[string(s)] = s
	}
	return out
}()
