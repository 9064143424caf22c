package playground

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"
)

// usersInfo: https://docs.slack.dev/reference/methods/users.info
func (s *Server) usersInfo(c *call) (object, error) {
	u, ok := s.user(c.str("user"))
	if !ok {
		return nil, refuse("user_not_found")
	}
	_, seconds := s.Now().Zone()
	info := object{
		"id": u.ID, "team_id": s.teamOf(u), "name": u.Name, "real_name": u.RealName, "deleted": false, "is_bot": u.Bot,
		"is_app_user": false, "is_admin": false, "is_owner": false, "is_restricted": u.Guest, "is_ultra_restricted": false, "is_stranger": u.Team != "",
		"tz": s.cfg.TimeZone.String(), "tz_label": s.cfg.TimeZone.String(), "tz_offset": seconds, "updated": 0,
		"profile": object{"real_name": u.RealName, "display_name": u.Name, "title": u.Title, "team": s.teamOf(u)},
	}
	if c.flag("include_locale") {
		info["locale"] = u.Locale
	}
	return object{"user": info}, nil
}

// bots returns the channel the bot named, as far as the bot may know of it.
// The caller holds mu.
func (s *Server) bots(id string) (*channel, error) {
	ch := s.channel(id)
	if ch == nil || ch.Private && !ch.members[s.cfg.BotUser.ID] {
		return nil, refuse("channel_not_found")
	}
	return ch, nil
}

// botsOwn is bots for what only a member may do. The caller holds mu.
func (s *Server) botsOwn(id string) (*channel, error) {
	ch, err := s.bots(id)
	if err == nil && !ch.members[s.cfg.BotUser.ID] {
		err = refuse("not_in_channel")
	}
	return ch, err
}

func (s *Server) wireChannel(ch *channel) object {
	note := func(text string) object { return object{"value": text, "creator": "", "last_set": 0} }
	o := object{
		"id": ch.ID, "created": ch.created.Unix(), "is_im": ch.im != "", "is_mpim": false, "is_archived": ch.archived,
		"is_private": ch.Private, "is_general": false, "is_channel": ch.im == "" && !ch.Private, "is_group": ch.im == "" && ch.Private,
		"is_org_shared": false, "is_shared": false, "is_ext_shared": false,
	}
	if ch.im != "" {
		o["user"] = ch.im
		return o
	}
	o["name"], o["name_normalized"] = ch.Name, ch.Name
	o["is_member"] = ch.members[s.cfg.BotUser.ID]
	o["topic"], o["purpose"] = note(ch.Topic), note("")
	return o
}

func (s *Server) conversationsInfo(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.bots(c.str("channel"))
	if err != nil {
		return nil, err
	}
	o := s.wireChannel(ch)
	if c.flag("include_num_members") {
		o["num_members"] = len(ch.members)
	}
	return object{"channel": o}, nil
}

