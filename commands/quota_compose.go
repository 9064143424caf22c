package commands

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// composeQuota composes the messages about quotas: what a body's channel is
// told, the office's card and its update, and the answer to who asked.
func (a *App) composeQuota(ctx context.Context, m reporting.Message) (Outgoing, error) {
	year, err := strconv.Atoi(m.Args["year"])
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	c := a.to(ctx, m)
	book, err := a.store.QuotaBook(ctx, m.BodyID, year)
	if reporting.CodeOf(err) == reporting.NotFound {
		return Outgoing{Skip: "no_body"}, nil
	}
	if err != nil {
		return Outgoing{}, err
	}
	if m.Kind == reporting.QuotaSet {
		return a.quotaNews(c, m, book)
	}
	r, err := book.Request(m.Args["request"])
	if err != nil {
		return Outgoing{Skip: "no_request"}, nil //nolint:nilerr // the row is gone, and with it what is owed
	}
	if m.Kind == reporting.QuotaAnswer {
		c.locale = a.localeOf(ctx, m.To)
		return Outgoing{Channel: m.To, Locale: c.locale, Reply: a.quotaAnswer(c, book, r)}, nil
	}
	if a.cfg.OfficeChannel == "" {
		return Outgoing{Skip: "no_office_channel"}, nil
	}
	card, err := a.quotaCard(c, book, r)
	return Outgoing{Channel: a.cfg.OfficeChannel, Reply: card}, err
}

// quotaNews tells a body's channel of a new version.
func (a *App) quotaNews(c *call, m reporting.Message, book reporting.QuotaBook) (Outgoing, error) {
	version, err := strconv.Atoi(m.Args["version"])
	if err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	q, ok := book.Version(version)
	switch {
	case !ok:
		return Outgoing{Skip: "no_version"}, nil
	case book.Body.ChannelID == "":
		return Outgoing{Skip: "no_channel"}, nil
	}
	text := a.changeOf(c, book, q)
	return Outgoing{Channel: book.Body.ChannelID, Reply: &Reply{InChannel: true, Text: text, Parts: []Part{
		Heading(a.say(c, "quota.news")), Paragraph{Bold(text)}, a.reasonFacts(c, q),
		Note{Plain(a.say(c, "quota.news.past"))}, Buttons{a.historyButton(c, book.Body.ID, book.Year)},
	}}}, nil
}

// quotaCard is a request as the office's channel shows it, with buttons only
// while it waits.
func (a *App) quotaCard(c *call, book reporting.QuotaBook, r reporting.QuotaRequest) (*Reply, error) {
	s, err := a.standing(c, book.Body.ID, book.Year)
	if err != nil {
		return nil, err
	}
	title := a.say(c, "quota.card.title")
	if r.Status != reporting.RequestOpen {
		title = a.say(c, "quota.card.decided")
	}
	wanted := a.say(c, "quota.request.asks", "body", book.Body.Label(c.locale), "year", book.Year, "n", count(r.Wanted))
	out := &Reply{InChannel: true, Text: title + a.say(c, "word.colon") + wanted, Parts: []Part{
		Heading(title), Paragraph{Bold(wanted)}, Paragraph{Plain(a.nowOwed(c, book))},
		Facts{
			a.fact(c, "credited", a.projects(c, s.Tally.Credited)),
			{Label: a.say(c, "field.quota.reason.label"), Value: []Span{Plain(r.Reason)}},
			{Label: a.say(c, "quota.asked_by"), Value: []Span{who(r.AskedBy), Plain(" " + a.moment(c, time.UnixMilli(r.AskedAt)))}},
		},
	}}
	if r.Status == reporting.RequestOpen {
		out.Parts = append(out.Parts, a.decideButtons(c, r), a.asOf(c))
		return out, nil
	}
	out.Parts = append(out.Parts, Paragraph{who(r.DecidedBy), Plain(" " + a.moment(c, time.UnixMilli(r.DecidedAt)) + " " + a.say(c, "quota.request."+string(r.Status)))})
	if r.Status == reporting.RequestDeclined {
		out.Parts = append(out.Parts, Paragraph{Plain(a.say(c, "quota.request.answer") + a.say(c, "word.colon") + r.Answer)})
	}
	if q, ok := book.Version(r.QuotaVersion); ok {
		out.Parts = append(out.Parts, Paragraph{Plain(a.changeOf(c, book, q))})
	}
	out.Parts = append(out.Parts, Buttons{a.historyButton(c, book.Body.ID, book.Year)}, a.asOf(c))
	return out, nil
}

// quotaAnswer tells who asked what the office decided.
func (a *App) quotaAnswer(c *call, book reporting.QuotaBook, r reporting.QuotaRequest) *Reply {
	args := []any{"body", book.Body.Label(c.locale), "year", book.Year, "n", count(r.Wanted)}
	out := Say(a.say(c, "quota.answer."+string(r.Status), args...))
	if q, ok := book.Version(r.QuotaVersion); ok {
		out.Parts = append(out.Parts, Paragraph{Plain(a.changeOf(c, book, q))}, a.reasonFacts(c, q))
	} else {
		out.Parts = append(out.Parts, Paragraph{Plain(a.say(c, "quota.request.answer") + a.say(c, "word.colon") + r.Answer)})
	}
	out.Parts = append(out.Parts, Buttons{a.historyButton(c, book.Body.ID, book.Year)}, a.asOf(c))
	return out
}
