package question

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// said reads sentences as one thread and writes each down as "intent slots".
func said(t *testing.T, c Context, lines ...string) string {
	t.Helper()
	var out string
	for _, l := range lines {
		r := Read(l, c)
		delete(r.Slots, Confirm)
		out = strings.TrimSpace(string(r.Intent) + " " + r.Slots.String())
		c.Before = &r
	}
	return out
}

func TestRead(t *testing.T) {
	c := city(t)
	c.Projects = demoNames(t)
	for _, test := range []struct{ topic, thread, want string }{
		{"trap: two bodies", "高新还差几个", "body.explain body=高新 candidates=xinqu|jingyue"},
		{"trap: two bodies", "GX完成几个", "body.explain body=GX candidates=xinqu|gxj"},
		{"trap: two bodies", "LY progress", "body.explain body=LY candidates=lvyuan|lyj|lvyou lang=en"},
		{"trap: shared name", "经开完成几个", "quota.progress body=jingkai"},
		{"trap: zone of a district", "二道经开区完成几个", "scope.unknown_body body=二道经开区 parent=erdao"},
		{"trap: part of another", "北湖归谁", "body.explain body=北湖 parent=xinqu"},
		{"trap: place elsewhere", "朝阳市完成几个", "scope.unknown_body body=朝阳市"},
		{"trap: place elsewhere", "公主嶺還差多少", "scope.unknown_body body=公主岭市 lang=zh-TW note=not_in_changchun_2018"},
		{"trap: no body", "南部新城的任务", "scope.unknown_body body=南部新城"},
		{"trap: no such county", "九台县完成几个", "scope.unknown_body body=九台县"},
		{"trap: old name", "九台市任务多少", "quota.target body=jiutai"},
		{"trap: old name", "卫生局还差几个", "quota.remaining body=wjw"},
		{"trap: gone", "经委任务多少", "scope.unknown_body body=经委"},
		{"trap: a car is no zone", "汽车产业的项目", "project.list industry=汽车"},
		{"trap: a zone is no car", "汽车城还差几个", "quota.remaining body=qikai"},
		{"trap: address", "净月大街1号", "unknown"},

		{"slip", "双羊区还差几个", "quota.remaining body=shuangyang typo=1"},
		{"slip", "净悦完成率", "quota.progress body=jingyue metric=rate typo=1"},
		{"slip", "jignyue remaining", "quota.remaining body=jingyue lang=en typo=1"},
		{"slip", "qouta of Dehui", "quota.target body=dehui lang=en typo=1"},
		{"slip: only looks like one", "几个城区落后", "quota.lagging body_kind=district"},

		{"order", "还差几个，净月", "quota.remaining body=jingyue"},
		{"order", "列一下落后于序时进度的县", "quota.lagging basis=pace body_kind=county"},
		{"order", "哪些城區落後於序時進度", "quota.lagging basis=pace body_kind=district lang=zh-TW"},
		{"order", "净月落后于序时进度多少", "quota.pace body=jingyue"},
		{"off", "order me a taxi", "unknown lang=en"},
		{"order", "2018年的任务，农安县是多少", "quota.target body=nongan year=2018"},
		{"order", "第一季度以后，宽城区每周至少要报几个", "quota.required_rate body=kuancheng period=week"},
		{"order", "最慢的三个区", "quota.ranking body_kind=district n=3 order=worst"},
		{"order", "三个最慢的开发区", "quota.ranking body_kind=devzone n=3 order=worst"},

		{"traditional", "農安縣今年還差幾個項目", "quota.remaining body=nongan lang=zh-TW"},
		{"traditional", "將0037轉到落地轉化", "project.set_stage lang=zh-TW project=CC-2018-0037 stage=S3"},
		{"traditional", "8000萬的項目能不能算數", "rule.explain investment_wan=8000 lang=zh-TW topic=threshold"},
		{"mixed", "jingkai 的 remaining 是多少", "quota.remaining body=jingkai"},
		{"width", "ＪＫ完成几个", "quota.progress body=jingkai"},
		{"initials alone have no language", "JY", "quota.progress body=jingyue"},
		{"English", "Development and Reform Commission quota for 2018", "quota.target body=fgw lang=en year=2018"},
		{"English", "which departments are the worst three", "quota.ranking body_kind=department lang=en n=3 order=worst"},
		{"English", "projects over 1 billion yuan", "project.list lang=en min_investment_wan=100000"},

		{"money", "5-10亿的项目有几个", "project.count max_investment_wan=100000 min_investment_wan=50000"},
		{"money", "总投资不超过2亿元的农产品加工项目", "project.list industry=农产品加工 max_investment_wan=20000"},
		{"days", "两个月没更新的项目", "project.stale days=60"},
		{"name", "中小企业加速器二期什么情况", "project.get project=CC-2018-0037"},
		{"name", "登记：宽城区智能轴承产业园，总投资3.2亿，园区招商来的", "project.register body=kuancheng investment_wan=32000 name=智能轴承产业园 subpath=R1.4"},
		{"reason", "退回0037，材料不全", "review.return project=CC-2018-0037 reason=材料不全"},
		{"reason", "因投资方撤资，净月任务减5个", "quota.adjust body=jingyue delta=-5 reason=投资方撤资"},
		{"amount", "净月的任务调减到60个", "quota.adjust body=jingyue count=60"},
		{"lead", "商务局牵头的项目", "project.list lead_dept=swj"},

		{"follow-up", "净月2018年任务是多少|那完成几个了？", "quota.progress body=jingyue followup=1 year=2018"},
		{"follow-up: metric", "净月还差几个|那完成率呢", "quota.progress body=jingyue followup=1 metric=rate"},
		{"follow-up: year", "净月还差几个|换成去年", "quota.remaining body=jingyue followup=1 year=2017"},
		{"follow-up: of a follow-up", "how many is Dehui short?|and Yushu?|and last year?", "quota.remaining body=yushu followup=1 lang=en year=2017"},
		{"follow-up: n", "排名后三的开发区|前五呢", "quota.ranking body_kind=devzone followup=1 n=5 order=best"},
		{"follow-up: city", "净月完成几个|那全市呢", "city.progress followup=1"},
		{"follow-up: it", "0037什么情况|把它转到落地转化", "project.set_stage followup=1 project=CC-2018-0037 stage=S3"},
		{"follow-up: no name", "0037什么情况|退回，资料不齐", "review.return followup=1 project=CC-2018-0037 reason=资料不齐"},
		{"follow-up: narrower", "二道区的项目|其中10亿以上的", "project.list body=erdao followup=1 min_investment_wan=100000"},
		{"follow-up: one more", "净月和经开谁快|加上汽开呢", "quota.compare bodies=jingyue|jingkai|qikai followup=1"},
		{"follow-up: after buttons", "高新还差几个|净月高新", "quota.remaining body=jingyue followup=1"},
		{"complete by itself", "净月2017年任务是多少|德惠还差几个", "quota.remaining body=dehui"},
		{"complete by itself", "净月2017年任务是多少|10亿以上的有哪些", "project.list min_investment_wan=100000"},
		{"nothing is filed by a name", "我要报一个项目|净月", "quota.progress body=jingyue"},
		{"off the subject", "净月还差几个|今天天气怎么样", "unknown"},
	} {
		if got := said(t, c, strings.Split(test.thread, "|")...); got != test.want {
			t.Errorf("%s: %s\n got  %s\n want %s", test.topic, test.thread, got, test.want)
		}
	}
}

