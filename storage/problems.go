package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

const problemColumns = `project_id, no, body_id, what, owner_user, due_on, opened_by, opened_at, closed_by, closed_at, result, reopened, version`

func problemFields(q *reporting.Problem) []any {
	return []any{
		&q.ProjectID, &q.No, &q.BodyID, &q.Text, &q.Owner, (*day)(&q.DueOn), &q.OpenedBy, &q.OpenedAt,
		&q.ClosedBy, &q.ClosedAt, &q.Result, &q.Reopened, &q.Version,
	}
}

func listedFields(q *reporting.ListedProblem) []any {
	return append(problemFields(&q.Problem), &q.ProjectName, &q.Invest)
}

// ChangeProblem reads a project and its problem no, 0 for a new one under the
// next number, lets decide make the change and writes it as ChangeProject does.
// A repeated once gives both as they are and ErrRepeated. Errors: as
// ChangeProject; NotFound for the problem.
func (db *DB) ChangeProblem(ctx context.Context, once, projectID string, no int, decide func(p reporting.Project, q reporting.Problem) (reporting.Change, error)) (reporting.Project, reporting.Problem, error) {
	p, err := first(db.change(ctx, once, func(tx *sqlx.Tx) (old []reporting.Project, c []reporting.Change, err error) {
		p, err := one(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects WHERE id = $1`+db.dialect.forUpdate, projectID)
		if err != nil {
			return nil, nil, unknownProject(projectID, err)
		}
		q := reporting.Problem{ProjectID: projectID, No: no}
		if no == 0 {
			q.No, err = one(ctx, tx, single[int], `SELECT COALESCE(MAX(no), 0) + 1 FROM problems WHERE project_id = $1`, projectID)
		} else {
			q, err = readProblem(ctx, tx, projectID, no)
		}
		if err != nil {
			return nil, nil, err
		}
		no = q.No
		if err := db.remember(ctx, tx, once, q.ID()); err != nil {
			return nil, nil, err
		}
		change, err := decide(p, q)
		if err != nil {
			return nil, nil, verdict{err}
		}
		return []reporting.Project{p}, []reporting.Change{change}, nil
	}))
	repeated := errors.Is(err, reporting.ErrRepeated)
	if err != nil && !repeated {
		return reporting.Project{}, reporting.Problem{}, err
	}
	if repeated {
		subject, err := one(ctx, db.pool, single[string], `SELECT subject FROM deliveries WHERE key = $1`, once)
		if err != nil {
			return p, reporting.Problem{}, fault("read delivery", err)
		}
		_, number, _ := strings.Cut(subject, "#")
		no, _ = strconv.Atoi(number)
	}
	q, read := readProblem(ctx, db.pool, projectID, no)
	if read != nil {
		return p, q, fault("read problem", read)
	}
	return p, q, err
}

func readProblem(ctx context.Context, q querier, project string, no int) (reporting.Problem, error) {
	p, err := one(ctx, q, problemFields, `SELECT `+problemColumns+` FROM problems WHERE project_id = $1 AND no = $2`, project, no)
	if errors.Is(err, sql.ErrNoRows) {
		err = reporting.Fail(reporting.NotFound, "err.problem.unknown", "id", project, "no", no)
	}
	return p, err
}

// Problem returns a problem by its project and number. Errors: NotFound.
func (db *DB) Problem(ctx context.Context, project string, no int) (reporting.Problem, error) {
	q, err := readProblem(ctx, hot{db}, project, no)
	return q, fault("read problem", err)
}

// ProblemsOf returns the problems of a project: the open ones, the first due
// first, then the closed ones, the last closed first.
func (db *DB) ProblemsOf(ctx context.Context, project string) ([]reporting.Problem, error) {
	out, err := all(ctx, hot{db}, problemFields, `SELECT `+problemColumns+` FROM problems WHERE project_id = $1
		ORDER BY CASE WHEN closed_at = 0 THEN 0 ELSE 1 END, CASE WHEN closed_at = 0 THEN due_on ELSE '' END, closed_at DESC, no`, project)
	return out, fault("read problems", err)
}

// ListProblems returns a page of the open problems that f selects, the first
// due first, with how many there are and how many are overdue.
func (db *DB) ListProblems(ctx context.Context, f reporting.ProblemFilter) (reporting.ProblemPage, error) {
	var page reporting.ProblemPage
	err := db.read(ctx, "list problems", func(tx *sqlx.Tx) (err error) {
		page, err = listProblems(ctx, tx, f)
		return err
	})
	return page, err
}

func listProblems(ctx context.Context, tx *sqlx.Tx, f reporting.ProblemFilter) (reporting.ProblemPage, error) {
	var page reporting.ProblemPage
	where, args := openProblems(f)
	count, bound, err := within(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_on < ? THEN 1 ELSE 0 END), 0) FROM problems WHERE `+where,
		append([]any{f.Day.String()}, args...)...)
	if err != nil {
		return page, err
	}
	if err := tx.QueryRowContext(ctx, count, bound...).Scan(&page.Total, &page.Overdue); err != nil {
		return page, fmt.Errorf("count problems: %w", err)
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 10
	}
	first := ""
	if f.LargestFirst {
		first = "projects.invest_total DESC, "
	}
	query, bound, err := within(`SELECT `+qualified("problems", problemColumns)+`, projects.name, projects.invest_total FROM problems JOIN projects ON projects.id = problems.project_id
		WHERE `+where+` ORDER BY `+first+`problems.due_on, problems.project_id, problems.no LIMIT ? OFFSET ?`, append(args, limit, max(0, f.Offset))...)
	if err != nil {
		return page, err
	}
	page.Problems, err = all(ctx, tx, listedFields, query, bound...)
	return page, err
}

// dueSoon selects the problems of a body that its next nudge names.
func (db *DB) dueSoon(body string) reporting.ProblemFilter {
	today := db.dayOf(db.now())
	return reporting.ProblemFilter{Body: body, Day: today, DueBy: today.AddDays(reporting.DueSoon)}
}

// qualified puts a table's name before each of its columns.
func qualified(table, columns string) string {
	return table + "." + strings.ReplaceAll(columns, ", ", ", "+table+".")
}

// openProblems returns the condition on problems, with ? for its arguments.
func openProblems(f reporting.ProblemFilter) (string, []any) {
	where, args := "problems.closed_at = 0", []any{}
	switch {
	case f.Body != "" && f.Owner != "":
		where += " AND (problems.body_id = ? OR problems.owner_user = ?)"
		args = append(args, f.Body, f.Owner)
	case f.Body != "":
		where += " AND problems.body_id = ?"
		args = append(args, f.Body)
	case f.Owner != "":
		where += " AND problems.owner_user = ?"
		args = append(args, f.Owner)
	}
	if !f.DueBy.IsZero() {
		where += " AND problems.due_on <= ?"
		args = append(args, f.DueBy.String())
	}
	return where, args
}

// writeProblems writes the problems of a change, their versions raised.
func writeProblems(ctx context.Context, tx *sqlx.Tx, problems ...reporting.Problem) error {
	var rows [][]any
	for _, q := range problems {
		q.Version++
		rows = append(rows, problemFields(&q))
	}
	set := strings.Replace(overwrite(problemColumns), "no = excluded.no, ", "", 1)
	return insert(ctx, tx, "problems", problemColumns, "ON CONFLICT (project_id, no) DO UPDATE SET "+set, rows)
}

// endProblems closes what is open at a project that has ended with this change.
func endProblems(ctx context.Context, tx *sqlx.Tx, old *reporting.Project, p reporting.Project, c *reporting.Change) error {
	if !gone(p.Status) || old == nil || gone(old.Status) {
		return nil
	}
	open, err := all(ctx, tx, problemFields, `SELECT `+problemColumns+` FROM problems WHERE project_id = $1 AND closed_at = 0 ORDER BY no`, p.ID)
	if err != nil {
		return fmt.Errorf("read open problems: %w", err)
	}
	changed, events, told := reporting.EndProblems(p, open, reporting.Actor{UserID: c.Event.Actor}, c.Event.At)
	c.Problems, c.Also = append(c.Problems, changed...), append(c.Also, events...)
	c.Messages = append(c.Messages, told...)
	return nil
}

// gone reports whether nobody works on a project of that status again.
func gone(s reporting.Status) bool { return s == reporting.Withdrawn || s == reporting.Merged }

// problemsFollow brings open problems to what an import made of their projects:
// they belong to the body that reports now, and end with a project that ended.
func (db *DB) problemsFollow(ctx context.Context, tx *sqlx.Tx, actor string) error {
	_, err := tx.ExecContext(ctx, `UPDATE problems SET body_id = (SELECT reporter_body FROM projects WHERE id = problems.project_id)
		WHERE closed_at = 0 AND body_id <> (SELECT reporter_body FROM projects WHERE id = problems.project_id)`)
	if err != nil {
		return fmt.Errorf("move problems: %w", err)
	}
	ended, err := all(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects WHERE status IN ('withdrawn', 'merged')
		AND id IN (SELECT project_id FROM problems WHERE closed_at = 0) ORDER BY id`)
	if err != nil {
		return fmt.Errorf("read ended projects: %w", err)
	}
	for _, p := range ended {
		before := p
		before.Status = reporting.Verified
		c := reporting.Change{Event: reporting.Event{Actor: actor, At: db.now()}}
		if err := endProblems(ctx, tx, &before, p, &c); err != nil {
			return err
		}
		if err := writeProblems(ctx, tx, c.Problems...); err != nil {
			return err
		}
		if err := record(ctx, tx, c.Also...); err != nil {
			return err
		}
	}
	return nil
}

// handProblems gives the open problems that a leaver sees to, of whatever body,
// to who gets them, and returns how many there are.
func handProblems(ctx context.Context, tx *sqlx.Tx, h reporting.Handover, e reporting.Event) (int, error) {
	problems, err := all(ctx, tx, problemFields, `SELECT `+problemColumns+` FROM problems WHERE owner_user = $1 AND closed_at = 0 ORDER BY project_id, no`, h.From)
	if err != nil || h.Problems == "" {
		return len(problems), err
	}
	var events []reporting.Event
	for i := range problems {
		before := problems[i]
		problems[i].Owner = h.Problems
		events = append(events, handed(e, "problem", before.ID(), before, problems[i]))
	}
	if err := writeProblems(ctx, tx, problems...); err != nil {
		return 0, err
	}
	return len(problems), record(ctx, tx, events...)
}
