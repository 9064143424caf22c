package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// askedAt is when the demo's year is asked about.
const askedAt = "2018-07-31T10:00:00+08:00"

// planned is the demo's data of 2018 in a database.
func planned(t *testing.T, url string) *register {
	t.Helper()
	r := newRegister(t, url)
	for _, kind := range []string{"bodies", "quotas", "people", "projects"} {
		r.run("import", kind, filepath.Join("demo", kind+".csv"))
	}
	return r
}

// ask runs the command with lines on its standard input.
func (r *register) ask(lines string, args ...string) (out, errs string, err error) {
	var stdout, stderr bytes.Buffer
	args = append([]string{"ask", "-config", r.config, "-at", askedAt}, args...)
	err = run(r.t.Context(), args, noEnv, strings.NewReader(lines), &stdout, &stderr)
	return stdout.String(), stderr.String(), err
}

// databases are a fresh one of each kind.
func databases(t *testing.T) map[string]func(t *testing.T) string {
	t.Helper()
	return map[string]func(t *testing.T) string{
		"SQLite":     func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "mouhua.db") },
		"PostgreSQL": freshPostgres,
	}
}

// A question, lines as threads, and objects for programs, on both databases.
func TestAskCommand(t *testing.T) {
	for name, fresh := range databases(t) {
		t.Run(name, func(t *testing.T) {
			r := planned(t, fresh(t))
			before := r.run("export", "projects")
			out, errs, err := r.ask("", "净月今年还差多少个项目？")
			if err != nil || !strings.HasPrefix(out, "截至2018年7月31日，净月高新区2018年还差 62 个，任务 65 个，已核实 3 个。\n") || !strings.Contains(errs, "answered as the office") {
				t.Errorf("asked: %v\n%s%s", err, out, errs)
			}
			out, errs, err = r.ask("", "-as", "U0LIMING", "宽城今年还差多少个项目？")
			if err != nil || strings.Contains(out, "34") || !strings.Contains(out, "请联系") || errs != "" {
				t.Errorf("a refusal: %v\n%s%s", err, out, errs)
			}
			out, _, err = r.ask("净月2018年任务是多少\n那完成几个了？\n\n那完成几个了？\r\nhow many projects does Nong'an still owe this year?\nand Yushu?\n", "-json")
			if err != nil {
				t.Fatal(err)
			}
			type line struct {
				Intent  string
				Slots   map[string]string
				Figures map[string]float64
				Answer  string
			}
			var got []string
			for _, s := range strings.Split(strings.TrimSpace(out), "\n") {
				var l line
				if err := json.Unmarshal([]byte(s), &l); err != nil || l.Answer == "" {
					t.Fatalf("%q: %v", s, err)
				}
				got = append(got, fmt.Sprintf("%s %v %v %v", l.Intent, l.Slots, l.Figures["quota"], l.Figures["credited"]))
			}
			want := []string{
				"quota.target map[body:jingyue year:2018] 65 3", "quota.progress map[body:jingyue followup:1 year:2018] 65 3", got[2],
				"quota.remaining map[body:nongan lang:en] 30 2", "quota.remaining map[body:yushu followup:1 lang:en] 27 1",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(got[2], "jingyue") {
				t.Errorf("a new thread goes on with the old one: %s", got[2])
			}
			out, _, err = r.ask("登记：净月智能轴承产业园，总投资3.2亿\n不对，是3.5亿\n算了\n", "-as", "U0LIMING", "-json")
			if err != nil || strings.Count(out, `"intent":"project.register"`) != 3 || !strings.Contains(out, "3.50 亿元") {
				t.Errorf("a filing on the terminal: %v\n%s", err, out)
			}
			if n := keptDrafts(t, r.config); n != 0 {
				t.Errorf("asking kept %d drafts", n)
			}
			if after := r.run("export", "projects"); after != before {
				t.Error("asking wrote something")
			}
		})
	}
}

// What cannot be asked fails with a line.
func TestAskCommandFails(t *testing.T) {
	r := newRegister(t, "sqlite://"+filepath.Join(t.TempDir(), "mouhua.db"))
	_, _, err := r.ask("", "-at", "yesterday", "全市")
	if report(err, &bytes.Buffer{}) != 2 {
		t.Errorf("a time that is none: %v", err)
	}
	var out bytes.Buffer
	missing := filepath.Join(t.TempDir(), "config.toml")
	writeFile(t, missing, "[storage]\nurl = \"sqlite:///no/such/folder/m.db\"\n")
	if err := run(t.Context(), []string{"ask", "-config", missing, "全市"}, noEnv, nil, &out, &out); report(err, &bytes.Buffer{}) != 1 {
		t.Errorf("no database: %v", err)
	}
}

// Asked at once in one thread, and gone on with after a restart.
func TestExchangeOnBothDatabases(t *testing.T) {
	for name, fresh := range databases(t) {
		t.Run(name, func(t *testing.T) {
			r := planned(t, fresh(t))
			cfg, err := loadConfig(r.config, true, noEnv)
			if err != nil {
				t.Fatal(err)
			}
			now := func() time.Time { return time.Date(2018, 7, 31, 10, 0, 0, 0, cfg.location()) }
			words, err := commands.NewWords()
			if err != nil {
				t.Fatal(err)
			}
			app := func() *commands.App {
				db, err := openStorage(t.Context(), cfg, (&program{stderr: &bytes.Buffer{}}).log(0), now)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { release(db) })
				answers := cfg.answering(now, nil)
				answers.Admins = []string{"U0BOSS"}
				return commands.New(db, words, answers)
			}
			ask := func(a *commands.App, text, once string) (string, error) {
				out, err := a.Ask(context.Background(), commands.Request{User: "U0BOSS", Channel: "C1", Thread: "1.1", Text: text, Locale: reporting.ZhCN, Once: once})
				if err != nil {
					return "", err
				}
				return out.Reply.Text, nil
			}
			first := app()
			var all sync.WaitGroup
			var mu sync.Mutex
			var failed error
			for i := range 8 {
				all.Go(func() {
					_, err := ask(first, []string{"净月今年还差多少个项目？", "农安今年还差多少个项目？"}[i%2], fmt.Sprint("e/", i))
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
				})
			}
			all.Wait()
			if failed != nil {
				t.Fatal(failed)
			}
			if _, err := ask(first, "净月今年还差多少个项目？", "e/8"); err != nil {
				t.Fatal(err)
			}
			if text, err := ask(app(), "那榆树呢？", "e/9"); err != nil || !strings.Contains(text, "榆树市2018年还差 26 个") {
				t.Errorf("after a restart: %s %v", text, err)
			}
		})
	}
}

