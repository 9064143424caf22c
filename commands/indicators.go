package commands

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// IndicatorStore reads and changes what bodies are to reach beside their quotas.
type IndicatorStore interface {
	// IndicatorBook returns the versions of a body's indicators of a year.
	IndicatorBook(ctx context.Context, body string, year int) (reporting.IndicatorBook, error)
	// ChangeIndicator reads the book, lets decide make the change and writes it.
	ChangeIndicator(ctx context.Context, once, body string, year int, decide func(reporting.IndicatorBook) (reporting.IndicatorChange, error)) (reporting.IndicatorBook, error)
	// IndicatorLines returns how a body, or every body for City, stands where it has a target.
	IndicatorLines(ctx context.Context, body string, year int) ([]reporting.IndicatorLine, error)
}

// indicatorWords are what an indicator is called.
var indicatorWords = map[string]reporting.Indicator{
	"investment": reporting.Promotion, "招商引资": reporting.Promotion, "招商引資": reporting.Promotion, "招商": reporting.Promotion,
	"landed": reporting.Landed, "项目落地": reporting.Landed, "項目落地": reporting.Landed, "落地": reporting.Landed,
	"funds": reporting.Funds, "资金到位": reporting.Funds, "資金到位": reporting.Funds, "资金": reporting.Funds, "資金": reporting.Funds,
}

// lines reads how a body, or every body, stands in its indicators of a year.
func (a *App) lines(c *call, body string, year int) ([]reporting.IndicatorLine, error) {
	f, frozen, err := a.frozen(c, year)
	if err != nil || frozen {
		return f.Lines(body), err
	}
	lines, err := a.store.IndicatorLines(c.ctx, body, year)
	if err != nil {
		return nil, fmt.Errorf("read indicators: %w", err)
	}
	return lines, nil
}

// amount is a value of an indicator with its unit.
func (a *App) amount(c *call, i reporting.Indicator, n int64) string {
	if i.Money() {
		return a.money(c, reporting.Wan(n))
	}
	return a.projects(c, int(n))
}

func (a *App) lineFacts(c *call, lines []reporting.IndicatorLine) Facts {
	var out Facts
	for _, l := range lines {
		out = append(out, Fact{Label: a.say(c, "indicator."+string(l.Indicator)), Value: []Span{Plain(bar(l.Done()) + " " + a.say(c, "indicator.value",
			"actual", a.amount(c, l.Indicator, l.Actual), "target", a.amount(c, l.Indicator, l.Target), "done", percent(l.Done())))}})
	}
	return out
}

// indicatorParts are a body's lines below its quota, none without a target. Most
// bodies have none, and are not asked after.
func (a *App) indicatorParts(c *call, s reporting.Standing) ([]Part, error) {
	if !s.HasTargets {
		return nil, nil
	}
	lines, err := a.lines(c, s.BodyID, s.Year)
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	return []Part{Paragraph{Bold(a.say(c, "indicator.beside"))}, a.lineFacts(c, lines)}, nil
}

// indicators answers /quota indicators [body] [year]: of one body, or for those
// who see all of every body that has a target.
func (a *App) indicators(c *call) (Response, error) {
	text, year, err := splitYear(c, c.words)
	if err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read bodies: %w", err)
	}
	if _, here := hereBody(c, list); text == "" && !here && c.actor.ReadsAll() {
		return a.indicatorsOfAll(c, list, year)
	}
	b, reply, err := a.meant(c, text, "indicators", func(b reporting.Body) string { return b.ID + " " + strconv.Itoa(year) })
	if err != nil || reply != nil {
		return Response{Reply: reply}, err
	}
	if err := reporting.CanReadQuota(c.actor, b.ID); err != nil {
		return Response{}, err
	}
	lines, err := a.lines(c, b.ID, year)
	if err != nil {
		return Response{}, err
	}
	title := a.say(c, "indicator.title", "body", b.Label(c.locale), "year", year)
	parts := []Part{Heading(title)}
	if len(lines) == 0 {
		parts = append(parts, Paragraph{Plain(a.say(c, "indicator.none", "year", year))})
	} else {
		parts = append(parts, a.lineFacts(c, lines))
	}
	if reporting.CanManage(c.actor) == nil {
		parts = append(parts, Buttons{a.button(c, "quota.target", b.ID+" "+strconv.Itoa(year), "target")})
	}
	return Response{Reply: &Reply{Text: title, Parts: append(parts, a.indicatorNote(c, year))}}, nil
}

func (a *App) indicatorNote(c *call, year int) Note {
	return Note{Plain(a.asOfYear(c, year) + a.say(c, "word.stop") + a.say(c, "indicator.note"))}
}

