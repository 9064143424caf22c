package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "write docs/demo.png anew")

// The demo's people and channels that the story uses; U0GUEST is nobody.
const (
	demoOfficial, demoOfficialTW, demoOfficialEN = "U0LIMING", "U0LINMEI", "U0CHENWEI"
	demoReviewer, demoLeader, demoGuest          = "U0WANGFANG", "U0ZHAOLEI", "U0GUEST"
	demoGeneral                                  = "C0GENERAL"
)

// TestStoryBrowser is the story of the product in the demo's page on SQLite, as
// the people live it: an official, a reviewer, a leader and others.
func TestStoryBrowser(t *testing.T) {
	chromium(t) // skips before anything is started
	url, logs := runDemo(t)
	p := openPage(t, url)
	p.until(`hook("connection")?.classList.contains("on")`)

	id := p.registers()
	p.reviewed(id)
	p.asked()
	p.nudged()
	p.refused()
	p.speaks()
	p.narrow()

	p.clean()
	if strings.Contains(logs.String(), `"level":"ERROR"`) {
		t.Errorf("the demo logged errors:\n%s", logs.String())
	}
}

// runDemo runs the demo command on fresh data and returns the address that it
// prints.
func runDemo(t *testing.T) (url string, logs *syncBuffer) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, printed := io.Pipe()
	logs = &syncBuffer{}
	ended := make(chan error, 1)
	go func() {
		args := []string{"demo", "-addr", "127.0.0.1:0", "-storage", "sqlite://" + filepath.ToSlash(filepath.Join(t.TempDir(), "demo.db")), "-reset"}
		err := run(ctx, args, noEnv, strings.NewReader(""), printed, logs)
		_ = printed.CloseWithError(io.EOF)
		ended <- err
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the demo ended: %v", err)
		}
		if t.Failed() {
			t.Logf("log:\n%s", logs.String())
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "http://"); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return "http://" + address, logs
		}
	}
	t.Fatalf("the demo printed no address: %s", logs.String())
	return "", nil
}

// What the official types.
var (
	typedPage1 = [][2]string{
		{"name", "智能轴承产业园二期"}, {"territory", "JY=jingyue"}, {"lead_dept", "gongxin=gxj"}, {"location", "净月大街 1 号"},
		{"owner", "示例·宽轴科技公司"}, {"route", "R1"}, {"path", "R1.4"}, {"path_detail", "净月数字经济园"},
	}
	typedPage2 = [][2]string{
		{"nature", "new"}, {"industry", "equipment"}, {"programme", "P1"}, {"start", "2027-03"}, {"finish", "2029-10"},
		{"milestone", "negotiation"}, {"evidence", "区管委会会议纪要第 12 号"}, {"contact", "张工 13900001111"},
	}
	typedContent = [2]string{"content", "建设智能轴承生产线四条及检测中心一座，年产轴承两百万套。"}
)

// registers: the official files a project, with a slip and an interruption, and
// returns its number.
func (p *page) registers() (id string) {
	p.t.Helper()
	p.as(demoOfficial)
	p.opens(demoChannel("jingyue"))
	p.types("/pro", `hook("composer")`)
	p.until(`option("/project")`)
	p.shows("completion")
	p.sends("/project register")
	p.form("1/2")
	p.fills(typedPage1...)
	p.until(`action("path_detail", modal())?.closest(".block").innerText.includes("园区名称")`)
	p.fills([2]string{"invest", "3.2"})
	p.submits()
	if asks := p.error("invest"); !strings.Contains(asks, "3.2 亿元") || !strings.Contains(asks, "万元") {
		p.fail("at the money it says %q, want both readings of 3.2", asks)
	}
	p.until(`action("name", modal()).value === %s`, typedPage1[0][1])
	p.shows("slip")
	p.fills([2]string{"invest", "3.2亿"})
	p.until(`modal().innerText.includes("亿元（32,000 万元）")`)
	p.shows("page1")
	p.submits()
	p.form("2/2")
	p.submits()
	p.until(`hook("error-milestone")?.innerText`)
	p.shows("page2-empty")
	// The choice sends the text along, which by itself is sent after a pause.
	p.fills(typedContent, typedPage2[0])
	p.clicks(`hook("modal-x")`)
	p.formGone()

	p.clicks(`hook("app-home")`)
	p.until(`hook("home")?.innerText.includes("草稿 1 份")`)
	p.shows("home-draft")
	p.clicks(`action("project.continue", hook("home"))`)
	p.form("1/2")
	p.until(`action("path_detail", modal())?.value === "净月数字经济园" && action("territory", modal()).value === "净月高新区"`)
	p.submits()
	p.form("2/2")
	p.until(`action("content", modal()).value === %s`, typedContent[1])
	p.fills(typedPage2[1:]...)
	p.shows("page2")
	p.submits()
	p.formGone()
	p.clicks(`hook("app-messages")`)
	said := p.reads(`messages("已提交").at(-1)`)
	p.shows("filed")
	at := strings.Index(said, "CC-")
	if at < 0 || len(said) < at+12 {
		p.fail("the answer has no number: %s", said)
	}
	return said[at : at+12]
}

