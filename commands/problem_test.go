package commands

import (
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// troubled are the values of a form that opens a problem.
func troubled(edit ...string) map[string]string {
	return with(map[string]string{
		reporting.FieldProblemText: "用地指标未落实", reporting.FieldProblemOwner: "UGX", reporting.FieldProblemDue: "2018-08-10",
	}, edit...)
}

func openTrouble(t *testing.T, a *App, user, number, once string, v map[string]string) SubmitResult {
	t.Helper()
	f := pressed(t, a, user, "problem.open", number).Form
	r := handedIn(t, a, user, f, once, v)
	if len(r.Errors) > 0 {
		t.Fatalf("open: %v", r.Errors)
	}
	return r
}

func toldAll(t *testing.T, a *App, s *shelf) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, m := range s.sent {
		o, err := a.Compose(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		out[o.Channel+" "+string(m.Kind)] = o.Skip + drawn(o.Reply)
	}
	s.sent = nil
	return out
}

// A problem is opened, given to somebody of another body, closed by them and
// opened again; everybody whom it concerns is told.
func TestProblemLife(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	f := said(t, a, "UJY", "project", "问题 0002").Form
	if owner, due := field(t, f, "problem_owner"), field(t, f, "problem_due"); owner.Kind != PersonField || owner.Value != "UJY" || due.Kind != DateField {
		t.Fatalf("the form: %+v, %+v", owner, due)
	}
	f = said(t, a, "UJY", "project", "problem 0002 用地 指标未落实").Form
	if got := field(t, f, "problem_text").Value; got != "用地 指标未落实" {
		t.Errorf("what was typed is lost: %q", got)
	}
	r := handedIn(t, a, "UJY", f, "p1", troubled())
	wants(t, "opened", drawn(r.Tell), "第 1 个问题", "用地指标未落实 · <@UGX> · 2018年8月10日前办结", "problem.of CC-2018-0002", "截至")
	if again := handedIn(t, a, "UJY", f, "p1", troubled()); drawn(again.Tell) != drawn(r.Tell) || len(s.problems) != 1 {
		t.Errorf("delivered again: %s", drawn(again.Tell))
	}
	if p := s.projects["CC-2018-0002"]; p.Version != 2 || p.UpdatedAt == 0 {
		t.Errorf("the project was not written with it: %+v", p)
	}
	told := toldAll(t, a, s)
	wants(t, "the owner is told", told["UGX problem_given"], "请您负责解决", "[销号→problem.close CC-2018-0002 1][查看→project.show CC-2018-0002]")
	lacks(t, "who only owns it", told["UGX problem_given"], "problem.edit")

	wants(t, "project", drawn(said(t, a, "ULE", "project", "show 0002").Reply), "存在问题：未销号 1 个，已销号 0 个", "用地指标未落实")
	wants(t, "its problems", drawn(said(t, a, "URE", "project", "problem 0002").Reply), "未销号 1 个，其中超期 0 个", "problem.edit CC-2018-0002 1", "[提出问题→problem.open CC-2018-0002]")
	lacks(t, "a leader's", drawn(said(t, a, "ULE", "project", "问题 0002").Reply), "→problem.")

	f = pressed(t, a, "URE", "problem.edit", "CC-2018-0002 1").Form
	if got := field(t, f, "problem_due").Value; got != "2018-08-10" {
		t.Errorf("due %q", got)
	}
	handedIn(t, a, "URE", f, "e1", map[string]string{"problem_owner": "UKC", "problem_due": "2018-08-20"})
	wants(t, "the new owner is told", toldAll(t, a, s)["UKC problem_given"], "[销号→problem.close CC-2018-0002 1]")

	f = pressed(t, a, "UKC", "problem.close", "CC-2018-0002 1").Form
	r = handedIn(t, a, "UKC", f, "c1", map[string]string{"problem_result": "指标已下达"})
	wants(t, "closed", drawn(r.Tell), "已销号", "<@UKC> 今天销号：指标已下达")
	lacks(t, "who may not read the project", drawn(r.Tell), "project.show")
	told = toldAll(t, a, s)
	wants(t, "who opened it is told", told["UJY problem_closed"], "指标已下达")
	if len(told) != 1 {
		t.Errorf("told %v", told)
	}
	wants(t, "closed ones", drawn(said(t, a, "UJY", "project", "problem 0002").Reply), "已销号 1 个", "problem.reopen CC-2018-0002 1")

	f = pressed(t, a, "UJY", "problem.reopen", "CC-2018-0002 1").Form
	r = handedIn(t, a, "UJY", f, "r1", map[string]string{"problem_why": "指标被收回", "problem_owner": "UGX", "problem_due": "2018-09-01"})
	wants(t, "opened again", drawn(r.Tell), "重新提出", "2018年9月1日前办结")
	wants(t, "the owner is told why", toldAll(t, a, s)["UGX problem_given"], "指标被收回")
	var audit []string
	for _, e := range s.events {
		audit = append(audit, e.Action)
	}
	if got, want := strings.Join(audit, " "), "project.problem problem.open project.problem problem.edit project.problem problem.close project.problem problem.reopen"; got != want {
		t.Errorf("audit %s, want %s", got, want)
	}
}

func TestProblemRefusals(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	put(s, 2, verified)
	put(s, 3, func(p *reporting.Project) { p.Status = reporting.Withdrawn })
	openTrouble(t, a, "UJY", "0002", "", troubled())
	openTrouble(t, a, "UJY", "0002", "", troubled())
	handedIn(t, a, "UJY", pressed(t, a, "UJY", "problem.close", "0002 2").Form, "", map[string]string{"problem_result": "已解决"})
	tests := []struct{ user, action, value, want string }{
		{"UKC", "problem.open", "0002", "err.forbidden"}, {"UGX", "problem.open", "0002", "err.forbidden"}, {"ULE", "problem.open", "0002", "err.forbidden"},
		{"UJY", "problem.open", "0001", "err.project.not_verified"}, {"UJY", "problem.open", "0003", "err.project.not_verified"},
		{"UJY", "problem.open", "0099", "err.project.unknown"}, {"UJY", "problem.open", "", "err.project.id.needed"},
		{"UGX", "problem.edit", "0002 1", "err.forbidden"}, {"UKC", "problem.close", "0002 1", "err.forbidden"}, {"ULE", "problem.close", "0002 1", "err.forbidden"},
		{"UGX", "problem.reopen", "0002 2", "err.forbidden"}, {"UJY", "problem.reopen", "0002 1", "err.problem.open"},
		{"UJY", "problem.close", "0002 2", "err.problem.closed"}, {"UJY", "problem.edit", "0002 2", "err.problem.closed"},
		{"UJY", "problem.close", "0002 9", "err.problem.unknown"}, {"UJY", "problem.close", "0002", "err.problem.unknown"},
		{"UKC", "problem.of", "0002", "err.forbidden"}, {"UKC", "problem.list", "body=jingyue page=1", "err.forbidden"}, {"UNO", "problem.list", "", "err.forbidden"},
		{"UXX", "problem.of", "0002", "err.stranger"},
	}
	events := len(s.events)
	for _, tt := range tests {
		t.Run(tt.user+" "+tt.action+" "+tt.value, func(t *testing.T) {
			refuses(t, a, Press{User: tt.user, Action: tt.action, Value: tt.value}, tt.want)
		})
	}
	if len(s.events) != events {
		t.Errorf("a refusal left events")
	}
}

// What is wrong in a form is told at its field, and nothing is written.
func TestProblemFaults(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	openTrouble(t, a, "UJY", "0002", "", troubled())
	openTrouble(t, a, "UJY", "0002", "", troubled())
	handedIn(t, a, "UJY", pressed(t, a, "UJY", "problem.close", "0002 2").Form, "", map[string]string{"problem_result": "已解决"})
	tests := []struct {
		action string
		no     string
		v      map[string]string
		field  string
		want   string
	}{
		{"open", "", troubled("problem_text", " "), "problem_text", "请填写"},
		{"open", "", troubled("problem_text", strings.Repeat("长", 501)), "problem_text", "500"},
		{"open", "", troubled("problem_owner", ""), "problem_owner", "请填写"},
		{"open", "", troubled("problem_owner", "UGUEST"), "problem_owner", "还没有登记角色"},
		{"open", "", troubled("problem_due", ""), "problem_due", "请填写"},
		{"open", "", troubled("problem_due", "2018-07-01"), "problem_due", "不能早于今天"},
		{"open", "", troubled("problem_due", "明天"), "problem_due", "明天"},
		{"edit", " 1", map[string]string{"problem_owner": "UGX", "problem_due": "2018-08-10"}, "problem_due", "没有变化"},
		{"edit", " 1", map[string]string{"problem_owner": "UXX", "problem_due": "2018-08-10"}, "problem_owner", "还没有登记角色"},
		{"close", " 1", map[string]string{"problem_result": ""}, "problem_result", "请填写"},
		{"reopen", " 2", map[string]string{"problem_why": "", "problem_owner": "UGX", "problem_due": "2018-08-10"}, "problem_why", "请填写"},
	}
	for _, tt := range tests {
		t.Run(tt.action+" "+tt.field+" "+clip(tt.want), func(t *testing.T) {
			f := pressed(t, a, "UJY", "problem."+tt.action, "0002"+tt.no).Form
			before := len(s.events)
			r := handedIn(t, a, "UJY", f, "", tt.v)
			wants(t, tt.field, r.Errors[tt.field], tt.want)
			if len(s.events) != before {
				t.Error("written all the same")
			}
		})
	}
	// Two people at one problem: the second is told, at the field.
	first, second := pressed(t, a, "UJY", "problem.close", "0002 1").Form, pressed(t, a, "URE", "problem.edit", "0002 1").Form
	handedIn(t, a, "URE", second, "", map[string]string{"problem_owner": "UGX", "problem_due": "2018-08-11"})
	r := handedIn(t, a, "UJY", first, "", map[string]string{"problem_result": "已解决"})
	wants(t, "overtaken", r.Errors["problem_result"], "刚被别人改过")
	for _, state := range []string{"", "{}", `{"d":"close","p":"CC-2018-0002"}`, `{"d":"burn","p":"CC-2018-0002","n":1}`} {
		_, err := a.Submit(t.Context(), Input{User: "UJY", FormID: "problem", State: state, Locale: reporting.ZhCN})
		if state == `{"d":"burn","p":"CC-2018-0002","n":1}` {
			if err != nil {
				t.Errorf("%s: %v", state, err) // told at a field
			}
		} else if key(err) != "err.form.unknown" {
			t.Errorf("%s: %v", state, err)
		}
	}
}

// Lists, App Home and nudge show what is open, the overdue first.
func TestProblemLists(t *testing.T) {
	a, s := office(t)
	for n := range 3 {
		put(s, n+1, func(p *reporting.Project) { verified(p); p.UpdatedAt = a.cfg.Now().UnixMilli() })
	}
	put(s, 4, func(p *reporting.Project) {
		verified(p)
		p.ReporterBody = "kuancheng"
		p.UpdatedAt = a.cfg.Now().UnixMilli()
	})
	for n := range 11 {
		due := reporting.DateOf(a.cfg.Now()).AddDays(n - 3)
		s.problems = append(s.problems, reporting.Problem{
			ProjectID: reporting.NewProjectID(2018, n%3+1), No: n + 1, BodyID: "jingyue", Text: "问题" + due.String(), Owner: "UKC", DueOn: due, OpenedBy: "UJY", Version: 1,
		})
	}
	list := drawn(said(t, a, "UJY", "project", "问题清单").Reply)
	wants(t, "own list", list, "净月高新区", "共 11 个，其中超期 3 个", "已超期 3 天", "problem.list body=jingyue page=2", "第 1/2 页")
	if strings.Index(list, "已超期 3 天") > strings.Index(list, "已超期 1 天") {
		t.Errorf("not the longest overdue first:\n%s", list)
	}
	wants(t, "page 2", drawn(pressed(t, a, "UJY", "problem.list", "body=jingyue page=9").Reply), "第 2/2 页", "problem.list body=jingyue page=1")
	wants(t, "of the city", drawn(said(t, a, "ULE", "project", "problems").Reply), "全市", "共 11 个")
	wants(t, "of a body", drawn(said(t, a, "URE", "project", "problems 宽城").Reply), "宽城区", "共 0 个")
	own := drawn(said(t, a, "UKC", "project", "problems").Reply)
	wants(t, "what somebody owns elsewhere", own, "共 11 个", "problem.close CC-2018-0001 1")
	lacks(t, "what somebody owns elsewhere", own, "problem.edit", "project.show")

	wants(t, "home of an official", homeText(t, a, "UJY"), "未销号问题 11 个，其中超期 3 个", "已超期 3 天", "problem.list body=jingyue page=1", "problem.edit CC-2018-0001 1")
	wants(t, "home of a leader", homeText(t, a, "ULE"), "超期未销号的问题 3 个", "problem.list page=1")
	wants(t, "home of the office", homeText(t, a, "URE"), "超期未销号的问题 3 个", "problem.close CC-2018-0001 1")

	wants(t, "nudge", nudgeText(t, a, s), "7 天内到期和已超期的问题 11 个，其中超期 3 个", "<@UKC> · 应于", "另有 6 项", "problem.due body=jingyue page=1")
}

// A problem whose owner has left goes to who takes over, or stays and the
// office is told.
func TestProblemsAreHandedOver(t *testing.T) {
	tests := []struct {
		name, leaver, to, owner string
		told                    []string
	}{
		{"to somebody", "UJY", "UJ2", "UJ2", []string{"UJ2 handed_over", "未销号问题 1 个"}},
		{"to the body", "UJY", "-", "UJ2", []string{"UJ2 handed_over", "草稿 0 份、待审或退回的项目 0 个、未销号问题 1 个"}},
		{"nobody there", "UGX", "-", "UGX", []string{"COFFICE problems_left", "<@UGX>", "未销号问题 1 个"}},
		{"a leader", "ULE", "-", "ULE", []string{"COFFICE problems_left", "未销号问题 1 个"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, s := office(t)
			a.cfg.OfficeChannel = "COFFICE"
			s.people["UJ2"] = reporting.Person{UserID: "UJ2", Name: "郑经办", Role: reporting.Official, BodyID: "jingyue"}
			put(s, 2, verified)
			openTrouble(t, a, "URE", "0002", "", troubled("problem_owner", tt.leaver))
			s.sent = nil
			f := pressed(t, a, "UAD", "body.leave", tt.leaver).Form
			if f == nil {
				t.Fatal("nobody asked who takes over")
			}
			wants(t, "form", spans(f.Fields[0].Text), "未销号问题 1 个")
			r := handedIn(t, a, "UAD", f, "h", map[string]string{"to": tt.to})
			wants(t, "answer", drawn(r.Tell), "未销号问题 1 个")
			if s.problems[0].Owner != tt.owner {
				t.Errorf("owner %s, want %s", s.problems[0].Owner, tt.owner)
			}
			told := toldAll(t, a, s)
			wants(t, tt.told[0], told[tt.told[0]], tt.told[1:]...)
		})
	}
}
