package main

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestStoryHTTP is the story of the product over HTTP mode on PostgreSQL: file
// a project, verify it, ask where we stand, be nudged.
func TestStoryHTTP(t *testing.T) {
	url := freshPostgres(t)
	m := newMouhua(t, "http", url)
	story(t, m)
	audited(t, "postgres", url)
}

// TestStorySocket is the same story over Socket Mode on SQLite.
func TestStorySocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "story.db")
	m := newMouhua(t, "socket", "sqlite://"+path)
	story(t, m)
	audited(t, "sqlite", path)
}

// goodPage1 and goodPage2 are what a person types into the form.
var (
	goodPage1 = [][2]string{
		{"name", "<!channel> *智能* =1+1 轴承产业园"}, {"territory", "JY=jingyue"}, {"lead_dept", "工信=gxj"},
		{"location", "净月大街 1 号"}, {"owner", "示例·宽轴科技公司"},
		{"route", "R1"}, {"path", "R1.4"}, {"path_detail", "净月数字经济园"},
	}
	goodPage2 = [][2]string{
		{"content", "建设智能轴承生产线四条及检测中心一座，年产轴承两百万套。"}, {"nature", "new"}, {"industry", "equipment"},
		{"programme", "P1"}, {"start", "2026-07"}, {"finish", "2028-07"}, {"milestone", "negotiation"},
		{"evidence", "区管委会会议纪要〔2026〕12号"}, {"contact", "张工 13900001111"},
	}
)

func story(t *testing.T, m *mouhua) {
	year := time.Now().In(time.FixedZone("CST", 8*3600)).Year()
	prepare(m, year)
	m.serve()
	id := files(t, m, year)
	reviews(t, m, id)
	asks(t, m, id, year)
	nudged(t, m)
	refused(t, m)
}

// prepare imports what an office has: bodies, quotas and people.
func prepare(m *mouhua, year int) {
	bodies := m.write("bodies.csv", "\ufeffid,kind,name_zh_cn,name_zh_tw,name_en,short_zh_cn,short_zh_tw,aliases,channel_id\r\n"+
		"jingyue,devzone,长春净月高新技术产业开发区,長春淨月高新技術產業開發區,Jingyue High-tech Zone,净月高新区,淨月高新區,净月|JY,"+channelJY+"\r\n"+
		"kuancheng,district,宽城区,寬城區,Kuancheng District,宽城区,寬城區,宽城|KC,"+channelKC+"\r\n"+
		"gxj,department,长春市工业和信息化局,長春市工業和信息化局,Industry Bureau,市工信局,市工信局,工信局|工信,\r\n")
	quotas := m.write("quotas.csv", fmt.Sprintf("body_id,year,count,effective_from\njingyue,%[1]d,65,%[1]d-01-01\nkuancheng,%[1]d,35,%[1]d-01-01\ngxj,%[1]d,45,%[1]d-01-01\njingyue,2018,60,2018-01-01\n", year))
	people := m.write("people.csv", "slack_user_id,name,role,body_id\n"+officialJY+",王工,official,jingyue\n"+officialKC+",Li,official,kuancheng\n"+reviewer+",赵审,reviewer,\n"+leader+",孫市長,leader,\n")
	m.must("migrate")
	for _, f := range [][2]string{{"bodies", bodies}, {"quotas", quotas}, {"people", people}} {
		if out := m.must("import", f[0], f[1], "-dry-run"); !strings.Contains(out, "dry run") {
			m.t.Errorf("import %s -dry-run printed %q", f[0], out)
		}
		if out := m.must("import", f[0], f[1]); !strings.Contains(out, f[0]+": ") || strings.Contains(out, " 0 new") {
			m.t.Errorf("import %s printed %q", f[0], out)
		}
	}
}

