package commands

import (
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// quotaRequest answers /quota request [year] [n] [reason …]: the request, or a
// form for what is missing.
func (a *App) quotaRequest(c *call) (Response, error) {
	q, err := readQuotaSentence(c)
	if err != nil {
		return Response{}, err
	}
	id := c.actor.BodyID
	if q.body != "" {
		b, reply, err := a.bodyOrChoice(c, q.body, "quota.request", q.with)
		if err != nil || reply != nil {
			return Response{Reply: reply}, err
		}
		id = b.ID
	}
	if id == "" && c.actor.Role == reporting.Official {
		return Response{}, reporting.Fail(reporting.Invalid, "err.body.none")
	}
	if err := reporting.CanAskQuota(c.actor, id); err != nil {
		return Response{}, err
	}
	if q.count == "" || q.reason == "" {
		book, err := a.store.QuotaBook(c.ctx, id, q.year)
		return Response{Form: a.quotaRequestForm(c, book, q)}, err
	}
	n, _ := strconv.Atoi(q.count)
	r, err := a.askQuota(c, id, q.year, n, q.reason)
	return Response{Reply: r}, err
}

func (a *App) quotaRequestForm(c *call, book reporting.QuotaBook, q quotaSentence) *Form {
	return &Form{
		ID: "quota.request", Title: a.say(c, "form.quota_request.title"), Submit: a.say(c, "button.submit"), Close: a.say(c, "button.cancel"), Locale: c.locale,
		State: aboutQuota{Body: book.Body.ID, Year: book.Year, Channel: c.channel}.String(),
		Fields: []Field{
			{ID: "about", Kind: InfoField, Text: []Span{Bold(book.Body.Label(c.locale) + a.say(c, "word.colon")), Plain(a.nowOwed(c, book)), Plain(a.say(c, "quota.request.only"))}},
			a.quotaField(c, reporting.FieldQuotaCount, TextField, q.count, 6),
			a.quotaField(c, reporting.FieldReason, LongField, q.reason, 500),
		},
	}
}

func (a *App) submitRequest(c *call, in Input) (SubmitResult, error) {
	st, err := readAboutQuota(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	n, fault := readCount(in)
	if fault != nil {
		return a.faults(c, reporting.FieldErrors{fault})
	}
	r, err := a.askQuota(c, st.Body, st.Year, n, in.Values[reporting.FieldReason])
	if err != nil {
		return a.faultsAt(c, reporting.FieldQuotaCount, err)
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

func (a *App) askQuota(c *call, body string, year, wanted int, reason string) (*Reply, error) {
	id := newOpening()
	book, err := a.changeQuota(c, body, year, func(book reporting.QuotaBook) (reporting.QuotaChange, error) {
		return reporting.AskQuota(c.actor, book, id, wanted, reason, dayOf(c, year), c.now.UnixMilli())
	})
	if err != nil {
		return nil, err
	}
	r := Say(a.say(c, "quota.request.done", "body", book.Body.Label(c.locale), "year", year, "n", count(wanted)))
	r.Parts = append(r.Parts, Note{Plain(a.say(c, "quota.request.only"))}, Buttons{a.historyButton(c, body, year)}, a.asOf(c))
	return r, nil
}

// decideButtons adopt or decline a request.
func (a *App) decideButtons(c *call, r reporting.QuotaRequest) Buttons {
	value := strings.Join([]string{r.BodyID, strconv.Itoa(r.Year), r.ID}, "/")
	adopt := a.button(c, "quota.adopt", value, "quota_adopt")
	adopt.Style = "primary"
	return Buttons{adopt, a.button(c, "quota.decline", value, "quota_decline")}
}

// pressDecide makes a button out of deciding: its value is "body/year/request".
func (a *App) pressDecide(open func(*call, reporting.QuotaBook, string, string) (Response, error)) handler {
	return func(c *call) (Response, error) {
		words := strings.Split(c.value, "/")
		if len(words) != 3 {
			return Response{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
		}
		year, err := strconv.Atoi(words[1])
		if err != nil {
			return Response{}, &reporting.Error{Code: reporting.NotFound, Key: "err.action.unknown", Err: err}
		}
		if err := reporting.CanManage(c.actor); err != nil {
			return Response{}, err
		}
		book, err := a.store.QuotaBook(c.ctx, words[0], year)
		if err != nil {
			return Response{}, err
		}
		return a.deciding(c, book, words[2], "", open)
	}
}

// sayDecide makes a subcommand out of deciding: "<body> [year] [reason …]"
// means the request of the body that waits.
func (a *App) sayDecide(word string, open func(*call, reporting.QuotaBook, string, string) (Response, error)) handler {
	return func(c *call) (Response, error) {
		if err := reporting.CanManage(c.actor); err != nil {
			return Response{}, err
		}
		if len(c.words) == 0 {
			return Response{}, reporting.Fail(reporting.Invalid, "err.body.needed", "command", a.slash("quota")+" "+word)
		}
		rest, year := c.words[1:], c.day.Year
		if len(rest) > 0 && fourDigits.MatchString(rest[0]) {
			var err error
			if _, year, err = splitYear(c, rest[:1]); err != nil {
				return Response{}, err
			}
			rest = rest[1:]
		}
		b, err := a.oneBody(c, c.words[0])
		if err != nil {
			return Response{}, err
		}
		book, err := a.store.QuotaBook(c.ctx, b.ID, year)
		if err != nil {
			return Response{}, err
		}
		r, waits := book.Open()
		if !waits {
			return Response{}, reporting.Fail(reporting.NotFound, "err.quota.request.none", "body", b.Label(c.locale), "year", year)
		}
		return a.deciding(c, book, r.ID, strings.Join(rest, " "), open)
	}
}

// deciding goes on to open unless the request is not to be decided any more,
// so that nobody fills in a form in vain.
func (a *App) deciding(c *call, book reporting.QuotaBook, id, reason string, open func(*call, reporting.QuotaBook, string, string) (Response, error)) (Response, error) {
	if _, err := reporting.DeclineQuota(c.actor, book, id, "?", c.now.UnixMilli()); err != nil {
		return Response{}, a.whoDecided(c, err)
	}
	return open(c, book, id, reason)
}

// adopt opens the form for a new version, filled with what was asked.
func (a *App) adopt(c *call, book reporting.QuotaBook, id, _ string) (Response, error) {
	r, err := book.Request(id)
	return Response{Form: a.quotaForm(c, book, id, strconv.Itoa(r.Wanted), r.Reason)}, err
}

// decline turns a request down, or asks for the reason.
func (a *App) decline(c *call, book reporting.QuotaBook, id, reason string) (Response, error) {
	if reason != "" {
		r, err := a.declineWith(c, book.Body.ID, book.Year, id, reason)
		return Response{Reply: r}, err
	}
	r, err := book.Request(id)
	return Response{Form: &Form{
		ID: "quota.decline", Title: a.say(c, "form.quota_decline.title"), Submit: a.say(c, "button.quota_decline"), Close: a.say(c, "button.cancel"), Locale: c.locale,
		State: aboutQuota{Body: book.Body.ID, Year: book.Year, Request: id, Channel: c.channel}.String(),
		Fields: []Field{
			{ID: "about", Kind: InfoField, Text: []Span{Bold(book.Body.Label(c.locale) + a.say(c, "word.colon")), Plain(a.nowOwed(c, book) + a.say(c, "quota.request.wanted", "n", count(r.Wanted), "reason", r.Reason))}},
			a.quotaField(c, reporting.FieldReason, LongField, "", 500),
		},
	}}, err
}

func (a *App) submitDecline(c *call, in Input) (SubmitResult, error) {
	st, err := readAboutQuota(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	r, err := a.declineWith(c, st.Body, st.Year, st.Request, in.Values[reporting.FieldReason])
	if err != nil {
		return a.faultsAt(c, reporting.FieldReason, err)
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

func (a *App) declineWith(c *call, body string, year int, id, reason string) (*Reply, error) {
	book, err := a.changeQuota(c, body, year, func(book reporting.QuotaBook) (reporting.QuotaChange, error) {
		return reporting.DeclineQuota(c.actor, book, id, reason, c.now.UnixMilli())
	})
	if err != nil {
		return nil, err
	}
	r := Say(a.say(c, "quota.request.declined.done", "body", book.Body.Label(c.locale), "year", year))
	r.Parts = append(r.Parts, Buttons{a.historyButton(c, body, year)}, a.asOf(c))
	return r, nil
}

// maxHomeRequests is how many requests App Home shows with their buttons.
const maxHomeRequests = 5

// homeRequests are the requests that wait for the office, for App Home.
func (a *App) homeRequests(c *call) ([]Part, error) {
	open, err := a.store.OpenQuotaRequests(c.ctx)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, err
	}
	parts := []Part{Rule{}, Paragraph{Bold(a.say(c, "home.quota_requests", "n", len(open)))}}
	for _, r := range open[:min(len(open), maxHomeRequests)] {
		asks := a.say(c, "quota.request.asks", "body", a.nameOf(c, list, r.BodyID), "year", r.Year, "n", count(r.Wanted))
		parts = append(parts, Paragraph{Plain(asks + a.say(c, "word.stop") + r.Reason + " "), who(r.AskedBy)},
			append(a.decideButtons(c, r), a.historyButton(c, r.BodyID, r.Year)))
	}
	return parts, nil
}
