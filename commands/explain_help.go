package commands

import (
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// examples are what can be asked, by what it is about, for whom. The sentence
// that asks it is the key ask.example.<intent>.
var examples = []struct {
	about   string
	whom    func(reporting.Actor) bool
	intents []question.Intent
}{
	{"own", asks, []question.Intent{question.QuotaRemaining, question.QuotaPace, question.QuotaForecast, question.QuotaRequiredRate}},
	{"file", files, []question.Intent{question.ProjectRegister, question.SetStage, question.FindDuplicate}},
	{"office", reporting.Actor.OfOffice, []question.Intent{question.ReviewQueue, question.ReviewApprove, question.ReviewReturn}},
	{"city", reporting.Actor.ReadsAll, []question.Intent{question.CityProgress, question.QuotaLagging, question.QuotaRanking, question.QuotaCompare, question.ReportBrief}},
	{"projects", func(a reporting.Actor) bool { return a.ReadsAll() || asks(a) }, []question.Intent{question.ProjectList, question.ProjectGet, question.ProjectBreakdown, question.ProjectStale}},
	{"explain", func(reporting.Actor) bool { return true }, []question.Intent{
		question.RuleExplain, question.TermExplain, question.PlanExplain, question.ApprovalChecklist, question.PolicyList, question.BodyExplain,
	}},
}

// explainHelp says what can be asked, in sentences, by the asker's role.
func (a *App) explainHelp(c *call, _ question.Reading) (Response, error) {
	if c.actor.Role == reporting.Stranger {
		return Response{Reply: a.helpStranger(c)}, nil
	}
	sample, err := a.sampleBody(c)
	if err != nil {
		return Response{}, err
	}
	title := a.say(c, "ask.help.title")
	parts := []Part{Heading(title), Paragraph{Plain(a.say(c, "ask.help"))}}
	for _, e := range examples {
		if !e.whom(c.actor) {
			continue
		}
		var lines Bullets
		for _, in := range e.intents {
			lines = append(lines, []Span{Plain(a.say(c, "ask.example."+string(in), "body", sample, "year", c.day.Year))})
		}
		parts = append(parts, Paragraph{Bold(a.say(c, "ask.about."+e.about))}, lines)
	}
	parts = append(parts, Note{Plain(a.say(c, "ask.help.note"))}, Buttons{a.button(c, "explain.commands", "", "explain_commands")})
	return Response{Reply: &Reply{Text: title, Parts: parts}}, nil
}
