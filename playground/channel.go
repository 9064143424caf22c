package playground

import (
	"fmt"
)

// kind is what Slack's message events call the kind of a channel.
func (ch *channel) kind() string {
	switch {
	case ch.im != "":
		return "im"
	case ch.Private:
		return "group"
	}
	return "channel"
}

// events is the subscription to the messages of a channel.
func (ch *channel) events() string {
	return map[string]string{"im": "message.im", "group": "message.groups", "channel": "message.channels"}[ch.kind()]
}

// Archive archives a channel: nobody writes in it any more. Errors: it is a direct
// message, it is archived, or the person cannot see it or is a guest.
func (p *Person) Archive(channel string) error { return p.setArchived(channel, true) }

// Unarchive takes Archive back; the members are those from before.
func (p *Person) Unarchive(channel string) error { return p.setArchived(channel, false) }

// setArchived does both and tells the bot.
// https://docs.slack.dev/reference/events/channel_archive
func (p *Person) setArchived(channel string, archived bool) error {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := p.manages(channel)
	if err != nil {
		return err
	}
	event := map[bool]string{true: "_archive", false: "_unarchive"}[archived]
	if ch.archived == archived {
		return fmt.Errorf("channel%s %s: it is so already", event, channel)
	}
	ch.archived = archived
	s.channelsChanged()
	// Everybody hears of public channels; of private ones only those in them.
	if !ch.Private || ch.members[s.cfg.BotUser.ID] {
		event = ch.kind() + event
		s.tell(event, object{"type": event, "channel": ch.ID, "user": p.id, "event_ts": s.nextTS()})
	}
	return nil
}

// manages returns a channel whose life and members the person decides on.
// The caller holds mu.
func (p *Person) manages(id string) (*channel, error) {
	ch, err := p.channel(id)
	if err != nil {
		return nil, err
	}
	if u, _ := p.s.user(p.id); u.Guest || ch.im != "" {
		return nil, fmt.Errorf("channel %s: it is not for %s to manage", id, p.id)
	}
	return ch, nil
}

// RemoveBot takes the bot out of a channel. Errors: it is not in it, the channel is
// archived, or not for the person to manage.
//
// The bot hears channel_left, or group_left; Slack tells member_left_channel only to who
// is still in it. https://docs.slack.dev/reference/events/channel_left
func (p *Person) RemoveBot(channel string) error {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := p.manages(channel)
	switch {
	case err != nil:
		return err
	case ch.archived:
		return fmt.Errorf("remove the bot: channel %s is archived", channel)
	case !ch.members[s.cfg.BotUser.ID]:
		return fmt.Errorf("remove the bot: it is not in %s", channel)
	}
	delete(ch.members, s.cfg.BotUser.ID)
	s.channelsChanged()
	event := ch.kind() + "_left"
	s.tell(event, object{"type": event, "channel": ch.ID, "actor_id": p.id, "event_ts": s.nextTS()})
	return nil
}

// InviteBot makes the bot a member of a channel. Errors: it is one, the channel is
// archived, or not for the person to manage.
func (p *Person) InviteBot(channel string) error {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := p.manages(channel)
	switch {
	case err != nil:
		return err
	case ch.archived:
		return fmt.Errorf("invite the bot: channel %s is archived", channel)
	case ch.members[s.cfg.BotUser.ID]:
		return fmt.Errorf("invite the bot: it is in %s", channel)
	}
	s.enter(ch, s.cfg.BotUser.ID, p.id)
	return nil
}

// enter makes somebody a member of a channel; inviter is "" for who came by themselves.
// The caller holds mu. https://docs.slack.dev/reference/events/member_joined_channel
func (s *Server) enter(ch *channel, user, inviter string) {
	ch.members[user] = true
	s.channelsChanged()
	if !ch.members[s.cfg.BotUser.ID] {
		return
	}
	event := object{"type": "member_joined_channel", "user": user, "channel": ch.ID, "channel_type": "C", "team": s.teamID, "event_ts": s.nextTS()}
	if ch.Private {
		event["channel_type"] = "G"
	}
	if inviter != "" {
		event["inviter"] = inviter
	}
	s.tell("member_joined_channel", event)
}

// channelsChanged tells the pages and those who wait. The caller holds mu.
func (s *Server) channelsChanged() {
	s.publish(nil, object{"type": "channels"})
	s.touch()
}

// DeleteMessage deletes a message of the person or of the bot, as an administrator of a
// workspace may. Errors: there is none, the channel is archived, or it is somebody else's.
//
// The bot hears message_deleted; of a thread's first message, which stays as a tombstone,
// message_changed. https://docs.slack.dev/reference/events/message/message_deleted
func (p *Person) DeleteMessage(channel, ts string) error {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := p.channel(channel)
	if err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	m := ch.message(ts)
	switch {
	case ch.archived:
		return fmt.Errorf("delete: channel %s is archived", channel)
	case m == nil || m.subtype == "tombstone":
		return fmt.Errorf("delete: there is no message %s in %s", ts, channel)
	case m.user != p.id && m.user != s.cfg.BotUser.ID:
		return fmt.Errorf("delete: message %s is not yours", ts)
	}
	before := s.wireMessage(ch, m, true)
	s.remove(ch, m)
	if !ch.members[s.cfg.BotUser.ID] {
		return nil
	}
	event := object{"type": "message", "subtype": "message_deleted", "hidden": true, "channel": ch.ID, "channel_type": ch.kind(),
		"deleted_ts": ts, "previous_message": before, "ts": s.nextTS()}
	event["event_ts"] = event["ts"]
	if m.subtype == "tombstone" {
		delete(event, "deleted_ts")
		event["subtype"], event["message"] = "message_changed", s.wireMessage(ch, m, true)
	}
	s.tell(ch.events(), event)
	return nil
}
