package storage

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// exportPage is how many rows of an export are in memory at a time.
const exportPage = 500

// export gives the rows of one moment to each, page after page: next returns
// the page after a row, the first one for nil. The order is that of the pages'
// keys, so that two exports of the same rows are the same.
func export[T any](ctx context.Context, db *DB, doing string, each func(T) error,
	next func(tx *sqlx.Tx, after *T) ([]T, error)) error {
	return db.read(ctx, doing, func(tx *sqlx.Tx) error {
		var after *T
		for {
			page, err := next(tx, after)
			if err != nil {
				return err
			}
			for _, row := range page {
				if err := each(row); err != nil {
					return verdict{err}
				}
			}
			if len(page) < exportPage {
				return nil
			}
			after = &page[len(page)-1]
		}
	})
}

// ExportBodies gives every body to each, in table order. Errors: what each
// gave; Unavailable.
func (db *DB) ExportBodies(ctx context.Context, each func(reporting.Body) error) error {
	type placed struct {
		reporting.Body
		position int
	}
	fields := func(p *placed) []any { return append(bodyFields(&p.Body), &p.position) }
	return export(ctx, db, "export bodies", func(p placed) error { return each(p.Body) }, func(tx *sqlx.Tx, after *placed) ([]placed, error) {
		if after == nil {
			after = &placed{position: -1}
		}
		return all(ctx, tx, fields, `SELECT `+bodyColumns+`, position FROM bodies
			WHERE (position, id) > ($1, $2) ORDER BY position, id LIMIT $3`, after.position, after.ID, exportPage)
	})
}

// ExportQuotas gives every version of every quota to each, or those of a year
// (0 = all), by year, body and version. Errors: as ExportBodies.
func (db *DB) ExportQuotas(ctx context.Context, year int, each func(reporting.Quota) error) error {
	return export(ctx, db, "export quotas", each, func(tx *sqlx.Tx, after *reporting.Quota) ([]reporting.Quota, error) {
		if after == nil {
			after = &reporting.Quota{}
		}
		return all(ctx, tx, quotaFields, `SELECT `+quotaColumns+` FROM quotas
			WHERE (year, body_id, version) > ($1, $2, $3) AND (year = $4 OR CAST($5 AS BIGINT) = 0) ORDER BY year, body_id, version LIMIT $6`,
			after.Year, after.BodyID, after.Version, year, year, exportPage)
	})
}

// ExportPeople gives everybody to each, by Slack user id. Errors: as
// ExportBodies.
func (db *DB) ExportPeople(ctx context.Context, each func(reporting.Person) error) error {
	return export(ctx, db, "export people", each, func(tx *sqlx.Tx, after *reporting.Person) ([]reporting.Person, error) {
		if after == nil {
			after = &reporting.Person{}
		}
		return all(ctx, tx, personFields, `SELECT `+personColumns+` FROM people WHERE user_id > $1 ORDER BY user_id LIMIT $2`, after.UserID, exportPage)
	})
}

// ExportListed gives the projects that f selects to each, by number, as they
// come from the database. Errors: as ExportBodies.
func (db *DB) ExportListed(ctx context.Context, f reporting.ProjectFilter, each func(reporting.Project) error) error {
	return db.read(ctx, "export list", func(tx *sqlx.Tx) (err error) {
		where := listed(f)
		query, bound, err := within(`SELECT `+projectColumns+` FROM projects
			JOIN (SELECT l.project_id FROM listings l WHERE `+where.String()+`) AS listed ON id = project_id ORDER BY id`, where.args...)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, query, bound...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var p reporting.Project
			if err := rows.Scan(projectFields(&p)...); err != nil {
				return err
			}
			if err := each(p); err != nil {
				return verdict{err}
			}
		}
		return rows.Err()
	})
}

// ExportProjects gives every project to each, or those of a plan year (0 =
// all), by number. Errors: as ExportBodies.
func (db *DB) ExportProjects(ctx context.Context, year int, each func(reporting.Project) error) error {
	return export(ctx, db, "export projects", each, func(tx *sqlx.Tx, after *reporting.Project) ([]reporting.Project, error) {
		if after == nil {
			after = &reporting.Project{}
		}
		return all(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects
			WHERE id > $1 AND (plan_year = $2 OR CAST($3 AS BIGINT) = 0) ORDER BY id LIMIT $4`, after.ID, year, year, exportPage)
	})
}
