package commands

import (
	"strings"
	"unicode/utf8"

	"github.com/mouhua/mouhua/reporting"
)

// Fields of the forms that give a role and a channel.
const (
	fieldPerson  = "person"
	fieldName    = "person_name"
	fieldRole    = "person_role"
	fieldBody    = "person_body"
	fieldChannel = reporting.BodyChannel
)

const maxPersonName = 40 // code points

// assignForm asks whom to give which role: what a command that names nobody
// opens.
func (a *App) assignForm(c *call) *Form {
	role := Field{ID: fieldRole, Kind: SelectField, Label: a.say(c, "field.person_role.label")}
	for _, r := range reporting.Roles {
		role.Options = append(role.Options, Option{Value: string(r), Label: a.say(c, "role."+string(r))})
	}
	return &Form{
		ID: "body.assign", Title: a.say(c, "form.assign.title"), Submit: a.say(c, "form.body.save"), Close: a.say(c, "button.close"),
		Locale: c.locale, State: editing{Channel: c.channel}.String(),
		Fields: []Field{
			{ID: fieldPerson, Kind: PersonField, Label: a.say(c, "field.person.label")},
			{ID: fieldName, Kind: TextField, Label: a.say(c, "field.person_name.label"), Hint: a.say(c, "field.person_name.hint"), MaxLen: maxPersonName},
			role,
			{ID: fieldBody, Kind: SearchField, Label: a.say(c, "field.person_body.label"), Hint: a.say(c, "field.person_body.hint"),
				Placeholder: a.say(c, "form.project.search"), Optional: true},
		},
	}
}

// submitAssign gives the role, or asks first to whom a leaver's work goes.
func (a *App) submitAssign(c *call, in Input) (SubmitResult, error) {
	st, err := readEditing(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	p, err := a.readPerson(c, in.Values)
	if err != nil {
		return a.atField(c, err, fieldPerson)
	}
	c.channel = st.Channel
	r, err := a.assign(c, p)
	if err != nil {
		return a.atField(c, err, fieldPerson)
	}
	return SubmitResult{Next: r.Form, Tell: r.Reply, TellIn: st.Channel}, nil
}

// readPerson reads the form. Errors: Forbidden; FieldErrors.
func (a *App) readPerson(c *call, v map[string]string) (reporting.Person, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return reporting.Person{}, err
	}
	body := v[fieldBody]
	if body == reporting.NoBody {
		body = ""
	}
	p := reporting.Person{UserID: v[fieldPerson], Name: strings.TrimSpace(v[fieldName]), Role: reporting.Role(v[fieldRole]), BodyID: body}
	var faults reporting.FieldErrors
	fault := func(is bool, field, key string, args ...any) {
		if is {
			faults = append(faults, reporting.Fail(reporting.Invalid, key, args...).At(field))
		}
	}
	fault(p.UserID == "", fieldPerson, "err.required")
	fault(p.Name == "", fieldName, "err.required")
	n := utf8.RuneCountInString(p.Name)
	fault(n > maxPersonName, fieldName, "err.too_long", "max", maxPersonName, "length", n)
	fault(p.Role == "", fieldRole, "err.required")
	fault(p.Role == reporting.Official && body == "", fieldBody, "err.required")
	fault(p.Role != "" && p.Role != reporting.Official && body != "", fieldBody, "err.assign.body", "role", a.say(c, "role."+string(p.Role)))
	if body != "" {
		list, err := a.store.Bodies(c.ctx)
		if err != nil {
			return p, err
		}
		_, ok := list.Find(body)
		fault(!ok, fieldBody, "err.body.unknown", "value", clip(body))
	}
	return p, faults.Err()
}

// channelForm asks which channel a body gets.
func (a *App) channelForm(c *call) *Form {
	f := &Form{
		ID: "body.channel", Title: a.say(c, "form.channel.title"), Submit: a.say(c, "form.body.save"), Close: a.say(c, "button.close"),
		Locale: c.locale, State: editing{Channel: c.channel}.String(),
		Fields: []Field{
			{ID: fieldBody, Kind: SearchField, Label: a.say(c, "column.body"), Placeholder: a.say(c, "form.project.search")},
			{ID: fieldChannel, Kind: ChannelField, Label: a.say(c, "field.body.channel.label"), Hint: a.say(c, "field.channel.set.hint")},
		},
	}
	if isChannel(c.channel) && !a.reserved(c.channel) {
		f.Fields[1].Value = c.channel
	}
	return f
}

func (a *App) submitChannel(c *call, in Input) (SubmitResult, error) {
	st, err := readEditing(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	r, err := a.setChannelOf(c, in.Values[fieldBody], in.Values[fieldChannel])
	if err != nil {
		return a.atField(c, err, fieldChannel)
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

func (a *App) setChannelOf(c *call, id, channel string) (*Reply, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return nil, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, err
	}
	b, ok := list.Find(id)
	switch {
	case !ok:
		return nil, reporting.Fail(reporting.Invalid, "err.required").At(fieldBody)
	case channel == "":
		return nil, reporting.Fail(reporting.Invalid, "err.required").At(fieldChannel)
	}
	return a.setChannel(c, b, channel)
}
