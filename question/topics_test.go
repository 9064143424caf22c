package question

import (
	"os"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// Within a table a word names one subject, or nobody could tell which is meant.
func TestSubjectsHaveWordsOfTheirOwn(t *testing.T) {
	for name, table := range map[string][]Subject{
		"rules": Rules, "plan": append(PlanPaths, PlanTopics...), "audiences": Audiences, "approvals": Approvals, "terms": Terms,
	} {
		owner := map[string]string{}
		for _, s := range table {
			if s.Name.ZhCN == "" || s.Name.ZhTW == "" || s.Name.En == "" {
				t.Errorf("%s: %s lacks a name", name, s.ID)
			}
			for _, w := range append([]string{s.ID, s.Name.ZhCN, s.Name.ZhTW, s.Name.En}, s.Words...) {
				f := lexicon.Fold(w)
				if other := owner[f]; f == "" || other != "" && other != s.ID {
					t.Errorf("%s: %q names %s and %s", name, w, other, s.ID)
				}
				owner[f] = s.ID
			}
		}
	}
}

func TestEveryPathIsATopic(t *testing.T) {
	var want []string
	want = append(want, reporting.Routes...)
	for _, p := range reporting.Paths {
		want = append(want, string(p))
	}
	if len(want) != len(PlanPaths) {
		t.Fatalf("%d topics for %d routes and sub-paths", len(PlanPaths), len(want))
	}
	for i, id := range want {
		if PlanPaths[i].ID != id {
			t.Errorf("topic %d is %s, want %s", i, PlanPaths[i].ID, id)
		}
	}
}

// What the reader writes into slots names a subject.
func TestFind(t *testing.T) {
	tests := []struct {
		table       []Subject
		value, want string
	}{
		{PlanTopics, "五条路径", "routes"}, {PlanTopics, "总体目标", "target"}, {PlanTopics, "实施主体", "bodies"}, {PlanTopics, "保障措施", "safeguards"},
		{PlanTopics, "组织领导", "organisation"}, {PlanTopics, "政策支持", "support"}, {PlanTopics, "优化环境", "services"}, {PlanTopics, "督查考核", "supervision"},
		{PlanTopics, "三個一百", "programmes"}, {PlanPaths, "R1.3", "R1.3"}, {PlanPaths, "展會招商", "R1.3"},
		{Audiences, "规模以上企业", "enterprise"}, {Audiences, "高校院所", "institution"}, {Audiences, "孵化器", "incubator"}, {Audiences, "开发区", "territory"}, {Audiences, "sme", "sme"},
		{Terms, "時間過半、任務過半", "时间过半、任务过半"}, {Terms, "Makerspace", "众创空间"}, {Terms, "", ""}, {Rules, "门槛", "threshold"}, {Rules, "天气", ""},
	}
	for _, tt := range tests {
		if got, ok := Find(tt.table, tt.value); got.ID != tt.want || ok != (tt.want != "") {
			t.Errorf("Find(%q) = %q, %v, want %q", tt.value, got.ID, ok, tt.want)
		}
	}
}

func TestNearest(t *testing.T) {
	for text, want := range map[string]string{"时序进度": "序时进度", "carryover": "结转", "达产": "达产达效", "引导基金会": "产业引导基金"} {
		if got := Nearest(Terms, text, 3); len(got) != 3 || got[0].ID != want {
			t.Errorf("nearest to %q: %v", text, got)
		}
	}
}

func TestApprovalKind(t *testing.T) {
	for value, want := range map[string]string{"审批": "review", "核准": "verify", "备案": "record", "record": "record", "": "", "登记": ""} {
		if got := ApprovalKind(value); got != want {
			t.Errorf("ApprovalKind(%q) = %q, want %q", value, got, want)
		}
	}
}

// A term that docs/glossary.md has, too, is written there as it is here.
func TestTermsAreWrittenAsInTheGlossary(t *testing.T) {
	text, err := os.ReadFile("../docs/glossary.md")
	if err != nil {
		t.Fatal(err)
	}
	shared := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		cn, tw, both := strings.Cut(strings.TrimSpace(cells[2]), " / ")
		for _, s := range Terms {
			if s.ID != cn {
				continue
			}
			shared++
			if both && tw != s.Name.ZhTW || !both && cn != s.Name.ZhTW {
				t.Errorf("%s is %s in the glossary and %s among the terms", cn, tw, s.Name.ZhTW)
			}
		}
	}
	if shared < 10 {
		t.Errorf("only %d terms are in both: the search is broken", shared)
	}
}
