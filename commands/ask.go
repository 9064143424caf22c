package commands

import (
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

// Ask answers a sentence: a mention, a direct message, or what was said in a
// thread. Errors: as Command.
func (a *App) Ask(ctx context.Context, r Request) (Response, error) {
	c, err := a.call(ctx, r.User, r.Channel, r.Locale, r.Once)
	if err != nil {
		return Response{}, err
	}
	c.thread, c.direct, c.unsure = r.Thread, r.Direct, r.Unsure
	c.text = strings.TrimSpace(lexicon.Width(r.Text))
	c.words = strings.Fields(c.text)
	if r, ok, err := a.goOn(c); ok || err != nil {
		return filingRead(r), err
	}
	if r.Overheard {
		return a.overheard(c)
	}
	if c.actor.Role == reporting.Stranger || c.text == "" || slices.Contains(helpWords, strings.ToLower(c.text)) {
		return a.explainHelp(c, question.Reading{Intent: question.Help})
	}
	return a.question(c)
}

// filingRead says of an answer that goes on with a filing what it is about.
func filingRead(r Response) Response {
	if r.Read == nil && r.Reply != nil {
		r.Read = &question.Reading{Intent: question.ProjectRegister}
	}
	return r
}

// figureAnswers are the answers about figures.
func (a *App) figureAnswers() map[question.Intent]answerer {
	return map[question.Intent]answerer{
		question.QuotaTarget: a.quotaAsked("target"), question.QuotaProgress: a.quotaAsked("progress"), question.QuotaRemaining: a.quotaAsked("remaining"),
		question.QuotaPace: a.quotaAsked("pace"), question.QuotaForecast: a.quotaAsked("forecast"), question.QuotaRequiredRate: a.quotaAsked("rate"),
		question.CityProgress: a.cityAnswer,
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
		return filingRead(r), err
	}
	if c.text == "" {
		return a.help(c, a.commandNamed("mouhua"))
	}
	before, err := a.exchange(c)
	if err != nil {
		return Response{}, err
	}
	q, err := a.read(c, before)
	if err != nil {
		return Response{}, err
	}
	out, err := a.answer(c, q)
	out.Read = &q
	return out, a.spoken(c, err)
}

// read reads what was said against what there is, and the exchange before.
func (a *App) read(c *call, before *question.Reading) (question.Reading, error) {
	list, index, err := a.index(c)
	if err != nil {
		return question.Reading{}, err
	}
	around := question.Context{Today: c.day, Locale: c.locale, Bodies: index, Catalogue: c.catalogue, Own: c.actor.BodyID, Before: before}
	if i := slices.IndexFunc(list.All, func(b reporting.Body) bool { return b.ChannelID != "" && b.ChannelID == c.channel }); i >= 0 {
		around.Here = list.All[i].ID
	}
	if _, err := a.projectNames(c); err != nil {
		return question.Reading{}, err
	}
	around.Projects = a.names.index
	return question.Read(c.text, around), nil
}

// answer answers what was read, in the language in which it was said, and keeps
// it for what is asked next.
func (a *App) answer(c *call, q question.Reading) (Response, error) {
	if q.Locale != "" {
		c.locale = q.Locale
	}
	answer, ok := a.answers[q.Intent]
	switch {
	case q.Then != nil:
		out, err := a.askWhich(c, q)
		if err == nil {
			a.note(c, *q.Then)
		}
		return out, err
	case !ok:
		return a.notUnderstood(c, q)
	}
	out, err := answer(c, q)
	if err != nil {
		return out, err
	}
	if out.Reply != nil {
		out.Reply.InChannel = a.forAll(c, q)
	}
	a.note(c, q)
	return out, nil
}

// private are the intents whose answers only the asker sees, wherever it was
// asked: they hold what only the asker can press, or say how Mouhua is spoken to.
var private = map[question.Intent]bool{
	question.QuotaAdjust: true, question.SetStage: true, question.ProjectUpdate: true, question.ProjectWithdraw: true,
	question.ReviewQueue: true, question.ReviewApprove: true, question.ReviewReturn: true, question.NudgeSettings: true,
	question.Help: true, question.Unknown: true,
}

// forAll reports whether everybody in the channel sees the answer: leaders and
// the office chose where to ask; an official's own figures may stand in its
// body's channel.
func (a *App) forAll(c *call, q question.Reading) bool {
	switch {
	case q.Intent == question.ProjectRegister: // is gone on with where it is asked
		return c.shared()
	case private[q.Intent]:
		return false
	case c.actor.ReadsAll():
		return true
	case c.actor.Role != reporting.Official || c.actor.BodyID == "" || q.Intent == question.ProjectGet:
		return false
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return false
	}
	own, ok := list.Find(c.actor.BodyID)
	about := q.Slots[question.Body]
	return ok && own.ChannelID != "" && own.ChannelID == c.channel && (about == "" || about == own.ID)
}
