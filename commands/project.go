package commands

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// number reads the project number that c begins with; word is the subcommand
// that an example of the right use shows.
func (a *App) number(c *call, command, word string) (string, error) {
	if len(c.words) == 0 {
		return "", reporting.Fail(reporting.Invalid, "err.project.id.needed", "command", a.slash(command)+" "+word)
	}
	return reporting.ParseProjectID(c.words[0], c.day.Year)
}

// project reads a project; one that is not there is told by its number.
func (a *App) project(c *call, id string) (reporting.Project, error) {
	p, err := a.store.Project(c.ctx, id)
	if err != nil {
		return p, unknownProject(err, id)
	}
	return p, nil
}

// named reads the project of which number reads the number.
func (a *App) named(c *call, command, word string) (reporting.Project, error) {
	id, err := a.number(c, command, word)
	if err != nil {
		return reporting.Project{}, err
	}
	return a.project(c, id)
}

func unknownProject(err error, id string) error {
	if reporting.CodeOf(err) == reporting.NotFound {
		return &reporting.Error{Code: reporting.NotFound, Key: "err.project.unknown", Args: map[string]any{"id": id}, Err: err}
	}
	return fmt.Errorf("read project: %w", err)
}

// show answers /project show: all that the register holds of one project.
func (a *App) show(c *call) (Response, error) {
	p, err := a.named(c, "project", "show")
	if err != nil {
		return Response{}, err
	}
	if err := reporting.CanReadProject(c.actor, p); err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read bodies: %w", err)
	}
	r := &Reply{Text: p.ID + " " + p.Name + a.say(c, "word.colon") + a.say(c, "status."+string(p.Status))}
	r.Parts = append(r.Parts, Heading(p.Name), a.projectFacts(c, list, p))
	r.Parts = append(r.Parts, a.flags(c, list, p)...)
	r.Parts = append(r.Parts, Facts(a.details(c, list, p)))
	life, err := a.lifeParts(c, list, p)
	if err != nil {
		return Response{}, err
	}
	r.Parts = append(r.Parts, life...)
	r.Parts = append(r.Parts, a.recordParts(c, p)...)
	files, err := a.proofParts(c, p.ID)
	if err != nil {
		return Response{}, err
	}
	r.Parts = append(r.Parts, files...)
	if p.ReturnReason != "" {
		r.Parts = append(r.Parts, a.reasonLine(c, p))
	}
	if b := a.projectButtons(c, p); len(b) > 0 {
		r.Parts = append(r.Parts, b)
	}
	r.Parts = append(r.Parts, a.asOf(c))
	return Response{Reply: r}, nil
}

// projectButtons are what the asker may do with p now.
func (a *App) projectButtons(c *call, p reporting.Project) Buttons {
	var b Buttons
	if reporting.BeginEdit(c.actor, p) == nil {
		b = append(b, a.button(c, "project.edit", p.ID, "edit"))
	}
	if reporting.CanReview(c.actor) == nil && (p.Status == reporting.Submitted || p.AskedVersion != 0) {
		b = append(b, a.reviewButtons(c, p)...)
	}
	return append(b, a.lifeButtons(c, p)...)
}

// told is a fact labelled with the name of a field.
func (a *App) told(c *call, field string, value ...Span) Fact {
	return Fact{Label: a.say(c, "field."+field+".label"), Value: value}
}

func (a *App) territory(c *call, list *reporting.BodyList, p reporting.Project) string {
	if p.TerritoryBody == "" {
		return a.say(c, "word.open")
	}
	return a.nameOf(c, list, p.TerritoryBody)
}

