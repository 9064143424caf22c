package commands

import (
	"strings"
	"testing"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// stocked is askedCity with projects.
func stocked(t testing.TB) (*App, *ledger) {
	t.Helper()
	a, l := askedCity(t)
	put(l.shelf, 1, verified)
	put(l.shelf, 2, func(p *reporting.Project) {
		verified(p)
		p.Name, p.Path, p.PathDetail, p.Industry, p.InvestTotal, p.Stage = "轨道客车转向架检修基地", "R1.2", "天津·津长双创示范基地", "rail", 120000, reporting.S2
	})
	put(l.shelf, 3, func(p *reporting.Project) { p.Name = "智能轴承产业园" })
	put(l.shelf, 4, func(p *reporting.Project) {
		verified(p)
		p.Name, p.ReporterBody, p.TerritoryBody, p.FiledBy, p.Path = "宽城冷链物流园", "kuancheng", "kuancheng", "UKC", "R2.1"
	})
	put(l.shelf, 5, func(p *reporting.Project) { p.Status, p.Name = reporting.Withdrawn, "已退的项目" })
	put(l.shelf, 6, func(p *reporting.Project) {
		verified(p)
		p.Name, p.ReporterBody, p.TerritoryBody, p.LeadDept = "轨道客车转向架检修基地二期", "kuancheng", "kuancheng", ""
	})
	return a, l
}

// Lists, counts, sums and breakdowns, word by word.
func TestListAnswers(t *testing.T) {
	for name, s := range map[string]understood{
		"list":               {user: "UJY", intent: question.ProjectList, slots: "body=jingyue"},
		"list_partner":       {user: "ULE", intent: question.ProjectList, slots: "subpath=R1.2 partner=天津"},
		"list_money_en":      {user: "ULE", intent: question.ProjectList, slots: "min_investment_wan=100000", locale: reporting.En},
		"stale":              {user: "ULE", intent: question.ProjectStale},
		"count":              {user: "ULE", intent: question.ProjectCount, slots: "body=jingyue stage=S2"},
		"count_own":          {user: "UJY", intent: question.ProjectCount},
		"count_submitted_tw": {user: "URE", intent: question.ProjectCount, slots: "status=submitted", locale: reporting.ZhTW},
		"sum_en":             {user: "ULE", intent: question.ProjectSum, slots: "min_investment_wan=30000", locale: reporting.En},
		"breakdown_route":    {user: "ULE", intent: question.ProjectBreakdown, slots: "scope=city by=route"},
		"breakdown_stage_tw": {user: "UJY", intent: question.ProjectBreakdown, slots: "body=jingyue by=stage", locale: reporting.ZhTW},
		"breakdown_body":     {user: "ULE", intent: question.ProjectBreakdown, slots: "by=body"},
		"breakdown_industry": {user: "ULE", intent: question.ProjectBreakdown, slots: "by=industry year=2018"},
		"duplicate":          {user: "UJY", intent: question.FindDuplicate, slots: "name=轨道客车转向架"},
		"duplicate_none_en":  {user: "ULE", intent: question.FindDuplicate, slots: "name=没有的名称", locale: reporting.En},
		"get_channel":        {user: "URE", channel: "CX", intent: question.ProjectGet, slots: "project=CC-2018-0003"},
		"adjusted":           {user: "ULE", intent: question.QuotaAdjustHistory, slots: "year=2017"},
		"adjusted_none_en":   {user: "ULE", intent: question.QuotaAdjustHistory, locale: reporting.En},
		"get_which":          {user: "UKC", intent: question.ProjectGet, slots: "name=检修基地"},
	} {
		t.Run(name, func(t *testing.T) {
			a, _ := stocked(t)
			out, err := understand(t, a, s)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "answer_"+name, plainText(out.Reply))
		})
	}
}

// The list that opens behind a number has as many projects.
func TestListsBehindAnswers(t *testing.T) {
	a, _ := stocked(t)
	for _, s := range []understood{
		{user: "ULE", intent: question.ProjectCount, slots: "body=jingyue"}, {user: "ULE", intent: question.ProjectCount, slots: "status=submitted"},
		{user: "UJY", intent: question.ProjectSum, slots: "status=pool"}, {user: "ULE", intent: question.ProjectBreakdown, slots: "by=body"},
		{user: "ULE", intent: question.ProjectCount, slots: "min_investment_wan=100000 stage=S2"},
	} {
		out, err := understand(t, a, s)
		if err != nil {
			t.Fatal(err)
		}
		list, err := pressOne(t, a, s.user, buttonOf(t, out.Reply, "quota.list"))
		if err != nil {
			t.Fatal(err)
		}
		want := "共 " + count(int(out.Figures["projects"])) + " 个项目"
		if got := plainText(list.Reply); !strings.Contains(got, want) {
			t.Errorf("%s %s: %q is not behind\n%s", s.intent, s.slots, want, got)
		}
	}
}

