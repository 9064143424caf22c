package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const (
	// Slack drops acknowledgements of 20 KB and more without a word.
	socketPayload = 19 << 10
	// How long deliveries that were read may take to be acknowledged once the
	// connection is to end: Slack waits no longer.
	socketDrain = 3 * time.Second
	socketPause = 5 * time.Second // before connecting anew when the client gave up
)

// RunSocket receives deliveries over Socket Mode, connecting again for ever,
// until ctx ends (nil) or Slack no longer takes the app token (an error). It
// dispatches as Handler does.
func (b *Bot) RunSocket(ctx context.Context) error {
	for {
		err := b.connect(ctx)
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // the end that was asked for
		case err != nil && deadToken(err):
			return fmt.Errorf("open socket: %w", err)
		}
		b.log.Error("socket given up, connecting again", "reason", fmt.Sprint(err))
		if !pause(ctx, socketPause) {
			return nil
		}
	}
}

func deadToken(err error) bool {
	switch codeOf(err) {
	case "invalid_auth", "account_inactive", "not_authed", "token_revoked":
		return true
	}
	return false
}

// connect serves one client until ctx ends or the client gives up.
func (b *Bot) connect(ctx context.Context) error {
	// The connection outlives ctx until what was read is acknowledged.
	alive, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	defer hangUp()
	client := socketmode.New(b.api)
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(alive) }()

	var reading sync.WaitGroup
	for {
		select {
		case e := <-client.Events:
			reading.Go(func() { b.envelope(alive, client, e) })
		case err := <-ended:
			return err
		case <-ctx.Done():
			drained := make(chan struct{})
			go func() {
				reading.Wait()
				close(drained)
			}()
			timer := time.NewTimer(socketDrain)
			defer timer.Stop()
			select {
			case <-drained:
			case <-timer.C:
			}
			hangUp()
			return <-ended
		}
	}
}

// envelope handles one event of the socket client. What is refused after
// Shutdown is not acknowledged, so that Slack delivers it again.
func (b *Bot) envelope(ctx context.Context, client *socketmode.Client, e socketmode.Event) {
	defer b.rescue()
	switch data := e.Data.(type) {
	case *slack.ConnectionErrorEvent:
		b.log.Warn("socket not connected", "attempt", data.Attempt, "reason", codeOf(data.ErrorObj))
		return
	case *socketmode.ConnectedEvent:
		b.log.Info("socket connected", "count", data.ConnectionCount)
		return
	case *socketmode.ErrorWriteFailed:
		b.log.Warn("socket acknowledgement lost", "reason", data.Cause)
		return
	case *socketmode.ErrorBadMessage:
		// slack-go fails on inner events that it does not know; ours are among
		// those it does, and the rest wants no more than an acknowledgement.
		req := &socketmode.Request{}
		if err := json.Unmarshal(data.Message, req); err != nil {
			b.log.Warn("socket message not understood", "reason", err)
			return
		}
		b.log.Debug("socket message not parsed", "type", req.Type, "reason", data.Cause)
		e.Request = req
	}
	if e.Request == nil || e.Request.EnvelopeID == "" || !b.begin() {
		return
	}
	defer b.work.Done()
	a, err := b.dispatch(e)
	if err != nil {
		b.log.Warn("socket message not understood", "type", e.Request.Type, "reason", err)
	}
	if err := client.AckCtx(ctx, e.Request.EnvelopeID, fit(a)); err != nil && !errors.Is(err, context.Canceled) {
		b.log.Error("socket acknowledgement not sent", "reason", err)
	}
}

func (b *Bot) dispatch(e socketmode.Event) (ack, error) {
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		return b.command(data), nil
	case slack.InteractionCallback:
		return b.interaction(data), nil
	}
	if e.Request.Type == socketmode.RequestTypeEventsAPI {
		return b.event(e.Request.Payload)
	}
	return ack{}, nil
}

// fit returns a payload that a socket takes.
func fit(a ack) any {
	if a.payload == nil || a.instead == nil {
		return a.payload
	}
	if raw, err := json.Marshal(a.payload); err == nil && len(raw) <= socketPayload {
		return json.RawMessage(raw)
	}
	return a.instead()
}

// pause waits; false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
