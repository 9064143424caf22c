package commands

import (
	"strings"
	"testing"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// What would be written, word by word; a sentence writes nothing.
func TestCards(t *testing.T) {
	for name, s := range map[string]understood{
		"stage_next":      {user: "UJY", intent: question.SetStage, slots: "project=CC-2018-0001 stage=S2"},
		"stage_office":    {user: "URE", intent: question.SetStage, slots: "project=CC-2018-0001 stage=S3 reason=已签订正式合同"},
		"update_note":     {user: "UJY", intent: question.ProjectUpdate, slots: "project=CC-2018-0001"},
		"update_money":    {user: "UJY", intent: question.ProjectUpdate, slots: "project=CC-2018-0001 investment_wan=8000"},
		"withdraw_en":     {user: "UJY", intent: question.ProjectWithdraw, slots: "project=CC-2018-0001 reason=投资方不来了", locale: reporting.En},
		"approve":         {user: "URE", intent: question.ReviewApprove, slots: "project=CC-2018-0003"},
		"return_tw":       {user: "URE", intent: question.ReviewReturn, slots: "project=CC-2018-0003 reason=缺少可研報告", locale: reporting.ZhTW},
		"queue":           {user: "URE", intent: question.ReviewQueue, slots: "status=submitted"},
		"adjust_ask":      {user: "UJY", intent: question.QuotaAdjust, slots: "delta=-5 reason=区划调整"},
		"adjust_set":      {user: "URE", intent: question.QuotaAdjust, slots: "body=jingyue count=70"},
		"adjust_open":     {user: "UJY", intent: question.QuotaAdjust, slots: "body=jingyue"},
		"adjust_history":  {user: "UJY", intent: question.QuotaAdjustHistory, slots: "body=jingyue"},
		"nudge_set":       {user: "UJY", intent: question.NudgeSettings, slots: "weekday=Friday time=15:00"},
		"nudge_snooze_en": {user: "UJY", intent: question.NudgeSettings, slots: "snooze=3", locale: reporting.En},
		"nudge_shown":     {user: "UJY", intent: question.NudgeSettings},
	} {
		t.Run(name, func(t *testing.T) {
			a, l := stocked(t)
			out, err := understand(t, a, s)
			if err != nil {
				t.Fatal(err)
			}
			if out.Reply.InChannel || out.Form != nil || len(l.events)+len(l.audit)+len(l.sent) > 0 {
				t.Errorf("a sentence alone: in channel %v, form %v, events %v", out.Reply.InChannel, out.Form, l.events)
			}
			golden(t, "answer_"+name, plainText(out.Reply))
		})
	}
}

// The buttons of a card open its form with what was said, or do it.
func TestCardsArePressed(t *testing.T) {
	a, l := stocked(t)
	card := func(user string, in question.Intent, slots string) *Reply {
		out, err := understand(t, a, understood{user: user, intent: in, slots: slots})
		if err != nil {
			t.Fatal(err)
		}
		return out.Reply
	}
	value := func(f *Form, id string) string {
		for _, x := range f.Fields {
			if x.ID == id {
				return x.Value
			}
		}
		return "no field " + id
	}
	for _, c := range []struct {
		user   string
		intent question.Intent
		slots  string
		action string
		fields map[string]string
	}{
		{"UJY", question.ProjectUpdate, "project=CC-2018-0001 investment_wan=35000", "ask.edit", map[string]string{reporting.FieldInvest: "35,000"}},
		{"UJY", question.ProjectWithdraw, "project=CC-2018-0001 reason=投资方不来了", "project.withdraw", map[string]string{fieldReason: "投资方不来了"}},
		{"UJY", question.SetStage, "project=CC-2018-0001 stage=S2", "project.advance", nil},
		{"URE", question.SetStage, "project=CC-2018-0001 stage=S3", "project.stage", map[string]string{fieldStage: "S3"}},
		{"URE", question.ReviewReturn, "project=CC-2018-0003 reason=用地手续不全", "ask.return", map[string]string{"reason": "用地手续不全"}},
		{"URE", question.QuotaAdjust, "body=jingyue count=70 reason=潜力大", "quota.set", map[string]string{reporting.FieldQuotaCount: "70", reporting.FieldReason: "潜力大"}},
		{"UJY", question.QuotaAdjust, "body=jingyue", "quota.request", map[string]string{reporting.FieldQuotaCount: ""}},
		{"UJY", question.NudgeSettings, "weekday=Friday time=15:00", "ask.nudge", map[string]string{reporting.FieldNudgeWeekday: "Friday", reporting.FieldNudgeTime: "15:00"}},
	} {
		out, err := pressOne(t, a, c.user, buttonOf(t, card(c.user, c.intent, c.slots), c.action))
		if err != nil || out.Form == nil {
			t.Errorf("%s %s: %v %+v", c.intent, c.slots, err, out)
			continue
		}
		for id, want := range c.fields {
			if got := value(out.Form, id); got != want {
				t.Errorf("%s %s: %s is %q, want %q", c.intent, c.slots, id, got, want)
			}
		}
	}
	if len(l.events) > 0 {
		t.Errorf("opening forms wrote %v", l.events)
	}
	if _, err := pressOne(t, a, "URE", buttonOf(t, card("URE", question.ReviewApprove, "project=CC-2018-0003"), "review.approve")); err != nil || l.projects["CC-2018-0003"].Status != reporting.Verified {
		t.Errorf("approved: %v %s", err, l.projects["CC-2018-0003"].Status)
	}
	if _, err := pressOne(t, a, "UJY", buttonOf(t, card("UJY", question.QuotaAdjust, "delta=-5 reason=区划调整"), "quota.request")); err != nil {
		t.Error(err)
	}
	if r, open := l.books[yearKey("jingyue", 2018)].Open(); !open || r.Wanted != 60 || r.Reason != "区划调整" {
		t.Errorf("asked for %+v", r)
	}
	for _, b := range []Button{{Action: "ask.return", Value: "x"}, {Action: "ask.edit", Value: "x"}, {Action: "ask.nudge", Value: "jingyue"}} {
		if _, err := pressOne(t, a, "UAD", b); err == nil {
			t.Errorf("%s %q is answered", b.Action, b.Value)
		}
	}
}

// Nobody is shown a card that they could not press.
func TestCardsRefused(t *testing.T) {
	a, _ := stocked(t)
	for _, c := range []struct {
		user   string
		intent question.Intent
		slots  string
		want   string
	}{
		{"UJY", question.ReviewApprove, "project=CC-2018-0003", "forbidden err.forbidden"},
		{"UJY", question.ReviewReturn, "project=CC-2018-0003", "forbidden err.forbidden"},
		{"UJY", question.ReviewQueue, "", "forbidden err.forbidden"},
		{"ULE", question.SetStage, "project=CC-2018-0001 stage=S2", "forbidden err.forbidden"},
		{"UJY", question.SetStage, "project=CC-2018-0001 stage=S3", "forbidden err.forbidden"},
		{"UJY", question.SetStage, "project=CC-2018-0003 stage=S2", "conflict err.project.not_verified"},
		{"UJY", question.SetStage, "project=CC-2018-0004 stage=S2", "forbidden err.forbidden"},
		{"UKC", question.ProjectUpdate, "project=CC-2018-0001", "forbidden err.forbidden"},
		{"UKC", question.ProjectUpdate, "project=CC-2018-0001 investment_wan=20000", "forbidden err.forbidden"},
		{"ULE", question.ProjectWithdraw, "project=CC-2018-0001", "forbidden err.forbidden"},
		{"URE", question.ReviewApprove, "project=CC-2018-0001", "conflict err.review.decided"},
		{"UJY", question.QuotaAdjust, "body=kuancheng delta=3", "forbidden err.forbidden"},
		{"ULE", question.QuotaAdjust, "body=kuancheng delta=3", "forbidden err.forbidden"},
		{"UJY", question.QuotaAdjustHistory, "body=kuancheng", "forbidden err.forbidden"},
		{"UJY", question.NudgeSettings, "body=kuancheng weekday=Friday", "forbidden err.forbidden"},
		{"ULE", question.NudgeSettings, "body=kuancheng", "forbidden err.forbidden"},
		{"URE", question.QuotaAdjust, "body=nowhere", "not_found err.body.unknown"},
		{"URE", question.SetStage, "stage=S2", "invalid err.project.which"},
	} {
		_, err := understand(t, a, understood{user: c.user, intent: c.intent, slots: c.slots})
		if got := refusal(err); got != c.want {
			t.Errorf("%s asks for %s %s: %v, want %s", c.user, c.intent, c.slots, err, c.want)
		}
	}
	if out, err := understand(t, a, understood{user: "UKC", intent: question.SetStage, slots: "name=检修基地 stage=S2"}); err != nil || !strings.Contains(out.Reply.Text, "2 个项目相符") {
		t.Errorf("of two projects: %v %v", out.Reply, err)
	}
}
