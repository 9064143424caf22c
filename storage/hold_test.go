package storage

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// TestHold keeps a file from being written to, and gives it back.
func TestHold(t *testing.T) {
	at := "sqlite://" + filepath.Join(t.TempDir(), "mouhua.db")
	db, _ := open(t, at)
	ctx, release := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Hold(ctx, at) }()
	writes := func() error {
		_, err := db.pool.ExecContext(t.Context(), `UPDATE bodies SET id = id`)
		return fault("write", err)
	}
	for err := writes(); reporting.CodeOf(err) != reporting.Unavailable; err = writes() {
		check(t, err)
		check(t, t.Context().Err())
	}
	_, err := db.OutboxCounts(t.Context())
	check(t, err)
	release()
	check(t, <-ended)
	check(t, writes())
}

func TestHoldRefuses(t *testing.T) {
	for _, at := range []string{"postgres://u@127.0.0.1:1/x?sslmode=disable", "sqlite:///nowhere/mouhua.db", "mysql://x"} {
		if err := Hold(t.Context(), at); err == nil {
			t.Errorf("%s is held", at)
		}
	}
}