// Whoever says "we" is a body; who has none says nothing of which.
func TestWe(t *testing.T) {
	c := city(t)
	for _, test := range []struct{ own, here, text, want string }{
		{"dehui", "", "我们还差几个", "quota.remaining body=dehui"},
		{"dehui", "", "our quota", "quota.target body=dehui lang=en"},
		{"", "erdao", "我区完成率", "quota.progress body=erdao metric=rate"},
		{"", "", "我们还差几个", "quota.remaining"},
		{"dehui", "", "净月还差几个", "quota.remaining body=jingyue"},
		{"dehui", "", "我们和净月比谁快", "quota.compare bodies=dehui|jingyue"},
	} {
		c.Own, c.Here = test.own, test.here
		if got := said(t, c, test.text); got != test.want {
			t.Errorf("%s: got %s, want %s", test.text, got, test.want)
		}
	}
}

// An ambiguity keeps what was asked, for the button that settles it.
func TestThen(t *testing.T) {
	r := Read("高新2017年还差几个", city(t))
	if r.Then == nil || r.Then.Intent != QuotaRemaining || r.Then.Slots[Year] != "2017" || r.Then.Slots[Body] != "" {
		t.Errorf("then %+v", r.Then)
	}
}

func TestUnknownOffersThree(t *testing.T) {
	c := city(t)
	for _, text := range []string{"今天天气怎么样", "给我写首诗", "what is the weather", "", "？？", "项目"} {
		r := Read(text, c)
		if r.Intent != Unknown && text != "项目" || r.Confidence != 0 && r.Intent == Unknown || r.Intent == Unknown && len(r.Nearest) != 3 {
			t.Errorf("%q: %s %v, nearest %v", text, r.Intent, r.Confidence, r.Nearest)
		}
	}
}

