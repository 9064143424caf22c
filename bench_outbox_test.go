package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

// BenchmarkDeliver is one nudge through the whole program to a Slack that
// answers at once: claimed, composed, posted, settled.
func BenchmarkDeliver(b *testing.B) {
	slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"ok":true,"channel":"C1","ts":"1.000001"}`)
	}))
	defer slack.Close()
	cfg := defaultConfig()
	cfg.Slack.APIURL, cfg.Slack.Workers = slack.URL+"/api/", 32
	address := os.Getenv("BENCH_STORAGE_URL")
	if address == "" {
		address = "sqlite://" + filepath.Join(b.TempDir(), "bench.db")
	}
	db, err := storage.Open(b.Context(), address, storage.Config{Now: clockIn(cfg)})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	bodies, quotas, day := []reporting.Body{}, []reporting.Quota{}, reporting.DateOf(clockIn(cfg)())
	for i := range b.N {
		id := fmt.Sprintf("b%06d", i)
		bodies = append(bodies, reporting.Body{ID: id, Kind: reporting.Department, Name: reporting.Names{ZhCN: id}, ChannelID: fmt.Sprintf("C%06d", i)})
		quotas = append(quotas, reporting.Quota{BodyID: id, Year: day.Year, Count: 25, EffectiveFrom: reporting.Date{Year: day.Year, Month: time.January, Day: 1}})
	}
	if _, err := db.ImportBodies(b.Context(), bodies, "bench", false); err != nil {
		b.Fatal(err)
	}
	if _, err := db.ImportQuotas(b.Context(), quotas, "bench", false); err != nil {
		b.Fatal(err)
	}
	s, err := newService(cfg, parts{db: db, now: clockIn(cfg), log: slog.New(slog.DiscardHandler), perSecond: 10_000})
	if err != nil {
		b.Fatal(err)
	}
	week, at := cfg.rule().Current(clockIn(cfg)())
	var nudges []reporting.Message
	for _, body := range bodies {
		nudges = append(nudges, reporting.Message{
			Key: reporting.NudgeKey(body.ID, week), Kind: reporting.NudgeMessage, BodyID: body.ID, DueAt: at.UnixMilli(),
			Args: map[string]string{"week": week.String()},
		})
	}
	if _, err := db.PlanMessages(b.Context(), nudges, nil); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	n, err := s.sched.DeliverDue(b.Context())
	if err != nil || n < b.N-1 { // one went out when this was tried with one
		b.Fatalf("%d of %d delivered, %v", n, b.N, err)
	}
}
