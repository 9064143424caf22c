package commands

import (
	"context"
	"fmt"

	"github.com/mouhua/mouhua/reporting"
)

// Home returns what the App Home shows a person: how things stand for them
// and what waits for them.
func (a *App) Home(ctx context.Context, user string, l reporting.Locale) (*Reply, error) {
	c, err := a.call(ctx, user, "", l, "")
	if err != nil {
		return nil, err
	}
	draw := a.homeOfOfficial
	switch {
	case c.actor.Role == reporting.Stranger:
		return a.homeOfStranger(c), nil
	case c.actor.OfOffice():
		draw = a.homeOfOffice
	case c.actor.Role == reporting.Leader:
		draw = a.homeOfLeader
	}
	parts, err := draw(c)
	if err != nil {
		return nil, err
	}
	title := a.say(c, "home.title")
	r := &Reply{Text: title, Parts: append([]Part{Heading(title)}, parts...)}
	r.Parts = append(r.Parts, Note{Plain(a.say(c, "home.help", "command", a.slash("mouhua")+" help"))})
	return r, nil
}

// homeActions are the buttons that only App Home has.
func (a *App) homeActions() map[string]handler {
	return map[string]handler{"home.standings": a.pressed(a.quotaAll)}
}

// homeOfStranger says what Mouhua is and whom to ask.
func (a *App) homeOfStranger(c *call) *Reply {
	r := Say(a.say(c, "home.what"))
	r.Parts = append([]Part{Heading(a.say(c, "home.title"))}, r.Parts...)
	ask := Paragraph{Plain(a.say(c, "home.ask"))}
	if len(a.cfg.Admins) == 0 {
		ask = Paragraph{Plain(a.say(c, "err.stranger"))}
	}
	for _, id := range a.cfg.Admins {
		ask = append(ask, Plain(" "), Span{User: id})
	}
	r.Parts = append(r.Parts, ask)
	return r
}

func (a *App) homeOfOfficial(c *call) ([]Part, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	body, ok := list.Find(c.actor.BodyID)
	if !ok {
		text, _ := a.words.Explain(c.locale, reporting.Fail(reporting.Forbidden, "err.body.none"), "")
		return []Part{Paragraph{Plain(text)}}, nil
	}
	links := func(*call) ([]Part, error) {
		register := a.button(c, "project.register", body.ID, "register")
		register.Style = "primary"
		all := listQuery{Body: body.ID, Year: c.day.Year, Page: 1}
		return []Part{Buttons{register, a.button(c, "project.mine", "", "mine"), a.button(c, "project.list", all.String(), "list")}, Rule{}}, nil
	}
	return sections(c, of(a.standingLine, body), links, of(a.homeWaiting, body), of(a.homeAsked, body),
		a.homeProblems, of(a.homeStuck, body.ID), of(a.homeQuiet, body.ID))
}

// homeOfLeader is the city in four numbers, and what is stuck.
func (a *App) homeOfLeader(c *call) ([]Part, error) {
	return sections(c, a.cityLine, a.homeFigures, a.homeProblems, of(a.homeStuck, reporting.City), of(a.homeQuiet, reporting.City))
}

// homeOfOffice is the city's line, what goes out next and what did not go out,
// the pairs and requests to decide about, the head of the review queue with what
// of the rest is flagged, and what is stuck.
func (a *App) homeOfOffice(c *call) ([]Part, error) {
	rule := func(*call) ([]Part, error) { return []Part{Rule{}}, nil }
	lists := func(*call) ([]Part, error) {
		return []Part{Rule{}, Buttons{a.button(c, "catalogue.open", "", "catalogue")}}, nil
	}
	return sections(c, a.cityLine, a.homeNext, a.deadChannels, a.homeTrouble, rule, a.pairParts, a.askingParts, a.homeQueue, a.homeRequests,
		a.homeProblems, of(a.homeStuck, reporting.City), a.homeCalendar, lists)
}

// section draws one section of App Home, nothing where there is nothing to say.
type section = func(c *call) ([]Part, error)

// of is a section about something.
func of[T any](draw func(*call, T) ([]Part, error), what T) section {
	return func(c *call) ([]Part, error) { return draw(c, what) }
}

// sections draws one after another.
func sections(c *call, all ...section) ([]Part, error) {
	var parts []Part
	for _, draw := range all {
		some, err := draw(c)
		if err != nil {
			return nil, err
		}
		parts = append(parts, some...)
	}
	return parts, nil
}

const homeLines = 5 // projects in a section of App Home

// homeAsked is what a body waits for from the office.
func (a *App) homeAsked(c *call, body reporting.Body) ([]Part, error) {
	asking, err := a.store.AskingOf(c.ctx, body.ID, homeLines)
	if err != nil || len(asking) == 0 {
		return nil, err
	}
	parts := []Part{Rule{}, Paragraph{Bold(a.say(c, "home.asked"))}}
	for _, p := range asking {
		line := append(projectLine(p), Plain(" · "+a.asked(c, p.What())+" · "+a.age(c, p.AskedOn)))
		parts = append(parts, Paragraph(line), Buttons{a.button(c, "project.show", p.ID, "show")})
	}
	return parts, nil
}

