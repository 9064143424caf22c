package commands

import (
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// What help and the answer to what was not understood offer is read as what it is an example of.
func TestHelpSentencesAreUnderstood(t *testing.T) {
	a, s := city(t)
	s.body("xinqu").Aliases = append(s.body("xinqu").Aliases, "北湖")
	for _, l := range reporting.Locales {
		c, err := a.call(t.Context(), "UJY", "DM1", l, "")
		if err != nil {
			t.Fatal(err)
		}
		sample, err := a.sampleBody(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range offered {
			c.text = a.say(c, "ask.example."+string(o.intent), "body", sample, "year", c.day.Year)
			if q, err := a.read(c, nil); err != nil || q.Intent != o.intent {
				t.Errorf("%s: %q is read as %s %v, want %s: %v", l, c.text, q.Intent, q.Slots, o.intent, err)
			}
		}
	}
}

// Sentences are explained from end to end, in the language in which they are asked.
func TestAskedForAnExplanation(t *testing.T) {
	a, _ := city(t)
	tests := []struct{ user, text, want string }{
		{"UJY", "8000万的项目能不能算数？", "不计入：总投资 0.80 亿元（8,000 万元）"},
		{"UJY", "1亿以上的项目算不算数", "计入：总投资 1.00 亿元"},
		{"UJY", "結轉是什麼意思", "名詞：結轉"},
		{"UJY", "什么叫达产达效", "第四阶段（S4）"},
		{"UJY", "What does time-proportional progress mean?", "Term: time-proportional progress"},
		{"UJY", "请问同一个项目区里和部门是否可以同时计数？", "可以同时计入属地和行业主管部门"},
		{"UJY", "往年结转过来的项目还能不能算进任务里？", "以前年度结转的留在储备库"},
		{"UJY", "请问方案中对依托孵化器谋划项目是如何要求的？", "R5.2"},
		{"UJY", "What does the plan say about accelerators?", "The plan on: R5.3"},
		{"UJY", "方案里五条路径是怎么说的", "谋划途径有五条"},
		{"UJY", "小微企业有啥补助", "面向小微企业"},
		{"UJY", "有什么政策工具可用", "方案共点名"},
		{"UJY", "一个亿的项目算不算数", "计入：总投资 1.00 亿元"},
		{"UJY", "序时进度是按什么算的", "任务 65 个，计入 30 个"},
		{"UJY", "请问项目报上去以后审核的规则是怎样的？", "从核实那天起计入"},
		{"UJY", "请问办理核准类项目还需要取得哪些批复？", "核准（列入核准目录的企业投资项目）要办 13 项"},
		{"ULE", "高新区算谁的指标", "高新区算长春新区的指标"},
		{"ULE", "公主岭完成多少", "2018年公主岭市属四平市"},
		{"ULE", "朝阳市的情况怎么样", "辽宁省的地级市"},
		{"ULE", "请问市财政局的任务完成情况如何？", "名录里它没有任务"},
		{"UJY", "您好，请问可以向您咨询哪些方面的内容？", "可以这样问"},
		{"UJY", "what can I ask you", "What can be asked"},
	}
	for _, tt := range tests {
		r, err := a.Ask(t.Context(), Request{User: tt.user, Channel: "DM1", Direct: true, Text: tt.text, Locale: reporting.ZhCN})
		if err != nil || r.Reply == nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		wants(t, tt.text, plainText(r.Reply), tt.want)
	}
}
