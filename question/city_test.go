package question

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// city is the context of the examples: the bodies and lists of 2018, on the last
// day of July.
func city(t testing.TB) Context {
	t.Helper()
	list := &reporting.BodyList{Revision: 1}
	for _, r := range readCSV(t, "../demo/bodies.csv") {
		list.All = append(list.All, reporting.Body{
			ID: r[0], Kind: reporting.Kind(r[1]), Group: r[2],
			Name:    reporting.Names{ZhCN: r[3], ZhTW: r[4], En: r[5]},
			Short:   reporting.Names{ZhCN: r[6], ZhTW: r[7]},
			Aliases: strings.Split(r[8], "|"), ParentID: r[10],
		})
	}
	return Context{
		Today: reporting.Date{Year: 2018, Month: time.July, Day: 31}, Locale: reporting.ZhCN,
		Bodies: lexicon.New(list), Catalogue: catalogue(t),
	}
}

// demoNames are the names of the projects of the demo.
func demoNames(t testing.TB) *Names {
	t.Helper()
	n := NewNames()
	for _, r := range readCSV(t, "../demo/projects.csv") {
		n.Put(r[0], r[1])
	}
	return n
}

func readCSV(t testing.TB, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

var entryLine = regexp.MustCompile(`(?m)^    \('([^']+)', '([^']+)', '([^']*)', '([^']*)', '([^']*)', '([^']*)', '([^']*)', (\d+)\)`)

// catalogue reads the lists where the databases get them.
func catalogue(t testing.TB) *reporting.Catalogue {
	t.Helper()
	text, err := os.ReadFile("../storage/migrations/sqlite/00008_catalogue.sql")
	if err != nil {
		t.Fatal(err)
	}
	var all []reporting.Entry
	for i, m := range entryLine.FindAllStringSubmatch(string(text), -1) {
		e := reporting.Entry{List: m[1], ID: m[2], Name: reporting.Names{ZhCN: m[3], ZhTW: m[4], En: m[5]}, Parent: m[7], Position: i}
		if m[6] != "" {
			if err := json.Unmarshal([]byte(m[6]), &e.Aliases); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, e)
	}
	if len(all) < 60 {
		t.Fatalf("only %d entries were read", len(all))
	}
	return reporting.NewCatalogue(all)
}
