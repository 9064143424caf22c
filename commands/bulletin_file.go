package commands

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// bulletinFile answers a button with the bulletin as a file of a format, for
// whoever may read it, in their direct messages.
func (a *App) bulletinFile(format string) handler {
	return func(c *call) (Response, error) {
		b, _, err := a.pressedBulletin(c)
		if err == nil {
			err = reporting.CanReadBulletin(c.actor, b)
		}
		if err != nil {
			return Response{}, err
		}
		heading := a.bulletinHeading(c, b)
		r := a.later(c, "bulletin."+format, a.say(c, "bulletin.file.doing"), func(c *call, _ func(int, int)) (Response, error) {
			paper, err := a.bulletinPaper(a.official(c), b)
			if err != nil {
				return Response{}, err
			}
			var file bytes.Buffer
			if err := a.cfg.Exchange.WritePaper(&file, paper, format); err != nil {
				return Response{}, fmt.Errorf("write bulletin: %w", err)
			}
			return Response{Reply: Say(a.say(c, "bulletin.file.about", "title", heading)), Files: []Attachment{{Name: heading + "." + format, Data: file.Bytes()}}}, nil
		})
		r.Reply = Say(a.say(c, "bulletin.file.begun", "title", heading))
		return r, nil
	}
}

// bulletinPaper is a bulletin as a document: every group has a table of its own.
func (a *App) bulletinPaper(c *call, b reporting.Bulletin) (reporting.Paper, error) {
	texts, err := a.bulletinTexts(c, b)
	if err != nil {
		return reporting.Paper{}, err
	}
	was, err := a.correctedBy(c, b)
	if err != nil {
		return reporting.Paper{}, err
	}
	p := reporting.Paper{
		Title: texts.Title, Subtitle: a.say(c, "bulletin.no.none"), Notes: a.bulletinNotes(c, b), Signed: a.say(c, "bulletin.signed"), WordsName: a.say(c, "bulletin.sheet"),
		Sections: []reporting.PaperSection{{Paragraphs: strings.Split(texts.Opening, "\n")}},
	}
	if b.No > 0 {
		p.Subtitle, p.Dated = a.say(c, "bulletin.no", "no", b.No), a.date(c, a.dayAt(b.ReleasedAt))
	}
	if b.Corrects != 0 {
		p.Sections = append(p.Sections, reporting.PaperSection{Heading: a.say(c, "bulletin.changes"), Paragraphs: spansOf(a.correctedLines(c, b, was))})
	}
	p.Sections = append(p.Sections, a.paperTables(c, b.Snapshot)...)
	if lines := a.extremeLines(c, b); len(lines) > 0 {
		p.Sections = append(p.Sections, reporting.PaperSection{Heading: a.say(c, "bulletin.extremes"), Paragraphs: spansOf(lines)})
	}
	p.Sections = append(p.Sections, reporting.PaperSection{Heading: a.say(c, "bulletin.asked"), Paragraphs: strings.Split(texts.Measures, "\n")})
	if b.Status != reporting.BulletinReleased {
		p.Notes = append(p.Notes, a.say(c, "bulletin.file.draft", "time", a.moment(c, c.now.Truncate(time.Minute))))
	}
	return p, nil
}

// paperTables are the city's line and the groups'.
func (a *App) paperTables(c *call, s reporting.BulletinSnapshot) []reporting.PaperSection {
	section := func(name string) reporting.PaperSection {
		return reporting.PaperSection{Heading: name, Table: &reporting.PaperTable{Name: name, Columns: a.bulletinColumns(c, false)}}
	}
	var out []reporting.PaperSection
	if city, ok := s.Line(reporting.City); ok {
		of := section(a.say(c, "word.city"))
		of.Table.Rows = [][]reporting.PaperCell{a.bulletinRow(c, s, 0, city, false)}
		out = append(out, of)
	}
	for _, g := range bulletinGroups(s) {
		of := section(a.groupName(c, g.name))
		for _, r := range g.ranked {
			of.Table.Rows = append(of.Table.Rows, a.bulletinRow(c, s, r.Rank, r.BulletinLine, false))
		}
		for _, l := range g.rest {
			of.Table.Rows = append(of.Table.Rows, a.bulletinRow(c, s, 0, l, false))
		}
		out = append(out, of)
	}
	return out
}

// spansOf are lines as plain text.
func spansOf(lines Bullets) []string {
	var out []string
	for _, line := range lines {
		text := ""
		for _, s := range line {
			text += s.Text
		}
		out = append(out, text)
	}
	return out
}
