package commands

import (
	"slices"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// reading is what the grammar would have read.
func reading(i question.Intent, l reporting.Locale, slots ...string) question.Reading {
	q := question.Reading{Intent: i, Slots: question.Slots{}, Confidence: 1, Locale: l}
	for _, s := range slots {
		k, v, _ := strings.Cut(s, "=")
		q.Slots[question.Slot(k)] = v
	}
	return q
}

// answered answers a reading as the person would be.
func answered(t *testing.T, a *App, user string, q question.Reading) (Response, error) {
	t.Helper()
	c, err := a.call(t.Context(), user, "DM1", q.Locale, "ask/1")
	if err != nil {
		t.Fatal(err)
	}
	return a.answers[q.Intent](c, q)
}

func explainedTo(t *testing.T, a *App, user string, q question.Reading) *Reply {
	t.Helper()
	r, err := answered(t, a, user, q)
	if err != nil {
		t.Fatalf("%s %v: %v", q.Intent, q.Slots, err)
	}
	if r.Reply == nil || r.Reply.Text == "" || r.Form != nil {
		t.Fatalf("%s %v: %+v", q.Intent, q.Slots, r)
	}
	return r.Reply
}

// settled is a city that has settled its rules otherwise than by default.
func settled(t *testing.T, edit func(*Config)) (*App, *ledger) {
	t.Helper()
	a, l := city(t)
	cfg := a.cfg
	edit(&cfg)
	return New(l, a.words, cfg), l
}

// What is explained, word by word.
func TestExplained(t *testing.T) {
	tests := []struct {
		name   string
		user   string
		locale reporting.Locale
		intent question.Intent
		slots  []string
	}{
		{"threshold", "UJY", reporting.ZhCN, question.RuleExplain, []string{"topic=threshold"}},
		{"threshold_8000", "UJY", reporting.ZhCN, question.RuleExplain, []string{"topic=threshold", "investment_wan=8000"}},
		{"threshold_10000_tw", "ULE", reporting.ZhTW, question.RuleExplain, []string{"investment_wan=10000"}},
		{"threshold_9999_en", "ULE", reporting.En, question.RuleExplain, []string{"topic=threshold", "investment_wan=9999"}},
		{"credit", "UJY", reporting.ZhCN, question.RuleExplain, []string{"topic=double_credit"}},
		{"credit_tw", "ULE", reporting.ZhTW, question.RuleExplain, []string{"topic=double_credit"}},
		{"credit_en", "UGX", reporting.En, question.RuleExplain, []string{"topic=double_credit"}},
		{"carry", "UJY", reporting.ZhCN, question.RuleExplain, []string{"topic=carry_over"}},
		{"carry_tw", "ULE", reporting.ZhTW, question.RuleExplain, []string{"topic=carry_over"}},
		{"carry_en", "ULE", reporting.En, question.RuleExplain, []string{"topic=carry_over"}},
		{"pace", "UJY", reporting.ZhCN, question.RuleExplain, []string{"topic=pace"}},
		{"pace_tw", "ULE", reporting.ZhTW, question.RuleExplain, []string{"topic=pace", "body=qikai"}},
		{"pace_en", "UJY", reporting.En, question.RuleExplain, []string{"topic=pace"}},
		{"review", "UJY", reporting.ZhCN, question.RuleExplain, []string{"topic=review"}},
		{"review_tw", "ULE", reporting.ZhTW, question.RuleExplain, []string{"topic=review"}},
		{"review_en", "URE", reporting.En, question.RuleExplain, []string{"topic=review"}},
		{"rules", "ULE", reporting.ZhCN, question.RuleExplain, nil},
		{"term", "UJY", reporting.ZhCN, question.TermExplain, []string{"term=序时进度"}},
		{"term_tw", "UJY", reporting.ZhTW, question.TermExplain, []string{"term=四個一批"}},
		{"term_en", "UJY", reporting.En, question.TermExplain, []string{"term=carry-over"}},
		{"term_unknown", "UJY", reporting.ZhCN, question.TermExplain, []string{"term=进度条"}},
		{"term_none_en", "UJY", reporting.En, question.TermExplain, nil},
		{"plan_route", "UJY", reporting.ZhCN, question.PlanExplain, []string{"topic=R1"}},
		{"plan_path", "UJY", reporting.ZhCN, question.PlanExplain, []string{"topic=R1.3"}},
		{"plan_path_tw", "UJY", reporting.ZhTW, question.PlanExplain, []string{"topic=R2.2"}},
		{"plan_path_en", "UJY", reporting.En, question.PlanExplain, []string{"topic=R1.2"}},
		{"plan_heading", "UJY", reporting.ZhCN, question.PlanExplain, []string{"topic=adjustment"}},
		{"plan_routes_en", "ULE", reporting.En, question.PlanExplain, []string{"topic=routes"}},
		{"plan_unknown", "UJY", reporting.ZhCN, question.PlanExplain, []string{"topic=园区建设"}},
		{"plan_none_tw", "UJY", reporting.ZhTW, question.PlanExplain, nil},
		{"policy_sme", "UJY", reporting.ZhCN, question.PolicyList, []string{"audience=SME"}},
		{"policy_tw", "UJY", reporting.ZhTW, question.PolicyList, []string{"audience=institution"}},
		{"policy_en", "UJY", reporting.En, question.PolicyList, []string{"audience=incubator"}},
		{"policy_all", "UJY", reporting.ZhCN, question.PolicyList, nil},
		{"approval", "UJY", reporting.ZhCN, question.ApprovalChecklist, []string{"kind=备案"}},
		{"approval_tw", "UJY", reporting.ZhTW, question.ApprovalChecklist, []string{"kind=审批"}},
		{"approval_en", "UJY", reporting.En, question.ApprovalChecklist, []string{"kind=核准"}},
		{"approval_none", "UJY", reporting.ZhCN, question.ApprovalChecklist, nil},
		{"body_zone", "UJY", reporting.ZhCN, question.BodyExplain, []string{"body=高新区", "parent=xinqu"}},
		{"body_zone_en", "ULE", reporting.En, question.BodyExplain, []string{"body=高新区", "parent=xinqu"}},
		{"body", "UJY", reporting.ZhCN, question.BodyExplain, []string{"body=净月高新区"}},
		{"body_tw", "ULE", reporting.ZhTW, question.BodyExplain, []string{"body=gxj"}},
		{"unknown_body", "ULE", reporting.ZhCN, question.UnknownBody, []string{"body=公主岭市", "note=not_in_changchun_2018"}},
		{"unknown_body_tw", "ULE", reporting.ZhTW, question.UnknownBody, []string{"body=朝阳市"}},
		{"unknown_body_en", "ULE", reporting.En, question.UnknownBody, []string{"body=公主岭市"}},
		{"ask_help_official", "UJY", reporting.ZhCN, question.Help, nil},
		{"ask_help_leader_tw", "ULE", reporting.ZhTW, question.Help, nil},
		{"ask_help_office_en", "URE", reporting.En, question.Help, nil},
		{"ask_help_stranger", "UXX", reporting.ZhCN, question.Help, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, _ := city(t)
			golden(t, "explain_"+tt.name, plainText(explainedTo(t, a, tt.user, reading(tt.intent, tt.locale, tt.slots...))))
		})
	}
}

