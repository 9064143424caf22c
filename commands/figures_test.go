package commands

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mouhua/mouhua/reporting"
)

func TestFigureRefusals(t *testing.T) {
	a, l := city(t)
	for _, c := range []struct {
		said typed
		want string
	}{
		{typed{user: "UKC", command: "quota", text: "净月"}, "forbidden err.forbidden"},
		{typed{user: "UJY", command: "quota", text: "all"}, "forbidden err.forbidden"},
		{typed{user: "UNO", command: "quota"}, "invalid err.body.none"},
		{typed{user: "UXX", command: "quota"}, "forbidden err.stranger"},
		{typed{user: "ULE", command: "quota", text: "朝阳市"}, "not_found err.body.near"},
		{typed{user: "ULE", command: "quota", text: "＠＠"}, "not_found err.body.unknown"},
		{typed{user: "ULE", command: "quota", text: "净月 1066"}, "invalid err.year"},
		{typed{user: "ULE", command: "quota", text: "净月 2020"}, "invalid err.year"},
		{typed{user: "UJY", command: "quota", text: "set 净月 70"}, "forbidden err.forbidden"},
		{typed{user: "ULE", command: "quota", text: "set"}, "forbidden err.forbidden"},
		{typed{user: "URE", command: "quota", text: "set 净月 1999 70"}, "invalid err.year"},
		{typed{user: "URE", command: "quota", text: "set 火星 70"}, "not_found err.body.unknown"},
		{typed{user: "UKC", command: "quota", text: "history 净月"}, "forbidden err.forbidden"},
		{typed{user: "URE", command: "quota", text: "history"}, "invalid err.body.needed"},
		{typed{user: "URE", command: "quota", text: "request 净月 70 追加"}, "forbidden err.forbidden"},
		{typed{user: "UKC", command: "quota", text: "request 净月 70 追加"}, "forbidden err.forbidden"},
		{typed{user: "UNO", command: "quota", text: "request 70 追加"}, "invalid err.body.none"},
		{typed{user: "UJY", command: "quota", text: "adopt 净月"}, "forbidden err.forbidden"},
		{typed{user: "UJY", command: "quota", text: "decline 净月 不"}, "forbidden err.forbidden"},
		{typed{user: "URE", command: "quota", text: "adopt"}, "invalid err.body.needed"},
		{typed{user: "URE", command: "quota", text: "adopt 净月"}, "not_found err.quota.request.none"},
		{typed{user: "UJY", command: "report", text: "programme"}, "forbidden err.forbidden"},
		{typed{user: "UJY", command: "report", text: "city"}, "forbidden err.forbidden"},
		{typed{user: "UJY", command: "report", text: "body 宽城"}, "forbidden err.forbidden"},
		{typed{user: "UJY", command: "report", text: "group zones"}, "forbidden err.forbidden"},
		{typed{user: "ULE", command: "report", text: "group 火星"}, "not_found err.group"},
		{typed{user: "ULE", command: "report", text: "everything"}, "not_found err.command.word"},
		{typed{user: "UNO", command: "report"}, "invalid err.body.none"},
		{typed{user: "ULE", command: "report", text: "body LY"}, "invalid err.body.several"},
		{typed{user: "ULE", command: "report", text: "body"}, "invalid err.body.needed"},
		{typed{user: "UKC", command: "nudge", text: "show 净月"}, "forbidden err.forbidden"},
		{typed{user: "ULE", command: "nudge", text: "now 净月"}, "forbidden err.forbidden"},
		{typed{user: "URE", command: "nudge", text: "now 朝阳"}, "conflict err.nudge.no_channel"},
		{typed{user: "URE", command: "nudge", text: "now"}, "invalid err.body.needed"},
		{typed{user: "UJY", command: "body", text: "list"}, "forbidden err.forbidden"},
		{typed{user: "ULE", command: "body", text: "channel 净月 <#C9>"}, "forbidden err.forbidden"},
		{typed{user: "UJY", command: "body", text: "assign <@U9> official 净月"}, "forbidden err.forbidden"},
		{typed{user: "URE", command: "body", text: "assign official"}, "invalid err.assign.usage"},
		{typed{user: "URE", command: "body", text: "assign <@U9>"}, "invalid err.assign.usage"},
		{typed{user: "URE", command: "body", text: "assign <@U9> emperor"}, "invalid err.assign.role"},
		{typed{user: "URE", command: "body", text: "assign <@U9> official"}, "invalid err.body.needed"},
		{typed{user: "URE", command: "body", text: "assign <@U9> official 火星"}, "not_found err.body.unknown"},
		{typed{user: "UAD", command: "body", text: "assign <@U9> leader 净月"}, "invalid err.assign.body"},
		{typed{user: "URE", command: "body", text: "assign <@U9> reviewer"}, "forbidden err.forbidden"},
		{typed{user: "URE", command: "body", text: "assign <@ULE> official 净月"}, "forbidden err.forbidden"},
		{typed{user: "URE", command: "body", text: "channel #x"}, "invalid err.channel.mention"},
		{typed{user: "URE", command: "body", text: "channel 净月"}, "invalid err.channel.direct"},
		{typed{user: "URE", command: "body", text: "channel 净月 #general"}, "invalid err.channel.mention"},
		{typed{user: "URE", command: "body", text: "channel 净月 <#CKC|kc>"}, "conflict err.channel.taken"},
		{typed{user: "URE", command: "body", text: "edit"}, "invalid err.body.needed"},
		{typed{user: "URE", command: "body", text: "edit 火星"}, "not_found err.body.unknown"},
		{typed{user: "UJY", command: "body", text: "edit 净月"}, "forbidden err.forbidden"},
		{typed{user: "UJY", command: "body", text: "add"}, "forbidden err.forbidden"},
		{typed{user: "UJY", command: "body", text: "end 净月"}, "forbidden err.forbidden"},
		{typed{user: "UJY", command: "body", text: "people 净月"}, "forbidden err.forbidden"},
		{typed{user: "UJY", command: "body", text: "assign <@UKC> none"}, "forbidden err.forbidden"},
		{typed{user: "URE", command: "body", text: "assign <@ULE> none"}, "forbidden err.forbidden"},
		{typed{user: "UAD", command: "body", text: "assign <@U9> none"}, "not_found err.assign.nobody"},
		{typed{user: "UAD", command: "body", text: "assign <@UAD> none"}, "conflict err.assign.config"},
	} {
		_, err := l.ask(t, a, c.said)
		if got := refusal(err); got != c.want {
			t.Errorf("%s: /%s %s = %q, want %q", c.said.user, c.said.command, c.said.text, got, c.want)
		}
		if text, _ := a.words.Explain(reporting.ZhCN, err, ""); strings.Contains(text, "30 个") || strings.Contains(text, "65") {
			t.Errorf("the refusal gives the number away: %s", text)
		}
	}
	if len(l.audit)+len(l.planned) != 0 {
		t.Errorf("a refusal changed something: %v %v", l.audit, l.planned)
	}
}

