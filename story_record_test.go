package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/playground"
)

// TestRecordInTheWorkspace has the office keep a list and an official complete
// a record, in forms as Slack takes them.
func TestRecordInTheWorkspace(t *testing.T) {
	m := newMouhua(t, "socket", "sqlite://"+filepath.Join(t.TempDir(), "record.db"))
	year := time.Now().In(time.FixedZone("CST", 8*3600)).Year()
	prepare(m, year)
	m.serve()
	wang, zhao := m.as(officialJY), m.as(reviewer)

	lists := zhao.types(officeRoom, "/project catalogue exhibition", "全球吉商大会")
	zhao.presses(lists, "catalogue.add")
	zhao.form("展会")
	zhao.fills([2]string{"name_zh_cn", "长春农博会"}, [2]string{"place", "1"})
	if wrong := zhao.submits(); len(wrong) != 0 {
		t.Fatalf("new entry: %v", wrong)
	}
	zhao.types(officeRoom, "/project 目录 展会", "1 长春农博会")

	if err := wang.Say(wang.ctx, channelJY, "", "/project register"); err != nil {
		t.Fatal(err)
	}
	wang.form("净月高新区")
	wang.fills([][2]string{
		{"name", "智能轴承产业园"}, {"territory", "JY=jingyue"}, {"location", "净月大街 1 号"}, {"owner", "示例·宽轴科技公司"},
		{"route", "R1"}, {"path", "R1.2"}, {"detail_partner", "hangzhou"}, {"detail_platform", "zhejiang-jilin"}, {"invest", "3.2亿元"},
	}...)
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("page 1: %v", wrong)
	}
	wang.form("content")
	wang.fills(goodPage2...)
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("page 2: %v", wrong)
	}
	card := zhao.sees(officeRoom, "杭州·浙江吉林净月服务业示范区")
	zhao.presses(card, "review.approve")
	told := wang.seesAfter(wang.dm(), 0, "请接着补全")
	wang.presses(told, "project.complete")
	parts := wang.sees(wang.dm(), "效益和支持")

	wang.presses(parts, "project.complete")
	wang.form("owner_code")
	wang.fills([2]string{"owner_code", "91350100M000100Y44"}, [2]string{"drive", "new"})
	if wrong := wang.submits(); !strings.Contains(wrong["owner_code"], "校验位") {
		t.Fatalf("a code with a slip: %v", wrong)
	}
	wang.fills([2]string{"owner_code", "91350100M000100Y43"})
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("identity: %v", wrong)
	}

	if err := wang.Say(wang.ctx, channelJY, "", "/project complete 0001 money"); err != nil {
		t.Fatal(err)
	}
	wang.form("fund_loan")
	wang.fills([2]string{"fund_government", "1亿"}, [2]string{"fund_loan", "2.2亿"})
	wang.form("各项合计 3.20 亿元")
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("money: %v", wrong)
	}

	if err := wang.Say(wang.ctx, channelJY, "", "/project complete 0001 效益"); err != nil {
		t.Fatal(err)
	}
	v := wang.form("support_tools")
	for field, values := range map[string][]string{"library_level": {"city", "nation"}, "support_tools": {"interest", "equity"}} {
		block, _ := wang.input(v, field, values[0])
		if err := wang.Click(wang.ctx, playground.Ref{Type: "view", ViewID: v.ID}, block, field, values); err != nil {
			t.Fatal(err)
		}
	}
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("effect: %v", wrong)
	}
	shown := words(wang.types(channelJY, "/project show 0001", "股权投资基金、贷款贴息"))
	for _, part := range []string{"市级、国家级", "91350100M000100Y43", "银行贷款 2.20 亿元"} {
		if !strings.Contains(shown, part) {
			t.Errorf("shown without %q: %s", part, shown)
		}
	}
}
