package storage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// news is what a transaction changes that the nudges of bodies say, by body,
// with the lines of their history.
type news map[string][]reporting.NudgeNote

// of takes up a change of a project: for the body that reported it, and for
// those whose tally it moves.
func (n news) of(moved moves, old *reporting.Project, p reporting.Project, e reporting.Event) {
	bodies := []string{p.ReporterBody, p.TerritoryBody, p.LeadDept}
	if old != nil {
		bodies = append(bodies, old.ReporterBody, old.TerritoryBody, old.LeadDept)
	}
	note, tells := reporting.NoteOf(e, p)
	slices.Sort(bodies)
	for _, body := range slices.Compact(bodies) {
		if body == "" || body != p.ReporterBody && !moved.counts(body) {
			continue
		}
		n.tell(body)
		if tells {
			n.tell(body, note)
		}
	}
}

func (n news) tell(body string, notes ...reporting.NudgeNote) { n[body] = append(n[body], notes...) }

// counts reports whether what a body has filed moves.
func (m moves) counts(body string) bool {
	for p, t := range m {
		if p.body == body && (t.credited != 0 || t.pending != 0) {
			return true
		}
	}
	return false
}

// longestWeek is how long a nudge is kept up to date when no other follows, as
// in a pause: holidays keep the next away for less.
const longestWeek = 21 * 24 * time.Hour

// openWeeks returns the newest weeks of bodies, locked, by body: what their
// nudges say is written by one transaction after the other.
func (db *DB) openWeeks(ctx context.Context, tx *sqlx.Tx, bodies []string) ([]reporting.NudgeWeek, error) {
	out, err := fetch(ctx, tx, nudgeWeekFields, `SELECT `+nudgeWeekColumns+` FROM nudge_weeks w
		WHERE w.body_id IN (?) AND w.week = (SELECT MAX(n.week) FROM nudge_weeks n WHERE n.body_id = w.body_id)
			AND w.posted_at > `+strconv.FormatInt(db.now()-longestWeek.Milliseconds(), 10)+`
		ORDER BY w.body_id`+db.dialect.forUpdate, bodies)
	if err != nil {
		return nil, fmt.Errorf("read open weeks: %w", err)
	}
	return out, nil
}

// retell has the nudges of the bodies that are out brought up to date at the end
// of the minute, and keeps the lines of their history. It comes after all that
// moves tallies and quotas: of two that change what a body's nudge says, the
// second sees what the first wrote. Bodies without a nudge cost one statement.
func (db *DB) retell(ctx context.Context, tx *sqlx.Tx, told news) error {
	if len(told) == 0 {
		return nil
	}
	weeks, err := db.openWeeks(ctx, tx, slices.Sorted(maps.Keys(told)))
	if err != nil || len(weeks) == 0 {
		return err
	}
	if err := db.judge(ctx, tx, weeks); err != nil {
		return err
	}
	return db.planEdits(ctx, tx, weeks, told)
}

// manyBodies is from how many on standings are read all at once.
const manyBodies = 20

// judge writes since when the weeks are met, or that they no longer are.
func (db *DB) judge(ctx context.Context, tx *sqlx.Tx, weeks []reporting.NudgeWeek) error {
	standing, err := db.standingsIn(ctx, tx, weeks)
	if err != nil {
		return fmt.Errorf("read standings: %w", err)
	}
	for _, w := range weeks {
		s, ok := standing[place{w.BodyID, w.Year}]
		if !ok || w.Need == 0 || w.Met(s) == (w.MetAt != 0) {
			continue
		}
		metAt := int64(0)
		if w.MetAt == 0 {
			metAt = db.now()
		}
		_, err := tx.ExecContext(ctx, `UPDATE nudge_weeks SET met_at = $3, version = version + 1 WHERE body_id = $1 AND week = $2`,
			w.BodyID, w.Week.String(), metAt)
		if err != nil {
			return fmt.Errorf("judge week: %w", err)
		}
	}
	return nil
}