// Projects of others are refused, and so is what names none.
func TestProjectAnswersRefused(t *testing.T) {
	a, _ := stocked(t)
	for _, c := range []struct {
		s    understood
		want string
	}{
		{understood{user: "UJY", intent: question.ProjectList, slots: "body=kuancheng"}, "forbidden err.forbidden"},
		{understood{user: "UJY", intent: question.ProjectCount, slots: "body=kuancheng"}, "forbidden err.forbidden"},
		{understood{user: "UJY", intent: question.ProjectBreakdown, slots: "body=kuancheng by=route"}, "forbidden err.forbidden"},
		{understood{user: "UJY", intent: question.ProjectStale, slots: "body=kuancheng"}, "forbidden err.forbidden"},
		{understood{user: "UJY", intent: question.ReportExport, slots: "body=kuancheng"}, "forbidden err.forbidden"},
		{understood{user: "UJY", intent: question.ProjectGet, slots: "project=CC-2018-0006"}, "forbidden err.forbidden"},
		{understood{user: "ULE", intent: question.ProjectList, slots: "body=nowhere"}, "not_found err.body.unknown"},
		{understood{user: "ULE", intent: question.ProjectList, slots: "year=1066"}, "invalid err.year"},
		{understood{user: "ULE", intent: question.ProjectGet, slots: "project=CC-2018-0099"}, "not_found err.project.unknown"},
		{understood{user: "ULE", intent: question.ProjectGet, slots: "name=没有这个"}, "not_found err.project.name"},
		{understood{user: "ULE", intent: question.ProjectGet}, "invalid err.project.which"},
		{understood{user: "ULE", intent: question.FindDuplicate}, "invalid err.project.name.needed"},
	} {
		if _, err := understand(t, a, c.s); refusal(err) != c.want {
			t.Errorf("%s %s: %v, want %s", c.s.intent, c.s.slots, err, c.want)
		}
	}
	for _, text := range []string{"answer_duplicate"} {
		out, err := understand(t, a, understood{user: "UJY", intent: question.FindDuplicate, slots: "name=轨道客车转向架"})
		if err != nil || strings.Contains(plainText(out.Reply), "CC-2018-0006` 轨道客车转向架检修基地二期 · 宽城区 · 拟引进") {
			t.Errorf("%s tells another body's figures: %v", text, err)
		}
	}
}

// Where all can see a project, telephone numbers are masked and nothing can be pressed that writes.
func TestProjectInTheChannel(t *testing.T) {
	a, _ := stocked(t)
	out, err := understand(t, a, understood{user: "URE", intent: question.ProjectGet, slots: "project=CC-2018-0003"})
	if err != nil {
		t.Fatal(err)
	}
	if got := plainText(out.Reply); !out.Reply.InChannel || strings.Contains(got, "13812345678") || strings.Contains(got, "review.approve") {
		t.Errorf("in the channel:\n%s", got)
	}
	out, err = understand(t, a, understood{user: "URE", direct: true, intent: question.ProjectGet, slots: "project=CC-2018-0003"})
	if got := plainText(out.Reply); err != nil || !strings.Contains(got, "13812345678") || !strings.Contains(got, "review.approve") {
		t.Errorf("alone: %v\n%s", err, got)
	}
}

// Names are read as they change, beside the answers.
func TestNames(t *testing.T) {
	a, l := stocked(t)
	c, err := a.call(t.Context(), "ULE", "CX", reporting.ZhCN, "")
	if err != nil {
		t.Fatal(err)
	}
	names, err := a.projectNames(c)
	if err != nil || len(names) != 6 || names[0].ID != "CC-2018-0006" {
		t.Fatalf("names %+v %v", names, err)
	}
	old := nameList{newest: 1, names: names}
	put(l.shelf, 2, func(p *reporting.Project) { p.Name, p.UpdatedAt = "改名了的基地", 5 })
	put(l.shelf, 7, func(p *reporting.Project) { p.Name, p.UpdatedAt = "第七个", 7 })
	next, err := a.readNames(t.Context(), old, c.now)
	if err != nil || next.newest != 7 || len(next.names) != 7 || next.names[0].Name != "第七个" || next.names[5].Name != "改名了的基地" {
		t.Errorf("next %+v %v", next, err)
	}
	for _, x := range []struct {
		typed string
		alike bool
		want  int
	}{{"轨道客车转向架检修基地", false, 1}, {"检修基地", false, 2}, {"轨道客车转向架检修基地", true, 2}, {"智能轴承产业园区", true, 1}, {"园", false, 0}, {"不存在", true, 0}} {
		if got := findNamed(names, x.typed, x.alike, 5); len(got) != x.want {
			t.Errorf("%s: %+v", x.typed, got)
		}
	}
	l.away = errAway
	if _, err := a.readNames(t.Context(), old, c.now); err == nil {
		t.Error("names of a database that is away")
	}
}
