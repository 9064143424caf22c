package playground

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// TimeoutError says that the bot did not acknowledge what a person did in time.
type TimeoutError struct {
	What  string        // the command or interaction
	After time.Duration // how long the bot had
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s was not acknowledged within %s", e.What, e.After)
}

var (
	errNoBot    = errors.New("no bot is connected")
	errConnGone = errors.New("the bot's connection closed before it answered")
)

// statusError is an HTTP answer other than the one Slack wants.
type statusError struct {
	status  int
	noRetry bool // the bot asked not to be told again
}

func (e *statusError) Error() string { return fmt.Sprintf("the bot answered HTTP %d", e.status) }

// delivery is one thing the bot is told.
type delivery struct {
	envelope string // Socket Mode's type: slash_commands, interactive or events_api
	path     string // where HTTP mode posts it, under /slack/
	payload  object
	answered bool   // the acknowledgement may carry an answer
	attempt  int    // repeated deliveries of events count from 1
	reason   string // why it is repeated
}

// deliver tells the bot and returns what it answered. The error is a *TimeoutError, a
// *statusError or that there is no bot. It must be called without mu.
func (s *Server) deliver(ctx context.Context, d delivery) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.AckTimeout)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	answer, err := s.send(ctx, d)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && err != nil {
		err = &TimeoutError{What: what(d), After: s.cfg.AckTimeout}
	}
	if err != nil {
		s.cfg.Log.Warn("delivery to the bot was not acknowledged", "what", what(d), "err", err)
	}
	return answer, err
}

func (s *Server) send(ctx context.Context, d delivery) ([]byte, error) {
	if s.cfg.RequestURL == "" {
		return s.sockets.send(ctx, d)
	}
	answer, err := s.postSigned(ctx, d)
	var status *statusError
	if reached := err == nil || errors.As(err, &status); s.reaching.Swap(reached) != reached {
		s.botChanged()
	}
	return answer, err
}

// what names a delivery in logs and errors.
func what(d delivery) string {
	for _, name := range []string{"command", "type"} {
		if s, ok := d.payload[name].(string); ok {
			return s
		}
	}
	return d.envelope
}

// retryReason names a failure as Slack does in X-Slack-Retry-Reason.
// https://docs.slack.dev/apis/events-api
func retryReason(err error) string {
	var timeout *TimeoutError
	var status *statusError
	switch {
	case errors.As(err, &timeout):
		return "http_timeout"
	case errors.As(err, &status):
		return "http_error"
	}
	return "connection_failed"
}

// readReply reads an answer to a command: an object, or plain text for the message to show.
// It returns nil when the bot only acknowledged.
func readReply(body []byte) object {
	text := strings.TrimSpace(string(body))
	var o object
	var s string
	switch {
	case text == "" || text == "null":
		return nil
	case decode(strings.NewReader(text), &o) == nil:
		return o
	case json.Unmarshal([]byte(text), &s) == nil:
		return object{"text": s}
	}
	return object{"text": text}
}
