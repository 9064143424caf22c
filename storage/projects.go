package storage

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// Project returns a project by its number. Errors: NotFound.
func (db *DB) Project(ctx context.Context, id string) (reporting.Project, error) {
	p, err := one(ctx, hot{db}, projectFields, `SELECT `+projectColumns+` FROM projects WHERE id = $1`, id)
	return p, fault("read project", unknownProject(id, err))
}

// ListProjects returns a page of what f selects, with the totals of the
// whole, ordered by day of submission and number.
func (db *DB) ListProjects(ctx context.Context, f reporting.ProjectFilter) (reporting.ProjectPage, error) {
	var page reporting.ProjectPage
	err := db.read(ctx, "list projects", func(tx *sqlx.Tx) error {
		text, args := totalsQuery(f)
		query, bound, err := within(text, args...)
		if err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, query, bound...).Scan(&page.Total, &page.Invest); err != nil {
			return fmt.Errorf("count: %w", err)
		}
		if page.Total <= f.Offset {
			return nil
		}
		text, args = pageQuery(f)
		if query, bound, err = within(text, args...); err != nil {
			return err
		}
		page.Projects, err = all(ctx, tx, projectFields, query, bound...)
		return err
	})
	return page, err
}

func totalsQuery(f reporting.ProjectFilter) (string, []any) {
	where, args := selection(f)
	return `SELECT COUNT(*), CAST(COALESCE(SUM(invest_total), 0) AS BIGINT) FROM listings WHERE ` + where, args
}

func pageQuery(f reporting.ProjectFilter) (string, []any) {
	where, args := selection(f)
	order := " ORDER BY submitted_on DESC, project_id DESC"
	by := "submitted_on"
	if !f.StuckBefore.IsZero() {
		by, f.OldestFirst = "waiting_since", true
	}
	if f.OldestFirst {
		order = " ORDER BY " + by + ", project_id"
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 10
	}
	return `SELECT ` + projectColumns + ` FROM projects JOIN (
			SELECT project_id, ` + by + ` AS listed_on FROM listings WHERE ` + where + order + ` LIMIT ? OFFSET ?
		) AS listed ON id = project_id` + strings.ReplaceAll(order, by, "listed_on"), append(args, limit, max(0, f.Offset))
}

// selection returns the condition on listings, with ? for its arguments.
func selection(f reporting.ProjectFilter) (string, []any) {
	body := f.Body
	if body == reporting.City {
		body = f.Lead // a department has a listing of each project that it leads, and of few others
	}
	where, args := "body_id = ?", []any{body}
	and := func(condition string, arg any) {
		where += " AND " + condition
		args = append(args, arg)
	}
	if f.FiledBy != "" {
		and("filed_by = ?", f.FiledBy)
	}
	switch len(f.Status) {
	case 0:
	case 1:
		and("status = ?", f.Status[0])
	default:
		and("status IN (?)", f.Status)
	}
	if f.Stage != "" {
		and("stage = ?", f.Stage)
	}
	if !f.StuckBefore.IsZero() {
		and("waiting_since <> '' AND waiting_since < ?", f.StuckBefore.String())
	}
	if f.StaleSince != 0 {
		and("updated_at < ?", f.StaleSince)
	}
	if f.Year != 0 {
		and("plan_year = ?", f.Year)
	}
	for _, equal := range [][2]string{
		{"lead_dept", f.Lead}, {"industry", f.Industry}, {"programme", f.Programme}, {"subpath", string(f.Path)},
	} {
		if equal[1] != "" {
			and(equal[0]+" = ?", equal[1])
		}
	}
	if f.Programme != "" {
		where += " AND programme <> ''" // lets the index of programmes be used
	}
	if f.Route != "" {
		and("subpath IN (?)", append(reporting.PathsOf(f.Route), "-")) // never empty, whatever the route
	}
	if f.MinInvest != 0 {
		and("invest_total >= ?", f.MinInvest)
	}
	if f.MaxInvest != 0 {
		and("invest_total <= ?", f.MaxInvest)
	}
	return where, args
}

// Asking returns the verified projects that ask the office for something, the
// longest waiting first, with how many there are.
func (db *DB) Asking(ctx context.Context, offset, limit int) (reporting.ProjectPage, error) {
	var page reporting.ProjectPage
	err := db.read(ctx, "list requests", func(tx *sqlx.Tx) (err error) {
		page.Total, err = one(ctx, tx, single[int], `SELECT COUNT(*) FROM projects WHERE asked_version <> 0`)
		if err != nil {
			return err
		}
		page.Projects, err = all(ctx, tx, projectFields,
			`SELECT `+projectColumns+` FROM projects WHERE asked_version <> 0 ORDER BY asked_on, id LIMIT $1 OFFSET $2`, limit, offset)
		return err
	})
	return page, err
}

// AskingOf returns the first n projects of a body that ask the office for
// something, the longest waiting first.
func (db *DB) AskingOf(ctx context.Context, body string, n int) ([]reporting.Project, error) {
	out, err := all(ctx, hot{db}, projectFields,
		`SELECT `+projectColumns+` FROM projects WHERE asked_version <> 0 AND reporter_body = $1 ORDER BY asked_on, id LIMIT $2`, body, n)
	return out, fault("read requests", err)
}

// Notes returns the last n notes of a project's progress, the newest first.
func (db *DB) Notes(ctx context.Context, id string, n int) ([]reporting.Note, error) {
	notes, err := all(ctx, hot{db}, noteFields,
		`SELECT `+noteColumns+` FROM project_notes WHERE project_id = $1 ORDER BY at DESC LIMIT $2`, id, n)
	return notes, fault("read notes", err)
}
