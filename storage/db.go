// Package storage keeps Mouhua's register, ledger and outbox in SQLite or in
// PostgreSQL. One SQL text with $1 placeholders serves both; what differs is
// in dialect.go. It decides nothing: the rules are in package reporting.
//
// A tour, in reading order:
//
//   - db.go: Open, and the two ways to use a transaction, write and read;
//     dialect.go, errors.go, migrate.go: what the databases differ in, when one
//     is away, and its schema; convert.go: between columns and values.
//   - change.go: the one transaction that writes a Change; credits.go: the ledger
//     and the tallies that follow from it; projects.go: reading one project.
//   - problems.go: what stands in projects' way; approvals.go: their checklists of
//     approvals; files.go: what is kept of files that prove something.
//   - lists.go: a page of projects and its totals; totals.go: the cells that count them;
//     year_totals.go: those that count what years carry over.
//   - alike.go: projects that may be the same as one, and those held for that reason.
//   - directory.go, catalogue.go: bodies, people and lists, from a snapshot;
//     handover.go: what a leaver had; drafts.go, standings.go, upkeep.go: reading and
//     keeping what their names say.
//   - rules.go: by which rules the ledger was made, and making it anew when they change.
//   - quotas.go: the versions of a quota, and what bodies ask of the office about it, and
//     the one transaction that changes a book.
//   - indicators.go: what bodies are to reach beside their quotas, and how they stand.
//   - year.go: what is frozen with a year, corrected afterwards, and carried over.
//   - bulletins.go, bulletin_snapshot.go: bulletins, and the figures of a day that they keep.
//   - outbox.go: what is owed to others: planned, claimed, settled; outbox_due.go: how much
//     is due, and what of it is needless; outbox_repair.go: channels that work again.
//   - import.go, import_projects.go, import_marks.go, export.go: whole files at once;
//     recount.go, totals_recount.go: the check on tallies and cells.
//
// Times are UTC milliseconds, days and months text in the city's zone. Every
// exported method is atomic, and a database that is away gives a
// *reporting.Error with code Unavailable.
package storage

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// Config says how a DB works; its zero value does.
type Config struct {
	// Threshold is the lowest total that counts. Defaults to 10,000 万元.
	Threshold reporting.Wan
	// Credit is which bodies a project counts for. Defaults to reporting.BothFull.
	Credit reporting.CreditPolicy
	// Now is the clock; its location is the city's, in which days are taken.
	// Defaults to time.Now.
	Now func() time.Time
	// Log gets what an operator should know. Defaults to nothing.
	Log *slog.Logger
	// Fold brings names into one form, in which like ones are sought. Defaults to
	// lower case.
	Fold func(string) string
	// MaxConns is how many connections are open, and stay open. Defaults to 10.
	MaxConns int
	// OnChange is called after every committed write except claims and
	// settlements; it must not block. Defaults to nothing.
	OnChange func()
}

// DB is a database. It is safe for concurrent use.
type DB struct {
	pool     *sqlx.DB
	dialect  dialect
	cfg      Config
	prepared sync.Map // text → *sqlx.Stmt

	// writer admits one writing transaction of this process at a time, where
	// the database itself can run only one; nil otherwise.
	writer chan struct{}

	snapshot   atomic.Pointer[snapshot]
	generation atomic.Int64  // of our own writes to the directory
	refreshing chan struct{} // admits one refresh of the snapshot
}