func TestADatabaseThatIsAwayIsSaidSo(t *testing.T) {
	a, l := city(t)
	l.away = errAway
	for _, command := range []string{"quota", "report", "nudge", "body"} {
		text := map[string]string{"nudge": "show 净月", "body": "list"}[command]
		if _, err := l.ask(t, a, typed{user: "URE", command: command, text: text}); reporting.CodeOf(err) != reporting.Unavailable {
			t.Errorf("/%s %s = %v, want unavailable", command, text, err)
		}
	}
}

func TestWhoSeesTheAnswer(t *testing.T) {
	a, l := city(t)
	for _, c := range []struct {
		said typed
		want bool
	}{
		{typed{user: "ULE", command: "report"}, true},
		{typed{user: "URE", command: "report", text: "body 净月"}, true},
		{typed{user: "ULE", command: "report", text: "group district"}, true},
		{typed{user: "UJY", command: "report"}, false},
		{typed{user: "UJY", command: "report", text: "body 净月"}, false},
		{typed{user: "ULE", command: "quota", text: "净月"}, false},
		{typed{user: "ULE", command: "quota", text: "all"}, false},
	} {
		r, err := l.ask(t, a, c.said)
		if err != nil {
			t.Fatal(err)
		}
		if r.Reply.InChannel != c.want {
			t.Errorf("%s: /%s %s is in the channel: %v, want %v", c.said.user, c.said.command, c.said.text, r.Reply.InChannel, c.want)
		}
	}
}

