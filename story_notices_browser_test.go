package main

import (
	"strings"
	"testing"
	"time"
)

// TestNoticesBrowser looks at what the leaders and the office get on Monday, in
// the demo's page: the digest and the report on what arrived.
func TestNoticesBrowser(t *testing.T) {
	chromium(t) // skips before anything is started
	rule, now := defaultConfig().rule(), time.Now()
	if week, at := rule.Next(now); at.Year() != now.In(rule.Location).Year() {
		t.Skipf("The demo has no quotas of the year of %s.", week)
	}
	url, logs := runDemo(t)
	p := openPage(t, url)
	p.until(`hook("connection")?.classList.contains("on")`)
	p.clicks(`hook("clock-next")`)
	p.as(demoReviewer)
	p.opens(officeChannel)
	p.until(`messages("提醒送达情况").length === 1 && messages("提醒送达情况")[0].innerText.includes("应送达 12 个单位，已送达 12 个")`)

	p.as(demoOfficial)
	p.opens(demoChannel("jingyue"))
	p.clicks(`action("nudge.seen", messages("提醒").at(-1))`)
	p.clicks(`hook("clock-plusHour")`)
	p.as(demoReviewer)
	p.opens(officeChannel)
	p.until(`messages("提醒送达情况").length === 1 && messages("提醒送达情况")[0].innerText.includes("李明")`)
	p.shows("delivery-report")

	p.as(demoLeader)
	p.opens(leadersChannel)
	p.until(`messages("全市重大项目周报").length === 1`)
	p.until(`messages("全市重大项目周报")[0].innerText.includes("上周新申报") && messages("全市重大项目周报")[0].innerText.includes("数据截至")`)
	p.shows("digest")
	p.window(390, 844)
	p.until(`document.documentElement.scrollWidth <= 390`)
	p.shows("narrow-digest")
	p.clean()
	if strings.Contains(logs.String(), `"level":"ERROR"`) {
		t.Errorf("the demo logged errors:\n%s", logs.String())
	}
}
