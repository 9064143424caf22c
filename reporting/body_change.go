package reporting

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The fields of the form of a body, also the keys of its values and of field
// errors.
const (
	BodyID        = "id"
	BodyKind      = "kind"
	BodyGroup     = "group"
	BodyNameCN    = "name_zh_cn"
	BodyNameTW    = "name_zh_tw"
	BodyNameEn    = "name_en"
	BodyShortCN   = "short_zh_cn"
	BodyShortTW   = "short_zh_tw"
	BodyShortEn   = "short_en"
	BodyAliases   = "aliases" // one a line
	BodyParent    = "parent"
	BodyLeader    = "leader"
	BodyChannel   = "channel"
	BodyGoesOn    = "goes_on" // of a body with an end: GoesOn takes the end back
	BodyLastDay   = "day"
	BodyWhy       = "reason"
	BodySuccessor = "successor"
)

// BodyFields lists the fields of the form in its order; the id is asked for a
// new body only.
var BodyFields = []string{
	BodyID, BodyKind, BodyGroup, BodyNameCN, BodyShortCN, BodyNameTW, BodyShortTW, BodyNameEn, BodyShortEn,
	BodyAliases, BodyParent, BodyLeader, BodyChannel,
}

const (
	// GoesOn is the value of BodyGoesOn that makes an ended body active again.
	GoesOn = "yes"
	// NoBody is the value of a search for a body that says: none.
	NoBody = "-"

	bodyNameLimit  = 100
	bodyEnglish    = 200
	bodyAliasLimit = 30
	bodyWhyLimit   = 500
)

// BodyLimit returns the longest text that a field takes, in code points.
func BodyLimit(field string) int {
	switch field {
	case BodyNameEn:
		return bodyEnglish
	case BodyAliases:
		return 3000
	case BodyWhy:
		return bodyWhyLimit
	case BodyID:
		return 40
	}
	return bodyNameLimit
}

// What ids look like: ours are chosen by the office, Slack's begin with a
// letter for what they are of, also within a mention or a link.
var (
	bodyIDForm    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	personForm    = regexp.MustCompile(`^(?:<?@?|https?://\S+/)([UW][A-Z0-9]{2,20})(?:\|[^>]*)?>?$`)
	channelIDForm = regexp.MustCompile(`^(?:<?#?|https?://\S+/)([CG][A-Z0-9]{2,20})(?:\|[^>]*)?>?$`)
)

// BodyValues returns the values that the form shows for b.
func BodyValues(b Body) map[string]string {
	return map[string]string{
		BodyID: b.ID, BodyKind: string(b.Kind), BodyGroup: b.Group,
		BodyNameCN: b.Name.ZhCN, BodyNameTW: b.Name.ZhTW, BodyNameEn: b.Name.En,
		BodyShortCN: b.Short.ZhCN, BodyShortTW: b.Short.ZhTW, BodyShortEn: b.Short.En,
		BodyAliases: strings.Join(b.Aliases, "\n"), BodyParent: b.ParentID, BodyLeader: b.LeaderID, BodyChannel: b.ChannelID,
	}
}

// EditBody returns the body that the form's values describe, with its event:
// a new one when old is the zero Body, else old as changed. at is in UTC ms.
// Errors: Forbidden; FieldErrors for what was typed.
func EditBody(a Actor, v map[string]string, old Body, list *BodyList, at int64) (Body, Event, error) {
	if err := CanManage(a); err != nil {
		return Body{}, Event{}, err
	}
	r := &bodyReader{reader: reader{values: v}, list: list}
	b := old
	if old.ID == "" {
		b.ID = r.id()
	}
	b.Kind = Kind(r.choice(BodyKind, true, kindNames()))
	if b.Group = r.line(BodyGroup, false); b.Group == "" {
		b.Group = string(b.Kind)
	}
	b.Name = Names{r.line(BodyNameCN, true), r.line(BodyNameTW, false), r.line(BodyNameEn, false)}
	b.Short = Names{r.line(BodyShortCN, false), r.line(BodyShortTW, false), r.line(BodyShortEn, false)}
	if b.Short.ZhCN == "" {
		b.Short.ZhCN = b.Name.ZhCN
	}
	b.Aliases = r.aliases()
	b.ParentID = r.parent(b.ID)
	b.LeaderID = r.match(BodyLeader, personForm, "err.user.id")
	if b.ChannelID = r.match(BodyChannel, channelIDForm, "err.channel.id"); b.ChannelID != old.ChannelID {
		b.ChannelSince, b.UndeliverableSince, b.UndeliverableWhy = at, 0, ""
	}
	if v[BodyGoesOn] == GoesOn {
		b.EndsOn, b.EndReason, b.SuccessorID = Date{}, "", ""
	}
	if len(r.errs) > 0 {
		return Body{}, Event{}, r.errs
	}
	if old.ID == "" {
		return b, Event{At: at, Actor: a.UserID, Action: "body.add", Kind: "body", Subject: b.ID, After: b}, nil
	}
	return b, bodyEvent(a, "body.edit", old, b, at), nil
}

