-- +goose Up
-- Working days: a new import of a year is a new version, and the newest counts.
CREATE TABLE calendar_years (
    year        BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    source      TEXT NOT NULL,
    imported_by TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (year, version)
);
CREATE TABLE calendar_days (
    year    BIGINT NOT NULL,
    version BIGINT NOT NULL,
    day     TEXT NOT NULL,
    working BIGINT NOT NULL,
    name    TEXT NOT NULL,
    PRIMARY KEY (year, version, day)
);

-- What bodies have set for their nudges; '' follows the city.
CREATE TABLE nudge_settings (
    body_id      TEXT PRIMARY KEY REFERENCES bodies (id),
    weekday      TEXT NOT NULL,
    clock        TEXT NOT NULL,
    zone         TEXT NOT NULL,
    locale       TEXT NOT NULL,
    paused_until TEXT NOT NULL,
    paused_by    TEXT NOT NULL,
    pause_reason TEXT NOT NULL,
    version      BIGINT NOT NULL
);

-- What a body's nudge of a week asked for, and what came of it.
CREATE TABLE nudge_weeks (
    body_id     TEXT NOT NULL REFERENCES bodies (id),
    week        TEXT NOT NULL,
    year        BIGINT NOT NULL,
    posted_at   BIGINT NOT NULL,
    need        BIGINT NOT NULL,
    base        BIGINT NOT NULL,
    colour      TEXT NOT NULL,
    level       TEXT NOT NULL,
    met_at      BIGINT NOT NULL,
    nothing_why TEXT NOT NULL,
    nothing_by  TEXT NOT NULL,
    nothing_at  BIGINT NOT NULL,
    snoozed_to  TEXT NOT NULL,
    snoozed_by  TEXT NOT NULL,
    snoozed_why TEXT NOT NULL,
    version     BIGINT NOT NULL,
    PRIMARY KEY (body_id, week)
);
CREATE INDEX nudge_weeks_week ON nudge_weeks (week, body_id);
CREATE TABLE nudge_seen (
    body_id TEXT NOT NULL,
    week    TEXT NOT NULL,
    user_id TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (body_id, week, user_id)
);
CREATE INDEX nudge_seen_week ON nudge_seen (week, body_id);

ALTER TABLE outbox ADD COLUMN thread_of TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE outbox DROP COLUMN thread_of;
DROP TABLE nudge_seen;
DROP TABLE nudge_weeks;
DROP TABLE nudge_settings;
DROP TABLE calendar_days;
DROP TABLE calendar_years;
