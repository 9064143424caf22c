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

// Summary says what an import did, or would do: with the rows that were not
// refused, when some were.
type Summary struct{ New, Changed, Unchanged int }

const (
	// importPart is how many rows are written between two words of progress.
	importPart = 500
	// maxRefused is how many rows are refused with their place; of those beyond
	// only what no other row refers to is told.
	maxRefused = 100
)

// ImportOption says more of an import.
type ImportOption func(*importer)

// Once names an import by a delivery key: the second of the same key writes
// nothing and gives reporting.ErrRepeated. A dry run takes no note of it.
func Once(key string) ImportOption { return func(in *importer) { in.once = key } }

// Telling has tell called while an import goes on, with how many of its rows
// are dealt with. It holds the import up until it returns.
func Telling(tell func(done, total int)) ImportOption { return func(in *importer) { in.tell = tell } }

// errDryRun undoes an import that was only to be tried.
var errDryRun = errors.New("dry run")

// importer is one import on its way.
type importer struct {
	db      *DB
	tx      *sqlx.Tx
	actor   string
	once    string
	tell    func(done, total int)
	bodies  map[string]reporting.Body
	numbers map[string]bool // of projects that rows may refer to
	events  []reporting.Event
	summary Summary
	done    int // rows written or found unchanged
	total   int
	refused []error
	named   map[string]bool // values of refused rows
}