// Every example asked in one thread after all others reads as it does alone,
// unless it leans on the one before.
func TestCompleteSentencesInheritNothing(t *testing.T) {
	c := city(t)
	for _, e := range examples(t, "testdata/questions-dev.tsv") {
		r := Read(e.text, c)
		delete(r.Slots, Confirm)
		if diff := cmp.Diff(e.slots.String(), r.Slots.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", e.text, diff)
		}
		c.Before = &r
	}
}

func TestEntities(t *testing.T) {
	c := city(t)
	text := "２０１８年，寬城區總投資3.2亿，園區招商來的"
	width := lexicon.Width(text)
	var got []string
	for _, e := range Entities(text, c) {
		if width[e.From:e.To] != e.Text {
			t.Errorf("%+v stands at %q", e, width[e.From:e.To])
		}
		got = append(got, fmt.Sprintf("%s=%s %s", e.Slot, e.Value, e.Text))
	}
	want := []string{"year=2018 2018年", "body=kuancheng 寬城區", "investment_wan=32000 3.2亿", "subpath=R1.4 園區招商來的"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every body is asked about by each of its names and by nothing else.
func TestEveryNameInASentence(t *testing.T) {
	c := city(t)
	for _, r := range readCSV(t, "../demo/bodies.csv") {
		for _, name := range append([]string{r[3], r[4], r[6], r[7]}, strings.Split(r[8], "|")...) {
			if found := c.Bodies.Find(name); name == "" || len(found) != 1 {
				continue
			}
			for _, form := range []string{"%s还差几个", "请问%s今年还差几个项目？", "还差几个啊%s"} {
				text := fmt.Sprintf(form, name)
				if got := Read(text, c); got.Intent != QuotaRemaining || got.Slots[Body] != r[0] {
					t.Errorf("%s: %s %s, want %s", text, got.Intent, got.Slots, r[0])
				}
			}
		}
	}
}

// What a sentence says does not depend on its script or width.
func TestScripts(t *testing.T) {
	c := city(t)
	bodies := readCSV(t, "../demo/bodies.csv")
	forms := []string{"%s今年完成率是多少", "%s还差几个", "%s任务是多少", "%s的项目有哪些"}
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SampledFrom(bodies).Draw(t, "body")
		form := rapid.SampledFrom(forms).Draw(t, "form")
		simple, traditional := Read(fmt.Sprintf(form, b[6]), c), Read(fmt.Sprintf(form, b[7]), c)
		delete(traditional.Slots, Lang)
		delete(simple.Slots, Lang)
		if simple.Intent != traditional.Intent || simple.Slots.String() != traditional.Slots.String() {
			t.Fatalf("%s %s and %s %s", simple.Intent, simple.Slots, traditional.Intent, traditional.Slots)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"净月今年还差多少个项目？", "那呢", "把它转到落地转化", "登记：\"", "5-10亿", "0037", "\xff\xfe", "叫的项目", "因为", "LY", "and's", "９９９９９９９９９９亿", "前零名", "İ", "二〇", "高新和经开", "退回，，"} {
		f.Add(s, "净月任务")
	}
	c := city(f)
	c.Projects = demoNames(f)
	f.Fuzz(func(t *testing.T, text, before string) {
		b := Read(before, c)
		c := c
		c.Before = &b
		r, again := Read(text, c), Read(text, c)
		if r.Intent != again.Intent || r.Slots.String() != again.Slots.String() {
			t.Fatalf("%q reads as %s %s and %s %s", text, r.Intent, r.Slots, again.Intent, again.Slots)
		}
		if r.Confidence < 0 || r.Confidence > 1 || r.Intent == "" {
			t.Errorf("%q: %s with confidence %v", text, r.Intent, r.Confidence)
		}
		checkSlots(t, c, text, r)
		width := lexicon.Width(text)
		for _, e := range Entities(text, c) {
			if e.From < 0 || e.From > e.To || e.To > len(width) || width[e.From:e.To] != e.Text {
				t.Errorf("%q: %+v is not in %q", text, e, width)
			}
		}
	})
}

// checkSlots checks that a reading has only slots that its intent takes, with
// values that mean something.
func checkSlots(t *testing.T, c Context, text string, r Reading) {
	t.Helper()
	always := []Slot{Lang, FollowUp, Typo, Confirm}
	for slot, v := range r.Slots {
		if v == "" || utf8.ValidString(text) && !utf8.ValidString(v) || !slices.Contains(takes[r.Intent], slot) && !slices.Contains(always, slot) {
			t.Errorf("%q: %s has %s=%q", text, r.Intent, slot, v)
		}
		if slot == Body && r.Intent != BodyExplain && r.Intent != UnknownBody || slot == Bodies || slot == LeadDept {
			for _, id := range r.Slots.List(slot) {
				if found := c.Bodies.Called(lexicon.Fold(id)); len(found) != 1 || found[0].ID != id {
					t.Errorf("%q: %s is no body", text, id)
				}
			}
		}
		if slot == SubPath && slices.ContainsFunc(r.Slots.List(slot), func(p string) bool { return !reporting.Path(p).Valid() }) {
			t.Errorf("%q: %s is no sub-path", text, v)
		}
	}
}

// BenchmarkRead reads a sentence of 200 characters with 60 bodies and 10,000
// projects.
func BenchmarkRead(b *testing.B) {
	c := city(b)
	list := &reporting.BodyList{Revision: 1}
	for _, r := range readCSV(b, "../demo/bodies.csv") {
		list.All = append(list.All, reporting.Body{ID: r[0], Kind: reporting.Kind(r[1]), Name: reporting.Names{ZhCN: r[3], ZhTW: r[4], En: r[5]}, Short: reporting.Names{ZhCN: r[6], ZhTW: r[7]}, Aliases: strings.Split(r[8], "|")})
	}
	for i := len(list.All); i < 60; i++ {
		x := list.All[i-39]
		x.ID = fmt.Sprintf("%s%d", x.ID, i)
		list.All = append(list.All, x)
	}
	c.Bodies, c.Projects = lexicon.New(list), NewNames()
	for i := range 10000 {
		c.Projects.Put(fmt.Sprintf("CC-2018-%04d", i), fmt.Sprintf("【示例】第%d号新能源汽车电驱系统产业园智能仓储物流基地", i))
	}
	text := strings.Repeat("请问净月高新区今年新能源汽车产业总投资10亿以上、处于谋划储备阶段的项目还差多少个没有更新，", 5)
	text = string([]rune(text)[:200])
	Read(text, c)
	b.ReportAllocs()
	for b.Loop() {
		Read(text, c)
	}
}

// TestPolitenessLeadsToNoWrite: who thanks is offered questions.
func TestPolitenessLeadsToNoWrite(t *testing.T) {
	c := city(t)
	for _, said := range []string{"谢谢", "thanks", "你是谁", "今天天气怎么样"} {
		r := Read(said, c)
		for _, in := range r.Nearest {
			if slices.Contains(writes, in) {
				t.Errorf("%s: is offered %s", said, in)
			}
		}
		if r.Intent == Unknown && len(r.Nearest) != 3 {
			t.Errorf("%s: offered %v", said, r.Nearest)
		}
	}
}
