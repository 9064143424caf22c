package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// A row of the outbox is pending until it is settled: sent, skipped, dead or
// failed.
const pending = "pending"

// messageColumns are the intent; where the message that it rewrites, or answers
// in a thread, was posted comes with a claim.
const messageColumns = `key, kind, body_id, recipient, edit_of, thread_of, args, due_at, attempts, tried_at`

func messageFields(m *reporting.Message) []any {
	return []any{&m.Key, &m.Kind, &m.BodyID, &m.To, &m.EditOf, &m.ThreadOf, object{&m.Args}, &m.DueAt, &m.Attempts, &m.TriedAt}
}

const outcomeColumns = `state, outcome, class, reason, channel, ts, found, retry_at, sent_at`

// PlanMessages inserts those messages whose key is new and returns these, in
// the order given; the events are recorded when there is one. One with a Skip
// is settled from the start.
func (db *DB) PlanMessages(ctx context.Context, m []reporting.Message, e []reporting.Event) ([]reporting.Message, error) {
	var fresh []reporting.Message
	err := db.write(ctx, "plan messages", func(tx *sqlx.Tx) (err error) {
		if fresh, err = db.plan(ctx, tx, m); err != nil || len(fresh) == 0 {
			return err
		}
		return record(ctx, tx, e...)
	})
	return fresh, err
}

// plan inserts the messages whose key is new and returns these, in the order
// given: hundreds to a statement, since a city may have thousands of channels.
func (db *DB) plan(ctx context.Context, tx *sqlx.Tx, messages []reporting.Message) ([]reporting.Message, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	// One order for all, so that two replicas that plan the same do not wait for each other.
	sorted := slices.Clone(messages)
	slices.SortStableFunc(sorted, func(a, b reporting.Message) int { return cmp.Compare(a.Key, b.Key) })
	fresh, now := map[string]bool{}, db.now()
	for part := range slices.Chunk(sorted, db.dialect.params/plannedParams) {
		query, args := planQuery(part, now, onlyNew)
		keys, err := all(ctx, tx, single[string], query, args...)
		if err != nil {
			return nil, fmt.Errorf("plan messages: %w", err)
		}
		for _, k := range keys {
			fresh[k] = true
		}
	}
	var out []reporting.Message
	for _, m := range messages {
		if fresh[m.Key] {
			out = append(out, m)
			delete(fresh, m.Key) // a key that was given twice was planned once
		}
	}
	return out, nil
}

// plannedParams is how many parameters planQuery has for each message.
const plannedParams = 13

// onlyNew passes over a message that is in the outbox already.
const onlyNew = "ON CONFLICT (key) DO NOTHING"

