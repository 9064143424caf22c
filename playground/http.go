package playground

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// postSigned delivers over HTTP, signed with the app's secret.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func (s *Server) postSigned(ctx context.Context, d delivery) ([]byte, error) {
	body, kind, err := encodeDelivery(d)
	if err != nil {
		return nil, fmt.Errorf("encode delivery: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.cfg.RequestURL+"/slack/"+d.path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	stamp := strconv.FormatInt(s.cfg.Now().Unix(), 10)
	req.Header.Set("Content-Type", kind)
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", sign(s.cfg.SigningSecret, stamp, body))
	if d.attempt > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(d.attempt))
		req.Header.Set("X-Slack-Retry-Reason", d.reason)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("post: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	accepted := res.StatusCode == http.StatusOK || d.envelope == "events_api" && res.StatusCode/100 == 2
	if !accepted {
		return nil, &statusError{status: res.StatusCode, noRetry: res.Header.Get("X-Slack-No-Retry") == "1"}
	}
	return answer, nil
}

// encodeDelivery writes a delivery the way each of Slack's endpoints is called.
func encodeDelivery(d delivery) (body []byte, contentType string, err error) {
	const form = "application/x-www-form-urlencoded"
	if d.envelope == "slash_commands" {
		fields := url.Values{}
		for name, v := range d.payload {
			fields.Set(name, fmt.Sprint(v))
		}
		return []byte(fields.Encode()), form, nil
	}
	raw, err := json.Marshal(d.payload)
	if err != nil {
		return nil, "", err
	}
	if d.envelope == "interactive" {
		return []byte(url.Values{"payload": {string(raw)}}.Encode()), form, nil
	}
	return raw, "application/json", nil
}

// sign returns version 0 of Slack's signature.
func sign(secret, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// verifyURL makes the handshake Slack makes when a request URL is saved.
// https://docs.slack.dev/reference/events/url_verification
func (s *Server) verifyURL() {
	challenge := rand.Text()
	answer, err := s.deliver(s.ctx, delivery{envelope: "events_api", path: "events", payload: object{
		"type": "url_verification", "token": "playground", "challenge": challenge}})
	if err == nil && !strings.Contains(string(answer), challenge) {
		err = fmt.Errorf("the answer does not hold the challenge")
	}
	if err != nil {
		s.cfg.Log.Warn("request url was not verified", "err", err)
	}
}
