package commands

import (
	"context"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// board is what a Store in memory knows of bulletins.
type board struct {
	bulletins []reporting.Bulletin
	figures   map[string]reporting.BulletinSnapshot // by period
	told      []reporting.Message
	did       map[string]bool // by delivery key
}

func (s *shelf) Bulletin(_ context.Context, id string) (reporting.Bulletin, error) {
	defer s.lock()()
	i := slices.IndexFunc(s.bulletins, func(b reporting.Bulletin) bool { return b.ID == id })
	if s.away != nil || i < 0 {
		return reporting.Bulletin{}, or(s.away, reporting.Fail(reporting.NotFound, "err.bulletin.unknown"))
	}
	return s.bulletins[i], nil
}

func or(err error, other *reporting.Error) error {
	if err != nil {
		return err
	}
	return other
}

func (s *shelf) NumberedBulletin(_ context.Context, year, no int) (reporting.Bulletin, error) {
	defer s.lock()()
	i := slices.IndexFunc(s.bulletins, func(b reporting.Bulletin) bool { return b.Period.Year == year && b.No == no && no > 0 })
	if s.away != nil || i < 0 {
		return reporting.Bulletin{}, or(s.away, reporting.Fail(reporting.NotFound, "err.bulletin.unknown"))
	}
	return s.bulletins[i], nil
}

func (s *shelf) Bulletins(_ context.Context, limit int) ([]reporting.Bulletin, error) {
	defer s.lock()()
	out := slices.Clone(s.bulletins)
	slices.Reverse(out)
	return out[:min(limit, len(out))], s.away
}

func (s *shelf) BulletinSnapshot(_ context.Context, p reporting.Period, t reporting.BulletinTerms) (reporting.BulletinSnapshot, error) {
	f, ok := s.figures[p.String()]
	if !ok {
		return f, or(s.away, reporting.Fail(reporting.Conflict, "err.bulletin.frozen", "year", p.Year))
	}
	f.Rule = t.Rule
	return f, s.away
}

func (s *shelf) DraftBulletin(_ context.Context, _ string, c reporting.BulletinChange) (reporting.Bulletin, bool, error) {
	defer s.lock()()
	if i := slices.IndexFunc(s.bulletins, func(b reporting.Bulletin) bool { return b.ID == c.Bulletin.ID }); i >= 0 {
		return s.bulletins[i], false, s.away
	}
	c.Bulletin.Version = 1
	s.bulletins, s.told = append(s.bulletins, c.Bulletin), append(s.told, c.Messages...)
	return c.Bulletin, true, s.away
}

func (s *shelf) ChangeBulletin(_ context.Context, once, id string, decide func(b reporting.Bulletin, next int) (reporting.BulletinChange, error)) (reporting.Bulletin, error) {
	defer s.lock()()
	i := slices.IndexFunc(s.bulletins, func(b reporting.Bulletin) bool { return b.ID == id })
	if s.away != nil || i < 0 {
		return reporting.Bulletin{}, or(s.away, reporting.Fail(reporting.NotFound, "err.bulletin.unknown"))
	}
	if once != "" && s.did[once] {
		return s.bulletins[i], reporting.ErrRepeated
	}
	next := 1
	for _, b := range s.bulletins {
		next = max(next, b.No+1)
	}
	c, err := decide(s.bulletins[i], next)
	if err != nil {
		return s.bulletins[i], err
	}
	c.Bulletin.Version++
	if s.did == nil {
		s.did = map[string]bool{}
	}
	s.did[once] = true
	s.bulletins[i], s.told = c.Bulletin, append(s.told, c.Messages...)
	return c.Bulletin, nil
}
