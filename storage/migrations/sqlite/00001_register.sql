-- +goose Up
-- Times are UTC milliseconds; days are text YYYY-MM-DD and months YYYY-MM in
-- the city's zone, '' for none. A body_id of '' is the city itself.

CREATE TABLE bodies (
    id                  TEXT PRIMARY KEY,
    position            BIGINT NOT NULL,
    kind                TEXT NOT NULL,
    league              TEXT NOT NULL,
    name_zh_cn          TEXT NOT NULL,
    name_zh_tw          TEXT NOT NULL,
    name_en             TEXT NOT NULL,
    short_zh_cn         TEXT NOT NULL,
    short_zh_tw         TEXT NOT NULL,
    short_en            TEXT NOT NULL,
    aliases             TEXT NOT NULL,
    channel_id          TEXT NOT NULL,
    channel_since       BIGINT NOT NULL,
    parent_id           TEXT NOT NULL,
    undeliverable_since BIGINT NOT NULL,
    undeliverable_why   TEXT NOT NULL,
    version             BIGINT NOT NULL
);
CREATE UNIQUE INDEX bodies_channel ON bodies (channel_id) WHERE channel_id <> '';

CREATE TABLE people (
    user_id TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    role    TEXT NOT NULL,
    body_id TEXT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE quotas (
    body_id        TEXT NOT NULL REFERENCES bodies (id),
    year           BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    owed           BIGINT NOT NULL,
    effective_from TEXT NOT NULL,
    reason         TEXT NOT NULL,
    decided_by     TEXT NOT NULL,
    doc_no         TEXT NOT NULL,
    PRIMARY KEY (body_id, year, version)
);
CREATE INDEX quotas_year ON quotas (year, body_id);

CREATE TABLE projects (
    id             TEXT PRIMARY KEY,
    name           TEXT NOT NULL,
    content        TEXT NOT NULL,
    nature         TEXT NOT NULL,
    reporter_body  TEXT NOT NULL REFERENCES bodies (id),
    territory_body TEXT NOT NULL,
    lead_dept      TEXT NOT NULL,
    location       TEXT NOT NULL,
    owner_unit     TEXT NOT NULL,
    subpath        TEXT NOT NULL,
    path_detail    TEXT NOT NULL,
    programme      TEXT NOT NULL,
    industry       TEXT NOT NULL,
    invest_total   BIGINT NOT NULL,
    invest_year    BIGINT NOT NULL,
    start_month    TEXT NOT NULL,
    finish_month   TEXT NOT NULL,
    milestone      TEXT NOT NULL,
    evidence       TEXT NOT NULL,
    contact        TEXT NOT NULL,
    stage          TEXT NOT NULL,
    stage_since    TEXT NOT NULL,
    status         TEXT NOT NULL,
    plan_year      BIGINT NOT NULL,
    verified_on    TEXT NOT NULL,
    submitted_on   TEXT NOT NULL,
    return_reason  TEXT NOT NULL,
    returned_on    TEXT NOT NULL,
    filed_by       TEXT NOT NULL,
    updated_at     BIGINT NOT NULL,
    version        BIGINT NOT NULL
);
CREATE INDEX projects_returned ON projects (reporter_body) WHERE status = 'returned';
CREATE INDEX projects_submitted ON projects (plan_year) WHERE status = 'submitted';

-- One row a project and body that it concerns (reporter, territory, lead
-- department), and one for the city, so that every list walks an index.
CREATE TABLE listings (
    body_id      TEXT NOT NULL,
    project_id   TEXT NOT NULL REFERENCES projects (id),
    plan_year    BIGINT NOT NULL,
    status       TEXT NOT NULL,
    stage        TEXT NOT NULL,
    submitted_on TEXT NOT NULL,
    filed_by     TEXT NOT NULL,
    invest_total BIGINT NOT NULL,
    PRIMARY KEY (project_id, body_id)
);
CREATE INDEX listings_day ON listings (body_id, submitted_on, project_id);
CREATE INDEX listings_status ON listings (body_id, status, submitted_on, project_id);
CREATE INDEX listings_stage ON listings (body_id, stage, submitted_on, project_id);
CREATE INDEX listings_year ON listings (body_id, plan_year, submitted_on, project_id);
CREATE INDEX listings_totals ON listings (body_id, plan_year, status, stage, invest_total);
CREATE INDEX listings_filed ON listings (filed_by, body_id, submitted_on, project_id);

CREATE TABLE drafts (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL,
    body_id    TEXT NOT NULL,
    project_id TEXT NOT NULL,
    base_ver   BIGINT NOT NULL,
    typed      TEXT NOT NULL,
    stamp      BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX drafts_user ON drafts (user_id, updated_at);
CREATE INDEX drafts_body ON drafts (body_id, updated_at);

-- The ledger. Rows are added and revoked, never changed otherwise.
CREATE TABLE credits (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id TEXT NOT NULL REFERENCES projects (id),
    year       BIGINT NOT NULL,
    body_id    TEXT NOT NULL,
    role       TEXT NOT NULL,
    from_day   TEXT NOT NULL,
    revoked_on TEXT NOT NULL,
    why        TEXT NOT NULL
);
CREATE UNIQUE INDEX credits_live ON credits (project_id, year, role) WHERE revoked_on = '';
CREATE INDEX credits_year ON credits (year, body_id) WHERE revoked_on = '';

-- Kept by the transactions that write the ledger.
CREATE TABLE tallies (
    year       BIGINT NOT NULL,
    body_id    TEXT NOT NULL,
    credited   BIGINT NOT NULL,
    pending    BIGINT NOT NULL,
    invest_wan BIGINT NOT NULL,
    s1         BIGINT NOT NULL,
    s2         BIGINT NOT NULL,
    s3         BIGINT NOT NULL,
    s4         BIGINT NOT NULL,
    PRIMARY KEY (body_id, year)
);

CREATE TABLE tally_days (
    year     BIGINT NOT NULL,
    body_id  TEXT NOT NULL,
    day      TEXT NOT NULL,
    credited BIGINT NOT NULL,
    PRIMARY KEY (body_id, year, day)
);

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    before  TEXT,
    after   TEXT
);
CREATE INDEX audit_subject ON audit (kind, subject, id);

CREATE TABLE outbox (
    key         TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    body_id     TEXT NOT NULL,
    recipient   TEXT NOT NULL,
    edit_of     TEXT NOT NULL,
    args        TEXT NOT NULL,
    state       TEXT NOT NULL,
    due_at      BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    attempts    BIGINT NOT NULL,
    tried_at    BIGINT NOT NULL,
    lease_owner TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    outcome     TEXT NOT NULL,
    class       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    channel     TEXT NOT NULL,
    ts          TEXT NOT NULL,
    found       BIGINT NOT NULL,
    retry_at    BIGINT NOT NULL,
    sent_at     BIGINT NOT NULL
);
CREATE INDEX outbox_pending ON outbox (due_at, created_at, key) WHERE state = 'pending';
CREATE INDEX outbox_state ON outbox (state);
CREATE INDEX outbox_body ON outbox (kind, body_id, created_at, key);

CREATE TABLE deliveries (
    key     TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX deliveries_at ON deliveries (at);

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('revision', 1);

-- +goose Down
DROP TABLE counters;
DROP TABLE deliveries;
DROP TABLE outbox;
DROP TABLE audit;
DROP TABLE tally_days;
DROP TABLE tallies;
DROP TABLE credits;
DROP TABLE drafts;
DROP TABLE listings;
DROP TABLE projects;
DROP TABLE quotas;
DROP TABLE people;
DROP TABLE bodies;
