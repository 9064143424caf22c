package playground

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"
)

// slot says where an element keeps its value: the key in the state and in the block.
type slot struct{ key, initial string }

// slots is the table of elements that have a state. Buttons and overflow menus have none.
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
var slots = map[string]slot{
	"plain_text_input":           {"value", "initial_value"},
	"number_input":               {"value", "initial_value"},
	"email_text_input":           {"value", "initial_value"},
	"url_text_input":             {"value", "initial_value"},
	"rich_text_input":            {"rich_text_value", "initial_value"},
	"file_input":                 {"files", "initial_files"},
	"static_select":              {"selected_option", "initial_option"},
	"external_select":            {"selected_option", "initial_option"},
	"radio_buttons":              {"selected_option", "initial_option"},
	"checkboxes":                 {"selected_options", "initial_options"},
	"multi_static_select":        {"selected_options", "initial_options"},
	"multi_external_select":      {"selected_options", "initial_options"},
	"users_select":               {"selected_user", "initial_user"},
	"multi_users_select":         {"selected_users", "initial_users"},
	"channels_select":            {"selected_channel", "initial_channel"},
	"multi_channels_select":      {"selected_channels", "initial_channels"},
	"conversations_select":       {"selected_conversation", "initial_conversation"},
	"multi_conversations_select": {"selected_conversations", "initial_conversations"},
	"datepicker":                 {"selected_date", "initial_date"},
	"timepicker":                 {"selected_time", "initial_time"},
	"datetimepicker":             {"selected_date_time", "initial_date_time"},
}

// manySlots are the keys whose value is a list.
var manySlots = []string{"selected_options", "selected_users", "selected_channels", "selected_conversations", "files"}

// stateOf returns the state of every input in blocks: what was typed, else its first value.
func stateOf(blocks []object, typed values) values {
	state := values{}
	eachElement(blocks, nil, func(block, el object) {
		kind, _ := el["type"].(string)
		sl, ok := slots[kind]
		if !ok {
			return
		}
		blockID, actionID := block["block_id"].(string), el["action_id"].(string)
		value, ok := typed[blockID][actionID].(object)
		if !ok || value["type"] != kind {
			value = cleanState(el, object{sl.key: el[sl.initial]})
		}
		if state[blockID] == nil {
			state[blockID] = map[string]any{}
		}
		state[blockID][actionID] = value
	})
	return state
}

// cleanState returns value as the state of an element: only the key that belongs to its type, in
// the right shape, options as the bot offered them. It returns nil for an element without
// state or a value of another shape.
func cleanState(el object, value any) object {
	kind, _ := el["type"].(string)
	sl, ok := slots[kind]
	given, isObject := value.(object)
	if !ok || !isObject || given["type"] != nil && given["type"] != kind {
		return nil
	}
	clean := object{"type": kind, sl.key: nil}
	if zone, ok := el["timezone"]; ok {
		clean["timezone"] = zone
	}
	v := given[sl.key]
	if slices.Contains(manySlots, sl.key) {
		items := []any{}
		for _, item := range array(v) {
			if item = cleanItem(el, sl.key, item); item != nil {
				items = append(items, item)
			}
		}
		clean[sl.key] = items
		return clean
	}
	clean[sl.key] = cleanItem(el, sl.key, v)
	return clean
}

func cleanItem(el object, key string, v any) any {
	switch key {
	case "selected_option", "selected_options":
		o, ok := v.(object)
		if !ok {
			return nil
		}
		return asOffered(el, o)
	case "selected_date_time":
		if n, ok := v.(json.Number); ok {
			return n
		}
		return nil
	case "rich_text_value", "files":
		if o, ok := v.(object); ok {
			return o
		}
		return nil
	}
	if s, ok := v.(string); ok && s != "" {
		return s
	}
	return nil
}

// asOffered returns the element's own option with the value of o, or nil. The options of an
// external select are not in the block, so there o itself is taken.
func asOffered(el, o object) any {
	kind, _ := el["type"].(string)
	if kind == "external_select" || kind == "multi_external_select" {
		c := newChecker(onModal)
		option(c, "", o)
		if len(c.problems) > 0 {
			return nil
		}
		return o
	}
	for _, offered := range optionsOf(el) {
		if offered["value"] == o["value"] {
			return offered
		}
	}
	return nil
}

// complaints returns what Slack's own client would write under the inputs of a view before it
// submits it: block id → sentence.
func complaints(v *view) map[string]string {
	wrong := map[string]string{}
	state := stateOf(v.Blocks, v.typed)
	for _, block := range v.Blocks {
		el, _ := block["element"].(object)
		if block["type"] != "input" || el == nil {
			continue
		}
		blockID := block["block_id"].(string)
		kind, _ := el["type"].(string)
		now, _ := state[blockID][el["action_id"].(string)].(object)
		value := now[slots[kind].key]
		items, many := value.([]any)
		if value == nil || many && len(items) == 0 {
			if block["optional"] != true {
				wrong[blockID] = "Please complete this required field."
			}
			continue
		}
		if complaint := complain(el, value); complaint != "" {
			wrong[blockID] = complaint
		}
	}
	return wrong
}

// complain judges one value against the limits of its element.
func complain(el object, value any) string {
	s, _ := value.(string)
	n := utf8.RuneCountInString(s)
	switch el["type"] {
	case "plain_text_input":
		if least := limit(el["min_length"], 0); n < least {
			return fmt.Sprintf("Please enter at least %d characters.", least)
		}
		if most := limit(el["max_length"], 3000); n > most {
			return fmt.Sprintf("Please enter no more than %d characters.", most)
		}
	case "number_input":
		return complainNumber(el, s)
	case "email_text_input":
		if _, err := mail.ParseAddress(s); err != nil {
			return "Please enter a valid email address."
		}
	case "url_text_input":
		if u, err := url.Parse(s); err != nil || u.Scheme == "" || u.Host == "" {
			return "Please enter a valid URL."
		}
	}
	if el["type"] == "file_input" {
		return complainFiles(el, array(value))
	}
	if most := limit(el["max_selected_items"], 100); len(array(value)) > most {
		return fmt.Sprintf("Please choose no more than %d.", most)
	}
	return ""
}

func complainNumber(el object, s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !decimal.MatchString(s) {
		return "Please enter a number."
	}
	if _, err := strconv.ParseInt(s, 10, 64); err != nil && el["is_decimal_allowed"] != true {
		return "Please enter a whole number."
	}
	if bound, ok := el["min_value"].(string); ok {
		if least, _ := strconv.ParseFloat(bound, 64); f < least {
			return "Please enter a number of at least " + bound + "."
		}
	}
	if bound, ok := el["max_value"].(string); ok {
		if most, _ := strconv.ParseFloat(bound, 64); f > most {
			return "Please enter a number of at most " + bound + "."
		}
	}
	return ""
}

// merge lays newer values over older ones.
func merge(old, newer values) values {
	all := maps.Clone(old)
	if all == nil {
		all = values{}
	}
	for blockID, actions := range newer {
		all[blockID] = maps.Clone(all[blockID])
		if all[blockID] == nil {
			all[blockID] = map[string]any{}
		}
		maps.Copy(all[blockID], actions)
	}
	return all
}
