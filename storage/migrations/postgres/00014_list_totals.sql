-- +goose Up
-- How many projects a list has, and what they cost, is read from these cells.
-- scope: a body, '' for the city, "body>department" for what of it the
-- department leads, "@user" for what somebody filed, "!body" for what it has to
-- confirm. part: a band of money, a day or a year. Pages keep room to move
-- a cell in place.
-- Cells of projects of before are counted when the program has migrated.
CREATE TABLE list_totals (
    scope     TEXT NOT NULL,
    breakdown TEXT NOT NULL,
    plan_year BIGINT NOT NULL,
    status    TEXT NOT NULL,
    stage     TEXT NOT NULL,
    industry  TEXT NOT NULL,
    subpath   TEXT NOT NULL,
    programme TEXT NOT NULL,
    part      BIGINT NOT NULL,
    n         BIGINT NOT NULL,
    invest    BIGINT NOT NULL,
    PRIMARY KEY (scope, breakdown, plan_year, status, stage, industry, subpath, programme, part)
) WITH (fillfactor = 70);
CREATE INDEX list_totals_pool ON list_totals (part, plan_year) WHERE breakdown = 'pool';
INSERT INTO counters (name, value) VALUES ('list_totals', 0);

-- What is left reads pages: in the order of days, of money or of updates, and,
-- where few projects are of a kind, just those.
DROP INDEX listings_industry;
DROP INDEX listings_subpath;
DROP INDEX listings_programme;
DROP INDEX listings_totals;
DROP INDEX listings_filed;
DROP INDEX projects_programme;
DROP INDEX projects_carried;
DROP INDEX projects_open;
CREATE INDEX projects_open ON projects (reporter_body, plan_year, id, confirmed_for)
    WHERE status IN ('verified', 'carried') AND stage <> 'S4';
CREATE INDEX listings_kind ON listings
    (body_id, plan_year, status, stage, industry, subpath, programme, invest_total, submitted_on, project_id, updated_at, lead_dept);
CREATE INDEX listings_filed ON listings (filed_by, body_id, status, submitted_on, project_id, plan_year);

-- +goose Down
DROP INDEX listings_filed;
DROP INDEX listings_kind;
DROP INDEX projects_open;
CREATE INDEX projects_open ON projects (reporter_body, plan_year, confirmed_for, id)
    WHERE status IN ('verified', 'carried') AND stage <> 'S4';
CREATE INDEX projects_carried ON projects (confirmed_for, status, territory_body, lead_dept, stage, invest_total)
    WHERE confirmed_for <> 0;
CREATE INDEX projects_programme ON projects (programme, status, invest_total) WHERE programme <> '';
CREATE INDEX listings_filed ON listings (filed_by, body_id, submitted_on, project_id);
CREATE INDEX listings_totals ON listings
    (body_id, plan_year, status, stage, industry, subpath, programme, lead_dept, invest_total, updated_at);
CREATE INDEX listings_programme ON listings
    (body_id, programme, submitted_on, project_id, plan_year, status, stage, industry, subpath, lead_dept, invest_total, updated_at)
    WHERE programme <> '';
CREATE INDEX listings_subpath ON listings
    (body_id, subpath, plan_year, submitted_on, project_id, status, stage, industry, programme, lead_dept, invest_total, updated_at);
CREATE INDEX listings_industry ON listings
    (body_id, industry, plan_year, submitted_on, project_id, status, stage, subpath, programme, lead_dept, invest_total, updated_at);
DELETE FROM counters WHERE name = 'list_totals';
DROP TABLE list_totals;
