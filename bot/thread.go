package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// deliverReply posts an answer in the thread of an earlier message, as Deliver
// does. What Slack answers to a thread that is gone differs: it refuses, or
// posts to the channel as if there had been none (slack-go/slack#1571). So an
// answer that was tried before is only tried again once its thread is seen.
func (b *Bot) deliverReply(ctx context.Context, m reporting.Message, out commands.Outgoing) reporting.Receipt {
	if m.ThreadChannel == "" || m.ThreadTS == "" {
		return reporting.Receipt{Outcome: reporting.Skipped, Reason: "nothing to answer"}
	}
	if m.Attempts > 1 && m.TriedAt > 0 {
		ts, err := b.findReply(ctx, m)
		switch {
		case threadGone(err) && out.Broadcast:
			m.ThreadTS = ""
			ts, err = b.find(ctx, m.ThreadChannel, m)
		case threadGone(err):
			return reporting.Receipt{Outcome: reporting.Skipped, Reason: codeOf(err)}
		}
		if err != nil {
			return b.failed(m, m.ThreadChannel, fmt.Errorf("look for an earlier answer: %w", err))
		}
		if ts != "" {
			return reporting.Receipt{Outcome: reporting.Sent, Channel: m.ThreadChannel, TS: ts, Found: true}
		}
	}
	switch {
	case out.Skip != "":
		return reporting.Receipt{Outcome: reporting.Skipped, Reason: out.Skip}
	case out.Reply == nil:
		return b.notComposed(m, errors.New("nothing to say and no reason to skip"))
	}
	msg := b.message(cmp.Or(out.Locale, b.cfg.Locale), out.Reply)
	msg.broadcast = out.Broadcast && m.ThreadTS != ""
	r := b.send(ctx, m, m.ThreadChannel, msg)
	if msg.broadcast && r.Outcome == reporting.Skipped && noThread[r.Reason] {
		m.ThreadTS, msg.broadcast = "", false
		r = b.send(ctx, m, m.ThreadChannel, msg)
	}
	return r
}

// threadOptions put an answer in its thread.
func threadOptions(m reporting.Message, msg *message) []slack.MsgOption {
	if m.ThreadTS == "" {
		return nil
	}
	options := []slack.MsgOption{slack.MsgOptionTS(m.ThreadTS)}
	if msg.broadcast {
		options = append(options, slack.MsgOptionBroadcast())
	}
	return options
}

// noThread are the codes of a thread whose first message is gone.
var noThread = map[string]bool{
	"thread_not_found": true, "message_not_found": true, "cannot_reply_to_message": true, "invalid_thread_ts": true,
}

func threadGone(err error) bool { return noThread[codeOf(err)] }

// findReply returns the ts of the answer that carries m's key in its thread, or
// "". Errors: those of Slack, see threadGone.
func (b *Bot) findReply(ctx context.Context, m reporting.Message) (string, error) {
	botID, err := b.botID(ctx)
	if err != nil {
		return "", err
	}
	query := &slack.GetConversationRepliesParameters{
		ChannelID: m.ThreadChannel, Timestamp: m.ThreadTS, IncludeAllMetadata: true, Limit: historyPage, Oldest: b.oldest(m),
	}
	for range historyPages {
		page, more, next, err := b.api.GetConversationRepliesContext(ctx, query)
		if err != nil {
			return "", err
		}
		if ts := keyed(page, botID, m.Key); ts != "" {
			return ts, nil
		}
		if query.Cursor = next; !more || next == "" {
			return "", nil
		}
	}
	b.log.Warn("earlier answer not found in a long thread", "key", m.Key, "pages", historyPages)
	return "", nil
}

// oldest is from when on a post of m is looked for. A demo's clock may have been
// moved back since the first try, and its posts with it; no other clock runs
// back.
func (b *Bot) oldest(m reporting.Message) string {
	at := time.UnixMilli(min(m.TriedAt, b.cfg.Now().UnixMilli())).Add(-lookBack)
	return fmt.Sprintf("%d.%06d", at.Unix(), at.Nanosecond()/1000)
}

// keyed returns the ts of the bot's message with a key, or "".
func keyed(messages []slack.Message, botID, key string) string {
	for _, said := range messages {
		if said.BotID == botID && said.Metadata.EventType == metadataType && said.Metadata.EventPayload[metadataKey] == key {
			return said.Timestamp
		}
	}
	return ""
}

// threadMark stands between the id of a block with buttons and the thread of the
// conversation that they go on with. A private answer to what began a thread
// stands outside of it, and Slack does not say of what it is the answer.
const threadMark = "@"

// marked returns the blocks of m with its thread at their buttons.
func (m *message) marked() []slack.Block {
	if m.thread == "" {
		return m.Blocks
	}
	out := slices.Clone(m.Blocks)
	for i, block := range out {
		if buttons, ok := block.(*slack.ActionBlock); ok {
			marked := *buttons
			marked.BlockID += threadMark + m.thread
			out[i] = &marked
		}
	}
	return out
}

// markedThread returns the thread that the id of a block has, "" for none.
func markedThread(blockID string) string {
	_, thread, _ := strings.Cut(blockID, threadMark)
	return thread
}
