package commands

import (
	"regexp"
	"slices"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// maxHistory is how many versions, and how many requests, a history tells.
const maxHistory = 10

// quotaHistory answers /quota history [body] [year].
func (a *App) quotaHistory(c *call) (Response, error) {
	text, year, err := splitYear(c, c.words)
	if err != nil {
		return Response{}, err
	}
	b, reply, err := a.meant(c, text, "history", func(b reporting.Body) string { return quotaSentence{year: year}.with(b) })
	if err != nil || reply != nil {
		return Response{Reply: reply}, err
	}
	if err := reporting.CanReadQuota(c.actor, b.ID); err != nil {
		return Response{}, err
	}
	book, err := a.store.QuotaBook(c.ctx, b.ID, year)
	if err != nil {
		return Response{}, err
	}
	title := a.say(c, "quota.history.title", "body", b.Label(c.locale), "year", year)
	parts := []Part{Heading(title), Paragraph{Plain(a.nowOwed(c, book))}}
	if lines := a.versionLines(c, book); len(lines) > 0 {
		parts = append(parts, lines)
	}
	parts = append(parts, a.quotaRequestParts(c, book)...)
	if b := a.quotaButtons(c, b, year); len(b) > 0 {
		parts = append(parts, b)
	}
	return Response{Reply: &Reply{Text: title, Parts: append(parts, a.asOf(c))}}, nil
}

// meant finds the body that text names, or without text the one that is meant
// here. Several that fit give a reply with a button for each, which presses
// quota.<word>.
func (a *App) meant(c *call, text, word string, value func(reporting.Body) string) (reporting.Body, *Reply, error) {
	if text == "" {
		b, err := a.namedOrHere(c, "", a.slash("quota")+" "+word)
		return b, nil, err
	}
	return a.bodyOrChoice(c, text, "quota."+word, value)
}

// versionLines tell every version, the newest first: since when, how many, why,
// by whom and what document, who wrote it down and who had asked.
func (a *App) versionLines(c *call, book reporting.QuotaBook) Bullets {
	now, _ := reporting.InForce(book.Versions, dayOf(c, book.Year))
	var out Bullets
	for _, q := range slices.Backward(book.Versions) {
		if len(out) == maxHistory {
			return a.more(c, out, len(book.Versions))
		}
		line := []Span{Bold(a.say(c, "quota.history.version", "version", q.Version, "n", count(q.Count), "from", a.date(c, q.EffectiveFrom)))}
		if q.Version == now.Version {
			line = append(line, Plain(a.say(c, "quota.history.now")))
		}
		for _, f := range a.reasonFacts(c, q) {
			line = append(line, Plain("\n"+f.Label+a.say(c, "word.colon")), f.Value[0])
		}
		if q.SetAt != 0 {
			line = append(line, Plain("\n"+a.say(c, "quota.history.set")), who(q.SetBy), Plain(" "+a.moment(c, time.UnixMilli(q.SetAt))))
		}
		for _, r := range book.Requests {
			if r.QuotaVersion == q.Version {
				line = append(line, Plain("\n"+a.say(c, "quota.history.asked")), who(r.AskedBy), Plain(" "+a.moment(c, time.UnixMilli(r.AskedAt))))
			}
		}
		out = append(out, line)
	}
	return out
}

var slackUser = regexp.MustCompile(`^[UW][A-Z0-9]{2,}$`)

// who mentions a Slack user; what a file or a command line wrote has a name.
func who(id string) Span {
	if slackUser.MatchString(id) {
		return Span{User: id}
	}
	return Plain(id)
}

// quotaRequestParts tell the requests that led to no version, the newest first,
// and the buttons that decide the one that waits.
func (a *App) quotaRequestParts(c *call, book reporting.QuotaBook) []Part {
	var lines Bullets
	for _, r := range slices.Backward(book.Requests) {
		if r.Status == reporting.RequestAdopted || len(lines) == maxHistory {
			continue
		}
		line := append([]Span{Plain(a.say(c, "quota.request.line", "n", count(r.Wanted), "time", a.moment(c, time.UnixMilli(r.AskedAt)), "reason", r.Reason,
			"status", a.say(c, "quota.request."+string(r.Status)))), Plain(" ")}, who(r.AskedBy))
		if r.Answer != "" {
			line = append(line, Plain("\n"+a.say(c, "quota.request.answer")+a.say(c, "word.colon")+r.Answer))
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return nil
	}
	parts := []Part{Paragraph{Bold(a.say(c, "quota.history.requests"))}, lines}
	if r, waits := book.Open(); waits && reporting.CanManage(c.actor) == nil {
		parts = append(parts, a.decideButtons(c, r))
	}
	return parts
}

// quotaButtons are what the asker can do about a body's quota.
func (a *App) quotaButtons(c *call, b reporting.Body, year int) Buttons {
	value := quotaSentence{year: year}.with(b)
	var out Buttons
	if reporting.CanManage(c.actor) == nil {
		out = append(out, a.button(c, "quota.set", value, "quota_set"))
	}
	if reporting.CanAskQuota(c.actor, b.ID) == nil && year >= c.day.Year {
		out = append(out, a.button(c, "quota.request", value, "quota_request"))
	}
	return out
}
