-- +goose Up
-- What stands in a project's way. The body is that of the project, kept here so
-- that a body's open problems are found by one index.
CREATE TABLE problems (
    project_id TEXT NOT NULL REFERENCES projects (id),
    no         BIGINT NOT NULL,
    body_id    TEXT NOT NULL,
    what       TEXT NOT NULL,
    owner_user TEXT NOT NULL,
    due_on     TEXT NOT NULL,
    opened_by  TEXT NOT NULL,
    opened_at  BIGINT NOT NULL,
    closed_by  TEXT NOT NULL,
    closed_at  BIGINT NOT NULL,
    result     TEXT NOT NULL,
    reopened   TEXT NOT NULL,
    version    BIGINT NOT NULL,
    PRIMARY KEY (project_id, no)
);
CREATE INDEX problems_due ON problems (due_on, project_id, no) WHERE closed_at = 0;
CREATE INDEX problems_body ON problems (body_id, due_on, project_id, no) WHERE closed_at = 0;
CREATE INDEX problems_owner ON problems (owner_user, due_on, project_id, no) WHERE closed_at = 0;

-- +goose Down
DROP TABLE problems;
