package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

const fileColumns = `project_id, purpose, file_id, name, size, type, link, by_user, at`

func fileFields(f *reporting.ProjectFile) []any {
	return []any{&f.ProjectID, &f.For, &f.ID, &f.Name, &f.Size, &f.Type, &f.Link, &f.By, &f.At}
}

// ProjectFiles returns the files that prove something about a project, in the
// order in which they came.
func (db *DB) ProjectFiles(ctx context.Context, id string) ([]reporting.ProjectFile, error) {
	files, err := all(ctx, hot{db}, fileFields,
		`SELECT `+fileColumns+` FROM project_files WHERE project_id = $1 ORDER BY at, purpose, file_id`, id)
	return files, fault("read files", err)
}

// writeFiles puts the files of a change in the place of those that were there
// for the same, with an event of their own when that changes something.
func writeFiles(ctx context.Context, tx *sqlx.Tx, project string, c reporting.Change) error {
	if c.Files == nil {
		return nil
	}
	old, err := all(ctx, tx, fileFields, `SELECT `+fileColumns+` FROM project_files WHERE project_id = $1 AND purpose = $2 ORDER BY file_id`,
		project, c.Files.For)
	if err != nil {
		return err
	}
	var rows [][]any
	now := slices.Clone(c.Files.Files)
	slices.SortFunc(now, func(a, b reporting.ProjectFile) int { return cmp.Compare(a.ID, b.ID) })
	for i := range now {
		now[i].ProjectID = project
		rows = append(rows, fileFields(&now[i]))
	}
	if slices.Equal(old, now) {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM project_files WHERE project_id = $1 AND purpose = $2`, project, c.Files.For); err != nil {
		return fmt.Errorf("let go of files: %w", err)
	}
	if err := insert(ctx, tx, "project_files", fileColumns, "", rows); err != nil {
		return err
	}
	return record(ctx, tx, reporting.Event{
		At: c.Event.At, Actor: c.Event.Actor, Action: "project.files", Kind: "files", Subject: project, Before: old, After: now,
	})
}
