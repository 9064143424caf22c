package bot

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
)

// TestManyChosen draws a field of several choices, and reads what was chosen.
func TestManyChosen(t *testing.T) {
	options := []commands.Option{{Value: "city", Label: "市级"}, {Value: "province", Label: "省级"}, {Value: "nation", Label: "国家级"}}
	view, err := modal(&commands.Form{ID: "f", Title: "t", Submit: "s", Locale: "zh-CN", Fields: []commands.Field{
		{ID: "library", Kind: commands.ManyField, Label: "层级", Value: "city|nation", Options: options, Optional: true},
		{ID: "empty", Kind: commands.ManyField, Label: "空", Options: options},
	}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(view.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var drawn []struct {
		Element struct {
			Type           string `json:"type"`
			InitialOptions []struct {
				Value string `json:"value"`
			} `json:"initial_options"`
		} `json:"element"`
	}
	if err := json.Unmarshal(text, &drawn); err != nil {
		t.Fatal(err)
	}
	if drawn[0].Element.Type != "multi_static_select" || len(drawn[0].Element.InitialOptions) != 2 || drawn[0].Element.InitialOptions[1].Value != "nation" ||
		len(drawn[1].Element.InitialOptions) != 0 {
		t.Errorf("drawn as %s", text)
	}

	var cb slack.InteractionCallback
	cb.View.PrivateMetadata = view.PrivateMetadata
	cb.View.State = &slack.ViewState{Values: map[string]map[string]slack.BlockAction{
		"library": {"library": {SelectedOptions: []slack.OptionBlockObject{{Value: "province"}, {Value: "nation"}}}},
		"empty":   {"empty": {}},
	}}
	in := (&Bot{}).input(cb)
	if diff := cmp.Diff(map[string]string{"library": "province|nation"}, in.Values); diff != "" {
		t.Error(diff)
	}
}
