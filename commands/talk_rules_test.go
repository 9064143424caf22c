package commands

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// opens begins a filing of an official of Jingyue with a name and a total.
func opens(t *testing.T) *talker {
	t.Helper()
	k := talks(t, "UJY", reporting.ZhCN)
	if _, err := k.begins("登记：轴承园，总投资3.2亿", question.Slots{}); err != nil {
		t.Fatal(err)
	}
	return k
}

// sayable is what is said for a field that has no choices.
var sayable = map[string]string{
	reporting.FieldName: "轴承园二期", reporting.FieldTerritory: "绿园", reporting.FieldLeadDept: "商务局", reporting.FieldLocation: "净月大街1号",
	reporting.FieldOwner: "长春轨道客车", reporting.FieldInvest: "350 million", reporting.FieldContent: goodPage2[reporting.FieldContent],
	reporting.FieldStart: "2018年9月", reporting.FieldFinish: "June 2020", reporting.FieldEvidence: "会议纪要", reporting.FieldContact: "王经办 13812345678",
	reporting.FieldCode: "2018-220102-36-03-000001", reporting.FieldPathDetail: "数字经济园", reporting.DetailFrom: "摆渡创新工场",
}

// TestEveryFieldCanBeSaid fills every field that the form has, on every path,
// by its name, and lets it be asked where the form asks for it.
func TestEveryFieldCanBeSaid(t *testing.T) {
	for _, p := range reporting.Paths {
		k := opens(t)
		d, err := k.a.desk(k.call("", ""), "jingyue")
		if err != nil {
			t.Fatal(err)
		}
		filled := map[string]bool{}
		say := func(f Field, text string) {
			t.Helper()
			answer := k.says(f.Label + "：" + text)
			if v := k.values(); v[f.ID] == "" {
				t.Fatalf("%s: %s said as %q is not kept:\n%s", p, f.ID, text, answer)
			}
			filled[f.ID] = true
		}
		path, _ := d.field(k.values(), reporting.FieldPath)
		say(path, string(p))
		filled[reporting.FieldRoute] = true // it came along
		for again := true; again; {
			again = false
			for _, f := range d.fields(k.values()) {
				if filled[f.ID] {
					continue
				}
				text := sayable[f.ID]
				if len(f.Options) > 0 {
					text = f.Options[0].Label
				}
				if text == "" {
					t.Fatalf("%s: nothing to say for the new field %s", p, f.ID)
				}
				say(f, text)
				again = true // it may bring others along
				break
			}
		}
		v := k.values()
		for _, page := range reporting.FormPages {
			for _, id := range page {
				if !filled[id] && !(id == reporting.FieldPathDetail && detailed(v)) {
					t.Errorf("%s: %s cannot be said", p, id)
				}
			}
		}
		if faults := d.faults(v); len(faults) > 0 {
			t.Errorf("%s: %v", p, faults)
		}
		if r := k.presses("talk.file"); !strings.Contains(r, "CC-2018-0001") {
			t.Errorf("%s: %s", p, r)
		}
	}
}

// TestEveryFieldIsAsked answers only what is asked until all is there.
func TestEveryFieldIsAsked(t *testing.T) {
	for _, p := range reporting.Paths {
		k := talks(t, "UGX", reporting.ZhCN)
		if _, err := k.begins("我要报一个项目", question.Slots{question.SubPath: string(p)}); err != nil {
			t.Fatal(err)
		}
		d, _ := k.a.desk(k.call("", ""), "gxj")
		var asked []string
		for id := k.state().Asked; id != ""; id = k.state().Asked {
			if slices.Contains(asked, id) {
				t.Fatalf("%s: %s is asked twice: %s", p, id, drawn(k.last))
			}
			asked = append(asked, id)
			f, _ := d.field(k.values(), id)
			if len(f.Options) > 0 {
				k.presses("talk.choose")
			} else if k.says(sayable[id]); id == reporting.FieldPath {
				t.Fatal("a path without choices")
			}
		}
		for _, id := range slices.Concat(reporting.FormPages[0], reporting.FormPages[1]) {
			known := id == reporting.FieldRoute || id == reporting.FieldPath || id == reporting.FieldLeadDept || id == reporting.FieldPathDetail
			if !known && !slices.Contains(asked, id) {
				t.Errorf("%s: %s is not asked for", p, id)
			}
		}
		if r := k.presses("talk.file"); !strings.Contains(r, "CC-2018-0001") {
			t.Errorf("%s: %s", p, r)
		}
	}
}

func TestTalkRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		user, text, want string
		slots            question.Slots
		unsure, ended    bool
	}{
		"a leader":            {user: "ULE", text: "我要报一个项目", want: "err.forbidden"},
		"a reviewer":          {user: "URE", text: "我要报一个项目", want: "err.forbidden"},
		"no body":             {user: "UNO", text: "我要报一个项目", want: "err.body.none"},
		"an admin, no body":   {user: "UAD", text: "我要报一个项目", want: "err.talk.body"},
		"for another body":    {user: "UJY", text: "给宽城区报一个项目", want: "err.forbidden"},
		"for another, en":     {user: "UJY", text: "register for kuancheng: Bearing Park", want: "err.forbidden"},
		"not known yet":       {user: "UJY", text: "我要报一个项目", want: "err.person.unsure", unsure: true},
		"a body that is over": {user: "UJY", text: "我要报一个项目", want: "err.body.ended", ended: true},
	} {
		k := talks(t, c.user, reporting.ZhCN)
		if c.ended {
			k.ends("jingyue")
		}
		call := k.call(c.text, "e")
		call.unsure = c.unsure
		_, err := k.a.beginTalk(call, question.Reading{Intent: question.ProjectRegister, Slots: c.slots})
		if key(err) != c.want || len(k.s.drafts) != 0 || k.state().Draft != "" {
			t.Errorf("%s: %v with %d drafts, want %s and none", name, err, len(k.s.drafts), c.want)
		}
	}
}

// ends ends a body.
func (k *talker) ends(id string) {
	for i := range k.s.bodies.All {
		if b := &k.s.bodies.All[i]; b.ID == id {
			b.EndsOn = reporting.Date{Year: 2018, Month: time.July, Day: 1}
		}
	}
	k.s.bodies.Revision++
}

func TestForWhomItIsFiled(t *testing.T) {
	for _, c := range []struct {
		user, text, body, territory, dept string
		slots                             question.Slots
	}{
		{"UAD", "给净月登记：轴承园", "jingyue", "jingyue", "", nil},
		{"UAD", "register for gxj: Bearing Park", "gxj", "", "gxj", nil},
		{"UAD", "登记一个项目", "kuancheng", "kuancheng", "", question.Slots{question.Body: "kuancheng"}},
		{"UGX", "登记：轴承园", "gxj", "kuancheng", "gxj", question.Slots{question.Body: "kuancheng"}},
		{"UJY", "登记：轴承园", "jingyue", "jingyue", "gxj", question.Slots{question.LeadDept: "gxj"}},
		{"UJY", "登记：轴承园", "jingyue", "lvyuan", "", question.Slots{question.Body: "lvyuan"}},
	} {
		k := talks(t, c.user, reporting.ZhCN)
		if _, err := k.begins(c.text, c.slots); err != nil {
			t.Errorf("%s %q: %v", c.user, c.text, err)
			continue
		}
		v := k.values()
		if got := []string{k.state().Body, v[reporting.FieldTerritory], v[reporting.FieldLeadDept]}; !slices.Equal(got, []string{c.body, c.territory, c.dept}) {
			t.Errorf("%s %q: %q", c.user, c.text, got)
		}
	}
}

