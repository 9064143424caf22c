package storage

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// QuotaBook returns the versions of a body's quota of a year and what was
// asked about it. Errors: NotFound for an unknown body.
func (db *DB) QuotaBook(ctx context.Context, body string, year int) (reporting.QuotaBook, error) {
	var book reporting.QuotaBook
	err := db.read(ctx, "read quota", func(tx *sqlx.Tx) (err error) {
		book, err = readBook(ctx, tx, body, year, "")
		return err
	})
	return book, err
}

// ChangeQuota reads the book of a body and year, lets decide make the change
// and writes it with its events and messages. It returns the book as it then
// is; a repeated once gives it with ErrRepeated. Two who change the quotas of
// one body come after one another. Errors: NotFound for an unknown body;
// those of decide, untouched. decide may run more than once and must not use
// the DB.
func (db *DB) ChangeQuota(ctx context.Context, once, body string, year int, decide func(reporting.QuotaBook) (reporting.QuotaChange, error)) (reporting.QuotaBook, error) {
	return changeBook(ctx, db, "change quota", once, body, year, readBook, decide, db.writeQuota)
}

// changeBook is the one transaction that reads a book of a body and year under
// the body's lock, lets decide make a change, writes it and reads the book again.
// what names it in errors. A repeated once gives the book with ErrRepeated.
func changeBook[B, C any](ctx context.Context, db *DB, what, once, body string, year int,
	read func(ctx context.Context, tx *sqlx.Tx, body string, year int, lock string) (B, error),
	decide func(B) (C, error), write func(context.Context, *sqlx.Tx, C) error) (book B, err error) {
	err = db.write(ctx, what, func(tx *sqlx.Tx) error {
		if err := db.remember(ctx, tx, once, body+"/"+strconv.Itoa(year)); err != nil {
			return err
		}
		old, err := read(ctx, tx, body, year, db.dialect.forUpdate)
		if err != nil {
			return err
		}
		c, err := decide(old)
		if err != nil {
			return verdict{err}
		}
		if err := write(ctx, tx, c); err != nil {
			return err
		}
		book, err = read(ctx, tx, body, year, "")
		return err
	})
	if errors.Is(err, reporting.ErrRepeated) {
		err = db.read(ctx, what, func(tx *sqlx.Tx) (err error) {
			book, err = read(ctx, tx, body, year, "")
			return err
		})
		if err == nil {
			err = reporting.ErrRepeated
		}
	}
	return book, err
}

// bodyOfBook reads the body of a book; lock, if any, is of it. Errors: NotFound.
func bodyOfBook(ctx context.Context, tx *sqlx.Tx, body, lock string) (reporting.Body, error) {
	b, err := one(ctx, tx, bodyFields, `SELECT `+bodyColumns+` FROM bodies WHERE id = $1`+lock, body)
	if errors.Is(err, sql.ErrNoRows) {
		err = reporting.Fail(reporting.NotFound, "err.body.unknown", "value", body)
	}
	return b, err
}

// OpenQuotaRequests returns the requests that wait for the office, the first
// asked first.
func (db *DB) OpenQuotaRequests(ctx context.Context) ([]reporting.QuotaRequest, error) {
	out, err := all(ctx, hot{db}, requestFields, `SELECT `+requestColumns+` FROM quota_requests WHERE status = 'open' ORDER BY asked_at, id`)
	return out, fault("read quota requests", err)
}

func (db *DB) writeQuota(ctx context.Context, tx *sqlx.Tx, c reporting.QuotaChange) error {
	if c.Quota != nil {
		if err := insert(ctx, tx, "quotas", quotaColumns, "", [][]any{quotaFields(c.Quota)}); err != nil {
			return err
		}
	}
	if c.Request != nil {
		err := insert(ctx, tx, "quota_requests", requestColumns, "ON CONFLICT (id) DO UPDATE SET "+overwrite(requestColumns), [][]any{requestFields(c.Request)})
		if err != nil {
			return err
		}
	}
	if err := record(ctx, tx, c.Events...); err != nil {
		return err
	}
	if _, err := db.plan(ctx, tx, c.Messages); err != nil || c.Quota == nil {
		return err
	}
	note := reporting.NudgeNote{At: db.now(), Actor: c.Events[0].Actor, Action: "quota.set", Why: c.Quota.Reason, N: c.Quota.Count}
	return db.retell(ctx, tx, news{c.Quota.BodyID: {note}})
}

const requestColumns = `id, body_id, year, wanted, reason, asked_by, asked_at, status, decided_by, decided_at, answer, quota_version`

func requestFields(r *reporting.QuotaRequest) []any {
	return []any{
		&r.ID, &r.BodyID, &r.Year, &r.Wanted, &r.Reason, &r.AskedBy, &r.AskedAt,
		&r.Status, &r.DecidedBy, &r.DecidedAt, &r.Answer, &r.QuotaVersion,
	}
}

// readBook reads a book; lock, if any, is of the body, under which all that is
// written about its quotas is written.
func readBook(ctx context.Context, tx *sqlx.Tx, body string, year int, lock string) (reporting.QuotaBook, error) {
	book := reporting.QuotaBook{Year: year}
	var err error
	if book.Body, err = bodyOfBook(ctx, tx, body, lock); err != nil {
		return book, err
	}
	book.Versions, err = all(ctx, tx, quotaFields, `SELECT `+quotaColumns+` FROM quotas WHERE body_id = $1 AND year = $2 ORDER BY version`, body, year)
	if err != nil {
		return book, err
	}
	book.Requests, err = all(ctx, tx, requestFields, `SELECT `+requestColumns+` FROM quota_requests WHERE body_id = $1 AND year = $2 ORDER BY asked_at, id`, body, year)
	return book, err
}

// Programmes counts the verified projects of each programme, of all years and
// totals, and sums their totals in 万元. It reads the totals of lists.
func (db *DB) Programmes(ctx context.Context) ([]reporting.ProgrammeTally, error) {
	out, err := all(ctx, hot{db}, programmeFields, `SELECT programme, CAST(SUM(n) AS BIGINT), CAST(SUM(invest) AS BIGINT) FROM list_totals
		WHERE scope = '' AND breakdown = $1 AND programme <> '' AND status IN ('verified', 'suspended', 'carried', 'completed')
		GROUP BY programme HAVING SUM(n) > 0 ORDER BY programme`, byKind.name)
	return out, fault("count programmes", err)
}

func programmeFields(t *reporting.ProgrammeTally) []any {
	return []any{&t.Programme, &t.Verified, &t.Invest}
}
