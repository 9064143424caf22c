package bot

import (
	"context"
	"errors"
	"time"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// message is a drawn Reply.
type message struct {
	ResponseType string        `json:"response_type"`
	Text         string        `json:"text"` // escaped
	Blocks       []slack.Block `json:"blocks,omitempty"`
	broadcast    bool          // an answer in a thread that the channel sees, too
	thread       string        // of the conversation that its buttons go on with, where it stands outside of it

	redraw func(refused kinds) *message // the same without these pictures
}

// answer is a drawn Response.
type answer struct {
	locale  reporting.Locale
	msg     *message
	view    *slack.ModalViewRequest
	replace bool
	later   *commands.Task
}

// target is where an answer goes.
type target struct {
	url     string // response URL: five uses in 30 minutes
	trigger string // opens a form, once and within 3 seconds
	user    string
	channel string // conversation of a sentence that is answered; "" = answered privately
	thread  string // ts of the message that is answered in its thread
	inside  bool   // it was said in that thread: a private answer is seen there, too
	here    bool   // progress is shown where it was asked, not in a direct message
	shown   bool   // the message whose button was pressed is one that all see
	retry   string // what the person typed
}

// within returns the thread in which a private answer is seen. Slack shows none
// in a thread that has no reply yet
// (https://docs.slack.dev/reference/methods/chat.postEphemeral).
func (t target) within() string {
	if t.inside {
		return t.thread
	}
	return ""
}

// draw draws a Response.
func (b *Bot) draw(ctx context.Context, l reporting.Locale, r commands.Response) (answer, error) {
	a := answer{locale: l, replace: r.Replace, later: r.Later}
	if r.Reply != nil {
		a.msg = b.message(l, r.Reply)
	}
	if r.Form != nil {
		view, err := b.modal(ctx, r.Form)
		if err != nil {
			return answer{}, err
		}
		a.view = view
	}
	return a, nil
}

// say draws one private sentence.
func (b *Bot) say(l reporting.Locale, text string) *message {
	return b.message(l, commands.Say(text))
}

// hand brings an answer to the person: its form first, for the trigger is
// short-lived.
func (b *Bot) hand(ctx context.Context, to target, a answer) {
	if a.view != nil {
		if thread := to.within(); thread != "" {
			openedIn{Channel: to.channel, TS: thread}.remember(a.view)
		}
		if _, err := b.api.OpenViewContext(ctx, to.trigger, *a.view); err != nil {
			b.tell(ctx, to, b.say(a.locale, b.notOpened(a, to, err)), false)
		}
	}
	if a.msg != nil {
		b.tell(ctx, to, a.msg, a.replace)
	}
	if a.later != nil {
		b.perform(to, a.locale, a.later)
	}
}

// notOpened explains why a form did not open.
func (b *Bot) notOpened(a answer, to target, err error) string {
	b.log.Error("form not opened", "form", a.view.CallbackID, "reason", codeOf(err), "details", detailsOf(err))
	switch {
	case codeOf(err) == "missing_scope":
		err = fileError(err, readScope) // of all forms only a field for files needs one
	case !expired(err):
	case to.retry != "":
		err = reporting.Fail(reporting.Conflict, "err.form.expired.command", "command", clip(to.retry, 100))
	default:
		err = reporting.Fail(reporting.Conflict, "err.form.expired")
	}
	return b.explain("open", a.view.CallbackID, a.locale, err)
}

// tell sends m: by the response URL, else into the thread or conversation,
// else as a direct message.
func (b *Bot) tell(ctx context.Context, to target, m *message, replace bool) {
	var err error
	if !to.inside {
		m.thread = to.thread
	}
	switch {
	case to.url != "":
		err = b.respond(ctx, to, m, replace)
	case to.channel != "" && !isDirect(to.channel) && m.ResponseType != slack.ResponseTypeInChannel:
		// A private answer to a mention is for the asker's eyes only.
		err = b.whisper(ctx, to.channel, to.within(), to.user, m)
	case to.channel != "":
		err = b.post(ctx, to.channel, to.thread, m)
	default:
		err = b.direct(ctx, to.user, m)
	}
	if err != nil {
		b.log.Error("answer not delivered", "user", to.user, "reason", codeOf(err), "details", detailsOf(err))
	}
}

func (b *Bot) respond(ctx context.Context, to target, m *message, replace bool) error {
	kind := m.ResponseType
	if replace && to.shown {
		kind = slack.ResponseTypeInChannel // what all see stays visible to all
	}
	options := []slack.MsgOption{slack.MsgOptionResponseURL(to.url, kind)}
	switch {
	case replace:
		options = append(options, slack.MsgOptionReplaceOriginal(to.url))
	case to.within() != "" && (isDirect(to.channel) || kind != slack.ResponseTypeInChannel):
		// A response URL would answer outside of the thread.
		if b.aside(ctx, to.channel, to.thread, to.user, m) == nil {
			return nil
		}
	case to.thread != "" && kind == slack.ResponseTypeInChannel:
		options = append(options, slack.MsgOptionTS(to.thread))
	}
	return b.bring(ctx, m, func(drawn ...slack.MsgOption) error {
		_, _, err := b.api.PostMessageContext(ctx, "", append(drawn, options...)...)
		return err
	})
}

// aside shows m to user in a thread: to nobody else, where others read along.
func (b *Bot) aside(ctx context.Context, channel, thread, user string, m *message) error {
	if isDirect(channel) {
		return b.post(ctx, channel, thread, m)
	}
	return b.ephemeral(ctx, channel, thread, user, m)
}

func (b *Bot) post(ctx context.Context, channel, thread string, m *message) error {
	options := []slack.MsgOption{slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl()}
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	return b.bring(ctx, m, func(drawn ...slack.MsgOption) error {
		_, _, err := b.api.PostMessageContext(ctx, channel, append(drawn, options...)...)
		return err
	})
}

// whisper shows m to user in a channel, in a thread unless that is "", or as a
// direct message where the bot cannot speak.
func (b *Bot) whisper(ctx context.Context, channel, thread, user string, m *message) error {
	if channel == "" || isDirect(channel) && thread == "" || b.aside(ctx, channel, thread, user, m) != nil {
		return b.direct(ctx, user, m)
	}
	return nil
}

func (b *Bot) ephemeral(ctx context.Context, channel, thread, user string, m *message) error {
	var options []slack.MsgOption
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	return b.bring(ctx, m, func(drawn ...slack.MsgOption) error {
		_, err := b.api.PostEphemeralContext(ctx, channel, user, append(drawn, options...)...)
		return err
	})
}

func (b *Bot) direct(ctx context.Context, user string, m *message) error {
	channel, err := b.open(ctx, user)
	if err != nil {
		return err
	}
	return b.post(ctx, channel, "", m)
}

// open returns the direct conversation with a person.
func (b *Bot) open(ctx context.Context, user string) (string, error) {
	c, _, _, err := b.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", err
	}
	if c == nil {
		return "", errors.New("conversations.open gave no conversation")
	}
	return c.ID, nil
}

// bring calls Slack with m's drawing, as often as posted and again say.
func (b *Bot) bring(ctx context.Context, m *message, call func(drawn ...slack.MsgOption) error) error {
	return b.posted(m, func(m *message) error {
		return again(ctx, func() error { return call(m.options()...) })
	})
}

func (m *message) options() []slack.MsgOption {
	return []slack.MsgOption{slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.marked()...)}
}

const (
	answerTries = 3
	answerPause = time.Second
)

// again calls Slack up to answerTries times while it is busy or does not
// answer: an answer shown twice is better than none.
func again(ctx context.Context, call func() error) error {
	for try := 1; ; try++ {
		err := call()
		class, wait := classify(err)
		if try == answerTries || class != reporting.RateLimited && class != reporting.Unknown {
			return err
		}
		if !pause(ctx, max(wait, answerPause)) {
			return err
		}
	}
}
