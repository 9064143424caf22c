package commands

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// put adds a project of jingyue to the shelf, changed by f.
func put(s *shelf, n int, f func(*reporting.Project)) reporting.Project {
	p := reporting.Project{
		ID: reporting.NewProjectID(2018, n), Name: fmt.Sprintf("项目%d", n), ReporterBody: "jingyue", TerritoryBody: "jingyue", LeadDept: "gxj",
		Path: "R1.3", PathDetail: "东博会", Industry: "auto", Nature: "new", InvestTotal: 32000, Stage: reporting.S1, Status: reporting.Submitted,
		PlanYear: 2018, SubmittedOn: reporting.Date{Year: 2018, Month: 7, Day: 28}, FiledBy: "UJY", Version: 1,
		Contact: "王经办 13812345678", Content: "建设年产十万套零部件的厂房两座，并配套研发中心一处。", Location: "净月大街1号", OwnerUnit: "拟引进",
		Start: reporting.Month{Year: 2018, Month: 9}, Finish: reporting.Month{Year: 2020, Month: 6}, Milestone: "signed", Evidence: "项目建议书",
	}
	if f != nil {
		f(&p)
	}
	s.projects[p.ID] = p
	return p
}

func verified(p *reporting.Project) {
	p.Status, p.VerifiedOn = reporting.Verified, reporting.Date{Year: 2018, Month: 7, Day: 30}
}

func TestRefusals(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	put(s, 2, verified)
	put(s, 3, func(p *reporting.Project) { p.Status = reporting.Withdrawn })
	tests := []struct{ user, command, text, want string }{
		{"UXX", "project", "register", "err.stranger"},
		{"ULE", "project", "register", "err.forbidden"},
		{"URE", "project", "register", "err.forbidden"},
		{"UNO", "project", "register", "err.body.none"},
		{"UAD", "project", "register", "err.body.needed"},
		{"UAD", "project", "register 火星管委会", "err.body.unknown"},
		{"UJY", "project", "show", "err.project.id.needed"},
		{"UJY", "project", "show 甲乙", "err.project.id"},
		{"UJY", "project", "show 9999", "err.project.unknown"},
		{"UKC", "project", "show 0001", "err.forbidden"},
		{"UKC", "project", "edit 0001", "err.forbidden"},
		{"ULE", "project", "edit 0001", "err.forbidden"},
		{"UJY", "project", "edit 0001", "err.project.locked"},
		{"UJY", "project", "edit 0003", "err.project.locked.final"},
		{"UJY", "project", "list 宽城", "err.forbidden"},
		{"UNO", "project", "list", "err.forbidden"},
		{"UJY", "review", "queue", "err.forbidden"},
		{"UJY", "review", "approve 0001", "err.forbidden"},
		{"ULE", "review", "return 0001 不行", "err.forbidden"},
		{"URE", "review", "approve", "err.project.id.needed"},
		{"URE", "review", "approve 9999", "err.project.unknown"},
		{"URE", "review", "return 9999 缺材料", "err.project.unknown"},
		{"URE", "review", "return 0001 " + strings.Repeat("长", 501), "err.too_long"},
	}
	for _, tt := range tests {
		t.Run(tt.user+" "+tt.command+" "+clip(tt.text), func(t *testing.T) {
			_, err := say(t, a, tt.user, tt.command, tt.text)
			if key(err) != tt.want {
				t.Fatalf("got %v, want %s", err, tt.want)
			}
			for _, l := range reporting.Locales {
				if text, ok := a.words.Explain(l, err, "ref"); !ok || strings.Contains(text, "<no value>") || text == tt.want {
					t.Errorf("%s: told %q", l, text)
				}
			}
		})
	}
	if len(s.sent) != 0 || len(s.events) != 0 || len(s.drafts) != 0 {
		t.Errorf("a refusal left %d messages, %d events, %d drafts", len(s.sent), len(s.events), len(s.drafts))
	}
}

