package commands

import (
	"iter"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// report answers /report [when]: the city for those who may see it, else the
// actor's own body.
func (a *App) report(c *call) (Response, error) {
	text, year, err := askedWhen(c)
	if err != nil {
		return Response{}, err
	}
	if text != "" {
		return Response{}, reporting.Fail(reporting.NotFound, "err.command.word", "command", a.slash("report"), "word", clip(text))
	}
	if c.actor.ReadsAll() {
		return a.cityReport(c, year)
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	b, ok := list.Find(c.actor.BodyID)
	if !ok {
		return Response{}, reporting.Fail(reporting.Invalid, "err.body.none")
	}
	return a.bodyReport(c, list, b, year)
}

// reportCity answers /report city [when].
func (a *App) reportCity(c *call) (Response, error) {
	_, year, err := askedWhen(c)
	if err != nil {
		return Response{}, err
	}
	return a.cityReport(c, year)
}

func (a *App) cityReport(c *call, year int) (Response, error) {
	if err := reporting.CanReadCity(c.actor); err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	city, err := a.standing(c, reporting.City, year)
	if err != nil {
		return Response{}, err
	}
	all, err := a.standings(c, year, dayOf(c, year))
	if err != nil {
		return Response{}, err
	}
	text := a.headline(c, a.say(c, "word.city"), city)
	parts := []Part{Heading(a.say(c, "report.city.title", "year", year)), Paragraph{Bold(text)}, a.fourNumbers(c, city), a.progressFacts(c, city)}
	if year == c.day.Year {
		parts = append(parts, Facts{a.fact(c, "forecast", a.forecast(c, city))})
	}
	charts, err := a.yearCharts(c, a.say(c, "word.city"), city)
	if err != nil {
		return Response{}, err
	}
	came, err := a.periodParts(c, reporting.City, city)
	if err != nil {
		return Response{}, err
	}
	parts = append(append(parts, came...), charts...)
	groups := leagues(list, all)
	if len(groups) > 0 {
		parts = append(parts, Rule{}, Paragraph{Bold(a.say(c, "report.by_group"))})
	}
	for _, g := range groups {
		parts = append(parts, a.groupParts(c, g)...)
	}
	notes, err := a.reportNotes(c, reporting.City, year)
	if err != nil {
		return Response{}, err
	}
	counting, err := a.cityNote(c, year)
	parts = append(append(parts, notes...), counting)
	if list := a.listButtons(c, reporting.City, year); len(list) > 0 {
		parts = append(parts, list)
	}
	return Response{Reply: &Reply{InChannel: c.actor.ReadsAll(), Text: text, Parts: parts}}, err
}

// fourNumbers are what leaders ask first: how many, for how much, what waits,
// what is left.
func (a *App) fourNumbers(c *call, s reporting.Standing) Facts {
	left := a.fact(c, "remaining", a.projects(c, s.Remaining()))
	if s.Over() > 0 {
		left = a.fact(c, "over", a.projects(c, s.Over()))
	}
	return Facts{
		a.fact(c, "credited", a.say(c, "report.of_target", "credited", count(s.Tally.Credited), "target", count(s.Owes()))),
		a.fact(c, "invest", a.money(c, s.Tally.Invest)),
		a.fact(c, "pending", a.projects(c, s.Tally.Pending)),
		left,
	}
}

// groupParts name a group's best and worst three.
func (a *App) groupParts(c *call, g group) []Part {
	if len(g.ranked) == 0 {
		return nil
	}
	best, worst, tied := extremes(g.ranked)
	total, owed := g.sums()
	out := []Part{Paragraph{Bold(a.groupName(c, g.name)), Plain(a.say(c, "report.group.sum", "n", len(g.ranked), "credited", count(total), "quota", count(owed)))}}
	var lines Bullets
	for _, side := range []struct {
		key  string
		list []placed
	}{{"report.best", best}, {"report.worst", worst}} {
		if len(side.list) == 0 {
			continue
		}
		var names []string
		for _, p := range side.list {
			names = append(names, a.placeLine(c, p))
		}
		lines = append(lines, []Span{Bold(a.say(c, side.key)), Plain(strings.Join(names, a.say(c, "word.list_separator")))})
	}
	if n := len(tied); n > 0 {
		text := a.say(c, "report.tied", "rank", tied[0].Rank, "n", n, "done", percent(tied[0].Done()))
		lines = append(lines, []Span{Bold(a.say(c, "report.worst")), Plain(text)})
	}
	if len(lines) == 0 {
		lines = Bullets{{Plain(a.say(c, "report.none_yet"))}}
	}
	return append(out, lines)
}

// extremes returns up to three best and three worst of a ranked group. Who has
// nothing is not among the best, who met the target is not among the worst.
// Equals are named together or not at all: where more than three share the
// last place they come back as tied.
func extremes(ranked []placed) (best, worst, tied []placed) {
	places := slices.Collect(chunkByRank(ranked))
	most := min(3, (len(ranked)+1)/2)
	for len(places) > 0 && len(best)+len(places[0]) <= most && places[0][0].Tally.Credited > 0 {
		best, places = append(best, places[0]...), places[1:]
	}
	for len(places) > 0 {
		last := places[len(places)-1]
		if last[0].Remaining() == 0 {
			break
		}
		if len(worst)+len(last) > 3 {
			if len(worst) == 0 {
				tied = last
			}
			break
		}
		worst, places = append(slices.Clone(last), worst...), places[:len(places)-1]
	}
	return best, worst, tied
}

// chunkByRank yields those who share a rank together, in rank order.
func chunkByRank(ranked []placed) iter.Seq[[]placed] {
	return func(yield func([]placed) bool) {
		for len(ranked) > 0 {
			n := 1
			for n < len(ranked) && ranked[n].Rank == ranked[0].Rank {
				n++
			}
			if !yield(ranked[:n:n]) {
				return
			}
			ranked = ranked[n:]
		}
	}
}

// reportBody answers /report body <name> [when].
func (a *App) reportBody(c *call) (Response, error) {
	text, year, err := askedWhen(c)
	if err != nil {
		return Response{}, err
	}
	b, err := a.namedOrHere(c, text, a.slash("report")+" body")
	if err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	return a.bodyReport(c, list, b, year)
}

// bodyReport is in the channel when leaders or the office ask for it, private
// for an official.
func (a *App) bodyReport(c *call, list *reporting.BodyList, b reporting.Body, year int) (Response, error) {
	if err := reporting.CanReadQuota(c.actor, b.ID); err != nil {
		return Response{}, err
	}
	s, text, parts, err := a.quotaParts(c, list, b, year)
	if err != nil {
		return Response{}, err
	}
	notes, err := a.reportNotes(c, b.ID, year)
	if err != nil {
		return Response{}, err
	}
	charts, err := a.yearCharts(c, b.Label(c.locale), s)
	if err != nil {
		return Response{}, err
	}
	came, err := a.periodParts(c, b.ID, s)
	if err != nil {
		return Response{}, err
	}
	parts = append(append(append(parts, came...), charts...), notes...)
	counting, err := a.countingNote(c, year)
	parts = append(parts, counting)
	if list := a.listButtons(c, b.ID, year); len(list) > 0 {
		parts = append(parts, list)
	}
	return Response{Reply: &Reply{InChannel: c.actor.ReadsAll(), Text: text, Parts: parts}}, err
}

// reportGroup answers /report group <kind> [when].
func (a *App) reportGroup(c *call) (Response, error) {
	text, year, list, all, err := a.cityByBody(c)
	if err != nil {
		return Response{}, err
	}
	g, err := a.groupNamed(c, leagues(list, all), text)
	if err != nil {
		return Response{}, err
	}
	title := a.say(c, "report.group.title", "group", a.groupName(c, g.name), "year", year)
	sum, _ := reporting.SumOf(g.standings())
	first := a.headline(c, a.groupName(c, g.name), sum)
	ranking := a.rankingChart(c, g, year)
	ranking.Instead = nil // the table says it
	parts := append(append([]Part{Heading(title), Paragraph{Bold(first)}}, a.groupParts(c, g)...), charted(ranking)...)
	notes, err := a.yearNotes(c, reporting.City, year)
	if err != nil {
		return Response{}, err
	}
	table, err := a.withAdded(c, a.leagueTable(c, []group{g}), g)
	if err != nil {
		return Response{}, err
	}
	parts = append(append(parts, table), notes...)
	counting, err := a.cityNote(c, year)
	parts = append(parts, Note{Plain(a.say(c, "quota.order"))}, counting)
	return Response{Reply: &Reply{InChannel: c.actor.ReadsAll(), Text: first, Parts: parts}}, err
}

// groupNamed returns the group that text names. Errors: NotFound.
func (a *App) groupNamed(c *call, groups []group, text string) (group, error) {
	i := slices.IndexFunc(groups, func(g group) bool { return a.isGroup(g.name, text) })
	if i >= 0 {
		return groups[i], nil
	}
	var names []string
	for _, g := range groups {
		names = append(names, a.groupName(c, g.name))
	}
	return group{}, reporting.Fail(reporting.NotFound, "err.group", "value", clip(text), "names", strings.Join(names, a.say(c, "word.list_separator")))
}

// isGroup reports whether text names the group: its id, its name in any
// language, or a word for it.
func (a *App) isGroup(name, text string) bool {
	typed := lexicon.Fold(text)
	if typed == "" {
		return false
	}
	if typed == lexicon.Fold(name) {
		return true
	}
	for _, l := range reporting.Locales {
		words := append(strings.Fields(a.words.Say(l, "group.words."+name)), a.words.Say(l, "kind."+name))
		if slices.ContainsFunc(words, func(w string) bool { return lexicon.Fold(w) == typed }) {
			return true
		}
	}
	return false
}
