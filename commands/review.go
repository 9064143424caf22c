package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const queuePage = 5 // projects on a page of the queue, each with its buttons

// queue answers /review queue: what waits, the oldest first.
func (a *App) queue(c *call) (Response, error) {
	if err := reporting.CanReview(c.actor); err != nil {
		return Response{}, err
	}
	page := 1
	if len(c.words) > 0 {
		page = positive(c.words[0])
	}
	got, err := a.waiting(c, &page)
	if err != nil {
		return Response{}, err
	}
	r := Say(a.say(c, "queue.empty"))
	if got.Total > 0 {
		r = Say(a.say(c, "queue.total", "n", got.Total, "money", a.money(c, got.Invest)))
	}
	asking, err := a.askingParts(c)
	if err != nil {
		return Response{}, err
	}
	pairs, err := a.pairParts(c)
	if err != nil {
		return Response{}, err
	}
	r.Parts = slices.Concat([]Part{Heading(a.say(c, "queue.title"))}, pairs, asking, r.Parts)
	parts, err := a.queueParts(c, got.Projects)
	if err != nil {
		return Response{}, err
	}
	r.Parts = append(r.Parts, parts...)
	if b := a.pager(c, "review.queue", page, pages(got.Total, queuePage), strconv.Itoa); len(b) > 0 {
		r.Parts = append(r.Parts, Rule{}, b)
	}
	r.Parts = append(r.Parts, a.asOf(c))
	return Response{Reply: r}, nil
}

// waiting reads a page of the queue, or the last there is.
func (a *App) waiting(c *call, page *int) (reporting.ProjectPage, error) {
	f := reporting.ProjectFilter{Status: []reporting.Status{reporting.Submitted}, OldestFirst: true, Limit: queuePage}
	for {
		f.Offset = (*page - 1) * queuePage
		got, err := a.store.ListProjects(c.ctx, f)
		if err != nil {
			return got, fmt.Errorf("read review queue: %w", err)
		}
		if *page <= pages(got.Total, queuePage) {
			return got, nil
		}
		*page = pages(got.Total, queuePage)
	}
}

// queueParts are projects that wait for review, each with its buttons.
func (a *App) queueParts(c *call, projects []reporting.Project) ([]Part, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	var parts []Part
	for _, p := range projects {
		line := append(a.marked(c, p), Plain(a.say(c, "queue.line",
			"reporter", a.nameOf(c, list, p.ReporterBody), "territory", a.territory(c, list, p),
			"money", a.money(c, p.InvestTotal), "age", a.age(c, p.SubmittedOn))))
		parts = append(parts, Paragraph(line))
		parts = append(parts, a.flags(c, list, p)...)
		parts = append(parts, append(a.reviewButtons(c, p), a.button(c, "project.show", p.ID, "show")))
	}
	return parts, nil
}

// reviewButtons carry the version that the reviewer sees, so that nobody
// decides about something else than they read.
func (a *App) reviewButtons(c *call, p reporting.Project) Buttons {
	value := p.ID + "@" + strconv.Itoa(p.ReviewVersion())
	yes := a.asking(c, a.button(c, "review.approve", value, "approve"), "approve", "id", p.ID, "money", a.money(c, p.InvestTotal))
	if p.AskedVersion != 0 {
		yes = a.asking(c, yes, "grant", "id", p.ID, "what", a.asked(c, p.What()))
	}
	yes.Style = "primary"
	return Buttons{yes, a.button(c, "review.return", value, "return")}
}

// approve answers /review approve.
func (a *App) approve(c *call) (Response, error) {
	if err := reporting.CanReview(c.actor); err != nil {
		return Response{}, err
	}
	id, err := a.number(c, "review", "approve")
	if err != nil {
		return Response{}, err
	}
	return a.approveAt(c, id, 0)
}

func (a *App) pressApprove(c *call) (Response, error) {
	id, version, err := parseSeen(c.value)
	if err != nil {
		return Response{}, err
	}
	return a.approveAt(c, id, version)
}

