-- +goose Up
-- What year's ends leave at a project: the year it was last confirmed for, the
-- year for which nobody did while it is suspended for that, and the day on
-- which a suspended one lost its credit.
ALTER TABLE projects ADD COLUMN confirmed_for BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN lapsed_for BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN hold_ended_on TEXT NOT NULL DEFAULT '';
CREATE INDEX projects_open ON projects (reporter_body, plan_year, confirmed_for, id)
    WHERE status IN ('verified', 'carried') AND stage <> 'S4';
CREATE INDEX projects_carried ON projects (confirmed_for, status, territory_body, lead_dept, stage, invest_total)
    WHERE confirmed_for <> 0;
CREATE INDEX projects_suspended ON projects (suspended_on, id) WHERE status = 'suspended';

-- Written once and never changed: figures as JSON, just as they were read, and
-- the credits that made them.
CREATE TABLE frozen_years (
    year      BIGINT PRIMARY KEY,
    frozen_at BIGINT NOT NULL,
    basis     TEXT NOT NULL,
    standings TEXT NOT NULL,
    pools     TEXT NOT NULL
);
CREATE TABLE frozen_lines (
    project_id TEXT NOT NULL REFERENCES projects (id),
    year       BIGINT NOT NULL REFERENCES frozen_years (year),
    body_id    TEXT NOT NULL,
    role       TEXT NOT NULL,
    PRIMARY KEY (project_id, year, role)
);
-- Rows are added and never changed.
CREATE TABLE corrections (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    year       BIGINT NOT NULL REFERENCES frozen_years (year),
    project_id TEXT NOT NULL REFERENCES projects (id),
    body_id    TEXT NOT NULL,
    role       TEXT NOT NULL,
    delta      BIGINT NOT NULL,
    why        TEXT NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX corrections_project ON corrections (project_id, year);
CREATE INDEX corrections_year ON corrections (year, body_id, id);

CREATE TABLE year_asks (
    year     BIGINT PRIMARY KEY,
    asked_on TEXT NOT NULL,
    due_on   TEXT NOT NULL
);

-- +goose Down
DROP TABLE year_asks;
DROP TABLE corrections;
DROP TABLE frozen_lines;
DROP TABLE frozen_years;
DROP INDEX projects_suspended;
DROP INDEX projects_carried;
DROP INDEX projects_open;
ALTER TABLE projects DROP COLUMN hold_ended_on;
ALTER TABLE projects DROP COLUMN lapsed_for;
ALTER TABLE projects DROP COLUMN confirmed_for;
