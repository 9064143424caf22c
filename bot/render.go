package bot

import (
	"maps"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// Slack's limits in code points
// (https://docs.slack.dev/reference/block-kit/blocks and block-elements).
const (
	headingText  = 150
	blockText    = 3000
	noteText     = 500 // ours: small print stays small
	cutText      = 60  // ours: of the note that something was left out
	lineText     = 700 // of a notification, ours: escaped it stays below chat.update's 4,000
	labelText    = 75
	valueText    = 2000
	urlText      = 3000
	confirmTitle = 100
	confirmText  = 300
	confirmLabel = 30
	rowButtons   = 25
)

// limits are those of what blocks are drawn on.
type limits struct {
	blocks     int
	runes      int  // of all text; see messageLimits
	tables     bool // table blocks are drawn
	dataTables bool // likewise, which people page through
	charts     int  // how many are drawn
}

var (
	// Slack refuses messages with msg_blocks_too_long from somewhere above
	// 9,597 code points, a number that it does not publish.
	messageLimits = limits{blocks: 50, runes: 9000, tables: true, dataTables: true, charts: mostCharts}
	homeLimits    = limits{blocks: 100, runes: 30_000}
)

const (
	actionCount = "#"    // between a button's action and its number, action ids being unique
	linkAction  = "link" // of buttons that only lead somewhere
)

// message draws a Reply, with the pictures that the workspace is not known to
// refuse.
func (b *Bot) message(l reporting.Locale, r *commands.Reply) *message {
	return b.messageWithout(l, r, b.refused.now(b.cfg.Now()))
}

func (b *Bot) messageWithout(l reporting.Locale, r *commands.Reply, refused kinds) *message {
	lim := messageLimits
	if refused[slack.MBTDataVisualization] {
		lim.charts = 0
	}
	lim.dataTables = !refused[slack.MBTDataTable]
	m := &message{ResponseType: slack.ResponseTypeEphemeral, Blocks: b.draft(l, lim, r.Parts)}
	m.redraw = func(more kinds) *message {
		without := maps.Clone(refused)
		maps.Copy(without, more)
		return b.messageWithout(l, r, without)
	}
	if r.InChannel {
		m.ResponseType = slack.ResponseTypeInChannel
	}
	text := r.Text
	if text == "" {
		text = firstText(r.Parts)
	}
	m.Text = slackutilsx.EscapeMessage(clip(text, lineText))
	return m
}

// drawing is a page of blocks being filled. User data only ever goes into
// plain_text, raw_text and rich_text, where Slack interprets nothing.
type drawing struct {
	words   *commands.Words
	locale  reporting.Locale
	blocks  []slack.Block
	slots   int // blocks that are left
	room    int // code points that are left
	tables  bool
	actions map[string]int // how often an action was drawn
	cut     bool           // something did not fit

	dataTables bool
	charts     int // that are left
}

// draft draws parts within lim. Buttons and notes are kept whatever the rest
// needs: what to do next and as of when. Of the rest what comes last goes
// first, and a note says so.
func (b *Bot) draft(l reporting.Locale, lim limits, parts []commands.Part) []slack.Block {
	d := &drawing{
		words: b.words, locale: l, tables: lim.tables, dataTables: lim.dataTables, charts: lim.charts, actions: map[string]int{},
		slots: lim.blocks - 1, room: lim.runes - cutText, // for the note
	}
	kept := make([]bool, len(parts))
	for i, p := range parts {
		slots, room := reserve(p)
		if slots > 0 && slots <= d.slots && room <= d.room {
			kept[i], d.slots, d.room = true, d.slots-slots, d.room-room
		}
	}
	noted := false
	for i, p := range parts {
		slots, _ := reserve(p)
		switch {
		case kept[i]:
			d.keep(p)
		case slots > 0:
			d.cut = true
		case !d.cut:
			d.part(p)
		}
		if d.cut && !noted {
			noted = true
			d.blocks = append(d.blocks, slack.NewContextBlock("", plain(b.words.Say(l, "reply.truncated"), cutText)))
		}
	}
	return d.blocks
}

// reserve returns the blocks and code points of a part that is kept, 0 blocks
// for others.
func reserve(p commands.Part) (slots, room int) {
	switch p := p.(type) {
	case commands.Buttons:
		for _, button := range p {
			room += min(runes(button.Label), labelText)
			if c := button.Confirm; c != nil {
				room += min(runes(c.Title), confirmTitle) + min(runes(c.Text), confirmText) +
					min(runes(c.Yes), confirmLabel) + min(runes(c.No), confirmLabel)
			}
		}
		return (len(p) + rowButtons - 1) / rowButtons, room
	case commands.Note:
		for _, s := range p {
			room += spanRunes(s)
		}
		if room > 0 {
			return 1, min(room, noteText)
		}
	}
	return 0, 0
}

func (d *drawing) keep(p commands.Part) {
	switch p := p.(type) {
	case commands.Buttons:
		d.buttons(p)
	case commands.Note:
		d.note(p)
	}
}

// add draws a block of n code points.
func (d *drawing) add(block slack.Block, n int) {
	d.blocks = append(d.blocks, block)
	d.slots--
	d.room -= n
}

func (d *drawing) part(p commands.Part) {
	if d.slots <= 0 || d.room <= 0 {
		d.cut = true
		return
	}
	switch p := p.(type) {
	case commands.Heading:
		if text := clip(strings.TrimSpace(string(p)), min(headingText, d.room)); text != "" {
			d.add(slack.NewHeaderBlock(plain(text, headingText)), runes(text))
		}
	case commands.Paragraph:
		elements, n, _ := inline(p, min(blockText, d.room))
		d.cut = d.cut || n >= d.room
		d.rich(n, slack.NewRichTextSection(elements...))
	case commands.Bullets:
		d.bullets(p)
	case commands.Facts:
		d.facts(p)
	case commands.Table:
		d.table(p)
	case commands.Chart:
		d.chart(p)
	case commands.Rule:
		d.add(slack.NewDividerBlock(), 0)
	}
}

func (d *drawing) rich(n int, elements ...slack.RichTextElement) {
	if n > 0 {
		d.add(slack.NewRichTextBlock("", elements...), n)
	}
}

// note is small print. A context block interprets mentions and links only in
// markup, so a note that has some is drawn as text.
func (d *drawing) note(p commands.Note) {
	var text strings.Builder
	for _, s := range p {
		if s.User != "" || s.Channel != "" || s.URL != "" {
			elements, _, _ := inline(p, noteText)
			d.blocks = append(d.blocks, slack.NewRichTextBlock("", slack.NewRichTextSection(elements...)))
			return
		}
		text.WriteString(s.Text)
	}
	d.blocks = append(d.blocks, slack.NewContextBlock("", plain(text.String(), noteText)))
}

func (d *drawing) buttons(p commands.Buttons) {
	for len(p) > 0 {
		row := p[:min(len(p), rowButtons)]
		p = p[len(row):]
		var elements []slack.BlockElement
		for _, b := range row {
			elements = append(elements, d.button(b))
		}
		d.blocks = append(d.blocks, slack.NewActionBlock("buttons."+strconv.Itoa(len(d.blocks)), elements...))
	}
}

func (d *drawing) button(b commands.Button) *slack.ButtonBlockElement {
	action := b.Action
	if action == "" {
		action = linkAction
	}
	id := action
	if n := d.actions[action]; n > 0 {
		id += actionCount + strconv.Itoa(n)
	}
	d.actions[action]++
	e := slack.NewButtonBlockElement(id, cutRunes(b.Value, valueText), plain(b.Label, labelText))
	if b.Style == string(slack.StylePrimary) || b.Style == string(slack.StyleDanger) {
		e.Style = slack.Style(b.Style)
	}
	if webAddress(b.URL) {
		e.URL = b.URL
	}
	if c := b.Confirm; c != nil {
		e.Confirm = slack.NewConfirmationBlockObject(plain(c.Title, confirmTitle), plain(c.Text, confirmText),
			plain(c.Yes, confirmLabel), plain(c.No, confirmLabel))
	}
	return e
}

// plain returns a text object of at most most code points. Slack refuses an
// empty one.
func plain(s string, most int) *slack.TextBlockObject {
	if strings.TrimSpace(s) == "" {
		s = "–"
	}
	return slack.NewTextBlockObject(slack.PlainTextType, clip(s, most), false, false)
}

// firstText returns the first text of parts, for a Reply without a Text.
func firstText(parts []commands.Part) string {
	for _, p := range parts {
		switch p := p.(type) {
		case commands.Heading:
			return string(p)
		case commands.Paragraph:
			var text strings.Builder
			for _, s := range p {
				text.WriteString(s.Text)
			}
			return text.String()
		}
	}
	return "–"
}

func runes(s string) int { return utf8.RuneCountInString(s) }

// clip returns s in at most most code points, the last being "…" when it was
// longer.
func clip(s string, most int) string {
	if runes(s) <= most {
		return s
	}
	if most <= 0 {
		return ""
	}
	return cutRunes(s, most-1) + "…"
}

// cutRunes returns the first most code points of s.
func cutRunes(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}

// webAddress reports whether s is an address that Slack takes.
func webAddress(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && runes(s) <= urlText
}
