package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// alter makes a change of a project that is no review, and has its messages
// delivered. A delivery that is repeated gives the project as it is.
func (a *App) alter(c *call, id string, f func(reporting.Project) (reporting.Change, error)) (reporting.Project, error) {
	p, err := a.store.ChangeProject(c.ctx, c.once, id, f)
	switch {
	case errors.Is(err, reporting.ErrRepeated):
		return p, nil
	case reporting.CodeOf(err) == reporting.NotFound:
		return p, unknownProject(err, id)
	case err == nil:
		a.wake()
	}
	return p, err
}

func (a *App) stageName(c *call, s reporting.Stage) string {
	return string(s) + " " + a.say(c, "stage."+string(s))
}

// since says from when a stage is, where that is known.
func (a *App) since(c *call, d reporting.Date) Span {
	if d.IsZero() {
		return Span{}
	}
	return Plain(a.say(c, "word.since", "day", a.date(c, d)))
}

// asked names what is asked of the office: a stage, or a change.
func (a *App) asked(c *call, what string) string {
	if what == "change" {
		return a.say(c, "request.change")
	}
	return a.say(c, "request.stage", "stage", a.stageName(c, reporting.Stage(what)))
}

// statusOf is a status with what belongs to it: the age of a return, until
// when credit is held, where a merged project is now, that a request waits.
func (a *App) statusOf(c *call, p reporting.Project) string {
	status := a.say(c, "status."+string(p.Status))
	switch {
	case p.Status == reporting.Returned:
		status += " · " + a.age(c, p.ReturnedOn)
	case p.Status == reporting.Suspended && !p.SuspendedOn.IsZero() && p.HoldEndedOn.IsZero():
		status += a.say(c, "life.held", "day", a.date(c, reporting.HeldUntil(p)))
	case p.Status == reporting.Merged && p.MergedInto != "":
		status += " → " + p.MergedInto
	case p.AskedVersion != 0:
		status += " · " + a.say(c, "life.asking", "what", a.asked(c, p.What()))
	}
	return status + a.carryOf(c, p)
}

// lifeParts are what the full view shows of a project's life: what its stages
// asked for, what waits, why it halted, and the last note of its progress.
func (a *App) lifeParts(c *call, list *reporting.BodyList, p reporting.Project) ([]Part, error) {
	var facts Facts
	add := func(field, value string) {
		if value != "" {
			facts = append(facts, a.told(c, field, Plain(value)))
		}
	}
	add(reporting.FieldLeader, p.Leader)
	if p.InvestorOrigin != "" {
		add(reporting.FieldOrigin, a.say(c, "origin."+p.InvestorOrigin))
	}
	if p.InvestYear > 0 {
		add(reporting.FieldInvestYear, a.money(c, p.InvestYear))
	}
	add(reporting.FieldContract, p.Contract)
	if !p.CompletedOn.IsZero() {
		add(reporting.FieldCompleted, a.date(c, p.CompletedOn))
		add(reporting.FieldCapacity, a.date(c, p.CapacityOn))
		add(reporting.FieldBenefit, a.date(c, p.BenefitOn))
	}
	if p.Proof.Kind != "" {
		add(reporting.FieldProof, a.proofOf(c, p.Proof))
	}
	add("why", p.StatusReason)
	var parts []Part
	if len(facts) > 0 {
		parts = append(parts, facts)
	}
	if p.AskedVersion != 0 {
		parts = append(parts, a.wantedParts(c, list, p)...)
	}
	notes, err := a.store.Notes(c.ctx, p.ID, 1)
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	for _, n := range notes {
		parts = append(parts, Paragraph{Bold(a.say(c, "update.last", "age", a.ageOf(c, n.At), "money", a.money(c, n.Invested))), Plain(n.Text)})
	}
	approvals, err := a.approvalFacts(c, p)
	if err != nil {
		return nil, err
	}
	problems, err := a.problemFacts(c, p)
	return slices.Concat(parts, approvals, problems), err
}

// lifeButtons are what the asker may do with the life of p now.
func (a *App) lifeButtons(c *call, p reporting.Project) Buttons {
	var b Buttons
	add := func(err error, action string) {
		if err == nil {
			b = append(b, a.button(c, "project."+action, p.ID, action))
		}
	}
	_, err := reporting.NextStage(c.actor, p)
	add(err, "advance")
	add(mayUpdate(c, p), "update")
	add(reporting.CanComplete(c.actor, p), "complete")
	if a.opens(c, p) {
		b = append(b, a.button(c, "problem.of", p.ID, "problems"), a.button(c, "approval.of", p.ID, "approvals"))
	}
	add(errOnly(reporting.SetCode(c.actor, p, "", c.day, 1)), "code")
	add(reporting.CanReconfirm(c.actor, p, c.day), "reconfirm")
	for _, do := range lives {
		add(a.tryLife(c, do, p), do)
	}
	return b
}

