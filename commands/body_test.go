package commands

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// shownBy returns the form that a command opens.
func shownBy(t *testing.T, a *App, user, text string) *Form {
	t.Helper()
	r := said(t, a, user, "body", text)
	if r.Form == nil {
		t.Fatalf("/body %s opened no form", text)
	}
	return r.Form
}

// filledIn are the values that a form begins with, changed by edits.
func filledIn(f *Form, edits map[string]string) map[string]string {
	v := map[string]string{}
	for _, x := range f.Fields {
		if x.Value != "" {
			v[x.ID] = x.Value
		}
		if x.Chosen != nil {
			v[x.ID] = x.Chosen.Value
		}
	}
	maps.Copy(v, edits)
	return v
}

func submitted(t *testing.T, a *App, user string, f *Form, once string, v map[string]string) SubmitResult {
	t.Helper()
	r, err := a.Submit(t.Context(), input(user, f, once, v))
	if err != nil {
		t.Fatalf("submit %s: %v", f.ID, err)
	}
	return r
}

func TestBodyAdd(t *testing.T) {
	a, l := city(t)
	good := map[string]string{
		"id": "beihu", "kind": "devzone", "name_zh_cn": " 长春北湖科技开发区 ", "short_zh_cn": "北湖", "name_en": "Beihu", "aliases": "北湖区\nBH\n\nBH",
		"parent": "xinqu", "leader": "<@U777|chen>", "channel": "https://x.slack.com/archives/C0BEIHU",
	}
	tests := []struct {
		name  string
		edit  map[string]string
		field string // of the fault; "" = saved
		key   string
	}{
		{"nothing typed", map[string]string{"id": "", "name_zh_cn": ""}, "id", "err.required"},
		{"id of characters", map[string]string{"id": "北湖"}, "id", "err.body.id"},
		{"id in capitals", map[string]string{"id": "Beihu"}, "id", "err.body.id"},
		{"id taken", map[string]string{"id": "jingyue"}, "id", "err.body.exists"},
		{"id that another body answers to", map[string]string{"id": "jk"}, "id", "err.body.alias"},
		{"kind", map[string]string{"kind": "province"}, "kind", "err.choice"},
		{"name too long", map[string]string{"name_zh_cn": strings.Repeat("长", 101)}, "name_zh_cn", "err.too_long"},
		{"parent unknown", map[string]string{"parent": "mars"}, "parent", "err.choice"},
		{"parent itself", map[string]string{"parent": "beihu"}, "parent", "err.choice"},
		{"leader", map[string]string{"leader": "陈市长"}, "leader", "err.user.id"},
		{"channel", map[string]string{"channel": "#general"}, "channel", "err.channel.id"},
		{"channel of another", map[string]string{"channel": "CKC"}, "channel", "err.channel.taken"},
		{"alias of another", map[string]string{"aliases": "净月"}, "aliases", "err.body.alias"},
		{"pinyin of another", map[string]string{"aliases": "jingyue"}, "aliases", "err.body.alias"},
		{"agreed initials of another", map[string]string{"aliases": "JY"}, "aliases", "err.body.alias"},
		{"short name of another", map[string]string{"short_zh_cn": "汽开"}, "short_zh_cn", "err.body.alias"},
		{"too many aliases", map[string]string{"aliases": manyLines(31)}, "aliases", "err.body.aliases"},
		{"saved", nil, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := shownBy(t, a, "URE", "新增")
			v := filledIn(f, good)
			maps.Copy(v, test.edit)
			r, err := a.Submit(t.Context(), input("URE", f, "view/"+test.name, v))
			if test.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				wants(t, "the answer", plainText(r.Tell), "北湖", "@U777", "#C0BEIHU", "长春新区")
				return
			}
			got := map[string]string{}
			for _, e := range errorsOf(err) {
				got[e.Field] = a.words.FieldTexts(reporting.ZhCN, reporting.FieldErrors{e})[e.Field]
			}
			maps.Copy(got, r.Errors)
			want := strings.SplitN(a.words.Say(reporting.ZhCN, test.key), "<no value>", 2)[0]
			if !strings.HasPrefix(got[test.field], want) || want == test.key {
				t.Errorf("got %v, want %s at %s", got, test.key, test.field)
			}
			if _, ok := l.bodies.Find("beihu"); ok {
				t.Error("a refused body was saved")
			}
		})
	}
	got, _ := l.bodies.Find("beihu")
	want := reporting.Body{
		ID: "beihu", Kind: reporting.DevZone, Group: "devzone", Name: reporting.Names{ZhCN: "长春北湖科技开发区", En: "Beihu"}, Short: reporting.Names{ZhCN: "北湖"},
		Aliases: []string{"北湖区", "BH"}, ParentID: "xinqu", LeaderID: "U777", ChannelID: "C0BEIHU", ChannelSince: filingNow.UnixMilli(), Version: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if e := l.events[len(l.events)-1]; e.Action != "body.add" || e.Actor != "URE" || e.Subject != "beihu" {
		t.Errorf("audited %+v", e)
	}
	if r := said(t, a, "ULE", "quota", "北湖区"); !strings.Contains(r.Reply.Text, "北湖") {
		t.Errorf("the new alias finds %q", r.Reply.Text)
	}
	f := shownBy(t, a, "URE", "add")
	if r := submitted(t, a, "URE", f, "view/saved", good); r.Tell == nil {
		t.Error("the same delivered again was not answered")
	}
}

