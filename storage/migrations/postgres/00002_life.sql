-- +goose Up
-- What a project gathers after its filing. asked_version is the version that
-- asks the office for something, 0 for none.
ALTER TABLE projects ADD COLUMN leader TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN investor_origin TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN contract TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN completed_on TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN capacity_on TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN benefit_on TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN proof TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN proof_text TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN suspended_on TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN ended_on TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN status_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN asked_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN asked_on TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN asked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN stage_wanted TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN wanted_proof TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN wanted_proof_text TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN proposal TEXT NOT NULL DEFAULT '';
CREATE INDEX projects_asking ON projects (asked_on, id) WHERE asked_version <> 0;

-- Lists find what nobody has written to for long.
ALTER TABLE listings ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
UPDATE listings SET updated_at = (SELECT updated_at FROM projects WHERE id = listings.project_id);
CREATE INDEX listings_stale ON listings (body_id, status, updated_at, project_id);

-- Rows are added and never changed.
CREATE TABLE project_notes (
    project_id TEXT NOT NULL REFERENCES projects (id),
    at         BIGINT NOT NULL,
    by_user    TEXT NOT NULL,
    note       TEXT NOT NULL,
    invested   BIGINT NOT NULL
);
CREATE INDEX project_notes_project ON project_notes (project_id, at);

-- +goose Down
DROP TABLE project_notes;
DROP INDEX listings_stale;
ALTER TABLE listings DROP COLUMN updated_at;
DROP INDEX projects_asking;
ALTER TABLE projects DROP COLUMN leader;
ALTER TABLE projects DROP COLUMN investor_origin;
ALTER TABLE projects DROP COLUMN contract;
ALTER TABLE projects DROP COLUMN completed_on;
ALTER TABLE projects DROP COLUMN capacity_on;
ALTER TABLE projects DROP COLUMN benefit_on;
ALTER TABLE projects DROP COLUMN proof;
ALTER TABLE projects DROP COLUMN proof_text;
ALTER TABLE projects DROP COLUMN suspended_on;
ALTER TABLE projects DROP COLUMN ended_on;
ALTER TABLE projects DROP COLUMN status_reason;
ALTER TABLE projects DROP COLUMN merged_into;
ALTER TABLE projects DROP COLUMN asked_version;
ALTER TABLE projects DROP COLUMN asked_on;
ALTER TABLE projects DROP COLUMN asked_by;
ALTER TABLE projects DROP COLUMN stage_wanted;
ALTER TABLE projects DROP COLUMN wanted_proof;
ALTER TABLE projects DROP COLUMN wanted_proof_text;
ALTER TABLE projects DROP COLUMN proposal;