func TestQuotaShowIsPrivate(t *testing.T) {
	a, _ := city(t)
	press := func(user, value string) (Response, error) {
		return a.Press(context.Background(), Press{User: user, Action: "quota.show", Value: value, Locale: reporting.ZhCN})
	}
	r, err := press("ULE", "lvyuan/2018")
	if err != nil || r.Replace || r.Reply.InChannel || !strings.Contains(plainText(r.Reply), "绿园区2018年任务 40 个") {
		t.Errorf("press = %+v, %v", r, err)
	}
	for value, want := range map[string]string{"lvyuan/2018": "forbidden err.forbidden", "mars/2018": "not_found err.body.unknown", "x": "not_found err.action.unknown"} {
		if _, err := press("UJY", value); refusal(err) != want {
			t.Errorf("press %s = %v, want %s", value, err, want)
		}
	}
}

// The button stands under nudges and reports that all see: what it opens is
// for who pressed and takes the place of nothing.
func TestTheListBehindANumber(t *testing.T) {
	a, _ := city(t)
	for _, value := range []string{"body=jingyue year=2018 page=1", "year=2018 page=1"} {
		r, err := a.Press(context.Background(), Press{User: "ULE", Action: "quota.list", Value: value, Locale: reporting.ZhCN})
		if err != nil || r.Replace || r.Reply.InChannel {
			t.Errorf("list %s = %+v, %v", value, r, err)
		}
	}
	_, err := a.Press(context.Background(), Press{User: "UKC", Action: "quota.list", Value: "body=jingyue year=2018 page=1", Locale: reporting.ZhCN})
	if refusal(err) != "forbidden err.forbidden" {
		t.Errorf("another body's list: %v", err)
	}
}

func TestRankIsReadOnceForMany(t *testing.T) {
	a, l := city(t)
	for range 5 {
		if _, err := l.ask(t, a, typed{user: "ULE", command: "quota", text: "净月"}); err != nil {
			t.Fatal(err)
		}
	}
	if l.reads != 1 {
		t.Errorf("standings of all bodies were read %d times for 5 questions", l.reads)
	}
	// The body's own figures are never the kept ones.
	l.tallies[yearKey("jingyue", 2018)] = reporting.Tally{Credited: 65}
	r, err := l.ask(t, a, typed{user: "ULE", command: "quota", text: "净月"})
	if text := plainText(r.Reply); err != nil || !strings.Contains(text, "组内排名: 1/5") {
		t.Errorf("rank after 35 more = %v\n%s", err, text)
	}
}

func TestExtremes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "bodies")
		var all []reporting.Standing
		for i := range n {
			all = append(all, reporting.Standing{
				BodyID: string(rune('a' + i)), Year: 2018, HasQuota: true, Quota: reporting.Quota{Count: rapid.IntRange(1, 9).Draw(t, "quota")},
				Tally: reporting.Tally{Credited: rapid.IntRange(0, 12).Draw(t, "credited")},
			})
		}
		var ranked []placed
		for _, r := range reporting.Rank(all) {
			ranked = append(ranked, placed{Ranked: r})
		}
		best, worst, tied := extremes(ranked)
		if len(best) > 3 || len(worst) > 3 {
			t.Fatalf("%d best, %d worst", len(best), len(worst))
		}
		if len(tied) > 0 && (len(tied) <= 3 || len(worst) > 0) {
			t.Fatalf("%d tied beside %d worst", len(tied), len(worst))
		}
		for _, p := range ranked { // equals are named together
			for _, side := range [][]placed{best, worst, tied} {
				same := func(q placed) bool { return q.Rank == p.Rank }
				named := slices.ContainsFunc(side, func(q placed) bool { return q.BodyID == p.BodyID })
				if slices.ContainsFunc(side, same) != named {
					t.Fatalf("%s shares rank %d and is not named with its equals", p.BodyID, p.Rank)
				}
			}
		}
		for _, p := range best {
			if p.Tally.Credited == 0 {
				t.Fatalf("%s has nothing and is among the best", p.BodyID)
			}
		}
		for _, w := range worst {
			if w.Remaining() == 0 {
				t.Fatalf("%s met its quota and is among the worst", w.BodyID)
			}
			for _, b := range best {
				if b.Rank >= w.Rank {
					t.Fatalf("%s (rank %d) is called better than %s (rank %d)", b.BodyID, b.Rank, w.BodyID, w.Rank)
				}
			}
		}
	})
}

