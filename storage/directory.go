package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// snapshotAge is how old the snapshot of the directory may be.
const snapshotAge = 2 * time.Second

// snapshot is bodies, people and the catalogue at one moment.
type snapshot struct {
	bodies     *reporting.BodyList
	catalogue  *reporting.Catalogue
	people     []reporting.Person
	byUser     map[string]reporting.Person
	asked      time.Time // when it was last known to be true
	generation int64     // of our own writes, then
}

func (db *DB) usable(s *snapshot) bool {
	if s == nil || s.generation != db.generation.Load() {
		return false
	}
	// A clock that went back must not keep a snapshot for ever.
	age := db.cfg.Now().Sub(s.asked)
	return age >= 0 && age < snapshotAge
}

// directory returns the snapshot, refreshed when it is too old: a burst of
// callers waits for the one that asks. It asks for the revision, and for the
// rows only when that has changed.
func (db *DB) directory(ctx context.Context) (*snapshot, error) {
	if s := db.snapshot.Load(); db.usable(s) {
		return s, nil
	}
	select {
	case db.refreshing <- struct{}{}:
		defer func() { <-db.refreshing }()
	case <-ctx.Done():
		return nil, fault("read directory", ctx.Err())
	}
	old := db.snapshot.Load()
	if db.usable(old) {
		return old, nil
	}
	fresh := &snapshot{asked: db.cfg.Now(), generation: db.generation.Load()}
	revision, err := one(ctx, hot{db}, single[int64], `SELECT value FROM counters WHERE name = 'revision'`)
	if err != nil {
		return nil, fault("read directory", err)
	}
	if old != nil && old.bodies.Revision == revision {
		fresh.bodies, fresh.people, fresh.byUser, fresh.catalogue = old.bodies, old.people, old.byUser, old.catalogue
	} else if err := db.load(ctx, fresh, revision); err != nil {
		return nil, fault("read directory", err)
	}
	db.snapshot.Store(fresh)
	return fresh, nil
}

// load reads the rows. They may be newer than revision; then the next refresh
// reads them once more.
func (db *DB) load(ctx context.Context, s *snapshot, revision int64) error {
	bodies, err := readBodies(ctx, hot{db})
	if err != nil {
		return err
	}
	years, err := readCalendars(ctx, hot{db})
	if err != nil {
		return err
	}
	nudges, err := readNudgeSettings(ctx, hot{db})
	if err != nil {
		return err
	}
	s.bodies = &reporting.BodyList{All: bodies, Revision: revision, Calendar: reporting.NewCalendar(years), Nudges: nudges}
	if s.people, err = all(ctx, hot{db}, personFields, `SELECT `+personColumns+` FROM people ORDER BY name, user_id`); err != nil {
		return err
	}
	if s.catalogue, err = readCatalogue(ctx, hot{db}); err != nil {
		return err
	}
	s.byUser = make(map[string]reporting.Person, len(s.people))
	for _, p := range s.people {
		s.byUser[p.UserID] = p
	}
	return nil
}

// readBodies returns the bodies in table order.
func readBodies(ctx context.Context, q querier) ([]reporting.Body, error) {
	bodies, err := all(ctx, q, bodyFields, `SELECT `+bodyColumns+` FROM bodies ORDER BY position, id`)
	slices.SortStableFunc(bodies, func(a, b reporting.Body) int {
		return cmp.Compare(slices.Index(reporting.Kinds, a.Kind), slices.Index(reporting.Kinds, b.Kind))
	})
	return bodies, err
}

// Bodies returns the bodies, at most two seconds old. The list is shared: it
// must not be changed.
func (db *DB) Bodies(ctx context.Context) (*reporting.BodyList, error) {
	s, err := db.directory(ctx)
	if err != nil {
		return nil, err
	}
	return s.bodies, nil
}

// Person returns the person with a Slack user id, a Stranger when unknown.
func (db *DB) Person(ctx context.Context, userID string) (reporting.Person, error) {
	s, err := db.directory(ctx)
	if err != nil {
		return reporting.Person{}, err
	}
	if p, ok := s.byUser[userID]; ok {
		return p, nil
	}
	return reporting.Person{UserID: userID}, nil
}

// People returns everybody who is known, by name.
func (db *DB) People(ctx context.Context) ([]reporting.Person, error) {
	s, err := db.directory(ctx)
	if err != nil {
		return nil, err
	}
	return slices.Clone(s.people), nil
}

// writeDirectory runs do in a transaction that raises the revision, and has
// the next reader see what it wrote.
func (db *DB) writeDirectory(ctx context.Context, doing string, do func(tx *sqlx.Tx) error) error {
	defer db.generation.Add(1)
	return db.write(ctx, doing, func(tx *sqlx.Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		return raiseRevision(ctx, tx)
	})
}

