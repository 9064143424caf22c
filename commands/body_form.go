package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// bodyForms are the forms about bodies and people.
func (a *App) bodyForms() map[string]formHandler {
	return map[string]formHandler{
		"body.edit":     {submit: a.submitBody, suggest: a.suggestAnyBody},
		"body.end":      {submit: a.submitEnd, suggest: a.suggestAnyBody},
		"body.handover": {submit: a.submitHandover},
		"body.assign":   {submit: a.submitAssign, suggest: a.suggestAnyBody},
		"body.channel":  {submit: a.submitChannel, suggest: a.suggestAnyBody},
	}
}

// bodyActions are the buttons about bodies and people.
func (a *App) bodyActions() map[string]handler {
	return map[string]handler{
		"body.add":     a.bodyAdd,
		"body.edit":    a.pressed(a.bodyEdit),
		"body.end":     a.pressed(a.bodyEnd),
		"body.people":  a.pressed(a.bodyPeople),
		"body.leave":   a.pressLeave,
		"body.assign":  a.pressed(a.bodyAssign),
		"body.channel": a.pressed(a.bodyChannel),
	}
}

// editing is what the form of a body carries.
type editing struct {
	Body    string            `json:"b,omitempty"` // "" for a new one
	Version int               `json:"v,omitempty"` // that was shown
	Shown   map[string]string `json:"h,omitempty"` // of each field a mark of what was shown
	Channel string            `json:"c,omitempty"` // where the form was opened
}

func readEditing(state string) (editing, error) {
	var st editing
	if err := json.Unmarshal([]byte(state), &st); err != nil {
		return st, &reporting.Error{Code: reporting.NotFound, Key: "err.form.unknown", Err: err}
	}
	return st, nil
}

func (st editing) String() string {
	text, err := json.Marshal(st)
	if err != nil { // strings and a number always marshal
		return ""
	}
	return string(text)
}

// mark is a short fingerprint of a value: whole ones would not fit a form's state.
func mark(value string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(value))
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// bodyAdd answers /body add: the form of a new body.
func (a *App) bodyAdd(c *call) (Response, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return Response{}, err
	}
	f, err := a.bodyForm(c, editing{Channel: c.channel}, reporting.Body{}, map[string]string{}, nil)
	return Response{Form: f}, err
}

// bodyEdit answers /body edit <body>.
func (a *App) bodyEdit(c *call) (Response, error) {
	b, err := a.managed(c, "edit")
	if err != nil {
		return Response{}, err
	}
	f, err := a.bodyForm(c, editing{Body: b.ID, Channel: c.channel}, b, reporting.BodyValues(b), nil)
	return Response{Form: f}, err
}

// managed is the body that is named after a word of /body, for the office.
func (a *App) managed(c *call, word string) (reporting.Body, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return reporting.Body{}, err
	}
	if c.text == "" {
		return reporting.Body{}, reporting.Fail(reporting.Invalid, "err.body.needed", "command", a.slash("body")+" "+word)
	}
	return a.oneBody(c, c.text)
}

// bodyForm draws the form of b with the values v below the notes.
func (a *App) bodyForm(c *call, st editing, b reporting.Body, v map[string]string, notes []Field) (*Form, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("draw body form: %w", err)
	}
	st.Version, st.Shown = b.Version, map[string]string{}
	title := a.say(c, "form.body.add")
	if st.Body != "" {
		title = a.say(c, "form.body.edit")
		notes = append(notes, Field{ID: "of", Kind: InfoField, Text: []Span{Bold(b.Label(c.locale)), Plain(" "), {Text: b.ID, Code: true}}})
	}
	f := &Form{
		ID: "body.edit", Title: title, Submit: a.say(c, "form.body.save"), Close: a.say(c, "button.close"), Locale: c.locale, Fields: notes,
	}
	present := reporting.BodyValues(b)
	for _, id := range reporting.BodyFields {
		if id == reporting.BodyID && st.Body != "" {
			continue
		}
		st.Shown[id] = mark(present[id])
		f.Fields = append(f.Fields, a.bodyInput(c, id, v[id], list))
	}
	if !b.EndsOn.IsZero() {
		f.Fields = append(f.Fields, a.goesOnField(c, b))
	}
	f.State = st.String()
	return f, nil
}

var requiredOfBody = []string{reporting.BodyID, reporting.BodyKind, reporting.BodyNameCN}

// bodyInput is one field of the form of a body.
func (a *App) bodyInput(c *call, id, value string, list *reporting.BodyList) Field {
	f := Field{
		ID: id, Kind: TextField, Label: a.say(c, "field.body."+id+".label"), Hint: a.say(c, "field.body."+id+".hint"),
		Value: value, MaxLen: reporting.BodyLimit(id), Optional: !slices.Contains(requiredOfBody, id),
	}
	switch id {
	case reporting.BodyKind:
		f.Kind, f.MaxLen = SelectField, 0
		for _, k := range reporting.Kinds {
			f.Options = append(f.Options, Option{Value: string(k), Label: a.say(c, "kind."+string(k))})
		}
	case reporting.BodyAliases:
		f.Kind = LongField
	case reporting.BodyParent:
		f = a.searchAnyBody(c, f, list)
	}
	return f
}

// searchAnyBody makes f a search for a body, or none.
func (a *App) searchAnyBody(c *call, f Field, list *reporting.BodyList) Field {
	f.Kind, f.MaxLen, f.Placeholder = SearchField, 0, a.say(c, "form.project.search")
	if b, ok := list.Find(f.Value); ok {
		f.Chosen = &Option{Value: b.ID, Label: b.Label(c.locale)}
	}
	return f
}