func manyLines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("名" + strings.Repeat("甲", i+1) + "\n")
	}
	return b.String()
}

// errorsOf returns the faults in err.
func errorsOf(err error) reporting.FieldErrors {
	var all reporting.FieldErrors
	var one *reporting.Error
	if !errors.As(err, &all) && errors.As(err, &one) {
		all = reporting.FieldErrors{one}
	}
	return all
}

func TestTwoEditorsOfABody(t *testing.T) {
	a, l := city(t)
	first, second := shownBy(t, a, "URE", "edit 净月"), shownBy(t, a, "UAD", "edit jingyue")
	if r := submitted(t, a, "URE", first, "view/1", filledIn(first, map[string]string{"short_zh_cn": "净月区", "name_en": "Jingyue"})); r.Tell == nil || r.Next != nil {
		t.Fatalf("the first got %+v", r)
	}
	r := submitted(t, a, "UAD", second, "view/2", filledIn(second, map[string]string{"short_zh_cn": "净月高新", "leader": "U777"}))
	if r.Next == nil || r.Tell != nil {
		t.Fatalf("the second was not told: %+v", r)
	}
	wants(t, "the note", spans(field(t, r.Next, "conflict").Text), "净月区", "净月高新")
	if b, _ := l.bodies.Find("jingyue"); b.Short.ZhCN != "净月区" || b.LeaderID != "" {
		t.Errorf("the second overwrote the first: %+v", b)
	}
	v := filledIn(r.Next, nil)
	want := map[string]string{"short_zh_cn": "净月高新", "leader": "U777", "name_en": "Jingyue"}
	for id, text := range want {
		if v[id] != text {
			t.Errorf("%s = %q, want %q", id, v[id], text)
		}
	}
	if r := submitted(t, a, "UAD", r.Next, "view/3", v); r.Tell == nil {
		t.Fatalf("saving after the check gave %+v", r)
	}
	b, _ := l.bodies.Find("jingyue")
	if diff := cmp.Diff([]any{"净月高新", "Jingyue", "U777", 2, []string{"净月", "JY"}}, []any{b.Short.ZhCN, b.Name.En, b.LeaderID, b.Version, b.Aliases}); diff != "" {
		t.Error(diff)
	}
	if n := len(first.State); n > 2500 {
		t.Errorf("the state has %d bytes", n)
	}
}

func TestSuggestParent(t *testing.T) {
	a, _ := city(t)
	f := shownBy(t, a, "URE", "edit 净月")
	for typed, want := range map[string]string{"": "-", "新区": "xinqu", "净月": "-"} {
		options, err := a.Suggest(t.Context(), Search{User: "URE", FormID: f.ID, Field: "parent", State: f.State, Locale: reporting.ZhCN, Text: typed})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(options, func(o Option) bool { return o.Value == want }) || slices.ContainsFunc(options, func(o Option) bool { return o.Value == "jingyue" }) {
			t.Errorf("%q suggests %v", typed, options)
		}
	}
	if _, err := a.Suggest(t.Context(), Search{User: "UJY", FormID: f.ID, Field: "parent", State: f.State}); reporting.CodeOf(err) != reporting.Forbidden {
		t.Errorf("an official got %v", err)
	}
}

