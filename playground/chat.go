package playground

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

const (
	maxPostText   = 40_000 // code points; longer text is cut with a warning
	maxUpdateText = 4_000  // code points; longer text is refused
	maxMetadata   = 3_000  // bytes; Slack publishes no figure, this is a safe floor
)

var snakeCase = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// content is what a message says, from whichever door it came.
type content struct {
	text      string
	blocks    []object
	metadata  object
	hasText   bool
	hasBlocks bool
	hasMeta   bool
	cut       bool // text was over maxPostText
}

// readContent reads text, blocks and metadata of a call and refuses what Slack would.
// https://docs.slack.dev/reference/methods/chat.postMessage
func (s *Server) readContent(c *call) (content, error) {
	in := content{text: c.str("text")}
	in.hasText = in.text != ""
	if runes := []rune(in.text); len(runes) > maxPostText {
		in.text, in.cut = string(runes[:maxPostText]), true
	}
	blocks, given, err := c.value("blocks")
	if err != nil {
		return in, refuse("invalid_blocks_format")
	}
	if md := c.str("markdown_text"); md != "" {
		if given || in.hasText {
			return in, refuse("markdown_text_conflict")
		}
		if utf8.RuneCountInString(md) > maxMarkdown {
			return in, refuse("msg_too_long")
		}
		blocks, given = []any{object{"type": "markdown", "text": md}}, true
	}
	if attachments, given, err := c.value("attachments"); err != nil || given && len(array(attachments)) > 0 {
		return in, refuse("invalid_attachments") // the page draws blocks only
	}
	if in.hasBlocks = given; given {
		if in.blocks, err = s.checkMessageBlocks(blocks); err != nil {
			return in, err
		}
	}
	if !in.hasText && len(in.blocks) > 0 {
		in.text = plainText(in.blocks)
	}
	in.metadata, in.hasMeta, err = readMetadata(c)
	return in, err
}

// readMetadata returns the metadata of a call; nil but given means that it shall be removed.
// https://docs.slack.dev/messaging/message-metadata
func readMetadata(c *call) (meta object, given bool, err error) {
	v, given, err := c.value("metadata")
	if err != nil {
		return nil, true, refuse("invalid_metadata_format")
	}
	if !given {
		return nil, false, nil
	}
	o, ok := v.(object)
	if !ok {
		return nil, true, refuse("invalid_metadata_format")
	}
	kind, payload := o["event_type"], o["event_payload"]
	if (kind == nil || kind == "") && payload == nil {
		return nil, len(o) == 0, nil
	}
	name, _ := kind.(string)
	flat, ok := payload.(object)
	if !ok || !snakeCase.MatchString(name) || len(name) > 255 {
		return nil, true, refuse("invalid_metadata_format")
	}
	for _, value := range flat {
		if _, nested := value.(object); nested {
			return nil, true, refuse("invalid_metadata_schema")
		}
	}
	if raw, err := json.Marshal(o); err != nil || len(raw) > maxMetadata {
		return nil, true, refuse("metadata_too_large")
	}
	return object{"event_type": name, "event_payload": flat}, true, nil
}

// destination returns the channel a call may post to. The caller holds mu.
func (s *Server) destination(id string) (*channel, error) {
	if u, ok := s.user(id); ok && !u.Bot {
		return s.openDM(id), nil
	}
	ch, err := s.botsOwn(id)
	if err == nil && ch.archived {
		err = refuse("is_archived")
	}
	return ch, err
}

// checkThread judges the thread a message wants to stand in. The caller holds mu.
func checkThread(ch *channel, ts string) error {
	if ts == "" {
		return nil
	}
	parent := ch.message(ts)
	if parent == nil {
		return refuse("message_not_found")
	}
	if parent.threadTS != "" && parent.threadTS != parent.ts || parent.subtype == "tombstone" {
		return refuse("cannot_reply_to_message")
	}
	return nil
}

func (s *Server) chatPostMessage(c *call) (object, error) {
	in, err := s.readContent(c)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.destination(c.str("channel"))
	if err != nil {
		return nil, err
	}
	if in.text == "" && len(in.blocks) == 0 {
		return nil, refuse("no_text")
	}
	if err := checkThread(ch, c.str("thread_ts")); err != nil {
		return nil, err
	}
	m := &message{user: s.cfg.BotUser.ID, text: in.text, blocks: in.blocks, metadata: in.metadata, threadTS: c.str("thread_ts")}
	if m.threadTS != "" && c.flag("reply_broadcast") {
		m.broadcast, m.subtype = true, "thread_broadcast"
	}
	s.post(ch, m)
	answer := object{"channel": ch.ID, "ts": m.ts, "message": s.wireMessage(ch, m, true)}
	if in.cut {
		answer["warning"] = "message_truncated"
		answer["response_metadata"] = object{"warnings": []string{"message_truncated"}}
	}
	return answer, nil
}