func errOnly(_ reporting.Change, err error) error { return err }

// wantedParts show what is asked of the office about a verified project.
func (a *App) wantedParts(c *call, list *reporting.BodyList, p reporting.Project) []Part {
	parts := []Part{Paragraph{
		Bold(a.asked(c, p.What())), Plain(" · "), Span{User: p.AskedBy}, Plain(" · " + a.age(c, p.AskedOn)),
	}}
	if p.StageWanted == "" {
		after := p.With(p.Proposal)
		if after.InvestTotal != p.InvestTotal {
			after.RevisedFrom = p.InvestTotal
		}
		parts = append(parts, a.changeLines(c, list, p, after))
		return append(append(parts, a.flags(c, list, after)...), a.quotaEffect(c, list, p, after)...)
	}
	facts := Facts{a.told(c, "stage", Plain(a.stageName(c, p.Stage)+" → "+a.stageName(c, p.StageWanted)))}
	if p.StageWanted == reporting.S3 {
		facts = append(facts, a.told(c, reporting.FieldContract, Plain(p.Contract)))
	} else {
		facts = append(facts, a.told(c, reporting.FieldCompleted, Plain(a.date(c, p.CompletedOn))),
			a.told(c, reporting.FieldCapacity, Plain(a.date(c, p.CapacityOn))), a.told(c, reporting.FieldBenefit, Plain(a.date(c, p.BenefitOn))))
	}
	return append(parts, append(facts, a.told(c, reporting.FieldProof, Plain(a.proofOf(c, p.WantedProof)))))
}

// changeLines compare what is in force with what is proposed.
func (a *App) changeLines(c *call, list *reporting.BodyList, before, after reporting.Project) Bullets {
	var lines Bullets
	add := func(field, was, becomes string) {
		if was != becomes {
			lines = append(lines, []Span{Bold(a.say(c, "field."+field+".label") + a.say(c, "word.colon")), {Text: was, Strike: true}, Plain(" → " + becomes)})
		}
	}
	add(reporting.FieldName, before.Name, after.Name)
	add(reporting.FieldTerritory, a.territory(c, list, before), a.territory(c, list, after))
	add(reporting.FieldLeadDept, a.nameOf(c, list, before.LeadDept), a.nameOf(c, list, after.LeadDept))
	add(reporting.FieldPath, a.pathOf(c, before), a.pathOf(c, after))
	add(reporting.FieldInvest, a.money(c, before.InvestTotal), a.money(c, after.InvestTotal))
	return lines
}

func (a *App) pathOf(c *call, p reporting.Project) string {
	path := a.choice(c, reporting.FieldPath, string(p.Path))
	if p.PathDetail != "" {
		path += " · " + p.PathDetail
	}
	return path
}

