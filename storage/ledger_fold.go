package storage

import (
	"cmp"
	"context"
	"maps"
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

// CameIn returns what came in from one day to another of a year, both included, of
// the projects that counted at the end of the last, by body, City first. A project
// is told by the stage in which it stood then.
func (db *DB) CameIn(ctx context.Context, year int, d reporting.Days) ([]reporting.CameIn, error) {
	of := map[string]reporting.CameIn{}
	err := db.read(ctx, "read what came in", func(tx *sqlx.Tx) error {
		projects, err := db.onDay(ctx, tx, year, d.To)
		for _, p := range projects {
			stage := slices.Index(reporting.Stages, p.Stage)
			for _, c := range p.credits {
				in := of[c.BodyID]
				if in.BodyID = c.BodyID; !c.From.Before(d.From) {
					in.Credited, in.Invest = in.Credited+1, in.Invest+p.InvestTotal
				}
				if stage > 0 && !p.StageSince.Before(d.From) {
					in.Reached[stage]++
				}
				of[c.BodyID] = in
			}
		}
		return err
	})
	out := []reporting.CameIn{}
	for _, body := range slices.Sorted(maps.Keys(of)) {
		if in := of[body]; in != (reporting.CameIn{BodyID: body}) {
			out = append(out, in)
		}
	}
	return out, err
}
