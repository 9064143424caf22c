package storage

import (
	"context"

	"github.com/mouhua/mouhua/reporting"
)

// Deliveries returns the messages of the outbox with these keys, and what became
// of each, by key.
func (db *DB) Deliveries(ctx context.Context, keys []string) (map[string]reporting.Delivery, error) {
	out := make(map[string]reporting.Delivery, len(keys))
	err := inChunks(keys, func(part []string) error {
		query, args, err := within(`SELECT `+messageColumns+`, `+outcomeColumns+` FROM outbox WHERE key IN (?)`, part)
		if err != nil {
			return err
		}
		found, err := all(ctx, db.pool, deliveryFields, query, args...)
		for _, d := range found {
			out[d.Key] = d
		}
		return err
	})
	return out, fault("read deliveries", err)
}

// progressLacks are the projects that a body reports, that go on, and of which
// nothing was written since a time.
const progressLacks = `status IN ('verified', 'carried') AND stage <> 'S4' AND updated_at < $1`

// graceLeft are the projects and drafts of a year that may still count for it:
// what waits for the office, and until its last day what could still be
// submitted.
const graceLeft = `SELECT reporter_body AS body, COUNT(*) AS n FROM projects
		WHERE verified_on = '' AND plan_year = $1 AND (status = 'submitted' OR status = 'returned' AND $3 = 1) AND ($2 = '' OR reporter_body = $2) GROUP BY reporter_body
	UNION ALL SELECT body_id, COUNT(*) FROM drafts WHERE $3 = 1 AND project_id = '' AND ($2 = '' OR body_id = $2) GROUP BY body_id`

// DeadlineCounts returns by body how much is owed for a deadline that is counted
// in projects, on a day; bodies that owe nothing are left out. since is when the
// month began (UTC ms), for its progress. body "" asks for all at once.
func (db *DB) DeadlineCounts(ctx context.Context, d reporting.Deadline, body string, on reporting.Date, since int64) (map[string]int, error) {
	var query string
	var args []any
	switch d.Kind {
	case reporting.ByProgress:
		query, args = `SELECT reporter_body, COUNT(*) FROM projects WHERE `+progressLacks+` GROUP BY reporter_body`, []any{since}
		if body != "" { // so that the index leads to the body
			query, args = `SELECT reporter_body, COUNT(*) FROM projects WHERE `+progressLacks+` AND reporter_body = $2 GROUP BY reporter_body`, append(args, body)
		}
	case reporting.ByReconfirm:
		query, args = `SELECT reporter_body, COUNT(*) FROM projects WHERE `+unconfirmed+` AND ($2 = '' OR reporter_body = $2) GROUP BY reporter_body`, []any{d.Year, body}
	case reporting.ByGrace:
		open := 0
		if on.Year == d.Year {
			open = 1
		}
		query, args = `SELECT body, CAST(SUM(n) AS BIGINT) FROM (`+graceLeft+`) AS g GROUP BY body`, []any{d.Year, body, open}
	default:
		return map[string]int{}, nil
	}
	rows, err := all(ctx, hot{db}, (*waits).fields, query, args...)
	out := make(map[string]int, len(rows))
	for _, w := range rows {
		out[w.body] = w.n
	}
	return out, fault("count what a deadline asks for", err)
}

// WeekNews returns when something of a week was last written.
func (db *DB) WeekNews(ctx context.Context, w reporting.Week) (reporting.WeekNews, error) {
	n, err := one(ctx, hot{db}, func(n *reporting.WeekNews) []any { return []any{&n.Posted, &n.Said} },
		`SELECT COALESCE(MAX(posted_at), 0), COALESCE(MAX(CASE WHEN met_at > nothing_at THEN met_at ELSE nothing_at END), 0) FROM nudge_weeks WHERE week = $1`, w.String())
	if err != nil {
		return n, fault("read news of a week", err)
	}
	seen, err := one(ctx, hot{db}, single[int64], `SELECT COALESCE(MAX(at), 0) FROM nudge_seen WHERE week = $1`, w.String())
	n.Said = max(n.Said, seen)
	return n, fault("read news of a week", err)
}

// CityChange returns what came in the city from one day to another, both
// included: projects that were filed, and by how many the credited of the
// year grew.
func (db *DB) CityChange(ctx context.Context, year int, from, to reporting.Date) (reporting.CityChange, error) {
	c, err := one(ctx, hot{db}, func(c *reporting.CityChange) []any { return []any{&c.Filed, &c.Credited} }, `SELECT
			(SELECT COUNT(*) FROM listings WHERE body_id = $1 AND submitted_on >= $3 AND submitted_on <= $4),
			(SELECT CAST(COALESCE(SUM(credited), 0) AS BIGINT) FROM tally_days WHERE body_id = $1 AND year = $2 AND day >= $3 AND day <= $4)`,
		reporting.City, year, from.String(), to.String())
	return c, fault("read what came", err)
}
