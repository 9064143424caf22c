package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// readTarget reads a target as typed: an amount of money, or a number of
// projects; "0" takes it away.
func readTarget(i reporting.Indicator, typed string) (int64, error) {
	typed = strings.TrimSpace(typed)
	if typed == "0" {
		return 0, nil
	}
	if i.Money() {
		w, err := reporting.ParseMoney(typed)
		return int64(w), err
	}
	m := countWord.FindStringSubmatch(typed)
	if m == nil {
		return 0, reporting.Fail(reporting.Invalid, "err.quota.number")
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	return n, err
}

// saveTarget sets a target as typed into form or command.
func (a *App) saveTarget(c *call, body string, year, seen int, v map[string]string) (*Reply, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return nil, err
	}
	if err := a.openYear(c, year); err != nil {
		return nil, err
	}
	t := reporting.IndicatorTarget{Indicator: reporting.Indicator(v[reporting.FieldIndicator]), Reason: v[reporting.FieldReason], DocNo: v[reporting.FieldDocNo]}
	if !slices.Contains(reporting.Indicators, t.Indicator) {
		return nil, reporting.FieldErrors{reporting.Fail(reporting.Invalid, "err.choice").At(reporting.FieldIndicator)}
	}
	var err error
	if t.Target, err = readTarget(t.Indicator, v[reporting.FieldTarget]); err != nil {
		var e *reporting.Error
		if errors.As(err, &e) {
			return nil, reporting.FieldErrors{e.At(reporting.FieldTarget)}
		}
		return nil, err
	}
	book, err := a.store.ChangeIndicator(c.ctx, c.once, body, year, func(book reporting.IndicatorBook) (reporting.IndicatorChange, error) {
		return reporting.SetIndicator(c.actor, book, t, seen, c.now.UnixMilli())
	})
	if err != nil && !errors.Is(err, reporting.ErrRepeated) {
		return nil, err
	}
	a.wake()
	t = book.Last(t.Indicator)
	r := Say(a.targetSaid(c, book, t))
	r.Parts = append(r.Parts, a.targetFacts(c, t), Buttons{a.button(c, "quota.indicators", body+" "+strconv.Itoa(year), "indicators")}, a.asOf(c))
	return r, nil
}

// targetSaid says what a version asks for.
func (a *App) targetSaid(c *call, book reporting.IndicatorBook, t reporting.IndicatorTarget) string {
	key := "indicator.set"
	if t.Target == 0 {
		key = "indicator.taken"
	}
	return a.say(c, key, "body", book.Body.Label(c.locale), "year", book.Year, "name", a.say(c, "indicator."+string(t.Indicator)),
		"target", a.amount(c, t.Indicator, t.Target), "version", t.Version)
}

func (a *App) targetFacts(c *call, t reporting.IndicatorTarget) Facts {
	return a.reasonFacts(c, reporting.Quota{Reason: t.Reason, DocNo: t.DocNo})
}

// composeIndicator tells a body's channel of a new target.
func (a *App) composeIndicator(ctx context.Context, m reporting.Message) (Outgoing, error) {
	c := a.to(ctx, m)
	year, err := strconv.Atoi(m.Args["year"])
	version, err2 := strconv.Atoi(m.Args["version"])
	if err := errors.Join(err, err2); err != nil {
		return Outgoing{}, fmt.Errorf("compose message %s: %w", m.Key, err)
	}
	book, err := a.store.IndicatorBook(ctx, m.BodyID, year)
	if reporting.CodeOf(err) == reporting.NotFound {
		return Outgoing{Skip: "no_body"}, nil
	}
	if err != nil {
		return Outgoing{}, err
	}
	if book.Body.ChannelID == "" {
		return Outgoing{Skip: "no_channel"}, nil
	}
	for _, t := range book.Targets {
		if t.Indicator != reporting.Indicator(m.Args["indicator"]) || t.Version != version {
			continue
		}
		text := a.targetSaid(c, book, t)
		return Outgoing{Channel: book.Body.ChannelID, Reply: &Reply{InChannel: true, Text: text, Parts: []Part{
			Paragraph{Bold(text)}, a.targetFacts(c, t), a.indicatorNote(c, year),
		}}}, nil
	}
	return Outgoing{Skip: "no_version"}, nil
}
