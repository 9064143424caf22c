package commands

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// send submits a form by a user, with values over those that it holds.
func send(t *testing.T, a *App, user, once string, f *Form, values map[string]string) SubmitResult {
	t.Helper()
	if f == nil {
		t.Fatal("no form was opened")
	}
	all := map[string]string{}
	for _, field := range f.Fields {
		if field.Value != "" {
			all[field.ID] = field.Value
		}
	}
	for k, v := range values {
		all[k] = v
	}
	r, err := a.Submit(context.Background(), Input{User: user, FormID: f.ID, State: f.State, Locale: f.Locale, Values: all, Once: once})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// say is what a user says of quotas; it fails the test when refused.
func (l *ledger) say(t *testing.T, a *App, user, text string) Response {
	t.Helper()
	r, err := a.Command(context.Background(), Request{User: user, Channel: "DM1", Command: "quota", Text: text, Locale: reporting.ZhCN, Once: user + "/" + text})
	if err != nil {
		t.Fatalf("/quota %s: %v", text, err)
	}
	return r
}

func has(t *testing.T, r *Reply, parts ...string) {
	t.Helper()
	if r == nil {
		t.Fatal("no reply")
	}
	text := plainText(r)
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is missing in\n%s", p, text)
		}
	}
}

func TestQuotaSetFilledAndRead(t *testing.T) {
	a, l := city(t)
	form := l.say(t, a, "URE", "set 净月 2018年 72个 领导小组会议 追加").Form
	got := map[string]string{}
	for _, f := range form.Fields {
		got[f.ID] = f.Value
	}
	if diff := cmp.Diff(map[string]string{
		"about": "", "quota_count": "72", "quota_from": "2018-07-31", "reason": "领导小组会议 追加", "decided_by": "", "doc_no": "",
	}, got); diff != "" {
		t.Error(diff)
	}
	wrong := send(t, a, "URE", "v0", form, map[string]string{"quota_count": "七十", "quota_from": "昨天"})
	if len(wrong.Errors) != 2 {
		t.Errorf("faults %v", wrong.Errors)
	}
	if r := send(t, a, "URE", "v0", form, nil); r.Errors["decided_by"] == "" {
		t.Errorf("without who decided: %v", r.Errors)
	}
	values := map[string]string{"quota_from": "2018-07-01", "decided_by": "第三次会议", "doc_no": "长府办发〔2018〕12号"}
	for range 2 { // the same delivery twice
		r := send(t, a, "URE", "v1", form, values)
		has(t, r.Tell, "由 65 个调整为 72 个，自2018年7月1日起执行（第 2 版）", "领导小组会议 追加", "第三次会议", "〔2018〕12号", "合计 517 个，全市目标 1,000 个", "频道会收到通知")
	}
	late := send(t, a, "UR2", "v2", form, values)
	if !strings.Contains(late.Errors["quota_count"], "第 2 版") {
		t.Errorf("the second is told %v", late.Errors)
	}
	if n := len(l.books["jingyue/2018"].Versions); n != 2 || len(l.events) != 1 {
		t.Errorf("%d versions, %d events", n, len(l.events))
	}

	// Past progress is read against the version then in force.
	for on, want := range map[string]string{"2018-06-30": "任务 65 个", "2018-07-01": "任务 72 个"} {
		d, _ := reporting.ParseDate(on)
		then := l.app(t, d.In(time.FixedZone("CST", 8*3600)).Add(10*time.Hour))
		has(t, l.say(t, then, "URE", "净月").Reply, want)
	}
	has(t, l.say(t, a, "UJY", "history").Reply, "第 2 版：72 个，自2018年7月1日起（现行）", "录入：@URE 2018年7月31日", "第 1 版：65 个", "[申请调整任务] quota.request jingyue 2018")
	has(t, l.say(t, a, "URE", "all").Reply, "合计 517 个，全市目标 1,000 个", "[调整任务] quota.set")

	out, err := a.Compose(context.Background(), l.sent[0])
	if err != nil || out.Channel != "CJY" {
		t.Fatalf("channel %q: %v", out.Channel, err)
	}
	has(t, out.Reply, "由 65 个调整为 72 个", "自2018年7月1日", "领导小组会议 追加", "〔2018〕12号", "已计入的项目不变")
}

