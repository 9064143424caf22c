package commands

import (
	"context"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// pastDays are the days of the past that a test knows, in memory.
type pastDays struct {
	stoodOn map[reporting.Date]map[string]int // credited, by day and body; reporting.City is the city's
	pathsOf map[string][]reporting.PathTally  // by body
	brought []reporting.CameIn
	askedOf reporting.Days // of CameIn, the last
}

// StandingsOn changes nothing of the ledger but what was credited.
func (l *ledger) StandingsOn(ctx context.Context, year int, on reporting.Date) ([]reporting.Standing, error) {
	all, err := l.Standings(ctx, year, on)
	if err != nil {
		return nil, err
	}
	city, err := l.Standing(ctx, reporting.City, year, on)
	all = append([]reporting.Standing{city}, all...)
	for i := range all {
		n, ok := l.stoodOn[on][all[i].BodyID]
		if ok {
			all[i].Tally.Credited, all[i].Tally.Pending, all[i].Tally.ByStage = n, 0, [4]int{n, 0, 0, 0}
		}
	}
	return all, err
}

func (s *shelf) StandingsOn(context.Context, int, reporting.Date) ([]reporting.Standing, error) {
	return nil, s.away
}

func (s *pastDays) Paths(_ context.Context, body string, _ int, _ reporting.Date) ([]reporting.PathTally, error) {
	return slices.Clone(s.pathsOf[body]), nil
}

func (s *pastDays) CameIn(_ context.Context, _ int, d reporting.Days) ([]reporting.CameIn, error) {
	s.askedOf = d
	return slices.Clone(s.brought), nil
}