// EndBody returns old with a last day, a reason and perhaps a successor, from
// the form's values. Errors: Forbidden; FieldErrors for what was typed.
func EndBody(a Actor, v map[string]string, old Body, list *BodyList, at int64) (Body, Event, error) {
	if err := CanManage(a); err != nil {
		return Body{}, Event{}, err
	}
	r := &bodyReader{reader: reader{values: v}, list: list}
	b := old
	day, err := ParseDate(strings.TrimSpace(foldWidth(v[BodyLastDay])))
	if err != nil || day.IsZero() {
		r.fault(BodyLastDay, Fail(Invalid, "err.body.day", "value", clip(v[BodyLastDay], 40)))
	}
	b.EndsOn = day
	b.EndReason = r.limited(BodyWhy, true)
	if b.SuccessorID = r.body(BodySuccessor); b.SuccessorID == b.ID {
		r.fault(BodySuccessor, Fail(Invalid, "err.body.own_successor"))
	}
	if next, ok := list.Find(b.SuccessorID); ok && !next.EndsOn.IsZero() {
		r.fault(BodySuccessor, Fail(Invalid, "err.body.successor_ended", "body", next.Short.In(ZhCN), "day", next.EndsOn.String()))
	}
	if len(r.errs) > 0 {
		return Body{}, Event{}, r.errs
	}
	return b, bodyEvent(a, "body.end", old, b, at), nil
}

func bodyEvent(a Actor, action string, before, after Body, at int64) Event {
	return Event{At: at, Actor: a.UserID, Action: action, Kind: "body", Subject: after.ID, Before: before, After: after}
}

func kindNames() []string {
	var out []string
	for _, k := range Kinds {
		out = append(out, string(k))
	}
	return out
}

// bodyReader reads the fields of a body.
type bodyReader struct {
	reader
	list *BodyList
}

// limited returns the trimmed value of at most the field's limit.
func (r *bodyReader) limited(field string, required bool) string {
	s := strings.TrimSpace(r.values[field])
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && required:
		r.fault(field, Fail(Invalid, "err.required"))
	case n > BodyLimit(field):
		r.fault(field, Fail(Invalid, "err.too_long", "max", BodyLimit(field), "length", n))
	}
	return s
}

// line is limited in one line.
func (r *bodyReader) line(field string, required bool) string {
	return strings.Join(strings.Fields(r.limited(field, required)), " ")
}

func (r *bodyReader) id() string {
	s := strings.TrimSpace(r.values[BodyID])
	_, taken := r.list.Find(s)
	switch {
	case s == "":
		r.fault(BodyID, Fail(Invalid, "err.required"))
	case !bodyIDForm.MatchString(s):
		r.fault(BodyID, Fail(Invalid, "err.body.id"))
	case taken:
		r.fault(BodyID, Fail(Conflict, "err.body.exists", "id", s))
	}
	return s
}

// aliases are one a line; files keep them apart by a bar, which is read alike.
func (r *bodyReader) aliases() []string {
	var out []string
	for _, s := range strings.FieldsFunc(r.values[BodyAliases], func(c rune) bool { return c == '\n' || c == '\r' || c == '|' }) {
		s = strings.Join(strings.Fields(s), " ")
		if n := utf8.RuneCountInString(s); n > bodyNameLimit {
			r.fault(BodyAliases, Fail(Invalid, "err.too_long", "max", bodyNameLimit, "length", n))
		}
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if len(out) > bodyAliasLimit {
		r.fault(BodyAliases, Fail(Invalid, "err.body.aliases", "max", bodyAliasLimit, "n", len(out)))
	}
	return out
}

// body returns the id of a body that was searched for, "" for none.
func (r *bodyReader) body(field string) string {
	s := r.values[field]
	if s == "" || s == NoBody {
		return ""
	}
	if _, ok := r.list.Find(s); !ok {
		r.fault(field, Fail(Invalid, "err.choice"))
	}
	return s
}

// parent refuses what would make a body stand above itself.
func (r *bodyReader) parent(own string) string {
	id := r.body(BodyParent)
	for up, steps := id, 0; up != "" && steps <= len(r.list.All); steps++ {
		if up == own {
			r.fault(BodyParent, Fail(Invalid, "err.body.own_parent"))
			break
		}
		above, _ := r.list.Find(up)
		up = above.ParentID
	}
	return id
}

// match returns the id in what was typed, "" for nothing.
func (r *bodyReader) match(field string, form *regexp.Regexp, key string) string {
	s := strings.TrimSpace(r.values[field])
	if s == "" {
		return ""
	}
	m := form.FindStringSubmatch(s)
	if m == nil {
		r.fault(field, Fail(Invalid, key, "value", clip(s, 40)))
		return ""
	}
	return m[1]
}