// files: an official registers a project, with slips, an interruption and a
// restart of the bot in between. It returns the number.
func files(t *testing.T, m *mouhua, year int) string {
	wang := m.as(officialJY)
	if err := wang.Say(wang.ctx, channelJY, "", "/project register"); err != nil {
		t.Fatal(err)
	}
	wang.form("净月高新区")
	wang.fills(goodPage1...)
	wang.fills([2]string{"invest", "3.2"})
	if wrong := wang.submits(); len(wrong) != 1 || !strings.Contains(wrong["invest"], "3.2 亿元") || !strings.Contains(wrong["invest"], "万元") {
		t.Fatalf("errors %v, want both readings of 3.2 at invest", wrong)
	}
	wang.fills([2]string{"invest", "３．２亿元"})
	wang.form("32,000") // echoed in both units
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("page 1: %v", wrong)
	}
	wang.form("content")
	wang.fills(goodPage2[0])
	top := wang.Views()[len(wang.Views())-1]
	if err := wang.CloseView(wang.ctx, top.ID, true); err != nil {
		t.Fatal(err)
	}

	m.shut()
	m.serve()

	offer := wang.types(channelJY, "/project 登记", "project.continue")
	wang.presses(offer, "project.continue")
	if v := wang.form("净月大街"); !strings.Contains(flat(v), "智能") || !strings.Contains(flat(v), "３．２亿元") {
		t.Fatalf("the draft lost something: %s", flat(v))
	}
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("page 1 of the draft: %v", wrong)
	}
	wang.form("检测中心")
	wang.fills(goodPage2[1:]...)
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("page 2: %v", wrong)
	}
	id := fmt.Sprintf("CC-%d-0001", year)
	wang.sees(channelJY, id)
	if n := len(wang.Views()); n != 0 {
		t.Errorf("%d forms are still open", n)
	}
	return id
}

// reviews: the office returns the project, the official mends it, the office
// approves.
func reviews(t *testing.T, m *mouhua, id string) {
	wang, zhao := m.as(officialJY), m.as(reviewer)
	card := zhao.sees(officeRoom, id)
	if strings.Contains(card.Text, "<!channel>") || !strings.Contains(card.Text, "&lt;!channel&gt;") {
		t.Errorf("the project's name could ping everybody: %q", card.Text)
	}
	wang.types(channelJY, "/project edit "+id, "锁定")

	zhao.presses(card, "review.return")
	zhao.form(id)
	if wrong := zhao.submits(); wrong["reason"] == "" {
		t.Errorf("returned without a reason: %v", wrong)
	}
	zhao.fills([2]string{"reason", "请补充用地依据"})
	if wrong := zhao.submits(); len(wrong) != 0 {
		t.Fatalf("return: %v", wrong)
	}
	told := wang.sees(wang.dm(), "请补充用地依据")
	wang.presses(told, "project.edit")
	wang.form("请补充用地依据")
	wang.fills([2]string{"location", "净月大街 2 号"}, [2]string{"path_detail", "净月数字经济园二期"})
	// The first card may be brought up to date only now, and then shows the new
	// values, too: the second submission has a card of its own.
	before := len(zhao.Messages(officeRoom))
	for range 2 {
		if wrong := wang.submits(); len(wrong) != 0 {
			t.Fatalf("submit again: %v", wrong)
		}
	}
	again := zhao.seesAfter(officeRoom, before, "净月数字经济园二期")
	zhao.presses(again, "review.approve")
	wang.sees(wang.dm(), "已通过审核")
	decided := zhao.sees(officeRoom, `"user_id":"`+reviewer+`"`)
	if !decided.Edited || strings.Contains(flat(decided.Blocks), "review.approve") {
		t.Errorf("the card does not show the decision: %s", words(decided))
	}
}

// asks: figures in the body's channel, the whole table, the city's report.
func asks(t *testing.T, m *mouhua, id string, year int) {
	wang, zhao, sun := m.as(officialJY), m.as(reviewer), m.as(leader)
	mine := words(wang.types(channelJY, "/quota", "65"))
	for _, want := range []string{fmt.Sprint(year), "64", "净月高新区", "数据截至"} {
		if !strings.Contains(mine, want) {
			t.Errorf("/quota lacks %q: %s", want, mine)
		}
	}
	wang.types(channelJY, "/quota 净月", "65")
	wang.types(channelJY, "/quota jingyue 2018", "60")
	all := words(zhao.types(officeRoom, "/quota all", "宽城区"))
	for _, want := range []string{"净月高新区", "市工信局", "45", "35"} {
		if !strings.Contains(all, want) {
			t.Errorf("/quota all lacks %q: %s", want, all)
		}
	}
	report := sun.types(leadersRoom, "/report", "1,000")
	if report.Ephemeral || report.Command == nil {
		t.Errorf("the leader's report is not for all to see: %+v", report)
	}
	if !strings.Contains(words(report), "資料截至") {
		t.Errorf("the leader of Taiwan script is answered in another: %s", words(report))
	}
	m.as(reviewer).sees(leadersRoom, "1,000")
	own := wang.types(channelJY, "/report", "净月高新区")
	if !own.Ephemeral || strings.Contains(words(own), "宽城区") {
		t.Errorf("an official's report shows others or is seen by them: %s", words(own))
	}
	wang.types(channelJY, "/project show "+id[len(id)-4:], "净月大街 2 号")
	wang.types(channelJY, "/project mine", id)
	zhao.types(officeRoom, "/project list", id)
	zhao.types(officeRoom, "/body list", "宽城区")
	zhao.types(officeRoom, "/review queue", "0")
}

