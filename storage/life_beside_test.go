package storage

import (
	"strconv"

	"pgregory.net/rapid"

	"github.com/mouhua/mouhua/reporting"
)

// plainBeside is what the model knows of what stands beside a project.
type plainBeside struct {
	open   int // problems
	kind   string
	ticked bool
}

// tryBeside is try for what changes beside a project: problems, of which UB of
// another body is the owner, and approvals.
func (m *machine) tryBeside(action string, who reporting.Actor, p *plainProject, day reporting.Date, ms int64) (may bool, apply func(), err error) {
	p.follow()
	tends := who.BodyID == p.by || who.Role == reporting.Reviewer
	going := p.status == "verified" || p.status == "suspended"
	approve := func(decide func(q reporting.Project, ticks []reporting.Tick) (reporting.Change, error)) {
		_, err = m.db.ChangeApprovals(m.Context(), "", p.id, decide)
	}
	switch action {
	case "problem":
		v := map[string]string{reporting.FieldProblemText: "用地未落实", reporting.FieldProblemOwner: "UB", reporting.FieldProblemDue: day.AddDays(9).String()}
		_, _, err = m.db.ChangeProblem(m.Context(), "", p.id, 0, func(q reporting.Project, b reporting.Problem) (reporting.Change, error) {
			return reporting.OpenProblem(who, q, b, v, reporting.Person{UserID: "UB", Role: reporting.Official}, day, ms)
		})
		return tends && going, func() { p.open++ }, err
	case "solve":
		no := 99
		if open := m.texts(`SELECT CAST(no AS TEXT) FROM problems WHERE project_id = $1 AND closed_at = 0 ORDER BY no`, p.id); len(open) > 0 {
			no, _ = strconv.Atoi(open[0])
		}
		_, _, err = m.db.ChangeProblem(m.Context(), "", p.id, no, func(q reporting.Project, b reporting.Problem) (reporting.Change, error) {
			return reporting.CloseProblem(who, q, b, 0, "已协调", ms)
		})
		return (tends || who.UserID == "UB") && p.open > 0, func() { p.open-- }, err
	case "kind":
		to := rapid.SampledFrom(reporting.ApprovalKinds).Draw(m.T, "kind")
		approve(func(q reporting.Project, ticks []reporting.Tick) (reporting.Change, error) {
			return reporting.ChooseApproval(who, q, ticks, 0, to, m.lists, day, ms)
		})
		return tends && going && p.kind != to, func() { p.kind = to }, err
	case "tick":
		v := map[string]string{reporting.FieldApprovalItem: "eia", reporting.FieldApprovalDone: day.String()}
		approve(func(q reporting.Project, ticks []reporting.Tick) (reporting.Change, error) {
			return reporting.TickApproval(who, q, ticks, 0, v, m.lists, day, ms)
		})
		return tends && going && p.kind != "" && !p.ticked, func() { p.ticked = true }, err
	}
	approve(func(q reporting.Project, ticks []reporting.Tick) (reporting.Change, error) {
		return reporting.UntickApproval(who, q, ticks, 0, "eia", "文号有误", m.lists, ms)
	})
	return tends && going && p.ticked, func() { p.ticked = false }, err
}

// follow ends what is open at a project that has ended.
func (p *plainProject) follow() {
	if p.over() {
		p.open = 0
	}
}

// compareBeside checks what stands beside a project.
func (m *machine) compareBeside(p *plainProject, q reporting.Project) {
	p.follow()
	open := m.texts(`SELECT CAST(COUNT(*) AS TEXT) FROM problems WHERE project_id = $1 AND closed_at = 0`, p.id)
	if open[0] != strconv.Itoa(p.open) {
		m.Fatalf("%s has %s open problems, want %d", p.id, open[0], p.open)
	}
	ticks := m.texts(`SELECT item FROM approvals WHERE project_id = $1`, p.id)
	if q.ApprovalKind != p.kind || (len(ticks) == 1) != p.ticked {
		m.Fatalf("%s is approved by %q with %v, want %q and %v", p.id, q.ApprovalKind, ticks, p.kind, p.ticked)
	}
	for _, since := range m.texts(`SELECT DISTINCT waiting_since FROM listings WHERE project_id = $1`, p.id) {
		if since != q.WaitingSince().String() {
			m.Fatalf("%s is listed as waiting since %q, want %q", p.id, since, q.WaitingSince())
		}
	}
}
