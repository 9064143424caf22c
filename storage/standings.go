package storage

import (
	"context"

	"github.com/mouhua/mouhua/reporting"
)

// recentDays is how far back Tally.Recent counts, the day itself included.
const recentDays = 56

// figures are the columns of a standing; a body without quota or tally gives
// zeros, and a version of 0 means no quota.
const figures = `COALESCE(q.version, 0), COALESCE(q.owed, 0), COALESCE(q.effective_from, ''), COALESCE(q.reason, ''),
	COALESCE(q.decided_by, ''), COALESCE(q.doc_no, ''),
	COALESCE(t.credited, 0), COALESCE(t.pending, 0), COALESCE(t.invest_wan, 0),
	COALESCE(t.s1, 0), COALESCE(t.s2, 0), COALESCE(t.s3, 0), COALESCE(t.s4, 0),
	COALESCE(t.promoted_wan, 0), COALESCE(t.large, 0), COALESCE(t.complete, 0),
	(SELECT CAST(COALESCE(SUM(d.credited), 0) AS BIGINT) FROM tally_days d
		WHERE d.body_id = b.id AND d.year = $2 AND d.day > $4 AND d.day <= $3),
	EXISTS (SELECT 1 FROM indicators i WHERE i.body_id = b.id AND i.year = $2)`

func standingFields(s *reporting.Standing) []any {
	q, t := &s.Quota, &s.Tally
	return []any{
		&s.BodyID, &q.Version, &q.Count, (*day)(&q.EffectiveFrom), &q.Reason, &q.DecidedBy, &q.DocNo,
		&t.Credited, &t.Pending, &t.Invest, &t.ByStage[0], &t.ByStage[1], &t.ByStage[2], &t.ByStage[3],
		&t.Promoted, &t.Large, &t.Complete, &t.Recent, &s.HasTargets,
	}
}

const standingQuery = `SELECT b.id, ` + figures + `
	FROM (SELECT CAST($1 AS TEXT) AS id) AS b
	LEFT JOIN (SELECT * FROM quotas WHERE body_id = $1 AND year = $2 AND effective_from <= $3
		ORDER BY effective_from DESC, version DESC LIMIT 1) AS q ON TRUE
	LEFT JOIN tallies t ON t.body_id = $1 AND t.year = $2`

// Standing returns a body's standing on a day, in one query. HasQuota is
// false when no version was in force on that day. reporting.City gives the
// city's tally, without a quota. Invest is in 万元.
func (db *DB) Standing(ctx context.Context, bodyID string, year int, on reporting.Date) (reporting.Standing, error) {
	s, err := one(ctx, hot{db}, standingFields, standingQuery, bodyID, year, on.String(), on.AddDays(-recentDays).String())
	if err != nil {
		return reporting.Standing{}, fault("read standing", err)
	}
	return dated(s, year, on), nil
}

const standingsQuery = `SELECT b.id, ` + figures + `
	FROM (SELECT body_id AS id FROM quotas WHERE year = $2 UNION SELECT body_id FROM tallies WHERE year = $2 AND body_id <> $1) AS b
	LEFT JOIN quotas q ON q.body_id = b.id AND q.year = $2 AND q.version = (
		SELECT v.version FROM quotas v WHERE v.body_id = b.id AND v.year = $2 AND v.effective_from <= $3
		ORDER BY v.effective_from DESC, v.version DESC LIMIT 1)
	LEFT JOIN tallies t ON t.body_id = b.id AND t.year = $2
	ORDER BY b.id`

// Standings returns the standings of all bodies that have a quota in the year
// or a tally, the city excluded, by body id.
func (db *DB) Standings(ctx context.Context, year int, on reporting.Date) ([]reporting.Standing, error) {
	out, err := all(ctx, hot{db}, standingFields, standingsQuery, reporting.City, year, on.String(), on.AddDays(-recentDays).String())
	for i := range out {
		out[i] = dated(out[i], year, on)
	}
	return out, fault("read standings", err)
}

// dated fills in what the query was asked for.
func dated(s reporting.Standing, year int, on reporting.Date) reporting.Standing {
	s.Year, s.AsOf, s.HasQuota = year, on, s.Quota.Version > 0
	s.Tally.BodyID, s.Tally.Year, s.Tally.AsOf = s.BodyID, year, on
	if s.HasQuota {
		s.Quota.BodyID, s.Quota.Year = s.BodyID, year
	}
	return s
}
