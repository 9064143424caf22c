package playground

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// many returns a JSON array of n copies of an item; %d in it is the number of the copy.
func many(n int, item string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(item, "%d", fmt.Sprint(i))
	}
	return "[" + strings.Join(all, ",") + "]"
}

func section(text string) string {
	return `{"type":"section","text":{"type":"mrkdwn","text":"` + text + `"}}`
}

const (
	pt    = `{"type":"plain_text","text":"好"}`
	opt   = `{"text":{"type":"plain_text","text":"选项"},"value":"v%d"}`
	rt    = `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}`
	btn   = `{"type":"button","text":` + pt + `,"action_id":"a%d"}`
	inner = `{"type":"plain_text_input","action_id":"a"}`
)

func actions(el string) string { return `{"type":"actions","elements":[` + el + `]}` }
func input(el string) string   { return `{"type":"input","label":` + pt + `,"element":` + el + `}` }
func table(rows string) string { return `{"type":"table","rows":` + rows + `}` }

// TestMessageBlocks holds, for every rule of message blocks, one payload on each side of it.
func TestMessageBlocks(t *testing.T) {
	f := newFixture(t, nil)
	tests := []struct{ name, blocks, code, pointer string }{
		{"section", "[" + section("你好") + "]", "", ""},
		{"text at limit in code points", "[" + section(repeat("字", 3000)) + "]", "", ""},
		{"text over limit", "[" + section(repeat("字", 3001)) + "]", "invalid_blocks", "/blocks/0/text/text"},
		{"text empty", "[" + section("") + "]", "invalid_blocks", "/blocks/0/text/text"},
		{"50 blocks", many(50, `{"type":"divider"}`), "", ""},
		{"51 blocks", many(51, `{"type":"divider"}`), "invalid_blocks", "/blocks"},
		{"not an array", `{"type":"divider"}`, "invalid_blocks", "/blocks"},
		{"unknown block", `[{"type":"sector"}]`, "invalid_blocks", "/blocks/0"},
		{"unknown field", `[{"type":"divider","colour":"red"}]`, "invalid_blocks", "/blocks/0"},
		{"field of wrong type", `[{"type":"section","text":"hello"}]`, "invalid_blocks", "/blocks/0/text"},
		{"section without text or fields", `[{"type":"section"}]`, "invalid_blocks", "/blocks/0"},
		{"10 fields", `[{"type":"section","fields":` + many(10, pt) + `}]`, "", ""},
		{"11 fields", `[{"type":"section","fields":` + many(11, pt) + `}]`, "invalid_blocks", "/blocks/0/fields"},
		{"field over 2000", `[{"type":"section","fields":[{"type":"plain_text","text":"` + repeat("x", 2001) + `"}]}]`, "invalid_blocks", "/blocks/0/fields/0/text"},
		{"emoji on mrkdwn", `[{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}]`, "invalid_blocks", "/blocks/0/text"},
		{"verbatim on plain_text", `[{"type":"section","text":{"type":"plain_text","text":"x","verbatim":true}}]`, "invalid_blocks", "/blocks/0/text"},
		{"duplicate block_id", `[{"type":"divider","block_id":"b"},{"type":"divider","block_id":"b"}]`, "invalid_blocks", "/blocks/1/block_id"},
		{"long block_id", `[{"type":"divider","block_id":"` + repeat("b", 256) + `"}]`, "invalid_blocks", "/blocks/0/block_id"},
		{"duplicate action_id in a block", `[` + actions(btn+","+btn) + `]`, "invalid_blocks", "/blocks/0/elements/1/action_id"},
		{"same action_id in two blocks", `[` + actions(btn) + `,` + actions(btn) + `]`, "", ""},
		{"25 elements", `[{"type":"actions","elements":` + many(25, btn) + `}]`, "", ""},
		{"26 elements", `[{"type":"actions","elements":` + many(26, btn) + `}]`, "invalid_blocks", "/blocks/0/elements"},
		{"header mrkdwn", `[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`, "invalid_blocks", "/blocks/0/text/type"},
		{"header over 150", `[{"type":"header","text":{"type":"plain_text","text":"` + repeat("题", 151) + `"}}]`, "invalid_blocks", "/blocks/0/text/text"},
		{"context of 11", `[{"type":"context","elements":` + many(11, pt) + `}]`, "invalid_blocks", "/blocks/0/elements"},
		{"context with button", `[{"type":"context","elements":[` + btn + `]}]`, "invalid_blocks", "/blocks/0/elements/0/type"},
		{"image without alt", `[{"type":"image","image_url":"https://x.test/a.png"}]`, "invalid_blocks", "/blocks/0"},
		{"image with a relative address", `[{"type":"image","image_url":"a.png","alt_text":"x"}]`, "invalid_blocks", "/blocks/0/image_url"},
		{"alert on a message", `[{"type":"alert","text":` + pt + `}]`, "invalid_blocks", "/blocks/0"},
		{"file", `[{"type":"file","external_id":"x","source":"remote"}]`, "invalid_blocks", "/blocks/0"},
		{"button text over 75", `[` + actions(`{"type":"button","text":{"type":"plain_text","text":"`+repeat("按", 76)+`"}}`) + `]`, "invalid_blocks", "/blocks/0/elements/0/text/text"},
		{"button style", `[` + actions(`{"type":"button","text":`+pt+`,"style":"blue"}`) + `]`, "invalid_blocks", "/blocks/0/elements/0/style"},
		{"button value over 2000", `[` + actions(`{"type":"button","text":`+pt+`,"value":"`+repeat("v", 2001)+`"}`) + `]`, "invalid_blocks", "/blocks/0/elements/0/value"},
		{"overflow of 6", `[` + actions(`{"type":"overflow","options":`+many(6, opt)+`}`) + `]`, "invalid_blocks", "/blocks/0/elements/0/options"},
		{"checkboxes of 11", `[` + actions(`{"type":"checkboxes","options":`+many(11, opt)+`}`) + `]`, "invalid_blocks", "/blocks/0/elements/0/options"},
		{"select of 101", `[` + actions(`{"type":"static_select","options":`+many(101, opt)+`}`) + `]`, "invalid_blocks", "/blocks/0/elements/0/options"},
		{"select with options and groups", `[` + actions(`{"type":"static_select","options":[`+opt+`],"option_groups":[{"label":`+pt+`,"options":[`+opt+`]}]}`) + `]`, "invalid_blocks", "/blocks/0/elements/0"},
		{"option value at 150", `[` + actions(`{"type":"static_select","options":[{"text":`+pt+`,"value":"`+repeat("v", 150)+`"}]}`) + `]`, "", ""},
		{"option value over 150", `[` + actions(`{"type":"static_select","options":[{"text":`+pt+`,"value":"`+repeat("v", 151)+`"}]}`) + `]`, "invalid_blocks", "/blocks/0/elements/0/options/0/value"},
		{"option url outside overflow", `[` + actions(`{"type":"static_select","options":[{"text":`+pt+`,"value":"v","url":"https://x.test"}]}`) + `]`, "invalid_blocks", "/blocks/0/elements/0/options/0"},
		{"initial_option not among options", `[` + actions(`{"type":"static_select","options":[`+opt+`],"initial_option":{"text":`+pt+`,"value":"other"}}`) + `]`, "invalid_blocks", "/blocks/0/elements/0/initial_option"},
		{"initial_option among options", `[` + actions(`{"type":"static_select","options":[`+opt+`],"initial_option":`+opt+`}`) + `]`, "", ""},
		{"confirm title over 100", `[` + actions(`{"type":"button","text":`+pt+`,"confirm":{"title":{"type":"plain_text","text":"`+repeat("x", 101)+`"},"text":`+pt+`,"confirm":`+pt+`,"deny":`+pt+`}}`) + `]`, "invalid_blocks", "/blocks/0/elements/0/confirm/title/text"},
		{"bad date", `[` + actions(`{"type":"datepicker","initial_date":"2018-02-30"}`) + `]`, "invalid_blocks", "/blocks/0/elements/0/initial_date"},
		{"text input in actions", `[` + actions(inner) + `]`, "invalid_blocks", "/blocks/0/elements/0"},
		{"input on a message", `[` + input(inner) + `]`, "", ""},
		{"number input on a message", `[` + input(`{"type":"number_input","is_decimal_allowed":true}`) + `]`, "invalid_blocks", "/blocks/0/element"},
		{"rich text", `[` + rt + `]`, "", ""},
		{"rich text with list", `[{"type":"rich_text","elements":[{"type":"rich_text_list","style":"ordered","indent":1,"border":0,"offset":0,"elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"U1"},{"type":"text","text":"x","style":{"bold":true}}]}]}]}]`, "", ""},
		{"rich text with unknown style", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"blink":true}}]}]}]`, "invalid_blocks", "/blocks/0/elements/0/elements/0/style"},
		{"rich text with unknown part", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"song"}]}]}]`, "invalid_blocks", "/blocks/0/elements/0/elements/0"},
		{"table", `[` + table(`[[{"type":"raw_text","text":"a"},{"type":"raw_number","value":3}],[`+rt+`]]`) + `]`, "", ""},
		{"two tables", `[` + table(`[[{"type":"raw_text","text":"a"}]]`) + `,` + table(`[[{"type":"raw_text","text":"a"}]]`) + `]`, "invalid_blocks", "/blocks/1"},
		{"table of 101 rows", `[` + table(many(101, `[{"type":"raw_text","text":"a"}]`)) + `]`, "invalid_blocks", "/blocks/0/rows"},
		{"table of 21 cells", `[` + table(`[`+many(21, `{"type":"raw_text","text":"a"}`)+`]`) + `]`, "invalid_blocks", "/blocks/0/rows/0"},
		{"table over 10000 characters", `[` + table(many(6, `[{"type":"raw_text","text":"`+repeat("格", 2000)+`"}]`)) + `]`, "invalid_blocks", "/blocks/0/rows"},
		{"null column setting", `[{"type":"table","rows":[[{"type":"raw_text","text":"a"}]],"column_settings":[null,{"align":"right","is_wrapped":true}]}]`, "", ""},
		{"data table with uneven rows", `[{"type":"data_table","caption":"c","rows":[[{"type":"raw_text","text":"a"}],[{"type":"raw_text","text":"a"},{"type":"raw_text","text":"b"}]]}]`, "invalid_blocks", "/blocks/0/rows"},
		{"data table with number header", `[{"type":"data_table","caption":"c","rows":[[{"type":"raw_number","value":1}],[{"type":"raw_number","value":2}]]}]`, "invalid_blocks", "/blocks/0/rows/0"},
		{"chart", `[{"type":"data_visualization","title":"t","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}]`, "", ""},
		{"pie with nothing", `[{"type":"data_visualization","title":"t","chart":{"type":"pie","segments":[{"label":"a","value":0}]}}]`, "invalid_blocks", "/blocks/0/chart/segments"},
		{"chart without a point", `[{"type":"data_visualization","title":"t","chart":{"type":"bar","series":[{"name":"a","data":[{"label":"x","value":1}]}],"axis_config":{"categories":["x","y"]}}}]`, "invalid_blocks", "/blocks/0/chart/series"},
		{"markdown", `[{"type":"markdown","text":"# x","block_id":"m"}]`, "", ""},
		{"markdown over 12000", `[{"type":"markdown","text":"` + repeat("x", 7000) + `"},{"type":"markdown","text":"` + repeat("x", 7000) + `"}]`, "invalid_blocks", "/blocks/1/text"},
		{"card with nothing", `[{"type":"card"}]`, "invalid_blocks", "/blocks/0"},
		{"container", `[{"type":"container","title":` + pt + `,"child_blocks":[` + section("x") + `]}]`, "", ""},
		{"container with markdown", `[{"type":"container","title":` + pt + `,"child_blocks":[{"type":"markdown","text":"x"}]}]`, "invalid_blocks", "/blocks/0/child_blocks/0"},
		{"9000 characters", "[" + section(repeat("字", 3000)) + "," + section(repeat("字", 3000)) + "," + section(repeat("字", 3000)) + "]", "", ""},
		{"9001 characters", "[" + section(repeat("字", 3000)) + "," + section(repeat("字", 3000)) + "," + section(repeat("字", 3000)) + "," + section("字") + "]", "msg_blocks_too_long", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			blocks := strings.ReplaceAll(tt.blocks, "%d", "0")
			for method, args := range map[string]object{
				"chat.postMessage": {"channel": "CJY", "text": "t", "blocks": json.RawMessage(blocks)},
				"blocks.validate":  {"blocks": json.RawMessage(blocks)},
			} {
				answer := f.call(t, method, args)
				if code, _ := answer["error"].(string); code != tt.code {
					t.Fatalf("%s: error %q, want %q: %v", method, code, tt.code, answer["response_metadata"])
				}
				if tt.pointer != "" && !strings.Contains(fmt.Sprint(answer["response_metadata"]), "[json-pointer:"+tt.pointer+"]") {
					t.Errorf("%s: %v names no %s", method, answer["response_metadata"], tt.pointer)
				}
			}
		})
	}
}

