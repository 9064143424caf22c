package playground

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// trouble is what Slack's client shows when an interaction was not answered as it should.
const trouble = "We had some trouble connecting. Try again?"

// Person acts in the workspace as one of its members. Its methods are what the page calls.
type Person struct {
	s  *Server
	id string
}

// As returns the person with this id. Acting as somebody unknown, or as the bot, fails with
// the first method called.
func (s *Server) As(userID string) *Person { return &Person{s: s, id: userID} }

// Message is a message as a person sees it.
type Message struct {
	TS         string           `json:"ts"`
	Channel    string           `json:"channel"`
	User       string           `json:"user"`
	Bot        bool             `json:"bot"`
	Text       string           `json:"text"`
	Blocks     []map[string]any `json:"blocks"`
	ThreadTS   string           `json:"thread_ts"`
	ReplyCount int              `json:"reply_count"`
	Edited     bool             `json:"edited"`
	Ephemeral  bool             `json:"ephemeral"` // only this person sees it
	Subtype    string           `json:"subtype"`
	Command    *Typed           `json:"command"` // the command it answers, where all see it
	Metadata   map[string]any   `json:"metadata"`
	Files      []File           `json:"files"`
	Assistant  *Assistant       `json:"assistant,omitempty"` // that it begins
}

// Typed is a slash command as somebody typed it.
type Typed struct {
	User string `json:"user"`
	Text string `json:"text"`
}

// member checks that the person can act at all.
func (p *Person) member() error {
	if u, ok := p.s.user(p.id); !ok || u.Bot {
		return fmt.Errorf("act as %q: no such person", p.id)
	}
	return nil
}

// channel returns a channel the person can see. The caller holds mu.
func (p *Person) channel(id string) (*channel, error) {
	if err := p.member(); err != nil {
		return nil, err
	}
	ch := p.s.channel(id)
	if ch == nil || !p.s.sees(p.id, ch) {
		return nil, fmt.Errorf("channel %q: not visible to %s", id, p.id)
	}
	return ch, nil
}

// Say writes in a channel, or in a thread of it; text that begins with a slash is a command.
// A person who is no member of a public channel joins it by writing. A command the bot
// does not acknowledge in time gives a *TimeoutError.
func (p *Person) Say(ctx context.Context, channel, threadTS, text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return errors.New("say: no text")
	}
	if strings.HasPrefix(text, "/") {
		return p.command(ctx, channel, threadTS, text)
	}
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := p.channel(channel)
	if err != nil {
		return fmt.Errorf("say: %w", err)
	}
	if ch.archived {
		return fmt.Errorf("say: channel %s is archived", channel)
	}
	if err := checkThread(ch, threadTS); err != nil {
		return fmt.Errorf("say: %w", err)
	}
	p.join(ch)
	m := &message{user: p.id, text: s.escape(text), threadTS: threadTS}
	s.post(ch, m)
	s.tellOfMessage(ch, m)
	return nil
}

// join makes the person a member. The caller holds mu.
func (p *Person) join(ch *channel) {
	if !ch.members[p.id] {
		p.s.enter(ch, p.id, "")
	}
}

// command runs a slash command.
// https://docs.slack.dev/interactivity/implementing-slash-commands
func (p *Person) command(ctx context.Context, channelID, threadTS, text string) error {
	s := p.s
	name := strings.Fields(text)[0]
	arguments := strings.TrimSpace(strings.TrimPrefix(text, name))
	known := false
	for _, c := range s.cfg.Commands {
		known = known || c.Name == name
	}
	s.mu.Lock()
	ch, err := p.channel(channelID)
	if err != nil {
		s.mu.Unlock()
		return fmt.Errorf("run %s: %w", name, err)
	}
	if !known || threadTS != "" {
		s.mu.Unlock()
		complaint := name + " is not a valid command."
		if known {
			complaint = name + " is not supported in threads. Sorry!"
		}
		return p.slip(channelID, complaint, errors.New("the command was not sent"))
	}
	p.join(ch)
	payload, u := p.commandPayload(ch, name, arguments, text)
	s.mu.Unlock()

	answer, err := s.deliver(ctx, delivery{envelope: "slash_commands", path: "commands", payload: payload, answered: true})
	if err != nil {
		code := "dispatch_failed"
		var timeout *TimeoutError
		if errors.As(err, &timeout) {
			code = "operation_timeout"
		}
		return p.slip(channelID, fmt.Sprintf("%s failed with the error %q", name, code), err)
	}
	reply := readReply(answer)
	if reply == nil {
		return nil
	}
	s.mu.Lock()
	err = s.reply(u, &call{args: reply})
	s.mu.Unlock()
	var refusal *apiError
	if errors.As(err, &refusal) {
		s.cfg.Log.Warn("answer to a command was refused", "command", name, "err", refusal)
		return p.slip(channelID, fmt.Sprintf("%s failed with the error %q", name, refusal.code), err)
	}
	return err
}

