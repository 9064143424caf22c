-- +goose Up
-- How far a project is with its approvals. approval_next is the first item of
-- its kind's list that is not ticked, '' when there is none; it has waited since
-- approval_since. Listings carry that day for projects that are verified and not
-- yet in production, so that lists find what waits for too long.
ALTER TABLE projects ADD COLUMN approval_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN approval_on TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN approval_next TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN approval_since TEXT NOT NULL DEFAULT '';
ALTER TABLE listings ADD COLUMN waiting_since TEXT NOT NULL DEFAULT '';
CREATE INDEX listings_waiting ON listings
    (body_id, waiting_since, project_id, submitted_on, plan_year, status, stage, industry, subpath, programme, lead_dept, invest_total, updated_at)
    WHERE waiting_since <> '';
CREATE INDEX projects_approval_kind ON projects (approval_kind, id) WHERE approval_kind <> '';
CREATE TABLE approvals (
    project_id TEXT NOT NULL REFERENCES projects (id),
    item       TEXT NOT NULL,
    done_on    TEXT NOT NULL,
    doc_no     TEXT NOT NULL,
    by_user    TEXT NOT NULL,
    at         BIGINT NOT NULL,
    ticked_on  TEXT NOT NULL,
    PRIMARY KEY (project_id, item)
);

-- +goose Down
DROP TABLE approvals;
DROP INDEX projects_approval_kind;
DROP INDEX listings_waiting;
ALTER TABLE listings DROP COLUMN waiting_since;
ALTER TABLE projects DROP COLUMN approval_since;
ALTER TABLE projects DROP COLUMN approval_next;
ALTER TABLE projects DROP COLUMN approval_on;
ALTER TABLE projects DROP COLUMN approval_kind;
