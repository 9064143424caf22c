package commands

import (
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// explainAnswers are the answers that explain: what counts and why, words, the
// plan, its tools, who is who, and what can be asked.
func (a *App) explainAnswers() map[question.Intent]answerer {
	return map[question.Intent]answerer{
		question.RuleExplain:       a.explainRule,
		question.TermExplain:       a.explainTerm,
		question.PlanExplain:       a.explainPlan,
		question.PolicyList:        a.explainPolicies,
		question.ApprovalChecklist: a.explainApproval,
		question.BodyExplain:       a.explainBody,
		question.UnknownBody:       a.explainUnknownBody,
		question.Help:              a.explainHelp,
	}
}

// explainActions are the buttons below these answers, beside ask.then.
func (a *App) explainActions() map[string]handler {
	return map[string]handler{
		"explain.commands": func(c *call) (Response, error) { return a.help(c, a.commandNamed("mouhua")) },
	}
}

// explainButton asks another question of this kind, in the language of the answer.
func (a *App) explainButton(c *call, label string, intent question.Intent, slot question.Slot, value string) Button {
	return Button{Action: "ask.then", Value: explainValue(c, intent, slot, value), Label: shorten(label, 30)}
}

func explainValue(c *call, intent question.Intent, slot question.Slot, value string) string {
	return carry(question.Reading{Intent: intent, Slots: question.Slots{slot: value}, Locale: c.locale})
}

// explained is an answer that explains: a title, the line that says it, what
// belongs to it, and where it stands.
func (a *App) explained(title, line string, more []Part, source Note) Response {
	parts := append([]Part{Heading(title), Paragraph{Plain(line)}}, more...)
	return Response{Reply: &Reply{Text: title + " — " + line, Parts: append(parts, source)}}
}

// source says which clause of the plan an answer is about.
func (a *App) source(c *call, clause string) Note {
	return Note{Plain(a.say(c, "explain.source", "clause", a.clause(c, clause)))}
}

// clause writes "4.1.3" as the plan counts: 四（一）3. Others are named by words.
func (a *App) clause(c *call, clause string) string {
	levels := strings.Split(clause, ".")
	if _, err := strconv.Atoi(levels[0]); err != nil {
		return a.say(c, "explain.clause."+clause)
	}
	out := a.say(c, "explain.clause.part", "n", a.numeral(c, levels[0]))
	if len(levels) > 1 {
		out += a.say(c, "explain.clause.section", "n", a.numeral(c, levels[1]))
	}
	if len(levels) > 2 {
		out += levels[2]
	}
	return out
}

func (a *App) numeral(c *call, n string) string {
	if c.locale == reporting.En {
		return n
	}
	return map[string]string{"1": "一", "2": "二", "3": "三", "4": "四", "5": "五"}[n]
}

// bullets are texts, one a line.
func (a *App) bullets(c *call, keys []string, args ...any) Bullets {
	var out Bullets
	for _, k := range keys {
		out = append(out, []Span{Plain(a.say(c, k, args...))})
	}
	return out
}
