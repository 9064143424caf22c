-- +goose Up
-- Lists filter by what these hold. Every index below carries all that a filter
-- asks for, so that rows which a list does not show are never read.
ALTER TABLE listings ADD COLUMN lead_dept TEXT NOT NULL DEFAULT '';
ALTER TABLE listings ADD COLUMN industry TEXT NOT NULL DEFAULT '';
ALTER TABLE listings ADD COLUMN subpath TEXT NOT NULL DEFAULT '';
ALTER TABLE listings ADD COLUMN programme TEXT NOT NULL DEFAULT '';
UPDATE listings SET
    lead_dept = (SELECT lead_dept FROM projects WHERE id = listings.project_id),
    industry = (SELECT industry FROM projects WHERE id = listings.project_id),
    subpath = (SELECT subpath FROM projects WHERE id = listings.project_id),
    programme = (SELECT programme FROM projects WHERE id = listings.project_id);
DROP INDEX listings_day;
DROP INDEX listings_status;
DROP INDEX listings_stage;
DROP INDEX listings_year;
DROP INDEX listings_totals;
DROP INDEX listings_stale;
CREATE INDEX listings_day ON listings
    (body_id, submitted_on, project_id, status, stage, industry, subpath, programme, lead_dept, invest_total, updated_at);
CREATE INDEX listings_year ON listings
    (body_id, plan_year, submitted_on, project_id, status, stage, industry, subpath, programme, lead_dept, invest_total, updated_at);
CREATE INDEX listings_status ON listings
    (body_id, status, submitted_on, project_id, plan_year, stage, industry, subpath, programme, lead_dept, invest_total, updated_at);
CREATE INDEX listings_industry ON listings
    (body_id, industry, plan_year, submitted_on, project_id, status, stage, subpath, programme, lead_dept, invest_total, updated_at);
CREATE INDEX listings_subpath ON listings
    (body_id, subpath, plan_year, submitted_on, project_id, status, stage, industry, programme, lead_dept, invest_total, updated_at);
CREATE INDEX listings_programme ON listings
    (body_id, programme, submitted_on, project_id, plan_year, status, stage, industry, subpath, lead_dept, invest_total, updated_at)
    WHERE programme <> '';
CREATE INDEX listings_totals ON listings
    (body_id, plan_year, status, stage, industry, subpath, programme, lead_dept, invest_total, updated_at);
CREATE INDEX listings_invest ON listings
    (body_id, invest_total, plan_year, status, stage, industry, subpath, programme, lead_dept, updated_at);
CREATE INDEX listings_stale ON listings
    (body_id, status, updated_at, project_id, submitted_on, plan_year, stage, industry, subpath, programme, lead_dept, invest_total);

-- +goose Down
DROP INDEX listings_stale;
DROP INDEX listings_invest;
DROP INDEX listings_totals;
DROP INDEX listings_programme;
DROP INDEX listings_subpath;
DROP INDEX listings_industry;
DROP INDEX listings_status;
DROP INDEX listings_year;
DROP INDEX listings_day;
ALTER TABLE listings DROP COLUMN programme;
ALTER TABLE listings DROP COLUMN subpath;
ALTER TABLE listings DROP COLUMN industry;
ALTER TABLE listings DROP COLUMN lead_dept;
CREATE INDEX listings_day ON listings (body_id, submitted_on, project_id);
CREATE INDEX listings_status ON listings (body_id, status, submitted_on, project_id);
CREATE INDEX listings_stage ON listings (body_id, stage, submitted_on, project_id);
CREATE INDEX listings_year ON listings (body_id, plan_year, submitted_on, project_id);
CREATE INDEX listings_totals ON listings (body_id, plan_year, status, stage, invest_total);
CREATE INDEX listings_stale ON listings (body_id, status, updated_at, project_id);
