package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/playground"
)

// TestAgree asks for the figures of every body of 2018 in every way there is:
// /quota, /report, two sentences of a leader, and the exported files counted by
// nothing but the rule. All must say the same, on both databases.
func TestAgree(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "agree.db")
		agrees(newLived(t, "socket", "sqlite", "sqlite://"+path, path))
	})
	t.Run("postgres", func(t *testing.T) {
		url := freshPostgres(t)
		agrees(newLived(t, "http", "postgres", url, url))
	})
}

// agreed are the figures of a body that must be the same everywhere.
type agreed struct {
	owes, credited, remaining int
	done                      string // "46.2%"; "" where nothing is owed
}

func agrees(y *lived) {
	y.goesTo("2018-12-28 10:00")
	y.m.must("import", "bodies", data2018+"bodies.csv")
	y.m.must("import", "quotas", someQuotas(y))
	y.m.must("import", "people", data2018+"people.csv")
	y.m.must("import", "projects", data2018+"projects.csv")
	y.m.serve()
	owed, counted := y.owed(2018), y.counts(2018, nil)
	who := y.m.as(leader)
	for _, b := range y.bodies {
		name := b["short_zh_cn"]
		want := byRule(owed[b["id"]], counted[b["id"]].n)
		heading := name + "：2018年任务进度"
		for _, command := range []string{"/quota " + name, "/report body " + name} {
			if got := inFacts(who.types(leadersRoom, command, heading)); got != want {
				y.Errorf("%s says %+v, by the export it is %+v", command, got, want)
			}
		}
		for _, asked := range []string{"完成几个了", "还差几个"} {
			msg := who.types(leadersRoom, "@mouhua "+name+asked, "28日，"+name)
			if text := told(msg); !want.saidIn(text) {
				y.Errorf("%s%s: %s\nby the export it is %+v", name, asked, text, want)
			}
		}
	}
	want := byRule(1000, counted[city].n)
	if got := inFacts(who.types(leadersRoom, "/report city", "全市2018年重大项目谋划进展")); got.credited != want.credited || got.done != want.done {
		y.Errorf("/report city says %+v, by the export it is %+v", got, want)
	}
	if text := told(who.types(leadersRoom, "@mouhua 全市完成几个了", "28日，全市")); !want.saidIn(text) {
		y.Errorf("全市完成几个了: %s\nby the export it is %+v", text, want)
	}
}

// someQuotas is the file of quotas in which one body owes just what it has, one
// less, and one nothing: their answers have words of their own.
func someQuotas(y *lived) string {
	y.Helper()
	owes := map[string]string{"zongbao": "1", "lvyuan": "2", "lvyou": "0"}
	text, err := os.ReadFile(data2018 + "quotas.csv")
	if err != nil {
		y.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		if cells := strings.Split(line, ","); owes[cells[0]] != "" {
			cells[2] = owes[cells[0]]
			lines[i] = strings.Join(cells, ",")
		}
	}
	path := filepath.Join(y.m.dir, "quotas.csv")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		y.Fatal(err)
	}
	return path
}

// byRule are the figures of a body that owes so many and has so many.
func byRule(owes, credited int) agreed {
	a := agreed{owes: owes, credited: credited, remaining: max(0, owes-credited)}
	if owes > 0 {
		a.done = fmt.Sprintf("%.1f%%", 100*float64(credited)/float64(owes))
	}
	return a
}

var (
	remainingFact = regexp.MustCompile(`还差：([\d,]+) 个`)
	doneFact      = regexp.MustCompile(`完成率：\S* ?([\d.]+%)`)
	owesSaid      = regexp.MustCompile(`任务(?:为)? ([\d,]+) 个|目标 ([\d,]+) 个`)
	creditedSaid  = regexp.MustCompile(`已核实 ([\d,]+) 个`)
	remainingSaid = regexp.MustCompile(`还差 ([\d,]+) 个`)
	doneSaid      = regexp.MustCompile(`([\d.]+%)`)
)

// inFacts are the figures of the facts of an answer to a command.
func inFacts(msg playground.Message) agreed {
	text := told(msg)
	a := agreed{owes: number(quotaFact, text), credited: number(creditedFact, text), remaining: number(remainingFact, text)}
	if m := doneFact.FindStringSubmatch(text); m != nil {
		a.done = m[1]
	}
	return a
}

// saidIn reports whether the sentence with which an answer begins holds the
// figures: credited always, what is owed unless that is nothing, and what it
// says of the rest.
func (a agreed) saidIn(text string) bool {
	sentence, _, ok := strings.Cut(text, "。")
	is := func(form *regexp.Regexp, want string) bool {
		m := form.FindStringSubmatch(sentence)
		return m == nil || strings.ReplaceAll(strings.Join(m[1:], ""), ",", "") == want
	}
	return ok && creditedSaid.MatchString(sentence) && owesSaid.MatchString(sentence) == (a.owes > 0) &&
		(a.remaining == 0 || remainingSaid.MatchString(sentence) || doneSaid.MatchString(sentence)) &&
		is(creditedSaid, strconv.Itoa(a.credited)) && is(owesSaid, strconv.Itoa(a.owes)) &&
		is(remainingSaid, strconv.Itoa(a.remaining)) && is(doneSaid, a.done)
}
