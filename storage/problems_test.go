package storage

import (
	"errors"
	"fmt"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// opening is a decision that opens a problem for owner, due on a day.
func opening(owner, due string) func(p reporting.Project, q reporting.Problem) (reporting.Change, error) {
	return func(p reporting.Project, q reporting.Problem) (reporting.Change, error) {
		v := map[string]string{reporting.FieldProblemText: "用地未落实", reporting.FieldProblemOwner: owner, reporting.FieldProblemDue: due}
		return reporting.OpenProblem(reviewer, p, q, v, reporting.Person{UserID: owner, Role: reporting.Official}, date("2018-07-01"), start.UnixMilli())
	}
}

func opened(t *testing.T, db *DB, project, owner, due string) reporting.Problem {
	t.Helper()
	_, q, err := db.ChangeProblem(t.Context(), "", project, 0, opening(owner, due))
	check(t, err)
	return q
}

// testProblems opens, changes and closes problems together with their project.
func testProblems(t *testing.T, at string) {
	db, _ := seeded(t, at)
	x, y := file(t, db, verify("2018-07-02")), file(t, db, verify("2018-07-02"))
	_, _, err := db.ChangeProblem(t.Context(), "k0", "CC-2018-0099", 0, opening("UA", "2018-08-01"))
	failsWith(t, err, reporting.NotFound)
	_, _, err = db.ChangeProblem(t.Context(), "k0", x.ID, 1, opening("UA", "2018-08-01"))
	failsWith(t, err, reporting.NotFound)
	_, err = db.Problem(t.Context(), x.ID, 1)
	failsWith(t, err, reporting.NotFound)
	_, _, err = db.ChangeProblem(t.Context(), "k0", x.ID, 0, opening("", "2018-08-01"))
	var faults reporting.FieldErrors
	if !errors.As(err, &faults) {
		t.Errorf("got %v, want the decision's faults untouched", err)
	}
	p, q, err := db.ChangeProblem(t.Context(), "k1", x.ID, 0, opening("UA", "2018-08-01"))
	check(t, err)
	same(t, "the project is written with it", []any{p.Version, p.UpdatedAt}, []any{x.Version + 1, start.UnixMilli()})
	same(t, "the problem", q, reporting.Problem{
		ProjectID: x.ID, No: 1, BodyID: "jingyue", Text: "用地未落实", Owner: "UA", DueOn: date("2018-08-01"), OpenedBy: "UR", OpenedAt: start.UnixMilli(), Version: 1,
	})
	same(t, "numbers", []int{opened(t, db, x.ID, "UB", "2018-07-20").No, opened(t, db, y.ID, "UB", "2018-07-10").No}, []int{2, 1})
	_, again, err := db.ChangeProblem(t.Context(), "k1", x.ID, 0, opening("UA", "2018-08-01"))
	if !errors.Is(err, reporting.ErrRepeated) {
		t.Errorf("delivered again: %v", err)
	}
	same(t, "the same as the first time", again, q)
	same(t, "told", query(t, db, `SELECT key FROM outbox WHERE key LIKE 'problem%' ORDER BY key`),
		[]string{"problem_given/CC-2018-0001#1/1/UA", "problem_given/CC-2018-0001#2/1/UB", "problem_given/CC-2018-0002#1/1/UB"})

	_, q, err = db.ChangeProblem(t.Context(), "", x.ID, 1, func(p reporting.Project, q reporting.Problem) (reporting.Change, error) {
		return reporting.CloseProblem(reviewer, p, q, q.Version, "已下达指标", start.UnixMilli()+1)
	})
	check(t, err)
	same(t, "closed", []any{q.Open(), q.Result, q.ClosedBy, q.Version}, []any{false, "已下达指标", "UR", 2})
	all, err := db.ProblemsOf(t.Context(), x.ID)
	check(t, err)
	same(t, "open ones first", []int{all[0].No, all[1].No}, []int{2, 1})
	same(t, "audit", query(t, db, `SELECT action FROM audit WHERE kind = 'problem' AND subject = 'CC-2018-0001#1' ORDER BY id`), []string{"problem.open", "problem.close"})
	none(t, db)
}

// testProblemLists finds open problems by body, owner and day.
func testProblemLists(t *testing.T, at string) {
	db, _ := seeded(t, at)
	x := file(t, db, verify("2018-07-02"))
	y := file(t, db, func(p *reporting.Project) {
		verify("2018-07-02")(p)
		p.ReporterBody, p.TerritoryBody, p.InvestTotal = "kuancheng", "kuancheng", 90000
	})
	opened(t, db, x.ID, "UA", "2018-08-30")
	opened(t, db, x.ID, "UB", "2018-07-30")
	opened(t, db, y.ID, "UA", "2018-07-20")
	opened(t, db, y.ID, "UB", "2018-08-07")
	today := date("2018-07-31")
	tests := []struct {
		f       reporting.ProblemFilter
		want    string
		overdue int
	}{
		{reporting.ProblemFilter{}, "CC-2018-0002#1 CC-2018-0001#2 CC-2018-0002#2 CC-2018-0001#1 ", 2},
		{reporting.ProblemFilter{Body: "jingyue"}, "CC-2018-0001#2 CC-2018-0001#1 ", 1},
		{reporting.ProblemFilter{Owner: "UB"}, "CC-2018-0001#2 CC-2018-0002#2 ", 1},
		{reporting.ProblemFilter{Body: "jingyue", Owner: "UA"}, "CC-2018-0002#1 CC-2018-0001#2 CC-2018-0001#1 ", 2},
		{reporting.ProblemFilter{DueBy: today.AddDays(-1)}, "CC-2018-0002#1 CC-2018-0001#2 ", 2},
		{reporting.ProblemFilter{Body: "jingyue", DueBy: today}, "CC-2018-0001#2 ", 1},
		{reporting.ProblemFilter{Body: "gxj"}, "", 0},
		{reporting.ProblemFilter{LargestFirst: true}, "CC-2018-0002#1 CC-2018-0002#2 CC-2018-0001#2 CC-2018-0001#1 ", 2},
	}
	for _, tt := range tests {
		tt.f.Day = today
		page, err := db.ListProblems(t.Context(), tt.f)
		check(t, err)
		got := ""
		for _, l := range page.Problems {
			got += l.ID() + " "
		}
		same(t, fmt.Sprintf("%+v", tt.f), []any{got, page.Overdue, page.Total}, []any{tt.want, tt.overdue, len(page.Problems)})
	}
	page, err := db.ListProblems(t.Context(), reporting.ProblemFilter{Day: today, Offset: 1, Limit: 1})
	check(t, err)
	same(t, "a page", []any{page.Total, page.Problems[0].ID(), page.Problems[0].ProjectName}, []any{4, "CC-2018-0001#2", x.Name})

	w, err := db.Waiting(t.Context(), "kuancheng")
	check(t, err)
	same(t, "due within a week", []int{w.Problems.Total, w.Problems.Overdue}, []int{2, 1})
	bodies, err := db.WaitingBodies(t.Context())
	check(t, err)
	same(t, "bodies that owe something", bodies, map[string]bool{"kuancheng": true, "jingyue": true})
}

// testProblemsEnd closes what is open when the project ends, by whatever way.
func testProblemsEnd(t *testing.T, at string) {
	db, _ := seeded(t, at)
	withdrawn, older, newer, filed, stays := file(t, db, verify("2018-07-02")), file(t, db, verify("2018-07-02")),
		file(t, db, verify("2018-07-02")), file(t, db, verify("2018-07-02")), file(t, db, verify("2018-07-02"))
	for _, p := range []reporting.Project{withdrawn, older, newer, filed, stays} {
		opened(t, db, p.ID, "UA", "2018-08-01")
	}
	_, err := db.ChangeProject(t.Context(), "", withdrawn.ID, func(p reporting.Project) (reporting.Change, error) {
		return reporting.Withdraw(reviewer, p, 0, "投资方放弃", date("2018-07-31"), start.UnixMilli())
	})
	check(t, err)
	_, err = db.ChangeProjects(t.Context(), "", []string{older.ID, newer.ID}, merging("2018-07-31"))
	check(t, err)
	row, err := db.Project(t.Context(), filed.ID)
	check(t, err)
	row.Status, row.EndedOn, row.StatusReason = reporting.Withdrawn, date("2018-07-31"), "文件退库"
	moved, err := db.Project(t.Context(), stays.ID)
	check(t, err)
	moved.ReporterBody = "kuancheng"
	must(t)(db.ImportProjects(t.Context(), []reporting.Project{row, moved}, "UI", false))
	same(t, "closed", query(t, db, `SELECT project_id || ' ' || result || ' ' || closed_by FROM problems WHERE closed_at <> 0 ORDER BY project_id`),
		[]string{withdrawn.ID + " 投资方放弃 ", newer.ID + " 重复申报 ", filed.ID + " 文件退库 "})
	same(t, "open", query(t, db, `SELECT project_id || ' ' || body_id FROM problems WHERE closed_at = 0 ORDER BY project_id`),
		[]string{older.ID + " jingyue", stays.ID + " kuancheng"})
	same(t, "audit", len(query(t, db, `SELECT subject FROM audit WHERE action = 'problem.close'`)), 3)
	same(t, "told", len(query(t, db, `SELECT key FROM outbox WHERE kind = 'problem_closed'`)), 2)
}

// leavingProblems has U1 leave with an open problem, which goes to heir.
func leavingProblems(t *testing.T, db *DB, heir string) (reporting.Handed, error) {
	t.Helper()
	must(t)(db.ImportPeople(t.Context(), []reporting.Person{{UserID: "U1", Name: "a", Role: reporting.Official, BodyID: "jingyue"}}, "test", false))
	was, err := db.Person(t.Context(), "U1")
	check(t, err)
	h := reporting.Handover{From: "U1", BodyID: "jingyue", Problems: heir}
	e := reporting.Event{At: 1, Actor: "U9", Action: "person.leave", Kind: "person", Subject: "U1"}
	return db.HandOver(t.Context(), "", reporting.Person{UserID: "U1", Version: was.Version}, h, e)
}

// testProblemsHanded gives a leaver's open problems to who takes over.
func testProblemsHanded(t *testing.T, at string) {
	db := leaving(t, at)
	p := file(t, db, verify("2018-07-02"))
	opened(t, db, p.ID, "U1", "2018-08-01")
	opened(t, db, p.ID, "U9", "2018-08-01")
	_, err := leavingProblems(t, db, "U3")
	same(t, "to somebody of another body", reasonOf(err), "err.handover.to")
	n, err := leavingProblems(t, db, "U2")
	check(t, err)
	same(t, "moved", n.Problems, 1)
	same(t, "owners", query(t, db, `SELECT owner_user FROM problems ORDER BY no`), []string{"U2", "U9"})
	same(t, "audit", query(t, db, `SELECT subject FROM audit WHERE action = 'problem.handover'`), []string{p.ID + "#1"})
}

// testProblemsLeft leaves them where they are when nobody takes over.
func testProblemsLeft(t *testing.T, at string) {
	db := leaving(t, at)
	opened(t, db, file(t, db, verify("2018-07-02")).ID, "U1", "2018-08-01")
	n, err := leavingProblems(t, db, "")
	check(t, err)
	same(t, "counted", n.Problems, 1)
	same(t, "owner", query(t, db, `SELECT owner_user FROM problems`), []string{"U1"})
}