func (a *App) indicatorsOfAll(c *call, list *reporting.BodyList, year int) (Response, error) {
	lines, err := a.lines(c, reporting.City, year)
	if err != nil {
		return Response{}, err
	}
	title := a.say(c, "indicator.title", "body", a.say(c, "indicator.all"), "year", year)
	parts := []Part{Heading(title)}
	if len(lines) == 0 {
		parts = append(parts, Paragraph{Plain(a.say(c, "indicator.none_at_all", "year", year, "command", a.slash("quota")+" target"))})
	}
	for _, b := range list.All {
		var own []reporting.IndicatorLine
		for _, l := range lines {
			if l.BodyID == b.ID {
				own = append(own, l)
			}
		}
		if len(own) > 0 {
			parts = append(parts, Paragraph{Bold(b.Label(c.locale))}, a.lineFacts(c, own))
		}
	}
	return Response{Reply: &Reply{Text: title, Parts: append(parts, a.indicatorNote(c, year))}}, nil
}

// targetSentence is "[body] [year] [indicator] [target] [reason …]" as typed.
type targetSentence struct {
	body, indicator, target, reason string
	year                            int
}

func readTargetSentence(c *call) (targetSentence, error) {
	words := c.words
	i := slices.IndexFunc(words, func(w string) bool { return indicatorWords[strings.ToLower(w)] != "" })
	s := targetSentence{}
	if i >= 0 {
		s.indicator = string(indicatorWords[strings.ToLower(words[i])])
		if rest := words[i+1:]; len(rest) > 0 {
			s.target, s.reason = rest[0], strings.Join(rest[1:], " ")
		}
		words = words[:i]
	}
	var err error
	s.body, s.year, err = splitYear(c, words)
	return s, err
}

// with returns the sentence about b, as it would be typed.
func (s targetSentence) with(b reporting.Body) string {
	return strings.TrimSpace(strings.Join([]string{b.ID, strconv.Itoa(s.year), s.indicator, s.target, clipName(s.reason)}, " "))
}

// target answers /quota target: done when all is said, else the form.
func (a *App) setTarget(c *call) (Response, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return Response{}, err
	}
	s, err := readTargetSentence(c)
	if err != nil {
		return Response{}, err
	}
	b, reply, err := a.meant(c, s.body, "target", s.with)
	if err != nil || reply != nil {
		return Response{Reply: reply}, err
	}
	if err := a.openYear(c, s.year); err != nil {
		return Response{}, err
	}
	v := map[string]string{reporting.FieldIndicator: s.indicator, reporting.FieldTarget: s.target, reporting.FieldReason: s.reason}
	if s.indicator != "" && s.target != "" && s.reason != "" {
		r, err := a.saveTarget(c, b.ID, s.year, -1, v)
		return Response{Reply: r}, err
	}
	book, err := a.store.IndicatorBook(c.ctx, b.ID, s.year)
	if err != nil {
		return Response{}, fmt.Errorf("read indicators: %w", err)
	}
	return Response{Form: a.targetForm(c, book, v)}, nil
}

// openYear returns nil for a year that is not frozen.
func (a *App) openYear(c *call, year int) error {
	_, frozen, err := a.frozen(c, year)
	if err == nil && frozen {
		err = reporting.Fail(reporting.Conflict, "err.indicator.frozen", "year", year)
	}
	return err
}

func (a *App) targetForm(c *call, book reporting.IndicatorBook, v map[string]string) *Form {
	var now []Span
	choose := Field{ID: reporting.FieldIndicator, Kind: SelectField, Label: a.say(c, "field.indicator.label"), Value: v[reporting.FieldIndicator]}
	for _, i := range reporting.Indicators {
		name := a.say(c, "indicator."+string(i))
		choose.Options = append(choose.Options, Option{Value: string(i), Label: name})
		if t := book.Last(i); t.Target > 0 {
			now = append(now, Plain(a.say(c, "indicator.now", "name", name, "target", a.amount(c, i, t.Target), "version", t.Version)))
		}
	}
	return &Form{
		ID: "quota.target", Title: a.say(c, "form.target.title"), Submit: a.say(c, "button.target"), Close: a.say(c, "button.cancel"), Locale: c.locale,
		State: aboutQuota{Body: book.Body.ID, Year: book.Year, Seen: len(book.Targets), Channel: c.channel}.String(),
		Fields: []Field{
			{ID: "about", Kind: InfoField, Text: append([]Span{Bold(book.Body.Label(c.locale)), Plain(" · " + a.say(c, "word.year", "year", book.Year))}, now...)},
			choose,
			{ID: reporting.FieldTarget, Kind: TextField, Label: a.say(c, "field.target.label"), Hint: a.say(c, "field.target.hint"), Value: v[reporting.FieldTarget], MaxLen: 40},
			a.quotaField(c, reporting.FieldReason, LongField, v[reporting.FieldReason], 500),
			{ID: reporting.FieldDocNo, Kind: TextField, Label: a.say(c, "field.quota.doc_no.label"), Hint: a.say(c, "field.quota.doc_no.hint"), Optional: true, MaxLen: 100},
		},
	}
}

func (a *App) submitTarget(c *call, in Input) (SubmitResult, error) {
	st, err := readAboutQuota(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	r, err := a.saveTarget(c, st.Body, st.Year, st.Seen, in.Values)
	if err != nil {
		return a.atField(c, err, reporting.FieldTarget)
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}
