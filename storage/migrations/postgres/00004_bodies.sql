-- +goose Up
-- The leader in charge is a Slack user id, ends_on the body's last day; '' for
-- none. A draft without user_id is the body's: any of its officials takes it.
ALTER TABLE bodies ADD COLUMN leader_id TEXT NOT NULL DEFAULT '';
ALTER TABLE bodies ADD COLUMN ends_on TEXT NOT NULL DEFAULT '';
ALTER TABLE bodies ADD COLUMN end_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE bodies ADD COLUMN successor_id TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE bodies DROP COLUMN successor_id;
ALTER TABLE bodies DROP COLUMN end_reason;
ALTER TABLE bodies DROP COLUMN ends_on;
ALTER TABLE bodies DROP COLUMN leader_id;
