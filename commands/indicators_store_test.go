package commands

import (
	"context"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// targets are the indicators of a shelf, and what bodies have reached.
type targets struct {
	set   []reporting.IndicatorTarget
	tally reporting.Tally
	funds reporting.Wan
}

func (s *shelf) IndicatorBook(_ context.Context, body string, year int) (reporting.IndicatorBook, error) {
	b, ok := s.bodies.Find(body)
	if !ok {
		return reporting.IndicatorBook{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", body)
	}
	return reporting.IndicatorBook{Body: b, Year: year, Targets: slices.DeleteFunc(slices.Clone(s.targets.set), func(t reporting.IndicatorTarget) bool {
		return t.BodyID != body || t.Year != year
	})}, s.away
}

func (s *shelf) ChangeIndicator(ctx context.Context, once, body string, year int,
	decide func(reporting.IndicatorBook) (reporting.IndicatorChange, error)) (reporting.IndicatorBook, error) {
	book, err := s.IndicatorBook(ctx, body, year)
	if err != nil {
		return book, err
	}
	if _, ok := s.seen[once]; ok {
		return book, reporting.ErrRepeated
	}
	c, err := decide(book)
	if err != nil {
		return book, err
	}
	s.seen[once] = body
	s.targets.set, s.events, s.sent = append(s.targets.set, c.Target), append(s.events, c.Event), append(s.sent, c.Messages...)
	return s.IndicatorBook(ctx, body, year)
}

func (s *shelf) IndicatorLines(ctx context.Context, body string, year int) ([]reporting.IndicatorLine, error) {
	var out []reporting.IndicatorLine
	for _, b := range s.bodies.All {
		book, err := s.IndicatorBook(ctx, b.ID, year)
		if err != nil {
			return nil, err
		}
		for _, i := range reporting.Indicators {
			if t := book.Last(i); t.Target > 0 && (body == reporting.City || body == b.ID) {
				out = append(out, reporting.LineOf(t, s.targets.tally, s.targets.funds))
			}
		}
	}
	return out, s.away
}