// What a later version takes over is told with the one before it.
func TestQuotaSetBeforeALaterVersion(t *testing.T) {
	a, l := city(t)
	for i, v := range []struct{ n, from, want string }{
		{"72", "2018-10-01", "由 65 个调整为 72 个，自2018年10月1日起执行（第 2 版）。\n"},
		{"70", "2018-07-01", "由 65 个调整为 70 个，自2018年7月1日起执行（第 3 版）。2018年10月1日起按第 2 版执行，为 72 个。"},
	} {
		form := l.say(t, a, "URE", "set 净月 "+v.n+" "+strings.Repeat("因", 600)).Form
		if form.Fields[3].MaxLen < 600 {
			t.Errorf("the reason typed does not fit its field: %d", form.Fields[3].MaxLen)
		}
		r := send(t, a, "URE", string(rune('a'+i)), form, map[string]string{"quota_from": v.from, "reason": "追加", "decided_by": "会议"})
		has(t, r.Tell, v.want)
	}
}

func TestQuotaHistoryIsBounded(t *testing.T) {
	a, l := city(t)
	for range 14 {
		send(t, a, "URE", "", l.say(t, a, "URE", "set 净月 70").Form, map[string]string{"reason": "追加", "decided_by": "会议"})
	}
	r := l.say(t, a, "URE", "history 净月").Reply
	has(t, r, "第 15 版", "第 6 版", "5")
	if text := plainText(r); strings.Contains(text, "第 5 版") {
		t.Errorf("too long:\n%s", text)
	}
}

func TestQuotaSumThatFits(t *testing.T) {
	a, l := city(t)
	a.cfg.CityTarget = 510
	if text := plainText(l.say(t, a, "URE", "all").Reply); strings.Contains(text, "⚠️") {
		t.Errorf("a sum that fits is warned of:\n%s", text)
	}
}

func TestQuotaSetAsksForBody(t *testing.T) {
	a, l := city(t)
	form := l.say(t, a, "URE", "set").Form
	options, err := a.Suggest(context.Background(), Search{User: "URE", FormID: form.ID, Field: "body", State: form.State, Locale: reporting.ZhCN, Text: "净月"})
	if err != nil || len(options) == 0 || options[0].Value != "jingyue" {
		t.Fatalf("options %v: %v", options, err)
	}
	for _, tt := range []struct{ body, year, field string }{{"", "2018", "body"}, {"jingyue", "1066", "year"}, {"jingyue", "去年", "year"}} {
		if r := send(t, a, "URE", "", form, map[string]string{"body": tt.body, "year": tt.year}); r.Errors[tt.field] == "" {
			t.Errorf("%v: %v", tt, r.Errors)
		}
	}
	next := send(t, a, "URE", "", form, map[string]string{"body": "lvyou"}).Next
	r := send(t, a, "URE", "v1", next, map[string]string{"quota_count": "5", "reason": "新下达", "decided_by": "办公室"})
	has(t, r.Tell, "市旅游局2018年任务为 5 个，自2018年1月1日起执行（第 1 版）", "还没有频道")
	several := l.say(t, a, "URE", "set LY 44 追加").Reply
	i := slices.IndexFunc(several.Parts, func(p Part) bool { _, ok := p.(Buttons); return ok })
	press, err := a.Press(context.Background(), Press{User: "URE", Action: "quota.set", Value: several.Parts[i].(Buttons)[0].Value, Locale: reporting.ZhCN})
	if err != nil || press.Form == nil || press.Form.Fields[1].Value != "44" || press.Form.Fields[3].Value != "追加" {
		t.Fatalf("the choice opens %+v: %v", press.Form, err)
	}
}

// asked has the official of jingyue ask for another quota, and returns the card.
func asked(t *testing.T, a *App, l *ledger) (card *Reply, id string) {
	t.Helper()
	has(t, l.say(t, a, "UJY", "request 60 两个项目移出").Reply, "申请把净月高新区2018年任务调整为 60 个", "只是申请")
	if n := l.books["jingyue/2018"].Last(); n > 1 {
		t.Fatal("a request made a version")
	}
	out, err := a.Compose(context.Background(), l.sent[0])
	if err != nil || out.Channel != "COFFICE" {
		t.Fatalf("card to %q: %v", out.Channel, err)
	}
	open := l.books["jingyue/2018"]
	r, _ := open.Open()
	return out.Reply, r.ID
}

