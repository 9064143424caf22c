package commands

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// rankAnswers are the answers that set bodies beside each other.
func (a *App) rankAnswers() map[question.Intent]answerer {
	return map[question.Intent]answerer{
		question.QuotaLagging: timed(a.lagging), question.QuotaRanking: timed(a.rankingSaid), question.QuotaCompare: timed(a.compare),
		question.QuotaDelta: a.delta, question.CityDelta: a.delta, question.ProgrammeProgress: a.programmeSaid,
	}
}

// smallestAverage is of how many bodies an average tells nothing about one of them.
const smallestAverage = 3

// allOf returns how the bodies that are asked about stand, in table order: those
// with a quota that have not ended, of the kinds that were named. Who may not see
// them gets ok false.
func (a *App) allOf(c *call, q question.Reading) (year int, all []placed, ok bool, err error) {
	if year, err = yearOf(c, q); err != nil || reporting.CanReadCity(c.actor) != nil {
		return year, nil, false, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return year, nil, false, err
	}
	stand, err := a.standings(c, year, dayOf(c, year))
	if err != nil {
		return year, nil, false, err
	}
	kinds := q.Slots.List(question.BodyKind)
	for _, b := range list.All {
		i := slices.IndexFunc(stand, func(s reporting.Standing) bool { return s.BodyID == b.ID })
		if i < 0 || stand[i].Owes() == 0 || b.Ended(stand[i].AsOf) {
			continue
		}
		if len(kinds) == 0 || slices.Contains(kinds, string(b.Kind)) || slices.Contains(kinds, groupOf(b)) {
			all = append(all, placed{body: b, Ranked: reporting.Ranked{Standing: stand[i]}})
		}
	}
	return year, all, true, nil
}

// among says of whom: the kinds that were named, or the city.
func (a *App) among(c *call, q question.Reading) string {
	kinds := q.Slots.List(question.BodyKind)
	if len(kinds) == 0 {
		return a.say(c, "word.city")
	}
	for i, k := range kinds {
		kinds[i] = a.groupName(c, k)
	}
	return strings.Join(kinds, a.say(c, "word.list_separator"))
}

// lagging answers who is behind the time gone, the furthest behind first.
func (a *App) lagging(c *call, q question.Reading) (Response, error) {
	year, all, ok, err := a.allOf(c, q)
	if err != nil {
		return Response{}, err
	}
	if !ok {
		return a.ownPlace(c, year)
	}
	of := len(all)
	all = slices.DeleteFunc(all, func(p placed) bool { return p.Ahead() >= 0 || p.Colour(a.thresholds()) == reporting.TooEarly })
	slices.SortStableFunc(all, func(x, y placed) int { return cmp.Compare(x.Gap(), y.Gap()) })
	args := []any{"on", a.sayDay(c, dayOf(c, year)), "year", year, "among", a.among(c, q), "n", count(len(all)), "of", count(of)}
	if len(all) == 0 {
		return a.ranked(c, a.say(c, "answer.lagging.none", args...), year, nil, 0)
	}
	args = append(args, "time", percent(all[0].TimeProgress()), "body", all[0].body.Label(c.locale), "gap", a.gap(c, all[0].Standing))
	return a.ranked(c, a.say(c, "answer.lagging", args...), year, all, maxRanked)
}

// rankingSaid answers who leads and who trails, by what was asked: the share
// done, as the bulletins rank, or how many, or for how much.
func (a *App) rankingSaid(c *call, q question.Reading) (Response, error) {
	year, all, ok, err := a.allOf(c, q)
	if err != nil {
		return Response{}, err
	}
	if !ok {
		return a.ownPlace(c, year)
	}
	metric := q.Slots[question.Metric]
	if metric != "count" && metric != "invest" {
		metric = "rate"
	}
	if i := slices.IndexFunc(all, func(p placed) bool { return p.body.ID == q.Slots[question.Body] }); i >= 0 {
		return a.placeSaid(c, all[i].body, metric, year, all)
	}
	all = rankBy(all, metric)
	shown := firstOf(all, q.Slots[question.Order], positiveOr(q.Slots[question.N], 3))
	var names []string
	for _, p := range shown[:min(len(shown), maxRanked)] {
		names = append(names, a.say(c, "answer.place."+metric, "rank", p.Rank, "body", p.body.Label(c.locale), "done", percent(p.Done()),
			"credited", count(p.Tally.Credited), "quota", count(p.Owes()), "money", a.money(c, p.Tally.Invest)))
	}
	key := "answer.ranking"
	if o := q.Slots[question.Order]; o == "best" || o == "worst" {
		key += "." + o
	}
	rank := 0
	switch n := len(shown); {
	case n == 0:
		key = "answer.ranking.none"
	case n > maxRanked && shown[0].Rank == shown[n-1].Rank:
		key, rank = "answer.ranking.level", shown[0].Rank
	case n > maxRanked:
		key = "answer.ranking.tied"
	}
	text := a.say(c, key, "rank", rank, "on", a.sayDay(c, dayOf(c, year)), "year", year, "among", a.among(c, q), "n", count(len(shown)), "by", a.say(c, "answer.by."+metric),
		"names", strings.Join(names, a.say(c, "word.list_separator")))
	return a.ranked(c, text, year, shown, len(shown))
}

