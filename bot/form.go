package bot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// Slack's limits of a form in code points
// (https://docs.slack.dev/reference/views/modal-views).
const (
	viewTitle       = 24
	viewBlocks      = 100
	viewState       = 3000
	fieldLabel      = 2000
	placeholderText = 150
	inputText       = 3000
	optionText      = 75
	optionValue     = 150
)

// formState is what comes back with everything that happens to a form. A
// person's language is in it because Slack does not deliver it, and a
// submission cannot wait for it.
type formState struct {
	State  string           `json:"state"`
	Locale reporting.Locale `json:"locale"`

	Thread openedIn `json:"thread,omitzero"`
}

// openedIn is the thread in which a form was opened; what comes of it is told there.
type openedIn struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

// remember keeps the thread with a drawn form. One for which its state leaves no
// room is forgotten.
func (o openedIn) remember(view *slack.ModalViewRequest) {
	if o == (openedIn{}) || view == nil {
		return
	}
	s := readState(view.PrivateMetadata)
	s.Thread = o
	if text, err := encodeState(s); err == nil && runes(text) <= viewState {
		view.PrivateMetadata = text
	}
}

func encodeState(s formState) (string, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	err := enc.Encode(s)
	return strings.TrimSpace(text.String()), err
}

func readState(metadata string) formState {
	var s formState
	if json.Unmarshal([]byte(metadata), &s) != nil {
		return formState{}
	}
	return s
}

// modal draws a form. A form that Slack would refuse, for its state is too
// long or two fields have one id, is an error of ours.
func modal(f *commands.Form) (*slack.ModalViewRequest, error) {
	metadata, err := encodeState(formState{State: f.State, Locale: f.Locale})
	if err != nil {
		return nil, fmt.Errorf("encode state of form %s: %w", f.ID, err)
	}
	if runes(metadata) > viewState {
		return nil, fmt.Errorf("state of form %s has %d characters, Slack takes %d", f.ID, runes(metadata), viewState)
	}
	view := &slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: f.ID, PrivateMetadata: metadata,
		Title: plain(f.Title, viewTitle), NotifyOnClose: f.KeepDraft,
	}
	if f.Close != "" {
		view.Close = plain(f.Close, viewTitle)
	}
	if f.Submit != "" {
		view.Submit = plain(f.Submit, viewTitle)
	}
	ids := map[string]bool{}
	for i, field := range f.Fields {
		if i == viewBlocks {
			return nil, fmt.Errorf("form %s has %d fields, Slack takes %d", f.ID, len(f.Fields), viewBlocks)
		}
		if field.ID == "" {
			field.ID = fmt.Sprintf("info%d", i)
		}
		if ids[field.ID] {
			return nil, fmt.Errorf("form %s has field %s twice", f.ID, field.ID)
		}
		ids[field.ID] = true
		block := fieldBlock(field, field.Live || f.KeepDraft)
		if block.BlockType() == slack.MBTInput && view.Submit == nil {
			view.Submit = plain(f.Title, viewTitle) // Slack refuses an input without a way to submit it
		}
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, block)
	}
	return view, nil
}

const manyMark = "|" // between the values of a ManyField

const variantMark = "." // between a field's id and its variant in a block id

func blockID(f commands.Field) string {
	if f.Variant == "" {
		return f.ID
	}
	return cutRunes(f.ID+variantMark+f.Variant, 255)
}

// fieldOf returns the field of a block id.
func fieldOf(blockID string) string {
	field, _, _ := strings.Cut(blockID, variantMark)
	return field
}

