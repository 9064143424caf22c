package storage

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// BenchmarkStanding asks for standings from many goroutines.
func BenchmarkStanding(b *testing.B) {
	for name, at := range map[string]fresh{
		"sqlite":     func(t testing.TB) string { return "sqlite://" + filepath.Join(t.TempDir(), "mouhua.db") },
		"postgresql": func(t testing.TB) string { return postgres(t)(t) },
	} {
		b.Run(name, func(b *testing.B) {
			ctx := context.Background()
			db, err := Open(ctx, at(b), Config{})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			if _, err := db.Migrate(ctx); err != nil {
				b.Fatal(err)
			}
			if _, err := db.ImportBodies(ctx, bodies(), "bench", false); err != nil {
				b.Fatal(err)
			}
			if _, err := db.ImportQuotas(ctx, []reporting.Quota{{BodyID: "jingyue", Year: 2018, Count: 30}}, "bench", false); err != nil {
				b.Fatal(err)
			}
			b.SetParallelism(16)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := db.Standing(ctx, "jingyue", 2018, date("2018-07-31")); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}
