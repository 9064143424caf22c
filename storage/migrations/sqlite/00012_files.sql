-- +goose Up
-- Files that prove something about a project; what is in them stays in Slack.
CREATE TABLE project_files (
    project_id TEXT NOT NULL REFERENCES projects (id),
    purpose    TEXT NOT NULL, -- filing, or the stage
    file_id    TEXT NOT NULL,
    name       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    type       TEXT NOT NULL,
    link       TEXT NOT NULL,
    by_user    TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (project_id, purpose, file_id)
);

-- +goose Down
DROP TABLE project_files;