// suggestAnyBody finds any body but the form's own, or none.
func (a *App) suggestAnyBody(c *call, s Search) ([]Option, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return nil, err
	}
	st, err := readEditing(s.State)
	if err != nil {
		return nil, err
	}
	list, index, err := a.index(c)
	if err != nil {
		return nil, err
	}
	out := []Option{{Value: reporting.NoBody, Label: a.say(c, "form.body.none")}}
	for _, b := range index.Search(s.Text, len(list.All)) {
		if b.ID != st.Body && len(out) < 100 {
			out = append(out, Option{Value: b.ID, Label: b.Label(c.locale), Description: b.Name.In(c.locale)})
		}
	}
	return out, nil
}

// submitBody writes a new body, or a changed one if nobody was faster.
func (a *App) submitBody(c *call, in Input) (SubmitResult, error) {
	st, err := readEditing(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return SubmitResult{}, err
	}
	old, ok := list.Find(st.Body)
	if st.Body != "" && !ok {
		return SubmitResult{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(st.Body))
	}
	if st.Body == "" {
		// Whether an id is taken is for the store to say, which knows what was
		// delivered before.
		list = without(list, strings.TrimSpace(in.Values[reporting.BodyID]))
	}
	b, e, err := reporting.EditBody(c.actor, in.Values, old, list, c.now.UnixMilli())
	if err != nil {
		return a.faults(c, err)
	}
	if err := a.answersAlone(c, list, old, b); err != nil {
		return SubmitResult{}, err
	}
	b.Version = st.Version
	err = a.store.SaveBody(c.ctx, c.once, b, e)
	var fault *reporting.Error
	switch {
	case errors.As(err, &fault) && fault.Key == "err.body.changed":
		return a.bodyConflict(c, st, in.Values)
	case err != nil && !errors.Is(err, reporting.ErrRepeated):
		return SubmitResult{}, a.channelTaken(c, list, err)
	}
	key := "body.saved"
	if st.Body == "" {
		key = "body.added"
	}
	reply, err := a.bodyCard(c, a.say(c, key, "body", b.Label(c.locale)), b)
	return SubmitResult{Tell: reply, TellIn: st.Channel}, err
}

// without leaves out the body with id.
func without(list *reporting.BodyList, id string) *reporting.BodyList {
	out := &reporting.BodyList{Revision: list.Revision}
	for _, b := range list.All {
		if b.ID != id {
			out.All = append(out.All, b)
		}
	}
	return out
}

// answersAlone refuses a new id, short name or alias that another body answers
// to: by name, pinyin, or initials, which are agreed on by an alias in capitals.
func (a *App) answersAlone(c *call, list *reporting.BodyList, old, b reporting.Body) error {
	others := lexicon.New(without(list, b.ID))
	type name struct{ field, text string }
	all := []name{{reporting.BodyShortCN, b.Short.ZhCN}}
	if old.ID == "" {
		all = append(all, name{reporting.BodyID, b.ID})
	}
	for _, s := range b.Aliases {
		all = append(all, name{reporting.BodyAliases, s})
	}
	var faults reporting.FieldErrors
	for _, n := range all {
		if n.text == old.Short.ZhCN || slices.Contains(old.Aliases, n.text) {
			continue
		}
		for _, m := range others.Find(n.text) {
			if m.How == lexicon.Exact {
				faults = append(faults, reporting.Fail(reporting.Conflict, "err.body.alias", "value", clip(n.text), "body", m.Body.Label(c.locale)).At(n.field))
				break
			}
		}
	}
	return faults.Err()
}

// channelTaken names the body in a refusal of a channel.
func (a *App) channelTaken(c *call, list *reporting.BodyList, err error) error {
	var e *reporting.Error
	if !errors.As(err, &e) || e.Key != "err.channel.taken" {
		return err
	}
	id, _ := e.Args["body"].(string)
	named := reporting.Fail(e.Code, e.Key, "body", a.nameOf(c, list, id))
	named.Err = err
	return named.At(reporting.BodyChannel)
}

// bodyConflict shows the form again to who came second: with what they typed,
// what the other wrote where they typed nothing, and where the two differ.
func (a *App) bodyConflict(c *call, st editing, typed map[string]string) (SubmitResult, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return SubmitResult{}, err
	}
	now, ok := list.Find(st.Body)
	if !ok {
		return SubmitResult{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(st.Body))
	}
	present, v := reporting.BodyValues(now), map[string]string{}
	text := []Span{Bold(a.say(c, "form.body.conflict"))}
	for id, value := range present {
		v[id] = value
		if mark(typed[id]) != st.Shown[id] {
			v[id] = typed[id]
		}
	}
	for _, id := range reporting.BodyFields {
		if v[id] != present[id] {
			text = append(text, Plain(a.say(c, "form.body.differs", "field", a.say(c, "field.body."+id+".label"),
				"theirs", orNone(a, c, present[id]), "yours", orNone(a, c, v[id]))))
		}
	}
	f, err := a.bodyForm(c, st, now, v, []Field{{ID: "conflict", Kind: InfoField, Text: text}})
	return SubmitResult{Next: f}, err
}

func orNone(a *App, c *call, value string) string {
	if value == "" {
		return a.say(c, "word.none")
	}
	return clip(strings.ReplaceAll(value, "\n", a.say(c, "word.list_separator")))
}