func TestRefusedButtons(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	tests := []struct{ user, action, value, want string }{
		{"UKC", "project.register", "jingyue", "err.forbidden"},
		{"UKC", "project.new", "jingyue|甲", "err.forbidden"},
		{"UAD", "project.new", "mars|甲", "err.body.unknown"},
		{"UJY", "review.approve", "CC-2018-0001@1", "err.forbidden"},
		{"UJY", "review.return", "CC-2018-0001@1", "err.forbidden"},
		{"URE", "review.approve", "CC-2018-0001", "err.action.unknown"},
		{"URE", "review.approve", "CC-2018-0001@9", "err.review.changed"},
		{"URE", "review.return", "CC-2018-0001@9", "err.review.changed"},
		{"UJY", "project.continue", "nowhere", "err.draft.gone"},
		{"UJY", "project.vanish", "", "err.action.unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.user+" "+tt.action+" "+tt.value, func(t *testing.T) {
			_, err := a.Press(t.Context(), Press{User: tt.user, Action: tt.action, Value: tt.value, Locale: reporting.ZhCN})
			if key(err) != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestBrokenForms(t *testing.T) {
	a, _ := office(t)
	for _, state := range []string{"", "{", "{}", `{"o":"x"}`} {
		for _, id := range []string{"project.page1", "project.page2"} {
			in := Input{User: "UJY", FormID: id, State: state, Locale: reporting.ZhCN}
			if _, err := a.Submit(t.Context(), in); key(err) != "err.form.unknown" {
				t.Errorf("submit %s with state %q: %v", id, state, err)
			}
			if _, err := a.Changed(t.Context(), in); key(err) != "err.form.unknown" {
				t.Errorf("change of %s with state %q: %v", id, state, err)
			}
		}
	}
	// The form of somebody who files for another body by a forged state.
	in := Input{User: "UKC", FormID: "project.page1", State: filing{Opening: "o", Body: "jingyue"}.String(), Values: goodPage1}
	if _, err := a.Submit(t.Context(), in); key(err) != "err.forbidden" {
		t.Errorf("forged state: %v", err)
	}
}

func TestTheSecondReviewerIsToldWhoWasFirst(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	pressed(t, a, "URE", "review.approve", "CC-2018-0001@1")
	for _, tt := range []struct{ action, value string }{{"review.approve", "CC-2018-0001@1"}, {"review.return", "CC-2018-0001@1"}} {
		_, err := a.Press(t.Context(), Press{User: "UR2", Action: tt.action, Value: tt.value, Once: "second", Locale: reporting.ZhCN})
		text, _ := a.words.Explain(reporting.ZhCN, err, "")
		wants(t, tt.action, text, "李审核", "2018年7月31日 14:05", "已核实", "没有改动")
	}
	// The first reviewer's own press delivered again is answered, not refused.
	again := pressed(t, a, "URE", "review.approve", "CC-2018-0001@1").Reply
	wants(t, "again", drawn(again), "已通过审核", "全市2018年已核实 1 个")
	if p := s.projects["CC-2018-0001"]; p.Version != 2 || len(s.events) != 1 {
		t.Errorf("version %d with %d events", p.Version, len(s.events))
	}
}

func TestReasonIsKeptWhenReturnIsRefused(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	f := said(t, a, "URE", "review", "退回 0001").Form
	tests := []struct{ name, reason, want string }{
		{"empty", "  ", "请写明退回的原因"},
		{"too long", strings.Repeat("长", 501), "最多 500 个字"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := a.Submit(t.Context(), input("URE", f, "r"+tt.name, map[string]string{"reason": tt.reason}))
			if err != nil {
				t.Fatal(err)
			}
			wants(t, "reason", r.Errors["reason"], tt.want)
		})
	}
	pressed(t, a, "UR2", "review.approve", "CC-2018-0001@1")
	r, err := a.Submit(t.Context(), input("URE", f, "late", map[string]string{"reason": "缺材料"}))
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "reason", r.Errors["reason"], "周审核", "已核实")
}

func TestThreshold(t *testing.T) {
	tests := []struct {
		invest      reporting.Wan
		below, near bool
	}{
		{9499, true, false}, {9500, true, true}, {9999, true, true}, {10000, false, true}, {10500, false, true}, {10501, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.invest.String(), func(t *testing.T) {
			a, s := office(t)
			p := put(s, 1, func(p *reporting.Project) { p.InvestTotal = tt.invest })
			card, err := a.composeReview(t.Context(), reporting.Message{Kind: reporting.ReviewCard, Args: map[string]string{"project": p.ID, "version": "1"}})
			if err != nil {
				t.Fatal(err)
			}
			text := drawn(card.Reply)
			if got := strings.Contains(text, "不计入任务"); got != tt.below {
				t.Errorf("below = %v:\n%s", got, text)
			}
			if got := strings.Contains(text, "相差不到 5%"); got != tt.near {
				t.Errorf("near = %v:\n%s", got, text)
			}
			done := drawn(said(t, a, "URE", "review", "通过 0001").Reply)
			if got := strings.Contains(done, "不计入任务"); got != tt.below {
				t.Errorf("approval below = %v:\n%s", got, done)
			}
		})
	}
}

func TestComposeFollowsTheProject(t *testing.T) {
	msg := func(k reporting.MessageKind, version string) reporting.Message {
		return reporting.Message{Kind: k, To: "UJY", Args: map[string]string{"project": "CC-2018-0001", "version": version, "by": "URE"}}
	}
	back := func(p *reporting.Project) {
		p.Status, p.Version, p.ReturnReason = reporting.Returned, 2, "缺材料"
		p.ReturnedOn = reporting.Date{Year: 2018, Month: 7, Day: 29}
	}
	tests := []struct {
		name   string
		m      reporting.Message
		change func(*reporting.Project)
		skip   string
		has    []string
		hasNot []string
	}{
		{"a card", msg(reporting.ReviewCard, "1"), nil, "", []string{"请审核", "review.approve", "review.return", "project.show"}, []string{"13812345678"}},
		{"a card late", msg(reporting.ReviewCard, "1"), back, "", []string{"现为：已退回", "project.show"}, []string{"review.approve"}},
		{"an update", msg(reporting.CardUpdate, "2"), back, "", []string{"<@URE> 于", "缺材料"}, []string{"review.approve"}},
		{"an update late", msg(reporting.CardUpdate, "2"), func(p *reporting.Project) { p.Version = 3 }, "", []string{"<@URE> 已审核", "待审核"}, []string{"review.approve"}},
		{"returned", msg(reporting.SentBack, "2"), back, "", []string{"已退回", "缺材料", "project.edit CC-2018-0001"}, nil},
		{"returned late", msg(reporting.SentBack, "2"), func(p *reporting.Project) { p.Version = 3 }, "not_returned", nil, nil},
		{"approved", msg(reporting.Approved, "2"), verified, "", []string{"已通过审核", "净月高新区（属地）"}, nil},
		{"approved and gone", msg(reporting.Approved, "2"), func(p *reporting.Project) { p.Status = reporting.Withdrawn }, "not_verified", nil, nil},
		{"no project", reporting.Message{Kind: reporting.ReviewCard, Args: map[string]string{"project": "CC-2018-0009"}}, nil, "no_project", nil, nil},
		{"nobody", reporting.Message{Kind: reporting.Approved, Args: map[string]string{"project": "CC-2018-0001"}}, nil, "nobody", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, s := office(t)
			put(s, 1, tt.change)
			out, err := a.composeReview(t.Context(), tt.m)
			if err != nil || out.Skip != tt.skip {
				t.Fatalf("skip %q, %v; want %q", out.Skip, err, tt.skip)
			}
			wants(t, "message", drawn(out.Reply), tt.has...)
			lacks(t, "message", drawn(out.Reply), tt.hasNot...)
		})
	}
	a, s := office(t)
	put(s, 1, verified)
	a.cfg.OfficeChannel = ""
	if out, err := a.composeReview(t.Context(), msg(reporting.ReviewCard, "1")); err != nil || out.Skip != "no_office_channel" {
		t.Errorf("without a channel: %+v, %v", out, err)
	}
	a.cfg.LocaleOf = func(context.Context, string) reporting.Locale { return reporting.En }
	out, err := a.composeReview(t.Context(), msg(reporting.Approved, "2"))
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "message", drawn(out.Reply), "is verified", "As of 31 July 2018, 14:05")
}

