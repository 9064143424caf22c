package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// checklists is what a shelf holds of approvals.
type checklists struct{ ticks []reporting.Tick }

func (s *shelf) keepTicks(ch reporting.Change) {
	s.ticks = slices.DeleteFunc(s.ticks, func(t reporting.Tick) bool {
		return t.ProjectID == ch.Project.ID && slices.Contains(ch.Unticked, t.Item)
	})
	s.ticks = append(s.ticks, ch.Ticks...)
}

func (s *shelf) Ticks(_ context.Context, project string) ([]reporting.Tick, error) {
	defer s.lock()()
	return s.ticksOf(project), s.away
}

func (s *shelf) ticksOf(project string) []reporting.Tick {
	var out []reporting.Tick
	for _, t := range s.ticks {
		if t.ProjectID == project {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(x, y reporting.Tick) int { return strings.Compare(x.Item, y.Item) })
	return out
}

func (s *shelf) ChangeApprovals(ctx context.Context, once, project string, decide func(reporting.Project, []reporting.Tick) (reporting.Change, error)) (reporting.Project, error) {
	ticks, _ := s.Ticks(ctx, project)
	return s.ChangeProject(ctx, once, project, func(p reporting.Project) (reporting.Change, error) { return decide(p, ticks) })
}