// projectFacts are what a reviewer decides by.
func (a *App) projectFacts(c *call, list *reporting.BodyList, p reporting.Project) Facts {
	path := a.choice(c, reporting.FieldPath, string(p.Path))
	if p.PathDetail != "" {
		path += " · " + p.PathDetail
	}
	status := a.statusOf(c, p)
	return Facts{
		a.told(c, "id", Span{Text: p.ID, Code: true}),
		a.told(c, "status", Bold(status)),
		a.told(c, "reporter", Plain(a.nameOf(c, list, p.ReporterBody))),
		a.told(c, reporting.FieldTerritory, Plain(a.territory(c, list, p))),
		a.told(c, reporting.FieldLeadDept, Plain(a.nameOf(c, list, p.LeadDept))),
		a.told(c, reporting.FieldLocation, Plain(a.orNone(c, p.Location))),
		a.told(c, reporting.FieldOwner, Plain(a.orNone(c, p.OwnerUnit))),
		a.told(c, reporting.FieldPath, Plain(path)),
		a.told(c, reporting.FieldIndustry, Plain(a.choice(c, reporting.FieldIndustry, p.Industry))),
		a.told(c, reporting.FieldInvest, Bold(a.money(c, p.InvestTotal))),
		a.told(c, "stage", Plain(a.stageName(c, p.Stage)), a.since(c, p.StageSince)),
		a.told(c, "period", Plain(p.Start.String()+" — "+p.Finish.String())),
		a.told(c, reporting.FieldEvidence, Plain(a.orNone(c, p.Evidence))),
		a.told(c, "record", Plain(a.completeness(p))),
		a.told(c, "filed_by", a.filer(c, p), Plain(" · "+a.date(c, p.SubmittedOn))),
	}
}

func (a *App) filer(c *call, p reporting.Project) Span {
	if p.FiledBy == "" {
		return Plain(a.say(c, "word.none"))
	}
	return Span{User: p.FiledBy}
}

// details are the facts that only the full view shows. Telephone numbers are
// whole for the office and the body that filed.
func (a *App) details(c *call, list *reporting.BodyList, p reporting.Project) []Fact {
	contact := p.MaskedContact()
	if c.actor.OfOffice() || reporting.CanEditProject(c.actor, p) == nil {
		contact = p.Contact
	}
	return []Fact{
		a.told(c, reporting.FieldContent, Plain(a.orNone(c, p.Content))),
		a.told(c, reporting.FieldNature, Plain(a.choice(c, reporting.FieldNature, p.Nature))),
		a.told(c, reporting.FieldProgramme, Plain(a.choice(c, reporting.FieldProgramme, p.Programme))),
		a.told(c, reporting.FieldMilestone, Plain(a.choice(c, reporting.FieldMilestone, p.Milestone))),
		a.told(c, reporting.FieldCode, Plain(a.orNone(c, p.Code))),
		a.told(c, reporting.FieldContact, Plain(a.orNone(c, contact))),
		a.told(c, "plan_year", Plain(a.say(c, "word.year", "year", p.PlanYear))),
		a.told(c, "verified_on", Plain(a.date(c, p.VerifiedOn))),
	}
}

func (a *App) orNone(c *call, s string) string {
	if s == "" {
		return a.say(c, "word.none")
	}
	return s
}

// reasonLine says why p was returned.
func (a *App) reasonLine(c *call, p reporting.Project) Part {
	return Paragraph{Bold(a.say(c, "field.reason.label") + a.say(c, "word.colon")), Plain(p.ReturnReason)}
}

// reasonGiven says why something else was done.
func (a *App) reasonGiven(c *call, reason string) Part {
	return Paragraph{Bold(a.say(c, "word.reason") + a.say(c, "word.colon")), Plain(reason)}
}

// edit opens the form for a returned project.
func (a *App) edit(c *call) (Response, error) {
	p, err := a.named(c, "project", "edit")
	if err != nil {
		return Response{}, err
	}
	drafts, err := a.draftsInHand(c)
	if err != nil {
		return Response{}, fmt.Errorf("read drafts: %w", err)
	}
	for _, d := range drafts {
		if d.ProjectID != p.ID {
			continue
		}
		if d, err = a.take(c, d); err != nil {
			return Response{}, err
		}
		return a.openEdit(c, p, &d)
	}
	return a.openEdit(c, p, nil)
}