// nudged: next Monday's nudge, planned twice, is posted once to each channel.
func nudged(t *testing.T, m *mouhua) {
	wang := m.as(officialJY)
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().In(loc)
	for at = at.AddDate(0, 0, 1); at.Weekday() != time.Monday; at = at.AddDate(0, 0, 1) {
	}
	monday := time.Date(at.Year(), at.Month(), at.Day(), 9, 0, 0, 0, loc).Format(time.RFC3339)
	before := len(wang.Messages(channelJY))
	preview := m.must("nudge", "-at", monday, "-dry-run")
	for _, want := range []string{"jingyue", "kuancheng", "due"} {
		if !strings.Contains(preview, want) {
			t.Errorf("nudge -dry-run lacks %q:\n%s", want, preview)
		}
	}
	if n := len(wang.Messages(channelJY)); n != before {
		t.Fatalf("the dry run posted %d messages", n-before)
	}
	m.must("nudge", "-at", monday)
	m.must("nudge", "-at", monday)
	for _, channel := range []string{channelJY, channelKC} {
		posted := 0
		for _, msg := range wang.Messages(channel) {
			if strings.Contains(flat(msg.Metadata), "nudge/") {
				posted++
				if !strings.Contains(flat(msg.Blocks), "project.register") {
					t.Errorf("the nudge has no button that opens the form: %s", words(msg))
				}
			}
		}
		if posted != 1 {
			t.Errorf("%d nudges in %s, want 1", posted, channel)
		}
	}
	wang.presses(wang.sees(channelJY, "project.register"), "project.register")
	v := wang.form("净月高新区")
	if err := wang.CloseView(wang.ctx, v.ID, true); err != nil {
		t.Fatal(err)
	}
}

// numberAlone reports whether text has n as a number of its own: ids have
// digits in them, too.
func numberAlone(text, n string) bool {
	return regexp.MustCompile(`(^|[^0-9A-Za-z])` + n + `([^0-9A-Za-z]|$)`).MatchString(text)
}

// refused: what people may not do, each with a word on who could.
func refused(t *testing.T, m *mouhua) {
	li, sun, qian := m.as(officialKC), m.as(leader), m.as(stranger)
	if said := words(li.types(channelKC, "/quota 净月", "leader")); numberAlone(said, "65") {
		t.Errorf("the refusal tells the number: %s", said)
	}
	li.types(channelKC, "/review approve 0001", "office")
	li.types(channelKC, "/project show 0001", "leader")
	li.types(channelKC, "/project regsiter", "register")
	li.types(channelKC, "/project withdraw 0001", "official of the reporting body")
	sun.types(leadersRoom, "/review queue", "辦公室")
	qian.types(channelJY, "/project register", "办公室")
	qian.types(channelJY, "/mouhua help", "任务")
	if strings.Contains(m.logs.String(), "智能") || strings.Contains(m.logs.String(), botToken) {
		t.Error("the log holds project text or a token")
	}
}

// audited looks at the trail: who did what, when, before and after.
func audited(t *testing.T, driver, dsn string) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT action, actor, before IS NOT NULL, after IS NOT NULL FROM audit WHERE kind = 'project' ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var action, actor string
		var before, after bool
		if err := rows.Scan(&action, &actor, &before, &after); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s by %s, before %v, after %v", action, actor, before, after))
	}
	want := []string{
		"project.submit by " + officialJY + ", before false, after true",
		"project.return by " + reviewer + ", before true, after true",
		"project.resubmit by " + officialJY + ", before true, after true",
		"project.approve by " + reviewer + ", before true, after true",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("audit trail:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
