package main

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestStoryQuota is the story of a quota: a body asks for another, the office
// adopts it on the card and sets one by itself, and all are told.
func TestStoryQuota(t *testing.T) {
	m := newMouhua(t, "socket", "sqlite://"+filepath.Join(t.TempDir(), "quota.db"))
	year := strconv.Itoa(time.Now().In(time.FixedZone("CST", 8*3600)).Year())
	n, _ := strconv.Atoi(year)
	prepare(m, n)
	m.serve()
	wang, zhao, sun := m.as(officialJY), m.as(reviewer), m.as(leader)

	wang.types(channelJY, "/quota set 净月 30", "领导小组办公室")
	mine := wang.types(channelJY, "/quota", "65")
	wang.presses(mine, "quota.request")
	wang.form("现行任务 65 个")
	wang.fills([2]string{"quota_count", "六十"}, [2]string{"reason", "<!channel> 两个项目移出本区"})
	if wrong := wang.submits(); wrong["quota_count"] == "" {
		t.Fatalf("a number in words: %v", wrong)
	}
	wang.fills([2]string{"quota_count", "60"})
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("request: %v", wrong)
	}
	wang.sees(channelJY, "这只是申请")

	card := zhao.sees(officeRoom, "申请把"+year+"年任务调整为 60 个")
	if strings.Contains(card.Text, "<!channel>") {
		t.Errorf("a reason could ping everybody: %q", card.Text)
	}
	zhao.presses(card, "quota.adopt")
	zhao.form("两个项目移出本区")
	if wrong := zhao.submits(); wrong["decided_by"] == "" {
		t.Fatalf("adopted by nobody: %v", wrong)
	}
	zhao.fills([2]string{"decided_by", "领导小组第三次会议"}, [2]string{"doc_no", "长府办发〔2018〕12号"})
	if wrong := zhao.submits(); len(wrong) != 0 {
		t.Fatalf("adopt: %v", wrong)
	}
	zhao.sees(officeRoom, "全市目标 1,000 个")
	wang.sees(channelJY, "由 65 个调整为 60 个")
	wang.sees(wang.dm(), "采纳了您关于净月高新区")
	decided := zhao.sees(officeRoom, "任务调整申请（已决定）")
	if !decided.Edited || decided.TS != card.TS || strings.Contains(flat(decided.Blocks), "quota.adopt") {
		t.Errorf("the card does not show the decision: %s", words(decided))
	}

	if err := zhao.Say(zhao.ctx, officeRoom, "", "/quota set"); err != nil {
		t.Fatal(err)
	}
	zhao.form("year")
	zhao.fills([2]string{"body", "KC=kuancheng"})
	if wrong := zhao.submits(); len(wrong) != 0 {
		t.Fatalf("whose quota: %v", wrong)
	}
	zhao.form("现行任务 35 个")
	zhao.fills([2]string{"quota_count", "36"}, [2]string{"reason", "追加"}, [2]string{"decided_by", "办公室"})
	if wrong := zhao.submits(); len(wrong) != 0 {
		t.Fatalf("set: %v", wrong)
	}
	zhao.sees(channelKC, "由 35 个调整为 36 个")
	if v := zhao.Views(); len(v) != 0 {
		t.Errorf("%d forms are still open", len(v))
	}

	history := wang.types(channelJY, "/quota history", "第 2 版：60 个")
	for _, want := range []string{"领导小组第三次会议", "〔2018〕12号", "申请人", "第 1 版：65 个"} {
		if !strings.Contains(words(history), want) {
			t.Errorf("the history lacks %q: %s", want, words(history))
		}
	}
	wang.types(channelJY, "/quota", "60")
	sun.types(leadersRoom, "/report programme", "0/100")
}