// Open connects to the database at url, which is sqlite://path (made when
// missing) or postgres://…. It does not migrate. Errors never hold the
// password; a database that is not there gives Unavailable.
func Open(ctx context.Context, url string, cfg Config) (*DB, error) {
	if cfg.Threshold == 0 {
		cfg.Threshold = reporting.Yi
	}
	if cfg.Credit == "" {
		cfg.Credit = reporting.BothFull
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Fold == nil {
		cfg.Fold = strings.ToLower
	}
	if cfg.MaxConns == 0 {
		cfg.MaxConns = 10
	}
	target, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	pool, err := target.dialect.connect(target)
	if err != nil {
		return nil, target.fault(err)
	}
	pool.SetMaxOpenConns(cfg.MaxConns)
	pool.SetMaxIdleConns(cfg.MaxConns)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(target.fault(err), pool.Close())
	}
	db := &DB{pool: pool, dialect: target.dialect, cfg: cfg, refreshing: make(chan struct{}, 1)}
	if target.dialect.oneWriter {
		db.writer = make(chan struct{}, 1)
	}
	cfg.Log.Info("database opened", "database", target.shown)
	return db, nil
}

// Close gives back the connections.
func (db *DB) Close() error { return db.pool.Close() }

// maxRetries is how often a transaction is run again that lost a deadlock or
// a serialization conflict.
const maxRetries = 3

// write runs do in a transaction that may write and tells OnChange.
func (db *DB) write(ctx context.Context, doing string, do func(tx *sqlx.Tx) error) error {
	err := db.transact(ctx, doing, do)
	if err == nil && db.cfg.OnChange != nil {
		db.cfg.OnChange()
	}
	return err
}

func (db *DB) transact(ctx context.Context, doing string, do func(tx *sqlx.Tx) error) error {
	if db.writer != nil {
		select {
		case db.writer <- struct{}{}:
			defer func() { <-db.writer }()
		case <-ctx.Done():
			return fault(doing, ctx.Err())
		}
	}
	for try := 0; ; try++ {
		err := db.once(ctx, nil, do)
		if err == nil || try == maxRetries || !retryable(err) {
			return fault(doing, err)
		}
	}
}

// read runs do in a transaction that sees one moment.
func (db *DB) read(ctx context.Context, doing string, do func(tx *sqlx.Tx) error) error {
	return fault(doing, db.once(ctx, &db.dialect.readOnly, do))
}

func (db *DB) once(ctx context.Context, opts *sql.TxOptions, do func(tx *sqlx.Tx) error) error {
	tx, err := db.pool.BeginTxx(ctx, opts)
	if err != nil {
		return err
	}
	// After a commit this does nothing; otherwise do's error says more than its own.
	defer func() { _ = tx.Rollback() }()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// hot is a querier that prepares each text once for all connections.
type hot struct{ db *DB }

// QueryContext runs a prepared query.
func (h hot) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := h.db.statement(ctx, query) //nolint:sqlclosecheck // it is kept for the next
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// statement returns a text's prepared statement.
func (db *DB) statement(ctx context.Context, query string) (*sqlx.Stmt, error) {
	stmt, ok := db.prepared.Load(query)
	if !ok {
		s, err := db.pool.PreparexContext(ctx, query)
		if err != nil {
			return nil, err
		}
		if stmt, ok = db.prepared.LoadOrStore(query, s); ok {
			if err := s.Close(); err != nil { //nolint:sqlclosecheck // ours lost the race and is not used
				return nil, err
			}
		}
	}
	return stmt.(*sqlx.Stmt), nil
}

// hotTx runs prepared statements in a transaction.
type hotTx struct {
	db *DB
	tx *sqlx.Tx
}

// QueryContext runs a prepared query.
func (h hotTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := h.db.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return h.tx.StmtxContext(ctx, stmt).QueryContext(ctx, args...)
}

// ExecContext runs a prepared statement.
func (h hotTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := h.db.statement(ctx, query) //nolint:sqlclosecheck // it is kept for the next
	if err != nil {
		return nil, err
	}
	return h.tx.StmtxContext(ctx, stmt).ExecContext(ctx, args...)
}

// now returns the present time as it is stored.
func (db *DB) now() int64 { return db.cfg.Now().UnixMilli() }

// dayOf returns the city's day at a stored time.
func (db *DB) dayOf(at int64) reporting.Date {
	return reporting.DateOf(time.UnixMilli(at).In(db.cfg.Now().Location()))
}
