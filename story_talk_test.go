package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/playground"
)

// TestStoryTalk files a project sentence by sentence: in a direct conversation
// with a correction, a restart, the form and another question in between, and in
// a thread of a channel where others talk.
func TestStoryTalk(t *testing.T) { bothModes(t, talkStory) }

func talkStory(t *testing.T, m *mouhua) {
	year := m.slack.Now().Year()
	prepare(m, year)
	m.serve()
	first, second := fmt.Sprintf("CC-%d-0001", year), fmt.Sprintf("CC-%d-0002", year)
	directTalk(t, m, year, first)
	threadTalk(t, m, year, second)
	zhao := m.as(reviewer)
	for _, id := range []string{first, second} {
		zhao.sees(officeRoom, id)
	}
	if log := m.logs.String(); strings.Contains(log, "轴承") || strings.Contains(log, "13900001111") {
		t.Error("what was said is in the log")
	}
}

// tells says something where a filing goes on and waits for what is asked next.
func (s somebody) tells(channel, thread, text, want string) playground.Message {
	s.t.Helper()
	before := len(s.Messages(channel))
	if err := s.Say(s.ctx, channel, thread, text); err != nil {
		s.t.Fatalf("%s: %v", text, err)
	}
	return s.seesAfter(channel, before+1, want)
}

func directTalk(t *testing.T, m *mouhua, year int, id string) {
	wang := m.as(officialJY)
	dm := wang.dm()
	says := func(text, want string) playground.Message {
		t.Helper()
		return wang.tells(dm, "", text, want)
	}
	card := words(says("登记：宽城区智能轴承产业园，总投资3.2亿，园区招商来的", "建设地点"))
	for _, want := range []string{"宽城区智能轴承产业园", "32,000", "园区招商", "还差"} {
		if !strings.Contains(card, want) {
			t.Errorf("the first card lacks %q: %s", want, card)
		}
	}
	says("不对，是3.5亿", "35,000")
	says("净月大街1号", "业主")

	m.shut()
	m.serve()

	says("长春轨道客车", "园区名称")
	says("净月今年还差多少个项目？", "接着登记")
	says("净月数字经济园", "建设内容")
	says("还差什么", "佐证材料")
	form := says("打开表单", "project.continue")
	wang.presses(form, "project.continue")
	if v := flat(wang.form("长春轨道客车")); !strings.Contains(v, "净月大街1号") || !strings.Contains(v, "3.5亿") {
		t.Errorf("the form lacks what was said: %s", v)
	}
	for _, v := range wang.Views() {
		if err := wang.CloseView(wang.ctx, v.ID, true); err != nil {
			t.Fatal(err)
		}
	}
	choose := says("建设智能轴承生产线四条及检测中心一座，年产轴承两百万套。", "建设性质")
	before := len(wang.Messages(dm))
	wang.presses(choose, "talk.choose")
	wang.seesAfter(dm, before, "所属产业")
	says("先进装备", "开工年月")
	says(fmt.Sprintf("%d年9月到%d年6月", year, year+2), "前期工作进展")
	says("签约", "佐证材料")
	says("区管委会会议纪要", "联系人")
	last := says("王工 13900001111", "talk.file")
	if projects := wang.types(channelJY, "/project mine", "轴承"); strings.Contains(words(projects), id) {
		t.Fatal("filed before anybody pressed")
	}
	wang.presses(last, "talk.file")
	wang.sees(dm, id)
}

func threadTalk(t *testing.T, m *mouhua, year int, id string) {
	wang, zhao := m.as(officialJY), m.as(reviewer)
	asked := wang.tells(channelJY, "", "@mouhua 我要报一个项目", "项目名称")
	thread := asked.ThreadTS
	if thread == "" || asked.Ephemeral {
		t.Fatalf("asked %s", words(asked))
	}
	if err := zhao.Say(zhao.ctx, channelJY, thread, "净月大街9号"); err != nil {
		t.Fatal(err)
	}
	says := func(text, want string) playground.Message {
		t.Helper()
		got := wang.tells(channelJY, thread, text, want)
		if got.ThreadTS != thread || got.Ephemeral {
			t.Errorf("%q is answered elsewhere: %+v", text, got)
		}
		return got
	}
	says("净月客车检测中心，总投资是2亿，业主是长春轨道客车", "建设地点")
	says("净月大街2号", "谋划途径")
	says("展会招商", "展会名称")
	says("东博会", "建设内容")
	says("建设轨道客车检测中心一座及配套道路，年检测客车三百辆。", "建设性质")
	says("新建", "所属产业")
	says("轨道客车", "开工年月")
	says(fmt.Sprintf("%d-09", year), "建成年月")
	says(fmt.Sprintf("%d-06", year+1), "前期工作进展")
	says("洽谈", "佐证材料")
	says("意向书", "联系人")
	last := says("王工 13900001111", "talk.file")
	if text := words(last); strings.Contains(text, "13900001111") || strings.Contains(text, "净月大街9号") {
		t.Errorf("the card for all to see: %s", text)
	}
	zhao.presses(last, "talk.file")
	zhao.sees(channelJY, "经办人")
	wang.presses(last, "talk.file")
	wang.sees(channelJY, id)
}
