package commands

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

func (s *shelf) ShareProjects(ctx context.Context, f reporting.ProjectFilter, by reporting.Dimension) ([]reporting.Share, error) {
	f.Limit, f.Offset = 1_000_000, 0
	page, err := s.ListProjects(ctx, f)
	of := map[string]reporting.Share{}
	for _, p := range page.Projects {
		values := map[reporting.Dimension][]string{
			reporting.ByRoute: {p.Path.Route()}, reporting.ByPath: {string(p.Path)}, reporting.ByIndustry: {p.Industry}, reporting.ByStage: {string(p.Stage)},
			reporting.ByStatus: {string(p.Status)}, reporting.ByProgramme: {p.Programme}, reporting.ByBody: slices.Compact(slices.Sorted(slices.Values([]string{p.ReporterBody, p.TerritoryBody, p.LeadDept}))),
		}[by]
		for _, v := range values {
			if by != reporting.ByBody || v != "" {
				of[v] = reporting.Share{Of: v, N: of[v].N + 1, Invest: of[v].Invest + p.InvestTotal}
			}
		}
	}
	return slices.SortedFunc(maps.Values(of), func(x, y reporting.Share) int { return cmp.Compare(x.Of, y.Of) }), err
}

func (s *shelf) ProjectNames(_ context.Context, since int64, limit int) ([]reporting.ProjectName, error) {
	defer s.lock()()
	var out []reporting.ProjectName
	for _, id := range slices.Sorted(maps.Keys(s.projects)) {
		if p := s.projects[id]; p.UpdatedAt >= since && len(out) < limit {
			out = append(out, reporting.ProjectName{ID: p.ID, Name: p.Name, UpdatedAt: p.UpdatedAt})
		}
	}
	return out, s.away
}