// maxRanked is how many a sentence names, and how many of those that are behind a
// table does: more are not read on a telephone.
const maxRanked = 10

// rankBy orders bodies by a metric; equals share a rank.
func rankBy(all []placed, metric string) []placed {
	if metric == "rate" {
		in := make([]reporting.Standing, len(all))
		for i, p := range all {
			in[i] = p.Standing
		}
		var out []placed
		for _, r := range reporting.Rank(in) {
			i := slices.IndexFunc(all, func(p placed) bool { return p.BodyID == r.BodyID })
			out = append(out, placed{all[i].body, r})
		}
		return out
	}
	value := func(p placed) int64 {
		if metric == "count" {
			return int64(p.Tally.Credited)
		}
		return int64(p.Tally.Invest)
	}
	slices.SortStableFunc(all, func(x, y placed) int { return cmp.Compare(value(y), value(x)) })
	for i := range all {
		all[i].Rank, all[i].Of = i+1, len(all)
		if i > 0 && value(all[i]) == value(all[i-1]) {
			all[i].Rank = all[i-1].Rank
		}
	}
	return all
}

// firstOf returns the best or worst n in rank order, and with them who shares
// the last of these places; all without an order.
func firstOf(all []placed, order string, n int) []placed {
	n = min(n, len(all))
	switch {
	case n == 0 || order != "best" && order != "worst":
		return all
	case order == "best":
		for n < len(all) && all[n].Rank == all[n-1].Rank {
			n++
		}
		return all[:n]
	}
	from := len(all) - n
	for from > 0 && all[from-1].Rank == all[from].Rank {
		from--
	}
	return all[from:]
}

func positiveOr(s string, n int) int {
	if got, err := strconv.Atoi(s); err == nil && got > 0 {
		return got
	}
	return n
}

// ranked shows the first n bodies below the sentence about them all.
func (a *App) ranked(c *call, text string, year int, all []placed, n int) (Response, error) {
	out, err := a.beside(c, text, year, all[:min(n, len(all))])
	if err != nil {
		return out, err
	}
	buttons := a.openable(c, reporting.City, a.listButton(c, reporting.City, year))
	if more := len(all) - n; more > 0 {
		out.Reply.Parts = slices.Insert(out.Reply.Parts, 2, Part(Note{Plain(a.say(c, "answer.more_bodies", "n", more))}))
		when := strconv.Itoa(year)
		if c.past(year) {
			when = dayOf(c, year).String()
		}
		buttons = append(Buttons{a.button(c, "quota.all", when, "quota_all")}, buttons...)
	}
	out.Reply.Parts = a.withButtons(out.Reply.Parts, buttons)
	return out, nil
}

// placeSaid answers which place a body has in its group, with the group below.
func (a *App) placeSaid(c *call, b reporting.Body, metric string, year int, all []placed) (Response, error) {
	all = rankBy(slices.DeleteFunc(all, func(p placed) bool { return groupOf(p.body) != groupOf(b) }), metric)
	p := all[slices.IndexFunc(all, func(p placed) bool { return p.body.ID == b.ID })]
	value := a.say(c, "answer.value."+metric, "done", percent(p.Done()), "credited", count(p.Tally.Credited), "quota", count(p.Owes()), "money", a.money(c, p.Tally.Invest))
	text := a.say(c, "answer.place", "on", a.sayDay(c, dayOf(c, year)), "year", year, "body", b.Label(c.locale), "by", a.say(c, "answer.by."+metric),
		"group", a.groupName(c, groupOf(b)), "rank", p.Rank, "of", len(all), "value", value)
	out, err := a.ranked(c, text, year, all, len(all))
	out.Figures = Figures{"rank": float64(p.Rank), "of": float64(len(all))}
	return out, err
}

func (a *App) beside(c *call, text string, year int, all []placed) (Response, error) {
	parts := []Part{Paragraph{Bold(text)}}
	if len(all) > 0 {
		parts = append(parts, a.besideTable(c, all))
	}
	notes, err := a.yearNotes(c, reporting.City, year)
	if err != nil {
		return Response{}, err
	}
	counting, err := a.cityNote(c, year)
	return Response{Reply: &Reply{Text: text, Parts: append(append(parts, notes...), counting)}}, err
}

