package storage

import (
	"database/sql"
	"errors"
	"net/url"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// dialect is what the two databases differ in.
type dialect struct {
	goose      goose.Dialect
	migrations string // folder
	connect    func(t target) (*sqlx.DB, error)
	oneWriter  bool
	readOnly   sql.TxOptions // of a transaction that sees one moment
	params     int           // that a statement of many rows has: SQLite's driver looks each one up among all of them

	// Suffixes of a SELECT and a statement that lock; SQLite's writing
	// transactions hold the whole file already.
	forUpdate, skipLocked, lockTallies, lockTotals string

	// One of the keys that a query gives, with %s for it. PostgreSQL would compare
	// each row with each key where it takes the table for nearly empty.
	oneOf string

	// Statements that take a lock named by $1, or all of them, until the
	// transaction ends.
	lockText, lockTexts string
}

var sqliteDialect = dialect{
	goose: goose.DialectSQLite3, migrations: "migrations/sqlite", connect: connectSQLite,
	oneWriter: true, params: maxParams, readOnly: sql.TxOptions{ReadOnly: true},
	oneOf: `IN (%s)`,
}

var postgresDialect = dialect{
	goose: goose.DialectPostgres, migrations: "migrations/postgres", connect: connectPostgres,
	params:      5000,
	readOnly:    sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead},
	forUpdate:   ` FOR UPDATE`,
	skipLocked:  ` FOR UPDATE SKIP LOCKED`,
	oneOf:       `= ANY (ARRAY(%s))`,
	lockTallies: `LOCK TABLE tallies, tally_days IN SHARE ROW EXCLUSIVE MODE`,
	lockText:    `SELECT pg_advisory_xact_lock_shared(1, 1), pg_advisory_xact_lock(hashtext($1))`,
	lockTexts:   `SELECT pg_advisory_xact_lock(1, 1)`,
	lockTotals:  `LOCK TABLE list_totals IN SHARE ROW EXCLUSIVE MODE`,
}

// target is a parsed database URL.
type target struct {
	dialect dialect
	dsn     string // for the driver
	shown   string // for people: without password
	secrets []string
}

var errURL = errors.New("storage url: want sqlite://path or postgres://user:password@host:5432/name")

func parseURL(s string) (target, error) {
	// In memory, every connection would have a database of its own.
	if path, ok := strings.CutPrefix(s, "sqlite://"); ok && path != "" && path != ":memory:" {
		file := (&url.URL{Path: path}).EscapedPath()
		return target{dialect: sqliteDialect, shown: s, dsn: "file:" + file +
			"?_pragma=busy_timeout(2500)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate"}, nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		// The parser's own error repeats the URL, password and all.
		return target{}, errURL
	}
	q := u.Query()
	if !q.Has("connect_timeout") {
		q.Set("connect_timeout", "5")
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	t := target{dialect: postgresDialect, secrets: []string{q.Get("password")}}
	if u.User != nil {
		shown.User = url.User(u.User.Username())
		password, _ := u.User.Password()
		t.secrets = append(t.secrets, password, url.QueryEscape(password), url.PathEscape(password))
	}
	u.RawQuery = q.Encode()
	t.dsn, t.shown = u.String(), shown.String()
	return t, nil
}

func connectSQLite(t target) (*sqlx.DB, error) { return sqlx.Open("sqlite", t.dsn) }

func connectPostgres(t target) (*sqlx.DB, error) {
	c, err := pq.NewConnector(t.dsn)
	if err != nil {
		return nil, err
	}
	return sqlx.NewDb(sql.OpenDB(c), "postgres"), nil
}

// fault returns err as one of opening the target, in words without secrets.
func (t target) fault(err error) error {
	words := err.Error()
	for _, s := range t.secrets {
		if s != "" {
			words = strings.ReplaceAll(words, s, "…")
		}
	}
	return fault("open database "+t.shown, redacted{words, err})
}

// redacted is an error in other words.
type redacted struct {
	words string
	err   error
}

// Error returns the words.
func (r redacted) Error() string { return r.words }

// Unwrap returns the cause, for its type.
func (r redacted) Unwrap() error { return r.err }