// A rule says what this city has settled, not what is usual.
func TestRulesSayWhatIsSet(t *testing.T) {
	tests := []struct {
		name   string
		edit   func(*Config)
		slots  []string
		has    []string
		hasNot []string
	}{
		{"threshold", func(c *Config) { c.Threshold = 5000 }, []string{"topic=threshold", "investment_wan=8000"}, []string{"计入：总投资 0.80 亿元（8,000 万元）", "现行设定为 0.50 亿元"}, []string{"不计入："}},
		{"territory", func(c *Config) { c.Credit = reporting.TerritoryOnly }, []string{"topic=double_credit"}, []string{"只计入属地；全市计一个", "净月高新区：作为属地计入", "现行设定：只计属地"}, []string{"各计一个"}},
		{"reporter", func(c *Config) { c.Credit = reporting.ReporterOnly }, []string{"topic=double_credit"}, []string{"只计入申报单位；全市计一个", "净月高新区：作为申报单位计入"}, nil},
		{"basis", func(c *Config) { c.Basis = reporting.CountWithCarried }, []string{"topic=carry_over"}, []string{"加上结转到当年的项目", "2019年1月15日前核实", "2019年1月16日起2018年封存", "2019年1月31日前", "90 天"}, []string{"另列，不再计数"}},
		{"curve", func(c *Config) { c.Curve = reporting.Curve{30, 55, 80, 100} }, []string{"topic=pace"}, []string{"一季度末 30%、二季度末 55%、三季度末 80%、年底 100%"}, []string{"已过天数"}},
		{"colours", func(c *Config) { c.Pace = reporting.Thresholds{Green: 950, Blue: 900, Yellow: 805} }, []string{"topic=pace"}, []string{"95% 及以上绿色，90% 及以上蓝色，80.5% 及以上黄色", "🔴 红色"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, _ := settled(t, tt.edit)
			text := plainText(explainedTo(t, a, "UJY", reading(question.RuleExplain, reporting.ZhCN, tt.slots...)))
			wants(t, tt.name, text, tt.has...)
			lacks(t, tt.name, text, tt.hasNot...)
		})
	}
}

