package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/scheduler"
	"github.com/mouhua/mouhua/storage"
)

// deliveries measures the outbox on a database of its own: planning a nudge for
// every channel, and posting them with one replica and with two.
func deliveries(ctx context.Context, b *programs, o options) error {
	u, err := url.Parse(o.postgres)
	if err != nil {
		return fmt.Errorf("read PostgreSQL address: %w", err)
	}
	u.Path = "/" + o.name + "_outbox"
	there, err := makeDatabase(ctx, o, u.Path[1:])
	if err != nil {
		return err
	}
	dsn := u.String()
	store, err := storage.Open(ctx, dsn, storage.Config{})
	if err != nil {
		return err
	}
	defer store.Close()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer db.Close()
	if !there {
		if err := seedChannels(ctx, store, db, o.channels); err != nil {
			return err
		}
	}
	if err := planning(ctx, store, db, o); err != nil {
		return err
	}
	for _, answer := range []time.Duration{0, o.answer} {
		if err := b.deliver(ctx, o, dsn, db, answer); err != nil {
			return err
		}
	}
	return b.idle(ctx, o, dsn, db)
}

func seedChannels(ctx context.Context, store *storage.DB, db *sql.DB, channels int) error {
	if _, err := store.Migrate(ctx); err != nil {
		return err
	}
	for _, q := range []string{
		`INSERT INTO bodies (id, position, kind, league, name_zh_cn, name_zh_tw, name_en, short_zh_cn, short_zh_tw, short_en,
			aliases, channel_id, channel_since, parent_id, undeliverable_since, undeliverable_why, version)
		 SELECT 'body' || i, i, 'department', 'department', '单位' || i, '單位' || i, 'Body ' || i, '单位' || i, '單位' || i, '', '[]', 'C' || lpad(i::text, 8, '0'), 0, '', 0, '', 1
		 FROM generate_series(0, $1::int - 1) AS i`,
		`INSERT INTO quotas (body_id, year, version, owed, effective_from, reason, decided_by, doc_no)
		 SELECT 'body' || i, y, 1, 25, y || '-01-01', '', '', '' FROM generate_series(0, $1::int - 1) AS i, (SELECT extract(year FROM now())::int AS y) AS t`,
		`INSERT INTO drafts (id, user_id, body_id, project_id, base_ver, typed, stamp, created_at, updated_at)
		 SELECT 'd' || i, 'U' || i, 'body' || i, '', 0, '{}', 1, 1, 1 FROM generate_series(0, $1::int - 1, 5) AS i`,
	} {
		if _, err := db.ExecContext(ctx, q, channels); err != nil {
			return fmt.Errorf("seed %.40q: %w", q, err)
		}
	}
	_, err := db.ExecContext(ctx, `VACUUM ANALYZE`)
	return err
}

// benchRule is the one of the configuration's defaults.
func benchRule() reporting.NudgeRule {
	return reporting.NudgeRule{Weekday: time.Monday, Hour: 9, Location: time.FixedZone("CST", 8*60*60)}
}

// planning prints how long deciding and enqueueing all nudges takes.
func planning(ctx context.Context, store *storage.DB, db *sql.DB, o options) error {
	var took []float64
	for range o.rounds {
		if _, err := db.ExecContext(ctx, `TRUNCATE outbox`); err != nil {
			return fmt.Errorf("empty the outbox: %w", err)
		}
		s := scheduler.New(store, nil, scheduler.Config{Rule: benchRule(), Log: slog.New(slog.DiscardHandler)})
		began := time.Now()
		planned, err := s.Plan(ctx, began)
		if err != nil {
			return err
		}
		if len(planned) != o.channels {
			return fmt.Errorf("%d nudges were planned for %d channels", len(planned), o.channels)
		}
		took = append(took, time.Since(began).Seconds())
	}
	fmt.Printf("plan and enqueue for %d channels, PostgreSQL: %.2f s (median of %d, highest/lowest ×%.2f)\n", o.channels, median(took), o.rounds, spread(took))
	return nil
}

// postOffice is a Slack that takes posts and keeps count of their keys.
type postOffice struct {
	answer time.Duration
	want   int
	full   chan struct{} // closed when want keys have come

	mu    sync.Mutex
	keys  map[string]int
	posts map[string][]time.Time // by replica
	edits int
}

// together returns how many posts a second came while all replicas posted: they
// do not begin and end at the same moment.
func (p *postOffice) together() (float64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var from, to time.Time
	for _, times := range p.posts {
		if first := times[0]; first.After(from) {
			from = first
		}
		if last := times[len(times)-1]; to.IsZero() || last.Before(to) {
			to = last
		}
	}
	n := 0
	for _, times := range p.posts {
		for _, at := range times {
			if at.After(from) && !at.After(to) {
				n++
			}
		}
	}
	if n < len(p.keys)/2 {
		return 0, fmt.Errorf("%d of %d messages were posted while all replicas posted: too few to tell a rate", n, len(p.keys))
	}
	return float64(n) / to.Sub(from).Seconds(), nil
}

