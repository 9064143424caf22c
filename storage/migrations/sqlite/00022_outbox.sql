-- +goose Up
-- Of what has the same text here, only the newest is worth sending: see
-- reporting.Message.Supersedes. '' says something of its own.
ALTER TABLE outbox ADD COLUMN supersedes TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_supersedes ON outbox (supersedes, due_at, created_at, key) WHERE supersedes <> '';

-- What a message shares its pace with: see reporting.Message.Destination.
ALTER TABLE outbox ADD COLUMN destination TEXT NOT NULL DEFAULT '';
UPDATE outbox SET destination = CASE WHEN recipient <> '' THEN recipient
    WHEN kind IN ('review_card', 'card_update', 'undeliverable', 'quota_card', 'quota_decided', 'life_told', 'problems_left') THEN 'office'
    ELSE 'body ' || body_id END
WHERE state = 'pending';

-- Each time that Slack asked a replica to wait.
CREATE TABLE rate_waits (
    at      BIGINT NOT NULL,
    owner   TEXT NOT NULL,
    wait_ms BIGINT NOT NULL
);
CREATE INDEX rate_waits_at ON rate_waits (at);

-- +goose Down
DROP TABLE rate_waits;
DROP INDEX outbox_supersedes;
ALTER TABLE outbox DROP COLUMN supersedes;
ALTER TABLE outbox DROP COLUMN destination;