// TestFirstSentences reads what begins a filing.
func TestFirstSentences(t *testing.T) {
	for said, want := range map[string]string{
		"我要报一个项目": "", "報一個項目": "", "register a project": "",
		"登记：轴承园": "name=轴承园",
		"登记一个项目，名称是轴承园，总投资3.2亿":                                                                   "invest=3.2亿 name=轴承园",
		"帮我报个项目：轴承园；业主单位：长春轨道客车；投资约32,000万元":                                                      "invest=32,000万元 name=轴承园 owner=长春轨道客车",
		"登记：轴承园，三亿二千万，新建，展会招商，已签约":                                                                "invest=三亿二千万 milestone=signed name=轴承园 nature=new path=R1.3 route=R1",
		"登记：轴承园，2018年9月开工，2020年6月建成，汽车产业":                                                         "finish=2020-06 industry=auto name=轴承园 start=2018-09",
		"登记：轴承园，2018年9月至2020年6月，地点在净月大街1号，靠近地铁":                                                   "finish=2020-06 location=净月大街1号，靠近地铁 name=轴承园 start=2018-09",
		"登记：总投资3.2亿，轴承园":                                                                          "invest=3.2亿",
		"登记：轴承园，总投资3.2":                                                                           "name=轴承园",
		"登记：轴承园，主管部门是商务局，属地是绿园":                                                                   "lead_dept=swj name=轴承园 territory=lvyuan",
		"register: Bearing Park, total investment of 320 million yuan, located in Jingyue Street": "invest=320 million yuan location=Jingyue Street name=Bearing Park",
	} {
		k := talks(t, "UJY", reporting.ZhCN)
		if _, err := k.begins(said, question.Slots{}); err != nil {
			t.Fatal(err)
		}
		v := maps.Clone(k.values())
		delete(v, openingKey)
		if v[reporting.FieldTerritory] == "jingyue" {
			delete(v, reporting.FieldTerritory)
		}
		var got []string
		for _, id := range slices.Sorted(maps.Keys(v)) {
			got = append(got, id+"="+v[id])
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", said, diff)
		}
	}
}

// TestCorrections change what was said before.
func TestCorrections(t *testing.T) {
	for said, want := range map[string][2]string{
		"不对，是3.5亿":                      {reporting.FieldInvest, "3.5亿"},
		"不对,应该是3.5亿吧":                   {reporting.FieldInvest, "3.5亿"},
		"不是3.2亿，是3.5亿":                  {reporting.FieldInvest, "3.5亿"},
		"投资改成3.5亿":                      {reporting.FieldInvest, "3.5亿"},
		"把总投资改为 35000 万":                {reporting.FieldInvest, "35000 万"},
		"錯了，總投資應該是3.5億":                 {reporting.FieldInvest, "3.5億"},
		"no, it is 350 million":         {reporting.FieldInvest, "350 million"},
		"change the investment to 350m": {reporting.FieldInvest, "350m"},
		"actually the total is 3.5亿":    {reporting.FieldInvest, "3.5亿"},
		"改成3.5亿":                        {reporting.FieldInvest, "3.5亿"},
		"业主是长春轨道客车":                     {reporting.FieldOwner, "长春轨道客车"},
		"属地应该是绿园":                       {reporting.FieldTerritory, "lvyuan"},
		"不对，应该是绿园":                      {reporting.FieldTerritory, "lvyuan"},
		"不对，名称是轴承产业园":                   {reporting.FieldName, "轴承产业园"},
		"路径是展会招商":                       {reporting.FieldPath, "R1.3"},
		"总投资3.5亿":                       {reporting.FieldInvest, "3.5亿"},
		// What answers the open question, which is about the place.
		"投资大厦3号楼": {reporting.FieldLocation, "投资大厦3号楼"},
		"净月":      {reporting.FieldLocation, "净月"},
		"还差一条街":   {reporting.FieldLocation, "还差一条街"},
	} {
		k := opens(t)
		if answer := k.says(said); k.values()[want[0]] != want[1] {
			t.Errorf("%s: %s is %q, want %q:\n%s", said, want[0], k.values()[want[0]], want[1], answer)
		}
	}
}

