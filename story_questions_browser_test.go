package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/reporting"
)

// demoCity is the whole city's target of a year.
const demoCity = 1000

// demoCount is what the demo's files say of a body, counted here once more.
type demoCount struct {
	quota, credited int
}

func (n demoCount) left() int { return n.quota - n.credited }
func (n demoCount) rate() string {
	return fmt.Sprintf("%.1f%%", 100*float64(n.credited)/float64(n.quota))
}
func (n demoCount) of() string      { return fmt.Sprintf("%d of %d", n.credited, n.quota) }
func (n demoCount) figures() string { return fmt.Sprintf("（%d/%d）", n.credited, n.quota) }

// countDemo counts the projects of the demo's year that count, by body and,
// once each, for the city; large are those of 10亿元 or more, by whatever state.
func countDemo(t *testing.T) (of map[string]demoCount, large int) {
	t.Helper()
	projects, err := demoRows("projects", exchange.Projects)
	if err != nil {
		t.Fatal(err)
	}
	quotas, err := demoRows("quotas", exchange.Quotas)
	if err != nil {
		t.Fatal(err)
	}
	of = map[string]demoCount{}
	for _, q := range quotas {
		of[q.BodyID] = demoCount{quota: q.Count}
	}
	of[reporting.City] = demoCount{quota: demoCity}
	for _, p := range projects {
		if p.PlanYear != demoYear {
			continue
		}
		if p.InvestTotal >= 10*reporting.Yi {
			large++
		}
		if p.InvestTotal < reporting.Yi || p.Status != reporting.Verified && p.Status != reporting.Suspended {
			continue
		}
		for _, body := range []string{p.TerritoryBody, p.LeadDept, reporting.City} {
			n := of[body]
			n.credited++
			of[body] = n
		}
	}
	return of, large
}

// TestQuestionsBrowser asks in plain words in the demo's page: in a channel, its
// threads, a direct conversation and the assistant's pane, in three languages;
// files a project sentence by sentence; and opens the city's report.
func TestQuestionsBrowser(t *testing.T) {
	chromium(t) // skips before anything is started
	d, stop := startDemo(t, filepath.Join(t.TempDir(), "demo.db"))
	t.Cleanup(stop)
	p := openPage(t, "http://"+d.listener.Addr().String())
	p.until(`hook("connection")?.classList.contains("on")`)

	of, large := countDemo(t)
	p.officialAsks(of)
	p.othersAsk(of)
	p.leaderAsks(of, large)
	p.filesInWords()
	p.opensReport(of[reporting.City])
	p.clean()
}

// asks asks where the page is and returns the answer, which says all of want.
func (p *page) asks(text, first string, want ...string) string {
	p.t.Helper()
	said := p.says(text, first)
	for _, w := range append(want, fmt.Sprint(time.Now().In(defaultConfig().location()).Year())) {
		if !strings.Contains(said, w) {
			p.fail("the answer to %s lacks %q: %s", text, w, said)
		}
	}
	return said
}

// mentions asks in a channel, opens the thread of the answer and returns it.
func (p *page) mentions(text, want string) string {
	p.t.Helper()
	p.leavesThread()
	last := p.newest()
	p.sends("@mouhua " + text)
	own := script(`messages(%s).find((el) => Number(el.dataset.ts) > %s)`, text, last)
	p.clicks(`%s?.querySelector(".replies")`, own)
	return p.reads(`all("[data-testid=message]", hook("thread")).find((el) => Number(el.dataset.ts) > %s && !el.innerText.includes(%s) && el.innerText.includes(%s))`, last, text, want)
}

// leavesThread closes the panel beside the channel, if it is open.
func (p *page) leavesThread() {
	p.t.Helper()
	p.until(`!hook("thread") || (hook("thread-close").click(), false)`)
}

// officialAsks: of the own body in its channel and on in the thread; of another
// body in the direct conversation, which is refused without its numbers.
func (p *page) officialAsks(of map[string]demoCount) {
	p.t.Helper()
	jingyue, jingkai := of["jingyue"], of["jingkai"]
	p.as(demoOfficial)
	p.opens(demoChannel("jingyue"))
	p.mentions("净月今年还差多少个项目？", fmt.Sprintf("还差 %d 个", jingyue.left()))
	p.asks("那完成几个了？", fmt.Sprintf("已核实 %d 个", jingyue.credited), "净月高新区", "数据截至")
	p.shows("thread")
	p.leavesThread()

	p.clicks(`hook("app-messages")`)
	p.asks("净月任务是多少", fmt.Sprintf("%d 个", jingyue.quota), "数据截至")
	said := p.says("经开区还差多少个？", "领导小组办公室")
	for _, n := range []int{jingkai.quota, jingkai.credited, jingkai.left()} {
		if regexp.MustCompile(fmt.Sprintf(`\b%d\b`, n)).MatchString(said) {
			p.fail("refused with the number %d: %s", n, said)
		}
	}
	p.shows("refused")
}

// othersAsk: an official who writes traditional characters, in the direct
// conversation and the pane, and one who writes English.
func (p *page) othersAsk(of map[string]demoCount) {
	p.t.Helper()
	kuancheng, gxj := of["kuancheng"], of["gxj"]
	p.as(demoOfficialTW)
	p.clicks(`hook("app-messages")`)
	p.asks("寬城區今年任務是多少？", fmt.Sprintf("%d 個", kuancheng.quota), "寬城區", "資料截至")
	p.clicks(`hook("assistant")`)
	p.until(`hook("prompt")`)
	p.shows("pane")
	p.asks("寬城區完成率是多少？", kuancheng.rate(), "資料截至")
	p.shows("pane-answer")
	p.leavesThread()

	p.as(demoOfficialEN)
	p.opens(demoChannel("gxj"))
	p.clicks(`hook("assistant")`)
	p.until(`hook("prompt")`)
	p.asks("how many projects does our bureau still owe this year?", fmt.Sprintf("%d projects", gxj.left()), gxj.of(), "As of")
	p.until(`hook("assistant-title").innerText.includes("our bureau") && hook("assistant-title").getBoundingClientRect().right <= hook("assistant-history").getBoundingClientRect().left`)
	p.shows("pane-english")
	p.leavesThread()
}