func (l *ledger) press(t *testing.T, a *App, user, action, id string) (Response, error) {
	t.Helper()
	return a.Press(context.Background(), Press{User: user, Channel: "COFFICE", Action: action, Value: "jingyue/2018/" + id, Locale: reporting.ZhCN, Once: user + action})
}

func TestQuotaRequestAdopted(t *testing.T) {
	a, l := city(t)
	card, id := asked(t, a, l)
	has(t, card, "净月高新区申请把2018年任务调整为 60 个", "\n2018年现行任务 65 个", "两个项目移出", "@UJY", "[采纳] quota.adopt jingyue/2018/"+id, "[不采纳]")
	has(t, l.say(t, a, "URE", "history 净月").Reply, "待决定", "[采纳] quota.adopt jingyue/2018/"+id)
	if text := plainText(l.say(t, a, "UJY", "history").Reply); strings.Contains(text, "quota.adopt") {
		t.Error("the official can decide on their own request")
	}
	if _, err := l.press(t, a, "UJY", "quota.adopt", id); refusal(err) != "forbidden err.forbidden" {
		t.Errorf("the official adopts: %v", err)
	}
	home, err := a.Home(context.Background(), "URE", reporting.ZhCN)
	if err != nil {
		t.Fatal(err)
	}
	has(t, home, "1 份任务调整申请待决定", "净月高新区申请把2018年任务调整为 60 个。两个项目移出 @UJY", "[采纳] quota.adopt jingyue/2018/"+id)
	first, err := l.press(t, a, "URE", "quota.adopt", id)
	if err != nil {
		t.Fatal(err)
	}
	second, err := l.press(t, a, "UR2", "quota.decline", id)
	if err != nil {
		t.Fatal(err)
	}
	has(t, send(t, a, "URE", "v1", first.Form, map[string]string{"decided_by": "领导小组"}).Tell, "由 65 个调整为 60 个")
	if r := send(t, a, "UR2", "v2", second.Form, map[string]string{"reason": "不变"}); !strings.Contains(r.Errors["reason"], "李审核已于") || !strings.Contains(r.Errors["reason"], "已采纳") {
		t.Errorf("the second reviewer is told %v", r.Errors)
	}
	_, err = l.press(t, a, "UR2", "quota.adopt", id)
	if text, _ := a.words.Explain(reporting.ZhCN, err, ""); !strings.Contains(text, "李审核") {
		t.Errorf("the second press is told %q", text)
	}
	has(t, l.say(t, a, "UJY", "history").Reply, "申请人：@UJY", "第 2 版：60 个")
	var said []string
	for _, m := range l.sent {
		out, err := a.Compose(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, string(m.Kind)+" "+out.Channel+" "+out.Reply.Text)
	}
	if diff := cmp.Diff([]string{
		"quota_card COFFICE 任务调整申请（已决定）：净月高新区申请把2018年任务调整为 60 个",
		"quota_set CJY 净月高新区2018年任务由 65 个调整为 60 个，自2018年7月31日起执行（第 2 版）。",
		"quota_decided COFFICE 任务调整申请（已决定）：净月高新区申请把2018年任务调整为 60 个",
		"quota_answer UJY 领导小组办公室采纳了您关于净月高新区2018年任务的申请（60 个）。",
	}, said); diff != "" {
		t.Error(diff)
	}
}