// planQuery inserts messages and returns the keys of those that it wrote;
// conflict says what becomes of one that is there. What all have alike is
// written out: a parameter costs more.
func planQuery(messages []reporting.Message, now int64, conflict string) (string, []any) {
	var b strings.Builder
	args := make([]any, 0, plannedParams*len(messages))
	fmt.Fprintf(&b, `INSERT INTO outbox (key, kind, body_id, recipient, edit_of, thread_of, args, due_at, destination, supersedes, state, outcome, reason,
		attempts, tried_at, created_at, lease_owner, lease_until, class, channel, ts, found, retry_at, sent_at) VALUES `)
	rest := fmt.Sprintf(",0,0,%d,'',0,'','','',0,0,0)", now)
	for i := range messages {
		m := &messages[i]
		state, outcome := pending, ""
		if m.Skip != "" {
			state, outcome = string(reporting.Skipped), string(reporting.Skipped)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		for j := range plannedParams {
			b.WriteString(map[bool]string{true: "($", false: ",$"}[j == 0])
			b.WriteString(strconv.Itoa(len(args) + j + 1))
		}
		b.WriteString(rest)
		args = append(args, m.Key, m.Kind, m.BodyID, m.To, m.EditOf, m.ThreadOf, object{&m.Args}, m.DueAt, m.Destination(), m.Supersedes(), state, outcome, m.Skip)
	}
	b.WriteString(" " + conflict + " RETURNING key")
	return b.String(), args
}

// PlannedKeys returns which of the keys exist.
func (db *DB) PlannedKeys(ctx context.Context, keys []string) (map[string]bool, error) {
	out := map[string]bool{}
	err := inChunks(keys, func(part []string) error {
		query, args, err := within(`SELECT key FROM outbox WHERE key IN (?)`, part)
		if err != nil {
			return err
		}
		found, err := all(ctx, db.pool, single[string], query, args...)
		for _, k := range found {
			out[k] = true
		}
		return err
	})
	return out, fault("read planned keys", err)
}

// LastDeliveries returns the last n messages of a kind about a body, newest
// first, with their receipts.
func (db *DB) LastDeliveries(ctx context.Context, kind reporting.MessageKind, bodyID string, n int) ([]reporting.Delivery, error) {
	out, err := all(ctx, hot{db}, deliveryFields, `SELECT `+messageColumns+`, `+outcomeColumns+` FROM outbox
		WHERE kind = $1 AND body_id = $2 ORDER BY created_at DESC, key DESC LIMIT $3`, kind, bodyID, n)
	return out, fault("read deliveries", err)
}

func deliveryFields(d *reporting.Delivery) []any {
	r := &d.Receipt
	return append(messageFields(&d.Message), &d.State, &r.Outcome, &r.Class, &r.Reason, &r.Channel, &r.TS, &r.Found, &r.RetryAt, &d.SentAt)
}

// claimed is a claimed row with what orders it.
type claimed struct {
	reporting.Message
	createdAt int64
}

// perDestination is how many messages for one place a claim hands out: they
// are posted one after the other, and the rest of a long queue is for the next
// claim, behind the first of every other place.
const perDestination = 5

// claimQuery leases what is due to an owner. An edit waits for the message
// that it rewrites, and an answer for the one in whose thread it goes. PostgreSQL would run the selection again for every row
// unless it is materialized, and then hand out more than the limit; the test
// is repeated outside of it, since a row may have been leased between the two.
func (d dialect) claimQuery() string {
	return `WITH queued AS MATERIALIZED (
			SELECT o.key, ROW_NUMBER() OVER (
				PARTITION BY o.destination
				ORDER BY o.due_at, o.created_at, o.key) AS place
			FROM outbox o
			WHERE o.state = 'pending' AND o.due_at <= $5 AND o.retry_at <= $3 AND o.lease_until <= $3
				AND (o.edit_of = '' OR NOT EXISTS (SELECT 1 FROM outbox e WHERE e.key = o.edit_of AND e.state = 'pending'))
				AND (o.thread_of = '' OR NOT EXISTS (SELECT 1 FROM outbox e WHERE e.key = o.thread_of AND e.state = 'pending'))),
		due AS MATERIALIZED (
			SELECT o.key FROM outbox o
			WHERE o.key ` + fmt.Sprintf(d.oneOf, `SELECT key FROM queued WHERE place <= $6`) + ` AND o.state = 'pending' AND o.lease_until <= $3
			ORDER BY o.due_at, o.created_at, o.key LIMIT $4` + d.skipLocked + `)
		UPDATE outbox SET lease_owner = $1, lease_until = $2, attempts = attempts + 1,
			tried_at = CASE WHEN tried_at = 0 THEN $3 ELSE tried_at END
		WHERE key ` + fmt.Sprintf(d.oneOf, `SELECT key FROM due`) + ` AND state = 'pending' AND lease_until <= $3
		RETURNING ` + messageColumns + `, created_at, lease_until,
			COALESCE((SELECT e.channel FROM outbox e WHERE e.key = outbox.edit_of), ''),
			COALESCE((SELECT e.ts FROM outbox e WHERE e.key = outbox.edit_of), ''),
			COALESCE((SELECT e.channel FROM outbox e WHERE e.key = outbox.thread_of), ''),
			COALESCE((SELECT e.ts FROM outbox e WHERE e.key = outbox.thread_of), '')`
}

// Claim leases up to limit messages, perDestination to one place, to owner, the
// longest due first, and counts the attempt. They are due by the time due on the
// clock that plans; now is the real time, for leases and retries (both UTC ms).
// Nobody else gets them until they are settled or the lease, LeaseUntil, has run
// out. Edits come once the message that they rewrite is settled, with EditChannel
// and EditTS where it was posted; answers in a thread likewise.
func (db *DB) Claim(ctx context.Context, owner string, due, now int64, lease time.Duration, limit int) ([]reporting.Message, error) {
	var rows []claimed
	err := db.transact(ctx, "claim messages", func(tx *sqlx.Tx) (err error) {
		rows, err = all(ctx, tx, func(c *claimed) []any {
			return append(messageFields(&c.Message), &c.createdAt, &c.LeaseUntil, &c.EditChannel, &c.EditTS, &c.ThreadChannel, &c.ThreadTS)
		}, db.dialect.claimQuery(), owner, now+lease.Milliseconds(), now, limit, due, perDestination)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b claimed) int {
		return cmp.Or(cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(a.createdAt, b.createdAt), cmp.Compare(a.Key, b.Key))
	})
	out := make([]reporting.Message, len(rows))
	for i, c := range rows {
		out[i] = c.Message
	}
	return out, nil
}

// Settle records what became of a claimed message, with the messages that
// follow from it. Retry hands it out again from RetryAt on, and an Untried one
// as if it had not been claimed; the other outcomes are final. A dead nudge marks its body undeliverable. A message that somebody
// else has settled since, or a retry of one claimed again since, changes
// nothing.
func (db *DB) Settle(ctx context.Context, m reporting.Message, r reporting.Receipt, follow ...reporting.Message) error {
	marked := false
	err := db.transact(ctx, "settle message", func(tx *sqlx.Tx) error {
		marked = false
		done, err := db.settle(ctx, tx, m, r)
		if err != nil || !done {
			return err
		}
		if r.Outcome == reporting.Dead && m.Kind == reporting.NudgeMessage && m.BodyID != "" {
			if marked, err = db.markUndeliverable(ctx, tx, m.BodyID, r); err != nil {
				return err
			}
		}
		if r.Outcome == reporting.Sent && r.Week != nil {
			if err = db.openWeek(ctx, tx, *r.Week); err != nil {
				return err
			}
		}
		if r.Outcome == reporting.Sent && m.Kind == reporting.NudgeEdit {
			if err = db.toldBy(ctx, tx, m); err != nil {
				return err
			}
		}
		_, err = db.plan(ctx, tx, follow)
		return err
	})
	if marked {
		db.generation.Add(1)
	}
	return err
}

// settle reports whether the row was there to be settled.
func (db *DB) settle(ctx context.Context, tx *sqlx.Tx, m reporting.Message, r reporting.Receipt) (bool, error) {
	state, sentAt, found, untried := string(r.Outcome), int64(0), 0, 0
	switch r.Outcome {
	case reporting.Retry:
		state = pending
		if r.Untried {
			untried = 1
		}
	case reporting.Sent:
		sentAt = db.now()
	}
	if r.Found {
		found = 1
	}
	res, err := hotTx{db, tx}.ExecContext(ctx, `UPDATE outbox SET state = $2, outcome = $3, class = $4, reason = $5, channel = $6, ts = $7,
			found = $8, retry_at = $9, sent_at = $10, lease_owner = '', lease_until = 0,
			tried_at = CASE WHEN attempts = $11 THEN 0 ELSE tried_at END, attempts = attempts - $11
		WHERE key = $1 AND state = 'pending' AND ($2 <> 'pending' OR (attempts = $12 AND lease_until = $13))`,
		m.Key, state, r.Outcome, r.Class, r.Reason, r.Channel, r.TS, found, r.RetryAt, sentAt, untried, m.Attempts, m.LeaseUntil)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// markUndeliverable marks a body whose channel is still the one that was
// found dead, and reports whether it did.
func (db *DB) markUndeliverable(ctx context.Context, tx *sqlx.Tx, body string, r reporting.Receipt) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE bodies SET undeliverable_since = $2, undeliverable_why = $3, version = version + 1
		WHERE id = $1 AND undeliverable_since = 0 AND (channel_id = $4 OR $4 = '')`, body, db.now(), r.Reason, r.Channel)
	if err != nil {
		return false, fmt.Errorf("mark undeliverable: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	e := reporting.Event{
		At: db.now(), Actor: "mouhua", Action: "body.undeliverable", Kind: "body", Subject: body,
		After: map[string]string{"why": r.Reason, "channel": r.Channel},
	}
	if err := record(ctx, tx, e); err != nil {
		return false, err
	}
	return true, raiseRevision(ctx, tx)
}

// OutboxCounts returns how many messages are in each state.
func (db *DB) OutboxCounts(ctx context.Context) (map[string]int, error) {
	type count struct {
		state string
		n     int
	}
	rows, err := all(ctx, hot{db}, func(c *count) []any { return []any{&c.state, &c.n} },
		`SELECT state, COUNT(*) FROM outbox GROUP BY state`)
	out := make(map[string]int, len(rows))
	for _, c := range rows {
		out[c.state] = c.n
	}
	return out, fault("count outbox", err)
}
