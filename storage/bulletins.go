package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

const bulletinColumns = `id, kind, year, n, no, title, opening, measures, exempt, exempt_reason, snapshot, status, corrects, correction_reason, ` +
	`drafted_by, drafted_at, edited_by, edited_at, ready_by, ready_at, released_by, released_at, version`

func bulletinFields(b *reporting.Bulletin) []any {
	return []any{
		&b.ID, &b.Period.Kind, &b.Period.Year, &b.Period.N, &b.No, &b.Title, &b.Opening, &b.Measures, object{&b.Exempt}, &b.ExemptReason,
		object{&b.Snapshot}, &b.Status, &b.Corrects, &b.CorrectionReason,
		&b.DraftedBy, &b.DraftedAt, &b.EditedBy, &b.EditedAt, &b.ReadyBy, &b.ReadyAt, &b.ReleasedBy, &b.ReleasedAt, &b.Version,
	}
}

// bulletinUpdate sets every column but the id where the version still is the last
// argument. What is released is not written again, whatever was decided.
var bulletinUpdate = func() string {
	columns := strings.Split(bulletinColumns, ", ")
	var set []string
	for i, c := range columns[1:] {
		set = append(set, c+" = $"+strconv.Itoa(i+2))
	}
	return "UPDATE bulletins SET " + strings.Join(set, ", ") + " WHERE id = $1 AND status <> 'released' AND version = $" + strconv.Itoa(len(columns)+1)
}()

// bulletinWhere reads one bulletin. Errors: NotFound.
func bulletinWhere(ctx context.Context, q querier, where string, args ...any) (reporting.Bulletin, error) {
	b, err := one(ctx, q, bulletinFields, `SELECT `+bulletinColumns+` FROM bulletins WHERE `+where, args...)
	if errors.Is(err, sql.ErrNoRows) {
		err = reporting.Fail(reporting.NotFound, "err.bulletin.unknown")
	}
	return b, err
}

// Bulletin returns the one with id. Errors: NotFound.
func (db *DB) Bulletin(ctx context.Context, id string) (reporting.Bulletin, error) {
	b, err := bulletinWhere(ctx, hot{db}, `id = $1`, id)
	return b, fault("read bulletin", err)
}

// NumberedBulletin returns the one that was released under a number of a year.
// Errors: NotFound.
func (db *DB) NumberedBulletin(ctx context.Context, year, no int) (reporting.Bulletin, error) {
	b, err := bulletinWhere(ctx, hot{db}, `year = $1 AND no = $2 AND no > 0`, year, no)
	return b, fault("read bulletin", err)
}

// Bulletins returns the last limit bulletins: those that wait first, then the
// released, the newest first.
func (db *DB) Bulletins(ctx context.Context, limit int) ([]reporting.Bulletin, error) {
	out, err := all(ctx, hot{db}, bulletinFields, `SELECT `+bulletinColumns+` FROM bulletins
		ORDER BY CASE WHEN status = 'released' THEN 1 ELSE 0 END, released_at DESC, year DESC, no DESC, drafted_at DESC, id DESC LIMIT $1`, limit)
	return out, fault("read bulletins", err)
}

// DraftBulletin writes a new bulletin with its event and messages, unless there is
// one for the same period that corrects the same, and returns the one that stands;
// made is false when it was there already. A repeated once counts as that.
func (db *DB) DraftBulletin(ctx context.Context, once string, c reporting.BulletinChange) (b reporting.Bulletin, made bool, err error) {
	err = db.write(ctx, "draft bulletin", func(tx *sqlx.Tx) error {
		made = false
		if err := db.remember(ctx, tx, once, c.Bulletin.ID); err != nil && !errors.Is(err, reporting.ErrRepeated) {
			return err
		}
		b = c.Bulletin
		b.Version = 1
		query, args := insertion("bulletins", bulletinColumns, "ON CONFLICT DO NOTHING", [][]any{bulletinFields(&b)})
		res, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return fmt.Errorf("insert bulletin: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			b, err = bulletinWhere(ctx, tx, `id = $1`, c.Bulletin.ID)
			return err
		}
		made = true
		if err := record(ctx, tx, c.Event); err != nil {
			return err
		}
		_, err = db.plan(ctx, tx, c.Messages)
		return err
	})
	return b, made && err == nil, err
}

// ChangeBulletin reads a bulletin and the number that the next of its year gets,
// lets decide make the change and writes it with its event and messages. Two who
// change bulletins of one year come after one another, and a number that a release
// takes is not given again. A repeated once gives it as it is with ErrRepeated.
// Errors: NotFound; Conflict; those of decide, untouched. decide may run more than
// once and must not use the DB.
func (db *DB) ChangeBulletin(ctx context.Context, once, id string, decide func(b reporting.Bulletin, next int) (reporting.BulletinChange, error)) (reporting.Bulletin, error) {
	var out reporting.Bulletin
	err := db.write(ctx, "change bulletin", func(tx *sqlx.Tx) error {
		if err := db.remember(ctx, tx, once, id); err != nil {
			return err
		}
		old, err := bulletinWhere(ctx, tx, `id = $1`+db.dialect.forUpdate, id)
		if err != nil {
			return err
		}
		given, err := one(ctx, tx, single[int], `INSERT INTO counters (name, value) VALUES ($1, 0)
			ON CONFLICT (name) DO UPDATE SET value = counters.value RETURNING value`, bulletinCounter(old.Period.Year))
		if err != nil {
			return fmt.Errorf("read number: %w", err)
		}
		c, err := decide(old, given+1)
		if err != nil {
			return verdict{err}
		}
		if out, err = db.writeBulletin(ctx, tx, c); err != nil || out.No == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE counters SET value = $2 WHERE name = $1`, bulletinCounter(old.Period.Year), out.No)
		return err
	})
	if errors.Is(err, reporting.ErrRepeated) {
		if out, err = db.Bulletin(ctx, id); err == nil {
			err = reporting.ErrRepeated
		}
	}
	return out, err
}

func bulletinCounter(year int) string { return "bulletin/" + strconv.Itoa(year) }

func (db *DB) writeBulletin(ctx context.Context, tx *sqlx.Tx, c reporting.BulletinChange) (reporting.Bulletin, error) {
	b := c.Bulletin
	b.Version++
	res, err := tx.ExecContext(ctx, bulletinUpdate, append(bulletinFields(&b), c.Bulletin.Version)...)
	if err != nil {
		return b, fmt.Errorf("update bulletin: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil {
		return b, err
	} else if n == 0 {
		return b, reporting.Fail(reporting.Conflict, "err.bulletin.changed", "by", cmp.Or(b.ReadyBy, b.EditedBy))
	}
	if err := record(ctx, tx, c.Event); err != nil {
		return b, err
	}
	_, err = db.plan(ctx, tx, c.Messages)
	return b, err
}