func (a *App) approveAt(c *call, id string, seen int) (Response, error) {
	var before reporting.Project
	p, err := a.decide(c, id, func(p reporting.Project) (reporting.Change, error) {
		before = p
		return reporting.Approve(c.actor, p, seen, c.day, c.now.UnixMilli())
	})
	if err != nil {
		return Response{}, err
	}
	r := Say(a.say(c, "approved.done", "id", p.ID, "name", p.Name))
	if before.AskedVersion != 0 {
		r = Say(a.say(c, "granted.done", "id", p.ID, "name", p.Name, "what", a.asked(c, before.What())))
	}
	credit, err := a.creditLines(c, p)
	if err != nil {
		return Response{}, err
	}
	r.Parts = append(r.Parts, credit...)
	r.Parts = append(r.Parts, Buttons{a.button(c, "review.queue", "", "queue")}, a.asOf(c))
	return Response{Reply: r}, nil
}

// parseSeen reads "CC-2018-0007@3".
func parseSeen(value string) (id string, version int, err error) {
	id, v, _ := strings.Cut(value, "@")
	version, bad := strconv.Atoi(v)
	if bad != nil || version < 1 {
		return "", 0, &reporting.Error{Code: reporting.Invalid, Key: "err.action.unknown", Err: bad}
	}
	return id, version, nil
}

// decide makes a decision about a project; who comes second is told in words
// who was first.
func (a *App) decide(c *call, id string, f func(reporting.Project) (reporting.Change, error)) (reporting.Project, error) {
	if err := reporting.CanReview(c.actor); err != nil {
		return reporting.Project{}, err
	}
	p, err := a.store.ChangeProject(c.ctx, c.once, id, f)
	switch {
	case err == nil:
		a.wake()
		return p, nil
	case errors.Is(err, reporting.ErrRepeated):
		return p, nil
	case reporting.CodeOf(err) == reporting.NotFound:
		return p, unknownProject(err, id)
	case reporting.CodeOf(err) == reporting.Conflict:
		return p, a.whoWasFirst(c, id, err)
	}
	return p, err
}

// whoWasFirst puts a lost race into words. The decision's message knows who
// made it.
func (a *App) whoWasFirst(c *call, id string, lost error) error {
	p, err := a.store.Project(c.ctx, id)
	if err != nil {
		return lost
	}
	if p.Status == reporting.Submitted || p.AskedVersion != 0 {
		return &reporting.Error{Code: reporting.Conflict, Key: "err.review.changed", Args: map[string]any{"id": id}, Err: lost}
	}
	done, err := a.store.LastDeliveries(c.ctx, reporting.CardUpdate, p.ReporterBody, 50)
	if err != nil {
		return lost
	}
	for _, m := range done {
		if m.Args["project"] != id || m.Args["version"] != strconv.Itoa(p.Version) {
			continue
		}
		key := "err.review.decided_by"
		if m.Args["request"] != "" {
			key = "err.request.decided_by"
		}
		return &reporting.Error{Code: reporting.Conflict, Key: key, Err: lost, Args: map[string]any{
			"id": id, "status": string(p.Status), "by": a.personName(c.ctx, m.Args["by"]),
			"time": a.moment(c, time.UnixMilli(p.UpdatedAt)),
		}}
	}
	return lost
}

