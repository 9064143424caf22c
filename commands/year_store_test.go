package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// almanac is what a Store in memory knows of years.
type almanac struct {
	frozen      map[int]reporting.Frozen
	corrections []reporting.Correction
	pools       []reporting.Tally
}

func (s *shelf) FrozenYear(_ context.Context, year int) (reporting.Frozen, bool, error) {
	f, ok := s.frozen[year]
	return f, ok, s.away
}

func (s *shelf) Corrections(_ context.Context, year int, body string, limit int) ([]reporting.Correction, int, error) {
	var out []reporting.Correction
	for _, c := range s.corrections {
		if c.Year == year && (body == "" || c.BodyID == body) {
			out = append(out, c)
		}
	}
	return out[:min(limit, len(out))], len(out), s.away
}

func (s *shelf) Pools(context.Context, int) ([]reporting.Tally, error) { return s.pools, s.away }

func (s *shelf) YearAsk(context.Context, int) (reporting.Ask, bool, error) {
	return reporting.Ask{}, false, s.away
}

func (s *shelf) Unconfirmed(_ context.Context, body string, year, limit int) (reporting.ProjectPage, error) {
	defer s.lock()()
	var page reporting.ProjectPage
	for _, p := range s.projects {
		if p.ReporterBody == body && p.Unconfirmed(year) {
			page.Projects = append(page.Projects, p)
		}
	}
	slices.SortFunc(page.Projects, func(a, b reporting.Project) int { return strings.Compare(a.ID, b.ID) })
	page.Total = len(page.Projects)
	page.Projects = page.Projects[:min(limit, page.Total)]
	return page, s.away
}
