package reporting

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The fields of the form of an Entry.
const (
	EntryNameCN  = "name_zh_cn"
	EntryNameTW  = "name_zh_tw"
	EntryNameEn  = "name_en"
	EntryAliases = "aliases" // one a line
	EntryParent  = "parent"
	EntryPlace   = "place"   // 1 = first; "" = where it is, of a new one last
	EntryRetired = "retired" // Retire or "" (also InUse)
)

// The values of EntryRetired.
const (
	Retire = "yes"
	InUse  = "no"
)

// EntryFields lists the fields in the order of the form.
var EntryFields = []string{EntryNameCN, EntryNameTW, EntryNameEn, EntryAliases, EntryParent, EntryPlace, EntryRetired}

// EntryLimit is the longest name of an entry, in code points.
const EntryLimit = 60

// step is how far apart entries stand, so that one can be put between two.
const step = 1000

// FreeID returns an id for a new entry of a list.
func (c *Catalogue) FreeID(list string) string {
	for n := len(c.Of(list)) + 1; ; n++ {
		id := "x" + strconv.Itoa(n)
		if _, taken := c.Find(list, id); !taken {
			return id
		}
	}
}

// EditEntry returns the entry that the form's values describe, with its event.
// seen has the list, the id and the version that the person saw: with version
// 0 it is a new one, whose id is for storage to find taken. at is in UTC ms.
// Errors: Forbidden; NotFound; FieldErrors for what was typed.
func EditEntry(a Actor, v map[string]string, seen Entry, c *Catalogue, at int64) (Entry, Event, error) {
	if err := CanManage(a); err != nil {
		return Entry{}, Event{}, err
	}
	list := seen.List
	old, there := c.Find(list, seen.ID)
	if !slices.Contains(Lists, list) || seen.ID == "" || seen.Version != 0 && !there {
		return Entry{}, Event{}, Fail(NotFound, "err.catalogue.unknown", "value", clip(list+" "+seen.ID, 40))
	}
	if seen.Version == 0 {
		old = Entry{}
	}
	r := &entryReader{reader: reader{values: v}, c: c, list: list, id: seen.ID}
	e := old
	e.List, e.ID, e.Version = list, seen.ID, seen.Version
	e.Name = Names{r.name(EntryNameCN, true), r.name(EntryNameTW, false), r.name(EntryNameEn, false)}
	e.Aliases = r.aliases()
	if of := ParentOf(list); of != "" {
		e.Parent = r.choice(EntryParent, true, c.ids(of))
	}
	e.Position = r.position(old.Position)
	e.Retired = r.choice(EntryRetired, false, []string{Retire, InUse}) == Retire
	if len(r.errs) > 0 {
		return Entry{}, Event{}, r.errs
	}
	event := Event{At: at, Actor: a.UserID, Action: "catalogue.edit", Kind: "catalogue", Subject: e.Subject(), Before: old, After: e}
	switch {
	case seen.Version == 0:
		event.Action, event.Before = "catalogue.add", nil
	case e.Retired && !old.Retired:
		event.Action = "catalogue.retire"
	case old.Retired && !e.Retired:
		event.Action = "catalogue.restore"
	}
	return e, event, nil
}

// entryReader reads the fields of an entry.
type entryReader struct {
	reader
	c        *Catalogue
	list, id string
}

// name reads a name that no other entry of the list is called by.
func (r *entryReader) name(field string, required bool) string {
	s := strings.Join(strings.Fields(r.values[field]), " ")
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && required:
		r.fault(field, Fail(Invalid, "err.required"))
	case n > EntryLimit:
		r.fault(field, Fail(Invalid, "err.too_long", "max", EntryLimit, "length", n))
	default:
		r.alone(field, s)
	}
	return s
}

// alone faults a name that holds the joint, or that another entry answers to.
func (r *entryReader) alone(field, name string) {
	if strings.ContainsAny(name, Joint+"|") {
		r.fault(field, Fail(Invalid, "err.catalogue.joint", "value", clip(name, 40)))
		return
	}
	for _, e := range r.c.Of(r.list) {
		if e.ID != r.id && e.Calls(name) {
			r.fault(field, Fail(Conflict, "err.catalogue.name", "value", clip(name, 40), "entry", e.Name.ZhCN))
			return
		}
	}
}

func (r *entryReader) aliases() []string {
	var out []string
	for _, s := range strings.FieldsFunc(r.values[EntryAliases], func(c rune) bool { return c == '\n' || c == '\r' }) {
		s = strings.Join(strings.Fields(s), " ")
		if s == "" || slices.Contains(out, s) {
			continue
		}
		if n := utf8.RuneCountInString(s); n > EntryLimit {
			r.fault(EntryAliases, Fail(Invalid, "err.too_long", "max", EntryLimit, "length", n))
			break
		}
		r.alone(EntryAliases, s)
		out = append(out, s)
	}
	if len(out) > bodyAliasLimit {
		r.fault(EntryAliases, Fail(Invalid, "err.body.aliases", "max", bodyAliasLimit, "n", len(out)))
	}
	return out
}

// position returns where the place that was typed is.
func (r *entryReader) position(old int) int {
	others := slices.DeleteFunc(slices.Clone(r.c.Of(r.list)), func(e Entry) bool { return e.ID == r.id })
	place := strings.TrimSpace(foldWidth(r.values[EntryPlace]))
	if place == "" {
		if old == 0 && len(others) > 0 {
			return others[len(others)-1].Position + step
		}
		return max(old, step)
	}
	n, err := strconv.Atoi(place)
	if err != nil || n < 1 {
		r.fault(EntryPlace, Fail(Invalid, "err.catalogue.place", "max", len(others)+1))
		return old
	}
	low, high := 0, 2*step // of an empty list
	switch n = min(n, len(others)+1); {
	case len(others) == 0:
	case n == 1:
		low, high = others[0].Position-2*step, others[0].Position
	case n > len(others):
		low, high = others[n-2].Position, others[n-2].Position+2*step
	default:
		low, high = others[n-2].Position, others[n-1].Position
	}
	if old != 0 && low < old && old < high {
		return old
	}
	return (low + high) / 2
}

// EntryValues returns the values that the form shows for e.
func EntryValues(e Entry, c *Catalogue) map[string]string {
	v := map[string]string{
		EntryNameCN: e.Name.ZhCN, EntryNameTW: e.Name.ZhTW, EntryNameEn: e.Name.En,
		EntryAliases: strings.Join(e.Aliases, "\n"), EntryParent: e.Parent, EntryRetired: InUse,
	}
	if i := slices.IndexFunc(c.Of(e.List), func(x Entry) bool { return x.ID == e.ID }); i >= 0 {
		v[EntryPlace] = strconv.Itoa(i + 1)
	}
	if e.Retired {
		v[EntryRetired] = Retire
	}
	return v
}
