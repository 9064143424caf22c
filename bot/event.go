package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
)

// envelope is an Events API delivery. slackevents would fail on inner events
// that it does not know, which are ours to acknowledge.
type envelope struct {
	Type           string `json:"type"`
	Challenge      string `json:"challenge"`
	EventID        string `json:"event_id"`
	Authorizations []struct {
		UserID string `json:"user_id"`
		IsBot  bool   `json:"is_bot"`
	} `json:"authorizations"`
	Event json.RawMessage `json:"event"`
}

// innerEvent is what the events that we listen to have.
type innerEvent struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	User        string `json:"user"`
	BotID       string `json:"bot_id"`
	AppID       string `json:"app_id"`
	Channel     string `json:"channel"`
	ChannelType string `json:"channel_type"`
	Text        string `json:"text"`
	TS          string `json:"ts"`
	ThreadTS    string `json:"thread_ts"`
	Tab         string `json:"tab"`

	Pane paneThread `json:"assistant_thread"` // of the events of the assistant's pane
	// The author's workspace: user_team where a channel is shared with others.
	Team     string `json:"team"`
	UserTeam string `json:"user_team"`
	Files    []struct {
		ID string `json:"id"` // the rest is asked for: events may leave it out
	} `json:"files"`
}

// workspace returns the author's.
func (e innerEvent) workspace() string { return cmp.Or(e.UserTeam, e.Team) }

// event takes an Events API delivery in, once by its event id, and works after
// the acknowledgement. Errors: body is no JSON object.
func (b *Bot) event(body []byte) (ack, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return ack{}, fmt.Errorf("parse event: %w", err)
	}
	if e.Type == "url_verification" {
		return ack{payload: map[string]string{"challenge": e.Challenge}}, nil
	}
	if e.Type != "event_callback" || e.EventID != "" && !b.events.first(e.EventID) {
		return ack{}, nil
	}
	var inner innerEvent
	if json.Unmarshal(e.Event, &inner) != nil {
		return ack{}, nil //nolint:nilerr // other events have other shapes: a user that is an object, say
	}
	var self string
	for _, a := range e.Authorizations {
		if a.IsBot {
			self = a.UserID
		}
	}
	switch {
	case isChannelBack(inner):
		b.back(inner, self)
	case inner.Type == "assistant_thread_started":
		b.greet(inner.Pane)
	case inner.Type == "app_home_opened" && inner.Tab == "home":
		b.spawn(func(ctx context.Context) { b.home(ctx, inner.User) })
	case inner.Type == "message" && inner.ChannelType == "im" && len(inner.Files) > 0 && inner.BotID == "" && inner.User != "" && inner.User != self:
		b.dropped(e.EventID, inner)
	case inner.BotID != "" || inner.Subtype != "" || inner.User == "" || inner.User == self:
		// Bots that answer each other never stop.
	case inner.Type == "app_mention":
		b.question(e.EventID, inner, afterMention(inner.Text, self), cmp.Or(inner.ThreadTS, inner.TS))
	case inner.Type == "message" && inner.ChannelType == "im":
		b.question(e.EventID, inner, inner.Text, inner.ThreadTS)
	case overheard(inner, self):
		b.overhear(e.EventID, inner)
	}
	return ack{}, nil
}

// question answers free text where it was asked.
func (b *Bot) question(id string, e innerEvent, text, thread string) {
	req := sentence(id, e, text, thread)
	b.spawn(func(ctx context.Context) {
		who := b.person(ctx, req.User)
		req.Locale = who.locale
		is := who.comingFrom(e.workspace())
		req.Unsure = is == unsure
		to := e.answered(thread)
		if is == outsider {
			b.hand(ctx, to, b.guest(ctx, "ask", req.Locale))
			return
		}
		first, shown := b.entitled(ctx, to), b.wait(ctx, to, req.Locale)
		a := b.reply(ctx, "ask", "question", req.Locale, func() (commands.Response, error) { return b.app.Ask(ctx, req) })
		// A form needs a trigger, and a sentence brings none.
		a.view = nil
		b.quiet.wake(e.Channel, thread)
		shown.end(ctx, a.msg != nil)
		b.hand(ctx, to, a)
		if first {
			b.entitle(ctx, to, req.Text)
		}
	})
}

// sentence is what was said, as the App is asked.
func sentence(id string, e innerEvent, text, thread string) commands.Request {
	return commands.Request{
		User: e.User, Channel: e.Channel, Thread: thread, Direct: isDirect(e.Channel),
		Text: strings.TrimSpace(unescape.Replace(text)), Once: once("event", id),
	}
}

// answered is where the answer to a sentence goes.
func (e innerEvent) answered(thread string) target {
	return target{user: e.User, channel: e.Channel, thread: thread, inside: e.ThreadTS != ""}
}

// isDirect reports whether a conversation is one of a person with the bot.
func isDirect(channel string) bool { return strings.HasPrefix(channel, "D") }

// afterMention returns text without the mention of the bot.
func afterMention(text, self string) string {
	start := strings.Index(text, "<@"+self)
	if start < 0 {
		return text
	}
	end := strings.IndexByte(text[start:], '>')
	if end < 0 {
		return text
	}
	return text[:start] + text[start+end+1:]
}

// home shows a person's App Home as it is now.
func (b *Bot) home(ctx context.Context, user string) {
	who := b.person(ctx, user)
	l := who.locale
	blocks, err := ask(b, "home", "home", func() ([]slack.Block, error) {
		if who.is == outsider {
			return b.draft(l, homeLimits, b.words.Guest(l).Parts), nil
		}
		r, err := b.app.Home(ctx, user, l)
		if err != nil {
			return nil, err
		}
		return b.draft(l, homeLimits, r.Parts), nil
	})
	if err != nil {
		blocks = b.draft(l, homeLimits, commands.Say(b.explain("home", "home", l, err)).Parts)
	}
	err = again(ctx, func() error {
		_, err := b.api.PublishViewContext(ctx, slack.PublishViewContextRequest{
			UserID: user,
			View:   slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}},
		})
		return err
	})
	if err != nil {
		b.log.Error("home not shown", "user", user, "reason", codeOf(err), "details", detailsOf(err))
	}
}
