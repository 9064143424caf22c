package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mouhua/mouhua/playground"
)

// bothWaysIn runs a test on the program over HTTP mode on PostgreSQL and over
// Socket Mode on SQLite, with bodies, quotas and people imported.
func bothWaysIn(t *testing.T, test func(t *testing.T, m *mouhua, db *sql.DB)) {
	for _, way := range []struct{ mode, driver string }{{"http", "postgres"}, {"socket", "sqlite"}} {
		t.Run(way.mode+" on "+way.driver, func(t *testing.T) {
			address, dsn := "", ""
			if way.driver == "postgres" {
				address = freshPostgres(t)
				dsn = address
			} else {
				dsn = filepath.Join(t.TempDir(), "faults.db")
				address = "sqlite://" + dsn
			}
			m := newMouhua(t, way.mode, address)
			prepare(m, thisYear())
			test(t, m, look(t, way.driver, dsn))
		})
	}
}

func thisYear() int { return time.Now().In(time.FixedZone("CST", 8*3600)).Year() }

// look opens a database beside the program.
func look(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	if driver == "sqlite" {
		dsn += "?_pragma=busy_timeout(10000)" // the program writes of its own accord, too
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func count(t *testing.T, db *sql.DB, query string) int {
	t.Helper()
	var n int
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// told waits until the outbox owes nothing more that is due.
func (m *mouhua) told(db *sql.DB) {
	m.t.Helper()
	m.until("told everything", func() bool {
		return count(m.t, db, fmt.Sprint(`SELECT COUNT(*) FROM outbox WHERE state = 'pending' AND due_at <= `, m.slack.Now().UnixMilli())) == 0
	})
}

// engage gives people roles: lines of user id, name, role and body.
func (m *mouhua) engage(lines ...string) {
	m.t.Helper()
	file := m.write("more-people.csv", "slack_user_id,name,role,body_id\n"+strings.Join(lines, "\n")+"\n")
	m.must("import", "people", file)
}

// opens types a command that opens a form and waits for it.
func (s somebody) opens(channel, command, want string) playground.View {
	s.t.Helper()
	if err := s.Say(s.ctx, channel, "", command); err != nil {
		s.t.Fatalf("%s: %v", command, err)
	}
	return s.form(want)
}

// passes submits the form on top, in which nothing may be wrong.
func (s somebody) passes() {
	s.t.Helper()
	if wrong := s.submits(); len(wrong) > 0 {
		s.t.Fatalf("submit: %v", wrong)
	}
}

// fillsBoth fills in both pages of a new project of their own body and returns
// page 2, still to be submitted.
func (s somebody) fillsBoth(values ...[2]string) playground.View {
	s.t.Helper()
	s.opens(channelJY, "/project register", "净月高新区")
	s.fills(append(slices.Clone(goodPage1), [2]string{"invest", "3.2亿"})...)
	s.fills(values...)
	s.passes()
	s.form("content")
	s.fills(goodPage2...)
	return s.Views()[len(s.Views())-1]
}

// says counts the messages of a channel that hold all of want.
func (s somebody) says(channel string, want ...string) int {
	n := 0
	for _, m := range s.Messages(channel) {
		text := words(m)
		if !slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(text, w) }) {
			n++
		}
	}
	return n
}

// signed delivers a body as Slack does and returns the answer.
func (m *mouhua) signed(path, body string) (int, string) {
	m.t.Helper()
	status, answer, err := m.trySigned(path, body)
	if err != nil {
		m.t.Fatal(err)
	}
	return status, answer
}

func (m *mouhua) trySigned(path, body string) (int, string, error) {
	req, err := http.NewRequest(http.MethodPost, "http://"+m.addr+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(signing))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(answer), err
}

// interaction returns the body of a delivery about a view or a message.
func interaction(kind, user string, more map[string]any) string {
	payload := map[string]any{"type": kind, "user": map[string]any{"id": user}, "trigger_id": "1." + kind}
	for k, v := range more {
		payload[k] = v
	}
	return url.Values{"payload": {strings.TrimSpace(flat(payload))}}.Encode()
}

// typedInto returns a view with other texts in its fields; a field that is
// typed "" is left out, as a client would that lost it.
func typedInto(v playground.View, texts map[string]string) playground.View {
	state := map[string]map[string]any{}
	for block, elements := range v.State.Values {
		field, _, _ := strings.Cut(block, ".")
		text, changed := texts[field]
		switch {
		case !changed:
			state[block] = elements
		case text != "":
			element, _ := elements[field].(map[string]any)
			kind, _ := element["type"].(string)
			value := map[string]any{"type": kind, "value": text}
			if strings.HasSuffix(kind, "select") {
				value = map[string]any{"type": kind, "selected_option": map[string]any{
					"value": text, "text": map[string]any{"type": "plain_text", "text": "x"}}}
			}
			state[block] = map[string]any{field: value}
		}
	}
	v.State.Values = state
	return v
}

// refusals reads the errors by field out of the answer to a submission.
func refusals(t *testing.T, answer string) map[string]string {
	t.Helper()
	var a struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
	}
	if err := json.Unmarshal([]byte(answer), &a); err != nil || a.Action != "errors" {
		t.Fatalf("answered %q, want errors (%v)", answer, err)
	}
	out := map[string]string{}
	for block, text := range a.Errors {
		field, _, _ := strings.Cut(block, ".")
		out[field] = text
	}
	return out
}

