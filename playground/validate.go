package playground

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// object is a JSON object as it came over the wire. Numbers in it are json.Number.
type object = map[string]any

// surface is a set of the places where blocks can stand.
type surface uint8

const (
	onMessage surface = 1 << iota
	onModal
	onHome
	everywhere = onMessage | onModal | onHome
)

// maxMessageText is the text all blocks of one message may hold together. Slack
// publishes no figure and was seen to refuse from about 10,000 on, so this is a safe floor.
const maxMessageText = 9000

// rule judges one JSON value and reports what is wrong with it to the checker.
type rule func(c *checker, at string, v any)

type fields map[string]rule

// shape is what Slack's reference says of one kind of object.
type shape struct {
	on          surface // where it may stand
	must, may   fields
	interactive bool // an element that has an action_id
	also        func(c *checker, at string, o object)
}

// checker walks the blocks of one message or view and collects what Slack would refuse.
type checker struct {
	surface  surface
	blocks   map[string]shape
	elements map[string]shape
	problems []string
	blockIDs map[string]bool
	actions  map[string]bool // action ids of the block at hand
	chars    int             // code points in all texts
	markdown int             // code points in markdown blocks
	cells    int             // code points in the cells of the block at hand
	tables   int
	charts   int
	focused  int
	inputs   int
	depth    int
}

func newChecker(on surface) *checker {
	return &checker{surface: on, blocks: blockShapes, elements: elementShapes, blockIDs: map[string]bool{}}
}

// fail records a problem in Slack's wording: a sentence and a JSON pointer.
func (c *checker) fail(at, format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf("[ERROR] %s [json-pointer:%s]", fmt.Sprintf(format, args...), at))
}

// shape checks the fields of o. The type field was judged by whoever chose the shape.
func (c *checker) shape(at string, o object, sh shape) {
	for _, name := range slices.Sorted(maps.Keys(sh.must)) {
		if _, ok := o[name]; !ok {
			c.fail(at, "missing required field: %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		check, ok := sh.must[name]
		if !ok {
			check, ok = sh.may[name]
		}
		switch {
		case ok:
			check(c, at+"/"+name, o[name])
		case name != "type":
			c.fail(at, "invalid additional property: %s", name)
		}
	}
	if sh.also != nil {
		sh.also(c, at, o)
	}
}

// str accepts a string of min to max code points.
func str(min, max int) rule {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		if !ok {
			c.fail(at, "must be a string")
			return
		}
		c.length(at, s, min, max)
	}
}

// counted is str for what a reader sees: it counts against the message's total.
func counted(min, max int) rule {
	check := str(min, max)
	return func(c *checker, at string, v any) {
		check(c, at, v)
		if s, ok := v.(string); ok {
			c.chars += utf8.RuneCountInString(s)
		}
	}
}

func (c *checker) length(at, s string, min, max int) {
	switch n := utf8.RuneCountInString(s); {
	case n < min:
		c.fail(at, "must be more than %d characters", min-1)
	case n > max:
		c.fail(at, "must be less than %d characters", max+1)
	}
}

// whole accepts an integer from min to max.
func whole(min, max int64) rule {
	return func(c *checker, at string, v any) {
		n, ok := v.(json.Number)
		i, err := n.Int64()
		if !ok || err != nil {
			c.fail(at, "must be an integer")
		} else if i < min || i > max {
			c.fail(at, "must be from %d to %d", min, max)
		}
	}
}

func number(c *checker, at string, v any) {
	if _, ok := v.(json.Number); !ok {
		c.fail(at, "must be a number")
	}
}

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.fail(at, "must be a boolean")
	}
}

func oneOf(allowed ...string) rule {
	return func(c *checker, at string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(allowed, s) {
			c.fail(at, "must be one of %q", allowed)
		}
	}
}

// list accepts an array of min to max items that each pass the rule.
func list(min, max int, each rule) rule {
	return func(c *checker, at string, v any) {
		items, ok := v.([]any)
		if !ok {
			c.fail(at, "must be an array")
			return
		}
		if len(items) < min {
			c.fail(at, "no less than %d items allowed", min)
		}
		if len(items) > max {
			c.fail(at, "no more than %d items allowed", max)
		}
		for i, item := range items {
			each(c, fmt.Sprintf("%s/%d", at, i), item)
		}
	}
}