// reviewed: the office returns the project, the official mends it, the office
// approves.
func (p *page) reviewed(id string) {
	p.t.Helper()
	p.opens(demoChannel("jingyue"))
	p.says("/project edit "+id, "锁定")

	p.as(demoReviewer)
	p.opens(officeChannel)
	p.until(`messages(%s).length === 1`, id)
	p.shows("card")
	p.clicks(`action("review.return", messages(%s)[0])`, id)
	p.form(id[len(id)-4:])
	p.submits()
	p.error("reason")
	p.fills([2]string{"reason", "请补充用地依据"})
	p.shows("return")
	p.submits()
	p.formGone()
	p.until(`messages(%s).some((el) => el.innerText.includes("请补充用地依据"))`, id)
	p.shows("returned")

	p.as(demoOfficial)
	p.clicks(`hook("app-messages")`)
	p.until(`messages("请补充用地依据").length`)
	p.shows("told-returned")
	p.clicks(`action("project.edit", messages("请补充用地依据").at(-1))`)
	p.form("1/2")
	p.until(`modal().innerText.includes("请补充用地依据")`)
	p.shows("edit")
	p.fills([2]string{"location", "净月大街 2 号"}, [2]string{"path_detail", "净月数字经济园（用地批复已附）"})
	p.submits()
	p.form("2/2")
	p.submits()
	p.formGone()

	p.as(demoReviewer)
	p.opens(officeChannel)
	again := script(`messages("用地批复已附").find((el) => action("review.approve", el))`)
	p.until("%s", again)
	p.until(`messages("请补充用地依据").length`) // the first card keeps its history
	p.shows("card-again")
	if *update {
		p.act("show the whole card", chromedp.Evaluate[chromedp.Void](`document.querySelector(".scroller").scrollTop = 1e6`))
		p.save("docs/demo.png", p.picture())
	}
	p.clicks(`action("review.approve", %s)`, again)
	p.shows("confirm")
	p.clicks(`hook("confirm-ok")`)
	p.until(`messages("用地批复已附").some((el) => el.innerText.includes("王芳") && !action("review.approve", el))`)
	p.shows("approved")

	p.as(demoOfficial)
	p.clicks(`hook("app-messages")`)
	p.until(`messages("32,000").some((el) => el.innerText.includes("已通过审核"))`)
	p.shows("told-approved")
}

// asked: figures in the body's channel, by its name in pinyin, for the whole
// city.
func (p *page) asked() {
	p.t.Helper()
	year := fmt.Sprint(time.Now().In(defaultConfig().location()).Year())
	p.opens(demoChannel("jingyue"))
	for _, command := range []string{"/quota", "/quota jingyue"} {
		said := p.says(command, "65")
		for _, want := range []string{year, "净月高新区", "还差", "61", "数据截至"} {
			if !strings.Contains(said, want) {
				p.fail("%s lacks %q: %s", command, want, said)
			}
		}
	}
	p.shows("quota")
	p.says("/report", "净月高新区")
	p.says("/project list", "智能轴承")
	p.shows("list")

	p.as(demoLeader)
	p.opens(leadersChannel)
	p.says("/report", "1,000")
	p.shows("report")
	p.says("/quota all", "宽城区")
	p.shows("quota-all")
	p.as(demoReviewer)
	p.opens(leadersChannel)
	p.until(`messages("1,000").some((el) => el.innerText.includes("赵磊"))`)
	p.until(`!messages("任务进度").length`) // /quota all was for the leader only
	p.clicks(`hook("app-home")`)
	p.until(`hook("home")?.innerText.includes("等待审核的项目")`)
	p.shows("home-office")
}