// together runs do n times at once.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// TestFaultSubmittedThreeTimes delivers one submission several times, at once
// and one after the other: one project, one card, one answer.
func TestFaultSubmittedThreeTimes(t *testing.T) {
	bothWaysIn(t, func(t *testing.T, m *mouhua, db *sql.DB) {
		m.serve()
		wang := m.as(officialJY)
		page2 := wang.fillsBoth()
		answers := make([]string, 5)
		if body := interaction("view_submission", officialJY, map[string]any{"view": page2}); strings.Contains(t.Name(), "http") {
			deliver := func(i int) {
				status, answer, err := m.trySigned("/slack/interactions", body)
				answers[i] = fmt.Sprint(status, " ", answer, err)
			}
			together(3, deliver)
			deliver(3)
			deliver(4)
		} else {
			together(5, func(i int) {
				wrong, err := wang.Submit(wang.ctx, page2.ID, nil)
				if err != nil && (strings.Contains(err.Error(), "the view was closed meanwhile") || strings.Contains(err.Error(), "not there")) {
					err = nil // whoever comes second finds the form closed by the first answer
				}
				answers[i] = fmt.Sprint(wrong, err)
			})
		}
		for _, a := range answers[1:] {
			if a != answers[0] || strings.Contains(a, "errors") {
				t.Errorf("answers differ or refuse:\n%s", strings.Join(answers, "\n"))
				break
			}
		}
		id := fmt.Sprintf("CC-%d-0001", thisYear())
		wang.sees(channelJY, id)
		m.told(db)
		if n := count(t, db, `SELECT COUNT(*) FROM projects`); n != 1 {
			t.Errorf("%d projects, want 1", n)
		}
		if n := m.as(reviewer).says(officeRoom, id); n != 1 {
			t.Errorf("%d cards, want 1", n)
		}
		if n := count(t, db, `SELECT COUNT(*) FROM audit WHERE kind = 'project'`); n != 1 {
			t.Errorf("%d audit events, want 1", n)
		}
		if n := count(t, db, `SELECT COUNT(*) FROM drafts`); n != 0 {
			t.Errorf("%d drafts are left, want none", n)
		}
	})
}

