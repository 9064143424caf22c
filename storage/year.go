package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// Freeze keeps the figures of a year as they are, with the credits that make
// them, and tells the office when bodies owed something; target is the city's.
// It returns false, and changes nothing, when the year is frozen already or
// there is nothing of it.
func (db *DB) Freeze(ctx context.Context, year int, basis reporting.Basis, target int, at int64) (bool, error) {
	if _, frozen, err := db.FrozenYear(ctx, year); err != nil || frozen {
		return false, err
	}
	done := false
	err := db.transact(ctx, "freeze year", func(tx *sqlx.Tx) error {
		done = false
		// Nobody moves a tally meanwhile, in this or another replica; whoever
		// waits to change a project of that year sees it frozen afterwards.
		if db.dialect.lockTallies != "" {
			if _, err := tx.ExecContext(ctx, db.dialect.lockTallies); err != nil {
				return fmt.Errorf("lock tallies: %w", err)
			}
		}
		if _, err := frozenYear(ctx, tx, year); !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		f, err := db.snapshotOf(ctx, tx, year, reporting.Date{Year: year, Month: time.December, Day: 31}, target)
		if err != nil || len(f.Standings) == 0 {
			return err
		}
		f.At, f.Basis, f.Rules, done = at, basis, db.rules(), true
		return db.freeze(ctx, tx, f)
	})
	if err == nil && done && db.cfg.OnChange != nil {
		db.cfg.OnChange()
	}
	return done && err == nil, err
}

// snapshotOf reads the figures of a year with the quotas of a day; none when
// nothing was owed, credited or waiting.
func (db *DB) snapshotOf(ctx context.Context, tx *sqlx.Tx, year int, on reporting.Date, target int) (reporting.Frozen, error) {
	f := reporting.Frozen{Year: year}
	from := on.AddDays(-recentDays).String()
	bodies, err := all(ctx, tx, standingFields, standingsQuery, reporting.City, year, on.String(), from)
	if err != nil || len(bodies) == 0 {
		return f, err
	}
	city, err := one(ctx, tx, standingFields, standingQuery, reporting.City, year, on.String(), from)
	if err != nil {
		return f, err
	}
	for _, s := range append([]reporting.Standing{city}, bodies...) {
		s = dated(s, year, on)
		if s.BodyID == reporting.City {
			s.Quota, s.HasQuota = reporting.Quota{Year: year, Count: target}, true
		}
		f.Standings = append(f.Standings, s)
	}
	if f.Pools, err = db.pools(ctx, tx, year); err != nil {
		return f, err
	}
	f.Indicators, err = db.indicatorLines(ctx, tx, reporting.City, year)
	return f, err
}

func (db *DB) freeze(ctx context.Context, tx *sqlx.Tx, f reporting.Frozen) error {
	if err := insert(ctx, tx, "frozen_years", frozenColumns, "", [][]any{frozenFields(&f)}); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO frozen_lines (project_id, year, body_id, role)
		SELECT project_id, year, body_id, role FROM credits WHERE year = $1 AND revoked_on = ''`, f.Year)
	if err != nil {
		return fmt.Errorf("freeze lines: %w", err)
	}
	if err := db.correctGrace(ctx, tx, f); err != nil {
		return err
	}
	e := reporting.Event{
		At: f.At, Actor: reporting.System.UserID, Action: "year.freeze", Kind: "year", Subject: strconv.Itoa(f.Year), After: f,
	}
	if err := record(ctx, tx, e); err != nil {
		return err
	}
	// Of a year in which no body owed anything there is nothing to quote: it
	// lies before Mouhua came, with the projects that were carried over.
	if !slices.ContainsFunc(f.Standings, func(s reporting.Standing) bool { return s.HasQuota && s.BodyID != reporting.City }) {
		return nil
	}
	_, err = db.plan(ctx, tx, []reporting.Message{reporting.FreezeMessage(f.Year)})
	return err
}

// correctGrace writes as corrections what ended, or lost its credit, after the
// year's last day and before it was frozen: it counted on that day.
func (db *DB) correctGrace(ctx context.Context, tx *sqlx.Tx, f reporting.Frozen) error {
	gone, err := all(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects WHERE plan_year = $1
		AND (status IN ('withdrawn', 'merged') OR status = 'suspended' AND hold_ended_on <> '')
		AND id IN (SELECT project_id FROM frozen_lines WHERE year = $1) ORDER BY id`, f.Year)
	if err != nil {
		return fmt.Errorf("read what ended in the days of grace: %w", err)
	}
	why := map[reporting.Status]string{
		reporting.Withdrawn: "project.withdraw", reporting.Merged: "project.merge", reporting.Suspended: "year.hold",
	}
	for _, p := range gone {
		if err := db.correct(ctx, tx, []int{f.Year}, p, why[p.Status], f.At); err != nil {
			return err
		}
	}
	return nil
}