// nudged: the clock's next press brings each body's channel its nudge, once,
// however often it is planned.
func (p *page) nudged() {
	p.t.Helper()
	rule := defaultConfig().rule()
	now := time.Now()
	year := now.In(defaultConfig().location()).Year()
	for presses := 1; presses <= 2; presses++ {
		week, at := rule.Next(now)
		if at.Year() != year {
			p.t.Logf("no nudge is looked for in %s: the demo has no quotas of that year", week)
			return
		}
		now = at
		p.clicks(`hook("clock-next")`)
		for body := range demoBodies {
			p.opens(demoChannel(body))
			p.until(`messages().filter((el) => action("project.register", el)).length === %s`, presses)
			p.until(`messages(%s).filter((el) => action("project.register", el)).length === 1`, fmt.Sprintf("第%d周", week.Week))
		}
		// Planned again the same week, of which the next press shows what came.
		p.clicks(`hook("clock-plusHour")`)
	}
	p.as(demoOfficial)
	p.opens(demoChannel("jingyue"))
	p.shows("nudge")
	p.clicks(`action("project.register", messages("提醒").at(-1))`)
	p.form("1/2")
	p.clicks(`hook("modal-x")`)
	p.formGone()
}

// refused: who is nobody is told whom to ask, and an official writes for no
// other body.
func (p *page) refused() {
	p.t.Helper()
	p.as(demoGuest)
	p.opens(demoGeneral)
	p.says("/project register", "领导小组办公室")
	p.says("/mouhua help", "使用说明")
	p.shows("guest")
	p.until(`!modal()`)
	p.clicks(`hook("app-home")`)
	p.until(`hook("home")?.innerText.includes("联系")`)
	p.shows("guest-home")
	p.as(demoOfficial)
	p.opens(demoGeneral)
	p.says("/review queue", "领导小组办公室")
	p.says("/project regsiter", "register")
	p.shows("refused")
}

// speaks: each person is answered in their language, and the page with them.
func (p *page) speaks() {
	p.t.Helper()
	for _, who := range []struct{ user, body, figures, title, submit, box string }{
		{demoOfficialTW, "kuancheng", "資料截至", "登記", "下一頁", "訊息"},
		{demoOfficialEN, "gxj", "As of", "project", "Next page", "Message"},
	} {
		p.as(who.user)
		p.opens(demoChannel(who.body))
		p.until(`hook("composer").placeholder.includes(%s)`, who.box)
		p.says("/quota", who.figures)
		p.says("/mouhua help", "/project")
		p.shows("language-" + who.user)
		p.sends("/project register")
		p.form(who.title)
		p.until(`hook("modal-submit").innerText.trim() === %s`, who.submit)
		p.shows("form-" + who.user)
		p.clicks(`hook("modal-x")`)
		p.formGone()
	}
}

// narrow: on a telephone's window the official files a project too, and no page
// is wider than the window.
func (p *page) narrow() {
	p.t.Helper()
	p.window(390, 844)
	fits := `document.documentElement.scrollWidth <= 390 && [...document.querySelectorAll('.modal-body, .scroller')].every((el) => el.scrollWidth <= el.clientWidth)`
	p.clicks(`hook("menu")`)
	p.shows("narrow-menu")
	p.as(demoOfficial)
	p.clicks(`hook("menu")`)
	p.opens(demoChannel("jingyue"))
	p.says("/quota", "65")
	p.until(fits)
	p.shows("narrow-quota")
	p.sends("/project register")
	p.form("1/2")
	p.until(fits)
	p.shows("narrow-page1")
	p.fills(typedPage1...)
	p.fills([2]string{"name", "智能轴承产业园三期"}, [2]string{"invest", "4亿"})
	p.submits()
	p.form("2/2")
	p.until(fits)
	p.shows("narrow-page2")
	p.fills(typedContent)
	p.fills(typedPage2...)
	p.submits()
	p.formGone()
	p.until(`messages("已提交").some((el) => el.innerText.includes("智能轴承产业园三期"))`)
	p.until(fits)
	p.shows("narrow-filed")
}
