package playground

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// values is the state of a form: block id, action id, value in Slack's shape.
type values = map[string]map[string]any

// channel is a channel or the direct message of one person with the bot.
type channel struct {
	Channel
	im       string // the person of a direct message, else ""
	archived bool
	created  time.Time
	members  map[string]bool
	messages []*message        // oldest first, ephemeral ones among them
	read     map[string]string // person → ts they read up to
}

// message is one message. An ephemeral one has a reader and is in nobody else's sight.
type message struct {
	ts, threadTS    string
	user            string
	text            string
	blocks          []object
	files           []*file
	metadata        object
	subtype, edited string
	command         *Typed
	reader          string
	pane            *pane             // of the first message of a conversation in the pane
	broadcast       bool              // a thread reply shown in the channel too
	values          map[string]values // what each person has chosen in it
}

// view is an open modal or somebody's App Home.
type view struct {
	View
	user  string
	typed values
}

// trigger allows the bot to open a view, once and soon after a person did something.
type trigger struct {
	user    string
	viewID  string // the modal it came from, "" if none
	expires time.Time
	used    bool
}

// triggerLife is how long a trigger is good for.
// https://docs.slack.dev/interactivity/handling-user-interaction
const triggerLife = 3 * time.Second

// newTrigger returns the id of a fresh trigger. The caller holds mu.
func (s *Server) newTrigger(user, viewID string) string {
	now := s.cfg.Now()
	maps.DeleteFunc(s.triggers, func(_ string, t *trigger) bool { return now.Sub(t.expires) > time.Hour })
	id := strings.ToLower(newID("") + "." + newID("") + "." + newID("") + newID(""))
	s.triggers[id] = &trigger{user: user, viewID: viewID, expires: now.Add(triggerLife)}
	return id
}

// useTrigger spends a trigger. The caller holds mu.
func (s *Server) useTrigger(id string) (*trigger, error) {
	t := s.triggers[id]
	switch {
	case t == nil:
		return nil, &apiError{code: "invalid_trigger_id"}
	case t.used:
		return nil, &apiError{code: "exchanged_trigger_id"}
	case s.cfg.Now().After(t.expires):
		return nil, &apiError{code: "expired_trigger_id"}
	}
	t.used = true
	return t, nil
}

// user returns the member with this id. Users never change, so no lock is needed.
func (s *Server) user(id string) (User, bool) {
	i := slices.IndexFunc(s.users, func(u User) bool { return u.ID == id })
	if i < 0 {
		return User{}, false
	}
	return s.users[i], true
}

// addChannel makes a channel. The caller holds mu, or nobody else knows the server yet.
func (s *Server) addChannel(c Channel, im string) *channel {
	ch := &channel{Channel: c, im: im, created: s.cfg.Now(), members: map[string]bool{}, read: map[string]string{}}
	for _, m := range c.Members {
		ch.members[m] = true
	}
	s.channels = append(s.channels, ch)
	return ch
}

// channel returns the channel with this id, or nil. The caller holds mu.
func (s *Server) channel(id string) *channel {
	for _, ch := range s.channels {
		if ch.ID == id {
			return ch
		}
	}
	return nil
}

// openDM returns the bot's direct message with a person. The caller holds mu.
func (s *Server) openDM(user string) *channel {
	for _, ch := range s.channels {
		if ch.im == user {
			return ch
		}
	}
	id := "D" + strings.TrimPrefix(user, "U")
	return s.addChannel(Channel{ID: id, Private: true, Members: []string{user, s.cfg.BotUser.ID}}, user)
}

// sees tells whether a person can see a channel. Guests, and people of other
// workspaces, see only their own.
func (s *Server) sees(user string, ch *channel) bool {
	if ch.members[user] {
		return true
	}
	u, ok := s.user(user)
	return ok && !u.Guest && u.Team == "" && !ch.Private
}

// teamOf returns the workspace of a person.
func (s *Server) teamOf(u User) string { return cmp.Or(u.Team, s.teamID) }

// message returns the message with this ts that is not ephemeral, or nil.
func (ch *channel) message(ts string) *message {
	for _, m := range ch.messages {
		if m.ts == ts && m.reader == "" {
			return m
		}
	}
	return nil
}

// replies returns the messages of a thread without its parent.
func (ch *channel) replies(ts string) []*message {
	var all []*message
	for _, m := range ch.messages {
		if m.threadTS == ts && m.ts != ts && m.reader == "" {
			all = append(all, m)
		}
	}
	return all
}

// post appends a message and tells everybody who may see it. The caller holds mu.
func (s *Server) post(ch *channel, m *message) {
	m.ts = s.nextTS()
	ch.messages = append(ch.messages, m)
	ch.read[m.user] = m.ts
	s.announce(ch, m, "message")
	if m.threadTS != "" && m.reader == "" {
		if parent := ch.message(m.threadTS); parent != nil {
			if parent.pane != nil && m.user == s.cfg.BotUser.ID {
				parent.pane.Status = "" // an answer ends it
			}
			s.announce(ch, parent, "message_changed")
		}
	}
}

// remove takes a message away. A thread's parent leaves a tombstone. The caller holds mu.
func (s *Server) remove(ch *channel, m *message) {
	if len(ch.replies(m.ts)) > 0 {
		m.subtype, m.text, m.blocks, m.files, m.metadata = "tombstone", "This message was deleted.", nil, nil, nil
		s.announce(ch, m, "message_changed")
		return
	}
	ch.messages = slices.DeleteFunc(ch.messages, func(x *message) bool { return x == m })
	s.publish(s.audience(ch, m), object{"type": "message_deleted", "channel": ch.ID, "ts": m.ts})
	if parent := ch.message(m.threadTS); parent != nil {
		s.announce(ch, parent, "message_changed")
	}
	s.touch()
}

// announce publishes a message to those who may see it. The caller holds mu.
func (s *Server) announce(ch *channel, m *message, event string) {
	s.publish(s.audience(ch, m), object{"type": event, "message": s.shown(ch, m)})
	s.touch()
}

func (s *Server) audience(ch *channel, m *message) func(user string) bool {
	return func(user string) bool {
		if m.reader != "" {
			return m.reader == user
		}
		return s.sees(user, ch)
	}
}

// topOf returns the view on top of a person's stack, or nil. The caller holds mu.
func (s *Server) topOf(user string) *view {
	stack := s.stacks[user]
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// findView returns the open modal or home for which match holds, or nil. The caller holds mu.
func (s *Server) findView(match func(*view) bool) *view {
	for _, stack := range s.stacks {
		if i := slices.IndexFunc(stack, match); i >= 0 {
			return stack[i]
		}
	}
	for _, v := range s.homes {
		if match(v) {
			return v
		}
	}
	return nil
}
