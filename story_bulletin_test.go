package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

// secondID is the second person of the office, in the stories of bulletins.
const secondID = stranger

// TestBulletinHTTP is the story of a bulletin over HTTP mode on PostgreSQL:
// drafted by Mouhua, previewed, edited, checked, refused to the same person,
// released by a second one, in every channel once, taken away as files, corrected.
func TestBulletinHTTP(t *testing.T) { bulletinStory(t, newMouhua(t, "http", freshPostgres(t))) }

// TestBulletinSocket is the same story over Socket Mode on SQLite.
func TestBulletinSocket(t *testing.T) {
	bulletinStory(t, newMouhua(t, "socket", "sqlite://"+filepath.Join(t.TempDir(), "bulletin.db")))
}

func bulletinStory(t *testing.T, m *mouhua) {
	today := reporting.DateOf(m.slack.Now().In(time.FixedZone("CST", 8*3600)))
	month := reporting.LastEnded(reporting.Monthly, today)
	prepareBulletin(m, today.Year, month)
	m.serve()
	name := fmt.Sprintf("%d年%d月全市重大项目谋划工作情况通报", month.Year, month.N)
	zhao := m.as(reviewer)
	zhao.sees(officeRoom, name)

	previewedAndEdited(m, name)
	bulletinReleased(m, name)
	arrivedOnce(t, m, name)
	takenAway(t, m, name)
	bulletinCorrected(t, m, month, name)
}

// prepareBulletin has quotas and projects of the month before, which may be
// another year's, and a second person of the office.
func prepareBulletin(m *mouhua, year int, month reporting.Period) {
	prepare(m, year)
	if month.Year != year {
		m.must("import", "quotas", m.write("past.csv", fmt.Sprintf("body_id,year,count,effective_from\njingyue,%[1]d,65,%[1]d-01-01\nkuancheng,%[1]d,35,%[1]d-01-01\n", month.Year)))
	}
	m.must("import", "people", m.write("second.csv", "slack_user_id,name,role,body_id\n"+secondID+",钱主任,reviewer,\n"))
	row := projectRow(month.Year, 901, "32000")
	was := fmt.Sprintf("%d-01-02", month.Year)
	m.must("import", "projects", m.write("projects.csv", projectsHead+row+
		strings.Replace(projectRow(month.Year, 902, "20000"), was, month.First().String(), 1)+
		strings.Replace(projectRow(month.Year, 903, "15000"), was, month.Last().AddDays(1).String(), 1)))
}

// bulletinCardNow waits for the month's card to say what it should.
func bulletinCardNow(m *mouhua, s somebody, name, want string) playground.Message {
	m.t.Helper()
	var got playground.Message
	m.until(want, func() bool {
		for _, msg := range s.Messages(officeRoom) {
			if said := words(msg); strings.Contains(said, name) && strings.Contains(said, "bulletin.preview") && strings.Contains(said, "起草") && strings.Contains(said, want) {
				got = msg
				return true
			}
		}
		return false
	})
	return got
}

func previewedAndEdited(m *mouhua, name string) {
	t, zhao := m.t, m.as(reviewer)
	card := bulletinCardNow(m, zhao, name, "草稿，待核对")
	zhao.presses(card, "bulletin.preview")
	preview := zhao.sees(officeRoom, "预览：签发后")
	// The project that was verified after the month is not in it.
	for _, want := range []string{name, "已核实重大项目 2 个", "本月新增 1 个", "宽城区", "数据截至", "排名靠后"} {
		if !strings.Contains(words(preview), want) {
			t.Errorf("the preview lacks %q: %s", want, words(preview))
		}
	}
	zhao.presses(card, "bulletin.edit")
	zhao.form("修改通报")
	zhao.fills([2]string{"bulletin_measures", "<!channel> 请各单位抓紧谋划。"}, [2]string{"bulletin_exempt", "kuancheng"})
	if wrong := zhao.submits(); wrong["bulletin_exempt_reason"] == "" {
		t.Fatalf("exempt without a reason: %v", wrong)
	}
	zhao.fills([2]string{"bulletin_exempt_reason", "全域受灾"})
	if wrong := zhao.submits(); len(wrong) != 0 {
		t.Fatalf("edit: %v", wrong)
	}
	edited := bulletinCardNow(m, zhao, name, "最后修改")
	if edited.TS != card.TS {
		t.Error("an edit posts a second card")
	}
	zhao.presses(edited, "bulletin.check")
}

func bulletinReleased(m *mouhua, name string) {
	zhao, qian := m.as(reviewer), m.as(secondID)
	ready := bulletinCardNow(m, zhao, name, "已核对，待签发")
	zhao.presses(ready, "bulletin.release")
	if refused := zhao.sees(officeRoom, "须由另一人签发"); !strings.Contains(words(refused), "钱主任") || strings.Contains(words(refused), "赵审") {
		m.t.Errorf("who could release is told wrongly: %s", words(refused))
	}
	qian.pressesTwice(ready, "bulletin.release")
	qian.sees(officeRoom, "已签发")
}

