package commands

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// maxChoices is how many buttons a person is asked to choose among.
const maxChoices = 8

// index returns the bodies and what finds them.
func (a *App) index(c *call) (*reporting.BodyList, *lexicon.Index, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, nil, err
	}
	return list, a.finder.Of(list), nil
}

// oneBody finds the body that text names. Errors: NotFound, with the nearest
// three, when none fits; Invalid, with their names, when several do.
func (a *App) oneBody(c *call, text string) (reporting.Body, error) {
	_, index, err := a.index(c)
	if err != nil {
		return reporting.Body{}, err
	}
	found := index.Find(text)
	switch len(found) {
	case 0:
		return reporting.Body{}, a.noBody(c, index, text)
	case 1:
		return found[0].Body, nil
	}
	return reporting.Body{}, reporting.Fail(reporting.Invalid, "err.body.several", "value", clip(text), "names", a.labels(c, bodiesOf(found)))
}

func (a *App) noBody(c *call, index *lexicon.Index, text string) error {
	near := index.Near(text, 3)
	if len(near) == 0 {
		return reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(text))
	}
	return reporting.Fail(reporting.NotFound, "err.body.near", "value", clip(text), "names", a.labels(c, near))
}

// choose asks which body is meant: a button for each, pressing action with the
// value that value gives.
func (a *App) choose(c *call, text string, found []lexicon.Match, action string, value func(reporting.Body) string) *Reply {
	all := bodiesOf(found)
	key := "choose.ask"
	if len(all) > maxChoices {
		all, key = all[:maxChoices], "choose.many"
	}
	var row Buttons
	for _, b := range all {
		row = append(row, Button{Action: action, Value: value(b), Label: b.Label(c.locale)})
	}
	ask := a.say(c, key, "value", clip(text), "n", len(found), "names", a.labels(c, all))
	return &Reply{Text: ask, Parts: []Part{Paragraph{Plain(ask)}, row}}
}

func bodiesOf(found []lexicon.Match) []reporting.Body {
	out := make([]reporting.Body, len(found))
	for i, m := range found {
		out[i] = m.Body
	}
	return out
}

// labels returns the short names, at most maxChoices of them.
func (a *App) labels(c *call, bodies []reporting.Body) string {
	var names []string
	for _, b := range bodies[:min(len(bodies), maxChoices)] {
		names = append(names, b.Label(c.locale))
	}
	s := strings.Join(names, a.say(c, "word.list_separator"))
	if len(bodies) > maxChoices {
		s += "…"
	}
	return s
}

// hereBody returns the body that is meant when none is named: the one whose
// channel this is, else the actor's own; ok is false when there is neither.
func hereBody(c *call, list *reporting.BodyList) (reporting.Body, bool) {
	for _, b := range list.All {
		if b.ChannelID != "" && b.ChannelID == c.channel && reporting.CanReadQuota(c.actor, b.ID) == nil {
			return b, true
		}
	}
	return list.Find(c.actor.BodyID)
}

// namedOrHere finds the body that text names, or without text the one that is
// meant here. Errors: as oneBody; Invalid when none is named and none is meant.
func (a *App) namedOrHere(c *call, text, command string) (reporting.Body, error) {
	if strings.TrimSpace(text) != "" {
		return a.oneBody(c, text)
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return reporting.Body{}, err
	}
	if b, ok := hereBody(c, list); ok {
		return b, nil
	}
	return reporting.Body{}, reporting.Fail(reporting.Invalid, "err.body.needed", "command", command)
}

var fourDigits = regexp.MustCompile(`^\d{4}年?度?$`)

// splitYear takes a year off the words ("净月 2018", "2018年 净月"); without
// one it is the current year. Errors: Invalid for a year that no plan has.
func splitYear(c *call, words []string) (text string, year int, err error) {
	year = c.day.Year
	i := slices.IndexFunc(words, fourDigits.MatchString)
	if i >= 0 {
		year, _ = strconv.Atoi(words[i][:4])
		if year < 2000 || year > c.day.Year+1 {
			return "", 0, reporting.Fail(reporting.Invalid, "err.year", "value", words[i])
		}
		words = slices.Delete(slices.Clone(words), i, i+1)
	}
	return strings.Join(words, " "), year, nil
}
