package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// counted is a project as it was on a day, with the lines of the ledger that stood.
type counted struct {
	reporting.Project
	credits []reporting.Credit
}

// standsOn are the lines of a year that stood at the end of a day.
const standsOn = ` FROM credits WHERE year = $1 AND from_day <= $2 AND granted_on <= $2 AND (revoked_on = '' OR revoked_on > $2)`

// onDay returns the projects of a plan year as they were at the end of a day: those
// that counted, and those that waited. The ledger says what counted for whom; the
// audit trail, what a project was that changed since.
func (db *DB) onDay(ctx context.Context, tx *sqlx.Tx, year int, on reporting.Date) ([]counted, error) {
	end := on.AddDays(1).In(db.cfg.Now().Location()).UnixMilli()
	lines, err := all(ctx, tx, creditFields, `SELECT `+creditColumns+standsOn, year, on.String())
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	of := map[string][]reporting.Credit{}
	for _, c := range lines {
		of[c.ProjectID] = append(of[c.ProjectID], c)
	}
	projects, err := all(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects
		WHERE id IN (SELECT project_id`+standsOn+`) OR plan_year = $1 AND (status = 'submitted' OR updated_at >= $3) ORDER BY id`,
		year, on.String(), end)
	if err != nil {
		return nil, fmt.Errorf("read projects: %w", err)
	}
	then, err := thenOf(ctx, tx, projects, end)
	if err != nil {
		return nil, err
	}
	var out []counted
	for _, p := range projects {
		was, changed := then[p.ID]
		switch {
		case changed && was == nil && len(of[p.ID]) == 0:
			continue // it came later
		case changed && was != nil:
			p = *was
		}
		out = append(out, counted{p, of[p.ID]})
	}
	return out, nil
}

// changeAfter is the first event of a project after a day.
type changeAfter struct {
	id            string
	before, after *reporting.Project
}

// thenOf returns what those of projects were that changed at or after end (UTC ms).
// What was written down later with an earlier day of verification was what it was
// first written down as; of what came later nothing, nil.
func thenOf(ctx context.Context, tx *sqlx.Tx, projects []reporting.Project, end int64) (map[string]*reporting.Project, error) {
	var ids []string
	for _, p := range projects {
		if p.UpdatedAt >= end {
			ids = append(ids, p.ID)
		}
	}
	then := map[string]*reporting.Project{}
	err := inChunks(ids, func(part []string) error {
		text, args, err := within(`SELECT subject, before, after FROM audit WHERE id IN (
				SELECT MIN(id) FROM audit WHERE kind = 'project' AND subject IN (?) AND at >= ? GROUP BY subject)`, part, end)
		if err != nil {
			return err
		}
		changes, err := all(ctx, tx, func(c *changeAfter) []any { return []any{&c.id, object{&c.before}, object{&c.after}} }, text, args...)
		for _, c := range changes {
			if c.before == nil && c.after != nil && !c.after.VerifiedOn.IsZero() {
				c.before = c.after
			}
			then[c.id] = c.before
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what projects were: %w", err)
	}
	return then, nil
}

// StandingsOn returns how the city and the bodies stood at the end of a day of a
// year, City first, without a target: with the quota that was in force, what was credited, for what
// totals and in which stages, and what waited. The past is read from the ledger
// and the audit trail, so that what was revoked or moved since counts as it did
// then. The rules of today say what would count of that which waited.
func (db *DB) StandingsOn(ctx context.Context, year int, on reporting.Date) ([]reporting.Standing, error) {
	var out []reporting.Standing
	err := db.read(ctx, "read standings of a day", func(tx *sqlx.Tx) error {
		f, err := db.snapshotOf(ctx, tx, year, on, 0)
		if err != nil {
			return err
		}
		projects, err := db.onDay(ctx, tx, year, on)
		if err != nil {
			return err
		}
		rules, err := db.rulesOf(ctx, tx, year)
		if err != nil {
			return err
		}
		moved := moves{}
		for _, p := range projects {
			if p.PlanYear != year {
				p.Status = "" // it counted for another year before it moved here, or after
			}
			moved.count(p.Project, p.credits, rules, +1)
		}
		out = tallied(f.Standings, moved, year, on)
		return nil
	})
	return out, err
}

// tallied puts the tallies of a day in the place of those of now.
func tallied(standings []reporting.Standing, moved moves, year int, on reporting.Date) []reporting.Standing {
	if !slices.ContainsFunc(standings, func(s reporting.Standing) bool { return s.BodyID == reporting.City }) {
		standings = append([]reporting.Standing{dated(reporting.Standing{}, year, on)}, standings...)
	}
	for p := range moved {
		if !slices.ContainsFunc(standings, func(s reporting.Standing) bool { return s.BodyID == p.body }) {
			standings = append(standings, dated(reporting.Standing{BodyID: p.body}, year, on))
		}
	}
	for i := range standings {
		s := &standings[i]
		m := moved.at(s.BodyID, year)
		s.Tally = reporting.Tally{
			Credited: m.credited, Pending: m.pending, Invest: m.invest, ByStage: m.stages,
			Promoted: m.promoted, Large: m.large, Complete: m.complete,
		}
		for day, n := range m.days {
			if on.AddDays(-recentDays).Before(day) && !on.Before(day) {
				s.Tally.Recent += n
			}
		}
		if s.BodyID == reporting.City {
			s.Quota, s.HasQuota = reporting.Quota{}, false
		}
		*s = dated(*s, year, on)
	}
	slices.SortFunc(standings, func(a, b reporting.Standing) int { return cmp.Compare(a.BodyID, b.BodyID) })
	return standings
}
