package commands

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// Ask answers a sentence: a mention or a direct message. Errors: as Command.
func (a *App) Ask(ctx context.Context, r Request) (Response, error) {
	c, err := a.call(ctx, r.User, r.Channel, r.Locale, r.Once)
	if err != nil {
		return Response{}, err
	}
	c.text = strings.TrimSpace(lexicon.Width(r.Text))
	c.words = strings.Fields(c.text)
	if c.actor.Role == reporting.Stranger || slices.Contains(helpWords, strings.ToLower(c.text)) {
		return a.help(c, a.commandNamed("mouhua"))
	}
	return a.question(c)
}

// question answers the name of a body, with a year or without, by its
// figures, and the word for the city by the city's. Everything else is not understood, and it says so.
func (a *App) question(c *call) (Response, error) {
	if c.text == "" {
		return a.help(c, a.commandNamed("mouhua"))
	}
	text, year, err := splitYear(c, c.words)
	if err != nil {
		return Response{}, err
	}
	if a.meansCity(text) {
		c.words = []string{strconv.Itoa(year)}
		return a.report(c)
	}
	_, index, err := a.index(c)
	if err != nil {
		return Response{}, err
	}
	if text != "" && len(index.Find(text)) > 0 {
		return a.quota(c)
	}
	return a.notUnderstood(c)
}

// meansCity reports whether text is what a title calls the city.
func (a *App) meansCity(text string) bool {
	return slices.ContainsFunc(reporting.Locales, func(l reporting.Locale) bool {
		return text != "" && lexicon.Fold(text) == lexicon.Fold(a.words.Say(l, "word.city"))
	})
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
