package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	asksPerSecond = 100
	askedProjects = 10_000
	askedBodies   = 60
	askTarget     = 50 * time.Millisecond // of the 99th percentile
)

// sentence is what is asked, and what an answer to it holds.
type sentence struct{ text, want string }

// asked are sentences of leaders, in three languages, by the kinds of questions.
var asked = []sentence{
	{"净月今年还差多少个项目？", "净月"},
	{"請問綠園區目前的完成率是多少", "綠園"},
	{"how many projects does Nong'an still owe this year?", "Nong'an"},
	{"按现在这个速度，汽开区年底能完成吗", "汽开"},
	{"二道每周要报几个才赶得上", "二道"},
	{"市发改委的任务是多少", "发改委"},
	{"全市现在到哪了", "全市"},
	{"哪些单位没达到序时进度？", "序时"},
	{"排名后三的开发区", "开发区"},
	{"经开区和净月比一比", "净月"},
	{"全市按五条路径分一下", "路径"},
	{"20亿以上的项目", "项目"},
	{"二道區處於謀劃儲備階段的項目", "二道"},
	{"汽车产业有多少项目", "汽车"},
	{"CC-%d-00000100那个项目啥情况", "00000100"},
	{"8000万的项目能不能算数？", "1"},
	{"kuancheg progress", "Kuancheng"},
	{"超过30天没更新的项目", "30"},
}

// nothing is the floor: a mention without a word is answered with the help.
var nothing = []sentence{{"", "问"}}

// sentences measures what somebody waits who asks in a channel: from the moment
// a signed mention is due until the answer arrives at Slack.
func (b *programs) sentences(ctx context.Context, o options) error {
	named := o
	named.name += "_asked"
	dsn, err := seed(ctx, named, askedProjects)
	if err != nil {
		return err
	}
	if err := moreBodies(ctx, dsn); err != nil {
		return err
	}
	desk := &newsDesk{waiting: map[string]*mention{}}
	slack := httptest.NewServer(desk)
	defer slack.Close()
	s, err := b.serve(ctx, dsn, slack.URL, "")
	if err != nil {
		return err
	}
	defer s.stop()
	desk.bot, desk.client = "http://"+s.addr+"/slack/events", &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: asksPerSecond}}
	if _, err := desk.asks(ctx, slices.Concat(nothing, asked), time.Second); err != nil { // caches are warm then
		return err
	}
	var floor, bot []*mention
	for range o.rounds {
		some, err := desk.asks(ctx, nothing, 2*time.Second)
		if err != nil {
			return err
		}
		floor = append(floor, some...)
		if some, err = desk.asks(ctx, asked, 3*time.Second); err != nil {
			return err
		}
		bot = append(bot, some...)
	}
	printSentences(floor, bot)
	return nil
}

// moreBodies fills the list of bodies up, and gives them the names that the
// city's have: a sentence is read against names.
func moreBodies(ctx context.Context, dsn string) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, `INSERT INTO bodies (id, position, kind, league, name_zh_cn, name_zh_tw, name_en, short_zh_cn, short_zh_tw, short_en,
			aliases, channel_id, channel_since, parent_id, undeliverable_since, undeliverable_why, version)
		 SELECT 'body' || i, i, 'department', 'department', '单位' || i, '單位' || i, 'Body ' || i, '单位' || i, '單位' || i, '', '[]', '', 0, '', 0, '', 1
		 FROM generate_series(40, $1::int - 1) AS i ON CONFLICT DO NOTHING`, askedBodies); err != nil {
		return fmt.Errorf("seed bodies: %w", err)
	}
	file, err := os.ReadFile("demo/bodies.csv")
	if err != nil {
		return fmt.Errorf("read the city's bodies: %w", err)
	}
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		return fmt.Errorf("read the city's bodies: %w", err)
	}
	// Territories are the first twenty: see seedSQL.
	territory, department := 1, 20
	for _, row := range rows[1:] {
		at := &territory
		switch {
		case row[1] == "department":
			at = &department
		case row[0] == "jingyue":
			at = new(int)
		}
		aliases, err := json.Marshal(strings.Split(row[8], "|"))
		if err != nil {
			return fmt.Errorf("name bodies: %w", err)
		}
		if _, err := db.ExecContext(ctx, `UPDATE bodies SET kind = $2, league = $2, name_zh_cn = $3, name_zh_tw = $4, name_en = $5,
			short_zh_cn = $6, short_zh_tw = $7, aliases = $8 WHERE position = $1`, *at, row[1], row[3], row[4], row[5], row[6], row[7], string(aliases)); err != nil {
			return fmt.Errorf("name bodies: %w", err)
		}
		*at++
	}
	return nil
}

// mention is a sentence that was asked, in a thread of its own.
type mention struct {
	sentence
	due    time.Time
	took   time.Duration // until the answer was posted
	answer string
	done   chan struct{} // closed then
}