// commandPayload returns what the bot is sent and the response URL in it. The caller holds mu.
func (p *Person) commandPayload(ch *channel, name, arguments, typed string) (object, *responseURL) {
	s := p.s
	u, _ := s.user(p.id)
	channelName := ch.Name
	switch {
	case ch.im != "":
		channelName = "directmessage"
	case ch.Private:
		channelName = "privategroup"
	}
	address, response := s.newResponseURL(responseURL{channel: ch.ID, user: p.id, command: typed})
	return object{
		"token": "playground", "team_id": s.teamOf(u), "team_domain": teamDomain, "channel_id": ch.ID, "channel_name": channelName,
		"user_id": u.ID, "user_name": u.Name, "command": name, "text": s.escape(arguments), "api_app_id": s.appID,
		"is_enterprise_install": "false", "response_url": address, "trigger_id": s.newTrigger(p.id, ""),
	}, response
}

// noticed is an error that the person has already been shown.
type noticed struct {
	text  string
	cause error
}

func (e *noticed) Error() string { return e.text + ": " + e.cause.Error() }
func (e *noticed) Unwrap() error { return e.cause }

// slip shows the person what went wrong, in Slack's words, and returns it as an error.
func (p *Person) slip(channel, text string, cause error) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.notice(p.id, "error", channel, text)
	return &noticed{text: text, cause: cause}
}

// OpenHome opens the app's Home; the bot hears of it and may publish a view later.
func (p *Person) OpenHome(context.Context) error {
	if err := p.member(); err != nil {
		return err
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.tellOfHome(p.id)
	return nil
}

// Messages returns what the person can see of a channel, threads and own ephemeral messages
// included, oldest first. It is empty for a channel they cannot see.
func (p *Person) Messages(channel string) []Message {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := p.channel(channel)
	if err != nil {
		return nil
	}
	var all []Message
	for _, m := range ch.messages {
		if s.audience(ch, m)(p.id) {
			all = append(all, s.shown(ch, m))
		}
	}
	return all
}

// Views returns the person's open modals, top last.
func (p *Person) Views() []View {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.exportStack(p.id)
}

// Home returns the App Home published to the person, nil if there is none.
func (p *Person) Home() *View {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	v := p.s.homes[p.id]
	if v == nil {
		return nil
	}
	shown := v.export()
	return &shown
}

// Wait returns when cond holds. It asks again whenever anything changes, and gives up with
// the context's error.
func (p *Person) Wait(ctx context.Context, cond func(*Person) bool) error {
	for {
		p.s.mu.Lock()
		changed := p.s.changed
		p.s.mu.Unlock()
		if cond(p) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait: %w", ctx.Err())
		}
	}
}

// shown returns a message as the page draws it. The caller holds mu.
func (s *Server) shown(ch *channel, m *message) Message {
	out := Message{TS: m.ts, Channel: ch.ID, User: m.user, Bot: m.user == s.cfg.BotUser.ID, Text: m.text, Blocks: m.blocks,
		ThreadTS: m.threadTS, Edited: m.edited != "", Ephemeral: m.reader != "", Subtype: m.subtype, Command: m.command,
		Metadata: m.metadata, Assistant: s.shownPane(ch, m)}
	if out.Blocks == nil {
		out.Blocks = []object{}
	}
	for _, f := range m.files {
		out.Files = append(out.Files, f.shown())
	}
	if m.reader == "" {
		out.ReplyCount = len(ch.replies(m.ts))
	}
	return out
}