// TestTalkNotUnderstood changes nothing that was right, and says what would be.
func TestTalkNotUnderstood(t *testing.T) {
	for _, c := range []struct{ before, said, want string }{
		{"", "不对", "没有听懂要改哪一项"},
		{"", "不对，是火星", "没有听懂要改哪一项"},
		{"", "投资是很多", "没有读成金额"},
		{"", "属地是工信局", "属地"},
		{"", "跳过", "不能跳过"},
		{"总投资是4亿", "行业主管部门是绿园", "部门"},
		{"", "产业是火箭", "请从列表中重新选择"},
		{"", "开工是九月", "年月"},
	} {
		k := opens(t)
		if c.before != "" {
			k.says(c.before)
		}
		before := maps.Clone(k.values())
		wants(t, c.said, k.says(c.said), c.want)
		after := k.values()
		delete(after, reporting.FieldStart) // typed wrong where nothing was: the form shows it
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("%s changed:\n%s", c.said, diff)
		}
	}
}

// TestRestartInTheMiddle goes on with another process.
func TestRestartInTheMiddle(t *testing.T) {
	k := opens(t)
	k.says("净月大街1号")
	k.a = New(k.s, k.a.words, k.a.cfg)
	wants(t, "after the restart", k.says("长春轨道客车"), "建设（业主）单位=长春轨道客车", "谋划途径")
	if v := k.values(); v[reporting.FieldLocation] != "净月大街1号" || v[reporting.FieldOwner] != "长春轨道客车" {
		t.Errorf("%v", v)
	}
}

// TestDeliveredTwice takes every sentence and button once.
func TestTalkDeliveredTwice(t *testing.T) {
	k := talks(t, "UJY", reporting.ZhCN)
	for range 2 {
		k.n = 100
		if _, err := k.begins("登记：轴承园", question.Slots{}); err != nil {
			t.Fatal(err)
		}
	}
	if len(k.s.drafts) != 1 {
		t.Fatalf("%d drafts", len(k.s.drafts))
	}
	for range 2 {
		k.n = 200
		k.says("净月大街1号")
	}
	if v := k.values(); v[reporting.FieldLocation] != "净月大街1号" || v[reporting.FieldOwner] != "" {
		t.Errorf("said once: %v", v)
	}
	for _, said := range []string{"拟引进", "展会招商", "东博会", "3.2亿", goodPage2[reporting.FieldContent], "新建", "汽车", "2018-09", "2020-06", "签约", "会议纪要", "王经办 13812345678"} {
		k.says(said)
	}
	card := k.last
	var first string
	for range 3 {
		k.n, k.last = 300, card
		answer := k.presses("talk.file")
		if first == "" {
			first = answer
		}
		if diff := cmp.Diff(first, answer); diff != "" {
			t.Errorf("pressed again: %s", diff)
		}
	}
	if len(k.s.projects) != 1 || len(k.s.drafts) != 0 {
		t.Errorf("%d projects, %d drafts", len(k.s.projects), len(k.s.drafts))
	}
	k.last = card
	if got := k.presses("talk.file"); got != "error err.draft.gone" {
		t.Errorf("pressed anew: %s", got)
	}
}

