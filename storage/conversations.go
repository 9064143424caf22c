package storage

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

const conversationColumns = `channel, thread, user_id, state, at`

func conversationFields(c *reporting.Conversation) []any {
	return []any{&c.Key.Channel, &c.Key.Thread, &c.Key.UserID, &c.State, &c.At}
}

// Conversation returns what goes on at a place, one without State when nothing does.
func (db *DB) Conversation(ctx context.Context, p reporting.ConversationKey) (reporting.Conversation, error) {
	c, err := conversationAt(ctx, hot{db}, p, "")
	return c, fault("read conversation", err)
}

func conversationAt(ctx context.Context, q querier, p reporting.ConversationKey, lock string) (reporting.Conversation, error) {
	c, err := one(ctx, q, conversationFields, `SELECT `+conversationColumns+` FROM conversations
		WHERE channel = $1 AND thread = $2 AND user_id = $3`+lock, p.Channel, p.Thread, p.UserID)
	if errors.Is(err, sql.ErrNoRows) {
		return reporting.Conversation{Key: p}, nil
	}
	return c, err
}

// Converse reads what goes on at a place, lets decide say what its state is then
// and writes that. Two who go on at one place come after one another. A repeated
// once gives the conversation as it is with ErrRepeated. Errors: those of decide,
// untouched. decide may run more than once and must not use the DB.
func (db *DB) Converse(ctx context.Context, once string, p reporting.ConversationKey, decide func(reporting.Conversation) (state string, err error)) (reporting.Conversation, error) {
	var c reporting.Conversation
	err := db.transact(ctx, "converse", func(tx *sqlx.Tx) (err error) {
		if err := db.remember(ctx, tx, once, p.Channel); err != nil {
			return err
		}
		c = reporting.Conversation{Key: p, At: db.now()}
		query, args := insertion("conversations", conversationColumns, "ON CONFLICT DO NOTHING", [][]any{conversationFields(&c)})
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
		if c, err = conversationAt(ctx, tx, p, db.dialect.forUpdate); err != nil {
			return err
		}
		if c.State, err = decide(c); err != nil {
			return verdict{err}
		}
		c.At = db.now()
		_, err = tx.ExecContext(ctx, `UPDATE conversations SET state = $4, at = $5 WHERE channel = $1 AND thread = $2 AND user_id = $3`,
			p.Channel, p.Thread, p.UserID, c.State, c.At)
		return err
	})
	if errors.Is(err, reporting.ErrRepeated) {
		if c, err = db.Conversation(ctx, p); err == nil {
			err = reporting.ErrRepeated
		}
	}
	return c, err
}

// ConversationsIn returns all that goes on in a thread, that of all first.
func (db *DB) ConversationsIn(ctx context.Context, channel, thread string) ([]reporting.Conversation, error) {
	c, err := all(ctx, hot{db}, conversationFields, `SELECT `+conversationColumns+` FROM conversations
		WHERE channel = $1 AND thread = $2 AND state <> '' ORDER BY user_id`, channel, thread)
	return c, fault("read conversations", err)
}