// The README's answers are the command's.
func TestReadmeAnswers(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	r := planned(t, "sqlite://"+filepath.Join(t.TempDir(), "mouhua.db"))
	for _, q := range []string{"净月和经开比，谁完成得好？", "how many projects does Nong'an still owe this year?"} {
		out, _, err := r.ask("", q)
		if err != nil || !strings.Contains(string(readme), "mouhua ask \""+q+"\"\n"+out) {
			t.Errorf("the README has another answer to %s: %v\n%s", q, err, out)
		}
	}
	out, _, err := r.ask("汽開區今年任務是多少\n落後幾個百分點\n")
	for _, text := range strings.Split(out, "\n\n") {
		first, _, _ := strings.Cut(text, "\n")
		if err != nil || !strings.Contains(string(readme), first+"\n") {
			t.Errorf("the README has not %q: %v", first, err)
		}
	}
}

// keptDrafts counts the drafts of whoever filed on the terminal.
func keptDrafts(t *testing.T, config string) int {
	t.Helper()
	cfg, err := loadConfig(config, true, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	db, err := openStorage(t.Context(), cfg, (&program{stderr: &bytes.Buffer{}}).log(0), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer release(db)
	drafts, err := db.DraftsOf(t.Context(), "U0LIMING")
	if err != nil {
		t.Fatal(err)
	}
	return len(drafts)
}
