package main

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// load is one slash command, sent again and again.
type load struct {
	addr   string // host:port
	secret string // signing secret
	want   string // must be in every answer
}

// result is what a run measured.
type result struct {
	requests, failures int
	elapsed            time.Duration
	latencies          []time.Duration
	firstFailure       error
}

func (r result) perSecond() float64 { return float64(r.requests) / r.elapsed.Seconds() }

// percentile returns the p-th percentile of the latencies, p in 0…1.
func (r result) percentile(p float64) time.Duration {
	if len(r.latencies) == 0 {
		return 0
	}
	return r.latencies[min(len(r.latencies)-1, int(p*float64(len(r.latencies))))]
}

// request returns the bytes of a signed POST. Everything but signature and
// time stamp is the same each time.
func (l load) request(now time.Time, n int) []byte {
	body := url.Values{
		"command": {"/quota"}, "text": {"jingyue"}, "user_id": {"UBENCH"}, "channel_id": {"C0BENCH"}, "channel_name": {"office"},
		"team_id": {"T1"}, "trigger_id": {strconv.Itoa(n)}, "response_url": {"http://127.0.0.1:1/respond"}, "api_app_id": {"A1"},
	}.Encode()
	ts := strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(l.secret))
	fmt.Fprintf(mac, "v0:%s:%s", ts, body)
	return fmt.Appendf(nil, "POST /slack/commands HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Slack-Request-Timestamp: %s\r\nX-Slack-Signature: v0=%s\r\nContent-Length: %d\r\n\r\n%s",
		l.addr, ts, hex.EncodeToString(mac.Sum(nil)), len(body), body)
}

// client is one kept-alive connection that speaks just enough HTTP/1.1, so
// that the generator takes little of the machine it shares with the server.
type client struct {
	load
	conn net.Conn
	r    *bufio.Reader
	n    int
	req  []byte
	at   int64 // unix second for which req was signed
}

func (l load) dial() (*client, error) {
	conn, err := net.Dial("tcp", l.addr)
	if err != nil {
		return nil, fmt.Errorf("connect to the server under load: %w", err)
	}
	return &client{load: l, conn: conn, r: bufio.NewReaderSize(conn, 32<<10)}, nil
}

// answerTime is how long an answer may take before the run fails.
const answerTime = 10 * time.Second

func (c *client) do() error {
	if now := time.Now(); now.Unix() != c.at {
		c.req, c.at = c.request(now, c.n), now.Unix()
	}
	c.n++
	if err := c.conn.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return fmt.Errorf("set deadline: %w", err)
	}
	if _, err := c.conn.Write(c.req); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	status, body, err := c.read()
	switch {
	case err != nil:
		return fmt.Errorf("receive: %w", err)
	case status != "200":
		return fmt.Errorf("status %s: %.200s", status, body)
	case !bytes.Contains(body, []byte(c.want)):
		return fmt.Errorf("answer lacks %q: %.300s", c.want, body)
	}
	return nil
}

var errChunked = errors.New("answer without Content-Length")

func (c *client) read() (status string, body []byte, err error) {
	length := -1
	for first := true; ; first = false {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return "", nil, err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break
		}
		if first {
			if f := strings.Fields(line); len(f) > 1 {
				status = f[1]
			}
		} else if v, ok := strings.CutPrefix(strings.ToLower(line), "content-length:"); ok {
			length, _ = strconv.Atoi(strings.TrimSpace(v))
		}
	}
	if length < 0 {
		return status, nil, errChunked
	}
	body = make([]byte, length)
	_, err = io.ReadFull(c.r, body)
	return status, body, err
}

// closedLoop keeps conns connections busy for d.
func (l load) closedLoop(conns int, d time.Duration) (result, error) {
	stop := time.Now().Add(d)
	return l.run(conns, func(c *client, note func(time.Duration, error)) {
		for time.Now().Before(stop) {
			began := time.Now()
			err := c.do()
			note(time.Since(began), err)
			if err != nil {
				return
			}
		}
	})
}

// openLoop sends rate requests a second for d, whether or not earlier ones
// were answered; a latency is counted from the moment a request was due, so a
// stall is not hidden.
func (l load) openLoop(conns, rate int, d time.Duration) (result, error) {
	began := time.Now()
	total := int64(float64(rate) * d.Seconds())
	var next atomic.Int64
	return l.run(conns, func(c *client, note func(time.Duration, error)) {
		for {
			i := next.Add(1) - 1
			if i >= total {
				return
			}
			due := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
			time.Sleep(time.Until(due))
			err := c.do()
			note(time.Since(due), err)
			if err != nil {
				return
			}
		}
	})
}

func (l load) run(conns int, work func(*client, func(time.Duration, error))) (result, error) {
	clients := make([]*client, conns)
	for i := range clients {
		c, err := l.dial()
		if err != nil {
			return result{}, err
		}
		defer c.conn.Close()
		clients[i] = c
	}
	var mu sync.Mutex
	var out result
	var wg sync.WaitGroup
	began := time.Now()
	for _, c := range clients {
		wg.Go(func() {
			var mine []time.Duration
			var failed error
			failures := 0
			work(c, func(d time.Duration, err error) {
				if err != nil {
					failures, failed = failures+1, err
					return
				}
				mine = append(mine, d)
			})
			mu.Lock()
			defer mu.Unlock()
			out.latencies = append(out.latencies, mine...)
			out.failures += failures
			if failed != nil && out.firstFailure == nil {
				out.firstFailure = failed
			}
		})
	}
	wg.Wait()
	out.elapsed, out.requests = time.Since(began), len(out.latencies)
	slices.Sort(out.latencies)
	return out, nil
}