// openEdit opens the form with what p holds, or with the draft d of an edit
// that was begun before.
func (a *App) openEdit(c *call, p reporting.Project, d *reporting.Draft) (Response, error) {
	if err := reporting.BeginEdit(c.actor, p); err != nil {
		var e *reporting.Error
		if errors.As(err, &e) && e.Key == "err.project.locked" && p.Status != reporting.Submitted {
			return Response{}, reporting.Fail(e.Code, "err.project.locked.final", "id", p.ID, "status", string(p.Status))
		}
		return Response{}, err
	}
	st := filing{Opening: newOpening(), Body: p.ReporterBody, Project: p.ID, Base: p.Version, Channel: c.channel}
	v, err := a.draftValues(c, p)
	if err != nil {
		return Response{}, err
	}
	if d != nil {
		st.Draft, st.Stale, v = d.ID, d.BaseVer != p.Version, d.Values
	}
	return a.open(c, st, v)
}

// mine answers /project mine: what waits for the asker, and what became of
// what they filed.
func (a *App) mine(c *call) (Response, error) {
	drafts, err := a.draftsInHand(c)
	if err != nil {
		return Response{}, fmt.Errorf("read drafts: %w", err)
	}
	r := &Reply{}
	var parts []Part
	counts := []any{"drafts", len(drafts), "year", c.day.Year}
	for _, d := range drafts[:min(len(drafts), 5)] {
		parts = append(parts, a.draftParts(c, d)...)
	}
	for _, s := range []reporting.Status{reporting.Returned, reporting.Submitted, reporting.Verified, reporting.Suspended} {
		f := reporting.ProjectFilter{FiledBy: c.actor.UserID, Status: []reporting.Status{s}, Limit: 5}
		if s == reporting.Verified {
			f.Year = c.day.Year
		}
		page, err := a.store.ListProjects(c.ctx, f)
		if err != nil {
			return Response{}, fmt.Errorf("list own projects: %w", err)
		}
		counts = append(counts, string(s), page.Total)
		parts = append(parts, a.mineOf(c, s, page)...)
	}
	r.Text = a.say(c, "mine.counts", counts...)
	r.Parts = append(r.Parts, Heading(a.say(c, "mine.title")), Paragraph{Plain(r.Text)})
	r.Parts = append(r.Parts, parts...)
	if a.mayFile(c, c.actor.BodyID) == nil {
		r.Parts = append(r.Parts, Buttons{a.button(c, "project.register", c.actor.BodyID, "register")})
	}
	r.Parts = append(r.Parts, a.asOf(c))
	return Response{Reply: r}, nil
}

// mineOf shows the first of a status: returned ones with reason and button.
func (a *App) mineOf(c *call, s reporting.Status, page reporting.ProjectPage) []Part {
	if page.Total == 0 {
		return nil
	}
	parts := []Part{Rule{}, Paragraph{Bold(a.say(c, "status."+string(s)) + " · " + fmt.Sprint(page.Total))}}
	var lines Bullets
	for _, p := range page.Projects {
		if s == reporting.Returned {
			parts = append(parts, a.returnedParts(c, p)...)
			continue
		}
		on := p.SubmittedOn
		switch s {
		case reporting.Verified:
			on = p.VerifiedOn
		case reporting.Suspended:
			on = p.SuspendedOn
		}
		lines = append(lines, append(projectLine(p), Plain(" · "+a.money(c, p.InvestTotal)+" · "+a.age(c, on))))
	}
	if len(lines) > 0 {
		parts = append(parts, lines)
	}
	if rest := page.Total - len(page.Projects); rest > 0 {
		parts = append(parts, Note{Plain(a.say(c, "list.rest", "n", rest))})
	}
	return parts
}

// returnedParts is a returned project with its reason, its age and a button.
func (a *App) returnedParts(c *call, p reporting.Project) []Part {
	line := append(projectLine(p), Plain(a.say(c, "returned.line", "age", a.age(c, p.ReturnedOn), "reason", oneLine(p.ReturnReason))))
	return []Part{Paragraph(line), Buttons{a.button(c, "project.edit", p.ID, "edit"), a.button(c, "project.show", p.ID, "show")}}
}

// projectLine begins a line about p.
func projectLine(p reporting.Project) []Span {
	return []Span{{Text: p.ID, Code: true}, Plain(" "), Bold(p.Name)}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
