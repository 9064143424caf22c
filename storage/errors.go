package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/lib/pq"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/mouhua/mouhua/reporting"
)

// verdict carries an error of the caller's decision through a transaction
// untouched.
type verdict struct{ error }

// fault turns err into what exported methods return: a decision, a known
// error and ErrRepeated as they are, Unavailable for a database that is away,
// and all else with what was being done.
func fault(doing string, err error) error {
	var v verdict
	var known *reporting.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &v):
		return v.error
	case errors.As(err, &known), errors.Is(err, reporting.ErrRepeated):
		return err
	case away(err):
		return &reporting.Error{Code: reporting.Unavailable, Key: "err.database", Err: fmt.Errorf("%s: %w", doing, err)}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// away reports whether err means that the database cannot be reached or does
// not answer in time, so that the same call may succeed later.
func away(err error) bool {
	for _, gone := range []error{driver.ErrBadConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF, context.DeadlineExceeded} {
		if errors.Is(err, gone) {
			return true
		}
	}
	var network net.Error
	var postgres *pq.Error
	var lite *sqlite.Error
	switch {
	case errors.As(err, &postgres):
		// Connection, resources, operator intervention (57014 is a statement
		// cancelled at its deadline).
		return begins(string(postgres.Code), "08", "53", "57")
	case errors.As(err, &lite):
		// The low byte is the primary code.
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
			sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_FULL, sqlite3.SQLITE_INTERRUPT:
			return true
		}
		return false
	}
	return errors.As(err, &network)
}

// retryable reports whether PostgreSQL undid a transaction in favour of
// another (serialization failure, deadlock).
func retryable(err error) bool {
	var postgres *pq.Error
	return errors.As(err, &postgres) && begins(string(postgres.Code), "40001", "40P01")
}

func begins(s string, with ...string) bool {
	return slices.ContainsFunc(with, func(w string) bool { return strings.HasPrefix(s, w) })
}
