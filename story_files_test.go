package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/playground"
)

// TestFilesHTTP is the story of files over HTTP mode on PostgreSQL: an admin
// imports by dropping a file, somebody takes a list away, evidence is uploaded.
func TestFilesHTTP(t *testing.T) {
	url := freshPostgres(t)
	filesStory(t, newMouhua(t, "http", url))
	importedBy(t, "postgres", url)
}

// TestFilesSocket is the same story over Socket Mode on SQLite.
func TestFilesSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "files.db")
	filesStory(t, newMouhua(t, "socket", "sqlite://"+path))
	importedBy(t, "sqlite", path)
}

// importedBy: the audit names the admin, once for each project.
func importedBy(t *testing.T, driver, dsn string) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n, by int
	err = db.QueryRow(`SELECT COUNT(*), SUM(CASE WHEN actor = '`+adminID+`' THEN 1 ELSE 0 END) FROM audit WHERE action = 'project.import'`).Scan(&n, &by)
	if err != nil || n != 3 || by != 3 {
		t.Errorf("the audit has %d imports of projects, %d by the admin: %v", n, by, err)
	}
}

// adminID is who may import, in the stories of files.
const adminID = stranger

const projectsHead = "project_id,name,territory_body,lead_dept,reporter_body,owner_unit,industry,subpath,subpath_detail,programme," +
	"invest_total_wan,invest_year_wan,start,finish,stage,status,plan_year,location,content,contact,verified_on\n"

// projectRow is a line of a file of projects; bad makes it one that is refused.
func projectRow(year, n int, money string) string {
	return fmt.Sprintf("CC-%[1]d-%04[2]d,<!channel> 第%[2]d个项目,jingyue,gxj,jingyue,示例公司,equipment,R3.1,,,%[3]s,,%[1]d-03,%[1]d-12,S1,verified,%[1]d,净月大街,生产线,张工 13900001111,%[1]d-01-02\n", year, n, money)
}

func filesStory(t *testing.T, m *mouhua) {
	year := time.Now().In(time.FixedZone("CST", 8*3600)).Year()
	prepare(m, year)
	m.must("import", "people", m.write("admin.csv", "slack_user_id,name,role,body_id\n"+adminID+",钱主任,admin,\n"))
	m.serve()
	dropped(t, m, year)
	refusedDrops(t, m, year)
	exported(t, m, year)
	evidenced(t, m, year)
}

// drops sends a file to the bot and returns the answer that holds want.
func (s somebody) drops(name string, content []byte, want string) playground.Message {
	s.t.Helper()
	channel := s.dm()
	before := len(s.Messages(channel))
	if _, err := s.Upload(s.ctx, channel, "", name, content); err != nil {
		s.t.Fatal(err)
	}
	return s.seesAfter(channel, before+1, want)
}

// pressesTwice presses a button as a finger does that slipped, and reports
// whether the second press came before the button was gone.
func (s somebody) pressesTwice(msg playground.Message, action string) bool {
	s.t.Helper()
	block, id := s.button(msg.Blocks, action)
	pressed := make(chan error)
	for range 2 {
		go func() {
			pressed <- s.Person.Click(s.ctx, playground.Ref{Type: "message", Channel: msg.Channel, TS: msg.TS}, block, id, "")
		}()
	}
	first, second := <-pressed, <-pressed
	if first != nil && second != nil {
		s.t.Fatalf("press %s: %v", action, first)
	}
	return first == nil && second == nil
}

// dropped: a file with a bad line is told, the mended one is imported by one
// press, and by one only.
func dropped(t *testing.T, m *mouhua, year int) {
	admin := m.as(adminID)
	bad := []byte(projectsHead + projectRow(year, 901, "32000") + projectRow(year, 902, "many") + projectRow(year, 903, "15000"))
	card := admin.drops("projects.csv", bad, "第 3 行")
	if text := words(card); !strings.Contains(text, "invest_total_wan") || !strings.Contains(text, "many") || strings.Contains(text, "import.run") {
		t.Errorf("the card of a bad file says %s", text)
	}
	good := []byte(projectsHead + projectRow(year, 901, "32000") + projectRow(year, 902, "20000") + projectRow(year, 903, "15000"))
	card = admin.drops("projects.csv", good, "import.run")
	if out := m.must("export", "projects"); strings.Contains(out, "CC-") {
		t.Errorf("a check has written: %s", out)
	}
	twice := admin.pressesTwice(card, "import.run")
	done := admin.sees(admin.dm(), "文件已导入")
	if done.TS != card.TS || !strings.Contains(words(done), "3") || strings.Contains(words(done), "import.run") {
		t.Errorf("the card became %s", words(done))
	}
	if twice {
		admin.sees(admin.dm(), "此前已导入")
	}
	admin.drops("projects.csv", good, "无需导入")
}

