package reporting

import (
	"errors"
	"testing"
)

// TestProblemRefusals produces what is refused about problems.
func TestProblemRefusals(t *testing.T) {
	p := submitted(t)
	p.Status = Verified
	owner := Person{UserID: "U1", Role: Official, BodyID: "kuancheng"}
	q := Problem{ProjectID: p.ID, No: 1, BodyID: p.ReporterBody, Text: "用地未批", Owner: "U1", DueOn: day.AddDays(20), Version: 3}
	values := func(owner, due string) map[string]string {
		return map[string]string{FieldProblemText: "用地未批", FieldProblemOwner: owner, FieldProblemDue: due}
	}
	edit := func(seen int, v map[string]string) error {
		_, err := EditProblem(official, p, q, seen, v, owner, day, 1)
		return err
	}
	for key, err := range map[string]error{
		"err.problem.same":    edit(3, values("U1", q.DueOn.String())),
		"err.problem.changed": edit(2, values("U1", day.AddDays(30).String())),
		"err.problem.owner":   edit(3, values("U9", day.AddDays(30).String())),
		"err.problem.past":    edit(3, values("U1", day.AddDays(-1).String())),
	} {
		var at FieldErrors
		var e *Error
		if errors.As(err, &at) && len(at) == 1 {
			e = at[0]
		} else {
			errors.As(err, &e)
		}
		if e == nil || e.Key != key {
			t.Errorf("got %v, want %s", err, key)
		}
	}
}
