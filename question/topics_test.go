package question

import (
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

func TestApprovalKind(t *testing.T) {
	for value, want := range map[string]string{"审批": "review", "核准": "verify", "备案": "record", "record": "record", "": "", "登记": ""} {
		if got := ApprovalKind(value); got != want {
			t.Errorf("ApprovalKind(%q) = %q, want %q", value, got, want)
		}
	}
}
