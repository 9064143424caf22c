package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/mouhua/mouhua/playground"
)

// city is the city among the bodies of figures.
const city = "全市"

// figure is a number of projects and what they invest, in 万元.
type figure struct{ n, wan int }

// said is what the answers say of a body.
type said struct {
	owes, all     int    // quota and credited, of /quota all
	quota, report figure // credited, of /quota X and of /report
}

var (
	creditedFact = regexp.MustCompile(`已核实：([\d,]+) 个`)
	investFact   = regexp.MustCompile(`总投资：[\d.,]+ 亿元（([\d,]+) 万元）`)
	quotaFact    = regexp.MustCompile(`全年任务：([\d,]+) 个`)
)

// figures asks for the figures of a year in every way there is.
func (y *lived) figures(year int) map[string]said {
	y.Helper()
	who := y.m.as(boss)
	out, owed := map[string]said{}, y.owed(year)
	table := y.leagueTable(who.types(officeRoom, fmt.Sprint("/quota all ", year), fmt.Sprintf("各单位%d年任务进度", year)))
	for _, b := range y.bodies {
		name := b["short_zh_cn"]
		quota := told(who.types(officeRoom, fmt.Sprint("/quota ", name, " ", year), fmt.Sprintf("%s：%d年任务进度", name, year)))
		report := told(who.types(officeRoom, fmt.Sprint("/report body ", name, " ", year), fmt.Sprintf("%s：%d年任务进度", name, year)))
		s := said{owes: number(quotaFact, quota), quota: figureIn(quota), report: figureIn(report)}
		if s.owes != owed[b["id"]] {
			y.Errorf("%s owes %d by /quota, %d by the export of quotas", name, s.owes, owed[b["id"]])
		}
		if row, ok := table[name]; ok {
			s.all = row[1]
			if row[0] != s.owes {
				y.Errorf("%s owes %d by /quota all and %d by /quota", name, row[0], s.owes)
			}
		}
		out[b["id"]] = s
	}
	quota := told(who.types(officeRoom, fmt.Sprint("/quota all ", year), fmt.Sprintf("各单位%d年任务进度", year)))
	report := told(who.types(leadersRoom, fmt.Sprint("/report city ", year), fmt.Sprintf("全市%d年重大项目谋划进展", year)))
	c := said{owes: 1000, report: figureIn(report)}
	c.all = number(regexp.MustCompile(`全市\d+年任务 [\d,]+ 个，已核实 ([\d,]+) 个`), quota)
	c.quota = figure{c.all, c.report.wan} // /quota all says no total
	out[city] = c
	return out
}

// owed reads the quotas at the end of a year out of their export: of what was
// in force by then the last day, and of that the last version.
func (y *lived) owed(year int) map[string]int {
	y.Helper()
	out, last := map[string]int{}, map[string]string{}
	for _, row := range rowsOfCSV(y.T, []byte(y.m.must("export", "quotas"))) {
		at := row["effective_from"] + fmt.Sprintf("%4s", row["version"])
		if row["year"] != strconv.Itoa(year) || row["effective_from"] > fmt.Sprint(year, "-12-31") || at < last[row["body_id"]] {
			continue
		}
		n, err := strconv.Atoi(row["count"])
		if err != nil {
			y.Fatal(err)
		}
		out[row["body_id"]], last[row["body_id"]] = n, at
	}
	return out
}

// leagueTable reads quota and credited by body out of the table of /quota all.
func (y *lived) leagueTable(msg playground.Message) map[string][2]int {
	y.Helper()
	out := map[string][2]int{}
	for _, block := range msg.Blocks {
		rows, _ := block["rows"].([]any)
		for _, row := range rows {
			var cells []string
			for _, cell := range row.([]any) {
				cells = append(cells, told(cell))
			}
			owes, _ := strconv.Atoi(strings.ReplaceAll(cells[3], ",", ""))
			credited, err := strconv.Atoi(strings.ReplaceAll(cells[4], ",", ""))
			if err == nil {
				name, _, _ := strings.Cut(cells[2], "（")
				out[name] = [2]int{owes, credited}
			}
		}
	}
	if len(out) == 0 {
		y.Errorf("no table in %s", words(msg))
	}
	return out
}

// told returns all texts of a message or block in order.
func told(v any) string {
	var b strings.Builder
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case playground.Message:
			for _, block := range v.Blocks {
				walk(block)
				b.WriteByte('\n')
			}
		case map[string]any:
			if text, ok := v["text"].(string); ok {
				b.WriteString(text)
			}
			for _, key := range []string{"text", "elements"} {
				walk(v[key])
			}
		case []any:
			for _, one := range v {
				walk(one)
			}
		}
	}
	walk(v)
	return b.String()
}

func number(form *regexp.Regexp, text string) int {
	m := form.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	if err != nil {
		return -1
	}
	return n
}

func figureIn(text string) figure {
	return figure{number(creditedFact, text), number(investFact, text)}
}

