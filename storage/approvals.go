package storage

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

const tickColumns = `project_id, item, done_on, doc_no, by_user, at, ticked_on`

func tickFields(t *reporting.Tick) []any {
	return []any{&t.ProjectID, &t.Item, (*day)(&t.DoneOn), &t.DocNo, &t.By, &t.At, (*day)(&t.On)}
}

// Ticks returns what is ticked of a project's approvals, by item.
func (db *DB) Ticks(ctx context.Context, project string) ([]reporting.Tick, error) {
	t, err := readTicks(ctx, hot{db}, project)
	return t, fault("read approvals", err)
}

func readTicks(ctx context.Context, q querier, project string) ([]reporting.Tick, error) {
	return all(ctx, q, tickFields, `SELECT `+tickColumns+` FROM approvals WHERE project_id = $1 ORDER BY item`, project)
}

// ChangeApprovals reads a project and its ticks, lets decide make the change
// and writes it as ChangeProject does. Errors: as ChangeProject.
func (db *DB) ChangeApprovals(ctx context.Context, once, project string, decide func(p reporting.Project, ticks []reporting.Tick) (reporting.Change, error)) (reporting.Project, error) {
	return first(db.change(ctx, once, func(tx *sqlx.Tx) ([]reporting.Project, []reporting.Change, error) {
		if err := db.remember(ctx, tx, once, project); err != nil {
			return nil, nil, err
		}
		p, err := one(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects WHERE id = $1`+db.dialect.forUpdate, project)
		if err != nil {
			return nil, nil, unknownProject(project, err)
		}
		ticks, err := readTicks(ctx, tx, project)
		if err != nil {
			return nil, nil, err
		}
		c, err := decide(p, ticks)
		if err != nil {
			return nil, nil, verdict{err}
		}
		return []reporting.Project{p}, []reporting.Change{c}, nil
	}))
}

// writeTicks writes what a change ticks and unticks.
func writeTicks(ctx context.Context, tx *sqlx.Tx, project string, c reporting.Change) error {
	for _, item := range c.Unticked {
		if _, err := tx.ExecContext(ctx, `DELETE FROM approvals WHERE project_id = $1 AND item = $2`, project, item); err != nil {
			return fmt.Errorf("untick approval: %w", err)
		}
	}
	var rows [][]any
	for _, t := range c.Ticks {
		rows = append(rows, tickFields(&t))
	}
	return insert(ctx, tx, "approvals", tickColumns, "", rows)
}

// renextApprovals finds what comes next at the projects whose checklist a
// changed list of the catalogue is.
func renextApprovals(ctx context.Context, tx *sqlx.Tx, list string) error {
	kind := reporting.ApprovalKindOf(list)
	if kind == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE projects SET approval_next = COALESCE((
			SELECT e.id FROM catalogue e WHERE e.list = $1 AND NOT e.retired
				AND NOT EXISTS (SELECT 1 FROM approvals a WHERE a.project_id = projects.id AND a.item = e.id)
			ORDER BY e.position, e.id LIMIT 1
		), '') WHERE approval_kind = $2 AND approval_kind <> ''`, list, kind)
	if err != nil {
		return fmt.Errorf("renew next approvals: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE listings SET waiting_since = (
			SELECT CASE WHEN approval_next <> '' AND p.status = 'verified' AND p.stage <> 'S4' THEN approval_since ELSE '' END
			FROM projects p WHERE p.id = listings.project_id
		) WHERE project_id IN (SELECT id FROM projects WHERE approval_kind = $1 AND approval_kind <> '')`, kind)
	if err != nil {
		return fmt.Errorf("list next approvals: %w", err)
	}
	return nil
}

// stuck returns the page at the offset of f of the projects whose next approval
// has waited since before f.StuckBefore, the longest waiting first. They have an
// index of their own, by which they are counted, too: cells know no days.
func stuck(ctx context.Context, tx *sqlx.Tx, f reporting.ProjectFilter) (reporting.ProjectPage, error) {
	counted, err := countWhere(ctx, tx, "COUNT(*)", "SUM(l.invest_total)", "listings l", listed(f))
	page := reporting.ProjectPage{Total: counted.n, Invest: counted.invest}
	if err != nil || page.Total <= f.Offset {
		return page, err
	}
	text, args := stuckQuery(f)
	page.Projects, err = selectWithin(ctx, tx, projectFields, text, args...)
	return page, err
}

func stuckQuery(f reporting.ProjectFilter) (string, []any) {
	where := listed(f)
	return `SELECT ` + projectColumns + ` FROM projects JOIN (
			SELECT l.project_id, l.waiting_since AS listed_on FROM listings l WHERE ` + where.String() + `
			ORDER BY l.waiting_since, l.project_id LIMIT ? OFFSET ?
		) AS listed ON id = project_id ORDER BY listed_on, project_id`, append(where.args, f.Limit, f.Offset)
}
