package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// What is said to be verified, and for how much, is the same wherever it is asked,
// for the city and every body.
func TestCreditedAgree(t *testing.T) {
	r := planned(t, "sqlite://"+filepath.Join(t.TempDir(), "mouhua.db"))
	file, err := os.ReadFile(filepath.Join("demo", "bodies.csv"))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"全市"}
	for _, line := range strings.Split(strings.TrimSpace(string(file)), "\n")[1:] {
		names = append(names, strings.Split(line, ",")[0])
	}
	asked := []string{"完成多少了", "已核实多少个", "总投资多少"}
	var lines strings.Builder
	for _, name := range names {
		for _, q := range asked {
			lines.WriteString(name + q + "\n\n")
		}
	}
	out, _, err := r.ask(lines.String(), "-json")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSpace(out), "\n")
	if len(got) != len(names)*len(asked) {
		t.Fatalf("%d answers to %d questions", len(got), len(names)*len(asked))
	}
	type said struct {
		Figures map[string]float64
		Answer  string
	}
	for i, name := range names {
		var all [3]said
		for j := range asked {
			if err := json.Unmarshal([]byte(got[i*len(asked)+j]), &all[j]); err != nil {
				t.Fatal(err)
			}
		}
		for j, s := range all[1:] {
			first, _, _ := strings.Cut(s.Answer, "\n")
			n, has := s.Figures["projects"]
			money := reporting.Wan(s.Figures["invest_wan"]).YiString()
			if !has || n != all[0].Figures["credited"] || n > 0 && !strings.Contains(all[0].Answer, money+" 亿元") {
				t.Errorf("%s%s: %s\nbut %s", name, asked[j+1], first, all[0].Answer)
			}
		}
	}
}
