package commands

import (
	"fmt"

	"github.com/mouhua/mouhua/reporting"
)

// stuckPage returns the first projects of a body, or of the city, whose next
// approval waits for too long.
func (a *App) stuckPage(c *call, body string, n int) (listQuery, reporting.ProjectPage, error) {
	q := listQuery{Body: body, Stuck: true, Page: 1}
	f := a.filter(c, q)
	f.Limit = n
	page, err := a.store.ListProjects(c.ctx, f)
	if err != nil {
		return q, page, fmt.Errorf("list stuck projects: %w", err)
	}
	return q, page, nil
}

// filter is q for the store.
func (a *App) filter(c *call, q listQuery) reporting.ProjectFilter {
	f := q.filter(c.now)
	if q.Stuck {
		f.StuckBefore = reporting.StuckBefore(a.stuckDays(), c.day)
	}
	return f
}

func stuckText(stuck bool) string {
	if stuck {
		return "1"
	}
	return ""
}

// stuckColumn says in the last column of a list what each project waits for.
func (a *App) stuckColumn(c *call, t *Table, projects []reporting.Project) {
	last := len(t.Columns) - 1
	t.Columns[last].Title = a.say(c, "approval.column")
	for i, p := range projects {
		t.Rows[i][last] = a.stuckAt(c, p)
	}
}

// stuckAt says of a project what it waits for, and for how long.
func (a *App) stuckAt(c *call, p reporting.Project) string {
	return a.say(c, "approval.stuck_at", "item", a.nextItem(c, p), "n", reporting.DaysBetween(p.ApprovalSince, c.day))
}

// homeStuck is what waits for an approval for too long, of a body or of the city.
func (a *App) homeStuck(c *call, body string) ([]Part, error) {
	q, page, err := a.stuckPage(c, body, homeLines)
	if err != nil {
		return nil, err
	}
	head := a.say(c, "approval.home", "n", page.Total, "days", a.stuckDays())
	return a.homeProjects(c, page, head, a.button(c, "project.list", q.String(), "stuck"), func(p reporting.Project) (string, Buttons) {
		buttons := Buttons{a.button(c, "approval.of", p.ID, "approvals")}
		if a.tends(c, p) {
			buttons = append(Buttons{a.button(c, "approval.tick", p.ID, "approval_tick")}, buttons...)
		}
		return a.stuckAt(c, p), buttons
	})
}

// nudgeStuck names what waits for an approval for too long, for a body's nudge.
func (a *App) nudgeStuck(c *call, body string) ([]Part, error) {
	q, page, err := a.stuckPage(c, body, maxWaiting)
	if err != nil || page.Total == 0 {
		return nil, err
	}
	var lines Bullets
	for _, p := range page.Projects {
		lines = append(lines, append(projectLine(p), Plain(" · "+a.stuckAt(c, p))))
	}
	head := a.say(c, "approval.home", "n", page.Total, "days", a.stuckDays())
	return []Part{Paragraph{Bold(head)}, a.more(c, lines, page.Total), Buttons{a.button(c, "approval.stuck", q.String(), "stuck")}}, nil
}

// approvalFacts is the checklist in the full view of a project, one line.
func (a *App) approvalFacts(c *call, p reporting.Project) ([]Part, error) {
	if p.ApprovalKind == "" {
		return nil, nil
	}
	ticks, err := a.store.Ticks(c.ctx, p.ID)
	if err != nil {
		return nil, fmt.Errorf("read approvals: %w", err)
	}
	return []Part{Facts{a.told(c, reporting.FieldApprovalKind, append([]Span{Plain(a.approvalKind(c, p) + " · ")}, a.approvalLine(c, p, ticks)...)...)}}, nil
}