// homeQuiet is what nobody has written to for a month, of a body or of the city.
func (a *App) homeQuiet(c *call, body string) ([]Part, error) {
	q := listQuery{Body: body, Stale: staleDays, Page: 1}
	f := a.filter(c, q)
	f.OldestFirst, f.Limit = true, homeLines
	page, err := a.store.ListProjects(c.ctx, f)
	if err != nil {
		return nil, fmt.Errorf("list stale projects: %w", err)
	}
	head := a.say(c, "home.quiet", "n", page.Total, "days", staleDays)
	return a.homeProjects(c, page, head, a.button(c, "project.list", q.String(), "quiet"), func(p reporting.Project) (string, Buttons) {
		buttons := Buttons{a.button(c, "project.show", p.ID, "show")}
		if mayUpdate(c, p) == nil {
			buttons = append(Buttons{a.button(c, "project.update", p.ID, "update")}, buttons...)
		}
		return a.stageName(c, p.Stage) + " · " + a.quietFor(c, p), buttons
	})
}

// homeProjects is a section about projects, none when the page is empty: what
// there is to say of each with its buttons, and the button to the whole list.
func (a *App) homeProjects(c *call, page reporting.ProjectPage, head string, all Button, each func(reporting.Project) (string, Buttons)) ([]Part, error) {
	if page.Total == 0 {
		return nil, nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	parts := []Part{Rule{}, Paragraph{Bold(head)}}
	for _, p := range page.Projects {
		text, buttons := each(p)
		parts = append(parts, Paragraph(append(projectLine(p), Plain(" · "+a.nameOf(c, list, p.ReporterBody)+" · "+text))), buttons)
	}
	return append(parts, Buttons{all}), nil
}

// quietFor says when p was written to last.
func (a *App) quietFor(c *call, p reporting.Project) string {
	if p.UpdatedAt == 0 {
		return a.say(c, "home.never_updated")
	}
	return a.say(c, "home.updated", "age", a.ageOf(c, p.UpdatedAt))
}

// homeFigures is the city in four numbers, with what waits for the office.
func (a *App) homeFigures(c *call) ([]Part, error) {
	s, err := a.standing(c, reporting.City, c.day.Year)
	if err != nil {
		return nil, err
	}
	asking, err := a.store.Asking(c.ctx, 0, 1)
	if err != nil {
		return nil, fmt.Errorf("read requests: %w", err)
	}
	waiting := Facts{{Label: a.say(c, "home.requests"), Value: []Span{Bold(a.say(c, "word.projects", "n", count(asking.Total)))}}}
	buttons := Buttons{
		a.button(c, "home.standings", "", "standings"),
		a.button(c, "project.list", listQuery{Year: c.day.Year, Page: 1}.String(), "list"),
	}
	oldest := 1
	queue, err := a.waiting(c, &oldest)
	if err != nil {
		return nil, err
	}
	guards, err := a.guardFacts(c)
	if err != nil {
		return nil, err
	}
	parts := []Part{a.fourNumbers(c, s), append(waiting, guards...), buttons}
	if len(queue.Projects) > 0 {
		first := queue.Projects[0]
		parts = append(parts, Paragraph{Plain(a.say(c, "home.oldest", "id", first.ID, "name", first.Name, "age", a.age(c, first.SubmittedOn)))})
	}
	return parts, nil
}

// homeWaiting is what waits for an official: their drafts, the projects that
// came back to their body, and how many are with the office.
func (a *App) homeWaiting(c *call, body reporting.Body) ([]Part, error) {
	drafts, err := a.draftsInHand(c)
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	waits, err := a.store.Waiting(c.ctx, body.ID)
	if err != nil {
		return nil, fmt.Errorf("read what waits: %w", err)
	}
	sent, err := a.store.ListProjects(c.ctx, reporting.ProjectFilter{
		Body: body.ID, Status: []reporting.Status{reporting.Submitted}, Limit: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("count submitted: %w", err)
	}
	counts := a.say(c, "home.waiting", "drafts", len(drafts), "returned", waits.ReturnedTotal, "submitted", sent.Total)
	parts := []Part{Paragraph{Bold(counts)}}
	for _, p := range waits.Returned {
		parts = append(parts, a.returnedParts(c, p)...)
	}
	for _, d := range drafts[:min(len(drafts), 10)] {
		parts = append(parts, a.draftParts(c, d)...)
	}
	return parts, nil
}

// homeQueue is the head of the review queue, and what of the rest is flagged.
func (a *App) homeQueue(c *call) ([]Part, error) {
	page := 1
	got, err := a.waiting(c, &page)
	if err != nil {
		return nil, err
	}
	queue, err := a.queueParts(c, got.Projects)
	if err != nil {
		return nil, err
	}
	parts := append([]Part{Paragraph{Bold(a.say(c, "home.queue", "n", got.Total))}}, queue...)
	if got.Total > len(got.Projects) {
		parts = append(parts, Buttons{a.button(c, "review.queue", "", "queue")})
	}
	flagged, err := a.homeFlagged(c, got.Projects)
	return append(parts, flagged...), err
}
