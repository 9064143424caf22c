package commands

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// Upkeep reads how bodies keep their projects.
type Upkeep interface {
	// Upkeep returns how bodies keep the projects of a year, updated since a time (UTC ms) or not.
	Upkeep(ctx context.Context, bodies []string, year int, since int64) ([]reporting.Upkeep, error)
}

// reportScore answers /report score [group] [year]: the parts of the score of
// every body with a quota, by group, once the office has adopted the sheet. It
// is for whoever asks alone: nothing of it is final.
func (a *App) reportScore(c *call) (Response, error) {
	text, year, list, all, err := a.cityByBody(c)
	if err != nil {
		return Response{}, err
	}
	title := a.say(c, "score.title", "year", year)
	if !a.cfg.Score.Adopted {
		return Response{Reply: &Reply{Text: title, Parts: []Part{
			Heading(title), Paragraph{Plain(a.say(c, "score.off"))}, a.scoreWeights(c), Note{Plain(a.say(c, "score.how"))},
		}}}, nil
	}
	groups := leagues(list, all)
	if text != "" {
		g, err := a.groupNamed(c, groups, text)
		if err != nil {
			return Response{}, err
		}
		groups = []group{g}
	}
	parts := []Part{Heading(title), Paragraph{Bold(a.say(c, "score.provisional"))}}
	table, err := a.scoreTable(c, groups, year)
	if err != nil {
		return Response{}, err
	}
	var scores Part = table
	if len(table.Rows) == 0 {
		scores = Paragraph{Plain(a.say(c, "score.none", "year", year))}
	}
	parts = append(parts, scores, a.scoreWeights(c), Note{Plain(a.asOfYear(c, year) + a.say(c, "word.stop") + a.say(c, "score.note"))})
	return Response{Reply: &Reply{Text: title, Parts: parts}}, nil
}

// scoreTable shows the scores of groups below each other.
func (a *App) scoreTable(c *call, groups []group, year int) (Table, error) {
	var ids []string
	for _, g := range groups {
		for _, p := range g.ranked {
			ids = append(ids, p.body.ID)
		}
	}
	day := dayOf(c, year).AddDays(-reporting.FreshDays)
	since := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, c.now.Location()).UnixMilli()
	kept, err := a.store.Upkeep(c.ctx, ids, year, since)
	if err != nil {
		return Table{}, fmt.Errorf("read upkeep: %w", err)
	}
	t := Table{Caption: a.say(c, "score.title", "year", year), Columns: []Column{{Title: a.say(c, "column.group")}, {Title: a.say(c, "column.rank"), Right: true}, {Title: a.say(c, "column.body")}}}
	for _, part := range append(slices.Clone(scoreParts), "total") {
		t.Columns = append(t.Columns, Column{Title: a.say(c, "score."+part), Right: true})
	}
	for _, g := range groups {
		t.Rows = append(t.Rows, a.scoreRows(c, g, kept)...)
	}
	return t, nil
}

// scoreRows are the scores of a group, the best first.
func (a *App) scoreRows(c *call, g group, kept []reporting.Upkeep) [][]string {
	var scores []reporting.Score
	for _, p := range g.ranked {
		var u reporting.Upkeep
		if i := slices.IndexFunc(kept, func(u reporting.Upkeep) bool { return u.BodyID == p.body.ID }); i >= 0 {
			u = kept[i]
		}
		if s, ok := a.cfg.Score.Score(p.Standing, u); ok {
			scores = append(scores, s)
		}
	}
	var rows [][]string
	for _, s := range reporting.RankScores(scores) {
		i := slices.IndexFunc(g.ranked, func(p placed) bool { return p.body.ID == s.BodyID })
		row := []string{a.groupName(c, g.name), strconv.Itoa(s.Rank), g.ranked[i].body.Label(c.locale)}
		for _, n := range []reporting.Points{s.Quantity, s.Quality, s.Conversion, s.Timeliness, s.Bonus, s.Total()} {
			row = append(row, points(n))
		}
		rows = append(rows, row)
	}
	return rows
}

// scoreParts are the parts of a score, as locale keys.
var scoreParts = []string{"quantity", "quality", "conversion", "timeliness", "bonus"}

// points writes tenths of a point.
func points(p reporting.Points) string { return fmt.Sprintf("%d.%d", p/10, p%10) }

// scoreWeights say what each part is worth and of what.
func (a *App) scoreWeights(c *call) Part {
	w := a.cfg.Score
	var facts Facts
	for i, n := range []int{w.Quantity, w.Quality, w.Conversion, w.Timeliness, w.Bonus} {
		facts = append(facts, Fact{
			Label: a.say(c, "score."+scoreParts[i]), Value: []Span{Plain(a.say(c, "score.weight", "n", n, "of", a.say(c, "score."+scoreParts[i]+".of")))},
		})
	}
	return facts
}