const frozenColumns = `year, frozen_at, basis, standings, pools, threshold_wan, credit, indicators`

func frozenFields(f *reporting.Frozen) []any {
	return []any{&f.Year, &f.At, &f.Basis, object{&f.Standings}, object{&f.Pools}, &f.Rules.Threshold, &f.Rules.Credit, object{&f.Indicators}}
}

func frozenYear(ctx context.Context, q querier, year int) (reporting.Frozen, error) {
	return one(ctx, q, frozenFields, `SELECT `+frozenColumns+` FROM frozen_years WHERE year = $1`, year)
}

// FrozenYear returns the snapshot of a year; ok is false when it is not frozen.
func (db *DB) FrozenYear(ctx context.Context, year int) (f reporting.Frozen, ok bool, err error) {
	f, err = frozenYear(ctx, hot{db}, year)
	if errors.Is(err, sql.ErrNoRows) {
		return f, false, nil
	}
	return f, err == nil, fault("read frozen year", err)
}

const poolQuery = `SELECT scope, stage, CAST(SUM(n) AS BIGINT), CAST(SUM(invest) AS BIGINT) FROM list_totals
	WHERE breakdown = '` + poolCells + `' AND part >= $1 AND plan_year < $1 GROUP BY scope, stage HAVING SUM(n) > 0 ORDER BY scope, stage`

// poolRow is one stage of a body's pool.
type poolRow struct {
	body   string
	stage  reporting.Stage
	n      int
	invest reporting.Wan
}

func (r *poolRow) fields() []any { return []any{&r.body, &r.stage, &r.n, &r.invest} }

func (db *DB) pools(ctx context.Context, q querier, year int) ([]reporting.Tally, error) {
	rows, err := all(ctx, q, (*poolRow).fields, poolQuery, year)
	var out []reporting.Tally
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].BodyID != r.body {
			out = append(out, reporting.Tally{BodyID: r.body, Year: year})
		}
		t := &out[len(out)-1]
		t.Credited, t.Invest = t.Credited+r.n, t.Invest+r.invest
		if i := slices.Index(reporting.Stages, r.stage); i >= 0 {
			t.ByStage[i] = r.n
		}
	}
	return out, err
}

// Pools returns what is carried into a year, by body, City first: projects of
// earlier years that count by their total and were confirmed.
func (db *DB) Pools(ctx context.Context, year int) ([]reporting.Tally, error) {
	out, err := db.pools(ctx, hot{db}, year)
	return out, fault("read pools", err)
}

const correctionColumns = `year, project_id, body_id, role, delta, why, at`

func correctionFields(c *reporting.Correction) []any {
	return []any{&c.Year, &c.ProjectID, &c.BodyID, &c.Role, &c.Delta, &c.Why, &c.At}
}

// Corrections returns the first limit corrections of a frozen year with how
// many there are: of a body, or all for City.
func (db *DB) Corrections(ctx context.Context, year int, body string, limit int) ([]reporting.Correction, int, error) {
	const of = ` FROM corrections WHERE year = $1 AND ($2 = '' OR body_id = $2)`
	total, err := one(ctx, hot{db}, single[int], `SELECT COUNT(*)`+of, year, body)
	if err != nil || total == 0 {
		return nil, 0, fault("count corrections", err)
	}
	out, err := all(ctx, hot{db}, correctionFields, `SELECT `+correctionColumns+of+` ORDER BY id LIMIT $3`, year, body, limit)
	return out, total, fault("read corrections", err)
}

