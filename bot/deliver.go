package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

const (
	metadataType = "mouhua_message"
	metadataKey  = "key"

	retryFirst   = 2 * time.Second
	retryMost    = 5 * time.Minute
	lookBack     = time.Minute // clocks differ: how far before the first try a post is looked for
	historyPage  = 200
	historyPages = 25
)

// identity is who the bot is to Slack, asked once.
type identity struct {
	mu    sync.Mutex
	asked bool
	botID string
	team  string // id of the workspace that the bot is installed in

	scopes map[string]bool // granted to its token; none when Slack does not say
	at     time.Time       // when Slack said so
}

// Deliver posts one outbox message, or edits the one that it rewrites, and
// returns what became of it. It posts once as far as Slack allows: a message
// that was tried before is first looked for by its key in the conversation's
// history. It never loses a message: whatever may pass is to be tried again
// at Receipt.RetryAt.
func (b *Bot) Deliver(ctx context.Context, m reporting.Message) reporting.Receipt {
	if m.EditOf != "" && (m.EditChannel == "" || m.EditTS == "") {
		return reporting.Receipt{Outcome: reporting.Skipped, Reason: "nothing to edit"}
	}
	out, err := ask(b, "compose", string(m.Kind), func() (commands.Outgoing, error) { return b.app.Compose(ctx, m) })
	if err != nil {
		return b.notComposed(m, err)
	}
	if m.ThreadOf != "" {
		return b.deliverReply(ctx, m, out)
	}
	channel := out.Channel
	if channel == "" {
		channel = m.To
	}
	if m.EditOf == "" && channel != "" {
		if channel, err = b.conversation(ctx, channel); err != nil {
			return b.failed(m, cmp.Or(out.Channel, m.To), err)
		}
		if m.Attempts > 1 && m.TriedAt > 0 {
			ts, err := b.find(ctx, channel, m)
			if err != nil {
				return b.failed(m, channel, fmt.Errorf("look for an earlier post: %w", err))
			}
			if ts != "" {
				return reporting.Receipt{Outcome: reporting.Sent, Channel: channel, TS: ts, Found: true, Week: out.Week}
			}
		}
	}
	switch {
	case out.Skip != "":
		return reporting.Receipt{Outcome: reporting.Skipped, Reason: out.Skip}
	case out.Reply == nil:
		return b.notComposed(m, errors.New("nothing to say and no reason to skip"))
	case channel == "" && m.EditOf == "":
		return reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: "no channel"}
	}
	r := b.send(ctx, m, channel, b.message(cmp.Or(out.Locale, b.cfg.Locale), out.Reply))
	r.Week = out.Week
	return r
}

// send posts or edits; what Slack refuses as ill-formed, in words or not, it sends
// once more as plain text.
func (b *Bot) send(ctx context.Context, m reporting.Message, channel string, msg *message) reporting.Receipt {
	var r reporting.Receipt
	err := b.posted(msg, func(msg *message) (err error) {
		r, err = b.write(ctx, m, channel, msg)
		return err
	})
	if class, _ := classify(err); class == reporting.OurBug {
		b.log.Error("message refused, sending plain text",
			"key", m.Key, "kind", m.Kind, "reason", codeOf(err), "details", detailsOf(err))
		r, err = b.write(ctx, m, channel, &message{Text: msg.Text, broadcast: msg.broadcast})
	}
	if err != nil {
		return b.failed(m, cmp.Or(m.EditChannel, channel), err)
	}
	return r
}

func (b *Bot) write(ctx context.Context, m reporting.Message, channel string, msg *message) (reporting.Receipt, error) {
	options := append(msg.options(),
		slack.MsgOptionParse(false), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{
			// An edit leaves the message the key under which it is looked for.
			EventType: metadataType, EventPayload: map[string]any{metadataKey: cmp.Or(m.EditOf, m.Key)},
		}))
	var ts string
	var err error
	if m.EditOf != "" {
		channel, ts, _, err = b.api.UpdateMessageContext(ctx, m.EditChannel, m.EditTS, options...)
	} else {
		channel, ts, err = b.api.PostMessageContext(ctx, channel, append(options, threadOptions(m, msg)...)...)
	}
	if err == nil && ts == "" {
		err = errors.New("slack's answer has no ts")
	}
	return reporting.Receipt{Outcome: reporting.Sent, Channel: channel, TS: ts}, err
}

// conversation returns the conversation of a channel or user id.
func (b *Bot) conversation(ctx context.Context, id string) (string, error) {
	if id[0] != 'U' && id[0] != 'W' {
		return id, nil
	}
	return b.open(ctx, id)
}

// find returns the ts of the message that carries m's key, or "".
func (b *Bot) find(ctx context.Context, channel string, m reporting.Message) (string, error) {
	botID, err := b.botID(ctx)
	if err != nil {
		return "", err
	}
	query := &slack.GetConversationHistoryParameters{
		ChannelID: channel, IncludeAllMetadata: true, Limit: historyPage, Oldest: b.oldest(m),
	}
	for range historyPages {
		page, err := b.api.GetConversationHistoryContext(ctx, query)
		if err != nil {
			return "", err
		}
		if ts := keyed(page.Messages, botID, m.Key); ts != "" {
			return ts, nil
		}
		query.Cursor = page.ResponseMetaData.NextCursor
		if !page.HasMore || query.Cursor == "" {
			return "", nil
		}
	}
	b.log.Warn("earlier post not found in a long history", "key", m.Key, "pages", historyPages)
	return "", nil
}

