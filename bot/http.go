package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/slack-go/slack"
)

// routes are Slack's ways in over HTTP. An error is a body that cannot be read.
var routes = []struct {
	path  string
	serve func(b *Bot, body []byte) (ack, error)
}{
	{"/slack/commands", (*Bot).commandForm},
	{"/slack/interactions", (*Bot).interactionForm},
	{"/slack/options", (*Bot).interactionForm},
	{"/slack/events", (*Bot).event},
}

// Handler returns the endpoints of HTTP mode: POST /slack/commands,
// /slack/interactions, /slack/options and /slack/events. It answers 413 to a
// body over 1 MiB, 401 to a signature that is missing, wrong or older than
// five minutes (https://docs.slack.dev/authentication/verifying-requests-from-slack),
// 400 to a signed body that cannot be read, and 503 after Shutdown, so that
// Slack delivers again elsewhere; their bodies are empty.
func (b *Bot) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, route := range routes {
		mux.HandleFunc("POST "+route.path, func(w http.ResponseWriter, r *http.Request) {
			payload, status := b.receive(w, r, route.serve)
			if payload != nil {
				w.Header().Set("Content-Type", "application/json; charset=utf-8")
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(payload)))
			w.WriteHeader(status)
			_, _ = w.Write(payload)
		})
	}
	return mux
}

func (b *Bot) receive(w http.ResponseWriter, r *http.Request, serve func(*Bot, []byte) (ack, error)) (payload []byte, status int) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return nil, http.StatusRequestEntityTooLarge
	case err != nil:
		return nil, http.StatusBadRequest
	}
	if err := b.verify(r.Header, body); err != nil {
		b.log.Warn("request refused", "path", r.URL.Path, "reason", err)
		return nil, http.StatusUnauthorized
	}
	if !b.begin() {
		return nil, http.StatusServiceUnavailable
	}
	defer b.work.Done()
	status = http.StatusInternalServerError // when serve panics
	defer b.rescue()
	a, err := serve(b, body)
	if err != nil {
		b.log.Warn("request not understood", "path", r.URL.Path, "reason", err)
		return nil, http.StatusBadRequest
	}
	if a.payload == nil {
		return nil, http.StatusOK
	}
	payload, err = json.Marshal(a.payload)
	if err != nil {
		b.log.Error("answer not encoded", "path", r.URL.Path, "error", err)
		return nil, http.StatusInternalServerError
	}
	return payload, http.StatusOK
}

// verify checks Slack's signature of the raw body, and its age by the real
// clock: Slack's stamps do not follow Config.Now.
func (b *Bot) verify(h http.Header, body []byte) error {
	v, err := slack.NewSecretsVerifier(h, b.cfg.SigningSecret)
	if err != nil {
		return fmt.Errorf("read signature: %w", err)
	}
	if _, err := v.Write(body); err != nil {
		return fmt.Errorf("hash body: %w", err)
	}
	if err := v.Ensure(); err != nil {
		return fmt.Errorf("check signature: %w", err)
	}
	return nil
}

func (b *Bot) commandForm(body []byte) (ack, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return ack{}, fmt.Errorf("parse form: %w", err)
	}
	if form.Get("ssl_check") == "1" {
		return ack{}, nil
	}
	c := slack.SlashCommand{
		TeamID: form.Get("team_id"), ChannelID: form.Get("channel_id"), UserID: form.Get("user_id"),
		Command: form.Get("command"), Text: form.Get("text"),
		ResponseURL: form.Get("response_url"), TriggerID: form.Get("trigger_id"),
	}
	if c.Command == "" || c.UserID == "" {
		return ack{}, errors.New("form has no command or no user_id")
	}
	return b.command(c), nil
}

func (b *Bot) interactionForm(body []byte) (ack, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return ack{}, fmt.Errorf("parse form: %w", err)
	}
	if form.Get("ssl_check") == "1" {
		return ack{}, nil
	}
	var cb slack.InteractionCallback
	if err := json.Unmarshal([]byte(form.Get("payload")), &cb); err != nil {
		return ack{}, fmt.Errorf("parse payload: %w", err)
	}
	return b.interaction(cb), nil
}
