package commands

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// NudgeSettings keeps what bodies set for their nudges; they are read with
// Directory.Bodies.
type NudgeSettings interface {
	// ChangeNudge reads what a body has set, lets decide make the change and writes it
	// with its event and message.
	ChangeNudge(ctx context.Context, once, body string, decide func(reporting.NudgeSetting) (reporting.NudgeChange, error)) (reporting.NudgeSetting, error)
	// SeenIn returns who acknowledged the nudges of a week, by body, the first first.
	SeenIn(ctx context.Context, w reporting.Week) ([]reporting.Seen, error)
}

// nudgeSubs are the words of /nudge that change when a body is nudged.
func (a *App) nudgeSubs() []subcommand {
	return []subcommand{
		{words: []string{"set", "设置", "設置", "设定", "設定"}, run: a.nudgeSet},
		{words: []string{"pause", "暂停", "暫停"}, run: a.nudgePause},
		{words: []string{"resume", "恢复", "恢復"}, run: a.nudgeResume},
	}
}

func (a *App) nudgeSetActions() map[string]handler {
	return map[string]handler{
		"nudge.show": a.pressed(a.nudgeShow), "nudge.set": a.pressed(a.nudgeSet),
		"nudge.pause": a.pressed(a.nudgePause), "nudge.resume": a.pressed(a.nudgeResume),
		"message.resend": a.pressResend,
	}
}

func (a *App) nudgeSetForms() map[string]formHandler {
	return map[string]formHandler{"nudge.set": {submit: a.submitNudgeSet}, "nudge.pause": {submit: a.submitNudgePause}}
}

// nudgeState reads what a change of a body's nudge is decided from.
func (a *App) nudgeState(c *call, b reporting.Body) (reporting.NudgeState, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return reporting.NudgeState{}, err
	}
	st := reporting.NudgeState{City: a.cfg.Nudge, Setting: list.Nudges[b.ID], Limits: a.cfg.NudgeLimits}
	st.City.Calendar, st.Setting.BodyID = list.Calendar, b.ID
	week, _ := st.Rule().Current(c.now)
	key := reporting.NudgeKey(b.ID, week)
	planned, err := a.store.PlannedKeys(c.ctx, []string{key})
	st.Decided = planned[key]
	return st, err
}

// nudgeToChange finds the body whose nudge is to be changed, with its state.
func (a *App) nudgeToChange(c *call, text, word string) (reporting.Body, reporting.NudgeState, error) {
	b, err := a.nudgeBody(c, text, word)
	if err != nil {
		return b, reporting.NudgeState{}, err
	}
	if err := a.goesOn(c, b); err != nil {
		return b, reporting.NudgeState{}, err
	}
	st, err := a.nudgeState(c, b)
	return b, st, err
}

