package playground

import (
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// Limits: https://docs.slack.dev/reference/block-kit/blocks.

const (
	maxTableText     = 10_000
	maxDataTableText = 20_000
	maxMarkdown      = 12_000
)

// blockShapes is the table of blocks a bot may send. A file block is missing on
// purpose: it is only ever read.
var blockShapes = map[string]shape{
	"section": {on: everywhere, may: fields{"text": either(3000), "fields": list(1, 10, either(2000)), "accessory": inAccessory,
		"expand": boolean}, also: needsOneOf("text", "fields")},
	"header":  {on: everywhere, must: fields{"text": plain(150)}},
	"divider": {on: everywhere},
	"actions": {on: everywhere, must: fields{"elements": list(1, 25, inActions)}},
	"context": {on: everywhere, must: fields{"elements": list(1, 10, contextItem)}},
	"image": {on: everywhere, must: fields{"alt_text": str(1, 2000)}, may: fields{"title": plain(2000), "image_url": anyURL,
		"slack_file": slackFile}, also: exactlyOne("image_url", "slack_file")},
	"input": {on: everywhere, must: fields{"label": plain(2000), "element": inInput}, may: fields{"hint": plain(2000),
		"optional": boolean, "dispatch_action": boolean}, also: inputElement},
	"rich_text": {on: everywhere, must: fields{"elements": list(1, 100, richBlock)}},
	"video": {on: everywhere, must: fields{"title": plain(199), "video_url": anyURL, "thumbnail_url": anyURL, "alt_text": str(1, 2000)},
		may: fields{"title_url": anyURL, "author_name": str(1, 49), "provider_name": str(1, 255), "provider_icon_url": anyURL,
			"description": plain(200)}},
	"context_actions": {on: onMessage, must: fields{"elements": list(1, 5, element("feedback_buttons", "icon_button"))}},
	"markdown":        {on: onMessage, must: fields{"text": markdown}},
	"table": {on: onMessage, must: fields{"rows": list(1, 100, list(1, 20, typed(tableCells)))},
		may: fields{"column_settings": list(1, 20, columnSetting)}, also: tableTotals},
	"data_table": {on: onMessage, must: fields{"caption": counted(1, 2000), "rows": list(2, 201, list(1, 20, typed(dataCells)))},
		may: fields{"page_size": whole(1, 100), "row_header_column_index": whole(0, 19)}, also: dataTableTotals},
	"data_visualization": {on: onMessage | onHome, must: fields{"title": counted(1, 50), "chart": typed(charts)}, also: chartTotals},
	"alert": {on: onModal, must: fields{"text": either(200)}, may: fields{
		"level": oneOf("default", "info", "warning", "error", "success")}},
	"card": {on: onMessage | onHome, may: fields{"title": either(150), "subtitle": either(150), "body": either(200),
		"subtext": either(200), "hero_image": element("image"), "icon": element("image"),
		"slack_icon": untyped(shape{must: fields{"name": str(1, 255)}}), "actions": list(1, 3, element("button"))}, also: cardParts},
	"carousel": {on: onMessage | onHome, must: fields{"elements": list(1, 10, child("card"))}},
	"container": {on: onMessage | onModal, must: fields{"child_blocks": list(1, 10, child("actions", "context", "divider",
		"header", "image", "input", "rich_text", "section", "table", "video", "layout"))},
		may: fields{"title": plain(150), "rich_text_title": child("rich_text"), "subtitle": either(150), "icon": element("image"),
			"width": oneOf("narrow", "standard", "wide", "full"), "is_collapsible": boolean, "default_collapsed": boolean,
			"has_header_divider": boolean}, also: containerParts},
	"layout": {on: onMessage, must: fields{"label": counted(1, 150), "rows": list(1, 5, layoutRow)}, may: fields{
		"is_label_visible": boolean, "grid_lines": str(1, 50), "fallback": list(1, 10, child())}},
	"plan":      {on: onMessage, must: fields{"title": counted(1, 255)}, may: fields{"tasks": list(1, 50, child("task_card"))}},
	"task_card": taskCard,
}

var (
	contextItem = func(c *checker, at string, v any) {
		o, _ := v.(object)
		if o["type"] == "image" {
			element("image")(c, at, v)
			return
		}
		either(3000)(c, at, v)
	}
	layoutRow = untyped(shape{must: fields{"items": list(1, 3, untyped(shape{
		must: fields{"block": child("actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table", "video",
			"card", "container", "data_table", "data_visualization")},
		may: fields{"width": str(1, 50), "horizontal_alignment": oneOf("left", "center", "right")}}))}})
	taskCard = shape{on: onMessage, must: fields{"task_id": str(1, 255), "title": counted(1, 255)}, may: fields{
		"status":  oneOf("pending", "in_progress", "complete", "error"),
		"details": child("rich_text"), "output": child("rich_text"), "hide_title": boolean,
		"sources": list(1, 50, typed(map[string]shape{"url": {must: fields{"url": anyURL, "text": counted(1, 255)}}}))}}
)

func needsOneOf(names ...string) func(*checker, string, object) {
	return func(c *checker, at string, o object) {
		if !slices.ContainsFunc(names, func(name string) bool { _, ok := o[name]; return ok }) {
			c.fail(at, "must have at least one of %q", names)
		}
	}
}

func inputElement(c *checker, at string, o object) {
	c.inputs++
	el, _ := o["element"].(object)
	if el["type"] == "file_input" && o["dispatch_action"] == true {
		c.fail(at+"/dispatch_action", "dispatch_action is not supported for file_input")
	}
	if el["response_url_enabled"] == true && c.surface != onModal {
		c.fail(at+"/element/response_url_enabled", "only allowed in modals")
	}
}

func cardParts(c *checker, at string, o object) {
	needsOneOf("hero_image", "title", "body", "actions")(c, at, o)
	if o["icon"] != nil && o["slack_icon"] != nil {
		c.fail(at, "must have only one of icon and slack_icon")
	}
}

func containerParts(c *checker, at string, o object) {
	exactlyOne("title", "rich_text_title")(c, at, o)
	if o["has_header_divider"] == true && o["is_collapsible"] == true {
		c.fail(at+"/has_header_divider", "not allowed in a collapsible container")
	}
}

func markdown(c *checker, at string, v any) {
	counted(1, maxMarkdown)(c, at, v)
	s, _ := v.(string)
	if c.markdown += utf8.RuneCountInString(s); c.markdown > maxMarkdown {
		c.fail(at, "all markdown blocks together must be less than %d characters", maxMarkdown+1)
	}
}

// --- tables ---

var (
	cellNumber = shape{must: fields{"value": number}, may: fields{"text": cellText}}
	cellRich   = shape{must: fields{"elements": list(1, 100, richCell)}}
	tableCells = map[string]shape{"raw_text": {must: fields{"text": cellText}}, "raw_number": cellNumber, "rich_text": cellRich}
	dataCells  = map[string]shape{"raw_text": {must: fields{"text": cellText}}, "raw_number": cellNumber, "rich_text": cellRich,
		"action_cell": {must: fields{"element": element("button")}, may: fields{"fallback": typed(tableCells)}}}
)

func cellText(c *checker, at string, v any) {
	counted(1, maxDataTableText)(c, at, v)
	s, _ := v.(string)
	c.cells += utf8.RuneCountInString(s)
}

func richCell(c *checker, at string, v any) {
	before := c.chars
	richBlock(c, at, v)
	c.cells += c.chars - before
}

func columnSetting(c *checker, at string, v any) {
	if v == nil {
		return // null leaves a column as it is
	}
	untyped(shape{may: fields{"align": oneOf("left", "center", "right"), "is_wrapped": boolean}})(c, at, v)
}

func tableTotals(c *checker, at string, _ object) {
	if c.tables++; c.tables > 1 {
		c.fail(at, "only_one_table_allowed")
	}
	if c.cells > maxTableText {
		c.fail(at+"/rows", "cells must be less than %d characters together", maxTableText+1)
	}
	c.cells = 0
}

func dataTableTotals(c *checker, at string, o object) {
	rows := array(o["rows"])
	for i, row := range rows {
		if len(array(row)) != len(array(rows[0])) {
			c.fail(at+"/rows", "all rows must have the same number of cells")
			break
		}
		if i > 0 {
			continue
		}
		for _, cell := range array(row) {
			if head, _ := cell.(object); head["type"] != "raw_text" {
				c.fail(at+"/rows/0", "the header row must be raw_text")
			}
		}
	}
	if c.cells > maxDataTableText {
		c.fail(at+"/rows", "cells must be less than %d characters together", maxDataTableText+1)
	}
	c.cells = 0
}

// --- charts ---

var (
	point = untyped(shape{must: fields{"label": counted(1, 20), "value": number}})
	axes  = shape{
		must: fields{
			"series": list(1, 6, untyped(shape{must: fields{"name": counted(1, 20), "data": list(1, 20, point)}})),
			"axis_config": untyped(shape{must: fields{"categories": list(1, 20, counted(1, 20))},
				may: fields{"x_label": counted(1, 50), "y_label": counted(1, 50)}}),
		},
		also: chartSeries,
	}
	charts = map[string]shape{"bar": axes, "line": axes, "area": axes,
		"pie": {must: fields{"segments": list(1, 6, point)}, also: positiveSegments}}
)

func positiveSegments(c *checker, at string, o object) {
	for _, item := range array(o["segments"]) {
		segment, _ := item.(object)
		if n, _ := segment["value"].(json.Number); n != "" {
			if f, err := n.Float64(); err != nil || f <= 0 {
				c.fail(at+"/segments", "values must be more than 0")
			}
		}
	}
}

func chartSeries(c *checker, at string, o object) {
	config, _ := o["axis_config"].(object)
	categories := len(array(config["categories"]))
	names := map[any]bool{}
	for _, item := range array(o["series"]) {
		series, _ := item.(object)
		name, _ := series["name"].(string)
		if names[name] {
			c.fail(at+"/series", "name %q already exists", name)
		}
		names[name] = true
		if len(array(series["data"])) != categories {
			c.fail(at+"/series", "must have one point for each category")
		}
	}
}

func chartTotals(c *checker, at string, _ object) {
	if c.charts++; c.charts > 2 && c.surface == onMessage {
		c.fail(at, "no more than 2 charts allowed")
	}
}
