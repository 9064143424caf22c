package bot

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// ack is the answer to a delivery: a JSON body over HTTP, the payload of the
// acknowledgement over a socket. A nil payload is an empty one.
type ack struct {
	payload any
	// instead brings the payload to the person another way and returns what
	// to acknowledge with: a socket drops what is too large.
	instead func() any
}

// unescape undoes, once, what Slack does to what people type
// (https://docs.slack.dev/messaging/formatting-message-text#escaping).
var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// once returns a delivery key, or none when Slack gave no id.
func once(kind, id string) string {
	if id == "" {
		return ""
	}
	return kind + "/" + id
}

// command answers a slash command: within the budget by the acknowledgement,
// later by the response URL.
func (b *Bot) command(c slack.SlashCommand) ack {
	req := commands.Request{
		User: c.UserID, Channel: c.ChannelID, Direct: isDirect(c.ChannelID),
		Command: strings.TrimPrefix(strings.TrimPrefix(c.Command, "/"), b.cfg.Prefix),
		Text:    unescape.Replace(c.Text),
		Once:    once("cmd", c.TriggerID),
	}
	to := target{
		url: c.ResponseURL, trigger: c.TriggerID, user: c.UserID,
		retry: strings.TrimSpace(c.Command + " " + req.Text),
	}
	var who somebody
	work := func(ctx context.Context) answer {
		is := who.comingFrom(c.TeamID)
		if req.Locale = who.locale; is == outsider {
			return b.guest(ctx, "command", req.Locale)
		}
		req.Unsure = is == unsure
		return b.reply(ctx, "command", req.Command, req.Locale, func() (commands.Response, error) {
			return b.app.Command(ctx, req)
		})
	}
	var fresh bool
	if who, fresh = b.locales.known(c.UserID); !fresh {
		b.spawn(func(ctx context.Context) {
			who = b.person(ctx, c.UserID)
			b.hand(ctx, to, work(ctx))
		})
		return ack{}
	}
	late := func(ctx context.Context, a answer) { b.hand(ctx, to, a) }
	a, ok := inTime(b, work, late)
	if !ok {
		return ack{}
	}
	later := func() any {
		b.spawn(func(ctx context.Context) { late(ctx, a) })
		return nil
	}
	// What Slack makes of an acknowledgement it does not say, and a picture may be refused.
	if a.view != nil || a.later != nil || a.msg == nil || len(a.msg.pictures()) > 0 {
		return ack{payload: later()}
	}
	return ack{payload: a.msg, instead: later}
}

// interaction answers what happened to a button, a form or a search. Kinds
// that are not ours are only acknowledged.
func (b *Bot) interaction(cb slack.InteractionCallback) ack {
	switch cb.Type {
	case slack.InteractionTypeBlockActions:
		for _, action := range cb.ActionCallback.BlockActions {
			if cb.View.Type == slack.VTModal {
				b.changed(cb, action)
			} else {
				b.press(cb, action)
			}
		}
	case slack.InteractionTypeViewSubmission:
		return b.submit(cb)
	case slack.InteractionTypeViewClosed:
		b.closedForm(cb)
	case slack.InteractionTypeBlockSuggestion:
		return b.suggest(cb)
	}
	return ack{}
}

// press answers a button of a message or of App Home after the acknowledgement.
func (b *Bot) press(cb slack.InteractionCallback, action *slack.BlockAction) {
	name, _, _ := strings.Cut(action.ActionID, actionCount)
	if name == linkAction {
		return // the button was a link: nothing to do but acknowledge
	}
	p := commands.Press{
		User: cb.User.ID, Channel: cb.Channel.ID, Thread: cb.Container.ThreadTs, Direct: isDirect(cb.Channel.ID),
		Action: name, Value: action.Value, Once: once("act", cb.TriggerID),
	}
	to := target{
		url: cb.ResponseURL, trigger: cb.TriggerID, user: cb.User.ID,
		shown: !cb.Container.IsEphemeral, channel: p.Channel,
	}
	switch marked := markedThread(action.BlockID); {
	case p.Thread == cb.Container.MessageTs: // a thread's first message stands outside of it, too
	case p.Thread != "":
		to.thread, to.inside = p.Thread, true
	case marked != "" && !p.Direct:
		p.Thread, to.thread = marked, marked
	}
	b.spawn(func(ctx context.Context) {
		who := b.person(ctx, p.User)
		p.Locale = who.locale
		is := who.comingFrom(cb.User.TeamID)
		if is == outsider {
			b.hand(ctx, to, b.guest(ctx, "press", p.Locale))
			return
		}
		p.Unsure = is == unsure
		a := b.reply(ctx, "press", name, p.Locale, func() (commands.Response, error) { return b.app.Press(ctx, p) })
		b.quiet.wake(p.Channel, p.Thread)
		b.hand(ctx, to, a)
		if cb.View.Type == slack.VTHomeTab {
			b.home(ctx, p.User)
		}
	})
}

// Slack takes at most 100 options (https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element),
// a socket no more than optionBytes of them.
const (
	mostOptions = 100
	optionBytes = 18_000
)

// suggest answers a search. There is no later way to answer it, so one that
// fails or takes too long finds nothing.
func (b *Bot) suggest(cb slack.InteractionCallback) ack {
	state := b.stateOf(cb)
	s := commands.Search{
		User: cb.User.ID, FormID: cb.View.CallbackID, Field: cb.ActionID,
		State: state.State, Locale: state.Locale, Text: cb.Value,
	}
	found, _ := inTime(b, func(ctx context.Context) []commands.Option {
		options, err := ask(b, "suggest", s.FormID, func() ([]commands.Option, error) {
			if err := b.writer(ctx, s.User, cb.User.TeamID); err != nil {
				return nil, err
			}
			return b.app.Suggest(ctx, s)
		})
		if err != nil {
			b.explain("suggest", s.FormID, s.Locale, err)
		}
		return options
	}, func(context.Context, []commands.Option) {})
	list, size := []*slack.OptionBlockObject{}, 0
	for _, o := range found {
		size += len(o.Value) + len(o.Label) + len(o.Description) + 160
		if len(list) == mostOptions || size > optionBytes {
			break
		}
		if drawn := option(o); drawn != nil {
			list = append(list, drawn)
		}
	}
	// slack.OptionsResponse would leave an empty list out, which Slack refuses.
	return ack{payload: map[string]any{"options": list}}
}

// reply asks for a Response and draws it; an error or panic on the way gives
// its explanation.
func (b *Bot) reply(ctx context.Context, kind, name string, l reporting.Locale, question func() (commands.Response, error)) answer {
	a, err := ask(b, kind, name, func() (answer, error) {
		r, err := question()
		if err != nil {
			return answer{}, err
		}
		return b.draw(ctx, l, r)
	})
	if err != nil {
		a = answer{locale: l, msg: b.say(l, b.explain(kind, name, l, err))}
	}
	return a
}