// The numbers of an example are figures, and only of a body that the asker may see.
func TestRuleExamples(t *testing.T) {
	a, _ := city(t)
	r, err := answered(t, a, "UJY", reading(question.RuleExplain, reporting.ZhCN, "topic=pace"))
	if err != nil || r.Figures["quota"] != 65 || r.Figures["credited"] != 30 {
		t.Errorf("figures %v, %v", r.Figures, err)
	}
	wants(t, "own", plainText(r.Reply), "任务 65 个，计入 30 个，完成率 46.2%，时间进度 58.1%，差距 −11.9 个百分点，序时比 0.795，🟡 黄色", "数据截至 2018年7月31日")
	r, err = answered(t, a, "UKC", reading(question.RuleExplain, reporting.ZhCN, "topic=pace", "body=jingyue"))
	if err != nil || r.Figures != nil {
		t.Errorf("figures of another body: %v, %v", r.Figures, err)
	}
	text := plainText(r.Reply)
	wants(t, "another's", text, "序时比 = ", "只有市领导或领导小组办公室和本单位能看")
	lacks(t, "another's", text, "65", "46.2%")
	r, err = answered(t, a, "UNO", reading(question.RuleExplain, reporting.ZhCN, "topic=pace"))
	if err != nil || r.Figures != nil {
		t.Errorf("without a body: %v, %v", r.Figures, err)
	}
	if _, err = answered(t, a, "UJY", reading(question.RuleExplain, reporting.ZhCN, "topic=pace", "year=1850")); key(err) != "err.year" {
		t.Errorf("a year before all plans: %v", err)
	}
}

// A frozen year is explained by the rules under which it was counted.
func TestFrozenYearKeepsItsRules(t *testing.T) {
	a, l := city(t)
	l.frozen = map[int]reporting.Frozen{2017: {Year: 2017, Basis: reporting.CountWithCarried, Rules: reporting.Rules{Threshold: 5000, Credit: reporting.TerritoryOnly}}}
	wants(t, "threshold", plainText(explainedTo(t, a, "ULE", reading(question.RuleExplain, reporting.ZhCN, "topic=threshold", "investment_wan=8000", "year=2017"))), "2017年规则", "计入：总投资 0.80 亿元")
	wants(t, "carry over", plainText(explainedTo(t, a, "ULE", reading(question.RuleExplain, reporting.ZhCN, "topic=carry_over", "year=2017"))), "2017年已封存", "加上结转到当年的项目")
}

// Buttons ask on in the language of the answer, and for what anybody may read.
func TestExplainButtons(t *testing.T) {
	a, _ := city(t)
	r := explainedTo(t, a, "UKC", reading(question.PlanExplain, reporting.En, "topic=R1"))
	for _, p := range r.Parts {
		row, _ := p.(Buttons)
		for _, b := range row {
			wants(t, b.Label, plainText(pressed(t, a, "UKC", b.Action, b.Value).Reply), "The plan on: R1.", "part 4 (1)")
		}
	}
	wants(t, "commands", plainText(pressed(t, a, "UKC", "explain.commands", "").Reply), "`/quota")
	refuses(t, a, Press{User: "UXX", Action: "explain.commands"}, "err.stranger")
}