// askingParts are the oldest requests about verified projects, each with its
// buttons, for the office; nothing when there are none.
func (a *App) askingParts(c *call) ([]Part, error) {
	page, err := a.store.Asking(c.ctx, 0, queuePage)
	if err != nil {
		return nil, fmt.Errorf("read requests: %w", err)
	}
	if page.Total == 0 {
		return nil, nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	parts := []Part{Paragraph{Bold(a.say(c, "request.total", "n", page.Total))}}
	for _, p := range page.Projects {
		parts = append(parts, Paragraph(append(a.marked(c, p), Plain(" · "+a.nameOf(c, list, p.ReporterBody)))))
		parts = append(parts, a.wantedParts(c, list, p)...)
		parts = append(parts, append(a.reviewButtons(c, p), a.button(c, "project.show", p.ID, "show")))
	}
	if rest := page.Total - len(page.Projects); rest > 0 {
		parts = append(parts, Note{Plain(a.say(c, "list.rest", "n", rest))})
	}
	return append(parts, Rule{}), nil
}

// requestVerdict tells who asked what the office decided.
func (a *App) requestVerdict(c *call, out Outgoing, m reporting.Message, p reporting.Project) (Outgoing, error) {
	what := a.asked(c, m.Args["request"])
	show := Buttons{a.button(c, "project.show", p.ID, "show")}
	if m.Kind == reporting.SentBack {
		out.Reply = Say(a.say(c, "verdict.refused", "id", p.ID, "name", p.Name, "what", what))
		out.Reply.Parts = append(out.Reply.Parts, a.reasonGiven(c, m.Args["reason"]), show, a.asOf(c))
		return out, nil
	}
	out.Reply = Say(a.say(c, "verdict.granted", "id", p.ID, "name", p.Name, "what", what))
	if m.Args["request"] == "change" {
		credit, err := a.creditLines(c, p)
		if err != nil {
			return Outgoing{}, err
		}
		out.Reply.Parts = append(out.Reply.Parts, credit...)
	}
	out.Reply.Parts = append(out.Reply.Parts, show, a.asOf(c))
	return out, nil
}

// composeLife tells what somebody else did to a project: who filed it, or the
// office's channel.
func (a *App) composeLife(ctx context.Context, m reporting.Message) (Outgoing, error) {
	c := a.to(ctx, m)
	p, err := a.project(c, m.Args["project"])
	if reporting.CodeOf(err) == reporting.NotFound {
		return Outgoing{Skip: "no_project"}, nil
	}
	if err != nil {
		return Outgoing{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{Channel: m.To}
	body, _ := list.Find(p.ReporterBody)
	switch {
	case m.Args["office"] != "":
		out.Channel = a.cfg.OfficeChannel
	case m.To == "":
		out.Channel = body.ChannelID
	default:
		c.locale = a.localeOf(ctx, m.To)
		out.Locale = c.locale
	}
	if out.Channel == "" {
		return Outgoing{Skip: "nobody"}, nil
	}
	text := a.say(c, "told."+m.Args["action"], "id", p.ID, "name", p.Name, "stage", a.stageName(c, p.Stage), "keep", p.MergedInto, "year", p.PlanYear)
	out.Reply = &Reply{Text: text, InChannel: strings.HasPrefix(out.Channel, "C"), Parts: []Part{
		Paragraph{Plain(text), Plain(a.say(c, "told.by")), Span{User: m.Args["by"]}}, a.reasonGiven(c, m.Args["reason"]),
		Buttons{a.button(c, "project.show", p.ID, "show")}, a.asOf(c),
	}}
	return out, nil
}

// reviewedChanges says on page 2 of an edit which changes of a verified project
// will wait for the office.
func (a *App) reviewedChanges(c *call, st filing, v map[string]string) ([]Field, error) {
	if st.Project == "" {
		return nil, nil
	}
	p, err := a.store.Project(c.ctx, st.Project)
	if err != nil {
		return nil, fmt.Errorf("read project of form: %w", err)
	}
	if p.Status != reporting.Verified {
		return nil, nil
	}
	var names []string
	now := reporting.DraftValues(p, c.catalogue)
	for _, id := range reporting.Reviewed {
		same := strings.TrimSpace(v[id]) == now[id] || sameMoney(id, v[id], p)
		if id == reporting.FieldPathDetail {
			same = reporting.ComposeDetail(reporting.Path(v[reporting.FieldPath]), v, c.catalogue) == p.PathDetail
		}
		if !same {
			names = append(names, a.say(c, "field."+id+".label"))
		}
	}
	text := a.say(c, "form.project.reviewed_none")
	if len(names) > 0 {
		text = a.say(c, "form.project.reviewed_some", "fields", strings.Join(names, a.say(c, "word.list_separator")))
	}
	spans := []Span{Plain(text)}
	if w, err := reporting.ParseMoney(v[reporting.FieldInvest]); err == nil && w < a.cfg.Threshold && p.Counts(a.cfg.Threshold) {
		spans = append(spans, Plain(" "), Bold(a.say(c, "effect.lost", "year", p.PlanYear)))
	}
	return []Field{{ID: "proposed", Kind: InfoField, Text: spans}}, nil
}

func sameMoney(field, typed string, p reporting.Project) bool {
	w, err := reporting.ParseMoney(typed)
	return field == reporting.FieldInvest && err == nil && w == p.InvestTotal
}

// amended is the answer to an edit of a verified project.
func (a *App) amended(c *call, list *reporting.BodyList, p reporting.Project) *Reply {
	r := Say(a.say(c, "amended.done", "id", p.ID, "name", p.Name))
	if p.AskedVersion != 0 {
		r.Parts = append(r.Parts, Paragraph{Plain(a.say(c, "amended.asked"))})
		r.Parts = append(r.Parts, a.wantedParts(c, list, p)...)
	}
	r.Parts = append(r.Parts, Buttons{a.button(c, "project.show", p.ID, "show"), a.button(c, "project.mine", "", "mine")}, a.asOf(c))
	return r
}
