package commands

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// drawn returns a Reply as lines of text, buttons as [label→action value].
func drawn(r *Reply) string {
	if r == nil {
		return ""
	}
	var b strings.Builder
	for _, p := range r.Parts {
		switch p := p.(type) {
		case Heading:
			fmt.Fprintf(&b, "# %s\n", string(p))
		case Paragraph:
			b.WriteString(spans(p) + "\n")
		case Note:
			b.WriteString("~ " + spans(p) + "\n")
		case Bullets:
			for _, line := range p {
				b.WriteString("- " + spans(line) + "\n")
			}
		case Facts:
			for _, f := range p {
				b.WriteString(f.Label + "=" + spans(f.Value) + "\n")
			}
		case Table:
			for _, row := range p.Rows {
				b.WriteString("| " + strings.Join(row, " | ") + "\n")
			}
		case Buttons:
			for _, x := range p {
				fmt.Fprintf(&b, "[%s→%s %s]", x.Label, x.Action, x.Value)
			}
			b.WriteString("\n")
		case Chart:
			fmt.Fprintf(&b, "(%s) %s: %v %v\n", p.Kind, p.Title, p.Categories, p.Series)
		case Rule:
			b.WriteString("---\n")
		}
	}
	return b.String()
}

func spans(s []Span) string {
	var b strings.Builder
	for _, x := range s {
		switch {
		case x.User != "":
			b.WriteString("<@" + x.User + ">")
		case x.Channel != "":
			b.WriteString("<#" + x.Channel + ">")
		default:
			b.WriteString(x.Text)
		}
	}
	return b.String()
}

func wants(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s lacks %q:\n%s", what, p, text)
		}
	}
}

func lacks(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%s has %q:\n%s", what, p, text)
		}
	}
}

func say(t *testing.T, a *App, user, command, text string) (Response, error) {
	t.Helper()
	return a.Command(t.Context(), Request{User: user, Channel: "C1", Command: command, Text: text, Locale: reporting.ZhCN, Once: "cmd/" + user + text})
}

func said(t *testing.T, a *App, user, command, text string) Response {
	t.Helper()
	r, err := say(t, a, user, command, text)
	if err != nil {
		t.Fatalf("%s: /%s %s: %v", user, command, text, err)
	}
	return r
}

func pressed(t *testing.T, a *App, user, action, value string) Response {
	t.Helper()
	r, err := a.Press(t.Context(), Press{User: user, Channel: "C1", Action: action, Value: value, Locale: reporting.ZhCN, Once: "act/" + user + action + value})
	if err != nil {
		t.Fatalf("%s pressed %s %s: %v", user, action, value, err)
	}
	return r
}

func key(err error) string {
	var e *reporting.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return fmt.Sprint(err)
}

func input(user string, f *Form, once string, v map[string]string) Input {
	return Input{User: user, FormID: f.ID, State: f.State, Locale: f.Locale, Values: v, Once: once}
}

func field(t *testing.T, f *Form, id string) Field {
	t.Helper()
	for _, x := range f.Fields {
		if x.ID == id {
			return x
		}
	}
	t.Fatalf("form %s has no field %s", f.ID, id)
	return Field{}
}

var goodPage1 = map[string]string{
	reporting.FieldName: "<!channel> *汽车* =1+1", reporting.FieldTerritory: "jingyue", reporting.FieldLeadDept: "gxj",
	reporting.FieldLocation: "净月大街1号", reporting.FieldOwner: "拟引进", reporting.FieldRoute: "R1", reporting.FieldPath: "R1.3",
	reporting.FieldPathDetail: "东博会", reporting.FieldInvest: "３．２亿元",
}

var goodPage2 = map[string]string{
	reporting.FieldContent: "建设年产十万套零部件的厂房两座，并配套研发中心一处。", reporting.FieldNature: "new", reporting.FieldIndustry: "auto",
	reporting.FieldStart: "2018-09", reporting.FieldFinish: "2020-06", reporting.FieldMilestone: "signed",
	reporting.FieldEvidence: "项目建议书", reporting.FieldContact: "王经办 13812345678",
}

