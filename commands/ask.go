package commands

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// Figures are the numbers of an answer by their names in the code: quota,
// credited, pending, remaining, time_progress, pace, per_week, forecast,
// city_target, city_credited.
type Figures map[string]float64

// answerer answers what was read in a sentence.
type answerer func(c *call, q question.Reading) (Response, error)

// Ask answers a sentence: a mention or a direct message. Errors: as Command.
func (a *App) Ask(ctx context.Context, r Request) (Response, error) {
	c, err := a.call(ctx, r.User, r.Channel, r.Locale, r.Once)
	if err != nil {
		return Response{}, err
	}
	c.thread, c.direct, c.unsure = r.Thread, r.Direct, r.Unsure
	c.text = strings.TrimSpace(lexicon.Width(r.Text))
	c.words = strings.Fields(c.text)
	if r, ok, err := a.goOn(c); ok || err != nil {
		return r, err
	}
	if c.actor.Role == reporting.Stranger || slices.Contains(helpWords, strings.ToLower(c.text)) {
		return a.help(c, a.commandNamed("mouhua"))
	}
	return a.question(c)
}

// figureAnswers are the answers about figures.
func (a *App) figureAnswers() map[question.Intent]answerer {
	return map[question.Intent]answerer{
		question.QuotaProgress: a.asCommand(a.quota, question.Body, question.Year),
		question.CityProgress:  a.asCommand(a.report, question.Year),
	}
}

// asCommand answers as a subcommand does that is given the values of slots.
func (a *App) asCommand(h handler, slots ...question.Slot) answerer {
	return func(c *call, q question.Reading) (Response, error) {
		c.words = nil
		for _, s := range slots {
			if q.Slots[s] != "" {
				c.words = append(c.words, q.Slots[s])
			}
		}
		c.text = strings.Join(c.words, " ")
		return h(c)
	}
}

// question reads what was said and answers it.
func (a *App) question(c *call) (Response, error) {
	if r, ok, err := a.goOn(c); ok || err != nil {
		return r, err
	}
	if c.text == "" {
		return a.help(c, a.commandNamed("mouhua"))
	}
	_, index, err := a.index(c)
	if err != nil {
		return Response{}, err
	}
	q := question.Read(c.text, question.Context{Today: c.day, Locale: c.locale, Bodies: index, Catalogue: c.catalogue, Own: c.actor.BodyID})
	if answer, ok := a.answers[q.Intent]; ok {
		return answer(c, q)
	}
	return a.notUnderstood(c)
}

// suggested are the things to ask, in the order in which they are offered to
// who asked something that is like none of them.
var suggested = []topic{
	{"quota", aloneWord}, {"project", "register"}, {"project", "mine"}, {"report", aloneWord}, {"review", "queue"},
	{"quota", "all"}, {"nudge", "show"}, {"project", "list"}, {"project", "show"}, {"body", "list"},
}

// notUnderstood says so and offers the nearest three things that can be asked.
func (a *App) notUnderstood(c *call) (Response, error) {
	sample, err := a.sampleBody(c)
	if err != nil {
		return Response{}, err
	}
	var open []topic
	for _, t := range suggested {
		if slices.Contains(topicsOf(a.commandNamed(t.command), c.actor), t) {
			open = append(open, t)
		}
	}
	typed := lexicon.Fold(c.text)
	slices.SortStableFunc(open, func(x, y topic) int {
		return cmp.Compare(a.nearness(y, typed), a.nearness(x, typed))
	})
	text := a.say(c, "ask.unknown", "value", clip(c.text))
	return Response{Reply: &Reply{Text: text, Parts: []Part{
		Paragraph{Plain(text)}, a.helpLines(c, open[:min(3, len(open))], sample),
		Note{Plain(a.say(c, "help.note", "command", a.slash("mouhua")))},
	}}}, nil
}

// nearness counts the words of a topic, in any language, that the text has.
func (a *App) nearness(t topic, typed string) int {
	n := 0
	for _, l := range reporting.Locales {
		for _, w := range strings.Fields(a.words.Say(l, "ask.words."+t.command+"."+t.word)) {
			if strings.Contains(typed, lexicon.Fold(w)) {
				n++
			}
		}
	}
	return n
}
