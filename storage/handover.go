package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// HandOver writes p as AssignPerson does, and in the same transaction gives
// the leaver's work to somebody else, or to any official of the body. The
// work's versions stay, for nothing of what was filed changes. Errors:
// Conflict when p or who is to take over was changed; ErrRepeated.
func (db *DB) HandOver(ctx context.Context, once string, p reporting.Person, h reporting.Handover, e reporting.Event) (reporting.Handed, error) {
	var n reporting.Handed
	err := db.writeDirectory(ctx, "hand over", func(tx *sqlx.Tx) error {
		n = reporting.Handed{}
		if err := db.remember(ctx, tx, once, p.UserID); err != nil {
			return err
		}
		if err := writePerson(ctx, tx, p, e); err != nil {
			return err
		}
		if err := takesOver(ctx, tx, h); err != nil {
			return err
		}
		var err error
		if n.Drafts, err = handDrafts(ctx, tx, h, e); err != nil {
			return fmt.Errorf("hand over drafts: %w", err)
		}
		if n.Projects, err = db.handProjects(ctx, tx, h, e); err != nil {
			return fmt.Errorf("hand over projects: %w", err)
		}
		if n.Problems, err = handProblems(ctx, tx, h, e); err != nil {
			return fmt.Errorf("hand over problems: %w", err)
		}
		_, err = db.plan(ctx, tx, h.Messages)
		return err
	})
	return n, err
}

// takesOver checks that who gets the work still is an official of the body.
func takesOver(ctx context.Context, tx *sqlx.Tx, h reporting.Handover) error {
	id := cmp.Or(h.To, h.Problems)
	if id == "" {
		return nil
	}
	to, err := one(ctx, tx, personFields, `SELECT `+personColumns+` FROM people WHERE user_id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (to.Role != reporting.Official || to.BodyID != h.BodyID) {
		return reporting.Fail(reporting.Conflict, "err.handover.to").At("to")
	}
	return err
}

func handDrafts(ctx context.Context, tx *sqlx.Tx, h reporting.Handover, e reporting.Event) (int, error) {
	ids, err := all(ctx, tx, single[string], `UPDATE drafts SET user_id = $3 WHERE user_id = $1 AND ($2 = '' OR body_id = $2) RETURNING id`,
		h.From, h.BodyID, h.To)
	if err != nil {
		return 0, err
	}
	var events []reporting.Event
	for _, id := range ids {
		events = append(events, handed(e, "draft", id, map[string]string{"user": h.From}, map[string]string{"user": h.To}))
	}
	return len(ids), record(ctx, tx, events...)
}

func (db *DB) handProjects(ctx context.Context, tx *sqlx.Tx, h reporting.Handover, e reporting.Event) (int, error) {
	projects, err := all(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects WHERE id IN (
			SELECT project_id FROM listings WHERE filed_by = $1 AND body_id = $2 AND status IN ('submitted', 'returned')
		) AND filed_by = $1 AND ($2 = '' OR reporter_body = $2) ORDER BY id`+db.dialect.forUpdate, h.From, h.BodyID)
	if err != nil {
		return 0, err
	}
	var events []reporting.Event
	for i := range projects {
		before := projects[i]
		projects[i].FiledBy = h.To
		if _, err := tx.ExecContext(ctx, `UPDATE projects SET filed_by = $2 WHERE id = $1`, before.ID, h.To); err != nil {
			return 0, err
		}
		events = append(events, handed(e, "project", before.ID, before, projects[i]))
	}
	moved := totals{}
	if err := list(ctx, tx, moved, projects...); err != nil {
		return 0, err
	}
	if err := moved.write(ctx, tx); err != nil {
		return 0, err
	}
	return len(projects), record(ctx, tx, events...)
}

func handed(e reporting.Event, kind, subject string, before, after any) reporting.Event {
	return reporting.Event{At: e.At, Actor: e.Actor, Action: kind + ".handover", Kind: kind, Subject: subject, Before: before, After: after}
}

// TakeDraft makes a draft that was left to its body somebody's own. Errors:
// NotFound when it is gone, or another was faster.
func (db *DB) TakeDraft(ctx context.Context, id, userID string) (reporting.Draft, error) {
	var d reporting.Draft
	err := db.write(ctx, "take draft", func(tx *sqlx.Tx) (err error) {
		if _, err := tx.ExecContext(ctx, `UPDATE drafts SET user_id = $2 WHERE id = $1 AND user_id = ''`, id, userID); err != nil {
			return err
		}
		if d, err = readDraft(ctx, tx, id); err == nil && d.UserID != userID {
			err = reporting.Fail(reporting.NotFound, "err.draft.gone")
		}
		return err
	})
	if err != nil {
		return reporting.Draft{}, err
	}
	return d, nil
}
