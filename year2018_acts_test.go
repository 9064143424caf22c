package main

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/playground"
)

// The office and the rooms of the year 2018. Officials are U0 and their body's
// id, rooms of bodies C0 and that.
const (
	reviewA  = "U0REVIEWA"
	reviewB  = "U0REVIEWB"
	boss     = "U0OFFICE"
	commons  = "C0GENERAL" // where officials of bodies without a room act
	data2018 = "testdata/year2018/"
)

// rooms are the bodies that have a channel of their own.
var rooms = []string{"jingyue", "kuancheng", "xinqu", "qikai", "jingkai", "nanguan", "gxj", "swj"}

// lived is a year that people live through.
type lived struct {
	*testing.T
	m      *mouhua
	db     *sql.DB
	bodies []map[string]string // rows of bodies.csv
	filed  int                 // projects filed by chat
}

// newLived is the city's workspace at nine o'clock of 2 January 2018. Nothing
// is imported yet.
func newLived(t *testing.T, mode, driver, storage, dsn string) *lived {
	t.Helper()
	y := &lived{T: t, bodies: readRows(t, data2018+"bodies.csv")}
	everybody := []string{"U0MOUHUA", reviewA, reviewB, boss, leader}
	cfg := playground.Config{
		Workspace: "2018", BotToken: botToken, AppToken: appToken, SigningSecret: signing, TimeZone: changchun(t),
		BotUser: playground.User{ID: "U0MOUHUA", Name: "mouhua", RealName: "谋划", Bot: true},
	}
	for _, p := range readRows(t, data2018+"people.csv") {
		id := p["slack_user_id"]
		cfg.Users = append(cfg.Users, playground.User{ID: id, Name: strings.ToLower(id), RealName: p["name"], Locale: "zh-CN"})
		everybody = append(everybody, id)
	}
	for _, id := range append([]string{commons, officeRoom, leadersRoom}, channelsOf(rooms)...) {
		cfg.Channels = append(cfg.Channels, playground.Channel{ID: id, Name: strings.ToLower(id), Members: everybody})
	}
	cfg.Ahead = time.Until(y.at("2018-01-02 09:00"))
	y.m = newWorkspace(t, mode, storage, cfg)
	y.m.hurry = true
	y.m.must("migrate")
	y.db = look(t, driver, dsn)
	return y
}

func changchun(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func channelsOf(bodies []string) []string {
	out := make([]string, len(bodies))
	for i, b := range bodies {
		out[i] = "C0" + strings.ToUpper(b)
	}
	return out
}

// readRows reads a CSV file as rows by column.
func readRows(t *testing.T, path string) []map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return rowsOfCSV(t, text)
}

func rowsOfCSV(t *testing.T, text []byte) []map[string]string {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		out = append(out, row)
	}
	return out
}

func (y *lived) at(moment string) time.Time {
	y.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", moment, changchun(y.T))
	if err != nil {
		y.Fatal(err)
	}
	return at
}

// goesTo moves the clock when all that was owed has been said.
func (y *lived) goesTo(moment string) {
	y.Helper()
	if y.m.stop != nil {
		y.m.told(y.db)
	}
	text, err := json.Marshal(map[string]any{"user": boss, "action": "set", "at_ms": y.at(moment).UnixMilli()})
	if err != nil {
		y.Fatal(err)
	}
	r, err := http.Post(y.m.api.URL+"/ui/clock", "application/json", bytes.NewReader(text))
	if err != nil {
		y.Fatal(err)
	}
	r.Body.Close()
	if now := y.m.slack.Now().Format("2006-01-02 15:04"); now != moment {
		y.Fatalf("it is %s, want %s: %s", now, moment, r.Status)
	}
}

// wakesAt starts the program anew at another time, so that it does at once what
// a day calls for.
func (y *lived) wakesAt(moment string) {
	y.Helper()
	y.goesTo(moment)
	y.m.shut()
	y.m.serve()
}

func (y *lived) official(body string) somebody { return y.m.as("U0" + strings.ToUpper(body)) }

// room is where a body's people act.
func room(body string) string {
	for _, b := range rooms {
		if b == body {
			return "C0" + strings.ToUpper(b)
		}
	}
	return commons
}

// fillsIn types a command, fills in the form that comes, whose title holds
// title, submits it, and waits for what is said then. It returns that.
func (y *lived) fillsIn(who somebody, channel, command, title, said string, values ...[2]string) playground.Message {
	y.Helper()
	before := len(who.Messages(channel))
	if err := who.Say(who.ctx, channel, "", command); err != nil {
		y.Fatalf("%s: %v", command, err)
	}
	who.form(title)
	who.fills(values...)
	y.submitted(who)
	return who.seesAfter(channel, before, said)
}

// submitted submits the form on top, and the page that may follow it.
func (y *lived) submitted(who somebody) {
	y.Helper()
	for range 2 {
		if wrong := who.submits(); len(wrong) > 0 {
			y.Fatalf("form refused: %v", wrong)
		}
		if len(who.Views()) == 0 {
			return
		}
	}
	y.Fatalf("a form stays open: %s", flat(who.Views()))
}