func nudgeOf(body string, week string, args ...string) reporting.Message {
	m := reporting.Message{Key: "nudge/" + body + "/" + week, Kind: reporting.NudgeMessage, BodyID: body, Args: map[string]string{"week": week}}
	for i := 0; i+1 < len(args); i += 2 {
		m.Args[args[i]] = args[i+1]
	}
	return m
}

func TestComposeNudge(t *testing.T) {
	for name, c := range map[string]struct {
		m     reporting.Message
		setup func(l *ledger)
		skip  string
		file  string
	}{
		"due":                 {m: nudgeOf("jingyue", "2018-W31"), setup: func(l *ledger) { l.waiting["jingyue"] = busy }, file: "nudge_due"},
		"met":                 {m: nudgeOf("lianhuashan", "2018-W31"), setup: func(l *ledger) { l.body("lianhuashan").ChannelID = "CLH" }, file: "nudge_met"},
		"no quota but work":   {m: nudgeOf("lvyou", "2018-W31"), setup: func(l *ledger) { l.body("lvyou").ChannelID = "CLV"; l.waiting["lvyou"] = busy }, file: "nudge_no_quota"},
		"last week's":         {m: nudgeOf("jingyue", "2018-W30"), skip: "week_over"},
		"last week's by hand": {m: nudgeOf("jingyue", "2018-W30", "now", "1"), file: "nudge_by_hand"},
		"no channel":          {m: nudgeOf("chaoyang", "2018-W31"), skip: "no_channel"},
		"no such body":        {m: nudgeOf("mars", "2018-W31"), skip: "no_body"},
		"nothing owed":        {m: nudgeOf("lvyou", "2018-W31"), setup: func(l *ledger) { l.body("lvyou").ChannelID = "CLV" }, skip: "no_task"},
	} {
		t.Run(name, func(t *testing.T) {
			a, l := city(t)
			if c.setup != nil {
				c.setup(l)
			}
			out, err := a.Compose(context.Background(), c.m)
			if err != nil {
				t.Fatal(err)
			}
			if out.Skip != c.skip {
				t.Fatalf("skip = %q, want %q", out.Skip, c.skip)
			}
			if c.skip != "" {
				return
			}
			if want := l.body(c.m.BodyID).ChannelID; out.Channel != want || !out.Reply.InChannel {
				t.Errorf("goes to %q, want %q", out.Channel, want)
			}
			golden(t, c.file, plainText(out.Reply))
		})
	}
}

func TestComposeRefusesWhatItDoesNotKnow(t *testing.T) {
	a, _ := city(t)
	for _, m := range []reporting.Message{{Key: "x", Kind: "postcard"}, {Key: "y", Kind: reporting.NudgeMessage, BodyID: "jingyue"}} {
		if out, err := a.Compose(context.Background(), m); err == nil {
			t.Errorf("Compose(%v) = %+v", m, out)
		}
	}
}