func modal(rest, blocks string) string {
	return `{"type":"modal","title":` + pt + rest + `,"blocks":` + blocks + `}`
}

// TestViewRules holds the rules of modals and App Home.
func TestViewRules(t *testing.T) {
	f := newFixture(t, nil)
	submit := `,"submit":` + pt
	long := func(n int) string { return `{"type":"plain_text","text":"` + repeat("字", n) + `"}` }
	tests := []struct{ name, view, code, pointer string }{
		{"modal", modal("", "["+section("x")+"]"), "", ""},
		{"100 blocks", modal("", many(100, `{"type":"divider"}`)), "", ""},
		{"101 blocks", modal("", many(101, `{"type":"divider"}`)), "invalid_arguments", "/view/blocks"},
		{"no blocks", modal("", "[]"), "invalid_arguments", "/view/blocks"},
		{"input without submit", modal("", "["+input(inner)+"]"), "invalid_arguments", "/view"},
		{"input with submit", modal(submit, "["+input(inner)+"]"), "", ""},
		{"title over 24", `{"type":"modal","title":` + long(25) + `,"blocks":[` + section("x") + `]}`, "invalid_arguments", "/view/title/text"},
		{"submit over 24", modal(`,"submit":`+long(25), "["+section("x")+"]"), "invalid_arguments", "/view/submit/text"},
		{"close over 24", modal(`,"close":`+long(25), "["+section("x")+"]"), "invalid_arguments", "/view/close/text"},
		{"no title", `{"type":"modal","blocks":[` + section("x") + `]}`, "invalid_arguments", "/view"},
		{"private_metadata at 3000", modal(`,"private_metadata":"`+repeat("x", 3000)+`"`, "["+section("x")+"]"), "", ""},
		{"private_metadata over 3000", modal(`,"private_metadata":"`+repeat("x", 3001)+`"`, "["+section("x")+"]"), "invalid_arguments", "/view/private_metadata"},
		{"callback_id over 255", modal(`,"callback_id":"`+repeat("x", 256)+`"`, "["+section("x")+"]"), "invalid_arguments", "/view/callback_id"},
		{"external_id over 255", modal(`,"external_id":"`+repeat("x", 256)+`"`, "["+section("x")+"]"), "invalid_arguments", "/view/external_id"},
		{"over 250 kB", modal("", many(100, section(repeat("x", 2600)))), "view_too_large", ""},
		{"table in a modal", modal("", "["+table(`[[{"type":"raw_text","text":"a"}]]`)+"]"), "invalid_arguments", "/view/blocks/0"},
		{"markdown in a modal", modal("", `[{"type":"markdown","text":"x"}]`), "invalid_arguments", "/view/blocks/0"},
		{"two focused", modal(submit, "["+input(`{"type":"plain_text_input","focus_on_load":true}`)+","+input(`{"type":"plain_text_input","focus_on_load":true}`)+"]"), "invalid_arguments", "/view/blocks/1/element/focus_on_load"},
		{"file_input of an unknown kind", modal(submit, `[`+input(`{"type":"file_input","filetypes":["pdf","ofd"]}`)+`]`), "invalid_arguments", "/view/blocks/0/element/filetypes/1"},
		{"dispatching file_input", modal(submit, `[{"type":"input","label":`+pt+`,"dispatch_action":true,"element":{"type":"file_input"}}]`), "invalid_arguments", "/view/blocks/0/dispatch_action"},
		{"number input without is_decimal_allowed", modal(submit, "["+input(`{"type":"number_input"}`)+"]"), "invalid_arguments", "/view/blocks/0/element"},
		{"number bounds as numbers", modal(submit, "["+input(`{"type":"number_input","is_decimal_allowed":true,"min_value":1}`)+"]"), "invalid_arguments", "/view/blocks/0/element/min_value"},
		{"number bounds crossed", modal(submit, "["+input(`{"type":"number_input","is_decimal_allowed":true,"min_value":"2","max_value":"1"}`)+"]"), "invalid_arguments", "/view/blocks/0/element/min_value"},
		{"max_length over 3000", modal(submit, "["+input(`{"type":"plain_text_input","max_length":3001}`)+"]"), "invalid_arguments", "/view/blocks/0/element/max_length"},
		{"initial_value over max_length", modal(submit, "["+input(`{"type":"plain_text_input","max_length":1,"initial_value":"ab"}`)+"]"), "invalid_arguments", "/view/blocks/0/element/initial_value"},
		{"label over 2000", modal(submit, `[{"type":"input","label":`+long(2001)+`,"element":`+inner+`}]`), "invalid_arguments", "/view/blocks/0/label/text"},
		{"home", `{"type":"home","blocks":[` + section("x") + `]}`, "", ""},
		{"home with title", `{"type":"home","title":` + pt + `,"blocks":[` + section("x") + `]}`, "invalid_arguments", "/view"},
		{"home with datetimepicker", `{"type":"home","blocks":[` + actions(`{"type":"datetimepicker"}`) + `]}`, "invalid_arguments", "/view/blocks/0/elements/0"},
		{"unknown kind", `{"type":"page","blocks":[]}`, "invalid_arguments", "/view/type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answer := f.callWith(t, "", "blocks.validate", object{"view": json.RawMessage(tt.view)})
			if code, _ := answer["error"].(string); code != tt.code {
				t.Fatalf("error %q, want %q: %v", code, tt.code, answer["response_metadata"])
			}
			if tt.pointer != "" && !strings.Contains(fmt.Sprint(answer["response_metadata"]), "[json-pointer:"+tt.pointer+"]") {
				t.Errorf("%v names no %s", answer["response_metadata"], tt.pointer)
			}
		})
	}
}