// leaderAsks: of everybody, in all three languages; what is not clear is asked back.
func (p *page) leaderAsks(of map[string]demoCount, large int) {
	p.t.Helper()
	city, nongan, yushu, jingyue, lianhuashan := of[reporting.City], of["nongan"], of["yushu"], of["jingyue"], of["lianhuashan"]
	p.as(demoLeader)
	p.opens(leadersChannel)
	p.mentions("全市1000个现在到哪了", fmt.Sprintf("已核实 %d 个", city.credited))
	p.shows("city")
	p.mentions("how many projects does Nong'an still owe this year?", fmt.Sprintf("%d projects", nongan.left()))
	p.asks("@mouhua and Yushu?", fmt.Sprintf("%d projects", yushu.left()), yushu.of(), "Yushu", "As of")
	p.mentions("開發區排名後三名", "蓮花山 "+lianhuashan.rate()+lianhuashan.figures())
	p.mentions("10亿以上的有哪些", fmt.Sprintf("%d 个项目", large))
	p.shows("list")

	p.leavesThread()
	p.says("@mouhua 高新今年完成多少了", "请选择")
	p.shows("which")
	p.clicks(`all("button", messages("请选择").at(-1)).find((el) => el.innerText.trim() === "净月高新区")`)
	p.clicks(`messages("高新今年完成多少了").at(0)?.querySelector(".replies")`)
	p.until(`messages(%s).some((el) => el.innerText.includes("净月高新区"))`, fmt.Sprintf("已核实 %d 个，完成任务 %d 个", jingyue.credited, jingyue.quota))
	p.shows("chosen")
}

// filesInWords: an official files a project in the direct conversation, with a
// correction and a look at what is missing; the office gets its card.
func (p *page) filesInWords() {
	p.t.Helper()
	year := time.Now().In(defaultConfig().location()).Year()
	p.as(demoOfficial)
	p.clicks(`hook("app-messages")`)
	p.says("登记：净月轴承检测中心，总投资3.2亿，园区招商来的", "32,000 万元")
	p.shows("talk")
	p.says("不对，是3.5亿", "35,000 万元")
	p.says("还差什么", "联系人及电话")
	p.shows("missing")
	for _, answer := range [][2]string{
		{"净月大街1号", "业主"}, {"示例·宽轴科技公司", "园区名称"}, {"净月数字经济园", "建设内容"},
		{"建设轴承检测中心一座及配套道路，年检测轴承两百万套。", "建设性质"}, {"新建", "所属产业"}, {"先进装备", "开工年月"},
		{fmt.Sprintf("%d年9月到%d年6月", year+1, year+3), "前期工作进展"}, {"签约", "佐证材料"}, {"区管委会会议纪要", "联系人"},
	} {
		p.says(answer[0], answer[1])
	}
	p.says("张工 13900001111", "35,000 万元")
	p.shows("complete")
	p.until(`!messages("已提交").length`)
	p.clicks(`action("talk.file", messages().at(-1))`)
	said := p.reads(`messages("已提交").at(-1)`)
	p.shows("submitted")
	id := regexp.MustCompile(`CC-\d{4}-\d{4}`).FindString(said)

	p.as(demoReviewer)
	p.opens(officeChannel)
	p.until(`messages(%s).length === 1 && action("review.approve", messages(%s)[0])`, id, id)
	card := p.reads(`messages(%s)[0]`, id)
	for _, want := range []string{"净月轴承检测中心", "3.50 亿元", "净月高新区"} {
		if !strings.Contains(card, want) {
			p.fail("the office's card lacks %q: %s", want, card)
		}
	}
	p.until(`(messages(%s)[0].scrollIntoView(), true)`, id)
	p.shows("card")
}

// opensReport: the leader's report draws the stages and the months.
func (p *page) opensReport(city demoCount) {
	p.t.Helper()
	const charts = `all(".chart svg[role=img]", messages().at(-1))`
	p.as(demoLeader)
	p.opens(leadersChannel)
	p.says("/report city", fmt.Sprint(city.credited))
	p.until(charts + `.length === 2 && all(".bar", ` + charts + `[1]).length === 4`)
	p.shows("report")
	if *update {
		p.act("show the first chart", chromedp.Evaluate[chromedp.Void](`document.querySelector(".chart")?.closest("[data-testid=message]").scrollIntoView({ block: "start" })`))
		p.save("docs/report.png", p.picture())
	}
	p.window(390, 844)
	fits := `document.documentElement.scrollWidth <= 390 && document.getElementById("sidebar").getBoundingClientRect().right <= 0`
	p.until(fits + ` && ` + charts + `.every((el) => el.getBoundingClientRect().right <= 390)`)
	p.shows("narrow-report")
	p.mentions("按现在这个速度，汽开区年底能完成吗", "汽开区")
	p.until(fits)
	p.shows("narrow-thread")
	p.leavesThread()
	p.mentions("哪些单位没达到序时进度？", "数据截至")
	p.until(fits)
	p.shows("narrow-lagging")
}
