package commands

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// trouble is what a shelf holds of problems.
type trouble struct{ problems []reporting.Problem }

// keepProblems writes the problems of a change.
func (s *shelf) keepProblems(ch reporting.Change) {
	for _, q := range ch.Problems {
		q.Version++
		i := slices.IndexFunc(s.problems, func(x reporting.Problem) bool { return x.ID() == q.ID() })
		if i < 0 {
			s.problems = append(s.problems, q)
		} else {
			s.problems[i] = q
		}
	}
	s.events = append(s.events, ch.Also...)
}

func (s *shelf) Problem(_ context.Context, project string, no int) (reporting.Problem, error) {
	defer s.lock()()
	return s.problem(project, no)
}

func (s *shelf) problem(project string, no int) (reporting.Problem, error) {
	for _, q := range s.problems {
		if q.ProjectID == project && q.No == no {
			return q, s.away
		}
	}
	return reporting.Problem{}, reporting.Fail(reporting.NotFound, "err.problem.unknown", "id", project, "no", no)
}

func (s *shelf) ProblemsOf(_ context.Context, project string) ([]reporting.Problem, error) {
	defer s.lock()()
	var out []reporting.Problem
	for _, q := range s.problems {
		if q.ProjectID == project {
			out = append(out, q)
		}
	}
	slices.SortStableFunc(out, func(x, y reporting.Problem) int {
		if x.Open() != y.Open() {
			return map[bool]int{true: -1, false: 1}[x.Open()]
		}
		if x.Open() {
			return cmp.Or(strings.Compare(x.DueOn.String(), y.DueOn.String()), x.No-y.No)
		}
		return cmp.Compare(y.ClosedAt, x.ClosedAt)
	})
	return out, s.away
}

func (s *shelf) ListProblems(_ context.Context, f reporting.ProblemFilter) (reporting.ProblemPage, error) {
	defer s.lock()()
	return s.listProblems(f), s.away
}

func (s *shelf) listProblems(f reporting.ProblemFilter) reporting.ProblemPage {
	var page reporting.ProblemPage
	for _, q := range s.problems {
		of := f.Body == "" && f.Owner == "" || f.Body != "" && q.BodyID == f.Body || f.Owner != "" && q.Owner == f.Owner
		if !q.Open() || !of || !f.DueBy.IsZero() && f.DueBy.Before(q.DueOn) {
			continue
		}
		page.Total++
		if q.Overdue(f.Day) {
			page.Overdue++
		}
		page.Problems = append(page.Problems, reporting.ListedProblem{Problem: q, ProjectName: s.projects[q.ProjectID].Name, Invest: s.projects[q.ProjectID].InvestTotal})
	}
	slices.SortStableFunc(page.Problems, func(x, y reporting.ListedProblem) int { return strings.Compare(x.DueOn.String(), y.DueOn.String()) })
	page.Problems = page.Problems[min(f.Offset, page.Total):min(f.Offset+cmp.Or(f.Limit, 10), page.Total)]
	return page
}

func (s *shelf) ChangeProblem(_ context.Context, once, project string, no int, decide func(reporting.Project, reporting.Problem) (reporting.Change, error)) (reporting.Project, reporting.Problem, error) {
	defer s.lock()()
	p, ok := s.projects[project]
	if !ok {
		return p, reporting.Problem{}, reporting.Fail(reporting.NotFound, "err.project.unknown", "id", project)
	}
	if subject, ok := s.seen[once]; ok {
		_, number, _ := strings.Cut(subject, "#")
		_, _ = fmt.Sscan(number, &no)
		q, _ := s.problem(project, no)
		return p, q, reporting.ErrRepeated
	}
	q := reporting.Problem{ProjectID: project}
	for _, x := range s.problems {
		if x.ProjectID == project {
			q.No = max(q.No, x.No)
		}
	}
	q.No++
	if no != 0 {
		var err error
		if q, err = s.problem(project, no); err != nil {
			return p, q, err
		}
	}
	ch, err := decide(p, q)
	if err != nil {
		return reporting.Project{}, reporting.Problem{}, err
	}
	p = s.write(once, ch)
	if once != "" {
		s.seen[once] = q.ID()
	}
	q, err = s.problem(project, q.No)
	return p, q, err
}

// handProblems gives a leaver's open problems to who gets them.
func (s *shelf) handProblems(h reporting.Handover) int {
	n := 0
	for i, q := range s.problems {
		if q.Owner != h.From || !q.Open() {
			continue
		}
		n++
		if h.Problems != "" {
			s.problems[i].Owner = h.Problems
		}
	}
	return n
}
