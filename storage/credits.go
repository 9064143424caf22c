package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// writeCredits brings the ledger to what p earns by an event and adds to moved
// exactly the difference, by which the caller moves the tallies. old is nil for a
// new project. It returns what the bodies are told that lose a credit.
func (db *DB) writeCredits(ctx context.Context, tx *sqlx.Tx, moved moves, old *reporting.Project, p reporting.Project, e reporting.Event) ([]reporting.Message, error) {
	var live []reporting.Credit
	if old != nil {
		var err error
		live, err = all(ctx, tx, creditFields, `SELECT `+creditColumns+` FROM credits WHERE project_id = $1 AND revoked_on = ''`, p.ID)
		if err != nil {
			return nil, fmt.Errorf("read credits: %w", err)
		}
		was, err := db.rulesOf(ctx, tx, old.PlanYear)
		if err != nil {
			return nil, err
		}
		moved.count(*old, live, was, -1)
	}
	rules, err := db.rulesOf(ctx, tx, p.PlanYear)
	if err != nil {
		return nil, err
	}
	earned := reporting.CreditsFor(p, rules)
	moved.count(p, earned, rules, +1)
	revoked, added := compare(live, earned)
	for _, c := range revoked {
		if err := revoke(ctx, tx, c, db.dayOf(e.At), e.Action); err != nil {
			return nil, err
		}
	}
	return reporting.LossTold(p, revoked, added, rules, e), addCredits(ctx, tx, added, grantedOn(old, db.dayOf(e.At)))
}

// liveCredits returns what projects are credited with, by project.
func liveCredits(ctx context.Context, tx *sqlx.Tx, projects []reporting.Project) (map[string][]reporting.Credit, error) {
	ids := make([]string, len(projects))
	for i, p := range projects {
		ids[i] = p.ID
	}
	rows, err := fetch(ctx, tx, creditFields, `SELECT `+creditColumns+` FROM credits WHERE revoked_on = '' AND project_id IN (?)`, ids)
	if err != nil {
		return nil, fmt.Errorf("read credits: %w", err)
	}
	live := map[string][]reporting.Credit{}
	for _, c := range rows {
		live[c.ProjectID] = append(live[c.ProjectID], c)
	}
	return live, nil
}

// compare returns which live credits are no longer earned and which earned
// ones are not there yet.
func compare(live, earned []reporting.Credit) (revoked, added []reporting.Credit) {
	for _, c := range live {
		if !slices.Contains(earned, c) {
			revoked = append(revoked, c)
		}
	}
	for _, c := range earned {
		if !slices.Contains(live, c) {
			added = append(added, c)
		}
	}
	return revoked, added
}

func revoke(ctx context.Context, tx *sqlx.Tx, c reporting.Credit, on reporting.Date, why string) error {
	_, err := tx.ExecContext(ctx,
		`UPDATE credits SET revoked_on = $1, why = $2 WHERE project_id = $3 AND year = $4 AND role = $5 AND revoked_on = ''`,
		on.String(), why, c.ProjectID, c.Year, c.Role)
	if err != nil {
		return fmt.Errorf("revoke credit: %w", err)
	}
	return nil
}

// grantedOn returns the day on which a line counts that a change of old adds on a
// day: none of its own when the project is verified just now, for that is the
// line's day.
func grantedOn(old *reporting.Project, on reporting.Date) reporting.Date {
	if old == nil || old.VerifiedOn.IsZero() {
		return reporting.Date{}
	}
	return on
}

// addCredits writes lines that count since granted, those of the zero day since
// their own.
func addCredits(ctx context.Context, tx *sqlx.Tx, credits []reporting.Credit, granted reporting.Date) error {
	var rows [][]any
	for _, c := range credits {
		rows = append(rows, append(creditFields(&c), granted.String()))
	}
	return insert(ctx, tx, "credits", creditColumns+", granted_on", "", rows)
}

// place is whose tally of which year.
type place struct {
	body string
	year int
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.body, q.body), cmp.Compare(p.year, q.year))
}

// move is by how much a tally moves.
type move struct {
	credited, pending int
	invest            reporting.Wan
	stages            [4]int
	promoted          reporting.Wan
	large, complete   int
	days              map[reporting.Date]int
}

// moves is by how much tallies move.
type moves map[place]*move

func (m moves) at(body string, year int) *move {
	p := place{body, year}
	if m[p] == nil {
		m[p] = &move{days: map[reporting.Date]int{}}
	}
	return m[p]
}

// count adds (sign 1) or takes away (sign -1) what a project and its credits
// contribute.
func (m moves) count(p reporting.Project, credits []reporting.Credit, rules reporting.Rules, sign int) {
	for _, c := range credits {
		t := m.at(c.BodyID, c.Year)
		t.credited += sign
		t.invest += reporting.Wan(sign) * p.InvestTotal
		t.days[c.From] += sign
		if i := slices.Index(reporting.Stages, p.Stage); i >= 0 {
			t.stages[i] += sign
		}
		if p.Promoted() {
			t.promoted += reporting.Wan(sign) * p.InvestTotal
		}
		if p.Large() {
			t.large += sign
		}
		if p.Complete() {
			t.complete += sign
		}
	}
	for _, body := range reporting.PendingFor(p, rules) {
		m.at(body, p.PlanYear).pending += sign
	}
}

const (
	tallyColumns = `year, body_id, credited, pending, invest_wan, s1, s2, s3, s4, promoted_wan, large, complete`
	dayColumns   = `year, body_id, day, credited`
)

// rows returns the rows of both tables, ordered by body so that two
// transactions lock them in the same order. Rows of zeros are left out.
func (m moves) rows() (tallies, days [][]any) {
	places := make([]place, 0, len(m))
	for p := range m {
		places = append(places, p)
	}
	slices.SortFunc(places, place.compare)
	for _, p := range places {
		t := m[p]
		if t.credited != 0 || t.pending != 0 || t.invest != 0 || t.stages != [4]int{} || t.promoted != 0 || t.large != 0 || t.complete != 0 {
			tallies = append(tallies, []any{
				p.year, p.body, t.credited, t.pending, t.invest, t.stages[0], t.stages[1], t.stages[2], t.stages[3], t.promoted, t.large, t.complete,
			})
		}
		dates := make([]string, 0, len(t.days))
		byDate := map[string]int{}
		for d, n := range t.days {
			if n != 0 {
				dates = append(dates, d.String())
				byDate[d.String()] = n
			}
		}
		slices.Sort(dates)
		for _, d := range dates {
			days = append(days, []any{p.year, p.body, d, byDate[d]})
		}
	}
	return tallies, days
}

func (m moves) write(ctx context.Context, tx *sqlx.Tx) error {
	tallies, days := m.rows()
	err := insert(ctx, tx, "tallies", tallyColumns, `ON CONFLICT (body_id, year) DO UPDATE SET
		credited = tallies.credited + excluded.credited, pending = tallies.pending + excluded.pending,
		invest_wan = tallies.invest_wan + excluded.invest_wan, s1 = tallies.s1 + excluded.s1, s2 = tallies.s2 + excluded.s2,
		s3 = tallies.s3 + excluded.s3, s4 = tallies.s4 + excluded.s4, promoted_wan = tallies.promoted_wan + excluded.promoted_wan,
		large = tallies.large + excluded.large, complete = tallies.complete + excluded.complete`, tallies)
	if err != nil {
		return err
	}
	return insert(ctx, tx, "tally_days", dayColumns,
		`ON CONFLICT (body_id, year, day) DO UPDATE SET credited = tally_days.credited + excluded.credited`, days)
}