// newcomer is a project as it is filed by chat.
type newcomer struct {
	body, territory, dept, name string
	wan                         int
	owner                       string // "" = one of its own
}

// page1 is what goes into the first page of the form.
func (n newcomer) page1() [][2]string {
	values := map[string]string{
		"name": n.name, "territory": n.territory + "=" + n.territory, "lead_dept": n.dept + "=" + n.dept,
		"owner": n.owner, "location": n.territory + " 1 号",
	}
	if n.owner == "" {
		values["owner"] = "示例·" + n.name + "公司"
	}
	var out [][2]string
	for _, kv := range goodPage1 {
		if v, ok := values[kv[0]]; ok {
			kv[1] = v
		}
		out = append(out, kv)
	}
	return append(out, [2]string{"invest", fmt.Sprint(n.wan, "万元")})
}

var numberGiven = regexp.MustCompile(`编号 (CC-\d{4}-\d{4})`)

// files has a body's official file a project through the two-page form. like
// is why it is filed although it looks like another, "" where it does not.
func (y *lived) files(n newcomer, like string) string {
	y.Helper()
	who, channel := y.official(n.body), room(n.body)
	before := len(who.Messages(channel))
	if err := who.Say(who.ctx, channel, "", "/project register"); err != nil {
		y.Fatal(err)
	}
	who.form("1/2")
	who.fills(n.page1()...)
	if wrong := who.submits(); len(wrong) > 0 {
		y.Fatalf("page 1 of %s: %v", n.name, wrong)
	}
	who.form("2/2")
	who.fills(goodPage2...)
	if wrong := who.submits(); len(wrong) > 0 {
		y.Fatalf("page 2 of %s: %v", n.name, wrong)
	}
	if like != "" {
		who.form("可能重复")
		who.fills([2]string{"anyway", like})
		if wrong := who.submits(); len(wrong) > 0 {
			y.Fatalf("filed all the same: %v", wrong)
		}
	}
	done := who.seesAfter(channel, before, n.name+"”已提交")
	id := numberGiven.FindStringSubmatch(words(done))
	if id == nil {
		y.Fatalf("no number in %s", words(done))
	}
	if v := who.Views(); len(v) > 0 {
		y.Fatalf("filed, and a form is open: %s", flat(v))
	}
	y.filed++
	return id[1]
}

// approves has the office approve projects, or what is asked about them.
func (y *lived) approves(reviewer string, ids ...string) {
	y.Helper()
	for _, id := range ids {
		y.m.as(reviewer).types(officeRoom, "/review approve "+id, "已私信告知")
	}
}

// approvesOnCard has the office press the button of a card that holds text.
func (y *lived) approvesOnCard(reviewer, text string) {
	y.Helper()
	who := y.m.as(reviewer)
	before := len(who.Messages(officeRoom))
	who.presses(who.sees(officeRoom, text), "review.approve")
	who.seesAfter(officeRoom, before, "已私信告知")
}

// says has an official say something about a project, with a reason or a note.
func (y *lived) says(body, command, want string) playground.Message {
	y.Helper()
	return y.official(body).types(room(body), command, want)
}

// withdraws takes a project out.
func (y *lived) withdraws(body, id, why string) {
	y.Helper()
	y.fillsIn(y.official(body), room(body), "/project withdraw "+id, "项目退库", "已退库", [2]string{"reason", why})
}

// advances takes a project a stage on; to S3 and S4 it asks the office.
func (y *lived) advances(body, id string, to int) {
	y.Helper()
	values := map[int][][2]string{
		2: {{"owner", "示例集团"}, {"leader", "陈副市长"}, {"origin", "country"}, {"invest_year", "3000万元"}, {"proof", "framework"}},
		3: {{"contract", "投资合同 2018-07-20"}, {"proof", "land"}},
		4: {{"completed_on", "2018-07-31"}, {"capacity_on", "2018-08-15"}, {"benefit_on", "2018-08-31"}, {"proof", "acceptance"}},
	}[to]
	said := map[int]string{2: "已进入 S2", 3: "申请进入 S3", 4: "申请进入 S4"}[to]
	y.fillsIn(y.official(body), room(body), "/project advance "+id, fmt.Sprint("到 S", to), said, append(values, [2]string{"proof_text", "见附件"})...)
}

// edits proposes another value of a verified project and has it granted.
func (y *lived) edits(body, id string, value [2]string) {
	y.Helper()
	y.fillsIn(y.official(body), room(body), "/project edit "+id, "1/2", "已送办公室审核", value)
}

// updates adds the month's note to a project.
func (y *lived) updates(body, id, note, invested string) {
	y.Helper()
	y.fillsIn(y.official(body), room(body), "/project update "+id+" "+note, id[len(id)-4:], "的进展已记入台账", [2]string{"invested", invested})
}

// confirms carries a project into 2019.
func (y *lived) confirms(body, id string) {
	y.Helper()
	y.fillsIn(y.official(body), room(body), "/project reconfirm "+id, "复核确认", "已确认，结转至2019年",
		[2]string{"note", "按计划推进，年内完成主体。"}, [2]string{"evidence", "区管委会会议纪要〔2019〕3号"})
}
