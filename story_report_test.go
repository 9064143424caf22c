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

// TestReportHTTP is the story of reports over HTTP mode on PostgreSQL: a leader
// asks how it stood yesterday, by route, and side by side, has the brief on the
// screen and takes it away as files; an official is told who may.
func TestReportHTTP(t *testing.T) { reportStory(t, newMouhua(t, "http", freshPostgres(t))) }

// TestReportSocket is the same story over Socket Mode on SQLite.
func TestReportSocket(t *testing.T) {
	reportStory(t, newMouhua(t, "socket", "sqlite://"+filepath.Join(t.TempDir(), "report.db")))
}

func reportStory(t *testing.T, m *mouhua) {
	today := reporting.DateOf(m.slack.Now().In(time.FixedZone("CST", 8*3600)))
	year := today.Year
	prepare(m, year)
	first := fmt.Sprintf("%d-01-02", year)
	m.must("import", "projects", m.write("projects.csv", projectsHead+projectRow(year, 901, "32000")+projectRow(year, 902, "20000")+
		strings.Replace(projectRow(year, 903, "15000"), first, today.String(), 1)))
	m.serve()
	sun := m.as(leader)
	sun.types(leadersRoom, "/report", "已核實 3 個")
	if day := today.AddDays(-1); day.Year == year && day.YearDay() > 2 {
		sun.types(leadersRoom, "/report 全市 "+day.String(), fmt.Sprintf("截至%d年%d月%d日，全市%d年任務 1,000 個，已核實 2 個", day.Year, day.Month, day.Day, year))
	}
	sun.types(leadersRoom, "/report route", "R3.1")
	sun.types(leadersRoom, "/report 對比 淨月和寬城", "高 4.6 個百分點")
	sun.types(leadersRoom, "/report city "+today.AddDays(1).String(), "還沒有到")

	brief := sun.types(leadersRoom, "/report 簡報", "重大項目簡報")
	if text := words(brief); !strings.Contains(text, "新核實") || !strings.Contains(text, "目前沒有逾期問題") {
		t.Errorf("the brief says %s", text)
	}
	briefTaken(t, m, brief)

	wang := m.as(officialJY)
	wang.types(channelJY, "/report brief city", "领导")
	own := wang.types(channelJY, "/report brief", "净月高新区重大项目简报")
	if !own.Ephemeral {
		t.Error("an official's brief is for all to see")
	}
}

// briefTaken: the leader takes the brief away as a document and as a spreadsheet.
func briefTaken(t *testing.T, m *mouhua, brief playground.Message) {
	sun := m.as(leader)
	file := func(ending string) []byte {
		sun.presses(brief, "brief."+ending)
		var got playground.Message
		m.until(ending, func() bool {
			for _, msg := range sun.Messages(sun.dm()) {
				if len(msg.Files) == 1 && strings.HasSuffix(msg.Files[0].Name, "."+ending) {
					got = msg
					return true
				}
			}
			return false
		})
		today := reporting.DateOf(m.slack.Now().In(time.FixedZone("CST", 8*3600)))
		if want := "全市重大項目簡報 " + today.String() + "." + ending; got.Files[0].Name != want {
			t.Errorf("the file is called %s, want %s", got.Files[0].Name, want)
		}
		content, err := sun.Download(got.Files[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	document := file("docx")
	parcel, err := zip.NewReader(bytes.NewReader(document), int64(len(document)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := parcel.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(part)
	for _, want := range []string{"已核實 3 個", "需要決策", "按謀劃路徑", "各單位之和"} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("the document lacks %q: %v", want, err)
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(file("xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	rows, err := book.GetRows("開發區", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) < 3 || rows[2][1] != "淨月高新區" || rows[2][2] != "65" || rows[2][3] != "3" {
		t.Errorf("the spreadsheet holds %v, %v", rows, err)
	}
	numbers, err := book.GetRows("主要數字", excelize.Options{RawCellValue: true})
	if err != nil || len(numbers) < 4 || numbers[3][1] != "3" {
		t.Errorf("its numbers are %v, %v", numbers, err)
	}
}