// TestFaultTwoEditOneProject has two officials of a body edit one returned
// project: who comes second is told, overwrites nothing and loses nothing.
func TestFaultTwoEditOneProject(t *testing.T) {
	bothWaysIn(t, func(t *testing.T, m *mouhua, db *sql.DB) {
		m.engage(stranger + ",钱某,official,jingyue")
		m.serve()
		wang, qian, zhao := m.as(officialJY), m.as(stranger), m.as(reviewer)
		wang.fillsBoth()
		wang.passes()
		wang.sees(channelJY, "-0001")
		zhao.types(officeRoom, "/review return 0001 请补充用地依据", "请补充用地依据")
		for who, where := range map[somebody]string{wang: "净月大街 20 号", qian: "净月大街 30 号"} {
			who.opens(channelJY, "/project edit 0001", "请补充用地依据")
			who.fills([2]string{"location", where})
			who.passes()
			who.form("content")
		}
		wang.passes()
		if wrong := qian.submits(); !strings.Contains(flat(wrong), "0001") || !strings.Contains(flat(wrong), "锁定") {
			t.Errorf("the second is told %v", wrong)
		}
		if v := qian.Views(); len(v) != 2 || !strings.Contains(flat(v), "净月大街 30 号") {
			t.Errorf("the second's form is gone: %s", flat(v))
		}
		wang.types(channelJY, "/project show 0001", "净月大街 20 号")

		// Returned once more, the draft of the second is still there, and says
		// that the project went on without it.
		v := qian.Views()
		if err := qian.CloseView(qian.ctx, v[len(v)-1].ID, true); err != nil {
			t.Fatal(err)
		}
		zhao.types(officeRoom, "/review return 0001 请再核对", "请再核对")
		if v := qian.opens(channelJY, "/project edit 0001", "请再核对"); !strings.Contains(flat(v), "净月大街 30 号") || !strings.Contains(flat(v), "项目又被修改") {
			t.Errorf("the draft was lost, or does not say that it is old: %s", flat(v))
		}
		if n := count(t, db, `SELECT COUNT(*) FROM audit WHERE action = 'project.resubmit'`); n != 1 {
			t.Errorf("%d resubmissions, want 1", n)
		}
	})
}

// TestFaultTwoReviewersAtOnce has one reviewer approve and another return the
// same card at the same time: one decision stands, the other is told.
func TestFaultTwoReviewersAtOnce(t *testing.T) {
	bothWaysIn(t, func(t *testing.T, m *mouhua, db *sql.DB) {
		m.engage(stranger + ",钱审,reviewer,")
		m.serve()
		wang, zhao, qian := m.as(officialJY), m.as(reviewer), m.as(stranger)
		wang.fillsBoth()
		wang.passes()
		card := zhao.sees(officeRoom, "review.approve")
		if err := qian.Say(qian.ctx, officeRoom, "", "看看"); err != nil { // joins
			t.Fatal(err)
		}
		qian.presses(card, "review.return")
		form := qian.form("0001")
		qian.fills([2]string{"reason", "请补充用地依据"})
		block, action := zhao.button(card.Blocks, "review.approve")
		var wrong map[string]string
		var pressed, submitted error
		together(2, func(i int) {
			if i == 0 {
				pressed = zhao.Person.Click(zhao.ctx, playground.Ref{Type: "message", Channel: officeRoom, TS: card.TS}, block, action, "")
			} else {
				wrong, submitted = qian.Submit(qian.ctx, form.ID, nil)
			}
		})
		if pressed != nil || submitted != nil {
			t.Fatalf("press: %v; submit: %v", pressed, submitted)
		}
		if len(wrong) > 0 { // the approval was first
			if !strings.Contains(flat(wrong), "赵审") || !strings.Contains(flat(wrong), "已核实") {
				t.Errorf("the second is told %v", wrong)
			}
			wang.sees(wang.dm(), "已通过审核")
		} else {
			zhao.sees(officeRoom, "这次没有改动")
			wang.sees(wang.dm(), "请补充用地依据")
		}
		m.told(db)
		if n := count(t, db, `SELECT COUNT(*) FROM audit WHERE action IN ('project.approve', 'project.return')`); n != 1 {
			t.Errorf("%d decisions, want 1", n)
		}
		credited := count(t, db, `SELECT COUNT(*) FROM credits`)
		if approved := len(wrong) > 0; approved != (credited > 0) {
			t.Errorf("%d credits after an approval: %v", credited, approved)
		}
		if n := wang.says(wang.dm(), "0001"); n != 1 {
			t.Errorf("the official is told %d times, want once", n)
		}
	})
}

// closes closes every form.
func (s somebody) closes() {
	s.t.Helper()
	if v := s.Views(); len(v) > 0 {
		if err := s.CloseView(context.WithoutCancel(s.ctx), v[len(v)-1].ID, true); err != nil {
			s.t.Fatal(err)
		}
	}
}

// newReceiver is a response URL; what is posted there comes out of answers.
func newReceiver(t *testing.T, answers chan<- string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		fmt.Fprint(w, "ok")
		answers <- string(body)
	}))
	t.Cleanup(s.Close)
	return s.URL
}
