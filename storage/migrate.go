package storage

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

func newMigrator(d dialect, pool *sql.DB) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, d.migrations)
	if err != nil {
		return nil, err
	}
	var options []goose.ProviderOption
	if d.goose == goose.DialectPostgres {
		// Replicas that start together wait for one another: up to a minute,
		// asking once a second.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(d.goose, pool, dir, options...)
}

// Migrate brings the schema up to date and returns the names of the
// migrations that it applied, none when it was.
func (db *DB) Migrate(ctx context.Context) ([]string, error) {
	results, err := db.migrator.Up(ctx)
	var applied []string
	for _, r := range results {
		if r.Error == nil {
			applied = append(applied, filepath.Base(r.Source.Path))
		}
	}
	if err != nil {
		return applied, fault("migrate", err)
	}
	if len(applied) > 0 {
		db.cfg.Log.Info("database migrated", "applied", len(applied))
	}
	return applied, nil
}

// MigrationsPending returns how many migrations are still to be applied.
func (db *DB) MigrationsPending(ctx context.Context) (int, error) {
	all, err := db.migrator.Status(ctx)
	if err != nil {
		return 0, fault("read migrations", err)
	}
	n := 0
	for _, m := range all {
		if m.State == goose.StatePending {
			n++
		}
	}
	return n, nil
}
