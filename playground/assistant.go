package playground

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// statusLife is how long a status stands when the app says nothing more.
	// https://docs.slack.dev/reference/methods/assistant.threads.setStatus
	statusLife  = 2 * time.Minute
	maxPrompts  = 4
	maxLoading  = 10
	paneStarted = "assistant_thread_started"
	paneMoved   = "assistant_thread_context_changed"
	paneRoot    = "assistant_app_thread" // subtype of a conversation's first message
)

// Prompt is a question that the app suggests: what the button says and what it sends.
type Prompt struct {
	Title   string `json:"title"`
	Message string `json:"message"`
}

// Assistant is a conversation in the app's pane, as it is shown at its first message.
type Assistant struct {
	Title   string   `json:"title"`
	Status  string   `json:"status"`  // what the app is doing, "" for nothing
	Heading string   `json:"heading"` // above the prompts
	Prompts []Prompt `json:"prompts"` // until the person has said something
}

// pane is an Assistant at work. The server's mu guards it.
type pane struct {
	Assistant
	told int // statuses so far: the end of an old one takes no other away
}

// paned tells whether the app has a pane: its manifest subscribes to the event of it.
func (cfg *Config) paned() bool { return slices.Contains(cfg.Events, paneStarted) }

// hasPane tells whether the pane can be opened. The caller holds mu.
func (s *Server) hasPane() bool { return s.cfg.paned() && !s.planless }

// setPlanless takes the pane out of the workspace's plan, or puts it back. The caller holds mu.
func (s *Server) setPlanless(on bool) {
	s.planless = on
	s.publish(nil, object{"type": "pane", "pane": s.hasPane()})
	s.faultsChanged()
}

// OpenAssistant begins a conversation with the app in its pane, beside the channel that the
// person looks at, "" for none, and returns its channel and thread. The app hears of it and may
// suggest prompts. Errors: the app has no pane, or the workspace's plan has none.
//
// https://docs.slack.dev/reference/events/assistant_thread_started
func (p *Person) OpenAssistant(_ context.Context, beside string) (channel, thread string, err error) {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := p.member(); err != nil {
		return "", "", err
	}
	if !s.hasPane() {
		return "", "", fmt.Errorf("open assistant: there is none in this workspace")
	}
	ch := s.openDM(p.id)
	m := &message{user: s.cfg.BotUser.ID, text: "New Assistant Thread", subtype: paneRoot, pane: &pane{}}
	s.post(ch, m)
	s.tell(paneStarted, p.paneEvent(paneStarted, ch, m, beside))
	return ch.ID, m.ts, nil
}

// LookBeside says that the person looks at another channel while a conversation is open.
// Errors: there is no such conversation.
//
// https://docs.slack.dev/reference/events/assistant_thread_context_changed
func (p *Person) LookBeside(_ context.Context, thread, beside string) error {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.openDM(p.id)
	m := ch.message(thread)
	if m == nil || m.pane == nil {
		return fmt.Errorf("look beside: there is no conversation %s", thread)
	}
	s.tell(paneMoved, p.paneEvent(paneMoved, ch, m, beside))
	return nil
}

// paneEvent describes a conversation. The caller holds mu.
func (p *Person) paneEvent(kind string, ch *channel, m *message, beside string) object {
	s := p.s
	seen := object{}
	if beside != "" {
		seen = object{"channel_id": beside, "team_id": s.teamID, "enterprise_id": nil}
	}
	return object{"type": kind, "event_ts": s.nextTS(), "assistant_thread": object{
		"user_id": p.id, "channel_id": ch.ID, "thread_ts": m.ts, "context": seen,
	}}
}

// shownPane is what a message shows of the conversation that it begins, nil for others.
// The caller holds mu.
func (s *Server) shownPane(ch *channel, m *message) *Assistant {
	if m.pane == nil {
		return nil
	}
	shown := m.pane.Assistant
	if slices.ContainsFunc(ch.replies(m.ts), func(r *message) bool { return r.user == ch.im }) {
		shown.Prompts, shown.Heading = nil, ""
	}
	return &shown
}

// paneOf returns the conversation that a call is about. The caller holds mu.
func (s *Server) paneOf(c *call) (*channel, *message, error) {
	if !s.hasPane() {
		return nil, nil, refuse("feature_not_enabled")
	}
	ch, err := s.botsOwn(c.str("channel_id"))
	if err != nil {
		return nil, nil, err
	}
	m := ch.message(c.str("thread_ts"))
	if m == nil || m.pane == nil {
		return nil, nil, refuse("invalid_thread_ts")
	}
	return ch, m, nil
}

// badArguments is a refusal that says which argument is wrong.
func badArguments(what string) error {
	return &apiError{code: "invalid_arguments", messages: []string{"[ERROR] " + what}}
}

// assistantSetStatus: https://docs.slack.dev/reference/methods/assistant.threads.setStatus
func (s *Server) assistantSetStatus(c *call) (object, error) {
	_, given := c.args["status"].(string)
	loading := strings.FieldsFunc(c.str("loading_messages"), func(r rune) bool { return r == ',' })
	switch {
	case !given:
		return nil, badArguments("missing required field: status")
	case len(loading) > maxLoading:
		return nil, badArguments("no more than 10 items allowed [json-pointer:/loading_messages]")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.paneOf(c)
	if err != nil {
		return nil, err
	}
	s.setStatus(ch, m, c.str("status"))
	told := m.pane.told
	time.AfterFunc(statusLife, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if m.pane.told == told && s.ctx.Err() == nil {
			s.setStatus(ch, m, "")
		}
	})
	return object{}, nil
}

// setStatus shows what the app is doing in a conversation. The caller holds mu.
func (s *Server) setStatus(ch *channel, m *message, status string) {
	m.pane.told++
	if m.pane.Status != status {
		m.pane.Status = status
		s.announce(ch, m, "message_changed")
	}
}

// assistantSetTitle: https://docs.slack.dev/reference/methods/assistant.threads.setTitle
func (s *Server) assistantSetTitle(c *call) (object, error) {
	if strings.TrimSpace(c.str("title")) == "" {
		return nil, badArguments("missing required field: title")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.paneOf(c)
	if err != nil {
		return nil, err
	}
	m.pane.Title = c.str("title")
	s.announce(ch, m, "message_changed")
	return object{}, nil
}

// assistantSetSuggestedPrompts:
// https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts
func (s *Server) assistantSetSuggestedPrompts(c *call) (object, error) {
	v, _, err := c.value("prompts")
	items := array(v)
	var prompts []Prompt
	if err != nil || len(items) == 0 || recode(items, &prompts) != nil {
		return nil, badArguments("missing required field: prompts")
	}
	if len(prompts) > maxPrompts {
		return nil, badArguments("no more than 4 items allowed [json-pointer:/prompts]")
	}
	for i, p := range prompts {
		if strings.TrimSpace(p.Title) == "" || strings.TrimSpace(p.Message) == "" {
			return nil, badArguments(fmt.Sprintf("must have a title and a message [json-pointer:/prompts/%d]", i))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.paneOf(c)
	if err != nil {
		return nil, err
	}
	m.pane.Prompts, m.pane.Heading = prompts, c.str("title")
	s.announce(ch, m, "message_changed")
	return object{}, nil
}
