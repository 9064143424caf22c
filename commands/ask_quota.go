package commands

import (
	"slices"
	"strconv"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// subject is what figures are asked of: a body, or the city, in a year.
type subject struct {
	body reporting.Body // zero for the city
	name string
	reporting.Standing
}

// yearOf returns the year that is asked for, by default the current one.
// Errors: Invalid for a year that no plan has.
func yearOf(c *call, q question.Reading) (int, error) {
	if q.Slots[question.Year] == "" {
		return c.day.Year, nil
	}
	_, year, err := splitYear(c, []string{q.Slots[question.Year]})
	if err == nil && strconv.Itoa(year) != q.Slots[question.Year] {
		return 0, reporting.Fail(reporting.Invalid, "err.year", "value", clip(q.Slots[question.Year]))
	}
	return year, err
}

// subjectOf finds what is asked of, and how it stands: the body that was named,
// or the one that is meant here; else, for those who may see it, the city.
// Errors: Forbidden; NotFound; Invalid when none is named and none is meant.
func (a *App) subjectOf(c *call, q question.Reading) (subject, error) {
	year, err := yearOf(c, q)
	if err != nil {
		return subject{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return subject{}, err
	}
	var b reporting.Body
	if id := q.Slots[question.Body]; id != "" {
		var ok bool
		if b, ok = list.Find(id); !ok {
			return subject{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(id))
		}
	} else if q.Slots[question.Scope] != "city" {
		b, _ = hereBody(c, list)
	}
	if b.ID == "" {
		return a.cityIn(c, q, year)
	}
	if err := reporting.CanReadQuota(c.actor, b.ID); err != nil {
		return subject{}, err
	}
	s, err := a.standing(c, b.ID, year)
	return subject{b, b.Label(c.locale), s}, err
}

// cityIn is subjectOf for the city.
func (a *App) cityIn(c *call, q question.Reading, year int) (subject, error) {
	if q.Slots[question.Scope] != "city" && q.Intent != question.CityProgress && !c.actor.ReadsAll() {
		return subject{}, reporting.Fail(reporting.Invalid, "err.body.none")
	}
	if err := reporting.CanReadCity(c.actor); err != nil {
		return subject{}, err
	}
	s, err := a.standing(c, reporting.City, year)
	return subject{reporting.Body{}, a.say(c, "word.city"), s}, err
}

// quotaAsked answers one of the questions about a quota: the figure that was
// asked for in a sentence that can be read aloud, a few beside it, and as of when.
func (a *App) quotaAsked(what string) answerer {
	return func(c *call, q question.Reading) (Response, error) {
		if bodies := q.Slots.List(question.Body); len(bodies) > 1 {
			q.Slots = withSlot(q.Slots, question.Bodies, q.Slots[question.Body])
			return a.compare(c, q)
		}
		if what == "progress" && ofDays(c, q) {
			return a.delta(c, q)
		}
		return timed(func(c *call, q question.Reading) (Response, error) {
			s, err := a.subjectOf(c, q)
			if err != nil {
				return Response{}, err
			}
			return a.quotaSaid(c, s, what, q)
		})(c, q)
	}
}

// ofDays reports whether what was done within some days is asked for.
func ofDays(c *call, q question.Reading) bool {
	w, _, err := whenSaid(c, q)
	return q.Slots[question.Period] == "today" || err == nil && w.Period()
}

// cityAnswer answers how the city stands.
func (a *App) cityAnswer(c *call, q question.Reading) (Response, error) {
	if ofDays(c, q) {
		q.Intent = question.CityDelta
		return a.delta(c, q)
	}
	return timed(a.cityThen)(c, q)
}

// cityThen answers how the city stands at the time that c is about.
func (a *App) cityThen(c *call, q question.Reading) (Response, error) {
	year, err := yearOf(c, q)
	if err != nil {
		return Response{}, err
	}
	q.Slots = withSlot(q.Slots, question.Scope, "city")
	s, err := a.cityIn(c, q, year)
	if err != nil {
		return Response{}, err
	}
	return a.quotaSaid(c, s, "progress", q)
}

func (a *App) quotaSaid(c *call, s subject, what string, q question.Reading) (Response, error) {
	text := a.quotaSentence(c, s, what, q)
	if slices.Contains(append(q.Slots.List(question.Metrics), q.Slots[question.Metric]), "invest") {
		text += a.say(c, "answer.invest", "money", a.money(c, s.Tally.Invest))
	}
	parts := []Part{Paragraph{Bold(text)}}
	if facts := a.besideFacts(c, s, what); len(facts) > 0 {
		parts = append(parts, facts)
	}
	notes, err := a.yearNotes(c, s.BodyID, s.Year)
	if err != nil {
		return Response{}, err
	}
	counting, err := a.noteUnder(c, s)
	if err != nil {
		return Response{}, err
	}
	parts = append(append(parts, notes...), counting)
	return Response{Reply: &Reply{Text: text, Parts: a.withButtons(parts, a.openButtons(c, s))}, Figures: a.figures(s)}, nil
}

// noteUnder says as of when, and what counts.
func (a *App) noteUnder(c *call, s subject) (Part, error) {
	if s.BodyID == reporting.City {
		return a.cityNote(c, s.Year)
	}
	return a.countingNote(c, s.Year)
}

// openButtons open the projects behind a figure, and all figures of the same.
func (a *App) openButtons(c *call, s subject) Buttons {
	out := a.openable(c, s.BodyID, a.listButton(c, s.BodyID, s.Year))
	if s.BodyID != reporting.City {
		out = append(out, a.button(c, "quota.show", s.BodyID+"/"+strconv.Itoa(s.Year), "quota_show"))
	}
	return out
}

// openable returns the button of a list of projects of body to who may open it.
func (a *App) openable(c *call, body string, b Button) Buttons {
	if reporting.CanListProjects(c.actor, body) != nil {
		return nil
	}
	return Buttons{b}
}

func (a *App) withButtons(parts []Part, b Buttons) []Part {
	if len(b) == 0 {
		return parts
	}
	return append(parts, b)
}

// quotaSentence says the figure that was asked for.
func (a *App) quotaSentence(c *call, s subject, what string, q question.Reading) string {
	n, key := s.PerWeek(), ""
	if q.Slots[question.Period] == "month" {
		n, key = s.PerMonth(), ".month"
	}
	task := "answer.task.body"
	if s.BodyID == reporting.City {
		task = "answer.task.city"
	}
	args := []any{
		"task", a.say(c, task), "on", a.sayDay(c, dayOf(c, s.Year)), "body", s.name, "year", s.Year, "quota", count(s.Owes()), "credited", count(s.Tally.Credited),
		"remaining", count(s.Remaining()), "over", count(s.Over()), "done", percent(s.Done()), "time", percent(s.TimeProgress()), "gap", a.gap(c, s.Standing),
		"forecast", count(s.ForecastLinear()), "short", count(s.Owes() - s.ForecastLinear()), "spare", count(s.ForecastLinear() - s.Owes()),
		"rate", count(n), "weeks", decimal(s.WeeksLeft()), "version", a.versionClause(c, s.Standing),
	}
	say := func(key string) string { return a.say(c, "answer."+key, args...) }
	switch {
	case s.Owes() == 0:
		return say("no_task")
	case what == "target":
		return say("target")
	case what == "pace":
		return say("pace")
	case what == "progress" && q.Slots[question.Metric] == "rate":
		return say("rate_done")
	case what == "progress":
		return say("progress")
	case s.Over() > 0:
		return say("over")
	case s.Remaining() == 0:
		return say("met")
	case what == "remaining":
		return say("remaining")
	case s.Year < c.day.Year:
		return say("closed")
	case what == "forecast" && s.ForecastLinear() >= s.Owes():
		return say("forecast_met")
	case what == "forecast":
		return say("forecast_short")
	}
	return say("rate" + key)
}

// sayDay says a day inside a sentence.
func (a *App) sayDay(c *call, d reporting.Date) string {
	return a.say(c, "answer.on", "day", a.date(c, d))
}

// versionClause says of a quota that was changed since when it holds.
func (a *App) versionClause(c *call, s reporting.Standing) string {
	if !s.HasQuota || s.Quota.Version < 2 {
		return ""
	}
	return a.say(c, "answer.version", "version", s.Quota.Version, "from", a.date(c, s.Quota.EffectiveFrom))
}

// besideFacts are the few figures that belong to the one that was asked for.
func (a *App) besideFacts(c *call, s subject, what string) Facts {
	var out Facts
	add := func(label, value string) { out = append(out, a.fact(c, label, value)) }
	done := func() { add("done", bar(s.Done())+" "+percent(s.Done())) }
	gap := func() { add("gap", a.say(c, "gap.both", "points", signed(s.Gap()), "projects", signed(s.Ahead()))) }
	left := func() {
		if s.Over() > 0 {
			add("over", a.projects(c, s.Over()))
			return
		}
		add("remaining", a.projects(c, s.Remaining()))
	}
	weekly := func() {
		if s.Year == c.day.Year && s.Remaining() > 0 {
			add("per_week", a.say(c, "figure.per_week.value", "n", count(s.PerWeek()), "weeks", decimal(s.WeeksLeft())))
		}
	}
	if s.Owes() == 0 {
		return a.quotaFacts(c, s.Standing)
	}
	if s.HasQuota && s.Quota.Version > 1 {
		add("version", a.version(c, s.Quota))
	}
	switch what {
	case "target":
		add("credited", a.projects(c, s.Tally.Credited))
		left()
	case "progress":
		done()
		gap()
		add("invest", a.money(c, s.Tally.Invest))
		left()
	case "remaining":
		done()
		weekly()
	case "pace":
		done()
		add("time", bar(s.TimeProgress())+" "+percent(s.TimeProgress()))
		gap()
		add("colour", a.colour(c, s.Standing))
	case "forecast":
		if s.Year == c.day.Year {
			add("forecast", a.forecast(c, s.Standing))
		}
		left()
		weekly()
	case "rate":
		left()
		if s.Year == c.day.Year {
			add("forecast", a.forecast(c, s.Standing))
		}
	}
	return append(out, a.fact(c, "pending", a.projects(c, s.Tally.Pending)))
}

// figures are the numbers of a standing, for programs.
func (a *App) figures(s subject) Figures {
	f := Figures{
		"quota": float64(s.Owes()), "credited": float64(s.Tally.Credited), "pending": float64(s.Tally.Pending), "remaining": float64(s.Remaining()),
		"time_progress": s.TimeProgress(), "pace": s.Pace(), "per_week": float64(s.PerWeek()), "forecast": float64(s.ForecastLinear()),
	}
	if s.BodyID == reporting.City {
		f["city_target"], f["city_credited"] = f["quota"], f["credited"]
	}
	return f
}