func raiseRevision(ctx context.Context, tx *sqlx.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE counters SET value = value + 1 WHERE name = 'revision'`)
	if err != nil {
		return fmt.Errorf("raise revision: %w", err)
	}
	return nil
}

// AssignPerson writes p with its event; somebody whose Role is Stranger is no
// longer known. With a Version it must be the one that is there; 0 takes
// whatever is there, or nobody. Errors: Conflict; ErrRepeated.
func (db *DB) AssignPerson(ctx context.Context, once string, p reporting.Person, e reporting.Event) error {
	return db.writeDirectory(ctx, "assign person", func(tx *sqlx.Tx) error {
		if err := db.remember(ctx, tx, once, p.UserID); err != nil {
			return err
		}
		return writePerson(ctx, tx, p, e)
	})
}

func writePerson(ctx context.Context, tx *sqlx.Tx, p reporting.Person, e reporting.Event) error {
	query, args := `DELETE FROM people WHERE user_id = $1 AND ($2 = 0 OR version = $2)`, []any{p.UserID, p.Version}
	if p.Role != reporting.Stranger {
		query = `INSERT INTO people (` + personColumns + `) SELECT $1, $2, $3, $4, 1
			WHERE $5 = 0 OR EXISTS (SELECT 1 FROM people WHERE user_id = $1)
			ON CONFLICT (user_id) DO UPDATE SET name = excluded.name, role = excluded.role, body_id = excluded.body_id, version = people.version + 1
			WHERE $5 = 0 OR people.version = $5`
		args = []any{p.UserID, p.Name, p.Role, p.BodyID, p.Version}
	}
	res, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return cmp.Or(err, error(reporting.Fail(reporting.Conflict, "err.person.changed", "user", p.UserID)))
	}
	return record(ctx, tx, e)
}

// SaveBody writes a body with its event: a new one, last in the table, when
// its Version is 0, else it must be the version that is there. Errors:
// Conflict when the id is taken (err.body.exists), the body was changed
// (err.body.changed) or another body has the channel (err.channel.taken);
// ErrRepeated.
func (db *DB) SaveBody(ctx context.Context, once string, b reporting.Body, e reporting.Event) error {
	return db.writeDirectory(ctx, "save body", func(tx *sqlx.Tx) error {
		if err := db.remember(ctx, tx, once, b.ID); err != nil {
			return err
		}
		if err := free(ctx, tx, b.ID, b.ChannelID); err != nil {
			return err
		}
		n, err := writeBody(ctx, tx, b)
		switch {
		case err != nil:
			return err
		case n == 0 && b.Version == 0:
			return reporting.Fail(reporting.Conflict, "err.body.exists", "id", b.ID).At(reporting.BodyID)
		case n == 0:
			return reporting.Fail(reporting.Conflict, "err.body.changed", "id", b.ID)
		}
		return record(ctx, tx, e)
	})
}

// bodyUpdate sets every column but the id where the version still is the last
// argument.
var bodyUpdate = func() string {
	columns := strings.Split(bodyColumns, ", ")
	var set []string
	for i, c := range columns[1:] {
		set = append(set, c+" = $"+strconv.Itoa(i+2))
	}
	return "UPDATE bodies SET " + strings.Join(set, ", ") + " WHERE id = $1 AND version = $" + strconv.Itoa(len(columns)+1)
}()

// writeBody returns how many rows it wrote: none when the version is another.
func writeBody(ctx context.Context, tx *sqlx.Tx, b reporting.Body) (int64, error) {
	seen := b.Version
	b.Version++
	query, args := bodyUpdate, append(bodyFields(&b), seen)
	if seen == 0 {
		last, err := one(ctx, tx, single[int], `SELECT COALESCE(MAX(position), 0) FROM bodies`)
		if err != nil {
			return 0, err
		}
		query, args = insertion("bodies", bodyColumns+", position", "ON CONFLICT (id) DO NOTHING", [][]any{append(bodyFields(&b), last+1)})
	}
	res, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("write body: %w", err)
	}
	return res.RowsAffected()
}

// SetChannel sets the Slack channel of a body's nudges ("" for none), since
// at (UTC ms), and takes it that the channel works. Errors: NotFound;
// Conflict when another body has it; ErrRepeated.
func (db *DB) SetChannel(ctx context.Context, once, body, channel string, at int64, e reporting.Event) error {
	return db.writeDirectory(ctx, "set channel", func(tx *sqlx.Tx) error {
		if err := db.remember(ctx, tx, once, body); err != nil {
			return err
		}
		if err := free(ctx, tx, body, channel); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE bodies SET channel_id = $2, channel_since = $3, undeliverable_since = 0,
			undeliverable_why = '', version = version + 1 WHERE id = $1`, body, channel, at)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, error(reporting.Fail(reporting.NotFound, "err.body.unknown", "value", body)))
		}
		return record(ctx, tx, e)
	})
}

// free returns nil when no other body has the channel.
func free(ctx context.Context, tx *sqlx.Tx, body, channel string) error {
	if channel == "" {
		return nil
	}
	holder, err := one(ctx, tx, single[string], `SELECT id FROM bodies WHERE channel_id = $1 AND id <> $2`, channel, body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return reporting.Fail(reporting.Conflict, "err.channel.taken", "body", holder, "channel", channel)
}
