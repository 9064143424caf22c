package commands

import (
	"slices"
	"strings"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// tool is something the plan names to support projects: where, and for whom.
// The plan says of few for whom they are; of the others it follows from the
// clause in which they stand.
type tool struct {
	id     string // in the catalogue, where it is there
	clause string
	whom   string // audiences, by blanks
}

// tools are in the order of the plan's clauses, those of chapter 5 first.
var tools = []tool{
	{"equity", "5.2", "enterprise tech investor"}, {"guide-fund", "5.2", "enterprise territory investor"}, {"trade-subsidy", "5.2", "enterprise tech institution"},
	{"interest", "5.2", "enterprise sme tech"}, {"capacity", "5.2", "enterprise sme"}, {"one-stop", "5.3", "enterprise sme investor"},
	{"modes", "4.2.2", "investor territory department"}, {"libraries", "4.2.3", "territory department"}, {"sme-help", "4.3.2", "sme"},
	{"matchmaking", "4.4.1", "institution tech enterprise"}, {"incentives", "4.4.2", "institution tech"}, {"shares", "4.4.2", "institution tech"}, {"double-ten", "4.4.2", "institution tech"},
	{"tech-credit", "4.4.3", "tech sme"}, {"micro-loan", "4.4.3", "sme incubator"}, {"guarantee", "4.4.3", "sme tech incubator"}, {"insurance", "4.4.3", "tech"},
	{"ip-pledge", "4.4.3", "tech sme"}, {"inclusive", "4.4.3", "sme"}, {"listing", "4.4.3", "enterprise sme tech"}, {"post-subsidy", "4.4.3", "tech institution"},
	{"incubators", "4.5.2", "incubator territory"}, {"accelerators", "4.5.3", "incubator sme"}, {"moving-in", "4.5.4", "incubator enterprise territory"},
}

// explainPolicies lists the tools that the plan names, for whom they were asked.
func (a *App) explainPolicies(c *call, q question.Reading) (Response, error) {
	s, ok := question.Find(question.Audiences, q.Slots[question.Audience])
	if !ok {
		return a.policiesByClause(c, q.Slots[question.Audience]), nil
	}
	var lines Bullets
	for _, t := range tools {
		if slices.Contains(strings.Fields(t.whom), s.ID) {
			lines = append(lines, []Span{Bold(a.toolName(c, t.id)), Plain(a.say(c, "policy.line", "what", a.say(c, "policy."+t.id+".what"), "clause", a.clause(c, t.clause)))})
		}
	}
	name := s.Name.In(c.locale)
	line := a.say(c, "policy.for", "n", len(lines), "audience", name)
	return a.explained(a.say(c, "policy.title", "audience", name), line, []Part{lines}, Note{Plain(a.say(c, "policy.source"))}), nil
}

// policiesByClause names all tools, clause by clause, and offers the audiences.
func (a *App) policiesByClause(c *call, asked string) Response {
	line := a.say(c, "policy.all", "n", len(tools))
	if asked != "" {
		line = a.say(c, "policy.unknown", "value", clip(asked), "n", len(tools))
	}
	var lines Bullets
	var clause string
	for _, t := range tools {
		if t.clause == clause {
			last := len(lines) - 1
			lines[last] = append(lines[last], Plain(a.say(c, "word.list_separator")+a.toolName(c, t.id)))
			continue
		}
		clause = t.clause
		lines = append(lines, []Span{Bold(a.clause(c, clause) + a.say(c, "word.colon")), Plain(a.toolName(c, t.id))})
	}
	if more := a.addedTools(c); more != "" {
		lines = append(lines, []Span{Bold(a.say(c, "policy.added") + a.say(c, "word.colon")), Plain(more)})
	}
	var row Buttons
	for _, s := range question.Audiences {
		row = append(row, a.explainButton(c, s.Name.In(c.locale), question.PolicyList, question.Audience, s.ID))
	}
	return a.explained(a.say(c, "policy.title.all"), line, []Part{lines, row}, Note{Plain(a.say(c, "policy.source"))})
}

// toolName is what the office's catalogue calls a tool, or the plan.
func (a *App) toolName(c *call, id string) string {
	if e, ok := c.catalogue.Find(reporting.ListSupportTool, id); ok {
		return e.Name.In(c.locale)
	}
	return a.say(c, "policy."+id)
}

// addedTools are what the office added to the tools of the plan.
func (a *App) addedTools(c *call) string {
	var names []string
	for _, e := range c.catalogue.Offered(reporting.ListSupportTool) {
		if !slices.ContainsFunc(tools, func(t tool) bool { return t.id == e.ID }) {
			names = append(names, e.Name.In(c.locale))
		}
	}
	return strings.Join(names, a.say(c, "word.list_separator"))
}

// explainApproval shows what a kind of project must get approved, or of a
// project what it still must.
func (a *App) explainApproval(c *call, q question.Reading) (Response, error) {
	if id := q.Slots[question.Project]; id != "" {
		c.text, c.words = id, []string{id}
		p, ticks, err := a.checklist(c)
		if err != nil {
			return Response{}, err
		}
		if err := reporting.CanReadProject(c.actor, p); err != nil {
			return Response{}, err
		}
		return Response{Reply: a.checklistReply(c, p, ticks, "")}, nil
	}
	kind := question.ApprovalKind(q.Slots[question.Kind])
	if kind == "" {
		return a.approvalKinds(c), nil
	}
	var lines Bullets
	for i, e := range c.catalogue.Offered(reporting.ApprovalList(kind)) {
		lines = append(lines, []Span{Plain(a.say(c, "approval.explain.line", "no", i+1, "item", e.Name.In(c.locale)))})
	}
	name := a.say(c, "approval.kind."+kind)
	line := a.say(c, "approval.explain", "kind", name, "what", a.say(c, "approval.kind."+kind+".what"), "n", len(lines))
	return a.explained(a.say(c, "approval.explain.title", "kind", name), line, []Part{lines, Paragraph{Plain(a.say(c, "approval.explain.own")), Span{Text: a.slash("project") + " " + a.say(c, "help.project.approvals.example"), Code: true}}},
		Note{Plain(a.say(c, "approval.explain.source"))}), nil
}

// approvalKinds offers the three kinds.
func (a *App) approvalKinds(c *call) Response {
	var lines Bullets
	var row Buttons
	for _, s := range question.Approvals {
		kind := question.ApprovalKind(s.ID)
		name := a.say(c, "approval.kind."+kind)
		lines = append(lines, []Span{Bold(name), Plain(a.say(c, "word.colon") + a.say(c, "approval.kind."+kind+".what"))})
		row = append(row, a.explainButton(c, name, question.ApprovalChecklist, question.Kind, s.ID))
	}
	return a.explained(a.say(c, "approval.explain.kinds"), a.say(c, "approval.explain.which"), []Part{lines, row}, Note{Plain(a.say(c, "approval.explain.source"))})
}
