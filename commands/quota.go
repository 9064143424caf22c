package commands

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// figureCommands are the commands that ask for figures and settle who gets them.
func (a *App) figureCommands() []command {
	return []command{
		{
			name: "quota",
			subs: []subcommand{
				{words: []string{"all", "全部"}, run: a.quotaAll},
				{words: []string{"history", "历史", "歷史"}, run: a.quotaHistory},
				{words: []string{"request", "申请", "申請"}, run: a.quotaRequest},
				{words: []string{"set", "设置", "設置", "设定", "設定"}, run: a.quotaSet, office: true},
				{words: []string{"indicators", "指标", "指標"}, run: a.indicators},
				{words: []string{"target", "目标", "目標"}, run: a.setTarget, office: true},
				{words: []string{"adopt", "采纳", "採納"}, run: a.sayDecide("adopt", a.adopt), office: true},
				{words: []string{"decline", "不采纳", "不採納"}, run: a.sayDecide("decline", a.decline), office: true},
			},
			fallback: a.quota,
		},
		{
			name: "report",
			subs: []subcommand{
				{words: []string{"city", "全市"}, run: a.reportCity},
				{words: []string{"body", "单位", "單位"}, run: a.reportBody},
				{words: []string{"group", "分组", "分組"}, run: a.reportGroup},
				{words: []string{"route", "路径", "路徑"}, run: a.reportRoute},
				{words: []string{"compare", "对比", "對比", "比较", "比較"}, run: a.reportCompare},
				{words: []string{"brief", "简报", "簡報"}, run: a.reportBrief},
				{words: []string{"programme", "program", "三个一百", "三個一百"}, run: a.reportProgramme},
				{words: []string{"score", "评分", "評分"}, run: a.reportScore},
				{words: []string{"bulletin", "通报", "通報"}, run: a.bulletin},
			},
			fallback: a.report,
		},
		{
			name: "nudge",
			subs: append([]subcommand{
				{words: []string{"show", "查看"}, run: a.nudgeShow},
				{words: []string{"now", "立即"}, run: a.nudgePreview},
				{words: []string{"snooze", "推迟", "推遲"}, run: a.nudgeSnooze},
			}, a.nudgeSubs()...),
		},
		{
			name: "body",
			subs: []subcommand{
				{words: []string{"list", "清单", "清單"}, run: a.bodyList, office: true},
				{words: []string{"assign", "指派"}, run: a.bodyAssign, office: true},
				{words: []string{"channel", "频道", "頻道"}, run: a.bodyChannel, office: true},
				{words: []string{"people", "人员", "人員"}, run: a.bodyPeople, office: true},
				{words: []string{"add", "新增"}, run: a.bodyAdd, office: true},
				{words: []string{"edit", "修改"}, run: a.bodyEdit, office: true},
				{words: []string{"end", "终止", "終止"}, run: a.bodyEnd, office: true},
			},
		},
		{
			name: "mouhua",
			subs: []subcommand{
				{words: []string{"calendar", "日历", "日曆", "行事曆"}, run: a.calendar},
			},
			fallback: a.question,
		},
	}
}

func (a *App) figureActions() map[string]handler {
	return map[string]handler{
		"quota.show": a.quotaShow, "quota.all": a.pressed(a.quotaAll), "quota.list": a.pressed(a.list), "nudge.now": a.nudgeNow,
		"quota.set": a.pressed(a.quotaSet), "quota.history": a.pressed(a.quotaHistory), "quota.request": a.pressed(a.quotaRequest),
		"quota.indicators": a.pressed(a.indicators), "quota.target": a.pressed(a.setTarget),
		"quota.adopt": a.pressDecide(a.adopt), "quota.decline": a.pressDecide(a.decline),
	}
}

