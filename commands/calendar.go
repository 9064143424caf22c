package commands

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// Calendars keeps the holidays of years.
type Calendars interface {
	// Calendars returns every version of every year, the oldest first.
	Calendars(ctx context.Context) ([]reporting.CalendarYear, error)
	// ImportCalendar lets decide plan new versions from all that are known, at a
	// time (UTC ms), and writes them with their events, all or none; its error
	// comes back untouched. ErrRepeated.
	ImportCalendar(ctx context.Context, once string,
		decide func(known []reporting.CalendarYear, at int64) (reporting.CalendarImport, []reporting.Event, error)) (reporting.CalendarImport, error)
}

// calendar answers /mouhua calendar [year]: the days off and the make-up
// working days of a year, with the notice that they follow.
func (a *App) calendar(c *call) (Response, error) {
	text, year, err := splitYear(c, c.words)
	switch {
	case err != nil:
		return Response{}, err
	case text != "":
		return Response{}, reporting.Fail(reporting.Invalid, "err.calendar.usage", "command", a.slash("mouhua")+" calendar", "value", clip(text))
	}
	known, err := a.store.Calendars(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read calendars: %w", err)
	}
	var versions []reporting.CalendarYear
	for _, y := range known {
		if y.Year == year {
			versions = append(versions, y)
		}
	}
	title := a.say(c, "calendar.title", "year", year)
	if len(versions) == 0 {
		text := a.say(c, "calendar.unknown", "year", year)
		return Response{Reply: &Reply{Text: title + a.say(c, "word.colon") + text, Parts: []Part{
			Heading(title), Paragraph{Plain(text)}, Note{Plain(a.say(c, "calendar.how"))}, a.asOf(c),
		}}}, nil
	}
	y := versions[len(versions)-1]
	off, working := y.Count()
	text = a.say(c, "calendar.count", "off", off, "working", working)
	parts := []Part{
		Heading(title), Paragraph{Bold(text)}, a.calendarTable(c, y.Days),
		Facts{
			{Label: a.say(c, "calendar.source"), Value: []Span{Plain(a.calendarSource(c, y))}},
			{Label: a.say(c, "calendar.version"), Value: a.calendarVersion(c, y)},
		},
	}
	if len(versions) > 1 {
		var lines Bullets
		for _, v := range slices.Backward(versions[:len(versions)-1]) {
			lines = append(lines, append(a.calendarVersion(c, v), Plain(" · "+a.calendarSource(c, v))))
		}
		parts = append(parts, Paragraph{Bold(a.say(c, "calendar.before"))}, lines)
	}
	return Response{Reply: &Reply{Text: title + a.say(c, "word.colon") + text, Parts: append(parts, a.asOf(c))}}, nil
}

// calendarSource names the notice that a year follows.
func (a *App) calendarSource(c *call, y reporting.CalendarYear) string {
	if y.Source == "" {
		return a.say(c, "word.none")
	}
	return y.Source
}

// calendarVersion says which version of a year, by whom and when.
func (a *App) calendarVersion(c *call, y reporting.CalendarYear) []Span {
	line := []Span{Plain(a.say(c, "calendar.imported", "n", y.Version, "age", a.ageOf(c, y.ImportedAt))), Plain(" ")}
	if key := "calendar.by." + strings.ReplaceAll(y.ImportedBy, " ", "_"); a.say(c, key) != key { // no person
		return append(line, Plain(a.say(c, key)))
	}
	return append(line, Span{User: y.ImportedBy})
}

// calendarTable lists days, those in a row together.
func (a *App) calendarTable(c *call, days []reporting.Holiday) Table {
	t := Table{Columns: []Column{
		{Title: a.say(c, "column.calendar_days")}, {Title: a.say(c, "column.calendar_what")},
		{Title: a.say(c, "column.calendar_name")}, {Title: a.say(c, "column.calendar_count"), Right: true},
	}}
	for _, s := range reporting.Spans(days) {
		t.Rows = append(t.Rows, []string{a.spanOfDays(c, s), a.dayKind(c, s.Working), cmp.Or(s.Name, a.say(c, "word.none")), strconv.Itoa(s.Len())})
	}
	return t
}

func (a *App) dayKind(c *call, working bool) string {
	if working {
		return a.say(c, "calendar.working")
	}
	return a.say(c, "calendar.off")
}

// spanOfDays says which days a span has: 2月15日（周四）至2月21日（周三）.
func (a *App) spanOfDays(c *call, s reporting.HolidaySpan) string {
	if s.From == s.To {
		return a.dayAndWeekday(c, s.From)
	}
	return a.say(c, "calendar.span", "from", a.dayAndWeekday(c, s.From), "to", a.dayAndWeekday(c, s.To))
}

func (a *App) dayAndWeekday(c *call, d reporting.Date) string {
	return a.say(c, "calendar.day", "day", a.monthDay(c, d), "weekday", a.weekday(c, d))
}

func (a *App) weekday(c *call, d reporting.Date) string {
	return a.say(c, "calendar.weekday."+strconv.Itoa(int(d.In(a.cfg.Location).Weekday())))
}

// composeCalendarMissing tells the office that a year's holidays are not known,
// unless somebody has imported them meanwhile.
func (a *App) composeCalendarMissing(c *call, m reporting.Message) (Outgoing, error) {
	if a.cfg.OfficeChannel == "" {
		return Outgoing{Skip: "no_office_channel"}, nil
	}
	year, err := strconv.Atoi(m.Args["year"])
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Outgoing{}, err
	}
	if list.Calendar.Covers(year) {
		return Outgoing{Skip: "imported"}, nil
	}
	parts := append([]Part{Heading(a.say(c, "calendar.missing.title", "year", year))}, a.missingParts(c, year)...)
	text := a.say(c, "calendar.missing", "year", year)
	return Outgoing{Channel: a.cfg.OfficeChannel, Reply: &Reply{InChannel: true, Text: text, Parts: append(parts, a.asOf(c))}}, nil
}

// missingParts say what a missing calendar does, and how to import it.
func (a *App) missingParts(c *call, year int) []Part {
	return []Part{
		Paragraph{Plain(a.say(c, "calendar.missing", "year", year))},
		Bullets{{Plain(a.say(c, "calendar.missing.where"))}, {Plain(a.say(c, "calendar.how"))}},
	}
}

// homeCalendar is the missing calendar in the office's App Home.
func (a *App) homeCalendar(c *call) ([]Part, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	year := reporting.MissingCalendar(list.Calendar, c.day)
	if year == 0 {
		return nil, nil
	}
	title := Paragraph{Bold(a.say(c, "calendar.missing.title", "year", year))}
	return append([]Part{Rule{}, title}, a.missingParts(c, year)...), nil
}
