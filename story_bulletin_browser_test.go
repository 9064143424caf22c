package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// TestBulletinBrowser is the story of a bulletin in the page: the card, the
// preview, the check, the refusal, the release, and what the channels then show.
func TestBulletinBrowser(t *testing.T) {
	chromium(t) // skips before anything is started
	m := newMouhua(t, "socket", "sqlite://"+filepath.Join(t.TempDir(), "bulletin.db"))
	today := reporting.DateOf(m.slack.Now().In(time.FixedZone("CST", 8*3600)))
	month := reporting.LastEnded(reporting.Monthly, today)
	prepareBulletin(m, today.Year, month)
	m.serve()
	name := fmt.Sprintf("%d年%d月全市重大项目谋划工作情况通报", month.Year, month.N)
	p := openPage(t, m.api.URL)
	p.until(`hook("connection")?.classList.contains("on")`)

	card := script(`messages(%s).find((el) => action("bulletin.check", el) || action("bulletin.release", el))`, name)
	p.as(reviewer)
	p.opens(officeRoom)
	p.until("%s", card)
	p.shows("bulletin-card")
	p.clicks(`action("bulletin.preview", %s)`, card)
	p.until(`messages("预览：签发后").some((el) => el.innerText.includes("本期新增") && el.querySelector("table"))`)
	p.shows("bulletin-preview")
	p.clicks(`action("bulletin.edit", %s)`, card)
	p.form("修改通报")
	p.until(`action("bulletin_opening", modal())?.value.includes("已核实重大项目 2 个")`)
	p.shows("bulletin-edit")
	p.fills([2]string{"bulletin_measures", "请各单位抓紧谋划。"})
	p.submits()
	p.formGone()
	p.clicks(`action("bulletin.check", %s)`, card)
	p.until(`messages(%s).some((el) => el.innerText.includes("已核对，待签发") && action("bulletin.release", el))`, name)
	p.clicks(`action("bulletin.release", %s)`, card)
	p.shows("bulletin-confirm")
	p.clicks(`hook("confirm-ok")`)
	p.until(`messages("须由另一人签发").some((el) => el.innerText.includes("钱主任"))`)
	p.shows("bulletin-refused")

	p.as(secondID)
	p.opens(officeRoom)
	p.clicks(`action("bulletin.release", %s)`, card)
	p.clicks(`hook("confirm-ok")`)
	p.until(`messages(%s).some((el) => el.innerText.includes("已签发") && action("bulletin.correct", el))`, name)
	p.shows("bulletin-released")
	for user, channel := range map[string]string{officialJY: channelJY, officialKC: channelKC, leader: leadersRoom} {
		p.as(user)
		p.opens(channel)
		p.until(`messages(%s).filter((el) => el.innerText.includes("请各单位抓紧谋划") && el.querySelector("table")).length === 1`, name+"（第1期）")
		p.shows("bulletin-" + channel)
	}
	p.as(officialJY)
	p.opens(channelJY)
	p.clicks(`action("bulletin.docx", messages(%s).at(-1))`, name)
	p.opens(m.as(officialJY).dm())
	p.until(`all("a.file").some((el) => el.innerText.includes(".docx"))`)
	p.shows("bulletin-file")
	p.clean()
}
