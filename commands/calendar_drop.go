package commands

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// calendarKind is the kind of file that holds working days; its ending tells it.
const calendarKind = "calendar"

// yearsListed is of how many years a card lists the days: of a file of many
// those to come.
const yearsListed = 2

// shiftsShown is how many moved nudges a card names.
const shiftsShown = 12

// CalendarFile is what a calendar says, or what is wrong with it: with Faults
// it says nothing.
type CalendarFile struct {
	Years   []reporting.CalendarYear
	Skipped int // festivals, which say nothing of working days
	Faults  []RowFault
}

func isCalendar(f File) bool { return strings.EqualFold(path.Ext(f.Name), ".ics") }

// checkCalendar answers with the card of a calendar.
func (a *App) checkCalendar(c *call, f File, content []byte) (Response, error) {
	read, err := a.readCalendar(c, f, content)
	if err != nil {
		return Response{}, err
	}
	known, err := a.store.Calendars(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read calendars: %w", err)
	}
	r := &Reply{Text: a.say(c, "calendar.card", "file", f.Name), Parts: []Part{
		Heading(a.say(c, "calendar.card.title")),
		Facts{{Label: a.say(c, "import.file"), Value: []Span{Plain(f.Name), Plain(" · " + fileSize(f.Size))}}},
	}}
	if len(read.Faults) > 0 {
		r.Parts = append(append(r.Parts, a.faultParts(c, read.Faults)...), a.asOf(c))
		return Response{Reply: r}, nil
	}
	plan, _ := reporting.PlanCalendar(read.Years, known, c.actor.UserID, c.now.UnixMilli())
	whole := 0
	for _, change := range plan.Changes {
		listed := len(plan.Changes) <= yearsListed || change.New.Year >= c.day.Year && whole < yearsListed
		if listed {
			whole++
		}
		r.Parts = append(r.Parts, a.calendarChange(c, change, listed)...)
	}
	r.Parts = append(r.Parts, a.calendarNotes(c, plan, read.Skipped)...)
	if len(plan.Changes) > 0 {
		r.Parts = append(r.Parts, a.calendarShifts(c, plan, known)...)
		checked := checkedFile{f.ID, calendarKind, contentSum(content), c.now.UnixMilli()}
		b := a.button(c, "import.run", checked.String(), "import")
		b.Style = "primary"
		r.Parts = append(r.Parts, Buttons{b}, Note{Plain(a.say(c, "calendar.whole"))})
	}
	r.Parts = append(r.Parts, a.asOf(c))
	return Response{Reply: r}, nil
}

// readCalendar reads a calendar, whose name stands for its source where it
// names none. Errors: Invalid for years that cannot be known yet.
func (a *App) readCalendar(c *call, f File, content []byte) (CalendarFile, error) {
	read, err := a.cfg.Exchange.Calendar(c.ctx, content)
	if err != nil {
		return read, fmt.Errorf("read calendar: %w", err)
	}
	for i := range read.Years {
		if read.Years[i].Source == "" {
			read.Years[i].Source = clip(f.Name)
		}
	}
	return read, reporting.CheckCalendarYears(read.Years, c.day)
}

// calendarChange says what becomes of a year and, listed, all its days, and how
// they differ from those in force.
func (a *App) calendarChange(c *call, change reporting.CalendarChange, listed bool) []Part {
	off, working := change.New.Count()
	args := []any{"year", change.New.Year, "n", change.New.Version, "old", change.Old.Version, "off", off, "working", working}
	key := "calendar.new"
	if change.Old.Version > 0 {
		key = "calendar.newer"
	}
	parts := []Part{
		Rule{}, Paragraph{Bold(a.say(c, key, args...))},
		Paragraph{Plain(a.say(c, "calendar.source") + a.say(c, "word.colon") + a.calendarSource(c, change.New))},
	}
	if listed {
		parts = append(parts, a.calendarTable(c, change.New.Days))
	}
	if !change.New.MakeUp() {
		parts = append(parts, Paragraph{Bold(a.say(c, "calendar.no_makeup", "year", change.New.Year))})
	}
	if change.Old.Version == 0 || !listed {
		return parts
	}
	fresh, gone := change.Diff()
	var lines Bullets
	for _, s := range reporting.Spans(fresh) {
		lines = append(lines, []Span{Bold(a.spanOfDays(c, s)), Plain(a.say(c, "calendar.fresh", "what", a.dayKind(c, s.Working), "name", s.Name))})
	}
	for _, s := range reporting.Spans(gone) {
		lines = append(lines, []Span{Bold(a.spanOfDays(c, s)), Plain(a.say(c, "calendar.gone", "what", a.dayKind(c, s.Working), "name", s.Name))})
	}
	if len(lines) == 0 {
		return append(parts, Paragraph{Plain(a.say(c, "calendar.names_only"))})
	}
	return append(parts, Paragraph{Bold(a.say(c, "calendar.diff", args...))}, lines)
}