func TestComposeUndeliverable(t *testing.T) {
	m := reporting.Message{Key: "undeliverable/jingyue/1", Kind: reporting.Undeliverable, BodyID: "jingyue"}
	for code, want := range map[string]string{"is_archived": "取消这个频道的归档", "not_in_channel": "/invite", "restricted_action": "工作区管理员", "ekm_access_denied": "ekm_access_denied"} {
		a, l := city(t)
		l.body("jingyue").UndeliverableSince, l.body("jingyue").UndeliverableWhy = filingNow.UnixMilli(), code
		out, err := a.Compose(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		if text := plainText(out.Reply); out.Channel != "COFFICE" || !strings.Contains(text, want) || !strings.Contains(text, "`/body channel 净月高新区`") {
			t.Errorf("%s to %s:\n%s", code, out.Channel, text)
		}
	}
	a, _ := city(t)
	if out, err := a.Compose(context.Background(), m); err != nil || out.Skip != "repaired" {
		t.Errorf("repaired in the meantime: %+v, %v", out, err)
	}
	a.cfg.OfficeChannel = ""
	if out, err := a.Compose(context.Background(), m); err != nil || out.Skip != "no_office_channel" {
		t.Errorf("without an office channel: %+v, %v", out, err)
	}
}

func TestNudgeNow(t *testing.T) {
	a, l := city(t)
	woken := 0
	a.cfg.Wake = func() { woken++ }
	press := func(user, preview string) error {
		r, err := a.Press(context.Background(), Press{User: user, Action: "nudge.now", Value: "jingyue/" + preview, Locale: reporting.ZhCN})
		if err == nil && !r.Replace {
			t.Error("the confirmed button stays")
		}
		return err
	}
	for _, preview := range []string{"cmd/1", "cmd/1", "cmd/2", "cmd/2", "cmd/3"} {
		if err := press("UJY", preview); err != nil {
			t.Fatal(err)
		}
	}
	var keys []string
	for _, d := range l.planned {
		keys = append(keys, d.Key)
	}
	want := []string{"nudge-now/jingyue/cmd/1", "nudge-now/jingyue/cmd/2", "nudge-now/jingyue/cmd/3"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("planned (-want +got):\n%s", diff)
	}
	if woken != 3 || len(l.audit) != 3 || l.audit[0].Action != "nudge.now" || l.audit[0].Actor != "UJY" || l.audit[0].Subject != "jingyue" {
		t.Errorf("woken %d, events %+v", woken, l.audit)
	}
	if err := press("UKC", "cmd/4"); refusal(err) != "forbidden err.forbidden" {
		t.Errorf("another body's official: %v", err)
	}
	l.body("jingyue").ChannelID = ""
	if err := press("UJY", "cmd/5"); refusal(err) != "conflict err.nudge.no_channel" {
		t.Errorf("the channel is gone: %v", err)
	}
}

func TestNudgeShow(t *testing.T) {
	for name, c := range map[string]struct {
		setup func(l *ledger)
		want  []string
	}{
		"sent": {func(l *ledger) {
			l.planned = []reporting.Delivery{
				{Message: nudgeOf("jingyue", "2018-W29"), State: "skipped", Receipt: reporting.Receipt{Reason: "week_over"}},
				{Message: nudgeOf("jingyue", "2018-W30"), State: "dead", Receipt: reporting.Receipt{Reason: "is_archived"}},
				{Message: nudgeOf("jingyue", "2018-W31", "now", "1"), State: "sent", SentAt: filingNow.UnixMilli(), Receipt: reporting.Receipt{Channel: "CJY", TS: "1533017100.000100"}},
			}
		}, []string{
			"下次提醒: 2018年8月6日 09:00（第32周（8月6日—8月12日））。第31周（7月30日—8月5日）的提醒已经安排。",
			"- 第31周（7月30日—8月5日）（人工发送）：已送达，2018年7月31日 14:05 #CJY，回执 `1533017100.000100`",
			"- 第30周（7月23日—7月29日）：送不到，原因：频道已归档", "- 第29周（7月16日—7月22日）：未发送，原因：当周已过",
		}},
		"no channel": {func(l *ledger) { l.body("jingyue").ChannelID = "" }, []string{"没有设频道，所以不提醒", "/body channel"}},
		"dead": {func(l *ledger) {
			l.body("jingyue").UndeliverableSince, l.body("jingyue").UndeliverableWhy = 1, "is_archived"
		}, []string{"暂停提醒：频道已归档"}},
		"new channel": {func(l *ledger) { l.body("jingyue").ChannelSince = filingNow.UnixMilli() }, []string{"从下次开始提醒"}},
		"nothing":     {func(l *ledger) { delete(l.quotas, yearKey("jingyue", 2018)) }, []string{"今年没有下达任务"}},
	} {
		t.Run(name, func(t *testing.T) {
			a, l := city(t)
			c.setup(l)
			r, err := l.ask(t, a, typed{user: "URE", command: "nudge", text: "查看 净月"})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if text := plainText(r.Reply); !strings.Contains(text, want) {
					t.Errorf("want %q in\n%s", want, text)
				}
			}
		})
	}
}