// importRows runs do in a transaction, which a dry run undoes: a file is
// imported whole or not at all.
// All rows that are refused are told, joined.
func (db *DB) importRows(ctx context.Context, doing, actor string, rows int, dryRun bool, opts []ImportOption, do func(in *importer) error) (Summary, error) {
	var sum Summary
	err := db.writeDirectory(ctx, doing, func(tx *sqlx.Tx) error {
		bodies, err := all(ctx, tx, bodyFields, `SELECT `+bodyColumns+` FROM bodies`)
		if err != nil {
			return err
		}
		in := &importer{db: db, tx: tx, actor: actor, total: rows, bodies: map[string]reporting.Body{}, named: map[string]bool{}}
		for _, b := range bodies {
			in.bodies[b.ID] = b
		}
		for _, set := range opts {
			set(in)
		}
		if !dryRun {
			if err := db.remember(ctx, tx, in.once, "import"); err != nil {
				return err
			}
		}
		err = do(in)
		sum = in.summary
		if err != nil {
			return err
		}
		if err := record(ctx, tx, in.events...); err != nil {
			return err
		}
		if dryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return sum, err
}

// refuse notes that a row cannot be imported.
func (in *importer) refuse(key string, row int, value string) {
	if len(in.refused) < maxRefused || !in.named[value] {
		in.refused = append(in.refused, reporting.Fail(reporting.Invalid, key, "row", row, "value", value))
	}
	in.named[value] = true
}

// refusals returns what was refused as one error, nil for nothing.
func (in *importer) refusals() error {
	if len(in.refused) == 1 {
		return in.refused[0]
	}
	return errors.Join(in.refused...)
}

// wrote tells how far the import has come.
func (in *importer) wrote(rows int) {
	in.done = max(in.done, in.summary.Unchanged) + rows
	if in.tell != nil {
		in.tell(in.done, in.total)
	}
}

// insert writes values and tells of each part.
func (in *importer) insert(ctx context.Context, table, columns, tail string, values [][]any) error {
	for part := range slices.Chunk(values, importPart) {
		if err := insert(ctx, in.tx, table, columns, tail, part); err != nil {
			return err
		}
		in.wrote(len(part))
	}
	return nil
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

// known refuses a row of which a reference, if there is one, is no body.
func (in *importer) known(row int, ids ...string) bool {
	known := true
	for i, id := range ids {
		if _, ok := in.bodies[id]; id != "" && !ok && !slices.Contains(ids[:i], id) {
			in.refuse("err.import.body", row, id)
			known = false
		}
	}
	return known
}

// some is known of a row that must refer to a body.
func (in *importer) some(row int, id string) bool {
	if id == "" {
		in.refuse("err.import.body", row, id)
	}
	return id != "" && in.known(row, id)
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
// would have, with Args row (from 0) and value, joined when there are several.
func (db *DB) ImportBodies(ctx context.Context, rows []reporting.Body, actor string, dryRun bool, opts ...ImportOption) (Summary, error) {
	return db.importRows(ctx, "import bodies", actor, len(rows), dryRun, opts, func(in *importer) error {
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
		return in.insert(ctx, "bodies", bodyColumns+", position", "ON CONFLICT (id) DO UPDATE SET "+overwrite(bodyColumns), values)
	})
}

// mergeBodies returns the bodies to write.
func (in *importer) mergeBodies(rows []reporting.Body) ([]reporting.Body, error) {
	merged, old := make([]reporting.Body, len(rows)), make([]reporting.Body, len(rows))
	for i, b := range rows {
		old[i] = in.bodies[b.ID]
		merged[i] = in.mergedBody(b, old[i])
	}
	for _, b := range merged {
		in.bodies[b.ID] = b // rows may refer to one another
	}
	channels := map[string]string{}
	for _, b := range in.bodies {
		if !slices.ContainsFunc(rows, func(r reporting.Body) bool { return r.ID == b.ID }) {
			channels[b.ChannelID] = b.ID
		}
	}
	var write []reporting.Body
	for i, b := range merged {
		_, taken := channels[b.ChannelID]
		switch {
		case !in.known(i, b.ParentID, b.SuccessorID):
		case taken && b.ChannelID != "":
			in.refuse("err.import.channel", i, b.ChannelID)
		case sameBody(old[i], b):
			in.summary.Unchanged++
		default:
			there := old[i].ID != ""
			b.Version++
			write = append(write, b)
			in.note("body", b.ID, beforeOf(there, old[i]), b)
		}
		channels[b.ChannelID] = b.ID
	}
	return write, in.refusals()
}

// mergedBody returns a row with what the file does not hold taken from old.
func (in *importer) mergedBody(b, old reporting.Body) reporting.Body {
	b.Version, b.Group = old.Version, cmp.Or(b.Group, string(b.Kind))
	b.Short.En, b.ChannelID = cmp.Or(b.Short.En, old.Short.En), cmp.Or(b.ChannelID, old.ChannelID)
	b.LeaderID, b.EndsOn = cmp.Or(b.LeaderID, old.LeaderID), cmp.Or(b.EndsOn, old.EndsOn)
	b.EndReason, b.SuccessorID = cmp.Or(b.EndReason, old.EndReason), cmp.Or(b.SuccessorID, old.SuccessorID)
	b.ChannelSince, b.UndeliverableSince, b.UndeliverableWhy = old.ChannelSince, old.UndeliverableSince, old.UndeliverableWhy
	if b.ChannelID != old.ChannelID {
		b.ChannelSince, b.UndeliverableSince, b.UndeliverableWhy = in.db.now(), 0, ""
	}
	return b
}

func sameBody(a, b reporting.Body) bool {
	return a.ID == b.ID && slices.Equal(bodyText(a), bodyText(b)) && slices.Equal(a.Aliases, b.Aliases)
}

// bodyText is what of a body a file can change, but the aliases.
func bodyText(b reporting.Body) []string {
	return []string{
		string(b.Kind), b.Group, b.Name.ZhCN, b.Name.ZhTW, b.Name.En, b.Short.ZhCN, b.Short.ZhTW, b.Short.En, b.ChannelID, b.ParentID,
		b.LeaderID, b.EndsOn.String(), b.EndReason, b.SuccessorID,
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
func (db *DB) ImportPeople(ctx context.Context, rows []reporting.Person, actor string, dryRun bool, opts ...ImportOption) (Summary, error) {
	return db.importRows(ctx, "import people", actor, len(rows), dryRun, opts, func(in *importer) error {
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
			if !in.known(i, p.BodyID) {
				continue
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
		if err := in.refusals(); err != nil {
			return err
		}
		return in.insert(ctx, "people", personColumns, "ON CONFLICT (user_id) DO UPDATE SET "+overwrite(personColumns), values)
	})
}

// ImportQuotas adds a version for each row that says otherwise than the
// version in force on its day, or, when it is of a Version, than that one. A
// row without a day is in force from 1 January. Errors: Invalid for an unknown
// body, with Args row (from 0) and value, joined when there are several.
func (db *DB) ImportQuotas(ctx context.Context, rows []reporting.Quota, actor string, dryRun bool, opts ...ImportOption) (Summary, error) {
	return db.importRows(ctx, "import quotas", actor, len(rows), dryRun, opts, func(in *importer) error {
		// As ChangeQuota does, so that no two take the same version.
		if _, err := all(ctx, in.tx, single[string], `SELECT id FROM bodies ORDER BY id`+db.dialect.forUpdate); err != nil {
			return err
		}
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
			if !in.some(i, q.BodyID) {
				continue
			}
			if q.EffectiveFrom.IsZero() {
				q.EffectiveFrom = reporting.Date{Year: q.Year, Month: 1, Day: 1}
			}
			at := place{q.BodyID, q.Year}
			old, ok := stated(versions[at], q)
			q.Version, q.SetBy, q.SetAt = old.Version, old.SetBy, old.SetAt
			if ok && q == old {
				in.summary.Unchanged++
				continue
			}
			if n := len(versions[at]); n > 0 {
				old, ok = versions[at][n-1], true
			}
			q.Version, q.SetBy, q.SetAt = len(versions[at])+1, in.actor, in.db.now()
			versions[at] = append(versions[at], q)
			values = append(values, quotaFields(&q))
			in.note("quota", fmt.Sprintf("%s/%d", q.BodyID, q.Year), beforeOf(ok, old), q)
		}
		if err := in.refusals(); err != nil {
			return err
		}
		return in.insert(ctx, "quotas", quotaColumns, "", values)
	})
}

// stated returns the version that a row must say otherwise than to become one:
// its own, when that is there, else that in force on its day. A version that
// is still to come says otherwise than all.
func stated(versions []reporting.Quota, q reporting.Quota) (reporting.Quota, bool) {
	i := slices.IndexFunc(versions, func(v reporting.Quota) bool { return v.Version == q.Version })
	switch {
	case i >= 0:
		return versions[i], true
	case q.Version > 0:
		return reporting.Quota{}, false
	}
	return reporting.InForce(versions, q.EffectiveFrom)
}
