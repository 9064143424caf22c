package commands

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// briefFormats are the files that a brief can be had as.
var briefFormats = []string{"docx", "xlsx"}

// briefActions are the buttons under a brief.
func (a *App) briefActions() map[string]handler {
	out := map[string]handler{}
	for _, format := range briefFormats {
		out["brief."+format] = func(c *call) (Response, error) {
			scope, err := a.briefPressed(c)
			if err != nil {
				return Response{}, err
			}
			return a.briefFile(c, scope, format, "brief")
		}
	}
	return out
}

// briefValue is the value of a button: scope, year, day, and first and last of its
// days, "-" for none: "body:jingyue 2018 2018-06-30 2018-06-01 2018-06-30".
func briefValue(b briefing, w reporting.When) string {
	out := b.scope.String() + " " + strconv.Itoa(b.Year)
	for _, d := range []reporting.Date{w.Day, w.Days.From, w.Days.To} {
		out += " " + cmp.Or(d.String(), "-")
	}
	return out
}

// briefPressed reads briefValue: from then on c is about its time. Errors: NotFound;
// Forbidden.
func (a *App) briefPressed(c *call) (briefScope, error) {
	unknown := reporting.Fail(reporting.NotFound, "err.action.unknown")
	words := strings.Fields(c.value)
	if len(words) != 5 {
		return briefScope{}, unknown
	}
	year, err := strconv.Atoi(words[1])
	if err != nil {
		return briefScope{}, unknown
	}
	w := reporting.When{Year: year}
	for i, d := range []*reporting.Date{&w.Day, &w.Days.From, &w.Days.To} {
		if words[2+i] == "-" {
			continue
		}
		if *d, err = reporting.ParseDate(words[2+i]); err != nil {
			return briefScope{}, unknown
		}
	}
	c.when = w.Settled(c.day)
	kind, id, _ := strings.Cut(words[0], ":")
	return a.scopeOf(c, kind, id)
}

// scopeOf returns the scope of a kind, city, group or body, where the asker may see
// it. Errors: NotFound; Forbidden.
func (a *App) scopeOf(c *call, kind, id string) (briefScope, error) {
	switch kind {
	case "city":
		return briefScope{name: a.say(c, "word.city")}, reporting.CanReadCity(c.actor)
	case "group":
		return briefScope{group: id, name: a.groupName(c, id)}, reporting.CanReadCity(c.actor)
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return briefScope{}, err
	}
	b, ok := list.Find(id)
	if !ok {
		return briefScope{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(id))
	}
	return briefScope{body: b.ID, name: b.Label(c.locale)}, reporting.CanReadQuota(c.actor, b.ID)
}

// briefFile answers with a brief as a file of a format, in the asker's direct
// messages; title is the locale key of what it is called: brief or export. Errors:
// Invalid for another format.
func (a *App) briefFile(c *call, scope briefScope, format, title string) (Response, error) {
	if !slices.Contains(briefFormats, format) {
		return Response{}, reporting.Fail(reporting.Invalid, "err.brief.format", "value", clip(format))
	}
	name := a.say(c, "brief.file."+title, "name", scope.name)
	r := a.later(c, "report."+title, a.say(c, "bulletin.file.doing"), func(c *call, _ func(int, int)) (Response, error) {
		c.then = nil
		b, err := a.briefOf(c, scope)
		if err != nil {
			return Response{}, err
		}
		paper, err := a.briefPaper(c, b, name)
		if err != nil {
			return Response{}, err
		}
		var file bytes.Buffer
		if err := a.cfg.Exchange.WritePaper(&file, paper, format); err != nil {
			return Response{}, fmt.Errorf("write brief: %w", err)
		}
		about := a.say(c, "bulletin.file.about", "title", name+" "+a.date(c, b.AsOf))
		return Response{Reply: Say(about), Files: []Attachment{{Name: name + " " + b.AsOf.String() + "." + format, Data: file.Bytes()}}}, nil
	})
	r.Reply = Say(a.say(c, "bulletin.file.begun", "title", name))
	return r, nil
}

// briefPaper is a brief as a document: what the screen says, and behind it every
// body's line and the sub-paths.
func (a *App) briefPaper(c *call, b briefing, title string) (reporting.Paper, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return reporting.Paper{}, err
	}
	note, err := a.briefNote(c, b)
	if err != nil {
		return reporting.Paper{}, err
	}
	p := reporting.Paper{
		Title: title, Subtitle: a.date(c, b.AsOf), WordsName: a.say(c, "brief.sheet"), Notes: []string{note},
		Sections: []reporting.PaperSection{
			{Paragraphs: []string{a.headline(c, b.scope.name, b.Standing)}},
			{Heading: a.say(c, "brief.numbers"), Table: a.numbersTable(c, b)},
		},
	}
	add := func(key string, lines []string) {
		if len(lines) > 0 {
			p.Sections = append(p.Sections, reporting.PaperSection{Heading: a.say(c, key), Paragraphs: lines})
		}
	}
	add("brief.places", spansOf(a.briefPlaces(c, b)))
	add("brief.changes", factLines(c, a, a.briefChanged(c, list, b)))
	if b.decides {
		add("brief.decide", spansOf(a.briefDecided(c, list, b)))
	}
	if b.Owes() > 0 && b.Year == c.day.Year {
		add("figure.forecast", []string{a.forecast(c, b.Standing)})
	}
	tables, err := a.briefTables(c, b)
	p.Sections = append(p.Sections, tables...)
	return p, err
}

