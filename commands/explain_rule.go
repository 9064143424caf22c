package commands

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// explainRule says what counts and why, as this city has settled it.
func (a *App) explainRule(c *call, q question.Reading) (Response, error) {
	year, err := yearOf(c, q)
	if err != nil {
		return Response{}, err
	}
	r, err := a.rulesIn(c, year)
	if err != nil {
		return Response{}, err
	}
	topic := q.Slots[question.Topic]
	amount := cmp.Or(q.Slots[question.Invest], q.Slots[question.Least])
	if topic == "" && amount != "" {
		topic = question.TopicThreshold
	}
	s, ok := question.Find(question.Rules, topic)
	if !ok {
		return a.ruleTopics(c), nil
	}
	title := a.say(c, "rule.title", "topic", s.Name.In(c.locale), "year", year)
	switch s.ID {
	case question.TopicThreshold:
		return a.ruleThreshold(c, title, amount, r), nil
	case question.TopicCredit:
		return a.ruleCredit(c, title, q, r)
	case question.TopicCarryOver:
		return a.ruleCarryOver(c, title, q, year)
	case question.TopicPace:
		return a.rulePace(c, title, q, year)
	}
	return a.ruleReview(c, title, r), nil
}

// ruleTopics offers the rules.
func (a *App) ruleTopics(c *call) Response {
	var row Buttons
	for _, s := range question.Rules {
		row = append(row, a.explainButton(c, s.Name.In(c.locale), question.RuleExplain, question.Topic, s.ID))
	}
	return a.explained(a.say(c, "rule.topics"), a.say(c, "rule.topics.which"), []Part{row}, Note{Plain(a.say(c, "explain.source.plan"))})
}

// ruleThreshold says what total counts, and of an amount whether it does.
func (a *App) ruleThreshold(c *call, title, amount string, r reporting.Rules) Response {
	args := []any{"threshold", a.money(c, r.Threshold)}
	line := a.say(c, "rule.threshold", args...)
	if n, err := strconv.ParseInt(amount, 10, 64); err == nil && n >= 0 {
		key, w := "rule.threshold.yes", reporting.Wan(n)
		if w < r.Threshold {
			key = "rule.threshold.no"
		}
		line = a.say(c, key, "amount", a.money(c, w), "threshold", a.money(c, r.Threshold), "short", max(0, r.Threshold-w).String())
	}
	more := a.bullets(c, []string{"rule.threshold.below", "rule.threshold.verified", "rule.threshold.once", "rule.threshold.cut", "rule.threshold.programme"}, args...)
	source := a.say(c, "rule.threshold.source", args...)
	if r.Threshold != reporting.Yi {
		source = a.say(c, "rule.threshold.other", args...)
	}
	return a.explained(title, line, []Part{more}, Note{Plain(source)})
}

// ruleCredit says for whom a project counts, and in what capacity for the asker's body.
func (a *App) ruleCredit(c *call, title string, q question.Reading, r reporting.Rules) (Response, error) {
	policy := string(r.Credit)
	more := a.bullets(c, []string{"quota.distinct." + policy, "rule.credit.site", "rule.credit.zone", "rule.credit.once"})
	b, ok, err := a.ruleBody(c, q)
	if err != nil {
		return Response{}, err
	}
	if ok {
		more = append(more, []Span{Plain(a.creditedAs(c, b, r))})
	}
	return a.explained(title, a.say(c, "rule.credit."+policy), []Part{more}, Note{Plain(a.say(c, "rule.credit.source", "policy", a.say(c, "rule.policy."+policy)))}), nil
}

// creditedAs says in what capacity a body is credited, if it is.
func (a *App) creditedAs(c *call, b reporting.Body, r reporting.Rules) string {
	role := reporting.ReporterCredit
	if !slices.Contains(r.Roles(), role) {
		role = roleOf(b)
	}
	key := "rule.credit.own." + string(role)
	if !slices.Contains(r.Roles(), role) {
		key = "rule.credit.own.none"
	}
	return a.say(c, key, "body", b.Label(c.locale))
}

// roleOf is in what capacity a body is credited by its kind.
func roleOf(b reporting.Body) reporting.CreditRole {
	switch {
	case b.Territorial():
		return reporting.TerritoryCredit
	case b.Kind == reporting.Department:
		return reporting.DepartmentCredit
	}
	return reporting.ReporterCredit
}

// ruleBody is the body whose numbers serve as an example: the one that was
// named, or that is meant here; ok is false without one, and for one whose
// figures the asker may not see.
func (a *App) ruleBody(c *call, q question.Reading) (b reporting.Body, ok bool, err error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return b, false, err
	}
	if id := q.Slots[question.Body]; id != "" {
		b, ok = list.Find(id)
	} else {
		b, ok = hereBody(c, list)
	}
	return b, ok && reporting.CanReadQuota(c.actor, b.ID) == nil, nil
}

