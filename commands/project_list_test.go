package commands

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

func TestParseList(t *testing.T) {
	a, _ := office(t)
	of := func(edit func(*listQuery)) listQuery {
		q := listQuery{Year: 2018, Page: 1}
		edit(&q)
		return q
	}
	tests := []struct {
		text  string
		want  listQuery
		names listNames
	}{
		{"", of(func(q *listQuery) {}), listNames{}},
		{"净月 已核实 s2 2017 page 3", listQuery{Status: reporting.Verified, Stage: reporting.S2, Year: 2017, Page: 3}, listNames{body: "净月"}},
		{"淨月 待審核 落地轉化 2017年 第2页", listQuery{Status: reporting.Submitted, Stage: reporting.S3, Year: 2017, Page: 2}, listNames{body: "淨月"}},
		{"body=jingyue year=2018 page=1", of(func(q *listQuery) {}), listNames{body: "jingyue"}},
		{"body= year=0 page=2", listQuery{Page: 2}, listNames{}},
		{"全市 全部", listQuery{Page: 1}, listNames{}},
		{"第一汽车集团", of(func(q *listQuery) {}), listNames{body: "第一汽车集团"}},
		{"page=99999999999999999999", of(func(q *listQuery) {}), listNames{}},
		{"page=-4", of(func(q *listQuery) {}), listNames{}},
		{"汽車 R1 净月", of(func(q *listQuery) { q.Industry, q.Route = "auto", "R1" }), listNames{body: "净月"}},
		{"new-energy vehicles r1.1 p2", of(func(q *listQuery) { q.Industry, q.Path, q.Programme = "nev", "R1.1", "P2" }), listNames{}},
		{"plans and policies S1", of(func(q *listQuery) { q.Route, q.Stage = "R2", "S1" }), listNames{}},
		{"規模以上企業", of(func(q *listQuery) { q.Path = "R3.1" }), listNames{}},
		{"主管工信局 净月", of(func(q *listQuery) {}), listNames{body: "净月", lead: "工信局"}},
		{"lead gxj", of(func(q *listQuery) {}), listNames{lead: "gxj"}},
		{"主管部門 发改委", of(func(q *listQuery) {}), listNames{lead: "发改委"}},
		{"10亿以上", of(func(q *listQuery) { q.Min = 100000 }), listNames{}},
		{"≥５亿 S2", of(func(q *listQuery) { q.Min, q.Stage = 50000, reporting.S2 }), listNames{}},
		{">5亿 <=20億", of(func(q *listQuery) { q.Min, q.Max = 50001, 200000 }), listNames{}},
		{"1-5亿", of(func(q *listQuery) { q.Min, q.Max = 10000, 50000 }), listNames{}},
		{"一至五亿", of(func(q *listQuery) { q.Min, q.Max = 10000, 50000 }), listNames{}},
		{"5-8千万", of(func(q *listQuery) { q.Min, q.Max = 5000, 8000 }), listNames{}},
		{"2亿~8000万", of(func(q *listQuery) { q.Min, q.Max = 8000, 20000 }), listNames{}},
		{"5亿以下", of(func(q *listQuery) { q.Max = 50000 }), listNames{}},
		{"30天未更新", of(func(q *listQuery) { q.Stale = 30 }), listNames{}},
		{"stale 45 净月", of(func(q *listQuery) { q.Stale = 45 }), listNames{body: "净月"}},
		{"page=3 after=2018-07-28/CC-2018-0010", of(func(q *listQuery) {
			q.Page, q.After = 3, reporting.Mark{On: reporting.Date{Year: 2018, Month: 7, Day: 28}, ID: "CC-2018-0010"}
		}), listNames{}},
		{"page=2 before=/CC-2018-0010", of(func(q *listQuery) { q.Page, q.Before = 2, reporting.Mark{ID: "CC-2018-0010"} }), listNames{}},
		{"page=2 before=yesterday", of(func(q *listQuery) { q.Page = 2 }), listNames{}},
		{"未更新 2017", of(func(q *listQuery) { q.Stale, q.Year = 30, 2017 }), listNames{}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			q, names, err := a.parseList(strings.Fields(tt.text), 2018, plan(t))
			if diff := cmp.Diff(tt.want, q); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
			if diff := cmp.Diff(tt.names, names, cmp.AllowUnexported(listNames{})); diff != "" {
				t.Error(diff)
			}
			q.Body, q.Lead = "jingyue", "gxj"
			back, names, err := a.parseList(strings.Fields(q.String()), 1999, plan(t))
			back.Body, back.Lead = names.body, names.lead
			if diff := cmp.Diff(q, back); diff != "" || err != nil {
				t.Errorf("%q reads back: %v\n%s", q, err, diff)
			}
		})
	}
	for _, text := range []string{"5以上", "很多以上", "≥0.5"} {
		if _, _, err := a.parseList([]string{text}, 2018, plan(t)); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%q: %v, want a refusal of the amount", text, err)
		}
	}
}

