package commands

import (
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// examples are sentences that can be asked, by what they are about, for whom.
// The text of one is the key ask.example.<name>.
var examples = []struct {
	about string
	whom  func(reporting.Actor) bool
	names []string
}{
	{"own", asks, []string{"remaining", "forecast", "rate"}},
	{"file", files, []string{"register", "get", "duplicate"}},
	{"office", reporting.Actor.OfOffice, []string{"queue", "approve", "return"}},
	{"city", reporting.Actor.ReadsAll, []string{"city", "lagging", "ranking", "brief"}},
	{"projects", func(a reporting.Actor) bool { return a.ReadsAll() || asks(a) }, []string{"large", "route", "stale"}},
	{"explain", func(reporting.Actor) bool { return true }, []string{"threshold", "term", "plan", "approval", "policy", "zone"}},
}

// explainHelp says what can be asked, in sentences, by the asker's role.
func (a *App) explainHelp(c *call, _ question.Reading) (Response, error) {
	if c.actor.Role == reporting.Stranger {
		return Response{Reply: a.helpStranger(c)}, nil
	}
	sample, err := a.sampleBody(c)
	if err != nil {
		return Response{}, err
	}
	title := a.say(c, "ask.help.title")
	parts := []Part{Heading(title), Paragraph{Plain(a.say(c, "ask.help"))}}
	for _, e := range examples {
		if !e.whom(c.actor) {
			continue
		}
		var lines Bullets
		for _, name := range e.names {
			lines = append(lines, []Span{Plain(a.say(c, "ask.example."+name, "body", sample, "year", c.day.Year))})
		}
		parts = append(parts, Paragraph{Bold(a.say(c, "ask.about."+e.about))}, lines)
	}
	parts = append(parts, Note{Plain(a.say(c, "ask.help.note"))}, Buttons{a.button(c, "explain.commands", "", "explain_commands")})
	return Response{Reply: &Reply{Text: title, Parts: parts}}, nil
}
