package storage

import (
	"context"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// Project returns a project by its number. Errors: NotFound.
func (db *DB) Project(ctx context.Context, id string) (reporting.Project, error) {
	p, err := one(ctx, hot{db}, projectFields, `SELECT `+projectColumns+` FROM projects WHERE id = $1`, id)
	return p, fault("read project", unknownProject(id, err))
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