func TestBodyEnd(t *testing.T) {
	a, l := city(t)
	f := shownBy(t, a, "URE", "终止 汽开")
	for name, edit := range map[string]map[string]string{
		"day": {"day": "tomorrow", "reason": "改革"}, "reason": {"day": "2018-07-30"}, "successor": {"day": "2018-07-30", "reason": "x", "successor": "qikai"},
	} {
		r := submitted(t, a, "URE", f, "view/"+name, edit)
		if len(r.Errors) != 1 || r.Errors[name] == "" {
			t.Errorf("%s: got %v", name, r.Errors)
		}
	}
	ranked := plainText(said(t, a, "ULE", "report", "group 开发区").Reply)
	end := map[string]string{"day": "2018-07-31", "reason": "并入经开", "successor": "jingkai"}
	r := submitted(t, a, "URE", f, "view/end", end)
	wants(t, "the answer", plainText(r.Tell), "2018年7月31日", "并入经开", "经开区", "60", "`/quota set 汽开区`")
	// The last day still counts.
	if got := plainText(said(t, a, "ULE", "report", "group 开发区").Reply); got != ranked {
		t.Errorf("ranked otherwise on the last day:\n%s", got)
	}
	b, _ := l.bodies.Find("qikai")
	b.EndsOn = reporting.Date{Year: 2018, Month: 7, Day: 30}
	*l.body("qikai") = b
	l.bodies.Revision++
	a = l.app(t, filingNow)

	table := plainText(said(t, a, "ULE", "quota", "all").Reply)
	wants(t, "/quota all", table, "— | 汽开区（已终止） | 60 | 30")
	wants(t, "/quota", plainText(said(t, a, "ULE", "quota", "汽开").Reply), "并入经开", "已核实 30 个")
	lacks(t, "/quota", plainText(said(t, a, "ULE", "quota", "汽开").Reply), "组内名次", "第 ")
	l.body("qikai").ChannelID = "CQK"
	wants(t, "/nudge show", said(t, a, "URE", "nudge", "show 汽开").Reply.Text, "已终止")
	for _, refused := range []struct{ user, command, text string }{
		{"URE", "nudge", "now 汽开"}, {"UAD", "project", "register 汽开"},
	} {
		if _, err := say(t, a, refused.user, refused.command, refused.text); key(err) != "err.body.ended" {
			t.Errorf("/%s %s: %v", refused.command, refused.text, err)
		}
	}
	if out, err := a.Compose(t.Context(), nudgeOf("qikai", "2018-W31")); err != nil || out.Skip != "ended" {
		t.Errorf("its nudge: %+v, %v", out, err)
	}

	f = shownBy(t, a, "URE", "edit 汽开")
	submitted(t, a, "URE", f, "view/again", filledIn(f, map[string]string{"goes_on": "yes"}))
	if b, _ := l.bodies.Find("qikai"); !b.EndsOn.IsZero() || b.EndReason != "" || b.SuccessorID != "" {
		t.Errorf("not active again: %+v", b)
	}
}

// TestEndedBodyInForms: no new project names a body that has ended.
func TestEndedBodyInForms(t *testing.T) {
	a, s := office(t)
	s.bodies.All[1].EndsOn = reporting.Date{Year: 2018, Month: 7, Day: 30}
	if _, err := say(t, a, "UJY", "project", "register"); key(err) != "err.body.ended" {
		t.Errorf("register: %v", err)
	}
	f := said(t, a, "UGX", "project", "register").Form
	options, err := a.Suggest(t.Context(), Search{User: "UGX", FormID: f.ID, Field: "territory", State: f.State, Locale: reporting.ZhCN})
	if err != nil || slices.ContainsFunc(options, func(o Option) bool { return o.Value == "jingyue" }) || len(options) != 2 {
		t.Errorf("suggested %v, %v", options, err)
	}
	r := submitted(t, a, "UGX", f, "view/1", map[string]string{"territory": "jingyue"})
	if r.Errors["territory"] == "" {
		t.Errorf("an ended territory was taken: %v", r.Errors)
	}
}

