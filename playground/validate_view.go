package playground

import (
	"encoding/json"
	"fmt"
)

// maxView is the size of a whole view in bytes; Slack says 250 kB.
const maxView = 250_000

// https://docs.slack.dev/reference/views
var viewShapes = map[string]shape{
	"modal": {
		must: fields{"title": plain(24), "blocks": list(1, 100, (*checker).block)},
		may: fields{"submit": plain(24), "close": plain(24), "private_metadata": str(0, 3000), "callback_id": str(0, 255),
			"external_id": str(0, 255), "clear_on_close": boolean, "notify_on_close": boolean, "submit_disabled": boolean},
	},
	"home": {
		must: fields{"blocks": list(1, 100, (*checker).block)},
		may:  fields{"private_metadata": str(0, 3000), "callback_id": str(0, 255), "external_id": str(0, 255)},
	},
}

// checkView returns the view that spec describes, or the error Slack would give.
// kind is modal or home.
func checkView(spec any, kind string) (View, error) {
	o, ok := spec.(object)
	if !ok {
		return View{}, &apiError{code: "invalid_arguments", messages: []string{"[ERROR] missing required field: view [json-pointer:/view]"}}
	}
	raw, err := json.Marshal(o)
	if err != nil {
		return View{}, fmt.Errorf("encode view: %w", err)
	}
	if len(raw) > maxView {
		return View{}, &apiError{code: "view_too_large"}
	}
	on := onModal
	if kind == "home" {
		on = onHome
	}
	c := newChecker(on)
	if o["type"] != kind {
		c.fail("/view/type", "must be %q", kind)
	} else {
		c.shape("/view", o, viewShapes[kind])
	}
	if _, hasSubmit := o["submit"]; kind == "modal" && c.inputs > 0 && !hasSubmit {
		c.fail("/view", "missing required field: submit")
	}
	if len(c.problems) > 0 {
		return View{}, &apiError{code: "invalid_arguments", messages: c.problems}
	}
	withIDs(array(o["blocks"]))
	var v View
	if err := recode(o, &v); err != nil {
		return View{}, fmt.Errorf("read view: %w", err)
	}
	return v, nil
}