// refusedDrops: who may not import, and what cannot be imported.
func refusedDrops(t *testing.T, m *mouhua, year int) {
	good := []byte(projectsHead + projectRow(year, 904, "32000"))
	m.as(officialJY).drops("projects.csv", good, "只能由系统管理员导入")
	m.as(officialKC).drops("projects.csv", good, "an administrator")
	m.as(leader).drops("projects.csv", good, "管理員")
	m.as(reviewer).drops("projects.csv", good, "管理员")
	m.as(guest).drops("projects.csv", good, "谋划")
	m.as(foreigner).drops("projects.csv", good, "谋划")
	admin := m.as(adminID)
	admin.drops("会议纪要.pdf", []byte("%PDF"), "不能导入")
	admin.drops("projects.csv", append(good, bytes.Repeat([]byte(" "), 11<<20)...), "最大 10.0 MB")
	admin.drops("a.csv", []byte("x,y\n1,2\n"), "都不相符")
	m.slack.Revoke("files:read")
	admin.drops("projects.csv", good, "缺少 files:read 权限")
	m.slack.Grant("files:read")

	// Deleted between the check and the press.
	channel := admin.dm()
	before := len(admin.Messages(channel))
	id, err := admin.Upload(admin.ctx, channel, "", "projects.csv", good)
	if err != nil {
		t.Fatal(err)
	}
	card := admin.seesAfter(channel, before+1, "import.run")
	if err := admin.Delete(id); err != nil {
		t.Fatal(err)
	}
	admin.presses(card, "import.run")
	admin.seesAfter(channel, before+1, "已没有这个文件")
	if out := m.must("export", "projects"); strings.Contains(out, "0904") {
		t.Error("something was imported that was refused")
	}
}