// TestTwoAtOnce loses neither of two answers that come together.
func TestTwoAtOnce(t *testing.T) {
	k := opens(t)
	var all sync.WaitGroup
	for i, text := range []string{"业主是长春轨道客车", "联系人是王经办", "佐证材料是会议纪要", "地点是净月大街", "性质是新建", "产业是汽车"} {
		all.Go(func() {
			if _, err := k.a.Ask(t.Context(), k.request(text, fmt.Sprintf("at once/%d", i))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	v := k.values()
	for id, want := range map[string]string{
		reporting.FieldOwner: "长春轨道客车", reporting.FieldContact: "王经办", reporting.FieldEvidence: "会议纪要", reporting.FieldLocation: "净月大街",
		reporting.FieldNature: "new", reporting.FieldIndustry: "auto",
	} {
		if v[id] != want {
			t.Errorf("%s is %q, want %q", id, v[id], want)
		}
	}
}

// TestWhoseAnswerItIs takes only what the person who files says, where they file.
func TestWhoseAnswerItIs(t *testing.T) {
	k := talks(t, "UJY", reporting.ZhCN)
	k.thread = "1.1"
	if _, err := k.begins("登记：轴承园", question.Slots{}); err != nil {
		t.Fatal(err)
	}
	mine := k.last
	k.user = "UKC"
	k.says("净月大街1号")
	k.last = mine
	if got := k.presses("talk.stop"); got != "error err.draft.gone" {
		t.Errorf("another person pressed: %s", got)
	}
	k.user, k.thread = "UJY", "2.2"
	k.says("净月大街2号")
	if v := k.values(); v[reporting.FieldLocation] != "" {
		t.Errorf("taken from elsewhere: %v", v)
	}
	k.thread = "1.1"
	r := k.request("净月大街3号", k.once())
	r.Overheard = true
	if _, err := k.took(k.a.Ask(t.Context(), r)); err != nil || k.values()[reporting.FieldLocation] != "净月大街3号" {
		t.Errorf("overheard: %v, %v", k.values(), err)
	}
	r = k.request("拟引进", k.once())
	r.Unsure = true
	if _, err := k.a.Ask(t.Context(), r); key(err) != "err.person.unsure" || k.values()[reporting.FieldOwner] != "" {
		t.Errorf("of somebody not known yet: %v", err)
	}
}

// TestAsideAndBack answers another question and asks the open one again.
func TestAsideAndBack(t *testing.T) {
	k := opens(t)
	answer := k.says("help")
	wants(t, "help", answer, "/project", "接着登记。请问：建设地点")
	if v := k.values(); v[reporting.FieldLocation] != "" {
		t.Errorf("taken for an answer: %v", v)
	}
	k.says("净月大街1号")
	k.says("拟引进")
	// A body alone is a question, too, and no route.
	wants(t, "a body", k.says("净月高新区"), "净月高新区", "接着登记。请问：谋划途径")
	// What names a choice is a question all the same.
	wants(t, "a list", k.says("招商引资的项目有哪些？"), "接着登记。请问：谋划途径")
	wants(t, "the answer", k.says("展会招商"), "R1.3")
}

// TestTalkEnds: what ends a filing, and what comes of the next sentence.
func TestTalkEnds(t *testing.T) {
	t.Run("stopped", func(t *testing.T) {
		k := opens(t)
		wants(t, "stopped", k.says("算了"), "存为草稿", "talk.resume", "project.discard")
		k.says("净月大街1号")
		if v := k.values(); v[reporting.FieldLocation] != "" || v[reporting.FieldName] != "轴承园" {
			t.Errorf("%v", v)
		}
	})
	t.Run("filed in the form", func(t *testing.T) {
		k := opens(t)
		b := k.button("project.continue")
		f := pressed(t, k.a, "UJY", b.Action, b.Value).Form
		if field(t, f, reporting.FieldName).Value != "轴承园" || field(t, f, reporting.FieldInvest).Value != "3.2亿" {
			t.Error("the form does not hold what was said")
		}
		file(t, k.a, "UJY", f, "form", goodPage1, goodPage2)
		k.says("净月大街1号")
		if k.state().Draft != "" || len(k.s.drafts) != 0 {
			t.Error("the filing is still open")
		}
	})
	t.Run("changed in the form meanwhile", func(t *testing.T) {
		k := opens(t)
		for id, d := range k.s.drafts {
			d.Values, d.Stamp = with(d.Values, reporting.FieldOwner, "拟引进"), d.Stamp+10
			k.s.drafts[id] = d
		}
		k.says("净月大街1号")
		if v := k.values(); v[reporting.FieldOwner] != "拟引进" || v[reporting.FieldLocation] != "净月大街1号" {
			t.Errorf("%v", v)
		}
	})
	t.Run("a day later", func(t *testing.T) {
		k := opens(t)
		card := k.last
		k.a.cfg.Now = func() time.Time { return filingNow.Add(25 * time.Hour) }
		k.says("净月大街1号")
		if k.values()[reporting.FieldLocation] != "" {
			t.Error("taken for an answer")
		}
		k.last = card
		wants(t, "gone on", k.presses("project.continue"), "form project.page1")
	})
	t.Run("no longer of the body", func(t *testing.T) {
		k := opens(t)
		k.s.people["UJY"] = reporting.Person{UserID: "UJY", Role: reporting.Official, BodyID: "gxj"}
		if got := k.says("净月大街1号"); got != "error err.forbidden" || k.state().Draft != "" {
			t.Errorf("%s, %+v", got, k.state())
		}
	})
	t.Run("a stranger by now", func(t *testing.T) {
		k := opens(t)
		delete(k.s.people, "UJY")
		k.says("净月大街1号")
		if k.values()[reporting.FieldLocation] != "" {
			t.Error("taken for an answer")
		}
	})
	t.Run("the body ended", func(t *testing.T) {
		k := opens(t)
		k.ends("jingyue")
		if got := k.says("净月大街1号"); got != "error err.body.ended" || len(k.s.drafts) != 1 {
			t.Errorf("%s", got)
		}
	})
	t.Run("the database is away", func(t *testing.T) {
		k := opens(t)
		k.s.away = errAway
		if got := k.says("净月大街1号"); got != "error err.database" {
			t.Errorf("%s", got)
		}
		k.s.away = nil
		k.says("净月大街1号")
		if k.values()[reporting.FieldLocation] != "净月大街1号" {
			t.Error("it does not go on")
		}
	})
}

// complete says all that is missing.
func (k *talker) completes() {
	k.t.Helper()
	for _, said := range []string{"净月大街1号", "拟引进", "园区招商", "数字经济园", goodPage2[reporting.FieldContent], "新建", "汽车", "2018-09", "2020-06", "签约", "会议纪要", "王经办 13812345678"} {
		k.says(said)
	}
}

// TestWhatIsPressedIsWhatWasSeen files no values that the card did not show, and
// asks again for what the form refuses.
func TestWhatIsPressedIsWhatWasSeen(t *testing.T) {
	k := opens(t)
	k.completes()
	card := k.last
	k.says("投资改成8000万")
	k.last = card
	wants(t, "an older card", k.presses("talk.file"), "没有提交", "0.80 亿元", "不计入任务")
	if len(k.s.projects) != 0 {
		t.Fatal("filed unseen")
	}
	k.says("投资改成3.5亿")
	k.says("项目代码是 2019-220102-36-03-000001")
	if got := k.presses("talk.file"); !strings.Contains(got, "代码") || k.state().Asked != reporting.FieldCode || len(k.s.projects) != 0 {
		t.Fatalf("a code of a year that has not come: %s, %+v", got, k.state())
	}
	k.says("2018-220102-36-03-000001")
	wants(t, "filed", k.presses("talk.file"), "CC-2018-0001", "3.50 亿元")

	// The next one looks like it.
	if _, err := k.begins("登记：轴承园，总投资3.5亿", question.Slots{}); err != nil {
		t.Fatal(err)
	}
	k.completes()
	if got := k.presses("talk.file"); got != "form "+alikePage {
		t.Fatalf("%s", got)
	}
	r, err := k.a.Submit(t.Context(), input("UJY", k.form, "anyway", map[string]string{reporting.FieldAnyway: "二期"}))
	if err != nil || r.Tell == nil || len(k.s.projects) != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestAnotherOneIsBegun keeps the draft of the first.
func TestAnotherOneIsBegun(t *testing.T) {
	k := opens(t)
	if _, err := k.begins("登记：客车园", question.Slots{}); err != nil {
		t.Fatal(err)
	}
	wants(t, "begun", drawn(k.last), "项目名称=客车园", "另有 1 份草稿")
	if len(k.s.drafts) != 2 {
		t.Errorf("%d drafts", len(k.s.drafts))
	}
	k.says("净月大街1号")
	if d := k.s.drafts[k.state().Draft]; d.Values[reporting.FieldName] != "客车园" || d.Values[reporting.FieldLocation] != "净月大街1号" {
		t.Errorf("%v", d.Values)
	}
}

// TestTalkWhichBody asks with buttons where several fit.
func TestTalkWhichBody(t *testing.T) {
	k := opens(t)
	answer := k.says("属地是高新")
	wants(t, "asked", answer, "属地", "talk.choose")
}

// TestTalkWordsAreOne: no word steers a filing in two ways.
func TestTalkWordsAreOne(t *testing.T) {
	all, _ := texts(t)
	seen := map[string]string{}
	for key := range talkSteers {
		for _, l := range reporting.Locales {
			for _, w := range strings.Split(all[l]["talk.say."+key], "|") {
				if other := seen[fold(w)]; other != "" && other != key {
					t.Errorf("%q is both %s and %s", w, other, key)
				}
				seen[fold(w)] = key
			}
		}
	}
	for _, page := range []int{1, 2} {
		for _, id := range pageFields(page) {
			for _, l := range reporting.Locales {
				if all[l]["talk.words."+id] == "" {
					t.Errorf("%s: nobody can call %s by a name", l, id)
				}
			}
		}
	}
}

// FuzzTalk: whatever is said, what a filing then holds is what the form takes at
// the fields that were filled in.
func FuzzTalk(f *testing.F) {
	for _, s := range []string{"不对，是3.5亿", "业主是长春轨道客车，属地应该是绿园", "算了", "給淨月登記：", "2018年9月到2020年6月", "no, it is 350 million", "，，：是", "第3个"} {
		f.Add(s, reporting.FieldLocation)
		f.Add(s, reporting.FieldStart)
		f.Add(s, reporting.FieldRoute)
	}
	a, _ := office(f)
	lists := plan(f)
	f.Fuzz(func(t *testing.T, said, asked string) {
		c := &call{ctx: t.Context(), actor: reporting.Actor{UserID: "UJY", Role: reporting.Official, BodyID: "jingyue"}, locale: reporting.ZhCN, text: said, day: reporting.Date{Year: 2018, Month: time.July, Day: 31}, catalogue: lists}
		d, err := a.desk(c, "jingyue")
		if err != nil {
			t.Fatal(err)
		}
		before := map[string]string{reporting.FieldTerritory: "jingyue", reporting.FieldInvest: "3.2亿"}
		now := d.next(d.understand(talked{Draft: "d", Body: "jingyue", Values: before, Asked: asked, Last: reporting.FieldInvest}, said).apply(talked{Values: before}))
		if len(before) != 2 {
			t.Fatalf("%q changed what was there before: %v", said, before)
		}
		faults := d.faults(now.Values)
		for id, v := range now.Values {
			if faults[id] != nil && !keepsWrong[id] && v != before[id] {
				t.Errorf("%q fills %s with %q: %v", said, id, v, faults[id])
			}
		}
		d.reply(now, d.understand(now, said))
	})
}

// TestTalkLost says what would be right to what cannot be followed, and keeps
// what is there.
func TestTalkLost(t *testing.T) {
	for text, want := range map[string]string{"跳过": "err.talk.required", "不对": "err.talk.which"} {
		k := opens(t)
		before := k.values()
		said := k.says(text)
		wants(t, text, said, k.a.words.Say(reporting.ZhCN, want))
		if diff := cmp.Diff(before, k.values()); diff != "" {
			t.Errorf("%s changed what was kept (-before +after):\n%s", text, diff)
		}
	}
}