// TestListInAnyOrder asks for the same with the words turned round.
func TestListInAnyOrder(t *testing.T) {
	a, _ := office(t)
	words := []string{"净月", "汽车", "S2", "10亿以上", "2017年", "30天未更新"}
	want, names, err := a.parseList(words, 2018, plan(t))
	if err != nil || names.body != "净月" {
		t.Fatal(names, err)
	}
	for range words {
		words = append(words[1:], words[0])
		q, names, err := a.parseList(words, 2018, plan(t))
		if q != want || names.body != "净月" || err != nil {
			t.Errorf("%v: %+v %+v %v", words, q, names, err)
		}
	}
}

// What is over is listed and told apart; what is no condition is named alone.
func TestListOver(t *testing.T) {
	a, s := office(t)
	put(s, 1, verified)
	put(s, 2, func(p *reporting.Project) { verified(p); p.Status, p.InvestTotal = reporting.Withdrawn, 280000 })
	over := "其中已退库、合并 1 个，28.00 亿元（280,000 万元）"
	wants(t, "over", drawn(said(t, a, "URE", "project", "list").Reply), "共 2 个项目", over)
	for _, words := range []string{"list 核实", "list 退库"} {
		if r := drawn(said(t, a, "URE", "project", words).Reply); strings.Contains(r, "其中已退库") {
			t.Errorf("%s tells apart what it left out:\n%s", words, r)
		}
	}
	_, err := a.Command(t.Context(), Request{User: "URE", Command: "project", Text: "list 净月 foo", Locale: reporting.ZhCN})
	var fault *reporting.Error
	if !errors.As(err, &fault) || fault.Key != "err.list.word" || fault.Args["value"] != "foo" {
		t.Errorf("%v, want foo refused alone", err)
	}
}

func TestListFilters(t *testing.T) {
	a, s := office(t)
	for n := range 12 {
		put(s, n+1, func(p *reporting.Project) {
			verified(p)
			p.Industry, p.InvestTotal, p.LeadDept = "auto", reporting.Wan(n+1)*10000, "gxj"
		})
	}
	r := drawn(said(t, a, "URE", "project", "list 汽车 主管gxj 2-11亿").Reply)
	wants(t, "filtered", r, "全市 · 2018年 · 主管：", "汽车", "总投资 2.00 亿元至 11.00 亿元", "共 10 个项目，总投资 65.00 亿元")
	r = drawn(said(t, a, "URE", "project", "list 汽车 2-12亿").Reply)
	wants(t, "button carries the filter", r, "project.list industry=auto min=20000 max=120000 year=2018 page=2]")

	r = drawn(said(t, a, "URE", "project", "list 汽车 50亿以上").Reply)
	wants(t, "empty", r, "没有符合全部条件的项目", "去掉“总投资 50.00 亿元以上”，有 12 个项目", "project.list industry=auto year=2018 page=1]")
	if strings.Contains(r, "去掉“汽车”") {
		t.Errorf("offers to drop what does not help:\n%s", r)
	}
	r = drawn(said(t, a, "URE", "project", "list 大数据 50亿以上").Reply)
	wants(t, "two to drop", r, "放宽两个以上的条件")
	r = drawn(said(t, a, "UJY", "project", "list 2017").Reply)
	wants(t, "only its own body", r, "去掉“2017年”，有 12 个项目")
	if strings.Contains(r, "去掉“净月") {
		t.Errorf("offers an official the whole city:\n%s", r)
	}
	_, err := a.Command(t.Context(), Request{User: "URE", Command: "project", Text: "list 主管净月", Locale: reporting.ZhCN})
	if reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("%v, want a refusal of what is no department", err)
	}
}