// chatPostEphemeral: https://docs.slack.dev/reference/methods/chat.postEphemeral
func (s *Server) chatPostEphemeral(c *call) (object, error) {
	in, err := s.readContent(c)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.destination(c.str("channel"))
	if err != nil {
		return nil, err
	}
	switch reader := c.str("user"); {
	case in.text == "" && len(in.blocks) == 0:
		return nil, refuse("no_text")
	case !ch.members[reader]:
		return nil, refuse("user_not_in_channel")
	}
	if err := checkThread(ch, c.str("thread_ts")); err != nil {
		return nil, err
	}
	m := &message{user: s.cfg.BotUser.ID, text: in.text, blocks: in.blocks, reader: c.str("user"), threadTS: c.str("thread_ts")}
	if m.threadTS != "" && len(ch.replies(m.threadTS)) == 0 {
		return object{"message_ts": s.nextTS()}, nil // nobody is shown it: the thread is not active
	}
	s.post(ch, m)
	return object{"message_ts": m.ts}, nil
}

// chatUpdate: https://docs.slack.dev/reference/methods/chat.update
func (s *Server) chatUpdate(c *call) (object, error) {
	in, err := s.readContent(c)
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(c.str("text")) > maxUpdateText {
		return nil, refuse("msg_too_long")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.botsMessage(c.str("channel"), c.str("ts"), "cant_update_message")
	if err != nil {
		return nil, err
	}
	if !in.hasText && len(in.blocks) == 0 {
		return nil, refuse("no_text")
	}
	m.text, m.blocks, m.edited = in.text, in.blocks, s.nextTS()
	if in.hasMeta {
		m.metadata = in.metadata
	}
	s.announce(ch, m, "message_changed")
	return object{"channel": ch.ID, "ts": m.ts, "text": m.text, "message": s.wireMessage(ch, m, true)}, nil
}

// chatDelete: https://docs.slack.dev/reference/methods/chat.delete
func (s *Server) chatDelete(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.botsMessage(c.str("channel"), c.str("ts"), "cant_delete_message")
	if err != nil {
		return nil, err
	}
	s.remove(ch, m)
	return object{"channel": ch.ID, "ts": m.ts}, nil
}

// botsMessage returns a message that the bot may change; others get the refusal named.
// The caller holds mu.
func (s *Server) botsMessage(channelID, ts, refusal string) (*channel, *message, error) {
	ch, err := s.botsOwn(channelID)
	if err != nil {
		return nil, nil, err
	}
	m := ch.message(ts)
	switch {
	case ch.archived:
		return nil, nil, refuse("is_archived")
	case m == nil || m.subtype == "tombstone":
		return nil, nil, refuse("message_not_found")
	case m.user != s.cfg.BotUser.ID:
		return nil, nil, refuse(refusal)
	}
	return ch, m, nil
}

func (s *Server) chatGetPermalink(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.bots(c.str("channel"))
	if err != nil {
		return nil, err
	}
	ts := c.str("message_ts")
	if ch.message(ts) == nil {
		return nil, refuse("message_not_found")
	}
	link := c.host + "/archives/" + ch.ID + "/p" + strings.Replace(ts, ".", "", 1)
	return object{"channel": ch.ID, "permalink": link}, nil
}

// wireMessage returns a message as the Web API and interaction payloads show it. Without
// full, only the type of its metadata comes along.
func (s *Server) wireMessage(ch *channel, m *message, full bool) object {
	o := object{"type": "message", "ts": m.ts, "user": m.user, "text": m.text, "team": s.teamID}
	if u, ok := s.user(m.user); ok && u.Team != "" {
		o["team"], o["user_team"], o["source_team"] = u.Team, u.Team, u.Team
	}
	if m.user == s.cfg.BotUser.ID {
		o["bot_id"], o["app_id"] = s.botID, s.appID
	}
	if len(m.blocks) > 0 {
		o["blocks"] = m.blocks
	}
	if m.subtype != "" {
		o["subtype"] = m.subtype
	}
	if len(m.files) > 0 {
		o["files"], o["upload"] = s.wireFiles(m.files), false
	}
	if m.edited != "" {
		o["edited"] = object{"user": m.user, "ts": m.edited}
	}
	if m.threadTS != "" {
		o["thread_ts"] = m.threadTS
	}
	if replies := ch.replies(m.ts); len(replies) > 0 {
		o["thread_ts"], o["reply_count"], o["latest_reply"] = m.ts, len(replies), replies[len(replies)-1].ts
	}
	if m.pane != nil {
		o["assistant_app_thread"] = object{"title": m.pane.Title, "title_blocks": []any{}, "artifacts": []any{}}
	}
	if m.metadata != nil {
		o["metadata"] = m.metadata
		if !full {
			o["metadata"] = object{"event_type": m.metadata["event_type"]}
		}
	}
	return o
}
