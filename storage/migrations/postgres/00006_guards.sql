-- +goose Up
-- What the office looks at twice: the total before it was revised, the project
-- that this one looked like when it was filed and why it was filed all the
-- same, and the one that it may be the same as, which holds its credit back.
ALTER TABLE projects ADD COLUMN revised_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN alike_to TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN alike_why TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN held_by TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN project_code TEXT NOT NULL DEFAULT '';
CREATE INDEX projects_held ON projects (held_by, id) WHERE held_by <> '';
CREATE UNIQUE INDEX projects_code ON projects (project_code) WHERE project_code <> '' AND status NOT IN ('withdrawn', 'merged');

-- A few rows a live project, by which the ones of like names are found: names
-- that are alike share a gram.
CREATE TABLE likenesses (
    gram         TEXT NOT NULL,
    project_id   TEXT NOT NULL REFERENCES projects (id),
    owner        TEXT NOT NULL,
    invest_total BIGINT NOT NULL,
    PRIMARY KEY (project_id, gram)
);
CREATE INDEX likenesses_owner ON likenesses (gram, owner, project_id);
CREATE INDEX likenesses_invest ON likenesses (gram, invest_total, project_id);

-- Projects of before get theirs when the program has migrated; 1 once they have.
INSERT INTO counters (name, value) VALUES ('likenesses', 0);

-- +goose Down
DELETE FROM counters WHERE name = 'likenesses';
DROP TABLE likenesses;
DROP INDEX projects_code;
DROP INDEX projects_held;
ALTER TABLE projects DROP COLUMN project_code;
ALTER TABLE projects DROP COLUMN held_by;
ALTER TABLE projects DROP COLUMN alike_why;
ALTER TABLE projects DROP COLUMN alike_to;
ALTER TABLE projects DROP COLUMN revised_from;