// ServeHTTP answers the calls of a replica that posts.
func (p *postOffice) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	replica, method := path.Split(r.URL.Path)
	switch method {
	case "auth.test", "users.info":
		fakeSlack(w, r)
		return
	case "conversations.history":
		fmt.Fprint(w, `{"ok":true,"messages":[],"has_more":false}`)
		return
	}
	time.Sleep(p.answer)
	var data struct {
		Payload struct {
			Key string `json:"key"`
		} `json:"event_payload"`
	}
	err := json.Unmarshal([]byte(r.FormValue("metadata")), &data)
	if err != nil || data.Payload.Key == "" {
		fmt.Fprint(w, `{"ok":false,"error":"invalid_metadata_format"}`)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if method == "chat.update" {
		p.edits++
	} else if strings.HasPrefix(data.Payload.Key, "nudge/") {
		p.keys[data.Payload.Key]++
		p.posts[replica] = append(p.posts[replica], time.Now())
		if len(p.keys) == p.want && p.keys[data.Payload.Key] == 1 {
			close(p.full)
		}
	}
	fmt.Fprintf(w, `{"ok":true,"channel":%q,"ts":"%d.%06d"}`, r.FormValue("channel"), time.Now().Unix(), len(p.keys))
}

// twice returns how many keys came more than once.
func (p *postOffice) twice() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, times := range p.keys {
		if times > 1 {
			n++
		}
	}
	return n
}

// posted is what a run of deliveries measured.
type posted struct {
	perSecond float64
	cpu       time.Duration // of all replicas
	memory    int64         // MiB, the highest of one
}

// deliver prints the rates of one replica and of two by turns.
func (b *programs) deliver(ctx context.Context, o options, dsn string, db *sql.DB, answer time.Duration) error {
	rates := map[int][]float64{}
	var cpu []float64
	var memory int64
	for range o.rounds {
		for _, replicas := range []int{1, 2} {
			got, err := b.posting(ctx, o, dsn, db, answer, replicas)
			if err != nil {
				return err
			}
			rates[replicas] = append(rates[replicas], got.perSecond)
			if replicas == 1 {
				cpu = append(cpu, got.cpu.Seconds()*1000/float64(o.channels))
			}
			memory = max(memory, got.memory)
		}
	}
	one, two := median(rates[1]), median(rates[2])
	fmt.Printf("deliver %d messages, Slack answers after %s, %d workers a replica\n", o.channels, answer, o.workers)
	fmt.Printf("  one replica %.0f/s, two %.0f/s: ×%.2f; noise of %d rounds ×%.2f, ×%.2f\n", one, two, two/one, o.rounds, spread(rates[1]), spread(rates[2]))
	fmt.Printf("  %.2f ms of CPU a message in the replica, %d MiB at most\n", median(cpu), memory)
	if answer > 0 {
		fmt.Printf("  %d workers can post %.0f/s at most\n", o.workers, float64(o.workers)/answer.Seconds())
	}
	return nil
}

// posting has replicas post everything once.
func (b *programs) posting(ctx context.Context, o options, dsn string, db *sql.DB, answer time.Duration, replicas int) (out posted, err error) {
	for _, q := range []string{
		`DELETE FROM outbox WHERE kind <> 'nudge'`,
		`TRUNCATE nudge_weeks`,
		`UPDATE outbox SET state = 'pending', outcome = '', attempts = 0, tried_at = 0, retry_at = 0, lease_until = 0`,
		`VACUUM FULL ANALYZE outbox`,
	} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return out, fmt.Errorf("make ready: %w", err)
		}
	}
	office := &postOffice{answer: answer, want: o.channels, full: make(chan struct{}), keys: map[string]int{}, posts: map[string][]time.Time{}}
	slack := httptest.NewServer(office)
	defer slack.Close()
	var running []*server
	defer func() {
		for _, s := range running {
			s.stop()
		}
	}()
	for i := range replicas {
		s, err := b.serve(ctx, dsn, fmt.Sprintf("%s/replica%d", slack.URL, i), fmt.Sprintf("posts_per_second = 10000.0\nworkers = %d\n", o.workers))
		if err != nil {
			return out, err
		}
		running = append(running, s)
	}
	select {
	case <-office.full:
	case <-time.After(10 * time.Minute):
		return out, errors.New("not all messages were posted in ten minutes")
	case <-ctx.Done():
		return out, ctx.Err()
	}
	if out.cpu, err = cpuOf(running); err != nil {
		return out, err
	}
	if out.perSecond, err = office.together(); err != nil {
		return out, err
	}
	if n := office.twice(); n > 0 {
		return out, fmt.Errorf("%d messages were posted more than once", n)
	}
	for _, s := range running {
		m, err := s.memory()
		if err != nil {
			return out, err
		}
		out.memory = max(out.memory, m)
	}
	return out, nil
}

// cpuOf returns the processor time that servers have used.
func cpuOf(all []*server) (time.Duration, error) {
	var total time.Duration
	for _, s := range all {
		d, err := s.cpu()
		if err != nil {
			return 0, err
		}
		total += d
	}
	return total, nil
}
