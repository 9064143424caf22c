package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// maxAlike is how many projects of a like owner, and how many of a like total,
// are compared by name.
const maxAlike = 500

// Alike returns the projects that may be the same as p, the oldest first, see
// reporting.Duplicates. It reads those of the same project code and as many as
// share a rare pair of letters with p's name and the owner or the total, never
// the table.
func (db *DB) Alike(ctx context.Context, p reporting.Project) ([]reporting.Project, error) {
	keys := reporting.LikenessKeys(db.cfg.Fold(p.Name))
	if len(keys) == 0 && p.Code == "" {
		return nil, nil
	}
	owner := reporting.LikenessOwner(p.OwnerUnit, db.cfg.Fold)
	from, to := reporting.LikeMoney(p.InvestTotal)
	var found []reporting.Project
	err := db.read(ctx, "find like projects", func(tx *sqlx.Tx) error {
		ids, err := all(ctx, tx, single[string], `SELECT id FROM projects WHERE `+withCode+` ORDER BY id LIMIT $3`, p.Code, p.ID, maxAlike)
		if err != nil {
			return err
		}
		find := func(condition string, args ...any) error {
			if len(keys) == 0 {
				return nil
			}
			query, bound, err := within(`SELECT DISTINCT project_id FROM likenesses WHERE gram IN (?) AND `+condition+` LIMIT ?`,
				append(append([]any{keys}, args...), maxAlike)...)
			if err != nil {
				return err
			}
			more, err := all(ctx, tx, single[string], query, bound...)
			ids = append(ids, more...)
			return err
		}
		if err := find(`invest_total BETWEEN ? AND ?`, from, to); err != nil {
			return err
		}
		if owner != "" {
			if err := find(`owner = ?`, owner); err != nil {
				return err
			}
		}
		slices.Sort(ids)
		among, err := fetch(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects WHERE id IN (?)`, slices.Compact(ids))
		found = reporting.Duplicates(p, among, db.cfg.Fold)
		return err
	})
	return found, err
}

// Held returns the projects that wait for the office to say whether they are
// the same as another body's, the lowest numbers first, with how many there are.
func (db *DB) Held(ctx context.Context, offset, limit int) (reporting.ProjectPage, error) {
	var page reporting.ProjectPage
	err := db.read(ctx, "list held projects", func(tx *sqlx.Tx) (err error) {
		page.Total, err = one(ctx, tx, single[int], `SELECT COUNT(*) FROM projects WHERE held_by <> ''`)
		if err != nil {
			return err
		}
		page.Projects, err = all(ctx, tx, projectFields,
			`SELECT `+projectColumns+` FROM projects WHERE held_by <> '' ORDER BY held_by, id LIMIT $1 OFFSET $2`, limit, offset)
		return err
	})
	return page, err
}

// Flagged returns the first limit of the submissions that the office looks at
// twice (see reporting.Project.Guarded) and that are not held, the longest
// waiting first, with how many there are. It reads an index of the submissions.
func (db *DB) Flagged(ctx context.Context, limit int) (reporting.ProjectPage, error) {
	var page reporting.ProjectPage
	t := db.cfg.Threshold
	near := t / reporting.NearPart
	const of = ` FROM projects WHERE status = 'submitted' AND held_by = '' AND (alike_to <> '' OR invest_total BETWEEN $1 AND $2
		OR revised_from <> 0 AND (CASE WHEN revised_from < $3 THEN 1 ELSE 0 END) <> (CASE WHEN invest_total < $3 THEN 1 ELSE 0 END))`
	err := db.read(ctx, "list flagged projects", func(tx *sqlx.Tx) (err error) {
		page.Total, err = one(ctx, tx, single[int], `SELECT COUNT(*)`+of, t-near, t+near, t)
		if err != nil || page.Total == 0 {
			return err
		}
		page.Projects, err = all(ctx, tx, projectFields, `SELECT `+projectColumns+of+` ORDER BY submitted_on, id LIMIT $4`, t-near, t+near, t, limit)
		return err
	})
	return page, err
}

// likeness is all by which like projects find one.
type likeness struct {
	name, owner string
	invest      reporting.Wan
	over        bool
}

func (db *DB) likened(p reporting.Project) likeness {
	return likeness{db.cfg.Fold(p.Name), reporting.LikenessOwner(p.OwnerUnit, db.cfg.Fold), p.InvestTotal, p.Over()}
}

// liken renews the likenesses of projects.
func (db *DB) liken(ctx context.Context, tx *sqlx.Tx, projects ...reporting.Project) error {
	var ids []string
	var rows [][]any
	for _, p := range projects {
		ids = append(ids, p.ID)
		l := db.likened(p)
		if l.over {
			continue
		}
		for _, gram := range reporting.LikenessKeys(l.name) {
			rows = append(rows, []any{gram, p.ID, l.owner, l.invest})
		}
	}
	err := inChunks(ids, func(part []string) error {
		query, args, err := within(`DELETE FROM likenesses WHERE project_id IN (?)`, part)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("drop likenesses: %w", err)
	}
	return insert(ctx, tx, "likenesses", "gram, project_id, owner, invest_total", "", rows)
}

// likenOld makes the likenesses of the projects that were there before the
// table was, once.
func (db *DB) likenOld(ctx context.Context) error {
	return db.transact(ctx, "make likenesses", func(tx *sqlx.Tx) error {
		done, err := one(ctx, tx, single[int], `SELECT value FROM counters WHERE name = 'likenesses'`+db.dialect.forUpdate)
		if err != nil || done != 0 {
			return err
		}
		for last := ""; ; {
			part, err := all(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects WHERE id > $1 ORDER BY id LIMIT 500`, last)
			if err != nil {
				return err
			}
			if len(part) == 0 {
				break
			}
			if err := db.liken(ctx, tx, part...); err != nil {
				return err
			}
			last = part[len(part)-1].ID
		}
		_, err = tx.ExecContext(ctx, `UPDATE counters SET value = 1 WHERE name = 'likenesses'`)
		return err
	})
}

const withCode = `project_code = $1 AND project_code <> '' AND status NOT IN ('withdrawn', 'merged') AND id <> $2`

// shareCode returns nil when p may have the code that it is given: no other
// project has it, or somebody has said why (see reporting.MayShareCode). Who
// gives the same code at the same moment waits for us, or we for them. Errors:
// Conflict.
func (db *DB) shareCode(ctx context.Context, tx *sqlx.Tx, old *reporting.Project, p reporting.Project) error {
	if p.Code == "" || p.Over() || old != nil && old.Code == p.Code && !old.Over() {
		return nil
	}
	if db.dialect.lockText != "" {
		if _, err := tx.ExecContext(ctx, db.dialect.lockText, p.Code); err != nil {
			return fmt.Errorf("lock project code: %w", err)
		}
	}
	others, err := all(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects WHERE `+withCode+` ORDER BY id`, p.Code, p.ID)
	if err != nil {
		return fmt.Errorf("look project code up: %w", err)
	}
	return reporting.MayShareCode(p, others)
}