// A project's checklist is for who may read the project, and no form opens.
func TestApprovalOfAProject(t *testing.T) {
	a, l := city(t)
	put(l.shelf, 2, verified)
	put(l.shelf, 4, func(p *reporting.Project) { verified(p); p.ApprovalKind, p.ApprovalNext = "record", "record" })
	q := func(id string) question.Reading {
		return reading(question.ApprovalChecklist, reporting.ZhCN, "project="+id, "kind=审批")
	}
	wants(t, "no kind yet", plainText(explainedTo(t, a, "UJY", q("CC-2018-0002"))), "还没有选择")
	wants(t, "ticks", plainText(explainedTo(t, a, "ULE", q("CC-2018-0004"))), "已办结 0/10 项", "项目备案")
	for _, tt := range []struct{ user, id, want string }{
		{"UKC", "CC-2018-0004", "err.forbidden"}, {"UJY", "CC-2018-0099", "err.project.unknown"},
	} {
		if _, err := answered(t, a, tt.user, q(tt.id)); key(err) != tt.want {
			t.Errorf("%s asks for %s: %v, want %s", tt.user, tt.id, err, tt.want)
		}
	}
}

func TestBodyExplained(t *testing.T) {
	a, l := city(t)
	l.body("lianhuashan").ParentID = "jingyue"
	text := plainText(explainedTo(t, a, "ULE", reading(question.BodyExplain, reporting.ZhCN, "body=jingyue")))
	wants(t, "parts", text, "下设: 莲花山", "经办人: 1 人", "频道: #CJY", "[任务进度] quota.show jingyue/2018")
	lacks(t, "parts", text, "王经办", "UJY")
	wants(t, "parent", plainText(explainedTo(t, a, "ULE", reading(question.BodyExplain, reporting.ZhCN, "body=lianhuashan"))), "上级单位: 净月高新区")
	wants(t, "own", plainText(explainedTo(t, a, "UKC", reading(question.BodyExplain, reporting.ZhCN))), "单位：宽城区")
	other := plainText(explainedTo(t, a, "UKC", reading(question.BodyExplain, reporting.ZhCN, "body=jingyue")))
	lacks(t, "another's figures", other, "quota.show")
	wants(t, "several", plainText(explainedTo(t, a, "ULE", reading(question.BodyExplain, reporting.ZhCN, "body=LY"))), "[市林业局] ask.then", `"body":"lyj"`)
	wants(t, "candidates", plainText(explainedTo(t, a, "ULE", reading(question.BodyExplain, reporting.ZhCN, "candidates=xinqu|jingyue"))), "[长春新区] ask.then", "[净月高新区] ask.then")
	wants(t, "an alias", plainText(explainedTo(t, a, "ULE", reading(question.BodyExplain, reporting.ZhCN, "body=工信局"))), "“工信局”指市工信局。长春市工业和信息化局")
	wants(t, "a district's zone", plainText(explainedTo(t, a, "ULE", reading(question.BodyExplain, reporting.ZhCN, "body=宽城经开区", "parent=kuancheng"))), "宽城经开区算宽城区的指标，不单列任务")
	wants(t, "none", plainText(explainedTo(t, a, "ULE", reading(question.BodyExplain, reporting.ZhCN, "body=净水区"))), "不在本市的重大项目谋划方案里", "您是不是想问")
	if _, err := answered(t, a, "ULE", reading(question.BodyExplain, reporting.ZhCN)); key(err) != "err.body.needed" {
		t.Errorf("no body at all: %v", err)
	}
}

// Who is not in the plan is told why, where that is known.
func TestUnknownBodies(t *testing.T) {
	a, _ := city(t)
	for name, want := range map[string]string{
		"公主岭市": "属四平市管辖", "朝阳市": "辽宁省的地级市", "沈阳市": "不归本市管辖", "市财政局": "名录里它没有任务", "南部新城": "不等于南关区",
		"经委": "现在由市工业和信息化局承担", "宽城经开区": "区属开发区", "": "没有读懂是哪个单位", "某某公司": "“某某公司”不在本市",
	} {
		wants(t, name, plainText(explainedTo(t, a, "UJY", reading(question.UnknownBody, reporting.ZhCN, "body="+name))), want, "方案里的单位有：城区 3 个")
	}
}

