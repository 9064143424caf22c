-- +goose Up
-- Who wrote a version down and when; '' and 0 for what was there before.
ALTER TABLE quotas ADD COLUMN set_by TEXT NOT NULL DEFAULT '';
ALTER TABLE quotas ADD COLUMN set_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE quota_requests (
    id            TEXT PRIMARY KEY,
    body_id       TEXT NOT NULL REFERENCES bodies (id),
    year          BIGINT NOT NULL,
    wanted        BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    asked_by      TEXT NOT NULL,
    asked_at      BIGINT NOT NULL,
    status        TEXT NOT NULL,
    decided_by    TEXT NOT NULL,
    decided_at    BIGINT NOT NULL,
    answer        TEXT NOT NULL,
    quota_version BIGINT NOT NULL
);
CREATE INDEX quota_requests_year ON quota_requests (body_id, year, asked_at);
CREATE UNIQUE INDEX quota_requests_open ON quota_requests (body_id, year) WHERE status = 'open';

-- The three hundreds are counted from this index alone.
CREATE INDEX projects_programme ON projects (programme, status, invest_total) WHERE programme <> '';

-- +goose Down
DROP INDEX projects_programme;
DROP TABLE quota_requests;
ALTER TABLE quotas DROP COLUMN set_at;
ALTER TABLE quotas DROP COLUMN set_by;
