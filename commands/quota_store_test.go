package commands

import (
	"context"
	"maps"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// The quotas of a shelf are books by body and year.

func (s *shelf) QuotaBook(_ context.Context, body string, year int) (reporting.QuotaBook, error) {
	defer s.lock()()
	return s.book(body, year)
}

func (s *shelf) book(body string, year int) (reporting.QuotaBook, error) {
	b, ok := s.bodies.Find(body)
	if !ok {
		return reporting.QuotaBook{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", body)
	}
	book := s.books[yearKey(body, year)]
	book.Body, book.Year = b, year
	return book, s.away
}

func (s *shelf) ChangeQuota(_ context.Context, once, body string, year int, decide func(reporting.QuotaBook) (reporting.QuotaChange, error)) (reporting.QuotaBook, error) {
	defer s.lock()()
	book, err := s.book(body, year)
	if err != nil {
		return book, err
	}
	if _, ok := s.seen[once]; ok {
		return book, reporting.ErrRepeated
	}
	ch, err := decide(book)
	if err != nil {
		return book, err
	}
	if once != "" {
		s.seen[once] = body
	}
	if ch.Quota != nil {
		book.Versions = append(slices.Clone(book.Versions), *ch.Quota)
	}
	if ch.Request != nil {
		book.Requests = slices.Clone(book.Requests)
		if i := slices.IndexFunc(book.Requests, func(r reporting.QuotaRequest) bool { return r.ID == ch.Request.ID }); i >= 0 {
			book.Requests[i] = *ch.Request
		} else {
			book.Requests = append(book.Requests, *ch.Request)
		}
	}
	s.events, s.sent = append(s.events, ch.Events...), append(s.sent, ch.Messages...)
	if s.books == nil {
		s.books = map[string]reporting.QuotaBook{}
	}
	s.books[yearKey(body, year)] = book
	return book, nil
}

func (s *shelf) OpenQuotaRequests(context.Context) ([]reporting.QuotaRequest, error) {
	defer s.lock()()
	var out []reporting.QuotaRequest
	for _, key := range slices.Sorted(maps.Keys(s.books)) {
		if r, waits := s.books[key].Open(); waits {
			out = append(out, r)
		}
	}
	return out, s.away
}

func (s *shelf) Programmes(context.Context) ([]reporting.ProgrammeTally, error) {
	return s.programmes, s.away
}

// QuotaBook begins with the quota that the ledger was set to.
func (l *ledger) QuotaBook(ctx context.Context, body string, year int) (reporting.QuotaBook, error) {
	l.begin(body, year)
	return l.shelf.QuotaBook(ctx, body, year)
}

func (l *ledger) ChangeQuota(ctx context.Context, once, body string, year int, decide func(reporting.QuotaBook) (reporting.QuotaChange, error)) (reporting.QuotaBook, error) {
	l.begin(body, year)
	return l.shelf.ChangeQuota(ctx, once, body, year, decide)
}

func (l *ledger) begin(body string, year int) {
	key := yearKey(body, year)
	if q, ok := l.quotas[key]; ok && l.books[key].Last() == 0 {
		if l.books == nil {
			l.books = map[string]reporting.QuotaBook{}
		}
		l.books[key] = reporting.QuotaBook{Versions: []reporting.Quota{q}}
	}
}
