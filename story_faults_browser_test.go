package main

import (
	"path/filepath"
	"testing"
)

// TestFaultsBrowser breaks the demo from its page: a lost answer leaves one nudge, and
// people take from the bot what they may take from it.
func TestFaultsBrowser(t *testing.T) {
	chromium(t) // skips before anything is started
	d, stop := startDemo(t, filepath.Join(t.TempDir(), "demo.db"))
	t.Cleanup(stop)
	p := openPage(t, "http://"+d.listener.Addr().String())
	p.until(`hook("connection")?.classList.contains("on")`)
	p.as("U0SUNHAO")
	p.opens("C0JINGYUE")

	p.clicks(`hook("faults")`)
	p.clicks(`hook("fault-break")`)
	p.until(`hook("fault")?.innerText.includes("生效 0 次")`)
	p.clicks(`hook("clock-next")`)
	p.until(`hook("fault")?.innerText.includes("生效 1 次") && hook("fault").classList.contains("over")`)
	p.until(`messages("提醒").length === 1`)
	p.shows("faults")
	p.clicks(`hook("switch-database")`)
	p.until(`hook("faults").innerText.includes("1")`)
	p.clicks(`hook("switch-database")`)
	p.until(`!hook("switch-database").checked && !hook("faults").innerText.includes("1")`)

	p.clicks(`messages("提醒")[0].querySelector("[data-testid=delete]")`)
	p.clicks(`hook("confirm-ok")`)
	p.until(`!messages("提醒").length`)
	p.clicks(`hook("channel-menu")`)
	p.clicks(`hook("channel-remove_bot")`)
	p.until(`all(".heading")[0].innerText.includes("不在频道内")`)
	p.clicks(`hook("channel-menu")`)
	p.clicks(`hook("channel-archive")`)
	p.until(`hook("archived") && !hook("composer")`)
	p.shows("archived")
	p.clicks(`hook("channel-menu")`)
	p.clicks(`hook("channel-unarchive")`)
	p.until(`hook("composer")`)
	p.clean()
}