// calendarNotes say what of a file changes nothing.
func (a *App) calendarNotes(c *call, plan reporting.CalendarImport, skipped int) []Part {
	var out []Part
	for _, year := range plan.Same {
		out = append(out, Paragraph{Plain(a.say(c, "calendar.same", "year", year))})
	}
	if len(plan.LeftOut) > 0 {
		var days []string
		for _, s := range reporting.Spans(plan.LeftOut) {
			days = append(days, a.spanOfDays(c, s))
		}
		out = append(out, Paragraph{Plain(a.say(c, "calendar.left_out", "year", plan.LeftOut[0].Day.Year, "days", strings.Join(days, a.say(c, "word.list_separator"))))})
	}
	if skipped > 0 {
		out = append(out, Note{Plain(a.say(c, "calendar.skipped", "n", skipped))})
	}
	return out
}

// calendarShifts says which of the city's nudges and deadlines to come move.
func (a *App) calendarShifts(c *call, plan reporting.CalendarImport, known []reporting.CalendarYear) []Part {
	before, after := reporting.NewCalendar(known), plan.Apply(known)
	var days []reporting.Date
	var deadlines Bullets
	for _, change := range plan.Changes {
		days = append(days, reporting.Weekdays(change.New.Year, a.cfg.Nudge.Weekday, c.day)...)
		deadlines = append(deadlines, a.deadlineShifts(c, change.New.Year, before, after)...)
	}
	parts := []Part{Paragraph{Plain(a.say(c, "calendar.no_shift"))}}
	if moved := reporting.Shifted(before, after, days, a.cfg.Nudge.DayOff); len(moved) > 0 {
		var lines Bullets
		for _, s := range moved[:min(len(moved), shiftsShown)] {
			lines = append(lines, []Span{Plain(a.shift(c, s.From, s.To))})
		}
		parts = []Part{Paragraph{Bold(a.say(c, "calendar.shifts", "n", len(moved)))}, a.more(c, lines, len(moved)), Note{Plain(a.say(c, "calendar.shifts.own"))}}
	}
	if n := len(deadlines); n > 0 {
		parts = append(parts, Paragraph{Bold(a.say(c, "calendar.deadlines", "n", n))}, a.more(c, deadlines[:min(n, shiftsShown)], n))
	}
	return parts
}

// deadlineShifts names the deadlines of a year that move and are not over.
func (a *App) deadlineShifts(c *call, year int, before, after *reporting.Calendar) Bullets {
	var out Bullets
	then := a.cfg.Deadlines.Of(year, after)
	for i, d := range a.cfg.Deadlines.Of(year, before) { // the same deadlines, on other days
		if d.On == then[i].On || d.On.Before(c.day) {
			continue
		}
		name := a.say(c, "deadline.name."+string(d.Kind), "year", d.Year, "month", a.say(c, "month."+strconv.Itoa(int(d.Set.Month))))
		out = append(out, []Span{Plain(name + a.say(c, "word.colon") + a.shift(c, d.On, then[i].On))})
	}
	return out
}

// shift says from where to where something moves.
func (a *App) shift(c *call, from, to reporting.Date) string {
	return a.say(c, "calendar.shift", "from", a.date(c, from), "to", a.date(c, to), "weekday", a.weekday(c, to))
}

// runCalendar imports a checked calendar in the place of its card.
func (a *App) runCalendar(c *call, f File, content []byte, once string) (Response, error) {
	read, err := a.readCalendar(c, f, content)
	if err != nil {
		return Response{}, err
	}
	if len(read.Faults) > 0 { // what was checked had none
		return Response{}, reporting.Fail(reporting.Conflict, "err.import.content", "file", clip(f.Name))
	}
	plan, err := a.store.ImportCalendar(c.ctx, once, func(known []reporting.CalendarYear, at int64) (reporting.CalendarImport, []reporting.Event, error) {
		plan, events := reporting.PlanCalendar(read.Years, known, c.actor.UserID, at)
		return plan, events, nil
	})
	switch {
	case errors.Is(err, reporting.ErrRepeated):
		return Response{Reply: Say(a.say(c, "import.repeated", "file", f.Name))}, nil
	case err != nil:
		return Response{}, fmt.Errorf("import calendar: %w", err)
	}
	a.wake()
	title := a.say(c, "calendar.done.title")
	parts := []Part{Heading(title)}
	for _, change := range plan.Changes {
		off, working := change.New.Count()
		parts = append(parts, Paragraph{Bold(a.say(c, "calendar.done", "year", change.New.Year, "n", change.New.Version, "off", off, "working", working))},
			Note{Plain(a.calendarSource(c, change.New))})
	}
	parts = append(parts, a.calendarNotes(c, plan, read.Skipped)...)
	parts = append(parts, Note{Plain(a.say(c, "import.by")), Span{User: c.actor.UserID}}, a.asOf(c))
	return Response{Reply: &Reply{Text: a.say(c, "calendar.done.text", "file", f.Name), Parts: parts}, Replace: true}, nil
}
