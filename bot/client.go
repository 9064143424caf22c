package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

const (
	callTime  = 10 * time.Second
	fileTime  = 2 * time.Minute // for the content of a file
	answerMax = 64 << 20        // bytes that an answer or a file may have
	bodyLimit = 1 << 20
)

// Conns is how many connections to Slack stay open: as many posts can be under
// way at the same time.
const Conns = 100

// NewClient returns a client of Slack's Web API at apiURL (empty: Slack's own)
// that gives up after 10 seconds (files: two minutes), retries nothing and reports every call to
// observe, which may be nil. appToken is needed for Socket Mode only.
func NewClient(token, appToken, apiURL string, observe Observer) *slack.Client {
	if apiURL == "" {
		apiURL = slack.APIURL
	}
	if !strings.HasSuffix(apiURL, "/") {
		apiURL += "/"
	}
	if observe == nil {
		observe = nobody{}
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = Conns
	return slack.New(token,
		slack.OptionAPIURL(apiURL),
		slack.OptionAppLevelToken(appToken),
		slack.OptionHTTPClient(&http.Client{
			Timeout:   fileTime, // of calls: observed
			Transport: &observed{next: t, apiURL: apiURL, observe: observe},
		}))
}

// responseURL stands for the method of a call of a response URL.
const responseURL = "response_url"

// observed reports calls by Slack's method and error code.
type observed struct {
	next    http.RoundTripper
	apiURL  string
	observe Observer
}

// RoundTrip does one call.
func (o *observed) RoundTrip(r *http.Request) (*http.Response, error) {
	method, start, limit := responseURL, time.Now(), callTime
	switch {
	case strings.HasPrefix(r.URL.String(), o.apiURL):
		method = path.Base(r.URL.Path)
	case strings.HasPrefix(r.URL.Path, "/upload/"), strings.HasPrefix(r.URL.Path, "/files-pri/"):
		method, limit = "file", fileTime
	}
	// The answer is read whole before it is handed on, so its time ends with it.
	ctx, cancel := context.WithTimeout(r.Context(), limit)
	defer cancel()
	r = r.WithContext(ctx)
	resp, outcome, err := o.call(r, method)
	o.observe.Called(method, outcome, time.Since(start))
	return resp, err
}

func (o *observed) call(r *http.Request, method string) (*http.Response, string, error) {
	resp, err := o.next.RoundTrip(r)
	if err != nil {
		return nil, "no_answer", err
	}
	// Slack answers 200 for what it refuses, so the outcome is in the body.
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerMax))
	_ = resp.Body.Close()
	if err != nil {
		return nil, "no_answer", fmt.Errorf("read answer: %w", err)
	}
	if method == responseURL {
		body = spelled(resp, body)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if resp.StatusCode != http.StatusOK {
		return resp, fmt.Sprintf("http_%d", resp.StatusCode), nil
	}
	if code, refused := refusalIn(body); refused {
		return resp, code, nil
	}
	return resp, "ok", nil
}

// refusalIn returns the code of an answer in which Slack refuses a call.
func refusalIn(body []byte) (code string, ok bool) {
	var said struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if json.Unmarshal(body, &said) != nil || said.OK == nil || *said.OK {
		return "", false
	}
	return said.Error, true
}

// bareCode is a refusal of a response URL that is nothing but its code.
var bareCode = regexp.MustCompile(`^[a-z]+(_[a-z]+)+$`)

// spelled returns the answer of a response URL as the Web API would give it. A
// response URL refuses with HTTP 400 and a code as text, as it is seen with
// invalid_blocks (slackapi/java-slack-sdk#1017), and slack-go would keep only the 400.
func spelled(resp *http.Response, body []byte) []byte {
	if resp.StatusCode != http.StatusOK && (resp.StatusCode < 400 || resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests) {
		return body
	}
	if _, refused := refusalIn(body); !refused {
		text := bytes.TrimSpace(body)
		if !bareCode.Match(text) {
			return body
		}
		body = fmt.Appendf(nil, `{"ok":false,"error":%q}`, text)
	}
	resp.StatusCode, resp.Status = http.StatusOK, http.StatusText(http.StatusOK)
	resp.Header.Set("Content-Type", "application/json")
	return body
}
