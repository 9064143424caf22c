-- +goose Up
-- From which week on a body's nudges follow what it has set ('' = all), and when
-- that week's comes where it keeps the moment that it had (UTC ms, 0 = it does not).
ALTER TABLE nudge_settings ADD COLUMN since_week TEXT NOT NULL DEFAULT '';
ALTER TABLE nudge_settings ADD COLUMN since_at BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE nudge_settings DROP COLUMN since_at;
ALTER TABLE nudge_settings DROP COLUMN since_week;