func TestList(t *testing.T) {
	a, s := office(t)
	for n := range 23 {
		put(s, n+1, verified)
	}
	put(s, 24, func(p *reporting.Project) { p.ReporterBody, p.TerritoryBody, p.LeadDept = "kuancheng", "kuancheng", "" })
	first := said(t, a, "UJY", "project", "list")
	wants(t, "own list", drawn(first.Reply), "净月高新区 · 2018年", "共 23 个项目，总投资 73.60 亿元（736,000 万元）", "第 1/3 页",
		"[下一页→project.list body=jingyue year=2018 after=2018-07-28/CC-2018-0010 page=2]", "数据截至 2018年7月31日 14:05")
	next := pressed(t, a, "UJY", "project.list", "body=jingyue year=2018 page=2")
	if !next.Replace {
		t.Errorf("paging does not replace the page")
	}
	wants(t, "page 2", drawn(next.Reply), "第 2/3 页", "| CC-2018-0011 | 项目11 | 3.20 | 净月高新区 |", "上一页", "下一页")
	last := pressed(t, a, "UJY", "project.list", "body=jingyue year=2018 page=99")
	wants(t, "beyond the end", drawn(last.Reply), "第 3/3 页", "CC-2018-0023")
	lacks(t, "beyond the end", drawn(last.Reply), "下一页")
	wants(t, "the city's list", drawn(said(t, a, "ULE", "project", "清单 待审核").Reply), "全市 · 2018年 · 待审核", "共 1 个项目", "项目24", "每个项目只列一次")
	wants(t, "nothing", drawn(said(t, a, "ULE", "project", "list gxj 2016").Reply), "没有符合全部条件的项目")
}