// counts counts the exported projects by nothing but the rule: a project
// counts once for its territory, once for its department and once for the city
// in its plan year, when it was verified and its total is 10,000 万元 or more;
// not when it was withdrawn or merged in that year, nor when it was suspended
// for more than 90 days of it. corrected are the projects that were taken out
// after the year was frozen: they are counted as reported, and asserted to be
// no part of the year any more.
func (y *lived) counts(year int, corrected []string) map[string]figure {
	y.Helper()
	if q := y.m.as(reviewA).types(officeRoom, "/review queue", "待审清单"); strings.Contains(words(q), "等待裁定") {
		y.Errorf("a pair is undecided, which the export cannot know: %s", words(q))
	}
	y.m.told(y.db)
	out := map[string]figure{}
	for _, row := range rowsOfCSV(y.T, []byte(y.m.must("export", "projects"))) {
		ended := slices.Contains(corrected, row["project_id"])
		if ended && (row["status"] != "withdrawn" || !strings.HasPrefix(row["ended_on"], strconv.Itoa(year+1))) {
			y.Errorf("%s is %s since %q: it corrects nothing", row["project_id"], row["status"], row["ended_on"])
		}
		if !counts(row, year) && !ended {
			continue
		}
		wan, err := strconv.Atoi(row["invest_total_wan"])
		if err != nil {
			y.Fatal(err)
		}
		for _, body := range []string{city, row["territory_body"], row["lead_dept"]} {
			if body != "" {
				out[body] = figure{out[body].n + 1, out[body].wan + wan}
			}
		}
	}
	return out
}

// counts is the rule for one exported row, as it is today.
func counts(row map[string]string, year int) bool {
	wan, err := strconv.Atoi(row["invest_total_wan"])
	if err != nil || wan < 10000 || row["verified_on"] == "" || row["plan_year"] != strconv.Itoa(year) {
		return false
	}
	switch row["status"] {
	case "verified", "carried", "completed":
		return true
	case "suspended":
		since, err := time.Parse("2006-01-02", row["suspended_on"])
		return err != nil || since.AddDate(0, 0, 90).After(time.Date(year, time.December, 30, 0, 0, 0, 0, time.UTC))
	}
	return false
}

// compares holds what is said against what was counted.
func (y *lived) compares(all map[string]said, counted map[string]figure) {
	y.Helper()
	sum := 0
	for body, s := range all {
		want := counted[body]
		if s.quota != want || s.report != want || s.all != want.n {
			y.Errorf("%s: /quota all %d, /quota %v, /report %v, counted %v", body, s.all, s.quota, s.report, want)
		}
		if body != city {
			sum += s.all
		}
	}
	if sum < all[city].all || all[city].all == 0 {
		y.Errorf("the bodies have %d, the city %d", sum, all[city].all)
	}
}

func (y *lived) unchanged(before, after map[string]said) {
	y.Helper()
	if diff := cmp.Diff(before, after, cmp.AllowUnexported(said{}, figure{})); diff != "" {
		y.Errorf("the frozen year changed:\n%s", diff)
	}
}

// corrected looks for a correction beside the frozen figures of those whom it
// would concern.
func (y *lived) corrected(id string, bodies ...string) {
	y.Helper()
	who := y.m.as(boss)
	for _, command := range []string{"/quota all 2018", "/report city 2018"} {
		text := told(who.types(officeRoom, command, "封存后的更正"))
		if !strings.Contains(text, "（3 条") || strings.Count(text, id) != 3 || !strings.Contains(text, "项目退库") {
			y.Errorf("%s does not say what %s corrects: %s", command, id, text)
		}
	}
	for _, body := range bodies {
		text := told(who.types(officeRoom, "/quota "+body+" 2018", "封存后的更正"))
		if !strings.Contains(text, "（1 条") || strings.Count(text, id) != 1 {
			y.Errorf("/quota %s does not say what %s corrects: %s", body, id, text)
		}
	}
}

// readsBack exports both formats, which must hold the same, and has import say
// that there is nothing to do.
func (y *lived) readsBack() {
	y.Helper()
	y.m.told(y.db)
	plain, sheet := filepath.Join(y.m.dir, "2018.csv"), filepath.Join(y.m.dir, "2018.xlsx")
	for _, file := range []string{plain, sheet} {
		y.m.must("export", "projects", "-o", file)
		if out := y.m.must("import", "projects", file, "-dry-run"); !strings.Contains(out, " 0 new, 0 changed, ") {
			y.Errorf("export of %s reads back as %q", filepath.Ext(file), out)
		}
	}
	text, err := os.ReadFile(plain)
	if err != nil {
		y.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		y.Fatal(err)
	}
	book, err := excelize.OpenFile(sheet)
	if err != nil {
		y.Fatal(err)
	}
	defer book.Close()
	cells, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil {
		y.Fatal(err)
	}
	if len(cells) != len(rows) {
		y.Fatalf("%d rows in the spreadsheet, %d in the CSV", len(cells), len(rows))
	}
	invest := slices.Index(rows[0], "invest_total_wan")
	for i := 1; i < len(rows); i++ {
		if cells[i][0] != rows[i][0] || cells[i][invest] != rows[i][invest] {
			y.Errorf("row %d: %s %s in the spreadsheet, %s %s in the CSV", i+1, cells[i][0], cells[i][invest], rows[i][0], rows[i][invest])
		}
	}
}

// prints shows the figures as a table, for make year.
func (y *lived) prints(all map[string]said, counted map[string]figure) {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "body\tquota\t/quota all\t/quota\t/report\tcounted\tinvestment, 万元\t")
	for _, row := range append(y.bodies, map[string]string{"id": city}) {
		s, c := all[row["id"]], counted[row["id"]]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t\n", row["id"], s.owes, s.all, s.quota.n, s.report.n, c.n, c.wan)
	}
	_ = w.Flush()
	y.Logf("2018 as reported on 31 January 2019, %d projects filed by chat:\n%s", y.filed, b.String())
}