// yearsOf returns the years that a project counts for, or counted for among old.
func yearsOf(old []reporting.Project, p reporting.Project) []int {
	years := []int{p.PlanYear}
	for _, q := range old {
		if q.ID == p.ID && q.PlanYear != p.PlanYear {
			years = append(years, q.PlanYear)
		}
	}
	return years
}

// holdYears makes a freeze of the years of past projects wait for us, or us for
// it, so that correct knows. Rows come in the order in which tallies are locked.
func (db *DB) holdYears(ctx context.Context, tx *sqlx.Tx, projects []reporting.Project) error {
	years := map[int]bool{}
	for _, p := range projects {
		if p.PlanYear < db.dayOf(db.now()).Year {
			years[p.PlanYear] = true
		}
	}
	for _, y := range slices.Sorted(maps.Keys(years)) {
		if !years[y] {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE tallies SET credited = credited WHERE body_id = '' AND year = $1`, y); err != nil {
			return fmt.Errorf("hold year: %w", err)
		}
	}
	return nil
}

// correct writes what the present state of p corrects in those of the years
// that are frozen.
func (db *DB) correct(ctx context.Context, tx *sqlx.Tx, years []int, p reporting.Project, why string, at int64) error {
	if at == 0 {
		at = db.now()
	}
	for _, year := range years {
		if year >= db.dayOf(db.now()).Year {
			continue
		}
		rules, frozen, err := db.frozenRules(ctx, tx, year)
		if err != nil {
			return err
		}
		if !frozen {
			continue
		}
		lines, err := all(ctx, tx, lineFields, `SELECT project_id, body_id, role FROM (
				SELECT project_id, body_id, role, 1 AS n FROM frozen_lines WHERE project_id = $1 AND year = $2
				UNION ALL SELECT project_id, body_id, role, delta FROM corrections WHERE project_id = $1 AND year = $2
			) AS lines GROUP BY project_id, body_id, role HAVING SUM(n) > 0 ORDER BY role, body_id`, p.ID, year)
		if err != nil {
			return err
		}
		var rows [][]any
		for _, c := range reporting.Correct(year, p, lines, rules, why, at) {
			rows = append(rows, correctionFields(&c))
		}
		if err := insert(ctx, tx, "corrections", correctionColumns, "", rows); err != nil {
			return err
		}
	}
	return nil
}

func lineFields(l *reporting.Line) []any { return []any{&l.ProjectID, &l.BodyID, &l.Role} }

const askColumns = `year, asked_on, due_on`

func askFields(k *reporting.Ask) []any { return []any{&k.Year, (*day)(&k.On), (*day)(&k.DueOn)} }

const unconfirmed = `status IN ('verified', 'carried') AND stage <> 'S4' AND plan_year < $1 AND confirmed_for < $1`

const unconfirmedQuery = `SELECT reporter_body, COUNT(*) FROM projects WHERE ` + unconfirmed + ` GROUP BY reporter_body ORDER BY reporter_body`

// waits is how many projects a body has to confirm.
type waits struct {
	body string
	n    int
}

func (w *waits) fields() []any { return []any{&w.body, &w.n} }

// AskYear makes the demand of a year once, with a message to every body that
// has something to confirm, and returns the one that stands.
func (db *DB) AskYear(ctx context.Context, k reporting.Ask, at int64) (reporting.Ask, error) {
	there, ok, err := db.YearAsk(ctx, k.Year)
	if err != nil || ok {
		return there, err
	}
	err = db.write(ctx, "ask to confirm", func(tx *sqlx.Tx) error {
		there = k
		res, err := tx.ExecContext(ctx, `INSERT INTO year_asks (`+askColumns+`) VALUES ($1, $2, $3) ON CONFLICT (year) DO NOTHING`, askFields(&k)...)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			there, err = one(ctx, tx, askFields, `SELECT `+askColumns+` FROM year_asks WHERE year = $1`, k.Year)
			return err
		}
		open, err := all(ctx, tx, (*waits).fields, unconfirmedQuery, k.Year)
		if err != nil || len(open) == 0 {
			return err
		}
		var messages []reporting.Message
		counts := map[string]int{}
		for _, w := range open {
			counts[w.body] = w.n
			messages = append(messages, k.Message(w.body, w.n))
		}
		err = record(ctx, tx, reporting.Event{
			At: at, Actor: reporting.System.UserID, Action: "year.ask", Kind: "year", Subject: strconv.Itoa(k.Year),
			After: map[string]any{"due_on": k.DueOn, "bodies": counts},
		})
		if err != nil {
			return err
		}
		_, err = db.plan(ctx, tx, messages)
		return err
	})
	return there, err
}

// YearAsk returns the demand of a year; ok is false when there is none yet.
func (db *DB) YearAsk(ctx context.Context, year int) (k reporting.Ask, ok bool, err error) {
	k, err = one(ctx, hot{db}, askFields, `SELECT `+askColumns+` FROM year_asks WHERE year = $1`, year)
	if errors.Is(err, sql.ErrNoRows) {
		return k, false, nil
	}
	return k, err == nil, fault("read demand", err)
}

// Unconfirmed returns a body's projects that wait to be confirmed for a year,
// the oldest number first, with how many there are.
func (db *DB) Unconfirmed(ctx context.Context, body string, year, limit int) (reporting.ProjectPage, error) {
	var page reporting.ProjectPage
	const of = ` FROM projects WHERE ` + unconfirmed + ` AND reporter_body = $2`
	total, err := one(ctx, hot{db}, single[int], `SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM list_totals
		WHERE scope = $2 AND breakdown = '`+unconfirmedCells+`' AND plan_year < $1 AND part < $1`, year, unconfirmedScope(body))
	if err != nil || total == 0 {
		return page, fault("count unconfirmed", err)
	}
	page.Total = total
	page.Projects, err = all(ctx, hot{db}, projectFields, `SELECT `+projectColumns+of+` ORDER BY plan_year, id LIMIT $3`, year, body, limit)
	return page, fault("read unconfirmed", err)
}

// stepping is a project for which a step may be due.
type stepping struct{ id, body string }

func (s *stepping) fields() []any { return []any{&s.id, &s.body} }

// stepPart is how many projects one transaction takes a step for.
const stepPart = 50

// DueSteps returns the numbers of the projects for which a step may be due on a
// day, in parts of one body each.
func (db *DB) DueSteps(ctx context.Context, k reporting.Ask, on reporting.Date) ([][]string, error) {
	rows, err := all(ctx, hot{db}, (*stepping).fields, `SELECT id, reporter_body FROM projects WHERE status = 'suspended' AND suspended_on <> ''
		AND suspended_on < $1 AND (hold_ended_on = '' OR lapsed_for <> 0)`, on.AddDays(-reporting.HoldDays).String())
	if err == nil && k.DueOn.Before(on) {
		var lapsing []stepping
		lapsing, err = db.lapsing(ctx, k.Year)
		rows = append(rows, lapsing...)
	}
	slices.SortFunc(rows, func(a, b stepping) int { return cmp.Or(cmp.Compare(a.body, b.body), cmp.Compare(a.id, b.id)) })
	var out [][]string
	body := ""
	for _, r := range rows {
		if len(out) == 0 || body != r.body || len(out[len(out)-1]) == stepPart {
			out, body = append(out, nil), r.body
		}
		out[len(out)-1] = append(out[len(out)-1], r.id)
	}
	return out, fault("read due steps", err)
}

// lapsing returns the projects that nobody confirmed for a year. Where all are,
// which is so for most of the year, no project is looked at.
func (db *DB) lapsing(ctx context.Context, year int) ([]stepping, error) {
	n, err := one(ctx, hot{db}, single[int], `SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM list_totals
		WHERE breakdown = '`+unconfirmedCells+`' AND part < $1 AND plan_year < $1`, year)
	if err != nil || n == 0 {
		return nil, err
	}
	return all(ctx, hot{db}, (*stepping).fields, `SELECT id, reporter_body FROM projects WHERE `+unconfirmed, year)
}
