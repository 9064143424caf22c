package commands

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// official returns c in the city's language, in which bulletins are: one text for
// all, whoever reads it where.
func (a *App) official(c *call) *call {
	o := *c
	o.locale = a.cfg.Locale
	return &o
}

// dayAt returns the city's day of a time in UTC milliseconds.
func (a *App) dayAt(ms int64) reporting.Date {
	return reporting.DateOf(time.UnixMilli(ms).In(a.cfg.Location))
}

// bulletinActor returns how who did something about a bulletin is called.
func (a *App) bulletinActor(c *call, user string) string {
	switch user {
	case "":
		return a.say(c, "word.none")
	case reporting.System.UserID:
		return a.say(c, "word.system")
	}
	return a.personName(c.ctx, user)
}

// periodName is what a bulletin is about: 2018年7月, 2018年上半年.
func (a *App) periodName(c *call, p reporting.Period) string {
	if p.Kind == reporting.Quarterly {
		return a.say(c, "bulletin.quarter."+strconv.Itoa(p.N), "year", p.Year)
	}
	return a.say(c, "bulletin.month", "year", p.Year, "month", a.say(c, "month."+strconv.Itoa(p.N)))
}

// bulletinTitle is the title that a bulletin has, or would be given.
func (a *App) bulletinTitle(c *call, b reporting.Bulletin) string {
	switch {
	case b.Title != "":
		return b.Title
	case b.Corrects != 0:
		return a.say(c, "bulletin.title.correction", "period", a.periodName(c, b.Period), "no", b.Corrects)
	}
	return a.say(c, "bulletin.title", "period", a.periodName(c, b.Period))
}

// bulletinHeading is the title with its number, in the city's language.
func (a *App) bulletinHeading(c *call, b reporting.Bulletin) string {
	o := a.official(c)
	if b.No == 0 {
		return a.bulletinTitle(o, b) + a.say(o, "bulletin.no.none")
	}
	return a.bulletinTitle(o, b) + a.say(o, "bulletin.no", "no", b.No)
}

// bulletinTexts are the words that a bulletin has: the office's, and Mouhua's
// where the office left them to it.
func (a *App) bulletinTexts(c *call, b reporting.Bulletin) (reporting.BulletinTexts, error) {
	t := reporting.BulletinTexts{Title: a.bulletinTitle(c, b), Opening: b.Opening, Measures: b.Measures}
	if t.Opening == "" {
		was, err := a.correctedBy(c, b)
		if err != nil {
			return t, err
		}
		t.Opening = a.bulletinOpening(c, b, was)
	}
	if t.Measures == "" {
		next := reporting.PeriodOf(b.Period.Kind, b.Period.Last().AddDays(1))
		t.Measures = a.say(c, "bulletin.measures", "next", a.date(c, next.Last()))
	}
	return t, nil
}

// correctedBy returns the bulletin that b corrects, a zero one when it is none.
func (a *App) correctedBy(c *call, b reporting.Bulletin) (reporting.Bulletin, error) {
	if b.Corrects == 0 {
		return reporting.Bulletin{}, nil
	}
	was, err := a.store.NumberedBulletin(c.ctx, b.Period.Year, b.Corrects)
	if err != nil {
		return was, fmt.Errorf("read corrected bulletin: %w", err)
	}
	return was, nil
}

// bulletinOpening says in a few sentences how the city stands.
func (a *App) bulletinOpening(c *call, b reporting.Bulletin, was reporting.Bulletin) string {
	s := b.Snapshot
	city, _ := s.Line(reporting.City)
	text := a.say(c, "bulletin.opening", "day", a.date(c, s.AsOf), "credited", count(city.Tally.Credited), "invest", city.Tally.Invest.YiString(),
		"target", count(city.Owes()), "done", percent(city.Done()), "gap", a.gap(c, city.Standing), "added", a.say(c, "bulletin.added."+string(b.Period.Kind), "n", count(city.Added)))
	colours := map[reporting.Colour]int{}
	ranked := s.Ranked(func(reporting.BulletinLine) bool { return true })
	for _, r := range ranked {
		colours[s.Colour(r.BulletinLine)]++
	}
	var each []string
	for _, k := range []reporting.Colour{reporting.Green, reporting.Blue, reporting.Yellow, reporting.Red, reporting.TooEarly} {
		if n := colours[k]; n > 0 {
			each = append(each, a.say(c, "bulletin.colour."+string(k), "n", n))
		}
	}
	text += a.say(c, "bulletin.colours", "n", len(ranked), "each", strings.Join(each, a.say(c, "word.list_separator")))
	if b.Corrects == 0 {
		return text
	}
	return a.say(c, "bulletin.opening.correction", "title", a.bulletinHeading(c, was), "reason", b.CorrectionReason) + "\n" + text
}

