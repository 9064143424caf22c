package storage

import (
	"cmp"
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// Paths returns what a body, or reporting.City, is credited with in a year by
// sub-path, in their order: at the end of a day, or for the zero day now, and of
// a frozen year as it was frozen. Totals are those of the day, in 万元.
func (db *DB) Paths(ctx context.Context, body string, year int, on reporting.Date) ([]reporting.PathTally, error) {
	out := []reporting.PathTally{}
	err := db.read(ctx, "read paths", func(tx *sqlx.Tx) (err error) {
		if !on.IsZero() {
			projects, err := db.onDay(ctx, tx, year, on)
			out = byPath(projects, body)
			return err
		}
		lines := `credits c WHERE c.revoked_on = ''`
		if _, frozen, err := db.frozenRules(ctx, tx, year); err != nil {
			return err
		} else if frozen {
			lines = `frozen_lines c WHERE TRUE`
		}
		out, err = all(ctx, tx, func(t *reporting.PathTally) []any { return []any{&t.Path, &t.Credited, &t.Invest} },
			`SELECT subpath, COUNT(*), CAST(COALESCE(SUM(invest_total), 0) AS BIGINT) FROM projects WHERE id IN (SELECT c.project_id FROM `+lines+`
				AND c.year = $1 AND c.body_id = $2) GROUP BY subpath ORDER BY subpath`, year, body)
		return err
	})
	return out, err
}

// byPath adds up what counted for a body.
func byPath(projects []counted, body string) []reporting.PathTally {
	of := map[reporting.Path]reporting.PathTally{}
	for _, p := range projects {
		if slices.ContainsFunc(p.credits, func(c reporting.Credit) bool { return c.BodyID == body }) {
			t := of[p.Path]
			of[p.Path] = reporting.PathTally{Path: p.Path, Credited: t.Credited + 1, Invest: t.Invest + p.InvestTotal}
		}
	}
	var out []reporting.PathTally
	for _, t := range of {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b reporting.PathTally) int { return cmp.Compare(a.Path, b.Path) })
	return out
}

// StageMoves returns what came to a stage beyond the first from one day to another,
// both included, of the projects that counted on the last, by body and stage.
func (db *DB) StageMoves(ctx context.Context, year int, d reporting.Days) ([]reporting.StageMove, error) {
	n := map[reporting.StageMove]int{}
	err := db.read(ctx, "read stages reached", func(tx *sqlx.Tx) error {
		projects, err := db.onDay(ctx, tx, year, d.To)
		for _, p := range projects {
			if p.Stage == reporting.S1 || p.StageSince.Before(d.From) || d.To.Before(p.StageSince) {
				continue
			}
			for _, c := range p.credits {
				n[reporting.StageMove{BodyID: c.BodyID, Stage: p.Stage}]++
			}
		}
		return err
	})
	var out []reporting.StageMove
	for m, count := range n {
		m.N = count
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b reporting.StageMove) int {
		return cmp.Or(cmp.Compare(a.BodyID, b.BodyID), cmp.Compare(a.Stage, b.Stage))
	})
	return out, err
}
