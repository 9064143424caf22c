package playground

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

func plainObject(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// form is a modal with a required name, an optional note and a select with suggestions.
func form(callback string) slack.ModalViewRequest {
	name := slack.NewPlainTextInputBlockElement(plainObject("名称"), "name")
	name.MinLength = 2
	note := slack.NewInputBlock("note", plainObject("备注"), nil, slack.NewPlainTextInputBlockElement(nil, "text"))
	note.Optional = true
	few := 1
	body := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plainObject("主体"), "body")
	body.MinQueryLength = &few
	where := slack.NewInputBlock("where", plainObject("主体"), nil, body)
	where.Optional = true
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plainObject("登记"), Submit: plainObject("提交"), CallbackID: callback, NotifyOnClose: true,
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("project", plainObject("项目"), nil, name), note, where,
			slack.NewActionBlock("more", slack.NewButtonBlockElement("next", "n", plainObject("下一步"))),
		}},
	}
}

// open has the bot open the form when /quota is run, and returns its id.
func (f *fixture) open(t *testing.T, handle bot) string {
	t.Helper()
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		if cmd, ok := evt.Data.(slack.SlashCommand); ok {
			if _, err := f.api.OpenViewContext(t.Context(), cmd.TriggerID, form("register")); err != nil {
				t.Errorf("open: %v", err)
			}
			return nil, false
		}
		return handle(evt)
	})
	if err := f.As("UWANG").Say(t.Context(), "CJY", "", "/quota"); err != nil {
		t.Fatal(err)
	}
	stack := f.As("UWANG").Views()
	if len(stack) != 1 || stack[0].CallbackID != "register" {
		t.Fatalf("stack: %+v", stack)
	}
	return stack[0].ID
}

func entry(blockID, actionID, text string) map[string]map[string]any {
	return map[string]map[string]any{blockID: {actionID: map[string]any{"type": "plain_text_input", "value": text}}}
}

func titles(p *Person) []string {
	var all []string
	for _, v := range p.Views() {
		all = append(all, textOf(v.Title))
	}
	return all
}

// TestSubmitAnswers goes through what a bot may answer to a submission.
func TestSubmitAnswers(t *testing.T) {
	second := form("second")
	second.Title = plainObject("第二页")
	broken := second
	broken.Submit = nil
	tests := []struct {
		name    string
		answer  any
		errors  map[string]string
		trouble bool
		titles  []string
	}{
		{"nothing closes", nil, nil, false, nil},
		{"clear", slack.NewClearViewSubmissionResponse(), nil, false, nil},
		{"update", slack.NewUpdateViewSubmissionResponse(&second), nil, false, []string{"第二页"}},
		{"push", slack.NewPushViewSubmissionResponse(&second), nil, false, []string{"登记", "第二页"}},
		{"errors", slack.NewErrorsViewSubmissionResponse(map[string]string{"project": "重复"}), map[string]string{"project": "重复"}, false, []string{"登记"}},
		{"errors by action id", slack.NewErrorsViewSubmissionResponse(map[string]string{"name": "重复"}), nil, true, []string{"登记"}},
		{"errors at a button", slack.NewErrorsViewSubmissionResponse(map[string]string{"more": "重复"}), nil, true, []string{"登记"}},
		{"no errors", map[string]any{"response_action": "errors"}, nil, true, []string{"登记"}},
		{"another body", map[string]any{"ok": true}, nil, true, []string{"登记"}},
		{"empty object", map[string]any{}, nil, true, []string{"登记"}},
		{"invalid view", slack.NewUpdateViewSubmissionResponse(&broken), nil, true, []string{"登记"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, nil)
			var got slack.View
			id := f.open(t, func(evt socketmode.Event) (any, bool) {
				got = evt.Data.(slack.InteractionCallback).View
				return tt.answer, false
			})
			wang := f.As("UWANG")
			wrong, err := wang.Submit(t.Context(), id, entry("project", "name", "产业园"))
			if (err != nil) != tt.trouble || err != nil && !strings.Contains(err.Error(), trouble) {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(tt.errors, wrong); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.titles, titles(wang)); diff != "" {
				t.Errorf("stack (-want +got):\n%s", diff)
			}
			if got.State.Values["project"]["name"].Value != "产业园" || got.Hash == "" {
				t.Errorf("the bot got %+v", got.State)
			}
		})
	}
}