// quota answers /quota [body] [year].
func (a *App) quota(c *call) (Response, error) {
	text, year, err := splitYear(c, c.words)
	if err != nil {
		return Response{}, err
	}
	list, index, err := a.index(c)
	if err != nil {
		return Response{}, err
	}
	if text == "" {
		if b, ok := hereBody(c, list); ok {
			return a.quotaOf(c, list, b, year, false)
		}
		if c.actor.ReadsAll() {
			return a.quotaCity(c, year)
		}
		return Response{}, reporting.Fail(reporting.Invalid, "err.body.none")
	}
	found := index.Find(text)
	switch len(found) {
	case 0:
		return Response{}, a.noBody(c, index, text)
	case 1:
		return a.quotaOf(c, list, found[0].Body, year, found[0].Shared)
	}
	ask := a.choose(c, text, found, "quota.show", func(b reporting.Body) string { return fmt.Sprintf("%s/%d", b.ID, year) })
	return Response{Reply: ask}, nil
}

// quotaShow answers the button whose value is "body/year".
func (a *App) quotaShow(c *call) (Response, error) {
	id, typed, _ := strings.Cut(c.value, "/")
	year, err := strconv.Atoi(typed)
	if err != nil {
		return Response{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	b, ok := list.Find(id)
	if !ok {
		return Response{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(id))
	}
	// The choice stays: it may stand where all can see it, and the figures are
	// for who pressed.
	return a.quotaOf(c, list, b, year, false)
}

func (a *App) quotaOf(c *call, list *reporting.BodyList, b reporting.Body, year int, shared bool) (Response, error) {
	if err := reporting.CanReadQuota(c.actor, b.ID); err != nil {
		return Response{}, err
	}
	s, text, parts, err := a.quotaParts(c, list, b, year)
	if err != nil {
		return Response{}, err
	}
	if shared {
		parts = append(parts, Note{Plain(a.say(c, "quota.shared", "body", b.Label(c.locale), "name", b.Name.In(c.locale)))})
	}
	beside, err := a.indicatorParts(c, s)
	if err != nil {
		return Response{}, err
	}
	notes, err := a.yearNotes(c, b.ID, year)
	if err != nil {
		return Response{}, err
	}
	parts = append(append(parts, beside...), notes...)
	buttons := slices.Concat(a.listButtons(c, b.ID, year), Buttons{a.historyButton(c, b.ID, year)}, a.quotaButtons(c, b, year))
	counting, err := a.countingNote(c, year)
	parts = append(parts, counting, buttons)
	return Response{Reply: &Reply{Text: text, Parts: parts}}, err
}

// quotaParts are a body's standing in a year, its headline, and the parts that
// show them: heading, headline and facts.
func (a *App) quotaParts(c *call, list *reporting.BodyList, b reporting.Body, year int) (s reporting.Standing, text string, parts []Part, err error) {
	if s, err = a.standing(c, b.ID, year); err != nil {
		return s, "", nil, err
	}
	rank, of, ranked, err := a.place(c, list, b, s)
	if err != nil {
		return s, "", nil, err
	}
	label := b.Label(c.locale)
	text = a.headline(c, label, s)
	facts := a.quotaFacts(c, s)
	if ranked {
		facts = append(facts, a.fact(c, "rank", a.say(c, "figure.rank.value", "rank", rank, "of", of, "group", a.groupName(c, groupOf(b)))))
		average, err := a.groupAverage(c, list, b, year)
		if err != nil {
			return s, "", nil, err
		}
		if average != "" {
			facts = append(facts, a.fact(c, "average", average))
		}
	}
	parts = []Part{Heading(a.say(c, "quota.title", "body", label, "year", year))}
	if full := b.Name.In(c.locale); full != label {
		parts = append(parts, Note{Plain(full)})
	}
	parts = append(parts, a.endNotes(c, list, b)...)
	return s, text, append(parts, Paragraph{Bold(text)}, facts), nil
}

// quotaFacts are the figures of a year; their formulae are reporting.Standing's.
func (a *App) quotaFacts(c *call, s reporting.Standing) Facts {
	var out Facts
	if s.Owes() > 0 {
		out = append(out, a.fact(c, "quota", a.projects(c, s.Owes())))
	}
	if s.HasQuota && s.Quota.Version > 1 {
		out = append(out, a.fact(c, "version", a.version(c, s.Quota)))
	}
	out = append(out,
		a.fact(c, "credited", a.projects(c, s.Tally.Credited)),
		a.fact(c, "invest", a.money(c, s.Tally.Invest)),
		a.fact(c, "pending", a.projects(c, s.Tally.Pending)))
	if s.Owes() == 0 {
		return append(out, a.fact(c, "colour", a.colour(c, s)))
	}
	if s.Over() > 0 {
		out = append(out, a.fact(c, "over", a.projects(c, s.Over())))
	} else {
		out = append(out, a.fact(c, "remaining", a.projects(c, s.Remaining())))
	}
	out = append(out, a.progressFacts(c, s)...)
	if s.Year != c.day.Year {
		return out
	}
	if s.Remaining() > 0 {
		out = append(out, a.fact(c, "per_week", a.say(c, "figure.per_week.value", "n", count(s.PerWeek()), "weeks", decimal(s.WeeksLeft()))))
	}
	return append(out, a.fact(c, "forecast", a.forecast(c, s)))
}

func (a *App) forecast(c *call, s reporting.Standing) string {
	return a.say(c, "figure.forecast.value", "linear", count(s.ForecastLinear()), "recent", count(s.ForecastRecent()))
}

// version says which version of the quota is in force and by what document.
func (a *App) version(c *call, q reporting.Quota) string {
	s := a.say(c, "figure.version.value", "version", q.Version, "from", a.date(c, q.EffectiveFrom))
	for _, more := range []struct{ key, value string }{
		{"figure.version.document", q.DocNo}, {"figure.version.by", q.DecidedBy}, {"figure.version.reason", q.Reason},
	} {
		if more.value != "" {
			s += a.say(c, more.key, "value", clip(more.value))
		}
	}
	return s
}

// countingNote says as of when, and what counts.
func (a *App) countingNote(c *call, year int) (Part, error) {
	r, err := a.rulesIn(c, year)
	return a.countingBy(c, year, r), err
}

func (a *App) countingBy(c *call, year int, r reporting.Rules) Note {
	return Note{Plain(a.asOfYear(c, year) + a.say(c, "word.stop") + a.say(c, "quota.counting."+string(r.Credit), "threshold", a.money(c, r.Threshold)))}
}

// quotaCity answers those who ask from nowhere in particular and may see all.
func (a *App) quotaCity(c *call, year int) (Response, error) {
	if err := reporting.CanReadCity(c.actor); err != nil {
		return Response{}, err
	}
	s, err := a.standing(c, reporting.City, year)
	if err != nil {
		return Response{}, err
	}
	notes, err := a.yearNotes(c, reporting.City, year)
	if err != nil {
		return Response{}, err
	}
	text := a.headline(c, a.say(c, "word.city"), s)
	parts := append([]Part{
		Heading(a.say(c, "quota.title", "body", a.say(c, "word.city"), "year", year)), Paragraph{Bold(text)}, a.quotaFacts(c, s),
	}, notes...)
	counting, err := a.cityNote(c, year)
	return Response{Reply: &Reply{Text: text, Parts: append(parts, counting, Buttons{a.listButton(c, reporting.City, year)})}}, err
}

// cityNote says as of when, and why the bodies' sum is not the city's number.
func (a *App) cityNote(c *call, year int) (Part, error) {
	r, err := a.rulesIn(c, year)
	return Note{Plain(a.asOfYear(c, year) + a.say(c, "word.stop") + a.say(c, "quota.distinct."+string(r.Credit)))}, err
}

// cityByBody reads how all bodies stand in the year, or stood on the day, that was named, for those
// who may see the city; text is what was typed beside the time.
func (a *App) cityByBody(c *call) (text string, year int, list *reporting.BodyList, all []reporting.Standing, err error) {
	if err := reporting.CanReadCity(c.actor); err != nil {
		return "", 0, nil, nil, err
	}
	if text, year, err = askedWhen(c); err != nil {
		return "", 0, nil, nil, err
	}
	if list, err = a.store.Bodies(c.ctx); err != nil {
		return "", 0, nil, nil, err
	}
	all, err = a.standings(c, year, dayOf(c, year))
	return text, year, list, all, err
}

// quotaAll answers /quota all [year].
func (a *App) quotaAll(c *call) (Response, error) {
	_, year, list, all, err := a.cityByBody(c)
	if err != nil {
		return Response{}, err
	}
	city, err := a.standing(c, reporting.City, year)
	if err != nil {
		return Response{}, err
	}
	text := a.headline(c, a.say(c, "word.city"), city)
	parts := append([]Part{Heading(a.say(c, "quota.all.title", "year", year)), Paragraph{Bold(text)}}, a.sumWarning(c, all)...)
	notes, err := a.yearNotes(c, reporting.City, year)
	if err != nil {
		return Response{}, err
	}
	in, err := a.yearInflow(c, city)
	if err != nil {
		return Response{}, err
	}
	groups := leagues(list, all)
	parts = append(parts, charted(a.groupsChart(c, groups, year), a.inflowChart(c, a.say(c, "word.city"), city, in))...)
	parts = append(append(parts, a.leagueTable(c, groups)), notes...)
	counting, err := a.cityNote(c, year)
	parts = append(parts, Note{Plain(a.say(c, "quota.order"))}, counting)
	if c.actor.OfOffice() {
		parts = append(parts, Buttons{a.button(c, "quota.set", strconv.Itoa(year), "quota_set")})
	}
	return Response{Reply: &Reply{Text: text, Parts: parts}}, err
}

// leagueCaption says what a leagueTable lists.
func (a *App) leagueCaption(c *call, groups []group) string {
	for _, g := range groups {
		for _, p := range slices.Concat(g.ranked, g.rest) {
			return a.say(c, "quota.all.title", "year", p.Year)
		}
	}
	return ""
}

// leagueTable shows groups below each other, each in rank order.
func (a *App) leagueTable(c *call, groups []group) Table {
	t := Table{Caption: a.leagueCaption(c, groups)}
	for _, col := range []struct {
		key   string
		right bool
	}{
		{"group", false}, {"rank", true}, {"body", false}, {"quota", true}, {"credited", true},
		{"pending", true}, {"done", true}, {"gap", true}, {"colour", false},
	} {
		t.Columns = append(t.Columns, Column{Title: a.say(c, "column."+col.key), Right: col.right})
	}
	for _, g := range groups {
		name := a.groupName(c, g.name)
		for _, p := range g.ranked {
			t.Rows = append(t.Rows, []string{
				name, strconv.Itoa(p.Rank), p.body.Label(c.locale), count(p.Owes()), count(p.Tally.Credited),
				count(p.Tally.Pending), percent(p.Done()), signed(p.Gap()), a.shortColour(c, p.Standing),
			})
		}
		none := a.say(c, "word.none")
		for _, p := range g.rest {
			owes := none
			if p.Owes() > 0 {
				owes = count(p.Owes())
			}
			t.Rows = append(t.Rows, []string{
				name, none, a.labelled(c, p.body, p.AsOf), owes, count(p.Tally.Credited), count(p.Tally.Pending), none, none, a.shortColour(c, p.Standing),
			})
		}
	}
	return t
}

// standingLine says in a line how a body stands this year, for App Home.
func (a *App) standingLine(c *call, body reporting.Body) ([]Part, error) {
	if err := reporting.CanReadQuota(c.actor, body.ID); err != nil {
		return nil, err
	}
	s, err := a.standing(c, body.ID, c.day.Year)
	if err != nil {
		return nil, err
	}
	return a.line(c, body.Label(c.locale), s), nil
}

// cityLine says in a line how the city stands this year, for App Home.
func (a *App) cityLine(c *call) ([]Part, error) {
	if err := reporting.CanReadCity(c.actor); err != nil {
		return nil, err
	}
	s, err := a.standing(c, reporting.City, c.day.Year)
	if err != nil {
		return nil, err
	}
	return a.line(c, a.say(c, "word.city"), s), nil
}

func (a *App) line(c *call, name string, s reporting.Standing) []Part {
	parts := []Part{Paragraph{Bold(a.headline(c, name, s))}}
	if s.Owes() > 0 {
		parts = append(parts, Paragraph{Plain(bar(s.Done()) + " " + a.say(c, "line.progress", "done", percent(s.Done()), "time", percent(s.TimeProgress()), "pending", count(s.Tally.Pending)))})
	}
	return append(parts, a.asOf(c))
}
