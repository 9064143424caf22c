package playground

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// decode reads one JSON value, keeping numbers as they were written.
func decode(r io.Reader, into any) error {
	d := json.NewDecoder(r)
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("decode JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("decode JSON: more than one value")
	}
	return nil
}

// recode moves a value into another Go type by way of its JSON, which also copies it.
func recode(from, into any) error {
	raw, err := json.Marshal(from)
	if err != nil {
		return fmt.Errorf("encode JSON: %w", err)
	}
	return decode(bytes.NewReader(raw), into)
}

// newID returns a fresh id with Slack's prefix for its kind (V, T, B …).
func newID(prefix string) string { return prefix + rand.Text()[:10] }

// withIDs gives every block and interactive element that has none an id, as Slack does,
// and returns the blocks as objects. They were checked before.
func withIDs(blocks []any) []object {
	all := make([]object, 0, len(blocks))
	for _, item := range blocks {
		block := item.(object)
		if _, ok := block["block_id"]; !ok {
			block["block_id"] = strings.ToLower(rand.Text()[:5])
		}
		withIDs(array(block["child_blocks"]))
		giveActionIDs(block)
		all = append(all, block)
	}
	return all
}

func giveActionIDs(v any) {
	switch v := v.(type) {
	case object:
		kind, _ := v["type"].(string)
		if _, ok := v["action_id"]; !ok && elementShapes[kind].interactive {
			v["action_id"] = strings.ToLower(rand.Text()[:5])
		}
		for _, inner := range v {
			giveActionIDs(inner)
		}
	case []any:
		for _, inner := range v {
			giveActionIDs(inner)
		}
	}
}

// eachElement visits every interactive element of a block with the block it stands in.
func eachElement(v any, block object, visit func(block, el object)) {
	switch v := v.(type) {
	case object:
		if _, ok := v["block_id"]; ok {
			block = v
		}
		if _, ok := v["action_id"]; ok {
			visit(block, v)
			return
		}
		for _, inner := range v {
			eachElement(inner, block, visit)
		}
	case []object:
		for _, inner := range v {
			eachElement(inner, block, visit)
		}
	case []any:
		for _, inner := range v {
			eachElement(inner, block, visit)
		}
	}
}

// findElement returns the element with these ids and its block, or nil.
func findElement(blocks []object, blockID, actionID string) (block, el object) {
	eachElement(blocks, nil, func(b, e object) {
		if b["block_id"] == blockID && e["action_id"] == actionID {
			block, el = b, e
		}
	})
	return block, el
}

// plainText strings together what a reader would see in blocks: Slack's notification
// text for a message that has none of its own.
func plainText(v any) string {
	var parts []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case object:
			if s, ok := v["text"].(string); ok {
				parts = append(parts, s)
			}
			for _, name := range []string{"text", "title", "fields", "elements", "rows", "label", "child_blocks"} {
				walk(v[name])
			}
		case []object:
			for _, inner := range v {
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(v)
	return strings.Join(parts, " ")
}