// standingsIn returns the standings of now, in the years of the weeks.
func (db *DB) standingsIn(ctx context.Context, tx *sqlx.Tx, weeks []reporting.NudgeWeek) (map[place]reporting.Standing, error) {
	out := map[place]reporting.Standing{}
	on := db.dayOf(db.now())
	read := func(text, body string, year int) error {
		found, err := all(ctx, tx, standingFields, text, body, year, on.String(), on.AddDays(-recentDays).String())
		for _, s := range found {
			out[place{s.BodyID, year}] = dated(s, year, on)
		}
		return err
	}
	if len(weeks) <= manyBodies {
		for _, w := range weeks {
			if err := read(standingQuery, w.BodyID, w.Year); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	years := map[int]bool{}
	for _, w := range weeks {
		if years[w.Year] {
			continue
		}
		years[w.Year] = true
		if err := read(standingsQuery, reporting.City, w.Year); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// planEdits owes the edits of this minute. An edit that somebody is already at
// work on may have read its figures before us: then it is that of the next
// minute. One that nobody has, our transaction keeps from being claimed until
// it ends.
func (db *DB) planEdits(ctx context.Context, tx *sqlx.Tx, weeks []reporting.NudgeWeek, told news) error {
	var notes [][]any
	for at := db.now(); len(weeks) > 0; _, at = reporting.EditMinute(at) {
		covered, err := db.planMinute(ctx, tx, weeks, at)
		if err != nil {
			return fmt.Errorf("plan edit: %w", err)
		}
		minute, _ := reporting.EditMinute(at)
		var left []reporting.NudgeWeek
		for _, w := range weeks {
			if !covered[w.BodyID] {
				left = append(left, w)
				continue
			}
			for _, n := range told[w.BodyID] {
				notes = append(notes, append([]any{w.BodyID, w.Week.String(), minute, ""}, nudgeNoteFields(&n)...))
			}
		}
		weeks = left
	}
	return insert(ctx, tx, "nudge_notes", "body_id, week, minute, told, "+nudgeNoteColumns, "", notes)
}

// planMinute owes the edits of the minute of a moment and returns the bodies
// that have one, which nobody is at work on.
func (db *DB) planMinute(ctx context.Context, tx *sqlx.Tx, weeks []reporting.NudgeWeek, at int64) (map[string]bool, error) {
	covered := map[string]bool{}
	conflict := fmt.Sprintf(`ON CONFLICT (key) DO UPDATE SET due_at = outbox.due_at
		WHERE outbox.state = 'pending' AND outbox.lease_until <= %d`, db.now())
	for part := range slices.Chunk(weeks, db.dialect.params/plannedParams) {
		messages, body := make([]reporting.Message, len(part)), map[string]string{}
		for i, w := range part {
			messages[i] = reporting.EditNudge(w, at)
			body[messages[i].Key] = w.BodyID
		}
		query, args := planQuery(messages, db.now(), conflict)
		keys, err := all(ctx, tx, single[string], query, args...)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			covered[body[k]] = true
		}
	}
	return covered, nil
}

const nudgeNoteColumns = `at, actor, action, subject, name, why, until, n`

func nudgeNoteFields(n *reporting.NudgeNote) []any {
	return []any{&n.At, &n.Actor, &n.Action, &n.Subject, &n.Name, &n.Why, (*day)(&n.Until), &n.N}
}

// toldBy owes the answer in the thread with what has led to an edit that was
// posted, if anything has: what happened up to its minute and was not told yet.
func (db *DB) toldBy(ctx context.Context, tx *sqlx.Tx, edit reporting.Message) error {
	res, err := tx.ExecContext(ctx, `UPDATE nudge_notes SET told = $3 WHERE body_id = $1 AND week = $2 AND told = '' AND minute <= $3`,
		edit.BodyID, edit.Args["week"], edit.Args["minute"])
	if err != nil {
		return fmt.Errorf("tell history: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return err
	}
	_, err = db.plan(ctx, tx, []reporting.Message{reporting.LogNudge(edit)})
	return err
}

// opened brings a nudge up to date whose figures have moved since it was
// composed: whoever moved them saw no open week. The tally is locked, so that
// who moves them after us does.
func (db *DB) opened(ctx context.Context, tx *sqlx.Tx, w reporting.NudgeWeek) error {
	filed, err := all(ctx, hotTx{db, tx}, single[int], `SELECT credited + pending FROM tallies WHERE body_id = $1 AND year = $2`+db.dialect.forUpdate, w.BodyID, w.Year)
	if err != nil {
		return fmt.Errorf("read tally: %w", err)
	}
	if len(filed) == 0 || filed[0] == w.Base {
		return nil
	}
	return db.retell(ctx, tx, news{w.BodyID: nil})
}

// NudgeNotes returns the lines of a nudge's history that the answer of a minute
// tells, in their order.
func (db *DB) NudgeNotes(ctx context.Context, body string, w reporting.Week, minute string) ([]reporting.NudgeNote, error) {
	out, err := all(ctx, hot{db}, nudgeNoteFields, `SELECT `+nudgeNoteColumns+` FROM nudge_notes
		WHERE body_id = $1 AND week = $2 AND told = $3 ORDER BY at, subject, action`, body, w.String(), minute)
	return out, fault("read history", err)
}