func (s *Server) conversationsList(c *call) (object, error) {
	kinds := strings.Split(c.str("types"), ",")
	if c.str("types") == "" {
		kinds = []string{"public_channel"}
	}
	for _, kind := range kinds {
		if !slices.Contains([]string{"public_channel", "private_channel", "im", "mpim"}, strings.TrimSpace(kind)) {
			return nil, refuse("invalid_types")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []object
	for _, ch := range s.channels {
		kind := "public_channel"
		if ch.im != "" {
			kind = "im"
		} else if ch.Private {
			kind = "private_channel"
		}
		wanted := slices.ContainsFunc(kinds, func(k string) bool { return strings.TrimSpace(k) == kind })
		if _, err := s.bots(ch.ID); err != nil || !wanted || ch.archived && c.flag("exclude_archived") {
			continue
		}
		o := s.wireChannel(ch)
		o["num_members"] = len(ch.members)
		all = append(all, o)
	}
	all, next, err := page(c, all, 100, 1000, func(o object) string { return o["id"].(string) })
	return object{"channels": all, "response_metadata": object{"next_cursor": next}}, err
}

func (s *Server) conversationsMembers(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.bots(c.str("channel"))
	if err != nil {
		return nil, err
	}
	var all []string
	for _, u := range s.users {
		if ch.members[u.ID] {
			all = append(all, u.ID)
		}
	}
	all, next, err := page(c, all, 100, 1000, func(id string) string { return id })
	return object{"members": all, "response_metadata": object{"next_cursor": next}}, err
}

// page cuts out what the cursor and the limit ask for. A cursor names the page's first item.
func page[T any](c *call, all []T, absent, most int, id func(T) string) (cut []T, next string, err error) {
	limit, err := c.limit(absent, most)
	if err != nil {
		return nil, "", err
	}
	if cursor := c.str("cursor"); cursor != "" {
		first, err := base64.StdEncoding.DecodeString(cursor)
		i := slices.IndexFunc(all, func(item T) bool { return id(item) == string(first) })
		if err != nil || i < 0 {
			return nil, "", refuse("invalid_cursor")
		}
		all = all[i:]
	}
	if len(all) > limit {
		next = base64.StdEncoding.EncodeToString([]byte(id(all[limit])))
		all = all[:limit]
	}
	if all == nil {
		all = []T{}
	}
	return all, next, nil
}

// conversationsOpen: https://docs.slack.dev/reference/methods/conversations.open
func (s *Server) conversationsOpen(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id := c.str("channel"); id != "" {
		ch := s.channel(id)
		if ch == nil || ch.im == "" {
			return nil, refuse("channel_not_found")
		}
		return object{"channel": object{"id": ch.ID}, "already_open": true, "no_op": true}, nil
	}
	people := c.str("users")
	u, ok := s.user(people)
	switch {
	case people == "":
		return nil, refuse("users_list_not_supplied")
	case strings.Contains(people, ","):
		return nil, refuse("invalid_user_combination") // group conversations are not modelled
	case !ok:
		return nil, refuse("user_not_found")
	case u.Bot:
		return nil, refuse("cannot_dm_bot")
	}
	ch := s.openDM(u.ID)
	return object{"channel": s.wireChannel(ch), "already_open": true, "no_op": true}, nil
}

// conversationsJoin: https://docs.slack.dev/reference/methods/conversations.join
func (s *Server) conversationsJoin(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.bots(c.str("channel"))
	switch {
	case err != nil:
		return nil, err
	case ch.archived:
		return nil, refuse("is_archived")
	case ch.Private:
		return nil, refuse("method_not_supported_for_channel_type")
	}
	answer := object{}
	if ch.members[s.cfg.BotUser.ID] {
		answer["warning"] = "already_in_channel"
		answer["response_metadata"] = object{"warnings": []string{"already_in_channel"}}
	} else {
		s.enter(ch, s.cfg.BotUser.ID, "")
	}
	answer["channel"] = s.wireChannel(ch)
	return answer, nil
}

// conversationsHistory: https://docs.slack.dev/reference/methods/conversations.history
func (s *Server) conversationsHistory(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.botsOwn(c.str("channel"))
	if err != nil {
		return nil, err
	}
	var found []*message
	for _, m := range slices.Backward(ch.messages) {
		if m.reader == "" && (m.threadTS == "" || m.threadTS == m.ts || m.broadcast) && within(c, m.ts) {
			found = append(found, m)
		}
	}
	return s.wirePage(c, ch, found)
}

// conversationsReplies: https://docs.slack.dev/reference/methods/conversations.replies
func (s *Server) conversationsReplies(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.botsOwn(c.str("channel"))
	if err != nil {
		return nil, err
	}
	parent := ch.message(c.str("ts"))
	if parent == nil {
		return nil, refuse("thread_not_found")
	}
	found := []*message{parent}
	for _, m := range ch.replies(parent.ts) {
		if within(c, m.ts) {
			found = append(found, m)
		}
	}
	return s.wirePage(c, ch, found)
}

func (s *Server) wirePage(c *call, ch *channel, found []*message) (object, error) {
	found, next, err := page(c, found, 100, 999, func(m *message) string { return m.ts })
	if err != nil {
		return nil, err
	}
	all := make([]object, 0, len(found))
	for _, m := range found {
		all = append(all, s.wireMessage(ch, m, c.flag("include_all_metadata")))
	}
	return object{"messages": all, "has_more": next != "", "response_metadata": object{"next_cursor": next}}, nil
}

// within tells whether a ts lies between oldest and latest; the ends count only with inclusive.
func within(c *call, ts string) bool {
	at, edge := tsTime(ts), c.flag("inclusive")
	if oldest := c.str("oldest"); oldest != "" {
		if from := tsTime(oldest); at.Before(from) || at.Equal(from) && !edge {
			return false
		}
	}
	if latest := c.str("latest"); latest != "" {
		if to := tsTime(latest); at.After(to) || at.Equal(to) && !edge {
			return false
		}
	}
	return true
}

// tsTime reads a ts with any number of decimals; what is no ts lies at the epoch.
func tsTime(ts string) time.Time {
	whole, part, _ := strings.Cut(ts, ".")
	micros := (part + "000000")[:6]
	var n int64
	for _, digit := range whole + micros {
		if digit < '0' || digit > '9' {
			return time.Unix(0, 0)
		}
		n = n*10 + int64(digit-'0')
	}
	return time.UnixMicro(n)
}
