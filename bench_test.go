package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/storage"
)

// BenchmarkQuota is one signed /quota through the whole program but the
// network, on SQLite.
func BenchmarkQuota(b *testing.B) {
	slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"ok":true,"user":{"id":"U1","locale":"zh-CN"}}`)
	}))
	defer slack.Close()
	cfg := defaultConfig()
	cfg.Slack.SigningSecret, cfg.Slack.APIURL = signing, slack.URL+"/api/"
	db, err := storage.Open(b.Context(), "sqlite://"+filepath.Join(b.TempDir(), "bench.db"), storage.Config{Now: clockIn(cfg)})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := seed(b.Context(), db, time.Now()); err != nil {
		b.Fatal(err)
	}
	cfg.Office.Admins = []string{"U1"}
	s, err := newService(cfg, parts{db: db, now: clockIn(cfg), log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	handler := s.bot.Handler()
	s.bot.Locale(b.Context(), "U1")
	body := url.Values{"command": {"/quota"}, "text": {"jingyue"}, "user_id": {"U1"}, "channel_id": {"C0BENCH"}, "response_url": {slack.URL}}.Encode()
	ask := func() *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/slack/commands", strings.NewReader(body))
		ts := fmt.Sprint(time.Now().Unix())
		mac := hmac.New(sha256.New, []byte(signing))
		fmt.Fprintf(mac, "v0:%s:%s", ts, body)
		r.Header.Set("X-Slack-Request-Timestamp", ts)
		r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	if w := ask(); !strings.Contains(w.Body.String(), "净月") {
		b.Fatalf("answered %d %s", w.Code, w.Body)
	}
	b.ReportAllocs()
	for b.Loop() {
		ask()
	}
}
