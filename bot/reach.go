package bot

import (
	"context"
	"slices"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/reporting"
)

// Reachable reports whether the bot can post to a channel, as far as Slack says
// (https://docs.slack.dev/reference/methods/conversations.info). An error means
// that it is not known.
func (b *Bot) Reachable(ctx context.Context, channel string) (bool, error) {
	c, err := b.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	switch class, _ := classify(err); class {
	case reporting.NoFailure:
		return !c.IsArchived && (c.IsMember || c.IsIM || c.IsMpIM), nil
	case reporting.DestinationDead:
		return false, nil
	}
	return false, err
}

// Refused returns why Slack refuses the bot altogether, "" when it takes its
// token and lets it write. What only some messages need is no such reason. An
// error means that it is not known.
func (b *Bot) Refused(ctx context.Context) (string, error) {
	b.self.mu.Lock()
	defer b.self.mu.Unlock()
	err := b.introduce(ctx)
	switch class, _ := classify(err); {
	case class == reporting.InstallDead:
		return codeOf(err), nil
	case err != nil:
		return "", err
	case len(b.self.scopes) > 0 && !b.self.scopes["chat:write"]:
		return "missing_scope", nil
	}
	return "", nil
}

// channelBack are the events of a channel that can be posted to again, and of
// somebody who came into one
// (https://docs.slack.dev/reference/events/channel_unarchive).
var channelBack = []string{"channel_unarchive", "group_unarchive", "member_joined_channel"}

// back tells of a channel that may be posted to again: it was un-archived, or the
// bot was invited.
func (b *Bot) back(e innerEvent, self string) {
	if b.cfg.ChannelBack == nil || e.Type == "member_joined_channel" && e.User != self {
		return
	}
	b.spawn(func(ctx context.Context) { b.cfg.ChannelBack(ctx, e.Channel) })
}

func isChannelBack(e innerEvent) bool { return e.Channel != "" && slices.Contains(channelBack, e.Type) }