// fieldBlock draws a field; dispatch says that every change is delivered.
func fieldBlock(f commands.Field, dispatch bool) slack.Block {
	var element slack.BlockElement
	switch f.Kind {
	case commands.TextField, commands.LongField:
		element = textInput(f, dispatch)
	case commands.SearchField:
		element = searchInput(f)
	case commands.ManyField:
		element = manyInput(f)
	case commands.FileField:
		element, dispatch = fileInput(f), false // Slack refuses it otherwise
	case commands.SelectField:
		// Slack refuses a menu with nothing in it: a later choice fills it.
		if element = selectInput(f); element == nil || len(f.Options) == 0 {
			f.Text = []commands.Span{commands.Bold(f.Label), commands.Plain("  " + f.Placeholder)}
			return info(f)
		}
	case commands.PersonField:
		element = personInput(f)
	case commands.ChannelField:
		element = channelInput(f)
	case commands.DateField:
		element = dateInput(f)
	default:
		return info(f)
	}
	input := slack.NewInputBlock(blockID(f), plain(f.Label, fieldLabel), optionalText(f.Hint, fieldLabel), element)
	input.Optional = f.Optional
	input.DispatchAction = dispatch
	return input
}

func info(f commands.Field) slack.Block {
	elements, n, _ := inline(f.Text, blockText)
	if n == 0 {
		return &slack.DividerBlock{Type: slack.MBTDivider, BlockID: blockID(f)}
	}
	return slack.NewRichTextBlock(blockID(f), slack.NewRichTextSection(elements...))
}

func textInput(f commands.Field, dispatch bool) slack.BlockElement {
	most := inputText
	if f.MaxLen > 0 {
		most = min(f.MaxLen, inputText)
	}
	e := slack.NewPlainTextInputBlockElement(optionalText(f.Placeholder, placeholderText), f.ID)
	e.Multiline = f.Kind == commands.LongField
	e.MaxLength = most
	e.InitialValue = cutRunes(f.Value, most)
	if dispatch {
		e.DispatchActionConfig = &slack.DispatchActionConfig{TriggerActionsOn: []string{"on_character_entered"}}
	}
	return e
}

func selectInput(f commands.Field) slack.BlockElement {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, optionalText(f.Placeholder, placeholderText), f.ID)
	for _, o := range f.Options {
		drawn := option(o)
		if drawn == nil || len(e.Options) == mostOptions {
			continue
		}
		e.Options = append(e.Options, drawn)
		if o.Value == f.Value {
			e.InitialOption = drawn
		}
	}
	return e
}

// manyInput is a menu of which several may be chosen, where there is any.
func manyInput(f commands.Field) slack.BlockElement {
	e := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, optionalText(f.Placeholder, placeholderText), f.ID)
	chosen := strings.Split(f.Value, manyMark)
	for _, o := range f.Options {
		drawn := option(o)
		if drawn == nil || len(e.Options) == mostOptions {
			continue
		}
		e.Options = append(e.Options, drawn)
		if slices.Contains(chosen, o.Value) {
			e.InitialOptions = append(e.InitialOptions, drawn)
		}
	}
	return e
}

func searchInput(f commands.Field) slack.BlockElement {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, optionalText(f.Placeholder, placeholderText), f.ID)
	none := 0 // the list is there before the first letter
	e.MinQueryLength = &none
	if f.Chosen != nil {
		e.InitialOption = option(*f.Chosen)
	}
	return e
}

func personInput(f commands.Field) slack.BlockElement {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, optionalText(f.Placeholder, placeholderText), f.ID)
	e.InitialUser = f.Value
	return e
}

func channelInput(f commands.Field) slack.BlockElement {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, optionalText(f.Placeholder, placeholderText), f.ID)
	e.InitialConversation = f.Value
	e.Filter = &slack.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeExternalSharedChannels: true}
	return e
}

func dateInput(f commands.Field) slack.BlockElement {
	e := slack.NewDatePickerBlockElement(f.ID)
	e.Placeholder, e.InitialDate = optionalText(f.Placeholder, placeholderText), f.Value
	return e
}

// option draws a choice; nil when Slack would not bring its value back whole.
func option(o commands.Option) *slack.OptionBlockObject {
	if o.Value == "" || runes(o.Value) > optionValue {
		return nil
	}
	return slack.NewOptionBlockObject(o.Value, plain(o.Label, optionText), optionalText(o.Description, optionText))
}

func optionalText(s string, most int) *slack.TextBlockObject {
	if s == "" {
		return nil
	}
	return plain(s, most)
}
