package playground

import (
	"encoding/json"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Limits: https://docs.slack.dev/reference/block-kit/composition-objects and
// https://docs.slack.dev/reference/block-kit/block-elements.

var (
	decimal = regexp.MustCompile(`^-?\d+(\.\d+)?$`)

	actionID = str(1, 255)
	buttons  = oneOf("primary", "danger")

	confirm = untyped(shape{
		must: fields{"title": plain(100), "text": either(300), "confirm": plain(30), "deny": plain(30)},
		may:  fields{"style": buttons},
	})
	slackFile = untyped(shape{may: fields{"id": str(1, 255), "url": anyURL}, also: exactlyOne("id", "url")})

	option = untyped(shape{
		must: fields{"text": plain(75), "value": str(1, 150)},
		may:  fields{"description": plain(75)},
	})
	richOption = untyped(shape{
		must: fields{"text": either(75), "value": str(1, 150)},
		may:  fields{"description": either(75)},
	})
	overflowOption = untyped(shape{
		must: fields{"text": plain(75), "value": str(1, 150)},
		may:  fields{"description": plain(75), "url": anyURL},
	})
	optionGroup = untyped(shape{must: fields{"label": plain(75), "options": list(1, 100, option)}})

	dispatchConfig = untyped(shape{may: fields{
		"trigger_actions_on": list(1, 2, oneOf("on_enter_pressed", "on_character_entered")),
	}})
	conversationFilter = untyped(shape{may: fields{
		"include":                          list(1, 4, oneOf("im", "mpim", "private", "public")),
		"exclude_bot_users":                boolean,
		"exclude_external_shared_channels": boolean,
	}})
	feedback = untyped(shape{
		must: fields{"text": plain(75), "value": str(1, 2000)},
		may:  fields{"accessibility_label": str(1, 75)},
	})
)

// Where each element may stand inside blocks.
var (
	singleSelects = []string{"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
	multiSelects  = []string{"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select"}
	pickers       = []string{"checkboxes", "radio_buttons", "datepicker", "timepicker"}

	inAccessory = element(slices.Concat(singleSelects, multiSelects, pickers, []string{"button", "image", "overflow", "workflow_button"})...)
	inActions   = element(slices.Concat(singleSelects, pickers, []string{"button", "overflow", "datetimepicker", "workflow_button"})...)
	inInput     = element(slices.Concat(singleSelects, multiSelects, pickers, []string{"datetimepicker", "plain_text_input",
		"number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input"})...)
)

// elementShapes is the table of elements a bot may send.
var elementShapes = map[string]shape{
	"image": {on: everywhere, must: fields{"alt_text": str(1, 2000)}, may: fields{"image_url": anyURL, "slack_file": slackFile},
		also: exactlyOne("image_url", "slack_file")},
	"button": {on: everywhere, interactive: true, must: fields{"text": plain(75)},
		may: fields{"action_id": actionID, "url": anyURL, "value": str(0, 2000), "confirm": confirm, "style": buttons,
			"accessibility_label": str(1, 75)}},
	"overflow": {on: everywhere, interactive: true, must: fields{"options": list(1, 5, overflowOption)},
		may: fields{"action_id": actionID, "confirm": confirm}},
	"checkboxes": {on: everywhere, interactive: true, must: fields{"options": list(1, 10, richOption)},
		may:  fields{"action_id": actionID, "initial_options": list(1, 10, richOption), "confirm": confirm, "focus_on_load": boolean},
		also: initialAmongOptions},
	"radio_buttons": {on: everywhere, interactive: true, must: fields{"options": list(1, 10, richOption)},
		may:  fields{"action_id": actionID, "initial_option": richOption, "confirm": confirm, "focus_on_load": boolean},
		also: initialAmongOptions},
	"datepicker": {on: everywhere, interactive: true, may: fields{"action_id": actionID, "initial_date": layout(time.DateOnly),
		"placeholder": plain(150), "confirm": confirm, "focus_on_load": boolean}},
	"timepicker": {on: everywhere, interactive: true, may: fields{"action_id": actionID, "initial_time": layout("15:04"),
		"placeholder": plain(150), "confirm": confirm, "focus_on_load": boolean, "timezone": zone}},
	"datetimepicker": {on: onMessage | onModal, interactive: true, may: fields{"action_id": actionID,
		"initial_date_time": whole(1_000_000_000, 9_999_999_999), "confirm": confirm, "focus_on_load": boolean}},
	"plain_text_input": {on: everywhere, interactive: true, may: fields{"action_id": actionID, "initial_value": str(0, 3000),
		"multiline": boolean, "min_length": whole(0, 3000), "max_length": whole(1, 3000), "dispatch_action_config": dispatchConfig,
		"placeholder": plain(150), "focus_on_load": boolean}, also: textBounds},
	"number_input": {on: onModal, interactive: true, must: fields{"is_decimal_allowed": boolean}, may: fields{"action_id": actionID,
		"initial_value": numeral, "min_value": numeral, "max_value": numeral, "dispatch_action_config": dispatchConfig,
		"placeholder": plain(150), "focus_on_load": boolean}, also: numberBounds},
	"email_text_input": {on: onModal, interactive: true, may: fields{"action_id": actionID, "initial_value": str(0, 3000),
		"dispatch_action_config": dispatchConfig, "placeholder": plain(150), "focus_on_load": boolean}},
	"url_text_input": {on: onModal, interactive: true, may: fields{"action_id": actionID, "initial_value": str(0, 3000),
		"dispatch_action_config": dispatchConfig, "placeholder": plain(150), "focus_on_load": boolean}},
	"rich_text_input": {on: onModal | onHome, interactive: true, may: fields{"action_id": actionID, "initial_value": richText,
		"min_lines": whole(1, 100), "max_lines": whole(1, 100), "dispatch_action_config": dispatchConfig,
		"placeholder": plain(150), "focus_on_load": boolean}},
	"file_input": {on: onModal, interactive: true, may: fields{"action_id": actionID, "filetypes": list(1, 100, oneOf(fileTypes...)),
		"max_files": whole(1, 10)}},
	"feedback_buttons": {on: onMessage, interactive: true, must: fields{"positive_button": feedback, "negative_button": feedback},
		may: fields{"action_id": actionID}},
	"icon_button": {on: onMessage, interactive: true, must: fields{"icon": oneOf("trash"), "text": plain(75)},
		may: fields{"action_id": actionID, "value": str(0, 2000), "confirm": confirm, "accessibility_label": str(1, 75),
			"visible_to_user_ids": list(1, 10, str(1, 255))}},
	"workflow_button": {on: onMessage, interactive: true, must: fields{"text": plain(75), "workflow": workflow},
		may: fields{"action_id": actionID, "style": buttons, "accessibility_label": str(1, 75)}},

	"static_select":              selectShape(false, staticFields(false), oneSourceOfOptions),
	"multi_static_select":        selectShape(true, staticFields(true), oneSourceOfOptions),
	"external_select":            selectShape(false, fields{"initial_option": option, "min_query_length": whole(0, 3000)}, nil),
	"multi_external_select":      selectShape(true, fields{"initial_options": list(1, 100, option), "min_query_length": whole(0, 3000)}, nil),
	"users_select":               selectShape(false, fields{"initial_user": actionID}, nil),
	"multi_users_select":         selectShape(true, fields{"initial_users": list(1, 100, actionID)}, nil),
	"channels_select":            selectShape(false, fields{"initial_channel": actionID, "response_url_enabled": boolean}, nil),
	"multi_channels_select":      selectShape(true, fields{"initial_channels": list(1, 100, actionID)}, nil),
	"conversations_select":       selectShape(false, conversationFields(false), nil),
	"multi_conversations_select": selectShape(true, conversationFields(true), nil),
}

var workflow = untyped(shape{must: fields{"trigger": untyped(shape{
	must: fields{"url": anyURL},
	may: fields{"customizable_input_parameters": list(0, 100, untyped(shape{
		must: fields{"name": str(1, 255), "value": str(0, 3000)}}))},
})}})

func selectShape(multi bool, own fields, also func(*checker, string, object)) shape {
	sh := shape{on: everywhere, interactive: true, also: also, may: fields{"action_id": actionID,
		"placeholder": plain(150), "confirm": confirm, "focus_on_load": boolean}}
	if multi {
		sh.may["max_selected_items"] = whole(1, 100)
	}
	for name, check := range own {
		sh.may[name] = check
	}
	return sh
}

func staticFields(multi bool) fields {
	own := fields{"options": list(1, 100, option), "option_groups": list(1, 100, optionGroup)}
	if multi {
		own["initial_options"] = list(1, 100, option)
	} else {
		own["initial_option"] = option
	}
	return own
}

func conversationFields(multi bool) fields {
	own := fields{"default_to_current_conversation": boolean, "filter": conversationFilter}
	if multi {
		own["initial_conversations"] = list(1, 100, actionID)
	} else {
		own["initial_conversation"] = actionID
		own["response_url_enabled"] = boolean
	}
	return own
}

func exactlyOne(names ...string) func(*checker, string, object) {
	return func(c *checker, at string, o object) {
		found := 0
		for _, name := range names {
			if _, ok := o[name]; ok {
				found++
			}
		}
		if found != 1 {
			c.fail(at, "must have exactly one of %q", names)
		}
	}
}

func oneSourceOfOptions(c *checker, at string, o object) {
	exactlyOne("options", "option_groups")(c, at, o)
	initialAmongOptions(c, at, o)
}

// initialAmongOptions refuses a first choice that is not, to the letter, one of the options.
func initialAmongOptions(c *checker, at string, o object) {
	initial, _ := o["initial_options"].([]any)
	name := "initial_options"
	if one, ok := o["initial_option"]; ok {
		initial, name = []any{one}, "initial_option"
	}
	offered := optionsOf(o)
	for _, choice := range initial {
		if !slices.ContainsFunc(offered, func(o object) bool { return reflect.DeepEqual(any(o), choice) }) {
			c.fail(at+"/"+name, "%s must exactly match one of the provided options", name)
		}
	}
}

// optionsOf returns the options of an element, or of a list of suggestions, out of their groups too.
func optionsOf(o object) []object {
	var all []object
	for _, item := range array(o["options"]) {
		if one, ok := item.(object); ok {
			all = append(all, one)
		}
	}
	for _, item := range array(o["option_groups"]) {
		if group, ok := item.(object); ok {
			all = append(all, optionsOf(group)...)
		}
	}
	return all
}

func array(v any) []any {
	items, _ := v.([]any)
	return items
}

func textBounds(c *checker, at string, o object) {
	least, most := limit(o["min_length"], 0), limit(o["max_length"], 3000)
	if least > most {
		c.fail(at+"/min_length", "must not be over max_length")
	}
	if s, _ := o["initial_value"].(string); utf8.RuneCountInString(s) > most {
		c.fail(at+"/initial_value", "must be less than %d characters", most+1)
	}
}

// limit reads a whole number that may be absent.
func limit(v any, absent int) int {
	switch n := v.(type) {
	case int:
		return n
	case json.Number:
		if i, err := n.Int64(); err == nil {
			return int(i)
		}
	}
	return absent
}

func numberBounds(c *checker, at string, o object) {
	value := func(name string) (float64, bool) {
		s, _ := o[name].(string)
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil
	}
	least, hasLeast := value("min_value")
	most, hasMost := value("max_value")
	if hasLeast && hasMost && least > most {
		c.fail(at+"/min_value", "must not be over max_value")
	}
	if first, ok := value("initial_value"); ok && (hasLeast && first < least || hasMost && first > most) {
		c.fail(at+"/initial_value", "must be between min_value and max_value")
	}
}

func numeral(c *checker, at string, v any) {
	if s, ok := v.(string); !ok || !decimal.MatchString(s) {
		c.fail(at, "must be a number in a string")
	}
}

func layout(form string) rule {
	return func(c *checker, at string, v any) {
		s, _ := v.(string)
		if _, err := time.Parse(form, s); err != nil {
			c.fail(at, "must be formatted as %s", form)
		}
	}
}

// anyURL accepts an absolute address.
func anyURL(c *checker, at string, v any) {
	str(1, 3000)(c, at, v)
	s, _ := v.(string)
	if u, err := url.Parse(s); s != "" && (err != nil || u.Scheme == "") {
		c.fail(at, "must be a valid url")
	}
}

func zone(c *checker, at string, v any) {
	s, _ := v.(string)
	if _, err := time.LoadLocation(s); s == "" || err != nil {
		c.fail(at, "must be a time zone of the IANA database")
	}
}