// factLines are facts as lines of text.
func factLines(c *call, a *App, facts Facts) []string {
	var out []string
	for _, f := range facts {
		out = append(out, f.Label+a.say(c, "word.colon")+spansOf(Bullets{f.Value})[0])
	}
	return out
}

// numbersTable has the numbers as numbers.
func (a *App) numbersTable(c *call, b briefing) *reporting.PaperTable {
	t := &reporting.PaperTable{Name: a.say(c, "brief.numbers"), Columns: []reporting.PaperColumn{
		{Title: a.say(c, "column.figure"), Form: reporting.PaperText}, {Title: a.say(c, "brief.value"), Form: reporting.PaperCount},
	}}
	for _, row := range []struct {
		key string
		n   int
	}{
		{"figure.quota", b.Owes()}, {"figure.credited", b.Tally.Credited}, {"figure.pending", b.Tally.Pending}, {"figure.remaining", b.Remaining()},
		{"figure.over", b.Over()}, {"bulletin.column.invest", int(b.Tally.Invest)},
	} {
		t.Rows = append(t.Rows, []reporting.PaperCell{{Text: a.say(c, row.key)}, whole(row.n)})
	}
	return t
}

func whole(n int) reporting.PaperCell { return reporting.PaperCell{Text: count(n), Number: float64(n)} }

// briefTables are the bodies of the scope, a table a group, and the sub-paths.
func (a *App) briefTables(c *call, b briefing) ([]reporting.PaperSection, error) {
	var out []reporting.PaperSection
	for _, g := range b.groups {
		name := a.groupName(c, g.name)
		t := &reporting.PaperTable{Name: name, Columns: a.paperColumns(c, "column.rank", reporting.PaperCount, "column.body", reporting.PaperText,
			"column.quota", reporting.PaperCount, "column.credited", reporting.PaperCount, "column.pending", reporting.PaperCount,
			"column.done", reporting.PaperShare, "column.gap", reporting.PaperPoints, "column.colour", reporting.PaperText)}
		for _, p := range slices.Concat(g.ranked, g.rest) {
			t.Rows = append(t.Rows, a.paperRow(c, p))
		}
		out = append(out, reporting.PaperSection{Heading: name, Table: t})
	}
	if b.scope.group != "" {
		return out, nil
	}
	tallies, err := a.store.Paths(c.ctx, b.scope.body, b.Year, c.when.Day)
	if err != nil {
		return nil, fmt.Errorf("read paths: %w", err)
	}
	sum := reporting.Sum(tallies, "")
	t := &reporting.PaperTable{Name: a.say(c, "column.path"), Columns: a.paperColumns(c, "column.path", reporting.PaperText, "column.credited", reporting.PaperCount,
		"column.share", reporting.PaperShare, "bulletin.column.invest", reporting.PaperCount)}
	for _, of := range tallies {
		if of.Path.Valid() {
			share := float64(of.Credited) / float64(max(1, sum.Credited))
			t.Rows = append(t.Rows, []reporting.PaperCell{
				{Text: a.choice(c, reporting.FieldPath, string(of.Path))}, whole(of.Credited), {Text: percent(share), Number: share}, whole(int(of.Invest)),
			})
		}
	}
	if len(t.Rows) > 0 {
		out = append(out, reporting.PaperSection{Heading: a.say(c, "brief.paths"), Table: t})
	}
	return out, nil
}

// paperColumns are columns from keys and forms by turns.
func (a *App) paperColumns(c *call, of ...any) []reporting.PaperColumn {
	var out []reporting.PaperColumn
	for pair := range slices.Chunk(of, 2) {
		out = append(out, reporting.PaperColumn{Title: a.say(c, pair[0].(string)), Form: pair[1].(reporting.PaperForm)})
	}
	return out
}

// paperRow is a body's line. Without a quota it has no place.
func (a *App) paperRow(c *call, p placed) []reporting.PaperCell {
	none := reporting.PaperCell{Text: a.say(c, "word.none"), None: true}
	row := []reporting.PaperCell{none, {Text: a.labelled(c, p.body, p.AsOf)}, none, whole(p.Tally.Credited), whole(p.Tally.Pending), none, none,
		{Text: a.say(c, "bulletin.pace."+string(p.Standing.Colour(a.thresholds())))}}
	if p.Owes() > 0 {
		row[2], row[5], row[6] = whole(p.Owes()), reporting.PaperCell{Text: percent(p.Done()), Number: p.Done()}, reporting.PaperCell{Text: signed(p.Gap()), Number: p.Gap()}
	}
	if p.Rank > 0 {
		row[0] = whole(p.Rank)
	}
	return row
}
