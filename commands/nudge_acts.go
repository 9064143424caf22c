package commands

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// livingActions are the buttons of a living nudge.
func (a *App) livingActions() map[string]handler {
	return map[string]handler{
		"nudge.seen": a.pressSeen, "nudge.snooze": a.pressSnooze, "nudge.nothing": a.pressNothing, "nudge.drafts": a.nudgeDrafts,
	}
}

// livingForms are its forms.
func (a *App) livingForms() map[string]formHandler {
	return map[string]formHandler{"nudge.snooze": {submit: a.submitSnooze}, "nudge.nothing": {submit: a.submitNothing}}
}

// pressedWeek reads "body|2018-W31" or "body|2018-W31|3" from a button or the
// state of a form, which name the body, whatever channel it was pressed in.
type pressedWeek struct {
	body    reporting.Body
	week    reporting.Week
	rest    string
	channel string // in which the form was opened
}

func (p pressedWeek) state(c *call) string { return weekValue(p.body.ID, p.week) + "|" + c.channel }

func (a *App) readWeek(c *call, value string) (p pressedWeek, err error) {
	id, rest, _ := strings.Cut(value, "|")
	typed, rest, _ := strings.Cut(rest, "|")
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return p, err
	}
	var ok bool
	if p.body, ok = list.Find(id); !ok {
		return p, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	if p.week, err = reporting.ParseWeek(typed); err != nil {
		return p, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	p.rest = rest
	return p, nil
}

// changeWeek does something with a body's nudge of a week, once; an old nudge
// is told which is the newest.
func (a *App) changeWeek(c *call, p pressedWeek, decide func(w reporting.NudgeWeek) (reporting.WeekChange, error)) error {
	err := a.store.ChangeWeek(c.ctx, c.once, p.body.ID, decide)
	if errors.Is(err, reporting.ErrRepeated) {
		return nil
	}
	if err == nil {
		a.wake()
	}
	return a.weekError(c, err)
}

// weekError puts the weeks of an error into words.
func (a *App) weekError(c *call, err error) error {
	var e *reporting.Error
	if !errors.As(err, &e) || e.Key != "err.nudge.old" {
		return err
	}
	told := *e
	told.Args = map[string]any{}
	for k, v := range e.Args {
		if w, err := reporting.ParseWeek(v.(string)); err == nil {
			v = a.week(c, w)
		}
		told.Args[k] = v
	}
	return &told
}

// pressSeen takes note that somebody has seen the nudge.
func (a *App) pressSeen(c *call) (Response, error) {
	p, err := a.readWeek(c, c.value)
	if err != nil {
		return Response{}, err
	}
	err = a.changeWeek(c, p, func(w reporting.NudgeWeek) (reporting.WeekChange, error) {
		return reporting.Acknowledge(c.actor, w, p.week, c.now.UnixMilli())
	})
	if err != nil {
		return Response{}, err
	}
	return Response{Reply: Say(a.say(c, "living.done.seen", "body", p.body.Label(c.locale), "week", a.week(c, p.week)))}, nil
}

// pressSnooze opens the form of a snooze, for the days of the button.
func (a *App) pressSnooze(c *call) (Response, error) {
	p, err := a.readWeek(c, c.value)
	if err != nil {
		return Response{}, err
	}
	days, err := strconv.Atoi(p.rest)
	if err != nil {
		return Response{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	return a.openSnooze(c, p, days)
}

// openSnooze opens the form unless nothing that can be typed would do.
func (a *App) openSnooze(c *call, p pressedWeek, days int) (Response, error) {
	rule, err := a.ruleOf(c, p.body)
	if err != nil {
		return Response{}, err
	}
	newest, err := a.newestOf(c, p.body.ID)
	if err != nil {
		return Response{}, err
	}
	if _, err := reporting.Snooze(c.actor, newest, p.week, days, "?", rule, c.now); err != nil {
		return Response{}, a.weekError(c, err)
	}
	f := a.weekForm(c, "nudge.snooze", p, a.say(c, "living.snooze.note", "body", p.body.Label(c.locale)))
	field := Field{ID: "days", Kind: SelectField, Label: a.say(c, "living.days"), Value: strconv.Itoa(days)}
	for _, n := range reporting.SnoozeDays {
		field.Options = append(field.Options, Option{Value: strconv.Itoa(n), Label: a.say(c, "button.snooze_"+strconv.Itoa(n))})
	}
	f.Fields = slices.Insert(f.Fields, 1, field)
	return Response{Form: f}, nil
}

func (a *App) newestOf(c *call, body string) (reporting.NudgeWeek, error) {
	weeks, err := a.store.WeeksOf(c.ctx, body, 1)
	if err != nil || len(weeks) == 0 {
		return reporting.NudgeWeek{BodyID: body}, err
	}
	return weeks[0], nil
}

// weekForm asks for a reason.
func (a *App) weekForm(c *call, id string, p pressedWeek, note string) *Form {
	return &Form{
		ID: id, State: p.state(c), Locale: c.locale, Title: a.say(c, "living.title."+strings.TrimPrefix(id, "nudge.")),
		Submit: a.say(c, "button.confirm_week"), Close: a.say(c, "button.cancel"),
		Fields: []Field{
			{ID: "about", Kind: InfoField, Text: []Span{Bold(p.body.Label(c.locale) + " " + a.week(c, p.week)), Plain("\n" + note)}},
			{ID: fieldReason, Kind: LongField, Label: a.say(c, "living.why"), Hint: a.say(c, "living.why.hint"), MaxLen: reporting.MaxWhy},
		},
	}
}

// readWeekForm reads the state of a form.
func (a *App) readWeekForm(c *call, state string) (pressedWeek, error) {
	p, err := a.readWeek(c, state)
	p.channel = p.rest
	return p, err
}

func (a *App) submitSnooze(c *call, in Input) (SubmitResult, error) {
	p, err := a.readWeekForm(c, in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	days, err := strconv.Atoi(in.Values["days"])
	if err != nil {
		return SubmitResult{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	told, err := a.snooze(c, p, days, in.Values[fieldReason])
	if err != nil {
		return a.atField(c, err, fieldReason)
	}
	return SubmitResult{Tell: told, TellIn: p.channel}, nil
}

// snooze puts a nudge off and says until when.
func (a *App) snooze(c *call, p pressedWeek, days int, why string) (*Reply, error) {
	rule, err := a.ruleOf(c, p.body)
	if err != nil {
		return nil, err
	}
	err = a.changeWeek(c, p, func(w reporting.NudgeWeek) (reporting.WeekChange, error) {
		return reporting.Snooze(c.actor, w, p.week, days, why, rule, c.now)
	})
	if err != nil {
		return nil, err
	}
	// A delivery that is repeated is told what is true by then.
	w, err := a.newestOf(c, p.body.ID)
	if err != nil {
		return nil, err
	}
	return Say(a.say(c, "living.done.snooze", "body", p.body.Label(c.locale), "day", a.date(c, w.SnoozedTo))), nil
}

func (a *App) pressNothing(c *call) (Response, error) {
	p, err := a.readWeek(c, c.value)
	if err != nil {
		return Response{}, err
	}
	newest, err := a.newestOf(c, p.body.ID)
	if err != nil {
		return Response{}, err
	}
	if _, err := reporting.NothingThisWeek(c.actor, newest, p.week, "?", 1); err != nil {
		return Response{}, a.weekError(c, err)
	}
	f := a.weekForm(c, "nudge.nothing", p, a.say(c, "living.nothing.note"))
	f.Fields[1].Value = newest.NothingWhy
	return Response{Form: f}, nil
}

func (a *App) submitNothing(c *call, in Input) (SubmitResult, error) {
	p, err := a.readWeekForm(c, in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	err = a.changeWeek(c, p, func(w reporting.NudgeWeek) (reporting.WeekChange, error) {
		return reporting.NothingThisWeek(c.actor, w, p.week, in.Values[fieldReason], c.now.UnixMilli())
	})
	if err != nil {
		return a.atField(c, err, fieldReason)
	}
	told := Say(a.say(c, "living.done.nothing", "body", p.body.Label(c.locale), "week", a.week(c, p.week)))
	return SubmitResult{Tell: told, TellIn: p.channel}, nil
}

// nudgeDrafts lists the drafts that wait for a body; its value is the body. One's
// own can be continued.
func (a *App) nudgeDrafts(c *call) (Response, error) {
	if err := reporting.CanNudge(c.actor, c.value); err != nil {
		return Response{}, err
	}
	w, err := a.store.Waiting(c.ctx, c.value)
	if err != nil {
		return Response{}, err
	}
	r := Say(a.say(c, "nudge.drafts", "n", count(w.DraftTotal)))
	for _, d := range w.Drafts {
		if (d.UserID == c.actor.UserID || d.UserID == "") && reporting.CanFile(c.actor, d.BodyID) == nil {
			r.Parts = append(r.Parts, a.draftParts(c, d)...)
			continue
		}
		r.Parts = append(r.Parts, Paragraph(append(a.draftLine(c, d), Plain(" "), who(d.UserID))))
	}
	if rest := w.DraftTotal - len(w.Drafts); rest > 0 {
		r.Parts = append(r.Parts, Note{Plain(a.say(c, "list.rest", "n", rest))})
	}
	return Response{Reply: r}, nil
}

// snoozeWords are what people type for the days of a snooze.
var snoozeWords = map[string]int{
	"tomorrow": 1, "1d": 1, "明天": 1, "明日": 1, "3d": 3, "3天": 3, "三天": 3, "3天后": 3, "三天后": 3, "3天後": 3, "三天後": 3,
}

// nudgeSnooze answers /nudge snooze [body] [tomorrow|3d] [reason]: as the
// buttons do, with the form where the reason is missing.
func (a *App) nudgeSnooze(c *call) (Response, error) {
	i := slices.IndexFunc(c.words, func(w string) bool { return snoozeWords[strings.ToLower(w)] != 0 })
	body, why, days := c.text, "", reporting.SnoozeDays[0]
	if i >= 0 {
		typed := strings.Fields(c.text)
		body, why, days = strings.Join(typed[:i], " "), strings.Join(typed[i+1:], " "), snoozeWords[strings.ToLower(c.words[i])]
	}
	b, err := a.nudgeBody(c, body, "snooze")
	if err != nil {
		return Response{}, err
	}
	newest, err := a.newestOf(c, b.ID)
	if err != nil {
		return Response{}, err
	}
	rule, err := a.ruleOf(c, b)
	if err != nil {
		return Response{}, err
	}
	if newest.PostedAt == 0 {
		_, at := rule.NextOwed(c.now)
		return Response{}, reporting.Fail(reporting.Conflict, "err.nudge.none", "body", b.Label(c.locale), "time", a.momentOf(c, rule, at))
	}
	p := pressedWeek{body: b, week: newest.Week}
	if why == "" {
		return a.openSnooze(c, p, days)
	}
	told, err := a.snooze(c, p, days, why)
	return Response{Reply: told}, err
}
