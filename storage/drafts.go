package storage

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// SaveDraft writes d and returns it as kept. An empty ID makes a new draft;
// otherwise the values are kept unless a newer Stamp is there, which then
// comes back. CreatedAt and UpdatedAt are set here. Errors: NotFound when the
// draft was submitted or thrown away, so that a late delivery does not bring
// it back.
func (db *DB) SaveDraft(ctx context.Context, d reporting.Draft) (reporting.Draft, error) {
	d.UpdatedAt = db.now()
	err := db.write(ctx, "save draft", func(tx *sqlx.Tx) error {
		if d.ID == "" {
			// Base32: 16 characters are 80 random bits, beyond guessing.
			fresh := d
			fresh.ID, fresh.CreatedAt = rand.Text()[:16], d.UpdatedAt
			if err := insert(ctx, tx, "drafts", draftColumns, "", [][]any{draftFields(&fresh)}); err != nil {
				return err
			}
			d = fresh
			return db.retell(ctx, tx, news{d.BodyID: nil})
		}
		_, err := tx.ExecContext(ctx, `UPDATE drafts SET body_id = $2, project_id = $3, base_ver = $4, typed = $5, stamp = $6, updated_at = $7
			WHERE id = $1 AND stamp <= $6`, d.ID, d.BodyID, d.ProjectID, d.BaseVer, object{d.Values}, d.Stamp, d.UpdatedAt)
		if err != nil {
			return err
		}
		kept, err := readDraft(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		d = kept
		return nil
	})
	if err != nil {
		return reporting.Draft{}, err
	}
	return d, nil
}

// Draft returns a draft. Errors: NotFound.
func (db *DB) Draft(ctx context.Context, id string) (reporting.Draft, error) {
	d, err := readDraft(ctx, hot{db}, id)
	return d, fault("read draft", err)
}

func readDraft(ctx context.Context, q querier, id string) (reporting.Draft, error) {
	d, err := one(ctx, q, draftFields, `SELECT `+draftColumns+` FROM drafts WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		err = reporting.Fail(reporting.NotFound, "err.draft.gone")
	}
	return d, err
}

// DraftsOf returns a person's drafts, the last changed first.
func (db *DB) DraftsOf(ctx context.Context, userID string) ([]reporting.Draft, error) {
	d, err := all(ctx, hot{db}, draftFields, `SELECT `+draftColumns+` FROM drafts WHERE user_id = $1 ORDER BY updated_at DESC, id`, userID)
	return d, fault("read drafts", err)
}

// DraftsLeft returns the drafts that leavers left to a body, the last changed first.
func (db *DB) DraftsLeft(ctx context.Context, bodyID string) ([]reporting.Draft, error) {
	d, err := all(ctx, hot{db}, draftFields, `SELECT `+draftColumns+` FROM drafts WHERE user_id = '' AND body_id = $1 ORDER BY updated_at DESC, id`, bodyID)
	return d, fault("read drafts", err)
}

// DropDraft throws a draft away; one that is gone already is no error.
func (db *DB) DropDraft(ctx context.Context, id string) error {
	return db.write(ctx, "drop draft", func(tx *sqlx.Tx) error {
		bodies, err := all(ctx, tx, single[string], `DELETE FROM drafts WHERE id = $1 RETURNING body_id`, id)
		if err != nil || len(bodies) == 0 {
			return err
		}
		return db.retell(ctx, tx, news{bodies[0]: nil})
	})
}

// Waiting returns what waits for a body: the first of its drafts, the last
// changed first, of the returned projects that it reported, the longest waiting
// first, and of its problems that are due soon or overdue, with how many there are.
func (db *DB) Waiting(ctx context.Context, bodyID string) (reporting.Waiting, error) {
	var w reporting.Waiting
	// Most often nothing waits, which one statement says.
	some, err := one(ctx, hot{db}, single[bool], `SELECT EXISTS (SELECT 1 FROM drafts WHERE body_id = $1)
		OR EXISTS (SELECT 1 FROM projects WHERE reporter_body = $1 AND status = 'returned')
		OR EXISTS (SELECT 1 FROM problems WHERE body_id = $1 AND closed_at = 0 AND due_on <= $2)`, bodyID, db.dueSoon(bodyID).DueBy.String())
	if err != nil || !some {
		return w, fault("read what waits", err)
	}
	err = db.read(ctx, "read what waits", func(tx *sqlx.Tx) (err error) {
		counted, err := one(ctx, tx, func(n *[2]int) []any { return []any{&n[0], &n[1]} }, `SELECT (SELECT COUNT(*) FROM drafts WHERE body_id = $1),
			(SELECT COUNT(*) FROM projects WHERE reporter_body = $1 AND status = 'returned')`, bodyID)
		if err != nil {
			return err
		}
		w.DraftTotal, w.ReturnedTotal = counted[0], counted[1]
		if w.DraftTotal > 0 {
			w.Drafts, err = all(ctx, tx, draftFields,
				`SELECT `+draftColumns+` FROM drafts WHERE body_id = $1 ORDER BY updated_at DESC, id LIMIT $2`, bodyID, reporting.WaitingShown)
			if err != nil {
				return err
			}
		}
		if w.ReturnedTotal > 0 {
			w.Returned, err = all(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects
				WHERE reporter_body = $1 AND status = 'returned' ORDER BY returned_on, id LIMIT $2`, bodyID, reporting.WaitingShown)
			if err != nil {
				return err
			}
		}
		w.Problems, err = listProblems(ctx, tx, db.dueSoon(bodyID))
		return err
	})
	return w, err
}

// WaitingBodies returns the bodies for which something waits.
func (db *DB) WaitingBodies(ctx context.Context) (map[string]bool, error) {
	ids, err := all(ctx, hot{db}, single[string],
		`SELECT body_id FROM drafts UNION SELECT reporter_body FROM projects WHERE status = 'returned'
			UNION SELECT body_id FROM problems WHERE closed_at = 0 AND due_on <= $1`, db.dueSoon("").DueBy.String())
	out := make(map[string]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, fault("read what waits", err)
}
