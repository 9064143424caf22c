package main

import (
	"strings"
	"testing"
)

// TestStoryOfSchedule: officials change when their body is nudged and in which
// language, within what the office allows; the channel is told, and the office
// sees it in its App Home.
func TestStoryOfSchedule(t *testing.T) {
	m := newMouhua(t, "http", "sqlite://"+t.TempDir()+"/mouhua.db")
	m.hurry = true
	prepare(m, m.slack.Now().Year())
	m.serve()
	t.Cleanup(m.shut)
	wang, li, zhao := m.as(officialJY), m.as(officialKC), m.as(reviewer)

	wang.opens(channelJY, "/nudge 设置", "净月高新区")
	wang.fills([2]string{"nudge_weekday", "Friday"}, [2]string{"nudge_time", "23:00"})
	if wrong := wang.submits(); !strings.Contains(wrong["nudge_time"], "18:00") {
		t.Errorf("a nudge at night: %v", wrong)
	}
	wang.fills([2]string{"nudge_time", "16:30"}, [2]string{"nudge_locale", "en"})
	wang.passes()
	wang.sees(channelJY, "每周五 16:30")
	li.sees(channelJY, "is now nudged on Fridays at 16:30, in English") // told in the channel, in its new language

	zhao.opens(officeRoom, "/nudge set 宽城", "宽城区")
	zhao.fills([2]string{"nudge_zone", "Europe/Berlin"})
	zhao.passes()
	li.sees(channelKC, "Europe/Berlin")
	li.types(channelJY, "/nudge set jingyue", "office")

	day := m.slack.Now().AddDate(0, 0, 20).Format("2006-01-02")
	wang.types(channelJY, "/nudge pause until "+day+" 机构调整", "机构调整")
	li.sees(channelJY, "pause")
	wang.opens(channelJY, "/nudge 暂停", "恢复")
	if wrong := wang.submits(); wrong["nudge_until"] == "" || wrong["reason"] == "" {
		t.Errorf("a pause without an end: %v", wrong)
	}
	wang.closes()
	shown := wang.types(channelJY, "/nudge show", "机构调整")
	if err := zhao.OpenHome(zhao.ctx); err != nil {
		t.Fatal(err)
	}
	m.until("the office's home", func() bool { return strings.Contains(flat(zhao.Home()), "暂停到") })
	if home := flat(zhao.Home()); strings.Contains(home, "没有发出") {
		t.Errorf("something did not go out: %s", home)
	}
	wang.presses(shown, "nudge.resume")
	wang.sees(channelJY, "已恢复")
	li.sees(channelJY, "gets its nudges again")
	wang.types(channelJY, "/nudge resume", "没有暂停")
}
