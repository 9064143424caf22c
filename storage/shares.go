package storage

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// shareColumns are where a dimension stands, in cells and in listings alike.
var shareColumns = map[reporting.Dimension]string{
	reporting.ByRoute: "subpath", reporting.ByPath: "subpath", reporting.ByIndustry: "industry", reporting.ByStage: "stage",
	reporting.ByStatus: "status", reporting.ByProgramme: "programme", reporting.ByBody: "scope",
}

// tellsBy reports whether b tells a dimension apart.
func (b breakdown) tellsBy(by reporting.Dimension) bool {
	switch by {
	case reporting.ByRoute, reporting.ByPath, reporting.ByProgramme:
		return b.paths
	case reporting.ByIndustry:
		return b.industries
	}
	return true
}

var errDimension = errors.New("no such dimension, or bodies of a body")

// ShareProjects tells apart what f selects, see reporting.Dimension, by value.
// ByBody is for the whole city. Like ListProjects it counts from cells as far as
// they tell apart what is asked, and from listings beyond.
func (db *DB) ShareProjects(ctx context.Context, f reporting.ProjectFilter, by reporting.Dimension) ([]reporting.Share, error) {
	column, ok := shareColumns[by]
	if !ok || by == reporting.ByBody && (f.Body != reporting.City || f.Lead != "" || f.FiledBy != "") {
		return nil, errDimension
	}
	var found []reporting.Share
	err := db.read(ctx, "share projects", func(tx *sqlx.Tx) error {
		found = nil
		add := func(column, n, invest, from string, where *condition) error {
			rows, err := selectWithin(ctx, tx, shareFields, `SELECT `+column+`, CAST(COALESCE(`+n+`, 0) AS BIGINT), CAST(COALESCE(`+invest+`, 0) AS BIGINT)
				FROM `+from+` WHERE `+where.String()+` GROUP BY 1`, where.args...)
			found = append(found, rows...)
			return err
		}
		scope, counted := scopeOf(f)
		for _, b := range breakdowns {
			if !counted || !b.tells(scope, f) || !b.tellsBy(by) {
				continue
			}
			c := b.cells(scope, f)
			if by == reporting.ByBody {
				c.parts[0] = "k.scope <> ? AND k.breakdown = ? AND k.scope NOT LIKE '%>%' AND k.scope NOT LIKE '@%'"
			}
			rest := b.whole(c, f)
			err := add("k."+column, "SUM(k.n)", "SUM(k.invest)", "list_totals k", c)
			for _, r := range rest {
				if err == nil {
					err = add(listedColumn(by), "COUNT(*)", "SUM(l.invest_total)", "listings l", ofBodies(r, by))
				}
			}
			return err
		}
		return add(listedColumn(by), "COUNT(*)", "SUM(l.invest_total)", "listings l", ofBodies(listed(f), by))
	})
	return sumShares(found, by), err
}

func shareFields(s *reporting.Share) []any { return []any{&s.Of, &s.N, &s.Invest} }

func listedColumn(by reporting.Dimension) string {
	if by == reporting.ByBody {
		return "l.body_id"
	}
	return "l." + shareColumns[by]
}

// ofBodies makes a condition on the city's listings one on those of all bodies.
func ofBodies(c *condition, by reporting.Dimension) *condition {
	if by == reporting.ByBody {
		c.parts[0] = "l.body_id <> ?"
	}
	return c
}

// sumShares adds up what has the same value, sub-paths by their route, and leaves
// out what is none.
func sumShares(found []reporting.Share, by reporting.Dimension) []reporting.Share {
	of := map[string]reporting.Share{}
	for _, s := range found {
		if by == reporting.ByRoute {
			s.Of = reporting.Path(s.Of).Route()
		}
		sum := of[s.Of]
		of[s.Of] = reporting.Share{Of: s.Of, N: sum.N + s.N, Invest: sum.Invest + s.Invest}
	}
	var out []reporting.Share
	for _, s := range of {
		if s.N > 0 {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(x, y reporting.Share) int { return cmp.Compare(x.Of, y.Of) })
	return out
}

// ProjectNames returns what projects are called that were written since (UTC
// ms), at most limit of them; since 0 gives the last that were submitted.
func (db *DB) ProjectNames(ctx context.Context, since int64, limit int) ([]reporting.ProjectName, error) {
	where, args := `body_id = ?`, []any{reporting.City}
	if since > 0 {
		// By status, as the index of updates has them.
		where, args = where+` AND status IN (?) AND updated_at >= ?`, append(args, reporting.Statuses, since)
	}
	query, args, err := within(`SELECT id, name, updated_at FROM projects WHERE id IN (
		SELECT project_id FROM listings WHERE `+where+` ORDER BY submitted_on DESC, project_id DESC LIMIT ?) ORDER BY id`, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	names, err := all(ctx, hot{db}, func(n *reporting.ProjectName) []any { return []any{&n.ID, &n.Name, &n.UpdatedAt} }, query, args...)
	return names, fault("read names", err)
}
