package storage

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

const entryColumns = `list, id, name_zh_cn, name_zh_tw, name_en, aliases, parent_id, position, retired, version`

func entryFields(e *reporting.Entry) []any {
	return []any{&e.List, &e.ID, &e.Name.ZhCN, &e.Name.ZhTW, &e.Name.En, object{&e.Aliases}, &e.Parent, &e.Position, &e.Retired, &e.Version}
}

func readCatalogue(ctx context.Context, q querier) (*reporting.Catalogue, error) {
	entries, err := all(ctx, q, entryFields, `SELECT `+entryColumns+` FROM catalogue`)
	if err != nil {
		return nil, fmt.Errorf("read catalogue: %w", err)
	}
	return reporting.NewCatalogue(entries), nil
}

// Catalogue returns the lists that the office keeps, at most two seconds old.
// It is shared: it must not be changed.
func (db *DB) Catalogue(ctx context.Context) (*reporting.Catalogue, error) {
	s, err := db.directory(ctx)
	if err != nil {
		return nil, err
	}
	return s.catalogue, nil
}

// SaveEntry writes an entry of the catalogue with its event: a new one when its
// Version is 0, else it must be the version that is there. Errors: Conflict
// when the id was taken or the entry changed meanwhile (err.catalogue.changed);
// ErrRepeated.
func (db *DB) SaveEntry(ctx context.Context, once string, e reporting.Entry, event reporting.Event) error {
	return db.writeDirectory(ctx, "save entry", func(tx *sqlx.Tx) error {
		if err := db.remember(ctx, tx, once, e.Subject()); err != nil {
			return err
		}
		n, err := writeEntry(ctx, tx, e)
		if err != nil {
			return err
		}
		if n == 0 {
			return reporting.Fail(reporting.Conflict, "err.catalogue.changed", "entry", e.Name.ZhCN)
		}
		return record(ctx, tx, event)
	})
}

// writeEntry returns how many rows it wrote: none when the version is another.
func writeEntry(ctx context.Context, tx *sqlx.Tx, e reporting.Entry) (int64, error) {
	seen := e.Version
	e.Version++
	tail := `ON CONFLICT (list, id) DO NOTHING`
	if seen > 0 {
		tail = `ON CONFLICT (list, id) DO UPDATE SET ` + strings.TrimPrefix(overwrite(entryColumns), "id = excluded.id, ") + ` WHERE catalogue.version = excluded.version - 1`
	}
	query, args := insertion("catalogue", entryColumns, tail, [][]any{entryFields(&e)})
	res, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("write entry: %w", err)
	}
	if err := renextApprovals(ctx, tx, e.List); err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
