-- +goose Up
-- How many files prove a filing and its stages, so that evidence in files counts
-- without being looked for.
ALTER TABLE projects ADD COLUMN evidence_files BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN proof_files BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN wanted_proof_files BIGINT NOT NULL DEFAULT 0;
UPDATE projects SET
    evidence_files = (SELECT COUNT(*) FROM project_files f WHERE f.project_id = projects.id AND f.purpose = 'filing'),
    proof_files = (SELECT COUNT(*) FROM project_files f WHERE f.project_id = projects.id AND f.purpose = projects.stage),
    wanted_proof_files = (SELECT COUNT(*) FROM project_files f WHERE f.project_id = projects.id AND f.purpose = projects.stage_wanted)
WHERE id IN (SELECT project_id FROM project_files);

-- +goose Down
ALTER TABLE projects DROP COLUMN wanted_proof_files;
ALTER TABLE projects DROP COLUMN proof_files;
ALTER TABLE projects DROP COLUMN evidence_files;