// newsDesk is a Slack that delivers mentions and takes the answers.
type newsDesk struct {
	bot    string // where mentions go
	client *http.Client

	mu      sync.Mutex
	asked   int
	waiting map[string]*mention // by thread
}

// ServeHTTP answers the calls of a bot that answers.
func (d *newsDesk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := path.Base(r.URL.Path)
	if method != "chat.postMessage" && method != "chat.postEphemeral" {
		fakeSlack(w, r)
		return
	}
	at := time.Now()
	thread, answer := r.FormValue("thread_ts"), r.FormValue("text")+r.FormValue("blocks")
	d.mu.Lock()
	m := d.waiting[thread]
	delete(d.waiting, thread)
	d.mu.Unlock()
	if m != nil {
		m.took, m.answer = at.Sub(m.due), answer
		close(m.done)
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"ok":true,"channel":%q,"ts":"1.000001","message_ts":"1.000001"}`, r.FormValue("channel"))
}

// asks has mentions delivered for a while, whether or not earlier ones were
// answered, and waits for the answers.
func (d *newsDesk) asks(ctx context.Context, of []sentence, length time.Duration) ([]*mention, error) {
	all := make([]*mention, int(length.Seconds()*asksPerSecond))
	failed := make(chan error, len(all))
	began := time.Now()
	var wg sync.WaitGroup
	for i := range all {
		m := &mention{sentence: of[i%len(of)], due: began.Add(time.Duration(i) * time.Second / asksPerSecond), done: make(chan struct{})}
		all[i] = m
		time.Sleep(time.Until(m.due))
		wg.Go(func() {
			if err := d.asksOne(ctx, m); err != nil {
				failed <- fmt.Errorf("%q: %w", m.text, err)
			}
		})
	}
	wg.Wait()
	select {
	case err := <-failed:
		return nil, err
	default:
		return all, nil
	}
}

func (d *newsDesk) asksOne(ctx context.Context, m *mention) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	d.mu.Lock()
	d.asked++
	n := d.asked
	thread := fmt.Sprintf("1530000000.%06d", n)
	d.waiting[thread] = m
	d.mu.Unlock()
	text := m.text
	if strings.Contains(text, "%d") {
		text = fmt.Sprintf(text, time.Now().Year()-100%3) // the year of project 100: see seedSQL
	}
	body, err := json.Marshal(map[string]any{
		"type": "event_callback", "event_id": "Ev" + strconv.Itoa(n), "authorizations": []map[string]any{{"user_id": "UBOT", "is_bot": true}},
		"event": map[string]any{"type": "app_mention", "user": "ULEAD", "channel": "C0BENCH", "text": "<@UBOT> " + text, "ts": thread, "thread_ts": thread},
	})
	if err != nil {
		return err
	}
	ts := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", ts, body)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.bot, strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Slack-Request-Timestamp", ts)
	req.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := d.client.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if err := cmp.Or(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %s", resp.Status)
	}
	select {
	case <-m.done:
	case <-ctx.Done():
		return fmt.Errorf("no answer: %w", ctx.Err())
	}
	if !strings.Contains(m.answer, m.want) {
		return fmt.Errorf("answer lacks %q: %.300s", m.want, m.answer)
	}
	return nil
}

// printSentences prints both, and which sentences were the slowest to answer.
func printSentences(floor, bot []*mention) {
	f, s := times(floor), times(bot)
	fmt.Printf("sentences over HTTP mode, %d a second, %d bodies, %d projects: ms until the answer is posted\n", asksPerSecond, askedBodies, askedProjects)
	fmt.Printf("%-12s %12s %12s\n", "", "no word", "a sentence")
	for _, row := range []struct {
		name string
		p    float64
	}{{"median", 0.5}, {"p99", 0.99}, {"highest", 1}} {
		fmt.Printf("%-12s %12.1f %12.1f\n", row.name, ms(f.percentile(row.p)), ms(s.percentile(row.p)))
	}
	if p := s.percentile(0.99); p < askTarget {
		fmt.Printf("p99 is under the %.0f ms that are allowed\n", ms(askTarget))
	} else {
		fmt.Printf("p99 is OVER the %.0f ms that are allowed\n", ms(askTarget))
	}
	by := map[string][]*mention{}
	for _, m := range bot {
		by[m.text] = append(by[m.text], m)
	}
	slowest := slices.SortedFunc(maps.Keys(by), func(x, y string) int { return cmp.Compare(times(by[y]).percentile(0.5), times(by[x]).percentile(0.5)) })
	for _, text := range slowest[:3] {
		fmt.Printf("  slowest by median: %.1f ms, %s\n", ms(times(by[text]).percentile(0.5)), text)
	}
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

// times are what mentions took, as a result.
func times(of []*mention) result {
	var r result
	for _, m := range of {
		r.latencies = append(r.latencies, m.took)
	}
	slices.Sort(r.latencies)
	return r
}
