package main

import (
	"path/filepath"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// TestLivingBrowser sees in the demo's page how the week's nudge is struck
// through when the week is met, and what its thread tells.
func TestLivingBrowser(t *testing.T) {
	chromium(t) // skips before anything is started
	d, stop := startDemo(t, filepath.Join(t.TempDir(), "demo.db"))
	t.Cleanup(stop)
	db, day := d.service.db, reporting.DateOf(d.workspace.Now())
	// One project short of the year's quota: the week asks for one.
	s, err := db.Standing(t.Context(), "jingyue", day.Year, day)
	if err != nil {
		t.Fatal(err)
	}
	quota := reporting.Quota{BodyID: "jingyue", Year: day.Year, Version: s.Quota.Version, Count: s.Tally.Credited + 1, EffectiveFrom: s.Quota.EffectiveFrom}
	if _, err := db.ImportQuotas(t.Context(), []reporting.Quota{quota}, "test", false); err != nil {
		t.Fatal(err)
	}
	if _, at := defaultConfig().rule().Next(d.workspace.Now()); at.Year() != day.Year {
		t.Skip("the demo has no quotas of the year of its next nudge")
	}

	p := openPage(t, "http://"+d.listener.Addr().String())
	p.until(`hook("connection")?.classList.contains("on")`)
	p.as(demoOfficial)
	p.opens(demoChannel("jingyue"))
	p.clicks(`hook("clock-next")`)
	p.until(`messages("每周需完成 1 个").length === 1`)
	p.until(`action("nudge.nothing", messages("每周需完成")[0])`)
	p.shows("nudge")
	p.clicks(`action("nudge.seen", messages("每周需完成")[0])`)
	p.until(`messages("您看过").length`)
	id := p.registers()

	p.opens(demoChannel("jingyue"))
	p.clicks(`hook("clock-plusHour")`)
	p.until(`messages("完成本周任务，共申报 1 个").length === 1 && messages("完成本周任务")[0].querySelector("s, del, .strike")`)
	p.until(`!action("nudge.nothing", messages("完成本周任务")[0])`)
	p.until(`messages("完成本周任务")[0].querySelector(".replies")`)
	p.clicks(`messages("完成本周任务")[0].querySelector(".replies")`)
	p.until(`hook("thread").innerText.includes(%s) && hook("thread").innerText.includes("申报项目") && hook("thread").innerText.includes("已阅")`, id)
	p.shows("met")
	p.clean()
}