// TestCallRefusals holds the refusals that have nothing to do with blocks.
func TestCallRefusals(t *testing.T) {
	f := newFixture(t, nil)
	f.mu.Lock()
	f.addChannel(Channel{ID: "COLD", Name: "old", Members: []string{"UBOT", "UWANG"}}, "").archived = true
	f.mu.Unlock()
	if err := f.As("UWANG").Say(t.Context(), "CJY", "", "hello"); err != nil {
		t.Fatal(err)
	}
	human := last(f.As("UWANG"), "CJY").TS
	view := json.RawMessage(modal("", "["+section("x")+"]"))
	meta := func(s string) object {
		return object{"channel": "CJY", "text": "x", "metadata": json.RawMessage(s)}
	}
	tests := []struct {
		name, token, method string
		args                object
		code                string
	}{
		{"no token", "", "auth.test", nil, "not_authed"},
		{"wrong token", "xoxb-other", "auth.test", nil, "invalid_auth"},
		{"app token for the bot", testAppToken, "auth.test", nil, "not_allowed_token_type"},
		{"bot token for the app", testBotToken, "apps.connections.open", nil, "not_allowed_token_type"},
		{"unknown method", testBotToken, "chat.shout", nil, "unknown_method"},
		{"unknown channel", testBotToken, "chat.postMessage", object{"channel": "CNONE", "text": "x"}, "channel_not_found"},
		{"channel by name", testBotToken, "chat.postMessage", object{"channel": "#jingyue", "text": "x"}, "channel_not_found"},
		{"hidden private channel", testBotToken, "chat.postMessage", object{"channel": "CHIDDEN", "text": "x"}, "channel_not_found"},
		{"public channel without the bot", testBotToken, "chat.postMessage", object{"channel": "COPEN", "text": "x"}, "not_in_channel"},
		{"archived channel", testBotToken, "chat.postMessage", object{"channel": "COLD", "text": "x"}, "is_archived"},
		{"nothing to say", testBotToken, "chat.postMessage", object{"channel": "CJY"}, "no_text"},
		{"nothing in blocks", testBotToken, "chat.postMessage", object{"channel": "CJY", "blocks": []any{}}, "no_text"},
		{"blocks that are no JSON", testBotToken, "chat.postMessage", object{"channel": "CJY", "blocks": "[{"}, "invalid_blocks_format"},
		{"markdown with text", testBotToken, "chat.postMessage", object{"channel": "CJY", "text": "x", "markdown_text": "x"}, "markdown_text_conflict"},
		{"metadata without type", testBotToken, "chat.postMessage", meta(`{"event_payload":{"a":1}}`), "invalid_metadata_format"},
		{"metadata type with space", testBotToken, "chat.postMessage", meta(`{"event_type":"a b","event_payload":{}}`), "invalid_metadata_format"},
		{"metadata nested", testBotToken, "chat.postMessage", meta(`{"event_type":"a","event_payload":{"a":{"b":1}}}`), "invalid_metadata_schema"},
		{"metadata too large", testBotToken, "chat.postMessage", meta(`{"event_type":"a","event_payload":{"a":"` + repeat("x", 3000) + `"}}`), "metadata_too_large"},
		{"unknown thread", testBotToken, "chat.postMessage", object{"channel": "CJY", "text": "x", "thread_ts": "1.000000"}, "message_not_found"},
		{"update of a person's message", testBotToken, "chat.update", object{"channel": "CJY", "ts": human, "text": "x"}, "cant_update_message"},
		{"update of nothing", testBotToken, "chat.update", object{"channel": "CJY", "ts": "1.000000", "text": "x"}, "message_not_found"},
		{"update too long", testBotToken, "chat.update", object{"channel": "CJY", "ts": human, "text": repeat("字", 4001)}, "msg_too_long"},
		{"delete of a person's message", testBotToken, "chat.delete", object{"channel": "CJY", "ts": human}, "cant_delete_message"},
		{"ephemeral for an outsider", testBotToken, "chat.postEphemeral", object{"channel": "CJY", "user": "ULI", "text": "x"}, "user_not_in_channel"},
		{"history without the bot", testBotToken, "conversations.history", object{"channel": "COPEN"}, "not_in_channel"},
		{"history limit", testBotToken, "conversations.history", object{"channel": "CJY", "limit": 1000}, "invalid_limit"},
		{"history cursor", testBotToken, "conversations.history", object{"channel": "CJY", "cursor": "x"}, "invalid_cursor"},
		{"replies of nothing", testBotToken, "conversations.replies", object{"channel": "CJY", "ts": "1.000000"}, "thread_not_found"},
		{"join private", testBotToken, "conversations.join", object{"channel": "CSECRET"}, "method_not_supported_for_channel_type"},
		{"open with nobody", testBotToken, "conversations.open", object{"users": "UNONE"}, "user_not_found"},
		{"unknown user", testBotToken, "users.info", object{"user": "UNONE"}, "user_not_found"},
		{"view without trigger", testBotToken, "views.open", object{"view": view}, "invalid_trigger_id"},
		{"view with made-up trigger", testBotToken, "views.open", object{"view": view, "trigger_id": "1.2.3"}, "invalid_trigger_id"},
		{"update of no view", testBotToken, "views.update", object{"view": view, "view_id": "V1"}, "not_found"},
		{"update by two ids", testBotToken, "views.update", object{"view": view, "view_id": "V1", "external_id": "x"}, "invalid_arguments"},
		{"publish for nobody", testBotToken, "views.publish", object{"view": json.RawMessage(`{"type":"home","blocks":[` + section("x") + `]}`), "user_id": "UNONE"}, "user_not_found"},
		{"publish of a modal", testBotToken, "views.publish", object{"view": view, "user_id": "UWANG"}, "invalid_arguments"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answer := f.callWith(t, tt.token, tt.method, tt.args)
			if answer["error"] != tt.code || answer["ok"] != false {
				t.Errorf("%v, want error %q", answer, tt.code)
			}
		})
	}
}
