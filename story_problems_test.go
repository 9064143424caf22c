package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/playground"
)

// TestStoryProblem is the story of a problem: opened on a phone with a picked
// person and day, told to who sees to it, closed by them from the message.
func TestStoryProblem(t *testing.T) {
	m := newMouhua(t, "socket", "sqlite://"+filepath.Join(t.TempDir(), "problem.db"))
	now := time.Now().In(time.FixedZone("CST", 8*3600))
	prepare(m, now.Year())
	id := verifiedProject(m, now)
	m.serve()
	wang, li, sun := m.as(officialJY), m.as(officialKC), m.as(leader)

	if err := wang.Say(wang.ctx, channelJY, "", "/project 问题 "+id+" <!channel> 用地未落实"); err != nil {
		t.Fatal(err)
	}
	if v := wang.form("用地未落实"); !strings.Contains(flat(v), "users_select") || !strings.Contains(flat(v), "datepicker") {
		t.Fatalf("no pickers: %s", flat(v))
	}
	if wrong := wang.submits(); wrong["problem_due"] == "" {
		t.Fatalf("submitted without a day: %v", wrong)
	}
	v := wang.Views()[0]
	for field, value := range map[string]string{"problem_owner": "U0NOBODY", "problem_due": "tomorrow"} {
		if err := wang.Person.Click(wang.ctx, playground.Ref{Type: "view", ViewID: v.ID}, field, field, value); err == nil {
			t.Errorf("%s took %q", field, value)
		}
	}
	wang.fills([2]string{"problem_owner", stranger}, [2]string{"problem_due", now.AddDate(0, 0, 5).Format(time.DateOnly)})
	if wrong := wang.submits(); !strings.Contains(wrong["problem_owner"], "还没有登记角色") {
		t.Fatalf("given to a stranger: %v", wrong)
	}
	wang.fills([2]string{"problem_owner", officialKC})
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("open: %v", wrong)
	}
	wang.sees(channelJY, "第 1 个问题")

	given := li.sees(li.dm(), "is yours to solve")
	if strings.Contains(given.Text, "<!channel>") {
		t.Errorf("a problem could ping everybody: %q", given.Text)
	}
	sun.types(leadersRoom, "/project problems", "用地未落实")
	li.presses(given, "problem.close")
	li.form("How it was solved")
	li.fills([2]string{"problem_result", "指标已下达"})
	if wrong := li.submits(); len(wrong) != 0 {
		t.Fatalf("close: %v", wrong)
	}
	closed := wang.sees(wang.dm(), "指标已下达")
	wang.presses(closed, "project.show")
	wang.sees(wang.dm(), "未销号 0 个，已销号 1 个")
}

// TestStoryApprovals is the story of a checklist: its kind chosen, an item
// ticked with a picked day, taken back by the office with a reason.
func TestStoryApprovals(t *testing.T) {
	m := newMouhua(t, "http", "sqlite://"+filepath.Join(t.TempDir(), "approvals.db"))
	now := time.Now().In(time.FixedZone("CST", 8*3600))
	prepare(m, now.Year())
	id := verifiedProject(m, now)
	m.serve()
	wang, zhao, sun := m.as(officialJY), m.as(reviewer), m.as(leader)
	if err := wang.Say(wang.ctx, channelJY, "", "/project 审批 "+id); err != nil {
		t.Fatal(err)
	}
	wang.form("办理方式")
	if wrong := wang.submits(); wrong["approval_kind"] == "" {
		t.Fatalf("no kind: %v", wrong)
	}
	wang.fills([2]string{"approval_kind", "record"})
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("kind: %v", wrong)
	}
	wang.presses(wang.sees(channelJY, "已办结 0/10 项"), "approval.tick")
	wang.form("项目备案")
	wang.fills([2]string{"approval_done", now.AddDate(0, 0, 3).Format(time.DateOnly)})
	if wrong := wang.submits(); !strings.Contains(wrong["approval_done"], "还没有到") {
		t.Fatalf("done in the future: %v", wrong)
	}
	wang.fills([2]string{"approval_done", now.AddDate(0, 0, -3).Format(time.DateOnly)}, [2]string{"approval_doc", "<!channel> 12号"})
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("tick: %v", wrong)
	}
	if ticked := wang.sees(channelJY, "已办结 1/10 项"); strings.Contains(ticked.Text, "<!channel>") {
		t.Errorf("a number could ping everybody: %q", ticked.Text)
	}
	zhao.presses(zhao.types(officeRoom, "/project approvals "+id, "12号"), "approval.untick")
	zhao.form("撤销原因")
	zhao.fills([2]string{"approval_item", "record"}, [2]string{"approval_why", "文号有误"})
	if wrong := zhao.submits(); len(wrong) != 0 {
		t.Fatalf("untick: %v", wrong)
	}
	zhao.sees(officeRoom, "已撤销登记")
	sun.types(leadersRoom, "/project show "+id, "已辦結 0/10 項")
	sun.types(leadersRoom, "/project list 受阻", "沒有符合")
}

// verifiedProject imports a verified project and returns its number.
func verifiedProject(m *mouhua, now time.Time) string {
	id := fmt.Sprintf("CC-%d-0001", now.Year())
	file := m.write("projects.csv", "project_id,name,territory_body,lead_dept,reporter_body,owner_unit,industry,subpath,subpath_detail,programme,"+
		"invest_total_wan,invest_year_wan,start,finish,stage,status,plan_year,location,content,contact,verified_on\n"+
		fmt.Sprintf("%s,轴承产业园,jingyue,gxj,jingyue,宽轴科技,equipment,R1.4,数字经济园,,32000,,2026-07,2028-07,S1,verified,%d,净月大街,"+
			"建设智能轴承生产线四条及检测中心一座，年产轴承两百万套。,张工,%s\n", id, now.Year(), now.Format(time.DateOnly)))
	m.must("import", "projects", file)
	return id
}
