package storage

import (
	"context"
	"errors"
)

// Hold keeps everybody else from writing to the SQLite file at url until ctx ends, as
// another program may that has it open; reading goes on. It is there to show what
// happens then. Errors: the file cannot be held, or url names no file.
func Hold(ctx context.Context, url string) error {
	target, err := parseURL(url)
	if err != nil {
		return err
	}
	if !target.dialect.oneWriter {
		return errors.New("hold: only a SQLite file can be held")
	}
	pool, err := target.dialect.connect(target)
	if err != nil {
		return target.fault(err)
	}
	defer pool.Close()
	tx, err := pool.BeginTxx(ctx, nil) // is rolled back when ctx ends
	if err != nil {
		return target.fault(err)
	}
	<-ctx.Done()
	_ = tx.Rollback() // or that has happened
	return nil
}