// besideTable sets bodies beside each other.
func (a *App) besideTable(c *call, all []placed) Table {
	var t Table
	ranks := all[0].Rank > 0
	for _, col := range []string{"rank", "body", "quota", "credited", "pending", "done", "gap", "colour"} {
		if col != "rank" || ranks {
			t.Columns = append(t.Columns, Column{Title: a.say(c, "column."+col), Right: col != "body" && col != "colour"})
		}
	}
	for _, p := range all {
		owes, done, gap := count(p.Owes()), percent(p.Done()), signed(p.Gap())
		if p.Owes() == 0 {
			owes = a.say(c, "word.none")
			done, gap = owes, owes
		}
		row := []string{p.body.Label(c.locale), owes, count(p.Tally.Credited), count(p.Tally.Pending), done, gap, a.shortColour(c, p.Standing)}
		if ranks {
			row = slices.Insert(row, 0, strconv.Itoa(p.Rank))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// ownPlace is what those get who may not see all bodies: their own place, and
// how their group stands on average.
func (a *App) ownPlace(c *call, year int) (Response, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	b, ok := list.Find(c.actor.BodyID)
	if !ok {
		return Response{}, reporting.CanReadCity(c.actor)
	}
	if err := reporting.CanReadQuota(c.actor, b.ID); err != nil {
		return Response{}, err
	}
	s, err := a.standing(c, b.ID, year)
	if err != nil {
		return Response{}, err
	}
	about := subject{b, b.Label(c.locale), s}
	rank, of, ranked, err := a.place(c, list, b, s)
	if err != nil {
		return Response{}, err
	}
	if !ranked {
		return a.quotaSaid(c, about, "progress", question.Reading{})
	}
	peers, err := a.peers(c, list, groupOf(b), year)
	if err != nil {
		return Response{}, err
	}
	args := []any{"on", a.sayDay(c, dayOf(c, year)), "body", about.name, "year", year, "done", percent(s.Done()), "rank", rank, "of", of, "group", a.groupName(c, groupOf(b))}
	text := a.say(c, "answer.own", args...)
	if of >= smallestAverage {
		text = a.say(c, "answer.own.average", append(args, "average", percent(average(peers, s)))...)
	}
	counting, err := a.noteUnder(c, about)
	parts := []Part{Paragraph{Bold(text)}, a.besideFacts(c, about, "pace"), Note{Plain(a.say(c, "answer.own.only", "who", a.say(c, "who.leader")))}, counting}
	return Response{Reply: &Reply{Text: text, Parts: a.withButtons(parts, a.openButtons(c, about))}, Figures: a.figures(about)}, err
}

// average is the share that a group has done together; own is of now.
func average(group []reporting.Standing, own reporting.Standing) float64 {
	done, owed := own.Tally.Credited, own.Owes()
	for _, s := range group {
		if s.BodyID != own.BodyID && s.Owes() > 0 {
			done, owed = done+s.Tally.Credited, owed+s.Owes()
		}
	}
	return float64(done) / float64(owed)
}

// compare sets two or more bodies beside each other, the furthest first.
func (a *App) compare(c *call, q question.Reading) (Response, error) {
	year, err := yearOf(c, q)
	if err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	var all []placed
	for _, id := range q.Slots.List(question.Bodies) {
		b, ok := list.Find(id)
		if !ok {
			return Response{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(id))
		}
		if err := reporting.CanReadQuota(c.actor, id); err != nil {
			return Response{}, err
		}
		s, err := a.standing(c, id, year)
		if err != nil {
			return Response{}, err
		}
		all = append(all, placed{body: b, Ranked: reporting.Ranked{Standing: s}})
	}
	if len(all) == 0 {
		return a.rankingSaid(c, q)
	}
	slices.SortStableFunc(all, func(x, y placed) int {
		return cmp.Or(cmp.Compare(y.Done(), x.Done()), cmp.Compare(y.Tally.Credited, x.Tally.Credited))
	})
	var names []string
	for _, p := range all {
		key := "answer.compare.one"
		if p.Owes() == 0 {
			key += ".no_task"
		}
		names = append(names, a.say(c, key, "body", p.body.Label(c.locale), "done", percent(p.Done()), "credited", count(p.Tally.Credited), "quota", count(p.Owes())))
	}
	text := a.say(c, "answer.compare", "on", a.sayDay(c, dayOf(c, year)), "year", year, "names", strings.Join(names, a.say(c, "answer.compare.separator")))
	if points := decimal(100 * (all[0].Done() - all[len(all)-1].Done())); len(all) == 2 && points != "0.0" && all[1].Owes() > 0 {
		text += a.say(c, "answer.compare.ahead", "body", all[0].body.Label(c.locale), "points", points)
	}
	return a.compared(c, text, year, all)
}

// compared is ranked with a button for each of the few bodies.
func (a *App) compared(c *call, text string, year int, all []placed) (Response, error) {
	out, err := a.beside(c, text, year, all)
	if err != nil {
		return out, err
	}
	var buttons Buttons
	for _, p := range all[:min(len(all), maxChoices)] {
		b := a.listButton(c, p.body.ID, year)
		b.Label = shorten(p.body.Label(c.locale), 30)
		buttons = append(buttons, a.openable(c, p.body.ID, b)...)
	}
	out.Reply.Parts = a.withButtons(out.Reply.Parts, buttons)
	return out, nil
}
