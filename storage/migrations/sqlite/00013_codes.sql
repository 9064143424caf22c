-- +goose Up
-- One code may be two projects' until the office has decided whether they are one.
DROP INDEX projects_code;
CREATE INDEX projects_code ON projects (project_code) WHERE project_code <> '';
-- Submissions that the office looks at twice are found in this index alone.
CREATE INDEX projects_flagged ON projects (submitted_on, id, invest_total, revised_from, alike_to, held_by) WHERE status = 'submitted';

-- +goose Down
DROP INDEX projects_flagged;
DROP INDEX projects_code;
CREATE INDEX projects_code ON projects (project_code) WHERE project_code <> '';