// bulletinReply is a bulletin as it is posted. What is read first is above the
// table, which is cut where a message has no room for all of it.
func (a *App) bulletinReply(asked *call, b reporting.Bulletin) (*Reply, error) {
	c := a.official(asked)
	texts, err := a.bulletinTexts(c, b)
	if err != nil {
		return nil, err
	}
	was, err := a.correctedBy(c, b)
	if err != nil {
		return nil, err
	}
	heading := a.bulletinHeading(c, b)
	parts := []Part{Heading(heading), Paragraph{Plain(texts.Opening)}}
	if b.Corrects != 0 {
		parts = append(parts, Paragraph{Bold(a.say(c, "bulletin.changes"))}, a.correctedLines(c, b, was))
	}
	if lines := a.extremeLines(c, b); len(lines) > 0 {
		parts = append(parts, lines)
	}
	parts = append(parts, Paragraph{Plain(texts.Measures)}, a.bulletinTable(c, b.Snapshot))
	for _, note := range a.bulletinNotes(c, b) {
		parts = append(parts, Note{Plain(note)})
	}
	return &Reply{Text: heading, Parts: append(parts, a.fileButtons(c, b))}, nil
}

// extremeLines name the best and the worst of each series by the rule of the
// office, and who is exempt.
func (a *App) extremeLines(c *call, b reporting.Bulletin) Bullets {
	var lines Bullets
	for _, of := range reporting.BulletinSeries {
		e := b.Snapshot.Extremes(of, b.Exempt)
		for _, side := range []struct {
			key  string
			list []reporting.RankedLine
		}{{"best", e.Best}, {"worst", e.Worst}} { // the worst without places: where nobody has anything all are first
			if len(side.list) == 0 {
				continue
			}
			var names []string
			for _, r := range side.list {
				names = append(names, a.say(c, "bulletin.place."+side.key, "rank", r.Rank, "body", r.Label.In(c.locale),
					"done", percent(r.Done()), "credited", count(r.Tally.Credited), "quota", count(r.Owes())))
			}
			lines = append(lines, []Span{
				Bold(a.say(c, "bulletin."+side.key, "series", a.say(c, "bulletin.series."+string(of)))), Plain(strings.Join(names, a.say(c, "word.list_separator"))),
			})
		}
	}
	if text := a.exemptText(c, b); text != "" {
		lines = append(lines, []Span{Plain(text)})
	}
	return lines
}