func TestLeave(t *testing.T) {
	tests := []struct{ name, by, to, owner string }{
		{"to an official, by command", "assign <@UJY> none", "UJ2", "UJ2"},
		{"to the whole body, by command", "assign <@UJY> 无", wholeBody, ""},
		{"by button", "", wholeBody, ""},
		{"moving to another body", "assign <@UJY> official 宽城", "UJ2", "UJ2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, s := office(t)
			s.people["UJY"] = reporting.Person{UserID: "UJY", Name: "王经办", Role: reporting.Official, BodyID: "jingyue", Version: 3}
			s.people["UJ2"] = reporting.Person{UserID: "UJ2", Name: "郑经办", Role: reporting.Official, BodyID: "jingyue", Version: 1}
			s.drafts["D1"] = reporting.Draft{ID: "D1", UserID: "UJY", BodyID: "jingyue", Values: map[string]string{"name": "产业园"}}
			s.projects["CC-2018-0007"] = reporting.Project{ID: "CC-2018-0007", ReporterBody: "jingyue", FiledBy: "UJY", Status: reporting.Returned, Version: 2}
			var f *Form
			if test.by == "" {
				wants(t, "/body people", drawn(said(t, a, "URE", "body", "people 净月").Reply), "<@UJY>", "<@UJ2>", "→body.leave UJY]")
				f = pressed(t, a, "URE", "body.leave", "UJY").Form
			} else {
				f = shownBy(t, a, "URE", test.by)
			}
			if s.people["UJY"].BodyID != "jingyue" {
				t.Fatal("the role changed before anybody was named")
			}
			if diff := cmp.Diff([]Option{{Value: wholeBody, Label: "全单位（任何经办人）"}, {Value: "UJ2", Label: "郑经办"}}, field(t, f, "to").Options); diff != "" {
				t.Error(diff)
			}
			if _, err := a.Submit(t.Context(), input("UKC", f, "view/x", filledIn(f, nil))); reporting.CodeOf(err) != reporting.Forbidden {
				t.Errorf("an official handed over: %v", err)
			}
			for range 2 { // the second is the same, delivered again
				r := submitted(t, a, "URE", f, "view/1", map[string]string{"to": test.to})
				wants(t, "the answer", drawn(r.Tell), "<@UJY>")
			}
			if s.people["UJY"].BodyID == "jingyue" || s.drafts["D1"].UserID != test.owner || s.projects["CC-2018-0007"].FiledBy != test.owner {
				t.Errorf("now %+v, %+v, %+v", s.people["UJY"], s.drafts["D1"], s.projects["CC-2018-0007"])
			}
			if told := len(s.sent) == 1; told != (test.owner != "") {
				t.Errorf("sent %v", s.sent)
			}
			for _, m := range s.sent {
				out, err := a.Compose(t.Context(), m)
				if err != nil || out.Channel != "UJ2" {
					t.Fatalf("composed %+v, %v", out, err)
				}
				wants(t, "the message", drawn(out.Reply), "<@UJY>", "草稿 1 份", "项目 1 个", "净月高新区")
			}
			// Whoever it is left to can go on, and nobody else.
			wants(t, "/project mine", drawn(said(t, a, "UJ2", "project", "mine").Reply), "产业园")
			if _, err := a.Press(t.Context(), Press{User: "UKC", Action: "project.continue", Value: "D1", Locale: reporting.ZhCN}); err == nil {
				t.Error("an official of another body went on")
			}
			if pressed(t, a, "UJ2", "project.continue", "D1").Form == nil || s.drafts["D1"].UserID != "UJ2" {
				t.Errorf("not continued: %+v", s.drafts["D1"])
			}
		})
	}
}

func TestLeaveWithEmptyHands(t *testing.T) {
	a, l := city(t)
	if r := said(t, a, "UAD", "body", "assign <@ULE> none"); r.Form != nil || !strings.Contains(r.Reply.Text, "已收回") {
		t.Errorf("got %+v", r)
	}
	if _, ok := l.people["ULE"]; ok {
		t.Error("the role is still there")
	}
	if e := l.audit[len(l.audit)-1]; e.Action != "person.leave" || e.Before == nil || e.After != nil {
		t.Errorf("audited %+v", e)
	}
	if r := said(t, a, "UAD", "body", "assign <@ULE> none"); !strings.Contains(r.Reply.Text, "已收回") {
		t.Errorf("delivered again: %+v", r)
	}
}

func TestUnsureReadsOnly(t *testing.T) {
	a, _ := city(t)
	tests := []struct {
		command, text string
		ok            bool
	}{
		{"quota", "净月", true}, {"report", "", true}, {"body", "list", true}, {"body", "帮助", true}, {"nudge", "show 净月", true},
		{"project", "清单", true}, {"review", "queue", true}, {"mouhua", "", true},
		{"body", "assign <@U9> official 净月", false}, {"body", "add", false}, {"review", "approve 0001", false},
		{"project", "登记", false}, {"nudge", "now 净月", false}, {"body", "channel 净月 <#C9>", false},
	}
	for _, test := range tests {
		_, err := a.Command(t.Context(), Request{User: "UAD", Channel: "D1", Command: test.command, Text: test.text, Locale: reporting.ZhCN, Unsure: true})
		if refused := key(err) == "err.person.unsure"; refused == test.ok {
			t.Errorf("/%s %s: %v", test.command, test.text, err)
		}
	}
	for action, ok := range map[string]bool{"quota.show": true, "body.leave": false, "review.approve": false} {
		_, err := a.Press(t.Context(), Press{User: "UAD", Action: action, Value: "jingyue/2018", Locale: reporting.ZhCN, Unsure: true})
		if refused := key(err) == "err.person.unsure"; refused == ok {
			t.Errorf("%s: %v", action, err)
		}
	}
}

func TestBodyListMentionsChannels(t *testing.T) {
	a, _ := city(t)
	text := plainText(said(t, a, "URE", "body", "list").Reply)
	wants(t, "/body list", text, "净月高新区：#CJY", "宽城区：#CKC", "body.add")
	lacks(t, "/body list", text, "| CJY |")
	_, err := say(t, a, "URE", "body", "channel 净月 <#CKC|kc>")
	if told, _ := a.words.Explain(reporting.ZhCN, err, ""); !strings.Contains(told, "宽城区") {
		t.Errorf("told %q", told)
	}
}
