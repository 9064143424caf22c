package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// Summary says what an import did, or would do.
type Summary struct{ New, Changed, Unchanged int }

// errDryRun undoes an import that was only to be tried.
var errDryRun = errors.New("dry run")

// importer is one import on its way.
type importer struct {
	db      *DB
	tx      *sqlx.Tx
	actor   string
	bodies  map[string]reporting.Body
	events  []reporting.Event
	summary Summary
}

// importRows runs do in a transaction, which a dry run undoes: a file is
// imported whole or not at all.
func (db *DB) importRows(ctx context.Context, doing, actor string, dryRun bool, do func(in *importer) error) (Summary, error) {
	var sum Summary
	err := db.writeDirectory(ctx, doing, func(tx *sqlx.Tx) error {
		bodies, err := all(ctx, tx, bodyFields, `SELECT `+bodyColumns+` FROM bodies`)
		if err != nil {
			return err
		}
		in := &importer{db: db, tx: tx, actor: actor, bodies: map[string]reporting.Body{}}
		for _, b := range bodies {
			in.bodies[b.ID] = b
		}
		if err := do(in); err != nil {
			return err
		}
		if err := record(ctx, tx, in.events...); err != nil {
			return err
		}
		sum = in.summary
		if dryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	if err != nil {
		return Summary{}, err
	}
	return sum, nil
}

// note counts a row and records its event; before is nil for a new one.
func (in *importer) note(kind, subject string, before, after any) {
	if before == nil {
		in.summary.New++
	} else {
		in.summary.Changed++
	}
	in.events = append(in.events, reporting.Event{
		At: in.db.now(), Actor: in.actor, Action: kind + ".import", Kind: kind, Subject: subject, Before: before, After: after,
	})
}

// known checks that a row's reference, if any, is a body.
func (in *importer) known(row int, id string) error {
	if _, ok := in.bodies[id]; id == "" || ok {
		return nil
	}
	return reporting.Fail(reporting.Invalid, "err.import.body", "row", row, "value", id)
}

// unique checks that no key comes twice, which a statement could not write.
func unique[T any](rows []T, key func(T) string) error {
	seen := map[string]bool{}
	for i, r := range rows {
		if k := key(r); seen[k] {
			return reporting.Fail(reporting.Invalid, "err.import.duplicate", "row", i, "value", k)
		}
		seen[key(r)] = true
	}
	return nil
}

// ImportBodies writes bodies by id. What the file does not hold stays as it
// is: an empty channel or English short name takes nothing away. Errors:
// Invalid for an unknown parent, a repeated id or a channel that two bodies
// would have, with Args row (from 0) and value.
func (db *DB) ImportBodies(ctx context.Context, rows []reporting.Body, actor string, dryRun bool) (Summary, error) {
	return db.importRows(ctx, "import bodies", actor, dryRun, func(in *importer) error {
		if err := unique(rows, func(b reporting.Body) string { return b.ID }); err != nil {
			return err
		}
		write, err := in.mergeBodies(rows)
		if err != nil || len(write) == 0 {
			return err
		}
		last, err := one(ctx, in.tx, single[int], `SELECT COALESCE(MAX(position), 0) FROM bodies`)
		if err != nil {
			return err
		}
		var values [][]any
		var ids []string
		for i := range write {
			values = append(values, append(bodyFields(&write[i]), last+1+i))
			ids = append(ids, write[i].ID)
		}
		// Two bodies may swap channels: both give theirs up first.
		query, args, err := within(`UPDATE bodies SET channel_id = '' WHERE id IN (?)`, ids)
		if err != nil {
			return err
		}
		if _, err := in.tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("clear channels: %w", err)
		}
		return insert(ctx, in.tx, "bodies", bodyColumns+", position", "ON CONFLICT (id) DO UPDATE SET "+overwrite(bodyColumns), values)
	})
}

// mergeBodies returns the bodies to write.
func (in *importer) mergeBodies(rows []reporting.Body) ([]reporting.Body, error) {
	at := map[string]int{}
	var write []reporting.Body
	for i, b := range rows {
		old, ok := in.bodies[b.ID]
		b.Group = cmp.Or(b.Group, string(b.Kind))
		b.Short.En, b.ChannelID = cmp.Or(b.Short.En, old.Short.En), cmp.Or(b.ChannelID, old.ChannelID)
		b.ChannelSince, b.UndeliverableSince, b.UndeliverableWhy = old.ChannelSince, old.UndeliverableSince, old.UndeliverableWhy
		if b.ChannelID != old.ChannelID {
			b.ChannelSince, b.UndeliverableSince, b.UndeliverableWhy = in.db.now(), 0, ""
		}
		b.Version = old.Version
		in.bodies[b.ID], at[b.ID] = b, i
		if ok && sameBody(old, b) {
			in.summary.Unchanged++
			continue
		}
		b.Version++
		write = append(write, b)
		in.note("body", b.ID, beforeOf(ok, old), b)
	}
	channels := map[string]string{}
	for _, b := range in.bodies {
		if other, taken := channels[b.ChannelID]; taken && b.ChannelID != "" {
			row, ok := at[b.ID]
			if !ok {
				row = at[other]
			}
			return nil, reporting.Fail(reporting.Invalid, "err.import.channel", "row", row, "value", b.ChannelID)
		}
		channels[b.ChannelID] = b.ID
	}
	for i, b := range rows {
		if err := in.known(i, b.ParentID); err != nil {
			return nil, err
		}
	}
	return write, nil
}

func sameBody(a, b reporting.Body) bool {
	return slices.Equal(bodyText(a), bodyText(b)) && slices.Equal(a.Aliases, b.Aliases)
}

// bodyText is what of a body a file can change, but the aliases.
func bodyText(b reporting.Body) []string {
	return []string{
		string(b.Kind), b.Group, b.Name.ZhCN, b.Name.ZhTW, b.Name.En, b.Short.ZhCN, b.Short.ZhTW, b.Short.En, b.ChannelID, b.ParentID,
	}
}

// beforeOf returns what an event says was there.
func beforeOf[T any](there bool, old T) any {
	if !there {
		return nil
	}
	return old
}

// ImportPeople writes people by Slack user id. Errors: Invalid for an unknown
// body or a repeated id, with Args row (from 0) and value.
func (db *DB) ImportPeople(ctx context.Context, rows []reporting.Person, actor string, dryRun bool) (Summary, error) {
	return db.importRows(ctx, "import people", actor, dryRun, func(in *importer) error {
		if err := unique(rows, func(p reporting.Person) string { return p.UserID }); err != nil {
			return err
		}
		there, err := all(ctx, in.tx, personFields, `SELECT `+personColumns+` FROM people`)
		if err != nil {
			return err
		}
		people := map[string]reporting.Person{}
		for _, p := range there {
			people[p.UserID] = p
		}
		var values [][]any
		for i, p := range rows {
			if err := in.known(i, p.BodyID); err != nil {
				return err
			}
			old, ok := people[p.UserID]
			p.Version = old.Version
			if ok && p == old {
				in.summary.Unchanged++
				continue
			}
			p.Version++
			values = append(values, personFields(&p))
			in.note("person", p.UserID, beforeOf(ok, old), p)
		}
		return insert(ctx, in.tx, "people", personColumns, "ON CONFLICT (user_id) DO UPDATE SET "+overwrite(personColumns), values)
	})
}

// ImportQuotas adds a version for each row that says otherwise than the
// version in force on its day. A row without a day is in force from 1 January.
// Errors: Invalid for an unknown body, with Args row (from 0) and value.
func (db *DB) ImportQuotas(ctx context.Context, rows []reporting.Quota, actor string, dryRun bool) (Summary, error) {
	return db.importRows(ctx, "import quotas", actor, dryRun, func(in *importer) error {
		there, err := all(ctx, in.tx, quotaFields, `SELECT `+quotaColumns+` FROM quotas ORDER BY version`+db.dialect.forUpdate)
		if err != nil {
			return err
		}
		versions := map[place][]reporting.Quota{}
		for _, q := range there {
			at := place{q.BodyID, q.Year}
			versions[at] = append(versions[at], q)
		}
		var values [][]any
		for i, q := range rows {
			if _, ok := in.bodies[q.BodyID]; !ok {
				return reporting.Fail(reporting.Invalid, "err.import.body", "row", i, "value", q.BodyID)
			}
			if q.EffectiveFrom.IsZero() {
				q.EffectiveFrom = reporting.Date{Year: q.Year, Month: 1, Day: 1}
			}
			at := place{q.BodyID, q.Year}
			old, ok := reporting.InForce(versions[at], q.EffectiveFrom)
			q.Version = old.Version
			if ok && q == old {
				in.summary.Unchanged++
				continue
			}
			if n := len(versions[at]); n > 0 {
				old, ok = versions[at][n-1], true
			}
			q.Version = len(versions[at]) + 1
			versions[at] = append(versions[at], q)
			values = append(values, quotaFields(&q))
			in.note("quota", fmt.Sprintf("%s/%d", q.BodyID, q.Year), beforeOf(ok, old), q)
		}
		return insert(ctx, in.tx, "quotas", quotaColumns, "", values)
	})
}