// untyped accepts an object without a type field.
func untyped(sh shape) rule {
	return func(c *checker, at string, v any) {
		o, ok := v.(object)
		if !ok {
			c.fail(at, "must be an object")
			return
		}
		if _, ok := o["type"]; ok {
			c.fail(at, "invalid additional property: type")
		}
		c.shape(at, o, sh)
	}
}

// typed accepts an object whose type is one of the table's.
func typed(table map[string]shape) rule {
	return func(c *checker, at string, v any) {
		o, ok := v.(object)
		if !ok {
			c.fail(at, "must be an object")
			return
		}
		kind, _ := o["type"].(string)
		sh, ok := table[kind]
		if !ok {
			c.fail(at, "unsupported type: %s", kind)
			return
		}
		c.shape(at, o, sh)
	}
}

// text accepts a text object (plain_text, mrkdwn or both) of 1 to max code points.
// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
func text(max int, kinds ...string) rule {
	body := counted(1, max)
	return func(c *checker, at string, v any) {
		o, ok := v.(object)
		if !ok {
			c.fail(at, "must be an object")
			return
		}
		kind, _ := o["type"].(string)
		if !slices.Contains(kinds, kind) {
			c.fail(at+"/type", "must be one of %q", kinds)
			return
		}
		flag := "emoji"
		if kind == "mrkdwn" {
			flag = "verbatim"
		}
		c.shape(at, o, shape{must: fields{"text": body}, may: fields{flag: boolean}})
	}
}

func plain(max int) rule  { return text(max, "plain_text") }
func either(max int) rule { return text(max, "plain_text", "mrkdwn") }

// element accepts one of the named elements, if the surface can show it.
func element(names ...string) rule {
	return func(c *checker, at string, v any) {
		o, ok := v.(object)
		if !ok {
			c.fail(at, "must be an object")
			return
		}
		kind, _ := o["type"].(string)
		sh, known := c.elements[kind]
		if !known || !slices.Contains(names, kind) || sh.on&c.surface == 0 {
			c.fail(at, "unsupported type: %s", kind)
			return
		}
		c.shape(at, o, sh)
		if o["focus_on_load"] == true {
			if c.focused++; c.focused > 1 {
				c.fail(at+"/focus_on_load", "only one element can be focused")
			}
		}
		id, _ := o["action_id"].(string)
		if id == "" {
			return
		}
		if c.actions[id] {
			c.fail(at+"/action_id", "action_id %q already exists in this block", id)
		}
		c.actions[id] = true
	}
}

// child accepts a block inside another block; names nil means any.
func child(names ...string) rule {
	return func(c *checker, at string, v any) {
		o, _ := v.(object)
		kind, _ := o["type"].(string)
		if len(names) > 0 && !slices.Contains(names, kind) {
			c.fail(at, "unsupported type: %s", kind)
			return
		}
		if c.depth++; c.depth > 2 {
			c.fail(at, "blocks are nested too deep")
		}
		outer := c.actions
		c.block(at, v)
		c.actions = outer
		c.depth--
	}
}

// block checks one block.
func (c *checker) block(at string, v any) {
	o, ok := v.(object)
	if !ok {
		c.fail(at, "must be an object")
		return
	}
	kind, _ := o["type"].(string)
	sh, known := c.blocks[kind]
	if !known || sh.on&c.surface == 0 {
		c.fail(at, "unsupported type: %s", kind)
		return
	}
	c.actions = map[string]bool{}
	rest := o
	if id, ok := o["block_id"]; ok {
		str(1, 255)(c, at+"/block_id", id)
		if s, ok := id.(string); ok && c.blockIDs[s] {
			c.fail(at+"/block_id", "block_id %q already exists", s)
		} else {
			c.blockIDs[s] = true
		}
		rest = maps.Clone(o)
		delete(rest, "block_id")
	}
	c.shape(at, rest, sh)
}

// checkMessageBlocks returns the blocks of a message, or the error Slack would give.
func (s *Server) checkMessageBlocks(v any) ([]object, error) {
	c := newChecker(onMessage)
	c.blocks = s.messageShapes()
	list(0, 50, (*checker).block)(c, "/blocks", v)
	if len(c.problems) > 0 {
		return nil, &apiError{code: "invalid_blocks", messages: c.problems}
	}
	if c.chars > maxMessageText {
		return nil, &apiError{code: "msg_blocks_too_long"}
	}
	return withIDs(v.([]any)), nil
}