func (b *Bot) botID(ctx context.Context) (string, error) {
	botID, _, err := b.whoami(ctx)
	return botID, err
}

// team returns the id of the bot's own workspace.
func (b *Bot) team(ctx context.Context) (string, error) {
	_, team, err := b.whoami(ctx)
	return team, err
}

func (b *Bot) whoami(ctx context.Context) (botID, team string, err error) {
	b.self.mu.Lock()
	defer b.self.mu.Unlock()
	if !b.self.asked {
		if err := b.introduce(ctx); err != nil {
			return "", "", err
		}
	}
	return b.self.botID, b.self.team, nil
}

// introduce asks Slack who the bot is. The caller holds the identity's lock.
func (b *Bot) introduce(ctx context.Context) error {
	who, err := b.api.AuthTestContext(ctx)
	if err != nil {
		return err
	}
	b.self.asked, b.self.botID, b.self.team, b.self.at = true, who.BotID, who.TeamID, b.cfg.Now()
	b.self.scopes = map[string]bool{}
	for _, scope := range strings.FieldsFunc(who.Header.Get("X-Oauth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' }) {
		b.self.scopes[scope] = true
	}
	return nil
}

// notEditable are the codes of a message that is gone or too old to rewrite,
// while its conversation is alive.
var notEditable = map[string]bool{"message_not_found": true, "edit_window_closed": true, "cant_update_message": true}

// failed turns an error of Slack about channel into a receipt.
func (b *Bot) failed(m reporting.Message, channel string, err error) reporting.Receipt {
	r := b.judged(m, channel, err)
	r.Channel = channel
	return r
}

func (b *Bot) judged(m reporting.Message, channel string, err error) reporting.Receipt {
	class, wait := classify(err)
	reason := codeOf(err)
	switch class {
	case reporting.DestinationDead:
		return b.unreached(m, channel, reason)
	case reporting.InstallDead:
		if b.shouts.first("refused "+reason, b.cfg.Now()) {
			b.log.Error("slack refuses the bot", "key", m.Key, "reason", reason)
		}
		return b.later(class, reason, retryMost)
	case reporting.RateLimited:
		return b.later(class, reason, wait)
	case reporting.OurBug:
		b.log.Error("message refused", "key", m.Key, "kind", m.Kind, "reason", reason, "details", detailsOf(err))
		return reporting.Receipt{Outcome: reporting.Failed, Class: class, Reason: reason}
	}
	b.log.Warn("message not sent", "key", m.Key, "reason", reason, "attempts", m.Attempts)
	return b.later(class, reason, backoff(m.Attempts))
}

// goneUser are the codes of a person to whom nothing can be said any more.
var goneUser = map[string]bool{
	"user_not_found": true, "users_not_found": true, "user_disabled": true, "user_not_visible": true,
	"is_inactive": true, "cannot_dm_bot": true,
}

// waits are what a message waits for a channel to be repaired, from try to try.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// unreached says what becomes of a message whose channel Slack refuses. A nudge
// ends, for the office is told and the next one comes. What nobody would say
// again waits until the bot is invited.
func (b *Bot) unreached(m reporting.Message, channel, code string) reporting.Receipt {
	dead := reporting.Receipt{Outcome: reporting.Dead, Class: reporting.DestinationDead, Reason: code}
	switch {
	case m.EditOf != "" && notEditable[code], m.ThreadOf != "" && noThread[code]:
		return reporting.Receipt{Outcome: reporting.Skipped, Reason: code}
	case m.Kind == reporting.NudgeMessage:
		return dead
	case m.EditOf != "" && code == "is_archived", m.To != "" && goneUser[code]:
		b.log.Warn("message given up", "key", m.Key, "channel", channel, "reason", code)
		return dead
	}
	if b.shouts.first(channel+" "+code, b.cfg.Now()) {
		b.log.Error("channel not reachable, its messages wait", "channel", channel, "reason", code, "key", m.Key)
	}
	return b.later(reporting.DestinationDead, code, waits[min(max(m.Attempts-1, 0), len(waits)-1)])
}

// shouts remembers what was logged within the hour.
type shouts struct {
	mu sync.Mutex
	at map[string]time.Time
}

// first reports whether what was not logged in the hour before now.
func (s *shouts) first(what string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, ok := s.at[what]; ok && now.Sub(last).Abs() < time.Hour {
		return false
	}
	if s.at == nil {
		s.at = map[string]time.Time{}
	}
	s.at[what] = now
	return true
}

// notComposed is for a message that has no words: for ever when the App says
// so, till later when its database is away or it panicked.
func (b *Bot) notComposed(m reporting.Message, err error) reporting.Receipt {
	b.explain("compose", string(m.Kind), b.cfg.Locale, err)
	switch code := reporting.CodeOf(err); code {
	case "", reporting.Unavailable:
		return b.later(reporting.Temporary, "not composed", backoff(m.Attempts))
	default:
		return reporting.Receipt{Outcome: reporting.Failed, Class: reporting.OurBug, Reason: "not composed: " + string(code)}
	}
}

// later returns a receipt to try again after wait.
func (b *Bot) later(class reporting.FailureClass, reason string, wait time.Duration) reporting.Receipt {
	return reporting.Receipt{
		Outcome: reporting.Retry, Class: class, Reason: reason,
		RetryAt: b.cfg.Now().Add(wait).UnixMilli(),
	}
}

// backoff doubles from try to try up to retryMost, and never gives up.
func backoff(attempts int) time.Duration {
	return min(retryFirst<<min(max(attempts, 0), 10), retryMost)
}