// exported: a list comes as a file that import finds nothing new in.
func exported(t *testing.T, m *mouhua, year int) {
	wang := m.as(officialJY)
	dm := wang.dm()
	before := len(wang.Messages(dm))
	wang.types(channelJY, "/project list 1亿以上 export", "私信")
	got := wang.seesAfter(dm, before, "3 个项目")
	if len(got.Files) != 1 || !strings.HasSuffix(got.Files[0].Name, ".xlsx") || !strings.Contains(got.Text, "67,000 万元") {
		t.Fatalf("got %+v", got)
	}
	content, err := wang.Download(got.Files[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(m.dir, "list.xlsx")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := m.must("import", "projects", path, "-dry-run"); !strings.Contains(out, "0 new, 0 changed, 3 unchanged") {
		t.Errorf("read back: %s", out)
	}

	// A leader asks in English by button, and sees no telephone number.
	li := m.as(leader)
	before = len(li.Messages(li.dm()))
	li.presses(li.types(leadersRoom, "/project list", "project.export"), "project.export")
	file := li.seesAfter(li.dm(), before, "3 個項目").Files
	if content, err = li.Download(file[0].ID); err != nil {
		t.Fatal(err)
	}
	rows, err := exchange.Projects(bytes.NewReader(content))
	if err != nil || len(rows.Rows) != 3 || strings.Contains(rows.Rows[0].Contact, "13900001111") {
		t.Errorf("the leader's file: %+v %v", rows, err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := m.must("import", "projects", path, "-dry-run"); !strings.Contains(out, "0 new, 0 changed, 3 unchanged") {
		t.Errorf("the leader's file read back: %s", out)
	}
	m.slack.Revoke("files:write")
	defer m.slack.Grant("files:write")
	wang.types(channelJY, "/project list export", "缺少 files:write 权限")
}

// attaches chooses a file in a field of the form on top.
func (s somebody) attaches(field, name string, content []byte) {
	s.t.Helper()
	v := s.Views()[len(s.Views())-1]
	block, _ := s.input(v, field, "")
	if err := s.Attach(s.ctx, v.ID, block, field, name, content); err != nil {
		s.t.Fatal(err)
	}
}

// toPage2 fills page 1 of the form of a new project.
func (s somebody) toPage2(name string) {
	s.t.Helper()
	if err := s.Say(s.ctx, channelJY, "", "/project register"); err != nil {
		s.t.Fatal(err)
	}
	s.form("净月高新区")
	s.fills(append([][2]string{{"name", name}}, goodPage1[1:]...)...)
	s.fills([2]string{"invest", "3.2亿"})
	if wrong := s.submits(); len(wrong) != 0 {
		s.t.Fatalf("page 1: %v", wrong)
	}
	s.form("content")
}

// evidenced: a project is filed with a file for evidence, which the office
// gets; without the scope the form says so and takes a text.
func evidenced(t *testing.T, m *mouhua, year int) {
	wang := m.as(officialJY)
	wang.toPage2("大豆深加工基地")
	var page2 [][2]string
	for _, kv := range goodPage2 {
		if kv[0] != "evidence" {
			page2 = append(page2, kv)
		}
	}
	wang.fills(page2...)
	if wrong := wang.submits(); wrong["evidence"] == "" {
		t.Fatalf("filed without evidence: %v", wrong)
	}
	wang.attaches("files", "<!here> 纪要.pdf", []byte("%PDF-1.4"))
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("page 2: %v", wrong)
	}
	wang.sees(channelJY, "大豆深加工基地")
	zhao := m.as(reviewer)
	card := zhao.sees(officeRoom, "大豆深加工基地")
	if text := words(card); !strings.Contains(text, "<!here> 纪要.pdf") || !strings.Contains(text, "/files/"+officialJY) || strings.Contains(card.Text, "<!here>") {
		t.Errorf("the card says %s", text)
	}
	before := len(zhao.Messages(zhao.dm()))
	zhao.presses(card, "project.files")
	got := zhao.seesAfter(zhao.dm(), before, "共 1 个文件")
	if content, err := zhao.Download(got.Files[0].ID); err != nil || string(content) != "%PDF-1.4" {
		t.Errorf("the reviewer got %q %v", content, err)
	}

	m.shut()
	m.slack.Revoke("files:read")
	defer m.slack.Grant("files:read")
	if out, err := m.run("doctor"); err == nil || !strings.Contains(out, "FAIL scopes: missing files:read: reinstall") {
		t.Errorf("doctor printed %s %v", out, err)
	}
	m.serve()
	wang.toPage2("玉米秸秆制糖项目")
	if v := wang.form("缺少 files:read 权限"); strings.Contains(flat(v), "file_input") {
		t.Errorf("the form asks for files: %s", flat(v))
	}
	wang.fills(goodPage2...)
	if wrong := wang.submits(); len(wrong) != 0 {
		t.Fatalf("page 2 without files: %v", wrong)
	}
	wang.sees(channelJY, "玉米秸秆制糖项目")
}

// TestDropMany drops thousands of projects and takes them away again, as the office
// does once a year; how long that takes is logged.
func TestDropMany(t *testing.T) {
	if testing.Short() {
		t.Skip("Thousands of projects take some seconds.")
	}
	for mode, storage := range map[string]func(t *testing.T) string{
		"http":   freshPostgres,
		"socket": func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "many.db") },
	} {
		t.Run(mode, func(t *testing.T) {
			year := time.Now().Year()
			m := newMouhua(t, mode, storage(t))
			prepare(m, year)
			m.must("import", "people", m.write("admin.csv", "slack_user_id,name,role,body_id\n"+adminID+",钱主任,admin,\n"))
			m.serve()
			var file bytes.Buffer
			file.WriteString(projectsHead)
			for n := range droppedProjects {
				file.WriteString(projectRow(year, n+1, "15000"))
			}
			admin := m.as(adminID)
			start := time.Now()
			card := admin.drops("projects.csv", file.Bytes(), "import.run")
			checked := time.Since(start)
			start = time.Now()
			admin.presses(card, "import.run")
			admin.sees(admin.dm(), "文件已导入")
			imported := time.Since(start)
			start = time.Now()
			before := len(admin.Messages(admin.dm()))
			admin.types(officeRoom, "/project list export", "正在导出")
			admin.seesAfter(admin.dm(), before, fmt.Sprintf("共 %d 个项目", droppedProjects))
			t.Logf("%s: %d bytes checked in %s, imported in %s, exported in %s", mode, file.Len(), checked, imported, time.Since(start))
		})
	}
}
