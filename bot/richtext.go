package bot

import (
	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

const (
	mentionRunes = 16   // what a mention shows counts as this
	mostItems    = 1000 // elements of a rich text, ours: Slack publishes none
	itemText     = 1000
)

// inline draws spans in at most room code points and returns how many it took
// and whether all fitted.
func inline(spans []commands.Span, room int) (elements []slack.RichTextSectionElement, n int, all bool) {
	elements = make([]slack.RichTextSectionElement, 0, min(len(spans), mostItems))
	for _, s := range spans {
		need := spanRunes(s)
		if need == 0 {
			continue
		}
		if n >= room || len(elements) == mostItems || isMention(s) && n+need > room {
			return elements, n, false
		}
		element, took := spanElement(s, room-n)
		elements, n = append(elements, element), n+took
		if took < need {
			return elements, n, false
		}
	}
	return elements, n, true
}

func isMention(s commands.Span) bool { return s.User != "" || s.Channel != "" }

func spanRunes(s commands.Span) int {
	switch {
	case isMention(s):
		return mentionRunes
	case s.Text == "" && webAddress(s.URL):
		return runes(s.URL)
	}
	return runes(s.Text)
}

func spanElement(s commands.Span, room int) (slack.RichTextSectionElement, int) {
	var style *slack.RichTextSectionTextStyle
	if s.Bold || s.Italic || s.Strike || s.Code {
		style = &slack.RichTextSectionTextStyle{Bold: s.Bold, Italic: s.Italic, Strike: s.Strike, Code: s.Code}
	}
	switch {
	case s.User != "":
		return slack.NewRichTextSectionUserElement(s.User, style), mentionRunes
	case s.Channel != "":
		return slack.NewRichTextSectionChannelElement(s.Channel, style), mentionRunes
	}
	text := s.Text
	if text == "" {
		text = s.URL
	}
	text = clip(text, min(room, blockText))
	if webAddress(s.URL) {
		return slack.NewRichTextSectionLinkElement(s.URL, text, style), runes(text)
	}
	return slack.NewRichTextSectionTextElement(text, style), runes(text)
}

func (d *drawing) bullets(p commands.Bullets) {
	var items []slack.RichTextElement
	total := 0
	for _, spans := range p {
		if total >= d.room || len(items) == mostItems {
			d.cut = true
			break
		}
		elements, n, _ := inline(spans, min(itemText, d.room-total))
		if n == 0 {
			continue
		}
		items, total = append(items, slack.NewRichTextSection(elements...)), total+n
	}
	if len(items) > 0 {
		d.rich(total, slack.NewRichTextList(slack.RTEListBullet, 0, items...))
	}
}

func (d *drawing) facts(p commands.Facts) {
	colon := "："
	if d.locale == reporting.En {
		colon = ": "
	}
	elements := make([]slack.RichTextSectionElement, 0, 3*len(p))
	line := make([]commands.Span, 0, 8)
	total := 0
	for _, f := range p {
		if total >= d.room || len(elements) >= mostItems {
			d.cut = true
			break
		}
		line = line[:0]
		if total > 0 {
			line = append(line, commands.Plain("\n"))
		}
		line = append(append(line, commands.Bold(f.Label+colon)), f.Value...)
		drawn, n, _ := inline(line, min(itemText, d.room-total))
		elements, total = append(elements, drawn...), total+n
	}
	d.rich(total, slack.NewRichTextSection(elements...))
}