func TestShow(t *testing.T) {
	a, s := office(t)
	put(s, 7, nil)
	tests := []struct {
		user        string
		has, hasNot []string
	}{
		{"UJY", []string{"CC-2018-0007", "3.20 亿元（32,000 万元）", "13812345678", "待审核", "2018-09 — 2020-06"}, []string{"project.edit", "review.approve"}},
		{"UGX", []string{"138******78"}, []string{"13812345678"}},
		{"ULE", []string{"138******78"}, []string{"13812345678", "review.approve"}},
		{"URE", []string{"13812345678", "review.approve CC-2018-0007@1"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.user, func(t *testing.T) {
			text := drawn(said(t, a, tt.user, "project", "查看 7").Reply)
			wants(t, "project", text, tt.has...)
			lacks(t, "project", text, tt.hasNot...)
		})
	}
}

func TestMineAndHome(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	put(s, 2, verified)
	put(s, 3, func(p *reporting.Project) {
		p.Status, p.ReturnReason, p.ReturnedOn = reporting.Returned, "缺\n规划依据", reporting.Date{Year: 2018, Month: 7, Day: 28}
	})
	put(s, 4, func(p *reporting.Project) { // its credit is kept for a while, so it is shown
		verified(p)
		p.Status, p.SuspendedOn = reporting.Suspended, reporting.Date{Year: 2018, Month: 7, Day: 26}
	})
	s.bodies.All[0].ChannelID, s.bodies.All[0].UndeliverableSince, s.bodies.All[0].UndeliverableWhy = "CKC", filingNow.UnixMilli(), "is_archived"
	wants(t, "mine", drawn(said(t, a, "UJY", "project", "我的").Reply),
		"草稿 0 份，已退回 1 个，待审核 1 个；2018年已核实 1 个；已暂停 1 个", "暂停 · 1", "项目4 · 3.20 亿元（32,000 万元） · 5 天前", "项目3 · 3 天前退回 · 原因：缺 规划依据", "[修改→project.edit CC-2018-0003]", "项目2 · 3.20 亿元（32,000 万元） · 1 天前")
	homes := []struct {
		user        string
		has, hasNot []string
	}{
		{"UJY", []string{"退回待改 1 个", "本单位待审核 1 个", "project.edit CC-2018-0003", "project.register jingyue"}, []string{"review.approve"}},
		{"UKC", []string{"退回待改 0 个"}, []string{"项目3"}},
		{"URE", []string{"等待审核的项目 1 个", "review.approve CC-2018-0001@1", "<#CKC>", "频道已归档"}, nil},
		{"UNO", []string{"还没有对应的单位"}, nil},
		{"UXX", []string{"<@UAD>", "谋划"}, []string{"project.register"}},
	}
	for _, tt := range homes {
		t.Run(tt.user, func(t *testing.T) {
			text := homeText(t, a, tt.user)
			wants(t, "home", text, tt.has...)
			lacks(t, "home", text, tt.hasNot...)
		})
	}
}

func TestQueueShowsTheOldestFirst(t *testing.T) {
	a, s := office(t)
	for n := range 7 {
		put(s, n+1, func(p *reporting.Project) { p.SubmittedOn = reporting.Date{Year: 2018, Month: 7, Day: 30 - n} })
	}
	text := drawn(said(t, a, "URE", "review", "待审").Reply)
	wants(t, "queue", text, "等待审核的项目 7 个", "7 天前提交", "[下一页→review.queue 2]")
	if strings.Index(text, "项目7") > strings.Index(text, "项目6") || strings.Contains(text, "项目2") {
		t.Errorf("not the five oldest, the oldest first:\n%s", text)
	}
	wants(t, "page 2", drawn(pressed(t, a, "URE", "review.queue", "2").Reply), "项目2", "项目1", "上一页")
	a, _ = office(t)
	wants(t, "empty queue", drawn(said(t, a, "URE", "review", "queue").Reply), "没有等待审核")
}

func TestDraftOfAnEditFollowsTheProject(t *testing.T) {
	a, s := office(t)
	put(s, 1, func(p *reporting.Project) { p.Status, p.ReturnReason, p.Version = reporting.Returned, "缺材料", 2 })
	f := said(t, a, "UJY", "project", "修改 0001").Form
	in := input("UJY", f, "", with(goodPage1, "name", "改过的名称"))
	in.Stamp = 1
	if _, err := a.Changed(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	p := s.projects["CC-2018-0001"]
	p.Version = 4
	s.projects[p.ID] = p
	if r, err := a.Submit(t.Context(), input("UJY", f, "1", goodPage1)); err != nil || r.Next == nil {
		t.Fatalf("page 1: %v, %v", r.Errors, err)
	} else if _, err := a.Submit(t.Context(), input("UJY", r.Next, "2", goodPage2)); key(err) != "err.project.changed" {
		t.Errorf("submitted over somebody else's change: %v", err)
	}
	again := said(t, a, "UJY", "project", "edit 0001").Form
	if field(t, again, "name").Value != goodPage1["name"] {
		t.Errorf("the draft was lost")
	}
	wants(t, "note", spans(field(t, again, "stale").Text), "又被修改")
	if len(s.drafts) != 1 {
		t.Errorf("%d drafts", len(s.drafts))
	}
}
