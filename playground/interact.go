package playground

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Ref names the place where a person acts.
type Ref struct {
	Type     string `json:"type"` // message, view or home
	Channel  string `json:"channel"`
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`
	ViewID   string `json:"view_id"`
}

// Option is one choice of an external select.
type Option struct {
	Text, Value, Description string
	Group                    string // label of its group, "" if it is in none
}

// place is a Ref resolved: a message in a channel, or a view.
type place struct {
	ch     *channel
	m      *message
	v      *view
	blocks []object
}

// find resolves a Ref to what the person can see. The caller holds mu.
func (p *Person) find(ref Ref) (place, error) {
	if err := p.member(); err != nil {
		return place{}, err
	}
	switch ref.Type {
	case "message":
		ch, err := p.channel(ref.Channel)
		if err != nil {
			return place{}, err
		}
		for _, m := range ch.messages {
			if m.ts == ref.TS && p.s.audience(ch, m)(p.id) {
				return place{ch: ch, m: m, blocks: m.blocks}, nil
			}
		}
	case "view":
		// Only the top view can be reached by a person.
		if v := p.s.topOf(p.id); v != nil && v.ID == ref.ViewID {
			return place{v: v, blocks: v.Blocks}, nil
		}
	case "home":
		if v := p.s.homes[p.id]; v != nil {
			return place{v: v, blocks: v.Blocks}, nil
		}
	}
	return place{}, fmt.Errorf("%s %s%s: not there", ref.Type, ref.TS, ref.ViewID)
}

// state returns the state of the place's inputs for the person. The caller holds mu.
func (at place) state(user string) values {
	if at.v != nil {
		return stateOf(at.blocks, at.v.typed)
	}
	return stateOf(at.blocks, at.m.values[user])
}

// remember takes over what the person entered. The caller holds mu.
func (at place) remember(user string, in values) {
	if at.v != nil {
		at.v.remember(in)
		return
	}
	if at.m.values == nil {
		at.m.values = map[string]values{}
	}
	at.m.values[user] = merge(at.m.values[user], in)
}

// Click uses an element of a message, modal or App Home. The value is "" for a button, the
// text or option value for inputs and selects, or a list of them. It returns when the bot
// has acknowledged; not in time gives a *TimeoutError.
func (p *Person) Click(ctx context.Context, ref Ref, blockID, actionID string, value any) error {
	p.s.mu.Lock()
	at, err := p.find(ref)
	if err != nil {
		p.s.mu.Unlock()
		return fmt.Errorf("click: %w", err)
	}
	_, el := findElement(at.blocks, blockID, actionID)
	action, err := p.asAction(ref, blockID, el, value)
	p.s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("click %s/%s: %w", blockID, actionID, err)
	}
	return p.act(ctx, ref, blockID, actionID, action, nil)
}

// asAction turns a plain value into an action as the page sends it. The caller holds mu.
func (p *Person) asAction(ref Ref, blockID string, el object, value any) (object, error) {
	kind, _ := el["type"].(string)
	action := object{"type": kind}
	sl, stateful := slots[kind]
	if kind == "overflow" {
		sl, stateful = slot{key: "selected_option"}, true
	}
	var chosen []string
	switch v := value.(type) {
	case string:
		chosen = []string{v}
	case []string:
		chosen = v
	}
	switch {
	case el == nil:
		return nil, errors.New("not there")
	case !stateful:
		action["value"] = strings.Join(chosen, "")
		return action, nil
	case sl.key == "selected_date_time":
		action[sl.key] = json.Number(fmt.Sprint(value))
		return action, nil
	case sl.key == "selected_user" || sl.key == "selected_date":
		s, _ := value.(string)
		if _, known := p.s.user(s); sl.key == "selected_user" && !known {
			return nil, fmt.Errorf("no person %q to choose", s)
		}
		if _, err := time.Parse(time.DateOnly, s); sl.key == "selected_date" && err != nil {
			return nil, fmt.Errorf("no day: %w", err)
		}
		action[sl.key] = s
		return action, nil
	case !strings.HasPrefix(sl.key, "selected_option"):
		action[sl.key] = value
		if slices.Contains(manySlots, sl.key) {
			action[sl.key] = anys(chosen)
		}
		return action, nil
	}
	options := append(optionsOf(el), p.s.offered[p.offeredKey(ref, blockID, el)]...)
	var picked []any
	for _, wanted := range chosen {
		i := slices.IndexFunc(options, func(o object) bool { return o["value"] == wanted })
		if i < 0 {
			return nil, fmt.Errorf("option %q is not offered", wanted)
		}
		picked = append(picked, options[i])
	}
	if sl.key == "selected_options" {
		action[sl.key] = picked
	} else if len(picked) == 1 {
		action[sl.key] = picked[0]
	}
	return action, nil
}

func anys(list []string) []any {
	all := make([]any, 0, len(list))
	for _, s := range list {
		all = append(all, s)
	}
	return all
}

// act sends a block action. An input that does not dispatch is only remembered.
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
func (p *Person) act(ctx context.Context, ref Ref, blockID, actionID string, action object, given values) error {
	s := p.s
	s.mu.Lock()
	at, err := p.find(ref)
	if err != nil {
		s.mu.Unlock()
		return fmt.Errorf("act: %w", err)
	}
	block, el := findElement(at.blocks, blockID, actionID)
	full, err := fullAction(el, action)
	if err != nil {
		s.mu.Unlock()
		return fmt.Errorf("act on %s/%s: %w", blockID, actionID, err)
	}
	at.remember(p.id, s.ownFiles(p.id, given))
	if clean := cleanState(el, action); clean != nil {
		at.remember(p.id, values{blockID: {actionID: clean}})
	}
	silent := block["type"] == "input" && block["dispatch_action"] != true || el["type"] == "workflow_button"
	if silent {
		s.touch()
		s.mu.Unlock()
		return nil
	}
	full["block_id"], full["action_id"], full["action_ts"] = blockID, actionID, s.nextTS()
	payload := p.actionPayload(at)
	payload["actions"] = []object{full}
	channel := ref.Channel
	s.mu.Unlock()

	if _, err := s.deliver(ctx, delivery{envelope: "interactive", path: "interactions", payload: payload}); err != nil {
		return p.slip(channel, trouble, err)
	}
	return nil
}

// fullAction returns the action as the bot gets it, taking from the page only what a person
// can choose and the rest from the element.
func fullAction(el, action object) (object, error) {
	if el == nil {
		return nil, errors.New("not there")
	}
	kind := el["type"].(string)
	full := object{"type": kind}
	if sl, ok := slots[kind]; ok {
		clean := cleanState(el, action)
		if clean == nil || clean[sl.key] == nil && action[sl.key] != nil && action[sl.key] != "" {
			return nil, fmt.Errorf("value does not suit a %s", kind)
		}
		for _, name := range []string{"placeholder", "min_query_length", sl.initial} {
			if v, ok := el[name]; ok {
				full[name] = v
			}
		}
		for name, v := range clean {
			full[name] = v
		}
		return full, nil
	}
	switch kind {
	case "overflow":
		chosen, _ := action["selected_option"].(object)
		if full["selected_option"] = asOffered(el, chosen); full["selected_option"] == nil {
			return nil, errors.New("option is not offered")
		}
	case "feedback_buttons":
		full["value"] = action["value"]
	default:
		for _, name := range []string{"text", "value", "style", "url"} {
			if v, ok := el[name]; ok {
				full[name] = v
			}
		}
	}
	return full, nil
}

// payload is what all interaction payloads have. The caller holds mu.
func (p *Person) payload(kind string) object {
	s := p.s
	u, _ := s.user(p.id)
	return object{
		"type": kind, "token": "playground", "api_app_id": s.appID, "enterprise": nil, "is_enterprise_install": false,
		"team": object{"id": s.teamID, "domain": teamDomain},
		"user": object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": s.teamOf(u)},
	}
}

// actionPayload describes the place of a block action. The caller holds mu.
func (p *Person) actionPayload(at place) object {
	s, payload := p.s, p.payload("block_actions")
	if at.v != nil {
		payload["container"] = object{"type": "view", "view_id": at.v.ID}
		payload["view"] = at.v.export()
		modal := ""
		if at.v.Type == "modal" {
			modal = at.v.ID
		}
		payload["trigger_id"] = s.newTrigger(p.id, modal)
		return payload
	}
	payload["trigger_id"] = s.newTrigger(p.id, "")
	p.describeMessage(payload, at)
	payload["state"] = object{"values": at.state(p.id)}
	payload["response_url"], _ = s.newResponseURL(responseURL{channel: at.ch.ID, user: p.id, original: at.m.ts})
	return payload
}

// describeMessage adds the message and channel of an interaction. Of an ephemeral message the
// bot learns only where it was. The caller holds mu.
func (p *Person) describeMessage(payload object, at place) {
	container := object{"type": "message", "message_ts": at.m.ts, "channel_id": at.ch.ID, "is_ephemeral": at.m.reader != ""}
	if at.m.threadTS != "" {
		container["thread_ts"] = at.m.threadTS
	}
	name := at.ch.Name
	if at.ch.im != "" {
		name = "directmessage"
	}
	payload["container"] = container
	payload["channel"] = object{"id": at.ch.ID, "name": name}
	if at.m.reader == "" {
		payload["message"] = p.s.wireMessage(at.ch, at.m, true)
	}
}

// Suggest types into an external select of a modal and returns the options the bot offers.
func (p *Person) Suggest(ctx context.Context, viewID, blockID, actionID, typed string) ([]Option, error) {
	answer, err := p.suggest(ctx, Ref{Type: "view", ViewID: viewID}, blockID, actionID, typed)
	if err != nil {
		return nil, err
	}
	var all []Option
	add := func(o object, group string) {
		for _, offered := range optionsOf(object{"options": o["options"]}) {
			all = append(all, Option{Text: textOf(offered["text"]), Value: offered["value"].(string),
				Description: textOf(offered["description"]), Group: group})
		}
	}
	add(answer, "")
	for _, item := range array(answer["option_groups"]) {
		group := item.(object)
		add(group, textOf(group["label"]))
	}
	return all, nil
}

func textOf(v any) string {
	o, _ := v.(object)
	s, _ := o["text"].(string)
	return s
}

func (p *Person) offeredKey(ref Ref, blockID string, el object) string {
	return fmt.Sprint(p.id, " ", ref.ViewID, ref.Channel, ref.TS, " ", blockID, " ", el["action_id"])
}

// suggest asks the bot for options: {"options": …} or {"option_groups": …}. Text shorter than
// the element's min_query_length finds nothing, and the bot is not asked.
// https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
func (p *Person) suggest(ctx context.Context, ref Ref, blockID, actionID, typed string) (object, error) {
	s := p.s
	s.mu.Lock()
	at, err := p.find(ref)
	if err != nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("suggest: %w", err)
	}
	_, el := findElement(at.blocks, blockID, actionID)
	if kind := el["type"]; kind != "external_select" && kind != "multi_external_select" {
		s.mu.Unlock()
		return nil, fmt.Errorf("suggest %s/%s: no external select", blockID, actionID)
	}
	if utf8.RuneCountInString(typed) < limit(el["min_query_length"], 3) {
		s.mu.Unlock()
		return object{"options": []any{}}, nil
	}
	payload := p.payload("block_suggestion")
	payload["action_id"], payload["block_id"], payload["value"] = actionID, blockID, typed
	if at.v != nil {
		payload["container"] = object{"type": "view", "view_id": at.v.ID}
		payload["view"] = at.v.export()
	} else {
		p.describeMessage(payload, at)
	}
	s.mu.Unlock()

	body, err := s.deliver(ctx, delivery{envelope: "interactive", path: "options", payload: payload, answered: true})
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	answer := readReply(body)
	if err := checkSuggestions(answer); err != nil {
		s.cfg.Log.Warn("options were refused", "action_id", actionID, "err", err)
		return nil, fmt.Errorf("suggest: %w", err)
	}
	s.mu.Lock()
	s.offered[p.offeredKey(ref, blockID, el)] = optionsOf(answer)
	s.mu.Unlock()
	return answer, nil
}

func checkSuggestions(answer object) error {
	c := newChecker(onModal)
	c.shape("", answer, shape{
		may:  fields{"options": list(0, 100, option), "option_groups": list(0, 100, optionGroup)},
		also: exactlyOne("options", "option_groups"),
	})
	if len(c.problems) > 0 {
		return &apiError{code: "invalid_options", messages: c.problems}
	}
	return nil
}
