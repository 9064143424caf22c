package main

import (
	"context"
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/mouhua/mouhua/storage"
)

// grows are the answers that may read entries of an index in proportion to the
// register, which docs/adr/0023 argues for, with how many of 100,000 at most.
var grows = map[string]int{
	"list, industry, route and money, city": 2_000,
	"list, a lead department and money":     6_000,
	"list, odd bounds, all years, city":     7_000,
	"list, that and an industry, city":      12_000,
	"list, page 500 by number, city":        6_000,
	"list, page 500, three filters, city":   100_000,
}

// mayRead is how many rows and entries an answer reads at most beside the cells
// that count lists: those of a list that is sorted, and some for everything else.
const mayRead = 3_000

// TestRowsRead holds that no answer reads the register in proportion to its
// size: at 100,000 projects PostgreSQL counts what each one reads.
func TestRowsRead(t *testing.T) {
	server := os.Getenv("TEST_POSTGRES_URL")
	if server == "" {
		t.Skip("TEST_POSTGRES_URL names no PostgreSQL server")
	}
	dsn, err := seed(t.Context(), options{postgres: server, name: "mouhua_rows"}, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dropDatabase(context.Background(), server, "mouhua_rows_100000"); err != nil {
			t.Error(err)
		}
	})
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var cells int
	if err := db.QueryRow(`SELECT COUNT(*) FROM list_totals WHERE scope = ''`).Scan(&cells); err != nil {
		t.Fatal(err)
	}
	for i := range len(measured(t, dsn, -1)) {
		rows, counts := read(t, db)
		name := measured(t, dsn, i)[i].name
		nowRows, nowCounts := read(t, db)
		rows, counts = nowRows-rows, nowCounts-counts
		t.Logf("%-46s %7d rows and entries, %6d cells", name, rows, counts)
		if most := max(mayRead, grows[name]); rows > most {
			t.Errorf("%s reads %d rows and entries, at most %d may be", name, rows, most)
		}
		if counts > 4*cells {
			t.Errorf("%s reads %d cells, the city has %d", name, counts, cells)
		}
	}
}

// measured gives the i-th answer, none for -1, over a connection of its own.
func measured(t *testing.T, dsn string, i int) []measure {
	t.Helper()
	store, err := storage.Open(t.Context(), dsn, storage.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	app, err := newApp(store)
	if err != nil {
		t.Fatal(err)
	}
	_, all := readings(t.Context(), app)
	if i >= 0 {
		if err := all[i].do(0); err != nil {
			t.Fatalf("%s: %v", all[i].name, err)
		}
	}
	return all
}

// read returns how many rows and entries of indexes were read so far, apart for
// the cells that count lists. What a connection read is known when it has ended.
func read(t *testing.T, db *sql.DB) (rows, cells int) {
	t.Helper()
	for open := 1; open > 0; {
		err := db.QueryRow(`SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
			AND backend_type = 'client backend'`).Scan(&open)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	err := db.QueryRow(`SELECT SUM(n) FILTER (WHERE relname <> 'list_totals'), SUM(n) FILTER (WHERE relname = 'list_totals') FROM (
			SELECT relname, seq_tup_read AS n FROM pg_stat_user_tables
			UNION ALL SELECT relname, idx_tup_read FROM pg_stat_user_indexes) AS reads`).Scan(&rows, &cells)
	if err != nil {
		t.Fatal(err)
	}
	return rows, cells
}
