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

// What leans on the question before keeps what it was about, and asks no other
// question of it.
func TestRefer(t *testing.T) {
	c := city(t)
	c.Projects = demoNames(t)
	for _, test := range []struct{ topic, thread, want string }{
		{"against nobody", "净月完成率|和它比呢", "unknown"},
		{"against the body before", "净月完成率|经开和它比呢", "quota.compare bodies=jingyue|jingkai followup=1 metric=rate"},
		{"against the body before", "经开还差几个|跟净月比呢", "quota.compare bodies=jingkai|jingyue followup=1"},
		{"against the city", "经开完成率|和全市比呢", "unknown"},
		{"against a year", "经开完成率|和去年比呢", "unknown"},
		{"against the schedule", "净月任务多少|德惠比序时慢多少", "quota.pace body=dehui"},
		{"place", "净月还差几个|它在开发区排第几", "quota.ranking body=jingyue body_kind=devzone followup=1"},
		{"place", "净月还差几个|排名呢", "quota.ranking body=jingyue followup=1"},
		{"place of others", "净月还差几个|各区排名", "quota.ranking body_kind=district"},
		{"the other end", "哪些单位落后|前三名呢", "quota.ranking n=3 order=best"},
		{"the other end of the same", "哪些开发区落后|最好的呢", "quota.ranking body_kind=devzone followup=1 order=best"},
		{"its projects", "净月还差几个|项目有哪些", "project.list body=jingyue followup=1"},
		{"its projects", "淨月還差幾個|有哪些項目", "project.list body=jingyue followup=1 lang=zh-TW"},
		{"its projects", "how many is Jingyue short|list them", "project.list body=jingyue followup=1 lang=en"},
		{"those counted", "10亿以上的项目有几个|列出来", "project.list followup=1 min_investment_wan=100000"},
		{"of the project", "0037什么情况|谁报的", "project.get followup=1 project=CC-2018-0037"},
		{"of the project", "0037什么情况|投资多少", "project.get followup=1 project=CC-2018-0037"},
		{"of the project", "0037什么情况|总投资改成5亿", "project.update followup=1 investment_wan=50000 project=CC-2018-0037"},
		{"of all projects", "0037什么情况|全市总投资多少", "project.sum scope=city"},
		{"a unit of money is no language", "list projects in Jingyue|only above 10亿", "project.list body=jingyue followup=1 lang=en min_investment_wan=100000"},
		{"no slot, in a thread", "净月完成几个|完成率超过5%的单位有哪些", "unknown"},
		{"no slot, in a thread", "净月完成几个|占全市多少", "unknown"},
		{"no slot, in a thread", "净月的项目|第二个呢", "unknown"},
		{"an unknown name", "蓝鲸任务多少", "unknown"},
		{"an unknown name, in a thread", "净月还差几个|那蓝鲸呢", "unknown"},
		{"lagging", "落后单位名单", "quota.lagging"},
		{"ambiguous against one", "高新比净月好吗", "body.explain body=高新 candidates=xinqu|jingyue"},
	} {
		if got := said(t, c, strings.Split(test.thread, "|")...); got != test.want {
			t.Errorf("%s: %s\n got  %s\n want %s", test.topic, test.thread, got, test.want)
		}
	}
	if r := Read("高新比净月好吗", c); r.Then == nil || r.Then.Intent != QuotaCompare || r.Then.Slots[Bodies] != "jingyue" {
		t.Errorf("then %+v", r.Then)
	}
}