// posts counts the posts of a channel that hold want.
func posts(s somebody, channel, want string) int {
	n := 0
	for _, msg := range s.Messages(channel) {
		if strings.Contains(words(msg), want) {
			n++
		}
	}
	return n
}

func arrivedOnce(t *testing.T, m *mouhua, name string) {
	heading := name + "（第1期）"
	for channel, user := range map[string]string{channelJY: officialJY, channelKC: officialKC, leadersRoom: leader} {
		who := m.as(user)
		got := who.sees(channel, heading)
		for _, want := range []string{"已核实重大项目 2 个", "不列入靠后名单：宽城区（原因：全域受灾）", "请各单位抓紧谋划", "数据截至", "bulletin.docx", `"type":"table"`} {
			if !strings.Contains(words(got), want) {
				t.Errorf("the bulletin in %s lacks %q: %s", channel, want, words(got))
			}
		}
		if strings.Contains(got.Text, "<!channel>") {
			t.Errorf("the office's words could ping everybody: %q", got.Text)
		}
	}
	if out := m.must("nudge"); strings.Contains(out, "bulletin") {
		t.Errorf("something of the bulletin was left to deliver: %s", out)
	}
	for channel, user := range map[string]string{channelJY: officialJY, channelKC: officialKC, leadersRoom: leader} {
		if n := posts(m.as(user), channel, heading); n != 1 {
			t.Errorf("%d bulletins in %s, want one", n, channel)
		}
	}
}

// takenAway: an official takes the bulletin away as a document and a spreadsheet.
func takenAway(t *testing.T, m *mouhua, name string) {
	wang := m.as(officialJY)
	post := wang.sees(channelJY, name+"（第1期）")
	file := func(action, ending string) []byte {
		wang.presses(post, action)
		var got playground.Message
		m.until(ending, func() bool {
			for _, msg := range wang.Messages(wang.dm()) {
				if len(msg.Files) == 1 && strings.HasSuffix(msg.Files[0].Name, ending) {
					got = msg
					return true
				}
			}
			return false
		})
		content, err := wang.Download(got.Files[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	document := file("bulletin.docx", ".docx")
	parcel, err := zip.NewReader(bytes.NewReader(document), int64(len(document)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := parcel.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(part)
	if err != nil || !strings.Contains(string(text), name) || !strings.Contains(string(text), "请各单位抓紧谋划") {
		t.Errorf("the document holds %.200s, %v", text, err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(file("bulletin.xlsx", ".xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	rows, err := book.GetRows("开发区", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) < 3 || rows[2][1] != "净月高新区" || rows[2][3] != "2" || rows[2][5] != "52000" {
		t.Errorf("the spreadsheet holds %v, %v", rows, err)
	}
}

// bulletinCorrected: a correction is a bulletin of its own, with the next number.
func bulletinCorrected(t *testing.T, m *mouhua, month reporting.Period, name string) {
	zhao, qian, wang := m.as(reviewer), m.as(secondID), m.as(officialJY)
	past := strings.Replace(projectRow(month.Year, 904, "11000"), fmt.Sprintf("%d-01-02", month.Year), month.First().String(), 1)
	m.must("import", "projects", m.write("forgotten.csv", projectsHead+past))
	if err := zhao.Say(zhao.ctx, officeRoom, "", fmt.Sprintf("/report 通报 更正 1 %d 漏统计一个项目", month.Year)); err != nil {
		t.Fatal(err)
	}
	zhao.form("漏统计一个项目")
	if wrong := zhao.submits(); len(wrong) != 0 {
		t.Fatalf("correct: %v", wrong)
	}
	heading := fmt.Sprintf("关于更正%d年%d月通报（第1期）的通报", month.Year, month.N)
	card := bulletinCardNow(m, zhao, heading, "草稿，待核对")
	zhao.presses(card, "bulletin.check")
	qian.presses(bulletinCardNow(m, qian, heading, "已核对，待签发"), "bulletin.release")
	got := wang.sees(channelJY, heading+"（第2期）")
	for _, want := range []string{"现对" + name + "（第1期）予以更正", "漏统计一个项目", "已核实 2 → 3 个", "总投资 5.20 → 6.30 亿元"} {
		if !strings.Contains(words(got), want) {
			t.Errorf("the correction lacks %q: %s", want, words(got))
		}
	}
	for _, msg := range wang.Messages(channelJY) {
		if msg.Text == name+"（第1期）" && !strings.Contains(words(msg), "已核实重大项目 2 个") {
			t.Errorf("the corrected bulletin was changed: %s", words(msg))
		}
	}
}
