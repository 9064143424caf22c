package commands

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// nearTerms is how many terms are offered for one that the glossary lacks.
const nearTerms = 3

// termRules are the rules, and termPlan the topics of the plan, that say more
// about a term.
var (
	termRules = map[string]string{
		"亿元以上": question.TopicThreshold, "任务指标": question.TopicThreshold, "双核算": question.TopicCredit, "属地": question.TopicCredit, "主管部门": question.TopicCredit,
		"结转": question.TopicCarryOver, "封存": question.TopicCarryOver, "更正": question.TopicCarryOver, "退库": question.TopicCarryOver,
		"序时进度": question.TopicPace, "时间进度": question.TopicPace, "序时比": question.TopicPace, "差距": question.TopicPace, "完成率": question.TopicPace,
		"待审核": question.TopicReview, "计入": question.TopicReview, "入库": question.TopicReview,
	}
	termPlan = map[string]string{
		"四个一批": "groups", "三个一百": "programmes", "招商引资": "R1", "叩门招商": "R1.1", "对口合作": "R1.2", "众创空间": "R5.1", "孵化器": "R5.2", "加速器": "R5.3",
		"专业园区": "R5.4", "规模以上企业": "R3.1", "小微企业": "R3.2", "供给侧结构性改革": "R3.3", "双十工程": "R4.2", "四众": "R5.1", "肥瘦搭配": "R2.2",
		"政府和社会资本合作": "R2.2", "特许经营": "R2.2", "无中生有": "themes", "有中生新": "themes", "实施主体": "bodies", "领导小组办公室": "organisation", "督查": "supervision",
		"绩效考核": "evaluation", "产业引导基金": "support", "贷款贴息": "support",
	}
)

// explainTerm says in a sentence what a word means.
func (a *App) explainTerm(c *call, q question.Reading) (Response, error) {
	asked := cmp.Or(q.Slots[question.Term], strings.Join(q.NotRead, " "))
	s, ok := question.Find(question.Terms, asked)
	if !ok {
		return a.otherTerms(c, asked), nil
	}
	line := a.say(c, "term."+s.ID, "threshold", a.money(c, a.cfg.Threshold), "stuck", a.stuckDays())
	var more []Part
	if names := otherNames(s, c.locale); len(names) > 0 {
		more = append(more, Paragraph{Plain(a.say(c, "term.names", "names", strings.Join(names, a.say(c, "word.list_separator"))))})
	}
	var row Buttons
	if topic, ok := question.Find(question.Rules, termRules[s.ID]); ok {
		row = append(row, a.explainButton(c, topic.Name.In(c.locale), question.RuleExplain, question.Topic, topic.ID))
	}
	if topic, ok := planTopic(termPlan[s.ID]); ok {
		row = append(row, a.explainButton(c, topic.Name.In(c.locale), question.PlanExplain, question.Topic, topic.ID))
	}
	if len(row) > 0 {
		more = append(more, row)
	}
	return a.explained(a.say(c, "term.title", "name", s.Name.In(c.locale)), line, more, Note{Plain(a.say(c, "term.source"))}), nil
}

// otherNames are a subject's names in the other languages.
func otherNames(s question.Subject, l reporting.Locale) []string {
	var out []string
	for _, other := range reporting.Locales {
		if n := s.Name.In(other); n != s.Name.In(l) && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// commonTerms are offered when no term was named.
var commonTerms = []string{"序时进度", "计入", "结转", "四个一批", "三个一百"}

// otherTerms offers the terms that are most like the one that was asked about.
func (a *App) otherTerms(c *call, asked string) Response {
	line := a.say(c, "term.unknown", "value", clip(asked))
	offered := question.Nearest(question.Terms, asked, nearTerms)
	if asked == "" {
		line, offered = a.say(c, "term.which"), nil
		for _, id := range commonTerms {
			s, _ := question.Find(question.Terms, id)
			offered = append(offered, s)
		}
	}
	var row Buttons
	for _, s := range offered {
		row = append(row, a.explainButton(c, s.Name.In(c.locale), question.TermExplain, question.Term, s.ID))
	}
	return Response{Reply: &Reply{Text: line, Parts: []Part{Paragraph{Plain(line)}, row, Note{Plain(a.say(c, "term.source"))}}}}
}