func TestQuotaRequestDeclined(t *testing.T) {
	a, l := city(t)
	_, id := asked(t, a, l)
	_, err := a.Command(context.Background(), Request{User: "UJY", Command: "quota", Text: "request 61 再申请", Locale: reporting.ZhCN})
	if refusal(err) != "conflict err.quota.request.open" {
		t.Errorf("a second request: %v", err)
	}
	form := l.say(t, a, "URE", "decline 净月 2018").Form
	if r := send(t, a, "URE", "v1", form, map[string]string{"reason": " "}); r.Errors["reason"] == "" {
		t.Error("declined without a reason")
	}
	has(t, l.say(t, a, "URE", "decline 净月 全年目标不变").Reply, "没有采纳")
	if n := l.books["jingyue/2018"].Last(); n != 1 {
		t.Errorf("%d versions", n)
	}
	out, err := a.Compose(context.Background(), l.sent[len(l.sent)-1])
	if err != nil || out.Channel != "UJY" {
		t.Fatalf("answer to %q: %v", out.Channel, err)
	}
	has(t, out.Reply, "没有采纳", "全年目标不变")
	has(t, l.say(t, a, "UJY", "history").Reply, "未采纳", "答复：全年目标不变")
	if _, err := l.press(t, a, "URE", "quota.decline", id); refusal(err) != "conflict err.quota.request.decided" {
		t.Errorf("declined twice: %v", err)
	}
}

func TestQuotaRequestForm(t *testing.T) {
	a, l := city(t)
	form := l.say(t, a, "UJY", "request").Form
	for _, tt := range []struct{ count, reason, field string }{{"六十", "r", "quota_count"}, {"60", "", "reason"}, {"65", "r", "quota_count"}} {
		if r := send(t, a, "UJY", "", form, map[string]string{"quota_count": tt.count, "reason": tt.reason}); r.Errors[tt.field] == "" {
			t.Errorf("%v: %v", tt, r.Errors)
		}
	}
	has(t, send(t, a, "UJY", "v1", form, map[string]string{"quota_count": "60", "reason": "移出"}).Tell, "决定后会私信告诉您")
	other := send(t, a, "UKC", "v2", form, map[string]string{"quota_count": "60", "reason": "移出"})
	if len(other.Errors) == 0 {
		t.Error("another body's official asked with this form")
	}
}

func TestQuotaMessagesNotOwed(t *testing.T) {
	a, l := city(t)
	asked(t, a, l)
	a.cfg.OfficeChannel = ""
	for _, tt := range []struct {
		kind reporting.MessageKind
		body string
		args map[string]string
		want string
	}{
		{reporting.QuotaSet, "lvyou", map[string]string{"year": "2018", "version": "1"}, "no_version"},
		{reporting.QuotaSet, "gxj", map[string]string{"year": "2018", "version": "1"}, "no_channel"},
		{reporting.QuotaSet, "gone", map[string]string{"year": "2018", "version": "1"}, "no_body"},
		{reporting.QuotaCard, "jingyue", map[string]string{"year": "2018", "request": "x"}, "no_request"},
		{reporting.QuotaCard, "jingyue", l.sent[0].Args, "no_office_channel"},
	} {
		out, err := a.Compose(context.Background(), reporting.Message{Kind: tt.kind, BodyID: tt.body, Args: tt.args})
		if err != nil || out.Skip != tt.want {
			t.Errorf("%s of %s: skip %q, %v; want %q", tt.kind, tt.body, out.Skip, err, tt.want)
		}
	}
	l.away = errAway
	if _, err := a.Compose(context.Background(), l.sent[0]); !errors.Is(err, errAway) {
		t.Errorf("with the database away: %v", err)
	}
}

func TestReportProgramme(t *testing.T) {
	a, l := city(t)
	l.programmes = []reporting.ProgrammeTally{{Programme: "P1", Verified: 37, Invest: 320000}, {Programme: "P3", Verified: 104, Invest: 5000}}
	r, err := l.ask(t, a, typed{user: "ULE", command: "report", text: "programme"})
	if err != nil {
		t.Fatal(err)
	}
	has(t, r.Reply, "37/100 个（37.0%），还差 63 个，总投资 32.00 亿元", "P2", "0/100 个", "104/100 个（104.0%），还差 0 个", "不设亿元线")
}

func TestFiguresFollowTheCurve(t *testing.T) {
	a, l := city(t)
	a.cfg.Curve = reporting.Curve{30, 55, 80, 100}
	has(t, l.say(t, a, "URE", "净月").Reply, "序时进度: ▰▰▰▰▰▰▱▱▱▱ 63.4%", "低于序时进度 17.3 个百分点", "按全年平均 47 个", "到年底还有 21.9 周")
}
