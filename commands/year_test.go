package commands

import (
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

func old(p *reporting.Project) {
	verified(p)
	p.PlanYear = 2017
}

// A body confirms what an earlier year left: by list, button and form.
func TestReconfirm(t *testing.T) {
	a, s := office(t)
	put(s, 1, old)
	put(s, 2, old)
	put(s, 3, verified)
	put(s, 4, func(p *reporting.Project) { old(p); p.Status, p.LapsedFor = reporting.Suspended, 2018 })
	list := drawn(said(t, a, "UJY", "project", "复核").Reply)
	wants(t, "list", list, "还有 2 个", "2018年8月14日", "[复核确认→project.reconfirm CC-2018-0001]")
	lacks(t, "list", list, "CC-2018-0003")
	wants(t, "list of projects", drawn(said(t, a, "UJY", "project", "list").Reply), "[查看待复核项目→year.list jingyue]")
	wants(t, "shown", drawn(said(t, a, "UJY", "project", "show 0001").Reply), "[复核确认→project.reconfirm CC-2018-0001]")

	f := pressed(t, a, "UJY", "project.reconfirm", "CC-2018-0001").Form
	r := handedIn(t, a, "UJY", f, "k1", map[string]string{"note": " ", "evidence": "开工令"})
	wants(t, "without progress", r.Errors["note"], "请填写")
	for range 2 {
		r = handedIn(t, a, "UJY", f, "k2", map[string]string{"note": "已开工", "evidence": "开工令"})
		wants(t, "confirmed", drawn(r.Tell), "结转至2018年", "还有 1 个")
	}
	p := s.projects["CC-2018-0001"]
	if !p.CarriedFor(2018) || p.Evidence != "开工令" || len(s.notes) != 1 || len(s.events) != 1 {
		t.Errorf("after confirming: %+v, %d notes, %d events", p, len(s.notes), len(s.events))
	}
	wants(t, "carried", drawn(said(t, a, "UJY", "project", "show 0001").Reply), "结转至2018年")
	wants(t, "lapsed", drawn(said(t, a, "UJY", "project", "show 0004").Reply), "未按期复核确认（2018年）")
	handedIn(t, a, "UJY", said(t, a, "UJY", "project", "reconfirm 0004").Form, "k3", map[string]string{"note": "复工", "evidence": "复工令"})
	if p = s.projects["CC-2018-0004"]; p.Status != reporting.Verified || p.LapsedFor != 0 {
		t.Errorf("taken up again: %+v", p)
	}
	for _, tt := range []struct{ user, text, want string }{
		{"UKC", "reconfirm 0002", "err.forbidden"}, {"URE", "reconfirm 0002", "err.forbidden"}, {"ULE", "reconfirm 0002", "err.forbidden"},
		{"UJY", "reconfirm 0003", "err.reconfirm.none"}, {"UJY", "reconfirm 0001", "err.reconfirm.none"},
		{"UJY", "reconfirm 9999", "err.project.unknown"}, {"UNO", "reconfirm", "err.body.none"},
	} {
		if _, err := say(t, a, tt.user, "project", tt.text); key(err) != tt.want {
			t.Errorf("%s %s: %v, want %s", tt.user, tt.text, err, tt.want)
		}
	}
	if _, err := a.Press(t.Context(), Press{User: "UKC", Action: "year.list", Value: "jingyue", Locale: reporting.ZhCN}); key(err) != "err.forbidden" {
		t.Errorf("another's list: %v", err)
	}
}

// frozen2017 has one body with 3 new and 2 carried of 4.
func frozen2017(basis reporting.Basis) map[int]reporting.Frozen {
	of := func(body string, owed, n int) reporting.Standing {
		return reporting.Standing{
			BodyID: body, Year: 2017, AsOf: reporting.Date{Year: 2017, Month: 12, Day: 31}, HasQuota: true,
			Quota: reporting.Quota{BodyID: body, Year: 2017, Version: 1, Count: owed}, Tally: reporting.Tally{Credited: n, Invest: 50000, ByStage: [4]int{n}},
		}
	}
	return map[int]reporting.Frozen{2017: {
		Year: 2017, At: 1516032000000, Basis: basis, Standings: []reporting.Standing{of("", 10, 3), of("jingyue", 4, 3)},
		Pools: []reporting.Tally{{Credited: 2, Invest: 30000, ByStage: [4]int{0, 2}}, {BodyID: "jingyue", Credited: 2, Invest: 30000, ByStage: [4]int{0, 2}}},
	}}
}

// A frozen year is read from its snapshot, with corrections beside it.
func TestFrozenYear(t *testing.T) {
	a, s := office(t)
	s.frozen = frozen2017(reporting.CountNew)
	s.corrections = []reporting.Correction{{
		Year: 2017, Line: reporting.Line{ProjectID: "CC-2017-0001", BodyID: "jingyue", Role: reporting.TerritoryCredit}, Delta: -1, Why: "project.withdraw", At: 1520000000000,
	}}
	for _, said1 := range []struct{ user, command, text string }{
		{"UJY", "quota", "净月高新区 2017"}, {"URE", "quota", "2017"}, {"URE", "quota", "all 2017"}, {"ULE", "report", "2017"},
		{"ULE", "report", "body 净月高新区 2017"}, {"ULE", "report", "group devzone 2017"},
	} {
		text := drawn(said(t, a, said1.user, said1.command, said1.text).Reply)
		wants(t, said1.text, text, "2017年数据已于2018年1月16日 00:00封存", "−1 CC-2017-0001", "净月高新区（属地）", "项目退库")
	}
	wants(t, "figures", drawn(said(t, a, "UJY", "quota", "净月高新区 2017").Reply), "75.0%")
	wants(t, "pool", drawn(said(t, a, "ULE", "report", "2017").Reply), "结转项目", "不计入任务")
	s.frozen = frozen2017(reporting.CountWithCarried)
	wants(t, "with carried", drawn(said(t, a, "UJY", "quota", "净月高新区 2017").Reply), "125.0%", "口径：当年新增项目加结转项目")
	wants(t, "pool counted", drawn(said(t, a, "ULE", "report", "2017").Reply), "已计入")
}

// What the turn of a year says is told where it belongs, and not when it no
// longer holds.
func TestComposeYear(t *testing.T) {
	a, s := office(t)
	a.cfg.OfficeChannel = "COF"
	put(s, 1, old)
	s.bodies.All[1].ChannelID = "CJY"
	ask := reporting.NewAsk(reporting.Date{Year: 2018, Month: 1, Day: 1})
	step := func(name string) reporting.Message {
		return reporting.Message{Key: name, Kind: reporting.YearStep, BodyID: "jingyue", Args: map[string]string{
			"step": name, "projects": "CC-2018-0001", "year": "2018", "day": "2018-02-01",
		}}
	}
	s.frozen = frozen2017(reporting.CountNew)
	for _, tt := range []struct {
		m             reporting.Message
		channel, want string
	}{
		{reporting.FreezeMessage(2017), "COF", "2017年数据已封存"}, {ask.Message("jingyue", 3), "CJY", "还有 1 个"},
		{step("lapse"), "CJY", "2018年5月2日"}, {step("hold"), "CJY", "不再保留计入"}, {step("withdraw"), "CJY", "退库"},
	} {
		out, err := a.Compose(t.Context(), tt.m)
		if err != nil || out.Channel != tt.channel {
			t.Fatalf("%s: to %q (%q), %v", tt.m.Key, out.Channel, out.Skip, err)
		}
		wants(t, tt.m.Key, drawn(out.Reply), tt.want)
	}
	delete(s.projects, "CC-2018-0001")
	for want, m := range map[string]reporting.Message{
		"confirmed": ask.Message("jingyue", 3), "no_channel": ask.Message("kuancheng", 3), "not_frozen": reporting.FreezeMessage(2016),
	} {
		if out, err := a.Compose(t.Context(), m); err != nil || out.Skip != want {
			t.Errorf("%s: skip %q, %v; want %q", m.Key, out.Skip, err, want)
		}
	}
}

// The weekly nudge says what is still to be confirmed.
func TestNudgeNamesWhatIsUnconfirmed(t *testing.T) {
	a, l := city(t)
	l.projects["CC-2017-0001"] = reporting.Project{
		ID: "CC-2017-0001", ReporterBody: "jingyue", Status: reporting.Verified, Stage: reporting.S2, PlanYear: 2017,
	}
	out, err := a.Compose(t.Context(), nudgeOf("jingyue", "2018-W31"))
	if err != nil || out.Reply == nil {
		t.Fatalf("%+v, %v", out, err)
	}
	wants(t, "nudge", drawn(out.Reply), "还有 1 个", "year.list jingyue")
}
