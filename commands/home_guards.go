package commands

import (
	"fmt"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// homeFlagged are the submissions that the office looks at twice, the longest
// waiting first, but those that are shown already.
func (a *App) homeFlagged(c *call, shown []reporting.Project) ([]Part, error) {
	page, err := a.store.Flagged(c.ctx, homeLines+len(shown))
	if err != nil {
		return nil, fmt.Errorf("read flagged projects: %w", err)
	}
	if page.Total == 0 {
		return nil, nil
	}
	more := slices.DeleteFunc(page.Projects, func(p reporting.Project) bool {
		return slices.ContainsFunc(shown, func(q reporting.Project) bool { return q.ID == p.ID })
	})
	parts := []Part{Rule{}, Paragraph{Bold(a.say(c, "home.flagged", "n", page.Total))}}
	if len(more) == 0 {
		return append(parts, Note{Plain(a.say(c, "home.flagged_above"))}), nil
	}
	lines, err := a.queueParts(c, more[:min(len(more), homeLines)])
	return append(parts, lines...), err
}

// guardFacts are how many pairs wait for a decision and how many submissions
// are flagged, for leaders.
func (a *App) guardFacts(c *call) (Facts, error) {
	held, err := a.store.Held(c.ctx, 0, 1)
	if err != nil {
		return nil, fmt.Errorf("read held projects: %w", err)
	}
	flagged, err := a.store.Flagged(c.ctx, 1)
	if err != nil {
		return nil, fmt.Errorf("read flagged projects: %w", err)
	}
	var out Facts
	for _, n := range []struct {
		key   string
		total int
	}{{"home.pairs", held.Total}, {"home.flags", flagged.Total}} {
		if n.total > 0 {
			out = append(out, Fact{Label: a.say(c, n.key), Value: []Span{Bold(a.projects(c, n.total))}})
		}
	}
	return out, nil
}
