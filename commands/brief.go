package commands

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// briefScope is what a brief is about: the city, a group or a body.
type briefScope struct {
	group string // Body.Group
	body  string // id
	name  string
}

// String returns "city", "group:devzone" or "body:jingyue", for buttons.
func (s briefScope) String() string {
	switch {
	case s.body != "":
		return "body:" + s.body
	case s.group != "":
		return "group:" + s.group
	}
	return "city"
}

// briefing is what is said on one screen, before it has words.
type briefing struct {
	scope briefScope
	reporting.Standing
	groups    []group // with the bodies of the scope; none of a body
	rank, of  int     // of a body
	average   string  // of a body's group, "" = not told
	since     reporting.Days
	came      reporting.CameIn
	red       []reporting.Standing // newly so
	decisions []reporting.Decision
	decides   bool // whoever asks may be told what needs a decision, and it is of today
}

// reportBrief answers /report brief [scope] [when] [docx|xlsx].
func (a *App) reportBrief(c *call) (Response, error) {
	var format string
	c.words, format = briefFormat(c.words)
	text, _, err := askedWhen(c)
	if err != nil {
		return Response{}, err
	}
	scope, err := a.scopeNamed(c, text)
	if err != nil {
		return Response{}, err
	}
	if format != "" {
		return a.briefFile(c, scope, format, "brief")
	}
	return a.briefReply(c, scope)
}

// briefFormat takes the word for a file off what was typed.
func briefFormat(words []string) (rest []string, format string) {
	formats := map[string]string{"docx": "docx", "word": "docx", "xlsx": "xlsx", "excel": "xlsx"}
	for _, w := range words {
		if f := formats[strings.ToLower(w)]; f != "" {
			format = f
			continue
		}
		rest = append(rest, w)
	}
	return rest, format
}

// scopeNamed returns what text names: a group, a body, or the city for its name or
// without one, where the asker may see it. Errors: as oneBody; Forbidden.
func (a *App) scopeNamed(c *call, text string) (briefScope, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return briefScope{}, err
	}
	text = strings.TrimSpace(text)
	if slices.Contains([]string{"city", "全市", "市"}, strings.ToLower(text)) {
		return a.scopeOf(c, "city", "")
	}
	if text == "" {
		if _, ok := list.Find(c.actor.BodyID); ok && !c.actor.ReadsAll() {
			return a.scopeOf(c, "body", c.actor.BodyID)
		}
		return a.scopeOf(c, "city", "")
	}
	if g := a.groupFor(list, text); g != "" {
		return a.scopeOf(c, "group", g)
	}
	b, err := a.oneBody(c, text)
	if err != nil {
		return briefScope{}, err
	}
	return a.scopeOf(c, "body", b.ID)
}

// briefOf reads a brief of the time that c is about.
func (a *App) briefOf(c *call, scope briefScope) (briefing, error) {
	b := briefing{scope: scope}
	year := cmp.Or(c.when.Year, c.day.Year)
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return b, err
	}
	all, err := a.standings(c, year, dayOf(c, year))
	if err != nil {
		return b, err
	}
	switch {
	case scope.body != "":
		err = a.briefBody(c, list, &b, year)
	case scope.group != "":
		g := league(list, standingsByBody(all), scope.group)
		b.groups = []group{g}
		b.Standing, _ = reporting.SumOf(g.standings())
	default:
		b.groups = leagues(list, all)
		b.Standing, err = a.standing(c, reporting.City, year)
	}
	if err != nil {
		return b, err
	}
	b.Year, b.AsOf = year, dayOf(c, year)
	if err := a.briefChanges(c, list, all, &b); err != nil {
		return b, err
	}
	return b, a.briefDecisions(c, list, &b)
}

func standingsByBody(all []reporting.Standing) map[string]reporting.Standing {
	of := map[string]reporting.Standing{}
	for _, s := range all {
		of[s.BodyID] = s
	}
	return of
}