// Every subject that can be asked about has its texts in every language.
func TestEveryTopicHasAText(t *testing.T) {
	all, _ := texts(t)
	var keys []string
	for _, s := range question.Terms {
		keys = append(keys, "term."+s.ID)
	}
	for _, table := range [][]question.Subject{question.PlanTopics, question.PlanPaths} {
		for _, s := range table {
			keys = append(keys, "plan."+s.ID)
		}
	}
	a, _ := office(t)
	for _, tool := range tools {
		keys = append(keys, "policy."+tool.id+".what")
		if _, listed := a.mustCatalogue(t).Find(reporting.ListSupportTool, tool.id); !listed {
			keys = append(keys, "policy."+tool.id)
		}
		for _, id := range strings.Fields(tool.whom) {
			if s, ok := question.Find(question.Audiences, id); !ok || s.ID != id {
				t.Errorf("%s is for %s, which is no audience", tool.id, id)
			}
		}
	}
	keys = append(keys, "unknown_body."+elsewhere, "unknown_body."+supporter)
	for name, o := range outsiders {
		keys = append(keys, "unknown_body."+o.why)
		if l := a.outsiderName(&call{locale: reporting.ZhCN}, name, o); strings.HasPrefix(l, "unknown_body") {
			t.Errorf("%s has no name", name)
		}
	}
	for _, z := range zones {
		keys = append(keys, "zone."+z)
	}
	for _, e := range examples {
		keys = append(keys, "ask.about."+e.about)
		for _, in := range e.intents {
			if !slices.ContainsFunc(offered, func(o struct {
				intent question.Intent
				to     func(reporting.Actor) bool
			}) bool {
				return o.intent == in
			}) {
				t.Errorf("%s is in help and never offered", in)
			}
		}
	}
	for _, p := range reporting.CreditPolicies {
		keys = append(keys, "rule.credit."+string(p), "rule.policy."+string(p))
	}
	for _, b := range reporting.Bases {
		keys = append(keys, "rule.carry."+string(b))
	}
	for _, k := range keys {
		for _, l := range reporting.Locales {
			if all[l][k] == "" {
				t.Errorf("%s: %s has no text", l, k)
			}
		}
	}
}

// What a term or a topic points to exists, and every subject is answered.
func TestEverySubjectIsAnswered(t *testing.T) {
	a, _ := city(t)
	for id, topic := range termRules {
		_, term := question.Find(question.Terms, id)
		if _, rule := question.Find(question.Rules, topic); !term || !rule {
			t.Errorf("%s points to the rule %s", id, topic)
		}
	}
	for id, topic := range termPlan {
		_, term := question.Find(question.Terms, id)
		if s, ok := planTopic(topic); !term || !ok || s.ID != topic {
			t.Errorf("%s points to %s of the plan", id, topic)
		}
	}
	for _, s := range question.PlanTopics {
		if planClauses[s.ID] == "" {
			t.Errorf("%s has no clause", s.ID)
		}
	}
	for _, l := range reporting.Locales {
		for intent, table := range map[question.Intent][]question.Subject{
			question.RuleExplain: question.Rules, question.TermExplain: question.Terms, question.PlanExplain: append(question.PlanTopics[:len(question.PlanTopics):len(question.PlanTopics)], question.PlanPaths...),
			question.PolicyList: question.Audiences, question.ApprovalChecklist: question.Approvals,
		} {
			slot := map[question.Intent]question.Slot{
				question.RuleExplain: question.Topic, question.TermExplain: question.Term, question.PlanExplain: question.Topic,
				question.PolicyList: question.Audience, question.ApprovalChecklist: question.Kind,
			}[intent]
			for _, s := range table {
				r := explainedTo(t, a, "UJY", reading(intent, l, string(slot)+"="+s.ID))
				text := plainText(r)
				if len([]rune(text)) > 1600 || strings.Contains(text, "<no value>") || strings.Contains(text, "no text") {
					t.Errorf("%s %s in %s: %d characters:\n%s", intent, s.ID, l, len([]rune(text)), text)
				}
				if intent == question.PlanExplain && !strings.Contains(text, "68") {
					t.Errorf("%s in %s names no source:\n%s", s.ID, l, text)
				}
			}
		}
	}
}

func (a *App) mustCatalogue(t *testing.T) *reporting.Catalogue {
	t.Helper()
	c, err := a.store.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}