func TestAssign(t *testing.T) {
	for text, want := range map[string]reporting.Person{
		"assign <@U9|li.ming> official 净月": {UserID: "U9", Name: "li.ming", Role: reporting.Official, BodyID: "jingyue"},
		"指派 <@U9> 经办人 淨月高新區":               {UserID: "U9", Role: reporting.Official, BodyID: "jingyue"},
		"assign <@W9> leader":              {UserID: "W9", Role: reporting.Leader},
		"assign <@ULE> 審核員":                {UserID: "ULE", Name: "陈市长", Role: reporting.Reviewer},
	} {
		a, l := city(t)
		for range 2 { // the second time is the same delivery again
			if _, err := l.ask(t, a, typed{user: "UAD", command: "body", text: text}); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
		if diff := cmp.Diff(want, l.people[want.UserID]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		if len(l.audit) != 1 || l.audit[0].Action != "person.assign" || (l.audit[0].Before != nil) != (want.UserID == "ULE") {
			t.Errorf("%s: events %+v", text, l.audit)
		}
	}
}

func TestBodyChannel(t *testing.T) {
	a, l := city(t)
	l.body("jingyue").UndeliverableSince = 1
	for _, s := range []typed{
		{user: "URE", channel: "CNEW", command: "body", text: "channel 净月"},
		{user: "URE", command: "body", text: "频道 <#CCY|chaoyang> 朝阳"},
		{user: "URE", command: "body", text: "channel gxj <#GPRIV|>"},
	} {
		if _, err := l.ask(t, a, s); err != nil {
			t.Fatalf("%s: %v", s.text, err)
		}
	}
	for id, want := range map[string]string{"jingyue": "CNEW", "chaoyang": "CCY", "gxj": "GPRIV"} {
		if b := l.body(id); b.ChannelID != want || b.ChannelSince != filingNow.UnixMilli() || b.UndeliverableSince != 0 {
			t.Errorf("%s = %+v, want channel %s", id, b, want)
		}
	}
	if len(l.audit) != 3 || l.audit[0].Before.(reporting.Body).ChannelID != "CJY" || l.audit[0].After.(reporting.Body).ChannelID != "CNEW" {
		t.Errorf("events %+v", l.audit)
	}
}

func TestAsk(t *testing.T) {
	a, _ := city(t)
	ask := func(user, text string) (string, error) {
		r, err := a.Ask(context.Background(), Request{User: user, Channel: "CX", Text: text, Locale: reporting.ZhCN})
		if err != nil {
			return "", err
		}
		return plainText(r.Reply), nil
	}
	for _, c := range []struct{ user, text, want string }{
		{"UJY", "净月", "净月高新区2018年已核实 30 个，完成任务 65 个的 46.2%"},
		{"UJY", "ＪＹ　２０１８", "65"},
		{"ULE", "全市", "全市2018年已核实 260 个，完成年度目标 1,000 个的 26.0%"}, {"ULE", "全市 2018", "全市2018年已核实 260 个"},
		{"UJY", "", "可以这样问"},
		{"UJY", "帮助", "可以这样问"},
		{"UXX", "净月", "请联系系统管理员为您开通： @UAD"},
		{"UJY", "今天天气怎么样", "抱歉，没有读懂“今天天气怎么样”"},
	} {
		if got, err := ask(c.user, c.text); err != nil || !strings.Contains(got, c.want) {
			t.Errorf("%s asks %q: %v\n%s\nwant %q", c.user, c.text, err, got, c.want)
		}
	}
	if _, err := ask("UJY", "宽城"); refusal(err) != "forbidden err.forbidden" {
		t.Errorf("another body's figures: %v", err)
	}
	if _, err := ask("UJY", "全市"); refusal(err) != "forbidden err.forbidden" {
		t.Errorf("the city's figures for an official: %v", err)
	}
	if got, err := ask("UJY", strings.Repeat("长", 10000)); err != nil || len(got) > 4000 {
		t.Errorf("10,000 characters: %v, answer of %d bytes", err, len(got))
	}
}

func TestLinesForHome(t *testing.T) {
	a, l := city(t)
	c, err := a.call(context.Background(), "UJY", "", reporting.ZhCN, "")
	if err != nil {
		t.Fatal(err)
	}
	parts, err := a.standingLine(c, *l.body("jingyue"))
	if text := plainText(&Reply{Parts: parts}); err != nil || !strings.Contains(text, "完成率 46.2%，序时进度 58.1%，待审核 3 个") || !strings.Contains(text, "数据截至") {
		t.Errorf("standingLine = %v\n%s", err, text)
	}
	if _, err := a.standingLine(c, *l.body("kuancheng")); refusal(err) != "forbidden err.forbidden" {
		t.Errorf("another body's line: %v", err)
	}
	if _, err := a.cityLine(c); refusal(err) != "forbidden err.forbidden" {
		t.Errorf("the city's line for an official: %v", err)
	}
}

func TestAPastYearAndTheNext(t *testing.T) {
	_, l := city(t)
	a := l.app(t, time.Date(2019, time.January, 3, 4, 0, 0, 0, time.UTC))
	for text, want := range map[string]string{"净月 2018": "数据截至 2018年12月31日", "净月": "净月高新区2019年没有下达任务", "净月 2018年": "净月高新区2018年任务 65 个"} {
		r, err := l.ask(t, a, typed{user: "ULE", command: "quota", text: text})
		if err != nil {
			t.Fatal(err)
		}
		if got := plainText(r.Reply); !strings.Contains(got, want) || strings.Contains(got, "2018年12月31日") && strings.Contains(got, "预计") {
			t.Errorf("/quota %s in January 2019:\n%s\nwant %q and no estimate of a past year", text, got, want)
		}
	}
}

// Whatever is typed after whichever command is answered or refused in words.
func FuzzCommand(f *testing.F) {
	for _, s := range []string{"quota 净月 2018", "report group 开发区", "nudge now", "body assign <@U9> official LY", "body channel <#C1|x>", "mouhua ？", "project show 0007", "review return 0007 x", "quota \xff"} {
		f.Add(s)
	}
	a, _ := city(f)
	f.Fuzz(func(t *testing.T, s string) {
		command, text, _ := strings.Cut(s, " ")
		r, err := a.Command(context.Background(), Request{User: "UAD", Channel: "CJY", Command: command, Text: text, Locale: reporting.ZhCN, Once: "cmd/1"})
		var known *reporting.Error
		if err != nil && !errors.As(err, &known) {
			t.Errorf("%q: %v", s, err)
		}
		if err == nil && r.Reply == nil && r.Form == nil {
			t.Errorf("%q has no answer", s)
		}
	})
}

// The answer that is asked for most, without the database.
func BenchmarkQuota(b *testing.B) {
	a, _ := city(b)
	r := Request{User: "ULE", Channel: "DM1", Command: "quota", Text: "jingyue", Locale: reporting.ZhCN}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Command(context.Background(), r); err != nil {
			b.Fatal(err)
		}
	}
}
