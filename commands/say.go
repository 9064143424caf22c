package commands

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// as returns a call in l on behalf of nobody, for words that Mouhua says of
// its own accord.
func (a *App) as(ctx context.Context, l reporting.Locale) *call {
	now := a.cfg.Now().In(a.cfg.Location)
	// Without it industries are told by id; a database that is away is told by what reads next.
	lists, _ := a.store.Catalogue(ctx)
	return &call{ctx: ctx, locale: l, now: now, day: reporting.DateOf(now), catalogue: lists}
}

// to returns a call for the words of a message in the language of the channel
// to which it goes. A person's own language is that of localeOf.
func (a *App) to(ctx context.Context, m reporting.Message) *call {
	return a.as(ctx, cmp.Or(a.channelLocale(ctx, m), a.cfg.Locale))
}

// channelLocale returns the language that a body has set for its channel, where
// m goes there; "" = the city's.
func (a *App) channelLocale(ctx context.Context, m reporting.Message) reporting.Locale {
	if !m.ToBody() {
		return ""
	}
	list, err := a.store.Bodies(ctx)
	if err != nil {
		return "" // what reads next says so
	}
	return list.Nudges[m.BodyID].Locale
}

// localeOf returns the language in which a person reads.
func (a *App) localeOf(ctx context.Context, user string) reporting.Locale {
	if a.cfg.LocaleOf == nil {
		return a.cfg.Locale
	}
	return a.cfg.LocaleOf(ctx, user)
}

// wake asks for the outbox to be delivered.
func (a *App) wake() {
	if a.cfg.Wake != nil {
		a.cfg.Wake()
	}
}

// money returns an amount in both units: 3.20 亿元（32,000 万元）.
func (a *App) money(c *call, w reporting.Wan) string {
	return a.say(c, "word.money", "yi", w.YiString(), "wan", w.String())
}

// date returns a day as people write it: 2018年7月31日.
func (a *App) date(c *call, d reporting.Date) string {
	if d.IsZero() {
		return a.say(c, "word.none")
	}
	return a.say(c, "word.day", "year", d.Year, "month", int(d.Month), "day", d.Day, "name", d.Month.String())
}

// moment returns a time as people write it: 2018年7月31日 14:05.
func (a *App) moment(c *call, t time.Time) string {
	t = t.In(a.cfg.Location)
	return a.say(c, "word.moment", "day", a.date(c, reporting.DateOf(t)), "clock", t.Format("15:04"))
}

// asOf is the note under every number.
func (a *App) asOf(c *call) Note {
	return Note{Plain(a.say(c, "word.as_of", "time", a.moment(c, c.now)))}
}

// age returns how long ago a day was: 今天, 3 天前.
func (a *App) age(c *call, d reporting.Date) string {
	if d.IsZero() { // what a file brought may have no day
		return a.say(c, "word.none")
	}
	days := int(c.day.In(time.UTC).Sub(d.In(time.UTC)).Hours() / 24)
	if days <= 0 {
		return a.say(c, "word.today")
	}
	return a.say(c, "word.days_ago", "n", strconv.Itoa(days))
}

// ageOf is age for a time in UTC milliseconds.
func (a *App) ageOf(c *call, ms int64) string {
	return a.age(c, reporting.DateOf(time.UnixMilli(ms).In(a.cfg.Location)))
}

// nameOf returns the short name of a body, or the word for none.
func (a *App) nameOf(c *call, list *reporting.BodyList, id string) string {
	if b, ok := list.Find(id); ok {
		return b.Label(c.locale)
	}
	if id == "" {
		return a.say(c, "word.none")
	}
	return id
}

// button returns a button whose label is the locale key button.<label>.
func (a *App) button(c *call, action, value, label string) Button {
	return Button{Action: action, Value: value, Label: a.say(c, "button."+label)}
}

// asking returns b with the question confirm.<key> before it acts.
func (a *App) asking(c *call, b Button, key string, args ...any) Button {
	b.Confirm = &Confirm{
		Title: a.say(c, "confirm."+key+".title"), Text: a.say(c, "confirm."+key+".text", args...),
		Yes: b.Label, No: a.say(c, "button.cancel"),
	}
	return b
}

// personName returns how a person is called where no mention can stand.
func (a *App) personName(ctx context.Context, user string) string {
	if p, err := a.store.Person(ctx, user); err == nil && p.Name != "" {
		return p.Name
	}
	return user
}