// TestClientChecks holds what Slack's client refuses by itself, before the bot hears of it.
func TestClientChecks(t *testing.T) {
	f := newFixture(t, nil)
	id := f.open(t, func(evt socketmode.Event) (any, bool) {
		t.Errorf("the bot was sent %s", evt.Type)
		return nil, false
	})
	tests := []struct{ name, text, want string }{
		{"empty", "", "Please complete this required field."},
		{"too short", "园", "Please enter at least 2 characters."},
		{"too long", repeat("园", 3001), "Please enter no more than 3000 characters."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wrong, err := f.As("UWANG").Submit(t.Context(), id, entry("project", "name", tt.text))
			if diff := cmp.Diff(map[string]string{"project": tt.want}, wrong); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestFieldChecks holds the judgements on the other kinds of input.
func TestFieldChecks(t *testing.T) {
	tests := []struct {
		name  string
		el    object
		value any
		fine  bool
	}{
		{"number", object{"type": "number_input", "is_decimal_allowed": false}, "12", true},
		{"decimal where whole", object{"type": "number_input", "is_decimal_allowed": false}, "1.5", false},
		{"decimal", object{"type": "number_input", "is_decimal_allowed": true}, "1.5", true},
		{"exponent", object{"type": "number_input", "is_decimal_allowed": true}, "1e9", false},
		{"below", object{"type": "number_input", "is_decimal_allowed": true, "min_value": "2"}, "1", false},
		{"above", object{"type": "number_input", "is_decimal_allowed": true, "max_value": "2"}, "3", false},
		{"email", object{"type": "email_text_input"}, "a@b.cn", true},
		{"no email", object{"type": "email_text_input"}, "a", false},
		{"url", object{"type": "url_text_input"}, "https://x.test/", true},
		{"no url", object{"type": "url_text_input"}, "x.test", false},
		{"too many", object{"type": "multi_users_select", "max_selected_items": json.Number("1")}, []any{"U1", "U2"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := complain(tt.el, tt.value); (got == "") != tt.fine {
				t.Errorf("complaint %q", got)
			}
		})
	}
}

// TestTriggers spends triggers in the ways Slack refuses.
func TestTriggers(t *testing.T) {
	f := newFixture(t, nil)
	triggers := make(chan string, 1)
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		triggers <- evt.Data.(slack.SlashCommand).TriggerID
		return nil, false
	})
	run := func() string {
		t.Helper()
		if err := f.As("UWANG").Say(t.Context(), "CJY", "", "/quota"); err != nil {
			t.Fatal(err)
		}
		return <-triggers
	}
	late := run()
	f.clock.advance(3*time.Second + time.Millisecond)
	if _, err := f.api.OpenViewContext(t.Context(), late, form("a")); slackCode(err) != "expired_trigger_id" {
		t.Errorf("late: %v", err)
	}
	used := run()
	bad := form("a")
	bad.Title = plainObject(repeat("长", 25))
	if _, err := f.api.OpenViewContext(t.Context(), used, bad); slackCode(err) != "invalid_arguments" {
		t.Errorf("bad view: %v", err)
	}
	if _, err := f.api.OpenViewContext(t.Context(), used, form("a")); err != nil {
		t.Errorf("a refused view cost the trigger: %v", err)
	}
	if _, err := f.api.OpenViewContext(t.Context(), used, form("a")); slackCode(err) != "exchanged_trigger_id" {
		t.Errorf("used: %v", err)
	}
	if _, err := f.api.PushViewContext(t.Context(), run(), form("a")); slackCode(err) != "invalid_trigger_id" {
		t.Errorf("push from outside a modal: %v", err)
	}
}

// TestUpdateKeepsTyped holds the rule of block_id and action_id, the hash and the external id.
func TestUpdateKeepsTyped(t *testing.T) {
	f := newFixture(t, nil)
	id := f.open(t, func(socketmode.Event) (any, bool) { return nil, false })
	if err := f.As("UWANG").keep(id, entry("project", "name", "产业园")); err != nil {
		t.Fatal(err)
	}
	old := f.As("UWANG").Views()[0].Hash
	next := form("register")
	next.ExternalID = "draft-1"
	renamed := slack.NewPlainTextInputBlockElement(nil, "text")
	renamed.InitialValue = "新"
	next.Blocks.BlockSet[1] = slack.NewInputBlock("note-2", plainObject("备注"), nil, renamed)
	got, err := f.api.UpdateViewContext(t.Context(), next, "", old, id)
	if err != nil {
		t.Fatal(err)
	}
	state := got.State.Values
	if state["project"]["name"].Value != "产业园" || state["note-2"]["text"].Value != "新" || got.Hash == old {
		t.Errorf("after update: %+v, hash %s", state, got.Hash)
	}
	if _, err := f.api.UpdateViewContext(t.Context(), next, "", old, id); slackCode(err) != "hash_conflict" {
		t.Errorf("stale hash: %v", err)
	}
	if _, err := f.api.UpdateViewContext(t.Context(), next, "draft-1", "", ""); err != nil {
		t.Errorf("by external id: %v", err)
	}
	if err := f.As("UWANG").Say(t.Context(), "CJY", "", "/quota"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.api.UpdateViewContext(t.Context(), next, "", "", id); slackCode(err) != "not_found" {
		t.Errorf("a view that was replaced: %v", err)
	}
}

// TestStack pushes to the limit, closes one by one and all at once.
func TestStack(t *testing.T) {
	f := newFixture(t, nil)
	codes := make(chan string, 8)
	closed := make(chan slack.InteractionCallback, 8)
	id := f.open(t, func(evt socketmode.Event) (any, bool) {
		in := evt.Data.(slack.InteractionCallback)
		if in.Type == slack.InteractionTypeViewClosed {
			closed <- in
			return nil, false
		}
		_, err := f.api.PushViewContext(t.Context(), in.TriggerID, form("pushed"))
		codes <- slackCode(err)
		return nil, false
	})
	wang := f.As("UWANG")
	for _, want := range []string{"", "", "push_limit_reached"} {
		top := wang.Views()[len(wang.Views())-1]
		if err := wang.Click(t.Context(), Ref{Type: "view", ViewID: top.ID}, "more", "next", ""); err != nil {
			t.Fatal(err)
		}
		if got := <-codes; got != want {
			t.Errorf("push: %q, want %q", got, want)
		}
	}
	stack := wang.Views()
	if len(stack) != 3 || stack[2].RootViewID != id || *stack[2].PreviousViewID != stack[1].ID {
		t.Fatalf("stack: %+v", stack)
	}
	if err := wang.CloseView(t.Context(), stack[2].ID, false); err != nil {
		t.Fatal(err)
	}
	if got := <-closed; got.View.ID != stack[2].ID || got.IsCleared || len(wang.Views()) != 2 {
		t.Errorf("cancel: %+v", got.View.ID)
	}
	if err := wang.CloseView(t.Context(), stack[1].ID, true); err != nil {
		t.Fatal(err)
	}
	if got := <-closed; got.View.ID != id || !got.IsCleared || len(wang.Views()) != 0 || len(got.View.State.Values) != 0 {
		t.Errorf("cross: %+v", got.View)
	}
}

// TestSuggest types into the external select, chooses, and sees the choice submitted.
func TestSuggest(t *testing.T) {
	f := newFixture(t, nil)
	var answer any
	asked := 0
	id := f.open(t, func(evt socketmode.Event) (any, bool) {
		in := evt.Data.(slack.InteractionCallback)
		if in.Type != slack.InteractionTypeBlockSuggestion {
			if got := in.View.State.Values["where"]["body"].SelectedOption.Value; got != "jy" {
				t.Errorf("submitted %q", got)
			}
			return nil, false
		}
		asked++
		if in.Value != "净" && in.Value != "" {
			t.Errorf("the bot was asked for %q", in.Value)
		}
		return answer, false
	})
	wang := f.As("UWANG")
	ask := func(typed string) ([]Option, error) {
		return wang.Suggest(t.Context(), id, "where", "body", typed)
	}
	option := slack.NewOptionBlockObject("jy", plainObject("净月"), nil)
	answer = slack.OptionsResponse{Options: []*slack.OptionBlockObject{option}}
	if got, err := ask(""); err != nil || len(got) != 0 || asked != 0 {
		t.Errorf("below min_query_length: %v %v, asked %d", got, err, asked)
	}
	got, err := ask("净")
	if diff := cmp.Diff([]Option{{Text: "净月", Value: "jy"}}, got); diff != "" || err != nil {
		t.Errorf("options: %v (-want +got):\n%s", err, diff)
	}
	if err := wang.Click(t.Context(), Ref{Type: "view", ViewID: id}, "where", "body", "other"); err == nil {
		t.Error("an option that was not offered was taken")
	}
	if err := wang.Click(t.Context(), Ref{Type: "view", ViewID: id}, "where", "body", "jy"); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string]any{
		"nothing":     map[string]any{},
		"no answer":   nil,
		"101 options": json.RawMessage(`{"options":` + many(101, opt) + `}`),
		"both":        json.RawMessage(`{"options":[],"option_groups":[]}`),
	} {
		answer = bad
		if got, err := ask("净"); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	answer = map[string]any{"options": []any{}}
	if got, err := ask("净"); err != nil || len(got) != 0 {
		t.Errorf("no matches: %v %v", got, err)
	}
	answer = nil
	if wrong, err := wang.Submit(t.Context(), id, entry("project", "name", "产业园")); wrong != nil || err != nil {
		t.Errorf("submit: %v %v", wrong, err)
	}
}

// TestHome opens App Home, which the bot fills; the view is the person's own.
func TestHome(t *testing.T) {
	f := newFixture(t, nil)
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewActionBlock("b", slack.NewButtonBlockElement("go", "1", plainObject("继续")))}}}
	clicked := make(chan slack.InteractionCallback, 1)
	f.connect(t, func(evt socketmode.Event) (any, bool) {
		if in, ok := evt.Data.(slack.InteractionCallback); ok {
			clicked <- in
		} else if _, err := f.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: "UWANG", View: home}); err != nil {
			t.Errorf("publish: %v", err)
		}
		return nil, false
	})
	wang := f.As("UWANG")
	if err := wang.OpenHome(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.until(t, "UWANG", func(p *Person) bool { return p.Home() != nil })
	if f.As("ULI").Home() != nil {
		t.Error("somebody else sees the home")
	}
	if err := wang.Click(t.Context(), Ref{Type: "home"}, "b", "go", ""); err != nil {
		t.Fatal(err)
	}
	if got := <-clicked; got.View.Type != slack.VTHomeTab || got.ActionCallback.BlockActions[0].Value != "1" || got.TriggerID == "" {
		t.Errorf("click: %+v", got)
	}
	stale := "1.old"
	_, err := f.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: "UWANG", View: home, Hash: &stale})
	if slackCode(err) != "hash_conflict" {
		t.Errorf("stale hash: %v", err)
	}
}

// TestSubmitTimeout leaves the form as it was when the bot is silent.
func TestSubmitTimeout(t *testing.T) {
	f := newFixture(t, func(c *Config) { c.AckTimeout = 300 * time.Millisecond })
	id := f.open(t, func(socketmode.Event) (any, bool) { return nil, true })
	_, err := f.As("UWANG").Submit(t.Context(), id, entry("project", "name", "产业园"))
	var timeout *TimeoutError
	if !errors.As(err, &timeout) || len(f.As("UWANG").Views()) != 1 {
		t.Errorf("%v, %d views", err, len(f.As("UWANG").Views()))
	}
	if got := f.As("UWANG").Views()[0].State.Values["project"]["name"].(object)["value"]; got != "产业园" {
		t.Errorf("typed text became %v", got)
	}
}