func with(v map[string]string, pairs ...string) map[string]string {
	out := maps.Clone(v)
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

// file fills both pages in and returns the answer.
func file(t *testing.T, a *App, user string, f *Form, once string, page1, page2 map[string]string) SubmitResult {
	t.Helper()
	r, err := a.Submit(t.Context(), input(user, f, once+"/1", page1))
	if err != nil || r.Next == nil {
		t.Fatalf("page 1: %+v, %v", r.Errors, err)
	}
	r, err = a.Submit(t.Context(), input(user, r.Next, once+"/2", page2))
	if err != nil {
		t.Fatalf("page 2: %v", err)
	}
	return r
}

// One submission delivered twice at the same time gets one answer: the second
// does not take what the first has filed meanwhile for somebody else's.
func TestFiledMeanwhile(t *testing.T) {
	a, s := office(t)
	late := &lateAlike{shelf: s}
	a.store = late
	r, err := a.Submit(t.Context(), input("UJY", said(t, a, "UJY", "project", "登记").Form, "v/1", goodPage1))
	if err != nil || r.Next == nil {
		t.Fatalf("page 1: %+v, %v", r, err)
	}
	page2 := input("UJY", r.Next, "v/2", goodPage2)
	var first SubmitResult
	late.first = func() {
		if first, err = a.Submit(t.Context(), page2); err != nil {
			t.Error(err)
		}
	}
	second, err := a.Submit(t.Context(), page2)
	if err != nil || second.Next != nil || len(second.Errors) > 0 || drawn(second.Tell) != drawn(first.Tell) || len(s.projects) != 1 {
		t.Errorf("%+v, %v with %d projects", second, err, len(s.projects))
	}
}

func TestFilingStory(t *testing.T) {
	a, s := office(t)
	f := said(t, a, "UJY", "project", "登记").Form
	if f == nil || f.ID != "project.page1" || len(s.drafts) != 0 {
		t.Fatalf("register: form %+v with %d drafts, want page 1 and none", f, len(s.drafts))
	}
	if c := field(t, f, reporting.FieldTerritory).Chosen; c == nil || c.Value != "jingyue" {
		t.Errorf("territory begins with %+v, want the official's own body", c)
	}
	r := file(t, a, "UJY", f, "view", goodPage1, goodPage2)
	if len(r.Errors) > 0 || r.Tell == nil || r.TellIn != "C1" {
		t.Fatalf("filed: errors %v, told in %q", r.Errors, r.TellIn)
	}
	wants(t, "answer", drawn(r.Tell), "CC-2018-0001", "3.20 亿元（32,000 万元）", "锁定", "project.show CC-2018-0001", "2018年7月31日 14:05")
	if len(s.drafts) != 0 || len(s.projects) != 1 || len(s.sent) != 1 || s.sent[0].Kind != reporting.ReviewCard {
		t.Fatalf("after filing: %d drafts, %d projects, messages %v", len(s.drafts), len(s.projects), s.sent)
	}

	card, err := a.composeReview(t.Context(), s.sent[0])
	if err != nil || card.Channel != "COFFICE" {
		t.Fatalf("card: %+v, %v", card, err)
	}
	wants(t, "card", drawn(card.Reply), "[通过→review.approve CC-2018-0001@1]", "[退回→review.return CC-2018-0001@1]", "R1.3 展会招商 · 东博会", "<@UJY>", "净月高新区", "市工信局")

	back := pressed(t, a, "URE", "review.return", "CC-2018-0001@1").Form
	out, err := a.Submit(t.Context(), input("URE", back, "ret", map[string]string{"reason": "请补充规划依据"}))
	if err != nil || out.Tell == nil {
		t.Fatalf("return: %+v, %v", out, err)
	}
	told, err := a.composeReview(t.Context(), s.sent[2])
	if err != nil || told.Channel != "UJY" {
		t.Fatalf("told: %+v, %v", told, err)
	}
	wants(t, "message", drawn(told.Reply), "请补充规划依据", "project.edit CC-2018-0001")
	update, _ := a.composeReview(t.Context(), s.sent[1])
	wants(t, "card update", drawn(update.Reply), "<@URE> 于 2018年7月31日 14:05 审核：已退回", "请补充规划依据")
	lacks(t, "card update", drawn(update.Reply), "review.approve")

	edit := pressed(t, a, "UJY", "project.edit", "CC-2018-0001").Form
	wants(t, "edit form", spans(field(t, edit, "why").Text), "请补充规划依据")
	if got := field(t, edit, reporting.FieldInvest).Value; got != "32,000 万元" {
		t.Errorf("edit form holds %q as total", got)
	}
	again := file(t, a, "UJY", edit, "view2", goodPage1, goodPage2)
	wants(t, "answer", drawn(again.Tell), "已重新提交")
	if p := s.projects["CC-2018-0001"]; p.Status != reporting.Submitted || p.Version != 3 {
		t.Fatalf("after the edit: %s, version %d", p.Status, p.Version)
	}

	done := pressed(t, a, "URE", "review.approve", "CC-2018-0001@3").Reply
	wants(t, "approval", drawn(done), "净月高新区（属地）", "市工信局（行业主管部门）", "全市2018年已核实 1 个", "1,000")
	told, err = a.composeReview(t.Context(), s.sent[len(s.sent)-1])
	if err != nil || told.Channel != "UJY" {
		t.Fatalf("told: %+v, %v", told, err)
	}
	wants(t, "message", drawn(told.Reply), "已通过审核", "计入2018年任务")
}

func TestDeliveredThreeTimesFilesOnce(t *testing.T) {
	a, s := office(t)
	f := said(t, a, "UJY", "project", "register").Form
	r, err := a.Submit(t.Context(), input("UJY", f, "p1", goodPage1))
	if err != nil {
		t.Fatal(err)
	}
	in := input("UJY", r.Next, "p2", goodPage2)
	var first string
	for i := range 3 {
		got, err := a.Submit(t.Context(), in)
		if err != nil {
			t.Fatalf("delivery %d: %v", i+1, err)
		}
		if first == "" {
			first = drawn(got.Tell)
		}
		if diff := cmp.Diff(first, drawn(got.Tell)); diff != "" {
			t.Errorf("delivery %d answers differently:\n%s", i+1, diff)
		}
	}
	if len(s.projects) != 1 || len(s.sent) != 1 || len(s.drafts) != 0 {
		t.Errorf("%d projects, %d messages, %d drafts", len(s.projects), len(s.sent), len(s.drafts))
	}
	in.Once = "another view"
	if _, err := a.Submit(t.Context(), in); key(err) != "err.draft.gone" {
		t.Errorf("the same form submitted anew: %v, want err.draft.gone", err)
	}
}

func TestChangesAreKeptAndRedrawn(t *testing.T) {
	a, s := office(t)
	f := said(t, a, "UJY", "project", "register").Form
	change := func(f *Form, stamp int64, pairs ...string) *Form {
		t.Helper()
		in := input("UJY", f, "", with(map[string]string{}, pairs...))
		in.Stamp = stamp
		g, err := a.Changed(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	g := change(f, 1, "name", "甲")
	if g == nil || len(s.drafts) != 1 {
		t.Fatalf("first change: form %v, %d drafts; want the form with its draft, and one draft", g, len(s.drafts))
	}
	// The next change comes before the person has the redrawn form.
	change(f, 2, "name", "甲乙")
	if len(s.drafts) != 1 {
		t.Fatalf("two changes of one opening made %d drafts", len(s.drafts))
	}
	if h := change(g, 3, "name", "甲乙丙"); h != nil {
		t.Errorf("a change of the name redraws the form")
	}
	// Late, and so ignored.
	change(g, 1, "name", "甲")
	for _, d := range s.drafts {
		if d.Values["name"] != "甲乙丙" {
			t.Errorf("draft holds %q", d.Values["name"])
		}
	}
	tests := []struct {
		name  string
		typed []string
		field string
		want  func(Field) bool
	}{
		{"a path brings its route", []string{"path", "R2.1"}, "route", func(x Field) bool { return x.Value == "R2" && x.Variant == "R2" }},
		{"and only that route's paths are left", []string{"path", "R2.1"}, "path", func(x Field) bool { return len(x.Options) == 3 && x.Value == "R2.1" && x.Variant == "R2" }},
		{"another route forgets the path", []string{"route", "R3", "path", "R2.1"}, "path", func(x Field) bool { return len(x.Options) == 3 && x.Value == "" && x.Variant == "R3" }},
		{"without a route all paths", []string{"invest", "1亿"}, "path", func(x Field) bool { return len(x.Options) == 17 && x.Variant == "" }},
		{"the path says what its detail is", []string{"path", "R1.4"}, "path_detail", func(x Field) bool { return x.Label == "园区名称" && !x.Optional }},
		{"a path without a list needs none", []string{"path", "R3.1"}, "path_detail", func(x Field) bool { return x.Optional }},
		{"money is echoed in both units", []string{"invest", "3.2亿"}, "invest", func(x Field) bool { return x.Hint == "= 3.20 亿元（32,000 万元）" }},
		{"below the threshold is said", []string{"invest", "8000万"}, "invest", func(x Field) bool { return strings.Contains(x.Hint, "不计入任务") }},
		{"an unclear unit is asked", []string{"invest", "3.2"}, "invest", func(x Field) bool { return strings.Contains(x.Hint, "写上单位") }},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := change(g, int64(10+i), tt.typed...)
			if h == nil {
				t.Fatal("not redrawn")
			}
			if x := field(t, h, tt.field); !tt.want(x) {
				t.Errorf("%s = %+v", tt.field, x)
			}
		})
	}
}

// TestALateChangeDoesNotUndoASubmission: changes are handled after their
// acknowledgement, so one may come after the submission that follows it.
func TestALateChangeDoesNotUndoASubmission(t *testing.T) {
	a, s := office(t)
	f := said(t, a, "UJY", "project", "register").Form
	change := input("UJY", f, "", map[string]string{"name": "甲"})
	change.Stamp = filingNow.UnixMicro() - 2_000_000
	if _, err := a.Changed(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	r, err := a.Submit(t.Context(), input("UJY", f, "1", goodPage1))
	if err != nil || r.Next == nil {
		t.Fatalf("page 1: %+v, %v", r.Errors, err)
	}
	change.Stamp += 1_000_000
	if _, err := a.Changed(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	r, err = a.Submit(t.Context(), input("UJY", r.Next, "2", goodPage2))
	if err != nil || len(r.Errors) > 0 || len(s.projects) != 1 {
		t.Errorf("page 2: %v, %v", r.Errors, err)
	}
}

func TestFirstChangesAtOnceMakeOneDraft(t *testing.T) {
	a, s := office(t)
	f := said(t, a, "UJY", "project", "register").Form
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			in := input("UJY", f, "", map[string]string{"name": strings.Repeat("字", n+1)})
			in.Stamp = int64(n + 1)
			if _, err := a.Changed(t.Context(), in); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(s.drafts) != 1 || s.drafts["draft1"].Values["name"] != strings.Repeat("字", 8) {
		t.Errorf("drafts %v, want one that holds the last change", s.drafts)
	}
}

func TestDraftsAreOfferedAndContinued(t *testing.T) {
	a, s := office(t)
	f := said(t, a, "UJY", "project", "register 冰雪小镇").Form
	if got := field(t, f, "name").Value; got != "冰雪小镇" {
		t.Errorf("name begins with %q", got)
	}
	r, err := a.Submit(t.Context(), input("UJY", f, "p1", goodPage1))
	if err != nil || r.Next == nil {
		t.Fatalf("page 1: %v %v", r.Errors, err)
	}
	in := input("UJY", r.Next, "", map[string]string{"content": "一半"})
	if g, err := a.Changed(t.Context(), in); g != nil || err != nil {
		t.Fatalf("page 2 changed: %v, %v", g, err)
	}
	offer := drawn(said(t, a, "UJY", "project", "register 另一个").Reply)
	wants(t, "offer", offer, "<!channel> *汽车* =1+1", "今天改过", "必填项已填 9/16", "[继续填写→project.continue draft1]", "[删除草稿→project.discard draft1]", "[新登记一个→project.new jingyue|另一个]")
	wants(t, "home", homeText(t, a, "UJY"), "project.continue draft1")

	// Another App on the same store: the bot was started again.
	b := New(s, a.words, a.cfg)
	page1 := pressed(t, b, "UJY", "project.continue", "draft1").Form
	if got := field(t, page1, "invest").Value; got != goodPage1["invest"] {
		t.Errorf("continued with %q", got)
	}
	r, _ = b.Submit(t.Context(), input("UJY", page1, "p1b", goodPage1))
	if got := field(t, r.Next, "content").Value; got != "一半" {
		t.Errorf("page 2 continued with %q", got)
	}
	if anew := pressed(t, b, "UJY", "project.new", "jingyue|另一个").Form; field(t, anew, "name").Value != "另一个" {
		t.Errorf("a new one does not begin with its name")
	}
	if _, err := b.Press(t.Context(), Press{User: "UKC", Action: "project.continue", Value: "draft1"}); key(err) != "err.draft.gone" {
		t.Errorf("somebody else continued the draft: %v", err)
	}
	gone := pressed(t, b, "UJY", "project.discard", "draft1")
	if !gone.Replace || len(s.drafts) != 0 {
		t.Errorf("discard: replace %v, %d drafts left", gone.Replace, len(s.drafts))
	}
}

func homeText(t *testing.T, a *App, user string) string {
	t.Helper()
	r, err := a.Home(t.Context(), user, reporting.ZhCN)
	if err != nil {
		t.Fatalf("home of %s: %v", user, err)
	}
	return drawn(r)
}

func TestFaultsStandAtTheirFields(t *testing.T) {
	a, s := office(t)
	f := said(t, a, "UJY", "project", "register").Form
	long := strings.Repeat("长", 10000)
	r, err := a.Submit(t.Context(), input("UJY", f, "1", with(goodPage1, "name", long, "invest", "-5", "path", "R2.1", "owner", "")))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := slices.Sorted(maps.Keys(r.Errors)), []string{"invest", "name", "owner", "path"}; !slices.Equal(got, want) {
		t.Errorf("faults at %v, want %v", got, want)
	}
	for _, d := range s.drafts {
		if d.Values["name"] != long {
			t.Errorf("the draft lost what was typed")
		}
	}
	r, _ = a.Submit(t.Context(), input("UJY", f, "2", goodPage1))
	page2 := r.Next
	r, err = a.Submit(t.Context(), input("UJY", page2, "3", with(goodPage2, "finish", "2017-01", "content", "短")))
	if err != nil || len(r.Errors) != 2 || r.Errors["finish"] == "" || r.Errors["content"] == "" {
		t.Errorf("page 2: %v, %v", r.Errors, err)
	}
	// Page 1 went bad after page 2 was opened: a body was dissolved.
	s.bodies = &reporting.BodyList{Revision: 2, All: s.bodies.All[:2]}
	r, err = a.Submit(t.Context(), input("UJY", page2, "4", goodPage2))
	wants(t, "fault of page 1", r.Errors["content"], "第一页", "行业主管部门")
	if err != nil || len(r.Errors) != 1 || len(s.projects) != 0 {
		t.Errorf("page 1 gone bad: %v, %v", r.Errors, err)
	}
}

func TestDatabaseAwayLosesNothing(t *testing.T) {
	a, s := office(t)
	f := said(t, a, "UJY", "project", "register").Form
	r, _ := a.Submit(t.Context(), input("UJY", f, "1", goodPage1))
	s.away = errAway
	in := input("UJY", r.Next, "2", goodPage2)
	if _, err := a.Submit(t.Context(), in); reporting.CodeOf(err) != reporting.Unavailable {
		t.Fatalf("got %v, want Unavailable", err)
	}
	s.away = nil
	if got, err := a.Submit(t.Context(), in); err != nil || got.Tell == nil || len(s.projects) != 1 {
		t.Fatalf("tried again: %+v, %v", got, err)
	}
}

func TestSuggest(t *testing.T) {
	a, _ := office(t)
	state := func(body string) string { return filing{Opening: "o", Body: body}.String() }
	tests := []struct {
		name, body, field, text string
		want                    []string
	}{
		{"territories only", "jingyue", reporting.FieldTerritory, "", []string{"kuancheng", "jingyue"}},
		{"a department may leave it open", "gxj", reporting.FieldTerritory, "净月", []string{"-", "jingyue"}},
		{"departments only", "jingyue", reporting.FieldLeadDept, "", []string{"gxj"}},
		{"by pinyin", "jingyue", reporting.FieldTerritory, "kuanch", []string{"kuancheng"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := a.Suggest(t.Context(), Search{User: "UJY", FormID: "project.page1", Field: tt.field, State: state(tt.body), Text: tt.text, Locale: reporting.ZhCN})
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, o := range got {
				ids = append(ids, o.Value)
			}
			if diff := cmp.Diff(tt.want, ids); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFormsStayWithinLimits(t *testing.T) {
	a, _ := office(t)
	for _, l := range reporting.Locales {
		r, err := a.Press(t.Context(), Press{User: "UGX", Channel: strings.Repeat("C", 30), Action: "project.new", Value: "gxj|", Locale: l})
		if err != nil {
			t.Fatal(err)
		}
		next, err := a.Submit(t.Context(), input("UGX", r.Form, "", goodPage1))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []*Form{r.Form, next.Next} {
			for _, s := range []string{f.Title, f.Submit, f.Close} {
				if n := len([]rune(s)); n == 0 || n > 24 {
					t.Errorf("%s %s: %q has %d code points", l, f.ID, s, n)
				}
			}
			if len(f.State) > 2500 {
				t.Errorf("%s %s: state of %d bytes", l, f.ID, len(f.State))
			}
			for _, x := range f.Fields {
				for _, o := range x.Options {
					if n := len([]rune(o.Label)); n == 0 || n > 75 {
						t.Errorf("%s %s: option %q has %d code points", l, x.ID, o.Label, n)
					}
				}
			}
		}
	}
}
