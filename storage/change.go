package storage

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// FileProject takes the next number of the year, lets decide make the change
// and writes it with its credits, tallies, event and messages. A repeated
// once gives the project of the first time and ErrRepeated; decide's error
// comes back untouched, and the number is not used up. decide may run more
// than once and must not use the DB, whose connection it would wait for.
func (db *DB) FileProject(ctx context.Context, once string, year int, decide func(id string) (reporting.Change, error)) (reporting.Project, error) {
	return first(db.change(ctx, once, func(tx *sqlx.Tx) (old []reporting.Project, c []reporting.Change, err error) {
		n, err := one(ctx, tx, single[int],
			`INSERT INTO counters (name, value) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value`,
			numberCounter(year))
		if err != nil {
			return nil, nil, fmt.Errorf("take number: %w", err)
		}
		id := reporting.NewProjectID(year, n)
		if err := db.remember(ctx, tx, once, id); err != nil {
			return nil, nil, err
		}
		filed, err := decide(id)
		if err != nil {
			return nil, nil, verdict{err}
		}
		return nil, []reporting.Change{filed}, nil
	}))
}

// ChangeProject reads the project, lets decide make the change and writes it
// likewise. Errors: NotFound; Conflict when the change was made to another
// version; those of decide, untouched.
func (db *DB) ChangeProject(ctx context.Context, once, id string, decide func(p reporting.Project) (reporting.Change, error)) (reporting.Project, error) {
	return first(db.ChangeProjects(ctx, once, []string{id}, func(old []reporting.Project) ([]reporting.Change, error) {
		c, err := decide(old[0])
		return []reporting.Change{c}, err
	}))
}

