package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestFilesBrowser is the story of files in the page: an admin attaches one
// and imports it, an official proves a project with one, its office takes it away.
func TestFilesBrowser(t *testing.T) {
	chromium(t) // skips before anything is started
	year := time.Now().Year()
	m := newMouhua(t, "socket", "sqlite://"+filepath.Join(t.TempDir(), "files.db"))
	prepare(m, year)
	m.must("import", "people", m.write("admin.csv", "slack_user_id,name,role,body_id\n"+adminID+",钱主任,admin,\n"))
	m.serve()
	p := openPage(t, m.api.URL)
	p.until(`hook("connection")?.classList.contains("on")`)

	p.as(adminID)
	p.opens(m.as(adminID).dm())
	file := m.write("projects.csv", projectsHead+projectRow(year, 901, "32000"))
	p.uploads(`[data-testid="composer-file"]`, file)
	p.until(`messages("projects.csv").some((el) => el.querySelector("a.file[download='projects.csv']"))`)
	p.until(`messages("文件已校验").length`)
	p.shows("import-card")
	p.clicks(`action("import.run", messages("文件已校验").at(-1))`)
	p.until(`messages("文件已导入").length`)
	p.shows("imported")

	p.as(officialJY)
	p.opens(channelJY)
	p.sends("/project register")
	p.form("1/2")
	p.fills(typedPage1...)
	p.fills([2]string{"invest", "3.2亿"})
	p.submits()
	p.form("2/2")
	minutes := m.write("纪要.pdf", "%PDF-1.4")
	p.uploads(`dialog [data-testid="action-files"]`, minutes)
	p.until(`all("[data-testid=chosen-file]").length === 1 && all("[data-testid=chosen-file]")[0].innerText.includes("纪要.pdf")`)
	p.fills(typedContent)
	p.fills(typedPage2[:6]...)
	p.fills(typedPage2[7])
	p.shows("chosen-file")
	p.submits()
	p.formGone()
	p.until(`messages("智能轴承产业园二期").length`)

	p.as(reviewer)
	p.opens(officeRoom)
	p.clicks(`action("project.files", messages("智能轴承产业园二期").at(-1))`)
	p.opens(m.as(reviewer).dm())
	p.until(`all("a.file").some((el) => el.innerText.includes("纪要.pdf"))`)
	p.shows("evidence")
	p.clean()
	if _, err := os.Stat(minutes); err != nil {
		t.Error(err)
	}
}

// uploads chooses a file in an input of the page.
func (p *page) uploads(selector, file string) {
	p.t.Helper()
	p.act("choose "+file, chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
}
