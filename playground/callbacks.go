package playground

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
)

// retryAfter are the pauses before an event that was not acknowledged is sent again.
// https://docs.slack.dev/apis/events-api
var retryAfter = []time.Duration{0, time.Minute, 5 * time.Minute}

// eventScopes are what the bot's token needs for an event to be sent.
var eventScopes = map[string]string{
	"app_mention": "app_mentions:read", "message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history",
	"channel_archive": "channels:read", "channel_unarchive": "channels:read", "channel_left": "channels:read",
	"group_archive": "groups:read", "group_unarchive": "groups:read", "group_left": "groups:read",
	paneStarted: "assistant:write", paneMoved: "assistant:write",
}

// tell sends an event to the bot in the background, if it is subscribed to it, and
// repeats it as Slack does. The caller holds mu.
func (s *Server) tell(subscription string, event object) {
	if !slices.Contains(s.cfg.Events, subscription) || s.lacks(eventScopes[subscription]) != nil {
		return
	}
	payload := object{
		"token": "playground", "team_id": s.teamID, "api_app_id": s.appID, "type": "event_callback",
		"event_id": newID("Ev"), "event_time": s.Now().Unix(), "event_context": newID("EC"), "is_ext_shared_channel": false,
		"event": event,
		"authorizations": []object{{"enterprise_id": nil, "team_id": s.teamID, "user_id": s.cfg.BotUser.ID, "is_bot": true,
			"is_enterprise_install": false}},
	}
	if s.ctx.Err() != nil {
		return
	}
	s.work.Go(func() {
		d := delivery{envelope: "events_api", path: "events", payload: payload}
		for {
			_, err := s.deliver(s.ctx, d)
			var status *statusError
			if err == nil || errors.As(err, &status) && status.noRetry || d.attempt == len(retryAfter) {
				return
			}
			select {
			case <-time.After(retryAfter[d.attempt]):
			case <-s.ctx.Done():
				return
			}
			d.attempt, d.reason = d.attempt+1, retryReason(err)
		}
	})
}

// tellOfMessage sends the events that a person's message gives rise to where the bot is a
// member: the message, and that it was mentioned. The caller holds mu.
func (s *Server) tellOfMessage(ch *channel, m *message) {
	event := s.wireMessage(ch, m, true)
	event["channel"], event["event_ts"], event["client_msg_id"] = ch.ID, m.ts, newID("")
	if ch.members[s.cfg.BotUser.ID] {
		event["channel_type"] = ch.kind()
		s.tell(ch.events(), event)
	}
	if ch.im == "" && ch.members[s.cfg.BotUser.ID] && strings.Contains(m.text, "<@"+s.cfg.BotUser.ID+">") {
		mention := maps.Clone(event)
		mention["type"] = "app_mention"
		delete(mention, "channel_type")
		s.tell("app_mention", mention)
	}
}

// tellOfHome sends that a person opened the app's Home. The caller holds mu.
func (s *Server) tellOfHome(user string) {
	event := object{"type": "app_home_opened", "user": user, "channel": s.openDM(user).ID, "tab": "home", "event_ts": s.nextTS()}
	if v := s.homes[user]; v != nil {
		event["view"] = v.export()
	}
	s.tell("app_home_opened", event)
}