// creditLines say to whom a verified project was credited and how the city
// now stands.
func (a *App) creditLines(c *call, p reporting.Project) ([]Part, error) {
	if p.HeldBy != "" {
		return []Part{Paragraph{Bold(a.say(c, "flag.held", "id", p.HeldBy))}}, nil
	}
	credits := reporting.CreditsFor(p, a.rules())
	if len(credits) == 0 {
		return []Part{Paragraph{Plain(a.say(c, "credit.none", "threshold", a.money(c, a.cfg.Threshold)))}}, nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	var to []string
	for _, cr := range credits {
		if cr.Role != reporting.CityCredit {
			to = append(to, a.say(c, "credit."+string(cr.Role), "body", a.nameOf(c, list, cr.BodyID)))
		}
	}
	if len(to) == 0 {
		to = []string{a.say(c, "credit.city."+string(a.cfg.Credit))}
	}
	city, err := a.store.Standing(c.ctx, reporting.City, p.PlanYear, c.day)
	if err != nil {
		return nil, fmt.Errorf("read city standing: %w", err)
	}
	return []Part{
		Paragraph{Plain(a.say(c, "credit.to", "year", p.PlanYear, "bodies", strings.Join(to, a.say(c, "word.list_separator"))))},
		Paragraph{Plain(a.say(c, "credit.standing", "year", p.PlanYear, "n", count(city.Tally.Credited), "target", count(a.cfg.CityTarget)))},
		Note{Plain(a.say(c, "credit.note."+string(a.cfg.Credit)))},
	}, nil
}

// sendBack answers /review return; without a reason it asks for one.
func (a *App) sendBack(c *call) (Response, error) {
	if err := reporting.CanReview(c.actor); err != nil {
		return Response{}, err
	}
	id, err := a.number(c, "review", "return")
	if err != nil {
		return Response{}, err
	}
	_, reason := firstWord(c.text)
	if reason == "" {
		return a.askReason(c, id, 0)
	}
	r, err := a.returnWith(c, id, 0, reason)
	return Response{Reply: r}, err
}

func (a *App) pressReturn(c *call) (Response, error) {
	id, version, err := parseSeen(c.value)
	if err != nil {
		return Response{}, err
	}
	return a.askReason(c, id, version)
}

// returning is what the form that asks for a reason carries.
type returning struct {
	Project string `json:"p"`
	Version int    `json:"v"`
	Channel string `json:"c,omitempty"`
}

// askReason opens the form, unless the project is not to be decided any more.
func (a *App) askReason(c *call, id string, seen int) (Response, error) {
	p, err := a.project(c, id)
	if err != nil {
		return Response{}, err
	}
	if seen == 0 {
		seen = p.ReviewVersion()
	}
	// A dry run of the decision, so that nobody types a reason in vain.
	if _, err := reporting.Return(c.actor, p, seen, "?", c.day, c.now.UnixMilli()); err != nil {
		if reporting.CodeOf(err) == reporting.Conflict {
			err = a.whoWasFirst(c, id, err)
		}
		return Response{}, err
	}
	state, err := json.Marshal(returning{Project: id, Version: seen, Channel: c.channel})
	if err != nil {
		return Response{}, fmt.Errorf("write form state: %w", err)
	}
	return Response{Form: &Form{
		ID: "review.return", Title: a.say(c, "form.return.title", "id", p.ShortID()),
		Submit: a.say(c, "button.return"), Close: a.say(c, "button.cancel"), State: string(state), Locale: c.locale,
		Fields: []Field{
			{ID: "about", Kind: InfoField, Text: append(projectLine(p), Plain(" · "+a.money(c, p.InvestTotal)))},
			{ID: "reason", Kind: LongField, Label: a.say(c, "field.reason.label"), Hint: a.say(c, "field.reason.hint"), MaxLen: 500},
		},
	}}, nil
}

func (a *App) submitReturn(c *call, in Input) (SubmitResult, error) {
	var st returning
	if err := json.Unmarshal([]byte(in.State), &st); err != nil {
		return SubmitResult{}, &reporting.Error{Code: reporting.NotFound, Key: "err.form.unknown", Err: err}
	}
	r, err := a.returnWith(c, st.Project, st.Version, in.Values["reason"])
	// Every refusal stands at the reason, so that what was typed is not lost.
	var e *reporting.Error
	if errors.As(err, &e) && e.Code != reporting.Unavailable {
		return a.faults(c, reporting.FieldErrors{e.At("reason")})
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, err
}

func (a *App) returnWith(c *call, id string, seen int, reason string) (*Reply, error) {
	var before reporting.Project
	p, err := a.decide(c, id, func(p reporting.Project) (reporting.Change, error) {
		before = p
		return reporting.Return(c.actor, p, seen, reason, c.day, c.now.UnixMilli())
	})
	if err != nil {
		return nil, err
	}
	r := Say(a.say(c, "returned.done", "id", p.ID, "name", p.Name))
	if before.AskedVersion != 0 {
		r = Say(a.say(c, "refused.done", "id", p.ID, "name", p.Name, "what", a.asked(c, before.What())))
	}
	r.Parts = append(r.Parts, a.reasonGiven(c, strings.TrimSpace(reason)), Buttons{a.button(c, "review.queue", "", "queue")}, a.asOf(c))
	return r, nil
}