// nudgeOfForm is nudgeToChange for a submitted form.
func (a *App) nudgeOfForm(c *call, in Input) (reporting.Body, reporting.NudgeState, editing, error) {
	st, err := readEditing(in.State)
	if err != nil {
		return reporting.Body{}, reporting.NudgeState{}, st, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return reporting.Body{}, reporting.NudgeState{}, st, err
	}
	b, ok := list.Find(st.Body)
	if !ok {
		return b, reporting.NudgeState{}, st, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	state, err := a.nudgeState(c, b)
	return b, state, st, err
}

// nudgeSet answers /nudge set [body]: the form of weekday, time, zone and language.
func (a *App) nudgeSet(c *call) (Response, error) {
	b, st, err := a.nudgeToChange(c, c.text, "set")
	if err != nil {
		return Response{}, err
	}
	f := a.nudgeForm(c, "set", b, st)
	day := Field{ID: reporting.FieldNudgeWeekday, Kind: SelectField, Label: a.say(c, "field.nudge_weekday.label"), Value: reporting.AsCity}
	day.Options = []Option{{Value: reporting.AsCity, Label: a.say(c, "nudge.as_city", "value", a.say(c, "weekday."+st.City.Weekday.String()))}}
	for _, d := range st.Weekdays(c.actor) {
		day.Options = append(day.Options, Option{Value: d, Label: a.say(c, "weekday."+d)})
	}
	at := Field{
		ID: reporting.FieldNudgeTime, Kind: TextField, Optional: true, MaxLen: 10, Value: st.Setting.Time,
		Label: a.say(c, "field.nudge_time.label"), Hint: a.say(c, "field.nudge_time.hint", "city", clockOf(st.City)), Placeholder: clockOf(st.City),
	}
	if !c.actor.OfOffice() {
		at.Hint = a.say(c, "field.nudge_time.hint.limits", "city", clockOf(st.City), "earliest", st.Limits.Earliest, "latest", st.Limits.Latest)
	}
	f.Fields = append(f.Fields, day, at)
	f.Fields = append(f.Fields, a.zoneField(c, st)...)
	language := Field{ID: reporting.FieldNudgeLocale, Kind: SelectField, Label: a.say(c, "field.nudge_locale.label"), Value: reporting.AsCity}
	language.Options = []Option{{Value: reporting.AsCity, Label: a.say(c, "nudge.as_city", "value", a.say(c, "locale."+string(a.cfg.Locale)))}}
	for _, l := range reporting.Locales {
		language.Options = append(language.Options, Option{Value: string(l), Label: a.say(c, "locale."+string(l))})
	}
	if st.Setting.Weekday != "" {
		day.Value = st.Setting.Weekday
	}
	if st.Setting.Locale != "" {
		language.Value = string(st.Setting.Locale)
	}
	f.Fields = append(f.Fields, language)
	f.Fields[slices.IndexFunc(f.Fields, func(f Field) bool { return f.ID == day.ID })] = day
	return Response{Form: f}, nil
}

// zoneField asks for the zone where there is more than one to choose from: the
// office names any.
func (a *App) zoneField(c *call, st reporting.NudgeState) []Field {
	f := Field{
		ID: reporting.FieldNudgeZone, Kind: TextField, Optional: true, MaxLen: 60, Value: st.Setting.Zone,
		Label: a.say(c, "field.nudge_zone.label"), Hint: a.say(c, "field.nudge_zone.hint", "city", st.City.Location.String()), Placeholder: st.City.Location.String(),
	}
	zones := st.Zones()
	switch {
	case c.actor.OfOffice():
		return []Field{f}
	case len(zones) == 0:
		return nil
	}
	f.Kind, f.Optional, f.Hint, f.Placeholder = SelectField, false, "", ""
	f.Options = []Option{{Value: reporting.AsCity, Label: a.say(c, "nudge.as_city", "value", st.City.Location.String())}}
	for _, z := range zones {
		f.Options = append(f.Options, Option{Value: z, Label: z})
	}
	if f.Value == "" {
		f.Value = reporting.AsCity
	}
	return []Field{f}
}

// nudgeForm is a form about a body's nudge, with what is in force above its fields.
func (a *App) nudgeForm(c *call, word string, b reporting.Body, st reporting.NudgeState) *Form {
	now := []Span{Bold(b.Label(c.locale)), Plain(a.say(c, "word.colon") + a.when(c, st.Rule()))}
	return &Form{
		ID: "nudge." + word, Title: a.say(c, "form.nudge."+word), Submit: a.say(c, "form.body.save"), Close: a.say(c, "button.close"), Locale: c.locale,
		State:  editing{Body: b.ID, Version: st.Setting.Version, Channel: c.channel}.String(),
		Fields: []Field{{ID: "now", Kind: InfoField, Text: now}},
	}
}

func (a *App) submitNudgeSet(c *call, in Input) (SubmitResult, error) {
	b, state, st, err := a.nudgeOfForm(c, in)
	if err != nil {
		return SubmitResult{}, err
	}
	r, err := a.changeNudge(c, b, state, "set", func(old reporting.NudgeState) (reporting.NudgeChange, error) {
		return reporting.SetNudge(c.actor, in.Values, old, st.Version, c.now.UnixMilli())
	})
	if err != nil {
		return a.atField(c, a.withLimits(c, state, err), reporting.FieldNudgeWeekday)
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

// withLimits has a refusal name what is allowed.
func (a *App) withLimits(c *call, st reporting.NudgeState, err error) error {
	var faults reporting.FieldErrors
	if !errors.As(err, &faults) {
		return err
	}
	var days []string
	for _, d := range st.Limits.Weekdays {
		days = append(days, a.say(c, "weekday."+d))
	}
	for _, e := range faults {
		if e.Args != nil {
			e.Args["weekdays"] = strings.Join(days, a.say(c, "word.list_separator"))
			e.Args["zones"] = strings.Join(append([]string{st.City.Location.String()}, st.Limits.Zones...), a.say(c, "word.list_separator"))
		}
	}
	return err
}

// changeNudge makes a change and says when the next nudge comes.
func (a *App) changeNudge(c *call, b reporting.Body, st reporting.NudgeState, what string, decide func(reporting.NudgeState) (reporting.NudgeChange, error)) (*Reply, error) {
	before := st.Rule()
	set, err := a.store.ChangeNudge(c.ctx, c.once, b.ID, func(s reporting.NudgeSetting) (reporting.NudgeChange, error) {
		st.Setting = s
		return decide(st)
	})
	switch {
	case errors.Is(err, reporting.ErrRepeated):
	case err != nil:
		return nil, err
	default:
		a.wake()
	}
	st.Setting = set
	parts := a.changedParts(c, b, st.Rule(), set, what)
	if _, at := before.Current(c.now); what == "resume" && before.Paused(at) {
		parts = append(parts, Paragraph{Plain(a.say(c, "nudge.left_out"))})
	}
	if b.ChannelID != "" {
		parts = append(parts, Note{Plain(a.say(c, "nudge.told"))})
	}
	parts = append(parts, Buttons{a.button(c, "nudge.show", b.ID, "nudge_show")})
	return &Reply{Text: a.changedText(c, b, st.Rule(), set, what) + " " + a.comes(c, b, st.Rule()), Parts: parts}, nil
}

// when says on which day and at what time a body is nudged: 每周五 16:30.
func (a *App) when(c *call, r reporting.NudgeRule) string {
	return a.say(c, "nudge.when", "weekday", a.say(c, "weekday."+r.Weekday.String()), "clock", clockOf(r)) + a.zoneOf(c, r)
}

// zoneOf names the zone of a rule, nothing where it is the city's.
func (a *App) zoneOf(c *call, r reporting.NudgeRule) string {
	if r.Location.String() == a.cfg.Location.String() {
		return ""
	}
	return a.say(c, "nudge.in_zone", "zone", r.Location.String())
}

func clockOf(r reporting.NudgeRule) string {
	return time.Date(0, 1, 1, r.Hour, r.Minute, 0, 0, time.UTC).Format("15:04")
}

// momentOf is a moment on the clocks of a rule's zone.
func (a *App) momentOf(c *call, r reporting.NudgeRule, t time.Time) string {
	t = t.In(r.Location)
	return a.say(c, "word.moment", "day", a.date(c, reporting.DateOf(t)), "clock", t.Format("15:04")) + a.zoneOf(c, r)
}

// comes says when the next nudge comes, and which holiday moves it; or why none
// does.
func (a *App) comes(c *call, b reporting.Body, r reporting.NudgeRule) string {
	switch {
	case b.ChannelID == "":
		return a.say(c, "nudge.why.no_channel", "command", a.slash("body"))
	case b.UndeliverableSince != 0:
		return a.say(c, "nudge.why.undeliverable", "why", a.deadWhy(c, b.UndeliverableWhy), "command", a.slash("body"))
	}
	week, at := r.NextOwed(c.now)
	return a.say(c, "nudge.comes", "time", a.momentOf(c, r, at), "week", a.week(c, week)) + a.movedBy(c, r, week)
}

// movedBy says which day off moves the nudge of a week, nothing where none does.
func (a *App) movedBy(c *call, r reporting.NudgeRule, week reporting.Week) string {
	day, ok := r.Moved(week)
	if !ok {
		return ""
	}
	name := r.Calendar.DayOffName(day)
	if name != "" {
		name = a.say(c, "nudge.day_off.name", "name", name)
	}
	weekday := day.In(time.UTC).Weekday().String()
	return a.say(c, "nudge.day_off", "weekday", a.say(c, "day."+weekday), "day", a.monthDay(c, day), "name", name)
}
