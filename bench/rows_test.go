package main

import (
	"context"
	"database/sql"
	"os"
	"regexp"
	"strings"
	"testing"

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

// bounded are the tables that do not grow with the register: they have rows for
// bodies, people, years and days.
var bounded = regexp.MustCompile(`^(bodies|people|counters|quotas|tallies|tally_days)(_|$)`)

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
		before := read(t, db)
		name := measured(t, dsn, i)[i].name
		reads, rows := map[string]int{}, 0
		for relation, n := range read(t, db) {
			n -= before[relation]
			switch {
			case n == 0 || bounded.MatchString(relation):
			case !strings.HasPrefix(relation, "list_totals"):
				reads[relation] = n
				rows += n
			case n > 4*cells:
				t.Errorf("%s reads %d cells, the city has %d", name, n, cells)
			}
		}
		t.Logf("%-46s %7d rows and entries", name, rows)
		if most := max(mayRead, grows[name]); rows > most {
			t.Errorf("%s reads %d rows and entries, at most %d may be: %v", name, rows, most, reads)
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

// read returns how many rows of tables and entries of indexes were read so far.
// What a connection read is known when it has ended.
func read(t *testing.T, db *sql.DB) map[string]int {
	t.Helper()
	for open := 1; open > 0; {
		err := db.QueryRow(`SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
			AND backend_type = 'client backend'`).Scan(&open)
		if err != nil {
			t.Fatal(err)
		}
	}
	rows, err := db.Query(`SELECT relname, seq_tup_read FROM pg_stat_user_tables UNION ALL SELECT indexrelname, idx_tup_read FROM pg_stat_user_indexes`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var relation string
		var n sql.NullInt64
		if err := rows.Scan(&relation, &n); err != nil {
			t.Fatal(err)
		}
		out[relation] = int(n.Int64)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