// refusedExample says that the named body's numbers are not for the asker.
func (a *App) refusedExample(c *call, q question.Reading) []Part {
	id := q.Slots[question.Body]
	if id == "" || reporting.CanReadQuota(c.actor, id) == nil {
		return nil
	}
	return []Part{Paragraph{Plain(a.say(c, "rule.example.refused", "who", a.say(c, "who.leader")))}}
}

// ruleCarryOver says to which year a project belongs and what becomes of it at
// the year's end.
func (a *App) ruleCarryOver(c *call, title string, q question.Reading, year int) (Response, error) {
	basis, frozen := a.cfg.Basis, "open"
	f, ok, err := a.frozen(c, year)
	if err != nil {
		return Response{}, err
	}
	if ok {
		basis, frozen = f.Basis, "frozen"
	}
	if basis == "" {
		basis = reporting.CountNew
	}
	end := reporting.Date{Year: year + 1, Month: 1, Day: reporting.GraceDays}
	more := []Part{a.bullets(c, []string{"rule.carry.year", "rule.carry." + frozen, "rule.carry.confirm", "rule.carry.lapse", "rule.carry.suspended", "rule.carry.withdrawn"},
		"year", year, "next", year+1, "grace", a.date(c, end), "from", a.date(c, end.AddDays(1)), "due", a.date(c, reporting.Date{Year: year + 1, Month: 1, Day: 31}), "days", reporting.HoldDays)}
	b, ok, err := a.ruleBody(c, q)
	if err == nil && ok {
		var pool []Part
		if pool, err = a.poolParts(c, b.ID, year); len(pool) > 0 {
			more = append(append(more, Paragraph{Plain(a.say(c, "rule.example.own", "body", b.Label(c.locale)))}), append(pool, a.asOf(c))...)
		}
	}
	more = append(more, a.refusedExample(c, q)...)
	return a.explained(title, a.say(c, "rule.carry."+string(basis), "year", year), more, Note{Plain(a.say(c, "rule.carry.source"))}), err
}

// rulePace says how progress, gap, colour and estimate are computed, and shows
// it with a body's numbers.
func (a *App) rulePace(c *call, title string, q question.Reading, year int) (Response, error) {
	th := a.thresholds()
	lines := a.bullets(c, []string{"rule.pace.straight"})
	if v := a.cfg.Curve; v != (reporting.Curve{}) {
		lines = a.bullets(c, []string{"rule.pace.curve"}, "q1", v[0], "q2", v[1], "q3", v[2], "q4", v[3])
	}
	lines = append(lines, a.bullets(c, []string{"rule.pace.done", "rule.pace.gap", "rule.pace.ratio", "rule.pace.colours", "rule.pace.early", "rule.pace.week", "rule.pace.forecast"},
		"green", perMille(th.Green), "blue", perMille(th.Blue), "yellow", perMille(th.Yellow))...)
	more := []Part{lines}
	var figures Figures
	b, ok, err := a.ruleBody(c, q)
	if err == nil && ok {
		var s reporting.Standing
		if s, err = a.standing(c, b.ID, year); err == nil && s.Owes() > 0 {
			more = append(more, Paragraph{Bold(a.say(c, "rule.example", "body", b.Label(c.locale), "year", year)), Plain(a.paceExample(c, s))}, Note{Plain(a.asOfYear(c, year))})
			figures = a.figures(subject{b, b.Label(c.locale), s})
		}
	}
	r := a.explained(title, a.say(c, "rule.pace"), append(more, a.refusedExample(c, q)...), Note{Plain(a.say(c, "rule.pace.source"))})
	r.Figures = figures
	return r, err
}

// paceExample puts a standing's numbers into the formulae.
func (a *App) paceExample(c *call, s reporting.Standing) string {
	return a.say(c, "rule.pace.example",
		"quota", count(s.Owes()), "credited", count(s.Tally.Credited), "done", percent(s.Done()), "time", percent(s.TimeProgress()),
		"gap", signed(s.Gap()), "ratio", strconv.FormatFloat(s.Pace(), 'f', 3, 64), "colour", a.shortColour(c, s))
}

// perMille writes thousandths as a percentage: 800 is 80%.
func perMille(n int) string { return strconv.FormatFloat(float64(n)/10, 'f', -1, 64) + "%" }

// ruleReview says who reviews and from when a project counts.
func (a *App) ruleReview(c *call, title string, r reporting.Rules) Response {
	lines := a.bullets(c, []string{"rule.review.pending", "rule.review.returned", "rule.review.locked", "rule.review.again", "rule.review.stage", "rule.review.twice"}, "threshold", a.money(c, r.Threshold))
	command := Paragraph{Plain(a.say(c, "rule.review.command")), Span{Text: strings.TrimSpace(a.slash("project") + " " + a.say(c, "help.project.mine.example")), Code: true}}
	if c.actor.OfOffice() {
		command = Paragraph{Plain(a.say(c, "rule.review.command")), Span{Text: strings.TrimSpace(a.slash("review") + " " + a.say(c, "help.review.queue.example")), Code: true}}
	}
	return a.explained(title, a.say(c, "rule.review"), []Part{lines, command}, Note{Plain(a.say(c, "rule.review.source"))})
}
