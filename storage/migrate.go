package storage

import (
	"context"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// migrator returns a goose provider over the embedded migrations.
func (db *DB) migrator(options ...goose.ProviderOption) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, db.dialect.migrations)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(db.dialect.goose, db.pool.DB, dir, options...)
}

// Migrate brings the schema up to date, and the ledger to the rules by which it
// counts, and returns what it applied, nothing when all was. On PostgreSQL, replicas that
// start together wait for one another, for up to a minute.
func (db *DB) Migrate(ctx context.Context) ([]string, error) {
	var options []goose.ProviderOption
	if db.dialect.goose == goose.DialectPostgres {
		// A locker counts its tries for as long as it lives: one for each call.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
		if err != nil {
			return nil, fmt.Errorf("migrate: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	m, err := db.migrator(options...)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	results, err := m.Up(ctx)
	var applied []string
	for _, r := range results {
		if r.Error == nil {
			applied = append(applied, filepath.Base(r.Source.Path))
		}
	}
	if err != nil {
		return applied, fault("migrate", err)
	}
	for _, old := range []func(context.Context) error{db.likenOld, db.totalOld} {
		if err := old(ctx); err != nil {
			return applied, err
		}
	}
	recounted, err := db.applyRules(ctx)
	if err != nil {
		return applied, err
	}
	if recounted != "" {
		applied = append(applied, recounted)
	}
	if len(applied) > 0 {
		db.cfg.Log.Info("database migrated", "applied", len(applied))
	}
	return applied, nil
}

// MigrationsPending returns how many migrations are still to be applied. It
// waits for no other replica.
func (db *DB) MigrationsPending(ctx context.Context) (int, error) {
	m, err := db.migrator()
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	current, _, err := m.GetVersions(ctx)
	// It holds on to one connection of the pool, which may be one that broke while
	// nobody used it; each try throws one of these away.
	for range db.cfg.MaxConns {
		if !errors.Is(err, driver.ErrBadConn) {
			break
		}
		current, _, err = m.GetVersions(ctx)
	}
	if err != nil {
		return 0, fault("read migrations", err)
	}
	n := 0
	for _, s := range m.ListSources() {
		if s.Version > current {
			n++
		}
	}
	return n, nil
}
