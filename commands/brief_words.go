package commands

import (
	"cmp"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// briefReply is a brief on one screen of a telephone: short lines, and no more than
// what leaders ask first.
func (a *App) briefReply(c *call, scope briefScope) (Response, error) {
	b, err := a.briefOf(c, scope)
	if err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	text := a.headline(c, scope.name, b.Standing)
	parts := []Part{Heading(a.briefHeading(c, b)), Paragraph{Bold(text)}, a.briefNumbers(c, b)}
	if lines := a.briefPlaces(c, b); len(lines) > 0 {
		parts = append(parts, lines)
	}
	parts = append(parts, a.briefChanged(c, list, b))
	if b.decides {
		parts = append(parts, Paragraph{Bold(a.say(c, "brief.decide"))}, a.briefDecided(c, list, b))
	}
	note, err := a.briefNote(c, b)
	if err != nil {
		return Response{}, err
	}
	value := briefValue(b, c.when)
	parts = append(parts, Note{Plain(note)}, Buttons{a.button(c, "brief.docx", value, "word"), a.button(c, "brief.xlsx", value, "excel")})
	return Response{Reply: &Reply{InChannel: c.actor.ReadsAll(), Text: text, Parts: parts}}, nil
}

func (a *App) briefHeading(c *call, b briefing) string {
	return a.say(c, "brief.title", "name", b.scope.name, "day", a.date(c, b.AsOf))
}

// briefNumbers are the four numbers, and where the year is going.
func (a *App) briefNumbers(c *call, b briefing) Facts {
	left := a.fact(c, "remaining", a.projects(c, b.Remaining()))
	if b.Over() > 0 {
		left = a.fact(c, "over", a.projects(c, b.Over()))
	}
	credited := a.projects(c, b.Tally.Credited)
	if b.Owes() > 0 {
		credited = a.say(c, "brief.of", "credited", count(b.Tally.Credited), "target", count(b.Owes()))
	}
	out := Facts{
		a.fact(c, "credited", credited), a.fact(c, "invest", a.say(c, "brief.yi", "yi", b.Tally.Invest.YiString())),
		a.fact(c, "pending", a.projects(c, b.Tally.Pending)), left,
	}
	if b.of > 0 {
		out = append(out, Fact{Label: a.say(c, "figure.rank"), Value: []Span{Plain(count(b.rank) + "/" + count(b.of))}})
	}
	if b.average != "" {
		out = append(out, a.fact(c, "average", b.average))
	}
	if b.Owes() > 0 && b.Year == c.day.Year {
		out = append(out, a.fact(c, "forecast", a.forecast(c, b.Standing)))
	}
	return out
}

// briefPlaces name the best and the worst of each group, a line a group.
func (a *App) briefPlaces(c *call, b briefing) Bullets {
	var out Bullets
	for _, g := range b.groups {
		best, worst, tied := extremes(g.ranked)
		var sides []string
		if len(best) > 0 {
			sides = append(sides, a.say(c, "brief.best", "names", a.shortPlaces(c, best)))
		}
		if len(worst) > 0 {
			sides = append(sides, a.say(c, "brief.worst", "names", a.shortPlaces(c, worst)))
		}
		if n := len(tied); n > 0 {
			sides = append(sides, a.say(c, "brief.tied", "n", n, "done", short(tied[0].Done())))
		}
		if len(sides) > 0 {
			out = append(out, []Span{Bold(a.groupName(c, g.name) + " "), Plain(strings.Join(sides, a.say(c, "brief.and")))})
		}
	}
	return out
}

func (a *App) shortPlaces(c *call, all []placed) string {
	var names []string
	for _, p := range all {
		names = append(names, briefLabel(c, p.body)+" "+short(p.Done()))
	}
	return strings.Join(names, a.say(c, "word.list_separator"))
}

// briefLabel is a body's short name, its id where the name would be long.
func briefLabel(c *call, b reporting.Body) string {
	if c.locale == reporting.En && b.Short.En == "" {
		return b.ID
	}
	return b.Label(c.locale)
}

// briefName is briefLabel by id.
func briefName(c *call, list *reporting.BodyList, id string) string {
	if b, ok := list.Find(id); ok {
		return briefLabel(c, b)
	}
	return id
}

// short is a percentage without a decimal that says nothing.
func short(share float64) string { return strings.Replace(percent(share), ".0%", "%", 1) }

// briefChanged says what changed since the last time.
func (a *App) briefChanged(c *call, list *reporting.BodyList, b briefing) Facts {
	since := a.say(c, "brief.since", "month", a.say(c, "month."+count(int(b.since.From.Month))), "day", b.since.From.Day)
	text := a.say(c, "brief.came", "n", count(b.came.Credited), "yi", b.came.Invest.YiString())
	out := Facts{{Label: since, Value: []Span{Plain(text)}}}
	if moves := a.reached(c, b.came); moves != "" {
		out = append(out, a.fact(c, "reached", moves))
	}
	var red []string
	for _, s := range b.red {
		red = append(red, briefName(c, list, s.BodyID))
	}
	if n := len(red); n > 3 {
		red = append(red[:3], a.say(c, "brief.more", "n", n))
	}
	if len(red) > 0 && b.scope.body == "" {
		out = append(out, a.fact(c, "red", strings.Join(red, a.say(c, "word.list_separator"))))
	}
	return out
}

// briefDecided are the things that need a decision, a line each.
func (a *App) briefDecided(c *call, list *reporting.BodyList, b briefing) Bullets {
	var out Bullets
	for _, d := range b.decisions {
		args := []any{"body", briefName(c, list, d.BodyID), "id", shortSubject(d), "text", cut(d.Text, briefText), "yi", d.Invest.YiString(),
			"days", reporting.DaysBetween(d.Since, c.day), "n", count(d.Wanted)}
		out = append(out, []Span{Plain(a.say(c, "brief.decide."+string(d.Kind), args...))})
	}
	if len(out) == 0 {
		out = Bullets{{Plain(a.say(c, "brief.decide.none"))}}
	}
	return out
}

// briefText is how many code points a brief gives to what somebody wrote.
const briefText = 16

func shortSubject(d reporting.Decision) string {
	return reporting.Project{ID: d.Subject}.ShortID()
}

// briefNote says as of when, and that the bodies' sum is not the city's number.
func (a *App) briefNote(c *call, b briefing) (string, error) {
	r, err := a.rulesIn(c, b.Year)
	key := "quota.distinct." + string(cmp.Or(r.Credit, reporting.BothFull))
	note := a.asOfYear(c, b.Year) + a.say(c, "word.stop")
	if b.scope.body == "" {
		note += a.say(c, key)
	}
	return note, err
}
