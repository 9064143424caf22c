-- +goose Up
-- One code may be two projects' until the office has decided whether they are one.
DROP INDEX projects_code;
CREATE INDEX projects_code ON projects (project_code) WHERE project_code <> '';

-- +goose Down
DROP INDEX projects_code;
CREATE INDEX projects_code ON projects (project_code) WHERE project_code <> '';