// ChangeProjects is ChangeProject for several at once: all changes are written
// or none. decide gets the projects in the order of ids; the changed ones come
// back in the order of its changes. A repeated once gives the project that the
// first change was made to. Errors: as ChangeProject.
func (db *DB) ChangeProjects(ctx context.Context, once string, ids []string, decide func(p []reporting.Project) ([]reporting.Change, error)) ([]reporting.Project, error) {
	return db.change(ctx, once, func(tx *sqlx.Tx) ([]reporting.Project, []reporting.Change, error) {
		if err := db.remember(ctx, tx, once, ids[0]); err != nil {
			return nil, nil, err
		}
		read := map[string]reporting.Project{}
		// Rows are locked in one order, so that two changes do not wait for each other.
		for _, id := range slices.Sorted(slices.Values(ids)) {
			p, err := one(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects WHERE id = $1`+db.dialect.forUpdate, id)
			if err != nil {
				return nil, nil, unknownProject(id, err)
			}
			read[id] = p
		}
		old := make([]reporting.Project, len(ids))
		for i, id := range ids {
			old[i] = read[id]
		}
		c, err := decide(slices.Clone(old))
		if err != nil {
			return nil, nil, verdict{err}
		}
		return old, c, nil
	})
}

// first returns the first of the changed projects.
func first(p []reporting.Project, err error) (reporting.Project, error) {
	if len(p) == 0 {
		return reporting.Project{}, err
	}
	return p[0], err
}

// numberCounter is the counter of a year's project numbers.
func numberCounter(year int) string { return "project/" + strconv.Itoa(year) }

// unknownProject makes NotFound of a missing row.
func unknownProject(id string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return reporting.Fail(reporting.NotFound, "err.project.unknown", "id", id)
	}
	return err
}

// change runs plan and writes what it returns. old holds the changed projects
// as they were, in any order; a new one has none.
func (db *DB) change(ctx context.Context, once string, plan func(tx *sqlx.Tx) (old []reporting.Project, c []reporting.Change, err error)) ([]reporting.Project, error) {
	var out []reporting.Project
	err := db.write(ctx, "change project", func(tx *sqlx.Tx) error {
		old, changes, err := plan(tx)
		if err != nil {
			return err
		}
		out = nil
		moved, listed, told := moves{}, totals{}, news{}
		for _, c := range changes {
			p := c.Project
			p.Version++
			if err := db.writeChange(ctx, tx, moved, listed, earlier(old, p.ID), p, c); err != nil {
				return err
			}
			out = append(out, p)
		}
		if err := db.writeSums(ctx, tx, moved, listed, slices.Concat(old, out)); err != nil {
			return err
		}
		for i, c := range changes {
			if err := db.correct(ctx, tx, yearsOf(old, out[i]), out[i], c.Event.Action, c.Event.At); err != nil {
				return err
			}
		}
		for i, c := range changes {
			c.Event.At = cmp.Or(c.Event.At, db.now())
			told.of(moved, earlier(old, out[i].ID), out[i], c.Event)
		}
		return db.retell(ctx, tx, told)
	})
	if errors.Is(err, reporting.ErrRepeated) {
		p, err := db.repeated(ctx, once)
		return []reporting.Project{p}, err
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// earlier returns the project as it was, nil for a new one.
func earlier(old []reporting.Project, id string) *reporting.Project {
	if i := slices.IndexFunc(old, func(o reporting.Project) bool { return o.ID == id }); i >= 0 {
		return &old[i]
	}
	return nil
}

// writeSums writes by how much changed projects move tallies and totals, last and
// all at once: both are locked in one order.
func (db *DB) writeSums(ctx context.Context, tx *sqlx.Tx, moved moves, listed totals, changed []reporting.Project) error {
	if err := db.holdYears(ctx, tx, changed); err != nil {
		return err
	}
	if err := moved.write(ctx, tx); err != nil {
		return err
	}
	if err := listed.write(ctx, tx); err != nil {
		return err
	}
	return db.rulesHold(ctx, tx)
}

// remember records a delivery key; ErrRepeated when it is known.
func (db *DB) remember(ctx context.Context, tx *sqlx.Tx, once, subject string) error {
	if once == "" {
		return nil
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO deliveries (key, subject, at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING`,
		once, subject, db.now())
	if err != nil {
		return fmt.Errorf("remember delivery: %w", err)
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = reporting.ErrRepeated
	}
	return err
}

// repeated returns the project that a known delivery key wrote, as it is now.
func (db *DB) repeated(ctx context.Context, once string) (reporting.Project, error) {
	id, err := one(ctx, db.pool, single[string], `SELECT subject FROM deliveries WHERE key = $1`, once)
	if err != nil {
		return reporting.Project{}, fault("read delivery", err)
	}
	id, _, _ = strings.Cut(id, "#") // of a problem: that of its project
	p, err := db.Project(ctx, id)
	if err != nil {
		return p, err
	}
	return p, reporting.ErrRepeated
}

// conversationAge is how long a conversation is kept that nobody goes on with, in ms.
const conversationAge = 30 * 24 * 3600 * 1000

// Forget drops the delivery keys recorded before a time (UTC ms) and returns
// how many. Slack repeats a delivery for at most a day. Conversations that ended
// a month before go with them.
func (db *DB) Forget(ctx context.Context, before int64) (int, error) {
	var n int64
	err := db.transact(ctx, "forget deliveries", func(tx *sqlx.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM deliveries WHERE at < $1`, before)
		if err != nil {
			return err
		}
		if n, err = res.RowsAffected(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM conversations WHERE at < $1`, before-conversationAge)
		return err
	})
	return int(n), err
}

// writeChange writes a project and all that follows from its change, but for the
// tallies and the totals of lists, which are added to moved and listed. p is
// c.Project with its version raised.
func (db *DB) writeChange(ctx context.Context, tx *sqlx.Tx, moved moves, listed totals, old *reporting.Project, p reporting.Project, c reporting.Change) error {
	if c.Event.At == 0 {
		c.Event.At = db.now()
	}
	if err := db.shareCode(ctx, tx, old, p); err != nil {
		return err
	}
	if err := endProblems(ctx, tx, old, p, &c); err != nil {
		return err
	}
	if err := writeProject(ctx, tx, old, &p, c.Project.Version); err != nil {
		return err
	}
	if err := list(ctx, tx, listed, p); err != nil {
		return err
	}
	if old != nil {
		listed.countYears(*old, db.rules(), -1)
	}
	listed.countYears(p, db.rules(), +1)
	if old == nil || db.likened(*old) != db.likened(p) {
		if err := db.liken(ctx, tx, p); err != nil {
			return err
		}
	}
	lost, err := db.writeCredits(ctx, tx, moved, old, p, c.Event)
	if err != nil {
		return err
	}
	if err := writeProblems(ctx, tx, c.Problems...); err != nil {
		return err
	}
	if err := writeTicks(ctx, tx, p.ID, c); err != nil {
		return err
	}
	if err := record(ctx, tx, append([]reporting.Event{c.Event}, c.Also...)...); err != nil {
		return err
	}
	if _, err := db.plan(ctx, tx, append(c.Messages, lost...)); err != nil {
		return err
	}
	if c.Note != nil {
		if err := insert(ctx, tx, "project_notes", noteColumns, "", [][]any{noteFields(c.Note)}); err != nil {
			return err
		}
	}
	if err := writeFiles(ctx, tx, p.ID, c); err != nil {
		return err
	}
	if c.Drop == "" {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM drafts WHERE id = $1`, c.Drop); err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}

// projectUpdate sets every column but the id where the version still is the
// last argument.
var projectUpdate = func() string {
	columns := strings.Split(projectColumns, ", ")
	var set []string
	for i, c := range columns[1:] {
		set = append(set, c+" = $"+strconv.Itoa(i+2))
	}
	return "UPDATE projects SET " + strings.Join(set, ", ") + " WHERE id = $1 AND version = $" + strconv.Itoa(len(columns)+1)
}()

func writeProject(ctx context.Context, tx *sqlx.Tx, old, p *reporting.Project, version int) error {
	if old == nil {
		return insert(ctx, tx, "projects", projectColumns, "", [][]any{projectFields(p)})
	}
	res, err := tx.ExecContext(ctx, projectUpdate, append(projectFields(p), version)...)
	if err != nil {
		return fmt.Errorf("update project: %w", err)
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = reporting.Fail(reporting.Conflict, "err.project.changed", "id", p.ID)
	}
	return err
}

// record writes events to the audit trail.
func record(ctx context.Context, tx *sqlx.Tx, events ...reporting.Event) error {
	var rows [][]any
	for _, e := range events {
		before, err := audited(e.Before)
		if err != nil {
			return err
		}
		after, err := audited(e.After)
		if err != nil {
			return err
		}
		rows = append(rows, []any{e.At, e.Actor, e.Action, e.Kind, e.Subject, before, after})
	}
	return insert(ctx, tx, "audit", "at, actor, action, kind, subject, before, after", "", rows)
}

// audited returns v as JSON, NULL for none.
func audited(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	return string(b), nil
}