// exemptText names the bodies that are exempt, and why; "" when there are none.
func (a *App) exemptText(c *call, b reporting.Bulletin) string {
	var names []string
	for _, l := range b.Snapshot.Lines {
		if slices.Contains(b.Exempt, l.BodyID) {
			names = append(names, l.Label.In(c.locale))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return a.say(c, "bulletin.exempt", "bodies", strings.Join(names, a.say(c, "word.list_separator")), "reason", b.ExemptReason)
}

// correctedLines say what a correction changes of each body.
func (a *App) correctedLines(c *call, b, was reporting.Bulletin) Bullets {
	var lines Bullets
	for _, d := range b.Snapshot.Corrected(was.Snapshot) {
		lines = append(lines, []Span{Bold(a.lineName(c, d.Is)), Plain(a.say(c, "bulletin.change",
			"credited_was", count(d.Was.Tally.Credited), "credited", count(d.Is.Tally.Credited), "quota_was", count(d.Was.Owes()), "quota", count(d.Is.Owes()),
			"invest_was", d.Was.Tally.Invest.YiString(), "invest", d.Is.Tally.Invest.YiString()))})
	}
	if len(lines) == 0 {
		lines = Bullets{{Plain(a.say(c, "bulletin.change.none"))}}
	}
	return lines
}

func (a *App) lineName(c *call, l reporting.BulletinLine) string {
	if l.BodyID == reporting.City {
		return a.say(c, "word.city")
	}
	return l.Label.In(c.locale)
}

// bulletinGroup is a table of a bulletin: the bodies of a group, the best first,
// and below them those without a place.
type bulletinGroup struct {
	name   string
	ranked []reporting.RankedLine
	rest   []reporting.BulletinLine
}

// bulletinGroups are the tables of a snapshot, in table order.
func bulletinGroups(s reporting.BulletinSnapshot) []bulletinGroup {
	var out []bulletinGroup
	in := func(name string) func(l reporting.BulletinLine) bool {
		return func(l reporting.BulletinLine) bool { return l.BodyID != reporting.City && groupOfLine(l) == name }
	}
	for _, l := range s.Lines {
		name := groupOfLine(l)
		if l.BodyID == reporting.City || slices.ContainsFunc(out, func(g bulletinGroup) bool { return g.name == name }) {
			continue
		}
		g := bulletinGroup{name: name, ranked: s.Ranked(in(name))}
		for _, l := range s.Lines {
			if in(name)(l) && (l.Owes() == 0 || l.Ended) {
				g.rest = append(g.rest, l)
			}
		}
		out = append(out, g)
	}
	return out
}

func groupOfLine(l reporting.BulletinLine) string { return cmp.Or(l.Group, string(l.Kind)) }

// bulletinTable shows the groups below each other, the city above them.
func (a *App) bulletinTable(c *call, s reporting.BulletinSnapshot) Table {
	t := Table{Columns: []Column{{Title: a.say(c, "column.group")}}}
	for _, col := range a.bulletinColumns(c, true) {
		t.Columns = append(t.Columns, Column{Title: col.Title, Right: col.Form != reporting.PaperText})
	}
	add := func(group string, rank int, l reporting.BulletinLine) {
		row := []string{group}
		for _, cell := range a.bulletinRow(c, s, rank, l, true) {
			row = append(row, cell.Text)
		}
		t.Rows = append(t.Rows, row)
	}
	if city, ok := s.Line(reporting.City); ok {
		add(a.say(c, "word.none"), 0, city)
	}
	for _, g := range bulletinGroups(s) {
		name := a.groupName(c, g.name)
		for _, r := range g.ranked {
			add(name, r.Rank, r.BulletinLine)
		}
		for _, l := range g.rest {
			add(name, 0, l)
		}
	}
	return t
}

// bulletinColumns are those of a bulletin's tables; a message, which is narrow,
// leaves out the investment.
func (a *App) bulletinColumns(c *call, narrow bool) []reporting.PaperColumn {
	var out []reporting.PaperColumn
	for _, col := range []struct {
		key  string
		form reporting.PaperForm
	}{
		{"column.rank", reporting.PaperCount}, {"column.body", reporting.PaperText}, {"column.quota", reporting.PaperCount},
		{"column.credited", reporting.PaperCount}, {"bulletin.column.added", reporting.PaperCount}, {"bulletin.column.invest", reporting.PaperCount},
		{"column.done", reporting.PaperShare}, {"column.gap", reporting.PaperPoints}, {"column.colour", reporting.PaperText},
	} {
		if !narrow || col.key != "bulletin.column.invest" {
			out = append(out, reporting.PaperColumn{Title: a.say(c, col.key), Form: col.form})
		}
	}
	return out
}

// bulletinRow are the cells of a line; rank 0 is none.
func (a *App) bulletinRow(c *call, s reporting.BulletinSnapshot, rank int, l reporting.BulletinLine, narrow bool) []reporting.PaperCell {
	none := reporting.PaperCell{Text: a.say(c, "word.none"), None: true}
	number := func(text string, v float64, there bool) reporting.PaperCell {
		if !there {
			return none
		}
		return reporting.PaperCell{Text: text, Number: v}
	}
	whole := func(n int, there bool) reporting.PaperCell { return number(count(n), float64(n), there) }
	name := a.lineName(c, l)
	if l.Ended {
		name += a.say(c, "bulletin.ended")
	}
	owes := l.Owes() > 0
	row := []reporting.PaperCell{
		whole(rank, rank > 0), {Text: name}, whole(l.Owes(), owes), whole(l.Tally.Credited, true), whole(l.Added, true),
		number(l.Tally.Invest.String(), float64(l.Tally.Invest), true),
		number(percent(l.Done()), l.Done(), owes), number(signed(l.Gap()), l.Gap(), owes), {Text: a.say(c, "colour.short."+string(s.Colour(l)))},
	}
	if narrow {
		return slices.Delete(row, 5, 6)
	}
	row[len(row)-1].Text = a.say(c, "bulletin.pace."+string(s.Colour(l))) // no pictures on paper
	return row
}

// bulletinNotes say as of when the figures are, what counts, and how they are
// judged.
func (a *App) bulletinNotes(c *call, b reporting.Bulletin) []string {
	s := b.Snapshot
	taken := a.moment(c, time.UnixMilli(s.TakenAt))
	var but string
	for _, more := range []struct {
		key string
		n   int
	}{{"lost", s.Lost}, {"moved", s.Moved}} {
		if more.n > 0 {
			but += a.say(c, "bulletin.as_of."+more.key, "n", more.n)
		}
	}
	if s.Late(a.cfg.Location) {
		but += a.say(c, "bulletin.as_of.late")
	}
	as := a.say(c, "bulletin.as_of", "day", a.date(c, s.AsOf), "time", taken, "but", but)
	if s.Frozen {
		as = a.say(c, "bulletin.as_of.frozen", "day", a.date(c, s.AsOf), "year", b.Period.Year)
	}
	line := func(thousandths int) string { return strconv.FormatFloat(float64(thousandths)/1000, 'f', -1, 64) }
	credit := string(cmp.Or(s.Rules.Credit, reporting.BothFull))
	basis := ""
	if s.Basis == reporting.CountWithCarried {
		basis = a.say(c, "basis.carried") + a.say(c, "word.stop")
	}
	return []string{
		as,
		a.say(c, "quota.counting."+credit, "threshold", a.money(c, s.Rules.Threshold)),
		a.say(c, "quota.distinct."+credit) + basis,
		a.say(c, "bulletin.judged", "green", line(s.Pace.Green), "blue", line(s.Pace.Blue), "yellow", line(s.Pace.Yellow)),
	}
}
