package question

import (
	"strings"
	"testing"
)

// What there is no slot for is no figure of something else.
func TestBeyond(t *testing.T) {
	c := city(t)
	c.Projects = demoNames(t)
	for _, test := range []struct{ topic, thread, want string }{
		{"filter on a rate", "完成率超过5%的单位有哪些", "unknown"},
		{"filter on a rate", "低于3%的有几个", "unknown"},
		{"filter on a rate", "which districts are above 50%", "unknown lang=en"},
		{"filter on a count", "完成10个以上的单位有哪些", "unknown"},
		{"filter on a count", "任务超过100个的单位有几个", "unknown"},
		{"filter on a count", "一个都没完成的单位有哪些", "unknown"},
		{"a rate asked for", "净月完成率到50%了吗", "quota.progress body=jingyue metric=rate"},
		{"a sum of money is no filter on a count", "净月10亿以上的项目有几个", "project.count body=jingyue min_investment_wan=100000"},
		{"share", "净月占全市的比例是多少", "unknown"},
		{"share", "招商项目占多少", "unknown"},
		{"share", "各产业占比", "project.breakdown by=industry"},
		{"share of its own target", "净月完成的占任务的比例是多少", "quota.progress body=jingyue metric=rate"},
		{"sum of two", "净月加经开一共完成多少", "unknown"},
		{"against a year", "净月和去年比怎么样", "unknown"},
		{"mean", "平均每个项目投资多少", "unknown"},
		{"mean per week", "净月平均每周要报几个", "quota.required_rate body=jingyue period=week"},
		{"another body than said", "净月（不是经开）还差多少", "quota.remaining body=jingyue"},
		{"another body than said", "不是经开，是净月还差多少", "quota.remaining body=jingyue"},
		{"a body is no other", "净月不是经开", "unknown"},
		{"left out", "净月不算经开还差多少", "unknown"},
		{"left out of a list", "不含净月的项目有几个", "unknown"},
		{"weekday before a numeral", "把提醒改到周二十点", "nudge.settings time=10:00 weekday=Tuesday"},
		{"weekday before a numeral", "提醒改到周三十点半", "nudge.settings time=10:30 weekday=Wednesday"},
		{"weekday and time", "周二下午三点提醒", "nudge.settings time=15:00 weekday=Tuesday"},
		{"weekday and time", "提醒改到礼拜五早上九点半", "nudge.settings time=09:30 weekday=Friday"},
		{"milestone", "在建项目有几个", "unknown"},
		{"milestone", "今年开工多少个", "unknown"},
		{"milestone", "竣工项目清单", "unknown"},
		{"milestone that is a term", "开工是什么意思", "term.explain term=开工"},
		{"place in a list", "净月的项目|第一個是什麼", "unknown lang=zh-TW"},
		{"superlative of quotas", "谁的任务最多", "unknown"},
		{"superlative of quotas", "任务最重的单位", "unknown"},
		{"superlative of reviews", "谁审核的项目最多", "unknown"},
		{"markup", `净\*月\*任务\_多\_少`, "quota.target body=jingyue"},
		{"markup", "*jingyue*progress", "quota.progress body=jingyue lang=en"},
		{"a range is no markup", "5~10亿的项目有几个", "project.count max_investment_wan=100000 min_investment_wan=50000"},
		{"politeness", "请用表格", "unknown"},
		{"politeness", "净月任务多少，请用表格", "quota.target body=jingyue"},
		{"a file", "净月的项目导出成表格", "report.export body=jingyue format=xlsx scope=body"},
		{"order that nobody can give", "暂停0012", "unknown"},
		{"order that nobody can give", "恢复0012", "unknown"},
		{"what came in", "上周哪些单位有新项目", "quota.delta by=body period=last_week"},
		{"list", "净月的项目名单", "project.list body=jingyue"},
		{"part of a name", "PPP项目有几个", "unknown"},
	} {
		if got := said(t, c, strings.Split(test.thread, "|")...); got != test.want {
			t.Errorf("%s: %s\n got  %s\n want %s", test.topic, test.thread, got, test.want)
		}
	}
}
