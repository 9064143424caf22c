package main

import (
	"path/filepath"
	"testing"
)

// TestChartsBrowser reads the city's report in the leaders' channel with its
// charts drawn, pages through the table of all bodies, and, in a workspace that
// refuses charts, reads the same in words.
func TestChartsBrowser(t *testing.T) {
	chromium(t) // skips before anything is started
	d, stop := startDemo(t, filepath.Join(t.TempDir(), "demo.db"))
	t.Cleanup(stop)
	p := openPage(t, "http://"+d.listener.Addr().String())
	p.until(`hook("connection")?.classList.contains("on")`)
	p.as(demoLeader)
	p.opens(leadersChannel)
	const charts = `all(".chart svg[role=img]", messages().at(-1))`

	p.says("/report city", "1,000")
	p.until(charts + `.length === 2 && all(".bar", ` + charts + `[1]).length === 4`)
	p.until(`all(".legend li", messages().at(-1)).length === 3`) // credited and expected; verified
	see := func(name string) {
		t.Helper()
		p.until(`(` + charts + `[0].closest("figure").scrollIntoView(), true)`)
		p.shows(name)
	}
	see("report")
	p.clicks(`all("summary", messages().at(-1)).at(-1)`)
	p.until(`all("details tbody tr", messages().at(-1)).length === 4`)
	p.shows("numbers")

	p.says("/quota all", "宽城区")
	p.until(charts + `.length === 2 && all(".data-table tbody tr", messages().at(-1)).length === 20`)
	see("quota-all")
	p.clicks(`hook("page-next")`)
	p.until(`hook("page-next").disabled || all(".pager", messages().at(-1))[0].innerText.includes("21–")`)
	p.clicks(`hook("sort-3")`) // the quota, the greatest first
	p.until(`all(".data-table tbody tr", messages().at(-1))[0].innerText.includes("130") && all("[aria-sort=descending]").length === 1`)
	p.shows("sorted")

	p.window(390, 844)
	p.until(`document.scrollingElement.scrollWidth <= 390 && ` + charts + `.every((el) => el.getBoundingClientRect().right <= 390)`)
	see("narrow-table")
	p.says("/report city", "1,000")
	p.until(charts + `.length === 2 && ` + charts + `.every((el) => el.getBoundingClientRect().right <= 390)`)
	see("narrow")
	p.window(1280, 800)

	words := `messages().at(-1).innerText.includes("谋划储备：▰") && !` + charts + `.length`
	p.clicks(`hook("faults")`)
	p.clicks(`hook("switch-no_charts")`)
	p.says("/report city", "1,000")
	p.until(words)
	p.shows("in-words")
	// It is not tried again, though the workspace takes charts again.
	p.clicks(`hook("switch-no_charts")`)
	p.until(`!hook("switch-no_charts").checked`)
	p.says("/report city", "1,000")
	p.until(words)
	p.clean()
}
