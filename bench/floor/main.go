// Command floor is the least that could answer /quota: net/http, Slack's
// signature, one prepared query over the tallies, fixed JSON. The benchmark
// runs it beside the bot, so that a ratio says what our own code costs.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	_ "github.com/lib/pq" // the driver the bot uses
)

// query gives what the bot's answer needs: quota in force, tally, last eight weeks.
const query = `SELECT COALESCE(q.owed, 0), COALESCE(t.credited, 0), COALESCE(t.pending, 0), COALESCE(t.invest_wan, 0),
	(SELECT CAST(COALESCE(SUM(d.credited), 0) AS BIGINT) FROM tally_days d WHERE d.body_id = b.id AND d.year = $2 AND d.day > $4 AND d.day <= $3)
	FROM (SELECT CAST($1 AS TEXT) AS id) AS b
	LEFT JOIN (SELECT * FROM quotas WHERE body_id = $1 AND year = $2 AND effective_from <= $3
		ORDER BY effective_from DESC, version DESC LIMIT 1) AS q ON TRUE
	LEFT JOIN tallies t ON t.body_id = $1 AND t.year = $2`

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "listen address")
	dsn := flag.String("dsn", "", "PostgreSQL")
	secret := flag.String("secret", "", "signing secret")
	flag.Parse()
	if err := run(*addr, *dsn, *secret); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func run(addr, dsn, secret string) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(10)
	db.SetMaxIdleConns(10)
	stmt, err := db.Prepare(query) //nolint:sqlclosecheck // closed below
	if err != nil {
		return fmt.Errorf("prepare query: %w", err)
	}
	defer stmt.Close()
	http.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("POST /slack/commands", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || !signed(r.Header, body, secret) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		now := time.Now()
		var owed, credited, pending, invest, recent int64
		err = stmt.QueryRowContext(r.Context(), form.Get("text"), now.Year(), now.Format(time.DateOnly), now.AddDate(0, 0, -56).Format(time.DateOnly)).
			Scan(&owed, &credited, &pending, &invest, &recent)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		answer := fmt.Sprintf(`{"response_type":"ephemeral","text":"净月高新区 %d / %d, %d, %d, %d"}`, credited, owed, pending, invest, recent)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		_, _ = io.WriteString(w, answer)
	})
	if err := http.ListenAndServe(addr, nil); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func signed(h http.Header, body []byte, secret string) bool {
	ts := h.Get("X-Slack-Request-Timestamp")
	sec, err := strconv.ParseInt(ts, 10, 64)
	if err != nil || time.Since(time.Unix(sec, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, "v0:"+ts+":")
	_, _ = mac.Write(body)
	want := "v0=" + hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(want), []byte(h.Get("X-Slack-Signature")))
}