// briefBody reads what a brief says of a body alone.
func (a *App) briefBody(c *call, list *reporting.BodyList, b *briefing, year int) (err error) {
	body, ok := list.Find(b.scope.body)
	if !ok {
		return reporting.Fail(reporting.NotFound, "err.body.unknown", "value", b.scope.body)
	}
	if b.Standing, err = a.standing(c, body.ID, year); err != nil {
		return err
	}
	if b.rank, b.of, _, err = a.place(c, list, body, b.Standing); err != nil || b.of == 0 {
		return err
	}
	b.average, err = a.groupAverage(c, list, body, year)
	return err
}

// within reports whether a brief is about a body, too.
func (s briefScope) within(list *reporting.BodyList, id string) bool {
	b, ok := list.Find(id)
	return ok && (s.body == "" || s.body == id) && (s.group == "" || s.group == groupOf(b))
}

// briefChanges reads what changed since the last time: since the asked days began,
// or in a week.
func (a *App) briefChanges(c *call, list *reporting.BodyList, all []reporting.Standing, b *briefing) error {
	b.since = c.when.Days
	if !c.when.Period() {
		b.since = reporting.Days{From: b.AsOf.AddDays(1 - reporting.BriefSince), To: b.AsOf}
	}
	if first := (reporting.Date{Year: b.Year, Month: 1, Day: 1}); b.since.From.Before(first) {
		b.since.From = first
	}
	came, err := a.cameIn(c, b.since)
	if err != nil {
		return err
	}
	for id, in := range came {
		if id == reporting.City && b.scope.String() == "city" || id != reporting.City && b.scope.String() != "city" && b.scope.within(list, id) {
			b.came.Credited, b.came.Invest = b.came.Credited+in.Credited, b.came.Invest+in.Invest
			for i, n := range in.Reached {
				b.came.Reached[i] += n
			}
		}
	}
	before := b.since.From.AddDays(-1)
	var then []reporting.Standing
	if before.Year == b.Year {
		if then, err = a.standings(c.about(reporting.When{Year: b.Year, Day: before}), b.Year, before); err != nil {
			return err
		}
	}
	for _, s := range reporting.NewlyRed(all, then, a.thresholds()) {
		if body, ok := list.Find(s.BodyID); ok && !body.Ended(s.AsOf) && b.scope.within(list, s.BodyID) {
			b.red = append(b.red, s)
		}
	}
	return nil
}

// decisionsRead is how many of each kind are looked at.
const decisionsRead = 20

// briefDecisions reads what needs a decision today: problems that are overdue,
// projects held for being alike, and quotas that bodies ask for.
func (a *App) briefDecisions(c *call, list *reporting.BodyList, b *briefing) error {
	b.decides = reporting.CanListProjects(c.actor, b.scope.body) == nil && b.AsOf == c.day
	if !b.decides {
		return nil
	}
	page, err := a.store.ListProblems(c.ctx, reporting.ProblemFilter{Body: b.scope.body, DueBy: c.day.AddDays(-1), Day: c.day, LargestFirst: true, Limit: decisionsRead})
	if err != nil {
		return fmt.Errorf("read problems: %w", err)
	}
	held, err := a.store.Held(c.ctx, 0, decisionsRead)
	if err != nil {
		return fmt.Errorf("read what is held: %w", err)
	}
	asked, err := a.store.OpenQuotaRequests(c.ctx)
	if err != nil {
		return fmt.Errorf("read quota requests: %w", err)
	}
	var all []reporting.Decision
	for _, p := range page.Problems {
		all = append(all, reporting.Decision{Kind: reporting.DecideProblem, BodyID: p.BodyID, Since: p.DueOn, Invest: p.Invest, Subject: p.ProjectID, Text: oneLine(p.Text)})
	}
	for _, p := range held.Projects {
		all = append(all, reporting.Decision{Kind: reporting.DecideDuplicate, BodyID: p.ReporterBody, Since: p.SubmittedOn, Invest: p.InvestTotal, Subject: p.ID, Text: p.Name})
	}
	for _, r := range asked {
		all = append(all, reporting.Decision{Kind: reporting.DecideQuota, BodyID: r.BodyID, Since: a.dayAt(r.AskedAt), Subject: r.ID, Text: oneLine(r.Reason), Wanted: r.Wanted})
	}
	b.decisions = reporting.Decide(slices.DeleteFunc(all, func(d reporting.Decision) bool { return !b.scope.within(list, d.BodyID) }))
	return nil
}
